"""The ranks of other samples as a picture: a row per region, its interval of ranks inside its set of ranks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecosystem.dataset.dataset import is_marked
from ecosystem.export.plots.plot_style import (
    PALE,
    SHOWN,
    Wording,
    colour,
    new_axes,
    of_all,
    shown_figure,
    write_figure,
)

if TYPE_CHECKING:
    from ecosystem.robustness import Resampling


def write_sample_plot(found: Resampling, path: str | Path, *, lang: str = "en") -> tuple[str, ...]:
    """Draw ranks of samples into a .svg, .png or .pdf file; the names in whose place an id stands."""
    return write_figure(lambda words: _figure(found, words), path, lang=lang, made_up=_made_up(found))


def sample_figure(found: Resampling, *, lang: str = "en") -> Figure:
    """The same as a figure."""
    return shown_figure(lambda words: _figure(found, words), lang=lang, made_up=_made_up(found))


def _made_up(found: Resampling) -> bool:
    return is_marked(found.scores.dataset.name)


def _figure(found: Resampling, words: Wording) -> Figure:
    """Pale: the sets that hold all true ranks at once; dark: 5 to 95 % of the draws; a dot: the rank of the sample."""
    ranked = found.regions(top=()).dropna(subset=["rank"])
    frame = ranked.head(SHOWN)
    figure, axes = new_axes(8, 1.2 + 0.28 * max(len(frame), 1))
    places = np.arange(len(frame))[::-1]
    for name, width, shade in (("simultaneous", 7, PALE), ("rank", 3.5, colour(0))):
        bounded = frame[f"{name}_low"].notna().to_numpy()
        low, high = (frame[f"{name}_{end}"][bounded].to_numpy(dtype=float) for end in ("low", "high"))
        label = words.word("simultaneous_set") if name == "simultaneous" else words.word("rank_interval")
        axes.hlines(places[bounded], low, high, color=shade, linewidth=width, label=label)
    ranks = frame["rank"].to_numpy(dtype=float)
    axes.plot(ranks, places, marker="o", markersize=4, color="black", linestyle="none", label=words.word("rank"))
    labels = [
        words.name(*row) for row in frame[["region", "region_zh", "region_en"]].itertuples(index=False, name=None)
    ]
    axes.set_yticks(places, labels)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(of_all(words.word("rank_of_sample"), len(frame), len(ranked)))
    axes.legend(frameon=False, fontsize=8, loc="lower left")
    return figure
