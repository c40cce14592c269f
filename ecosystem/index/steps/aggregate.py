"""Scores of parts put together into the score of their parent: the means, and the table of them.

All take scores `(..., regions, parts)`, weights `(..., parts)` and the grouping of parts under parents, and give scores
`(..., regions, parents)`. Weights count in proportion to those of their siblings. A part that is NaN is passed over and
the weights of the others fill its place; a parent without any part is NaN. What a method cannot do (the geometric mean
of a zero, the harmonic mean of a zero, the coefficient of variation of a mean that is not positive) is NaN too, and the
engine refuses it in words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, median_of_present
from ecosystem.index.method import Key, Method, table_of
from ecosystem.index.rules import Aggregation, Normalisation
from ecosystem.index.steps.compromise import promethee, topsis, vikor
from ecosystem.index.steps.grouping import Grouping, count_parts, weigh_parts
from ecosystem.index.steps.ranges import (
    PartsReach,
    anywhere,
    between,
    of_distances,
    of_flows,
    of_mean,
    of_penalty,
    of_sum,
)
from ecosystem.messages import tr

Summing: TypeAlias = Callable[[FloatArray, FloatArray, Grouping], FloatArray]
"""Weighted sums of parts: `weigh_parts`, the same digits every time, or `weigh_parts_fast` for many sets of weights."""

WEIGHT_NOISE = 1e-12
"""Two sums of weights that differ by no more than this are equal."""


def weighted_total(parts: FloatArray, weights: FloatArray, by: Grouping, total: Summing = weigh_parts) -> FloatArray:
    """Weights times scores, summed; a part that is missing adds nothing, see `left_over`."""
    present = ~np.isnan(parts)
    if present.all():
        return total(parts, weights, by)
    sums = total(np.where(present, parts, 0.0), weights, by)
    return np.where(_any(present, by), sums, np.nan)


def left_over(present: BoolArray, weights: FloatArray, by: Grouping, total: Summing = weigh_parts) -> FloatArray:
    """How many times as much the parts that are there count in a sum, since the missing ones leave them their weight.

    The weight of all parts of a parent over that of its present ones, `(..., regions, parents)`; NaN where that is 0.
    With it a sum is the mean of the parts that are there times the weight of all, as `skip` promises.
    """
    whole = total(np.ones((1, present.shape[-1])), weights, by)
    there = total(present.astype(np.float64), weights, by)
    with np.errstate(divide="ignore", invalid="ignore"):
        times: FloatArray = np.where(there > 0, whole / there, np.nan)
    return times


def arithmetic_mean(parts: FloatArray, weights: FloatArray, by: Grouping, total: Summing = weigh_parts) -> FloatArray:
    """sum(w x) / sum(w). OECD/JRC (2008), step 6; COINr `a_amean`."""
    return _mean(parts, weights, by, total)


def geometric_mean(parts: FloatArray, weights: FloatArray, by: Grouping, total: Summing = weigh_parts) -> FloatArray:
    """exp(sum(w log x) / sum(w)), for scores above 0; NaN where one is not. COINr `a_gmean`, UNDP HDI."""
    low = parts <= 0
    logs = np.log(np.where(low, 1.0, parts))
    return _without(low, by, np.exp(_mean(logs, weights, by, total)))


def harmonic_mean(parts: FloatArray, weights: FloatArray, by: Grouping, total: Summing = weigh_parts) -> FloatArray:
    """sum(w) / sum(w / x), for scores above 0; NaN where one is not.

    COINr `a_hmean` refuses a zero alone and goes on with negative scores, where the mean may lie outside its parts.
    """
    low = parts <= 0
    inverse = 1.0 / np.where(low, 1.0, parts)
    return _without(low, by, 1.0 / _mean(inverse, weights, by, total))


def generalised_mean(
    parts: FloatArray, weights: FloatArray, by: Grouping, power: float, total: Summing = weigh_parts
) -> FloatArray:
    """(sum(w x^p) / sum(w))^(1/p), for p = 0 the geometric mean. NaN where a score is negative, or 0 for p < 0.

    COINr `a_genmean`, which is NaN for every region with a missing part; here the other parts count.
    """
    if power == 0:
        return geometric_mean(parts, weights, by, total)
    low = parts <= 0 if power < 0 else parts < 0
    powers = np.where(low, 1.0, parts) ** power
    return _without(low, by, _mean(powers, weights, by, total) ** (1 / power))


def median(parts: FloatArray, by: Grouping) -> FloatArray:
    """The median of the parts; weights do not count."""
    columns = [median_of_present(parts[..., by.parts_of(parent)], axis=-1) for parent in range(len(by.starts))]
    return np.stack(columns, axis=-1)


def mazziotta_pareto(
    parts: FloatArray,
    weights: FloatArray,
    by: Grouping,
    penalty: int = -1,
    *,
    sample: bool = False,
    total: Summing = weigh_parts,
) -> FloatArray:
    """M + penalty S^2 / M: the mean of a region's parts, less (or plus) its spread times its coefficient of variation.

    On z-scores of mean 100 and sd 10 it is the Mazziotta-Pareto index, on the scale `ampi` the adjusted one (Mazziotta
    and Pareto 2013, 2016), whose S divides by the number of parts; `sample` divides by one less, as Compind `ci_mpi`
    does (its `ci_ampi` does not). Equal weights are theirs; others weigh mean and spread alike. NaN where M is not
    above 0: then the penalty would turn its sign.
    """
    mean = _mean(parts, weights, by, total)
    off = parts - mean[..., by.parents]
    variance = _mean(off * off, weights, by, total)
    if sample:
        count = count_parts(~np.isnan(parts), by)
        variance = np.where(count > 1, variance * count / np.maximum(count - 1, 1), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(mean > 0, mean + penalty * variance / mean, np.nan)


def copeland(parts: FloatArray, weights: FloatArray, by: Grouping) -> FloatArray:
    """The regions that a region outranks less those that outrank it.

    One outranks another when the weight of the parts in which it is better is the greater; a tie is 0. A part counts
    for a pair when both have it (COINr `a_copeland` gives a missing part to neither but lets the upper triangle alone
    speak, so the order of the regions matters; without missing values the two are equal). Munda (2008); Saisana and
    Saltelli.
    """
    scores = []
    for parent in range(len(by.starts)):
        places = by.parts_of(parent)
        columns, own = parts[..., places], weights[..., places]
        lead = np.zeros((*np.broadcast_shapes(columns.shape[:-2], own.shape[:-1]), *[parts.shape[-2]] * 2))
        for at in range(len(places)):
            better = _sign(columns[..., :, None, at], columns[..., None, :, at])
            lead += better * own[..., at, None, None]
        noise = WEIGHT_NOISE * own.sum(axis=-1)[..., None, None]
        ahead = np.where(np.abs(lead) <= noise, 0.0, np.sign(lead)).sum(axis=-1)
        scores.append(np.where(np.isnan(columns).all(axis=-1), np.nan, ahead))
    return np.stack(scores, axis=-1)


def _sign(one: FloatArray, other: FloatArray) -> FloatArray:
    """1 where one is greater, -1 where it is less, 0 where they are equal or one is missing."""
    return (one > other).astype(np.float64) - (one < other)


def _mean(parts: FloatArray, weights: FloatArray, by: Grouping, total: Summing) -> FloatArray:
    present = ~np.isnan(parts)
    if present.all():
        sums, whole = total(parts, weights, by), total(np.ones((1, parts.shape[-1])), weights, by)
    else:
        sums, whole = total(np.where(present, parts, 0.0), weights, by), total(present.astype(np.float64), weights, by)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean: FloatArray = np.where(whole > 0, sums / whole, np.nan)
    return mean


def _without(bad: BoolArray, by: Grouping, scores: FloatArray) -> FloatArray:
    """Scores with NaN where a part is one that the method cannot take."""
    return np.where(_any(bad, by), np.nan, scores) if bad.any() else scores


def _any(flags: BoolArray, by: Grouping) -> BoolArray:
    found: BoolArray = count_parts(flags, by) > 0
    return found


Aggregate: TypeAlias = Callable[[FloatArray, FloatArray, Grouping, Aggregation, Summing], FloatArray]
"""The scores of the parents from those of the parts, their weights, the grouping, the rule and the way to sum."""

ABOVE_ZERO = {"minmax": Normalisation("minmax", 1.0, 100.0), "zscore": Normalisation("zscore", mean=100.0, sd=10.0)}
MAZZIOTTA_PARETO = ABOVE_ZERO | {"minmax": Normalisation("minmax", 70.0, 130.0)}


@dataclass(frozen=True, slots=True)
class Aggregator(Method[Aggregate]):
    """An aggregation.

    `adds`: where the score is a `sum` of weighted parts or their `mean`, so that what each brings can be told;
    `refuses_zero`: a part that scores 0 leaves it undefined; `scales`: the rule that a normalisation changed together
    with it takes, by the normalisation's name, so that scores suit it; `reach`: the range of a parent's scores.
    """

    adds: Literal["sum", "mean"] | None = None
    refuses_zero: bool = False
    scales: Mapping[str, Normalisation] = field(default_factory=dict)
    reach: PartsReach = anywhere


AGGREGATIONS = table_of(
    "aggregation",
    [
        # by then the parts are weighted: they are multiplied by their shares before the first level
        Aggregator(
            "weighted_sum", lambda x, w, by, _, total: weighted_total(x, np.ones_like(w), by, total),
            "加权求和", "indicators times their shares of the whole index, added level by level", adds="sum",
            reach=of_sum,
        ),
        Aggregator(
            "amean", lambda x, w, by, _, total: arithmetic_mean(x, w, by, total),
            "算术平均", "Σ w x / Σ w", coinr="a_amean", adds="mean", reach=of_mean,
        ),
        Aggregator(
            "gmean", lambda x, w, by, _, total: geometric_mean(x, w, by, total),
            "几何平均", "exp(Σ w log x / Σ w)", undefined="the geometric mean needs scores above 0", coinr="a_gmean",
            refuses_zero=True, scales=ABOVE_ZERO, reach=between,
        ),
        Aggregator(
            "hmean", lambda x, w, by, _, total: harmonic_mean(x, w, by, total),
            "调和平均", "Σ w / Σ (w / x)", undefined="the harmonic mean needs scores above 0", coinr="a_hmean",
            refuses_zero=True, scales=ABOVE_ZERO, reach=between,
        ),
        Aggregator(
            "genmean", lambda x, w, by, rule, total: generalised_mean(x, w, by, rule.power, total),
            "广义平均", "(Σ w x^p / Σ w)^(1 / p), p = `power`; p = 0 is `gmean`", ("power",),
            "the generalised mean needs scores of at least 0, and above 0 for a negative power", "a_genmean",
            scales=ABOVE_ZERO, reach=between,
        ),
        Aggregator(
            "median", lambda x, w, by, rule, total: median(x, by),
            "中位数", "the middle part; weights do not count", reach=between,
        ),
        Aggregator(
            "copeland", lambda x, w, by, rule, total: copeland(x, w, by),
            "科普兰计分",
            "regions outranked minus those that outrank it, by the greater weight of the parts in which one is better",
            coinr="a_copeland",
        ),
        Aggregator(
            "topsis", lambda x, w, by, rule, total: topsis(x, w, by),
            "优劣解距离法", "D- / (D- + D+), distances from the worst and the best scores among the regions",
            reach=of_distances,
        ),
        Aggregator(
            "vikor", lambda x, w, by, rule, total: vikor(x, w, by, rule.v),
            "多准则妥协解排序法",
            "1 - Q, Q the mean (weight `v`) and the greatest (1 - `v`) lag behind the best, each on 0 to 1",
            ("v",), reach=of_distances,
        ),
        Aggregator(
            "promethee", lambda x, w, by, rule, total: promethee(x, w, by, rule.preference, rule.threshold),
            "偏好顺序结构评估法 II",
            "net flow: mean preference over the others minus theirs; `linear`: differences over `threshold`, at most 1",
            ("preference", "threshold"), reach=of_flows,
        ),
        Aggregator(
            "mpi",
            lambda x, w, by, rule, total: mazziotta_pareto(x, w, by, rule.penalty, sample=rule.sample, total=total),
            "马齐奥塔—帕雷托指数", 'M - S² / M, M and S mean and sd of the parts; `penalty = "plus"` adds',
            ("penalty", "sample"), "the Mazziotta-Pareto index needs a mean above 0", scales=MAZZIOTTA_PARETO,
            reach=of_penalty,
        ),
        Aggregator(
            "sum", lambda x, w, by, _, total: weighted_total(x, w, by, total), "求和", "Σ w x", adds="sum",
            reach=of_sum,
        ),
    ],
    [
        Key("power", lambda rule: rule.power, lambda rule: tr("power {power:g}", power=rule.power)),
        Key(
            "penalty",
            lambda rule: "plus" if rule.penalty > 0 else "minus",
            lambda rule: tr("penalty added") if rule.penalty > 0 else tr("penalty subtracted"),
        ),
        Key("sample", lambda rule: rule.sample),
        Key("v", lambda rule: rule.v, lambda rule: tr("v {v:g}", v=rule.v)),
        Key(
            "preference", lambda rule: rule.preference,
            lambda rule: tr("preference {function}", function=rule.preference),
        ),
        Key(
            "threshold", lambda rule: rule.threshold,
            lambda rule: "" if rule.threshold is None else tr("threshold {threshold:g}", threshold=rule.threshold),
        ),
    ],
)  # fmt: skip
"""Every aggregation of `[aggregation]` and `--aggregate`."""


def combine(
    method: str,
    parts: FloatArray,
    weights: FloatArray,
    by: Grouping,
    rule: Aggregation,
    total: Summing = weigh_parts,
) -> FloatArray:
    """The scores of the parents by one of the methods; `weighted_sum` here is the sum of parts that are weighted."""
    return AGGREGATIONS.find(method).function(parts, weights, by, rule, total)
