"""The scores that the rules of an index can give at all: the range of every part, whatever the values are."""

from __future__ import annotations

import math

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import EVERY, Group, Index, Level
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.grouping import Grouping, groupings_of, sum_levels
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.ranges import Range, added, hull, times, with_zero
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.weigh import WEIGHTINGS, FixedWeights, Weights


def reach(index: Index, level: Level) -> dict[str, Range]:
    """The lowest and the highest score of every part of an index at a level of regions, by code.

    An end is infinite where the rules set none: that of z-scores, or of ranks among regions that only the dataset
    names. The ends are safe rather than sharp: no score lies outside, but not every score inside need be possible.
    """
    return _after(index, _before_the_last_step(index, level))


def _after(index: Index, found: dict[str, Range]) -> dict[str, Range]:
    """The ranges after the last step, which is for total and pillars."""
    if not index.rescales:
        return found
    method = RESCALINGS.find(index.rescaling.method)
    moved = {row.code for row in index.indicators if row.level >= max(index.depth - 1, 2)}
    return {code: method.reach(index.rescaling, part) if code in moved else part for code, part in found.items()}


def _before_the_last_step(index: Index, level: Level) -> dict[str, Range]:
    parts = [_of_indicator(index, place, count_of(level)) for place in range(len(index.leaves))]
    groupings = groupings_of(index)
    weights, fixed = _weights(index, groupings)
    sure = fixed and MISSING_RULES.find(index.missing.rule).adds_nothing
    if index.aggregation.sums_shares:
        return _sums_of_shares(index, parts, weights.shares, groupings, sure, fixed)
    found = dict(zip((leaf.code for leaf in index.leaves), parts, strict=True))
    for by, own, height in zip(groupings, weights.levels, range(2, index.depth + 1), strict=True):
        above = []
        for place, row in enumerate(index.at(height)):
            under = by.parts_of(place)
            method = AGGREGATIONS.find(row.aggregation or index.aggregation.at(height))
            above.append(method.reach([parts[at] for at in under], own[under], sure, index.aggregation))
        found |= dict(zip((row.code for row in index.at(height)), above, strict=True))
        parts = above
    return found


def reach_of_group(index: Index, level: Level, group: Group) -> dict[str, Range]:
    """The same for a group, which is the sum of its members, before a last step among the groups."""
    sums = {code: times(part, len(group.members)) for code, part in _before_the_last_step(index, level).items()}
    return _after(index, sums)


def count_of(level: Level) -> float:
    """The number of regions that a level ranks; infinite where the dataset says which."""
    return math.inf if level.regions == (EVERY,) else len(level.regions)


def _of_indicator(index: Index, place: int, count: float) -> Range:
    rule = index.normalisations[place]
    part = NORMALISATIONS.find(rule.method).reach(rule, count)
    return with_zero(part) if index.missing.rule == "zero" else part


def _weights(index: Index, groupings: tuple[Grouping, ...]) -> tuple[Weights, bool]:
    """The weights of every level, and whether they are known; where the data give them, each may be all."""
    method = WEIGHTINGS.find(index.weighting.method)
    if isinstance(method, FixedWeights):
        return method.function(index, groupings), True
    levels = tuple(np.ones(len(index.at(level))) for level in range(1, index.depth))
    return Weights(levels, levels[0]), False


def _sums_of_shares(
    index: Index,
    parts: list[Range],
    shares: FloatArray,
    groupings: tuple[Grouping, ...],
    sure: bool,
    fixed: bool,
) -> dict[str, Range]:
    """The ranges under `weighted_sum`: indicators times their shares of the whole, added level by level.

    Where a missing part leaves its weight to its siblings, a parent is its whole weight times a mean of what is there,
    and an indicator may come to bear the weight of all.
    """
    found: dict[str, Range] = {}
    whole = float(shares.sum()) if fixed else 1.0
    points = [times(part, float(share)) for part, share in zip(parts, shares, strict=True)]
    if not sure:
        points = [with_zero(times(part, whole)) for part in parts]
    found |= dict(zip((leaf.code for leaf in index.leaves), points, strict=True))
    heights = range(2, index.depth + 1)
    for by, weight, height in zip(groupings, sum_levels(shares, groupings), heights, strict=True):
        under = [by.parts_of(place) for place in range(len(index.at(height)))]
        points = [added([points[at] for at in places]) for places in under]
        parts = [hull([parts[at] for at in places]) for places in under]
        loose = [times(part, float(own)) if fixed else with_zero(part) for part, own in zip(parts, weight, strict=True)]
        found |= dict(zip((row.code for row in index.at(height)), points if sure else loose, strict=True))
    return found
