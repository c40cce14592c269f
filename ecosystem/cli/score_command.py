"""`ecosystem score`: regions ranked by an index, from a loaded graph."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_index, complete_region
from ecosystem.cli.console import progress, say, say_of_data
from ecosystem.cli.options import (
    DEFAULT_STORE,
    AggregateOption,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    IdOption,
    ImputeOption,
    Lang,
    LangOption,
    LongOption,
    MetricsOption,
    NameOption,
    NormaliseOption,
    OutOption,
    ParamOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    TiersOption,
    TreatOption,
    UntilOption,
    ValuesOption,
    WeightsOption,
    YearOption,
)
from ecosystem.cli.outputs import form_of, is_long, refuse_overwriting, show_parts, write_parts, write_receipt
from ecosystem.cli.run_request import (
    CHANGES,
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
from ecosystem.errors import InputError, UsageError
from ecosystem.messages import listed, spoken, tr, tr_later

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from ecosystem.cli.outputs import Parts
    from ecosystem.receipt import Receipt
    from ecosystem.scoring import Scores


def score(
    lang: LangOption,
    index: Annotated[
        str | None,
        typer.Argument(metavar="[INDEX]", help="A shipped index, or the folder of one.", autocompletion=complete_index),
    ] = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    groups: Annotated[bool, typer.Option("--groups", help="Roll the scores up to the groups of the index.")] = False,
    region: Annotated[
        list[str] | None,
        typer.Option(
            "--region",
            help="Show only this region; may be repeated.",
            autocompletion=complete_region,
        ),
    ] = None,
    top: Annotated[int | None, typer.Option("--top", min=1, help="Show only the first ones.")] = None,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="OLD.csv", help="Show changes since earlier scores.")
    ] = None,
    folder: MetricsOption = None,
    values: ValuesOption = None,
    id_column: IdOption = None,
    name_column: NameOption = None,
    year_column: YearOption = None,
    by_year: Annotated[bool, typer.Option("--by-year", help="Score every year from --since to --until.")] = False,
    scale: Annotated[
        Scale | None,
        typer.Option(
            "--scale",
            help="By year: one scale over all years (the usual), one per year, or mixed: outliers by year, one scale.",
        ),
    ] = None,
    normalise: NormaliseOption = None,
    aggregate: AggregateOption = None,
    weights: WeightsOption = None,
    treat: TreatOption = None,
    impute: ImputeOption = None,
    tiers: TiersOption = None,
    param: ParamOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    long: LongOption = False,
    everything: Annotated[
        bool, typer.Option("--everything", help="Into --out FILE.xlsx: the values after every step, ranks, weights.")
    ] = False,
    receipt: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.run.json", help="Replay a run from its receipt, digit for digit."),
    ] = None,
) -> None:
    """Rank regions by an index, from a loaded graph, a table of values, or both."""
    from ecosystem.receipt import receipt_place

    if everything and (by_year or out is None or out.suffix.lower() != ".xlsx"):
        raise UsageError(
            tr("--everything is a workbook of one window"), hint=tr("add --out FILE.xlsx, and leave --by-year out")
        )
    if by_year and (groups or against):
        raise UsageError(tr("--by-year does not go with --groups or --against"), hint=tr("leave one of them out"))
    if scale is not None and not by_year:
        raise UsageError(tr("--scale is for the years of --by-year"), hint=tr("add --by-year, or leave --scale out"))
    if out is not None:
        receipt_place(out)
    given = ", ".join(param) if param else None
    changes = dict(zip(CHANGES, (normalise, aggregate, weights, treat, impute, tiers, given), strict=True))
    kind = (scale or Scale.all).value if by_year else None
    columns = table_columns(id_column, name_column, year_column, values)
    request = RunRequest(index, level, since, until, groups, folder, values, store, kind, changes, columns)
    request, then = request_of_receipt(receipt, request) if receipt is not None else (request, None)
    # a receipt names inputs that the command line does not
    refuse_overwriting(out, (request.values, request.index))
    presentation = Presentation(lang, form, out, excel, long, tuple(region or ()), top)
    if request.scale is not None:
        from ecosystem.cli.score_by_year import show_panel

        show_panel(request, then, presentation, database)
    else:
        _show_scores(request, then, presentation, database, against, everything=everything)


def _show_scores(
    request: RunRequest,
    then: Receipt | None,
    presentation: Presentation,
    database: str | None,
    against: Path | None,
    *,
    everything: bool,
) -> None:
    from ecosystem.receipt import receipt_of_scores
    from ecosystem.scoring import score as score_index
    from ecosystem.scoring.result import tidy_table

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
    frame, rolled = _tables(scores, request.groups, presentation, against)

    def parts(form: Format, long: bool) -> Parts:
        if long:
            return [(None, tidy_table(scores))]
        return _parts(scores, frame, rolled, presentation.lang, form)

    if presentation.out is not None:
        _write(scores, now, presentation, presentation.out, parts, everything=everything)
    show_parts(parts(presentation.form, presentation.long), presentation.form)


def _notes(scores: Scores) -> None:
    """Say what a reader of the table has to know beside it."""
    from ecosystem.scoring.step_changes import step_notes

    say_of_data(scores)
    for change in scores.index.overrides:
        say(tr("changed for this run: {change}", change=change))
    for group in dict.fromkeys(rule.group for rule in scores.index.imputations):
        if group is None or scores.table is None or group not in scores.table.numbers:
            continue
        count = len({*scores.table.group(group).values()})
        say(tr("the numbers in {column!r} are used as the names of {count} groups", column=group, count=count))
    for sentence in (*step_notes(scores.standing), *scores.weighing):
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


def _tables(
    scores: Scores, groups: bool, presentation: Presentation, old: Path | None
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The ranked regions that were asked for, and their groups."""
    from ecosystem.scoring.result import wide_table

    if groups and scores.groups is None:
        raise UsageError(tr("index {id} has no groups at level {level!r}", id=scores.index.id, level=scores.level))
    frame = _selected(scores, wide_table(scores, scores.standing), list(presentation.regions), presentation.top, old)
    return frame, wide_table(scores, scores.groups) if groups and scores.groups is not None else None


