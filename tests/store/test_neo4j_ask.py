"""Any Cypher that reads, asked of a server as it stands: its rows as a table, and nothing that does more."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphs import Link, Node, dataset, graph
from neo4j_server import Server
from stores import empty, empty_store
from typer.testing import CliRunner

from ecosystem.cli.main import app
from ecosystem.errors import QueryError, StoreError
from ecosystem.store.neo4j.store import Neo4jStore

COMPANIES = [Node(f"c{number}", "Company", {"name": f"n{number}", "patents": number or None}) for number in range(3)]
LINKS = [Link("e0", "ENABLES", "c0", "c1", {"year": 2020}), Link("e1", "ENABLES", "c1", "c2", {})]


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jStore]:
    store = empty_store("neo4j", request, tmp_path_factory.mktemp("ask"))
    assert isinstance(store, Neo4jStore)
    store.load(dataset(graph(COMPANIES, LINKS)))
    yield store
    store.close()
    server: Server = request.getfixturevalue("neo4j_server")
    empty(server)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("MATCH (c:Company) WITH c ORDER BY c.id RETURN collect(c.id) AS ids", [{"ids": ["c0", "c1", "c2"]}]),
        (
            "UNWIND [2, null, 1] AS x RETURN x, x * 0.5 AS y",
            [{"x": 2, "y": 1.0}, {"x": None, "y": None}, {"x": 1, "y": 0.5}],
        ),
        ("MATCH p = (:Company {id: 'c0'})-[:ENABLES*2]->() RETURN p", [{"p": ["c0", "e0", "c1", "e1", "c2"]}]),
        ("MATCH (c:Company)-[t]->(d) WHERE t.year > 2000 AND c.name =~ 'n.' RETURN c, t", [{"c": "c0", "t": "e0"}]),
        ("MATCH (m:_Ecosystem) RETURN m.state AS s, {a: [1]} AS m", [{"s": "ready", "m": {"a": [1]}}]),
        ("UNWIND [1, 'a', true] AS x RETURN x", [{"x": "1"}, {"x": "a"}, {"x": "True"}]),
        ("RETURN date('2020-01-02') AS d, duration('P1D') AS e, toUpper($w) AS w", None),
        ("MATCH (x:Nothing) RETURN x, collect(x) AS y", []),
        ("WITH 9223372036854775807 AS big RETURN big, [] AS none", [{"big": 2**63 - 1, "none": []}]),
        ("UNWIND [[1, 'a'], null, [[2]]] AS x RETURN x", [{"x": '[1, "a"]'}, {"x": None}, {"x": "[[2]]"}]),
        ("UNWIND [{a: 1}, {b: 2}] AS x RETURN x", [{"x": '{"a": 1}'}, {"x": '{"b": 2}'}]),
        ("RETURN [date('2020-01-02')] AS d", [{"d": [dt.date(2020, 1, 2)]}]),
    ],
)
def test_rows(store: Neo4jStore, text: str, rows: list[dict[str, object]] | None) -> None:
    found = store.ask(text, {"w": "ab"}).to_pylist()
    if rows is None:
        assert [str(value) for value in found[0].values()] == ["2020-01-02", "P1D", "AB"]
    else:
        assert found == rows


def test_what_does_more_is_refused(store: Neo4jStore) -> None:
    for text in ("CALL db.labels() YIELD label RETURN label", "LOAD CSV FROM 'file:///x' AS r RETURN r", "CREATE (n)"):
        with pytest.raises(QueryError, match="more than read"):
            store.ask(text)
    with pytest.raises(StoreError, match="Invalid input"):
        store.ask("MATCH (c RETURN c")
    assert store.ask("MATCH (c:Company) RETURN count(c) AS n").to_pylist() == [{"n": 3}]


def test_it_ends_when_its_time_is_up(store: Neo4jStore) -> None:
    with pytest.raises(StoreError, match=r"did not answer within 0\.3 s"):
        store.ask("UNWIND range(1, 100000000) AS x WITH x WHERE x % 7 = 8 RETURN sum(x) AS s", timeout=0.3)


def test_rows_that_are_more_than_the_memory_holds(store: Neo4jStore) -> None:
    with pytest.raises(StoreError, match="the query needs more memory than the 2 MB that it may take"):
        store.ask("UNWIND range(1, 1000000) AS x RETURN x", memory=2_000_000)
    assert store.ask("RETURN 1 AS n").to_pylist() == [{"n": 1}]


def test_from_the_command_line(store: Neo4jStore, tmp_path: Path) -> None:
    text = "MATCH (c:Company) WITH c ORDER BY c.id RETURN collect(c.id) AS ids, $x AS x"
    done = CliRunner().invoke(app, ["query", text, "--param", "x=2", "--format", "json", "--store", store.url])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == [{"ids": ["c0", "c1", "c2"], "x": 2}]
    file = tmp_path / "graph.duckdb"
    assert "there is no store" in str(CliRunner().invoke(app, ["query", text, "--store", str(file)]).exception)
