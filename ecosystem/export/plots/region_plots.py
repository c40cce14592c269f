"""Pictures of the regions of an index: bars, dots, a radar, and lines of ranks over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecosystem.audit.strengths import contributions_add_up, present_values
from ecosystem.errors import SpecError, UsageError, did_you_mean
from ecosystem.export.plots.figure_file import Picture
from ecosystem.export.plots.plot_style import (
    BESIDE,
    DOWN,
    LINES,
    PALE,
    PALETTE,
    UNCHANGED,
    Wording,
    colour,
    folded,
    new_axes,
    of_all,
)
from ecosystem.index import Index, Indicator
from ecosystem.index.arrays import FloatArray, median_of_present
from ecosystem.index.statistics.correlation import Correlation
from ecosystem.index.statistics.stages import Stage
from ecosystem.index.steps.grouping import groupings_of, sum_levels
from ecosystem.index.steps.rank import rank
from ecosystem.messages import tr
from ecosystem.scoring import Scores
from ecosystem.scoring.panel import Panel
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.projections.polar import PolarAxes

    from ecosystem.index.arrays import IntArray

MOST_ROWS = 400
"""The most regions that one picture has a row for: more are taller than a PNG can be read."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What of an index is drawn: `regions` that stand out (ids), a `part`, a stage of the values, the first `top`."""

    regions: tuple[str, ...] = ()
    part: str | None = None
    stage: Stage | None = None
    correlation: Correlation = "pearson"
    top: int | None = None


def part_of(index: Index, code: str | None) -> Indicator:
    """The part of an index with a code or a name in either language; the whole index without one.

    SpecError where there is none.
    """
    known = {part.code: part for part in index.indicators}
    if code is None:
        return index.top
    code = index.code_of(code)
    if code not in known:
        raise SpecError(tr("index {id} has no part {code!r}", id=index.id, code=code), hint=did_you_mean(code, known))
    return known[code]


def children_of(index: Index, part: Indicator) -> list[Indicator]:
    """What a part is made of; of an indicator itself."""
    return [each for each in index.indicators if each.parent == part.code] or [part]


def comparable(scores: Scores, level: int) -> FloatArray:
    """The scores (R, n) of the parts at a level, each on its own scale: weighted points over the weight of the part."""
    index, standing = scores.index, scores.standing
    if level == 1:
        return present_values(scores)
    points = standing.aggregates[level - 2]
    if not index.aggregation.sums_shares:
        return points
    shares = sum_levels(standing.shares[None], groupings_of(index))[level - 2][0]
    return points / np.where(shares > 0, shares, np.nan)


def column_of(scores: Scores, part: Indicator) -> FloatArray:
    """The score (R,) of every region in a part, on the part's own scale."""
    found: FloatArray = comparable(scores, part.level)[:, scores.index.at(part.level).index(part)]
    return found


def label_of(scores: Scores, wording: Wording, place: int) -> str:
    """The name of a ranked region."""
    region = scores.standing.regions[place]
    return wording.of(region, names_of(scores, region))


def bar(scores: Scores, wording: Wording, choice: Choice) -> Figure:
    """A bar per region, the best on top; of the whole index, where contributions add up, of what each pillar brings."""
    index, standing = scores.index, scores.standing
    part = part_of(index, choice.part)
    whole = part == index.top
    values = standing.overall if whole else column_of(scores, part)
    rows, labels = _ranked_rows(scores, wording, values, choice)
    figure, axes = new_axes(8, 1.2 + 0.24 * len(rows))
    places = np.arange(len(rows))[::-1]
    parts = children_of(index, part)
    sums = (standing.weighted, *sum_levels(standing.weighted, groupings_of(index)))
    brought = sums[parts[0].level - 1][:, [index.at(parts[0].level).index(each) for each in parts]]
    ranked = [row for row in rows if _has(values[row])]
    stacked = whole and (brought[ranked] >= 0).all() and all(contributions_add_up(scores, row) for row in ranked)
    if stacked:
        left = np.zeros(len(rows))
        for at, each in enumerate(parts):
            width = np.where(np.isnan(values[rows]), 0.0, brought[rows, at])
            axes.barh(places, width, left=left, color=colour(at), label=wording.of(each.code, each.name))
            left += width
    else:
        axes.barh(places, np.nan_to_num(values[rows]), color=PALETTE[0])
    for at, row in zip(places, rows, strict=True):
        text = _number(values[row], values)
        axes.annotate(text, (max(float(np.nan_to_num(values[row])), 0.0), at), (4, 0), **BESIDE, color="#444444")
    _regions_down(scores, axes, places, rows, labels, choice)
    title = wording.of(part.code, index.title if whole else part.name)
    _title(axes, of_all(title, len(rows), len(values)), len(parts) if stacked else 0)
    axes.set_xlabel(wording.word("score"))
    return figure


