"""A table of values as it stands in its file, and its rows: wide, a column per indicator, or long, a row per value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ecosystem.errors import Finding, InputError, did_you_mean
from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import Text
from ecosystem.index.value_table import ValueTable
from ecosystem.tables.csv_reader import read_csv
from ecosystem.tables.excel_reader import open_workbook, read_sheet
from ecosystem.tables.parquet_reader import read_parquet
from ecosystem.tables.raw import RawTable
from ecosystem.tables.words import is_missing

LONG = {"region", "indicator", "value"}

SUFFIXES = (".csv", ".xlsx", ".parquet")


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The cells of a table and what its key columns say: `keys` names them, the rest goes row by row."""

    cells: Cells
    texts: Mapping[str, list[str | None]]
    keys: Mapping[str, str]
    regions: Sequence[str]
    years: Sequence[int | None]
    lines: Sequence[int]


def from_wide(rows: Rows) -> ValueTable:
    """The table of which every column but the keys is an indicator, a group, or a mixture that is neither."""
    cells, texts = rows.cells, rows.texts
    taken = set(rows.keys.values())
    numbers, words, mixed = {}, {}, {}
    for name in (name for name in cells.names if name and name not in taken):
        column, wrong = _numbers(texts[name])
        known = sum(cell is not None and not is_missing(cell) for cell in texts[name])
        if not wrong:
            numbers[name] = column
        elif len(wrong) == known:
            words[name] = tuple(texts[name])
        if wrong:
            mixed[name] = _text_fault(cells.file, name, texts[name], wrong, rows.lines)
    return ValueTable(
        file=cells.file,
        path="",
        hash="",
        regions=tuple(rows.regions),
        years=tuple(rows.years),
        lines=tuple(rows.lines),
        names=_names(rows),
        numbers=numbers,
        texts=words,
        mixed=mixed,
        columns=tuple(cells.names),
        findings=(),
    )


def from_long(rows: Rows) -> ValueTable:
    """The table of the columns region, indicator, value: a row per region and year, a column per indicator."""
    file = rows.cells.file
    name = {column.casefold(): column for column in rows.cells.names}
    values, wrong = _numbers(rows.texts[name["value"]])
    findings = []
    if wrong:
        findings.append(_text_fault(file, name["value"], rows.texts[name["value"]], wrong, rows.lines))
    codes = [cell or "" for cell in rows.texts[name["indicator"]]]
    units = list(zip(rows.regions, rows.years, strict=True))
    first: dict[tuple[str, int | None], int] = {}
    for unit, line in zip(units, rows.lines, strict=True):
        first.setdefault(unit, line)
    place = {unit: at for at, unit in enumerate(first)}
    numbers = {code: np.full(len(first), np.nan) for code in dict.fromkeys(codes)}
    seen: dict[tuple[str, tuple[str, int | None]], int] = {}
    for code, unit, value, line in zip(codes, units, values.tolist(), rows.lines, strict=True):
        if (code, unit) in seen:
            message = f"{code!r} of {unit[0]!r} stands in line {seen[code, unit]} already"
            findings.append(Finding("error", "region_twice", message, file, line, "region", unit[0]))
        seen[code, unit] = line
        numbers[code][place[unit]] = value
    return ValueTable(
        file=file,
        path="",
        hash="",
        regions=tuple(region for region, _ in first),
        years=tuple(year for _, year in first),
        lines=tuple(first.values()),
        names={},
        numbers=numbers,
        texts={},
        mixed={},
        columns=tuple(numbers),
        findings=tuple(findings),
    )


def _text_fault(
    file: str, name: str, cells: Sequence[str | None], wrong: Sequence[int], lines: Sequence[int]
) -> Finding:
    first = wrong[0]
    message = f"the column {name!r} holds text: {cells[first]!r}"
    if len(wrong) > 1:
        message += f" and {len(wrong) - 1} more"
    hint = "write plain numbers: no units, no % and no commas between thousands; leave a missing value blank"
    return Finding("error", "text_column", message, file, lines[first], name, (cells[first] or "")[:80], hint)


def _numbers(cells: Sequence[str | None]) -> tuple[FloatArray, list[int]]:
    """The numbers of a column, NaN where missing, and the rows whose cell is none."""
    column = np.full(len(cells), np.nan)
    wrong = []
    for row, cell in enumerate(cells):
        if cell is None or is_missing(cell):
            continue
        try:
            column[row] = float(cell) if "_" not in cell else np.nan
        except ValueError:
            wrong.append(row)
            continue
        if np.isnan(column[row]):
            wrong.append(row)
    return column, wrong


