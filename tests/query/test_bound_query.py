"""A query is named, bound and typed once; what is derived of it takes that, and says what a fresh binding would say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ecosystem.cli.main import app
from ecosystem.dataset import read_dataset
from ecosystem.errors import QueryError
from ecosystem.metrics import load_metrics, measure
from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query, bindings, bound_query, check, checked, parse, to_sql
from ecosystem.query.provenance import evidence, undated, windowed, without
from ecosystem.query.tree import PropertyOf
from ecosystem.query.types import Typer
from ecosystem.store import GraphStore, open_store

TESTS = Path(__file__).parents[1]
METRICS = load_metrics() | load_metrics(TESTS / "metrics" / "cases")
SCHEMA = Schema.of_model(load_model())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    found = open_store(tmp_path_factory.mktemp("bound") / "graph.duckdb", create=True)
    found.load(read_dataset(TESTS / "golden" / "dataset").dataset)
    yield found
    found.close()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many times something is named, and bound, from now on."""
    count: Counter[str] = Counter()

    def counted(what: str, real: Any) -> Any:
        def called(*given: Any, **named: Any) -> Any:
            count[what] += 1
            return real(*given, **named)

        return called

    monkeypatch.setattr(bound_query, "bind", counted("bound", bindings.bind))
    monkeypatch.setattr(bound_query._Namer, "__init__", counted("named", bound_query._Namer.__init__))
    return count


@pytest.mark.parametrize("name", ["company_count", "enablement_links", "financing_amount"])
def test_measuring_a_metric_binds_it_once(store: GraphStore, made: Counter[str], name: str) -> None:
    measures = measure(store, {name: METRICS[name]}, since=2000, until=2030)
    # the regions of the level are a query too
    assert made == {"named": 2, "bound": 2}
    evidence_of_it = measures.evidence(name)
    assert len(evidence_of_it)
    assert made == {"named": 2, "bound": 2}


def test_all_metrics_are_bound_once_each(store: GraphStore, made: Counter[str]) -> None:
    metrics = {name: metric for name, metric in METRICS.items() if metric.provenance == "monotone"}
    measure(store, metrics)
    assert made == {"named": len(metrics) + 1, "bound": len(metrics) + 1}


def test_a_walk_from_the_command_line_binds_a_metric_once(
    store: GraphStore, made: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = type(store).query

    def query(*given: Any, **named: Any) -> Any:
        asked.append(given[1])
        return real(*given, **named)

    monkeypatch.setattr(type(store), "query", query)
    result = CliRunner().invoke(app, ["metrics", "run", "company_count", "--store", store.url])
    assert result.exit_code == 0, result.output
    assert made["bound"] == made["named"] == len(asked)


@pytest.mark.parametrize("name", METRICS)
def test_what_is_derived_is_as_if_bound_anew(name: str) -> None:
    metric = METRICS[name]
    bound = bind_query(metric.query, SCHEMA, metric.parameter_types)
    derived = [evidence(bound), without(bound), evidence(without(bound))]
    if metric.dated is not None and metric.dating != "none":
        derived += [windowed(bound, metric.dating, metric.dated, 2000, 2020), undated(bound, metric.dated)]
    for query in derived:
        anew = bind_query(query.query, SCHEMA, query.parameters)
        assert to_sql(query) == to_sql(anew)
        assert query.bindings == anew.bindings
        assert query.entity_kinds == anew.entity_kinds


def test_types_are_those_that_the_check_found(monkeypatch: pytest.MonkeyPatch) -> None:
    metric = METRICS["enablement_links"]
    bound = checked(metric.query, SCHEMA, metric.parameter_types)
    monkeypatch.setattr(Typer, "_type_of", lambda *_: pytest.fail("typed again"))
    to_sql(bound)
    to_sql(evidence(bound))


def test_equal_numbers_of_two_types_keep_their_types() -> None:
    bound = checked(parse("MATCH (c:Company) RETURN sum(1) AS a, sum(1.0) AS b, sum(c.patents) AS n"), SCHEMA)
    assert [bound.type_of(item.expression) for item in bound.query.items] == ["integer", "float", "integer"]


def test_faults_have_the_names_that_were_written() -> None:
    text = """MATCH (a:Company)
WHERE EXISTS { MATCH (a)-[:ENABLES]->(b:Company) }
AND EXISTS { MATCH (a)-[:INVESTED_IN]->(b) WHERE b > 3 AND bb.id = 'x' }
RETURN a.id AS id"""
    found = check(parse(text), SCHEMA)
    assert [fault.code for fault in found] == ["type", "unknown_variable"]
    assert all("_2" not in str(fault) for fault in found)
    with pytest.raises(QueryError) as caught:
        checked(parse(text), SCHEMA)
    assert caught.value.findings == check(parse(text), SCHEMA)


def test_a_property_of_a_subquery_is_that_of_its_own_scope() -> None:
    text = "MATCH (a) WHERE EXISTS { MATCH (a)-[:WORKS_FOR]->(b) } RETURN a.id AS id"
    bound = bind_query(parse(text), SCHEMA)
    (inner,) = bound.scopes.values()
    assert inner.bindings.nodes["a"] == ("Person",)
    assert set(bound.bindings.nodes["a"]) > {"Person", "Company"}


def test_what_was_bound_before_a_load_is_bound_anew(store: GraphStore) -> None:
    old = bind_query(
        parse("MATCH (c:Company) RETURN c.no_longer AS x, c.id AS id"),
        Schema(load_model(), {"Company": {"no_longer": "string"}}),
    )
    assert old.type_of(PropertyOf("c", "no_longer")) == "string"
    assert len(store.query(old).read_all()) == store.schema.counts["Company"]
