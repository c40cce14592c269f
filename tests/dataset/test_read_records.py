"""Tables of a dataset in JSON, JSON Lines and tab-separated text, packed with gzip or not: the same as in CSV."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from dataset_folder import TABLES, write_small

from ecosystem.dataset import read_dataset, write_quarantine

Row = dict[str, str]


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def lines(rows: list[Row]) -> str:
    return "".join(json.dumps({key: cell or None for key, cell in row.items()}) + "\n" for row in rows)


def tabs(rows: list[Row]) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]), delimiter="\t")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


WRITERS: dict[str, Callable[[list[Row]], bytes]] = {
    ".jsonl": lambda rows: lines(rows).encode(),
    ".json": lambda rows: json.dumps(rows).encode(),
    ".tsv": lambda rows: tabs(rows).encode(),
    ".jsonl.gz": lambda rows: packed(lines(rows).encode()),
    ".csv.gz": lambda rows: packed(tabs(rows).replace("\t", ",").encode()),
}


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_dataset_in_another_form(tmp_path: Path, suffix: str) -> None:
    plain = write_small(tmp_path / "plain")
    other = write_small(tmp_path / "other")
    for table in TABLES:
        rows = list(csv.DictReader((plain / f"{table}.csv").read_text(encoding="utf-8").splitlines()))
        (other / f"{table}.csv").unlink()
        (other / f"{table}{suffix}").write_bytes(WRITERS[suffix](rows))
    before, after = read_dataset(plain), read_dataset(other)
    assert after.clean == before.clean
    for found, wanted in ((after.dataset.nodes, before.dataset.nodes), (after.dataset.links, before.dataset.links)):
        assert found.keys() == wanted.keys()
        assert all(found[name].equals(wanted[name].select(found[name].column_names)) for name in found)


def test_a_record_that_does_not_load_is_set_aside_with_its_line(tmp_path: Path) -> None:
    records = ['{"id": "c1", "patents": 3}', '{"id": "c2", "patents": "x"}', '{"id": "c3"', "7"]
    records += ['{"id": "c4", "id": "c5"}', '{"id": "c6"}', ""]
    (tmp_path / "companies.jsonl").write_text("\n".join(records))
    reading = read_dataset(tmp_path)
    assert reading.dataset.nodes["Company"]["id"].to_pylist() == ["c1", "c6"]
    assert sorted(reading.quarantine["companies"]["line"].to_pylist()) == [2, 3, 4, 5]
    assert write_quarantine(tmp_path, reading) == ()
    assert {finding.place for finding in reading.findings if finding.severity == "error"} >= {"companies.jsonl:3"}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("companies.jsonl", b'{"id": "c1", "tags": ["a", "b"]}\n', "nested, and no rows of a table: 'tags' hold lists"),
        ("companies.json", b'{"a": [{"id": 1}], "b": [{"id": 1}]}', "has several tables"),
        ("companies.json", b'[{"id": "c1"', "ends in the middle"),
        ("companies.csv.gz", packed(b"id\nc1\n")[:-5], "cut off or damaged"),
        ("companies.csv.gz", packed(packed(b"id\nc1\n")), "gzip"),
        ("companies.jsonl", b"", "no record with a value"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "people.csv").write_text("id\np1\n")
    errors = [finding for finding in read_dataset(tmp_path).findings if finding.severity == "error"]
    assert any(message in finding.message and finding.file == name for finding in errors), errors


def test_one_table_in_two_forms_is_told(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id\nc1\n")
    (tmp_path / "companies.jsonl").write_text('{"id": "c2"}\n')
    assert [finding.code for finding in read_dataset(tmp_path).findings if finding.severity == "error"] == [
        "two_sources"
    ]


def test_a_column_of_dashes_is_no_column_of_numbers(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id,a,b,c\nc1,-,1e999,e5\nc2,,1,\n")
    reading = read_dataset(tmp_path)
    assert reading.clean, reading.findings
    assert reading.dataset.nodes["Company"]["b"].to_pylist() == ["1e999", "1"]
