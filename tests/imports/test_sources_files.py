"""The files of a mapping: sheets and folders are told apart, and a column is there when it is asked for, or refused."""

from __future__ import annotations

import contextlib
import io
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from exports import import_text, table
from pyarrow import parquet

from ecosystem.errors import DatasetError
from ecosystem.imports import load_mapping

COMPANIES = """
[nodes.company]
label = "Company"
file = "f"
id = "id"
"""
LINKS = """
[links.enables]
type = "ENABLES"
file = "l"
from = { node = "company", column = "from" }
to = { node = "company", column = "to" }
"""


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


def origins(folder: Path) -> list[tuple[str, str, int]]:
    rows: pa.Table = parquet.read_table(folder / "out" / "origins.parquet")
    return sorted(zip(rows["table"].to_pylist(), rows["file"].to_pylist(), rows["line"].to_pylist(), strict=True))


def test_two_sheets_of_one_workbook_are_counted_apart(tmp_path: Path) -> None:
    sheets = {"Firms": [["id"], ["a"], ["b"], ["c"], [""]], "Links": [["from", "to"], ["a", "b"], ["a", "x"]]}
    files = 'title = "t"\n' + "\n".join(
        f'files.{key} = {{ path = "two.xlsx", sheet = "{sheet}" }}' for key, sheet in (("f", "Firms"), ("l", "Links"))
    )
    report = import_text(tmp_path, "two", files + COMPANIES + LINKS, {"two.xlsx": workbook(sheets)})
    counts = [(count.file, count.rows, count.used, count.skipped, count.quarantined) for count in report.files]
    assert counts == [("two.xlsx[Firms]", 3, 3, 0, 0), ("two.xlsx[Links]", 2, 1, 0, 1)]
    assert ("enables", "two.xlsx[Links]", 2) in origins(tmp_path)
    assert next(one for one in report.findings if one.code == "quarantined").file == "two.xlsx[Links]"


def test_files_of_one_name_in_two_folders_are_counted_apart(tmp_path: Path) -> None:
    for year in ("2020", "2021"):
        (tmp_path / "years" / year).mkdir(parents=True)
    files = 'title = "t"\nfiles.f = { path = ["2020/list.csv", "2021/list.csv"] }'
    texts: dict[str, str | bytes] = {"2020/list.csv": "id\na\nb\nc\n", "2021/list.csv": "id\nd\nnan\n"}
    report = import_text(tmp_path, "years", files + COMPANIES, texts)
    counts = [(count.file, count.rows, count.used, count.quarantined) for count in report.files]
    assert counts == [("2020/list.csv", 3, 3, 0), ("2021/list.csv", 2, 1, 1)]
    assert ("companies", "2021/list.csv", 2) in origins(tmp_path)


def test_one_file_that_is_read_in_two_ways_is_counted_apart(tmp_path: Path) -> None:
    files = 'title = "t"\nfiles.f = { path = "list.csv" }\nfiles.l = { path = "list.csv", header = ["from", "to"] }'
    report = import_text(tmp_path, "ways", files + COMPANIES + LINKS, {"list.csv": "id,x\na,b\nb,a\n"})
    counts = [(count.file, count.rows, count.used, count.quarantined) for count in report.files]
    assert counts == [("list.csv", 2, 2, 0), ("list.csv (l)", 3, 2, 1)]


AFFILIATIONS = """title = "t"
[files.f]
path = "a.csv"
join.c = {{ file = "g", on = {{ {on} = "inst" }} }}
{add}
{fill}
[files.g]
path = "b.csv"
[nodes.company]
label = "Company"
file = "f"
id = "id"
name = "{name}"
"""
FILES: dict[str, str | bytes] = {"a.csv": "id,aff\n1,MIT\n2,ETH\n", "b.csv": "inst,cc\nMIT,US\n"}


def test_a_column_may_be_added_out_of_a_joined_one(tmp_path: Path) -> None:
    add = 'add = { k = { join = ["c.cc", "aff"] }, l = { join = ["k", "id"], by = "-" } }'
    import_text(tmp_path, "e", AFFILIATIONS.format(on="aff", add=add, fill="", name="l"), FILES)
    assert [row["name"] for row in table(tmp_path, "companies")] == ["US|MIT-1", "|ETH-2"]


def test_a_file_may_be_joined_by_an_added_column(tmp_path: Path) -> None:
    add = 'add = { k = { column = "aff", pattern = "M.." } }'
    import_text(tmp_path, "e", AFFILIATIONS.format(on="k", add=add, fill="", name="c.cc"), FILES)
    assert [row["name"] for row in table(tmp_path, "companies")] == ["US", ""]


COLUMNS = ("aff", "c.cc", "early", "late", "none", "c.none")
ADD = 'add = { early = "aff", late = { join = ["c.cc", "early"] } }'


@pytest.mark.parametrize(("on", "fill"), list(product([one for one in COLUMNS if "." not in one], COLUMNS)))
def test_every_column_at_every_place_works_or_is_refused(tmp_path: Path, on: str, fill: str) -> None:
    for name in COLUMNS:
        filled = f'fill_down = {{ key = "id", columns = ["{fill}"] }}'
        text = AFFILIATIONS.format(on=on, add=ADD, fill=filled, name=name)
        with contextlib.suppress(DatasetError):
            import_text(tmp_path, "e", text, FILES)


@pytest.mark.parametrize(
    ("on", "fill", "message"),
    [
        ("late", "", "takes 'late', which is made after the join"),
        ('"c.cc"', "", "takes 'c.cc', which is made after the join"),
        ("aff", 'fill_down = { key = "early", columns = [] }', "made after blocks are filled"),
        ("aff", 'fill_down = { key = "id", columns = ["c.cc"] }', "made after blocks are filled"),
    ],
)
def test_a_column_that_is_not_there_yet_is_refused_by_the_check(
    tmp_path: Path, on: str, fill: str, message: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(AFFILIATIONS.format(on=on, add=ADD, fill=fill, name="id"))
    with pytest.raises(DatasetError) as caught:
        load_mapping(str(path))
    assert message in str(caught.value)


def test_ids_and_number_formats_of_a_workbook_are_told(tmp_path: Path) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, zeros = book.add_worksheet("S"), book.add_format({"num_format": "000"})
        sheet.write_row(0, 0, ["id", "name"])
        for row, (number, code) in enumerate([(1234567890123456, 7), (2, 42)], start=1):
            sheet.write_number(row, 0, number)
            sheet.write_number(row, 1, code, zeros)
    mapping = 'title = "t"\nfiles.f = { path = "w.xlsx" }\n' + COMPANIES + 'name = "name"\n'
    report = import_text(tmp_path, "m", mapping, {"w.xlsx": content.getvalue()})
    rows = [(row["id"], row["name"]) for row in table(tmp_path, "companies")]
    assert rows == [("1234567890123456", "007"), ("2", "042")]
    told = [(one.code, one.file, one.row) for one in report.findings]
    assert told == [("long_number", "w.xlsx", 2), ("zero_format", "w.xlsx", 2)]


def test_an_import_of_nothing_names_no_file_that_is_not_there(tmp_path: Path) -> None:
    mapping = 'title = "t"\nfiles.f = { path = "f.csv" }\n' + COMPANIES + 'properties.patents = "n"\n'
    with pytest.raises(DatasetError) as caught:
        import_text(tmp_path, "m", mapping, {"f.csv": "id,n\na,many\n"})
    assert [(one.severity, one.hint) for one in caught.value.findings] == [("error", None)]
