"""Pictures of the regions of an index: bars, dots, a radar, and lines of ranks over years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ecosystem.audit.strengths import contributions_add_up, present_values
from ecosystem.errors import SpecError, UsageError, did_you_mean
from ecosystem.export.plots.chart import (
    BESIDE,
    POINTS,
    ROW,
    THICK,
    bars,
    figure_of,
    finished,
    measured,
    new_chart,
    row_chart,
)
from ecosystem.export.plots.figure_file import DPI, Picture
from ecosystem.export.plots.plot_style import (
    COLUMN,
    DOWN,
    GREY,
    INK,
    LINES,
    PAGE,
    PALE,
    PALETTE,
    SMALL,
    UNCHANGED,
    USUAL,
    Wording,
    colour,
    folded,
    number,
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
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.projections.polar import PolarAxes

FEW_YEARS = 6
"""So many years have room in a column."""
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
    chosen, labels = _ranked_rows(scores, wording, values, choice)
    axes, rows = row_chart(wording, COLUMN, labels)
    parts = children_of(index, part)
    sums = (standing.weighted, *sum_levels(standing.weighted, groupings_of(index)))
    brought = sums[parts[0].level - 1][:, [index.at(parts[0].level).index(each) for each in parts]]
    ranked = [row for row in chosen if _has(values[row])]
    stacked = whole and (brought[ranked] >= 0).all() and all(contributions_add_up(scores, row) for row in ranked)
    texts = [number(value, values) for value in values[chosen]]
    legend: list[Artist] = []
    if stacked:
        left = np.zeros(len(chosen))
        for at, each in enumerate(parts):
            length = np.where(np.isnan(values[chosen]), 0.0, brought[chosen, at])
            shade, name = colour(at), wording.of(each.code, each.name)
            axes.barh(rows.places, length, height=THICK, left=left, color=shade)
            legend.append(Patch(facecolor=shade, label=name))
            left += length
        for place, end, text in zip(rows.places, left, texts, strict=True):
            axes.annotate(text, (end, place), (3, 0), **BESIDE, color=INK)
    else:
        shades = [PALETTE[0] if value >= 0 else DOWN for value in np.nan_to_num(values[chosen])]
        bars(axes, rows, values[chosen].tolist(), shades, texts=texts)
    _stand_out(scores, axes, chosen, choice)
    axes.set_xlabel(wording.word("score"))
    measured(axes, wording)
    title = wording.of(part.code, index.title if whole else part.name)
    return finished(axes, wording, rows.height, of_all(title, len(chosen), len(values)), legend)


def dot(scores: Scores, wording: Wording, choice: Choice) -> Figure:
    """A row per region, the best on top: a dot for each pillar (or part of a part) and a diamond for the whole."""
    index = scores.index
    part = part_of(index, choice.part)
    values = column_of(scores, part)
    chosen, labels = _ranked_rows(scores, wording, values, choice)
    axes, rows = row_chart(wording, COLUMN, labels)
    places = rows.places
    parts = [each for each in children_of(index, part) if each != part]
    shown = np.column_stack([values, *(column_of(scores, each) for each in parts)])[chosen]
    axes.hlines(
        places, np.fmin.reduce(shown, axis=1), np.fmax.reduce(shown, axis=1), color=PALE, linewidth=0.8, zorder=1
    )
    legend: list[Artist] = [
        axes.scatter(
            shown[:, at + 1],
            places,
            s=11,
            color=colour(at),
            linewidths=0,
            label=wording.of(each.code, each.name),
            zorder=2,
        )
        for at, each in enumerate(parts)
    ]
    label = wording.of(part.code, part.name)
    legend.append(axes.scatter(shown[:, 0], places, s=12, color=INK, linewidths=0, marker="D", label=label, zorder=3))
    middle = float(median_of_present(values[:, None], axis=0)[0])
    median = wording.word("median")
    legend.append(axes.axvline(middle, color=UNCHANGED, linewidth=0.8, linestyle=":", label=median, zorder=0))
    _stand_out(scores, axes, chosen, choice)
    axes.set_xlabel(wording.word("score"))
    measured(axes, wording)
    title = wording.of(part.code, index.title if part == index.top else part.name)
    return finished(axes, wording, rows.height, of_all(title, len(chosen), len(values)), legend)


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
    figure = Picture(figsize=(wording.inches(COLUMN), 3), dpi=DPI)
    axes = cast("PolarAxes", figure.add_subplot(projection="polar"))
    axes.set_theta_offset(np.pi / 2)
    axes.set_theta_direction(-1)
    lines = [(wording.word("median"), median_of_present(values, axis=0), UNCHANGED, "--")]
    for at, region in enumerate(regions):
        place = standing.regions.index(region)
        lines.append((label_of(scores, wording, place), values[place], colour(at), "-"))
    legend: list[Artist] = []
    for label, line, shade, style in lines:
        around, out = np.r_[angles, angles[:1]], np.r_[line, line[:1]]
        legend += axes.plot(around, out, style, color=shade, label=label, linewidth=1.2, marker="o", markersize=2.5)
        if style == "-" and not np.isnan(line).any():
            axes.fill(around, out, color=shade, alpha=0.08)
    _around(axes, index, values, angles, [folded(wording.of(each.code, each.name), 10) for each in parts])
    title = wording.of(part.code, index.title if part == index.top else part.name)
    return finished(axes, wording, None, title, legend)


def _around(axes: PolarAxes, index: Index, values: FloatArray, angles: FloatArray, names: Sequence[str]) -> None:
    """The scale of a radar from the centre out, and the names of the parts around it."""
    scale = index.normalisation
    low = min(float(np.nanmin(values)), scale.lower if scale.method == "minmax" else float(np.nanmin(values)))
    high = max(float(np.nanmax(values)), scale.upper if scale.method == "minmax" else float(np.nanmax(values)))
    axes.set_ylim(low - 0.08 * (high - low), high)
    axes.set_xticks(angles, names)
    for tick, angle in zip(axes.get_xticklabels(), angles, strict=True):
        side = np.sin(angle)
        tick.set_horizontalalignment("left" if side > 0.1 else "right" if side < -0.1 else "center")
    axes.tick_params(axis="x", pad=1, labelsize=SMALL)
    axes.tick_params(axis="y", labelsize=SMALL, labelcolor=GREY)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.set_rlabel_position(np.degrees(angles[1]) / 2)
    axes.grid(color=PALE, linewidth=0.5)
    axes.spines["polar"].set_color(PALE)


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
    axes = new_chart(wording, COLUMN if len(panel.years) <= FEW_YEARS else PAGE)
    chosen = choice.regions or (tuple(own[row] for row in rows) if len(rows) <= LINES else ())
    for row in rows:
        shade = colour(chosen.index(own[row])) if own[row] in chosen else PALE if chosen else UNCHANGED
        order = 3 if own[row] in chosen else 2
        axes.plot(panel.years, overall[:, row], color=shade, marker="o", markersize=2.5, linewidth=1.2, zorder=order)
    begins = [int(np.flatnonzero(~np.isnan(overall[:, row]))[0]) for row in rows]
    lowest = 0.0
    for ends, side in ((begins, -1), ([last[row] for row in rows], 1)):
        for end in sorted(set(ends)):
            some = [row for row, of in zip(rows, ends, strict=True) if of == end]
            shades = [colour(chosen.index(own[row])) if own[row] in chosen else GREY for row in some]
            lowest = max(lowest, _rank_labels(axes, panel.years[end], overall[end], some, labels, shades, side))
    deepest = max(lowest, float(np.nanmax(overall[:, rows])))
    axes.set_ylim(deepest + 0.8, 0.2)
    axes.set_xticks(panel.years, [str(year) for year in panel.years])
    axes.set_xlim(panel.years[0] - 0.1, panel.years[-1] + 0.1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    unranked = ", ".join(labels[row] for row in range(len(own)) if last[row] < 0)
    room = figure_of(axes).get_figwidth() * POINTS / USUAL * 0.6
    axes.set_xlabel(wording.word("rank") + (f"\n{folded(f'–: {unranked}', room)}" if unranked else ""))
    title = of_all(wording.of(panel.index.id, panel.index.title), len(rows), len(known))
    return finished(axes, wording, ROW * (deepest + 0.6), title)


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
        axes.annotate(text, (year, slot), (6 * side, 0), **BESIDE, ha="right" if side < 0 else "left", color=shade)
    return slot


def _ranked_rows(scores: Scores, wording: Wording, values: FloatArray, choice: Choice) -> tuple[list[int], list[str]]:
    """The regions, the best first and those without a score last, and their names with rank."""
    places = rank(values, scores.index.ties)
    order = sorted(range(len(values)), key=lambda row: (places[row] == 0, places[row], scores.standing.regions[row]))
    rows = order[: _limit(choice)]
    own = scores.standing.regions
    marks = ["▸ " if own[row] in choice.regions else "" for row in rows]
    labels = [
        f"{mark}{label_of(scores, wording, row)}  {places[row] or '–'}" for mark, row in zip(marks, rows, strict=True)
    ]
    return rows, labels


def _limit(choice: Choice) -> int:
    return min(choice.top or MOST_ROWS, MOST_ROWS)


def _stand_out(scores: Scores, axes: Axes, chosen: Sequence[int], choice: Choice) -> None:
    """The names of the chosen regions in colour."""
    for label, row in zip(axes.get_yticklabels(), chosen, strict=True):
        if scores.standing.regions[row] in choice.regions:
            label.set_color(DOWN)


def _has(value: float) -> bool:
    return not bool(np.isnan(value))
