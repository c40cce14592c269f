"""A chart as wide as a column or a page: title and legend above, labels beside, and as high as its rows ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import Bbox

from ecosystem.export.plots.figure_file import DPI, Picture, in_fonts, measuring
from ecosystem.export.plots.plot_style import (
    DOWN,
    INK,
    SMALL,
    TITLE,
    UNCHANGED,
    UP,
    Wording,
    compact,
    ems,
    folded,
    number,
)
from ecosystem.index.arrays import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 72.0
"""Points of an inch."""
ROW, LINE = 10.5, 7.6
"""The heights in points of a row, and of every further line of its label."""
THICK = 6.5
"""The thickness of a bar in points."""
BESIDE: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": SMALL}
"""A text beside a point of the data."""
GAP = 3.0
"""Points between the head and the chart."""
NEGATIVE = 0.2
"""The room left of bars to the left, in lengths of the axis."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels in lines, and the places of their rows in points above the lowest: the first is on top."""

    labels: list[str]
    places: FloatArray
    height: float


def rows_of(labels: Sequence[str], wide: float, indents: Sequence[int] | None = None) -> Rows:
    """Rows for labels that have so many points beside the axes; `indents` are levels by which they are set in."""
    set_in = [0] * len(labels) if indents is None else indents
    lines = [
        "\n".join("\u00a0" * 2 * indent + line for line in folded(label, wide / SMALL - indent * 1.1).split("\n"))
        for label, indent in zip(labels, set_in, strict=True)
    ]
    heights = np.array([ROW + LINE * text.count("\n") for text in lines])
    total = float(heights.sum()) if lines else ROW
    return Rows(lines, total - np.cumsum(heights) + heights / 2, total)


def figure_of(axes: Axes) -> Figure:
    """The figure that axes are in."""
    return cast("Figure", axes.get_figure(root=True))


def new_chart(wording: Wording, usual: float) -> Axes:
    """The axes of a figure as wide as it is asked to be, else as usual: no frame above and at the right."""
    figure = Picture(figsize=(wording.inches(usual), 3), dpi=DPI)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def row_chart(
    wording: Wording, usual: float, labels: Sequence[str], indents: Sequence[int] | None = None
) -> tuple[Axes, Rows]:
    """A chart with a row for each label."""
    axes = new_chart(wording, usual)
    rows = rows_of(labels, figure_of(axes).get_figwidth() * POINTS * 0.36, indents)
    axes.set_yticks(rows.places, rows.labels, fontsize=SMALL)
    axes.set_ylim(0, rows.height)
    axes.tick_params(axis="y", length=0)
    if indents is not None:
        for label in axes.get_yticklabels():
            label.set_horizontalalignment("left")
        widest = max(ems(line) for text in rows.labels for line in text.split("\n"))
        axes.tick_params(axis="y", pad=0.92 * SMALL * widest)
    return axes, rows


def measured(axes: Axes, wording: Wording, *, most: int = 5) -> None:
    """Few ticks along the values, in words that stay short."""
    axes.xaxis.set_major_locator(MaxNLocator(most))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value, wording.lang)))


def finished(
    axes: Axes, wording: Wording, height: float | None, title: str, legend: Sequence[Artist] = (), *, floor: float = 0
) -> Figure:
    """The figure with its axes so many points high (as high as wide, without a number), all that is beside them in it.

    The title, and under it the legend in as many columns as fit, stand above, at the left edge. `floor` is what the
    text at the foot needs in points.
    """
    figure = figure_of(axes)
    in_fonts(figure, plain=wording.plain)
    wide = figure.get_figwidth() * POINTS
    with measuring():
        head, above = _head(figure, wide, title, legend)
        left = right = below = over = 0.0
        for _ in range(3):
            across = max(wide - left - right, wide / 5)
            tall = across if height is None else height
            total = head + over + tall + below + floor
            figure.set_size_inches(wide / POINTS, total / POINTS)
            axes.set_position((left / wide, (below + floor) / total, across / wide, tall / total))
            left, below, right, over = _beside(axes)
        for artist, down in above:
            _move(artist, 1 - down / total)
    return figure


