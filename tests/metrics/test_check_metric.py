"""What makes a query a metric of this graph, and when a dataset says nothing on one."""

from __future__ import annotations

import pytest

from ecosystem.errors import Finding
from ecosystem.metrics import check_metric, load_metrics, parse_metric
from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query
from ecosystem.query.file_check import lacking

MATCH = """MATCH (c:Company)-[t:ENABLES]->(b:Company|University)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
"""
RETURN = "RETURN r.id AS region, count(t) AS value"


def text(body: str = MATCH + RETURN, dated: str = "flow t.year", above: str = "") -> str:
    return f"// title: Updated and dated links\n// unit: links\n{above}// dated: {dated}\n{body}\n"


def faults(body: str = MATCH + RETURN, dated: str = "flow t.year", above: str = "") -> list[Finding]:
    return list(check_metric(parse_metric(text(body, dated, above), "links.cypher")))


def test_the_metrics_of_the_package_pass() -> None:
    assert [fault for metric in load_metrics().values() for fault in check_metric(metric)] == []


@pytest.mark.parametrize(
    "value",
    [
        "count(*)",
        "count(DISTINCT b)",
        "avg(c.patents)",
        "sum(CASE WHEN c.listed THEN 1 ELSE 0 END)",
        "1.0 * count(t) / count(DISTINCT c)",
        "-sum(c.patents) + 2 * count(t) - $least",
        "100.0 * sum(c.revenue_cny_m) / sum(c.valuation_cny_m)",
        "sum(c.revenue_cny_m) ^ 0.5",
        "sum(DISTINCT c.patents) + avg(DISTINCT t.year)",
        "max(c.patents) - min(c.patents)",
        "1.0 * max(c.patents) / min(c.patents)",
        "percentileCont(c.revenue_cny_m, 0.9) / percentileCont(c.revenue_cny_m, 0.1)",
        "stDev(c.patents) / avg(c.patents)",
    ],
)
def test_values_that_can_be_recomputed_from_evidence(value: str) -> None:
    assert faults(f"{MATCH}RETURN r.id AS region, {value} AS value", above="// param: least = 1\n") == []


@pytest.mark.parametrize(
    ("returned", "code", "column", "message", "hint"),
    [
        (
            "r.id AS region",
            "columns",
            "8",
            "returns region, value, not region",
            "RETURN r.id AS region, count(t) AS value",
        ),
        ("r.id AS region, count(t) AS n", "columns", "8", "not region, n", "end with"),
        ("count(t) AS value, r.id AS region", "columns", "8", "not value, region", "end with"),
        ("r.id AS region, count(t) AS value, 1 AS x", "columns", "8", "not region, value, x", "end with"),
        ("r.id, count(t)", "columns", "8", "not r.id, count(t)", "end with"),
        ("r.name AS region, count(t) AS value", "region_column", "8", "not r.name", "(r:Region {level: $level})"),
        ("r AS region, count(t) AS value", "region_column", "8", "the id of a Region, not r", "r.id AS region"),
        ("c.id AS region, count(t) AS value", "region_column", "8", "not c.id", "r.id AS region"),
        ("'x' AS region, count(t) AS value", "region_column", "8", 'not "x"', "r.id AS region"),
        ("r.id AS region, t.year AS value", "value_column", "24", "an aggregate, not t.year", "count(x)"),
        ("r.id AS region, coalesce(avg(c.patents), 0) AS value", "value_column", "24", "coalesce(avg", "inside the"),
        ("r.id AS region, CASE WHEN true THEN count(*) END AS value", "value_column", "24", "CASE WHEN true", "inside"),
        ("r.id AS region, min(c.name) AS value", "value_type", "24", "min() gives a string here", "count whatever"),
        ("r.id AS region, max(c.listed) AS value", "value_type", "24", "max() gives a boolean here", "count whatever"),
        ("r.id AS region, count(t) > 1 AS value", "value_column", "24", "count(t) > 1 stands outside", "inside"),
    ],
)
def test_a_metric_returns_a_region_and_a_value(returned: str, code: str, column: str, message: str, hint: str) -> None:
    found = faults(f"{MATCH}RETURN {returned}")
    assert (found[0].code, found[0].place) == (code, f"links.cypher:6:{column}")
    assert message in found[0].message
    assert hint in (found[0].hint or "")


@pytest.mark.parametrize(
    ("dated", "code", "message", "hint"),
    [
        ("flow u.year", "dated_variable", "no node or link is called u", "known are: b, c, r, t"),
        ("flow tt.year", "dated_variable", "no node or link is called tt", "'t'"),
        ("flow _1.year", "dated_variable", "no node or link is called _1", None),
        ("flow t.yeer", "dated_property", "t.yeer is not a year of ENABLES", "'year'"),
        ("flow t.field", "dated_property", "t.field is not a year of ENABLES", "year"),
        ("stock b.year", "dated_property", "b.year is not a year of Company or University", "'founded_year'"),
        ("stock c.revenue_cny_m", "dated_property", "is not a year of Company", None),
    ],
)
def test_a_date_is_a_year_of_what_is_matched(dated: str, code: str, message: str, hint: str | None) -> None:
    (found,) = faults(dated=dated)
    assert (found.code, found.place) == (code, "links.cypher:3")
    assert message in found.message
    assert (hint or "") in (found.hint or "")


def test_the_line_of_a_date_is_found_wherever_it_stands() -> None:
    (found,) = check_metric(parse_metric("\n\n  " + text(dated="flow u.year"), "links.cypher"))
    assert found.row == 5


