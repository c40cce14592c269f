"""Random bytes, cells, encodings and damage: an import ends in a dataset that reads, or in one message.

ECOSYSTEM_HOSTILE_EXAMPLES=10000 asks for that many of them in all; else some hundred.
"""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from hostile_files import GOOD_ROWS, workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from ecosystem.dataset import Reading, read_dataset, write_quarantine
from ecosystem.errors import DatasetError
from ecosystem.imports import import_source

pytestmark = pytest.mark.long

KINDS = 5
some = settings(
    max_examples=int(os.environ.get("ECOSYSTEM_HOSTILE_EXAMPLES", "200")) // KINDS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MAPPING = """title = "random"
files.list = {{ path = "list{suffix}", encoding = "{encoding}", delimiter = '''{delimiter}'''{more} }}
[nodes.company]
label = "Company"
id = "id"
name = "name"
properties.patents = "n"
[nodes.person]
label = "Person"
id = {{ column = "name", as = "hash", prefix = "p-" }}
[links.work]
type = "WORKS_FOR"
from = "person"
to = "company"
"""
FILL = ', fill_down = { key = "id", columns = ["name"] }'
ENCODINGS = st.sampled_from(["utf-8", "gbk", "gb18030", "big5", "utf-16", "utf-16-le", "utf-8-sig", "latin-1", "utf-7"])
DELIMITERS = st.sampled_from([",", ";", "\t", "|", "，", " "])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
PIECES = (
    st.sampled_from(
        ["", " ", "c1", "甲公司", '"', '""', '"a', 'b"', "=1+1", "a,b", "a;b", "a\nb", "a\r\nb", "'", "|", "#"]
    )
    | st.sampled_from(["\0", "\ufeff", "\u200b", "\u2028", "\x1a", "\ud800", "\U0001f600", "x" * 600, "x" * 140_000])
    | st.sampled_from(["1", "-1", "1e999", "nan", "NULL", "２"])
)
CELLS = st.lists(PIECES, max_size=3).map("".join)
WIDE_ROWS = st.tuples(st.integers(1, 99).map(str), CELLS, PIECES).map(list)
ROWS = st.lists(WIDE_ROWS | WIDE_ROWS | st.lists(CELLS, max_size=5), max_size=6)
BYTES = st.binary(max_size=4) | st.sampled_from(
    [
        b'"',
        b"\n",
        b"\r",
        b",",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\x1f\x8b",
        b"PK\x03\x04",
        b"\x81",
        b"\xed\xa0\x80",
    ]
)
GOOD = "id,name,n\nc1,甲,1\nc2,乙,2\n,丙,\nc4,丁,x\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


def check_import(place: Path, content: bytes, mapping: str, suffix: str) -> None:
    """Import the content; the sums add up, what is written reads without an error, or nothing at all is left."""
    shutil.rmtree(place)
    place.mkdir()
    (place / f"list{suffix}").write_bytes(content)
    (place / "random.toml").write_text(mapping, encoding="utf-8")
    before = {path.name for path in place.iterdir()}
    try:
        report = import_source(str(place / "random.toml"), place, place / "out")
    except DatasetError as err:
        assert {path.name for path in place.iterdir()} == before
        message = str(err)
        message.encode()  # it can be printed
        assert len(message) < 6_000
        return
    assert {path.name for path in place.iterdir()} == before | {"out"}
    for file in report.files:
        assert file.rows == file.used + file.skipped + file.quarantined
    check_reading(read_dataset(place / "out"))
    assert read_dataset(place / "out").clean


def check_reading(reading: Reading) -> None:
    """Rows read are rows loaded and rows set aside."""
    for count in reading.counts:
        aside = reading.quarantine[count.table].num_rows if count.table in reading.quarantine else 0
        assert (count.read, count.quarantined) == (count.loaded + aside, aside)


def check_folder(place: Path, name: str, content: bytes) -> None:
    """Read a folder with one more file; a refusal says why, and everything can be written and printed."""
    shutil.rmtree(place)
    place.mkdir()
    (place / "people.csv").write_text("id\np1\n", encoding="utf-8")
    (place / name).write_bytes(content)
    reading = read_dataset(place)
    check_reading(reading)
    assert reading.dataset.nodes["Person"].num_rows == 1
    assert write_quarantine(place, reading) == ()
    "".join(str(finding) for finding in reading.findings).encode()


def encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, "surrogatepass" if encoding.startswith("utf") and encoding != "utf-7" else "replace")


def spoilt(data: st.DataObject, content: bytes) -> bytes:
    """The content with some bytes put in, taken out or replaced, and perhaps cut off."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(changed)))
        changed[at : at + data.draw(st.integers(0, 3))] = data.draw(BYTES)
    return bytes(changed[: data.draw(st.none() | st.integers(0, len(changed)))])


@some
@given(st.sampled_from(["", "id{0}name{0}n\nk1{0}x{0}1\n7{0}"]), st.binary(max_size=400), ENCODINGS, DELIMITERS)
def test_bytes_imported(place: Path, head: str, content: bytes, encoding: str, delimiter: str) -> None:
    content = encoded(head.format(delimiter), encoding) + content
    check_import(place, content, MAPPING.format(suffix=".csv", encoding=encoding, delimiter=delimiter, more=""), ".csv")


@some
@given(
    ROWS,
    ENCODINGS,
    ENCODINGS,
    DELIMITERS,
    st.lists(ENDS, min_size=7, max_size=7),
    st.sampled_from(["", FILL]),
    st.booleans(),
)
def test_rows_imported(
    place: Path,
    rows: list[list[str]],
    encoding: str,
    said: str,
    delimiter: str,
    ends: list[str],
    more: str,
    packed: bool,
) -> None:
    """Ragged rows, open quotes, mixed line ends; one time in four in another encoding than the mapping says."""
    lines = [delimiter.join(row) for row in [["id", "name", "n"], *rows]]
    text = "".join(line + end for line, end in zip(lines, ends, strict=False)).replace("\ud800", "")
    content = encoded(text, encoding)
    said = said if len(text) % 4 == 0 else encoding
    mapping = MAPPING.format(suffix=".csv", encoding=said, delimiter=delimiter, more=more)
    check_import(place, gzip.compress(content, mtime=0) if packed else content, mapping, ".csv")


@some
@given(st.data(), st.sampled_from(["gz", "xlsx", "csv"]))
def test_damage_imported(place: Path, data: st.DataObject, kind: str) -> None:
    rows = GOOD_ROWS.replace('<row r="2">', '<row r="2"><c r="C2"><v>1</v></c>').replace(
        '<row r="1">', '<row r="1"><c r="C1" t="inlineStr"><is><t>n</t></is></c>'
    )
    whole = {"gz": gzip.compress(GOOD.encode(), mtime=0), "xlsx": workbook(rows), "csv": GOOD.encode()}[kind]
    suffix = ".xlsx" if kind == "xlsx" else ".csv"
    mapping = MAPPING.format(suffix=suffix, encoding="utf-8", delimiter=",", more="")
    check_import(place, spoilt(data, whole), mapping, suffix)


@some
@given(ROWS, st.just("utf-8") | ENCODINGS, st.lists(ENDS, min_size=7, max_size=7))
def test_rows_read(place: Path, rows: list[list[str]], encoding: str, ends: list[str]) -> None:
    lines = [",".join(row) for row in [["id", "name", "patents"], *rows]]
    text = "".join(line + end for line, end in zip(lines, ends, strict=False)).replace("\ud800", "")
    check_folder(place, "companies.csv", encoded(text, encoding))


@some
@given(st.data(), st.sampled_from(["companies.csv", "companies.parquet", "dataset.xlsx"]))
def test_damage_read(place: Path, data: st.DataObject, name: str) -> None:
    target = pa.BufferOutputStream()
    parquet.write_table(pa.table({"id": ["c1", "c2"], "name": ["甲", None], "patents": [1, 2]}), target)
    whole = {
        "companies.csv": GOOD.encode(),
        "companies.parquet": target.getvalue().to_pybytes(),
        "dataset.xlsx": workbook(GOOD_ROWS),
    }[name]
    check_folder(place, name, spoilt(data, whole))
