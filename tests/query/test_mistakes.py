"""What people write where Cypher has another way to say it: each gets a sentence at its place, and the next step."""

from __future__ import annotations

import time

import pytest

from ecosystem.errors import Finding, QueryError
from ecosystem.query.parser import parse_statement


def fault(text: str) -> Finding:
    with pytest.raises(QueryError) as caught:
        parse_statement(text, "q.cypher")
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("text", "place", "sentence", "hint"),
    [
        ("SELECT c.name FROM Company", "1:1", "SELECT is SQL", "MATCH, then WHERE"),
        ("MATCH n RETURN n", "1:9", "a node stands in parentheses", "(n)"),
        ("MATCH n:Company RETURN n", "1:8", "a node stands in parentheses", "(n:Label)"),
        ("MATCH (a)-[:X]->b RETURN a", "1:17", "a node stands in parentheses", "(n)"),
        ("MATCH (a)->(b) RETURN a", "1:11", "no link between two nodes", "-[:TYPE]->"),
        ("MATCH (a)-(b) RETURN a", "1:11", "no link between two nodes", "-[:TYPE]->"),
        ("MATCH (a)=>(b) RETURN a", "1:10", "no link between two nodes", "-[:TYPE]->"),
        ("MATCH (a)-[:X]>(b) RETURN a", "1:15", "no link between two nodes", "-[:TYPE]->"),
        ("MATCH (a)-[:X](b) RETURN a", "1:15", "no link between two nodes", "-[:TYPE]->"),
        ("MATCH (a)[:X](b) RETURN a", "1:10", "no link between two nodes", "-[:TYPE]->"),
        ("MATCH (a)(b) RETURN a", "1:10", "side by side", "a comma between two paths"),
        ("MATCH (a)-[:A,B]->(b) RETURN a", "1:14", "joined by |", "-[:A|B]->"),
        ("MATCH (a:A,B) RETURN a", "1:11", "joined by |", "(a:A|B)"),
        ("MATCH (n:$($x)) RETURN n", "1:10", "a label is written out", "labels(n)"),
        ("MATCH (n $x) RETURN n", "1:7", "the properties of a pattern are written out: {name: $value}", None),
        ("MATCH (a {name = 'x'}) RETURN a", "1:16", "a map says name: value", "{name: 'Example'}"),
        ("MATCH (a {'name': 'x'}) RETURN a", "1:11", "no quotation marks", "backticks"),
        ("MATCH (a) WHERE a.x == 1 RETURN a", "1:22", "equality is one =", None),
        ("MATCH (a) WHERE a.x != 1 RETURN a", "1:21", "unequal is <>", None),
        ("MATCH (a) WHERE !a.x RETURN a", "1:17", "a condition is turned by NOT", None),
        ("MATCH (a) WHERE a.x => 1 RETURN a", "1:22", "at least is >=", None),
        ("MATCH (a) WHERE a.x && a.y RETURN a", "1:21", "AND joins conditions", None),
        ("MATCH (a) WHERE a.x LIKE 'b%' RETURN a", "1:21", "no LIKE", "CONTAINS"),
        ("MATCH (a) WHERE a.x NOT LIKE 'b%' RETURN a", "1:21", "no LIKE", "CONTAINS"),
        ("MATCH (a) WHERE a.x IS NOT 5 RETURN a", "1:28", "followed by NULL", "<>"),
        ("MATCH (a) WHERE a.x IS 5 RETURN a", "1:24", "followed by NULL", "="),
        ("MATCH (a) WHERE a.x NOT IN [1] RETURN a", "1:21", "before the whole comparison", "NOT x IN"),
        ("MATCH (a) WHERE a.x NOT NULL RETURN a", "1:21", "IS is missing", "IS NOT NULL"),
        ("MATCH (a) WHERE a.x BETWEEN 1 AND 2 RETURN a", "1:21", "no BETWEEN", "1 <= x <= 2"),
        ("MATCH (a) WHERE AND a.x RETURN a", "1:21", "a condition is missing", None),
        ("MATCH (a) WHERE a.x > 1 AND RETURN a", "1:36", "a value is missing before this clause", None),
        ("MATCH (a) WHERE a.x > 1 WHERE a.y RETURN a", "1:25", "there is a WHERE already", "AND"),
        ("MATCH (a) RETURN a.x, count(*) GROUP BY a.x", "1:32", "no GROUP BY", "beside an aggregate"),
        ("MATCH (a) RETURN a.x HAVING count(*) > 1", "1:22", "no HAVING", "WITH"),
        ("MATCH (a) LEFT JOIN (b) RETURN a", "1:11", "no JOIN", "OPTIONAL MATCH"),
        ("MATCH (a) RETURN a WHERE a.x = 1", "1:20", "WHERE stands before RETURN", "WITH"),
        ("MATCH (a) RETURN a MATCH (b) RETURN b", "1:20", "RETURN ends a query", "UNION"),
        ("MATCH (a) RETURN a; MATCH (b) RETURN b", "1:21", "one query is asked at a time", "one after the other"),
        ("MATCH (a) RETURN a.x LIMIT 5 ORDER BY a.x", "1:30", "ORDER BY stands before", "SKIP"),
        ("MATCH (a) RETURN a.x LIMIT 5 OFFSET 2", "1:30", "SKIP stands before LIMIT", "LIMIT"),
        ("MATCH (a) RETURN a.x, ORDER BY a.x", "1:29", "a value is missing before this clause", None),
        ("MATCH (a) RETURN count(a.x,) AS n", "1:28", "nothing follows the comma", None),
        ("MATCH (a) RETURN a.x AS 'the x'", "1:25", "a name has no quotation marks", "backticks"),
        ("MATCH (a) RETURN a.x the_x", "1:22", "AS is missing before 'the_x'", None),
        ("MATCH (a) RETURN a.x a.y", "1:22", "a comma or AS is missing before 'a'", None),
        ("MATCH (a) RETURN 007 AS x", "1:18", "does not begin with 0", "0o"),
        ("MATCH (a) RETURN CASE WHEN a.x THEN 1 AS y", "1:39", "this CASE has no END", "END"),
        ("MATCH (a) RETURN a.x AS x, NaN AS y", "1:28", "NaN is a number", "backticks"),
        ("MATCH (a) WHERE (a.x = 1 RETURN a", "1:17", "'(' is never closed", None),
        ("MATCH (a", "1:7", "'(' is never closed", None),
        ("MATCH (a)) RETURN a", "1:10", "')' closes nothing", None),
        ("MATCH (a) WHERE a.x IN [1, 2) RETURN a", "1:24", "'[' is never closed", None),
        ("MATCH (a) WHERE a.x = 'b RETURN a", "1:23", "this quotation mark has no other", "is written"),
        ("MATCH (a) WHERE a.x = 'it's' RETURN a", "1:28", "this quotation mark has no other", "is written"),
        ("MATCH (a) WHERE a.x = 'it''s' RETURN a", "1:27", "two texts stand side by side", "is written"),
        ("MATCH (a) WHERE a.`x = 1 RETURN a", "1:19", "this quotation mark has no other", None),
        ("MATCH (a) /* x RETURN a", "1:11", "this comment has no end", "*/"),
        ("# all companies\nMATCH (a) RETURN a", "1:1", "a comment begins with //", None),
        ("MATCH (a)\nWHERE a.x > 1\n", "2:14", "ends too early: it has no RETURN", "RETURN"),
        ("MATHC (a) RETURN a", "1:1", "'MATHC' cannot stand here", "MATCH"),
        ("MATCH (a) RETUNR a", "1:11", "'RETUNR' cannot stand here", "RETURN"),
        ("MATCH （a:Company） RETURN a", "1:7", "'（' is no mark of Cypher: write '('", None),
        ("MATCH (a：Company) RETURN a", "1:9", "'：' is no mark of Cypher: write ':'", None),
        ("MATCH (a:Company)\nRETURN a.id，a.name", "2:12", "'，' is no mark of Cypher: write ','", None),
        ("MATCH (a:Company) RETURN a.id、a.name", "1:30", "write ','", None),
        ("MATCH (a) WHERE a.name = “北京” RETURN a", "1:26", "'“' is no mark of Cypher", None),
        ("MATCH (a) FINISH", "1:11", "FINISH returns nothing", None),
        ("PROFILE MATCH (a) RETURN a", "1:1", "leave it out", None),
        ("CYPHER runtime=slotted MATCH (a) RETURN a", "1:1", "leave them out", None),
        ("INSERT (a) RETURN a", "1:1", "a query only reads", None),
        ("SHOW INDEXES", "1:1", "a query only reads", None),
        ("CALL { MATCH (n) RETURN n } IN 2 CONCURRENT TRANSACTIONS RETURN n", "1:29", "a query only reads", None),
        ("MATCH (x) ((a)-[:R]->(b)) (y) RETURN a", "1:11", "stands beside another", "{1,3}"),
        ("MATCH (a)-[:R*1..2]->{2}(b) RETURN a", "1:10", "the length of a link is said twice", "one of them"),
    ],
)
def test_a_mistake_has_its_place_and_what_to_write_instead(
    text: str, place: str, sentence: str, hint: str | None
) -> None:
    found = fault(text)
    assert sentence in found.message
    assert found.place == f"q.cypher:{place}"
    assert (hint or "") in (found.hint or "")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "MATCH (a) WHERE " + "(" * 100_000 + "a.x" + ")" * 100_000 + " RETURN a",
        "RETURN " + "[" * 50_000 + "]" * 50_000 + " AS x",
        "MATCH (a) RETURN '" + "x" * 1_000_000,
        "/*" * 50_000,
        "RETURN " + "1" * 100_000 + " AS x",
        "RETURN " + "a." * 50_000 + " AS x",
        "MATCH " + "(a)-[:X]->" * 20_000 + " RETURN a",
        "RETURN " + "NOT " * 40_000 + "x AS y",
    ],
    ids=["opened", "nested", "lists", "text", "comments", "digits", "fields", "path", "not"],
)
def test_a_hostile_text_ends_soon_with_a_sentence(text: str) -> None:
    started = time.process_time()
    assert fault(text).message
    assert time.process_time() - started < 8


def test_a_text_of_a_million_characters_is_read() -> None:
    text = "x" * 1_000_000
    statement = parse_statement(f"RETURN '{text}' AS x")
    assert len(repr(statement)) > 1_000_000