def dot(scores: Scores, wording: Wording, choice: Choice) -> Figure:
    """A row per region, the best on top: a dot for each pillar (or part of a part) and a diamond for the whole."""
    index = scores.index
    part = part_of(index, choice.part)
    values = column_of(scores, part)
    rows, labels = _ranked_rows(scores, wording, values, choice)
    figure, axes = new_axes(8, 1.2 + 0.24 * len(rows))
    places = np.arange(len(rows))[::-1]
    parts = [each for each in children_of(index, part) if each != part]
    shown = np.column_stack([values, *(column_of(scores, each) for each in parts)])[rows]
    axes.hlines(places, _least(shown), _most(shown), color=PALE, linewidth=1, zorder=1)
    for at, each in enumerate(parts):
        axes.scatter(shown[:, at + 1], places, s=28, color=colour(at), label=wording.of(each.code, each.name), zorder=2)
    label = wording.of(part.code, part.name)
    axes.scatter(shown[:, 0], places, s=34, color="#222222", marker="D", label=label, zorder=3)
    middle = float(median_of_present(values[:, None], axis=0)[0])
    axes.axvline(middle, color=UNCHANGED, linewidth=0.8, linestyle=":", label=wording.word("median"), zorder=0)
    _regions_down(scores, axes, places, rows, labels, choice)
    title = wording.of(part.code, index.title if part == index.top else part.name)
    _title(axes, of_all(title, len(rows), len(values)), len(parts) + 2)
    axes.set_xlabel(wording.word("score"))
    return figure


def radar(scores: Scores, wording: Wording, choice: Choice) -> Figure:
    """A line per chosen region (the best, without one) over the pillars or the parts of a part; dashed, the median."""
    index, standing = scores.index, scores.standing
    part = part_of(index, choice.part)
    parts = [each for each in children_of(index, part) if each != part]
    if len(parts) < 3:
        code = tr("the index") if part == index.top else repr(part.code)
        hint = tr("a radar needs at least three: use --kind dot, or choose another --part")
        raise UsageError(tr("{part} has {count} parts: too few for a radar", part=code, count=len(parts)), hint=hint)
    regions = choice.regions or (standing.regions[int(np.nanargmax(standing.overall))],)
    if len(regions) > LINES:
        raise UsageError(
            tr("{count} regions are chosen: a radar shows at most {most}", count=len(regions), most=LINES),
            hint=tr("--kind dot shows them all"),
        )
    values = np.column_stack([column_of(scores, each) for each in parts])
    angles = np.linspace(0, 2 * np.pi, len(parts), endpoint=False)
    figure = Picture(figsize=(7, 6.4))
    axes = cast("PolarAxes", figure.add_subplot(projection="polar"))
    axes.set_theta_offset(np.pi / 2)
    axes.set_theta_direction(-1)
    lines = [(wording.word("median"), median_of_present(values, axis=0), UNCHANGED, "--")]
    for at, region in enumerate(regions):
        place = standing.regions.index(region)
        lines.append((label_of(scores, wording, place), values[place], colour(at), "-"))
    for label, line, shade, style in lines:
        around, out = np.r_[angles, angles[:1]], np.r_[line, line[:1]]
        axes.plot(around, out, style, color=shade, label=label, linewidth=1.8, marker="o", markersize=4)
        if style == "-" and not np.isnan(line).any():
            axes.fill(around, out, color=shade, alpha=0.08)
    scale = index.normalisation
    low = min(float(np.nanmin(values)), scale.lower if scale.method == "minmax" else float(np.nanmin(values)))
    high = max(float(np.nanmax(values)), scale.upper if scale.method == "minmax" else float(np.nanmax(values)))
    axes.set_ylim(low - 0.08 * (high - low), high)
    axes.set_xticks(angles, [folded(wording.of(each.code, each.name), 14) for each in parts], fontsize=9)
    for tick, angle in zip(axes.get_xticklabels(), angles, strict=True):
        side = np.sin(angle)
        tick.set_horizontalalignment("left" if side > 0.1 else "right" if side < -0.1 else "center")
    axes.tick_params(axis="x", pad=6)
    axes.tick_params(axis="y", labelsize=7, labelcolor=UNCHANGED)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.grid(color=PALE)
    axes.spines["polar"].set_color(PALE)
    axes.legend(fontsize=9, frameon=False, loc="center left", bbox_to_anchor=(1.14, 0.95))
    axes.set_title(wording.of(part.code, index.title if part == index.top else part.name), loc="left", pad=34)
    return figure


