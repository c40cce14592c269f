"""`ecosystem query`: what its answers look like in every format, and parameters that are none."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from command import run_in
from graphs import Node, dataset, graph
from neo4j_server import Server
from stores import driver

from ecosystem.store import open_store
from ecosystem.tables.words import escaped

MIXED = "MATCH (c:Company) RETURN c.id AS id, [c.patents, 1] AS l, 0.0 * c.patents / 0.0 AS x ORDER BY id"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of two companies, one of them without patents."""
    folder = tmp_path_factory.mktemp("query")
    store = open_store(folder / "g.duckdb", create=True)
    store.load(dataset(graph([Node("a", "Company", {"patents": 2}), Node("b", "Company", {})], [])))
    store.close()
    return folder


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("csv", ['a,"[2, 1]",NaN', 'b,"[null, 1]",']),
        ("json", ['{"id": "a", "l": [2, 1], "x": "NaN"},', '{"id": "b", "l": [null, 1], "x": null}']),
        ("md", ["| a | [2, 1] | NaN |", "| b | [null, 1] |  |"]),
        ("table", ["a   [2, 1]     NaN", "b   [null, 1]    –"]),
    ],
)
def test_lists_and_what_is_no_number_in_every_format(folder: Path, form: str, shown: list[str]) -> None:
    done = run_in(folder, "query", MIXED, "--store", "g.duckdb", "--format", form)
    lines = [line.rstrip() for line in done.stdout.splitlines() if line not in ("[", "]")]
    assert lines[-2:] == shown


@pytest.mark.parametrize("suffix", ["csv", "json", "md", "xlsx", "parquet"])
def test_the_same_as_a_file(folder: Path, suffix: str) -> None:
    done = run_in(folder, "query", MIXED, "--store", "g.duckdb", "--out", f"rows.{suffix}")
    assert "2 rows written" in done.stderr
    if suffix == "json":
        rows = json.loads((folder / "rows.json").read_text(encoding="utf-8"))
        assert [row["x"] for row in rows] == ["NaN", None]
    if suffix == "xlsx":
        sheet = openpyxl.load_workbook(folder / "rows.xlsx").worksheets[0]
        assert list(sheet.values)[1:] == [("a", "[2, 1]", "NaN"), ("b", "[null, 1]", None)]


@pytest.mark.parametrize("name", ["p", "P"])
def test_parameters_that_differ_in_capitals_are_two(folder: Path, name: str) -> None:
    query = f"RETURN $p AS a, $P AS b, ${name} AS c"
    done = run_in(folder, "query", query, "--store", "g.duckdb", "--param", "p=1", "--param", "P=2", "--format", "csv")
    assert done.stdout == f"a,b,c\n1,2,{1 if name == 'p' else 2}\n"


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1" * 500 + ".5"])
def test_a_parameter_of_thousands_of_digits_is_refused_without_repeating_it(folder: Path, number: str) -> None:
    done = run_in(folder, "query", "RETURN $n AS n", "--store", "g.duckdb", "--param", f"n={number}")
    assert done.returncode == 2
    assert "a parameter is a number of" in done.stderr
    assert len(done.stderr) < 300


@pytest.mark.parametrize(
    "words",
    [
        ["RETURN $n AS n", "--param", "n=a\udcffb"],
        ["RETURN 1 AS `a\udcff`"],
        ["MATCH (c:Company {name: '\udcff'}) RETURN c"],
    ],
)
def test_what_is_not_utf_8_is_refused(folder: Path, words: list[str]) -> None:
    done = run_in(folder, "query", *words, "--store", "g.duckdb")
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not UTF-8" in done.stderr


