"""What the checker refuses: each fault with its code, its place, its sentence and the next step."""

from __future__ import annotations

import re

import pytest

from ecosystem.errors import Finding
from ecosystem.model import load_model
from ecosystem.query import Schema, check, parse
from ecosystem.query.printer import to_cypher

PARAMETERS = {"level": "string", "least": "integer", "layers": "list of string", "any": "unknown"}
SCHEMA = Schema(
    load_model(),
    nodes={"Company": {"tone": "string", "Ünï cödé": "integer"}, "University": {"tone": "integer"}},
    links={"ENABLES": {"strength": "float"}},
)


def faults(text: str) -> list[Finding]:
    return list(check(parse(text), SCHEMA, PARAMETERS, "m.cypher"))


def in_where(condition: str) -> str:
    return f"MATCH (a:Company)-[t:ENABLES]->(b:Company|Investor) WHERE {condition} RETURN count(*) AS v"


def in_return(item: str) -> str:
    return f"MATCH (a:Company)-[t:ENABLES]->(b:Company|Investor) RETURN {item}"


@pytest.mark.parametrize(
    "condition",
    [
        "a.patents > 1 AND b.name = 'x' OR NOT a.listed",
        "a.`Ünï cödé` = 1 AND t.strength < 0.5",
        "a.patents > b.founded_year",
        "a.patents + 0.5 >= 2 * a.revenue_cny_m",
        "1.0 * a.patents / b.founded_year > 0.5",
        "a.revenue_cny_m / 2 > 1",
        "a.name + 'x' = b.name",
        "a.layer IN ['foundation', 'technology'] AND NOT a.layer IN $layers",
        "a.patents IN [] AND a.patents IN [1, 2.5] AND a.patents IN $any",
        "a.name STARTS WITH 'x' AND a.name ENDS WITH b.name AND a.id CONTAINS $level",
        "a = b AND a <> b AND t IS NOT NULL",
        "CASE WHEN a.listed THEN true ELSE b.in_sample END",
        "CASE a.layer WHEN 'foundation' THEN 1 ELSE 2.5 END > 2",
        "coalesce(a.revenue_cny_m, a.valuation_cny_m, 0) > $least",
        "null OR true",
        "a.listed",
        "EXISTS { MATCH (a)-[:ENABLES]->(c:University) WHERE c.tone > 1 } AND NOT EXISTS { MATCH (c)-[:ENABLES]->(a) }",
        "COUNT { MATCH (a)-[:ENABLES]->() MATCH (a)-[:LOCATED_IN]->(r) } > 1",
        "EXISTS { MATCH (b:Company)-[:ENABLES]->() WHERE EXISTS { MATCH (b)<-[:INVESTED_IN]-(a) } }",
        "1 < a.patents <= 3 = 3",
        "a.market_cap_cny_m IS NULL",
    ],
)
def test_what_is_right_passes(condition: str) -> None:
    assert faults(in_where(condition)) == []


@pytest.mark.parametrize(
    "item",
    [
        "a.id AS region, count(*) AS value",
        "a.id AS region, b.name AS name, sum(a.patents) AS value",
        "avg(t.strength) + 1 AS value",
        "1.0 * sum(a.patents) / count(DISTINCT b) AS value",
        "sum(t.strength) / count(*) AS value",
        "a.name AS n, sum(a.patents) + 0 * count(b) AS value",
        "sum(CASE WHEN a.listed THEN 1 ELSE 0 END) AS value",
        "sum(COUNT { MATCH (a)-[:ENABLES]->() }) AS value",
        "-sum(a.patents) AS value",
        "a AS node, t AS link",
        "EXISTS { MATCH (a)-[:ENABLES]->() } AS has, count(*) AS n",
        "a.name AS n, coalesce(a.name, 'x') AS m",
    ],
)
def test_what_is_rightly_returned_passes(item: str) -> None:
    assert faults(in_return(item)) == []


