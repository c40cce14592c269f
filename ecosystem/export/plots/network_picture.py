"""A network as a picture: nodes in the colours of their groups and as large as a measure, edges by weight, names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from ecosystem.dataset.dataset import is_marked
from ecosystem.export.files import NETWORK_PICTURES, check_suffix
from ecosystem.export.plots.figure_file import DPI, Picture
from ecosystem.export.plots.network_drawing import (
    HEIGHT,
    LABELS,
    NONE,
    OTHERS,
    WIDTH,
    Drawing,
    Group,
    facts,
    kind_of,
    size_steps,
    source,
)
from ecosystem.export.plots.network_layout import LABEL_HEIGHT, room_for_labels
from ecosystem.export.plots.network_page import network_page
from ecosystem.export.plots.plot_style import (
    GREY,
    INK,
    PAGE,
    SMALL,
    TITLE,
    USUAL,
    Wording,
    compact,
    ems,
    folded,
    is_dark,
    lighter,
    shown_figure,
    told_apart,
    write_figure,
)
from ecosystem.messages import in_language, tr_later
from ecosystem.tables.atomic import write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EDGE = "#969da6"
DRAWN_AS_LINES = 20_000
"""The most edges that a file of lines holds one by one; more are an image inside it."""
LEGEND = 118.0
"""The width of the legend in points, and that of each of its columns where it stands underneath."""
BESIDE_FROM = 12 / 2.54 * 72
"""From this width in points the legend stands beside the network, else underneath."""
STEP = 10.0
"""The height in points of a line of the legend."""
ARROWS = 150
"""The most edges that are drawn as arrows."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The axes of nodes and of the legend, both measured in points; `scale` is of a point of the layout in points."""

    figure: Picture
    nodes: Axes
    legend: Axes
    scale: float
    beside: bool


def write_network_picture(
    path: str | Path, drawn: Drawing, *, labels: int = LABELS, lang: str = "en", width: str | None = None
) -> tuple[str, ...]:
    """Draw a laid out network into a .svg, .png, .pdf or .html file; the names in whose place an id stands.

    The largest nodes have their names on them, as many of `labels` as there is room for. `width` as in `write_plot`, by
    default `page`. UsageError for another suffix, OutputError where the file cannot be written.
    """
    path = Path(path)
    if check_suffix(path, NETWORK_PICTURES) == ".html":
        write_bytes(path, network_page(drawn, lang, labels=labels))
        return ()
    return write_figure(
        lambda words: _figure(drawn, words, labels),
        path,
        lang=lang,
        made_up=is_marked(drawn.shown.dataset),
        foot=lambda words: [source(drawn, words)],
        width=width,
        suffixes=NETWORK_PICTURES,
    )


def network_figure(drawn: Drawing, *, labels: int = LABELS, lang: str = "en", width: str | None = None) -> Figure:
    """The same as a figure, to look at and to change."""
    return shown_figure(
        lambda words: _figure(drawn, words, labels),
        lang=lang,
        made_up=is_marked(drawn.shown.dataset),
        foot=lambda words: [source(drawn, words)],
        width=width,
    )


def _figure(drawn: Drawing, wording: Wording, labels: int) -> Figure:
    frame = _frame(drawn, wording)
    _edges(frame, drawn)
    _nodes(frame, drawn)
    _labels(frame, drawn, wording, labels)
    _legend(frame, drawn, wording)
    return frame.figure


