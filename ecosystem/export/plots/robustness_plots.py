"""Pictures of how sure ranks are: a forest of their intervals, and bars of Sobol' indices."""

from __future__ import annotations

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ecosystem.export.plots.chart import finished, row_chart
from ecosystem.export.plots.plot_style import (
    COLUMN,
    INK,
    PALE,
    Wording,
    colour,
    first_of,
    folded,
    of_all,
    title_of,
)
from ecosystem.export.plots.score_picture import ScorePicture
from ecosystem.messages import tr
from ecosystem.robustness import Robustness
from ecosystem.robustness.choice_text import choice_name
from ecosystem.robustness.sensitivity_result import Sensitivity
from ecosystem.scoring.result import names_of

NOTE = 28
"""The width in ems of the lines of a note."""


def _figure(found: Robustness | Sensitivity, words: Wording) -> Figure:
    return _forest(found, words) if isinstance(found, Robustness) else _indices(found, words)


def _forest(found: Robustness, words: Wording) -> Figure:
    """A line from the 5 % to the 95 % rank of each region, a dot at the median, a tick at the rank of the index."""
    frame = found.regions()
    whole = frame[frame["draws"] > 0]
    frame = first_of(whole)
    regions = frame["region"].tolist()
    labels = [words.of(region, names_of(found.scores, region)) for region in regions]
    axes, rows = row_chart(words, COLUMN, labels)
    places = rows.places
    low, middle, high, own = (
        frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("rank_low", "rank_median", "rank_high", "rank")
    )
    legend: list[Artist] = [
        axes.hlines(places, low, high, color=colour(0), linewidth=2.5, alpha=0.45, label=_ends(words)),
        *axes.plot(middle, places, "o", color=colour(0), markersize=3, label=words.word("rank_median")),
        *axes.plot(own, places, "|", color=INK, markersize=6, markeredgewidth=1.2, label=words.word("rank")),
    ]
    axes.set_xlabel(words.word("rank"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)
    what = tr("ranks over {count:,} draws of rules and weights", count=len(found.drawn.scores))
    title = of_all(title_of(found.scores, words, what), len(labels), len(whole))
    return finished(axes, words, rows.height, title, legend)


def _ends(words: Wording) -> str:
    """The two headings of the ends, for the legend."""
    return f"{words.word('rank_low')} – {words.word('rank_high')}"


def _indices(found: Sensitivity, words: Wording) -> Figure:
    """Two bars for each choice, first-order and total, with their 95 % intervals; a mark where one cannot be true."""
    frame = found.choices()
    marked = frame["mark"] != ""
    names = [choice_name(str(choice), words.lang) for choice in frame["choice"]]
    labels = [f"{name} *" if mark else name for name, mark in zip(names, marked, strict=True)]
    notes = "\n".join(f"* {note}" for note in dict.fromkeys(frame["mark"][marked]))
    axes, rows = row_chart(words, COLUMN, labels, None)
    legend: list[Artist] = []
    for at, name in enumerate(("first", "total")):
        values = frame[name].to_numpy()
        half = frame[f"{name}_high"].to_numpy() - values
        axes.barh(
            rows.places + 2.2 - 4.4 * at, values, height=4, xerr=half, color=colour(at),
            error_kw={"elinewidth": 0.6, "capsize": 1.5},
        )  # fmt: skip
        legend.append(Patch(facecolor=colour(at), label=words.word(name)))
    axes.axvline(0, color=INK, linewidth=0.5)
    axes.set_xlabel(words.word("share_of_variance") + (f"\n{folded(notes, NOTE)}" if notes else ""))
    what = tr("what moves the {output}", output=found.output)
    return finished(axes, words, rows.height, title_of(found.scores, words, what), legend)


DRAWS: ScorePicture[Robustness | Sensitivity] = ScorePicture(_figure, lambda found: [found.scores], titled=True)
