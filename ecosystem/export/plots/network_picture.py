"""A network as a picture: nodes in the colours of their groups and as large as a measure, edges by weight, names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from ecosystem.dataset.dataset import is_marked
from ecosystem.export.files import NETWORK_PICTURES, check_suffix
from ecosystem.export.plots.figure_file import Picture
from ecosystem.export.plots.network_drawing import (
    HEIGHT,
    LABELS,
    NONE,
    OTHERS,
    WIDTH,
    Drawing,
    Group,
    facts,
    is_dark,
    kind_of,
    size_steps,
    source,
)
from ecosystem.export.plots.network_layout import LABEL_HEIGHT, room_for_labels
from ecosystem.export.plots.network_page import network_page
from ecosystem.export.plots.plot_style import Wording, ems, folded, lighter, shown_figure, write_figure
from ecosystem.messages import in_language, tr_later
from ecosystem.tables.atomic import write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = "#969da6"
DRAWN_AS_LINES = 20_000
"""The most edges that a file of lines holds one by one; more are an image inside it."""
LEGEND, HEAD, FOOT = 168.0, 48.0, 22.0
"""The width of the legend, the heights of title and source, in points."""
INK, GREY = "#22262b", "#6b727b"
ARROWS = 150
"""The most edges that are drawn as arrows."""
SHARP = 220
"""Dots per inch."""


def write_network_picture(
    path: str | Path, drawn: Drawing, *, labels: int = LABELS, lang: str = "en"
) -> tuple[str, ...]:
    """Draw a laid out network into a .svg, .png, .pdf or .html file; the names in whose place an id stands.

    The largest nodes have their names on them, as many of `labels` as there is room for. UsageError for another suffix,
    OutputError where the file cannot be written.
    """
    path = Path(path)
    if check_suffix(path, NETWORK_PICTURES) == ".html":
        write_bytes(path, network_page(drawn, lang, labels=labels))
        return ()
    made_up = is_marked(drawn.shown.dataset)
    return write_figure(
        lambda words: _figure(drawn, words, labels),
        path,
        lang=lang,
        made_up=made_up,
        suffixes=NETWORK_PICTURES,
        dpi=SHARP,
    )


def network_figure(drawn: Drawing, *, labels: int = LABELS, lang: str = "en") -> Figure:
    """The same as a figure, to look at and to change."""
    made_up = is_marked(drawn.shown.dataset)
    return shown_figure(lambda words: _figure(drawn, words, labels), lang=lang, made_up=made_up)


def _figure(drawn: Drawing, wording: Wording, labels: int) -> Figure:
    figure, axes, legend = _frame()
    _edges(axes, drawn)
    _nodes(axes, drawn)
    _labels(axes, drawn, wording, labels)
    _legend(legend, drawn, wording)
    _words(figure, drawn, wording)
    return figure


def _frame() -> tuple[Figure, Axes, Axes]:
    """A figure with axes for the nodes and axes for the legend, both measured in points."""
    wide, high = WIDTH + LEGEND, HEIGHT + HEAD + FOOT
    figure = Picture(figsize=(wide / 72, high / 72))
    axes = figure.add_axes((0, FOOT / high, WIDTH / wide, HEIGHT / high))
    legend = figure.add_axes((WIDTH / wide, FOOT / high, LEGEND / wide, HEIGHT / high))
    for each, width in ((axes, WIDTH), (legend, LEGEND)):
        each.set_xlim(0, width)
        each.set_ylim(0, HEIGHT)
        each.axis("off")
    return figure, axes, legend


def _edges(axes: Axes, drawn: Drawing) -> None:
    """The edges, the heaviest last: within a group in its colour, else grey."""
    network = drawn.shown.network
    if not len(network.weight):
        return
    order = np.argsort(network.weight, kind="stable")
    source, target = network.source[order], network.target[order]
    weight = network.weight[order]
    share = np.sqrt((weight - weight[0]) / max(weight[-1] - weight[0], 1e-300))
    widths = 0.3 + 2.6 * share
    shades = np.array([*(lighter(group.colour, 0.15) for group in drawn.groups), EDGE])
    group = drawn.group[source]
    same = (group == drawn.group[target]) & (group < len(_own(drawn)))
    alpha = np.clip(opacity(len(order)) * (0.6 + 2.4 * share), 0.0, 0.85)
    colours = mpl.colors.to_rgba_array(shades[np.where(same, group, len(drawn.groups))], alpha)
    if network.directed and len(order) <= ARROWS:
        for at, (one, other) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
            axes.add_patch(
                FancyArrowPatch(
                    drawn.at[one], drawn.at[other], connectionstyle="arc3,rad=0.1", arrowstyle="-|>",
                    shrinkA=drawn.radius[one], shrinkB=drawn.radius[other] + 0.5, mutation_scale=5 + 2 * widths[at],
                    linewidth=widths[at], color=colours[at],
                )
            )  # fmt: skip
        return
    lines = list(np.stack([drawn.at[source], drawn.at[target]], axis=1))
    rasterized = len(order) > DRAWN_AS_LINES
    axes.add_collection(
        LineCollection(lines, linewidths=widths, colors=colours, capstyle="round", rasterized=rasterized)
    )


def opacity(edges: int) -> float:
    """How opaque edges are: the more there are, the less."""
    return float(np.clip(7 / np.sqrt(max(edges, 1)), 0.015, 0.5))


def _own(drawn: Drawing) -> list[Group]:
    """The groups that have a colour of their own."""
    return [group for group in drawn.groups if group.colour not in (OTHERS, NONE)]


def _nodes(axes: Axes, drawn: Drawing) -> None:
    order = drawn.largest
    fills = np.array([group.colour for group in drawn.groups])[drawn.group[order]]
    rims = np.where(fills == NONE, EDGE, "#ffffff")
    area = (2 * drawn.radius[order]) ** 2
    rim = np.clip(drawn.radius[order] * 0.08, 0.25, 0.8)
    x, y = drawn.at[order].T
    axes.scatter(x, y, s=area, c=fills.tolist(), edgecolors=rims.tolist(), linewidths=rim.tolist(), zorder=3)


def _labels(axes: Axes, drawn: Drawing, wording: Wording, count: int) -> None:
    shown = drawn.shown
    nodes = drawn.largest[:count].tolist()
    texts = {node: _short(wording.name(shown.network.nodes[node], *(shown.names[node],) * 2)) for node in nodes}
    fonts = {node: float(np.clip(5.5 + drawn.radius[node] * 0.28, 6.5, 9.5)) for node in nodes}
    sizes = [
        (node, max(map(ems, text.split("\n"))) * fonts[node], (text.count("\n") + 1) * LABEL_HEIGHT * fonts[node])
        for node, text in texts.items()
    ]
    boxes = {node: (wide, high) for node, wide, high in sizes}
    for node, corner in room_for_labels(drawn.at, drawn.radius, sizes, WIDTH, HEIGHT).items():
        x, y = (float(low + size / 2) for low, size in zip(corner, boxes[node], strict=True))
        inside = bool(np.allclose((x, y), drawn.at[node]))
        behind = None if inside else {"facecolor": "white", "alpha": 0.6, "edgecolor": "none", "pad": 0.4}
        axes.text(
            x, y, texts[node], fontsize=fonts[node], ha="center", va="center", bbox=behind, zorder=4,
            linespacing=1.1, color="white" if inside and is_dark(drawn.groups[drawn.group[node]].colour) else INK,
        )  # fmt: skip


def _short(text: str) -> str:
    """A name in at most two lines."""
    first, *rest = folded(" ".join(text.split()), 16).split("\n")
    return first if not rest else f"{first}\n{rest[0]}{'…' if len(rest) > 1 else ''}"


def _legend(axes: Axes, drawn: Drawing, wording: Wording) -> None:
    """What the colours mean, the largest group first, and how large nodes of three values are."""
    y = HEIGHT - 14
    axes.text(12, y, kind_of(drawn, wording.lang), fontsize=9, fontweight="bold", va="center", color=INK)
    for group in drawn.groups:
        y -= 16
        rim = EDGE if group.colour == NONE else "white"
        axes.scatter([18], [y], s=56, c=group.colour, edgecolors=rim, linewidths=0.6)
        name = folded(wording.of(group.name.en, group.name), 15).split("\n")
        axes.text(28, y, f"{name[0]}{'…' if name[1:] else ''}", fontsize=8.5, va="center", color=INK)
        axes.text(LEGEND - 2, y, f"{group.nodes:,}", fontsize=8, va="center", ha="right", color=GREY)
    y -= 30
    title = in_language(wording.lang, tr_later("area: {measure}")).format(measure=drawn.size_name.to(wording.lang))
    axes.text(12, y, folded(title, 20), fontsize=9, fontweight="bold", va="center", color=INK)
    y -= 8
    for value, radius in size_steps(drawn):
        y -= radius + 3
        axes.scatter([30], [y], s=(2 * radius) ** 2, c="white", edgecolors=GREY, linewidths=0.8)
        axes.text(56, y, f"{value:,.6g}", fontsize=8.5, va="center", color=INK)
        y -= radius + 3


def _words(figure: Figure, drawn: Drawing, wording: Wording) -> None:
    """Title, numbers and source."""
    shown, high = drawn.shown, HEIGHT + HEAD + FOOT
    title = wording.of(shown.id, shown.title)
    left = 8 / (WIDTH + LEGEND)
    figure.text(left, 1 - 14 / high, title, fontsize=14, fontweight="bold", va="center", color=INK)
    said = facts(drawn, wording.lang)
    if shown.network.directed and len(shown.network.weight) > ARROWS:
        said.append(in_language(wording.lang, tr_later("directions not drawn")))
    figure.text(left, 1 - 33 / high, " · ".join(said), fontsize=9, va="center", color=GREY)
    figure.text(left, 9 / high, source(drawn, wording), fontsize=7.5, va="center", color=GREY)
