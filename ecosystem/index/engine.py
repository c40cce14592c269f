"""An index evaluated: values in; every intermediate, scores, ranks and coverage out; regions rolled up to groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ecosystem.errors import Finding, InputError
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.last_step import LastStep, last_step
from ecosystem.index.parent_scores import ParentScores, parent_scores
from ecosystem.index.prepare import NO_AUXILIARY, Auxiliary, Prepared, by_year, prepare, row_of
from ecosystem.index.spec import Index, Indicator
from ecosystem.index.steps.grouping import Grouping, groupings_of, sum_levels
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.normalise import scale
from ecosystem.index.steps.rank import rank, rank_columns
from ecosystem.index.steps.scale_formulas import Scaled
from ecosystem.index.steps.treat import Treated
from ecosystem.index.steps.weigh import DataShares, weigh
from ecosystem.messages import tr
from ecosystem.notebook import record_lines, record_table

LARGEST = 1e300
"""Beyond this a span of two values may overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Scores of regions (or of groups of them) at every level of the hierarchy, with ranks and coverage.

    Shapes: `...` is any batch, R regions, K indicators, P pillars. Nothing is rounded.

    * `weighted` (..., R, K): the points that each indicator brings to the index, 0 where missing. They add up to the
      score where sums and arithmetic means alone are used; elsewhere they are the indicator's score times its share;
    * `aggregates`: (..., R, n) for level 2, 3, ... of the hierarchy, in the order of the file; the last is the index;
    * `overall_rank` (..., R), `pillar_ranks` (..., R, P): 1 is the highest score, 0 a region without one;
    * `coverage` (..., R), `pillar_coverage` (..., R, P): the share of the weight that has a value;
    * `last`: what a last step has made of total and pillars, None where the index has none. Points are then parts of
      the total as it is shown, less what the step adds to every region.
    """

    index: Index
    level: str
    regions: tuple[str, ...]
    weighted: FloatArray
    aggregates: tuple[FloatArray, ...]
    overall_rank: IntArray
    pillar_ranks: IntArray
    coverage: FloatArray
    pillar_coverage: FloatArray
    last: LastStep | None = field(default=None, kw_only=True)

    def __repr__(self) -> str:
        return record_lines(self._title, self)

    def _repr_html_(self) -> str:
        return record_table(self._title, self)

    @property
    def _title(self) -> str:
        facts = {"index": self.index.id, "count": len(self.regions), "level": self.level}
        return tr("{index}: standing of {count} regions, level {level}", **facts)

    @property
    def overall(self) -> FloatArray:
        """The score of the index, `(..., R)`; NaN for a region without one."""
        overall: FloatArray = self.aggregates[-1][..., 0]
        return overall

    @property
    def pillars(self) -> FloatArray:
        """The scores of the pillars, `(..., R, P)`, in the order of `index.pillars`."""
        return self.at(self.index.depth - 1)

    @property
    def within_one(self) -> bool:
        """True where every score of the index lies between -1 and 1, so that two decimals say too little."""
        present = self.overall[~np.isnan(self.overall)]
        return bool(present.size and (np.abs(present) <= 1).all())

    @property
    def low_coverage(self) -> BoolArray:
        """Where the index rests on less than the marked share of its weight, `(..., R)`."""
        low: BoolArray = self.coverage < self.index.missing.coverage_mark
        return low

    def at(self, level: int) -> FloatArray:
        """The scores at a level of the hierarchy, `(..., R, n)`, in the order of `index.at(level)`."""
        return self._own_points if level == 1 else self.aggregates[level - 2]

    @property
    def _own_points(self) -> FloatArray:
        """The points of the indicators before a last step, which is for total and pillars alone."""
        return self.weighted if self.last is None else self.last.weighted


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class IndexScores(Standing):
    """The standing of the ranked regions, and what it was made from.

    * `raw`, `prepared`, `normalised` (..., R, K): as given; divided, imputed, treated; on one scale. NaN if missing;
    * `divided`, `filled` (..., R, K): the values on their way to `prepared`: over their denominators; imputed;
    * `missing`, `imputed` (..., R, K): without a value of its own; with one that stands in for it;
    * `minimum`, `maximum`, `constant` (..., K): over the prepared values; a constant column scores the lowest;
    * `shares` (..., K): the share of the whole that each indicator has;
    * `excluded` (..., R): regions that are screened out or not there;
    * `treated`: what was done to outliers, None where the index treats nothing;
    * `undefined`: the scores of a panel that a mean could not give, NaN; one matrix with such a score is refused;
    * `weighing`: what weights that the data give rest on, None where they do not come from the data.
    """

    raw: FloatArray
    normalised: FloatArray
    missing: BoolArray
    minimum: FloatArray
    maximum: FloatArray
    constant: BoolArray
    prepared: FloatArray
    divided: FloatArray
    filled: FloatArray
    imputed: BoolArray
    shares: FloatArray
    excluded: BoolArray
    treated: Treated | None
    weighing: DataShares | None = None
    undefined: tuple[Finding, ...] = ()

    @property
    def all_missing(self) -> BoolArray:
        """The indicators without a single value, `(..., K)`."""
        absent: BoolArray = np.logical_and.reduce(self.missing, axis=-2)
        return absent

    def at(self, level: int) -> FloatArray:
        """The scores at a level; those of the indicators are weighted under `weighted_sum` and normalised elsewhere.

        NaN for an indicator that is missing and does not score 0 by the rule of the index.
        """
        if level > 1:
            return Standing.at(self, level)
        if not self.index.aggregation.sums_shares:
            return self.normalised
        return _without_missing(self.index, self._own_points, self.normalised, self.excluded)


def evaluate(
    index: Index,
    values: FloatArray,
    *,
    level: str,
    weights: FloatArray | None = None,
    auxiliary: Auxiliary = NO_AUXILIARY,
    absent: BoolArray | None = None,
) -> IndexScores:
    """The scores of an index from a value matrix `(..., R, K)`; leading axes are variants, evaluated in one call.

    Rows follow `index.level(level).regions`, columns `index.leaves`; NaN is missing, and does what `index.missing`
    says. `weights` (..., K) are shares of the indicators in place of the spec's, a set for each variant; `auxiliary`
    holds denominators and groups; `absent` (..., R) says which regions are not there. The steps, in this order: divide,
    screen, impute, treat, normalise, weigh, aggregate, rank.

    UsageError: the index has no such level. InputError: a value is infinite, or a step is undefined for some column or
    region, each named. ValueError: the shape does not fit.
    """
    regions, leaves = index.level(level).regions, index.leaves
    raw = np.asarray(values, dtype=np.float64)
    if raw.shape[-2:] != (len(regions), len(leaves)):
        raise ValueError(f"values of shape {raw.shape} for {len(regions)} regions x {len(leaves)} indicators")
    refuse_infinite(raw, regions, leaves, auxiliary.years)
    ready = prepare(index, raw, regions, auxiliary, absent)
    scaled = _scaled(index, ready, regions, auxiliary)
    groupings = groupings_of(index)
    basis = ready.values.reshape(-1, len(leaves)) if auxiliary.pooled else ready.values
    weighing = by_year(lambda matrix: weigh(index, matrix, groupings, weights), basis, auxiliary.years)
    parents = parent_scores(index, scaled.values, ready.excluded, weighing, groupings)
    undefined = _undefined(index, parents, regions, auxiliary.years)
    if undefined and (auxiliary.years is None or np.isnan(parents.aggregates[-1]).all()):
        hint = tr("use a normalisation above 0, e.g. minmax with range = [1, 100], or an arithmetic mean (amean)")
        raise InputError(tr("some scores are undefined"), hint=hint, findings=undefined)
    shape = parents.weighted.shape
    pillars = index.depth - 1
    own = scaled.values
    if pillars == 1 and index.aggregation.sums_shares:
        own = _without_missing(index, parents.weighted, scaled.values, ready.excluded)
    coverage, pillar_coverage = _coverage(np.broadcast_to(ready.missing, shape), weighing.shares, groupings)
    aggregates, weighted, last = last_step(index, parents.aggregates, parents.weighted, pooled=auxiliary.pooled)
    return IndexScores(
        index=index,
        level=level,
        regions=regions,
        weighted=weighted,
        aggregates=aggregates,
        overall_rank=rank(aggregates[-1][..., 0], index.ties),
        pillar_ranks=rank_columns(own if pillars == 1 else aggregates[-2], index.ties),
        coverage=coverage,
        pillar_coverage=pillar_coverage,
        raw=raw,
        normalised=scaled.values,
        missing=ready.missing,
        minimum=scaled.minimum,
        maximum=scaled.maximum,
        constant=scaled.constant,
        prepared=ready.values,
        divided=ready.divided,
        filled=ready.filled,
        imputed=ready.imputed,
        shares=weighing.shares,
        excluded=ready.excluded,
        treated=ready.treated,
        weighing=weighing.data,
        undefined=undefined,
        last=last,
    )


def _without_missing(index: Index, points: FloatArray, normalised: FloatArray, excluded: BoolArray) -> FloatArray:
    """The points of the indicators, NaN in place of those that a missing value does not bring."""
    scores = MISSING_RULES.find(index.missing.rule).function(normalised, excluded)
    lacking = np.isnan(scores)
    return np.where(lacking, np.nan, points) if lacking.any() else points


def _scaled(index: Index, ready: Prepared, regions: Sequence[str], auxiliary: Auxiliary) -> Scaled:
    """The normalised values; pooled, all years of the first axis are one column."""
    if not auxiliary.pooled:
        own = index.leaves, regions, index.normalisation
        return by_year(lambda matrix: scale(matrix, *own), ready.values, auxiliary.years)
    years, columns = ready.values.shape[0], ready.values.shape[-1]
    # a region has a row in every year: its name alone says no row, and is refused as a reference
    names = [f"{name} {year}" for year in range(years) for name in regions]
    whole = scale(ready.values.reshape(-1, columns), index.leaves, names, index.normalisation)
    same = (np.broadcast_to(facts, (years, columns)) for facts in (whole.minimum, whole.maximum))
    minimum, maximum = same
    constant = np.broadcast_to(whole.constant, (years, columns))
    return Scaled(whole.values.reshape(ready.values.shape), minimum, maximum, constant)


def _coverage(missing: BoolArray, weights: FloatArray, groupings: Sequence[Grouping]) -> tuple[FloatArray, FloatArray]:
    """The share of the weight that has a value, of the index `(..., R)` and of its pillars `(..., R, P)`."""
    wholes = (weights, *sum_levels(weights, groupings))
    if not missing.any():
        return np.ones(missing.shape[:-1]), np.ones((*missing.shape[:-1], wholes[-2].shape[-1]))
    present = np.where(missing, 0.0, weights[..., None, :])
    sums = (present, *sum_levels(present, groupings))
    # both sums run in the same order, so that a full row is exactly 1
    with np.errstate(divide="ignore", invalid="ignore"):
        overall = (sums[-1] / wholes[-1][..., None, :])[..., 0]
        pillars = sums[-2] / wholes[-2][..., None, :]
    # a pillar that weighs nothing has nothing to be covered
    return overall, np.where(np.isnan(pillars), 1.0, pillars)


def refuse_infinite(
    raw: FloatArray, regions: Sequence[str], leaves: Sequence[Indicator], years: Sequence[int] | None = None
) -> None:
    """Raise InputError that names every cell of `(..., R, K)` beyond what can be computed with."""
    if not raw.size or (np.fmax.reduce(raw, axis=None) <= LARGEST and np.fmin.reduce(raw, axis=None) >= -LARGEST):
        return
    findings = [
        Finding(
            "error",
            "infinite",
            tr("the value is {value:g}", value=raw[tuple(cell)]),
            row_of(cell, regions, years),
            None,
            leaves[cell[-1]].code,
        )
        for cell in np.argwhere(np.abs(raw) > LARGEST).tolist()
    ]
    if findings:
        raise InputError(tr("some values cannot be scored"), hint=tr("leave a missing value blank"), findings=findings)


def _undefined(
    index: Index, parents: ParentScores, regions: Sequence[str], years: Sequence[int] | None
) -> tuple[Finding, ...]:
    """An error for every score that a mean could not give, with its region, its year in a panel, and its part."""
    found: dict[Finding, None] = {}
    for level, *cell in parents.undefined:
        message = tr("{need}, and a part is too low", need=parents.why[level])
        where, code = row_of(cell, regions, years), index.at(level)[cell[-1]].code
        found[Finding("error", "undefined", message, where, None, code)] = None
    return tuple(found)
