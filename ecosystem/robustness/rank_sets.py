"""Confidence sets for ranks: which ranks a region can have, given how uncertain the differences of scores are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray

CELLS = 200_000
"""Differences of scores that are held at once."""
CERTAIN = 1e-12
"""A difference whose variance is at most this share of those of its parts never varies: the rest is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class RankSets:
    """The least and the greatest rank `low`, `high` (R,) of each region, 1 the highest score; 0 for one without."""

    low: IntArray
    high: IntArray


def simultaneous_sets(scores: FloatArray, draws: FloatArray, coverage: float, *, stepdown: bool = True) -> RankSets:
    """Sets that hold the true ranks of all regions at once with probability `coverage`, from `draws` (B, R) of scores.

    Mogstad, Romano, Shaikh and Wilhelm (2024, Inference for ranks, Review of Economic Studies 91, 476-518), two-sided:
    for each ordered pair "r is not above s" is rejected where (score r - score s) / se exceeds a critical value, the
    `coverage` quantile over the draws of the greatest such ratio, each draw centred at the scores; rejected pairs leave
    the family and the quantile is taken anew until no more is rejected (Romano and Wolf 2005; not without `stepdown`).
    A region has at least as many above it as are surely above it, and at most all but those surely below it. `se` is
    the standard deviation of the difference over the draws; a difference that never varies is certain.
    """
    there = _ranked(scores, draws)
    family = ~np.eye(len(there), dtype=np.bool_)
    above = _Differences(scores[there], draws[:, there]).rejected(family, coverage, stepdown)
    return _sets(len(scores), there, above.sum(axis=0), above.sum(axis=1))


def marginal_sets(scores: FloatArray, draws: FloatArray, coverage: float, *, stepdown: bool = True) -> RankSets:
    """For each region on its own a set that holds its true rank with probability `coverage`; see `simultaneous_sets`.

    The family of a region are its differences from the others, both ways: these sets are never wider.
    """
    there = _ranked(scores, draws)
    differences = _Differences(scores[there], draws[:, there])
    above, below = np.zeros(len(there), np.int64), np.zeros(len(there), np.int64)
    for own in range(len(there)):
        family = np.zeros((len(there), len(there)), dtype=np.bool_)
        family[own] = family[:, own] = True
        family[own, own] = False
        found = differences.rejected(family, coverage, stepdown)
        above[own], below[own] = found[:, own].sum(), found[own].sum()
    return _sets(len(scores), there, above, below)


def _ranked(scores: FloatArray, draws: FloatArray) -> IntArray:
    """The places of the regions with a score, in the whole and in every draw."""
    return np.flatnonzero(~np.isnan(scores) & ~np.isnan(draws).any(axis=0))


def _sets(regions: int, there: IntArray, above: IntArray, below: IntArray) -> RankSets:
    """The sets from the numbers of regions that are surely above and surely below each one that is ranked."""
    low, high = np.zeros(regions, np.int64), np.zeros(regions, np.int64)
    low[there], high[there] = above + 1, len(there) - below
    return RankSets(low, high)


class _Differences:
    """The differences of all scores, each over its standard error, and by how much they vary over the draws."""

    def __init__(self, scores: FloatArray, draws: FloatArray) -> None:
        self.centred = np.ascontiguousarray((draws - scores).T)
        covariance = np.atleast_2d(np.cov(draws, rowvar=False))
        variances = np.diag(covariance)
        spread = variances[:, None] + variances[None, :] - 2 * covariance
        scale = variances[:, None] + variances[None, :]
        self.errors = np.sqrt(np.where(spread > CERTAIN * scale, spread, 0.0))
        difference = scores[:, None] - scores[None, :]
        certain = np.where(np.abs(difference) > CERTAIN, np.copysign(np.inf, difference), 0.0)
        # scores that never part have no ratio: their order is certain, or they are equal
        self.ratios = np.divide(difference, self.errors, out=certain, where=self.errors > 0)

    def rejected(self, family: BoolArray, coverage: float, stepdown: bool) -> BoolArray:
        """Of a family of ordered pairs (r, s), a symmetric matrix, those in which r is surely above s."""
        found = family & np.isposinf(self.ratios)
        left = family & (self.errors > 0)
        while left.any():
            new = left & (self.ratios > self._critical(left, coverage))
            found |= new
            left &= ~new
            if not (stepdown and new.any()):
                break
        return found

    def _critical(self, family: BoolArray, coverage: float) -> float:
        """The quantile over the draws of the greatest ratio of a family of ordered pairs."""
        both = np.triu(family & family.T)
        greatest = np.full(self.centred.shape[1], -np.inf)
        for pairs, two_sided in ((both, True), (family & ~family.T, False)):
            first, second = np.nonzero(pairs)
            step = max(1, CELLS // len(greatest))
            for start in range(0, len(first), step):
                one, other = first[start : start + step], second[start : start + step]
                ratios = self.centred[one]
                ratios -= self.centred[other]
                ratios /= self.errors[one, other, None]
                if two_sided:
                    np.abs(ratios, out=ratios)
                np.maximum(greatest, ratios.max(axis=0), out=greatest)
        return float(np.quantile(greatest, coverage))
