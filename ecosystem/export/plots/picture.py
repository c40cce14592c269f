"""The picture of any result, as a figure that a notebook shows and that can be changed further."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from ecosystem.audit import LeftOut
from ecosystem.audit.audit_tables import Result
from ecosystem.errors import UsageError
from ecosystem.export.described_network import describe
from ecosystem.export.plots.audit_plots import audit_figure
from ecosystem.export.plots.change_plots import CHANGE, slopes_figure
from ecosystem.export.plots.index_plots import Source, index_figure
from ecosystem.export.plots.leave_out_plots import LEFT_OUT
from ecosystem.export.plots.missing_plots import CASES
from ecosystem.export.plots.network_drawing import LABELS, drawing
from ecosystem.export.plots.network_picture import network_figure
from ecosystem.export.plots.robustness_plots import DRAWS
from ecosystem.export.plots.sample_plots import SAMPLE
from ecosystem.export.plots.weight_space_plots import SPACE
from ecosystem.index import Index
from ecosystem.index.statistics.correlation import Correlation
from ecosystem.index.statistics.stages import Stage
from ecosystem.messages import together, tr
from ecosystem.network import Linkage
from ecosystem.notebook import one_language
from ecosystem.robustness import Resampling, Robustness
from ecosystem.robustness.change import ScoreChange
from ecosystem.robustness.missing_cases import MissingCases
from ecosystem.robustness.sensitivity_result import Sensitivity
from ecosystem.robustness.weight_space import WeightSpace
from ecosystem.scoring import Scores
from ecosystem.scoring.panel import Panel
from ecosystem.scoring.score_changes import ScoreChanges

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Robust: TypeAlias = (
    WeightSpace | MissingCases | ScoreChange | ScoreChanges | Resampling | Robustness | Sensitivity | LeftOut
)
"""What says how sure a rank is, or why it has moved."""


def plot(
    result: Source | Result | Linkage | Robust,
    *,
    kind: str | None = None,
    lang: str | None = None,
    regions: str | Sequence[str] = (),
    part: str | None = None,
    stage: Stage | None = None,
    correlation: Correlation | None = None,
    top: int | None = None,
    width: str | None = None,
) -> Figure:
    """The picture of a result as a matplotlib figure; a notebook shows it where the call is the last of a cell.

    `kind` says how scores are drawn: `bar` (the default), `dot`, `radar`, `correlations`, `distributions`; an index is
    drawn as `framework`, scores by year as `ranks`. `regions` (any of their names) stand out; `part` draws one pillar
    or indicator, `top` the first so many regions; `stage` and `correlation` are those of `coherence`. An explanation is
    drawn as its tree, two regions as the steps from one score to the other, a knock-out as ranks that move, a network
    as nodes and edges, of which the largest `top` nodes have labels, admissible weights as a triangle or bars,
    two states as slopes, a change of a score as bars, samples drawn anew and draws of rules as intervals of ranks,
    sensitivity as bars.
    `lang` is `zh` or `en`, by default what ECOSYSTEM_LANG says; `width` is `column` (8.5 cm), `page` (17 cm) or a
    number of centimetres such as `8.9cm`, by default as usual for the picture: no text is smaller than 6 points.
    `figure.savefig(path)` writes it.

    UsageError for a kind or an option that is not there, and for what has no picture.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> figure = ecosystem.plot(scores, kind="dot", top=10, regions=["四川省"])
    >>> figure.savefig("scores.png")
    """
    lang = _language(lang)
    if isinstance(result, Index | Scores | Panel):
        usual = "framework" if isinstance(result, Index) else "bar" if isinstance(result, Scores) else "ranks"
        return index_figure(
            result, kind or usual, lang=lang, regions=regions, part=part, stage=stage, correlation=correlation, top=top,
            width=width,
        )  # fmt: skip
    name = type(result).__name__
    if not isinstance(result, Result | Linkage | Robust):
        hint = tr("scores, an index, explanations and knock-outs have one")
        raise UsageError(tr("{name} has no picture", name=name), hint=hint)
    given = {"kind": kind, "regions": regions, "part": part, "stage": stage, "correlation": correlation, "top": top}
    taken = ("top",) if isinstance(result, Linkage) else ()
    unused = [option for option, value in given.items() if value and option not in taken]
    if unused:
        message = tr("the picture of {name} has no {options}", name=name, options=", ".join(unused))
        raise UsageError(message, hint=tr("it takes {options} alone", options=together((*taken, "lang", "width"))))
    if isinstance(result, Linkage):
        return network_figure(drawing(describe(result)), labels=LABELS if top is None else top, lang=lang, width=width)
    match result:
        case WeightSpace():
            return SPACE.figure(result, lang=lang, width=width)
        case MissingCases():
            return CASES.figure(result, lang=lang, width=width)
        case ScoreChange():
            return CHANGE.figure(result, lang=lang, width=width)
        case ScoreChanges():
            return slopes_figure(result, lang=lang, width=width)
        case Resampling():
            return SAMPLE.figure(result, lang=lang, width=width)
        case Robustness() | Sensitivity():
            return DRAWS.figure(result, lang=lang, width=width)
        case LeftOut():
            return LEFT_OUT.figure(result, lang=lang, width=width)
        case _:
            return audit_figure(result, lang=lang, width=width)


def _language(lang: str | None) -> str:
    """The language of the words on a picture; UsageError where there is no such language."""
    if lang not in (None, "zh", "en"):
        raise UsageError(tr("there is no language {lang!r}", lang=lang), hint=tr("write zh or en"))
    return lang or one_language()
