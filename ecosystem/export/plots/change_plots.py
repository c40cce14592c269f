"""Pictures of a change: ranks before and now as a slope chart, and what has moved one score as bars that add up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ecosystem.export.plots.chart import BESIDE, THICK, finished, measured, new_chart, row_chart, slopes
from ecosystem.export.plots.plot_style import (
    COLUMN,
    INK,
    PALE,
    SHOWN,
    Wording,
    colour,
    number,
    of_all,
    shown_figure,
    write_figure,
)
from ecosystem.export.plots.score_picture import ScorePicture

if TYPE_CHECKING:
    from matplotlib.artist import Artist

    from ecosystem.robustness.change import ScoreChange
    from ecosystem.scoring.score_changes import ScoreChanges


def write_slopes(
    found: ScoreChanges, path: str | Path, *, lang: str = "en", width: str | None = None
) -> tuple[str, ...]:
    """Draw the ranks of two states into a .svg, .png or .pdf file; the names in whose place an id stands."""
    return write_figure(lambda words: _slopes(found, words), path, lang=lang, made_up=found.made_up, width=width)


def slopes_figure(found: ScoreChanges, *, lang: str = "en", width: str | None = None) -> Figure:
    """The same as a figure."""
    return shown_figure(lambda words: _slopes(found, words), lang=lang, made_up=found.made_up, width=width)


def _slopes(found: ScoreChanges, words: Wording) -> Figure:
    """A line per region from its old rank to that of now, of the whole index, or of the one part that is compared."""
    frame = found.frame[found.frame["code"] == found.frame["code"].iloc[0]]
    both = frame[frame["rank"].notna() & frame["rank_old"].notna() & (frame["kind"] == frame["kind"].iloc[0])]
    shown = both.nsmallest(SHOWN, "rank")
    names = [words.name(*row) for row in shown[["region", "region_zh", "region_en"]].itertuples(index=False)]
    axes = new_chart(words, COLUMN)
    height = slopes(axes, words, names, shown["rank_old"].tolist(), shown["rank"].tolist())
    return finished(axes, words, height, of_all(words.word("rank_change"), len(shown), len(both)))


def _bars(found: ScoreChange, words: Wording) -> Figure:
    """A bar per indicator, in it what each part has brought; those that took away stand to the left."""
    frame = found.by_indicator()
    frame = frame[frame["contribution"].abs() > 0].head(SHOWN)
    labels = [words.name(row["code"] or "-", row["name_zh"], row["name_en"]) for row in frame.to_dict("records")]
    axes, rows = row_chart(words, COLUMN, labels)
    up, down = np.zeros(len(labels)), np.zeros(len(labels))
    legend: list[Artist] = []
    for at, part in enumerate(found.states.players):
        values = frame[part].fillna(0.0).to_numpy(dtype=np.float64)
        axes.barh(rows.places, values, left=np.where(values > 0, up, down), height=THICK, color=colour(at))
        legend.append(Patch(facecolor=colour(at), label=words.word(part)))
        up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
    whole = frame["contribution"].to_numpy(dtype=np.float64)
    label = words.word("contribution")
    legend += axes.plot(whole, rows.places, "D", markersize=3, color=INK, linestyle="none", label=label)
    for place, end, value in zip(rows.places, up, whole, strict=True):
        axes.annotate(number(value, whole), (end, place), (4, 0), **BESIDE, color=INK)
    axes.axvline(0, color=PALE, linewidth=0.6, zorder=0)
    axes.set_xlabel(words.word("score_change"))
    measured(axes, words)
    total = int((found.by_indicator()["contribution"] != 0).sum())
    return finished(axes, words, rows.height, of_all(words.word("score_change"), len(labels), total), legend)


CHANGE: ScorePicture[ScoreChange] = ScorePicture(
    _bars, lambda found: [found.states.now.scores, found.states.before.scores]
)
