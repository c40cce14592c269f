"""Pictures of how sure ranks are: a forest of their intervals, and bars of Sobol' indices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecosystem.dataset.dataset import is_marked
from ecosystem.export.plots.plot_style import (
    PALE,
    Wording,
    colour,
    first_of,
    new_axes,
    of_all,
    shown_figure,
    write_figure,
)
from ecosystem.robustness import Robustness
from ecosystem.robustness.sensitivity_result import Sensitivity
from ecosystem.scoring.result import names_of


def write_robustness_plot(found: Robustness | Sensitivity, path: str | Path, *, lang: str = "en") -> tuple[str, ...]:
    """Draw intervals or indices into a .svg, .png or .pdf file; the names in whose place an id stands."""
    made_up = is_marked(found.scores.dataset.name)
    return write_figure(lambda words: _figure(found, words), path, lang=lang, made_up=made_up)


def robustness_figure(found: Robustness | Sensitivity, *, lang: str = "en") -> Figure:
    """The same as a figure."""
    return shown_figure(lambda words: _figure(found, words), lang=lang, made_up=is_marked(found.scores.dataset.name))


def _figure(found: Robustness | Sensitivity, words: Wording) -> Figure:
    return _forest(found, words) if isinstance(found, Robustness) else _indices(found, words)


def _forest(found: Robustness, words: Wording) -> Figure:
    """A line from the 5 % to the 95 % rank of each region, a dot at the median, a tick at the rank of the index."""
    frame = found.regions()
    whole = frame[frame["draws"] > 0]
    frame = first_of(whole)
    regions = frame["region"].tolist()
    labels = [words.of(region, names_of(found.scores, region)) for region in regions]
    figure, axes = new_axes(7, 1.2 + 0.26 * max(len(labels), 1))
    places = np.arange(len(labels))[::-1]
    low, middle, high, own = (
        frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("rank_low", "rank_median", "rank_high", "rank")
    )
    axes.hlines(places, low, high, color=colour(0), linewidth=3, alpha=0.45, label=_ends(words))
    axes.plot(middle, places, "o", color=colour(0), markersize=5, label=words.word("rank_median"))
    axes.plot(own, places, "|", color="black", markersize=11, markeredgewidth=1.6, label=words.word("rank"))
    axes.set_yticks(places, labels)
    axes.set_xlabel(of_all(words.word("rank"), len(labels), len(whole)))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=8, loc="best")
    return figure


def _ends(words: Wording) -> str:
    """The two headings of the ends, for the legend."""
    return f"{words.word('rank_low')} – {words.word('rank_high')}"


def _indices(found: Sensitivity, words: Wording) -> Figure:
    """Two bars for each choice, first-order and total, with their 95 % intervals; a mark where one cannot be true."""
    frame = found.choices()
    figure, axes = new_axes(7, 1.4 + 0.6 * len(frame))
    places = np.arange(len(frame))[::-1]
    for at, name in enumerate(("first", "total")):
        values = frame[name].to_numpy()
        half = frame[f"{name}_high"].to_numpy() - values
        axes.barh(
            places + 0.2 - 0.4 * at, values, height=0.36, xerr=half, color=colour(at), label=words.word(name),
            error_kw={"elinewidth": 1, "capsize": 3},
        )  # fmt: skip
    marked = frame["mark"] != ""
    labels = [f"{choice} *" if mark else str(choice) for choice, mark in zip(frame["choice"], marked, strict=True)]
    axes.set_yticks(places, labels)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_xlabel(words.word("share_of_variance"))
    if marked.any():
        notes = "\n".join(f"* {note}" for note in dict.fromkeys(frame["mark"][marked]))
        axes.annotate(notes, (1, 0), xycoords="axes fraction", ha="right", va="bottom", fontsize=8)
    axes.legend(frameon=False, fontsize=8, loc="best")
    return figure
