"""Random queries on random graphs: the SQL says what nested loops say, of the values and of the evidence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from brute import Brute, TooManyMatches, name_of
from graphs import Graph, Link, Node, dataset
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from queries import PARAMETERS, TYPES_OF_PARAMETERS, queries, random_graph

from ecosystem.model import load_model
from ecosystem.query import Query, Schema, bind_query, check
from ecosystem.query.printer import to_cypher
from ecosystem.query.provenance import evidence
from ecosystem.query.tree import LinkPattern, NodePattern, Variable
from ecosystem.store import GraphStore, open_store

GRAPHS = 8
STRICT = settings(
    max_examples=120,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@dataclass(frozen=True)
class Case:
    """A graph in a store and in lists; an entity's place in its list is its key in the store."""

    graph: Graph
    store: GraphStore

    def rows(self, query: Query) -> list[tuple[object, ...]]:
        """What the engine says, with ids in place of the keys of nodes and links."""
        table = self.store.query(query, PARAMETERS).read_all()
        links = {link.variable for match in query.matches for link in match.links()}
        columns = []
        for item, column in zip(query.items, table.columns, strict=True):
            values = column.to_pylist()
            if isinstance(item.expression, Variable):
                entities: Sequence[Node | Link] = (
                    self.graph.links if item.expression.name in links else self.graph.nodes
                )
                values = [entities[key].id for key in values]
            columns.append(values)
        return list(zip(*columns, strict=True))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Case]]:
    folder = tmp_path_factory.mktemp("graphs")
    found = []
    for seed in range(GRAPHS):
        graph = random_graph(seed)
        store = open_store(folder / f"{seed}.duckdb", create=True)
        store.load(dataset(graph))
        found.append(Case(graph, store))
    yield found
    for case in found:
        case.store.close()


def comparable(row: Sequence[object]) -> tuple[object, ...]:
    """A row whose floats are cut to 11 digits, an entity as its id, and not-a-number and infinity each one thing."""
    return tuple(_comparable(value) for value in row)


def _comparable(value: object) -> object:
    if isinstance(value, Node | Link):
        return value.id
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = float(value)
    return str(number) if not math.isfinite(number) else float(f"{number:.11g}") + 0.0


def entities(query: Query, brute: Brute) -> Counter[tuple[object, ...]]:
    """The nodes, then the links of every match, each in the order in which the text has them."""
    patterns = [each for match in query.matches for path in match.paths for each in (*path.nodes, *path.links)]
    names = [
        *dict.fromkeys(name_of(each) for each in patterns if isinstance(each, NodePattern)),
        *dict.fromkeys(name_of(each) for each in patterns if isinstance(each, LinkPattern)),
    ]
    return Counter(tuple(env[name].id for name in names) for env in brute.matches(query.matches, {}))


@STRICT
@given(data=st.data(), number=st.integers(0, GRAPHS - 1))
def test_sql_equals_nested_loops(cases: list[Case], data: st.DataObject, number: int) -> None:
    case = cases[number]
    query = data.draw(queries(Schema(load_model()) if number % 2 else case.store.schema))
    faults = check(query, case.store.schema, TYPES_OF_PARAMETERS)
    assume(all(fault.code == "shared_place" for fault in faults))
    brute = Brute(case.graph, PARAMETERS)
    told = to_cypher(query)
    try:
        expected = Counter(map(comparable, brute.rows(query)))
    except TooManyMatches:
        reject()

    assert Counter(map(comparable, case.rows(query))) == expected, told

    behind = evidence(bind_query(query, case.store.schema, TYPES_OF_PARAMETERS)).query
    rows = Counter(map(comparable, case.rows(behind)))
    assert rows == Counter(map(comparable, brute.rows(behind))), told
    first = next(i for i, item in enumerate(behind.items) if item.alias.startswith("node_"))
    assert Counter(row[first:] for row in rows.elements()) == entities(query, brute), told
