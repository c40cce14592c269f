"""A later dataset on a graph that lasts: by update or replacement the same as a fresh load, and nobody else's loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import neo4j
import pytest
from graphs import Graph, Link, Node, dataset, graph
from neo4j_server import Server

from ecosystem.dataset import Dataset
from ecosystem.errors import StoreError, UsageError
from ecosystem.query import parse
from ecosystem.store import open_store
from ecosystem.store.neo4j.store import Neo4jStore

Ask = Callable[..., list[neo4j.Record]]


def named(source: Graph, name: str) -> Dataset:
    return replace(dataset(source, name=name), hash=name * 8)


FIRST = graph(
    [
        Node("k1", "Company", {"name": "one", "patents": 1, "layer": "foundation", "founded": 1999}),
        Node("k2", "Company", {"name": "two", "patents": 2, "layer": "technology"}),
        Node("k3", "Company", {"name": "three", "patents": None, "layer": "application"}),
        Node("b1", "Investor", {"name": "bank"}),
        Node("u1", "University", {"name": "school", "patents": 5}),
    ],
    [
        Link("l1", "LOCATED_IN", "k1", "c1"),
        Link("l2", "LOCATED_IN", "k2", "c1"),
        Link("e1", "ENABLES", "k1", "k2", {"year": 2020, "weight": 0.5}),
        Link("e2", "ENABLES", "k2", "k3", {"year": 2021}),
        Link("i1", "INVESTED_IN", "b1", "k1", {"amount_cny_m": 1.5}),
        Link("x1", "COLLABORATES_WITH", "u1", "k1"),
    ],
)
"""Three companies, an investor and a university; `founded` and `weight` are columns that the model does not know."""

SECOND = graph(
    [
        Node("k1", "Company", {"name": "one & only", "patents": 1, "layer": "foundation"}),  # another name, no year
        Node("k2", "Company", {"name": "two", "patents": None, "layer": "technology"}),  # a blank
        Node("k4", "Company", {"name": "four", "patents": 4, "layer": "application"}),  # a new one, for k3
        Node("b1", "Company", {"name": "bank", "layer": "application"}),  # of another label
        Node("u1", "University", {"name": "school", "patents": 5}),
    ],
    [
        Link("l1", "LOCATED_IN", "k1", "c2"),  # moved, by the same link
        Link("l9", "LOCATED_IN", "k2", "c2"),  # moved, by another link
        Link("e1", "ENABLES", "k1", "k2", {"year": 2022}),  # another year, no weight
        Link("e3", "ENABLES", "k4", "k1", {"year": 2022}),
        Link("i1", "INVESTED_IN", "b1", "k1", {"amount_cny_m": 1.5}),  # its end is of another label
    ],
)
"""A later state of the same: k3, e2 and x1 are gone."""

KEPT = graph(
    [*(node for node in SECOND.nodes if node.kind != "Region"), next(n for n in FIRST.nodes if n.id == "k3")],
    [
        *(link for link in SECOND.links if link.kind != "WITHIN"),
        *(link for link in FIRST.links if link.id in {"e2", "x1"}),
    ],
)
"""What an update leaves: the second, and of the first what the second does not have and does not contradict."""


@pytest.fixture
def store(server: Server) -> Iterator[Neo4jStore]:
    store = open_store(server.url, create=True)
    assert isinstance(store, Neo4jStore)
    store.load(named(FIRST, "first"))
    yield store
    store.close()


def lies_there(ask: Ask) -> tuple[list[object], list[object]]:
    nodes = ask("MATCH (n) WHERE NOT n:_Ecosystem RETURN labels(n) AS l, properties(n) AS p ORDER BY n.id")
    links = ask("MATCH (a)-[t]->(b) RETURN a.id AS a, type(t) AS k, properties(t) AS p, b.id AS b ORDER BY t.id, a, b")
    return [node.values() for node in nodes], [link.values() for link in links]


def expected(source: Graph) -> tuple[list[object], list[object]]:
    """What a fresh load leaves, from the graph as it was written down."""

    def values(entity: Node | Link) -> dict[str, object]:
        return {name: value for name, value in {**entity.properties, "id": entity.id}.items() if value is not None}

    nodes = sorted(source.nodes, key=lambda node: node.id)
    links = sorted(source.links, key=lambda link: link.id)
    return [[[node.kind], values(node)] for node in nodes], [
        [link.source, link.kind, values(link), link.target] for link in links
    ]


def test_a_replacement_is_a_fresh_load(store: Neo4jStore, ask: Ask) -> None:
    assert lies_there(ask) == expected(FIRST)
    store.load(named(SECOND, "second"), replace=True)
    assert lies_there(ask) == expected(SECOND)
    assert store.dataset.hash == "second" * 8
    assert store.schema.counts["Company"] == 4
    assert "founded" not in store.schema.nodes["Company"]
    store.load(named(FIRST, "first"), replace=True)
    assert lies_there(ask) == expected(FIRST)


def test_an_update_adds_and_changes_and_leaves_the_rest(store: Neo4jStore, ask: Ask) -> None:
    store.load(named(SECOND, "second"), update=True)
    assert lies_there(ask) == expected(KEPT)
    assert store.dataset.name == "second"
    assert store.schema.counts["Company"] == 5
    assert store.count() == {name: count for name, count in store.schema.counts.items() if count}
    hashed = store.dataset.hash
    assert hashed not in {"first" * 8, "second" * 8}
    for update in (False, True):
        store.load(named(SECOND, "second"), update=update)
        assert lies_there(ask) == expected(KEPT)
        assert store.dataset.hash == hashed
    moved = store.query(parse("MATCH (k:Company)-[:LOCATED_IN]->(r:Region) RETURN k.id AS k, r.id AS r")).read_all()
    assert sorted(map(tuple, (row.values() for row in moved.to_pylist()))) == [("k1", "c2"), ("k2", "c2")]


def test_an_update_that_has_all_of_it_is_a_fresh_load(store: Neo4jStore, ask: Ask) -> None:
    store.load(named(KEPT, "third"), update=True)
    assert lies_there(ask) == expected(KEPT)
    assert store.dataset.hash == "third" * 8


def test_a_hierarchy_that_changed(store: Neo4jStore, ask: Ask) -> None:
    within = [link for link in FIRST.links if link.kind == "WITHIN" and link.id != "within:c1>group:g"]
    later = replace(FIRST, links=(*within, *(link for link in FIRST.links if link.kind != "WITHIN")))
    store.load(named(later, "later"), update=True)
    assert lies_there(ask) == expected(later)


def test_a_dry_run_says_what_the_load_then_does(store: Neo4jStore, ask: Ask) -> None:
    before = lies_there(ask)
    told = store.changes(named(SECOND, "second"), replace=True)
    assert not told.none
    assert not told.refused
    said = {each.name: (each.added, each.changed, each.removed, each.kept, each.same) for each in told.changes}
    assert said["Company"] == (2, 2, 1, 0, 0)
    assert said["Investor"] == (0, 0, 1, 0, 0)
    assert said["University"] == (0, 0, 0, 0, 1)
    assert said["LOCATED_IN"] == (2, 0, 2, 0, 0)
    assert said["ENABLES"] == (1, 1, 1, 0, 0)
    assert said["INVESTED_IN"] == (1, 0, 1, 0, 0)
    assert said["COLLABORATES_WITH"] == (0, 0, 1, 0, 0)
    (company,) = (each for each in told.changes if each.name == "Company")
    assert set(company.examples) == {"k1", "k2", "k3", "k4", "b1"}
    updated = {each.name: each for each in store.changes(named(SECOND, "second"), update=True).changes}
    assert (updated["Company"].kept, updated["Company"].removed) == (1, 0)
    assert lies_there(ask) == before
    assert store.dataset.name == "first"
    store.load(named(SECOND, "second"), replace=True)
    assert store.changes(named(SECOND, "second")).none


def test_what_others_hung_on_a_node_that_goes_is_named(store: Neo4jStore, ask: Ask) -> None:
    ask("MATCH (c:Company {id: 'k3'}) CREATE (c)<-[:ABOUT]-(:Note {text: 'theirs'}), (c)-[:OWNS]->({nameless: true})")
    ask("MATCH (c:Company {id: 'k2'}) CREATE (c)<-[:ABOUT]-(:Note {text: 'of what stays'})")
    before = lies_there(ask)
    told = store.changes(named(SECOND, "second"), replace=True).refused
    assert told == ("Company k3 (three) has 1 ABOUT of Note", "Company k3 (three) has 1 OWNS of a node without a label")
    with pytest.raises(StoreError) as caught:
        store.load(named(SECOND, "second"), replace=True)
    assert "would lose what somebody else's data hangs on: Company k3 (three) has 1 ABOUT of Note" in str(caught.value)
    assert lies_there(ask) == before
    assert store.dataset.name == "first"
    ask("MATCH (:Company {id: 'k3'})-[t:ABOUT|OWNS]-() DELETE t")
    store.load(named(SECOND, "second"), replace=True)
    assert ask("MATCH (n:Note)-[:ABOUT]->(c) RETURN c.id AS id")[0]["id"] == "k2"


def test_links_of_ours_with_an_end_of_theirs_and_two_labels(store: Neo4jStore, ask: Ask) -> None:
    ask("MATCH (c:Company {id: 'k1'}) CREATE (c)-[:ENABLES]->(:Robot {id: 'r1'})")
    ask("MATCH (c:Company {id: 'k3'}) SET c:Investor")
    with pytest.raises(StoreError) as caught:
        store.load(named(SECOND, "second"), replace=True)
    assert "ENABLES from Company k1 to Robot r1" in str(caught.value)
    assert "Company k3 (three) has several labels: Company, Investor" in str(caught.value)
    assert ask("MATCH (r:Robot)<-[:ENABLES]-() RETURN count(*) AS n")[0]["n"] == 1


def test_labels_of_theirs_on_nodes_of_ours_stay(store: Neo4jStore, ask: Ask) -> None:
    ask("MATCH (c:Company {id: 'k1'}) SET c:Favourite, c.note = 'mine'")
    store.load(named(SECOND, "second"), replace=True)
    (row,) = ask("MATCH (c:Favourite) RETURN c.id AS id, c.note AS note, c.name AS name")
    assert row.values() == ["k1", "mine", "one & only"]


def test_values_of_another_type_and_rows_without_an_id(store: Neo4jStore, ask: Ask) -> None:
    ask("MATCH (c:Company {id: 'k1'}) SET c.patents = 'many'")
    ask("MATCH (c:Company {id: 'k2'}) SET c.patents = 2.0")
    ask("MATCH ()-[t:ENABLES {id: 'e1'}]->() SET t.year = date('2020-01-01')")
    ask("CREATE (:Company {name: 'nobody'})")
    ask(
        "MATCH (a:Company {id: 'k1'}), (b:Company {id: 'k2'}) "
        "CREATE (a)-[:ENABLES]->(b), (a)-[:ENABLES {id: 'e1'}]->(b)"
    )
    store.load(named(FIRST, "first"), replace=True)
    assert lies_there(ask) == expected(FIRST)
    assert type(ask("MATCH (c:Company {id: 'k2'}) RETURN c.patents AS n")[0]["n"]) is int


def test_an_update_that_broke_off_goes_on_as_an_update(store: Neo4jStore, ask: Ask) -> None:
    def stop(what: str, done: int, total: int | None) -> None:
        if what == "load" and done > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.load(named(SECOND, "second"), update=True, batch=1, sessions=1, progress=stop)
    with pytest.raises(StoreError, match="has not finished"):
        store.load(named(KEPT, "third"), update=True)
    store.load(named(SECOND, "second"))
    assert lies_there(ask) == expected(KEPT)


def test_a_property_of_another_type_is_no_update(store: Neo4jStore, ask: Ask) -> None:
    other = graph([Node("k1", "Company", {"founded": "long ago"})], [])
    with pytest.raises(StoreError, match=r"Company\.founded is string, and integer there"):
        store.load(named(other, "other"), update=True)
    store.load(named(other, "other"), replace=True)
    assert lies_there(ask) == expected(other)


def test_a_dataset_of_another_model(store: Neo4jStore, ask: Ask) -> None:
    ask("MATCH (m:_Ecosystem) SET m.model_hash = 'x'")
    for update in (False, True):
        with pytest.raises(StoreError, match="was made with another model"):
            store.load(named(FIRST, "first"), update=update)
    with pytest.raises(StoreError, match="was made with another model"):
        open_store(store.url)
    store.load(named(SECOND, "second"), replace=True)
    assert lies_there(ask) == expected(SECOND)


def test_update_and_replace_at_once_is_wrong_usage(store: Neo4jStore) -> None:
    with pytest.raises(UsageError):
        store.load(named(SECOND, "second"), update=True, replace=True)
