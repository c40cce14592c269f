"""Whatever stands in a file, reading ends with findings, never with a traceback, and no row is lost."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from dataset_folder import TABLES, write_small
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from ecosystem.dataset import Reading, read_dataset, write_quarantine
from ecosystem.errors import DatasetError

relaxed = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CELLS = st.sampled_from(
    [
        *(
            "",
            " ",
            "c1",
            "c2",
            "i1",
            "u1",
            "北京",
            "110000",
            "NULL",
            "nan",
            "1",
            "-1",
            "1.5",
            "1e999",
            "２",
            "2020",
            "20223",
        ),
        *(
            "2020-01-02",
            "2020-13-01",
            "true",
            "是",
            "a,b",
            'say "x"',
            "two\nlines",
            "tab\t",
            "\0",
            "\x07",
            "=1+1",
            "甲",
        ),
        *("x" * 600, "9" * 30, "0x10", "\ufeff", "\u3000", "é", "\U0001f600", "foundation", "|", "'"),
    ]
)
COLUMNS = st.lists(
    st.sampled_from(["id", "name", "from", "to", "year", "date", "layer", "patents", "listed", "ID", "_x", "", "extra"])
    | st.sampled_from(["amount_cny_m", "in_sample", "region", "indicator", "value", "level", "é é"]),
    min_size=1,
    max_size=6,
)
TABLE_NAMES = st.sampled_from([*TABLES, "parks", "member_of"])


REGIONS = """id,name,level,parent,aliases
110000,北京市,province,,北京
310000,上海市,province,,
440000,广东省,province,,Guangdong|广东
440300,深圳市,city,440000,
US,美国,country,,
"""


def fresh_folder(folder: Path) -> Path:
    """The small dataset with a few regions only, which are read faster than all."""
    if folder.exists():
        shutil.rmtree(folder)
    (write_small(folder) / "regions.csv").write_text(REGIONS, encoding="utf-8")
    return folder


def check_sums(reading: Reading) -> None:
    """Rows in are rows out and rows set aside; every error with a row has that row in the quarantine."""
    for count in reading.counts:
        aside = reading.quarantine[count.table].num_rows if count.table in reading.quarantine else 0
        assert count.read == count.loaded + aside
        assert count.quarantined == aside
    lines = {line for table in reading.quarantine.values() for line in table["line"].to_pylist()}
    assert {found.row for found in reading.findings if found.severity == "error" and found.row} <= lines
    nodes = sum(table.num_rows for table in reading.dataset.nodes.values())
    for table in reading.dataset.links.values():
        for end in ("_src", "_dst"):
            assert all(0 <= key < nodes for key in table[end].to_pylist())


def read_whatever(folder: Path) -> None:
    """Read, check the sums and write the quarantine; a refusal is fine when it says why."""
    try:
        reading = read_dataset(folder)
    except DatasetError as err:
        refusal = err
    else:
        check_sums(reading)
        assert write_quarantine(folder, reading) == ()
        return
    assert refusal.findings or refusal.hint


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "data"


@pytest.mark.long
@relaxed
@given(TABLE_NAMES, st.binary(max_size=300))
def test_random_bytes(scratch: Path, table: str, content: bytes) -> None:
    folder = fresh_folder(scratch)
    (folder / f"{table}.csv").write_bytes(content)
    read_whatever(folder)


@pytest.mark.long
@relaxed
@given(TABLE_NAMES, st.data())
def test_random_bytes_in_a_file(scratch: Path, table: str, data: st.DataObject) -> None:
    folder = fresh_folder(scratch)
    content = bytearray(TABLES.get(table, "\nid,name,from,to\n").lstrip().encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 1] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b'"', b"\n", b"\r", b",", b"\0"])
        )
    (folder / f"{table}.csv").write_bytes(bytes(content))
    read_whatever(folder)


@pytest.mark.long
@relaxed
@given(TABLE_NAMES, COLUMNS, st.lists(st.lists(CELLS, max_size=7), max_size=6))
def test_random_cells(scratch: Path, table: str, columns: list[str], rows: list[list[str]]) -> None:
    folder = fresh_folder(scratch)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    read_whatever(folder)


@pytest.mark.long
@relaxed
@given(TABLE_NAMES, st.lists(CELLS, min_size=1, max_size=8), st.integers(0, 5))
def test_random_cells_in_a_good_table(scratch: Path, table: str, cells: list[str], place: int) -> None:
    folder = fresh_folder(scratch)
    rows = list(csv.reader(io.StringIO(TABLES.get(table, "\nid,name\nx,y\n").lstrip())))
    for number, cell in enumerate(cells):
        rows.append([*rows[-1][: place % len(rows[0])], cell, *rows[-1][place % len(rows[0]) + 1 :]])
        rows[-1][0] = cell if number % 3 == 2 else rows[-1][0]
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    read_whatever(folder)


@pytest.mark.long
@relaxed
@given(COLUMNS.filter(lambda names: len(set(names)) == len(names)), st.data())
def test_random_parquet(scratch: Path, columns: list[str], data: st.DataObject) -> None:
    folder = fresh_folder(scratch)
    values = {
        name: data.draw(
            st.lists(st.none() | CELLS, min_size=3, max_size=3)
            | st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3)
            | st.lists(st.none() | st.floats(), min_size=3, max_size=3)
            | st.lists(st.none() | st.booleans(), min_size=3, max_size=3)
            | st.lists(st.none() | st.dates(), min_size=3, max_size=3)
            | st.lists(st.none() | st.datetimes(), min_size=3, max_size=3)
            | st.lists(st.lists(st.integers(0, 9), max_size=2), min_size=3, max_size=3)
        )
        for name in columns
    }
    (folder / "companies.csv").unlink()
    parquet.write_table(pa.table(values), folder / "companies.parquet")
    read_whatever(folder)


@pytest.fixture(scope="module")
def containers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A good Parquet file and a good workbook."""
    folder = tmp_path_factory.mktemp("good")
    parquet.write_table(pa.table({"id": ["c1", "c2"], "patents": [1, 2]}), folder / "companies.parquet")
    with xlsxwriter.Workbook(folder / "dataset.xlsx") as book:
        sheet = book.add_worksheet("companies")
        sheet.write_row(0, 0, ["id", "patents"])
        sheet.write_row(1, 0, ["c1", 1])
        sheet.write_formula(2, 1, "=1+1", None, 2)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.long
@pytest.mark.parametrize("name", ["companies.parquet", "dataset.xlsx"])
@relaxed
@given(data=st.data())
def test_spoilt_containers(scratch: Path, containers: dict[str, bytes], name: str, data: st.DataObject) -> None:
    content = bytearray(containers[name])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + 1] = data.draw(st.binary(max_size=2))
    folder = fresh_folder(scratch)
    (folder / name).write_bytes(bytes(content))
    read_whatever(folder)
