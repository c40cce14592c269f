"""Data frames as the sheets of an Excel workbook."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ecosystem.errors import UsageError
from ecosystem.export.frame_cells import Cell, columns_of, exact_text
from ecosystem.messages import tr
from ecosystem.tables.writer import NO_CLOCK

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
EXACT_INTEGER = 2**53
"""Above this Excel, whose numbers are doubles, changes an integer: it is written as text."""

_FITTED_ROWS = 1000
_WIDTHS = (6, 60)


def workbook_bytes(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """A workbook with a sheet for every table: bold headings that stay in sight, fitted columns, a filter.

    Text stays text: nothing becomes a formula or a link. A missing value is an empty cell. Excel keeps 16 digits of a
    number. UsageError where a table has more rows or columns than a sheet.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": NO_CLOCK})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "share": book.add_format({"num_format": "0.0000"}),
        "number": book.add_format({"num_format": "#,##0.00"}),
        "integer": book.add_format({"num_format": "0"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": tr("yyyy-mm-dd hh:mm:ss")}),
    }
    taken: list[str] = []
    for name, frame in sheets.items():
        _refuse_large(name, frame)
        taken.append(sheet_name(name, taken))
        _fill(book.add_worksheet(taken[-1]), frame, formats)
    book.close()
    return buffer.getvalue()


def sheet_name(name: str, taken: Collection[str]) -> str:
    """A name that Excel takes: no []:*?/\\ in it, no apostrophe at its ends, 31 characters, new whatever its case."""
    base = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'") or "sheet"
    folded = {other.casefold() for other in taken}
    candidate, number = base[:LONGEST_NAME], 1
    while candidate.casefold() in folded:
        number += 1
        candidate = f"{base[: LONGEST_NAME - len(str(number)) - 1]}_{number}"
    return candidate


def _refuse_large(name: str, frame: pd.DataFrame) -> None:
    rows, columns = frame.shape
    if rows + 1 > MOST_ROWS or columns > MOST_COLUMNS:
        message = tr(
            "table {name!r} has {rows:,} rows and {columns:,} columns, more than a sheet of Excel holds",
            name=name,
            rows=rows,
            columns=columns,
        )
        raise UsageError(message, hint=tr("write a .parquet or .csv file"))


def _fill(sheet: Worksheet, frame: pd.DataFrame, formats: Mapping[str, Format]) -> None:
    columns = columns_of(frame)
    for at, (name, cells) in enumerate(columns):
        sheet.write_string(0, at, name, formats["head"])
        style = _number_style(cells)
        for row, cell in enumerate(cells, start=1):
            _write(sheet, (row, at), cell, formats, style)
        sheet.set_column(at, at, _width(name, cells, style))
    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)


def _write(sheet: Worksheet, place: tuple[int, int], cell: Cell, formats: Mapping[str, Format], style: str) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(*place, cell)
    elif isinstance(cell, dt.date) and _fits_a_date(cell):
        kind = "moment" if isinstance(cell, dt.datetime) else "date"
        sheet.write_datetime(*place, cell, formats[kind])
    elif _fits_a_number(cell):
        sheet.write_number(*place, cell, formats[style])
    else:
        text = exact_text(cell)
        sheet.write_string(*place, text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…")


def _fits_a_number(cell: Cell) -> bool:
    if isinstance(cell, int):
        return abs(cell) <= EXACT_INTEGER
    return isinstance(cell, float) and math.isfinite(cell)


def _fits_a_date(cell: dt.date) -> bool:
    """Excel counts days from 1900 and knows no time zone."""
    return cell.year >= 1900 and (not isinstance(cell, dt.datetime) or cell.tzinfo is None)


def _number_style(cells: Sequence[Cell]) -> str:
    """Integers as they are (a year takes no comma), shares with four decimals, other numbers with two."""
    floats = [cell for cell in cells if isinstance(cell, float) and math.isfinite(cell)]
    if not floats:
        return "integer"
    return "share" if all(abs(cell) <= 1 for cell in floats) else "number"


def _width(name: str, cells: Sequence[Cell], style: str) -> int:
    shown = [_shown_length(cell, style) for cell in cells[:_FITTED_ROWS]]
    least, most = _WIDTHS
    # two more for the arrow of the filter beside the heading
    return min(max(least, _text_length(name) + 4, *(length + 2 for length in shown)), most) if shown else least + 6


def _shown_length(cell: Cell, style: str) -> int:
    if isinstance(cell, float):
        return len(f"{cell:,.2f}" if style == "number" else f"{cell:.4f}")
    return max(_text_length(line) for line in exact_text(cell).split("\n"))


def _text_length(text: str) -> int:
    """Columns that a text takes: a Chinese character is as wide as two Latin letters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
