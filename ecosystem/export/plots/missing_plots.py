"""The picture of best and worst cases: from the best to the worst rank of each region, with its rank of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecosystem.export.plots.chart import finished, row_chart
from ecosystem.export.plots.plot_style import (
    COLUMN,
    INK,
    PALE,
    SHOWN,
    Wording,
    colour,
    of_all,
    title_of,
)
from ecosystem.export.plots.score_picture import ScorePicture
from ecosystem.messages import tr

if TYPE_CHECKING:
    from ecosystem.robustness.missing_cases import MissingCases


def _cases(found: MissingCases, words: Wording) -> Figure:
    """Pale from bound to bound, dark from the best to the worst rank that was reached."""
    table = found.table()
    ranked = table[table["rank"].notna() & table["rank_best"].notna()]
    shown = ranked.head(SHOWN)
    labels = [words.name(row["region"], row["region_zh"], row["region_en"]) for row in shown.to_dict("records")]
    axes, rows = row_chart(words, COLUMN, labels)
    places = rows.places
    ends = {
        name: shown[name].to_numpy(dtype=np.float64)
        for name in ("rank", "rank_best", "rank_worst", "bound_best", "bound_worst")
    }
    bounds, reached = tr("no rank lies outside"), tr("best to worst rank that was found")
    legend: list[Artist] = [
        axes.hlines(places, ends["bound_best"], ends["bound_worst"], color=PALE, linewidth=5, label=bounds),
        axes.hlines(places, ends["rank_best"], ends["rank_worst"], color=colour(0), linewidth=2.5, label=reached),
        *axes.plot(ends["rank"], places, "o", color=INK, markersize=2.5, linestyle="none", label=words.word("rank")),
    ]
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(words.word("rank"))
    title = title_of(found.scores, words, tr("ranks if what is not known is filled either way"))
    return finished(axes, words, rows.height, of_all(title, len(shown), len(ranked)), legend)


CASES: ScorePicture[MissingCases] = ScorePicture(_cases, lambda found: [found.scores], titled=True)
