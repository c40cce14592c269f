"""A checked region hierarchy out of a table of text: the shipped one, or a user's `regions.csv`."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from functools import cache

import pyarrow as pa

from ecosystem.errors import Finding, RegionError
from ecosystem.messages import tr
from ecosystem.model import Model, Property, column_named, load_model
from ecosystem.regions.hierarchy import Region, Regions
from ecosystem.regions.nesting import Cells, Faults, Kept, check_members, check_parents, split_cell
from ecosystem.resources import resource
from ecosystem.tables.csv_reader import read_csv
from ecosystem.tables.words import MISSING

_REQUIRED = ("id", "name", "level")
_NO_ID = MISSING - {"na"}  # which is Namibia
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


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
    faults, columns = Faults(file), (model or load_model()).labels["Region"].properties
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
    check_parents(kept, faults)
    check_members(kept, faults)
    if faults.fatal:
        return None, faults.findings
    return Regions(_region(cells, kept) for _, cells in kept.values()), faults.findings


def _check_columns(names: list[str], columns: Mapping[str, Property], faults: Faults) -> None:
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


def _check_rows(rows: list[dict[str, str | None]], columns: Mapping[str, Property], faults: Faults) -> Kept:
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


def _check_cells(line: int, cells: Cells, columns: Mapping[str, Property], faults: Faults) -> None:
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


def _repeated(region: str, line: int, cells: Cells, first: tuple[int, Cells], faults: Faults) -> None:
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
        aliases=split_cell(cells.get("aliases")),
        members=split_cell(cells.get("members")),
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
