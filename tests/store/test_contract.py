"""What every store has to do: hold a dataset as it is, and answer queries by Cypher's rules, in the same types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import pyarrow as pa
import pytest
from graphs import Link, Node, dataset, graph
from stores import KINDS, empty_store

from ecosystem.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.query import check, parse
from ecosystem.query.check import parameter_types
from ecosystem.store import GraphStore, open_store
from ecosystem.store.neo4j.marker import marker_of

NAMES = (
    "a`b",
    "a``",
    "m²",
    "面积",
    "a b",
    "it's",
    'say "x"',
    "a\\u0060 b",
    "back\\slash",
    "a\\",
    "$x",
    "Distinct",
    "1st",
    "é̈",
)
"""Property names that a text could be made to end by."""
TEXTS = ("", " ", "'", '"', "\\", "\\u0041", "line\nbreak", "tab\t", "\x01\x7f", "\u2028", "中文", "😀", "NULL", "nan")
LARGEST = 2**63 - 1

NODES = [
    Node("k1", "Company", {"name": "一", "patents": 3, "valuation_cny_m": 1.5, "listed": True, "layer": "foundation"}),
    Node("k2", "Company", {"name": "", "patents": None, "valuation_cny_m": None, "in_sample": False}),
    Node("k3", "Company", {"patents": LARGEST, "valuation_cny_m": 5e-324, "listed": False, "founded_year": 1999}),
    Node("k4", "Company", {"patents": -0, "valuation_cny_m": 1.7976931348623157e308}),
    Node("u1", "University", {"papers_intl": 10}),
    Node("a1", "Alliance", {"date": date(2020, 2, 29), "year": 2020}),
    Node("a2", "Alliance", {"date": date(1066, 10, 14)}),
    Node("a3", "Alliance"),
    *(Node(f"text{place:02}", "Segment", {"name": text}) for place, text in enumerate(TEXTS)),
    Node("odd", "Park", {name: f"value of {name}" for name in NAMES}),
]
LINKS = [
    Link("l1", "LOCATED_IN", "k1", "c1"),
    Link("l2", "LOCATED_IN", "k2", "p1"),
    Link("l4", "LOCATED_IN", "k4", "c2"),
    Link("e1", "ENABLES", "k1", "k2", {"year": 2020}),
    Link("e2", "ENABLES", "k1", "k2", {"year": 2020}),
    Link("e3", "ENABLES", "k1", "k2"),
    Link("e4", "ENABLES", "k1", "k1", {"year": 2021}),
    Link("e5", "ENABLES", "u1", "k1", {"field": "vision"}),
    Link("x1", "COLLABORATES_WITH", "k1", "k2"),
    Link("x2", "COLLABORATES_WITH", "k2", "k1"),
    Link("x3", "COLLABORATES_WITH", "k3", "k3", {"count": 2}),
    Link("i1", "INVESTED_IN", "k1", "k2", {"amount_cny_m": 0.1, "date": date(2021, 1, 1), "disclosed": False}),
    Link("i2", "INVESTED_IN", "k1", "k4", {"amount_cny_m": 0.2}),
    Link("i3", "INVESTED_IN", "k3", "k4", {"amount_cny_m": 0.3}),
    Link("t1", "INVESTED_IN", "k2", "k4", {NAMES[0]: "of a link", "odd ²": 7}),
]


def zoo() -> Dataset:
    """Every kind of value, name and link that has once been trouble; c1 and c2 are cities."""
    return dataset(graph(NODES, LINKS), name="zoo")


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """Each store with the zoo, opened anew after the load."""
    target = empty_store(request.param, request, tmp_path_factory.mktemp("zoo"))
    target.load(zoo())
    url = target.url
    target.close()
    store = open_store(url)
    yield store
    store.close()


def rows(store: GraphStore, text: str, parameters: Mapping[str, object] | None = None) -> list[tuple[object, ...]]:
    """The rows of a checked query, sorted."""
    query = parse(text)
    assert check(query, store.schema, parameter_types(parameters or {})) == ()
    table = store.query(query, parameters).read_all()
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=repr)


def test_it_says_what_it_holds(store: GraphStore) -> None:
    source = zoo()
    assert (store.dataset.name, store.dataset.hash, store.dataset.model_version) == ("zoo", source.hash, 1)
    expected = marker_of(source, "ready").schema
    assert store.schema.nodes == expected.nodes
    assert store.schema.links == expected.links
    assert store.schema.counts == expected.counts
    assert store.schema.counts["Company"] == 4
    assert store.schema.counts["University"] == 1
    assert store.schema.counts["Person"] == 0
    assert store.schema.nodes["Person"] == {"id": "string"}
    assert store.schema.nodes["Alliance"]["date"] == "date"
    assert store.schema.links["INVESTED_IN"]["odd ²"] == "integer"
    assert "papers_domestic" not in store.schema.nodes["University"]


def test_it_counts_what_is_there(store: GraphStore) -> None:
    there = {name: count for name, count in store.count().items() if count}
    assert there == {name: count for name, count in store.schema.counts.items() if count}
    assert there["Company"] > 0


def test_values_come_back_as_they_went_in(store: GraphStore) -> None:
    found = rows(store, "MATCH (c:Company) RETURN c.id AS id, c.patents AS a, c.valuation_cny_m AS b, c.listed AS d")
    assert found == [
        ("k1", 3, 1.5, True),
        ("k2", None, None, None),
        ("k3", LARGEST, 5e-324, False),
        ("k4", 0, 1.7976931348623157e308, None),
    ]
    dates = rows(store, "MATCH (a:Alliance) RETURN a.id AS id, a.date AS date")
    assert dates == [("a1", date(2020, 2, 29)), ("a2", date(1066, 10, 14)), ("a3", None)]
    texts = rows(store, "MATCH (s:Segment) RETURN s.id AS id, s.name AS name")
    assert {str(name): text for name, text in texts} == {f"text{place:02}": text for place, text in enumerate(TEXTS)}


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_may_be_asked_for(store: GraphStore, text: str) -> None:
    wanted = [(f"text{TEXTS.index(text):02}",)]
    assert rows(store, "MATCH (s:Segment {name: $name}) RETURN s.id AS id", {"name": text}) == wanted
    literal = '"' + "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else letter for letter in text) + '"'
    assert rows(store, f"MATCH (s:Segment) WHERE s.name = {literal} RETURN s.id AS id") == wanted


@pytest.mark.parametrize("name", NAMES)
def test_any_name_may_be_a_propertys(store: GraphStore, name: str) -> None:
    quoted = "`" + name.replace("\\", "\\u005c").replace("`", "``") + "`"
    text = f"MATCH (p:Park) WHERE p.{quoted} IS NOT NULL RETURN p.{quoted} AS {quoted}"
    table = store.query(parse(text)).read_all()
    assert table.to_pylist() == [{name: f"value of {name}"}]


def test_names_of_links_properties_too(store: GraphStore) -> None:
    assert rows(store, "MATCH ()-[t:INVESTED_IN {`a``b`: 'of a link'}]->() RETURN t.`odd ²` AS x") == [(7,)]


@pytest.mark.parametrize(
    ("returned", "kind"),
    [
        ("c.name", pa.string()),
        ("c.patents", pa.int64()),
        ("c.valuation_cny_m", pa.float64()),
        ("c.listed", pa.bool_()),
        ("count(*)", pa.int64()),
        ("count(DISTINCT c.layer)", pa.int64()),
        ("sum(c.founded_year)", pa.int64()),
        ("sum(c.valuation_cny_m)", pa.float64()),
        ("avg(c.founded_year)", pa.float64()),
        ("c.patents > 1", pa.bool_()),
        ("coalesce(c.founded_year, 0.5)", pa.float64()),
        ("CASE WHEN c.patents IS NULL THEN 1 ELSE 2.5 END", pa.float64()),
        ("c.name + '!'", pa.string()),
        ("1.0 * c.founded_year / 2", pa.float64()),
    ],
)
@pytest.mark.parametrize("condition", ["c.in_sample", "c.name = 'nobody'"])
def test_columns_have_the_types_of_the_model_even_without_rows(
    store: GraphStore, returned: str, kind: pa.DataType, condition: str
) -> None:
    table = store.query(parse(f"MATCH (c:Company) WHERE {condition} RETURN {returned} AS x")).read_all()
    assert table.schema == pa.schema([("x", kind)])


def test_dates_have_their_type_without_rows(store: GraphStore) -> None:
    assert store.query(parse("MATCH (a:Alliance {id: 'x'}) RETURN a.date AS d")).read_all().schema.types == [
        pa.date32()
    ]


def test_entities_are_keys_that_differ(store: GraphStore) -> None:
    table = store.query(
        parse("MATCH (a:Company)-[t:ENABLES]->(b) RETURN a AS a, t AS t, b.id AS id, t.id AS link")
    ).read_all()
    assert table["a"].type in (pa.int64(), pa.string())
    assert len(set(table["t"].to_pylist())) == len(set(table["link"].to_pylist())) == 4
    assert len(set(table["a"].to_pylist())) == 1


def test_an_entity_may_be_chosen(store: GraphStore) -> None:
    found = rows(
        store, "MATCH (a:Company)-[t:ENABLES]->(b:Company) RETURN coalesce(a, b) AS x, coalesce(a, b) = a AS same"
    )
    assert {same for _, same in found} == {True}
    assert len(found) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MATCH (a:Company)-[t:ENABLES]->(b) RETURN count(t) AS n", [(4,)]),
        ("MATCH (a:Company)-[t:ENABLES]-(b) RETURN count(t) AS n", [(8,)]),
        ("MATCH (a)-[t:ENABLES]->(a) RETURN t.id AS id", [("e4",)]),
        ("MATCH (a:Company {id: 'k1'})-[s:ENABLES]->(b)<-[t:ENABLES]-(a) RETURN count(*) AS n", [(6,)]),
        ("MATCH (a:Company {id: 'k1'})-[s:COLLABORATES_WITH]-(b) RETURN s.id AS id", [("x1",), ("x2",)]),
        ("MATCH (a {id: 'k3'})-[s:COLLABORATES_WITH]-(b) RETURN s.count AS n", [(2,)]),
        ("MATCH (p:Person) RETURN count(p) AS n", [(0,)]),
        ("MATCH (p:Person) RETURN p.name AS n", []),
        ("MATCH (u:University) RETURN u.papers_domestic AS n, u.papers_intl AS m", [(None, 10)]),
        ("MATCH (c:Company) RETURN sum(c.founded_year) AS s, avg(c.founded_year) AS a", [(1999, 1999.0)]),
        (
            "MATCH (c:Person)-[t:WORKS_FOR]->(o) RETURN sum(t.year) AS s, avg(t.year) AS a, count(*) AS n",
            [(0, None, 0)],
        ),
        ("MATCH (n) RETURN count(n) AS n", [(8 + 8 + len(TEXTS) + 1,)]),
        ("MATCH () RETURN count(*) AS n", [(8 + 8 + len(TEXTS) + 1,)]),
        ("MATCH (c:Company|University {in_sample: true}) RETURN c.id AS id", [("k1",), ("k3",), ("k4",), ("u1",)]),
        (
            "MATCH (c:Company)-[:LOCATED_IN]->()-[:WITHIN]->(r:Region {level: 'country'}) RETURN c.id AS c, r.id AS r",
            [("k1", "CN"), ("k2", "CN"), ("k4", "CN")],
        ),
        (
            "MATCH (c:Company) WHERE EXISTS { MATCH (c)-[:INVESTED_IN]->(:Company {id: 'k4'}) } RETURN c.id AS c",
            [("k1",), ("k2",), ("k3",)],
        ),
        (
            "MATCH (c:Company) RETURN c.id AS c, COUNT { MATCH (c)-[:ENABLES]->(b) } AS n",
            [("k1", 4), ("k2", 0), ("k3", 0), ("k4", 0)],
        ),
        ("MATCH (c:Company) WHERE NOT c.patents > 1 RETURN c.id AS c", [("k4",)]),
        ("MATCH (c:Company) WHERE c.founded_year IN [] RETURN c.id AS c", []),
        ("MATCH (c:Company)-[t:ENABLES|COLLABORATES_WITH]->(b) RETURN count(DISTINCT t) AS n", [(7,)]),
        ("MATCH (a:Company)-[t:INVESTED_IN]->(b) RETURN b.id AS b, count(t) AS n", [("k2", 1), ("k4", 3)]),
    ],
)
def test_it_answers_as_cypher_does(store: GraphStore, text: str, expected: list[tuple[object, ...]]) -> None:
    assert rows(store, text) == expected


def test_only_the_parameters_that_are_asked_for_are_sent(store: GraphStore) -> None:
    text = "MATCH (c:Company) WHERE c.id IN $ids AND c.patents >= $least RETURN c.id AS id"
    given = {"ids": ["k1", "k2", "k4"], "least": 1, "spare": object()}
    query = parse(text)
    assert store.query(query, given).read_all().to_pylist() == [{"id": "k1"}]
    assert store.query(query, {**given, "ids": []}).read_all().num_rows == 0
    assert store.query(query, {**given, "least": None}).read_all().num_rows == 0


def test_a_query_that_cannot_be_computed_carries_its_statement(store: GraphStore) -> None:
    with pytest.raises(StoreError) as caught:
        store.query(parse("MATCH (c:Company) RETURN sum(c.patents) AS n")).read_all()
    assert "SUM" in (caught.value.statement or "").upper()
    assert "\n" not in caught.value.message


def test_several_readers_at_once(store: GraphStore) -> None:
    first = store.query(parse("MATCH (c:Company) RETURN c.id AS id"))
    second = store.query(parse("MATCH (s:Segment) RETURN s.id AS id"))
    assert second.read_all().num_rows == len(TEXTS)
    assert first.read_all().num_rows == 4


def test_closing_twice_is_fine(store: GraphStore) -> None:
    other = open_store(store.url)
    other.close()
    other.close()
