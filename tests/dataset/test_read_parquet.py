"""Parquet: typed columns are taken as they are where they fit, and checked where they do not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from dataset_folder import TABLES, write_small
from pyarrow import csv, parquet

from ecosystem.dataset import read_dataset


def read_companies(folder: Path, columns: dict[str, Any]) -> Any:
    parquet.write_table(pa.table(columns), folder / "companies.parquet")
    return read_dataset(folder)


def test_parquet_gives_the_graph_of_its_csv_files(tmp_path: Path) -> None:
    files = write_small(tmp_path / "csv")
    for table in TABLES:
        path = files / f"{table}.csv"
        (tmp_path / "parquet").mkdir(exist_ok=True)
        parquet.write_table(csv.read_csv(path), tmp_path / "parquet" / f"{table}.parquet")
    first, second = read_dataset(files), read_dataset(tmp_path / "parquet")
    assert second.findings == ()
    for name, table in (*first.dataset.nodes.items(), *first.dataset.links.items()):
        other = second.dataset.nodes.get(name) or second.dataset.links[name]
        assert other.to_pydict() == table.to_pydict()


@pytest.mark.parametrize(
    "ids",
    [
        pa.array(["c1", "c2"], pa.large_string()),
        pa.array(["c1", "c2"], pa.string_view()),
        pa.array(["c1", "c2"]).dictionary_encode(),
        pa.array([1, 2], pa.int32()),
        pa.array([1.0, 2.0]),
    ],
    ids=lambda ids: str(ids.type),
)
def test_ids_of_any_type_become_text(tmp_path: Path, ids: pa.Array) -> None:
    reading = read_companies(tmp_path, {"id": ids})
    found = reading.dataset.nodes["Company"]["id"].to_pylist()
    assert found == (["c1", "c2"] if ids.type not in {pa.int32(), pa.float64()} else ["1", "2"])


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("patents", pa.array([1, None], pa.int16()), [1, None]),
        ("patents", pa.array([1.0, None]), [1, None]),
        ("patents", pa.array([2**40, None], pa.uint64()), [2**40, None]),
        ("valuation_cny_m", pa.array([1, None], pa.int64()), [1.0, None]),
        ("valuation_cny_m", pa.array([Decimal("1.50"), None]), [1.5, None]),
        ("valuation_cny_m", pa.array([0.5, None], pa.float32()), [0.5, None]),
        ("listed", pa.array([1, 0], pa.int8()), [True, False]),
        ("listed", pa.array([1.0, None]), [True, None]),
        ("listed", pa.nulls(2), [None, None]),
        ("founded_year", pa.array(["2020", " "]), [2020, None]),
    ],
    ids=str,
)
def test_types_that_fit_are_cast(tmp_path: Path, column: str, values: pa.Array, expected: list[Any]) -> None:
    reading = read_companies(tmp_path, {"id": ["c1", "c2"], column: values})
    assert reading.clean
    assert reading.dataset.nodes["Company"][column].to_pylist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([dt.date(2020, 1, 2)], pa.date64()), dt.date(2020, 1, 2)),
        (pa.array([dt.datetime.fromisoformat("2020-01-02")]), dt.date(2020, 1, 2)),
        (pa.array([dt.datetime.fromisoformat("2020-01-02")], pa.timestamp("ns", "UTC")), dt.date(2020, 1, 2)),
    ],
    ids=lambda values: str(getattr(values, "type", "")),
)
def test_dates(tmp_path: Path, values: pa.Array, expected: dt.date) -> None:
    parquet.write_table(pa.table({"id": ["a1"], "date": values}), tmp_path / "alliances.parquet")
    assert read_dataset(tmp_path).dataset.nodes["Alliance"]["date"].to_pylist() == [expected]


@pytest.mark.parametrize(
    ("column", "values", "code", "message"),
    [
        ("patents", pa.array([1.5, 1.0]), "not_an_integer", "'1.5' is not a whole number"),
        ("patents", pa.array([2**64 - 1, 1], pa.uint64()), "not_an_integer", "is not a whole number"),
        ("patents", pa.array([True, None]), "not_an_integer", "'true' is not a whole number"),
        ("valuation_cny_m", pa.array([float("nan"), 1.0]), "not_finite", "'nan' is not a finite number"),
        ("valuation_cny_m", pa.array([float("-inf"), 1.0]), "not_finite", "'-inf' is not a finite number"),
        ("valuation_cny_m", pa.array([-1, 1]), "out_of_range", "'-1' is below 0"),
        ("listed", pa.array([2, 1]), "not_a_boolean", "'2' is neither true nor false"),
        ("layer", pa.array([7, None]), "not_allowed", "'7' is none of"),
        ("name", pa.array(["a\0b", "c"]), "control_character", "has control characters"),
    ],
    ids=str,
)
def test_values_that_do_not_fit(tmp_path: Path, column: str, values: pa.Array, code: str, message: str) -> None:
    reading = read_companies(tmp_path, {"id": ["c1", "c2"], column: values})
    (finding,) = [found for found in reading.findings if found.severity == "error"]
    assert (finding.code, finding.place) == (code, f"companies.parquet:2:{column}")
    assert message in finding.message
    assert reading.quarantine["companies"].num_rows == 1
    assert reading.dataset.nodes["Company"]["id"].to_pylist() == ["c2"]


def test_extra_columns_keep_their_type_or_are_refused(tmp_path: Path) -> None:
    reading = read_companies(
        tmp_path,
        {
            "id": ["c1"],
            "staff": pa.array([3], pa.int8()),
            "seen": pa.array([dt.datetime.fromisoformat("2020-01-02T03:04")]),
            "tags": [["a", "b"]],
            "blob": pa.array([b"\xff"], pa.binary()),
        },
    )
    company = reading.dataset.nodes["Company"]
    assert company["staff"].type == pa.int64()
    assert company["seen"].to_pylist() == ["2020-01-02 03:04:00.000000"]
    refused = [found.column for found in reading.findings if found.code == "bad_column_type"]
    assert refused == ["tags", "blob"]


def test_extra_columns_with_nan_set_the_row_aside(tmp_path: Path) -> None:
    reading = read_companies(tmp_path, {"id": ["c1", "c2"], "score": [float("nan"), 1.0]})
    assert reading.quarantine["companies"]["reason"].to_pylist() == ["score: 'nan' is not a finite number"]


def test_a_column_twice(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["c1"]), pa.array([1]), pa.array([2])], names=["id", "patents", "patents"])
    parquet.write_table(table, tmp_path / "companies.parquet")
    codes = [found.code for found in read_dataset(tmp_path).findings if found.severity == "error"]
    assert codes == ["duplicate_column"]


def test_blank_rows_are_passed_over_and_lines_stay_right(tmp_path: Path) -> None:
    reading = read_companies(tmp_path, {"id": ["c1", None, None], "patents": [1, None, -1]})
    assert [(found.row, found.code) for found in reading.findings if found.severity == "error"] == [
        (4, "blank_id"),
        (4, "out_of_range"),
    ]
    assert [(count.read, count.loaded) for count in reading.counts] == [(2, 1)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"id,name\n1,x\n", "unreadable_parquet"),
        (b"PAR1" + bytes(60) + b"PAR1", "unreadable_parquet"),
    ],
)
def test_a_file_that_is_no_parquet(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "companies.parquet").write_bytes(content)
    (finding,) = [found for found in read_dataset(tmp_path).findings if found.severity == "error"]
    assert (finding.code, finding.place) == (code, "companies.parquet")
    assert finding.hint


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"id": pa.array([b"c1", b"\xff"]).view(pa.string())}), tmp_path / "companies.parquet")
    (finding,) = [found for found in read_dataset(tmp_path).findings if found.severity == "error"]
    assert finding.code == "unreadable_parquet"
    assert "UTF8" in finding.message


def test_a_cut_off_parquet(tmp_path: Path) -> None:
    path = tmp_path / "companies.parquet"
    parquet.write_table(pa.table({"id": pc.cast(pa.array(range(1000)), pa.string())}), path)
    path.write_bytes(path.read_bytes()[:-20])
    assert [found.code for found in read_dataset(tmp_path).findings if found.severity == "error"] == [
        "unreadable_parquet"
    ]


def test_long_decimals_that_a_float_would_make_one_stay_text(tmp_path: Path) -> None:
    licences = pa.array([Decimal(2**63 + 1), Decimal(2**63 + 2)], pa.decimal128(20, 0))
    shares = pa.array([Decimal("0.5"), Decimal("1.5")], pa.decimal128(4, 2))
    table = pa.table({"id": ["c1", "c2"], "name": ["a", "b"], "licence": licences, "share": shares})
    parquet.write_table(table, tmp_path / "companies.parquet")
    read = read_dataset(tmp_path).dataset.nodes["Company"]
    assert read["licence"].to_pylist() == [str(2**63 + 1), str(2**63 + 2)]
    assert read["share"].to_pylist() == [0.5, 1.5]
