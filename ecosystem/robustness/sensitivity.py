"""Which choice moves the ranks: Sobol' indices of the shift of ranks, or of one region's score or rank."""

from __future__ import annotations

import numpy as np

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.robustness.choices import Vary, choices_of
from ecosystem.robustness.draw import check_memory, draw
from ecosystem.robustness.rank_intervals import USUAL_DRAWS, check_seed
from ecosystem.robustness.sensitivity_result import Of, Sensitivity
from ecosystem.robustness.sobol_indices import power_of_two, sample_size, sobol_indices
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of

USUAL_SENSITIVITY = ("weights:0.25", "normalise:minmax,zscore")
"""What varies where nothing is said: at least two choices."""


def sensitivity(
    scores: Scores,
    vary: Vary = USUAL_SENSITIVITY,
    draws: int = USUAL_DRAWS,
    seed: int = 1,
    *,
    of: str | None = None,
) -> Sensitivity:
    """Which choice moves the ranks: first-order, total and second-order Sobol' indices with 95 % intervals.

    `vary` as `robustness`; every term is one input, all the weights of a term together. `of` is a region for its score,
    `REGION:rank` for its rank; without it the mean over all regions of |rank - rank without variation|. The base sample
    is `draws` rounded up to a power of two, and the index is scored 2 (choices) + 2 times as often (Saltelli 2002).

    UsageError as `robustness`, for fewer than two choices, or for a region that is not ranked; InputError where more
    than a tenth of the sample is undefined.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> found = ecosystem.sensitivity(scores, ["weights:0.25", "normalise:minmax,prank"], draws=64)
    >>> found.choices()["choice"].tolist()
    ['weights', 'normalise']
    """
    check_seed(seed)
    choices = choices_of(vary, scores.index)
    kind, region = _output(scores, of)
    dimensions = sum(choice.dimensions for choice in choices)
    check_memory(draws, 1, 1)
    base = power_of_two(draws)
    every = sample_size(base, len(choices))
    check_memory(every, len(scores.standing.regions), 2 * dimensions + len(scores.index.leaves))
    reasons: dict[str, None] = {}
    outputs: list[FloatArray] = []

    def function(points: FloatArray) -> FloatArray:
        level, auxiliary = scores.level, scores.auxiliary
        drawn = draw(scores.index, scores.standing.raw, choices, points, level=level, auxiliary=auxiliary)
        reasons.update(dict.fromkeys(drawn.undefined.values()))
        values = _value(scores, kind, region, drawn.ranks, drawn.scores)
        outputs.append(np.where(drawn.defined, values, np.nan))
        return outputs[-1]

    indices = sobol_indices(function, [(choice.name, choice.dimensions) for choice in choices], base, seed)
    mean, sd = float(np.nanmean(outputs[-1])), float(np.nanstd(outputs[-1]))
    return Sensitivity(scores, choices, seed, kind, region, indices, mean, sd, tuple(reasons))


def _output(scores: Scores, of: str | None) -> tuple[Of, str | None]:
    """Which output a text means: `四川省`, `四川省:rank`; without one the shift of all ranks."""
    if of is None:
        return "shift", None
    name, _, kind = of.replace("：", ":").partition(":")
    if kind not in ("", "score", "rank"):
        message = tr("a region has a score and a rank, not {what!r}", what=kind)
        raise UsageError(message, hint=tr("write REGION, REGION:score or REGION:rank"))
    known = {
        text: region
        for region in scores.standing.regions
        for names in (names_of(scores, region),)
        for text in (names.en, names.zh, region)
    }
    if name not in known:
        raise UsageError(tr("{region!r} is no ranked region", region=name), hint=did_you_mean(name, known))
    region = known[name]
    if scores.standing.overall_rank[scores.standing.regions.index(region)] == 0:
        raise UsageError(tr("{region} has no score", region=name), hint=tr("choose a region that is ranked"))
    return ("rank" if kind == "rank" else "score"), region


def _value(scores: Scores, kind: Of, region: str | None, ranks: IntArray, overall: FloatArray) -> FloatArray:
    """The output of every draw, `(D,)`."""
    if region is not None:
        at = scores.standing.regions.index(region)
        return overall[:, at] if kind == "score" else np.where(ranks[:, at] > 0, ranks[:, at], np.nan)
    nominal = scores.standing.overall_rank
    both = (ranks > 0) & (nominal > 0)
    shift = np.where(both, np.abs(ranks - nominal), 0).sum(axis=1)
    mean: FloatArray = shift / np.maximum(both.sum(axis=1), 1)
    return mean
