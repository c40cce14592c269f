"""Ranks of scores and of data; over years the paths of both: compound growth, who comes in and who drops out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.method import Key, Method, Methods, table_of
from ecosystem.index.rules import DataTies, Ties
from ecosystem.messages import tr

UNRANKED = 0
"""The rank of a region without a score."""


def competition_ranks(scores: FloatArray, tolerance: float = 1e-9) -> IntArray:
    """Ranks along the last axis, 1 = highest; equal scores share the best rank and the next ranks stay empty (1 2 2 4).

    Equal: put in order, a score that is at most `tolerance` below the one before it has that one's rank. So two scores
    within `tolerance` never have different ranks, whatever their digits (rounding would part 0.0499... from 0.0500...).
    Scores must not be NaN.
    """
    if np.isnan(scores).any():
        raise ValueError("a score that is NaN has no rank")
    order = np.argsort(-scores, axis=-1)  # not stable: in what order equal scores stand does not touch their rank
    ordered = np.take_along_axis(scores, order, axis=-1)
    best = np.ones(scores.shape, dtype=np.int64)
    places = np.arange(2, scores.shape[-1] + 1)
    best[..., 1:] = np.where(ordered[..., :-1] - ordered[..., 1:] > tolerance, places, 1)
    ranks = np.empty_like(best)
    np.put_along_axis(ranks, order, np.maximum.accumulate(best, axis=-1), axis=-1)
    return ranks


def rank(scores: FloatArray, ties: Ties) -> IntArray:
    """Ranks along the last axis, 1 = highest, ties as declared; a score that is NaN has rank 0 and does not count.

    With `decimals` scores are compared as they are printed, as those of the Human Development Index are (UNDP).
    """
    if ties.decimals is not None:
        scores = np.round(scores, ties.decimals)
    absent = np.isnan(scores)
    some = bool(absent.any())
    filled = np.where(absent, -np.finfo(np.float64).max, scores) if some else scores
    ranks = TIES.find(ties.method).function(competition_ranks(filled, ties.tolerance))
    return np.where(absent, UNRANKED, ranks) if some else ranks


def rank_columns(scores: FloatArray, ties: Ties) -> IntArray:
    """Ranks of the regions in every column of `(..., regions, columns)`."""
    return np.swapaxes(rank(np.swapaxes(scores, -1, -2), ties), -1, -2)


def _squeezed(ranks: IntArray) -> IntArray:
    """Ranks without gaps: 1 2 2 4 -> 1 2 2 3."""
    order = np.argsort(ranks, axis=-1)
    ordered = np.take_along_axis(ranks, order, axis=-1)
    steps = np.concatenate([np.ones_like(ordered[..., :1]), ordered[..., 1:] > ordered[..., :-1]], axis=-1)
    dense = np.empty_like(ranks)
    np.put_along_axis(dense, order, np.cumsum(steps, axis=-1), axis=-1)
    return dense


def _worst_of_tie(ranks: IntArray) -> IntArray:
    """The last rank of every tie: 1 2 2 4 -> 1 3 3 4."""
    size: IntArray = (ranks[..., :, None] == ranks[..., None, :]).sum(axis=-1)
    return ranks + size - 1


Share: TypeAlias = Callable[[IntArray], IntArray]
"""Competition ranks made into those of another way to count after a tie."""

TIES: Methods[Method[Share]] = table_of(
    "way to rank ties",
    [
        Method("competition", lambda ranks: ranks, "1224：并列取最好名次，其后留空", "1 2 2 4", ("decimals",)),
        Method("modified", _worst_of_tie, "1334：并列取最差名次", "1 3 3 4", ("decimals",)),
        Method("dense", _squeezed, "1223：并列不留空", "1 2 2 3", ("decimals",)),
    ],
    [
        Key(
            "decimals",
            lambda rule: rule.decimals,
            lambda rule: (
                "" if rule.decimals is None else tr("scores rounded to {decimals} decimals", decimals=rule.decimals)
            ),
        )
    ],
)
"""Every way of `[ties]` to rank scores that are equal."""


def data_ranks(values: FloatArray, ties: DataTies = "min") -> FloatArray:
    """The rank of every value within its column of `(..., regions, columns)`, 1 = least; NaN where there is no value.

    Equal values share the least, the mean or the greatest of their ranks.
    """
    order = np.argsort(values, axis=-2, kind="stable")  # NaN stands last
    ordered = np.take_along_axis(values, order, axis=-2)
    size = values.shape[-2]
    places = np.arange(1, size + 1, dtype=np.float64)[:, None]
    new = np.ones(ordered.shape, np.bool_)
    new[..., 1:, :] = ordered[..., 1:, :] != ordered[..., :-1, :]
    last = np.ones(ordered.shape, np.bool_)
    last[..., :-1, :] = new[..., 1:, :]
    least = np.maximum.accumulate(np.where(new, places, 0.0), axis=-2)
    greatest = np.minimum.accumulate(np.where(last, places, size + 1.0)[..., ::-1, :], axis=-2)[..., ::-1, :]
    shared = {"min": least, "max": greatest, "average": (least + greatest) / 2}[ties]
    ranks = np.empty_like(values)
    np.put_along_axis(ranks, order, shared, axis=-2)
    ranked: FloatArray = np.where(np.isnan(values), np.nan, ranks)
    return ranked


def ranks(values: FloatArray, directions: FloatArray, ties: DataTies = "min") -> FloatArray:
    """The rank of every value in its column, n for the best of n; equal values share the least, mean or greatest rank.

    COINr `n_rank`. Missing values have no rank and do not count.
    """
    return data_ranks(values * directions, ties)


def borda(values: FloatArray, directions: FloatArray, ties: DataTies = "min") -> FloatArray:
    """The rank less 1: under the ties `min` the number of regions that a region beats. COINr `n_borda`."""
    return ranks(values, directions, ties) - 1


def percentile_rank(values: FloatArray, directions: FloatArray, ties: DataTies = "min") -> FloatArray:
    """The Borda score over the greatest possible one, 0 to 1; 0 where there is but one value. COINr `n_prank`."""
    rivals = (~np.isnan(values)).sum(axis=-2) - 1
    share: FloatArray = borda(values, directions, ties) / np.maximum(rivals, 1)[..., None, :]
    return share


def compound_growth(values: FloatArray, years: Sequence[int]) -> FloatArray:
    """The yearly growth `(...)` from the first to the last present value of `(years, ...)`: (last / first)^(1 / t) - 1.

    0 where the two are equal. NaN for fewer than two years, or where first and last are not both above 0: a growth rate
    from nothing is no number. COINr `CAGR`. Years may stand in any order.
    """
    order = np.argsort(np.asarray(years), kind="stable")
    ordered, axis = values[order], np.asarray(years, dtype=np.float64)[order]
    known = ~np.isnan(ordered)
    first, last = known.argmax(axis=0), len(axis) - 1 - known[::-1].argmax(axis=0)
    low = np.take_along_axis(ordered, first[None], axis=0)[0]
    high = np.take_along_axis(ordered, last[None], axis=0)[0]
    time = axis[last] - axis[first]
    sound = (time > 0) & (low > 0) & (high > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(sound, np.where(sound, high / low, 1.0) ** (1 / np.where(sound, time, 1.0)) - 1, np.nan)
    same = known.sum(axis=0) > 1
    grown: FloatArray = np.where(same & (low == high), 0.0, rate)
    return grown


def entries(ranks: IntArray) -> BoolArray:
    """Where a region is ranked in a year of `(years, regions)` and was not the year before; never in the first."""
    ranked = ranks > 0
    return np.concatenate([np.zeros_like(ranked[:1]), ranked[1:] & ~ranked[:-1]])


def exits(ranks: IntArray) -> BoolArray:
    """Where a region is not ranked in a year of `(years, regions)` and was the year before; never in the first."""
    ranked = ranks > 0
    return np.concatenate([np.zeros_like(ranked[:1]), ~ranked[1:] & ranked[:-1]])
