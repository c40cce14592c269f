"""Exports in JSON, JSON Lines, YAML, Parquet, SQLite and zip archives: rows and cells as a person reads them."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
import yaml
from exports import import_text, table
from pyarrow import parquet

from ecosystem.errors import DatasetError
from ecosystem.imports import import_source
from ecosystem.tables.container import contents_of
from ecosystem.tables.form import Form
from ecosystem.tables.nested_records import Projection
from ecosystem.tables.record_paths import ITEM
from ecosystem.tables.records import read_blocks


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


WORKS = [
    {
        "id": "W1",
        "title": "甲",
        "year": 2023.0,
        "open": True,
        "geo": {"country": "CN", "city": None},
        "authors": [
            {"name": "A", "at": [{"id": "I1", "name": "Uni (One), Inc."}, {"id": "I2", "name": None}]},
            {"name": "B", "at": []},
            {"name": "C", "at": [{"id": "I3", "name": "Three"}]},
        ],
    },
    {"id": "W2", "title": None, "geo": None, "authors": []},
]
COLUMNS = ("id", "year", "open", "geo.country", "geo.city", "authors[].at[].id", "authors[].at[].name")
CELLS = [
    ["W1", "2023", "true", "CN", "", f"I1{ITEM}I2{ITEM}I3", f"Uni (One), Inc.{ITEM}{ITEM}Three"],
    ["W2", "", "", "", "", "", ""],
]


def rows(path: Path, form: Form) -> tuple[list[tuple[int, list[str]]], dict[int, str]]:
    """The lines and cells behind the header, and the faults by their lines."""
    found, faults = [], {}
    for block in read_blocks(path, form):
        for place, (line, record) in enumerate(zip(block.lines, block.records, strict=True)):
            if place in block.faults:
                faults[line] = block.faults[place]
            else:
                found.append((line, list(record)))
    return found[1:], faults


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def yaml_of(records: object) -> str:
    return str(yaml.safe_dump(records, allow_unicode=True))


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        ("w.jsonl", "\n".join(map(json.dumps, WORKS)), (1, 2)),
        ("w.jsonl.gz", packed("\n".join(map(json.dumps, WORKS)).encode()), (1, 2)),
        ("part_000.gz", packed("\n".join(map(json.dumps, WORKS)).encode()), (1, 2)),
        ("lines.json", "\n\n".join(map(json.dumps, WORKS)), (1, 3)),
        ("w.json", json.dumps(WORKS), (1, 2)),
        ("w.json", json.dumps(WORKS, indent=2, ensure_ascii=False), (1, 2)),
        ("w.json", json.dumps({"meta": {"n": 2}, "tags": ["x"], "results": WORKS, "next": None}), (1, 2)),
        ("w.json.gz", packed(json.dumps(WORKS).encode()), (1, 2)),
        ("w.yaml", yaml_of(WORKS), (1, 21)),
        ("w.yml", "---\n" + "\n---\n".join(map(yaml_of, WORKS)), (2, 24)),
        ("w.yaml", yaml_of({"works": WORKS}), (2, 22)),
    ],
)
def test_nested_records_are_rows_of_dotted_columns(
    tmp_path: Path, name: str, content: str | bytes, lines: tuple[int, int]
) -> None:
    found, faults = rows(written(tmp_path, name, content), Form(columns=COLUMNS))
    assert not faults
    assert [cells for _, cells in found] == CELLS
    assert tuple(line for line, _ in found) == lines


def test_nested_parquet_is_read_by_the_same_paths(tmp_path: Path) -> None:
    path = tmp_path / "w.parquet"
    parquet.write_table(pa.Table.from_pylist(WORKS), path)
    found, faults = rows(path, Form(columns=COLUMNS))
    assert (found, faults) == ([(1, CELLS[0]), (2, CELLS[1])], {})


def test_rows_of_a_chain_of_lists(tmp_path: Path) -> None:
    columns = ("authors[].at[].id", "id", "authors[].name", "authors[].at[].name")
    path = written(tmp_path, "w.json", json.dumps(WORKS))
    found, _ = rows(path, Form(rows="authors[].at[]", columns=columns))
    assert found == [
        (1, ["I1", "W1", "A", "Uni (One), Inc."]),
        (1, ["I2", "W1", "A", ""]),
        (1, ["", "W1", "B", ""]),
        (1, ["I3", "W1", "C", "Three"]),
        (2, ["", "W2", "", ""]),
    ]


def test_a_chain_may_end_in_plain_values_and_rows_may_have_lists() -> None:
    record = {"a": [{"tags": ["x", "y"], "n": "1"}, {"tags": [], "n": "2"}], "b": ["p", "q"]}
    projection = Projection(("a[].n", "a[].tags[]", "b[]"), "a[].tags[]")
    assert [list(row) for row in projection.rows_of(record)] == [
        ["1", "x", f"p{ITEM}q"],
        ["1", "y", f"p{ITEM}q"],
        ["2", "", f"p{ITEM}q"],
    ]
    assert list(Projection(("b[]", "a[].tags[]"), "a[]").rows_of(record)[0]) == [f"p{ITEM}q", f"x{ITEM}y"]


ROR = {
    "names": [{"value": "X", "types": ["alias"]}, {"value": "Y", "types": ["label", "shown"]}],
    "title": ["T", "U"],
    "date-parts": [["2020", "5"]],
    "a.b": "dotted",
    "x": {"a.b": "deep", "price [USD]": "9"},
    "price [USD]": "7",
}


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("names[types=shown].value", "Y"),
        ("names[value=X].types[0]", "alias"),
        ("names[types=none].value", ""),
        ("names[0].value", "X"),
        ("names[9].value", ""),
        ("title[1]", "U"),
        ("date-parts[0][1]", "5"),
        ("date-parts[0][]", f"2020{ITEM}5"),
        ("names[].types[]", f"alias{ITEM}label{ITEM}shown"),
        ("names[].types[0]", f"alias{ITEM}label"),
        ("a.b", "dotted"),
        ("x.a.b", "deep"),
        ("price [USD]", "7"),
        ("nothing.here[].x", ""),
    ],
)
def test_an_element_of_a_list_and_keys_with_dots(path: str, cell: str) -> None:
    assert list(Projection((path,)).rows_of(ROR)[0]) == [cell]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ('in = ["education"]', ["A", "B"]),
        ('out = ["funder"]', ["B", "C"]),
        ('matches = "^fund"', ["A"]),
        ('not_matches = "^fund"', ["B", "C"]),
        ("blank = true", ["C"]),
        ("blank = false", ["A", "B"]),
    ],
)
def test_conditions_of_lists_ask_every_element(tmp_path: Path, condition: str, kept: list[str]) -> None:
    records = [
        {"id": "A", "types": ["education", "funder"]},
        {"id": "B", "types": ["education"]},
        {"id": "C", "types": ["", None]},
    ]
    keep = f'keep = {{ column = "types[]", {condition} }}'
    mapping = f'title = "t"\nfiles.f = {{ path = "a.json" }}\n[nodes.o]\nlabel = "Company"\nid = "id"\n{keep}\n'
    import_text(tmp_path, "e", mapping, {"a.json": json.dumps(records)})
    assert [row["id"] for row in table(tmp_path, "companies")] == kept


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("1", "1"),
        ("1.0", "1"),
        ("1.50", "1.50"),
        ("-0.25", "-0.25"),
        ("1e5", "100000"),
        ("1.5E-3", "0.0015"),
        ("1e999999999", "1e999999999"),
        ("9" * 6000, "9" * 6000),
        ("true", "true"),
        ("null", ""),
        ("NaN", ""),
        ('"1.0"', "1.0"),
        ('"a\\u00e9\\n"', "aé\n"),
        ('"𝄞"', "𝄞"),
    ],
)
def test_values_of_json_as_texts(tmp_path: Path, text: str, cell: str) -> None:
    found, faults = rows(written(tmp_path, "a.jsonl", f'{{"a": {text}}}\n'), Form(columns=("a",)))
    assert (found, faults) == ([(1, [cell])], {})


@pytest.mark.parametrize(
    ("text", "cell"),
    [("1.0", "1"), ("no", "no"), ("2020-01-01", "2020-01-01"), ("0123", "0123"), ("~", ""), ("", ""), ("'~'", "~")],
)
def test_values_of_yaml_as_they_are_written(tmp_path: Path, text: str, cell: str) -> None:
    found, _ = rows(written(tmp_path, "a.yaml", f"- a: {text}\n"), Form(columns=("a",)))
    assert found == [(1, [cell])]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ('{"id": "2", "geo": "US"}', "geo.country: the text 'US' where an object with 'country' should be"),
        ('{"id": {"x": 1, "y": 2}}', "id is an object, not a text: take one of id.x, id.y"),
        ('{"id": ["x"]}', "id is a list, not a text: write id[]"),
        ('{"id": "2", "tags": "x"}', "tags[]: 'tags' is the text 'x', not a list"),
        ('{"id": "2", "tags": [["x"]]}', "tags[] is a list, not a text"),
        ('{"id": "2", "tags": ["a\ufdd0b"]}', "has the code U+FDD0"),
        ('{"id": "2", "id": "3"}', "the key 'id' is there twice in one object"),
        ('{"id": "\\ud800"}', "half of a character"),
        ("[1, 2]", "the record is a list, not an object"),
        ("17", "the record is the text '17', not an object"),
    ],
)
def test_a_record_that_is_not_as_the_others_is_at_fault_alone(tmp_path: Path, record: str, reason: str) -> None:
    columns = ("id", "geo.country", "tags[]")
    good = '{"id": "1", "geo": {"country": "CN"}, "tags": ["a", "b"]}'
    for name, content in (("a.jsonl", f"{good}\n{record}\n{good}\n"), ("a.json", f"[{good},{record},{good}]")):
        found, faults = rows(written(tmp_path, name, content), Form(columns=columns))
        assert [line for line, _ in found] == [1, 3]
        assert list(faults) == [2]
        assert reason in faults[2]


@pytest.mark.parametrize(("name", "whole"), [("a.jsonl", "{}"), ("a.json", '[{{"id": 2}}, {}]')])
def test_a_record_at_fault_is_shown_as_it_was_written(tmp_path: Path, name: str, whole: str) -> None:
    text = '{"id": 1.0, "id": 2}'
    blocks = list(read_blocks(written(tmp_path, name, whole.format(text) + "\n"), Form(columns=("id",))))
    assert blocks[-1].records[-1] == (text,)


@pytest.mark.parametrize("line", ['{"id": ', "{'id': 1}", '{"id": 1} {"id": 2}', "x", '{"a":' * 100_000])
def test_a_line_that_is_not_json_is_at_fault_alone(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, "a.jsonl", f'{{"id": 1}}\n{line}\n{{"id": 3}}\n')
    found, faults = rows(path, Form(columns=("id",)))
    assert [number for number, _ in found] == [1, 3]
    assert list(faults) == [2]


def test_a_column_that_no_record_has_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", '{"established": null, "b": 1}\n')
    blocks = list(read_blocks(path, Form(columns=("b", "establishd", "established"))))
    (finding,) = [one for block in blocks for one in block.findings]
    assert (finding.code, finding.hint) == ("no_such_column", "did you mean 'established'?")


def database(path: Path, *statements: str) -> Path:
    with contextlib.closing(sqlite3.connect(path)) as own, own:
        for statement in statements:
            own.execute(statement)
    return path


FIRMS = ("CREATE TABLE firms (id TEXT, name, n REAL)", "INSERT INTO firms VALUES ('a', '甲', 2.0), (7, NULL, 0.5)")


def test_a_table_of_a_database(tmp_path: Path) -> None:
    path = database(tmp_path / "x.db", *FIRMS, 'CREATE TABLE "o ""x" (k PRIMARY KEY) WITHOUT ROWID')
    assert rows(path, Form(table="firms")) == ([(1, ["a", "甲", "2"]), (2, ["7", "", "0.5"])], {})
    assert rows(path, Form(table='o "x')) == ([], {})
    with pytest.raises(DatasetError, match="several tables") as caught:
        rows(path, Form())
    assert "firms" in str(caught.value)
    with pytest.raises(DatasetError, match="no table 'firm'"):
        rows(path, Form(table="firm"))


def test_flat_parquet_keeps_its_texts(tmp_path: Path) -> None:
    columns = {
        "id": pa.array([1.0, None]),
        "d": pa.array(["x", None]).dictionary_encode(),
        "b": pa.array([b"y", None]),
        "t": pa.array([True, None]),
    }
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table(columns), path)
    assert rows(path, Form()) == ([(1, ["1", "x", "y", "true"]), (2, ["", "", "", ""])], {})


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def workbook(cells: Sequence[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        for number, row in enumerate(cells):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def test_members_of_an_archive(tmp_path: Path) -> None:
    members = {
        "data/w.csv": b"id\na\n",
        "data/w.xlsx": workbook([["id"], ["b"]]),
        "data/w.json": b'[{"id": "c"}]',
        "data/": b"",
        "__MACOSX/data/._w.csv": b"x",
    }
    path = written(tmp_path, "dump.zip", zipped(members))
    for name, cell in (("data/w.csv", "a"), ("data/w.xlsx", "b"), ("*.json", "c")):
        found, _ = rows(path, Form(member=name, columns=("id",)))
        assert [cells for _, cells in found] == [[cell]]
    with pytest.raises(DatasetError, match="several files in it"):
        rows(path, Form())
    with pytest.raises(DatasetError, match=r"no file 'data/v\.csv' in it") as caught:
        rows(path, Form(member="data/v.csv"))
    assert "data/w.csv" in str(caught.value)


def test_lines_above_the_header_and_comments(tmp_path: Path) -> None:
    text = '﻿# made by\nreport of "2024"\n\nid,name\n# a note\n1,"A\n# no note"\n\n#2,B\n3,C\n'
    path = written(tmp_path, "a.csv", text)
    assert rows(path, Form(skip=2, comment="#")) == ([(6, ["1", "A\n# no note"]), (10, ["3", "C"])], {})
    sheet = written(tmp_path, "a.xlsx", workbook([["Report", "2024"], [""], ["id", "name"], ["1", "A"]]))
    assert rows(sheet, Form(skip=2)) == ([(4, ["1", "A"])], {})


def test_the_line_that_says_the_delimiter_for_excel(tmp_path: Path) -> None:
    assert rows(written(tmp_path, "a.csv", "sep=;\nid;n\n1;2\n"), Form()) == ([(3, ["1", "2"])], {})
    assert rows(written(tmp_path, "a.csv", "# x\nsep=;\nid;n\n1;2\n"), Form(skip=1)) == ([(4, ["1", "2"])], {})


@pytest.mark.parametrize(
    ("name", "form", "key"),
    [
        ("a.csv", Form(records="x"), "records"),
        ("a.jsonl", Form(skip=1), "skip"),
        ("a.json", Form(sheet="S"), "sheet"),
        ("a.csv", Form(table="t"), "table"),
        ("a.csv", Form(rows="a[]"), "rows"),
        ("a.json", Form(headless=True), "header"),
    ],
)
def test_a_setting_of_another_format_is_refused(tmp_path: Path, name: str, form: Form, key: str) -> None:
    with pytest.raises(DatasetError, match=f"{key} is of"):
        list(read_blocks(written(tmp_path, name, '{"a": 1}\n'), form))


def test_what_lies_in_files(tmp_path: Path) -> None:
    database(tmp_path / "x.db", *FIRMS, "CREATE VIEW v AS SELECT 1")
    members = {
        "w.json": json.dumps({"n": 2, "data": {"works": WORKS}, "people": [{"name": "A"}]}).encode(),
        "l.csv": "编号;名称\n1;甲\n".encode("gbk"),
        "x.db": (tmp_path / "x.db").read_bytes(),
        "b.xlsx": workbook([["id"], ["b"]]),
    }
    path = written(tmp_path, "dump.zip", zipped(members))
    found = {one.name: one for one in contents_of(path, 1)}
    assert list(found) == ["b.xlsx[S]", "l.csv", "w.json[data.works]", "w.json[people]", "x.db[firms]"]
    works = found["w.json[data.works]"]
    assert works.lists == ("authors[]", "authors[].at[]")
    assert set(COLUMNS) <= set(works.columns)
    assert works.more
    assert not found["l.csv"].more
    assert (found["l.csv"].columns, found["l.csv"].form.encoding) == (("编号", "名称"), "gb18030")
    for one in found.values():
        blocks = list(read_blocks(path, one.form))
        assert tuple(blocks[0].records[0]) == one.columns


NODES = """
[nodes.org]
label = "University"
file = "f"
each = { columns = ["authors[].at[].id", "authors[].at[].name"] }
id = { column = "authors[].at[].id", prefix = "u-" }
name = "authors[].at[].name"
properties.title = "title"
properties.tags = "authors[].name"
[links.joint]
type = "COLLABORATES_WITH"
file = "f"
from = "org"
to = "org"
pairs = true
"""


def test_pairs_of_the_elements_of_a_record(tmp_path: Path) -> None:
    files = 'title = "t"\nfiles.f = { path = "w/*.jsonl" }\n'
    (tmp_path / "e" / "w").mkdir(parents=True)
    lines = json.dumps(WORKS[0]) + "\n"
    report = import_text(tmp_path, "e", files + NODES, {"w/b.jsonl": lines, "w/a.jsonl": lines + '{"id": 1}\n'})
    assert [(one.file, one.rows, one.used) for one in report.files] == [("w/a.jsonl", 2, 1), ("w/b.jsonl", 1, 1)]
    found = [(row["id"], row["name"], row["tags"]) for row in table(tmp_path, "universities")]
    assert found == [("u-I1", "Uni (One), Inc.", "A|B|C"), ("u-I2", "", "A|B|C"), ("u-I3", "Three", "A|B|C")]
    links = {(row["from"], row["to"]) for row in table(tmp_path, "collaborates_with")}
    assert links == {("u-I1", "u-I2"), ("u-I1", "u-I3"), ("u-I2", "u-I3")}


def test_an_archive_is_a_folder(tmp_path: Path) -> None:
    mapping = """title = "t"