def _frame(drawn: Drawing, wording: Wording) -> Frame:
    """A figure with axes for the nodes and for the legend, under its title."""
    wide = wording.inches(PAGE) * 72
    beside = wide >= BESIDE_FROM
    across = wide - LEGEND if beside else wide
    scale = across / WIDTH
    under = 0.0 if beside else STEP * (len(drawn.groups) + 3) + 2 * float(drawn.radius.max()) * scale
    title, said = _words(drawn, wording, wide)
    head = (title.count("\n") + 1) * TITLE * 1.35 + (said.count("\n") + 1) * SMALL * 1.35 + 4
    high = HEIGHT * scale + under + head
    figure = Picture(figsize=(wide / 72, high / 72), dpi=DPI)
    axes = figure.add_axes((0, under / high, across / wide, HEIGHT * scale / high))
    left, tall = (across / wide, HEIGHT * scale) if beside else (0.0, under)
    legend = figure.add_axes((left, 0, 1 - left, tall / high))
    for each, width, height in ((axes, across, HEIGHT * scale), (legend, wide * (1 - left), tall)):
        each.set_xlim(0, width)
        each.set_ylim(0, height)
        each.axis("off")
    figure.text(0, 1, title, fontsize=TITLE, va="top", color=INK)
    figure.text(0, 1 - (title.count("\n") + 1) * TITLE * 1.35 / high, said, fontsize=SMALL, va="top", color=GREY)
    return Frame(figure, axes, legend, scale, beside)


def _edges(frame: Frame, drawn: Drawing) -> None:
    """The edges, the heaviest last: within a group in its colour, else grey."""
    network = drawn.shown.network
    if not len(network.weight):
        return
    order = np.argsort(network.weight, kind="stable")
    source, target = network.source[order], network.target[order]
    weight = network.weight[order]
    share = np.sqrt((weight - weight[0]) / max(weight[-1] - weight[0], 1e-300))
    widths = (0.3 + 2.6 * share) * frame.scale
    shades = np.array([*(lighter(group.colour, 0.15) for group in drawn.groups), EDGE])
    group = drawn.group[source]
    same = (group == drawn.group[target]) & (group < len(_own(drawn)))
    alpha = np.clip(opacity(len(order)) * (0.6 + 2.4 * share), 0.0, 0.85)
    colours = mpl.colors.to_rgba_array(shades[np.where(same, group, len(drawn.groups))], alpha)
    at, radius = drawn.at * frame.scale, drawn.radius * frame.scale
    if network.directed and len(order) <= ARROWS:
        for place, (one, other) in enumerate(zip(source.tolist(), target.tolist(), strict=True)):
            frame.nodes.add_patch(
                FancyArrowPatch(
                    at[one], at[other], connectionstyle="arc3,rad=0.1", arrowstyle="-|>",
                    shrinkA=radius[one], shrinkB=radius[other] + 0.5, mutation_scale=3 + 2 * widths[place],
                    linewidth=widths[place], color=colours[place],
                )
            )  # fmt: skip
        return
    lines = list(np.stack([at[source], at[target]], axis=1))
    rasterized = len(order) > DRAWN_AS_LINES
    frame.nodes.add_collection(
        LineCollection(lines, linewidths=widths, colors=colours, capstyle="round", rasterized=rasterized)
    )


def opacity(edges: int) -> float:
    """How opaque edges are: the more there are, the less."""
    return float(np.clip(7 / np.sqrt(max(edges, 1)), 0.015, 0.5))


def _own(drawn: Drawing) -> list[Group]:
    """The groups that have a colour of their own."""
    return [group for group in drawn.groups if group.colour not in (OTHERS, NONE)]


def _nodes(frame: Frame, drawn: Drawing) -> None:
    order = drawn.largest
    fills = np.array([group.colour for group in drawn.groups])[drawn.group[order]]
    rims = np.where(fills == NONE, EDGE, "#ffffff")
    radius = drawn.radius[order] * frame.scale
    rim = np.clip(radius * 0.08, 0.15, 0.8)
    x, y = drawn.at[order].T * frame.scale
    frame.nodes.scatter(
        x, y, s=(2 * radius) ** 2, c=fills.tolist(), edgecolors=rims.tolist(), linewidths=rim.tolist(), zorder=3
    )


