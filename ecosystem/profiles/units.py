"""What a region or a group is compared with: the ranked regions, or the groups of the index, on every level of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.audit.lineage import region_place
from ecosystem.audit.strengths import present_values
from ecosystem.errors import RegionError, did_you_mean
from ecosystem.index import Group, Text
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.steps.rank import rank_columns
from ecosystem.messages import tr
from ecosystem.regions import fold
from ecosystem.regions.hierarchy import GROUP
from ecosystem.scoring import Scores
from ecosystem.scoring.result import names_of


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """U ranked regions or U groups of the index.

    `values` (U, K) are the indicators as measured, those of groups as `group_values` says. `points` has by level of the
    hierarchy, from the indicators up, the scores (U, n); `ranked` what the ranks are by: these, but for the indicators
    the normalised values of regions, and of groups the values as measured, where all of them have one. NaN where there
    is none.
    """

    kind: str
    ids: tuple[str, ...]
    names: tuple[Text, ...]
    values: FloatArray
    points: tuple[FloatArray, ...]
    ranked: tuple[FloatArray, ...]
    ranks: tuple[IntArray, ...]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What a profile is of: a unit among its like by its place, and the places of its members among the regions."""

    units: Units
    place: int
    members: tuple[int, ...]

    @property
    def id(self) -> str:
        """The id of the region or group."""
        return self.units.ids[self.place]

    @property
    def is_group(self) -> bool:
        """True for a group of regions."""
        return self.units.kind == GROUP


def subject_of(scores: Scores, name: str) -> Subject:
    """The ranked region or the group of the index that a name means, a group before a region that is called so.

    RegionError for a name that is unknown, with the nearest, and for a region that the index does not rank.
    """
    level = scores.index.level(scores.level)
    regions = scores.standing.regions
    for at, group in enumerate(level.groups):
        if name == group.id or fold(name) in _called(scores, group):
            return Subject(group_units(scores), at, tuple(regions.index(member) for member in group.members))
    try:
        place = region_place(scores, name)
    except RegionError as err:
        known = [text for group in level.groups for text in (group.name.zh, group.name.en)]
        elsewhere = _elsewhere(scores, name) or did_you_mean(name, known)
        if elsewhere is None or name in known:
            raise
        raise RegionError(err.message.split("\n")[0], hint=elsewhere, findings=err.findings) from err
    return Subject(region_units(scores), place, (place,))


def _called(scores: Scores, group: Group) -> set[str]:
    """Every name of a group: those of the index, and where the hierarchy has it those of the hierarchy."""
    others = scores.regions[group.id].names if group.id in scores.regions else ()
    return {fold(name) for name in (group.name.zh, group.name.en, *others)}


def _elsewhere(scores: Scores, name: str) -> str | None:
    """Where a region is ranked, or a group is told of, that is not at this level, as a hint."""
    for level in scores.index.levels:
        held = scores.index.level(level)
        called = {group.id for group in held.groups}.union(*(_called(scores, group) for group in held.groups))
        known = name in called or fold(name) in called or scores.regions.find(name, level=level) in held.regions
        if level != scores.level and known:
            return tr("it is ranked at another level: --level {level}", level=level)
    return None


def region_units(scores: Scores) -> Units:
    """The ranked regions."""
    standing = scores.standing
    points = tuple(standing.at(level) for level in range(1, scores.index.depth + 1))
    return _units(scores, "region", standing.regions, standing.raw, points, (present_values(scores), *points[1:]))


def group_units(scores: Scores) -> Units:
    """The groups of the index; their scores are the sums of their members'."""
    groups = scores.groups
    if groups is None:
        return _units(scores, GROUP, (), np.zeros((0, len(scores.index.leaves))), (), ())
    values = group_values(scores)
    points = [groups.at(level) for level in range(1, scores.index.depth + 1)]
    present = present_values(scores)
    rows = _member_rows(scores)
    without = np.array([np.isnan(present[members]).all(axis=0) for members in rows])
    points[0] = np.where(without, np.nan, points[0])
    directions = np.array([float(leaf.direction) for leaf in scores.index.leaves])
    whole = (np.isnan(values) <= np.isnan(points[0])).all(axis=0)
    ranked = np.where(whole, values * directions, points[0])
    return _units(scores, GROUP, groups.regions, values, tuple(points), (ranked, *points[1:]))


def _units(
    scores: Scores,
    kind: str,
    ids: Sequence[str],
    values: FloatArray,
    points: tuple[FloatArray, ...],
    ranked: tuple[FloatArray, ...],
) -> Units:
    names = tuple(names_of(scores, unit) for unit in ids)
    ranks = tuple(rank_columns(column, scores.index.ties) for column in ranked)
    return Units(kind, tuple(ids), names, values, points, ranked, ranks)


def group_values(scores: Scores) -> FloatArray:
    """The indicators (G, K) of the groups of the index, as measured.

    A metric is measured on the group itself where the hierarchy has it with the same members, so that a mean is that of
    all its organisations and nothing is counted twice. Elsewhere the members are added up, where their values add up;
    the value of a group of one member is that member's. NaN for any other.
    """
    groups = scores.index.level(scores.level).groups
    rows = _member_rows(scores)
    same = [
        group.id in scores.regions and set(scores.regions[group.id].members) == set(group.members) for group in groups
    ]
    found = np.full((len(groups), len(scores.index.leaves)), np.nan)
    for place, leaf in enumerate(scores.index.leaves):
        source = scores.sources[leaf.code]
        raw = scores.standing.raw[:, place]
        if np.isnan(raw).all():
            continue
        wide = source.at(GROUP) if any(same) else None
        ids = [group.id for group in groups]
        own = np.full(len(groups), np.nan) if wide is None else wide.values(ids, scores.window).values
        for at, members in enumerate(rows):
            held = raw[members]
            if len(members) == 1:
                found[at, place] = held[0]
            elif same[at] and not np.isnan(own[at]):
                found[at, place] = own[at]
            elif source.unsummed is None and not np.isnan(held).all():
                found[at, place] = np.nansum(held)
    return found


def _member_rows(scores: Scores) -> list[list[int]]:
    place = {region: row for row, region in enumerate(scores.standing.regions)}
    return [[place[member] for member in group.members] for group in scores.index.level(scores.level).groups]
