"""The law of evidence: values are the aggregates of their rows, and without a row's entities they are a reload's.

On the 24 metrics of the package and on the cases, one for each class and aggregate: of the golden dataset without each
of its nodes in turn and without some of its links, and of random graphs.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from cingai import cingai_metrics
from graphs import dataset, dataset_without
from hypothesis import given, settings
from hypothesis import strategies as st
from queries import random_graph

from ecosystem.dataset import Dataset, read_dataset
from ecosystem.metrics import Evidence, Measures, Metric, Window, load_metrics, measure
from ecosystem.metrics.measure import parameters_of
from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import name_all
from ecosystem.query.file_check import lacking
from ecosystem.query.traversal import subqueries
from ecosystem.query.tree import Match
from ecosystem.store import GraphStore, open_store

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
GOLDEN = read_dataset(HERE.parent / "golden" / "dataset").dataset
CASES = load_metrics(HERE / "cases")
METRICS = cingai_metrics() | CASES
KINDS = {
    name: kind
    for kind, table in {**GOLDEN.nodes, **GOLDEN.links}.items()
    if kind not in ("Region", "WITHIN")
    for name in table["id"].to_pylist()
}
NODES = [name for name, kind in KINDS.items() if kind in GOLDEN.nodes]
LINKS = [name for name, kind in KINDS.items() if kind in GOLDEN.links]


def opened(whole: Dataset, path: Path) -> GraphStore:
    store = open_store(path, create=True)
    store.load(whole)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    found = opened(GOLDEN, tmp_path_factory.mktemp("law") / "graph.duckdb")
    yield found
    found.close()


@pytest.fixture(scope="module")
def behind(store: GraphStore) -> dict[str, Evidence]:
    """The evidence of every metric at the level of provinces."""
    measures = measure(store, METRICS)
    assert not measures.missing
    return {name: measures.evidence(name) for name in METRICS}


def told(measures: Measures, metric: str) -> dict[str, float]:
    of_metric = measures.values[measures.values["metric"] == metric]
    return dict(zip(of_metric["region"], of_metric["value"], strict=True))


def asked(store: GraphStore, metric: Metric) -> dict[str, float]:
    """The values that the store adds up, of the regions with a match."""
    table = store.query(metric.query, parameters_of(metric, "province", Window())).read_all()
    found = zip(table["region"].to_pylist(), table["value"].to_pylist(), strict=True)
    return {region: math.nan if value is None or not math.isfinite(value) else value for region, value in found}


def rows(evidence: Evidence) -> Counter[str]:
    """The rows in ids, whatever their order."""
    return Counter(map(repr, evidence.frame().itertuples(index=False, name=None)))


def kinds_of(metric: Metric) -> set[str]:
    """The labels and link types that can take part in a match of a metric, or in one of its subqueries."""
    found: set[str] = set()

    def visit(matches: tuple[Match, ...], outer: Bindings) -> None:
        bindings = bind(matches, Schema(load_model()), outer)
        found.update(*bindings.nodes.values(), *bindings.links.values())
        for match in matches:
            for inner in subqueries(match):
                visit(inner.matches, bindings)

    query = name_all(metric.query)
    visit(query.matches, Bindings())
    for item in query.items:
        for inner in subqueries(item):
            visit(inner.matches, bind(query.matches, Schema(load_model())))
    return found


TOUCHED = {name: kinds_of(metric) for name, metric in METRICS.items()}


def check_removal(
    behind: Mapping[str, Evidence], whole: Dataset, gone: set[str], names: Collection[str], folder: Path
) -> None:
    """Evidence without some entities gives the values of a store that was loaded without them."""
    store = opened(dataset_without(whole, gone), folder / "reload.duckdb")
    for name in names:
        left, reloaded = behind[name].without(gone).values(), asked(store, METRICS[name])
        assert left == pytest.approx(reloaded, rel=1e-12, abs=0, nan_ok=True), (name, gone)
    store.close()


def test_every_class_is_among_the_metrics() -> None:
    classes = Counter(metric.provenance for metric in METRICS.values())
    assert all(classes[kind] >= 3 for kind in ("monotone", "witnessed", "recompute"))
    texts = " ".join(metric.text for metric in METRICS.values())
    for part in ("DISTINCT", "avg(", " / ", "CASE", "coalesce(", "NOT EXISTS", "COUNT {", "]-(", "AND EXISTS"):
        assert part in texts


@pytest.mark.parametrize("level", ["country", "province", "city", "group"])
@pytest.mark.parametrize("years", [(None, None), (2019, 2021), (None, 2018), (2020, None)])
def test_values_are_the_aggregates_of_their_rows(
    store: GraphStore, level: str, years: tuple[int | None, int | None]
) -> None:
    measures = measure(store, METRICS, level=level, since=years[0], until=years[1])
    for name in METRICS:
        values, again = told(measures, name), measures.evidence(name).values()
        assert set(again) <= set(values)
        # not one digit differs, floats too: both are rounded once
        assert {region: values[region] for region in again} == pytest.approx(again, rel=0, abs=0, nan_ok=True), name
        # where there is no row, there is nothing
        assert all(value == 0 or math.isnan(value) for region, value in values.items() if region not in again)


@pytest.mark.parametrize("gone", NODES[::3])
def test_without_a_node_values_are_those_of_a_reload(behind: dict[str, Evidence], gone: str, tmp_path: Path) -> None:
    touched = [name for name in METRICS if KINDS[gone] in TOUCHED[name]]
    for name in set(METRICS).difference(touched):
        if METRICS[name].provenance == "monotone":
            assert behind[name].without({gone}).table.equals(behind[name].table), name
    if touched:
        check_removal(behind, GOLDEN, {gone}, touched, tmp_path)


@pytest.mark.parametrize("gone", LINKS[::18])
def test_without_a_link_values_are_those_of_a_reload(behind: dict[str, Evidence], gone: str, tmp_path: Path) -> None:
    touched = [name for name in METRICS if KINDS[gone] in TOUCHED[name]]
    if touched:
        check_removal(behind, GOLDEN, {gone}, touched, tmp_path)


@pytest.mark.parametrize("seed", range(3))
def test_without_several_of_them_too_at_once_or_one_by_one(
    behind: dict[str, Evidence], seed: int, tmp_path: Path
) -> None:
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    gone = {*rng.sample(NODES, 4), *rng.sample(LINKS, 3)}
    check_removal(behind, GOLDEN, gone, METRICS, tmp_path)
    store = opened(dataset_without(GOLDEN, gone), tmp_path / "rows.duckdb")
    reloaded = measure(store, METRICS)
    for name, evidence in behind.items():
        left = evidence
        for one in sorted(gone):
            left = left.without([one])
        at_once = evidence.without(gone)
        assert left.removed == at_once.removed == gone
        assert rows(left) == rows(at_once) == rows(reloaded.evidence(name)), name
    store.close()


def test_a_match_with_two_witnesses_falls_with_the_second(behind: dict[str, Evidence]) -> None:
    witnessed = behind["any_investor"]
    assert witnessed.metric.provenance == "witnessed"
    investors = GOLDEN.nodes["Investor"]["id"].to_pylist()
    assert len(witnessed.without(investors)) == 0
    lengths = [len(witnessed)]
    left = witnessed
    for investor in investors:
        left = left.without([investor])
        lengths.append(len(left))
    # some investor is not the only one of any company: its leaving changes nothing
    assert lengths == sorted(lengths, reverse=True)
    assert any(one == other for one, other in pairwise(lengths))


def test_most_nodes_matter_to_some_metric(behind: dict[str, Evidence]) -> None:
    monotone = [evidence for evidence in behind.values() if evidence.metric.provenance == "monotone"]
    some = NODES[::5]
    matter = [name for name in some if any(len(each.without([name])) < len(each) for each in monotone)]
    assert len(matter) > len(some) / 2


def test_regions_and_unknown_ids_are_not_removed(behind: dict[str, Evidence]) -> None:
    regions = GOLDEN.nodes["Region"]["id"].to_pylist()
    closure = GOLDEN.links["WITHIN"]["id"].to_pylist()
    for name, evidence in behind.items():
        assert len(evidence.without([*regions, *closure, "nobody"])) == len(evidence), name


@pytest.mark.long
@settings(max_examples=6)
@given(seed=st.integers(100, 2**32))
def test_the_law_holds_on_random_graphs(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("random")
    graph = random_graph(seed)
    whole = dataset(graph)
    store = opened(whole, folder / "graph.duckdb")
    bound = {name: bind_query(metric.query, store.schema) for name, metric in METRICS.items()}
    chosen = {name: metric for name, metric in METRICS.items() if lacking(bound[name]) is None}
    measures = measure(store, chosen)
    behind = {name: measures.evidence(name) for name in chosen}
    for name, evidence in behind.items():
        assert evidence.values() == pytest.approx(asked(store, METRICS[name]), rel=0, abs=0, nan_ok=True), name
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    nodes = [node.id for node in graph.nodes if node.kind != "Region"]
    links = [link.id for link in graph.links if link.kind != "WITHIN"]
    check_removal(behind, whole, {*rng.sample(nodes, 2), *rng.sample(links, 2)}, chosen, folder)
    store.close()
