"""`ecosystem explain`: a score walked back to its links and files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.console import say
from ecosystem.cli.delivery import Delivery, scored
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    ExcelOption,
    Format,
    FormatOption,
    IndexArgument,
    LangOption,
    MetricsOption,
    OutOption,
    PlotOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    TopOption,
    UntilOption,
)
from ecosystem.errors import UsageError

if TYPE_CHECKING:
    from ecosystem.audit.audit_tables import Result
    from ecosystem.scoring import Scores


MOST = 500
"""Lines of a table of organisations that are printed."""
NO_SUM = "the parts of some indicators do not add up: their lines in `explain` say by which rule"


class Depth(StrEnum):
    """How far a score is walked back."""

    pillar = "pillar"
    indicator = "indicator"
    entity = "entity"
    link = "link"
    row = "row"


def explain(
    index: IndexArgument,
    lang: LangOption,
    region: Annotated[str | None, typer.Argument(metavar="[REGION]", help="A ranked region, by any name.")] = None,
    indicator: Annotated[
        str | None, typer.Option("--indicator", metavar="CODE", help="Only this indicator, or those of this pillar.")
    ] = None,
    top: TopOption = 10,
    depth: Annotated[Depth, typer.Option("--depth", help="How far back; `row` ends at file and line.")] = Depth.entity,
    versus: Annotated[
        str | None, typer.Option("--versus", metavar="REGION", help="Where the difference from this one comes from.")
    ] = None,
    to_overtake: Annotated[
        str | None,
        typer.Option("--to-overtake", metavar="REGION", help="The fewest new links or members that would do it."),
    ] = None,
    entity: Annotated[
        str | None, typer.Option("--entity", metavar="NAME|ID", help="Everywhere this organisation counts.")
    ] = None,
    dataset: Annotated[
        Path | None, typer.Option("--dataset", metavar="DIR", help="The dataset that was loaded, for `--depth row`.")
    ] = None,
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
    """Walk a score back: pillars, indicators, organisations, links, lines of files; or compare two regions."""
    _refuse(region, versus, to_overtake, entity, indicator)
    delivery = Delivery(lang, form, out, excel, plot)
    with scored(index, store, database, level, since, until, folder) as scores:
        result = _result(scores, region, versus, to_overtake, entity, indicator, top)
        _notes(result, lang.value)
        delivery.give(result, top=MOST, depth=depth.value, folder=dataset)


def _refuse(
    region: str | None, versus: str | None, to_overtake: str | None, entity: str | None, indicator: str | None
) -> None:
    given = [
        name for name, value in (("--versus", versus), ("--to-overtake", to_overtake), ("--entity", entity)) if value
    ]
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)} do not go together", hint="give one of them")
    if to_overtake is not None and indicator is not None:
        raise UsageError("--to-overtake is about the whole score: give no --indicator beside it")
    if region is None and entity is None:
        raise UsageError(
            "which region, or which organisation?", hint="for example: ecosystem explain cingai-2023 四川省"
        )
    if region is not None and entity is not None:
        raise UsageError("--entity tells of all regions: name none beside it")


def _result(
    scores: Scores,
    region: str | None,
    versus: str | None,
    to_overtake: str | None,
    entity: str | None,
    indicator: str | None,
    top: int,
) -> Result:
    from ecosystem import audit

    if region is None:
        return audit.trace(scores, entity or "", indicator=indicator)
    if versus is not None:
        return audit.versus(scores, region, versus, indicator=indicator, top=top, tell=say)
    if to_overtake is not None:
        return audit.overtake(scores, region, to_overtake)
    return audit.explain(scores, region, indicator=indicator, top=top, tell=say)


def _notes(result: Result, lang: str) -> None:
    """What a reader of the table has to know beside it."""
    from ecosystem.audit import Explanation, Overtaking, Trace, Versus

    match result:
        case Explanation():
            if not any(len(line.codes) for line in result.lines):
                say(f"no link and no organisation stands behind any indicator of {result.name(lang)}")
            elif not result.adds_up:
                say(NO_SUM)
        case Versus():
            difference = result.steps["difference"].iloc[0]
            say(f"{result.one.name(lang)} less {result.other.name(lang)}: {difference:+.4f} points")
            if not (result.one.adds_up and result.other.adds_up):
                say(NO_SUM)
        case Overtaking():
            say(f"{result.number:,} in all; from {result.gap_before:.4f} points behind to {result.gap:.4g} before")
            say(result.how)
        case Trace():
            say(f"{result.entity}: in {len(result.counts)} indicators of regions")
        case _:
            pass
