"""Read the sheets of an Excel workbook as text; a formula counts by the value that Excel saved beside it."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from ecosystem.errors import DatasetError, Finding, mended
from ecosystem.messages import tr, tr_later
from ecosystem.tables.excel_xml import (
    DAMAGE,
    Computed,
    SheetParts,
    Written,
    leading_zeros,
    odd_cells,
    sheet_parts,
    size_fault,
)
from ecosystem.tables.packed import check_archive, check_is_file, content_of, unreadable
from ecosystem.tables.raw import RawTable, Spoiled, refuse_wide, trimmed

WORKBOOK = "dataset.xlsx"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KEPT = 15
_BEYOND = 1e22  # the first whole number that a float cannot hold beside its neighbours, and longer than any id
_LONG_NUMBER = (
    tr_later("whole numbers of 16 digits and more, of which Excel keeps 15 and turns the rest into zeros: {count:,}"),
    tr_later("if they are ids, format the column as text in Excel and paste them again from their source"),
)
_FILLED = (
    tr_later("whole numbers that are read with the leading zeros that their format {code} shows: {count:,}"),
    tr_later("format the column as text in Excel, so that every program reads the same"),
)
_SHOWN = (
    tr_later("whole numbers that Excel shows in the format {code}, and that are read without it: {count:,}"),
    tr_later("if they are ids, format the column as text in Excel and write them out"),
)
Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Grid = dict[int, list[str]]
"""The texts of a sheet's rows, by Excel's row number."""


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook, with a sheet at least; DatasetError when it is none, is damaged or is locked by a password."""
    try:
        check_is_file(path)
    except OSError as err:
        raise DatasetError(tr("cannot read {path}", path=path), findings=[unreadable(path.name, err)]) from err
    try:
        with contextlib.suppress(*DAMAGE):  # the reader says better what is wrong
            check_archive(path)
        with _calm(path.name):
            if mended(str(path)) == str(path):
                workbook = CalamineWorkbook.from_path(path)
            else:  # it opens no name that is not UTF-8
                workbook = CalamineWorkbook.from_filelike(io.BytesIO(content_of(path)))
    except PasswordError as err:
        raise _refused(path.name, "locked_workbook", tr("the workbook is locked by a password"), tr(_UNLOCK)) from err
    except (CalamineError, OSError, ValueError) as err:
        raise _diagnosed(path, err) from err
    if not workbook.sheet_names:
        raise _refused(path.name, "no_sheets", tr("the workbook has no sheet in it"), tr(_ANEW))
    return workbook


def merged_cells(path: Path, workbook: CalamineWorkbook, sheet: str) -> list[Finding]:
    """An error for each range of merged cells of a sheet that has been read. DatasetError where it is damaged."""
    file = f"{path.name}[{sheet}]"
    with _damage_told(file, sheet), _calm(file):
        ranges = workbook.get_sheet_by_name(sheet).merged_cell_ranges or []
    findings = []
    for (top, left), (bottom, right) in ranges:
        place = f"{_letters(left)}{top + 1}:{_letters(right)}{bottom + 1}"
        message = tr("the cells {place} are merged: only the first of them has a value", place=place)
        hint = tr("unmerge them in Excel and fill each cell")
        findings.append(Finding("error", "merged_cells", message, file, top + 1, hint=hint))
    return findings


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters


@contextlib.contextmanager
def _calm(file: str) -> Iterator[None]:
    """Tell of a panic of the cell reader as of damage: it is no Exception, and would end whatever runs."""
    try:
        yield
    except BaseException as err:
        if type(err).__name__ != "PanicException":
            raise
        raise _refused(
            file, "unreadable_workbook", tr("the workbook is damaged: {reason}", reason=err), tr(_ANEW)
        ) from err


@contextlib.contextmanager
def _damage_told(file: str, sheet: str) -> Iterator[None]:
    try:
        yield
    except (CalamineError, *DAMAGE) as err:
        raise _refused(
            file, "unreadable_sheet", tr("the sheet {sheet!r} is damaged: {reason}", sheet=sheet, reason=err), tr(_ANEW)
        ) from err


def read_sheet(path: Path, workbook: CalamineWorkbook, sheet: str) -> RawTable:
    """The rows of a sheet; its header is the first row that is not blank, lines are the row numbers that Excel shows.

    A cell that holds an error value (#N/A), or a formula without a saved value, spoils its row. A whole number is read
    with the zeros that its format shows in front (000), and with all digits that the file holds. Raises DatasetError
    with the finding when the sheet is damaged or has nothing in it.
    """
    file = f"{path.name}[{sheet}]"
    parts = _checked_parts(path, sheet)
    with _damage_told(file, sheet):
        computed, written = odd_cells(parts.sheet, parts.zeros)
    grid = {
        line: [cell_text(cell) for cell in cells] for line, cells in enumerate(_cells(path, workbook, sheet), start=1)
    }
    findings = (*_warning(file, computed), *_rewritten(file, grid, written, parts.zeros))
    errors = [cell for cell in computed if cell.error]
    lines = sorted({line for line, cells in grid.items() if any(cells)} | {cell.row for cell in errors})
    if not lines:
        raise _refused(
            file, "empty_file", tr("the sheet {sheet!r} is empty: it has not even a header", sheet=sheet), tr(_TEMPLATE)
        )
    header, *body = (grid.get(line, []) for line in lines)
    width = max([_width(cells) for cells in [header, *body]] + [cell.column + 1 for cell in errors])
    refuse_wide(file, width)
    columns = tuple(_column(body, place) for place in range(width))
    names = tuple((header + [""] * width)[:width])
    rows = {line: row for row, line in enumerate(lines[1:])}
    spoiled = tuple(_spoiled(rows[cell.row], cell) for cell in errors if cell.row in rows)
    return RawTable(file, names, columns, np.array(lines[1:], np.int64), (), spoiled, findings)


