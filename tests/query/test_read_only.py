"""What of whole Cypher is refused before it is sent, and what is only a name or a text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neo4j import Session
from neo4j.exceptions import Neo4jError
from neo4j_server import Server
from stores import driver

from ecosystem.errors import QueryError
from ecosystem.query import parse
from ecosystem.query.parser import parse_statement
from ecosystem.query.read_only import refuse_writes

JUDGED = json.loads(Path(__file__).with_name("read_only.json").read_text(encoding="utf-8"))
"""Texts, and what Neo4j 5.26 takes each for: one that `reads`, one that does `more`, or an `error`."""


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


@pytest.mark.parametrize("judged", JUDGED, ids=[ascii(each["text"]) for each in JUDGED])
def test_whatever_a_server_takes_for_more_than_reading_is_refused(judged: dict[str, str]) -> None:
    refused = bool(refuse_writes(judged["text"]))
    assert refused == (judged["here"] == "refused")
    assert refused or judged["server"] != "more"


def test_the_server_judges_the_texts_so(server: Server) -> None:
    with driver(server) as connection, connection.session(default_access_mode="READ") as session:
        found = [{**each, "server": verdict(session, each["text"])} for each in JUDGED]
    assert found == JUDGED


def verdict(session: Session, text: str) -> str:
    """What a server takes a text for; nothing is run."""
    try:
        summary = session.run(f"EXPLAIN {text}").consume()
    except Neo4jError:
        return "error"
    more = any(name.startswith(("LoadCSV", "ProcedureCall", "Show", "Terminate")) for name in operators(summary.plan))
    return "more" if summary.query_type != "r" or more else "reads"


def operators(plan: Any) -> Iterator[str]:
    """The steps of a plan, with all below them."""
    yield plan["operatorType"]
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_comment_ends_where_that_of_a_server_does(end: str) -> None:
    found = parse(f"// a comment{end}MATCH (c:Company) // c{end}RETURN c.id AS region, count(c) AS value // d{end}")
    assert [item.alias for item in found.items] == ["region", "value"]
    with pytest.raises(QueryError, match="LOAD CSV is refused"):
        parse_statement(f"MATCH (c) // {end}LOAD CSV FROM 'x' AS row\nRETURN c")


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_no_other_character_ends_one(character: str) -> None:
    assert parse(f"MATCH (c) // x{character}LOAD CSV\nRETURN c.id AS region, 1 AS value").items
    assert refuse_writes(f"MATCH (c) // x{character}LOAD CSV FROM 'x' AS row\nRETURN c") == []


def test_a_line_of_a_place_ends_at_a_carriage_return_too() -> None:
    (fault,) = refuse_writes("MATCH (n)\r  DELETE n", "mine.cypher")
    assert fault.place == "mine.cypher:2:3"