def _head(figure: Figure, wide: float, title: str, legend: Sequence[Artist]) -> tuple[float, list[tuple[Any, float]]]:
    """The height of title and legend in points, and each with how far it stands from the top."""
    above: list[tuple[Any, float]] = []
    head = 0.0
    if title:
        lines = folded(title, wide / TITLE)
        above.append((figure.text(0, 1, lines, fontsize=TITLE, va="top", color=INK), head))
        head += (lines.count("\n") + 1) * TITLE * 1.35
    if legend:
        in_fonts(figure)
        for columns in range(min(len(legend), 5), 0, -1):
            shown = figure.legend(
                handles=list(legend), loc="upper left", bbox_to_anchor=(0, 1), ncols=columns, fontsize=SMALL,
                frameon=False, borderaxespad=0, borderpad=0, handlelength=1.1, handletextpad=0.5, columnspacing=1.2,
                labelspacing=0.35,
            )  # fmt: skip
            in_fonts(figure)
            box = shown.get_window_extent()
            if box.width * POINTS / figure.dpi <= wide or columns == 1:
                break
            shown.remove()
        above.append((shown, head + 2))
        head += 2 + float(box.height) * POINTS / figure.dpi
    return head + GAP, above


def _move(artist: Any, up: float) -> None:
    if hasattr(artist, "set_bbox_to_anchor"):
        artist.set_bbox_to_anchor((0, up), transform=artist.get_figure(root=True).transFigure)
    else:
        artist.set_y(up)


def _beside(axes: Axes) -> tuple[float, float, float, float]:
    """How many points what belongs to the axes reaches beyond them: at the left, below, at the right, above."""
    box, outer = axes.get_window_extent(), axes.get_tightbbox() or Bbox.null()
    figure = figure_of(axes)
    scale = POINTS / figure.dpi
    beyond = (box.x0 - outer.x0, box.y0 - outer.y0, outer.x1 - box.x1, outer.y1 - box.y1)
    left, below, right, over = (max(float(each) * scale, 0.0) + 1.5 for each in beyond)
    return left, below, right, over


def bars(
    axes: Axes, rows: Rows, values: Sequence[float], shades: Sequence[str] | None = None, *, texts: Sequence[str] = ()
) -> None:
    """Horizontal bars with their values at the ends: the least is a line still, so that none seems to be missing."""
    colours = shades or [DOWN if value < 0 else UP for value in values]
    lengths = np.nan_to_num(np.array(values, dtype=np.float64))
    axes.barh(rows.places, lengths, height=THICK, color=colours, edgecolor=colours, linewidth=0.7)
    if (lengths < 0).any():
        # the values stand between the bars and the names
        axes.set_xlim(left=float(lengths.min()) - NEGATIVE * float(np.ptp([*lengths, 0.0])))
    axes.axvline(0, color=INK, linewidth=0.5)
    axes.spines["left"].set_visible(False)
    said = texts or [number(value, values) for value in values]
    for place, length, text in zip(rows.places, lengths, said, strict=True):
        side = -1 if length < 0 else 1
        axes.annotate(text, (length, place), (3 * side, 0), **BESIDE, ha="right" if side < 0 else "left", color=INK)


def slopes(
    axes: Axes, wording: Wording, labels: Sequence[str], before: Sequence[float], after: Sequence[float]
) -> float:
    """A line for each label from its place before to that after among those drawn, by rank; the height in points.

    A rank of 0 is none, and stands last.
    """
    height = ROW * max(len(labels), 1)
    ranks = [np.where(np.array(each, dtype=float) > 0, each, np.inf) for each in (before, after)]
    # of one rank after, those stand as they stood before
    first = np.argsort(ranks[0], kind="stable")
    orders = first, first[np.argsort(ranks[1][first], kind="stable")]
    old, new = (height - ROW * (np.argsort(order) + 0.5) for order in orders)
    for at, label in enumerate(labels):
        change = ranks[0][at] - ranks[1][at]
        shade = UP if change > 0 else DOWN if change < 0 else UNCHANGED
        axes.plot([0, 1], [old[at], new[at]], color=shade, marker="o", markersize=2.5, linewidth=1.2 if change else 0.7)
        axes.annotate(
            f"{label}  {before[at]:.0f}" if before[at] else f"{label}  –", (0, old[at]), (-5, 0), **BESIDE, ha="right"
        )
        axes.annotate(
            f"{after[at]:.0f}  {label}" if after[at] else f"–  {label}", (1, new[at]), (5, 0), **BESIDE, ha="left"
        )
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(0, height)
    axes.set_xticks([0, 1], [wording.word("rank_old"), wording.word("rank")])
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    return height
