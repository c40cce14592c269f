"""Every form of reading Cypher that Neo4j 5.26 accepts: printed and read again it is the same tree, and is checked.

Neo4j 5.26.30 has explained each of these texts, or refused it for its meaning and not for its grammar.
"""

from __future__ import annotations

import pytest

from ecosystem.errors import QueryError
from ecosystem.model import load_model
from ecosystem.query import Schema, check, parse
from ecosystem.query.parser import parse_statement
from ecosystem.query.printer import statement_text
from ecosystem.query.statement_check import check_statement
from ecosystem.query.statement_tree import Statement
from ecosystem.query.syntax import Position

SCHEMA = Schema(load_model(), nodes={}, links={})
FORMS = """\
MATCH (a)<-[:ENABLES]->(b) RETURN a
MATCH (a)<-->(b) RETURN a
MATCH (a)\u2013[:ENABLES]\u2013(b) RETURN a
MATCH (a IS Company)-[t IS ENABLES]->(b) WHERE b IS Company RETURN a
MATCH (a:!Park&(Company|Investor)) RETURN a
MATCH (a:%)-[:!ENABLES]->(b:Company:Investor) RETURN a
MATCH (a)-[:ENABLES]->+(b)-[:ENABLES]->{2}(c)-[:ENABLES]->{,3}(d)-[:ENABLES]->*(e) RETURN a
MATCH (a)-[t:ENABLES WHERE t.year > 1]->{1,2}(b) RETURN a
MATCH p = (a) ((x)-[:ENABLES]->(y) WHERE x.id < y.id){1,3} (b) RETURN p
MATCH ((x)-[:ENABLES]->(y)){2} ((z)-[:ENABLES]->(w)){,3} RETURN 1 AS x
MATCH ((a)-[:ENABLES]->(b) WHERE a.id > b.id) RETURN a
MATCH p = SHORTEST 2 PATH GROUPS (a)-[:ENABLES]-+(b) RETURN p
MATCH p = ALL SHORTEST (a)-[:ENABLES]-+(b) RETURN p
MATCH p = ANY 2 PATHS (a)-[:ENABLES]-+(b) RETURN p
MATCH p = ALL PATHS (a)-[:ENABLES]-{1,2}(b) RETURN p
MATCH (a), (b) RETURN shortestPath((a)-[:ENABLES*..3]->(b)) AS p
MATCH (a:Company) USING RANGE INDEX a:Company(id) USING SCAN a:Company WHERE a.id = 'x' RETURN a
MATCH (a:Company)-->(b:Company) USING JOIN ON a, b RETURN a
MATCH (a:Company) ORDER BY a.id SKIP 1 LIMIT 2 RETURN a
MATCH (a:Company) WITH a WHERE a.id > 'b' ORDER BY a.id LIMIT 3 RETURN a
MATCH (a:Company) RETURN CASE a.patents WHEN > 4, 2 THEN 1 WHEN IS NULL THEN 2 ELSE 9 END AS x
MATCH (a:Company) RETURN CASE a.name WHEN STARTS WITH 'x', ENDS WITH 'y' THEN 8 WHEN =~ 'z.*' THEN 1 END AS x
MATCH (a:Company) RETURN CASE a.name WHEN IS NORMALIZED, IS TYPED STRING THEN 8 END AS x
MATCH (a:Company) RETURN a.name IS NOT NFKC NORMALIZED AS x, a.id IS NOT :: LIST<INTEGER NOT NULL | FLOAT> AS y
RETURN trim(BOTH 'x' FROM 'xax') AS a, trim(LEADING FROM ' a') AS b, trim(TRAILING 'x' FROM 'ax') AS c
RETURN trim('x' FROM 'x') AS d
MATCH (a:Company) RETURN count(ALL a.id) AS n, cOuNt( * )
MATCH (a:Company) RETURN [x IN [1, 2] WHERE x > 1 | x + 1] AS a, [(a)-[:ENABLES]->(b:Company|Investor) | b.id] AS b
MATCH (a:Company) RETURN [x IN [a] | x:Company|Investor] AS a, [x IN [a] WHERE x:Company|Investor | x.id] AS b
MATCH (a:Company) RETURN a {.*, .name, x: 1, a} AS m, {a: 1}['a'] AS n, [1, 2, 3][..-1] AS l
MATCH (a:Company) WHERE (a)-[:ENABLES]->() XOR NOT exists((a)<-[:ENABLES]-()) RETURN a
MATCH (a:Company) RETURN COUNT { (a)-[:ENABLES]->() } AS n, COLLECT { MATCH (b:Company) RETURN b.id ORDER BY b.id } AS l
MATCH (a:Company) CALL (a) { MATCH (a)-[:ENABLES]->(b) RETURN b UNION ALL MATCH (a)<-[:ENABLES]-(b) RETURN b } RETURN *
OPTIONAL CALL db.labels() YIELD label AS l WHERE l = 'x' RETURN l
CALL db.labels() YIELD *
CALL db.labels
UNWIND [1, 2] AS x RETURN reduce(s = 0, y IN [x] | s + y) AS s, single(y IN [x] WHERE y = 1) AS t
WITH 1 AS soci\u00e9t\u00e9, 2 AS SOCI UNWIND [soci\u00e9t\u00e9, SOCI] AS `as` RETURN `as` AS `order by`
WITH 1 AS match, 2 AS `by`, 3 AS case CALL (match) { RETURN match AS end } RETURN match + `by` + end + (case) AS x
WITH true AS or RETURN or OR or AS x ORDER BY x DESC
""".splitlines()


