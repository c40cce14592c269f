"""The Cypher that a server is asked: ids for entities, exact means, and no node that is not the dataset's."""

from __future__ import annotations

import pyarrow as pa
import pytest

from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query, parse
from ecosystem.query.parser import parse_statement
from ecosystem.store.neo4j.cypher import column_kinds, columns_of, statement_of

SCHEMA = Schema.of_model(load_model())
LABELS = "|".join(SCHEMA.model.labels)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MATCH (c:Company) RETURN c AS c", "MATCH (c:Company)\nRETURN c.id AS c"),
        (
            "MATCH (a)-[t:ENABLES]->(b) RETURN coalesce(a, b) AS x, count(t) AS n, count(DISTINCT a) AS m",
            "MATCH (a)-[t:ENABLES]->(b)\nRETURN coalesce(a.id, b.id) AS x, count(t) AS n, count(DISTINCT a) AS m",
        ),
        (
            "MATCH (a:Company) RETURN a AS a, COUNT { MATCH (a)-[:ENABLES]->(b) WHERE b = a } AS n",
            "MATCH (a:Company)\nRETURN a.id AS a, COUNT { MATCH (a)-[:ENABLES]->(b) WHERE b = a } AS n",
        ),
        (
            "MATCH (a:Company), (b:Company) RETURN CASE WHEN a = b THEN a ELSE b END AS x",
            "MATCH (a:Company), (b:Company)\nRETURN CASE WHEN a.id = b.id THEN a.id ELSE b.id END AS x",
        ),
        (
            "MATCH (c:Company) RETURN c.layer AS l, 2 * avg(c.patents) AS x",
            "MATCH (c:Company)\nRETURN c.layer AS l, 2 * CASE WHEN count(c.patents) > 0 "
            "THEN 1.0 * sum(c.patents) / count(c.patents) END AS x",
        ),
        ("MATCH (n) RETURN count(n) AS n", f"MATCH (n:{LABELS})\nRETURN count(n) AS n"),
        ("MATCH () RETURN count(*) AS n", f"MATCH (:{LABELS})\nRETURN count(*) AS n"),
        (
            "MATCH (n {id: 'x'}) MATCH (n)-[:ENABLES]->(b) RETURN b.id AS b",
            'MATCH (n {id: "x"})\nMATCH (n)-[:ENABLES]->(b)\nRETURN b.id AS b',
        ),
        (
            "MATCH (n) MATCH (n:Company) RETURN n.id AS n",
            "MATCH (n)\nMATCH (n:Company)\nRETURN n.id AS n",
        ),
    ],
)
def test_a_query(text: str, expected: str) -> None:
    assert statement_of(bind_query(parse(text), SCHEMA), SCHEMA) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "MATCH (c:Company) RETURN c ORDER BY c.name LIMIT 3",
            "MATCH (c:Company)\nWITH c AS c ORDER BY c.name LIMIT 3\nRETURN c.id AS c",
        ),
        (
            "MATCH (c:Company) WITH c.layer AS l, avg(c.patents) AS a RETURN l, a ORDER BY a DESC",
            "MATCH (c:Company)\nWITH c.layer AS l, CASE WHEN count(c.patents) > 0 THEN 1.0 * sum(c.patents) / "
            "count(c.patents) END AS a\nRETURN l AS l, a AS a ORDER BY a DESC",
        ),
        (
            "MATCH (c:Company) RETURN c AS x UNION MATCH (u:University) RETURN u AS x",
            "MATCH (c:Company)\nWITH c AS x\nRETURN x.id AS x\nUNION\n"
            "MATCH (u:University)\nWITH u AS x\nRETURN x.id AS x",
        ),
    ],
)
def test_a_statement(text: str, expected: str) -> None:
    assert statement_of(parse_statement(text), SCHEMA) == expected


def test_the_types_of_the_columns() -> None:
    returned = "a AS a, a.date AS d, a.year AS y, count(*) AS n, $x AS x, null AS z"
    text = f"MATCH (a:Alliance)-[:LOCATED_IN]->(r) RETURN {returned}"
    columns = columns_of(column_kinds(bind_query(parse(text), SCHEMA, {"x": "float"}), SCHEMA, {}))
    assert columns.names == ["a", "d", "y", "n", "x", "z"]
    assert columns.types == [pa.int64(), pa.date32(), pa.int64(), pa.int64(), pa.float64(), pa.null()]


def test_a_union_has_the_types_of_the_branch_that_has_one() -> None:
    text = "MATCH (c:Company) RETURN null AS x, c AS y UNION ALL MATCH (c:Company) RETURN c.name AS x, c AS y"
    assert columns_of(column_kinds(parse_statement(text), SCHEMA, {})).types == [pa.string(), pa.string()]
