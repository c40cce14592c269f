"""`ecosystem explain`: a score walked back to its indicators, links and files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.commands import App, OneUsualCommand
from ecosystem.cli.completion import complete_region
from ecosystem.cli.console import say
from ecosystem.cli.delivery import Delivery, Scoring
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    IndexArgument,
    LangOption,
    MetricsOption,
    OtherArgument,
    OutOption,
    PlotOption,
    RankedLevelOption,
    RegionArgument,
    SinceOption,
    StoreOption,
    TopOption,
    UntilOption,
    ValuesOption,
)
from ecosystem.errors import UsageError
from ecosystem.messages import together, tr, tr_later

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecosystem.audit.audit_tables import Result
    from ecosystem.scoring import Scores

LONGEST = 500
"""Rows of a table of organisations that are printed."""
NOT_ADDITIVE = tr_later("the parts of some indicators do not add up: their lines in `explain` say why")


class Depth(StrEnum):
    """How far a score is walked back."""

    pillar = "pillar"
    indicator = "indicator"
    entity = "entity"
    link = "link"
    row = "row"


IndicatorOption = Annotated[
    str | None, typer.Option("--indicator", metavar="CODE", help="Only this indicator, or those of this pillar.")
]
DepthOption = Annotated[Depth, typer.Option("--depth", help="How far back; `row` ends at file and line.")]
DatasetOption = Annotated[
    Path | None, typer.Option("--dataset", metavar="DIR", help="The dataset that was loaded, for `--depth row`.")
]

app = App(
    cls=OneUsualCommand,
    help="Explain a score: which pillars, indicators, organisations, links and lines of files it comes from."
    "\n\n`ecosystem explain INDEX REGION` is short for `ecosystem explain region INDEX REGION`.",
)


@app.command("region")
def region_command(
    index: IndexArgument,
    region: RegionArgument,
    lang: LangOption,
    indicator: IndicatorOption = None,
    top: TopOption = 10,
    depth: DepthOption = Depth.entity,
    dataset: DatasetOption = None,
    values: ValuesOption = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
) -> None:
    """Walk the score of a region back: pillars, indicators, organisations, links, lines of files."""
    from ecosystem import audit

    delivery = Delivery(lang, form, out, excel, plot, depth.value, dataset)
    scoring = Scoring(index, level, since, until, folder, store, database, values)
    _deliver(lambda scores: audit.explain(scores, region, indicator=indicator, top=top, tell=say), scoring, delivery)


@app.command("versus")
def versus_command(
    index: IndexArgument,
    region: RegionArgument,
    other: OtherArgument,
    lang: LangOption,
    indicator: IndicatorOption = None,
    top: TopOption = 10,
    depth: DepthOption = Depth.entity,
    dataset: DatasetOption = None,
    values: ValuesOption = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
) -> None:
    """Show where the difference between the scores of two regions comes from, down to organisations and links."""
    from ecosystem import audit

    delivery = Delivery(lang, form, out, excel, plot, depth.value, dataset)
    scoring = Scoring(index, level, since, until, folder, store, database, values)
    _deliver(
        lambda scores: audit.versus(scores, region, other, indicator=indicator, top=top, tell=say), scoring, delivery
    )


@app.command("overtake")
def overtake_command(
    index: IndexArgument,
    region: RegionArgument,
    other: Annotated[
        str,
        typer.Argument(
            metavar="OTHER",
            help="The region ahead of it.",
            autocompletion=complete_region,
        ),
    ],
    lang: LangOption,
    values: ValuesOption = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
) -> None:
    """Find what would bring a region past another that is ahead of it: the fewest new links or members, or the values.

    Where all indicators are columns of tables, it is the value of each that would do by itself, and the share of the
    way to the best values that all would have to go together.
    """
    delivery = Delivery(lang, form, out, excel, plot)
    scoring = Scoring(index, level, since, until, folder, store, database, values)
    _deliver(lambda scores: _overtaking(scores, region, other), scoring, delivery)


@app.command("entity")
def entity_command(
    index: IndexArgument,
    entity: Annotated[str, typer.Argument(metavar="NAME|ID", help="An organisation, a person or another node.")],
    lang: LangOption,
    indicator: IndicatorOption = None,
    values: ValuesOption = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
) -> None:
    """Show every indicator and region in which an organisation counts, and for how much."""
    from ecosystem import audit

    delivery = Delivery(lang, form, out, excel, plot)
    scoring = Scoring(index, level, since, until, folder, store, database, values)
    _deliver(lambda scores: audit.trace(scores, entity, indicator=indicator), scoring, delivery)


@app.command(OneUsualCommand.USUAL, hidden=True)
def usual_command(
    index: IndexArgument,
    lang: LangOption,
    region: Annotated[str | None, typer.Argument(metavar="[REGION]", help="A ranked region, by any name.")] = None,
    indicator: IndicatorOption = None,
    top: TopOption = 10,
    depth: DepthOption = Depth.entity,
    versus: Annotated[
        str | None,
        typer.Option(
            "--versus",
            metavar="REGION",
            help="See `explain versus`.",
        ),
    ] = None,
    to_overtake: Annotated[
        str | None,
        typer.Option(
            "--to-overtake",
            metavar="REGION",
            help="See `explain overtake`.",
        ),
    ] = None,
    entity: Annotated[str | None, typer.Option("--entity", metavar="NAME|ID", help="See `explain entity`.")] = None,
    dataset: DatasetOption = None,
    values: ValuesOption = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
) -> None:
    """Explain a region, or what an option chooses: each option is a command of `ecosystem explain`."""
    from ecosystem import audit

    _refuse(region, versus, to_overtake, entity, indicator)
    delivery = Delivery(lang, form, out, excel, plot, depth.value, dataset)
    scoring = Scoring(index, level, since, until, folder, store, database, values)

    def result(scores: Scores) -> Result:
        if region is None:
            return audit.trace(scores, entity or "", indicator=indicator)
        if versus is not None:
            return audit.versus(scores, region, versus, indicator=indicator, top=top, tell=say)
        if to_overtake is not None:
            return _overtaking(scores, region, to_overtake)
        return audit.explain(scores, region, indicator=indicator, top=top, tell=say)

    _deliver(result, scoring, delivery)


def _overtaking(scores: Scores, region: str, other: str) -> Result:
    """New links and members, where any indicator comes from a graph; else values."""
    from ecosystem import audit

    from_tables = all(source.no_matches is not None for source in scores.sources.values())
    return (audit.needed_values if from_tables else audit.overtake)(scores, region, other)


def _refuse(
    region: str | None, versus: str | None, to_overtake: str | None, entity: str | None, indicator: str | None
) -> None:
    """Raise UsageError for options of the one-command spelling that do not go together."""
    options = (("--versus", versus), ("--to-overtake", to_overtake), ("--entity", entity))
    given = [name for name, value in options if value]
    if len(given) > 1:
        raise UsageError(tr("{options} cannot be used together", options=together(given)), hint=tr("give one of them"))
    if to_overtake is not None and indicator is not None:
        raise UsageError(tr("--to-overtake is about the whole score: leave out --indicator"))
    if region is None and entity is None:
        raise UsageError(
            tr("which region, or which organisation?"), hint=tr("for example: ecosystem explain cingai-2023 四川省")
        )
    if region is not None and entity is not None:
        raise UsageError(tr("--entity is about all regions: leave out the region"))


def _deliver(make: Callable[[Scores], Result], scoring: Scoring, delivery: Delivery) -> None:
    """Score, make the result of the scores, say what a reader must know beside it, and hand it over."""
    with scoring.scores() as scores:
        result = make(scores)
        _say_notes(result, delivery.lang.value)
        delivery.give(result, top=LONGEST)


def _say_notes(result: Result, lang: str) -> None:
    """Say what a reader of the table must know beside it."""
    from ecosystem.audit import Explanation, NeededValues, Overtaking, Trace, Versus

    match result:
        case Explanation():
            if not result.has_organisations:
                say(tr("no link and no organisation stands behind any indicator of {name}", name=result.name(lang)))
            elif not result.adds_up:
                say(tr(NOT_ADDITIVE))
            if not result.contributions_add_up:
                say(_no_contributions(result.scores))
        case Versus():
            difference = result.steps["difference"].iloc[0]
            say(
                tr(
                    "{one} minus {other}: {difference:+.4f} points",
                    one=result.one.name(lang),
                    other=result.other.name(lang),
                    difference=difference,
                )
            )
            if not (result.one.adds_up and result.other.adds_up):
                say(tr(NOT_ADDITIVE))
            if not (result.one.contributions_add_up and result.other.contributions_add_up):
                say(_no_contributions(result.one.scores))
        case Overtaking():
            say(
                tr(
                    "{number:,} in all; from {before:.4f} points behind to {after:.4g} ahead",
                    number=result.number,
                    before=result.gap_before,
                    after=result.gap,
                )
            )
            say(result.how)
        case NeededValues():
            say(
                tr(
                    "{gap:.4f} points behind; each line says what that indicator alone would have to be",
                    gap=-result.gap_before,
                )
            )
            if result.together is None:
                say(tr("all indicators together do not bring it past, even with the best value of each"))
            else:
                say(tr("all together: {share:.1%} of the way to the best value of each", share=result.together))
            say(result.how)
        case Trace():
            say(tr("{entity}: in {count} indicators of regions", entity=result.entity, count=len(result.counts)))
        case _:
            pass


def _no_contributions(scores: Scores) -> str:
    """Why no contribution is told."""
    methods = dict.fromkeys(scores.index.aggregation.at(level) for level in range(2, scores.index.depth + 1))
    return tr(
        "no contributions that add up: under {methods} the score is not a sum of points", methods=", ".join(methods)
    )