def ranks(panel: Panel, wording: Wording, choice: Choice) -> Figure:
    """A line per region through its ranks of all years, those chosen in colour; all are named where they begin and end.

    A region without a rank in any year is named underneath.
    """
    overall = np.where(panel.standing.overall_rank > 0, panel.standing.overall_rank, np.nan)
    own = panel.standing.regions
    names = [panel.regions[region] for region in own]
    labels = [wording.name(one.id, one.name, one.name_en or one.name) for one in names]
    last = [int(np.flatnonzero(~np.isnan(line))[-1]) if _has(np.fmin.reduce(line)) else -1 for line in overall.T]
    known = sorted(
        (row for row in range(len(own)) if last[row] >= 0), key=lambda row: (-last[row], overall[last[row], row])
    )
    rows = known[: _limit(choice)]
    figure, axes = new_axes(2.6 + 1.1 * len(panel.years), 1.2 + 0.24 * len(rows))
    chosen = choice.regions or (tuple(own[row] for row in rows) if len(rows) <= LINES else ())
    for row in rows:
        shade = colour(chosen.index(own[row])) if own[row] in chosen else PALE if chosen else UNCHANGED
        order = 3 if own[row] in chosen else 2
        axes.plot(panel.years, overall[:, row], color=shade, marker="o", markersize=4, linewidth=1.8, zorder=order)
    begins = [int(np.flatnonzero(~np.isnan(overall[:, row]))[0]) for row in rows]
    lowest = 0.0
    for ends, side in ((begins, -1), ([last[row] for row in rows], 1)):
        for end in sorted(set(ends)):
            some = [row for row, of in zip(rows, ends, strict=True) if of == end]
            shades = [colour(chosen.index(own[row])) if own[row] in chosen else "#444444" for row in some]
            lowest = max(lowest, _rank_labels(axes, panel.years[end], overall[end], some, labels, shades, side))
    axes.set_ylim(max(lowest, float(np.nanmax(overall[:, rows]))) + 0.8, 0.2)
    axes.set_xticks(panel.years, [str(year) for year in panel.years])
    axes.set_xlim(panel.years[0] - 0.15, panel.years[-1] + 0.15)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(of_all(wording.of(panel.index.id, panel.index.title), len(rows), len(known)), loc="left", pad=14)
    unranked = ", ".join(labels[row] for row in range(len(own)) if last[row] < 0)
    axes.set_xlabel(wording.word("rank") + (folded(f"\n–: {unranked}", 60) if unranked else ""))
    return figure


def _rank_labels(
    axes: Axes,
    year: int,
    found: FloatArray,
    rows: Sequence[int],
    labels: Sequence[str],
    shades: Sequence[str],
    side: int,
) -> float:
    """The names beside the ranks of a year; one under the other, where several share a rank. The place of the last."""
    slot = 0.0
    for row, shade in sorted(zip(rows, shades, strict=True), key=lambda pair: (found[pair[0]], labels[pair[0]])):
        slot = max(slot + 1, float(found[row]))
        text = f"{labels[row]}  {int(found[row])}" if side < 0 else f"{int(found[row])}  {labels[row]}"
        axes.annotate(text, (year, slot), (10 * side, 0), **BESIDE, ha="right" if side < 0 else "left", color=shade)
    return slot


def _ranked_rows(scores: Scores, wording: Wording, values: FloatArray, choice: Choice) -> tuple[list[int], list[str]]:
    """The regions, the best first and those without a score last, and their names with rank."""
    places = rank(values, scores.index.ties)
    order = sorted(range(len(values)), key=lambda row: (places[row] == 0, places[row], scores.standing.regions[row]))
    rows = order[: _limit(choice)]
    labels = [f"{label_of(scores, wording, row)}  {places[row] or '–'}" for row in rows]
    return rows, labels


def _limit(choice: Choice) -> int:
    return min(choice.top or MOST_ROWS, MOST_ROWS)


def _regions_down(
    scores: Scores, axes: Axes, places: IntArray, rows: Sequence[int], labels: Sequence[str], choice: Choice
) -> None:
    axes.set_yticks(places, labels, fontsize=8)
    axes.set_ylim(-0.8, len(rows) - 0.2)
    axes.tick_params(axis="y", length=0)
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        if scores.standing.regions[row] in choice.regions:
            label.set_color(DOWN)
            label.set_fontweight("bold")


def _title(axes: Axes, title: str, entries: int) -> None:
    """The title, and between it and the picture a legend of so many entries, three in a line."""
    lines = -(-entries // 3)
    axes.set_title(title, loc="left", pad=10 + 17 * lines)
    if entries:
        axes.legend(
            ncols=3,
            fontsize=8,
            frameon=False,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            borderaxespad=0.2,
            handlelength=1,
        )


def _number(value: float, values: FloatArray) -> str:
    if np.isnan(value):
        return "–"
    return f"{value:.2f}" if np.nanmax(np.abs(values)) >= 10 else f"{value:.3f}"


def _has(value: float) -> bool:
    return not bool(np.isnan(value))


def _least(rows: FloatArray) -> FloatArray:
    least: FloatArray = np.fmin.reduce(rows, axis=1)
    return least


def _most(rows: FloatArray) -> FloatArray:
    most: FloatArray = np.fmax.reduce(rows, axis=1)
    return most
