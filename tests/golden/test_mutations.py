"""Every slip of the pen in a metric file changes a golden cell, is refused, or is listed with the reason why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from brute_force import WINDOWS
from cingai import cingai_metrics
from engine_cells import Engine, Rows, golden_engine
from mutations import Mutant, mutants

from ecosystem.errors import InputError
from ecosystem.metrics import Metric, parse_metric

METRICS = cingai_metrics()

ONCE = "a node is located at most once and WITHIN is a set, so a region has each {} in one match only"
FIXED = "the link type has no other label at this end"

EVERYWHERE = {
    "(:Region) without Region": FIXED,
    "(r:Region) without Region": FIXED,
    "(k:Region) without Region": FIXED,
}
EQUIVALENT: dict[str, dict[str, str]] = {
    "company_count": {"count(DISTINCT c) for count(c)": ONCE.format("company")},
    "foundation_technology_companies": {"count(DISTINCT c) for count(c)": ONCE.format("company")},
    "enablement_links": {"count(DISTINCT t) for count(t)": ONCE.format("link")},
    "university_count": {"count(DISTINCT u) for count(u)": ONCE.format("university")},
    "institute_count": {"count(DISTINCT n) for count(n)": ONCE.format("institute")},
    "financing_links": {"count(DISTINCT t) for count(t)": ONCE.format("link"), "(c:Company) without Company": FIXED},
    "financing_amount": {"(c:Company) without Company": FIXED},
    "investment_links": {"count(DISTINCT t) for count(t)": ONCE.format("link"), "(:Company) without Company": FIXED},
    "intl_study": {"(p:Person) without Person": FIXED},
    "intl_work": {"(p:Person) without Person": FIXED},
    "intl_technology_input": {"count(DISTINCT t) for count(t)": ONCE.format("link")},
    "intl_enablement": {"count(DISTINCT t) for count(t)": ONCE.format("link")},
    "conference_count": {"count(DISTINCT x) for count(x)": ONCE.format("conference")},
    "alliance_count": {"count(DISTINCT a) for count(a)": ONCE.format("alliance")},
    "park_count": {"count(DISTINCT k) for count(k)": ONCE.format("park")},
    "policy_count": {"count(DISTINCT p) for count(p)": ONCE.format("policy")},
}

EXAMPLE = """\
// title: Example
// unit: links
// dated: flow t.year
MATCH (c:Company {in_sample: true, listed: true})-[t:ENABLES]->(b:Company|University)
WHERE t.year > 2000 AND (b.patents > 0 OR b.in_sample)
  AND EXISTS { MATCH (c)-[:COLLABORATES_WITH]-(b) WHERE b.id <> 'AND' }
MATCH (c)-[:LOCATED_IN]->(r:Region)
RETURN r.id AS region, sum(c.patents) / count(DISTINCT t) AS value
"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with golden_engine(tmp_path_factory.mktemp("golden")) as engine:
        yield engine


def every_mutant() -> Iterator[tuple[str, Mutant]]:
    return ((name, mutant) for name, metric in METRICS.items() for mutant in mutants(metric.text))


def is_equivalent(metric: str, mutant: Mutant) -> bool:
    return mutant.name.removesuffix(" (2)") in EVERYWHERE or mutant.name in EQUIVALENT.get(metric, {})


def tables(engine: Engine, metric: Metric) -> Iterator[dict[str, float] | Rows]:
    """The values of each window, then the evidence of each; the next is computed when it is asked for."""
    measured = [engine.measure(metric, "province", since, until) for since, until in WINDOWS]
    yield from map(engine.values, measured)
    yield from map(engine.evidence, measured)


@pytest.fixture(scope="module")
def golden(engine: Engine) -> dict[str, list[dict[str, float] | Rows]]:
    """The tables of each metric as it stands; `test_golden` holds them against the golden files."""
    return {name: list(tables(engine, metric)) for name, metric in METRICS.items()}


def changes(before: dict[str, float] | Rows, after: dict[str, float] | Rows) -> bool:
    return before != (after if isinstance(after, Counter) else pytest.approx(after, rel=1e-12, nan_ok=True))


