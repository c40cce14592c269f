"""Data frames as the sheets of an Excel workbook."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
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

MOST_BARS = 20
"""Bars in the chart of a cover."""

_MOST_LINKS = 60_000
_FITTED_ROWS = 1000
_WIDTHS = (6, 60)
_A4 = 9
_BLUE = "#9DC3E6"
# apart for eyes that do not tell red from green
_SCALE = {"type": "3_color_scale", "min_color": "#F4B183", "mid_color": "#FFFFFF", "max_color": _BLUE}
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "head": {"bold": True, "bottom": 1},
    "share": {"num_format": "0.0000"},
    "number": {"num_format": "#,##0.00"},
    "integer": {"num_format": "0"},
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "link": {"font_color": "#0563C1", "underline": 1},
    "title": {"bold": True, "font_size": 16},
    "note": {"font_color": "#595959"},
    "warning": {"bold": True, "font_color": "#C00000"},
}


@dataclass(frozen=True, slots=True)
class Cover:
    """The first sheet of a workbook, for whoever is handed it: what it is, its main table, a chart of that.

    `frame` has headings in words and a row for each of `keys`. The column `label` names the rows, of which the cells
    lead to the rows of the same key in the sheet `linked`, column `linked_by`, and back. `bars` is shown with data bars
    and in the chart, the columns of `scales` in three colours. `warning` stands out among the `notes`.
    """

    name: str
    title: str
    notes: Sequence[str]
    warning: str
    frame: pd.DataFrame
    keys: Sequence[str]
    label: str
    bars: str
    scales: Sequence[str]
    chart: str
    linked: str
    linked_by: str

    @property
    def top(self) -> int:
        """The row of the headings, counted from 0: below title, warning and notes, and a blank row."""
        return 2 + len(self.notes) + bool(self.warning)


Links = Mapping[tuple[int, int], str]
"""Where a cell leads, by its row and column in the table."""

NO_LINKS: Links = MappingProxyType({})


def workbook_bytes(sheets: Mapping[str, pd.DataFrame], cover: Cover | None = None) -> bytes:
    """A workbook with a sheet for every table: bold headings that stay in sight, fitted columns, a filter.

    A cover comes first. Every sheet is set up to be printed. Text stays text: nothing becomes a formula or a link by
    what is written in it. A missing value is an empty cell. Excel keeps 16 digits of a number. UsageError where a table
    has more rows or columns than a sheet.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": NO_CLOCK})
    formats = {name: book.add_format(style) for name, style in _FORMATS.items()}
    tables = ({} if cover is None else {cover.name: cover.frame}) | dict(sheets)
    names: dict[str, str] = {}
    for name, frame in tables.items():
        _refuse_large(name, frame)
        names[name] = sheet_name(name, names.values())
    forth, back = ({}, {}) if cover is None else _links(cover, tables[cover.linked], names)
    for name, frame in tables.items():
        sheet = book.add_worksheet(names[name])
        if cover is not None and name == cover.name:
            _fill(sheet, frame, formats, top=cover.top, links=forth)
            _adorn(book, sheet, cover, formats)
        else:
            _fill(sheet, frame, formats, links=back if cover is not None and name == cover.linked else {})
    book.close()
    return buffer.getvalue()


def _links(cover: Cover, linked: pd.DataFrame, names: Mapping[str, str]) -> tuple[Links, Links]:
    """From each label of a cover to its first row in the linked sheet, and from there back."""
    column, label = list(linked.columns).index(cover.linked_by), list(cover.frame.columns).index(cover.label)
    rows = linked[cover.linked_by].tolist()
    first = {key: row for row, key in reversed(list(enumerate(rows)))}
    here = {key: row for row, key in enumerate(cover.keys) if key in first}
    there, own = names[cover.linked], names[cover.name]
    # Excel takes 65,530 links in a sheet: where there are more rows, only the first of each key leads back
    backward = range(len(rows)) if len(rows) <= _MOST_LINKS else first.values()
    return (
        {(row, label): _place(there, first[key] + 1, column) for key, row in here.items()},
        {(row, column): _place(own, here[rows[row]] + cover.top + 1, label) for row in backward if rows[row] in here},
    )


def _place(sheet: str, row: int, column: int) -> str:
    quoted = sheet.replace("'", "''")
    return f"internal:'{quoted}'!{xl_rowcol_to_cell(row, column)}"


def _adorn(book: xlsxwriter.Workbook, sheet: Worksheet, cover: Cover, formats: Mapping[str, Format]) -> None:
    """Title, notes, bars, colours and the chart of a cover whose table is written."""
    sheet.write_string(0, 0, cover.title, formats["title"])
    lines = [(cover.warning, formats["warning"])] if cover.warning else []
    for row, (text, style) in enumerate([*lines, *((note, formats["note"]) for note in cover.notes)], start=1):
        sheet.write_string(row, 0, text, style)
    places = {name: place for place, name in enumerate(cover.frame.columns)}
    first, last = cover.top + 1, cover.top + len(cover.frame)
    if not len(cover.frame):
        return
    points = cover.frame[cover.bars]
    floor = {"min_type": "num", "min_value": 0} if not (points < 0).any() else {}
    bars = {"type": "data_bar", "bar_color": _BLUE, **floor}
    sheet.conditional_format(first, places[cover.bars], last, places[cover.bars], bars)
    for name in cover.scales:
        sheet.conditional_format(first, places[name], last, places[name], _SCALE)
    shown = min(int(points.notna().sum()), MOST_BARS)
    if shown:
        chart = book.add_chart({"type": "bar"})
        last = first + shown - 1
        chart.add_series(
            {
                "categories": [sheet.get_name(), first, places[cover.label], last, places[cover.label]],
                "values": [sheet.get_name(), first, places[cover.bars], last, places[cover.bars]],
                "fill": {"color": _BLUE},
                "data_labels": {"value": True, "num_format": "0.0"},
                "gap": 40,
            }
        )
        chart.set_title({"name": cover.chart, "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"major_gridlines": {"visible": False}, "visible": False})
        chart.set_size({"width": 480, "height": 120 + 22 * shown})
        sheet.insert_chart(cover.top, len(places) + 1, chart)


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


def _fill(
    sheet: Worksheet,
    frame: pd.DataFrame,
    formats: Mapping[str, Format],
    *,
    top: int = 0,
    links: Links = NO_LINKS,
) -> None:
    """Write a table with its headings in the row `top`."""
    columns = columns_of(frame)
    for at, (name, cells) in enumerate(columns):
        sheet.write_string(top, at, name, formats["head"])
        style = _number_style(cells)
        for row, cell in enumerate(cells):
            link = links.get((row, at))
            if link is not None and cell is not None:
                sheet.write_url(top + 1 + row, at, link, formats["link"], exact_text(cell))
            else:
                _write(sheet, (top + 1 + row, at), cell, formats, style)
        sheet.set_column(at, at, _width(name, cells, style))
    sheet.freeze_panes(top + 1, 0)
    if columns:
        sheet.autofilter(top, 0, top + len(frame), len(columns) - 1)
    _set_up_print(sheet, top)


def _set_up_print(sheet: Worksheet, top: int) -> None:
    """Landscape, as wide as a page, the headings on every page, the sheet and the page at its foot."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("&L&A&R&P / &N")


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
    """Whole numbers as they are (a year takes no comma), shares with four decimals, other numbers with two."""
    floats = [cell for cell in cells if isinstance(cell, float) and math.isfinite(cell)]
    if all(cell.is_integer() for cell in floats):
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
