"""Queries like those on which openCypher's conformance suite found the embedded engine to fail; rows are Neo4j's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from graphs import Link, Node, dataset, graph

from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_check import check_statement
from ecosystem.store import GraphStore, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("conformance") / "graph.duckdb", create=True)
    companies = [Node("a", "Company", {"name": "a"}), Node("b", "Company", {"name": "b"}), Node("c", "Company")]
    store.load(dataset(graph(companies, [Link("ab", "ENABLES", "a", "b"), Link("bc", "ENABLES", "b", "c")])))
    yield store
    store.close()


def rows(store: GraphStore, text: str) -> list[tuple[object, ...]]:
    statement = parse_statement(text)
    assert check_statement(statement, store.schema) == ()
    return [tuple(row.values()) for row in store.query(statement).read_all().to_pylist()]


def test_xor_of_null_is_null(store: GraphStore) -> None:
    text = (
        "RETURN true XOR true AS a, true XOR false AS b, false XOR false AS c, null XOR true AS d, false XOR null AS e"
    )
    assert rows(store, text) == [(False, True, False, None, None)]
    assert rows(store, "RETURN true OR true XOR true AS a, (true OR true) XOR true AS b") == [(True, False)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MATCH (p)-[:ENABLES]-() MATCH p = ()-[:ENABLES]-() RETURN p", "path_bound_twice"),
        ("MATCH p = (p)-[:ENABLES]-() RETURN p", "path_bound_twice"),
        ("MATCH p = ()-[:ENABLES]-(), p = ()-[:WITHIN]-() RETURN p", "path_bound_twice"),
        ("MATCH p = ()-[p:ENABLES]-() RETURN p", "path_bound_twice"),
        ("MATCH r = ()-[:ENABLES]-() MATCH ()-[r:ENABLES*]-() RETURN r", "path_bound_twice"),
        ("WITH 123 AS p MATCH p = ()-[:ENABLES]-() RETURN p", "path_bound_twice"),
        ("MATCH (c:Company) RETURN [x IN [1, 2] | count(*)] AS n", "aggregate_in_loop"),
        ("MATCH (c:Company) RETURN reduce(n = 0, x IN [1, 2] | n + count(c)) AS n", "aggregate_in_loop"),
        ("MATCH () RETURN *", "nothing_returned"),
    ],
)
def test_what_the_suite_says_is_an_error_is_refused(store: GraphStore, text: str, code: str) -> None:
    faults = check_statement(parse_statement(text), store.schema)
    assert {fault.code for fault in faults} == {code}
    assert all(fault.row == 1 for fault in faults)


def test_a_loop_over_what_is_aggregated_is_none_of_aggregates(store: GraphStore) -> None:
    assert rows(store, "MATCH (c:Company) RETURN [x IN collect(c.name) WHERE x = 'a'] AS n") == [(["a"],)]


@pytest.mark.parametrize(("kind", "found"), [("all", True), ("any", False), ("none", True), ("single", False)])
def test_a_field_of_nothing_is_null(store: GraphStore, kind: str, found: bool) -> None:
    assert rows(store, f"RETURN {kind}(x IN [] WHERE x.a = 2) AS found") == [(found,)]
