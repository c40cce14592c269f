"""Write an empty dataset to be filled in: as CSV files, and as one Excel workbook, with a legend in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, astuple, fields
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ecosystem.dataset.files import LEGEND
from ecosystem.dataset.legend import Entry, legend
from ecosystem.dataset.staging import new_folder
from ecosystem.dataset.workbook import WORKBOOK
from ecosystem.dataset.write import write_table
from ecosystem.model import load_model

_NUMBER_FORMATS = {"string": "@", "boolean": "@", "integer": "0", "float": "General", "date": "yyyy-mm-dd"}
_HEADINGS = tuple(field.name for field in fields(Entry))
_LAST_ROW = 1_048_575


def write_template(folder: Path) -> None:
    """Write the empty dataset `folder`, which may be missing or empty: otherwise OutputError.

    A CSV file with a header per table (with byte-order mark, so that Excel opens Chinese text right), `columns.csv`
    with the meaning of every column, and `dataset.xlsx` with a sheet per table and the same legend. Fill either; where
    both hold rows of the same table, `dataset check` says so.
    """
    entries = legend(load_model())
    with new_folder(folder) as stage:
        for table, columns in groupby(entries, key=lambda entry: entry.table):
            empty = pa.table({entry.column: pa.array([], pa.string()) for entry in columns})
            write_table(stage / f"{table}.csv", empty, mark=True)
        rows = pa.Table.from_pylist([asdict(entry) for entry in entries])
        write_table(stage / f"{LEGEND}.csv", rows, mark=True)
        _write_workbook(stage / WORKBOOK, entries)


def _write_workbook(path: Path, entries: Sequence[Entry]) -> None:
    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {kind: book.add_format({"num_format": text}) for kind, text in _NUMBER_FORMATS.items()}
        for table, columns in groupby(entries, key=lambda entry: entry.table):
            _fill_sheet(book.add_worksheet(table), list(columns), bold, formats)
        sheet = book.add_worksheet(LEGEND)
        for row, cells in enumerate([_HEADINGS, *map(astuple, entries)]):
            sheet.write_row(row, 0, cells, bold if row == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(_HEADINGS) - 1, 18)


def _fill_sheet(sheet: Worksheet, columns: Sequence[Entry], bold: Format, formats: dict[str, Format]) -> None:
    """A header with comments; cells formatted by type, so that Excel keeps leading zeros and writes whole dates."""
    sheet.freeze_panes(1, 0)
    for place, entry in enumerate(columns):
        sheet.set_column(place, place, max(12, len(entry.column) + 2), formats[entry.type])
        sheet.write_string(0, place, entry.column, bold)
        sheet.write_comment(0, place, _comment(entry), {"x_scale": 1.6})
        if entry.choices:
            rule = {"validate": "list", "source": entry.choices.split(", ")}
            sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _comment(entry: Entry) -> str:
    parts = [f"{entry.zh} / {entry.en}", entry.type + (f", {entry.unit}" if entry.unit else "")]
    parts += [entry.choices or entry.allowed] if entry.choices or entry.allowed else []
    parts += [f"blank means {entry.default}"] if entry.default else []
    return "\n".join([*parts, "required"] if entry.required == "yes" else parts)
