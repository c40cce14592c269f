"""`ecosystem score`: regions ranked by an index, from a loaded graph."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_index, complete_region
from ecosystem.cli.console import progress, say, say_of_data
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    DEFAULT_STORE,
    AgainstOption,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    IdOption,
    LangOption,
    LongOption,
    MetricsOption,
    NameOption,
    OutOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    UntilOption,
    ValuesOption,
    YearOption,
)
from ecosystem.cli.outputs import refuse_overwriting, show_parts
from ecosystem.cli.rule_options import rule_options
from ecosystem.cli.run_request import (
    Presentation,
    RunRequest,
    Scale,
    check_replay,
    known_metrics,
    known_networks,
    request_of_receipt,
    run_inputs,
    table_columns,
)
from ecosystem.cli.score_tables import ScoreTables
from ecosystem.errors import UsageError
from ecosystem.messages import tr, tr_later

if TYPE_CHECKING:
    from ecosystem.index.spec import TableColumns
    from ecosystem.receipt import Receipt
    from ecosystem.scoring import Scores
    from ecosystem.scoring.extras import Extras


class RankedParts(StrEnum):
    """The parts of an index whose ranks are shown beside that of the whole."""

    all = "all"
    pillar = "pillar"
    indicator = "indicator"


@dataclass(frozen=True, slots=True)
class GivenTable:
    """A table of values and which of its columns are keys, where that is said."""

    values: Path | None
    columns: TableColumns | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for beside the scores: ranks of parts, changes since earlier scores, every step in a workbook."""

    ranks: str | None
    against: str | None
    everything: bool


def _presentation(
    lang: LangOption,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region",
            help="Show only this region; may be repeated.",
            autocompletion=complete_region,
        ),
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Show only the first ones.")] = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    long: LongOption = False,
) -> Presentation:
    return Presentation(lang, form, out, excel, long, tuple(region or ()), top)


def table_options(
    values: ValuesOption = None,
    id_column: IdOption = None,
    name_column: NameOption = None,
    year_column: YearOption = None,
) -> GivenTable:
    """The table of values and its key columns, as the options say; see `takes`."""
    return GivenTable(values, table_columns(id_column, name_column, year_column, values))


@takes(presentation=_presentation, table=table_options, changes=rule_options)
def score(
    presentation: Presentation,
    table: GivenTable,
    changes: dict[str, str | None],
    index: Annotated[
        str | None,
        typer.Argument(metavar="[INDEX]", help="A shipped index, or the folder of one.", autocompletion=complete_index),
    ] = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    groups: Annotated[bool, typer.Option("--groups", help="Roll the scores up to the groups of the index.")] = False,
    against: AgainstOption = None,
    ranks: Annotated[
        RankedParts | None, typer.Option("--ranks", help="Show the ranks of all parts of the index, or of a kind.")
    ] = None,
    folder: MetricsOption = None,
    by_year: Annotated[bool, typer.Option("--by-year", help="Score every year from --since to --until.")] = False,
    scale: Annotated[
        Scale | None,
        typer.Option(
            "--scale",
            help="By year: one scale over all years (the usual), one per year, or mixed: outliers by year, one scale.",
        ),
    ] = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Into --out FILE.xlsx: the values after every step, ranks, weights.")
    ] = False,
    receipt: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.run.json", help="Replay a run from its receipt, digit for digit."),
    ] = None,
) -> None:
    """Rank regions by an index, from a loaded graph, a table of values, or both."""
    asked = Asked(None if ranks is None else ranks.value, against, everything)
    _refuse(asked, presentation.out, scale, by_year=by_year)
    kind = (scale or Scale.all).value if by_year else None
    request = RunRequest(index, level, since, until, groups, folder, table.values, store, kind, changes, table.columns)
    request, then = request_of_receipt(receipt, request) if receipt is not None else (request, None)
    # a receipt names inputs that the command line does not
    refuse_overwriting(presentation.out, (request.values, request.index, against))
    if request.scale is not None:
        from ecosystem.cli.score_by_year import show_panel

        show_panel(request, then, presentation, database)
    else:
        _show_scores(request, then, presentation, database, asked)


def _refuse(asked: Asked, out: Path | None, scale: Scale | None, *, by_year: bool) -> None:
    """Raise UsageError for options that do not go together, and for a receipt that could not be written beside."""
    from ecosystem.receipt import receipt_place

    if asked.everything and (by_year or out is None or out.suffix.lower() != ".xlsx"):
        raise UsageError(
            tr("--everything is a workbook of one window"), hint=tr("add --out FILE.xlsx, and leave --by-year out")
        )
    if by_year and (asked.ranks or asked.against):
        raise UsageError(tr("--by-year does not go with --ranks or --against"), hint=tr("leave one of them out"))
    if scale is not None and not by_year:
        raise UsageError(tr("--scale is for the years of --by-year"), hint=tr("add --by-year, or leave --scale out"))
    if out is not None:
        receipt_place(out)


