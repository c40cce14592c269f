"""The kinds of pictures of an index, each a record in a table, and the file of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from matplotlib.figure import Figure

from ecosystem.dataset.dataset import is_marked
from ecosystem.errors import InputError, RegionError, UsageError, did_you_mean
from ecosystem.export.plots.framework_plots import correlations, distributions, framework
from ecosystem.export.plots.plot_style import Wording, foot_of, shown_figure, write_figure
from ecosystem.export.plots.region_plots import Choice, bar, dot, radar, ranks
from ecosystem.index import Index
from ecosystem.index.statistics.correlation import Correlation
from ecosystem.index.statistics.stages import Stage
from ecosystem.messages import tr
from ecosystem.scoring import Scores
from ecosystem.scoring.panel import Panel

Source = Index | Scores | Panel


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture: how it is drawn, of what, and which options it looks at."""

    draw: Callable[[Any, Wording, Choice], Figure]
    of: Literal["index", "scores", "panel"]
    options: frozenset[str]


KINDS: Mapping[str, Kind] = {
    "bar": Kind(bar, "scores", frozenset({"regions", "part", "top"})),
    "dot": Kind(dot, "scores", frozenset({"regions", "part", "top"})),
    "radar": Kind(radar, "scores", frozenset({"regions", "part"})),
    "ranks": Kind(ranks, "panel", frozenset({"regions", "top"})),
    "correlations": Kind(correlations, "scores", frozenset({"part", "stage", "correlation"})),
    "distributions": Kind(distributions, "scores", frozenset({"regions", "part", "stage"})),
    "framework": Kind(framework, "index", frozenset({"part"})),
}
"""A new kind of picture is a function and a record here."""


def write_index_plot(
    source: Source,
    kind: str,
    path: str | Path,
    *,
    lang: str = "en",
    regions: str | Sequence[str] = (),
    part: str | None = None,
    stage: Stage | None = None,
    correlation: Correlation | None = None,
    top: int | None = None,
    width: str | None = None,
) -> tuple[str, ...]:
    """Draw an index into a .svg, .png or .pdf file; the names in whose place an id stands, for want of a font.

    `kind`: `bar`, `dot`, `radar` (scores of regions), `correlations`, `distributions` (their indicators), `framework`
    (an index, or scores of one), `ranks` (a panel). `regions`, by any name, stand out; `part` draws one pillar or
    indicator; `top` the first regions; `stage` and `correlation` as in `coherence`; `width` as in `write_plot`.
    UsageError for another kind, an option that a kind does not look at, or a source of which it cannot be drawn;
    otherwise raises as `write_plot`.
    """
    draw = _drawing(source, kind, regions, part, stage, correlation, top)
    return write_figure(
        draw, path, lang=lang, made_up=_made_up(source), foot=lambda words: foot_of(source, words), width=width
    )


def index_figure(
    source: Source,
    kind: str,
    *,
    lang: str = "en",
    regions: str | Sequence[str] = (),
    part: str | None = None,
    stage: Stage | None = None,
    correlation: Correlation | None = None,
    top: int | None = None,
    width: str | None = None,
) -> Figure:
    """The same picture as a figure."""
    draw = _drawing(source, kind, regions, part, stage, correlation, top)
    return shown_figure(
        draw, lang=lang, made_up=_made_up(source), foot=lambda words: foot_of(source, words), width=width
    )


def _made_up(source: Source) -> bool:
    return not isinstance(source, Index) and is_marked(source.dataset.name)


def _drawing(
    source: Source,
    kind: str,
    regions: str | Sequence[str],
    part: str | None,
    stage: Stage | None,
    correlation: Correlation | None,
    top: int | None,
) -> Callable[[Wording], Figure]:
    """What draws a picture in the words that it is given, once all that is asked for makes sense."""
    if kind not in KINDS:
        raise UsageError(
            tr("{kind!r} is not a kind of picture: {kinds}", kind=kind, kinds=", ".join(KINDS)),
            hint=did_you_mean(kind, KINDS),
        )
    refuse_unused(kind, {"regions": regions, "part": part, "stage": stage, "correlation": correlation, "top": top})
    _refuse_source(kind, source)
    choice = Choice(_ids(source, regions), part, stage, correlation or "pearson", top)
    return lambda words: KINDS[kind].draw(source, words, choice)


def refuse_unused(kind: str, given: Mapping[str, object]) -> None:
    """Raise UsageError for options that a kind of picture does not look at: they would be left out in silence."""
    unused = [name for name, value in given.items() if value and name not in KINDS[kind].options]
    if unused:
        known = ", ".join(sorted(KINDS[kind].options))
        names = " and ".join(name.removesuffix("s") if name == "regions" else name for name in unused)
        raise UsageError(
            tr("a picture of kind {kind!r} has no option {names}", kind=kind, names=names),
            hint=tr("its options are {names}", names=known),
        )


def _refuse_source(kind: str, source: Source) -> None:
    needed = KINDS[kind].of
    fits = {
        "index": isinstance(source, Index | Scores),
        "scores": isinstance(source, Scores),
        "panel": isinstance(source, Panel),
    }
    if not fits[needed]:
        ways = {
            "index": tr("the index"),
            "scores": tr("scores of one window"),
            "panel": tr("scores by year: score_panel"),
        }
        raise UsageError(
            tr("a picture of kind {kind!r} needs {ways}", kind=kind, ways=ways[needed]),
            hint=tr("draw another kind: {kinds}", kinds=", ".join(KINDS)),
        )
    if isinstance(source, Scores) and needed == "scores" and np.isnan(source.standing.overall).all():
        raise InputError(
            tr("no region has a score, so there is nothing to draw"), hint=tr("ecosystem index check shows why")
        )


def _ids(source: Source, names: str | Sequence[str]) -> tuple[str, ...]:
    """The ids of ranked regions, by any of their names. RegionError where one is unknown or not ranked."""
    if isinstance(source, Index):
        return ()
    names = [names] if isinstance(names, str) else names
    own = source.standing.regions
    found = {name: source.regions.resolve_among(name, own, level=source.level) for name in names}
    for name, region in found.items():
        if region not in own:
            hint = tr("ecosystem score {id} shows the regions that are", id=source.index.id)
            raise RegionError(
                tr("{name} ({region}) is not ranked by {id}", name=name, region=region, id=source.index.id), hint=hint
            )
    return tuple(dict.fromkeys(found.values()))
