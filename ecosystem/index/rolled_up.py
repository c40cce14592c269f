"""Scores of regions rolled up: to the groups of a level, and to one row of the regions that lie in none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ecosystem.errors import UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import IndexScores, Standing
from ecosystem.index.last_step import last_step
from ecosystem.index.steps.rank import UNRANKED, rank, rank_columns
from ecosystem.messages import tr

OTHERS = "others"
"""The ranked regions that lie in no group, where they stand in one row below the groups."""


def roll_up(scores: IndexScores) -> Standing:
    """The standing of the groups of a level: at every level of the hierarchy a group is the sum of its members.

    Ranks are among the groups. Where no member has a value of an indicator, the group has none. Coverage is the mean of
    the members': the share of their weights that has a value.
    Groups may overlap; their scores are never added up. UsageError where the level has no groups.
    """
    index = scores.index
    level = index.level(scores.level)
    if not level.groups:
        raise UsageError(
            tr("index {id} has no groups at level {level!r}", id=index.id, level=level.name),
            hint=tr("ecosystem index show {id}", id=index.id),
        )
    return _rolled_up(scores, tuple(group.id for group in level.groups), _rows_of_groups(scores))


def other_regions(scores: IndexScores) -> Standing | None:
    """The sum of the ranked regions that lie in no group of their level, as one row `others`; None where none is left.

    It is no group: its rank is 0. Where groups overlap it must not be added to them any more than they to each other.
    """
    level = scores.index.level(scores.level)
    grouped = {member for group in level.groups for member in group.members}
    left = [row for row, region in enumerate(scores.regions) if region not in grouped]
    if not level.groups or not left:
        return None
    found = _rolled_up(scores, (OTHERS,), [left], _before(scores, _rows_of_groups(scores)))
    unranked = {name: np.full_like(getattr(found, name), UNRANKED) for name in ("overall_rank", "pillar_ranks")}
    return replace(found, **unranked)


def _rows_of_groups(scores: IndexScores) -> list[list[int]]:
    place = {region: row for row, region in enumerate(scores.regions)}
    return [[place[member] for member in group.members] for group in scores.index.level(scores.level).groups]


def _before(scores: IndexScores, rows: list[list[int]]) -> tuple[FloatArray, ...]:
    """The scores of some regions together, before a last step."""
    whole = scores.aggregates if scores.last is None else scores.last.aggregates
    return tuple(_sums(values, rows) for values in whole)


def _rolled_up(
    scores: IndexScores, names: tuple[str, ...], rows: list[list[int]], basis: tuple[FloatArray, ...] | None = None
) -> Standing:
    """The standing of some regions together, by their rows; a last step comes after, on a scale set by `basis`."""
    index = scores.index
    sums = _before(scores, rows)
    before = scores.weighted if scores.last is None else scores.last.weighted
    points = _sums(before if index.aggregation.sums_shares else scores.normalised, rows)
    aggregates, weighted, last = last_step(index, sums, points, basis=basis)
    nothing = np.stack([np.isnan(scores.at(1)[..., members, :]).all(axis=-2) for members in rows], axis=-2)
    weighted = np.where(nothing, np.nan, weighted)
    pillars = points if len(aggregates) == 1 else aggregates[-2]
    sizes = np.array([len(members) for members in rows], dtype=np.float64)
    return Standing(
        index=index,
        level=scores.level,
        regions=names,
        weighted=weighted,
        aggregates=aggregates,
        overall_rank=rank(aggregates[-1][..., 0], index.ties),
        pillar_ranks=rank_columns(pillars, index.ties),
        coverage=_sums(scores.coverage[..., None], rows)[..., 0] / sizes,
        pillar_coverage=_sums(scores.pillar_coverage, rows) / sizes[:, None],
        last=last,
    )


def _sums(values: FloatArray, rows: list[list[int]]) -> FloatArray:
    """`(..., regions, n)` summed over the members of each group: `(..., groups, n)`."""
    return np.stack([values[..., members, :].sum(axis=-2) for members in rows], axis=-2)
