"""Lists, maps, paths, dates, durations and NaN in every format: the tables of queries, typed by Arrow."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from command import run_in
from graphs import Node, dataset, graph
from pyarrow import parquet

from ecosystem.export import write_table
from ecosystem.export.files import to_csv, to_json, to_markdown
from ecosystem.export.frame_cells import iso_duration
from ecosystem.store import open_store

MIDNIGHT, LATER = map(dt.datetime.fromisoformat, ("2021-05-01", "2021-05-01T12:30:00.5"))
MAP = pa.struct({"n": pa.int64(), "名": pa.string()})
STEP = pa.struct({"id": pa.string(), "w": pa.float64()})
NESTED = pa.table(
    {
        "id": pa.array(["a", "=b", "丙"]),
        "years": pa.array([[2020, None], [], None], pa.list_(pa.int64())),
        "names": pa.array([["甲", "=1+1"], ["a|b", 'x"y'], [None]], pa.list_(pa.string())),
        "shares": pa.array([[0.5, math.nan], [math.inf], None], pa.list_(pa.float64())),
        "nested": pa.array([[[1], [2, 3]], [[]], None], pa.list_(pa.list_(pa.int64()))),
        "map": pa.array([{"n": 1, "名": "x"}, {"n": None, "名": None}, None], MAP),
        "path": pa.array([[{"id": "a", "w": 1.5}], [], None], pa.list_(STEP)),
        "keys": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
        "day": pa.array([dt.date(2021, 5, 1), dt.date(1066, 10, 14), None]),
        "days": pa.array([[dt.date(2021, 5, 1)], [None], None], pa.list_(pa.date32())),
        "at": pa.array([MIDNIGHT, LATER, None], pa.timestamp("us")),
        "zoned": pa.array([dt.datetime(2021, 5, 1, tzinfo=dt.UTC), None, None], pa.timestamp("us", "UTC")),
        "lasts": pa.array([pa.MonthDayNano([14, 3, 14_405_500_000_000]), pa.MonthDayNano([0, 0, 0]), None]),
        "spans": pa.array([[pa.MonthDayNano([1, 2, 0])], [], None], pa.list_(pa.month_day_nano_interval())),
        "span": pa.array([dt.timedelta(days=1, seconds=90), dt.timedelta(seconds=-1), None], pa.duration("us")),
        "ratio": pa.array([0.25, math.nan, None], pa.float64()),
        "large": pa.array([2**64, -(2**64), None], pa.decimal128(38, 0)),
        "yes": pa.array([[True], [False, None], None], pa.list_(pa.bool_())),
    }
)  # fmt: skip
FRAME: pd.DataFrame = NESTED.to_pandas(types_mapper=pd.ArrowDtype)
TEXTS: dict[str, list[str]] = {
    "id": ["a", "'=b", "丙"],
    "years": ["[2020, null]", "[]", ""],
    "names": ['["甲", "=1+1"]', '["a|b", "x\\"y"]', "[null]"],
    "shares": ['[0.5, "NaN"]', '["inf"]', ""],
    "nested": ["[[1], [2, 3]]", "[[]]", ""],
    "map": ['{"n": 1, "名": "x"}', '{"n": null, "名": null}', ""],
    "path": ['[{"id": "a", "w": 1.5}]', "[]", ""],
    "keys": ['{"k": 1}', "{}", ""],
    "day": ["2021-05-01", "1066-10-14", ""],
    "days": ['["2021-05-01"]', "[null]", ""],
    "at": ["2021-05-01T00:00:00", "2021-05-01T12:30:00.500000", ""],
    "zoned": ["2021-05-01T00:00:00+00:00", "", ""],
    "lasts": ["P1Y2M3DT4H5.5S", "PT0S", ""],
    "spans": ['["P1M2D"]', "[]", ""],
    "span": ["P1DT1M30S", "PT-1S", ""],
    "ratio": ["0.25", "NaN", ""],
    "large": ["18446744073709551616", "-18446744073709551616", ""],
    "yes": ["[true]", "[false, null]", ""],
}
"""What CSV says of each column."""
JSON = ("years", "names", "shares", "nested", "map", "path", "keys", "days", "spans", "yes")


def test_csv_has_lists_and_maps_as_json() -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(FRAME))))
    assert {name: [row[name] for row in rows] for name in NESTED.column_names} == TEXTS
    for name in JSON:
        for row in rows:
            assert not row[name] or isinstance(json.loads(row[name]), (list, dict))


def test_json_has_lists_and_maps_as_they_are() -> None:
    rows = json.loads(to_json(FRAME))
    for name in NESTED.column_names:
        texts = ["=b" if text == "'=b" else text for text in TEXTS[name]]
        expected: list[Any] = [text or None for text in texts]
        if name in JSON:
            expected = [json.loads(text) if text else None for text in texts]
        elif name == "ratio":
            expected = [0.25, "NaN", None]
        elif name == "large":
            expected = [2**64, -(2**64), None]
        assert [row[name] for row in rows] == expected, name


def test_markdown_has_the_same_texts() -> None:
    lines = to_markdown(FRAME).splitlines()[2:]
    for at, line in enumerate(lines):
        inner = line.removeprefix("| ").removesuffix(" |").replace("\\|", "\0")
        cells = [cell.replace("\0", "|").strip() for cell in inner.split(" | ")]
        assert cells == [texts[at].removeprefix("'") for texts in TEXTS.values()]


def test_excel_has_texts_that_no_cell_runs(tmp_path: Path) -> None:
    write_table(tmp_path / "t.xlsx", FRAME)
    head, *rows = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0].iter_rows()
    columns = {cell.value: [row[at] for row in rows] for at, cell in enumerate(head)}
    for name in (*JSON, "lasts", "span", "large"):
        assert [cell.value or "" for cell in columns[name]] == TEXTS[name], name
        assert all(cell.data_type in ("s", "n") for cell in columns[name])
    assert [cell.value for cell in columns["id"]] == ["a", "=b", "丙"]
    assert [cell.data_type for cell in columns["id"]] == ["s", "s", "s"]
    assert [cell.value for cell in columns["day"]] == [MIDNIGHT, "1066-10-14", None]
    assert columns["at"][1].value == LATER


def test_parquet_has_real_lists_maps_and_dates(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", FRAME)
    read = parquet.read_table(tmp_path / "t.parquet")
    durations = {"lasts", "spans"}  # Parquet has no type for months and days together
    for name in NESTED.column_names:
        if name in durations:
            assert [cell or "" for cell in read[name].to_pylist()] == TEXTS[name]
        else:
            assert read.schema.field(name).type.equals(NESTED.schema.field(name).type) or name in (
                "map",
                "path",
                "keys",
            )
            assert repr(read[name].to_pylist()) == repr(NESTED[name].to_pylist()), name


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What `ecosystem query` prints of the table, in a language."""
    store = open_store(tmp_path / "g.duckdb", create=True)
    store.load(dataset(graph([Node("a", "Company", {})], [])))
    store.close()
    monkeypatch.setattr("ecosystem.store.question.answer", lambda *_: NESTED)
    monkeypatch.setenv("COLUMNS", "900")

    def ask(*words: str) -> str:
        done = run_in(tmp_path, "query", "RETURN 1 AS n", "--store", "g.duckdb", *words)
        assert done.returncode == 0
        return done.stdout

    return ask


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_shows_them_in_both_languages(asked: Callable[..., str], lang: str) -> None:
    table = asked("--lang", lang, "--wide")
    for name, texts in TEXTS.items():
        assert name in table
        for text in texts:
            shown = text.removeprefix("'").replace("T", " ") if name in ("at", "zoned") else text.removeprefix("'")
            assert shown in table, (name, shown)
    assert table.splitlines()[3].count("–") == len(TEXTS) - 2  # but for the id and the list of names
    assert asked("--lang", lang, "--format", "csv") == to_csv(FRAME)
    assert asked("--lang", lang, "--format", "json") == to_json(FRAME)
    assert asked("--lang", lang, "--format", "md") == to_markdown(FRAME)


