"""The weights that a published ranking really used: recovered from its published parts and total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linprog, nnls

from ecosystem.errors import Finding, InputError
from ecosystem.headings import heading
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_rows, named, one_language
from ecosystem.published.printed_scores import ScoreTable
from ecosystem.published.robust_fit import robust_fit

NOISE = 1e-12
"""A sum is off by so much of its size without any rounding."""

NULL = 1e-6
"""A part with a smaller share in every direction that the data leave open is determined by them."""


@dataclass(frozen=True, slots=True, eq=False)
class ImpliedWeights:
    """The weights w >= 0 that bring `parts` (R, K) nearest to `total` (R).

    * `weights` (K): Lawson and Hanson's non-negative least squares (1974); not unique where not `identifiable` (K);
    * `least_absolute` (K): by the least sum of absolute deviations, which a few wrong rows do not move;
    * `robust` (K): the least squares of the rows that agree (see `robust_fit`): `weights` where all of them do;
    * `left_out_low`, `left_out_high` (K): the range of `weights` when each region in turn is left out (equal to them
      where there are no more regions than parts);
    * `digits_low`, `digits_high` (K): every weight vector that could have led to these published digits lies between
      them, all numbers having been rounded half a unit of their last decimal at most; where no weights could
      (`explained` is False), those that could have led to the totals that are met; NaN where these are none either;
    * `recomputed` (R): parts times robust weights; `slack` (R): how far rounding alone can put it off the published
      total;
    * `beside`: the regions that lack a part or the total, `blank` those of them where a cell is blank.
    """

    parts: tuple[str, ...]
    regions: tuple[str, ...]
    values: FloatArray
    total: FloatArray
    weights: FloatArray
    least_absolute: FloatArray
    robust: FloatArray
    identifiable: BoolArray
    left_out_low: FloatArray
    left_out_high: FloatArray
    digits_low: FloatArray
    digits_high: FloatArray
    recomputed: FloatArray
    slack: FloatArray
    decimals: int
    explained: bool
    beside: tuple[str, ...]
    blank: tuple[str, ...]

    @property
    def _title(self) -> str:
        met = len(self.regions) - len(self.unmet)
        facts = {"parts": len(self.parts), "met": met, "regions": len(self.regions)}
        return tr("implied weights of {parts} parts: the published total of {met} of {regions} regions is met", **facts)

    def __repr__(self) -> str:
        weights = (f"{part} {weight:.4g}" for part, weight in zip(self.parts, self.robust, strict=True))
        unmet = tr("total not met: {names}", names=named(self.unmet, 8)) if self.unmet else ""
        return few_lines(self._title, named(weights, 6), unmet, more="shares, weights, robust, residuals, unmet")

    def _repr_html_(self) -> str:
        weights = (self.robust, self.weights, self.least_absolute, self.digits_low, self.digits_high)
        rows = list(zip(self.parts, *(column.tolist() for column in weights), strict=True))
        keys = ("part", "weight", "least_squares", "least_absolute", "digits_low", "digits_high")
        return html_rows(self._title, [heading(key, one_language()) for key in keys], rows)

    @property
    def shares(self) -> FloatArray:
        """The robust weights as shares of their sum."""
        shares: FloatArray = self.robust / self.robust.sum()
        return shares

    @property
    def residuals(self) -> FloatArray:
        """The recomputed total less the published one, `(R,)`."""
        residuals: FloatArray = self.recomputed - self.total
        return residuals

    @property
    def met(self) -> BoolArray:
        """Where rounding of the parts and of the total explains the residual."""
        met: BoolArray = np.abs(self.residuals) <= self.slack + NOISE * np.maximum(np.abs(self.total), 1.0)
        return met

    @property
    def unmet(self) -> tuple[str, ...]:
        """The regions whose total these weights do not give."""
        return tuple(region for region, met in zip(self.regions, self.met, strict=True) if not met)

    @property
    def same_digits(self) -> BoolArray:
        """Where the recomputed total, rounded, is the published one to its last digit."""
        same: BoolArray = np.abs(np.round(self.recomputed, self.decimals) - self.total) < 0.5 * 10.0**-self.decimals
        return same


def implied_weights(parts: Sequence[ScoreTable], total: ScoreTable) -> ImpliedWeights:
    """The weights behind a total, over the regions for which every part is published; a blank cell is none.

    Raises InputError: no part, a total of several columns, parts of the same name, fewer regions than parts.
    """
    names = _names(parts)
    _refuse(parts, total, names)
    columns = [table.column(place) for table in parts for place in range(len(table.columns))]
    sums = total.column(0)
    cells = {region: [*(column.get(region) for column in columns), sums[region]] for region in total.regions}
    blank = tuple(region for region, row in cells.items() if any(cell is not None and np.isnan(cell) for cell in row))
    full = {region: row for region, row in cells.items() if region not in blank and None not in row}
    if len(full) < len(columns):
        counted = {"count": len(full), "parts": len(columns), "blank": len(blank)}
        message = tr(
            "only {count} regions have all {parts} parts and the total: at least {parts} are needed", **counted
        )
        if blank:
            message = tr(
                "only {count} regions have all {parts} parts and the total: at least {parts} are needed; "
                "{blank} have a blank cell",
                **counted,
            )
        raise InputError(message, hint=tr("give more regions for each part, or leave out parts"))
    whole = np.array(list(full.values()), dtype=np.float64)
    halves = np.array([0.5 * 10.0**-digits for table in parts for digits in table.decimals])
    found = _fit(names, tuple(full), whole[:, :-1], whole[:, -1], halves, total.decimals[0])
    return replace(found, beside=tuple(region for region in total.regions if region not in full), blank=blank)


def _fit(
    names: tuple[str, ...],
    regions: tuple[str, ...],
    values: FloatArray,
    goal: FloatArray,
    halves: FloatArray,
    decimals: int,
) -> ImpliedWeights:
    """The weights of complete rows, with their ranges."""
    half = 0.5 * 10.0**-decimals
    weights, fit = nnls(values, goal)[0], robust_fit(values, goal, halves, half)
    low, high = _left_out(values, goal, weights)
    digits_low, digits_high = _within_digits(values, goal, halves, half)
    explained = not bool(np.isnan(digits_low).any())
    found = ImpliedWeights(
        parts=names,
        regions=regions,
        values=values,
        total=goal,
        weights=weights,
        least_absolute=fit.least_absolute,
        robust=fit.agreed,
        identifiable=_identifiable(values, halves),
        left_out_low=low,
        left_out_high=high,
        digits_low=digits_low,
        digits_high=digits_high,
        recomputed=values @ fit.agreed,
        slack=half + halves @ fit.agreed + np.zeros(len(regions)),
        decimals=decimals,
        explained=explained,
        beside=(),
        blank=(),
    )
    if explained or found.met.sum() <= len(names):
        return found
    digits_low, digits_high = _within_digits(values[found.met], goal[found.met], halves, half)
    return replace(found, digits_low=digits_low, digits_high=digits_high)


def _names(parts: Sequence[ScoreTable]) -> tuple[str, ...]:
    """A part is called after its column, or after its file where that has one column."""
    return tuple(table.name if len(table.columns) == 1 else column for table in parts for column in table.columns)


def _refuse(parts: Sequence[ScoreTable], total: ScoreTable, names: Sequence[str]) -> None:
    findings = []
    if not names:
        findings.append(
            Finding("error", "no_parts", tr("there are no parts"), hint=tr("name a table for each: --parts FILE"))
        )
    if len(total.columns) != 1:
        message = tr(
            "the total has {count} columns of scores: {columns}",
            count=len(total.columns),
            columns=", ".join(total.columns),
        )
        findings.append(
            Finding("error", "many_totals", message, total.name, hint=tr("it needs a column region and one score"))
        )
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        message = tr("{count} parts have the name {name!r}", count=names.count(name), name=name)
        findings.append(Finding("error", "part_twice", message, hint=tr("rename a file or a column")))
    if findings:
        raise InputError(tr("the weights cannot be recovered from these tables"), findings=findings)


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
