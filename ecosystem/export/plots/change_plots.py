"""Pictures of a change: ranks before and now as a slope chart, and what has moved one score as bars that add up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from ecosystem.dataset.dataset import is_marked
from ecosystem.export.plots.plot_style import (
    BESIDE,
    DOWN,
    PALE,
    SHOWN,
    UNCHANGED,
    UP,
    Wording,
    colour,
    new_axes,
    of_all,
    shown_figure,
    write_figure,
)

if TYPE_CHECKING:
    from ecosystem.robustness.change import ScoreChange
    from ecosystem.scoring.score_changes import ScoreChanges


def write_slopes(found: ScoreChanges, path: str | Path, *, lang: str = "en") -> tuple[str, ...]:
    """Draw the ranks of two states into a .svg, .png or .pdf file; the names in whose place an id stands."""
    return write_figure(lambda words: _slopes(found, words), path, lang=lang, made_up=found.made_up)


def slopes_figure(found: ScoreChanges, *, lang: str = "en") -> Figure:
    """The same as a figure."""
    return shown_figure(lambda words: _slopes(found, words), lang=lang, made_up=found.made_up)


def write_change_plot(found: ScoreChange, path: str | Path, *, lang: str = "en") -> tuple[str, ...]:
    """Draw what has moved a score into a .svg, .png or .pdf file; the names in whose place an id stands."""
    return write_figure(lambda words: _bars(found, words), path, lang=lang, made_up=_made_up(found))


def change_figure(found: ScoreChange, *, lang: str = "en") -> Figure:
    """The same as a figure."""
    return shown_figure(lambda words: _bars(found, words), lang=lang, made_up=_made_up(found))


def _made_up(found: ScoreChange) -> bool:
    return any(is_marked(side.scores.dataset.name) for side in (found.states.now, found.states.before))


def _slopes(found: ScoreChanges, words: Wording) -> Figure:
    """A line per region from its old rank to that of now, of the whole index, or of the one part that is compared."""
    frame = found.frame[found.frame["code"] == found.frame["code"].iloc[0]]
    both = frame[frame["rank"].notna() & frame["rank_old"].notna() & (frame["kind"] == frame["kind"].iloc[0])]
    shown = both.nsmallest(SHOWN, "rank")
    figure, axes = new_axes(7, 1.2 + 0.26 * max(len(shown), 4))
    for row in shown.to_dict("records"):
        change = int(row["rank_change"])
        shade = UP if change > 0 else DOWN if change < 0 else UNCHANGED
        axes.plot([0, 1], [row["rank_old"], row["rank"]], color=shade, linewidth=1.6, marker="o", markersize=4)
        name = words.name(row["region"], row["region_zh"], row["region_en"])
        axes.annotate(f"{name}  {int(row['rank'])}", (1, row["rank"]), xytext=(8, 0), **BESIDE)
        axes.annotate(f"{int(row['rank_old'])}", (0, row["rank_old"]), xytext=(-8, 0), ha="right", **BESIDE)
    axes.invert_yaxis()
    axes.set_xlim(-0.15, 1.6)
    axes.set_xticks([0, 1], [words.word("rank_old"), of_all(words.word("rank"), len(shown), len(both))])
    axes.set_yticks([])
    axes.spines[["left"]].set_visible(False)
    return figure


def _bars(found: ScoreChange, words: Wording) -> Figure:
    """A bar per indicator, in it what each part has brought; those that took away stand to the left."""
    frame = found.by_indicator()
    frame = frame[frame["contribution"].abs() > 0].head(SHOWN)
    labels = [words.name(row["code"] or "-", row["name_zh"], row["name_en"]) for row in frame.to_dict("records")]
    figure, axes = new_axes(8, 1.4 + 0.3 * max(len(labels), 1))
    places = np.arange(len(labels))[::-1]
    up, down = np.zeros(len(labels)), np.zeros(len(labels))
    for at, part in enumerate(found.states.players):
        values = frame[part].fillna(0.0).to_numpy(dtype=np.float64)
        axes.barh(places, values, left=np.where(values > 0, up, down), color=colour(at), label=words.word(part))
        up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
    whole = frame["contribution"].to_numpy(dtype=np.float64)
    axes.plot(
        whole, places, marker="D", markersize=4, color="black", linestyle="none", label=words.word("contribution")
    )
    axes.axvline(0, color=PALE, linewidth=1, zorder=0)
    axes.set_yticks(places, labels)
    axes.set_xlabel(
        of_all(words.word("score_change"), len(labels), int((found.by_indicator()["contribution"] != 0).sum()))
    )
    axes.legend(frameon=False, fontsize=8)
    return figure