def _parts(scores: Scores, frame: pd.DataFrame, rolled: pd.DataFrame | None, lang: Lang, form: Format) -> Parts:
    """The tables that are printed in a format, and written where a file has it."""
    import pandas as pd

    from ecosystem.headings import heading
    from ecosystem.scoring.result import for_people, part_words

    if form in (Format.csv, Format.json):
        # one table for a program: what is a region and what a group is a column
        both = [frame.assign(kind="region"), rolled.assign(kind="group")] if rolled is not None else [frame]
        whole = pd.concat(both, ignore_index=True)
        if form is Format.csv and spoken() != "en":
            whole = whole.rename(columns=part_words(scores.index, spoken()))
        return [(None, whole)]
    if form is Format.md:
        words = spoken()  # both languages, where that is wanted
        return [(None, for_people(scores, each, words)) for each in (frame, rolled) if each is not None]
    title = scores.index.title.to(lang.value)
    if form is Format.table and scores.index.overrides:
        # said once above the table; in a file or a pipe it stands in every row
        frame = frame.drop(columns="overrides")
        title += f" ({heading('overrides', lang)}: {listed(scores.index.overrides, '; ')})"
    parts = [(title, for_people(scores, frame, lang))]
    return parts if rolled is None else [*parts, (heading("group", lang), for_people(scores, rolled, lang))]


def _selected(
    scores: Scores, frame: pd.DataFrame, regions: list[str], top: int | None, old: Path | None
) -> pd.DataFrame:
    import pandas as pd

    from ecosystem.scoring.score_tables import against, chosen
    from ecosystem.tables.packed import content_of

    if old is not None:
        try:
            before = pd.read_csv(io.BytesIO(content_of(old)), dtype={"region": "str"})
        except (OSError, ValueError) as err:
            raise InputError(
                tr("{path} cannot be read: {reason}", path=old, reason=getattr(err, "strerror", None) or err),
                hint=tr("give a CSV that `ecosystem score` wrote"),
            ) from err
        frame = against(frame, before, scores.index)
    return chosen(frame, scores, regions, top)


def _write(
    scores: Scores,
    receipt: Receipt,
    presentation: Presentation,
    out: Path,
    parts: Callable[[Format, bool], Parts],
    *,
    everything: bool,
) -> None:
    """Write a workbook of the scores, or what is printed in the format of the file; the receipt beside it."""
    from ecosystem.export import write_scores
    from ecosystem.export.results import write_everything

    if everything:
        write_everything(scores, out, lang=spoken())
    elif out.suffix.lower() == ".xlsx" and not presentation.long:
        write_scores(scores, out, lang=spoken())
    else:
        write_parts(out, parts(form_of(out), is_long(out, presentation.long)), excel=presentation.excel)
    say(tr("written: {out} and {receipt}", out=out, receipt=write_receipt(out, receipt)))
