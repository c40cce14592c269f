"""Audits as pictures: the tree of a score, the waterfall of a difference, ranks that move, curves that fall."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from ecosystem.audit import Curves, Explanation, Knockout, Loads, NeededValues, Overtaking, Trace, Versus
from ecosystem.audit.audit_tables import scores_of
from ecosystem.dataset.dataset import is_marked
from ecosystem.export.plots.chart import (
    BESIDE,
    THICK,
    Rows,
    bars,
    finished,
    measured,
    new_chart,
    row_chart,
    slopes,
)
from ecosystem.export.plots.plot_style import (
    COLUMN,
    DOWN,
    INK,
    LINES,
    UNCHANGED,
    UP,
    Draw,
    Foot,
    Wording,
    colour,
    first_of,
    foot_of,
    number,
    of_all,
    shown_figure,
    told_apart,
    write_figure,
)
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from ecosystem.audit.audit_tables import Result


def write_plot(result: Result, path: str | Path, *, lang: str = "en", width: str | None = None) -> tuple[str, ...]:
    """Draw an audit into a .svg, .png or .pdf file; the names in whose place an id stands, for want of a font.

    `width` is `column` (8.5 cm, the usual one), `page` (17 cm) or a number of centimetres such as `8.9cm`; no text is
    smaller than 6 points. UsageError for another suffix or width, OutputError where it cannot be written. An SVG keeps
    its texts as text.
    """
    draw, foot, made_up = _drawing(result)
    return write_figure(draw, path, lang=lang, made_up=made_up, foot=foot, width=width)


def audit_figure(result: Result, *, lang: str = "en", width: str | None = None) -> Figure:
    """The picture of an audit as a figure, its labels in a language."""
    draw, foot, made_up = _drawing(result)
    return shown_figure(draw, lang=lang, made_up=made_up, foot=foot, width=width)


def _drawing(result: Result) -> tuple[Draw, Foot, bool]:
    """What draws a result, what stands under it, and whether its data are made up."""
    scores = scores_of(result)
    return lambda words: _figure(result, words), lambda words: foot_of(scores, words), is_marked(scores.dataset.name)


def _figure(result: Result, words: Wording) -> Figure:
    """The picture of a result."""
    match result:
        case Explanation():
            return _tree(result, words)
        case Versus():
            return _waterfall(result, words)
        case Knockout():
            title = tr("without {removed}", removed=result.named or result.removed)
            return _bump(result.regions(), words, title)
        case Trace():
            entity = result.entity
            title = tr("without {removed}", removed=words.name(entity.id, *(entity.name or entity.id,) * 2))
            return _bump(result.knockout.regions(), words, title)
        case Curves():
            return _curves(result, words)
        case Loads():
            return _loads(result, words)
        case Overtaking():
            return _moves(result, words)
        case NeededValues():
            return _needed(result, words)


def _region(scores: Scores, words: Wording, region: str) -> str:
    return words.of(region, names_of(scores, region))


def _part(row: Mapping[Hashable, Any], words: Wording) -> str:
    return words.name(row["code"], row["name_zh"], row["name_en"])


def _tree(result: Explanation, words: Wording) -> Figure:
    """Every part of the index as a bar, set in by its level; under an indicator the largest of its organisations."""
    top = result.scores.index.depth
    labels, codes, values, depths = [], [], [], []
    for step in result.steps.to_dict("records"):
        labels.append(_part(step, words))
        codes.append(labels[-1])
        values.append(step["points"])
        depths.append(int(step["level"]))
        best = result.parts[(result.parts["code"] == step["code"]) & (result.parts["id"] != "")].head(1)
        for part in best.to_dict("records"):
            if not np.isnan(part["points"]):
                labels.append(words.name(part["id"], *(part["name"] or part["id"],) * 2))
                codes.append(part["id"])
                values.append(part["points"])
                depths.append(0)
    deepest = max(depths)
    axes, rows = row_chart(words, COLUMN, told_apart(labels, codes), [deepest - depth for depth in depths])
    shades = [mpl.colors.to_hex(mpl.colormaps["Blues"](0.3 + 0.6 * depth / top)) for depth in depths]
    bars(axes, rows, values, shades)
    axes.set_xlabel(words.word("points"))
    measured(axes, words)
    return finished(axes, words, rows.height, _region(result.scores, words, result.region))


def _waterfall(result: Versus, words: Wording) -> Figure:
    """From the score of one region to that of the other, indicator by indicator, the largest step first.

    Where contributions do not add up to the score no steps lead there: the differences stand side by side.
    """
    steps = result.steps[result.steps["level"] == 1]
    additive = bool(steps["contribution"].notna().all())
    gains = steps["contribution"] if additive else steps["difference"].fillna(0)
    steps = steps.assign(gain=gains).loc[(-gains.abs()).sort_values(kind="stable").index]
    one, other = (_region(each.scores, words, each.region) for each in (result.one, result.other))
    if not additive:
        whole = result.steps.iloc[0].to_dict() | {"gain": result.steps["difference"].iloc[0]}
        found = [whole, *steps.to_dict("records")]
        axes, rows = row_chart(words, COLUMN, [_part(row, words) for row in found])
        bars(axes, rows, [row["gain"] for row in found])
        axes.set_xlabel(f"{words.word('difference')}: {one} − {other}")
        measured(axes, words)
        return finished(axes, words, rows.height, f"{one} − {other}")
    steps = steps[steps["gain"] != 0]
    ends = [result.steps["points_other"].iloc[0], result.steps["points_one"].iloc[0]]
    labels = [other, *(_part(row, words) for row in steps.to_dict("records")), one]
    axes, rows = row_chart(words, COLUMN, labels)
    _steps(axes, rows, steps["gain"].to_numpy(), ends)
    axes.set_xlabel(words.word("points"))
    measured(axes, words)
    return finished(axes, words, rows.height, f"{other} → {one}")


def _steps(axes: Axes, rows: Rows, gains: FloatArray, ends: Sequence[float]) -> None:
    """Bars that begin where the one above ends. The two scores are points, since no bar here begins at zero."""
    at = ends[0] + np.r_[0, np.cumsum(gains)]
    shades = [UP if gain > 0 else DOWN for gain in gains]
    axes.barh(rows.places[1:-1], gains, left=at[:-1], height=THICK, color=shades, edgecolor=shades, linewidth=0.7)
    for place, above, level in zip(rows.places[1:], rows.places[:-1], at[: len(gains) + 1], strict=True):
        axes.plot([level, level], [place, above], color=UNCHANGED, linewidth=0.5, zorder=0)
    axes.margins(x=0.04)
    axes.plot(ends, rows.places[[0, -1]], "D", color=INK, markersize=4, clip_on=False)
    for place, end in zip(rows.places[[0, -1]], ends, strict=True):
        axes.annotate(number(end, ends), (end, place), (5, 0), **BESIDE, ha="left", color=INK)
    for place, start, gain in zip(rows.places[1:-1], at[:-1], gains, strict=True):
        text = f"{'+' if gain > 0 else '−'}{number(abs(gain), ends)}"
        axes.annotate(text, (max(start, start + gain), place), (3, 0), **BESIDE, ha="left", color=INK)


def _bump(frame: pd.DataFrame, words: Wording, title: str) -> Figure:
    """A line per region from its place before to that after, among those drawn: those that move, then the best."""
    moved = first_of(frame.assign(size=-frame["rank_change"].abs()).sort_values(["size", "rank_old"], kind="stable"))
    axes = new_chart(words, COLUMN)
    names = [words.name(*row) for row in moved[["region", "region_zh", "region_en"]].itertuples(index=False)]
    height = slopes(axes, words, names, moved["rank_old"].tolist(), moved["rank"].tolist())
    return finished(axes, words, height, of_all(title, len(moved), len(frame)))


def _curves(result: Curves, words: Wording) -> Figure:
    """Scores against organisations removed: of the most fragile regions; of a single one with the random orders."""
    axes = new_chart(words, COLUMN)
    regions = result.table["region"].head(LINES).tolist()
    alone = len(regions) == 1
    lines = []
    for at, region in enumerate(regions):
        for kind, style in (("targeted", "-"), ("random", "--")):
            line = result.points[(result.points["region"] == region) & (result.points["order"] == kind)]
            if len(line) and (kind == "targeted" or alone):
                name = _region(result.scores, words, region)
                label = name if not alone else words.word("score_random" if kind == "random" else "score")
                shade = colour(at if kind == "targeted" else at + 1)
                lines += axes.plot(line["removed"], line["score"], style, color=shade, label=label, linewidth=1.3)
                axes.fill_between(line["removed"], line["low"], line["high"], color=shade, alpha=0.15, linewidth=0)
    axes.set_xlabel(words.word("removed"))
    axes.set_ylabel(words.word("score"))
    axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    axes.set_xlim(left=0)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    title = _region(result.scores, words, regions[0]) if alone else tr("scores as organisations leave")
    return finished(axes, words, 150, of_all(title, len(regions), len(result.table)), lines)


def _loads(result: Loads, words: Wording) -> Figure:
    """A bar per organisation: by how much the score of the region falls most that it carries."""
    frame = first_of(result.table)
    names = [words.name(code, *(name or code,) * 2) for code, name in zip(frame["entity"], frame["name"], strict=True)]
    regions = [words.name(*row) for row in frame[["region", "region_zh", "region_en"]].itertuples(index=False)]
    pairs = zip(told_apart(names, frame["entity"].tolist()), regions, strict=True)
    axes, rows = row_chart(words, COLUMN, [tr("{name} ({region})", name=name, region=region) for name, region in pairs])
    bars(axes, rows, frame["score_change"].tolist())
    axes.set_xlabel(words.word("score_change"))
    measured(axes, words, most=4)
    title = of_all(tr("each organisation removed alone"), len(frame), len(result.table))
    return finished(axes, words, rows.height, title)


def _moves(result: Overtaking, words: Wording) -> Figure:
    """A bar per kind of new link or member, named by the indicators in which it counts."""
    names = {part.code: words.of(part.code, part.name) for part in result.scores.index.indicators}
    labels = []
    for link, codes in zip(result.moves["link"], result.moves["counts_in"], strict=True):
        counted = ("、" if words.lang == "zh" else ", ").join(names[code] for code in codes.split(", "))
        labels.append(tr("new links: {names}", names=counted) if link else tr("new members: {names}", names=counted))
    axes, rows = row_chart(words, COLUMN, labels)
    bars(axes, rows, result.moves["number"].tolist())
    axes.set_xlabel(words.word("number"))
    measured(axes, words)
    region, target = (_region(result.scores, words, each) for each in (result.region, result.target))
    facts = {"number": result.number, "region": region, "target": target}
    title = tr("{number:,} new links or members bring {region} past {target}", **facts)
    return finished(axes, words, rows.height, title)


def _needed(result: NeededValues, words: Wording) -> Figure:
    """A bar per indicator: how much of the way to the best value of a region it would have to go by itself."""
    frame = result.table[result.table["way"].notna()]
    found = frame.to_dict("records")
    labels = [f"{_part(row, words)}: {row['raw']:,.4g} → {row['needed']:,.4g}" for row in found]
    axes, rows = row_chart(words, COLUMN, labels)
    bars(axes, rows, frame["way"].tolist(), texts=[f"{way:.1%}" for way in frame["way"]])
    axes.set_xlabel(words.word("way"))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    region, target = (_region(result.scores, words, each) for each in (result.region, result.target))
    facts = {"region": region, "target": target, "index": words.of(result.scores.index.id, result.scores.index.title)}
    title = tr("values that would bring {region} past {target} in {index}", **facts)
    return finished(axes, words, rows.height, of_all(title, len(frame), len(result.table)))
