"""What of whole Cypher is refused before it is sent, and what is only a name or a text."""

from __future__ import annotations

import pytest

from ecosystem.query.read_only import refuse_writes


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("CREATE (n)", "CREATE"),
        ("match (n) set n.x = 1", "SET"),
        ("MATCH (n) DETACH DELETE n", "DETACH"),
        ("MATCH (n) REMOVE n.x", "REMOVE"),
        ("MERGE (n)", "MERGE"),
        ("INSERT (n)", "INSERT"),
        ("UNWIND [1] AS x FOREACH (y IN [x] | CREATE (n))", "FOREACH"),
        ("LOAD CSV FROM 'file:///x' AS row RETURN row", "LOAD"),
        ("load/* */csv FROM 'x' AS row RETURN row", "LOAD"),
        ("CALL dbms.components()", "CALL"),
        ("CALL /* { */ dbms.components()", "CALL"),
        ("CALL // (\n db.labels()", "CALL"),
        ("MATCH (n) CALL (n) { CALL `apoc`.load.json('x') YIELD value RETURN value } RETURN n", "CALL"),
        ("SHOW DATABASES", "SHOW"),
        ("GRANT ROLE x TO y", "GRANT"),
        ("DROP CONSTRAINT x", "DROP"),
        ("USE system MATCH (n) RETURN n", "USE"),
        ("RETURN 'it''s' AS x LOAD CSV FROM 'x' AS y", "LOAD"),
        ("RETURN 'a\\\\' LOAD CSV FROM 'x' AS y", "LOAD"),
        ("RETURN 1 AS `a``b` LOAD CSV FROM 'x' AS y RETURN y", "LOAD"),
        ("RETURN '\\u0027 LOAD CSV FROM \\u0027'", "\\u"),
        ("// \\u000a CALL db.labels()", "\\u"),
        ("RETURN 'open", "'"),
    ],
)
def test_refused(text: str, word: str) -> None:
    assert refuse_writes(text)[0].value == word


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (n:Set)-[:CALL|SHOW]->(m) RETURN n.create, m.load AS `delete`, $merge",
        "RETURN 'CREATE (n)' AS a, \"DELETE\" AS b, 'it\\'s SET' AS c // CALL dbms.x()",
        "/* LOAD CSV */ MATCH p = shortestPath((a)-[*..3]-(b)) RETURN [n IN nodes(p) | n.name] AS names",
        "MATCH (n) CALL (n) { RETURN 1 AS x } RETURN x, {set: 1} AS m",
        "MATCH (n) WHERE n.name =~ 'SET.*' WITH collect(n.name) AS names UNWIND names AS name RETURN name",
        "MATCH (创建:Company) RETURN 创建.name",
    ],
)
def test_only_reads(text: str) -> None:
    assert refuse_writes(text) == []


def test_the_place_is_told() -> None:
    (fault,) = refuse_writes("MATCH (n)\n  DELETE n", "mine.cypher")
    assert (fault.place, fault.message) == ("mine.cypher:2:3", "a query only reads: DELETE is refused")
    assert fault.hint == "if it is a name, put it between backticks"