@pytest.mark.parametrize(
    ("text", "place", "code", "message", "hint"),
    [
        ("MATCH (a:Compny) RETURN count(a) AS v", "1:7", "unknown_label", "Compny is not a label", "'Company'"),
        ("MATCH (a:company) RETURN count(a) AS v", "1:7", "unknown_label", "company is not a label", "'Company'"),
        ("MATCH (a)-[:ENABLE]->() RETURN count(a) AS v", "1:10", "unknown_link_type", "ENABLE is no", "'ENABLES'"),
        ("MATCH (a)-[t]->() RETURN count(t) AS v", "1:10", "untyped_link", "needs its type", "LOCATED_IN"),
        ("MATCH (a)-->() RETURN count(a) AS v", "1:10", "untyped_link", "needs its type", "-[t:ENABLES]->"),
        ("MATCH (_1:Company) RETURN count(_1) AS v", "1:7", "reserved_name", "the library's: _1", None),
        ("MATCH ()-[_2:ENABLES]->() RETURN count(_2) AS v", "1:9", "reserved_name", "the library's: _2", None),
        (in_where("a.patens > 1"), "1:59", "unknown_property", "Company has no property 'patens'", "'patents'"),
        (in_where("a._id = 1"), "1:59", "unknown_property", "no property '_id'", None),
        (in_where("b.patnts > 1"), "1:59", "unknown_property", "Company or Investor has no", "'patents'"),
        (in_where("t.yeer = 1"), "1:59", "unknown_property", "ENABLES has no property 'yeer'", "'year'"),
        (in_where("a.name = $leve"), "1:68", "unknown_parameter", "$leve is not declared", "'level'"),
        (in_where("c.name = 'x'"), "1:59", "unknown_variable", "variable c is not bound here", "known are: a, b, t"),
        (in_where("aa = a"), "1:59", "unknown_variable", "variable aa is not bound here", "'a'"),
        (
            "MATCH (a:Company) WHERE b.patents > 1 MATCH (b:University) RETURN count(a) AS v",
            "1:25",
            "unknown_variable",
            "variable b is not bound here",
            "known are: a",
        ),
        (
            "MATCH (a:Company) WHERE EXISTS { MATCH (a)-[:ENABLES]->(b) } RETURN count(b) AS v",
            "1:75",
            "unknown_variable",
            "variable b is not bound here",
            "known are: a",
        ),
        (
            "MATCH (t:Company) MATCH (a)-[t:ENABLES]->(b) RETURN count(t) AS v",
            "1:28",
            "node_and_link",
            "t is a link and a node at once",
            "another name",
        ),
        (
            "MATCH (a)-[t:ENABLES]->(t) RETURN count(t) AS v",
            "1:10",
            "node_and_link",
            "t is a link and a node at once",
            "another name",
        ),
        (
            "MATCH (a)-[t:ENABLES]->(b) MATCH (b)-[t:ENABLES]->(c) RETURN count(t) AS v",
            "1:37",
            "link_bound_twice",
            "link t is bound already",
            "another name",
        ),
        (
            in_where("EXISTS { MATCH (a)-[t:ENABLES]->() }"),
            "1:77",
            "link_bound_twice",
            "link t is bound already",
            "another name",
        ),
        (
            "MATCH (a:Company)-[:STUDIED_AT]->(b) MATCH (b)-[:LOCATED_IN]->(r) RETURN r.id AS region, count(a) AS v",
            "1:18",
            "impossible_pattern",
            "no STUDIED_AT link goes from Company to any node",
            "STUDIED_AT goes from Person to University|Institute",
        ),
        (
            "MATCH (a:Region)-[:LOCATED_IN]->(b:Company) RETURN count(a) AS v",
            "1:17",
            "impossible_pattern",
            "no LOCATED_IN link goes from Region to Company",
            "to Region",
        ),
        (
            "MATCH (a:Company)<-[:LOCATED_IN]-(b) RETURN count(a) AS v",
            "1:18",
            "impossible_pattern",
            "goes from any node to Company",
            "to Region",
        ),
        (
            "MATCH (a:Person)-[:INVESTED_IN]-(b) RETURN count(a) AS v",
            "1:17",
            "impossible_pattern",
            "joins Person and any node",
            "from Investor|Company to Company",
        ),
        (
            "MATCH (a:Company|Investor)-[:ACTIVE_IN]->() MATCH (a:Investor) RETURN count(a) AS v",
            "1:51",
            "impossible_pattern",
            "a is Company already: it cannot be Investor too",
            "one label",
        ),
        (in_where("a.patents"), "1:59", "type", "WHERE takes boolean, not integer", None),
        (in_where("a"), "1:59", "type", "WHERE takes boolean, not node", None),
        (in_where("a.name AND true"), "1:59", "type", "AND takes boolean, not string", None),
        (in_where("NOT a.patents"), "1:63", "type", "NOT takes boolean, not integer", None),
        (in_where("a.patents = '1'"), "1:59", "type", "= mixes integer and string", None),
        (in_where("a.listed = 1"), "1:59", "type", "= mixes boolean and integer", None),
        (in_where("a = t"), "1:59", "type", "= mixes link and node", None),
        (in_where("a < b"), "1:59", "type", "a node has no order", None),
        (in_where("a.listed < b.in_sample"), "1:59", "type", "no useful order", None),
        (in_where("[1] < [2]"), "1:59", "type", "a list of integer has no order", None),
        (in_where("a.patents STARTS WITH '1'"), "1:59", "type", "STARTS WITH takes string, not integer", None),
        (in_where("a.name + a.listed = 'x1'"), "1:59", "type", "+ takes numbers, not string", None),
        (in_where("-a.name = 'x'"), "1:60", "type", "- takes integer or float, not string", None),
        (in_where("-true = true"), "1:60", "type", "- takes integer or float, not boolean", None),
        (in_where("a.patents / 2 > 1"), "1:59", "type", "loses the remainder", "1.0 * a / b"),
        (in_where("coalesce(a.patents, 0.5) / 2 > 1"), "1:59", "type", "loses the remainder", "1.0 * a / b"),
        (in_where("CASE WHEN a.listed THEN 1 ELSE 0.5 END / 2 > 1"), "1:59", "type", "loses the remainder", None),
        (
            in_where("a.patents IN a.name"),
            "1:72",
            "type",
            "IN takes a list, not string",
            None,
        ),
        (in_where("a.patents IN $level"), "1:72", "type", "IN takes a list, not string", None),
        (in_where("a.patents IN ['x']"), "1:59", "type", "IN compares integer with string", None),
        (in_where("a.name IN ['x', 1]"), "1:69", "type", "a list mixes integer and string", None),
        (in_where("a.name IN ['x', null]"), "1:69", "type", "null in a list", "IS NULL beside it"),
        (in_where("CASE WHEN a.name THEN true END"), "1:69", "type", "CASE WHEN takes boolean, not string", None),
        (in_where("CASE a.name WHEN 1 THEN true END"), "1:76", "type", "CASE mixes integer and string", None),
        (in_where("CASE WHEN true THEN 1 ELSE 'x' END = 1"), "1:59", "type", "CASE mixes integer and string", None),
        (in_where("coalesce(a.name, 1) = 1"), "1:59", "type", "coalesce mixes integer and string", None),
        (in_return("median(a.patents) AS v"), "1:60", "outside_subset", "median() is", "write percentileCont(x, 0.5)"),
        (in_where("substr(a.name, 1) = 'x'"), "1:59", "outside_subset", "substr() is", "substring(s, start, length)"),
        (in_where("toUpper(a.patents) = 'x'"), "1:67", "type", "toUpper() takes string, not integer", None),
        ("MATCH (a:Company:Park) RETURN a", "1:7", "impossible_pattern", "no node can have these labels", "one label"),
        (in_where("sise(a.name) > 1"), "1:59", "outside_subset", "sise() is outside the subset", "did you mean 'size'"),
        (in_where("exists(a.name)"), "1:59", "outside_subset", "exists(...) of a property", "IS NOT NULL"),
        (in_where("coalesce(DISTINCT a.patents, 1) > 1"), "1:59", "type", "only aggregates take it", None),
        (in_where("count(a) > 1"), "1:59", "aggregate_in_where", "count(...)", "COUNT { MATCH ... }"),
        (
            in_where("EXISTS { MATCH (a)-[:ENABLES]->(c) WHERE sum(c.patents) > 1 }"),
            "1:100",
            "aggregate_in_where",
            "sum(...)",
            "COUNT { MATCH ... }",
        ),
        (in_where("EXISTS { MATCH (b:Company) }"), "1:59", "subquery_without_link", "needs a link", "in WHERE"),
        (in_return("stDev(a.patents, 1) AS v"), "1:60", "type", "stDev() takes one argument, not 2", None),
        (in_return("count(a, b) AS v"), "1:60", "type", "count() takes one argument, not 2", None),
        (
            in_return("percentileCont(a.patents) AS v"),
            "1:60",
            "type",
            "percentileCont() takes 2 arguments, not 1",
            None,
        ),
        (
            in_return("percentileCont(a.patents, a.patents) AS v"),
            "1:86",
            "type",
            "a constant or a parameter",
            "percentileCont(x, 0.5)",
        ),
        (in_return("percentileDisc(a.patents, 1.5) AS v"), "1:86", "percentile", "from 0 to 1", "the median"),
        (in_return("percentileDisc(a.patents, 'a') AS v"), "1:86", "type", "takes integer or float, not string", None),
        (in_return("percentileDisc(a.patents, null) AS v"), "1:86", "type", "a constant or a parameter", None),
        (in_return("stDev(a.name) AS v"), "1:66", "type", "stDev takes integer or float, not string", None),
        (in_return("max(a) AS v"), "1:64", "type", "max takes integer", None),
        (in_return("max(a.patents) / min(a.patents) AS v"), "1:60", "type", "loses the remainder", "1.0 * a / b"),
        (
            in_return("percentileCont(a.patents, 0.5) / count(*) AS v"),
            "1:60",
            "type",
            "loses the remainder",
            "1.0 * a / b",
        ),
        (in_return("sum(a.name) AS v"), "1:64", "type", "sum takes integer or float, not string", None),
        (in_return("avg(a) AS v"), "1:64", "type", "avg takes integer or float, not node", None),
        (in_return("sum(null) AS v"), "1:60", "type", "sum(null) adds up nothing", None),
        (in_return("sum(a.patents) / count(*) AS v"), "1:60", "type", "loses the remainder", "1.0 * a / b"),
        (
            in_return("sum(coalesce(t.strength, 0)) / count(*) AS v"),
            "1:60",
            "type",
            "loses the remainder",
            "1.0 * a / b",
        ),
        (in_return("sum(count(a)) AS v"), "1:60", "nested_aggregate", "sum(...) aggregates an aggregate", None),
        (
            in_return("a.patents + count(*) AS v"),
            "1:60",
            "ungrouped",
            "a.patents stands beside",
            "inside the aggregate",
        ),
        (in_return("count(*) + COUNT { MATCH (a)-[:ENABLES]->() } AS v"), "1:71", "ungrouped", "a subquery", None),
        (in_return("a.id AS v, count(*) AS v"), "1:71", "duplicate_column", "column v is returned twice", None),
    ],
)
def test_each_fault_has_its_place_and_the_next_step(
    text: str, place: str, code: str, message: str, hint: str | None
) -> None:
    found = faults(text)
    assert [(fault.place, fault.code, fault.severity) for fault in found] == [(f"m.cypher:{place}", code, "error")]
    assert message in found[0].message
    assert (hint or "") in (found[0].hint or "")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("MATCH (a:Company {patents: 'x'}) RETURN count(a) AS v", "1:7", 'patents is integer, but "x" is string'),
        ("MATCH (a:Company {patents: null}) RETURN count(a) AS v", "1:7", "patents is integer, but null is null"),
        ("MATCH ()-[t:ENABLES {year: '2020'}]->() RETURN count(t) AS v", "1:9", "year is integer"),
        ("MATCH (a:Company {patents: count(*)}) RETURN count(a) AS v", "1:7", "compared with a constant"),
    ],
)
def test_property_maps_hold_what_the_property_holds(text: str, place: str, message: str) -> None:
    (found,) = faults(text)
    assert found.place == f"m.cypher:{place}"
    assert message in found.message


