"""Paths of several links: against what Neo4j 5.26 gave for the golden dataset, and against a search by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graphs import Link, Node, dataset, graph
from stores import empty_store

from ecosystem.dataset import read_dataset
from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_check import check_statement
from ecosystem.store import GraphStore, open_store

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
# the rows that Neo4j Community 5.26.30 gave; a node or link as its id, a path as the ids along it
ANSWERS = json.loads((HERE / "paths.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = empty_store(request.param, request, tmp_path_factory.mktemp("paths"))
    store.load(read_dataset(HERE.parent / "golden" / "dataset").dataset)
    yield store
    store.close()


def in_any_order(row: list[Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["query"] for answer in ANSWERS])
def test_the_answer_is_that_of_neo4j(store: GraphStore, answer: dict[str, Any]) -> None:
    statement = parse_statement(answer["query"])
    assert check_statement(statement, store.schema) == ()
    table = store.query(statement).read_all()
    assert table.column_names == answer["columns"]
    rows = [list(row.values()) for row in table.to_pylist()]
    assert sorted(rows, key=in_any_order) == sorted(answer["rows"], key=in_any_order)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            "MATCH p = shortestPath((a:Company)-[:ENABLES*]-(b:Company)) WHERE length(p) > 1 RETURN p",
            "part of the search",
        ),
        (
            "MATCH shortestPath((a:Company)-[t:ENABLES*]-(b:Company)) WHERE all(x IN t WHERE x.year > 1) RETURN t",
            "part of the search",
        ),
        ("MATCH p = shortestPath((a:Company)-[:ENABLES*2..]->(b:Company)) RETURN p", "no least length but 0 or 1"),
        ("MATCH p = shortestPath((a:Company)-[:ENABLES* {year: 2020}]-(b:Company)) RETURN p", "take no properties"),
    ],
)
def test_what_a_search_cannot_take_is_refused_with_the_next_step(store: GraphStore, text: str, part: str) -> None:
    (finding,) = check_statement(parse_statement(text), store.schema)
    assert part in finding.message
    assert finding.hint
    assert "WITH p" in finding.hint


def test_a_map_may_hold_nodes_and_paths(store: GraphStore) -> None:
    statement = parse_statement(
        "MATCH p = (a:Company {id: 'c01'})-[:ENABLES*1..1]->(b {id: 'c02'}) RETURN {p: p, b: b} AS m"
    )
    (row,) = store.query(statement).read_all().to_pylist()
    assert row == {"m": {"p": ["c01", "e05", "c02"], "b": "c02"}}


Edges = list[tuple[str, str, str]]


def drawn(seed: int) -> Edges:
    """Up to nine links among five companies, loops and parallel ones among them."""
    draw = np.random.default_rng(seed)
    return [(f"e{n}", f"k{draw.integers(5)}", f"k{draw.integers(5)}") for n in range(draw.integers(3, 10))]


def steps(edges: Edges, node: str, direction: str) -> Iterator[tuple[str, str]]:
    for edge, source, target in edges:
        if direction != "in" and source == node:
            yield edge, target
        if direction != "out" and target == node and not (direction == "both" and source == target):
            yield edge, source


def walks(edges: Edges, start: str, direction: str, least: int, most: int) -> Iterator[list[str]]:
    """Every walk that passes no link twice, depth first: the ids along it."""
    pending = [[start]]
    while pending:
        way = pending.pop()
        length = len(way) // 2
        if length >= least:
            yield way
        if length < most:
            pending += [[*way, *step] for step in steps(edges, way[-1], direction) if step[0] not in way[1::2]]


@pytest.fixture(scope="module", params=range(6))
def random_graph(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    edges = drawn(request.param)
    links = [Link(edge, "ENABLES", source, target) for edge, source, target in edges]
    store = open_store(tmp_path_factory.mktemp("random") / "graph.duckdb", create=True)
    store.load(dataset(graph([Node(f"k{n}", "Company") for n in range(5)], links)))
    yield store, edges
    store.close()


def paths(store: GraphStore, text: str) -> list[list[str]]:
    statement = parse_statement(text)
    assert check_statement(statement, store.schema) == ()
    return sorted(row["p"] for row in store.query(statement).read_all().to_pylist())


ARROWS = {"out": ("-", "->"), "in": ("<-", "-"), "both": ("-", "-")}
NODES = [f"k{n}" for n in range(5)]


@pytest.mark.parametrize("direction", ARROWS)
@pytest.mark.parametrize(("least", "most"), [(1, 3), (0, 2), (2, 2), (1, None)])
def test_walks_are_those_of_a_search_by_hand(random_graph: Any, direction: str, least: int, most: int | None) -> None:
    store, edges = random_graph
    left, right = ARROWS[direction]
    text = f"MATCH p = (a:Company){left}[:ENABLES*{least}..{most or ''}]{right}(b:Company) RETURN p"
    found = [way for node in NODES for way in walks(edges, node, direction, least, most or len(edges))]
    assert paths(store, text) == sorted(found)
    closed = f"MATCH p = (a:Company){left}[:ENABLES*{least}..{most or ''}]{right}(a) RETURN p"
    assert paths(store, closed) == sorted(way for way in found if way[0] == way[-1])


@pytest.mark.parametrize("direction", ARROWS)
def test_shortest_paths_are_the_shortest_of_all_walks(random_graph: Any, direction: str) -> None:
    store, edges = random_graph
    left, right = ARROWS[direction]
    every: list[list[str]] = []
    for node in NODES:
        ways = [way for way in walks(edges, node, direction, 1, len(edges)) if way[-1] != node]
        nearest = {end: min(len(way) for way in ways if way[-1] == end) for end in {way[-1] for way in ways}}
        every += [way for way in ways if len(way) == nearest[way[-1]]]
    pattern = f"((a:Company){left}[:ENABLES*]{right}(b:Company)) WHERE a <> b RETURN p"
    assert paths(store, f"MATCH p = allShortestPaths{pattern}") == sorted(every)
    ones = paths(store, f"MATCH p = shortestPath{pattern}")
    assert sorted((way[0], way[-1]) for way in ones) == sorted({(way[0], way[-1]) for way in every})
    assert all(way in every for way in ones)
