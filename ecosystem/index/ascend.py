"""From normalised indicators up the hierarchy: the score of every part, and what each indicator brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.spec import Index
from ecosystem.index.steps.aggregate import AGGREGATIONS, Summing, combine
from ecosystem.index.steps.grouping import Grouping, climb, count_parts, weigh_parts
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.weigh import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Ascent:
    """Scores `(..., regions, n)` at level 2, 3, ..., and the points `weighted` `(..., regions, indicators)`.

    `undefined` has (level, region, part) for every score that a method could not give; `why` the method's words by
    level.
    """

    aggregates: tuple[FloatArray, ...]
    weighted: FloatArray
    undefined: tuple[tuple[int, int, int], ...] = ()
    why: Mapping[int, str] = field(default_factory=dict)


def ascend(
    index: Index, normalised: FloatArray, excluded: BoolArray, weights: Weights, steps: Sequence[Grouping]
) -> Ascent:
    """The scores of all parents, the missing rule of the index applied, excluded regions NaN throughout."""
    missing_rule, rule = MISSING_RULES.find(index.missing.rule), index.aggregation
    missing = np.isnan(normalised)
    points = normalised * weights.shares[..., None, :]
    np.copyto(points, 0.0, where=missing)
    out = bool(excluded.any())
    if rule.sums_shares and missing_rule.adds_nothing:
        aggregates = climb(points, steps)
        return Ascent(tuple(_without(scores, excluded) for scores in aggregates) if out else aggregates, points)
    parts = first_parts(index, normalised, excluded, weights)
    climb_up = climb_by(index, parts, weights, steps)
    whole, undefined = climb_up.scores, _first_lost(climb_up)
    by_level = {level: AGGREGATIONS.find(rule.at(level)) for level in range(2, index.depth + 1)}
    if not rule.sums_shares and all(method.adds for method in by_level.values()):
        points = _contributions(index, parts, whole, weights, steps)
    return Ascent(whole, points, undefined, {level: method.undefined for level, method in by_level.items()})


def first_parts(index: Index, normalised: FloatArray, excluded: BoolArray, weights: Weights) -> FloatArray:
    """The scores that are aggregated first: a missing one is 0 where the index says so, NaN where it is skipped."""
    parts = normalised * weights.shares[..., None, :] if index.aggregation.sums_shares else normalised
    return MISSING_RULES.find(index.missing.rule).function(parts, excluded)


@dataclass(frozen=True, slots=True, eq=False)
class Climb:
    """Scores `(..., regions, n)` at level 2, 3, ..., and per level which of them are `lost`: undefined, not missing.

    A lost score is NaN, and so is all that it would be a part of: unlike a missing part it is never passed over.
    """

    scores: tuple[FloatArray, ...]
    lost: tuple[BoolArray, ...]


def climb_by(
    index: Index, parts: FloatArray, weights: Weights, steps: Sequence[Grouping], total: Summing = weigh_parts
) -> Climb:
    """The scores at every level by the methods of the index; a parent with too few of its parts is NaN."""
    scores: list[FloatArray] = []
    lost: list[BoolArray] = []
    rule, least = index.aggregation, index.missing.least
    gone = np.zeros(parts.shape, np.bool_)
    for level, (step, own) in enumerate(zip(steps, weights.levels, strict=True), start=2):
        above = combine(rule.at(level), parts, own, step, rule, total)
        gone = count_parts(gone, step) > 0 if gone.any() else np.zeros(above.shape, np.bool_)
        if least > 0 or np.isnan(above).any():
            present = ~np.isnan(parts)
            count = count_parts(present, step)
            enough = (count > 0) & (count >= least * np.bincount(step.parents))
            heavy = total(present.astype(np.float64), own, step) > 0
            gone = gone | (np.isnan(above) & enough & heavy)
            above = np.where(enough & ~gone, above, np.nan)
        elif gone.any():
            above = np.where(gone, np.nan, above)
        scores.append(above)
        lost.append(gone)
        parts = above
    return Climb(tuple(scores), tuple(lost))


def _first_lost(climbed: Climb) -> tuple[tuple[int, int, int], ...]:
    """(level, region, part) of the lost scores of the lowest level that has any: what is above follows from them."""
    for level, lost in enumerate(climbed.lost, start=2):
        if lost.any():
            return tuple(sorted({(level, int(cell[-2]), int(cell[-1])) for cell in np.argwhere(lost)}))
    return ()


def _contributions(
    index: Index, parts: FloatArray, scores: Sequence[FloatArray], weights: Weights, steps: Sequence[Grouping]
) -> FloatArray:
    """What each indicator adds under sums and arithmetic means: its score times its share in that region."""
    present = [~np.isnan(level) for level in (parts, *scores[:-1])]
    share: FloatArray = np.ones((*scores[-1].shape[:-1], 1))
    for at in reversed(range(len(steps))):
        step, own = steps[at], weights.levels[at]
        one = own[..., None, :] * present[at]
        if AGGREGATIONS.find(index.aggregation.at(at + 2)).adds == "mean":
            whole = weigh_parts(present[at].astype(np.float64), own, step)
            one = one / np.where(whole > 0, whole, 1.0)[..., step.parents]
        share = one * share[..., step.parents]
    return np.where(present[0], parts, 0.0) * share


def _without(scores: FloatArray, excluded: BoolArray) -> FloatArray:
    return np.where(excluded[..., None], np.nan, scores)
