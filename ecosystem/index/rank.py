"""Ranks from scores."""

from __future__ import annotations

import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray


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
