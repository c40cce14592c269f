"""An index folder with its values as COINr's `iData` and `iMeta`; what came from there goes back without loss."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ecosystem.errors import SpecError
from ecosystem.index.files.coinr import KEPT_NAME, KINDS, META, POSTS, VALUES_NAME, plain_table
from ecosystem.index.files.index_folder import read_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import csv_text
from ecosystem.index.spec import Index, Indicator
from ecosystem.index.value_table import ValueTable


def export_coinr(folder: Path, values: Path | None = None) -> dict[str, str]:
    """`iData.csv` and `iMeta.csv` of an index folder; `values` is its table, `values.csv` in the folder by default.

    SpecError where the index has no table. The two hold the hierarchy, directions, weights, targets, goalposts,
    denominators and groups, and not the rules of the steps.
    """
    index = read_index(folder)
    path = values or folder / VALUES_NAME
    if not path.is_file():
        raise SpecError(f"{folder} has no {VALUES_NAME}", hint="give the table of its values: --values TABLE")
    table = read_values(path)
    kept = _read_kept(folder / KEPT_NAME)
    return {"iData.csv": _data(index, table, path), "iMeta.csv": _meta_text(index, kept)}


@dataclass(frozen=True, slots=True)
class Kept:
    """What `coinr.csv` keeps of `iMeta`: its columns, the order of its rows, by code the cells with no other place."""

    columns: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def _read_kept(path: Path) -> Kept:
    """Nothing where there is no such file."""
    if not path.is_file():
        return Kept()
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    lines = list(reader)
    cells = {line["iCode"]: {name: cell for name, cell in line.items() if cell} for line in lines}
    return Kept(tuple(reader.fieldnames or ()), tuple(cells), cells)


def _data(index: Index, table: ValueTable, path: Path) -> str:
    """The table with the names that COINr knows for its keys, and the columns named by the indicators' codes."""
    text = plain_table(path, table)
    header, _, body = text.partition("\n")
    names = next(csv.reader([header]))
    by_source = {leaf.source.name: leaf.code for leaf in index.leaves if leaf.source is not None}
    theirs = {"region": "uCode", "name": "uName", "year": "Time"}
    renamed = [theirs.get(name.casefold(), by_source.get(name, name)) for name in names]
    return csv_text(renamed, []) + body


def _meta_text(index: Index, kept: Kept) -> str:
    """`iMeta` in the columns and the order that it had, with those that it needs now."""
    rows = {row.code: _row_cells(row) for row in index.indicators}
    kinds = {own: theirs for theirs, own in KINDS.items()}
    for one in index.variables:
        own = {"iCode": one.code, "iName": one.name.en, "Unit": one.unit, "Type": kinds[one.kind]}
        rows[one.code] = {**kept.cells.get(one.code, {}), **own}
    places = {code: at for at, code in enumerate(kept.order)}
    codes = sorted(rows, key=lambda code: places.get(code, len(places)))
    used = [name for name in (*META, *POSTS) if any(rows[code].get(name) not in {None, ""} for code in codes)]
    if all(rows[code]["iName"] == code for code in codes):
        used.remove("iName")
    columns = list(dict.fromkeys([*(kept.columns or META), *used]))
    whole = [{**kept.cells.get(code, {}), **rows[code]} for code in codes]
    return csv_text(columns, ([_or_na(row.get(name)) for name in columns] for row in whole))


def _row_cells(row: Indicator) -> dict[str, str | float | None]:
    """A row of the hierarchy as `iMeta` has it."""
    return {
        "Level": row.level,
        "iCode": row.code,
        "iName": row.name.en,
        "Direction": row.direction,
        "Weight": row.weight,
        "Unit": row.unit,
        "Target": row.target,
        "Denominator": row.denominator,
        "Parent": row.parent,
        "Type": "Indicator" if row.level == 1 else "Aggregate",
        **{theirs: getattr(row, own) for theirs, own in POSTS.items()},
    }


def _or_na(cell: str | float | None) -> str | float:
    return "NA" if cell is None or cell == "" else cell
