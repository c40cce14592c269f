"""Ranks of many variants: sorted anew only where the order of the regions may have changed."""

from __future__ import annotations

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.rank import competition_ranks


def ranks(scores: FloatArray, base: FloatArray, tolerance: float) -> IntArray:
    """The ranks (variants, R) of scores (variants, R) that are variants of the scores `base` (R,)."""
    found = np.tile(competition_ranks(base, tolerance), (len(scores), 1))
    moved = np.flatnonzero(~keeps_order(scores, base, tolerance))
    if len(moved):
        found[moved] = competition_ranks(scores[moved], tolerance)
    return found


def keeps_order(scores: FloatArray, base: FloatArray, tolerance: float) -> BoolArray:
    """True (variants,) where the ranks are surely those of `base`; false where they are, or may be, others.

    In the order of `base`, ties stay far closer than the tolerance (together, at most a quarter of it), and steps stay
    wider than twice the tolerance: then no sorting can part the ones or join the others.
    """
    order = np.argsort(-base, kind="stable")
    tied = base[order][:-1] - base[order][1:] <= tolerance
    close = tolerance / (4 * max(len(base), 1))
    least, most = np.where(tied, -close, 2 * tolerance), np.where(tied, close, np.inf)
    ordered = np.take(scores, order, axis=1)
    steps = ordered[:, :-1] - ordered[:, 1:]
    return np.asarray(((steps >= least) & (steps <= most)).all(axis=1))
