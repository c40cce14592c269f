"""The regions that are ranked: those of a hierarchy or of a table that an index names, and what a table calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ecosystem.errors import Finding, InputError, SpecError
from ecosystem.index import Group, Level
from ecosystem.index.files.value_table import ValueTable
from ecosystem.index.spec import EVERY, Text
from ecosystem.messages import tr
from ecosystem.regions import Region, Regions, shipped_regions


def in_hierarchy(level: Level, regions: Regions, where: str) -> Level:
    """The level with every region that the hierarchy has there, if the index lists none: SpecError where it has none.

    Where the index rolls up, the groups are what the regions lie in.
    """
    if level.regions != (EVERY,):
        return level
    found = regions.at(level.name)
    if not found:
        hint = tr("add rows of level {level}, each with its parent, to regions.csv of the dataset", level=level.name)
        raise SpecError(
            tr("{hierarchy} has no region of level {level!r}", hierarchy=where, level=level.name), hint=hint
        )
    members: dict[str, list[str]] = {}
    for region in found if level.rollup else ():
        if region.parent is not None:
            members.setdefault(region.parent, []).append(region.id)
    groups = tuple(Group(above, _name(regions[above]), tuple(below)) for above, below in members.items())
    return replace(level, regions=tuple(region.id for region in found), groups=groups)


def in_table(level: Level, table: ValueTable) -> Level:
    """The level with every region that the table has a row of, if the index lists none."""
    return level if level.regions != (EVERY,) else replace(level, regions=table.units)


def ranked(level: Level, known: Sequence[str] | Regions, where: str) -> tuple[Level, tuple[str, ...]]:
    """The level with the regions that are known, and those that are not. SpecError where none is."""
    absent = tuple(region for region in level.regions if region not in known)
    if len(absent) == len(level.regions):
        hint = tr("the index names regions by their ids: `ecosystem regions list` shows those of the shipped hierarchy")
        raise SpecError(
            tr(
                "none of the {count} regions that the index ranks is in {hierarchy}", count=len(absent), hierarchy=where
            ),
            hint=hint,
        )
    if not absent:
        return level, ()
    kept = tuple(region for region in level.regions if region in known)
    # a group that has lost a member would be another group
    groups = tuple(group for group in level.groups if set(group.members) <= set(kept))
    return replace(level, regions=kept, groups=groups), absent


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


def ids_of(table: ValueTable, level: Level, regions: Regions) -> dict[str, str]:
    """By region of the table the id under which the index ranks it: itself, or what its name, code or alias means."""
    own = set(level.regions)
    found = {}
    for unit in table.units:
        meant = unit if unit in own else regions.find(unit, level=level.name)
        if meant in own:
            found[unit] = str(meant)
    return found


def told_twice(table: ValueTable, ids: Mapping[str, str]) -> Iterator[Finding]:
    """An error for every row whose region an earlier one names otherwise, in the same year: which of them counts?"""
    first: dict[tuple[str, int | None], tuple[str, int]] = {}
    for unit, year, line in zip(table.regions, table.years, table.lines, strict=True):
        if unit not in ids:
            continue
        name, before = first.setdefault((ids[unit], year), (unit, line))
        if name != unit:
            same = {"unit": unit, "region": ids[unit], "other": name, "line": before, "year": year}
            message = tr("{unit!r} is {region}, and so is {other!r} in line {line}", **same)
            if year is not None:
                message = tr("{unit!r} is {region} in {year}, and so is {other!r} in line {line}", **same)
            hint = tr("keep one of the rows")
            yield Finding("error", "region_twice", message, table.file, line, "region", unit, hint)


def refuse_twice(table: ValueTable, ids: Mapping[str, str]) -> None:
    """Raise InputError where a table has a region twice; see `told_twice`."""
    if faults := list(told_twice(table, ids)):
        raise InputError(tr("the table {path} has a region twice", path=table.path), findings=faults)


def _name(region: Region) -> Text:
    return Text(region.name, region.name_en or region.name)


def _english(names: Mapping[str, Text], region: str) -> str:
    return names.get(region, Text(region, region)).en
