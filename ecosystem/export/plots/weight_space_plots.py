"""Pictures of admissible weights: a triangle where three weights vary, else bars of how often each region is ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ecosystem.export.plots.chart import THICK, finished, new_chart, row_chart
from ecosystem.export.plots.plot_style import (
    COLUMN,
    INK,
    LINES,
    PALE,
    SHOWN,
    Wording,
    colour,
    lighter,
    of_all,
)
from ecosystem.export.plots.score_picture import ScorePicture
from ecosystem.index.arrays import FloatArray
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from ecosystem.robustness.weight_space import WeightSpace

POINTS = 6000
"""The most weights of a triangle."""
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


def _figure(found: WeightSpace, words: Wording) -> Figure:
    return _triangle(found, words) if len(found.codes) == 3 else _shares(found, words)


def _triangle(found: WeightSpace, words: Wording) -> Figure:
    """Every set of weights as a point, in the colour of the region that it makes first; today's weights as a cross."""
    weights = found.draws.weights[:POINTS]
    first = found.firsts(POINTS)
    axes = new_chart(words, COLUMN)
    axes.spines[:].set_visible(False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_aspect("equal")
    axes.plot(*CORNERS[[0, 1, 2, 0]].T, color=PALE, linewidth=1)
    winners, counts = np.unique(first[first >= 0], return_counts=True)
    order = winners[np.argsort(-counts, kind="stable")]
    legend: list[Artist] = []
    for place, region in enumerate(order[:LINES].tolist()):
        legend += _points(axes, weights[first == region], colour(place), _region(found, region, words))
    if len(order) > LINES:
        legend += _points(axes, weights[np.isin(first, order[LINES:])], PALE, words.word("others"))
    today = found.today @ CORNERS
    label = words.word("weight")
    legend += axes.plot(*today, "+", markersize=9, markeredgewidth=1.5, color=INK, linestyle="none", label=label)
    for at, part in enumerate(found.scores.index.at(found.level)):
        axes.annotate(
            words.of(part.code, part.name), CORNERS[at], xytext=(0, 6 if at == 2 else -6), textcoords="offset points",
            ha=("left", "right", "center")[at], va="bottom" if at == 2 else "top",
        )  # fmt: skip
    return finished(axes, words, None, words.word("share_first"), legend)


def _points(axes: Axes, weights: FloatArray, shade: str, label: str) -> list[Artist]:
    across, up = (weights @ CORNERS).T
    return [axes.scatter(across, up, s=2, color=shade, label=label, linewidths=0)]


def _shares(found: WeightSpace, words: Wording) -> Figure:
    """Bars of three depths: the shares of weights with which a region is first, in the top 3, in the top k."""
    shares = 100 * found.found.shares
    best = np.lexsort(
        (-shares[1], -shares[0], -shares[2]) if shares[0].max() == 0 else (-shares[2], -shares[1], -shares[0])
    )
    rows = best[shares[2][best] > 0][:SHOWN]
    labels = [_region(found, row, words) for row in rows.tolist()]
    axes, rows_down = row_chart(words, COLUMN, labels)
    legend: list[Artist] = []
    top = found.found.tops[2]
    for depth, (name, shade) in enumerate(((f"≤ {top}", PALE), ("≤ 3", lighter(colour(0), 0.5)), ("1", colour(0)))):
        axes.barh(rows_down.places, shares[2 - depth][rows], color=shade, height=THICK)
        legend.append(Patch(facecolor=shade, label=f"{words.word('rank')} {name}"))
    axes.set_xlim(0, 100)
    axes.set_xlabel(words.word("share_of_weights"))
    title = of_all(words.word("share_of_weights"), len(rows), int((shares[2] > 0).sum()))
    return finished(axes, words, rows_down.height, title, legend)


def _region(found: WeightSpace, row: int, words: Wording) -> str:
    region = found.scores.standing.regions[row]
    return words.of(region, names_of(found.scores, region))


SPACE: ScorePicture[WeightSpace] = ScorePicture(_figure, lambda found: [found.scores])
