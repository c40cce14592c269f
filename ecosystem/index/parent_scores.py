"""From normalised indicators up the hierarchy: the score of every parent, and what each indicator contributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.rules import Aggregation
from ecosystem.index.spec import Index
from ecosystem.index.steps.aggregate import AGGREGATIONS, Summing, combine, left_over
from ecosystem.index.steps.grouping import Grouping, count_parts, sum_levels, weigh_parts
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.weigh import Weights, from_shares
from ecosystem.messages import listed, tr


@dataclass(frozen=True, slots=True, eq=False)
class ParentScores:
    """Scores `(..., regions, n)` at level 2, 3, ..., and the points `weighted` `(..., regions, indicators)`.

    `undefined` has (level, ..., region, part) for every score that a method could not give; `why` the method's words
    by level.
    """

    aggregates: tuple[FloatArray, ...]
    weighted: FloatArray
    undefined: tuple[tuple[int, ...], ...] = ()
    why: Mapping[int, str] = field(default_factory=dict)


def parent_scores(
    index: Index, normalised: FloatArray, excluded: BoolArray, weights: Weights, groupings: Sequence[Grouping]
) -> ParentScores:
    """The scores of all parents, the missing rule of the index applied, excluded regions NaN throughout."""
    missing_rule, rule = MISSING_RULES.find(index.missing.rule), index.aggregation
    if rule.sums_shares and missing_rule.adds_nothing:
        points = _points(normalised, weights)
        aggregates = sum_levels(points, groupings)
        out = bool(excluded.any())
        return ParentScores(tuple(_without(scores, excluded) for scores in aggregates) if out else aggregates, points)
    weights = weights_of_levels(index, weights, groupings)
    points = _points(missing_rule.function(normalised, excluded), weights)
    parts = parts_to_aggregate(index, normalised, excluded, weights)
    found = level_scores(index, parts, weights, groupings)
    whole, undefined = found.scores, _newly_lost(found, groupings)
    by_level = {level: AGGREGATIONS.find(rule.at(level)) for level in range(2, index.depth + 1)}
    if all(method.adds for method in by_level.values()) and not _of_their_own(index):
        points = _contributions(index, parts, whole, weights, groupings)
    return ParentScores(whole, points, undefined, {level: _why(index, level) for level in by_level})


def parts_to_aggregate(index: Index, normalised: FloatArray, excluded: BoolArray, weights: Weights) -> FloatArray:
    """The scores that are aggregated first: a missing one is 0 where the index says so, NaN where it is skipped."""
    parts = MISSING_RULES.find(index.missing.rule).function(normalised, excluded)
    return parts * weights.shares[..., None, :] if index.aggregation.sums_shares else parts


def weights_of_levels(index: Index, weights: Weights, groupings: Sequence[Grouping]) -> Weights:
    """The weights that missing parts leave to their siblings: under `weighted_sum` the sums of the shares below."""
    return from_shares(weights.shares, groupings) if index.aggregation.sums_shares else weights


def _points(scores: FloatArray, weights: Weights) -> FloatArray:
    """Scores times the shares of their indicators, 0 where one is missing."""
    points = scores * weights.shares[..., None, :]
    np.copyto(points, 0.0, where=np.isnan(points))
    return points


@dataclass(frozen=True, slots=True, eq=False)
class LevelScores:
    """Scores `(..., regions, n)` at level 2, 3, ..., and per level which of them are `lost`: undefined, not missing.

    A lost score is NaN, and so is all that it would be a part of: unlike a missing part it is never passed over.
    """

    scores: tuple[FloatArray, ...]
    lost: tuple[BoolArray, ...]


def level_scores(
    index: Index, parts: FloatArray, weights: Weights, groupings: Sequence[Grouping], total: Summing = weigh_parts
) -> LevelScores:
    """The scores at every level by the methods of the index; a parent with too few of its parts is NaN."""
    scores: list[FloatArray] = []
    lost: list[BoolArray] = []
    rule, least = index.aggregation, index.missing.least
    own_methods = _of_their_own(index)
    gone = np.zeros(parts.shape, np.bool_)
    for level, (by, own) in enumerate(zip(groupings, weights.levels, strict=True), start=2):
        above = _combined(rule.at(level), parts, own, by, rule, total)
        for name, places in own_methods.get(level, {}).items():
            above[..., places] = _combined(name, parts, own, by, rule, total)[..., places]
        gone = count_parts(gone, by) > 0 if gone.any() else np.zeros(above.shape, np.bool_)
        if least > 0 or np.isnan(above).any():
            present = ~np.isnan(parts)
            count = count_parts(present, by)
            enough = (count > 0) & (count >= least * np.bincount(by.parents))
            heavy = total(present.astype(np.float64), own, by) > 0
            gone = gone | (np.isnan(above) & enough & heavy)
            above = np.where(enough & ~gone, above, np.nan)
        elif gone.any():
            above = np.where(gone, np.nan, above)
        scores.append(above)
        lost.append(gone)
        parts = above
    return LevelScores(tuple(scores), tuple(lost))


def _combined(
    method: str, parts: FloatArray, weights: FloatArray, by: Grouping, rule: Aggregation, total: Summing
) -> FloatArray:
    above = combine(method, parts, weights, by, rule, total)
    if AGGREGATIONS.find(method).adds == "sum" and np.isnan(parts).any():
        # a mean has spread the weight of what is missing by itself
        return above * left_over(~np.isnan(parts), weights, by, total)
    return above


def _of_their_own(index: Index) -> dict[int, dict[str, list[int]]]:
    """By level and method the places of the parents that are aggregated by a method of their own."""
    found: dict[int, dict[str, list[int]]] = {}
    for level in sorted({row.level for row in index.indicators if row.aggregation is not None}):
        for place, row in enumerate(index.at(level)):
            if row.aggregation is not None and row.aggregation != index.aggregation.at(level):
                found.setdefault(level, {}).setdefault(row.aggregation, []).append(place)
    return found


def _why(index: Index, level: int) -> str:
    """What the methods of a level need, in their words."""
    names = (index.aggregation.at(level), *_of_their_own(index).get(level, {}))
    return listed((tr(AGGREGATIONS.find(name).undefined) for name in names), "; ")


def _newly_lost(found: LevelScores, groupings: Sequence[Grouping]) -> tuple[tuple[int, ...], ...]:
    """(level, ..., region, part) of the scores that were lost at their own level; those above follow from them."""
    cells: list[tuple[int, ...]] = []
    below: BoolArray | None = None
    for level, (lost, by) in enumerate(zip(found.lost, groupings, strict=True), start=2):
        new = lost if below is None or not below.any() else lost & (count_parts(below, by) == 0)
        cells += [(level, *cell) for cell in np.argwhere(new).tolist()] if new.any() else []
        below = lost
    return tuple(cells)


def _contributions(
    index: Index, parts: FloatArray, scores: Sequence[FloatArray], weights: Weights, groupings: Sequence[Grouping]
) -> FloatArray:
    """What each indicator adds under sums and arithmetic means: its score times its share in that region.

    Scores that are weighted already take no share again, only what their missing siblings have left them.
    """
    present = [~np.isnan(level) for level in (parts, *scores[:-1])]
    share: FloatArray = np.ones((*scores[-1].shape[:-1], 1))
    for at in reversed(range(len(groupings))):
        by, own = groupings[at], weights.levels[at]
        one = present[at] * (1.0 if index.aggregation.sums_shares else own[..., None, :])
        if AGGREGATIONS.find(index.aggregation.at(at + 2)).adds == "mean":
            whole = weigh_parts(present[at].astype(np.float64), own, by)
            one = one / np.where(whole > 0, whole, 1.0)[..., by.parents]
        elif not present[at].all():
            one = one * np.nan_to_num(left_over(present[at], own, by))[..., by.parents]
        share = one * share[..., by.parents]
    return np.where(present[0], parts, 0.0) * share


def _without(scores: FloatArray, excluded: BoolArray) -> FloatArray:
    return np.where(excluded[..., None], np.nan, scores)