def _names(rows: Rows) -> dict[str, Text]:
    """The names of the regions in both languages, as far as the table has them; one stands in for the other."""
    one, zh, en = (rows.texts.get(rows.keys.get(key, "")) for key in ("name", "zh", "en"))
    if one is None and zh is None and en is None:
        return {}
    found: dict[str, Text] = {}
    for row, region in enumerate(rows.regions):
        chinese, english = (column[row] if column else None for column in (zh or one, en or one))
        found.setdefault(region, Text(chinese or english or region, english or chinese or region))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The columns of a table with their names, the line of every row, and what is wrong with the sheet."""

    file: str
    names: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    lines: npt.NDArray[np.int64]
    findings: tuple[Finding, ...]


def read_cells(path: Path, sheet: str | None = None) -> Cells:
    """The cells of a file; `sheet` names that of a workbook, else it is the first.

    InputError for a file that is missing, of another kind, damaged or locked. A row of other length than the header, a
    cell that shows an error, a formula without a saved value, merged cells and a title above the header are findings.
    """
    if not path.is_file():
        near = (
            did_you_mean(path.name, [entry.name for entry in path.parent.glob("*")]) if path.parent.is_dir() else None
        )
        raise InputError(f"there is no table {path}", hint=near)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"{path.name} is no table that can be read", hint=f"known are {', '.join(SUFFIXES)}")
    findings: list[Finding] = []
    if suffix == ".xlsx":
        raw = _sheet(path, sheet, findings)
    else:
        raw = read_csv(path, ("region", "uCode", "indicator", "value")) if suffix == ".csv" else read_parquet(path)
    title = _title(raw)
    findings += [title] if title else _row_faults(raw)
    rows = np.arange(raw.rows, dtype=np.int64)
    if not raw.rows and not title:
        findings.append(Finding("error", "no_rows", "the table has a header but no rows", raw.file, 1))
    return Cells(raw.file, raw.names, raw.columns, raw.lines_of(rows), (*raw.findings, *findings))


def _sheet(path: Path, sheet: str | None, findings: list[Finding]) -> RawTable:
    workbook = open_workbook(path)
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        raise InputError(f"{path.name} has no sheet {sheet!r}", hint=did_you_mean(sheet, names))
    chosen = sheet or names[0]
    for (top, left), (bottom, right) in workbook.get_sheet_by_name(chosen).merged_cell_ranges or []:
        place = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
        message = f"the cells {place} are merged: only the first of them has a value"
        hint = "unmerge them in Excel and fill each cell"
        findings.append(Finding("error", "merged_cells", message, f"{path.name}[{chosen}]", top + 1, hint=hint))
    if sheet is None and len(names) > 1:
        message = f"the sheet {chosen!r} is read, the others are not: {', '.join(names[1:6])}"
        findings.append(
            Finding("info", "first_sheet", message, path.name, hint=f"{path.name}[{names[1]}] reads that one")
        )
    return read_sheet(path, workbook, chosen)


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


def _title(raw: RawTable) -> Finding | None:
    """What says that the first line is a title: one cell is filled, and the rows below are wider."""
    filled = [name for name in raw.names if name]
    wider = len(raw.names) > 1 or (bool(raw.ragged) and not raw.rows)
    if len(filled) != 1 or not wider:
        return None
    message = f"the first line holds one cell, {filled[0][:60]!r}: a title where the header should be"
    return Finding("error", "title_row", message, raw.file, 1, hint="delete the lines above the header")


def _row_faults(raw: RawTable) -> list[Finding]:
    findings = [Finding("error", "wrong_cell_count", row.reason, raw.file, row.line) for row in raw.ragged]
    spoiled: Sequence[int] = raw.lines_of(np.array([cell.row for cell in raw.spoiled], np.int64)).tolist()
    for cell, line in zip(raw.spoiled, spoiled, strict=True):
        hint = "open the file in Excel, let it compute, and save it; or type the value"
        column = raw.names[cell.place] if cell.place < len(raw.names) else None
        findings.append(Finding("error", "formula", cell.reason, raw.file, line, column, cell.value[:80], hint))
    return findings
