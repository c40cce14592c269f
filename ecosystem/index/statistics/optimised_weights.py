"""Weights fitted to an end: parts of equal importance, or an index that goes with an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares, nnls

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray, correlations, span_of
from ecosystem.index.engine import IndexScores
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary
from ecosystem.index.spec import Indicator
from ecosystem.index.variants import Variant, evaluate_variants
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_rows, named

LEAST = 1e-5
"""A part of less weight than this weighs nothing."""

STEP = 1e-5
"""The step of logarithms of weights by which slopes are taken."""

LOWEST, TRIES = -18.0, 60
"""The least logarithm of a weight before it is scaled, and the most steps of a search."""

FINE = 1e-12
"""A search ends where a step gains no larger share than this."""

REACHED = 1e-3
"""Importances, as shares of their sum, that miss what was wanted by no more are reached."""

Residuals = Callable[[FloatArray, FloatArray], FloatArray]
"""From the index scores `(m, regions)` and importances `(m, parts)` of m sets of weights what is to become 0."""


@dataclass(frozen=True, slots=True, eq=False)
class OptimisedWeights:
    """The weights of `parts` (n), 1 in sum, and the `shares` of the indicators (K) that follow from them.

    `before` and `after` (n): the importance of each part, its correlation with the index, under the weights that the
    index has and under these. `fit`: the correlation of the index with the outcome before and after, None without one.
    """

    parts: tuple[Indicator, ...]
    weights: FloatArray
    shares: FloatArray
    before: FloatArray
    after: FloatArray
    fit: tuple[float, float] | None = None

    def __repr__(self) -> str:
        weights = (f"{part.code} {weight:.4g}" for part, weight in zip(self.parts, self.weights, strict=True))
        return few_lines(self._title, named(weights, 6))

    def _repr_html_(self) -> str:
        rows = list(zip((part.code for part in self.parts), self.weights.tolist(), self.after.tolist(), strict=True))
        return html_rows(self._title, (tr("part"), tr("weight"), tr("importance")), rows)

    @property
    def _title(self) -> str:
        return tr("optimised weights of {count} parts", count=len(self.parts))

    @property
    def equal(self) -> bool:
        """Whether all parts have come to be of the same importance."""
        return bool(np.abs(self.after / self.after.sum() - 1 / len(self.after)).max() <= REACHED)


def weights_of_equal_importance(
    scores: IndexScores, *, auxiliary: Auxiliary = NO_AUXILIARY, level: int | None = None
) -> OptimisedWeights:
    """The weights of the rows at a `level` of the hierarchy, the highest below the top by default, that make all count.

    Importance is the correlation of a part with the index, and as near to equal as weights from 0 up can make it, in
    squares of shares. Inside a part the indicators keep their proportions, and what is above has the sum of its parts.
    COINr `get_opt_weights(itarg = "equal")`, which stops at a tolerance of 0.1 of the objective; Becker, Saisana,
    Paruolo and Vandecasteele (2017). UsageError for another level, InputError where a part is the same for all regions.
    """
    search = _Search.of(scores, auxiliary, level)
    count = len(search.parts)
    if count == 1:
        return search.found(np.ones(1), None)

    def unequal(_: FloatArray, importances: FloatArray) -> FloatArray:
        # whole is kept away from 0, where parts run against each other
        whole = np.maximum(np.abs(importances.sum(axis=1, keepdims=True)), 1e-9)
        off: FloatArray = importances / whole - 1 / count
        return off

    return search.found(search.least(unequal, np.full(count, 1 / count)), None)


def weights_for_outcome(
    scores: IndexScores, outcome: FloatArray, *, auxiliary: Auxiliary = NO_AUXILIARY, level: int | None = None
) -> OptimisedWeights:
    """The weights from 0 up under which the index correlates most with an `outcome` `(regions,)`.

    Over the regions that have both. Under arithmetic means these are the non-negative least squares of the outcome on
    the parts. A weight that is found so describes these data; it does not say what ought to count. Raises as
    `weights_of_equal_importance`; InputError for fewer than three regions or an outcome that is the same for all.
    """
    search = _Search.of(scores, auxiliary, level)
    both = ~np.isnan(outcome) & ~np.isnan(scores.overall) & ~np.isnan(search.values).any(axis=1)
    if both.sum() < 3 or span_of(outcome[both][:, None]).constant.any():
        message = tr(
            "{count} regions have an outcome and every part; the outcome must differ between at least three",
            count=int(both.sum()),
        )
        raise InputError(message, hint=tr("choose another column, or impute missing values"))
    goal = _standard(outcome[both])
    values = search.values[both]
    start = nnls((values - values.mean(axis=0)), goal)[0]
    if not start.sum() > 0:
        raise InputError(
            tr("no part rises with the outcome: every weight would be 0"),
            hint=tr("check that more of the outcome is better"),
        )

    def apart(overall: FloatArray, _: FloatArray) -> FloatArray:
        off: FloatArray = np.stack([_standard(one[both]) - goal for one in overall]) / np.sqrt(both.sum())
        return off

    weights = search.least(apart, start / start.sum())
    own = evaluate_variants(
        scores.index,
        scores.raw,
        [Variant(weights=search.shares), Variant(weights=search.shares_of(weights))],
        level=scores.level,
        auxiliary=auxiliary,
    ).overall[:, both]
    before, after = (float(np.corrcoef(one, goal)[0, 1]) for one in own)
    return search.found(weights, (before, after))


def _standard(values: FloatArray) -> FloatArray:
    spread = values.std()
    standard: FloatArray = (values - values.mean()) / (spread if spread > 0 else 1.0)
    return standard


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """An index whose parts at one level are weighed anew: `values` (regions, parts), `shares` of the indicators (K).

    `member` (K) is the part that each indicator lies in.
    """

    scores: IndexScores
    auxiliary: Auxiliary
    parts: tuple[Indicator, ...]
    values: FloatArray
    shares: FloatArray
    member: Sequence[int]

    @classmethod
    def of(cls, scores: IndexScores, auxiliary: Auxiliary, level: int | None) -> _Search:
        index = scores.index
        level = index.depth - 1 if level is None else level
        if not 1 <= level < index.depth:
            hint = tr("level 1 has the indicators, level {level} the parts right under the top", level=index.depth - 1)
            raise UsageError(tr("the index has no parts at level {level} of its hierarchy", level=level), hint=hint)
        parts = index.at(level)
        values = scores.normalised if level == 1 else scores.at(level)
        constant = span_of(values).constant
        same = [part.code for part, flag in zip(parts, constant, strict=True) if flag]
        if same:
            message = tr("the same for all regions, so no weight makes a difference: {codes}", codes=", ".join(same))
            raise InputError(message, hint=tr("leave these parts out"))
        place = {part.code: at for at, part in enumerate(parts)}
        families = [(leaf.code, *index.ancestors(leaf)) for leaf in index.leaves]
        member = [next(place[code] for code in family if code in place) for family in families]
        return cls(scores, auxiliary, parts, values, scores.shares / scores.shares.sum(), member)

    def shares_of(self, weights: FloatArray) -> FloatArray:
        """The shares of the indicators where the parts have these weights `(..., n)`."""
        whole = np.bincount(self.member, weights=self.shares, minlength=len(self.parts))
        inside = self.shares / np.where(whole > 0, whole, 1.0)[self.member]
        shares: FloatArray = weights[..., self.member] * inside
        return shares

    def outcome(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Index scores `(m, regions)` and importances `(m, parts)` under the weights `(m, parts)`."""
        variants = [Variant(weights=shares) for shares in self.shares_of(weights)]
        index, raw = self.scores.index, self.scores.raw
        overall = evaluate_variants(
            index, raw, variants, level=self.scores.level, auxiliary=self.auxiliary, absent=self.scores.excluded
        ).overall
        r = [correlations(np.column_stack([self.values, one]))[:-1, -1] for one in overall]
        return overall, np.nan_to_num(np.stack(r))

    def least(self, residuals: Residuals, start: FloatArray) -> FloatArray:
        """The weights, 1 in sum, whose residuals have the least sum of squares, searched from `start`."""

        def weights_at(logs: FloatArray) -> FloatArray:
            own = np.exp(logs)
            share: FloatArray = own / own.sum(axis=-1, keepdims=True)
            return share

        def value(logs: FloatArray) -> FloatArray:
            one: FloatArray = residuals(*self.outcome(weights_at(logs[None])))[0]
            return one

        def slope(logs: FloatArray) -> FloatArray:
            # all steps are variants of one call
            steps = np.vstack([logs + STEP * np.eye(len(logs)), logs - STEP * np.eye(len(logs))])
            found = residuals(*self.outcome(weights_at(steps)))
            change: FloatArray = (found[: len(logs)] - found[len(logs) :]).T / (2 * STEP)
            return change

        logs = np.log(np.maximum(start, LEAST))
        ends = (LOWEST, -LOWEST)
        best = least_squares(value, logs, jac=slope, bounds=ends, max_nfev=TRIES, xtol=FINE, ftol=FINE, gtol=FINE)
        weights = weights_at(np.asarray(best.x, dtype=np.float64))
        kept = np.where(weights < 2 * LEAST, 0.0, weights)
        share: FloatArray = kept / kept.sum()
        return share

    def found(self, weights: FloatArray, fit: tuple[float, float] | None) -> OptimisedWeights:
        """The result, with importances before and after."""
        whole = np.bincount(self.member, weights=self.shares, minlength=len(self.parts))
        _, importances = self.outcome(np.stack([whole, weights]))
        return OptimisedWeights(self.parts, weights, self.shares_of(weights), importances[0], importances[1], fit)