@pytest.mark.parametrize(
    ("metric", "mutant"), [pytest.param(*each, id=f"{each[0]}: {each[1].name}") for each in every_mutant()]
)
def test_mutants_change_a_golden_cell_or_are_listed(
    engine: Engine, golden: dict[str, list[dict[str, float] | Rows]], metric: str, mutant: Mutant
) -> None:
    try:
        found = tables(engine, parse_metric(mutant.text, f"{metric}.cypher"))
        killed = any(changes(before, after) for before, after in zip(golden[metric], found, strict=True))
    except InputError:
        killed = True
    assert killed is not is_equivalent(metric, mutant)


def test_the_list_of_equivalents_names_mutants() -> None:
    names = {(metric, mutant.name) for metric, mutant in every_mutant()}
    assert all((metric, name) in names for metric, listed in EQUIVALENT.items() for name in listed)
    assert all(name in {mutant for _, mutant in names} for name in EVERYWHERE)


@pytest.mark.parametrize("kind", ["condition", "sample", "map", "distinct", "mean", "window"])
def test_what_is_valid_cypher_is_not_killed_by_refusal(engine: Engine, kind: str) -> None:
    for metric, mutant in every_mutant():
        if mutant.kind == kind:
            changed = parse_metric(mutant.text, f"{metric}.cypher")
            assert len(engine.measure(changed, "province", None, None).values) == 5, (metric, mutant.name)


def test_mutants_of_an_example() -> None:
    found = {mutant.name: mutant for mutant in mutants(EXAMPLE)}
    assert list(found) == [
        "without WHERE t.year > 2000",
        "without WHERE (b.patents > 0 OR b.in_sample)",
        "without WHERE EXISTS { MATCH (c)-[:COLLABORATES_WITH]-(b) WHERE b.id <> 'AND' }",
        "without WHERE b.id <> 'AND'",
        "<-[t:ENABLES]- for -[t:ENABLES]->",
        "-[:COLLABORATES_WITH]-> for -[:COLLABORATES_WITH]-",
        "<-[:COLLABORATES_WITH]- for -[:COLLABORATES_WITH]-",
        "<-[:LOCATED_IN]- for -[:LOCATED_IN]->",
        "(c:Company {in_sample: true, listed: true}) without in_sample: true",
        "(c:Company {in_sample: true, listed: true}) without listed: true",
        "count(t) for count(DISTINCT t)",
        "avg() for sum()",
        "(c:Company) without Company",
        "(b:Company|University) without Company",
        "(b:Company|University) without University",
        "(r:Region) without Region",
        "dated: none for flow t.year",
        "dated: stock t.year for flow t.year",
    ]
    assert "WHERE t.year > 2000 AND EXISTS {" in found["without WHERE (b.patents > 0 OR b.in_sample)"].text
    assert "-(b)\n}\nMATCH" in found["without WHERE b.id <> 'AND'"].text
    assert (
        "(c:Company {listed: true})-[t"
        in found["(c:Company {in_sample: true, listed: true}) without in_sample: true"].text
    )
    assert "(b:University)" in found["(b:Company|University) without Company"].text
    assert "\n// dated: none\n" in found["dated: none for flow t.year"].text


def test_a_clause_goes_with_its_where_unless_it_binds_what_is_returned() -> None:
    text = EXAMPLE.replace("MATCH (c)-[:LOCATED_IN]", "MATCH (c) WHERE c.patents > 0\nMATCH (c)-[:LOCATED_IN]")
    clauses = [mutant for mutant in mutants(text) if mutant.kind == "clause"]
    assert [mutant.name for mutant in clauses] == ["without MATCH (c) WHERE c.patents > 0"]
    assert clauses[0].text == EXAMPLE


def test_a_where_with_an_outer_or_is_one_condition() -> None:
    text = "// title: x\nMATCH (c:Company) WHERE c.patents > 1 AND c.listed OR c.unicorn\nRETURN count(c) AS value\n"
    (mutant,) = (mutant for mutant in mutants(text) if mutant.kind == "condition")
    assert mutant.text == "// title: x\nMATCH (c:Company)\nRETURN count(c) AS value\n"
