"""Which regions are ranked: those of the index that a hierarchy or a table knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ecosystem.errors import SpecError
from ecosystem.index import Group, Level
from ecosystem.index.records import EVERY, Text
from ecosystem.index.value_table import ValueTable
from ecosystem.regions import Region, Regions, shipped_regions


def in_hierarchy(level: Level, regions: Regions, where: str) -> Level:
    """The level with every region that the hierarchy has there, if the index lists none: SpecError where it has none.

    Where the index rolls up, the groups are what the regions lie in.
    """
    if level.regions != (EVERY,):
        return level
    found = regions.at(level.name)
    if not found:
        hint = f"a regions.csv in the dataset may have rows of level {level.name}, each with its parent"
        raise SpecError(f"{where} has no region of level {level.name!r}", hint=hint)
    members: dict[str, list[str]] = {}
    for region in found if level.rollup else ():
        if region.parent is not None:
            members.setdefault(region.parent, []).append(region.id)
    groups = tuple(Group(above, _name(regions[above]), tuple(below)) for above, below in members.items())
    return replace(level, regions=tuple(region.id for region in found), groups=groups)


def in_table(level: Level, table: ValueTable) -> Level:
    """The level with every region that the table has a row of, if the index lists none."""
    return level if level.regions != (EVERY,) else replace(level, regions=table.units)


def _name(region: Region) -> Text:
    return Text(region.name, region.name_en or region.name)


def ranked(level: Level, known: Sequence[str] | Regions, where: str) -> tuple[Level, tuple[str, ...]]:
    """The level with the regions that are known, and those that are not. SpecError where none is."""
    absent = tuple(region for region in level.regions if region not in known)
    if len(absent) == len(level.regions):
        hint = "the index ranks regions by their ids; `ecosystem regions list` has those that are shipped"
        raise SpecError(f"none of the {len(absent)} regions that the index ranks is in {where}", hint=hint)
    if not absent:
        return level, ()
    kept = tuple(region for region in level.regions if region in known)
    # a group that has lost a member would be another group
    groups = tuple(group for group in level.groups if set(group.members) <= set(kept))
    return replace(level, regions=kept, groups=groups), absent


def ids_of(table: ValueTable, level: Level, regions: Regions) -> dict[str, str]:
    """By region of the table the id under which the index ranks it: itself, or what its name, code or alias means."""
    own = set(level.regions)
    found = {}
    for unit in table.units:
        meant = unit if unit in own else regions.find(unit, level=level.name)
        if meant in own:
            found[unit] = str(meant)
    return found


def table_regions(level: Level, table: ValueTable) -> Regions:
    """The shipped hierarchy, and the ranked regions that it does not know, with the names that the table gives them."""
    shipped = shipped_regions()
    names: Mapping[str, Text] = table.names
    own = [
        Region(region, names.get(region, Text(region, region)).zh, level.name, name_en=_english(names, region))
        for region in level.regions
        if region not in shipped
    ]
    return Regions([*shipped, *own]) if own else shipped


def _english(names: Mapping[str, Text], region: str) -> str:
    return names.get(region, Text(region, region)).en
