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