PRODUCT = "MATCH (a:Company), (b:Company), (c:Company) "


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of a thousand companies."""
    folder = tmp_path_factory.mktemp("large")
    store = open_store(folder / "g.duckdb", create=True)
    store.load(dataset(graph([Node(f"c{at:04}", "Company", {}) for at in range(1000)], [])))
    store.close()
    return folder


@pytest.mark.parametrize(
    ("query", "option", "told"),
    [
        ("RETURN count(*) AS n", ("--timeout", "0.2"), "error: the query took longer than 0.2 s"),
        (
            "RETURN a.id + b.id + c.id AS x ORDER BY x",
            ("--memory", "60MB"),
            "error: the query needs more memory than the 60 MB that it may take",
        ),
        (
            "RETURN a.id AS a, b.id AS b, c.id AS c",
            ("--memory", "60MB"),
            "error: the query needs more memory than the 60 MB that it may take",
        ),
    ],
)
def test_a_limit_ends_with_a_sentence_and_nothing_is_written(
    large: Path, query: str, option: tuple[str, str], told: str
) -> None:
    (large / "rows.csv").write_text("old", encoding="utf-8")
    words = ("query", PRODUCT + query, "--store", "g.duckdb", *option)
    before = sorted(file.name for file in large.iterdir())
    for out in ((), ("--out", "rows.csv"), ("--out", "new.parquet"), ("--format", "json")):
        done = run_in(large, *words, *out)
        assert (done.returncode, done.stdout) == (1, "")
        first, hint = done.stderr.strip().split("\n")
        assert first == told
        assert hint.startswith(f"  hint: give it more: {option[0]} ")
    assert sorted(file.name for file in large.iterdir()) == before
    assert (large / "rows.csv").read_text(encoding="utf-8") == "old"
    chinese = run_in(large, *words, "--lang", "zh")
    assert option[0] in chinese.stderr
    assert "the query" not in chinese.stderr


def test_a_table_that_is_too_long_for_the_screen(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecosystem.cli.query_command.MOST_SHOWN", 999)
    words = ("query", "MATCH (c:Company) RETURN c.id AS id", "--store", "g.duckdb")
    done = run_in(large, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the answer has 1,000 rows, too many for a table on the screen" in done.stderr
    assert len(run_in(large, *words, "--format", "csv").stdout.splitlines()) == 1001


@pytest.mark.parametrize("option", [("--timeout", "0"), ("--memory", "0"), ("--memory", "half"), ("--memory", "1 GiB")])
def test_no_limit_and_sizes_as_people_write_them(large: Path, option: tuple[str, str]) -> None:
    done = run_in(large, "query", "MATCH (c:Company) RETURN count(c) AS n", "--store", "g.duckdb", *option)
    assert done.stdout.split() == ["n", "1000"]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--memory", "much"), "'much' is no size of memory"),
        (("--timeout", "-1"), "--timeout"),
        (("--timeout", "1e9"), "at most 2,592,000"),
    ],
)
def test_what_is_no_limit(large: Path, option: tuple[str, str], told: str) -> None:
    done = run_in(large, "query", "RETURN 1 AS n", "--store", "g.duckdb", *option)
    assert done.returncode == 2
    assert told in done.stderr


UNNAMED = {
    "MATCH (c:Company) RETURN count( * ), c.id ORDER BY c.id": ["count( * )", "c.id"],
    "MATCH (c:Company) RETURN c.id,c.patents  +  1": ["c.id", "c.patents  +  1"],
    "MATCH (c:Company) RETURN DISTINCT  c . id AS id, -  1": ["id", "-  1"],
    "RETURN 'a, b',  [1 , 2]  ,\n  (1)  ": ["'a, b'", "[1 , 2]", "(1)"],
    "RETURN /* why */ 1 /* because */ + 2": ["1 /* because */ + 2"],
    "MATCH (`k k`:Company) RETURN `k k`.id, `k k`": ["`k k`.id", "k k"],
    "WITH 1 AS `x`, 2 AS y RETURN (x), ( `y` ), (x + y)": ["x", "y", "(x + y)"],
    "RETURN CASE WHEN true\n THEN 1 END": ["CASE WHEN true\n THEN 1 END"],
}
"""Queries, and the names of their columns."""


@pytest.mark.parametrize("query", UNNAMED)
def test_a_column_without_a_name_is_called_as_it_is_written(folder: Path, query: str) -> None:
    done = run_in(folder, "query", query, "--store", "g.duckdb", "--format", "csv")
    assert next(csv.reader(io.StringIO(done.stdout))) == [escaped(name) for name in UNNAMED[query]]
    rows = json.loads(run_in(folder, "query", query, "--store", "g.duckdb", "--format", "json").stdout)
    assert list(rows[0]) == UNNAMED[query]


def test_neo4j_calls_them_the_same(server: Server) -> None:
    with driver(server) as connection:
        for query, names in UNNAMED.items():
            assert connection.execute_query(query).keys == names
