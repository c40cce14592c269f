"""A fresh template is an empty dataset, and one that is filled in, as CSV or in Excel, is a dataset."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from dataset_folder import TABLES, write_small

from ecosystem.dataset import read_dataset
from ecosystem.dataset.dataset_folder import columns_by_table, table_names, table_properties
from ecosystem.dataset.template import write_template
from ecosystem.errors import OutputError
from ecosystem.model import load_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_template(tmp_path / "new")
    return tmp_path / "new"


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_there_is_a_file_and_a_sheet_for_each_table(folder: Path) -> None:
    tables = columns_by_table(load_model())
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.csv" for name in tables),
        "columns.csv",
        "dataset.xlsx",
    }
    book = openpyxl.load_workbook(folder / "dataset.xlsx")
    assert book.sheetnames == [*tables, "columns"]
    for name, columns in tables.items():
        assert read_csv(folder / f"{name}.csv") == [list(columns)]
        assert [cell.value for cell in book[name][1]] == list(columns)
        assert (folder / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert tables["located_in"] == ("from", "to", "id", "year")
    assert tables["region_values"] == ("region", "indicator", "year", "value")


def test_the_legend_tells_each_column(folder: Path) -> None:
    header, *rows = read_csv(folder / "columns.csv")
    entries = {(row[0], row[3]): dict(zip(header, row, strict=True)) for row in rows}
    tables = columns_by_table(load_model())
    assert list(entries) == [(name, column) for name, columns in tables.items() for column in columns]
    assert entries["companies", "layer"] == {
        "table": "companies",
        "table_zh": "企业",
        "table_en": "company",
        "column": "layer",
        "type": "string",
        "unit": "",
        "required": "no",
        "choices": "foundation, technology, application",
        "allowed": "",
        "default": "",
        "zh": "层次",
        "en": "step of the AI stack",
    }
    assert entries["companies", "in_sample"]["default"] == "true"
    assert entries["invested_in", "year"]["allowed"] == "at least 1800, at most 2100"
    assert entries["invested_in", "amount_cny_m"]["unit"] == "CNY million"
    assert entries["works_for", "from"]["allowed"] == "id in people"
    assert entries["located_in", "to"]["allowed"].startswith("region: id, code")
    assert all(row[-2] and row[-1] for row in rows), "every column is described in Chinese and English"


def test_the_sheets_are_typed(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "dataset.xlsx")["invested_in"]
    comments = {cell.value: cell.comment.text for cell in sheet[1]}
    assert (
        comments["amount_cny_m"]
        == "金额 / this link's share of the amount of its round\nfloat, CNY million\nat least 0"
    )
    assert comments["from"].endswith("required")
    choices = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert choices == {"I2:I1048576": '"true,false"'}


def test_a_fresh_template_is_clean_and_says_that_it_is_empty(folder: Path) -> None:
    reading = read_dataset(folder)
    assert reading.clean
    assert [(found.severity, found.code) for found in reading.findings] == [("warning", "no_rows")]
    assert "no rows" in reading.findings[0].message
    assert list(reading.dataset.nodes) == ["Region"]
    assert list(reading.dataset.links) == ["WITHIN"]


def test_csv_files_filled_in_beside_the_empty_workbook(folder: Path) -> None:
    for table, text in TABLES.items():
        (folder / f"{table}.csv").write_text(text.lstrip(), encoding="utf-8")
    reading = read_dataset(folder)
    assert {found.severity for found in reading.findings} == {"warning"}
    assert {found.code for found in reading.findings} == {"empty_table"}
    assert sum(count.loaded for count in reading.counts) == sum(text.strip().count("\n") for text in TABLES.values())


def test_the_workbook_filled_in_beside_empty_csv_files(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "dataset.xlsx")
    for table, text in TABLES.items():
        header, *rows = csv.reader(io.StringIO(text.lstrip()))
        places = {cell.value: cell.column for cell in book[table][1]}
        for line, row in enumerate(rows, start=2):
            for name, cell in zip(header, row, strict=True):
                book[table].cell(line, places[name], cell or None)
    book.save(folder / "dataset.xlsx")
    reading = read_dataset(folder)
    assert {found.code for found in reading.findings} == {"empty_table"}
    assert sum(count.loaded for count in reading.counts) == sum(text.strip().count("\n") for text in TABLES.values())


def test_the_same_workbook_every_day(folder: Path) -> None:
    with zipfile.ZipFile(folder / "dataset.xlsx") as book:
        assert b"2000-01-01T00:00:00Z" in book.read("docProps/core.xml")


def test_a_folder_with_files_is_refused(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    with pytest.raises(OutputError, match="is not empty"):
        write_template(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ecosystem.dataset.template._write_workbook", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_template(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_template_in_chinese_is_filled_in_and_read_like_the_english_one(tmp_path: Path) -> None:
    """The same rows under Chinese headers, in files and sheets with Chinese names, are the same dataset."""
    write_template(tmp_path / "中文", lang="zh")
    model = load_model()
    names = {table: name for name, table in table_names(model).items() if not name.isascii()}
    assert {path.name for path in (tmp_path / "中文").iterdir()} == {
        *(f"{name}.csv" for name in names.values()),
        "列说明.csv",
        "dataset.xlsx",
    }
    english, chinese = write_small(tmp_path / "english"), tmp_path / "中文"
    words = {"true": "是", "false": "否", "foundation": "基础层", "technology": "技术层", "application": "应用层"}
    for table, text in TABLES.items():
        header, *rows = csv.reader(io.StringIO(text.lstrip()))
        headings = [table_properties(model)[table][name].heading for name in header]
        assert set(headings) <= set(read_csv(chinese / f"{names[table]}.csv")[0])
        with (chinese / f"{names[table]}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings, *([words.get(cell, cell) for cell in row] for row in rows)])
    ours, theirs = (read_dataset(folder) for folder in (chinese, english))
    assert {found.code for found in ours.findings} == {"empty_table"}
    for kind in ("nodes", "links"):
        first, second = getattr(ours.dataset, kind), getattr(theirs.dataset, kind)
        assert list(first) == list(second)
        assert all(first[name].equals(second[name]) for name in first)


def test_the_chinese_workbook_is_typed_and_read(tmp_path: Path) -> None:
    write_template(tmp_path / "new", lang="zh")
    book = openpyxl.load_workbook(tmp_path / "new" / "dataset.xlsx")
    assert book.sheetnames[:3] == ["地区", "企业", "投资方"]
    assert book.sheetnames[-1] == "列说明"
    sheet = book["投资"]
    comments = {cell.value: cell.comment.text for cell in sheet[1]}
    assert comments["金额（百万元）"] == "金额（amount_cny_m）\n数值, 百万元\n不小于 0"
    assert {rule.formula1 for rule in sheet.data_validations.dataValidation} == {'"是,否"'}
    places = {cell.value: cell.column for cell in book["企业"][1]}
    for name, value in {"编号": "c1", "名称": "甲", "层次": "应用层", "上市": "是", "估值（百万元）": 12.5}.items():
        book["企业"].cell(2, places[name], value)
    book.save(tmp_path / "new" / "dataset.xlsx")
    reading = read_dataset(tmp_path / "new")
    assert reading.clean
    (company,) = reading.dataset.nodes["Company"].select(["id", "layer", "listed", "valuation_cny_m"]).to_pylist()
    assert company == {"id": "c1", "layer": "application", "listed": True, "valuation_cny_m": 12.5}
