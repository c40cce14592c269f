"""Weights behind a total of which some rows are wrong: least absolute deviations, and what most rows agree on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog, nnls
from scipy.sparse import csr_array, eye_array, hstack

from ecosystem.index.arrays import BoolArray, FloatArray

EXACT = 1e-9
"""A residual below this share of the largest total is the noise of a sum, and no rounding."""

TRIALS = 4000
"""So many sets of rows are tried: with five parts and a third of the rows sound, 15 of them hold sound rows alone."""


@dataclass(frozen=True, slots=True, eq=False)
class RobustFit:
    """Weights w >= 0 (K) of parts (R, K) that give a total (R).

    * `least_absolute`: those with the least sum of absolute deviations;
    * `agreed`: the least squares of the rows that agree with each other, as `robust_fit` says.
    """

    least_absolute: FloatArray
    agreed: FloatArray


def robust_fit(values: FloatArray, goal: FloatArray, halves: FloatArray, half: float, *, seed: int = 0) -> RobustFit:
    """The weights by least absolute deviations, and those that the most rows agree on, whatever the others say.

    Candidates are the least squares of all rows, the least absolute deviations, and the exact solutions of `TRIALS`
    random sets of K rows (Fischler and Bolles 1981); the one that meets the most rows is fitted again to these by least
    squares (Rousseeuw and Leroy 1987). A row is met where the residual is noise; unless enough rows are met so, where
    rounding by `halves` (K) of the parts and `half` of the total explains it. Enough is one more than the parts and a
    tenth of the others; where no candidate meets enough, the weights are those of least absolute deviations.
    """
    squares, absolute = nnls(values, goal)[0], least_absolute(values, goal)
    candidates = np.vstack([squares, absolute, _exact_solutions(values, goal, seed)])
    residuals = np.abs(candidates @ values.T - goal)
    noise = EXACT * max(float(np.abs(goal).max()), 1e-300)
    rounding = half + (candidates @ halves)[:, None] + noise
    rows, parts = values.shape
    enough = parts + 1 + (rows - parts) // 10
    for met in (residuals <= noise, residuals <= rounding):
        best = int(met.sum(axis=1).argmax())  # the first of equals: least squares before the others
        if met[best].sum() >= min(enough, rows):
            return RobustFit(absolute, _fitted_again(values, goal, candidates[best], met[best], best == 0))
    return RobustFit(absolute, absolute)


def least_absolute(values: FloatArray, goal: FloatArray) -> FloatArray:
    """The weights w >= 0 with the least sum of |values w - goal|, by a linear programme (Koenker and Bassett 1978)."""
    rows, parts = values.shape
    # every residual is what it is above the goal less what it is below; the types of scipy know dense matrices alone
    matrix: Any = hstack([csr_array(values), -eye_array(rows), eye_array(rows)])
    costs = np.concatenate([np.zeros(parts), np.ones(2 * rows)])
    found = linprog(costs, A_eq=matrix, b_eq=goal, method="highs")
    if found.x is None:  # every goal can be met with residuals: only numbers beyond the solver's scale end here
        return nnls(values, goal)[0]
    weights: FloatArray = np.maximum(found.x[:parts], 0.0)
    on = np.abs(values @ weights - goal) <= 1e-7 * max(float(np.abs(goal).max()), 1e-300)
    # a corner of the programme is met by as many rows as there are weights: these give its last digits
    return (
        nnls(values[on], goal[on])[0] if on.sum() >= parts and np.linalg.matrix_rank(values[on]) == parts else weights
    )


def _exact_solutions(values: FloatArray, goal: FloatArray, seed: int) -> FloatArray:
    """The weights >= 0 that random sets of as many rows as there are parts determine, `(n, K)`."""
    rows, parts = values.shape
    if rows <= parts:
        return np.empty((0, parts))
    chosen = np.random.default_rng(seed).random((TRIALS, rows)).argpartition(parts, axis=1)[:, :parts]
    solutions = np.einsum("nij,nj->ni", np.linalg.pinv(values[chosen]), goal[chosen])
    sound = (solutions >= -EXACT * np.abs(solutions).max(axis=1, keepdims=True)).all(axis=1)
    positive: FloatArray = np.maximum(solutions[sound], 0.0)
    return positive


def _fitted_again(
    values: FloatArray, goal: FloatArray, weights: FloatArray, met: BoolArray, already: bool
) -> FloatArray:
    """The least squares of the rows that are met; the weights as they are where that is what they are already."""
    if already and met.all():
        return weights
    return nnls(values[met], goal[met])[0]
