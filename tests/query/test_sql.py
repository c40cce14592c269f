"""What SQL and Cypher mean differently, asked of a small graph in the embedded store."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from graphs import Graph, Link, Node, dataset, graph

from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query, check, parse, to_sql
from ecosystem.store import GraphStore, open_store

BIG = 2**53 + 1
GRAPH = graph(
    [
        Node(
            "a",
            "Company",
            {"name": "a", "patents": 1, "revenue_cny_m": 0.1, "listed": True, "layer": "foundation", 'q"t y': "yes"},
        ),
        Node("b", "Company", {"name": "it's", "patents": 0, "revenue_cny_m": 0.2, "listed": False, "mixed": "7"}),
        Node("c", "Company", {"name": None, "patents": None, "revenue_cny_m": None, "listed": None, "layer": None}),
        Node("u", "University", {"name": "A", "patents": 3, "papers_intl": BIG, "mixed": 7}),
        Node("i", "Investor", {"name": "ab"}),
    ],
    [
        Link("e1", "ENABLES", "a", "b", {"year": 2020}),
        Link("e2", "ENABLES", "a", "b", {"year": 2021}),
        Link("e3", "ENABLES", "a", "a", {"year": 2020}),
        Link("e4", "ENABLES", "b", "u", {"year": None}),
        Link("k1", "COLLABORATES_WITH", "a", "u", {"year": 2020}),
        Link("k2", "COLLABORATES_WITH", "b", "b", {"year": 2021}),
        Link("k3", "COLLABORATES_WITH", "u", "a", {"year": 2021, "kind": "paper"}),
        Link("v1", "INVESTED_IN", "i", "a", {"amount_cny_m": 0.1, "year": 2020}),
        Link("v2", "INVESTED_IN", "a", "b", {"amount_cny_m": 0.2, "year": 2020}),
        Link("v3", "INVESTED_IN", "i", "b", {"amount_cny_m": None, "year": 2021}),
        Link("l1", "LOCATED_IN", "a", "c1"),
        Link("l2", "LOCATED_IN", "b", "c1"),
        Link("l3", "LOCATED_IN", "c", "p2"),
    ],
)

Ask = Callable[..., list[tuple[object, ...]]]


def opened(source: Graph, path: Path) -> GraphStore:
    store = open_store(path, create=True)
    store.load(dataset(source))
    return store


def rows(store: GraphStore, text: str, **parameters: object) -> list[tuple[object, ...]]:
    """The rows of a query, sorted."""
    table = store.query(parse(text), parameters).read_all()
    return sorted(zip(*(column.to_pylist() for column in table.columns), strict=True), key=repr)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    found = opened(GRAPH, tmp_path_factory.mktemp("sql") / "graph.duckdb")
    yield found
    found.close()


@pytest.fixture
def ask(store: GraphStore) -> Ask:
    return lambda text, **parameters: rows(store, text, **parameters)


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("x.patents > 0", "a", "b"),
        ("x.patents <> 1", "b", "a"),
        ("x.patents = x.patents", "ab", ""),
        ("x.patents IS NULL", "c", "ab"),
        ("x.patents IS NOT NULL", "ab", "c"),
        ("x.patents = null", "", ""),
        ("null", "", ""),
        ("x.listed", "a", "b"),
        ("x.listed OR x.patents IS NULL", "ac", "b"),
        ("x.listed AND x.patents IS NULL", "", "ab"),
        ("x.listed OR null", "a", ""),
        ("x.listed AND null", "", "b"),
        ("x.listed OR x.patents = 0 AND x.name = 'nobody'", "a", "b"),
        ("(x.listed OR x.patents = 0) AND x.name = 'nobody'", "", "ab"),
        ("NOT x.listed AND NOT x.patents > 0 OR x.id = 'c'", "bc", "a"),
        ("NOT (x.listed OR x.patents > 0)", "b", "a"),
        ("x.patents IN [0, 2]", "b", "a"),
        ("x.patents IN [1.0]", "a", "b"),
        ("x.patents IN []", "", "abc"),
        ("NOT x.patents IN []", "abc", ""),
        ("null IN []", "", "abc"),
        ("x.patents IN [0, x.revenue_cny_m]", "b", "a"),
        ("1 IN [x.patents, 5]", "a", "b"),
        ("x.layer IN ['foundation']", "a", ""),
        ("x.patents IN $none", "", "abc"),
        ("x.name IN $none", "", "abc"),
        ("x.patents IN $some", "b", "a"),
        ("x.patents IN $fractions", "a", "b"),
        ("x.patents IN $gaps", "a", ""),
        ("x.patents IN $nothing", "", ""),
        ("x.patents + 1 IN $fractions", "b", "a"),
        ("$share IN [] OR x.listed", "a", "b"),
        ("x.name STARTS WITH 'a'", "a", "b"),
        ('x.name ENDS WITH "\'s"', "b", "a"),
        ("x.name CONTAINS ''", "ab", ""),
        ("x.name CONTAINS '%'", "", "ab"),
        ("x.name STARTS WITH null", "", ""),
        ("null CONTAINS 'a'", "", ""),
        ("x.name + '!' = 'a!'", "a", "b"),
        ("x.name + null = 'a'", "", ""),
        ("x.name < 'b'", "a", "b"),
        ("x.name = 'A'", "", "ab"),
        ("x.revenue_cny_m + 0.2 = 0.30000000000000004", "a", "b"),
        ("0.1 + 0.2 = 0.3", "", "abc"),
        ("x.patents + 3000000000 > 3000000000", "a", "b"),
        ("1.0 * x.patents / 2 = 0.5", "a", "b"),
        ("x.patents % 2 = 1", "a", "b"),
        ("-7 % 3 = -1", "abc", ""),
        ("2 ^ 3 = 8", "abc", ""),
        ("-x.patents < 0", "a", "b"),
        ("1 < x.patents + 1 < 3", "a", "b"),
        ("coalesce(x.patents, -1) < 0", "c", "ab"),
        ("CASE WHEN x.listed THEN 'y' ELSE 'n' END = 'y'", "a", "bc"),
        ("CASE WHEN x.listed THEN true END", "a", ""),
        ("CASE x.patents WHEN 1 THEN true WHEN null THEN true ELSE false END", "a", "bc"),
        ("x.market_cap_cny_m > 1 OR x.market_cap_cny_m IS NULL", "abc", ""),
        ("x.market_cap_cny_m = 1", "", ""),
        ("x.`q\"t y` = 'yes'", "a", ""),
        ("x.name = 'it\\'s'", "b", "a"),
        ('x.name = "it\'s" OR x.name = $word', "b", "a"),
        ("x = x", "abc", ""),
        ("x IS NULL", "", "abc"),
    ],
)
def test_conditions_have_three_values(ask: Ask, condition: str, true: str, false: str) -> None:
    lists = {
        "none": [],
        "some": [0, 2],
        "fractions": [1, 2.5],
        "gaps": [1, None],
        "nothing": None,
        "word": "'; --",
        "share": 1,
    }
    told = "MATCH (x:Company) WHERE {} RETURN x.id AS id"
    assert ask(told.format(condition), **lists) == [(letter,) for letter in true]
    assert ask(told.format(f"NOT ({condition})"), **lists) == [(letter,) for letter in false]


@pytest.mark.parametrize(
    ("condition", "true", "false"),
    [
        ("x.patents / 0.0 > 1", "a", "b"),
        ("x.patents / 0.0 = x.patents / 0.0", "a", "b"),
        ("x.patents / 0.0 <> x.patents / 0.0", "b", "a"),
        ("x.patents / 0.0 < 1", "", "ab"),
        ("NOT x.patents / 0.0 >= 1", "b", "a"),
        ("1.0 % x.patents = 0.0", "a", "b"),
    ],
)
def test_not_a_number_is_unequal_to_all_and_neither_less_nor_more(
    ask: Ask, condition: str, true: str, false: str
) -> None:
    assert ask(f"MATCH (x:Company) WHERE {condition} RETURN x.id AS id") == [(letter,) for letter in true]
    assert ask(f"MATCH (x:Company) WHERE NOT ({condition}) RETURN x.id AS id") == [(letter,) for letter in false]


def test_numbers_keep_their_64_bits(ask: Ask) -> None:
    assert ask("MATCH (u:University) RETURN u.papers_intl AS n, u.papers_intl - 1 AS m") == [(BIG, BIG - 1)]
    assert ask(f"MATCH (u:University) WHERE u.papers_intl = {BIG} RETURN sum(u.papers_intl) AS n") == [(BIG,)]
    assert ask("MATCH (x:Company) RETURN 3000000000 + 3000000000 AS n, 0.1 + 0.2 AS m, 1e300 AS k")[0] == (
        6_000_000_000,
        0.30000000000000004,
        1e300,
    )


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("(x:Company {patents: 7})", "count(*)", 0),
        ("(x:Company {patents: 7})", "count(x)", 0),
        ("(x:Company {patents: 7})", "sum(x.patents)", 0),
        ("(x:Company {patents: 7})", "sum(x.revenue_cny_m)", 0.0),
        ("(x:Company {patents: 7})", "avg(x.patents)", None),
        ("(x:Company {patents: 7})", "1.0 * sum(x.patents) / count(x)", math.nan),
        ("(x:Company)", "count(*)", 3),
        ("(x:Company)", "count(x.patents)", 2),
        ("(x:Company)", "avg(x.patents)", 0.5),
        ("(x:Company)", "sum(x.patents)", 1),
        ("(x:Company)", "sum(x.market_cap_cny_m)", 0.0),
        ("(x:Company)", "avg(x.market_cap_cny_m)", None),
        ("(x:Company)", "sum(coalesce(x.revenue_cny_m, 1))", math.fsum([0.1, 0.2, 1.0])),
        ("(x:Company)", "sum(CASE WHEN x.listed THEN -x.revenue_cny_m ELSE 0.5 END)", math.fsum([-0.1, 0.5, 0.5])),
        ("(x:Company)", "sum($share)", 4.5),
        ("(x:Company)", "sum(x.patents + $share)", 4.0),
        ("(x:Company)", "count(DISTINCT x.listed)", 2),
        ("(x)-[t:ENABLES]->()", "count(DISTINCT x)", 2),
        ("(x)-[t:ENABLES]->()", "sum(x.patents)", 3),
        ("(x)-[t:ENABLES]->()", "1.0 * count(t) / count(DISTINCT x)", 2.0),
        ("(x)-[t:ENABLES]->()", "count(t.year)", 3),
    ],
)
def test_aggregates(ask: Ask, pattern: str, value: str, expected: float | None) -> None:
    ((found,),) = ask(f"MATCH {pattern} RETURN {value} AS value", share=1.5)
    assert found == (pytest.approx(expected, nan_ok=True) if isinstance(expected, float) else expected)
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("(x)-[t:ENABLES]->(y)", "a-e1-b a-e2-b a-e3-a b-e4-u"),
        ("(x)<-[t:ENABLES]-(y)", "b-e1-a b-e2-a a-e3-a u-e4-b"),
        ("(x)-[t:ENABLES]-(y)", "a-e1-b a-e2-b a-e3-a b-e1-a b-e2-a b-e4-u u-e4-b"),
        ("(x)-[t:COLLABORATES_WITH]-(y)", "a-k1-u u-k1-a b-k2-b a-k3-u u-k3-a"),
        ("(x:Company)-[t:COLLABORATES_WITH]-(y:University)", "a-k1-u a-k3-u"),
        ("(x)-[t:ENABLES]->(y), (x)-[t2:ENABLES]->(x)", "a-e1-b a-e2-b"),
        ("(x)-[t:ENABLES]-(y) WHERE x = y", "a-e3-a"),
        ("(x:Company)-[t:INVESTED_IN]-(y:Company)", "a-v2-b b-v2-a"),
        ("(x:Investor)-[t:INVESTED_IN]-(y)", "i-v1-a i-v3-b"),
        ("(x:Company|University)-[t:ENABLES|COLLABORATES_WITH]->(y:University)", "b-e4-u a-k1-u"),
        ("(x)-[t:ENABLES|ENABLES]->(y:University)", "b-e4-u"),
        ("(x)-[t:ENABLES|INVESTED_IN {year: 2020}]->(y)", "a-e1-b a-e3-a i-v1-a a-v2-b"),
        ("(x)-[t:ENABLES {year: null}]->(y)", ""),
        ("(x {name: null})-[t:ENABLES]->(y)", ""),
        ("(x)-[t:ENABLES]->(y {name: x.name})", "a-e3-a"),
        ("(x)-[t:ENABLES|COLLABORATES_WITH]->(y) WHERE t.kind = 'paper'", "u-k3-a"),
        ("(x)-[t:COLLABORATES_WITH]->(y) WHERE x.papers_intl > 0", "u-k3-a"),
        ("(x)-[t:COLLABORATES_WITH]->(y) WHERE x.patents > 2 OR y.patents > 2", "a-k1-u u-k3-a"),
    ],
)
def test_links_and_their_directions(ask: Ask, pattern: str, expected: str) -> None:
    found = ask(f"MATCH {pattern} RETURN x.id AS x, t.id AS t, y.id AS y")
    assert sorted("-".join(map(str, row)) for row in found) == sorted(expected.split())


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        ("MATCH (x)-[t:ENABLES]->(y), (x)-[u:ENABLES]->(y)", 2),
        ("MATCH (x)-[t:ENABLES]->(y) MATCH (x)-[u:ENABLES]->(y)", 6),
        ("MATCH (x)-[t:ENABLES]->(y)<-[u:ENABLES]-(x)", 2),
        ("MATCH (x)-[t:ENABLES]-(y)-[u:ENABLES]-(z)", 12),
        ("MATCH (x)-[t:ENABLES]->(y), (z)-[u:INVESTED_IN]->(y)", 5),
        ("MATCH (x)-[t:ENABLES|INVESTED_IN]->(y), (z)-[u:INVESTED_IN|ENABLES]->(y)", 14),
        ("MATCH (x)-[:LOCATED_IN]->(k)<-[:LOCATED_IN]-(y)", 2),
        ("MATCH (x)-[:LOCATED_IN]->(k) MATCH (k)<-[:LOCATED_IN]-(y)", 5),
        ("MATCH (x:Company), (y:Company)", 9),
        ("MATCH (x:Company) MATCH (x)-[:ENABLES]->(x)", 1),
        ("MATCH (x), (y:Investor) WHERE x = y", 1),
        ("MATCH (x)-[:ENABLES]->() MATCH (x:University)", 0),
    ],
)
def test_links_of_one_match_differ_and_links_of_two_need_not(ask: Ask, matches: str, expected: int) -> None:
    assert ask(f"{matches} RETURN count(*) AS n") == [(expected,)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("EXISTS { MATCH (x)-[:ENABLES]->() }", "ab"),
        ("NOT EXISTS { MATCH (x)-[:ENABLES]->() }", "c"),
        ("EXISTS { MATCH (x)-[:ENABLES]->(y) WHERE y.patents > x.patents }", "b"),
        ("NOT EXISTS { MATCH (x)-[:ENABLES]->(y) WHERE y.patents > x.patents }", "ac"),
        ("EXISTS { MATCH (x)-[:ENABLES]->(y) WHERE y.market_cap_cny_m = 1 }", ""),
        ("COUNT { MATCH (x)-[:ENABLES]->() } = 0", "c"),
        ("COUNT { MATCH (x)-[:ENABLES]->() } = 3", "a"),
        ("COUNT { MATCH (x)-[:ENABLES]-(y) } = 3", "ab"),
        ("COUNT { MATCH (x)-[:ENABLES]-(y) } > x.patents + 2", "b"),
        ("COUNT { MATCH (x)-[:ENABLES]->(), (x)-[:ENABLES]->() } = 6", "a"),
        ("EXISTS { MATCH (x)-[:ENABLES]->(y) WHERE EXISTS { MATCH (y)-[:ENABLES]->(z:University) } }", "a"),
        ("EXISTS { MATCH (x)-[:ENABLES]->(y) WHERE NOT EXISTS { MATCH (y)-[:ENABLES]->(x) } }", "ab"),
        ("EXISTS { MATCH (x)-[:ENABLES]->(y:University) } OR EXISTS { MATCH (x)-[:INVESTED_IN]->(y) }", "ab"),
        ("EXISTS { MATCH (x)-[:ENABLES]->(y) } AND NOT EXISTS { MATCH (y:Investor)-[:INVESTED_IN]->(x) }", ""),
        ("COUNT { MATCH (x)-[:ENABLES]->(y) } > COUNT { MATCH (y)-[:ENABLES]->(x) }", "a"),
        ("EXISTS { MATCH (y)-[:INVESTED_IN]->(x) MATCH (y)-[:ENABLES]->(y) }", "b"),
        ("EXISTS { MATCH (x)-[:LOCATED_IN]->(r) WHERE EXISTS { MATCH (r)-[:WITHIN]->(:Region {id: 'p1'}) } }", "ab"),
        ("(x.patents IS NULL OR EXISTS { MATCH (x)-[:ENABLES]->(x) }) AND true", "ac"),
    ],
)
def test_subqueries_see_what_is_outside(ask: Ask, condition: str, expected: str) -> None:
    assert ask(f"MATCH (x:Company) WHERE {condition} RETURN x.id AS id") == [(letter,) for letter in expected]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("EXISTS { MATCH (y:University) MATCH (x)-[:ENABLES]->(x) }", ""),
        ("EXISTS { MATCH (y:Company) MATCH (x)-[:ENABLES]->(x) }", "e1 e2 e3"),
        ("EXISTS { MATCH (y:University)<-[:ENABLES]-(x) }", "e4"),
        ("NOT EXISTS { MATCH (y:University)<-[:ENABLES]-(x) }", "e1 e2 e3"),
        ("EXISTS { MATCH (y:University)<-[:ENABLES]-() WHERE y.mixed = 7 }", "e4"),
        ("EXISTS { MATCH (y:Company)<-[:ENABLES]-() WHERE y.mixed = '7' }", "e1 e2"),
        ("COUNT { MATCH (y:University)<-[:ENABLES]-() } = 0", "e1 e2 e3"),
        ("EXISTS { MATCH (y)-[:INVESTED_IN]-() } AND y.patents >= 0", "e1 e2 e3"),
        ("EXISTS { MATCH (:Region), (y:University)-[:COLLABORATES_WITH]-(x:Company) } OR t.year = 2021", "e2"),
    ],
)
def test_a_label_inside_a_subquery_narrows_there_and_only_there(ask: Ask, condition: str, expected: str) -> None:
    text = f"MATCH (x)-[t:ENABLES]->(y) WHERE {condition} RETURN t.id AS id"
    schema = Schema(load_model(), {"Company": {"mixed": "string"}, "University": {"mixed": "integer"}})
    assert check(parse(text), schema) == ()
    assert ask(text) == [(name,) for name in expected.split()]


def test_groups(ask: Ask) -> None:
    assert ask("MATCH (x)-[:ENABLES]->() RETURN x.id AS id, count(*) AS n") == [("a", 3), ("b", 1)]
    assert ask("MATCH (x)-[t:ENABLES]->() RETURN t.year AS year, count(*) AS n") == [(2020, 2), (2021, 1), (None, 1)]
    assert ask("MATCH (x)-[t:ENABLES]->() RETURN 'k' AS k, 1 AS one, null AS no, count(*) AS n") == [("k", 1, None, 4)]
    assert ask("MATCH (x:Company) RETURN x.id AS id, CASE WHEN x.id = 'a' THEN count(*) ELSE 0 END AS n") == [
        ("a", 1),
        ("b", 0),
        ("c", 0),
    ]
    assert ask("MATCH (x:Company) RETURN COUNT { MATCH (x)-[:ENABLES]->() } AS links, count(*) AS n") == [
        (0, 1),
        (1, 1),
        (3, 1),
    ]
    assert ask("MATCH (x:Company {id: 'z'}) RETURN x.id AS id, count(*) AS n") == []


def test_columns_that_differ_in_case_stay_two(store: GraphStore) -> None:
    table = store.query(parse("MATCH (x:Company {id: 'a'}) RETURN x.id AS a, x.name AS A, 1 AS `a b\"c`")).read_all()
    assert table.to_pylist() == [{"a": "a", "A": "a", 'a b"c': 1}]


def test_sibling_subqueries_may_use_one_name_for_two_things(ask: Ask) -> None:
    text = """
    MATCH (x:Company)
    WHERE EXISTS { MATCH (x)-[t:ENABLES]->(y:University) } OR EXISTS { MATCH (x)<-[t:INVESTED_IN]-(y) WHERE y.id = 'i' }
    MATCH (y:Investor)
    RETURN x.id AS id, y.id AS y
    """
    assert ask(text) == [("a", "i"), ("b", "i")]


def test_a_link_without_types_of_its_own_in_the_dataset_matches_nothing(ask: Ask) -> None:
    assert ask("MATCH (p:Person)-[t:STUDIED_AT]->(u) WHERE t.year = 1 OR p.name = 'x' RETURN count(t) AS n") == [(0,)]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("MATCH (c:Company)-[t:ENABLES]->(b) RETURN count(t) AS n", ["ENABLES"]),
        ("MATCH (c:Company)-[t:ENABLES]->(b) RETURN c.id AS id, count(t) AS n", ["Company", "ENABLES"]),
        ("MATCH (c:Company) MATCH (c)-[t:ENABLES]->(b) RETURN count(DISTINCT b) AS n", ["Company", "ENABLES"]),
        ("MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r) RETURN count(c) AS n", ["LOCATED_IN", "WITHIN"]),
        ("MATCH (c:Company)-[:ACTIVE_IN]->(s) RETURN count(s.id) AS n", ["ACTIVE_IN", "Segment"]),
    ],
)
def test_no_table_is_joined_that_says_nothing(text: str, tables: list[str]) -> None:
    sql = to_sql(bind_query(parse(text), Schema.of_model(load_model())))
    assert sorted(re.findall(r'"(\w+)" AS _t\d', sql)) == tables


def test_values_never_stand_in_the_statement() -> None:
    query = parse("MATCH (c:Company) WHERE c.id = $id RETURN c.id AS id")
    sql = to_sql(bind_query(query, Schema.of_model(load_model()), {"id": "string"}))
    assert "CAST($p1 AS VARCHAR)" in sql


def hard(rng: random.Random) -> list[float | None]:
    """Numbers of all signs whose sizes lie within 2**37 of each other, with some missing."""
    low = rng.randint(-300, 260)
    some = [math.ldexp(rng.uniform(0.5, 1), low + rng.randint(0, 36)) for _ in range(400)]
    return [value if rng.random() < 0.5 else None if rng.random() < 0.1 else -float(value or 0) for value in some] + [
        0.0
    ]


@pytest.mark.parametrize("seed", range(6))
def test_sums_of_floats_are_exact_and_rounded_once(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    values = hard(rng)
    nodes = [Node(f"n{number}", "Company", {"revenue_cny_m": value}) for number, value in enumerate(values)]
    store = opened(graph(nodes, []), tmp_path / "sums.duckdb")
    text = "MATCH (c:Company) RETURN sum(c.revenue_cny_m) AS s, avg(c.revenue_cny_m) AS m, sum(-c.revenue_cny_m) AS n"
    assert "HUGEINT" in to_sql(bind_query(parse(text), store.schema))
    known = [float(value) for value in values if value is not None]
    total = math.fsum(known)
    assert rows(store, text) == [(total, total / len(known), -total)]
    store.close()


SPREAD = [1e16, 1.0, 3.5e-9, 2e-9, 12.25, 1e15, 7e-12]


def test_sums_beyond_that_are_added_in_the_order_of_the_values(tmp_path: Path) -> None:
    rng = random.Random(7)  # noqa: S311 - nothing here is a secret
    values = [rng.choice(SPREAD) * rng.uniform(0.1, 1) for _ in range(500)]
    nodes = [Node(f"n{number}", "Company", {"revenue_cny_m": value}) for number, value in enumerate(values)]
    found = []
    for order in (nodes, nodes[::-1]):
        store = opened(graph(order, []), tmp_path / "sums.duckdb")
        text = "MATCH (c:Company) RETURN sum(c.revenue_cny_m) AS s, avg(c.revenue_cny_m * 1.0) AS m"
        assert "HUGEINT" not in to_sql(bind_query(parse(text), store.schema))
        found += rows(store, text)
        store.close()
    assert found[0] == found[1]
    assert found[0][0] == pytest.approx(math.fsum(values), rel=1e-15)


def test_sums_have_the_same_digits_however_many_threads_add_them(tmp_path: Path) -> None:
    rng = random.Random(3)  # noqa: S311 - nothing here is a secret
    values = [rng.choice([0.1, 0.2, 0.7, 1e6, -3.3]) * rng.uniform(0.5, 1) for _ in range(2000)]
    nodes = [Node("c", "Company"), *(Node(f"i{number}", "Investor") for number in range(50))]
    links = [
        Link(f"v{number}", "INVESTED_IN", f"i{number % 50}", "c", {"amount_cny_m": value})
        for number, value in enumerate(values)
    ]
    store = opened(graph(nodes, links), tmp_path / "sums.duckdb")
    # a link is matched beside each of the 50 investors: 100 000 rows, more than one thread takes at a time
    text = "MATCH ()-[t:INVESTED_IN]->(c) MATCH (i:Investor) RETURN sum({}) AS s"
    for argument in ("t.amount_cny_m", "t.amount_cny_m * 1.1"):
        found = {rows(store, text.format(argument))[0] for _ in range(5)}
        assert len(found) == 1
    assert rows(store, text.format("t.amount_cny_m")) == [(math.fsum(values * 50),)]
    store.close()
