"""Audits as pictures: the tree of a score, the waterfall of a difference, ranks that move, curves that fall."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ecosystem.audit import Curves, Explanation, Knockout, Loads, NeededValues, Overtaking, Trace, Versus
from ecosystem.audit.audit_tables import scores_of
from ecosystem.dataset.dataset import is_marked
from ecosystem.export.plots.plot_style import (
    BESIDE,
    DOWN,
    LINES,
    UNCHANGED,
    UP,
    Wording,
    bars,
    ems,
    first_of,
    new_axes,
    of_all,
    shown_figure,
    write_figure,
)
from ecosystem.headings import heading
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    from ecosystem.audit.audit_tables import Result

Name = Callable[[str, str, str], str]
"""From an id, a Chinese and an English name to the label that can be drawn."""
_BEARER = ["entity", "name", "region", "region_zh", "region_en"]


def write_plot(result: Result, path: str | Path, *, lang: str = "en") -> tuple[str, ...]:
    """Draw an audit into a .svg, .png or .pdf file; the names in whose place an id stands, for want of a font.

    UsageError for another suffix, OutputError where it cannot be written. An SVG keeps its texts as text.
    """
    return write_figure(lambda words: _figure(result, words), path, lang=lang, made_up=_made_up(result))


def audit_figure(result: Result, *, lang: str = "en") -> Figure:
    """The picture of an audit as a figure, its labels in a language."""
    return shown_figure(lambda words: _figure(result, words), lang=lang, made_up=_made_up(result))


def _made_up(result: Result) -> bool:
    return is_marked(scores_of(result).dataset.name)


def _figure(result: Result, words: Wording) -> Figure:
    """The picture of a result."""
    name, lang = words.name, words.lang
    match result:
        case Explanation():
            return _tree(result, name, lang)
        case Versus():
            return _waterfall(result, name, lang)
        case Knockout():
            return _bump(result.scores, result.regions(), name, lang)
        case Trace():
            return _bump(result.knockout.scores, result.knockout.regions(), name, lang)
        case Curves():
            return _curves(result, name, lang)
        case Loads():
            frame = first_of(result.table)
            title = of_all(heading("score_change", lang), len(frame), len(result.table))
            labels = [
                " · ".join((name(entity, label, label), name(*region)))
                for entity, label, *region in frame[_BEARER].itertuples(index=False)
            ]
            return bars(labels, frame["score_change"].tolist(), title)
        case Overtaking():
            frame = result.moves
            labels = [f"{what}: {codes}" for what, codes in zip(frame["what"], frame["counts_in"], strict=True)]
            return bars(labels, frame["number"].tolist(), heading("number", lang))
        case NeededValues():
            frame = result.table[result.table["way"].notna()]
            labels = [
                f"{name(row['code'], row['name_zh'], row['name_en'])}: {row['raw']:g} → {row['needed']:.4g}"
                for row in frame.to_dict("records")
            ]
            return bars(labels, frame["way"].tolist(), of_all(heading("way", lang), len(frame), len(result.table)))


def _tree(result: Explanation, name: Name, lang: str) -> Figure:
    """Every part of the index as a bar, set in by its level; under an indicator the largest of its organisations."""
    top = result.scores.index.depth
    labels, values, depths = [], [], []
    for step in result.steps.to_dict("records"):
        labels.append("   " * (top - int(step["level"])) + name(step["code"], step["name_zh"], step["name_en"]))
        values.append(step["points"])
        depths.append(int(step["level"]))
        best = result.parts[(result.parts["code"] == step["code"]) & (result.parts["id"] != "")].head(1)
        for part in best.to_dict("records"):
            if not np.isnan(part["points"]):
                labels.append("   " * top + name(part["id"], part["name"] or part["id"], part["name"] or part["id"]))
                values.append(part["points"])
                depths.append(0)
    figure, axes = new_axes(9, 1 + 0.24 * len(labels))
    places = np.arange(len(labels))[::-1]
    shades = [mpl.colormaps["Blues"](0.25 + 0.6 * depth / top) for depth in depths]
    axes.barh(places, values, color=shades)
    axes.set_yticks(places, labels, fontsize=8)
    for label in axes.get_yticklabels():
        label.set_horizontalalignment("left")
    axes.tick_params(axis="y", length=0, pad=8.5 * max(ems(label) for label in labels))
    axes.set_xlabel(heading("points", lang))
    names = names_of(result.scores, result.region)
    axes.set_title(name(result.region, names.zh, names.en))
    return figure


def _waterfall(result: Versus, name: Name, lang: str) -> Figure:
    """From the score of one region to that of the other, indicator by indicator, the largest step first.

    Where contributions do not add up to the score no steps lead there: the differences stand side by side.
    """
    steps = result.steps[result.steps["level"] == 1]
    additive = bool(steps["contribution"].notna().all())
    gains = steps["contribution"] if additive else steps["difference"].fillna(0)
    steps = steps.assign(gain=gains).loc[(-gains.abs()).sort_values(kind="stable").index]
    if not additive:
        rows = [
            result.steps.iloc[0].to_dict() | {"gain": result.steps["difference"].iloc[0]},
            *steps.to_dict("records"),
        ]
        labels = [name(row["code"], row["name_zh"], row["name_en"]) for row in rows]
        return bars(labels, [row["gain"] for row in rows], heading("difference", lang))
    steps = steps[steps["gain"] != 0]
    ends = [names_of(each.scores, each.region) for each in (result.other, result.one)]
    scores = [result.steps["points_other"].iloc[0], result.steps["points_one"].iloc[0]]
    starts = scores[0] + np.r_[0, np.cumsum(steps["gain"])]
    labels = [
        name(result.other.region, ends[0].zh, ends[0].en),
        *(name(row["code"], row["name_zh"], row["name_en"]) for row in steps.to_dict("records")),
        name(result.one.region, ends[1].zh, ends[1].en),
    ]
    figure, axes = new_axes(8, 1 + 0.3 * len(labels))
    places = np.arange(len(labels))[::-1]
    widths = [scores[0], *steps["gain"], scores[1]]
    lefts = [0, *starts[:-1], 0]
    colours = [UNCHANGED, *(UP if width > 0 else DOWN for width in steps["gain"]), UNCHANGED]
    axes.barh(places, widths, left=lefts, color=colours)
    axes.set_yticks(places, labels)
    axes.set_xlabel(heading("points", lang))
    return figure


def _bump(scores: Scores, frame: pd.DataFrame, name: Name, lang: str) -> Figure:
    """A line per region from its rank before to that after; those whose rank moves first, then the best."""
    moved = first_of(frame.assign(size=-frame["rank_change"].abs()).sort_values(["size", "rank_old"], kind="stable"))
    figure, axes = new_axes(7, 1.5 + 0.26 * len(moved))
    axes.set_xlabel(of_all("", len(moved), len(frame)))
    for row in moved.to_dict("records"):
        change = row["rank_change"]
        colour = UP if change > 0 else DOWN if change < 0 else UNCHANGED
        axes.plot([0, 1], [row["rank_old"], row["rank"]], color=colour, marker="o", markersize=4)
        label = name(row["region"], row["region_zh"], row["region_en"])
        axes.annotate(f"{label} {row['rank_old']}", (0, row["rank_old"]), (-6, 0), **BESIDE, ha="right")
        axes.annotate(f"{row['rank']} {label}", (1, row["rank"]), (6, 0), **BESIDE, ha="left")
    axes.invert_yaxis()
    axes.set_xlim(-0.1, 1.1)
    axes.set_xticks([0, 1], [heading("rank_old", lang), heading("rank", lang)])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    return figure


def _curves(result: Curves, name: Name, lang: str) -> Figure:
    """Scores against organisations removed: of the most fragile regions; of a single one with the random orders."""
    figure, axes = new_axes(8, 5)
    regions = result.table["region"].head(LINES).tolist()
    for region in regions:
        names = names_of(result.scores, region)
        for kind, style in (("targeted", "-"), ("random", "--")):
            line = result.points[(result.points["region"] == region) & (result.points["order"] == kind)]
            if len(line) and (kind == "targeted" or len(regions) == 1):
                label = name(region, names.zh, names.en) if kind == "targeted" else heading("score_random", lang)
                (drawn,) = axes.plot(line["removed"], line["score"], style, label=label)
                axes.fill_between(line["removed"], line["low"], line["high"], color=drawn.get_color(), alpha=0.15)
    axes.set_xlabel(of_all(heading("removed", lang), len(regions), len(result.table)))
    axes.set_ylabel(heading("score", lang))
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if regions:
        axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure
