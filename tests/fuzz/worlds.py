"""Random small graphs as the fuzzer wants them, in lists and in an embedded store."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from graphs import Graph, Link, Node, Value, dataset, graph
from queries import random_graph

from ecosystem.query import Query
from ecosystem.query.statement_tree import AnyQuery
from ecosystem.query.tree import Variable
from ecosystem.store import GraphStore, open_store

Row = tuple[object, ...]

_DATES = (date(2020, 12, 31), date(2021, 1, 1), None)


def world(seed: int) -> Graph:
    """A graph with nulls, missing properties, nodes in no region, and always a self link and parallel links."""
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    base = random_graph(seed)
    nodes = [node for node in base.nodes if node.kind != "Region"]
    links = [link for link in base.links if link.kind != "WITHIN"]
    more = [_further(rng, label, number) for label in ("Institute", "Conference", "Park") for number in range(2)]
    organisations = [node.id for node in (*nodes, *more) if node.kind in ("Company", "University", "Institute")]
    people = [node.id for node in nodes if node.kind == "Person"]
    alone = rng.choice(organisations)
    pair = rng.choice(organisations), rng.choice(organisations)
    links += [_link(rng, "ENABLES", "self", alone, alone), _link(rng, "COLLABORATES_WITH", "self", alone, alone)]
    links += [_link(rng, "ENABLES", f"parallel{number}", *pair) for number in range(2)]
    for person in people:
        links.append(_link(rng, "WORKED_AT", f"of-{person}", person, rng.choice(organisations)))
    places = ("p1", "p2", "c1", "c2", "s1")
    links += [Link(f"at-{node.id}", "LOCATED_IN", node.id, rng.choice(places)) for node in more if rng.random() < 0.7]
    return graph([*nodes, *more], links)


def _further(rng: random.Random, label: str, number: int) -> Node:
    properties: dict[str, Value] = {"name": rng.choice(("a", "北京", None)), "in_sample": rng.random() < 0.7}
    if label == "Institute":
        properties |= {"patents": rng.choice((0, 3, None)), "papers_intl": rng.choice((1, None))}
    if label == "Conference":
        properties |= {"year": rng.choice((2020, 2021, None)), "date": rng.choice(_DATES)}
    if label == "Park":
        properties |= {"ai_company_share": rng.choice((0.1, 0.7, None))}
    return Node(f"{label.lower()}{number}", label, properties)


def _link(rng: random.Random, kind: str, number: str, source: str, target: str) -> Link:
    return Link(f"{kind}-{number}", kind, source, target, {"year": rng.choice((2019, 2020, 2021, None))})


@dataclass(frozen=True)
class Embedded:
    """A graph in an embedded store; an entity's place in its list is its key there."""

    graph: Graph
    store: GraphStore

    def rows(self, query: AnyQuery, parameters: dict[str, object]) -> list[Row]:
        """The rows, with an id for each whole node or link. Raises StoreError."""
        table = self.store.query(query, parameters).read_all()
        columns = [column.to_pylist() for column in table.columns]
        if isinstance(query, Query):
            links = {link.variable for match in query.matches for link in match.links()}
            for number, item in enumerate(query.items):
                if isinstance(item.expression, Variable):
                    known = self.graph.links if item.expression.name in links else self.graph.nodes
                    columns[number] = _ids(known, columns[number])
        return list(zip(*columns, strict=True))


def _ids(known: Sequence[Node | Link], keys: list[int]) -> list[str]:
    return [known[key].id for key in keys]


@contextmanager
def embedded(graph: Graph) -> Iterator[Embedded]:
    """The graph loaded into a store of its own, which is gone afterwards."""
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "graph.duckdb", create=True)
        try:
            store.load(dataset(graph))
            yield Embedded(graph, store)
        finally:
            store.close()