def test_a_long_table_is_written_piece_by_piece() -> None:
    rows = 45_001
    frame = pd.DataFrame({"x": np.arange(rows), "y": np.where(np.arange(rows) % 2, np.nan, 0.5)})
    assert len(to_csv(frame).splitlines()) == rows + 1
    assert to_csv(frame).splitlines()[-1] == "45000,0.5"
    assert [row["x"] for row in json.loads(to_json(frame))] == list(range(rows))
    assert to_markdown(frame).splitlines()[-1] == "| 45000 | 0.5 |"
    assert to_csv(frame.head(0)) == "x,y\n"
    assert to_json(frame.head(0)) == "[]\n"
    assert len(to_markdown(frame.head(0)).splitlines()) == 2


@pytest.mark.parametrize(
    ("months", "days", "nanos", "text"),
    [
        (14, 3, 0, "P1Y2M3D"),
        (1, 2, 0, "P1M2D"),
        (-14, 10, 0, "P-1Y-2M10D"),
        (0, 0, 3_600_000_000_000, "PT1H"),
        (0, 0, -61_500_000_000, "PT-1M-1.5S"),
        (0, 0, 1, "PT0.000000001S"),
        (0, -1, 500_000_000, "P-1DT0.5S"),
        (12, 0, 90_000_000_000, "P1YT1M30S"),
        (0, 0, 0, "PT0S"),
    ],
)
def test_durations_are_written_as_neo4j_writes_them(months: int, days: int, nanos: int, text: str) -> None:
    """Texts of `toString(duration({...}))` on Neo4j 5.26."""
    assert iso_duration(pa.MonthDayNano([months, days, nanos])) == text
