"""A checked region hierarchy out of a table of text: the shipped one, or a user's `regions.csv`."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pyarrow as pa

from ecosystem.errors import Finding, RegionError, Severity, did_you_mean
from ecosystem.messages import tr
from ecosystem.model import Model, Property, column_named, load_model
from ecosystem.regions.hierarchy import GROUP, SEPARATOR, Region, Regions
from ecosystem.resources import resource
from ecosystem.tables.csv_reader import read_csv
from ecosystem.tables.words import MISSING

_REQUIRED = ("id", "name", "level")
_NO_ID = MISSING - {"na"}  # which is Namibia
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

MOST_DEEP = 100
"""How many regions may lie one in the other."""

Cells = Mapping[str, str | None]


@cache
def shipped_regions() -> Regions:
    """The hierarchy that travels with the package: countries, and China down to counties.

    >>> regions = ecosystem.shipped_regions()
    >>> regions.resolve("Sichuan"), regions["510000"].name
    ('510000', '四川省')
    """
    path = resource("data", "regions", "regions.csv")
    table = read_csv(path, load_model().labels["Region"].properties)
    columns = pa.Table.from_arrays(table.columns, names=list(table.names))
    regions, findings = read_regions(columns, file=path.name)
    if regions is None:
        raise RegionError(tr("{path}: the shipped region hierarchy is damaged", path=path), findings=findings)
    return regions


def read_regions(table: pa.Table, *, file: str, model: Model | None = None) -> tuple[Regions | None, list[Finding]]:
    """The hierarchy that a table of text holds, and every fault of it; None where one of them is an error.

    Columns: `id`, `name`, `level`, and where wanted `code`, `country`, `parent` (an id), `name_en`, `aliases` and
    `members` (separated by `|`), `longitude`, `latitude` (degrees). Headings and levels may be Chinese. A row of level
    `group` has members and no parent; a group cannot be a member. A blank country is that of the nearest ancestor that
    has one; for a region of level `country` it is its code, or else its id. Without a `model` the columns are those of
    the shipped one.
    """
    faults, columns = _Faults(file), (model or load_model()).labels["Region"].properties
    table = table.rename_columns([column_named(name, columns) for name in table.column_names])
    _check_columns(table.column_names, columns, faults)
    if faults.fatal:
        return None, faults.findings
    known = [name for name in table.column_names if name in columns]
    texts = table.select(known).to_pylist()
    rows = [{name: columns[name].meant((cell or "").strip()) or None for name, cell in row.items()} for row in texts]
    if not rows:
        hint = tr("without this table the shipped hierarchy is used")
        faults.add("no_rows", tr("the table has a header but no regions"), row=1, hint=hint)
    kept = _check_rows(rows, columns, faults)
    _check_parents(kept, faults)
    _check_members(kept, faults)
    if faults.fatal:
        return None, faults.findings
    return Regions(_region(cells, kept) for _, cells in kept.values()), faults.findings


@dataclass(slots=True)
class _Faults:
    """The findings of one file, as they are collected."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> None:
        short = value[:80] if value is not None else None
        self.findings.append(Finding(severity, code, message, self.file, row, column, short, hint))

    @property
    def fatal(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


Kept = dict[str, tuple[int, Cells]]
"""Per id the line and the cells of its first row."""


def _check_columns(names: list[str], columns: Mapping[str, Property], faults: _Faults) -> None:
    absent = [name for name in columns if name not in names]
    all_columns = tr("the columns are: {names}", names=", ".join(columns))
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.add("duplicate_column", tr("the column {name!r} is there twice", name=name), row=1, column=name)
    for name in _REQUIRED:
        if name in absent:
            faults.add("missing_column", tr("the column {name!r} is missing", name=name), row=1, hint=all_columns)
    for name in (name for name in names if name not in columns):
        meant = difflib.get_close_matches(name.strip().casefold(), absent, n=1, cutoff=0.75)
        if meant:
            hint = tr("did you mean {meant!r}?", meant=meant[0])
            faults.add("misspelled_column", tr("unknown column {name!r}", name=name), row=1, column=name, hint=hint)
        else:
            message = tr("the column {name!r} is not used", name=name)
            faults.add("unused_column", message, row=1, column=name, hint=all_columns, severity="warning")


def _check_rows(rows: list[dict[str, str | None]], columns: Mapping[str, Property], faults: _Faults) -> Kept:
    """The rows with an id, the first of each; faults of single cells and of repeated ids on the way."""
    kept: Kept = {}
    for line, cells in enumerate(rows, start=2):
        _check_cells(line, cells, columns, faults)
        region = cells["id"]
        if region is None or region.casefold() in _NO_ID:
            faults.add("blank_id", tr("the region has no id"), row=line, column="id", value=region)
        elif region in kept:
            _repeated(region, line, cells, kept[region], faults)
        else:
            kept[region] = (line, cells)
    return kept


def _check_cells(line: int, cells: Cells, columns: Mapping[str, Property], faults: _Faults) -> None:
    for name in ("name", "level"):
        if cells[name] is None:
            faults.add(
                f"blank_{name}",
                tr("the region {region!r} has no {name}", region=cells["id"] or "", name=name),
                row=line,
                column=name,
            )
    for name, cell in cells.items():
        if cell is not None and _CONTROL.search(cell):
            faults.add(
                "control_character", tr("a control character in the cell"), row=line, column=name, value=repr(cell)
            )
    for name in ("longitude", "latitude"):
        cell, known = cells.get(name), columns[name]
        if cell is not None and (code := _number_fault(cell, known.minimum, known.maximum)):
            message = tr(
                "{cell!r} is not a {name} in degrees, {minimum} to {maximum}",
                cell=cell[:80],
                name=name,
                minimum=known.minimum,
                maximum=known.maximum,
            )
            faults.add(code, message, row=line, column=name, value=cell)


def _number_fault(cell: str, minimum: float | None, maximum: float | None) -> str | None:
    """The code of what is wrong with a number between limits; None where nothing is."""
    try:
        number = float(cell)
    except ValueError:
        return "not_a_number"
    if not math.isfinite(number):
        return "not_finite"
    low, high = -math.inf if minimum is None else minimum, math.inf if maximum is None else maximum
    return None if low <= number <= high else "out_of_range"


def _repeated(region: str, line: int, cells: Cells, first: tuple[int, Cells], faults: _Faults) -> None:
    before, parent = first[1].get("parent"), cells.get("parent")
    if before and parent and before != parent:
        message = tr(
            "{region!r} has two parents: {before!r} in line {line} and {parent!r} here",
            region=region,
            before=before,
            line=first[0],
            parent=parent,
        )
        hint = tr("a region lies in one region; for a second grouping add a row of level group with members")
        faults.add("two_parents", message, row=line, column="parent", value=parent, hint=hint)
    else:
        message = tr("the id {region!r} is on line {line} already", region=region, line=first[0])
        faults.add("duplicate_id", message, row=line, column="id", value=region)


def _check_parents(kept: Kept, faults: _Faults) -> None:
    for region, (line, cells) in kept.items():
        parent = cells.get("parent")
        if parent is None:
            continue
        if cells["level"] == GROUP:
            message, hint = (
                tr("the group {region!r} has a parent", region=region),
                tr("a group has members and no parent"),
            )
            faults.add("group_parent", message, row=line, column="parent", value=parent, hint=hint)
        elif parent not in kept:
            message, hint = (
                tr("the parent {parent!r} of {region!r} does not exist", parent=parent, region=region),
                did_you_mean(parent, kept),
            )
            faults.add("unknown_parent", message, row=line, column="parent", value=parent, hint=hint)
        elif kept[parent][1]["level"] == GROUP:
            message, hint = (
                tr("the parent {parent!r} of {region!r} is a group", parent=parent, region=region),
                tr("list {region!r} in the group's members", region=region),
            )
            faults.add("group_as_parent", message, row=line, column="parent", value=parent, hint=hint)
    _check_depth(kept, faults)
    for cycle in _cycles({region: cells.get("parent") for region, (_, cells) in kept.items()}):
        message = tr("regions lie in each other: {cycle}", cycle=" → ".join([*cycle, cycle[0]]))
        faults.add("region_cycle", message, row=kept[cycle[0]][0], column="parent", value=cycle[0])


def _check_depth(kept: Kept, faults: _Faults) -> None:
    """An error for the first region that lies too deep: each region is counted for all that it lies in."""
    depths: dict[str, int] = {}
    for region in kept:
        path: dict[str, None] = {}
        here: str | None = region
        while here in kept and here not in depths and here not in path:
            path[here] = None
            here = kept[here][1].get("parent")
        above = depths.get(here or "", 0)
        for place, below in enumerate(reversed(path), start=above + 1):
            depths[below] = place
            if place > MOST_DEEP:
                message = tr(
                    "{region!r} is nested {depth} regions deep; at most {limit} are allowed",
                    region=below,
                    depth=place - 1,
                    limit=MOST_DEEP,
                )
                hint = tr("give it a parent that is less deep")
                faults.add("too_deep", message, row=kept[below][0], column="parent", value=below, hint=hint)
                return


def _cycles(parents: Mapping[str, str | None]) -> list[list[str]]:
    """The cycles, each once, beginning with its first region in file order."""
    cycles, done = [], set[str]()
    for start in parents:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = parents.get(here)
        if here in path:
            walked = list(path)
            cycles.append(walked[walked.index(here) :])
        done.update(path)
    return [_turned(cycle, parents) for cycle in cycles]


def _turned(cycle: list[str], parents: Mapping[str, str | None]) -> list[str]:
    first = cycle.index(next(region for region in parents if region in cycle))
    return cycle[first:] + cycle[:first]


def _check_members(kept: Kept, faults: _Faults) -> None:
    for region, (line, cells) in kept.items():
        members = _split(cells.get("members"))
        if cells["level"] == GROUP and not members:
            hint = tr("member ids separated by {separator}", separator=SEPARATOR)
            faults.add(
                "empty_group",
                tr("the group {region!r} has no members", region=region),
                row=line,
                column="members",
                hint=hint,
            )
        if cells["level"] != GROUP and members:
            message, hint = (
                tr("{region!r} has members, but is not a group", region=region),
                tr("set its level to {group}, or delete the members", group=GROUP),
            )
            faults.add("members_of_no_group", message, row=line, column="members", value=cells["members"], hint=hint)
            continue
        for member in members:
            if member not in kept:
                message, hint = (
                    tr("the member {member!r} of {region!r} does not exist", member=member, region=region),
                    did_you_mean(member, kept),
                )
                faults.add("unknown_member", message, row=line, column="members", value=member, hint=hint)
            elif kept[member][1]["level"] == GROUP:
                message, hint = (
                    tr("the member {member!r} of {region!r} is a group", member=member, region=region),
                    tr("list the members of that group instead"),
                )
                faults.add("group_of_groups", message, row=line, column="members", value=member, hint=hint)


def _region(cells: Cells, kept: Kept) -> Region:
    number = {name: None if (cell := cells.get(name)) is None else float(cell) for name in ("longitude", "latitude")}
    return Region(
        id=str(cells["id"]),
        name=str(cells["name"]),
        level=str(cells["level"]),
        code=cells.get("code"),
        country=_country(cells, kept),
        parent=cells.get("parent"),
        name_en=cells.get("name_en"),
        aliases=_split(cells.get("aliases")),
        members=_split(cells.get("members")),
        **number,
    )


def _country(cells: Cells, kept: Kept) -> str | None:
    here: Cells | None = cells
    while here is not None:
        if own := here.get("country"):
            return own
        if here["level"] == "country":
            return here.get("code") or here["id"]
        parent = here.get("parent")
        here = kept[parent][1] if parent else None
    return None


def _split(cell: str | None) -> tuple[str, ...]:
    """The parts of a cell, each once."""
    return tuple(dict.fromkeys(part.strip() for part in (cell or "").split(SEPARATOR) if part.strip()))
