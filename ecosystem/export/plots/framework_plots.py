"""Pictures of the indicators of an index: its framework as a sunburst, their correlations, their distributions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ecosystem.errors import UsageError
from ecosystem.export.plots.figure_file import Picture
from ecosystem.export.plots.plot_style import (
    GRADIENT,
    LINES,
    PALETTE,
    UNCHANGED,
    Wording,
    colour,
    ems,
    folded,
    lighter,
)
from ecosystem.export.plots.region_plots import Choice, children_of, label_of, part_of
from ecosystem.index import Index, Indicator
from ecosystem.index.arrays import FloatArray
from ecosystem.index.statistics.correlation import associate
from ecosystem.index.statistics.stages import values_at
from ecosystem.index.steps.grouping import groupings_of, sum_levels
from ecosystem.messages import tr
from ecosystem.scoring import Scores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WRITTEN = 25
"""So many indicators have their coefficients written in the cells of a map."""
ACROSS = 4
"""Distributions side by side."""
REACH = 1.05
"""From the centre of a framework to the edge of its figure, in radii of its rings."""
POINTS = 720 / 2 / REACH
"""A radius in points."""
AROUND = 2 * np.pi * 1.06 * POINTS
"""The length in points of the circle on which the names begin."""
TURNED = 1e-9
"""A text that points straight up or down is not turned round."""
PASSES = 500
"""Rounds in which names are moved apart."""


def framework(source: Index | Scores, wording: Wording, choice: Choice) -> Figure:
    """The parts of an index as rings around it, each as wide as its weight; the indicators are named outside.

    Weights are those that the scores rest on, else those of the index. An indicator of weight 0 is named underneath.
    """
    index = source if isinstance(source, Index) else source.index
    part = part_of(index, choice.part)
    weights = shares_of(source)
    whole = weights[part.code]
    if not whole > 0:
        raise UsageError(
            tr("{code!r} has no weight, so there is nothing to draw", code=part.code), hint=tr("choose another --part")
        )
    wedges = list(_wedges(index, part, weights, whole))
    leaves = [each for each in wedges if each[0].level == 1]
    figure, axes = _round_axes(max(ems(_named(wording, each)) for each in leaves) * _size(leaves) / 72)
    rings = max(part.level - 1, 1)
    inner = 1.0 / (rings + 1)
    _centre(axes, wording.of(part.code, index.title if part == index.top else part.name), inner)
    for each in wedges:
        _wedge(axes, wording, each, part.level - each[0].level, inner)
    _names_outside(axes, wording, leaves)
    none = [each for each in index.indicators if each.level == 1 and not weights[each.code] > 0]
    if none:
        names = ", ".join(wording.of(each.code, each.name) for each in none)
        note = folded(f"{wording.word('weight')} 0: {names}", 80)
        figure.text(0.5, 0, note, ha="center", va="top", fontsize=8, color=UNCHANGED)
    return figure


def shares_of(source: Index | Scores) -> dict[str, float]:
    """The share of the whole that each part of an index has: of scores what they rest on, else as the index says."""
    if isinstance(source, Scores):
        index, shares = source.index, source.standing.shares
        levels = (shares[None], *sum_levels(shares[None], groupings_of(index)))
        found: dict[str, float] = {}
        for level, row in enumerate(levels, start=1):
            found |= dict(zip((part.code for part in index.at(level)), row[0].tolist(), strict=True))
        return found
    shares_found = {source.top.code: 1.0}
    for level in range(source.depth, 1, -1):
        for parent in source.at(level):
            parts = [each for each in source.indicators if each.parent == parent.code]
            total = sum(each.weight for each in parts)
            for each in parts:
                shares_found[each.code] = shares_found[parent.code] * each.weight / total if total > 0 else 0.0
    return shares_found


Wedge = tuple[Indicator, float, float, str, float]
"""A part, the turns at which it begins and ends, its colour, its share of the index."""


def _wedges(index: Index, top: Indicator, weights: dict[str, float], whole: float) -> Iterator[Wedge]:
    """Every part below the top with weight, each after its parent; those of one pillar in shades of one colour."""

    def below(parent: Indicator, begin: float, shade: str | None) -> Iterator[Wedge]:
        parts = [each for each in children_of(index, parent) if each != parent]
        for at, each in enumerate(parts):
            turn = weights[each.code] / whole
            if turn > 0:
                own = colour(at) if shade is None else lighter(shade, 0.22 if at % 2 else 0.36)
                yield each, begin, begin + turn, own, weights[each.code]
                yield from below(each, begin, own)
            begin += turn

    yield from below(top, 0.0, None)


def _round_axes(margin: float) -> tuple[Figure, Axes]:
    """A figure with room for rings of ten inches, and around them so many inches for names."""
    side = 10 + 2 * margin
    figure = Picture(figsize=(side, side))
    axes = figure.add_axes((margin / side, margin / side, 10 / side, 10 / side))
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.set_xlim(-REACH, REACH)
    axes.set_ylim(-REACH, REACH)
    return figure, axes


def _named(wording: Wording, wedge: Wedge) -> str:
    return f"{wording.of(wedge[0].code, wedge[0].name)}  {wedge[4]:.1%}"


def _size(leaves: Sequence[Wedge]) -> float:
    """The size in points in which all names have room around the rings."""
    return min(9.0, AROUND / (1.25 * len(leaves)))


def _centre(axes: Axes, title: str, radius: float) -> None:
    lines, size = _fitting(title, 2 * radius * POINTS * 0.8, radius * POINTS, largest=15.0)
    axes.text(0, 0, lines, ha="center", va="center", fontsize=size)


def _wedge(axes: Axes, wording: Wording, wedge: Wedge, ring: int, inner: float) -> None:
    """The piece of a ring; with its name on it, but for an indicator, which has more room outside."""
    part, begin, end, shade, share = wedge
    low, high = ring * inner, (ring + 1) * inner
    # clockwise from the top
    degrees = 90 - 360 * end, 90 - 360 * begin
    axes.add_patch(
        mpl.patches.Wedge((0, 0), high, *degrees, width=high - low, facecolor=shade, edgecolor="white", linewidth=1)
    )
    if part.level > 1:
        angle, centre = np.pi / 2 - np.pi * (begin + end), (low + high) / 2
        arc, depth = (end - begin) * 2 * np.pi * centre * POINTS * 0.9, (high - low) * POINTS * 0.9
        lines, size = _fitting(f"{wording.of(part.code, part.name)} {share:.1%}", depth, arc)
        axes.text(
            centre * np.cos(angle), centre * np.sin(angle), lines, rotation=_upright(angle), rotation_mode="anchor",
            ha="center", va="center", fontsize=size, color="white" if _dark(shade) else "#222222",
        )  # fmt: skip


def _names_outside(axes: Axes, wording: Wording, wedges: Sequence[Wedge]) -> None:
    """The names of the indicators around the rings, moved apart where wedges are narrow; a line leads to each."""
    size = _size(wedges)
    middles = np.array([(begin + end) / 2 for _, begin, end, _, _ in wedges])
    for wedge, own, turn in zip(wedges, middles, _apart(middles, 1.2 * size / AROUND), strict=True):
        at, angle = np.pi / 2 - 2 * np.pi * own, np.pi / 2 - 2 * np.pi * turn
        ends = np.array([[np.cos(at), np.sin(at)], [1.05 * np.cos(angle), 1.05 * np.sin(angle)]])
        axes.plot(*ends.T, color=UNCHANGED, linewidth=0.5, clip_on=False)
        axes.text(
            1.06 * np.cos(angle), 1.06 * np.sin(angle), _named(wording, wedge),
            rotation=_upright(angle), rotation_mode="anchor", va="center", fontsize=size,
            ha="right" if np.cos(angle) < -TURNED else "left",
        )  # fmt: skip


def _apart(turns: FloatArray, gap: float) -> FloatArray:
    """Turns in their order around a circle, moved so that no two are nearer than a gap; there is room for all."""
    found = turns.copy()
    for _ in range(PASSES):
        steps = np.diff(np.r_[found, found[:1] + 1.0])
        lacking = np.maximum(gap - steps, 0.0) / 2
        if len(found) < 2 or not (lacking > gap / 100).any():
            break
        found += np.roll(lacking, 1) - lacking
    return found


def _upright(angle: float) -> float:
    """The rotation in degrees of a text along a radius, so that it is not read upside down."""
    return float(np.degrees(angle) + (180 if np.cos(angle) < -TURNED else 0))


def _fitting(text: str, width: float, height: float, *, largest: float = 10.0) -> tuple[str, float]:
    """A text in lines, and the size in points with which it is no wider and no higher than it may be; at least 4."""
    size = largest
    while size > 4:
        lines = folded(text, width / size)
        if (
            max(ems(line) for line in lines.split("\n")) * size <= width
            and (lines.count("\n") + 1) * size * 1.2 <= height
        ):
            return lines, size
        size -= 0.5
    return folded(text, width / size), size


def _dark(shade: str) -> bool:
    red, green, blue = mpl.colors.to_rgb(shade)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.6


def correlations(scores: Scores, wording: Wording, choice: Choice) -> Figure:
    """The correlation of every two indicators as a map, those of one pillar side by side; blank where there is none."""
    index = scores.index
    leaves = _leaves_of(index, part_of(index, choice.part))
    columns = [index.leaves.index(leaf) for leaf in leaves]
    values = values_at(scores.standing, choice.stage or "normalised", scores.auxiliary)[:, columns]
    r = associate(values, choice.correlation).r
    count = len(leaves)
    side = max(3.0, 0.34 * count)
    figure = Picture(figsize=(side + 1.2, side))
    axes = figure.add_subplot()
    mesh = axes.imshow(r, cmap=mpl.colormaps[GRADIENT].with_extremes(bad="#eeeeee"), vmin=-1, vmax=1)
    names = [folded(wording.of(leaf.code, leaf.name), 26) for leaf in leaves]
    axes.set_yticks(range(count), names, fontsize=8)
    axes.set_xticks(range(count), names, fontsize=8, rotation=90)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for at in range(1, count):
        if leaves[at].parent != leaves[at - 1].parent:
            axes.axhline(at - 0.5, color="#222222", linewidth=0.8)
            axes.axvline(at - 0.5, color="#222222", linewidth=0.8)
    for one, two in np.ndindex(r.shape) if count <= WRITTEN else ():
        text = "–" if np.isnan(r[one, two]) else f"{r[one, two]:.2f}"
        shade = "white" if abs(r[one, two]) > 0.6 else "#222222"
        axes.text(two, one, text, ha="center", va="center", fontsize=6.5, color=shade)
    bar = figure.colorbar(mesh, ax=axes, fraction=0.046, pad=0.03)
    bar.outline.set_visible(False)
    bar.set_label(wording.word(choice.correlation))
    axes.set_title(wording.of(index.id, index.title), loc="left")
    return figure


def _leaves_of(index: Index, part: Indicator) -> list[Indicator]:
    """The indicators under a part, those of one parent together."""
    if part.level == 1:
        return [part]
    return [leaf for each in index.indicators if each.parent == part.code for leaf in _leaves_of(index, each)]


def distributions(scores: Scores, wording: Wording, choice: Choice) -> Figure:
    """A histogram of each indicator over a line of its regions, with the median; chosen regions as lines in colour."""
    index = scores.index
    leaves = _leaves_of(index, part_of(index, choice.part))
    if len(choice.regions) > LINES:
        raise UsageError(
            tr("{count} regions are chosen: at most {most} can be highlighted", count=len(choice.regions), most=LINES),
            hint=tr("choose fewer with --region"),
        )
    values = values_at(scores.standing, choice.stage or "raw", scores.auxiliary)
    across = min(ACROSS, len(leaves))
    down = -(-len(leaves) // across)
    figure = Picture(figsize=(3.1 * across, 2.5 * down + 0.5), layout="constrained")
    grid = figure.subplots(down, across, squeeze=False)
    chosen = [scores.standing.regions.index(region) for region in choice.regions]
    for at, axes in enumerate(grid.flat):
        if at < len(leaves):
            leaf = leaves[at]
            _histogram(axes, wording, leaf, values[:, index.leaves.index(leaf)], chosen)
        else:
            axes.set_axis_off()
    handles = [mpl.lines.Line2D([], [], color="#222222", linestyle=":", label=wording.word("median"))]
    for at, place in enumerate(chosen):
        handles.append(mpl.lines.Line2D([], [], color=colour(at + 1), label=label_of(scores, wording, place)))
    figure.legend(handles=handles, loc="outside lower center", ncols=5, fontsize=8, frameon=False)
    figure.suptitle(wording.of(index.id, index.title), x=0.01, ha="left")
    return figure


def _histogram(axes: Axes, wording: Wording, leaf: Indicator, column: FloatArray, chosen: Sequence[int]) -> None:
    present = column[~np.isnan(column)]
    axes.spines[["top", "right"]].set_visible(False)
    unit = f" ({leaf.unit})" if leaf.unit else ""
    axes.set_title(folded(wording.of(leaf.code, leaf.name) + unit, 24), fontsize=8, loc="left")
    axes.tick_params(labelsize=7)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(mpl.ticker.MaxNLocator(4))
    axes.annotate(f"n = {len(present)}", (1, 1), (0, -2), xycoords='axes fraction', textcoords='offset points',
                  ha="right", va="top", fontsize=7, color=UNCHANGED)  # fmt: skip
    if not len(present):
        return
    bins = min(20, max(5, round(2 * len(present) ** (1 / 3))))
    counts, _, _ = axes.hist(present, bins=bins, color=PALETTE[0], alpha=0.75)
    height = float(np.max(counts))
    axes.plot(present, np.full(len(present), -0.06 * height), "|", color="#222222", markersize=5, alpha=0.6)
    axes.axvline(float(np.median(present)), color="#222222", linestyle=":", linewidth=1)
    for at, place in enumerate(chosen):
        if not np.isnan(column[place]):
            axes.axvline(float(column[place]), color=colour(at + 1), linewidth=1.4)
