"""Read the sheets of an Excel workbook as text; a formula counts by the value that Excel saved beside it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from ecosystem.errors import DatasetError, Finding
from ecosystem.tables.excel_xml import DAMAGE, Computed, computed_cells, sheet_parts, size_fault
from ecosystem.tables.packed import check_archive
from ecosystem.tables.raw import RawTable, Spoiled, trimmed

WORKBOOK = "dataset.xlsx"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Grid = dict[int, list[str]]
"""The texts of a sheet's rows, by Excel's row number."""


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook; DatasetError when it is none, is damaged or is locked by a password."""
    try:
        with contextlib.suppress(*DAMAGE):  # the reader says better what is wrong
            check_archive(path)
        return CalamineWorkbook.from_path(path)
    except PasswordError as err:
        raise _refused(path.name, "locked_workbook", "the workbook is locked by a password", _UNLOCK) from err
    except (CalamineError, OSError, ValueError) as err:
        raise _diagnosed(path, err) from err


def read_sheet(path: Path, workbook: CalamineWorkbook, sheet: str) -> RawTable:
    """The rows of a sheet; its header is the first row that is not blank, lines are the row numbers that Excel shows.

    A cell that holds an error value (#N/A), or a formula without a saved value, spoils its row. Raises DatasetError
    with the finding when the sheet is damaged or has nothing in it.
    """
    file = f"{path.name}[{sheet}]"
    try:
        parts = sheet_parts(path, sheet)
        if fault := size_fault(parts):
            raise _refused(file, "too_large_sheet", f"the sheet {sheet!r} is too large: {fault}", _SMALLER)
        computed = computed_cells(parts.sheet)
        grid = _grid(workbook.get_sheet_by_name(sheet))
    except (CalamineError, *DAMAGE) as err:
        raise _refused(file, "unreadable_sheet", f"the sheet {sheet!r} is damaged: {err}", _ANEW) from err
    errors = [cell for cell in computed if cell.error]
    lines = sorted({line for line, cells in grid.items() if any(cells)} | {cell.row for cell in errors})
    if not lines:
        raise _refused(file, "empty_file", f"the sheet {sheet!r} is empty: it has not even a header", _TEMPLATE)
    header, *body = (grid.get(line, []) for line in lines)
    width = max([_width(cells) for cells in [header, *body]] + [cell.column + 1 for cell in errors])
    columns = tuple(_column(body, place) for place in range(width))
    names = tuple((header + [""] * width)[:width])
    rows = {line: row for row, line in enumerate(lines[1:])}
    spoiled = tuple(_spoiled(rows[cell.row], cell) for cell in errors if cell.row in rows)
    return RawTable(file, names, columns, np.array(lines[1:], np.int64), (), spoiled, _warning(file, computed))


def cell_text(cell: Cell) -> str:
    """A cell as it would stand in a CSV file: whole numbers without a fraction, ISO dates, true and false."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip()


def _grid(sheet: CalamineSheet) -> Grid:
    rows = enumerate(sheet.to_python(skip_empty_area=False), start=1)
    return {line: [cell_text(cell) for cell in cells] for line, cells in rows}


def _width(cells: Sequence[str]) -> int:
    return max((place + 1 for place, cell in enumerate(cells) if cell), default=0)


def _column(body: Sequence[Sequence[str]], place: int) -> pa.ChunkedArray:
    return trimmed(pa.chunked_array([[cells[place] if place < len(cells) else "" for cells in body]], pa.string()))


def _spoiled(row: int, cell: Computed) -> Spoiled:
    error = str(cell.error)
    reason = (
        f"the formula {error!r} has no saved value" if error.startswith("=") else f"the cell shows the error {error}"
    )
    return Spoiled(row, cell.column, error, reason)


def _warning(file: str, computed: Sequence[Computed]) -> tuple[Finding, ...]:
    count = sum(cell.error is None for cell in computed)
    if not count:
        return ()
    message = f"cells that are formulas, of which the value saved last is used: {count:,}"
    return (Finding("warning", "formula", message, file, hint="copy the cells and paste them as values to be sure"),)


def _diagnosed(path: Path, err: Exception) -> DatasetError:
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head == _OLE:
        message = "the workbook is locked by a password, or an old .xls under the name of an .xlsx"
        return _refused(path.name, "locked_workbook", message, _UNLOCK)
    if not head:
        return _refused(path.name, "empty_file", "the file is empty (0 bytes)", _TEMPLATE)
    message = (
        "the workbook is cut off or damaged" if head.startswith(b"PK") else "the file is no Excel workbook (.xlsx)"
    )
    return _refused(path.name, "unreadable_workbook", f"{message}: {err}", _ANEW)


def _refused(file: str, code: str, message: str, hint: str) -> DatasetError:
    return DatasetError(f"cannot read {file}", findings=[Finding("error", code, message, file, hint=hint)])


_UNLOCK = "open it in Excel, remove the password, and save it as .xlsx"
_ANEW = "save it anew as .xlsx in Excel, or give the tables as CSV"
_SMALLER = "delete what stands far out, rows and columns, and save it anew; or give the table as CSV"
_TEMPLATE = "`ecosystem dataset template DIR` writes files with the right headers"