def test_a_property_map_may_speak_of_what_its_match_binds() -> None:
    assert faults("MATCH (a:Company)-[:ENABLES]->(b:Company {patents: a.patents}) RETURN count(a) AS v") == []


def test_a_property_of_two_types_is_refused_until_one_label_is_named() -> None:
    (found,) = faults("MATCH (a:Company|University) WHERE a.tone IS NULL RETURN count(a) AS v")
    assert found.message == "a.tone has several types (Company: string, University: integer)"
    assert found.hint == "name one label"
    named = "MATCH (a:Company|University) WHERE EXISTS { MATCH (a:University)-[:ENABLES]->() WHERE a.tone > 1 }"
    assert faults(f"{named} RETURN count(a) AS v") == []


def test_all_faults_are_told_at_once() -> None:
    text = "MATCH (a:Company)-[:ENABLES]->(b) WHERE a.x = 1 AND b.y = 2 AND c RETURN a.z AS v, count(*) - b.id AS v"
    assert [fault.code for fault in faults(text)] == [
        "unknown_property",
        "unknown_property",
        "unknown_variable",
        "unknown_property",
        "duplicate_column",
        "type",
        "ungrouped",
    ]


def test_names_that_the_library_gives_do_not_show() -> None:
    same = "MATCH (a:Company)-[:ENABLES]->() WHERE EXISTS { MATCH (a)-[:ENABLES]->(b) }"
    same = f"{same} AND EXISTS {{ MATCH (b)-[t:ENABLES]->()"
    told = "\n".join(
        map(str, faults(f"{same} MATCH ()-[t:ENABLES]->(b) WHERE b.x = 1 AND c }} RETURN sum(sum(1)) AS v"))
    )
    assert "link t is bound already" in told
    assert "known are: a, b, t" in told
    assert not re.search(r"_\d", told)


