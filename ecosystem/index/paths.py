"""Scores over years: compound growth, the path of ranks, who comes in and who drops out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray


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
    there = ranks > 0
    return np.concatenate([np.zeros_like(there[:1]), there[1:] & ~there[:-1]])


def exits(ranks: IntArray) -> BoolArray:
    """Where a region is not ranked in a year of `(years, regions)` and was the year before; never in the first."""
    there = ranks > 0
    return np.concatenate([np.zeros_like(there[:1]), ~there[1:] & there[:-1]])
