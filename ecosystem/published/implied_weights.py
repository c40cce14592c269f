"""The weights that a published ranking really used: recovered from its published parts and total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog, nnls

from ecosystem.errors import Finding, InputError
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.published.printed_scores import ScoreTable

NULL = 1e-6
"""A part with a smaller share in every direction that the data leave open is determined by them."""


@dataclass(frozen=True, slots=True, eq=False)
class ImpliedWeights:
    """The weights w >= 0 that bring `parts` (R, K) nearest to `total` (R) in the sum of squares.

    * `weights` (K): Lawson and Hanson's non-negative least squares (1974); not unique where not `identifiable` (K);
    * `left_out_low`, `left_out_high` (K): their range when each region in turn is left out (equal to the weights where
      there are no more regions than parts);
    * `digits_low`, `digits_high` (K): every weight vector that could have led to these published digits lies between
      them, all numbers having been rounded half a unit of their last decimal at most; NaN where none could;
    * `recomputed` (R): parts times weights; `slack` (R): how far rounding alone can put it off the published total.
    """

    parts: tuple[str, ...]
    regions: tuple[str, ...]
    values: FloatArray
    total: FloatArray
    weights: FloatArray
    identifiable: BoolArray
    left_out_low: FloatArray
    left_out_high: FloatArray
    digits_low: FloatArray
    digits_high: FloatArray
    recomputed: FloatArray
    slack: FloatArray
    decimals: int
    beside: tuple[str, ...]

    @property
    def shares(self) -> FloatArray:
        """The weights as shares of their sum."""
        shares: FloatArray = self.weights / self.weights.sum()
        return shares

    @property
    def residuals(self) -> FloatArray:
        """The recomputed total less the published one, `(R,)`."""
        residuals: FloatArray = self.recomputed - self.total
        return residuals

    @property
    def met(self) -> BoolArray:
        """Where rounding of the parts and of the total explains the residual."""
        met: BoolArray = np.abs(self.residuals) <= self.slack + 1e-12
        return met

    @property
    def same_digits(self) -> BoolArray:
        """Where the recomputed total, rounded, is the published one to its last digit."""
        same: BoolArray = np.abs(np.round(self.recomputed, self.decimals) - self.total) < 0.5 * 10.0**-self.decimals
        return same

    @property
    def explained(self) -> bool:
        """Whether some weights give every published total from the published parts, up to rounding."""
        return not bool(np.isnan(self.digits_low).any())


def implied_weights(parts: Sequence[ScoreTable], total: ScoreTable) -> ImpliedWeights:
    """The weights behind a total, over the regions for which every part is published.

    Raises InputError: no part, a total of several columns, parts of the same name, fewer regions than parts.
    """
    names = _names(parts)
    _refuse(parts, total, names)
    columns = [table.column(place) for table in parts for place in range(len(table.columns))]
    sums = total.column(0)
    regions = tuple(region for region in total.regions if all(region in column for column in columns))
    if len(regions) < len(columns):
        message = f"{len(regions)} regions have all {len(columns)} parts and the total: fewer than parts"
        raise InputError(message, hint="give more regions of each part, or leave parts out")
    values = np.array([[column[region] for column in columns] for region in regions])
    goal = np.array([sums[region] for region in regions])
    halves = np.array([0.5 * 10.0**-digits for table in parts for digits in table.decimals])
    half = 0.5 * 10.0 ** -total.decimals[0]
    weights = nnls(values, goal)[0]
    low, high = _left_out(values, goal, weights)
    digits_low, digits_high = _within_digits(values, goal, halves, half)
    return ImpliedWeights(
        parts=names,
        regions=regions,
        values=values,
        total=goal,
        weights=weights,
        identifiable=_identifiable(values, halves),
        left_out_low=low,
        left_out_high=high,
        digits_low=digits_low,
        digits_high=digits_high,
        recomputed=values @ weights,
        slack=half + halves @ weights + np.zeros(len(regions)),
        decimals=total.decimals[0],
        beside=tuple(region for region in total.regions if region not in set(regions)),
    )


def _names(parts: Sequence[ScoreTable]) -> tuple[str, ...]:
    """A part is called after its column, or after its file where that has one column."""
    return tuple(table.name if len(table.columns) == 1 else column for table in parts for column in table.columns)


def _refuse(parts: Sequence[ScoreTable], total: ScoreTable, names: Sequence[str]) -> None:
    findings = []
    if not names:
        findings.append(Finding("error", "no_parts", "there are no parts", hint="name a table for each: --parts FILE"))
    if len(total.columns) != 1:
        message = f"the total has {len(total.columns)} columns of scores: {', '.join(total.columns)}"
        findings.append(Finding("error", "many_totals", message, total.name, hint="a column region and one score"))
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        message = f"{names.count(name)} parts are called {name!r}"
        findings.append(Finding("error", "part_twice", message, hint="rename a file or a column"))
    if findings:
        raise InputError("the weights cannot be recovered from these tables", findings=findings)


def _identifiable(values: FloatArray, halves: FloatArray) -> BoolArray:
    """Which weights the parts determine: those that no change of weights leaves the total as it is may touch.

    A direction counts as open when its singular value is not above what rounding alone would make of it: errors of
    standard deviation h / sqrt(3) in n x k cells have singular values up to about h / sqrt(3) (sqrt(n) + sqrt(k)).
    """
    n, k = values.shape
    _, sizes, directions = np.linalg.svd(values, full_matrices=True)
    spread = np.zeros(k)
    spread[: len(sizes)] = sizes
    noise = float(halves.max()) / np.sqrt(3) * (np.sqrt(n) + np.sqrt(k))
    limit = max(noise, spread[0] * 1e-12)
    left_open = np.abs(directions[spread <= limit]).max(axis=0, initial=0.0)
    # rounding tilts an open direction by noise over gap: a part that it touches by no more is determined all the same
    tilt = noise / spread[spread > limit].min(initial=np.inf)
    determined: BoolArray = left_open < max(NULL, tilt)
    return determined


def _left_out(values: FloatArray, goal: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The range of each weight over the fits without one region."""
    n, k = values.shape
    if n <= k:
        return weights, weights
    fits = np.array([nnls(np.delete(values, row, axis=0), np.delete(goal, row))[0] for row in range(n)])
    return fits.min(axis=0), fits.max(axis=0)


def _within_digits(
    values: FloatArray, goal: FloatArray, halves: FloatArray, half: float
) -> tuple[FloatArray, FloatArray]:
    """The range of each weight over all w >= 0 with (parts - h) w <= total + h and (parts + h) w >= total - h."""
    above, below = np.maximum(values - halves, 0.0), values + halves
    matrix, bounds = np.vstack([above, -below]), np.concatenate([goal + half, -(goal - half)])
    ends = []
    for sign in (1.0, -1.0):
        found = [linprog(sign * unit, A_ub=matrix, b_ub=bounds, method="highs") for unit in np.eye(values.shape[1])]
        ends.append([_end(sign, each.status, each.fun) for each in found])
    return np.array(ends[0]), np.array(ends[1])


def _end(sign: float, status: int, least: float | None) -> float:
    """The end of a range: infinite where there is none, NaN where no weights fit at all."""
    unbounded = 3
    if status == 0 and least is not None:
        return sign * float(least)
    return -sign * np.inf if status == unbounded else np.nan