files.f = { path = "cordis/org*.csv" }
files.g = { path = "cordis/p.xlsx" }
[nodes.org]
label = "University"
file = "f"
id = "id"
[nodes.firm]
label = "Company"
file = "g"
id = "id"
"""
    members = {
        "cordis/org_a.csv": b"id\na\n",
        "cordis/org_b.csv": b"id\nb\n",
        "cordis/p.xlsx": workbook([["id"], ["c"]]),
    }
    path = written(tmp_path, "m.toml", mapping)
    report = import_source(str(path), written(tmp_path, "dump.zip", zipped(members)), tmp_path / "out")
    names = [one.file for one in report.files]
    assert names == ["dump.zip[cordis/org_a.csv]", "dump.zip[cordis/org_b.csv]", "dump.zip[cordis/p.xlsx]"]


@pytest.mark.parametrize("rows_of", ["a", "a[].b", "[]", "a[][]", "a..b[]", ""])
def test_what_is_no_chain_of_lists(tmp_path: Path, rows_of: str) -> None:
    mapping = (
        f'title = "t"\nfiles.f = {{ path = "a.json", rows = "{rows_of}" }}\n[nodes.o]\nlabel = "Company"\nid = "i"\n'
    )
    with pytest.raises(DatasetError) as caught:
        import_text(tmp_path, "e", mapping, {"a.json": "[]"})
    assert "is no chain of lists" in str(caught.value)
