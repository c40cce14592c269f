"""`ecosystem explain`: a score walked back to its indicators, links and files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.audit_notes import notes
from ecosystem.cli.commands import App, OneUsualCommand
from ecosystem.cli.completion import complete_region
from ecosystem.cli.console import say
from ecosystem.cli.delivery import Delivery, Scoring, delivery_options, scoring_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import (
    ExcelOption,
    Format,
    FormatOption,
    LangOption,
    OtherArgument,
    OutOption,
    PlotOption,
    PlotWidthOption,
    RegionArgument,
    TopOption,
)
from ecosystem.errors import UsageError
from ecosystem.messages import together, tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from ecosystem.audit.audit_tables import Result
    from ecosystem.scoring import Scores

LONGEST = 500
"""Rows of a table of organisations that are printed."""


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


def traced_options(
    lang: LangOption,
    depth: DepthOption = Depth.entity,
    dataset: DatasetOption = None,
    form: FormatOption = Format.table,
    out: OutOption = None,
    excel: ExcelOption = False,
    plot: PlotOption = None,
    plot_width: PlotWidthOption = None,
) -> Delivery:
    """How a score that is walked back leaves, and how far back it is walked; see `takes`."""
    return Delivery(lang, form, out, excel, plot, depth.value, dataset, plot_width)


app = App(
    cls=OneUsualCommand,
    help="Explain a score: which pillars, indicators, organisations, links and lines of files it comes from."
    "\n\n`ecosystem explain INDEX REGION` is short for `ecosystem explain region INDEX REGION`.",
)


@app.command("region")
@takes(scoring=scoring_options, delivery=traced_options)
def region_command(
    scoring: Scoring,
    region: RegionArgument,
    delivery: Delivery,
    indicator: IndicatorOption = None,
    top: TopOption = 10,
) -> None:
    """Walk the score of a region back: pillars, indicators, organisations, links, lines of files.

    A group of the index is explained likewise, as the sum of its members; so are the regions that lie in no group.
    """
    from ecosystem import audit

    _deliver(lambda scores: audit.explain(scores, region, indicator=indicator, top=top, tell=say), scoring, delivery)


@app.command("versus")
@takes(scoring=scoring_options, delivery=traced_options)
def versus_command(
    scoring: Scoring,
    region: RegionArgument,
    other: OtherArgument,
    delivery: Delivery,
    indicator: IndicatorOption = None,
    top: TopOption = 10,
) -> None:
    """Show where the difference between the scores of two regions comes from, down to organisations and links."""
    from ecosystem import audit

    _deliver(
        lambda scores: audit.versus(scores, region, other, indicator=indicator, top=top, tell=say), scoring, delivery
    )


@app.command("overtake")
@takes(scoring=scoring_options, delivery=delivery_options)
def overtake_command(
    scoring: Scoring,
    region: RegionArgument,
    other: Annotated[
        str,
        typer.Argument(
            metavar="OTHER",
            help="The region ahead of it.",
            autocompletion=complete_region,
        ),
    ],
    delivery: Delivery,
) -> None:
    """Find what would bring a region past another that is ahead of it: the fewest new links or members, or the values.

    Where all indicators are columns of tables, it is the value of each that would do by itself, and the share of the
    way to the best values that all would have to go together.
    """
    _deliver(lambda scores: _overtaking(scores, region, other), scoring, delivery)


@app.command("entity")
@takes(scoring=scoring_options, delivery=delivery_options)
def entity_command(
    scoring: Scoring,
    entity: Annotated[str, typer.Argument(metavar="NAME|ID", help="An organisation, a person or another node.")],
    delivery: Delivery,
    indicator: IndicatorOption = None,
) -> None:
    """Show every indicator and region in which an organisation counts, and for how much."""
    from ecosystem import audit

    _deliver(lambda scores: audit.trace(scores, entity, indicator=indicator), scoring, delivery)


@app.command(OneUsualCommand.USUAL, hidden=True)
@takes(scoring=scoring_options, delivery=traced_options)
def usual_command(
    scoring: Scoring,
    delivery: Delivery,
    region: Annotated[str | None, typer.Argument(metavar="[REGION]", help="A ranked region, by any name.")] = None,
    indicator: IndicatorOption = None,
    top: TopOption = 10,
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
) -> None:
    """Explain a region, or what an option chooses: each option is a command of `ecosystem explain`."""
    from ecosystem import audit

    _refuse(region, versus, to_overtake, entity, indicator)

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
        for note in notes(result, delivery.lang.value):
            say(note)
        delivery.give(result, top=LONGEST)
