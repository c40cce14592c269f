"""Statements as steps on the embedded engine: lists, UNWIND, CALL, subqueries, against values counted by hand.

The graph has four companies in a ring of ENABLES links a -> b -> c -> d -> a and one more a -> c, so that every count
can be checked on paper.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecosystem.dataset import read_dataset
from ecosystem.query.parser import parse_statement
from ecosystem.store import open_store

COMPANIES = "id,name,layer,patents\na,A,foundation,1\nb,B,technology,2\nc,C,technology,3\nd,D,,\n"
LINKS = "id,from,to,year\nab,a,b,2019\nbc,b,c,2020\ncd,c,d,2021\nda,d,a,2021\nac,a,c,\n"


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("ring")
    (folder / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    (folder / "enables.csv").write_text(LINKS, encoding="utf-8")
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(read_dataset(folder).dataset)
    yield store
    store.close()


def rows(store: Any, text: str, **parameters: Any) -> list[list[Any]]:
    """The rows of a question, missing values as None."""
    return [list(row.values()) for row in store.query(parse_statement(text), parameters).read_all().to_pylist()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RETURN [1, 2, 3][0] AS a, [1, 2, 3][-1] AS b, [1, 2, 3][3] AS c", [[1, 3, None]]),
        ("RETURN [1, 2, 3][1..] AS a, [1, 2, 3][..-1] AS b, [1, 2, 3][-2..2] AS c", [[[2, 3], [1, 2], [2]]]),
        ("RETURN [1, 2] = [1, 2] AS a, [1, null] = [1, 2] AS b, [1, null] = [2, 2] AS c", [[True, None, False]]),
        ("RETURN 1 IN [1, null] AS a, 2 IN [1, null] AS b, null IN [] AS c", [[True, None, False]]),
        ("RETURN [1] + [2] AS a, [1] + 2 AS b, 0 + [1] AS c", [[[1, 2], [1, 2], [0, 1]]]),
        (
            "RETURN [x IN [1, 2, 3] WHERE x > 1 | x * x] AS a, [x IN [1, 2] | [y IN [x] | y]] AS b",
            [[[4, 9], [[1], [2]]]],
        ),
        (
            "RETURN reduce(s = 0, x IN [1, 2, 3] | s + x) AS a, reduce(s = '', x IN ['a', 'b'] | s + x) AS b",
            [[6, "ab"]],
        ),
        ("RETURN any(x IN [1, null] WHERE x > 1) AS a, none(x IN [] WHERE x > 1) AS b", [[None, True]]),
        ("RETURN all(x IN [1, null] WHERE x > 0) AS a, single(x IN [1, 2] WHERE x = 2) AS b", [[None, True]]),
        ("RETURN {a: 1, A: 'x'} AS m", [[{"a": 1, "A": "x"}]]),
        ("WITH {a: {b: [1, 2]}} AS m RETURN m.a.b[1] AS x, m['a'].b AS y", [[2, [1, 2]]]),
        ("UNWIND [3, 1, 2] AS x RETURN collect(x) AS xs", [[[3, 1, 2]]]),
        ("UNWIND [] AS x RETURN x", []),
        ("UNWIND null AS x RETURN x", []),
        ("UNWIND [1, 1, 2] AS x RETURN collect(DISTINCT x) AS xs", [[[1, 2]]]),
    ],
)
def test_lists_and_maps_without_the_graph(ring: Any, text: str, expected: list[list[Any]]) -> None:
    assert rows(ring, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "MATCH (x:Company)-[:ENABLES]->(y) WITH x, collect(y) AS ys RETURN x.id, [y IN ys | y.name] AS names "
            "ORDER BY x.id",
            [["a", ["B", "C"]], ["b", ["C"]], ["c", ["D"]], ["d", ["A"]]],
        ),
        (
            "MATCH (x:Company)-[:ENABLES]->(y) WITH x, collect(y) AS ys RETURN ys[0].name AS n ORDER BY n",
            [["A"], ["B"], ["C"], ["D"]],
        ),
        ("MATCH (x:Company) WITH x ORDER BY x.id DESC RETURN collect(x.id) AS ids", [[["d", "c", "b", "a"]]]),
        (
            "MATCH (x:Company) RETURN x.layer, collect(x) AS xs ORDER BY x.layer",
            [["foundation", ["a"]], ["technology", ["b", "c"]], [None, ["d"]]],
        ),
        (
            "MATCH (x:Company {id: 'a'}) RETURN labels(x) AS l, x:Company AS c, x:Investor AS i, x {.name, n: 1} AS m",
            [[["Company"], True, False, {"name": "A", "n": 1}]],
        ),
        (
            "MATCH ()-[t:ENABLES]->() WHERE t.year = 2020 RETURN type(t) AS k, startNode(t) AS s, endNode(t).name AS e",
            [["ENABLES", "b", "C"]],
        ),
        ("MATCH (x:Company) WHERE NOT (x)-[:ENABLES]->({id: 'c'}) RETURN x.id ORDER BY x.id", [["c"], ["d"]]),
        ("MATCH (x:Company {id: 'a'}) RETURN [(x)-[t:ENABLES]->(y) WHERE t.year IS NOT NULL | y.id] AS ids", [[["b"]]]),
        (
            "MATCH (x:Company) OPTIONAL MATCH (x)-[:ENABLES]->(y) WHERE EXISTS { (y)-[:ENABLES]->({id: "
            "'d'}) } RETURN x.id, y.id ORDER BY x.id",
            [["a", "c"], ["b", "c"], ["c", None], ["d", None]],
        ),
        (
            "MATCH (x:Company) CALL (x) { MATCH (x)-[:ENABLES]->(y) RETURN count(y) AS n } RETURN x.id, n "
            "ORDER BY x.id",
            [["a", 2], ["b", 1], ["c", 1], ["d", 1]],
        ),
        (
            "MATCH (x:Company) CALL { WITH x MATCH (x)-[:ENABLES]->(y) WHERE y.id = 'c' RETURN count(y) AS "
            "n } RETURN x.id, n ORDER BY x.id",
            [["a", 1], ["b", 1], ["c", 0], ["d", 0]],
        ),
        (
            "MATCH (x:Company) CALL (x) { MATCH (x)-[:ENABLES]->(y) RETURN y ORDER BY y.id DESC LIMIT 1 } "
            "RETURN x.id, y.name ORDER BY x.id",
            [["a", "C"], ["b", "C"], ["c", "D"], ["d", "A"]],
        ),
        (
            "CALL { MATCH (x:Company) RETURN x.id AS i UNION MATCH (x:Company) RETURN x.id AS i } RETURN count(i) AS n",
            [[4]],
        ),
        (
            "MATCH (x:Company {id: 'a'}) RETURN COLLECT { MATCH (x)-[:ENABLES]->(y) RETURN y.id ORDER BY "
            "y.id DESC } AS ids, COUNT { MATCH (x)-[:ENABLES*1..2]->(y) RETURN DISTINCT y } AS n",
            [[["c", "b"], 3]],
        ),
        ("MATCH (x:Company)-[t:ENABLES]->() WITH t, x MATCH (x)-[t]->(y) RETURN count(*) AS n", [[5]]),
        ("MATCH (x:Company) WITH x ORDER BY x.id LIMIT 2 RETURN *", [["a"], ["b"]]),
        (
            "MATCH (a:Company {id: 'a'}), (d:Company {id: 'd'}) MATCH p = "
            "shortestPath((a)-[:ENABLES*]->(d)) RETURN length(p) AS n, p",
            [[2, ["a", "ac", "c", "cd", "d"]]],
        ),
        (
            "MATCH p = (:Company {id: 'a'})-[:ENABLES*2]->(y) RETURN y.id, [t IN relationships(p) | t.year] "
            "AS years ORDER BY y.id, years[0]",
            [["c", [2019, 2020]], ["d", [None, 2021]]],
        ),
        # five links and no walk twice over one: 5 of one link, 6 of two, 7 of three
        (
            "MATCH (:Company)-[t:ENABLES*1..3]->(:Company) RETURN sum(reduce(s = 0, x IN t | s + 1)) AS "
            "links, count(*) AS walks",
            [[5 + 12 + 21, 18]],
        ),
    ],
)
def test_statements_on_the_ring(ring: Any, text: str, expected: list[list[Any]]) -> None:
    assert rows(ring, text) == expected
