"""`ecosystem index plot`: pictures of an index, its regions and its indicators."""

from __future__ import annotations

from contextlib import closing, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.coherence_command import Coefficient, StageName
from ecosystem.cli.completion import complete_region
from ecosystem.cli.console import progress, say, say_if_synthetic
from ecosystem.cli.delivery import say_drawn
from ecosystem.cli.options import (
    DEFAULT_STORE,
    DatabaseOption,
    IndexArgument,
    LangOption,
    MetricsOption,
    RankedLevelOption,
    SinceOption,
    StoreOption,
    UntilOption,
    ValuesOption,
    picture_file,
)
from ecosystem.cli.run_request import changed_index, known_metrics, known_networks, open_inputs
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.index import Index
    from ecosystem.index.files.value_files import ValueTable
    from ecosystem.scoring import Scores
    from ecosystem.scoring.panel import Panel
    from ecosystem.store import GraphStore


class KindName(StrEnum):
    """What is drawn."""

    bar = "bar"
    dot = "dot"
    radar = "radar"
    ranks = "ranks"
    correlations = "correlations"
    distributions = "distributions"
    framework = "framework"


def plot(
    index: IndexArgument,
    lang: LangOption,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE.svg|png",
            help="The file; an SVG keeps labels as text.",
            callback=picture_file,
        ),
    ],
    kind: Annotated[KindName, typer.Option("--kind", help="What is drawn; see above.")] = KindName.bar,
    values: ValuesOption = None,
    regions: Annotated[
        list[str] | None,
        typer.Option(
            "--region", metavar="REGION", help="A region that stands out; repeatable.", autocompletion=complete_region
        ),
    ] = None,
    part: Annotated[
        str | None, typer.Option("--part", metavar="CODE", help="Draw one pillar or indicator, not the whole index.")
    ] = None,
    top: Annotated[
        int | None, typer.Option("--top", min=1, help="Draw the first so many regions; all without it.")
    ] = None,
    stage: Annotated[
        StageName | None, typer.Option("--stage", help="The step after which values are taken: raw, normalised, ...")
    ] = None,
    correlation: Annotated[
        Coefficient | None,
        typer.Option("--correlation", help="Pearson's r (the default), Spearman's rho, Kendall's tau."),
    ] = None,
    level: RankedLevelOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    folder: MetricsOption = None,
    store: StoreOption = DEFAULT_STORE,
    database: DatabaseOption = None,
) -> None:
    """Draw an index.

    bar: scores, of what each pillar brings. dot: every pillar of every region. radar: regions over the pillars. ranks:
    lines over the years. correlations: a map of the indicators. distributions: a histogram of each. framework: pillars
    and indicators as rings, as wide as their weights, which needs no values.
    """
    from ecosystem.export.plots import KINDS, write_index_plot
    from ecosystem.export.plots.index_plots import refuse_unused

    given = {"regions": regions, "part": part, "stage": stage, "correlation": correlation, "top": top}
    refuse_unused(kind.value, given)
    spec = changed_index(index, {})
    alone = KINDS[kind.value].of == "index" and values is None
    graph, table = (None, None) if alone else open_inputs(spec, store, database, values)
    with closing(graph) if graph is not None else nullcontext():
        source = spec if alone else _scored(spec, graph, table, kind, (level, since, until), folder)
    complete = write_index_plot(
        source,
        kind.value,
        out,
        lang=lang.value,
        regions=regions or (),
        part=part,
        stage=stage.value if stage is not None else None,
        correlation=correlation.value if correlation is not None else None,
        top=top,
    )
    say_drawn(out, complete)


def _scored(
    spec: Index,
    graph: GraphStore | None,
    table: ValueTable | None,
    kind: KindName,
    which: tuple[str | None, int | None, int | None],
    folder: Path | None,
) -> Scores | Panel:
    """What is drawn: scores of one window, or for lines over years a panel."""
    from ecosystem.scoring import score
    from ecosystem.scoring.panel import score_panel

    level, since, until = which
    with progress() as report:
        made: Scores | Panel
        if kind is KindName.ranks:
            made = score_panel(spec, graph, values=table, level=level, since=since, until=until,
                               metrics=known_metrics(folder), networks=known_networks(), progress=report)  # fmt: skip
        else:
            made = score(spec, graph, values=table, level=level, since=since, until=until,
                         metrics=known_metrics(folder), networks=known_networks(), progress=report)  # fmt: skip
    say_if_synthetic(made.dataset)
    if made.unranked:
        say(tr("not drawn, since their source does not have them: {regions}", regions=", ".join(made.unranked)))
    return made
