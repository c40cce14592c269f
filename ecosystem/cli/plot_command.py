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
from ecosystem.cli.delivery import Scoring, say_drawn, scoring_options
from ecosystem.cli.option_records import takes
from ecosystem.cli.options import LangOption, PlotWidthOption
from ecosystem.cli.out_files import picture_file
from ecosystem.cli.run_request import changed_index, known_metrics, known_networks, open_inputs
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.index import Index
    from ecosystem.scoring import Scores
    from ecosystem.scoring.panel import Panel


class KindName(StrEnum):
    """What is drawn."""

    bar = "bar"
    dot = "dot"
    radar = "radar"
    ranks = "ranks"
    correlations = "correlations"
    distributions = "distributions"
    framework = "framework"


@takes(without=("param",), scoring=scoring_options)
def plot(
    scoring: Scoring,
    lang: LangOption,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE.svg|png|pdf",
            help="The file; an SVG keeps labels as text.",
            callback=picture_file,
        ),
    ],
    kind: Annotated[KindName, typer.Option("--kind", help="What is drawn; see above.")] = KindName.bar,
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
    plot_width: PlotWidthOption = None,
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
    spec = changed_index(scoring.index, {})
    alone = KINDS[kind.value].of == "index" and scoring.values is None
    source = spec if alone else _scored(spec, scoring, kind)
    undrawn = write_index_plot(
        source,
        kind.value,
        out,
        lang=lang.value,
        regions=regions or (),
        part=part,
        stage=stage.value if stage is not None else None,
        correlation=correlation.value if correlation is not None else None,
        top=top,
        width=plot_width,
    )
    say_drawn(out, undrawn)


def _scored(spec: Index, scoring: Scoring, kind: KindName) -> Scores | Panel:
    """What is drawn: scores of one window, or for lines over years a panel."""
    from ecosystem.scoring.panel import score_panel

    made: Scores | Panel
    if kind is not KindName.ranks:
        with scoring.scores() as made:
            pass
    else:
        graph, table = open_inputs(spec, scoring.store, scoring.database, scoring.values)
        with closing(graph) if graph is not None else nullcontext(), progress() as report:
            made = score_panel(
                spec, graph, values=table, level=scoring.level, since=scoring.since, until=scoring.until,
                metrics=known_metrics(scoring.metrics), networks=known_networks(), progress=report,
            )  # fmt: skip
    say_if_synthetic(made.dataset)
    if made.unranked:
        say(tr("not drawn, since their source does not have them: {regions}", regions=", ".join(made.unranked)))
    return made
