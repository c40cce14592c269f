"""Tables of values in JSON, JSON Lines, YAML, SQLite, tabs, gzip and zip: one table, whatever it is written in."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml
from tables import write_xlsx

from ecosystem.errors import InputError
from ecosystem.index.files.value_files import read_values

RECORDS: list[dict[str, object]] = [
    {"region": "r1", "name": "One", "a": 1, "b": 2.5},
    {"region": "r2", "name": "Two", "a": "NA", "b": 3},
    {"region": "r3", "a": 4, "b": None, "name": "Three"},
]
CSV = "region,name,a,b\nr1,One,1,2.5\nr2,Two,NA,3\nr3,Three,4,\n"
LINES = "".join(json.dumps(one) + "\n" for one in RECORDS)


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def database(path: Path, tables: Sequence[str] = ("list",)) -> Path:
    with sqlite3.connect(path) as own:
        for table in tables:
            own.execute(f"CREATE TABLE {table} (region, name, a, b)")
            own.executemany(f"INSERT INTO {table} VALUES (:region, :name, :a, :b)", RECORDS)
    own.close()
    return path


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        for name, content in members.items():
            target.writestr(name, content)
    return path


def text(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def book(path: Path) -> bytes:
    rows: list[list[object]] = [
        ["region", "name", "a", "b"],
        ["r1", "One", 1, 2.5],
        ["r2", "Two", "NA", 3],
        ["r3", "Three", 4, ""],
    ]
    return write_xlsx(path, rows).read_bytes()


WAYS: dict[str, Callable[[Path], Path]] = {
    "json": lambda folder: text(folder / "v.json", json.dumps(RECORDS)),
    "json with a list in it": lambda folder: text(folder / "v.json", json.dumps({"note": "x", "rows": RECORDS})),
    "json with several lists": lambda folder: text(
        folder / "v.json", json.dumps({"rows": RECORDS, "other": [{"x": 1}]})
    ).with_name("v.json[rows]"),
    "jsonl": lambda folder: text(folder / "v.jsonl", LINES),
    "json that is json lines": lambda folder: text(folder / "v.json", LINES),
    "jsonl.gz": lambda folder: text(folder / "v.jsonl.gz", packed(LINES.encode())),
    "yaml": lambda folder: text(folder / "v.yaml", yaml.safe_dump(RECORDS)),
    "csv.gz": lambda folder: text(folder / "v.csv.gz", packed(CSV.encode())),
    "tsv": lambda folder: text(folder / "v.tsv", CSV.replace(",", "\t")),
    "sqlite": lambda folder: database(folder / "v.db"),
    "sqlite with several tables": lambda folder: database(folder / "v.db", ("list", "old")).with_name("v.db[list]"),
    "zip": lambda folder: archive(folder / "v.zip", {"v.csv": CSV.encode()}),
    "zip with several": lambda folder: archive(folder / "v.zip", {"v.csv": CSV.encode(), "x.csv": b"a\n"}).with_name(
        "v.zip[v.csv]"
    ),
    "gzip in a zip": lambda folder: archive(folder / "v.zip", {"v.csv.gz": packed(CSV.encode())}),
    "a sheet in a zip": lambda folder: archive(folder / "v.zip", {"v.xlsx": book(folder / "b.xlsx")}).with_name(
        "v.zip[v.xlsx][Sheet]"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_table_in_many_forms(tmp_path: Path, way: str) -> None:
    table = read_values(WAYS[way](tmp_path))
    assert table.units == ("r1", "r2", "r3")
    np.testing.assert_array_equal(table.numbers["a"], [1, np.nan, 4])
    np.testing.assert_array_equal(table.numbers["b"], [2.5, 3, np.nan])
    assert table.names["r2"].en == "Two"
    assert not table.findings


def test_values_in_an_object_are_columns_with_dotted_names(tmp_path: Path) -> None:
    path = text(tmp_path / "v.json", '[{"region": "r1", "v": {"gdp": 1, "rd": {"share": 2}}}]')
    assert read_values(path).column("v.rd.share") == {"r1": {None: 2.0}}


def test_a_column_that_only_the_last_of_many_records_has(tmp_path: Path) -> None:
    lines = [json.dumps({"region": f"r{number}", "a": number}) for number in range(600)]
    lines.append(json.dumps({"region": "last", "a": 1} | {f"x{number}": number for number in range(300)}))
    table = read_values(text(tmp_path / "v.jsonl", "\n".join(lines)))
    assert table.column("x299") == {"last": {None: 299.0}}


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        (
            "v.json",
            '[{"region": "r1", "a": [1, 2]}]',
            "nested, and no rows of a table: 'a' hold",
            "dataset import --new",
        ),
        ("v.json", '[{"region": "r1", "a": {"b": [{"c": 1}]}}]', "'a.b' hold lists", "a record for each row"),
        ("v.json", '{"region": ["r1", "r2"], "a": [1, 2]}', "'region', 'a' hold lists", "a record for each row"),
        (
            "v.json",
            '{"rows": [{"region": 1}], "old": [{"region": 1}]}',
            "several tables",
            "v.json[rows] or v.json[old]",
        ),
        ("v.json", '[{"region": "r1"', "in the middle of the document", "fetch or write it again"),
        ("v.json", "[]", "no record with a value", "a record for each row"),
        ("v.json", "[1, 2]", "no record with a value", "a record for each row"),
        ("v.json", '[{"region": "r1", "": 2}]', "a key of a record is blank", "give it a name"),
        ("v.json", '[{"region": "r1", "a": 1, "a": 2}, {"region": "r2", "a": 2}]', "'a' is there twice", ""),
        ("v.json", '[{"region": "r1", "a": 1}, 7]', "not an object", ""),
        ("v.json", '[{"region": "北京"}]'.encode("gbk"), "not utf-8", "save it as UTF-8"),
        ("v.jsonl", '[\n{"region": 1},\n{"region": 2}\n]', "is not JSON", "name it .json where it is one document"),
        ("v.json", "[" * 100_000, "nested too deeply", "is it data?"),
        ("v.yaml", "- a: [1, 2", "not YAML", "YAML validator"),
        ("v.db", b"SQLite format 3\0" + b"x" * 200, "no SQLite database", "sqlite3"),
        ("v.csv.gz", packed(CSV.encode())[:-9], "cut off or damaged", "fetch or pack it again"),
        ("v.zip", b"PK\x03\x04", "no zip archive, or is damaged", "fetch or pack it again"),
        ("v.tsv", "region\ta\nr1\t1\t2\nr2\t3\n", "the row has 3 cells, the header 2", ""),
        ("v.txt", CSV, "is not a table that can be read", ".jsonl"),
    ],
)
def test_what_is_no_flat_table(tmp_path: Path, name: str, content: str | bytes, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_values(text(tmp_path / name, content))
    assert message in str(caught.value)
    assert hint in str(caught.value)
    assert " set " not in str(caught.value)  # that is what one writes into a mapping


def test_members_that_are_not_there(tmp_path: Path) -> None:
    path = archive(tmp_path / "v.zip", {"v.csv": CSV.encode(), "w.csv": CSV.encode(), "in.zip": b"x"})
    with pytest.raises(InputError, match="several tables") as caught:
        read_values(path)
    assert "v.zip[v.csv]" in str(caught.value)
    with pytest.raises(InputError, match=r"no file 'x\.csv' in it"):
        read_values(path.with_name("v.zip[x.csv]"))
    with pytest.raises(InputError, match=r"has an archive in it"):
        read_values(path.with_name("v.zip[in.zip]"))
    with pytest.raises(InputError, match="has no table 'x'"):
        read_values(database(tmp_path / "v.db").with_name("v.db[x]"))


def test_a_fault_of_a_packed_table_names_the_member(tmp_path: Path) -> None:
    path = archive(tmp_path / "v.zip", {"in/v.csv": b"region,a\nr1,1,2\n"})
    with pytest.raises(InputError, match=r"v\.zip\[in/v\.csv\]:2"):
        read_values(path)