def sheet_cells(path: Path, workbook: CalamineWorkbook, sheet: str) -> list[list[Cell]]:
    """The cells of a sheet from A1 on, as they are typed. DatasetError where it is damaged or too large."""
    _checked_parts(path, sheet)
    return _cells(path, workbook, sheet)


def _checked_parts(path: Path, sheet: str) -> SheetParts:
    """The XML of a sheet whose size is checked, for the cell reader takes every size for true. DatasetError."""
    file = f"{path.name}[{sheet}]"
    with _damage_told(file, sheet):
        parts = sheet_parts(path, sheet)
        fault = size_fault(parts)
    if fault:
        raise _refused(
            file,
            "too_large_sheet",
            tr("the sheet {sheet!r} is too large: {reason}", sheet=sheet, reason=fault),
            tr(_SMALLER),
        )
    return parts


def _cells(path: Path, workbook: CalamineWorkbook, sheet: str) -> list[list[Cell]]:
    file = f"{path.name}[{sheet}]"
    with _damage_told(file, sheet), _calm(file):
        return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def _rewritten(file: str, grid: Grid, written: Sequence[Written], zeros: Mapping[int, str]) -> list[Finding]:
    """Warnings of whole numbers that are more than their value; their texts are put into the grid."""
    long: list[tuple[Written, str]] = []
    filled: list[tuple[Written, str]] = []
    shown: list[tuple[Written, str]] = []
    for cell in written:
        digits = _whole(cell.digits)
        if digits is None or cell.column >= len(grid.get(cell.row, ())):
            continue
        code = zeros.get(cell.style, "")
        if leading_zeros(code) > len(digits.lstrip("-")):
            pure = re.fullmatch("0+", code.partition(";")[0]) and not digits.startswith("-")
            (filled if pure else shown).append((cell, code))
            digits = digits.zfill(leading_zeros(code)) if pure else digits
        if len(digits.lstrip("-0")) > _KEPT:
            long.append((cell, code))
        grid[cell.row][cell.column] = digits
    return [
        Finding("warning", kind, tr(message, code=cells[0][1], count=len(cells)), file, cells[0][0].row, hint=tr(hint))
        for kind, cells, message, hint in (
            ("long_number", long, *_LONG_NUMBER),
            ("zero_format", filled, *_FILLED),
            ("number_format", shown, *_SHOWN),
        )
        if cells
    ]


def _whole(digits: str) -> str | None:
    """A whole number as the file writes it, in plain digits; None for another number, or one beyond all ids."""
    try:
        number = Decimal(digits)
        return f"{number:.0f}" if abs(number) < _BEYOND and number == number.to_integral_value() else None
    except InvalidOperation:
        return None


def cell_text(cell: Cell) -> str:
    """A cell as it would stand in a CSV file: whole numbers without a fraction, ISO dates, true and false."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _BEYOND:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell).strip()


def _width(cells: Sequence[str]) -> int:
    return max((place + 1 for place, cell in enumerate(cells) if cell), default=0)


def _column(body: Sequence[Sequence[str]], place: int) -> pa.ChunkedArray:
    return trimmed(pa.chunked_array([[cells[place] if place < len(cells) else "" for cells in body]], pa.string()))


def _spoiled(row: int, cell: Computed) -> Spoiled:
    error = str(cell.error)
    reason = (
        tr("the formula {error!r} has no saved value", error=error)
        if error.startswith("=")
        else tr("the cell shows the error {error}", error=error)
    )
    return Spoiled(row, cell.column, error, reason)


def _warning(file: str, computed: Sequence[Computed]) -> tuple[Finding, ...]:
    count = sum(cell.error is None for cell in computed)
    if not count:
        return ()
    message = tr("cells with formulas, whose last saved value is used: {count:,}", count=count)
    return (
        Finding("warning", "formula", message, file, hint=tr("copy the cells and paste them as values to be sure")),
    )


def _diagnosed(path: Path, err: Exception) -> DatasetError:
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head == _OLE:
        message = tr("the workbook is locked by a password, or an old .xls under the name of an .xlsx")
        return _refused(path.name, "locked_workbook", message, tr(_UNLOCK))
    if not head:
        return _refused(path.name, "empty_file", tr("the file is empty (0 bytes)"), tr(_TEMPLATE))
    message = (
        tr("the workbook is cut off or damaged: {reason}", reason=err)
        if head.startswith(b"PK")
        else tr("the file is not an Excel workbook (.xlsx): {reason}", reason=err)
    )
    return _refused(path.name, "unreadable_workbook", message, tr(_ANEW))


def _refused(file: str, code: str, message: str, hint: str) -> DatasetError:
    return DatasetError(
        tr("cannot read {file}", file=file), findings=[Finding("error", code, message, file, hint=hint)]
    )


_UNLOCK = tr_later("open it in Excel, remove the password, and save it as .xlsx")
_ANEW = tr_later("save it again as .xlsx in Excel, or give the tables as CSV")
_SMALLER = tr_later("delete stray cells in far rows and columns, and save it again; or give the table as CSV")
_TEMPLATE = tr_later("`ecosystem dataset template DIR` writes files with the right headers")
