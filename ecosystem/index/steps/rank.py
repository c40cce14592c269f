"""Ranks from scores."""

from __future__ import annotations

import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.rules import DataTies, Ties

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
    """Ranks along the last axis, 1 = highest, ties as declared; a score that is NaN has rank 0 and does not count."""
    absent = np.isnan(scores)
    some = bool(absent.any())
    filled = np.where(absent, -np.finfo(np.float64).max, scores) if some else scores
    ranks = competition_ranks(filled, ties.tolerance)
    if ties.method == "dense":
        ranks = _squeezed(ranks)
    elif ties.method == "modified":
        ranks = _worst_of_tie(ranks)
    return np.where(absent, UNRANKED, ranks) if some else ranks


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
