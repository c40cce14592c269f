"""An index evaluated: values in, every intermediate, scores, ranks and coverage out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.errors import Finding, InputError
from ecosystem.index.aggregate import Grouping, climb, grouping
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.normalise import minmax
from ecosystem.index.rank import competition_ranks
from ecosystem.index.records import Index, Indicator

LARGEST = 1e300
"""Beyond this a span of two values may overflow."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Scores of regions (or of groups of them) at every level of the hierarchy, with ranks and coverage.

    Shapes: `...` is any batch, R regions, K indicators, P pillars. Nothing is rounded.

    * `weighted` (..., R, K): the points that each indicator brings, 0 where it is missing;
    * `aggregates`: (..., R, n) for level 2, 3, ... of the hierarchy, in the order of the file; the last is the index;
    * `overall_rank` (..., R), `pillar_ranks` (..., R, P): 1 is the highest score;
    * `coverage` (..., R), `pillar_coverage` (..., R, P): the share of the weight that has a value.
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

    @property
    def overall(self) -> FloatArray:
        """The score of the index, `(..., R)`."""
        overall: FloatArray = self.aggregates[-1][..., 0]
        return overall

    @property
    def pillars(self) -> FloatArray:
        """The scores of the pillars, `(..., R, P)`, in the order of `index.pillars`."""
        return self.at(self.index.depth - 1)

    @property
    def low_coverage(self) -> BoolArray:
        """Where the index rests on less than the marked share of its weight, `(..., R)`."""
        low: BoolArray = self.coverage < self.index.missing.coverage_mark
        return low

    def at(self, level: int) -> FloatArray:
        """The scores at a level of the hierarchy, `(..., R, n)`, in the order of `index.at(level)`."""
        return self.weighted if level == 1 else self.aggregates[level - 2]


@dataclass(frozen=True, slots=True, eq=False)
class IndexScores(Standing):
    """The standing of the ranked regions, and what it was made from.

    * `raw`, `normalised` (..., R, K): NaN where `missing`;
    * `minimum`, `maximum`, `constant` (..., K): over the values that are present; a constant column scores the lowest.
    """

    raw: FloatArray
    normalised: FloatArray
    missing: BoolArray
    minimum: FloatArray
    maximum: FloatArray
    constant: BoolArray

    @property
    def all_missing(self) -> BoolArray:
        """The indicators without a single value, `(..., K)`."""
        absent: BoolArray = np.logical_and.reduce(self.missing, axis=-2)
        return absent


def evaluate(index: Index, values: FloatArray, *, level: str) -> IndexScores:
    """The scores of an index from a value matrix `(..., R, K)`; leading axes are variants, evaluated in one call.

    Rows follow `index.level(level).regions`, columns `index.leaves`; NaN is missing. A missing value scores 0 and
    counts against the coverage. UsageError: the index has no such level. InputError: a value is infinite.
    ValueError: the shape does not fit.
    """
    regions = index.level(level).regions
    leaves = index.leaves
    raw = np.asarray(values, dtype=np.float64)
    if raw.shape[-2:] != (len(regions), len(leaves)):
        raise ValueError(f"values of shape {raw.shape} for {len(regions)} regions x {len(leaves)} indicators")
    _refuse_infinite(raw, regions, leaves)
    weights = np.array([leaf.weight for leaf in leaves])
    directions = np.array([float(leaf.direction) for leaf in leaves])
    scaled = minmax(raw, directions, index.normalisation.lower, index.normalisation.upper)
    missing = np.isnan(raw)
    weighted = scaled.values * weights
    np.copyto(weighted, 0.0, where=missing)
    steps = _steps(index)
    aggregates = climb(weighted, steps)
    pillars = weighted if len(aggregates) == 1 else aggregates[-2]
    coverage, pillar_coverage = _coverage(missing, weights, steps)
    return IndexScores(
        index=index,
        level=level,
        regions=regions,
        weighted=weighted,
        aggregates=aggregates,
        overall_rank=competition_ranks(aggregates[-1][..., 0], index.ties.tolerance),
        pillar_ranks=rank_columns(pillars, index.ties.tolerance),
        coverage=coverage,
        pillar_coverage=pillar_coverage,
        raw=raw,
        normalised=scaled.values,
        missing=missing,
        minimum=scaled.minimum,
        maximum=scaled.maximum,
        constant=scaled.constant,
    )


def rank_columns(scores: FloatArray, tolerance: float) -> IntArray:
    """Ranks of the regions in every column of `(..., regions, columns)`."""
    return np.swapaxes(competition_ranks(np.swapaxes(scores, -1, -2), tolerance), -1, -2)


def _steps(index: Index) -> tuple[Grouping, ...]:
    """The way from the indicators to the top, level by level."""
    steps = []
    for level in range(1, index.depth):
        position = {parent.code: place for place, parent in enumerate(index.at(level + 1))}
        parents = [position[part.parent] for part in index.at(level) if part.parent is not None]
        steps.append(grouping(parents, len(position)))
    return tuple(steps)


def _coverage(missing: BoolArray, weights: FloatArray, steps: Sequence[Grouping]) -> tuple[FloatArray, FloatArray]:
    """The share of the weight that has a value, of the index `(..., R)` and of its pillars `(..., R, P)`."""
    wholes = (weights, *climb(weights, steps))
    if not missing.any():
        return np.ones(missing.shape[:-1]), np.ones((*missing.shape[:-1], *wholes[-2].shape))
    present = np.where(missing, 0.0, weights)
    sums = (present, *climb(present, steps))
    # both sums run in the same order, so that a full row is exactly 1
    return (sums[-1] / wholes[-1])[..., 0], sums[-2] / wholes[-2]


def _refuse_infinite(raw: FloatArray, regions: Sequence[str], leaves: Sequence[Indicator]) -> None:
    if not raw.size or (np.fmax.reduce(raw, axis=None) <= LARGEST and np.fmin.reduce(raw, axis=None) >= -LARGEST):
        return
    cells = np.argwhere(np.abs(raw) > LARGEST)
    findings = [
        Finding(
            "error", "infinite", f"the value is {raw[tuple(cell)]:g}", regions[cell[-2]], None, leaves[cell[-1]].code
        )
        for cell in cells
    ]
    if findings:
        raise InputError("values that cannot be scored", hint="leave a missing value blank", findings=findings)
