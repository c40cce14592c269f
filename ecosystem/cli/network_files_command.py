"""`ecosystem network draw`, `export`: one network as a picture, and as a file for other programs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ecosystem.cli.completion import complete_measure
from ecosystem.cli.console import progress, say
from ecosystem.cli.delivery import say_drawn
from ecosystem.cli.network_options import Scope, on_network
from ecosystem.cli.network_request import (
    MeasureOption,
    NetworkArgument,
    opened,
    say_estimates,
    words,
)
from ecosystem.cli.options import (
    Lang,
    LangOption,
    PlotWidthOption,
)
from ecosystem.cli.out_files import network_picture_file
from ecosystem.errors import UsageError
from ecosystem.messages import tr, tr_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ecosystem.export.plots.network_drawing import Drawing
    from ecosystem.index.arrays import IntArray
    from ecosystem.network import Linkage
    from ecosystem.network.measure import Measure
    from ecosystem.network.network import Network

EXPORTED = ("degree", "strength")
"""The measures that a file has where none is named."""


class ColourName(StrEnum):
    """What a colour stands for."""

    region = "region"
    community = "community"


class FormatName(StrEnum):
    """A format of networks."""

    graphml = "graphml"
    gexf = "gexf"
    pajek = "pajek"
    vosviewer = "vosviewer"
    cytoscape = "cytoscape"
    csv = "csv"


PictureOption = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="FILE.svg|png|pdf|html",
        help="The file; an SVG keeps labels as text, an HTML page moves and zooms.",
        callback=network_picture_file,
    ),
]
ColourOption = Annotated[ColourName, typer.Option("--colour", help="What a colour stands for.")]
SizeOption = Annotated[
    str,
    typer.Option(
        "--size",
        metavar="MEASURE",
        help="The measure of organisations that areas are in proportion to.",
        autocompletion=complete_measure,
    ),
]
LabelsOption = Annotated[int, typer.Option("--labels", min=0, help="How many of the largest are labelled.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same picture.")]
GiantOption = Annotated[
    bool, typer.Option("--giant", help="Only the largest component: most of a picture is else pairs by themselves.")
]


@on_network(isolates=True, tables=False)
def draw(
    name: NetworkArgument,
    lang: LangOption,
    scope: Scope,
    out: PictureOption,
    colour: ColourOption = ColourName.region,
    size: SizeOption = "strength",
    labels: LabelsOption = 20,
    seed: SeedOption = 1,
    giant: GiantOption = False,
    plot_width: PlotWidthOption = None,
) -> None:
    """Draw a network: its organisations as large as a measure, in the colours of regions or communities.

    The ten regions or communities with the largest area have a colour each, the others are grey. Heavier edges are
    thicker and darker. Labels never meet: one for which there is no room is left out.
    """
    from ecosystem.export.plots.network_picture import write_network_picture

    measure = _one_measure(size)
    with opened(scope.asked(name)) as whole, progress() as report:
        found = whole.giant() if giant else whole
        if giant:
            say(tr("the largest component has {nodes:,} of {all:,}", nodes=len(found.network), all=len(whole.network)))
        _say_if_estimated(found.network, [measure])
        report(tr("lay out"), 0, None)
        drawing = _drawing(found, measure, colour, seed)
    language = "zh" if lang is Lang.zh else "en"
    say_drawn(out, write_network_picture(out, drawing, labels=labels, lang=language, width=plot_width))


def _one_measure(name: str) -> Measure:
    """The measure of organisations of a name; UsageError for that of a family."""
    from ecosystem.network.measures import find_measures

    measure, *more = find_measures([name], "node")
    if more:
        several = ", ".join(one.id for one in (measure, *more))
        message = tr("--size is one measure, and {name!r} means several: {several}", name=name, several=several)
        raise UsageError(message, hint=tr("choose one of them"))
    return measure


def _drawing(found: Linkage, measure: Measure, colour: ColourName, seed: int) -> Drawing:
    """The network laid out, as large as a measure and coloured by regions or communities."""
    from ecosystem.export.described_network import describe
    from ecosystem.export.plots.network_drawing import drawing
    from ecosystem.index import Text
    from ecosystem.messages import in_language
    from ecosystem.network.measures import values_of

    groups = _communities(found.network, seed) if colour is ColourName.community else None
    title = Text(in_language("zh", measure.title), in_language("en", measure.title))
    size = title, values_of(found.network, [measure])[measure.id]
    return drawing(describe(found), colour=colour.value, communities=groups, size=size, seed=seed)


@on_network(isolates=True, tables=False)
def export(
    name: NetworkArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    lang: LangOption,
    scope: Scope,
    to: Annotated[
        FormatName | None,
        typer.Option("--to", metavar="FORMAT", help="The format; else as the suffix says."),
    ] = None,
    measure: MeasureOption = None,
) -> None:
    """Write a network for Gephi, Pajek, VOSviewer, Cytoscape, igraph and networkx, with measures of organisations.

    graphml: .graphml. gexf: .gexf. pajek: .net with .clu and .vec beside it, or one .paj. vosviewer: .json, or .txt
    for a map and a network file. cytoscape: .cyjs. csv: for net.csv net.nodes.csv and net.links.csv. An edge has its
    weight, the number of links behind it, and their first and last year. What a format cannot hold is said.
    """
    from ecosystem.export.described_network import describe
    from ecosystem.export.network_files import to_format, write_network
    from ecosystem.network.measures import find_measures, values_of
    from ecosystem.tables.atomic import check_target

    form = to_format(file, to.value if to is not None else None)
    check_target(file)
    chosen = find_measures(words(measure, EXPORTED), "node")
    with opened(scope.asked(name)) as found:
        _say_if_estimated(found.network, chosen)
        described = describe(found, values_of(found.network, chosen))
        files, notes = write_network(file, described, to=form, lang="zh" if lang is Lang.zh else "en")
    for note in notes:
        say(note)
    nodes, edges = len(described.network), len(described.network.weight)
    where = ", ".join(str(path) for path in files)
    say(tr("{nodes:,} nodes and {edges:,} edges written to {where}", nodes=nodes, edges=edges, where=where))


def _say_if_estimated(network: Network, measures: Sequence[Measure]) -> None:
    from ecosystem.network.measures import estimated

    guessed = estimated(network, measures)
    if guessed:
        say_estimates([measure.named() for measure in measures if measure.id in guessed])


def _communities(network: Network, seed: int) -> IntArray:
    """The community of every node; how many there are is said."""
    from ecosystem.network.communities import communities

    found = communities(network, seed=seed)
    say(
        tr_count(
            "{count:,} community by Leiden, modularity {modularity:.3f}, seed {seed}",
            "{count:,} communities by Leiden, modularity {modularity:.3f}, seed {seed}",
            found.count,
            modularity=found.modularity,
            seed=seed,
        )
    )
    return found.of
