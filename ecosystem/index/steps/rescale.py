"""The last step: scores of the index and of its pillars brought onto the scale on which they are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.index.method import Key, Method, table_of
from ecosystem.index.rules import Rescaling
from ecosystem.index.steps.ranges import UNBOUNDED, Range
from ecosystem.index.steps.rank import percentile_rank
from ecosystem.messages import tr


@dataclass(frozen=True, slots=True, eq=False)
class Rescaled:
    """Scores `(..., regions, parts)` after the last step, NaN throughout a part for which it is undefined.

    Where the step is a line they are `slope` x score + `shift`, `(..., parts)` each, so that what an indicator brings
    to the score is its points times the slope; otherwise both are NaN.
    """

    scores: FloatArray
    slope: FloatArray
    shift: FloatArray


Rescale: TypeAlias = Callable[[FloatArray, Rescaling], Rescaled]
"""What a rule makes of scores `(..., regions, parts)`, each part over the regions that have a score."""


def unchanged(scores: FloatArray, rule: Rescaling) -> Rescaled:
    """The scores as they are."""
    shape = scores.shape[:-2] + scores.shape[-1:]
    return Rescaled(scores, np.ones(shape), np.zeros(shape))


def share_of_best(scores: FloatArray, rule: Rescaling) -> Rescaled:
    """x / max x `best`: the best region has exactly `best`. Undefined where no score is above 0."""
    return _over(scores, np.fmax.reduce(scores, axis=-2), rule.best)


def share_of_mean(scores: FloatArray, rule: Rescaling) -> Rescaled:
    """x / mean x `mean`: the mean of the regions has `mean`. Undefined where the mean is not above 0."""
    present = ~np.isnan(scores)
    count = present.sum(axis=-2)
    whole = np.where(present, scores, 0.0).sum(axis=-2) / np.maximum(count, 1)
    return _over(scores, np.where(count > 0, whole, np.nan), rule.mean)


def _over(scores: FloatArray, whole: FloatArray, full: float) -> Rescaled:
    sound = np.where(whole > 0, whole, np.nan)
    return Rescaled(scores / sound[..., None, :] * full, full / sound, np.where(whole > 0, 0.0, np.nan))


def onto_range(scores: FloatArray, rule: Rescaling) -> Rescaled:
    """lower + (x - min) / (max - min) x (upper - lower). Undefined where all scores are equal."""
    least, most = np.fmin.reduce(scores, axis=-2), np.fmax.reduce(scores, axis=-2)
    span = np.where(most > least, most - least, np.nan)
    made = rule.lower + (scores - least[..., None, :]) / span[..., None, :] * (rule.upper - rule.lower)
    slope = (rule.upper - rule.lower) / span
    return Rescaled(made, slope, rule.lower - slope * least)


def percentile(scores: FloatArray, rule: Rescaling) -> Rescaled:
    """The share of the other regions that have a lower score, in per cent. Undefined for a single region."""
    enough = (~np.isnan(scores)).sum(axis=-2) > 1
    made = 100.0 * percentile_rank(scores, np.ones(scores.shape[-1]))
    nothing = np.full(enough.shape, np.nan)
    return Rescaled(np.where(enough[..., None, :], made, np.nan), nothing, nothing.copy())


@dataclass(frozen=True, slots=True)
class Rescaler(Method[Rescale]):
    """A last step. `reach`: the range of the scores that it makes, from that of those that it is given.

    `straight`: it is a line, under which contributions still add up.
    """

    reach: Callable[[Rescaling, Range], Range] = lambda rule, part: part
    straight: bool = True


def _share_reach(rule: Rescaling, part: Range) -> Range:
    return (0.0 if part[0] >= 0 else UNBOUNDED[0], rule.best)


RESCALINGS = table_of(
    "last step",
    [
        Rescaler("none", unchanged, "不换算", "x"),
        Rescaler(
            "share_of_best", share_of_best, "与最高分之比", "x / max x `best`", ("best",),
            "no region has a score above 0", reach=_share_reach,
        ),
        Rescaler(
            "share_of_mean", share_of_mean, "与平均分之比", "x / mean x `mean`", ("mean",),
            "the mean of the regions is not above 0",
            reach=lambda _, part: (0.0 if part[0] >= 0 else UNBOUNDED[0], UNBOUNDED[1]),
        ),
        Rescaler(
            "minmax", onto_range, "得分极差换算", "(x - min) / (max - min), onto `range`", ("range",),
            "all regions have the same score", reach=lambda rule, _: (rule.lower, rule.upper),
        ),
        Rescaler(
            "percentile", percentile, "百分位", "the share of the other regions with a lower score, in per cent",
            undefined="only one region has a score", reach=lambda *_: (0.0, 100.0), straight=False,
        ),
    ],
    [
        Key("best", lambda rule: rule.best, lambda rule: tr("the best has {best:g}", best=rule.best), argument="100"),
        Key("mean", lambda rule: rule.mean, lambda rule: tr("the mean has {mean:g}", mean=rule.mean), argument="100"),
        Key(
            "range", lambda rule: [rule.lower, rule.upper], lambda rule: f"{rule.lower:g}-{rule.upper:g}",
            argument="0,100",
        ),
    ],
)  # fmt: skip
"""Every last step of `[rescaling]` and `--rescale`."""
