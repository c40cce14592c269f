"""Points of a Sobol' sequence, scrambled by a seed, and what a choice makes of its part of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaincinv
from scipy.stats import qmc

from ecosystem.index import Index
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.steps.grouping import Grouping
from ecosystem.robustness.choices import Choice, WeightNoise, WeightSimplex

GRID = 2.0**40
"""Weights of a draw are whole multiples of one over this, so that their sum is exactly 1 in whatever order."""
LEAST = 1e-12
"""The least number that a quantile is asked for: that of 0 would be no weight at all."""


def sobol_points(dimensions: int, draws: int, seed: int) -> FloatArray:
    """The first points `(draws, dimensions)` of a scrambled Sobol' sequence (Sobol' 1967; Owen 1998), in [0, 1)."""
    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    points: FloatArray = sequence.random_base2(max(draws - 1, 1).bit_length())[:draws]
    return points


def alternatives_of(points: FloatArray, count: int) -> IntArray:
    """Which of `count` alternatives each number of [0, 1) stands for."""
    places: IntArray = np.minimum((points * count).astype(np.int64), count - 1)
    return places


def parts_by_choice(points: FloatArray, choices: Sequence[Choice]) -> list[FloatArray]:
    """The columns of the points that belong to each choice."""
    ends = np.cumsum([choice.dimensions for choice in choices])
    return np.split(points, ends[:-1], axis=1)


def varied_shares(
    choice: WeightNoise | WeightSimplex, shares: FloatArray, points: FloatArray, index: Index, families: IntArray
) -> FloatArray:
    """Shares of the indicators `(D, K)` as the numbers `(D, n)` of a choice change them; `families` as `ancestors`."""
    if isinstance(choice, WeightSimplex):
        return _on_simplex(choice, shares, points, index, families)
    start = 0
    for level, size in zip(choice.levels, choice.sizes, strict=True):
        own = points[:, start : start + size]
        places = families[level - 1]
        factors = 1.0 + choice.spread * (2.0 * own - 1.0)
        shares = _as_before(shares * factors[:, places], shares, _against(index, level, families))
        start += size
    return shares


def _on_simplex(
    choice: WeightSimplex, shares: FloatArray, points: FloatArray, index: Index, families: IntArray
) -> FloatArray:
    places = families[choice.level - 1]
    parts = sums_by(shares, places)
    within = np.where(parts > 0, parts, 1.0)[:, places]
    inside = np.where(parts[:, places] > 0, shares / within, 1.0 / np.bincount(places)[places])
    shape: FloatArray = np.ones_like(parts)
    against = _against(index, choice.level, families)
    if choice.concentration is not None:
        whole = sums_by(shares, against)[:, against]
        local = np.divide(shares, whole, out=np.zeros_like(shares), where=whole > 0)
        shape = choice.concentration * sums_by(local, places)
    drawn = gammaincinv(np.maximum(shape, LEAST), np.maximum(points, LEAST))
    drawn = np.where(shape > 0, np.maximum(drawn, np.finfo(np.float64).tiny), 0.0)
    return _as_before(inside * drawn[:, places], shares, against)


def ancestors(index: Index, groupings: Sequence[Grouping]) -> IntArray:
    """The place at each level of the part over each indicator, `(levels, K)`: the first row is the indicators."""
    rows = [np.arange(len(index.leaves))]
    for by in groupings:
        rows.append(by.parents[rows[-1]])
    return np.stack(rows)


def _against(index: Index, level: int, families: IntArray) -> IntArray:
    """The group in which weights of a level stand against each other: the whole index, or the parts of one parent."""
    groups: IntArray = families[level if index.aggregation.weights == "local" else -1]
    return groups


def _as_before(new: FloatArray, old: FloatArray, groups: IntArray) -> FloatArray:
    """New shares, each group of which has the sum that it had."""
    made = sums_by(new, groups)
    shares: FloatArray = new * (sums_by(old, groups) / np.where(made > 0, made, 1.0))[:, groups]
    return shares


def sums_by(shares: FloatArray, groups: IntArray) -> FloatArray:
    """The sums `(D, groups)` of columns `(D, K)`."""
    member = (groups[:, None] == np.arange(int(groups.max()) + 1)).astype(np.float64)
    sums: FloatArray = shares @ member
    return sums


def on_grid(shares: FloatArray) -> FloatArray:
    """Shares `(D, K)` as multiples of 2^-40 (about 1e-12) that add up to exactly 1.

    Whoever sums or divides them by their sum then gets the same digits: a draw can be replayed from a file of weights.
    """
    rounded = np.round(shares / shares.sum(axis=1, keepdims=True) * GRID)
    largest = rounded.argmax(axis=1)
    rounded[np.arange(len(rounded)), largest] += GRID - rounded.sum(axis=1)
    on: FloatArray = rounded / GRID
    return on
