"""Ranked regions put into tiers: by quantile, by natural breaks, by clusters over columns, or by printed cut points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.method import Key, Method, Methods, table_of
from ecosystem.index.rules import Tiering
from ecosystem.index.steps.clusters import SEED, STARTS, Clusters, clusters
from ecosystem.messages import tr, tr_later

NO_TIER = 0


@dataclass(frozen=True, slots=True, eq=False)
class Tiers:
    """The tier of every score, 1 for the highest, 0 for a score that is missing; and the cuts between tiers.

    `cuts` `(count - 1,)`: the least score of every tier but the last, the highest first. Equal scores are in one tier.
    Tiers that are `clusters` over columns have no cuts, and the numbers of the clusters are those of the tiers less 1.
    """

    of: IntArray
    cuts: FloatArray
    clusters: Clusters | None = None


def tier(scores: FloatArray, rule: Tiering, columns: FloatArray | None = None) -> Tiers:
    """The tiers of scores `(regions,)`, or, by a rule `on` columns, of `columns` `(regions, n)`.

    Clusters are tiers by the mean score of their regions, the highest first; a region that lacks its score or a value
    has no tier. InputError where there are fewer different scores, or rows, than tiers asked for.
    """
    method = TIERS.find(rule.method)
    if rule.on != "scores" and columns is not None:
        return _of_clusters(scores, columns, rule.count)
    present = scores[~np.isnan(scores)]
    different = len(np.unique(present))
    if "count" in method.keys and different < rule.count:
        hint = tr("choose fewer tiers")
        raise InputError(
            tr("{different} different scores cannot make {count} tiers", different=different, count=rule.count),
            hint=hint,
        )
    return _at(scores, method.function(present, rule))


def _of_clusters(scores: FloatArray, columns: FloatArray, count: int) -> Tiers:
    """Clusters numbered by their mean score, the highest first."""
    found = clusters(np.where(np.isnan(scores)[:, None], np.nan, columns), count)
    inside = found.of >= 0
    sizes = np.bincount(found.of[inside], minlength=count)
    order = np.argsort(-np.bincount(found.of[inside], scores[inside], count) / sizes, kind="stable")
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    of = np.where(inside, place[found.of], -1)
    return Tiers(of + 1, np.empty(0), replace(found, of=of, means=found.means[order]))


def quantile_cuts(scores: FloatArray, count: int) -> FloatArray:
    """The least scores of the upper tiers, each tier holding as near to the same number of scores as ties allow.

    Tier t ends with the score of rank ceil(n t / count), and with all that equal it.
    """
    ordered = np.sort(scores)[::-1]
    ends = -(-len(ordered) * np.arange(1, count) // count) - 1
    cuts: FloatArray = ordered[ends]
    return cuts


def natural_breaks(scores: FloatArray, count: int) -> FloatArray:
    """The least scores of the upper tiers, such that the squares within tiers sum to the least that is possible.

    Fisher's (1958) exact partition of ordered values, which Jenks' natural breaks and k-means in one dimension are;
    solved by dynamic programming over the different scores, so that equal ones stay together and no start can go wrong.
    """
    values, times = np.unique(scores, return_counts=True)
    cost = _costs(values - values.mean(), times.astype(np.float64))
    best = cost[0].copy()
    choice = []
    for _ in range(1, count):
        # candidate[a, b]: the tiers before end at a - 1, the last runs from a to b
        candidate = np.concatenate([[np.inf], best[:-1]])[:, None] + cost
        first = candidate.argmin(axis=0)
        choice.append(first)
        best = candidate[first, np.arange(len(values))]
    starts, end = [], len(values) - 1
    for first in reversed(choice):
        starts.append(int(first[end]))
        end = starts[-1] - 1
    cuts: FloatArray = values[np.array(starts)]
    return cuts


def _costs(values: FloatArray, times: FloatArray) -> FloatArray:
    """The squares about the mean of the values from a to b, `(a, b)`; infinite for b before a."""
    weight, first, second = (np.concatenate([[0.0], np.cumsum(times * values**power)]) for power in (0, 1, 2))
    count, total, square = (sums[None, 1:] - sums[:-1, None] for sums in (weight, first, second))
    with np.errstate(divide="ignore", invalid="ignore"):
        cost = np.maximum(square - total**2 / count, 0.0)
    return np.where(np.tri(len(values), k=-1, dtype=np.bool_), np.inf, cost)


def _at(scores: FloatArray, cuts: FloatArray) -> Tiers:
    below = (scores[:, None] < cuts[None, :]).sum(axis=1)
    return Tiers(np.where(np.isnan(scores), NO_TIER, below + 1), cuts)


Cut: TypeAlias = Callable[[FloatArray, Tiering], FloatArray]
"""The cuts `(count - 1,)` between the tiers of the scores that are present, the highest first."""

_BASES = {
    "pillars": tr_later("clusters over the scores of the pillars, {starts} starts, seed {seed}"),
    "indicators": tr_later("clusters over the normalised indicators, {starts} starts, seed {seed}"),
}


def basis_words(rule: Tiering) -> str:
    """What clusters are made over, and how; "" for tiers of the score alone."""
    return tr(_BASES[rule.on], starts=STARTS, seed=SEED) if rule.on in _BASES else ""


_TOO_MANY = "there are fewer different scores than tiers"
TIERS: Methods[Method[Cut]] = table_of(
    "way to make tiers",
    [
        Method(
            "quantile", lambda scores, rule: quantile_cuts(scores, rule.count), "分位数",
            "as near to equal numbers as ties allow", ("count",), _TOO_MANY,
        ),
        Method(
            "jenks", lambda scores, rule: natural_breaks(scores, rule.count), "自然断点",
            "the tiers with the least squared differences within, found exactly", ("count",), _TOO_MANY,
        ),
        Method(
            "kmeans", lambda scores, rule: natural_breaks(scores, rule.count), "K 均值",
            "the same exact tiers, which k-means in one dimension looks for; on pillars or indicators, clusters",
            ("count", "on"), _TOO_MANY,
        ),
        Method(
            "cuts", lambda _, rule: np.array(rule.cuts), "给定分界", "given cut points, the highest first", ("cuts",)
        ),
    ],
    [
        Key(
            "count", lambda rule: rule.count, lambda rule: str(rule.count),
            "needs the number of tiers: add count = 4", "5",
        ),
        Key(
            "cuts", lambda rule: list(rule.cuts), lambda rule: ", ".join(f"{cut:g}" for cut in rule.cuts),
            "needs cuts, the least score of each tier but the last, the highest first", "60,40",
        ),
        Key("on", lambda rule: None if rule.on == "scores" else rule.on, basis_words),
    ],
)  # fmt: skip
"""Every way of `[tiers]` and `--tiers` to part the ranked regions."""
