"""Benefit of the doubt: every region is weighed in its own favour, within bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr

SLACK = 1e-10
"""By this much the constraints give way when the most even optimum is looked for: an optimum is known so well."""
SAME = 1e-6
"""Shares that differ by less are the same optimum."""


@dataclass(frozen=True, slots=True, eq=False)
class Benefit:
    """Scores `(regions,)`, 1 for a region that none surpasses; weights `(regions, columns)`; shares of each score.

    `shares` are weight x value / score, so they sum to 1 in every row; their mean over the regions is a set of weights
    for all. `ambiguous` `(regions,)`: other shares would have given the region the same score.
    """

    scores: FloatArray
    weights: FloatArray
    shares: FloatArray
    ambiguous: BoolArray

    @property
    def common(self) -> FloatArray:
        """The mean share of each column, `(columns,)`, which sums to 1."""
        mean: FloatArray = self.shares.mean(axis=0)
        return mean


def benefit_of_the_doubt(values: FloatArray, lower: float = 0.0, upper: float = 1.0) -> Benefit:
    """The best score that each row of `(regions, columns)` can have, when those weights give no region more than 1.

    For each region the linear program max sum(w x), subject to sum(w y) <= 1 for every region y, w >= 0, and lower <= w
    x / sum(w x) <= upper: the share that a column brings lies within the bounds (Cherchye et al. 2007; Compind `ci_bod`
    for 0 and 1, `ci_bod_constr`). Where several weights give that score, those of the most even shares are taken, whose
    squares sum to the least: there is one such set, whatever the order of the columns. Values are scores of which more
    is better, none negative and none missing. InputError where they are not, where bounds admit nothing (lower above 1
    / columns, upper below it), or where a region has nothing above 0.
    """
    count = values.shape[1]
    if np.isnan(values).any() or (values < 0).any():
        hint = tr("impute missing values, and weigh normalised values on a scale from 0 up")
        raise InputError(tr("benefit of the doubt needs values that are neither missing nor negative"), hint=hint)
    if lower * count > 1 + 1e-12 or upper * count < 1 - 1e-12:
        message = tr(
            "no shares of {count} indicators between {lower:g} and {upper:g} can add up to 1",
            count=count,
            lower=lower,
            upper=upper,
        )
        raise InputError(message, hint=tr("the bounds must lie on either side of {share:.3g}", share=1 / count))
    _refuse_without_a_share(values, lower, upper)
    solved = [_solve(values, row, lower, upper) for row in range(len(values))]
    weights = np.stack([weights for weights, _ in solved])
    brought = weights * values
    scores = brought.sum(axis=1)
    return Benefit(scores, weights, brought / scores[:, None], np.array([several for _, several in solved]))


def _refuse_without_a_share(values: FloatArray, lower: float, upper: float) -> None:
    """Refuse regions that cannot spread their shares: a column of 0 brings nothing, whatever its weight."""
    positive = (values > 0).sum(axis=1)
    without = (positive == 0) | (positive * upper < 1 - 1e-12) | ((positive < values.shape[1]) & (lower > 0))
    if without.any():
        hint = tr("use a scale from 1 up, e.g. range = [1, 100], or wider bounds")
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(without)[:10])
        raise InputError(tr("a value of 0 has no share, but the bounds require one: rows {rows}", rows=rows), hint=hint)


def _solve(values: FloatArray, row: int, lower: float, upper: float) -> tuple[FloatArray, bool]:
    """The weights of one region, and whether others give it the same score."""
    from scipy import optimize

    own = values[row]
    count = len(own)
    limits, bounds = [values], [np.ones(len(values))]
    if upper < 1:
        limits.append(np.diag(own) - upper * own)
    if lower > 0:
        limits.append(lower * own - np.diag(own))
    bounds += [np.zeros(count)] * (len(limits) - 1)
    found = optimize.linprog(-own, A_ub=np.vstack(limits), b_ub=np.concatenate(bounds), method="highs")
    if not found.success:
        raise InputError(
            tr("the linear program of row {row} has no solution: {message}", row=row + 1, message=found.message),
            hint=tr("widen the bounds"),
        )
    weights = np.asarray(found.x, dtype=np.float64)
    if _prices_leave_one(np.vstack(limits), found.ineqlin.marginals, found.lower.marginals):
        return weights, False
    # in shares of the score: a column of 0 brings none whatever its weight, and is not looked at
    used, score = own > 0, float(own @ weights)
    ratios = values[:, used] / own[used] * score
    first = (own * weights)[used] / score
    even = _most_even(ratios, lower, upper)
    if even is None or np.abs(even - first).max() <= SAME:
        return weights, _has_another(first, ratios, lower, upper)
    best = np.zeros(count)
    best[used] = even * score / own[used]
    return best, True


def _prices_leave_one(limits: FloatArray, prices: FloatArray, costs: FloatArray) -> bool:
    """Whether the dual solution alone says that the optimum is unique, as nearly always where it is.

    Every optimum meets each limit that has a price, and has no weight that has a cost (complementary slackness).
    """
    met, free = np.abs(prices) > SLACK, np.abs(costs) <= SLACK
    return int(np.linalg.matrix_rank(limits[np.ix_(met, free)])) == int(free.sum())


def _most_even(ratios: FloatArray, lower: float, upper: float) -> FloatArray | None:
    """The shares with the least sum of squares that sum to 1, lie within the bounds, and give no region more than 1.

    `ratios` `(regions, columns)`: what a region has for each share. It is the point of a polytope that is nearest to
    equal shares, so there is one; found by non-negative least squares (Lawson and Hanson 1974, chapter 23). None where
    the polytope is too thin to have a point within the digits.
    """
    from scipy import optimize

    count = ratios.shape[1]
    equal = np.full(count, 1 / count)
    if count == 1:
        return equal
    # moves that leave the sum at 1: every turn of these axes gives the same point
    axes = np.linalg.svd(np.ones((1, count)))[2][1:].T
    sides = np.vstack([-ratios, np.eye(count), -np.eye(count)])
    least = np.concatenate([np.full(len(ratios), -1 - SLACK), np.full(count, lower), np.full(count, -upper)])
    system = np.vstack([(sides @ axes).T, least - sides @ equal])
    goal = np.zeros(count)
    goal[-1] = 1.0
    residual = system @ optimize.nnls(system, goal, maxiter=100 * system.shape[1])[0] - goal
    if residual[-1] > -SAME:
        return None
    shares = np.clip(equal - axes @ residual[:-1] / residual[-1], lower, upper)
    whole: FloatArray = shares / shares.sum()
    return whole


def _has_another(shares: FloatArray, ratios: FloatArray, lower: float, upper: float) -> bool:
    """Whether the polytope of the optimal shares has a second point: it has then a length in a direction at large."""
    from scipy import optimize

    count = len(shares)
    direction = np.sqrt(np.arange(2, count + 2))  # no two sets of shares that lie apart are level in it, but by chance
    for sign in (1.0, -1.0):
        found = optimize.linprog(
            sign * direction,
            A_ub=ratios,
            b_ub=np.full(len(ratios), 1 + SLACK),
            A_eq=np.ones((1, count)),
            b_eq=[1.0],
            bounds=(lower, upper),
            method="highs",
        )
        if found.success and np.abs(np.asarray(found.x) - shares).max() > SAME * 10:
            return True
    return False
