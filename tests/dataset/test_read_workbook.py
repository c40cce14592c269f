"""Workbooks: the same dataset as from CSV, formulas and errors told, damaged files refused with one message."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from dataset_folder import TABLES, write_small

from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError
from ecosystem.tables.excel_reader import cell_text

Rows = Sequence[Sequence[Any]]


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook with numbers as numbers; a text that begins with = is a formula, with the value after a bar."""
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str) and cell.startswith("="):
                        formula, _, value = cell.partition("|")
                        sheet.write_formula(row, column, formula, None, value)
                    elif isinstance(cell, dt.date):
                        sheet.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
                    else:
                        sheet.write(row, column, cell)
    return path


def typed(cell: str) -> Any:
    """What a person would have in the cell: a number, true, a date, or text."""
    for convert in (int, float, dt.date.fromisoformat):
        try:
            return convert(cell)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(cell, cell)


@pytest.fixture
def small_book(tmp_path: Path) -> Path:
    sheets = {
        table: [[typed(cell) for cell in row] for row in csv.reader(io.StringIO(text.lstrip()))]
        for table, text in TABLES.items()
    }
    write_workbook(tmp_path / "dataset.xlsx", sheets)
    return tmp_path


def test_a_workbook_gives_the_graph_of_its_csv_files(small_book: Path, tmp_path: Path) -> None:
    book, files = read_dataset(small_book), read_dataset(write_small(tmp_path / "csv"))
    assert book.findings == ()
    assert book.counts == files.counts
    assert {name: table.to_pydict() for name, table in book.dataset.nodes.items()} == {
        name: table.to_pydict() for name, table in files.dataset.nodes.items()
    }
    assert {name: table.to_pydict() for name, table in book.dataset.links.items()} == {
        name: table.to_pydict() for name, table in files.dataset.links.items()
    }


def test_lines_are_the_row_numbers_of_excel(tmp_path: Path) -> None:
    rows = [[], ["", "id", "name"], [], ["", "p1", "x"], ["", " ", ""], ["", "NULL", "y"]]
    write_workbook(tmp_path / "dataset.xlsx", {"people": rows})
    reading = read_dataset(tmp_path)
    faults = [(found.place, found.code) for found in reading.findings if found.severity == "error"]
    assert faults == [("dataset.xlsx[people]:6:id", "blank_id")]
    assert reading.quarantine["people"]["line"].to_pylist() == [6]


def test_formulas(tmp_path: Path) -> None:
    rows: Rows = [
        ["id", "name", "patents"],
        ["c1", "good", "=1+1|2"],
        ["c2", "unsaved", "=1+1|"],
        ["c3", "=NA()|#N/A", 3],
        ["=A2|c4", "from a formula", 4],
    ]
    write_workbook(tmp_path / "dataset.xlsx", {"companies": rows})
    reading = read_dataset(tmp_path)
    told = [(found.severity, found.row, found.column, found.message) for found in reading.findings]
    assert [told for told in told if told[0] == "error" or "formulas" in told[3]] == [
        ("warning", None, None, "cells with formulas, whose last saved value is used: 2"),
        ("error", 3, "patents", "the formula '=1+1' has no saved value"),
        ("error", 4, "name", "the cell shows the error #N/A"),
    ]
    assert reading.dataset.nodes["Company"]["id"].to_pylist() == ["c1", "c4"]
    assert reading.dataset.nodes["Company"]["patents"].to_pylist() == [2, 4]
    assert reading.quarantine["companies"]["line"].to_pylist() == [3, 4]


def test_sheets_that_are_no_table(small_book: Path) -> None:
    write_workbook(small_book / "dataset.xlsx", {"company": [["id"]], "people": [["id"], ["p1"]], "columns": [["x"]]})
    (finding,) = [found for found in read_dataset(small_book).findings if found.code == "unknown_sheet"]
    assert finding.value == "company"
    assert "companies" in str(finding.hint)


def test_an_empty_sheet_is_an_empty_table(tmp_path: Path) -> None:
    write_workbook(tmp_path / "dataset.xlsx", {"people": [], "companies": [["id"], ["c1"]]})
    (finding,) = [found for found in read_dataset(tmp_path).findings if found.severity == "error"]
    assert finding.place == "dataset.xlsx[people]"
    assert "not even a header" in finding.message


def test_cells_beyond_the_header_have_no_name(tmp_path: Path) -> None:
    write_workbook(tmp_path / "dataset.xlsx", {"people": [["id", "name"], ["p1", "x", "", "note"]]})
    (finding,) = [found for found in read_dataset(tmp_path).findings if found.severity == "error"]
    assert finding.message == "column 4 has cells but no name"


# --- files and a workbook side by side -------------------------------------------------------------------------------


def test_an_empty_workbook_beside_filled_files(tmp_path: Path) -> None:
    folder = write_small(tmp_path)
    write_workbook(folder / "dataset.xlsx", {"people": [["id", "name"]], "segments": [["id", "name"]]})
    reading = read_dataset(folder)
    assert [(found.severity, found.message) for found in reading.findings] == [
        ("warning", "the table segments has no rows")
    ]


