"""Benefit of the doubt: every region is weighed in its own favour, within bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Benefit:
    """Scores `(regions,)`, 1 for a region that none surpasses; weights `(regions, columns)`; shares of each score.

    `shares` are weight x value / score, so they sum to 1 in every row; their mean over the regions is a set of weights
    for all.
    """

    scores: FloatArray
    weights: FloatArray
    shares: FloatArray

    @property
    def common(self) -> FloatArray:
        """The mean share of each column, `(columns,)`, which sums to 1."""
        mean: FloatArray = self.shares.mean(axis=0)
        return mean


def benefit_of_the_doubt(values: FloatArray, lower: float = 0.0, upper: float = 1.0) -> Benefit:
    """The best score that each row of `(regions, columns)` can have, when those weights give no region more than 1.

    For each region the linear program max sum(w x), subject to sum(w y) <= 1 for every region y, w >= 0, and lower <= w
    x / sum(w x) <= upper: the share that a column brings lies within the bounds (Cherchye et al. 2007; Compind `ci_bod`
    for 0 and 1, `ci_bod_constr`). Values are scores of which more is better, none negative and none missing. InputError
    where they are not, where bounds admit nothing (lower above 1 / columns, upper below it), or where a region has
    nothing above 0.
    """
    count = values.shape[1]
    if np.isnan(values).any() or (values < 0).any():
        hint = "impute what is missing, and weigh normalised values on a scale from 0 up"
        raise InputError("benefit of the doubt needs values that are neither missing nor negative", hint=hint)
    if lower * count > 1 + 1e-12 or upper * count < 1 - 1e-12:
        message = f"no shares of {count} indicators between {lower:g} and {upper:g} can add up to 1"
        raise InputError(message, hint=f"bounds lie on either side of {1 / count:.3g}")
    _refuse_without_a_share(values, lower, upper)
    solved = np.stack([_solve(values, row, lower, upper) for row in range(len(values))])
    brought = solved * values
    scores = brought.sum(axis=1)
    return Benefit(scores, solved, brought / scores[:, None])


def _refuse_without_a_share(values: FloatArray, lower: float, upper: float) -> None:
    """Refuse regions that cannot spread their shares: a column of 0 brings nothing, whatever its weight."""
    positive = (values > 0).sum(axis=1)
    without = (positive == 0) | (positive * upper < 1 - 1e-12) | ((positive < values.shape[1]) & (lower > 0))
    if without.any():
        hint = "use a scale from 1 up, e.g. range = [1, 100], or wider bounds"
        rows = ", ".join(str(row + 1) for row in np.flatnonzero(without)[:10])
        raise InputError(f"a value of 0 brings no share, and the bounds ask for one: rows {rows}", hint=hint)


def _solve(values: FloatArray, row: int, lower: float, upper: float) -> FloatArray:
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
            f"the linear program of row {row + 1} has no solution: {found.message}", hint="widen the bounds"
        )
    return np.asarray(found.x, dtype=np.float64)