def _labels(frame: Frame, drawn: Drawing, wording: Wording, count: int) -> None:
    shown, at, radius = drawn.shown, drawn.at * frame.scale, drawn.radius * frame.scale
    nodes = drawn.largest[:count].tolist()
    names = [wording.name(shown.network.nodes[node], *(shown.names[node],) * 2) for node in nodes]
    apart = told_apart(names, [shown.network.nodes[node] for node in nodes])
    texts = {node: _short(name) for node, name in zip(nodes, apart, strict=True)}
    fonts = {node: float(np.clip(5.5 + radius[node] * 0.2, SMALL, 7.5)) for node in nodes}
    sizes = [
        (node, max(map(ems, text.split("\n"))) * fonts[node], (text.count("\n") + 1) * LABEL_HEIGHT * fonts[node])
        for node, text in texts.items()
    ]
    boxes = {node: (wide, high) for node, wide, high in sizes}
    room = WIDTH * frame.scale, HEIGHT * frame.scale
    for node, corner in room_for_labels(at, radius, sizes, *room).items():
        x, y = (float(low + size / 2) for low, size in zip(corner, boxes[node], strict=True))
        inside = bool(np.allclose((x, y), at[node]))
        behind = None if inside else {"facecolor": "white", "alpha": 0.6, "edgecolor": "none", "pad": 0.3}
        frame.nodes.text(
            x, y, texts[node], fontsize=fonts[node], ha="center", va="center", bbox=behind, zorder=4,
            linespacing=1.1, color="white" if inside and is_dark(drawn.groups[drawn.group[node]].colour) else INK,
        )  # fmt: skip


def _short(text: str) -> str:
    """A name in at most two lines."""
    first, *rest = folded(" ".join(text.split()), 16).split("\n")
    return first if not rest else f"{first}\n{rest[0]}{'…' if len(rest) > 1 else ''}"


def _legend(frame: Frame, drawn: Drawing, wording: Wording) -> None:
    """What the colours mean, the largest group first, and how large nodes of three values are."""
    axes = frame.legend
    y = top = axes.get_ylim()[1] - STEP
    axes.text(6, y, kind_of(drawn, wording.lang), fontsize=USUAL, va="center", color=INK)
    for group in drawn.groups:
        y -= STEP
        rim = EDGE if group.colour == NONE else "white"
        axes.scatter([10], [y], s=24, c=group.colour, edgecolors=rim, linewidths=0.4)
        name = folded(wording.of(group.name.en, group.name), 13).split("\n")
        axes.text(17, y, f"{name[0]}{'…' if name[1:] else ''}", fontsize=SMALL, va="center", color=INK)
        axes.text(LEGEND - 2, y, f"{group.nodes:,}", fontsize=SMALL, va="center", ha="right", color=GREY)
    left, y = (0.0, y - 2 * STEP) if frame.beside else (LEGEND + 4, top)
    title = in_language(wording.lang, tr_later("area: {measure}")).format(measure=drawn.size_name.to(wording.lang))
    lines = folded(title, 16)
    axes.text(left + 6, y + STEP / 2, lines, fontsize=USUAL, va="top", color=INK)
    y -= (lines.count("\n") + 0.5) * STEP
    for value, radius in size_steps(drawn):
        half = max(radius * frame.scale, SMALL / 2)
        y -= half + 1.5
        axes.scatter([left + 18], [y], s=(2 * radius * frame.scale) ** 2, c="white", edgecolors=GREY, linewidths=0.6)
        axes.text(left + 34, y, compact(value, wording.lang), fontsize=SMALL, va="center", color=INK)
        y -= half + 1.5


def _words(drawn: Drawing, wording: Wording, wide: float) -> tuple[str, str]:
    """The title, and the numbers and years of the network."""
    shown = drawn.shown
    said = facts(drawn, wording.lang)
    if shown.network.directed and len(shown.network.weight) > ARROWS:
        said.append(in_language(wording.lang, tr_later("directions not drawn")))
    return folded(wording.of(shown.id, shown.title), wide / TITLE), folded(" · ".join(said), wide / SMALL)