def test_a_filled_workbook_beside_empty_files(small_book: Path) -> None:
    for table, text in TABLES.items():
        (small_book / f"{table}.csv").write_text(text.lstrip().splitlines()[0] + "\n")
    (small_book / "people.csv").write_bytes(b"")
    assert read_dataset(small_book).findings == ()


def test_both_filled_is_an_error_that_says_what_to_delete(small_book: Path) -> None:
    (small_book / "people.csv").write_text("id,name\np1,x\n")
    (small_book / "people.parquet").write_bytes(b"not one")
    (finding,) = [found for found in read_dataset(small_book).findings if found.code == "two_sources"]
    assert finding.message.startswith("people.csv and dataset.xlsx[people] hold rows of the same table")
    assert "delete dataset.xlsx[people]" in str(finding.hint)


# --- files that are no workbook --------------------------------------------------------------------------------------


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _spoilt_sheet(content: bytes) -> bytes:
    """The workbook with each sheet cut off in the middle."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            text = source.read(name)
            out.writestr(name, text[: len(text) // 2] if "worksheets" in name else text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("spoil", "code", "message"),
    [
        (lambda _: b"", "empty_file", "0 bytes"),
        (lambda _: b"id,name\np1,x\n", "unreadable_workbook", "is not an Excel workbook"),
        (_cut, "unreadable_workbook", "cut off or damaged"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "locked_workbook", "locked by a password"),
    ],
)
def test_a_file_that_is_no_workbook(small_book: Path, spoil: Callable[[bytes], bytes], code: str, message: str) -> None:
    path = small_book / "dataset.xlsx"
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DatasetError) as caught:
        read_dataset(small_book)
    (finding,) = caught.value.findings
    assert (finding.code, finding.place) == (code, "dataset.xlsx")
    assert message in finding.message
    assert finding.hint
    write_small(small_book)
    assert [found for found in read_dataset(small_book).findings if found.severity == "error"] == [finding]


def test_a_damaged_sheet(small_book: Path) -> None:
    path = small_book / "dataset.xlsx"
    path.write_bytes(_spoilt_sheet(path.read_bytes()))
    codes = {found.code for found in read_dataset(small_book).findings if found.severity == "error"}
    assert codes == {"unreadable_sheet"}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (2023.0, "2023"),
        (0.1, "0.1"),
        (1e300, "1e+300"),
        (1234567890123456.0, "1234567890123456"),
        (True, "true"),
        (False, "false"),
        (" x ", "x"),
        (dt.date(2020, 1, 2), "2020-01-02"),
        (dt.datetime.fromisoformat("2020-01-02"), "2020-01-02"),
        (dt.datetime.fromisoformat("2020-01-02T03:00"), "2020-01-02T03:00:00"),
        (dt.time(3), "03:00:00"),
        (dt.timedelta(hours=1), "1:00:00"),
        ("", ""),
    ],
)
def test_cells_as_text(cell: Any, text: str) -> None:
    assert cell_text(cell) == text


def _formatted(path: Path, cells: Sequence[tuple[Any, str]]) -> Path:
    """A workbook with a company for every number, which has a format."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("companies")
        sheet.write_row(0, 0, ["id", "name"])
        for row, (value, code) in enumerate(cells, start=1):
            sheet.write(row, 0, value, book.add_format({"num_format": code}))
            sheet.write(row, 1, f"company {row}")
    return path


def test_an_id_has_the_zeros_that_its_format_shows(tmp_path: Path) -> None:
    cells = [(7, "000"), (1234, "000"), (8, "[Red]00000"), (9, '"C"000'), (10, "0.00"), (11, "General")]
    _formatted(tmp_path / "dataset.xlsx", cells)
    reading = read_dataset(tmp_path)
    ids = reading.dataset.nodes["Company"]["id"].to_pylist()
    assert ids == ["007", "1234", "8", "9", "10", "11"]
    told = {found.code: found for found in reading.findings}
    assert told["zero_format"].row == 2
    assert "format 000 shows" in told["zero_format"].message
    assert told["number_format"].row == 4  # colours and letters: what is shown is more than the digits


def test_an_id_of_16_digits_and_more_keeps_them(tmp_path: Path) -> None:
    _formatted(tmp_path / "dataset.xlsx", [(1234567890123456, "0"), (123456789012345, "0"), (0.1234567890123456, "0")])
    with zipfile.ZipFile(tmp_path / "dataset.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    longer = re.sub(rb"1\.?23456789012345[^5<]*6?(E\+?15)?(?=<)", b"12345678901234567", parts[sheet], count=1)
    with zipfile.ZipFile(tmp_path / "dataset.xlsx", "w") as book:
        for name, text in (parts | {sheet: longer}).items():
            book.writestr(name, text)
    reading = read_dataset(tmp_path)
    assert reading.dataset.nodes["Company"]["id"].to_pylist() == [
        "12345678901234567",  # beyond what a number can hold: as the file writes it
        "123456789012345",
        "0.1234567890123456",
    ]
    (long,) = [found for found in reading.findings if found.code == "long_number"]
    assert (long.severity, long.row) == ("warning", 2)


def test_a_panic_of_the_cell_reader_is_a_damaged_workbook(small_book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panic(_: Path) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr("ecosystem.tables.excel_reader.CalamineWorkbook.from_path", panic)
    with pytest.raises(DatasetError, match="the workbook is damaged: index out of bounds"):
        read_dataset(small_book)
