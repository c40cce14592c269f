"""The ranks of other samples as a picture: a row per region, its interval of ranks inside its set of ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
)
from ecosystem.export.plots.score_picture import ScorePicture

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from ecosystem.robustness import Resampling


def _figure(found: Resampling, words: Wording) -> Figure:
    """Pale: the sets that hold all true ranks at once; dark: 5 to 95 % of the draws; a dot: the rank of the sample."""
    ranked = found.regions(top=()).dropna(subset=["rank"])
    frame = ranked.head(SHOWN)
    names = [words.name(*row) for row in frame[["region", "region_zh", "region_en"]].itertuples(index=False, name=None)]
    axes, rows = row_chart(words, COLUMN, names)
    legend: list[Artist] = []
    for name, thick, shade in (("simultaneous", 5, PALE), ("rank", 2.5, colour(0))):
        bounded = frame[f"{name}_low"].notna().to_numpy()
        low, high = (frame[f"{name}_{end}"][bounded].to_numpy(dtype=float) for end in ("low", "high"))
        label = words.word("simultaneous_set") if name == "simultaneous" else words.word("rank_interval")
        legend.append(axes.hlines(rows.places[bounded], low, high, color=shade, linewidth=thick, label=label))
    ranks = frame["rank"].to_numpy(dtype=float)
    legend += axes.plot(ranks, rows.places, "o", markersize=2.5, color=INK, linestyle="none", label=words.word("rank"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(words.word("rank"))
    return finished(axes, words, rows.height, of_all(words.word("rank_of_sample"), len(frame), len(ranked)), legend)


SAMPLE: ScorePicture[Resampling] = ScorePicture(_figure, lambda found: [found.scores])