@pytest.mark.parametrize(
    ("text", "kind", "lines"),
    [
        (
            "MATCH (a:Company {listed: true})-[:LOCATED_IN]->(r), (b:University)-[:LOCATED_IN]->(r) "
            "WHERE a.name = b.name",
            "LOCATED_IN",
            [
                "MATCH (a:Company {listed: true})-[:LOCATED_IN]->(r)",
                "MATCH (b:University)-[:LOCATED_IN]->(r) WHERE a.name = b.name",
            ],
        ),
        (
            "MATCH (a:Company)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region)<-[:WITHIN]-(:Region)<-[:LOCATED_IN]-(b)",
            "LOCATED_IN",
            [
                "MATCH (a:Company)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region)",
                "MATCH (r)<-[:WITHIN]-(:Region)<-[:LOCATED_IN]-(b)",
            ],
        ),
        (
            "MATCH (a:Company)-[:LOCATED_IN]->(:Region {level: 'city'})<-[:LOCATED_IN]-(b)",
            "LOCATED_IN",
            [
                'MATCH (a:Company)-[:LOCATED_IN]->(n1:Region {level: "city"})',
                "MATCH (n1)<-[:LOCATED_IN]-(b)",
            ],
        ),
        (
            "MATCH (a)-[t:ENABLES]->(b:Company)-[:LOCATED_IN]->(r), (a)-[u:ENABLES]->(c)-[:LOCATED_IN]->(r), (n1:Park)",
            "LOCATED_IN",
            [
                "MATCH (a)-[t:ENABLES]->(b:Company), (a)-[u:ENABLES]->(c), (n1:Park)",
                "MATCH (b)-[:LOCATED_IN]->(r)",
                "MATCH (c)-[:LOCATED_IN]->(r)",
            ],
        ),
        ("MATCH (c)-[:WITHIN]->(p)-[:WITHIN]->(k)", "WITHIN", ["MATCH (c)-[:WITHIN]->(p)", "MATCH (p)-[:WITHIN]->(k)"]),
    ],
)
def test_two_chains_to_a_place_in_one_match_are_refused_with_the_form_that_passes(
    text: str, kind: str, lines: list[str]
) -> None:
    (found,) = faults(f"{text} RETURN count(*) AS v")
    assert (found.code, found.row) == ("shared_place", 1)
    assert found.message.startswith(f"{kind} stands twice in one MATCH")
    assert found.hint is not None
    first, *rewritten = found.hint.split("\n")
    assert first == "write one MATCH per location chain:"
    assert rewritten == lines
    assert faults("\n".join([*rewritten, "RETURN count(*) AS v"])) == []


def test_a_shared_place_is_found_in_subqueries_too() -> None:
    (found,) = faults(in_where("EXISTS { MATCH (a)-[:LOCATED_IN]->(r), (b)-[:LOCATED_IN]->(r) }"))
    assert (found.code, found.place) == ("shared_place", "m.cypher:1:101")


def test_one_chain_for_each_match_passes() -> None:
    text = """
    MATCH (a:Company)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
    MATCH (b:University)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r)
    RETURN r.id AS region, count(*) AS value
    """
    assert faults(text) == []
    assert faults(to_cypher(parse(text))) == []
