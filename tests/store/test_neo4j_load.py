"""Loading a database: only an empty one or our own, whole or not at all, and the same graph whatever came before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import neo4j
import pytest
from graphs import Link, Node, dataset, graph
from neo4j_server import Server
from proxy import Proxy
from stores import empty

from ecosystem.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.model import load_model
from ecosystem.query import parse
from ecosystem.store import GraphStore, open_store
from ecosystem.store.neo4j import load
from ecosystem.store.neo4j.address import parse_address

pytestmark = pytest.mark.long

COMPANIES = 300


def invented(name: str = "first", companies: int = COMPANIES, patents: int = 1) -> Dataset:
    """Companies, each of which enables the next and has a partner, and all of which lie in a city."""
    ids = [f"k{place:04}" for place in range(companies)]
    nodes = [Node(each, "Company", {"name": each, "patents": patents}) for each in ids]
    links = [Link(f"l{each}", "LOCATED_IN", each, "c1") for each in ids]
    links += [Link(f"e{a}", "ENABLES", a, b, {"year": 2020}) for a, b in pairwise(ids)]
    links += [Link(f"x{a}", "COLLABORATES_WITH", a, a) for a in ids]
    return replace(dataset(graph(nodes, links), name=name), hash=f"{name}-{companies}-{patents}")


@pytest.fixture
def store(server: Server) -> Iterator[GraphStore]:
    store = open_store(server.url, create=True)
    yield store
    store.close()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH_ROWS", 40)


def everything(ask: Callable[..., list[neo4j.Record]]) -> tuple[list[list[Any]], list[list[Any]]]:
    """All nodes and links of the database but the marker, as they lie there."""
    nodes = ask("MATCH (n) WHERE NOT n:_Ecosystem RETURN labels(n) AS l, properties(n) AS p ORDER BY n.id")
    links = ask("MATCH (a)-[t]->(b) RETURN a.id AS a, type(t) AS k, properties(t) AS p, b.id AS b ORDER BY t.id")
    return [node.values() for node in nodes], [link.values() for link in links]


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(StoreError) as caught:
        action()
    return str(caught.value)


class Stop:
    """Stops a load after so many batches; what it compares before it writes is not counted."""

    def __init__(self, batches: int) -> None:
        self.left = batches

    def __call__(self, what: str, done: int, total: int | None) -> None:
        self.left -= what != "compare"
        if self.left < 0:
            raise KeyboardInterrupt


@pytest.mark.usefixtures("bare")
def test_what_lies_there(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    source = invented()
    store.load(source)
    nodes, links = everything(ask)
    assert len(nodes) == sum(table.num_rows for table in source.nodes.values())
    assert len(links) == sum(table.num_rows for table in source.links.values())
    assert [["Company"], {"id": "k0007", "name": "k0007", "patents": 1, "in_sample": True}] in nodes
    assert ["k0000", "ENABLES", {"id": "ek0000", "year": 2020}, "k0001"] in links
    assert ["c1", "WITHIN", {"id": "within:c1>p1"}, "p1"] in links
    constraints = ask("SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes[0] AS l, properties AS p")
    assert {"Company", "Person", "Region", "_Ecosystem"} <= {row["l"] for row in constraints}
    assert all(row["p"] == ["id"] for row in constraints)


def test_progress_is_of_all_rows(store: GraphStore, small_batches: None) -> None:
    source = invented()
    told: list[tuple[str, int, int | None]] = []
    store.load(source, progress=lambda *said: told.append(said))
    total = sum(table.num_rows for table in (*source.nodes.values(), *source.links.values()))
    assert {what for what, _, _ in told} == {"load"}
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert told[-1][1:] == (total, total)
    assert len(told) > 20


def test_the_same_again_is_the_same_and_mends_what_was_changed(
    store: GraphStore, ask: Callable[..., list[neo4j.Record]]
) -> None:
    store.load(invented())
    before = everything(ask)
    ask("MATCH (c:Company {id: 'k0003'}) SET c.patents = 99")
    ask("MATCH (c:Company {id: 'k0004'}) DETACH DELETE c")
    ask("MATCH ()-[t:ENABLES {id: 'ek0007'}]->() DELETE t")
    ask("MATCH ()-[t:ENABLES {id: 'ek0008'}]->() SET t.year = 1")
    store.load(invented())
    assert everything(ask) == before


def test_what_somebody_took_away_since_is_counted(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    store.load(invented())
    ask("MATCH (c:Company {id: 'k0004'}) DETACH DELETE c")
    assert store.schema.counts["Company"] == COMPANIES
    assert store.count()["Company"] == COMPANIES - 1


def test_another_dataset_is_refused_until_it_may_replace(
    store: GraphStore, ask: Callable[..., list[neo4j.Record]], small_batches: None
) -> None:
    store.load(invented())
    before = everything(ask)
    told = refusal(lambda: store.load(invented("second", 20, 7)))
    assert "holds another dataset, first (first-300-1), not second (second-20-7)" in told
    assert "--replace" in told
    assert everything(ask) == before
    store.load(invented("second", 20, 7), replace=True)
    assert store.dataset.name == "second"
    assert store.query(parse("MATCH (c:Company) RETURN count(c) AS n, sum(c.patents) AS p")).read_all().to_pylist() == [
        {"n": 20, "p": 140}
    ]
    assert ask("MATCH (n) RETURN count(n) AS n")[0]["n"] == 20 + 8 + 1


@pytest.mark.parametrize("batches", [0, 1, 9, 18, 25])
def test_a_load_that_dies_is_resumed(
    store: GraphStore, server: Server, ask: Callable[..., list[neo4j.Record]], small_batches: None, batches: int
) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.load(invented(), progress=Stop(batches))
    told = refusal(lambda: open_store(server.url))
    assert f"the load of first into {server.url} has not finished" in told
    assert "ecosystem load DIR" in told
    assert "has not finished" in refusal(lambda: store.query(parse("MATCH (c:Company) RETURN c.id AS id")))
    assert "holds another dataset" in refusal(lambda: store.load(invented("second")))
    store.load(invented())
    resumed = everything(ask)
    empty(server)
    store.load(invented())
    assert everything(ask) == resumed


@pytest.mark.parametrize("batches", [0, 5, 15])
def test_a_replacement_that_dies_is_resumed(
    store: GraphStore, server: Server, ask: Callable[..., list[neo4j.Record]], small_batches: None, batches: int
) -> None:
    store.load(invented())
    with pytest.raises(KeyboardInterrupt):
        store.load(invented("second", 50), replace=True, progress=Stop(batches))
    assert "the load of second" in refusal(lambda: open_store(server.url))
    store.load(invented("second", 50))
    replaced = everything(ask)
    empty(server)
    store.load(invented("second", 50))
    assert everything(ask) == replaced


def test_a_connection_lost_while_loading(
    server: Server, ask: Callable[..., list[neo4j.Record]], small_batches: None
) -> None:
    address = parse_address(server.url)
    way = Proxy(address.host, address.port)
    store = open_store(f"bolt://127.0.0.1:{way.port}", create=True)

    def cut(what: str, done: int, total: int | None) -> None:
        if done > COMPANIES:
            way.cut()

    told = refusal(lambda: store.load(invented(), progress=cut))
    assert "nothing listens" in told or "was lost" in told
    store.close()
    direct = open_store(server.url, create=True)
    direct.load(invented())
    assert len(everything(ask)[0]) == COMPANIES + 8
    direct.close()


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("replace", [False, True])
def test_somebody_elses_database_is_left_as_it_is(
    store: GraphStore, server: Server, ask: Callable[..., list[neo4j.Record]], replace: bool
) -> None:
    ask("CREATE (:Person {name: 'a'})-[:KNOWS]->(:Person {name: 'b'}), ({nameless: true})")
    ask("CREATE (:Movie)")
    before = everything(ask)
    told = refusal(lambda: store.load(invented(), replace=replace))
    assert "is not empty, and no store of this program" in told
    assert all(part in told for part in ("Person 2", "Movie 1", "KNOWS 1", "nodes without a label 1"))
    assert everything(ask) == before
    assert ask("SHOW CONSTRAINTS YIELD name") == []
    assert "there is no dataset in" in refusal(lambda: open_store(server.url))


def test_what_others_added_is_not_taken_away(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    store.load(invented())
    ask("MATCH (c:Company {id: 'k0001'}) CREATE (c)<-[:ABOUT]-(:Note {text: 'ours'})")
    store.load(invented())
    before = everything(ask)
    told = refusal(lambda: store.load(invented("second", 1), replace=True))
    assert "would lose what somebody else's data hangs on: Company k0001 has 1 ABOUT of Note" in told
    assert everything(ask) == before
    assert store.dataset.name == "first"
    store.load(invented("second", 2), replace=True)
    assert ask("MATCH (:Note)-[:ABOUT]->(c:Company) RETURN c.id AS id")[0]["id"] == "k0001"
    assert ask("MATCH (c:Company) RETURN count(c) AS n")[0]["n"] == 2


def test_more_than_was_loaded_is_told(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    store.load(invented())
    ask("CREATE (:Company {id: 'another'})")
    told = refusal(lambda: store.load(invented()))
    assert "does not hold what was loaded: Company 301 instead of 300" in told
    store.load(invented(), replace=True)
    assert ask("MATCH (c:Company) RETURN count(c) AS n")[0]["n"] == COMPANIES


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("SET m.schema = 'no json'", "the mark of"),
        ("REMOVE m.schema", "the mark of"),
        ("SET m.format = 2", "written by another version (format 2, not 1)"),
        ("SET m.model_hash = 'x'", "was made with another model"),
        ("REMOVE m.model_hash", "was made with another model"),
        ("SET m.state = 'loading'", "has not finished"),
    ],
)
def test_a_marker_that_says_something_else(
    store: GraphStore, server: Server, ask: Callable[..., list[neo4j.Record]], change: str, part: str
) -> None:
    store.load(invented(companies=3))
    ask(f"MATCH (m:_Ecosystem) {change}")
    assert part in refusal(lambda: open_store(server.url))


def test_a_graph_of_another_model_is_replaced(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    store.load(invented(companies=3))
    ask("MATCH (m:_Ecosystem) SET m.model_hash = 'x'")
    assert "--replace" in refusal(lambda: store.load(invented(companies=3)))
    store.load(invented(companies=3), replace=True)
    assert store.dataset.model_version == 1


def test_the_marker_is_plain_to_read(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    store.load(invented(companies=3))
    (marker,) = ask("MATCH (m:_Ecosystem) RETURN m {.*, schema: null} AS m, m.schema AS schema")
    assert marker["m"].pop("load")
    assert marker["m"] == {
        "id": "dataset", "name": "first", "hash": "first-3-1", "latest": "first-3-1", "model_version": 1,
        "model_hash": load_model().hash, "format": 1, "state": "ready", "schema": None,
    }  # fmt: skip
    assert json.loads(marker["schema"])["counts"]["Company"] == 3


@pytest.mark.usefixtures("little_memory")
def test_batches_shrink_to_what_the_server_can_hold(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    nodes = [Node(f"g{place:05}", "Segment", {"name": "x" * 14_000}) for place in range(3_000)]
    steps: list[int] = []
    store.load(dataset(graph(nodes, [])), progress=lambda what, done, total: steps.append(done))
    sizes = [after - before for before, after in pairwise(steps)]
    assert 1 < max(sizes) < 3_000
    assert ask("MATCH (s:Segment) RETURN count(s) AS n, sum(size(s.name)) AS size")[0].values() == [3_000, 42_000_000]


@pytest.mark.usefixtures("little_memory")
def test_a_row_that_the_server_cannot_hold(store: GraphStore) -> None:
    huge = Node("g1", "Segment", {"name": "x" * 40_000_000})
    told = refusal(lambda: store.load(dataset(graph([huge], []))))
    assert "has not memory enough for a single row of Segment" in told
    assert "dbms.memory.transaction.total.max" in told


def test_an_id_that_no_index_takes(store: GraphStore) -> None:
    told = refusal(lambda: store.load(dataset(graph([Node("g" * 50_000, "Segment")], []))))
    assert "refused a query" in told
    assert len(told) < 1_000