def _show_scores(
    request: RunRequest,
    then: Receipt | None,
    presentation: Presentation,
    database: str | None,
    asked: Asked,
) -> None:
    from ecosystem.receipt import receipt_of_scores
    from ecosystem.scoring import score as score_index

    with run_inputs(request, database) as (spec, graph, table), progress() as report:
        scores = score_index(
            spec,
            graph,
            values=table,
            level=request.level,
            since=request.since,
            until=request.until,
            metrics=known_metrics(request.metrics),
            networks=known_networks(),
            progress=report,
        )
        now = receipt_of_scores(scores, request.arguments(presentation.lang.value))
    _notes(scores)
    if then is not None:
        check_replay(then, now)
    if request.groups and scores.groups is None:
        raise UsageError(tr("index {id} has no groups at level {level!r}", id=scores.index.id, level=scores.level))
    beside = _beside(scores, request, database, asked)
    tables = ScoreTables(scores, presentation, beside, groups=request.groups)
    if presentation.out is not None:
        tables.write(presentation.out, now, everything=asked.everything)
    show_parts(tables.parts(presentation.form, presentation.long), presentation.form, fine=scores.standing.within_one)


def _beside(scores: Scores, request: RunRequest, database: str | None, asked: Asked) -> Extras:
    """The ranks and the changes that are asked for, after saying what of earlier scores does not match."""
    from ecosystem.cli.earlier_request import Wanted, earlier_scores
    from ecosystem.scoring.extras import extras

    before = None
    if asked.against is not None:
        wanted = Wanted(
            scores.index, scores.level, scores.regions, request.since, request.until, request.metrics, database
        )
        before = earlier_scores(asked.against, wanted)
        for sentence in before.sentences(scores.standing.regions):
            say(sentence)
    return extras(asked.ranks, before, others=request.groups)


def _notes(scores: Scores) -> None:
    """Say what a reader of the table has to know beside it."""
    from ecosystem.scoring.step_changes import last_step_notes, step_notes
    from ecosystem.scoring.tier_tables import tier_notes

    say_of_data(scores)
    for change in scores.index.overrides:
        say(tr("changed for this run: {change}", change=change))
    for group in dict.fromkeys(rule.group for rule in scores.index.imputations):
        if group is None or scores.table is None or group not in scores.table.numbers:
            continue
        count = len({*scores.table.group(group).values()})
        say(tr("the numbers in {column!r} are used as the names of {count} groups", column=group, count=count))
    for sentence in (
        *step_notes(scores.standing),
        *scores.weighing,
        *tier_notes(scores.standing),
        *last_step_notes(scores.standing),
    ):
        say(sentence)
    for region, reason in scores.screened.items():
        say(tr("not ranked: {region}: {reason}", region=region, reason=reason))
    _notes_of_gaps(scores)
    low = int(scores.standing.low_coverage.sum())
    if low:
        sentence = tr_later("{count} regions have data for less than {share:.0%} of the weight and are marked")
        say(tr(sentence, count=low, share=scores.index.missing.coverage_mark))


def _notes_of_gaps(scores: Scores) -> None:
    """Say which indicators have no data, are the same for all or without years, and which regions are not known."""
    if scores.missing:
        counted = {"count": len(scores.missing), "total": len(scores.index.leaves)}
        if scores.index.missing.rule == "zero":
            say(tr("{count} of {total} indicators have no data and score 0:", **counted))
        else:
            say(tr("{count} of {total} indicators have no data and are left out:", **counted))
        for code, reason in scores.missing.items():
            say(tr("  {code}: {reason}", code=code, reason=reason))
    if scores.constant:
        rules = set(scores.index.normalisations)
        least = all(rule.method == "minmax" and rule.lower == 0 for rule in rules)
        codes = ", ".join(scores.constant)
        if least:
            say(tr("the same for all regions, so 0 for all: {codes}", codes=codes))
        else:
            say(tr("the same for all regions, so one score for all: {codes}", codes=codes))
    if scores.window.given and scores.undated:
        say(tr("not dated, so the window has no effect on them: {codes}", codes=", ".join(scores.undated)))
    for code, count in scores.unclassed_matches.items():
        say(tr("{code}: {count:,} matches are in no class of it and count nothing", code=code, count=count))
    if scores.unranked:
        regions = ", ".join(scores.unranked)
        if scores.table is None:
            sentence = tr_later("not ranked, since the region hierarchy of the dataset does not have them: {regions}")
            say(tr(sentence, regions=regions))
        else:
            say(tr("not ranked, since their source does not have them: {regions}", regions=regions))
