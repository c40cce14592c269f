"""Every query on which the fuzzer found the embedded engine to differ from Neo4j 5.26, made small; rows are Neo4j's."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from graphs import Link, Node, dataset, graph

from ecosystem.errors import QueryError
from ecosystem.query import bind_query, parse
from ecosystem.query.parser import parse_statement
from ecosystem.query.provenance import witnesses
from ecosystem.query.statement_check import check_statement
from ecosystem.store import GraphStore, open_store

COMPANIES = [Node("a", "Company", {"name": "a"}), Node("b", "Company", {"name": "b"}), Node("c", "Company")]
OTHERS = [Node("u", "University", {"score": 1.5}), Node("p", "Park", {"score": "high"})]
LINKS = [
    Link("pu", "STUDIED_AT", "x", "u"),
    Link("ab", "INVESTED_IN", "a", "b", {"year": 2020}),
    Link("aa", "ENABLES", "a", "a", {"year": 2020}),
    Link("ba", "ENABLES", "b", "a", {"year": 2021}),
    Link("at", "LOCATED_IN", "a", "p1"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("divergences") / "graph.duckdb", create=True)
    store.load(dataset(graph([*COMPANIES, *OTHERS, Node("x", "Person")], LINKS)))
    yield store
    store.close()


def rows(store: GraphStore, text: str) -> list[tuple[object, ...]]:
    statement = parse_statement(text)
    assert check_statement(statement, store.schema) == ()
    return [tuple(row.values()) for row in store.query(statement).read_all().to_pylist()]


def test_an_order_by_a_subquery_reads_its_property_maps(store: GraphStore) -> None:
    text = "MATCH (c:Company) RETURN c.id AS x ORDER BY COUNT { MATCH (c)<-[:ENABLES]-({name: 'b'}) } DESC, x"
    assert rows(store, text) == [("a",), ("b",), ("c",)]


@pytest.mark.parametrize("again", ["(b)", "(b), (b)", "(b:Company)", "(b), (c)"])
def test_what_optional_left_null_matches_nothing(store: GraphStore, again: str) -> None:
    text = f"MATCH (c:Company) OPTIONAL MATCH (c)-[:INVESTED_IN]->(b) MATCH {again} RETURN c.id AS c, b.id AS b"
    assert rows(store, text) == [("a", "b")]


@pytest.mark.parametrize(
    "condition", ["'ab' CONTAINS t.field + 'b'", "t.field + t.field ENDS WITH 'b'", "null CONTAINS 'b'"]
)
def test_a_text_is_sought_in_what_the_dataset_lacks(store: GraphStore, condition: str) -> None:
    assert rows(store, f"MATCH (a)-[t:ENABLES]->() WITH a AS a, t AS t WHERE {condition} RETURN a.id AS a") == []


def test_a_property_of_labels_that_a_witness_rules_out_is_null(store: GraphStore) -> None:
    # only a RegionValue has an indicator, and it has no links
    query = parse(
        "MATCH (a) WHERE EXISTS { MATCH (a)-[:ENABLES]-() } MATCH (b) WHERE a.indicator <= b.name RETURN a.id AS g"
    )
    (behind,) = witnesses(bind_query(query, store.schema))
    assert store.query(query).read_all().num_rows == 0
    assert store.query(behind).read_all().num_rows == 0


def test_a_link_type_that_stands_twice_counts_once(store: GraphStore) -> None:
    # Neo4j itself counts such links twice in COUNT { }, and once in MATCH: it is sent the type once
    text = "MATCH (a:Company) RETURN a.id AS x, COUNT { MATCH (a)<-[:ENABLES|ENABLES]-() } AS n ORDER BY x"
    assert rows(store, text) == [("a", 2), ("b", 0), ("c", 0)]
    (match,) = parse("MATCH (a:Company|Company)-[:ENABLES|ENABLES]->() RETURN a.id AS g").matches
    assert [node.labels for node in match.nodes()] == [("Company",), ()]
    assert [link.types for link in match.links()] == [("ENABLES",)]


def test_a_property_has_the_type_of_the_labels_that_are_left(store: GraphStore) -> None:
    # of a park the score is a text, of a university a number
    text = "MATCH (n:Park|University) WITH n MATCH (n)<-[:STUDIED_AT]-() RETURN n.id AS id, -n.score AS score"
    assert rows(store, text) == [("u", -1.5)]
    through = "MATCH (n:Park|University) MATCH (n)<-[:STUDIED_AT]-() WITH n AS m RETURN m.score * 2 AS score"
    assert rows(store, through) == [(3.0,)]


@pytest.mark.parametrize(
    ("value", "total"), [("0.0 ^ -1", math.inf), ("-(0.0 ^ -1)", -math.inf), ("0.1", 0.1 + 0.1 + 0.1)]
)
def test_a_sum_of_infinities_is_infinite(store: GraphStore, value: str, total: float) -> None:
    assert rows(store, f"MATCH (c:Company) RETURN sum({value}) AS x") == [(pytest.approx(total, rel=1e-15),)]


def test_a_sum_of_both_infinities_is_no_number(store: GraphStore) -> None:
    (row,) = rows(store, "MATCH (c:Company) RETURN sum(CASE WHEN c.id = 'a' THEN -(0.0 ^ -1) ELSE 0.0 ^ -1 END) AS x")
    assert math.isnan(row[0])  # type: ignore[arg-type]  # a float


@pytest.mark.parametrize("joiner", ["UNION", "UNION ALL"])
def test_a_null_of_a_union_takes_the_type_of_the_other_branch(store: GraphStore, joiner: str) -> None:
    text = f"MATCH (c:Company {{id: 'a'}}) RETURN c.name IS NULL AS x {joiner} MATCH (n:Segment) RETURN null AS x"
    assert [value is False for (value,) in rows(store, text)] == [True]
    turned = f"MATCH (c:Company {{id: 'a'}}) RETURN null AS x {joiner} MATCH (c:Company {{id: 'b'}}) RETURN true AS x"
    assert sorted(str(value) for (value,) in rows(store, turned)) == ["None", "True"]
    assert all(value is None or value is True for (value,) in rows(store, turned))


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("EXISTS { (c)-[:ENABLES]->(d) WHERE [1, 2] = [x IN [1, 2] | x] }", ["a", "b"]),
        ("(c)-[:ENABLES*1..2]->()", ["a", "b"]),
        ("any(x IN COLLECT { MATCH (c)<-[:ENABLES]-(d) RETURN d.id } WHERE x = 'b')", ["a"]),
    ],
)
def test_a_star_returns_no_name_of_the_program(store: GraphStore, condition: str, found: list[str]) -> None:
    assert sorted(rows(store, f"MATCH (c:Company) WHERE {condition} RETURN *")) == [(name,) for name in found]


def test_a_subquery_with_a_loop_sees_a_name_that_begins_with_an_underscore(store: GraphStore) -> None:
    text = "MATCH (_c:Company) WHERE EXISTS { (_c)-[:ENABLES]->(d) WHERE all(x IN [d.id] WHERE x <> _c.id) } RETURN _c"
    assert rows(store, text) == [("b",)]


@pytest.mark.parametrize(
    "value",
    [
        "[x IN [y IN relationships(p) | y.id] WHERE x > labels(c)[0] | c.name]",
        "[x IN [labels(c)[0]][4..] WHERE x < nothing]",
        "[x IN [] WHERE x = c.id]",
        "[x IN [c.id] WHERE nothing = x]",
        "[x IN [c.id] WHERE x IN nothing]",
        "[x IN [c.id] WHERE x IN [null][..1]]",
    ],
)
def test_what_is_null_throughout_is_of_every_type(store: GraphStore, value: str) -> None:
    text = f"MATCH p = (c:Company {{id: 'a'}}) WITH p, c, null AS nothing RETURN {value} AS v"
    assert rows(store, text) == [([],)]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("[x IN [y IN [c.name] WHERE y > 'A'] WHERE x < 'b' | endNode(l).id]", ["b"]),
        ("[x IN nodes(p) WHERE any(y IN [x.id] WHERE y > c.name) | x.id]", ["b"]),
        ("[x IN [y IN [1, 2] WHERE c.name = 'a' | y] | size([z IN labels(d) | z + c.name]) + x]", [2, 3]),
        ("[x IN nodes(p) | [y IN ['a', 'b'] WHERE y = x.id AND y <> c.name]]", [[], ["b"]]),
    ],
)
def test_a_loop_that_asks_the_graph_has_loops_in_it(store: GraphStore, value: str, found: list[object]) -> None:
    text = f"MATCH p = (c:Company)-[l:INVESTED_IN]->(d) RETURN {value} AS v"
    assert rows(store, text) == [(found,)]
    assert rows(store, f"MATCH p = (c:Company)-[l:INVESTED_IN]->(d) WHERE {value} = {found} RETURN c.id AS c") == [
        ("a",)
    ]


def test_what_a_link_ends_at_is_sought_in_any_list(store: GraphStore) -> None:
    text = "MATCH (c)-[l:INVESTED_IN]->() RETURN endNode(l).id IN [][..-2] AS none, endNode(l).id IN [null][..1] AS n"
    assert rows(store, text) == [(False, None)]
    text = "MATCH (c)-[l:INVESTED_IN]->() WHERE [endNode(l).id] IN [['a'], [c.id, 'b'], ['b']][1..] RETURN c.id AS c"
    assert rows(store, text) == [("a",)]


def test_a_slice_has_a_bound() -> None:
    with pytest.raises(QueryError, match="where it begins or where it ends"):
        parse_statement("MATCH (c:Company) RETURN labels(c)[..] AS x")


@pytest.mark.parametrize("function", ["percentileCont", "percentileDisc"])
def test_a_percentile_of_nothing_is_null_though_what_is_distinct_may_be_no_number(
    store: GraphStore, function: str
) -> None:
    text = f"MATCH (c:Company) RETURN {function}(DISTINCT c.patents * c.revenue_cny_m, 0.5) AS x"
    assert rows(store, text) == [(None,)]


def test_a_sum_of_distinct_integers_and_floats(store: GraphStore) -> None:
    text = "MATCH ()-[t]->() RETURN sum(DISTINCT CASE WHEN t.year > 2020 THEN 0.5 ELSE t.year END) AS x"
    assert rows(store, text) == [(2020.5,)]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("collect(nodes(p))", [["a", "b"]]),
        ("collect(relationships(p))", [["ab"]]),
        ("collect(p)", [["a", "ab", "b"]]),
        ("collect([c, d])", [["a", "b"]]),
        ("[x IN collect(p) | [y IN nodes(x) | y.name]]", [["a", "b"]]),
        ("[z IN collect(p) | [x IN nodes(z) WHERE any(y IN [x.id] WHERE y < 'b') | x.id]]", [["a"]]),
        ("[x IN collect([c, d]) WHERE any(y IN x WHERE y.id = 'b') | size(x)]", [2]),
    ],
)
def test_lists_of_what_is_in_the_graph_are_collected(store: GraphStore, value: str, found: list[object]) -> None:
    assert rows(store, f"MATCH p = (c:Company)-[:INVESTED_IN]->(d) RETURN {value} AS v") == [(found,)]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("toIntegerList([x IN relationships(p) | x.year])", []),
        ("toIntegerList([x IN [] WHERE x <= c.name])", []),
        ("toUpper([x IN [] | x][0])", None),
        ("reduce(s = null, x IN [] | x) =~ 'a'", None),
        ("nullIf(reduce(s = null, x IN [1] | null), 'a')", None),
        ("coalesce([x IN relationships(p) | x.year], ['a'])", []),
        ("[[x IN relationships(p) | x.year], ['a']]", [[], ["a"]]),
        ("CASE WHEN c.name = 'a' THEN [x IN relationships(p) | x.year] ELSE ['a'] END", []),
    ],
)
def test_a_function_of_what_has_no_type(store: GraphStore, value: str, found: object) -> None:
    assert rows(store, f"MATCH p = (c:Company {{id: 'a'}}) RETURN {value} AS v") == [(found,)]
