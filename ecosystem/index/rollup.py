"""Scores of regions rolled up to groups of them, e.g. provinces to economic circles."""

from __future__ import annotations

import numpy as np

from ecosystem.errors import UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import IndexScores, Standing, rank_columns
from ecosystem.index.rank import rank


def roll_up(scores: IndexScores) -> Standing:
    """The standing of the groups of a level: at every level of the hierarchy a group is the sum of its members.

    Ranks are among the groups. Coverage is the mean of the members': the share of their weights that has a value.
    Groups may overlap; their scores are never added up. UsageError where the level has no groups.
    """
    index = scores.index
    level = index.level(scores.level)
    if not level.groups:
        raise UsageError(
            f"index {index.id} has no groups at level {level.name!r}", hint=f"ecosystem index show {index.id}"
        )
    place = {region: row for row, region in enumerate(scores.regions)}
    rows = [[place[member] for member in group.members] for group in level.groups]
    aggregates = tuple(_sums(values, rows) for values in scores.aggregates)
    weighted = _sums(scores.at(1), rows)
    pillars = weighted if len(aggregates) == 1 else aggregates[-2]
    sizes = np.array([len(members) for members in rows], dtype=np.float64)
    return Standing(
        index=index,
        level=level.name,
        regions=tuple(group.id for group in level.groups),
        weighted=weighted,
        aggregates=aggregates,
        overall_rank=rank(aggregates[-1][..., 0], index.ties),
        pillar_ranks=rank_columns(pillars, index.ties),
        coverage=_sums(scores.coverage[..., None], rows)[..., 0] / sizes,
        pillar_coverage=_sums(scores.pillar_coverage, rows) / sizes[:, None],
    )


def _sums(values: FloatArray, rows: list[list[int]]) -> FloatArray:
    """`(..., regions, n)` summed over the members of each group: `(..., groups, n)`."""
    return np.stack([values[..., members, :].sum(axis=-2) for members in rows], axis=-2)