def test_faults_of_the_query_come_first_and_with_the_line_of_the_file() -> None:
    (found,) = faults(MATCH.replace("ENABLES", "ENABELS") + "RETURN r.id AS region", dated="flow u.year")
    assert (found.code, found.place) == ("unknown_link_type", "links.cypher:4:18")


def test_parameters_must_be_declared() -> None:
    (found,) = faults(MATCH + "WHERE c.patents > $least\n" + RETURN)
    assert (found.code, found.place) == ("unknown_parameter", "links.cypher:6:19")
    assert "// param: least = 1" in (found.hint or "")
    assert faults(MATCH + "WHERE c.patents > $least\n" + RETURN, above="// param: least = 3\n") == []
    body = MATCH + "WHERE c.layer IN $layers AND t.year >= $since\n" + RETURN
    assert faults(body, above="// param: layers = ['foundation']\n") == []


def test_the_schema_of_a_dataset_knows_more_properties() -> None:
    body = MATCH + "WHERE c.esg > 1\n" + RETURN
    (found,) = faults(body)
    assert found.code == "unknown_property"
    metric = parse_metric(text(body), "links.cypher")
    assert check_metric(metric, Schema(load_model(), {"Company": {"esg": "float"}})) == ()
    (other,) = check_metric(metric, Schema(load_model(), {"Company": {"esg": "string"}}))
    assert "mixes integer and string" in other.message


COUNTS = dict.fromkeys(["Region", "Company", "University", "LOCATED_IN", "WITHIN", "ENABLES"], 1)


def says_nothing(body: str, nodes: dict[str, str] | None = None, **counts: int) -> str | None:
    """Why a dataset with all counts 1, but for these, and these properties of companies says nothing on a metric."""
    held = Schema(
        load_model(),
        {"Company": nodes or {}, "Region": {"level": "string"}},
        {"ENABLES": {"year": "integer"}},
        COUNTS | counts,
    )
    return lacking(bind_query(parse_metric(text(body), "links.cypher").query, held))


@pytest.mark.parametrize(
    ("body", "properties", "reason"),
    [
        (RETURN, [], None),
        ("WHERE c.patents > 1 " + RETURN, ["patents"], None),
        ("WHERE c.patents > 1 " + RETURN, [], "the dataset has no value of Company.patents"),
        ("WHERE NOT c.listed " + RETURN, [], "the dataset has no value of Company.listed"),
        ("WHERE c.patents IS NULL " + RETURN, [], None),
        ("WHERE c.patents > 1 OR c.listed " + RETURN, ["listed"], None),
        ("WHERE c.patents > 1 OR c.listed " + RETURN, [], "has no value of Company.patents or Company.listed"),
        ("WHERE c.patents > 1 OR c.listed IS NULL " + RETURN, [], None),
        ("WHERE c.patents > 1 AND c.listed " + RETURN, ["patents"], "has no value of Company.listed"),
        ("RETURN r.id AS region, avg(c.patents) AS value", [], "has no value of Company.patents"),
        ("RETURN r.id AS region, avg(b.patents) AS value", [], "has no value of Company|University.patents"),
        (
            "RETURN r.id AS region, avg(coalesce(c.valuation_cny_m, c.market_cap_cny_m)) AS value",
            ["market_cap_cny_m"],
            None,
        ),
        (
            "RETURN r.id AS region, avg(coalesce(c.valuation_cny_m, c.market_cap_cny_m)) AS value",
            [],
            "has no value of Company.valuation_cny_m or Company.market_cap_cny_m",
        ),
        ("RETURN r.id AS region, sum(coalesce(c.patents, 0)) AS value", [], None),
        ("RETURN r.id AS region, sum(CASE WHEN c.listed THEN 1 ELSE 0 END) AS value", [], None),
        ("WHERE EXISTS { MATCH (c)-[:ENABLES]->(d) WHERE d.patents > 1 } " + RETURN, [], None),
    ],
)
def test_a_dataset_without_a_property_that_is_needed_says_nothing(
    body: str, properties: list[str], reason: str | None
) -> None:
    found = says_nothing(MATCH + body, dict.fromkeys(properties, "integer"))
    assert (found is None) == (reason is None)
    assert (reason or "") in (found or "")


def test_a_property_of_a_map_is_needed_as_one_of_where() -> None:
    body = MATCH.replace("(c:Company)", "(c:Company {layer: 'foundation'})") + RETURN
    assert says_nothing(body) == "the dataset has no value of Company.layer"
    assert says_nothing(body, {"layer": "string"}) is None


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({"Company": 0, "University": 0}, "the dataset has no Company node"),
        ({"University": 0}, None),
        ({"ENABLES": 0}, "the dataset has no ENABLES link"),
        ({"LOCATED_IN": 0}, "the dataset has no LOCATED_IN link"),
    ],
)
def test_a_dataset_without_a_label_or_link_type_says_nothing(counts: dict[str, int], reason: str | None) -> None:
    assert says_nothing(MATCH + RETURN, None, **counts) == reason


def test_of_several_labels_or_types_one_will_do() -> None:
    body = MATCH.replace("[t:ENABLES]", "[t:ENABLES|COLLABORATES_WITH]") + RETURN
    assert says_nothing(body) is None
    assert says_nothing(body, None, ENABLES=0) == "the dataset has no ENABLES or COLLABORATES_WITH link"


@pytest.mark.parametrize(("share", "found"), [("0.5", []), ("1", []), ("1.5", ["percentile"]), ("-1", ["percentile"])])
def test_the_parameter_of_a_percentile_is_from_0_to_1(share: str, found: list[str]) -> None:
    body = f"{MATCH}RETURN r.id AS region, percentileCont(c.patents, $share) AS value"
    assert [fault.code for fault in faults(body, above=f"// param: share = {share}\n")] == found
