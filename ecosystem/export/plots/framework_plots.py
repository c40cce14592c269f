"""Pictures of the indicators of an index: its framework as a sunburst, their correlations, their distributions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ecosystem.errors import UsageError
from ecosystem.export.plots.chart import LINE, POINTS, figure_of, finished, measured, new_chart
from ecosystem.export.plots.figure_file import DPI, Picture, in_fonts, measuring
from ecosystem.export.plots.plot_style import (
    COLUMN,
    GRADIENT,
    GREY,
    INK,
    LINES,
    PAGE,
    PALETTE,
    SMALL,
    TITLE,
    UNCHANGED,
    USUAL,
    Wording,
    colour,
    ems,
    folded,
    is_dark,
    lighter,
)
from ecosystem.export.plots.region_plots import Choice, children_of, label_of, part_of
from ecosystem.index import Index, Indicator
from ecosystem.index.arrays import FloatArray
from ecosystem.index.statistics.correlation import associate
from ecosystem.index.statistics.stages import values_at
from ecosystem.index.steps.grouping import groupings_of, sum_levels
from ecosystem.messages import tr
from ecosystem.model import unit_word
from ecosystem.scoring import Scores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CELL = 11.5
"""The least width in points of a cell in which its coefficient is written."""
FEW = 8
"""So many indicators have a map that is as wide as a column."""
ACROSS = 4.2
"""The width in centimetres of a distribution beside others."""
OUT = 1.06
"""Where the names around the rings begin, in radii."""
NAMED_RING, OUTER_RING = 1.4, 0.6
"""The widths of rings with names in them, and of that of the indicators, in radii of the middle."""
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
    wide = wording.inches(PAGE) * 72
    names = [_named(wording, each, wide) for each in leaves]
    figure, axes, radius = _round_axes(wide, max(ems(line) for name in names for line in name.split("\n")) * SMALL)
    edges = _edges(part.level)
    _centre(axes, wording.of(part.code, index.title if part == index.top else part.name), edges[0] * radius)
    unnamed = [
        each for each in wedges if not _wedge(axes, wording, each, edges[part.level - each[0].level - 1 :], radius)
    ]
    _names_outside(axes, leaves, names, radius)
    none = [each for each in index.indicators if each.level == 1 and not weights[each.code] > 0]
    notes = [f"{wording.of(each[0].code, each[0].name)} {each[4]:.1%}" for each in unnamed]
    if none:
        notes.append(f"{wording.word('weight')} 0: {', '.join(wording.of(each.code, each.name) for each in none)}")
    if notes:
        figure.text(0, 0, folded(", ".join(notes), wide / SMALL), va="top", fontsize=SMALL, color=GREY)
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


def _round_axes(wide: float, margin: float) -> tuple[Figure, Axes, float]:
    """A figure so many points wide with so much room for names around its rings, and the radius of these in points."""
    radius = max(wide / 2 - margin - 2, wide / 5) / OUT
    side = 2 * (radius * OUT + margin + 2)
    figure = Picture(figsize=(wide / 72, side / 72), dpi=DPI)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_aspect("equal")
    axes.set_axis_off()
    reach = wide / 2 / radius
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-side / 2 / radius, side / 2 / radius)
    return figure, axes, radius


def _named(wording: Wording, wedge: Wedge, wide: float) -> str:
    """The name of an indicator and its share, in lines that leave the larger part of the picture to the rings."""
    text = f"{wording.of(wedge[0].code, wedge[0].name)}\u00a0\u00a0{wedge[4]:.1%}"
    return folded(text, max(wide * 0.21 / SMALL, 7))


def _centre(axes: Axes, title: str, radius: float) -> None:
    lines, size = _fitting(title, 1.6 * radius, radius, largest=TITLE) or (folded(title, 1.6 * radius / SMALL), SMALL)
    axes.text(0, 0, lines, ha="center", va="center", fontsize=size)


def _edges(level: int) -> list[float]:
    """The radii at which the rings of a part of a level begin and end: those with names in them are the wider ones."""
    widths = np.array([1.0, *[NAMED_RING] * max(level - 2, 0), OUTER_RING if level > 2 else 1.0])
    return [float(edge) for edge in np.cumsum(widths) / widths.sum()]


def _wedge(axes: Axes, wording: Wording, wedge: Wedge, edges: Sequence[float], radius: float) -> bool:
    """The piece of a ring, with its name on it but for an indicator; False where its name has no room there."""
    part, begin, end, shade, share = wedge
    low, high = edges[:2]
    # clockwise from the top
    degrees = 90 - 360 * end, 90 - 360 * begin
    axes.add_patch(
        mpl.patches.Wedge((0, 0), high, *degrees, width=high - low, facecolor=shade, edgecolor="white", linewidth=0.6)
    )
    if part.level == 1:
        return True
    angle, centre = np.pi / 2 - np.pi * (begin + end), (low + high) / 2
    arc, depth = (end - begin) * 2 * np.pi * centre * radius * 0.95, (high - low) * radius * 0.95
    name = wording.of(part.code, part.name)
    found = _fitting(f"{name} {share:.1%}", depth, arc) or _fitting(name, depth, arc)
    if found is not None:
        axes.text(
            centre * np.cos(angle), centre * np.sin(angle), found[0], rotation=_upright(angle), rotation_mode="anchor",
            ha="center", va="center", fontsize=found[1], linespacing=1.1, color="white" if is_dark(shade) else INK,
        )  # fmt: skip
    return found is not None


def _names_outside(axes: Axes, wedges: Sequence[Wedge], names: Sequence[str], radius: float) -> None:
    """The names of the indicators around the rings, moved apart where wedges are narrow; a line leads to each."""
    middles = np.array([(begin + end) / 2 for _, begin, end, _, _ in wedges])
    heights = 1.25 * SMALL * max(name.count("\n") + 1 for name in names)
    gap = min(heights / (2 * np.pi * OUT * radius), 1 / len(names))
    for name, own, turn in zip(names, middles, _apart(middles, gap), strict=True):
        at, angle = np.pi / 2 - 2 * np.pi * own, np.pi / 2 - 2 * np.pi * turn
        ends = np.array([[np.cos(at), np.sin(at)], [1.05 * np.cos(angle), 1.05 * np.sin(angle)]])
        axes.plot(*ends.T, color=UNCHANGED, linewidth=0.4, clip_on=False)
        axes.text(
            OUT * np.cos(angle), OUT * np.sin(angle), name,
            rotation=_upright(angle), rotation_mode="anchor", va="center", fontsize=SMALL, linespacing=1.1,
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


def _fitting(text: str, width: float, height: float, *, largest: float = USUAL) -> tuple[str, float] | None:
    """A text in lines, and the size in points with which it is no wider and no higher than it may be; None: it is."""
    for size in np.arange(largest, SMALL - 0.1, -0.5).tolist():
        lines = folded(text, width / size)
        broad = max(ems(line) for line in lines.split("\n")) * size
        if broad <= width and (lines.count("\n") + 1) * size * 1.15 <= height:
            return lines, float(size)
    return None


def correlations(scores: Scores, wording: Wording, choice: Choice) -> Figure:
    """The correlation of every two indicators as a map, those of one pillar side by side; blank where there is none."""
    index = scores.index
    leaves = _leaves_of(index, part_of(index, choice.part))
    columns = [index.leaves.index(leaf) for leaf in leaves]
    values = values_at(scores.standing, choice.stage or "normalised", scores.auxiliary)[:, columns]
    r = associate(values, choice.correlation).r
    count = len(leaves)
    axes = new_chart(wording, PAGE if count > FEW else COLUMN)
    wide = figure_of(axes).get_figwidth() * POINTS
    mesh = axes.imshow(r, cmap=mpl.colormaps[GRADIENT].with_extremes(bad="#eeeeee"), vmin=-1, vmax=1, aspect="auto")
    names = [
        folded(f"{at}\u00a0 {wording.of(leaf.code, leaf.name)}", wide * 0.32 / SMALL) for at, leaf in _counted(leaves)
    ]
    axes.set_yticks(range(count), names, fontsize=SMALL)
    axes.set_xticks(range(count), [str(at) for at, _ in _counted(leaves)], fontsize=SMALL)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for at in range(1, count):
        if leaves[at].parent != leaves[at - 1].parent:
            axes.axhline(at - 0.5, color=INK, linewidth=0.5)
            axes.axvline(at - 0.5, color=INK, linewidth=0.5)
    height = max(wide * 0.62, sum(LINE * (name.count("\n") + 1) for name in names) + 0.2 * LINE * count)
    for one, two in np.ndindex(r.shape) if wide * 0.62 / count >= CELL else ():
        text = "–" if np.isnan(r[one, two]) else f"{r[one, two]:.2f}".replace("0.", ".")
        shade = "white" if abs(r[one, two]) > 0.6 else INK
        axes.text(two, one, text, ha="center", va="center", fontsize=SMALL, color=shade)
    beneath = axes.inset_axes((0, -26 / height, 1, 5 / height))
    bar = figure_of(axes).colorbar(mesh, cax=beneath, orientation="horizontal", ticks=[-1, -0.5, 0, 0.5, 1])
    bar.outline.set_visible(False)
    bar.set_label(wording.word(choice.correlation))
    return finished(axes, wording, height, wording.of(index.id, index.title))


def _counted(leaves: Sequence[Indicator]) -> Iterator[tuple[int, Indicator]]:
    """The indicators with the numbers by which the columns of a map are called."""
    return enumerate(leaves, start=1)


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
    wide = wording.inches(COLUMN if len(leaves) <= 2 else PAGE)
    across = max(min(int(wide * 2.54 / ACROSS), len(leaves)), 1)
    down = -(-len(leaves) // across)
    figure = Picture(figsize=(wide, 1.15 * down + 0.6), layout="constrained", dpi=DPI)
    grid = figure.subplots(down, across, squeeze=False)
    chosen = [scores.standing.regions.index(region) for region in choice.regions]
    for at, axes in enumerate(grid.flat):
        if at < len(leaves):
            leaf = leaves[at]
            _histogram(axes, wording, leaf, values[:, index.leaves.index(leaf)], chosen)
        else:
            axes.set_axis_off()
    handles = [mpl.lines.Line2D([], [], color=INK, linestyle=":", linewidth=1, label=wording.word("median"))]
    for at, place in enumerate(chosen):
        name = label_of(scores, wording, place)
        handles.append(mpl.lines.Line2D([], [], color=colour(at + 1), linewidth=1.2, label=name))
    figure.legend(handles=handles, loc="outside upper left", ncols=across + 1, fontsize=SMALL, frameon=False)
    figure.suptitle(folded(wording.of(index.id, index.title), wide * 72 / TITLE), x=0, ha="left")
    in_fonts(figure, plain=wording.plain)
    with measuring():
        figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure


def _histogram(axes: Axes, wording: Wording, leaf: Indicator, column: FloatArray, chosen: Sequence[int]) -> None:
    present = column[~np.isnan(column)]
    axes.spines[["top", "right", "left"]].set_visible(False)
    unit = f" ({unit_word(leaf.unit)})" if leaf.unit else ""
    axes.set_title(
        folded(wording.of(leaf.code, leaf.name) + unit, ACROSS / 2.54 * 72 / SMALL - 3), fontsize=SMALL, loc="left"
    )
    axes.set_yticks([])
    measured(axes, wording, most=3)
    axes.annotate(f"n = {len(present)}", (1, 1), (0, -1), xycoords="axes fraction", textcoords="offset points",
                  ha="right", va="top", fontsize=SMALL, color=GREY)  # fmt: skip
    if not len(present):
        return
    bins = min(20, max(5, round(2 * len(present) ** (1 / 3))))
    counts, _, _ = axes.hist(present, bins=bins, color=PALETTE[0], alpha=0.8)
    height = float(np.max(counts))
    axes.plot(
        present, np.full(len(present), -0.06 * height), "|", color=INK, markersize=3, alpha=0.6, markeredgewidth=0.4
    )
    axes.axvline(float(np.median(present)), color=INK, linestyle=":", linewidth=1)
    for at, place in enumerate(chosen):
        if not np.isnan(column[place]):
            axes.axvline(float(column[place]), color=colour(at + 1), linewidth=1.2)
