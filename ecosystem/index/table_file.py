"""The cells of a table file as they stand, and what is wrong with the sheet itself: titles, merged cells, formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ecosystem.dataset.csv_file import read_csv
from ecosystem.dataset.parquet_file import read_parquet
from ecosystem.dataset.raw import RawTable
from ecosystem.dataset.workbook import open_workbook, read_sheet
from ecosystem.errors import Finding, InputError, did_you_mean

SUFFIXES = (".csv", ".xlsx", ".parquet")


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
        findings.append(Finding("error", "header_only", "the table has a header but no rows", raw.file, 1))
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