@pytest.mark.parametrize("text", FORMS)
def test_a_form_is_read_printed_and_checked(text: str) -> None:
    statement = parse_statement(text)
    printed = statement_text(statement)
    assert parse_statement(printed) == statement
    assert statement_text(parse_statement(printed)) == printed
    found = check_statement(statement, SCHEMA)
    assert all(fault.row and fault.column and fault.message for fault in found)
    try:
        faults = check(parse(text), SCHEMA)
    except QueryError as err:
        faults = err.findings
    assert all(fault.row and fault.column and fault.message for fault in faults)


def test_places_stay_what_they_are_where_brackets_are_marked() -> None:
    statement = parse_statement(
        "MATCH (a) WHERE (a)-[:ENABLES]->()\n AND [x IN [a] | x] = 1 RETURN a AS `b`,\n  (a) AS c"
    )
    assert isinstance(statement, Statement)
    items = statement.parts[-1].projection.items
    assert [item.position for item in items] == [Position(2, 32), Position(3, 3)]


@pytest.mark.parametrize(
    ("text", "place", "code", "sentence"),
    [
        ("MATCH (a:Company) WHERE (a)-[:ENABLES]->(x) RETURN a", "1:41", "unknown_variable", "names nothing new"),
        ("MATCH (a:Company) RETURN (a)-[:ENABLES]->() AS x", "1:26", "pattern_as_value", "and no value"),
        ("MATCH (a:Company) WITH a.name RETURN 1 AS x", "1:24", "no_alias", "WITH a.name needs a name"),
        ("MATCH () RETURN *", "1:17", "nothing_returned", "there is none"),
        ("MATCH (a:!Compny) RETURN a", "1:11", "unknown_label", "Compny is not a label"),
        ("MATCH (a)-[:!ENABELS]->(b) RETURN a", "1:14", "unknown_label", "ENABELS is not a link type"),
        ("MATCH (a) WHERE a:Compny RETURN a", "1:19", "unknown_label", "neither a label nor a link type"),
        ("CALL db.labels()", "1:1", "outside_subset", "db.labels is a procedure"),
        ("MATCH (a:Company) WHERE exists(a.name) RETURN a", "1:25", "outside_subset", "no longer Cypher"),
        ("MATCH p = SHORTEST 1 (a)-[:ENABLES]-+(b) RETURN p", "1:7", "outside_subset", "SHORTEST 1 is outside"),
        ("MATCH (a) ((x)-[:ENABLES]->(y)){1,2} (b) RETURN a", "1:11", "outside_subset", "that is repeated"),
        ("MATCH (a:Company) WHERE a.name IS :: STRING RETURN a", "1:25", "outside_subset", "a test of a type"),
    ],
)
def test_what_is_outside_has_its_place(text: str, place: str, code: str, sentence: str) -> None:
    (found,) = check_statement(parse_statement(text), SCHEMA, file="q.cypher")
    assert (found.place, found.code) == (f"q.cypher:{place}", code)
    assert sentence in found.message


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("MATCH (a)-[:ENABLES*]->(b:Company) RETURN 1 AS v", "1:10", "variable length without an upper bound"),
        ("MATCH p = (a)-[:ENABLES]->(b) RETURN 1 AS v", "1:7", "a name for a path"),
        ("MATCH shortestPath((a)-[:ENABLES]->(b)) RETURN 1 AS v", "1:7", "shortest paths"),
        ("MATCH (a)-->(b) RETURN 1 AS v", "1:10", "a link needs its type"),
        ("MATCH (a:Company) RETURN collect(a.id) AS v", "1:26", "a list is no value"),
        ("MATCH (a:Company) RETURN COLLECT { MATCH (b) RETURN b.id } AS v", "1:26", "this subquery is outside"),
    ],
)
def test_what_a_metric_has_not_has_its_place(text: str, place: str, sentence: str) -> None:
    found = check(parse(text), SCHEMA, file="m.cypher")
    assert (f"m.cypher:{place}", True) in [(fault.place, sentence in fault.message) for fault in found]
