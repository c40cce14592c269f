"""Metrics on a store: levels, windows, undated matches, what is missing and why, and the evidence in ids."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from graphs import REGIONS, Graph, Link, Node, dataset, graph

from ecosystem.errors import MetricError, RegionError, UsageError
from ecosystem.metrics import Measures, Metric, Window, load_metrics, measure, parse_metric
from ecosystem.store import GraphStore, open_store, stored_regions

GRAPH = graph(
    [
        Node("a", "Company", {"patents": 4, "founded_year": 2015, "revenue_cny_m": 1.5}),
        Node("b", "Company", {"patents": None, "founded_year": None, "revenue_cny_m": 2.5}),
        Node("c", "Company", {"patents": 2, "founded_year": 2020}),
        Node("d", "Company", {"patents": 9, "founded_year": 2021}),
        Node("e", "Company", {"patents": 9, "founded_year": 2021, "in_sample": False}),
    ],
    [
        Link("at-a", "LOCATED_IN", "a", "c1"),
        Link("at-b", "LOCATED_IN", "b", "c2"),
        Link("at-c", "LOCATED_IN", "c", "p2"),
        Link("at-e", "LOCATED_IN", "e", "p1"),
        Link("t1", "ENABLES", "a", "b", {"year": 2019}),
        Link("t2", "ENABLES", "a", "c", {"year": 2020}),
        Link("t3", "ENABLES", "a", "a", {"year": None}),
        Link("t4", "ENABLES", "c", "a", {"year": 2021}),
        Link("t5", "ENABLES", "b", "d", {"year": None}),
        Link("t6", "ENABLES", "d", "a", {"year": 2020}),
    ],
)
LOCATED = "MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})\n"


def opened(source: Graph, path: Path) -> GraphStore:
    store = open_store(path, create=True)
    store.load(dataset(source))
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    found = opened(GRAPH, tmp_path_factory.mktemp("measure") / "graph.duckdb")
    yield found
    found.close()


def metric(match: str, value: str, dated: str = "none", name: str = "m", above: str = "") -> Metric:
    header = f"// title: x\n// unit: x\n// dated: {dated}\n{above}"
    return parse_metric(f"{header}{match}\n{LOCATED}RETURN r.id AS region, {value} AS value", f"{name}.cypher")


COUNT = metric("MATCH (c:Company {in_sample: true})", "count(c)", "stock c.founded_year", "companies")
LINKS = metric("MATCH (c:Company {in_sample: true})-[t:ENABLES]->()", "count(t)", "flow t.year", "links")
MEAN = metric("MATCH (c:Company {in_sample: true})", "avg(c.patents)", name="mean")


def values(measures: Measures) -> dict[str, float]:
    return dict(zip(measures.values["region"], measures.values["value"], strict=True))


def undated(measures: Measures) -> dict[str, int]:
    return dict(zip(measures.undated["region"], measures.undated["undated"], strict=True))


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("country", {"CN": 3, "US": 0}),
        ("province", {"p1": 2, "p2": 1, "s1": 0}),
        ("city", {"c1": 1, "c2": 1}),
        ("group", {"group:g": 2}),
    ],
)
def test_every_region_of_a_level_has_a_value(store: GraphStore, level: str, expected: dict[str, int]) -> None:
    found = measure(store, [COUNT], level=level)
    assert values(found) == expected
    assert found.level == level
    assert str(found.values["metric"].unique()[0]) == "companies"


def test_an_unknown_level_names_those_there_are(store: GraphStore) -> None:
    with pytest.raises(UsageError, match="no region has the level 'provinces'") as caught:
        measure(store, [COUNT], level="provinces")
    assert "'province'" in str(caught.value)


@pytest.mark.parametrize(
    ("since", "until", "expected", "without_year"),
    [
        (None, None, {"p1": 4, "p2": 1, "s1": 0}, {"p1": 2}),
        (2020, None, {"p1": 1, "p2": 1, "s1": 0}, {"p1": 2}),
        (None, 2020, {"p1": 2, "p2": 0, "s1": 0}, {"p1": 2}),
        (2019, 2019, {"p1": 1, "p2": 0, "s1": 0}, {"p1": 2}),
        (1990, 1999, {"p1": 0, "p2": 0, "s1": 0}, {"p1": 2}),
    ],
)
def test_a_flow_counts_what_is_dated_inside(
    store: GraphStore, since: int | None, until: int | None, expected: dict[str, int], without_year: dict[str, int]
) -> None:
    found = measure(store, [LINKS], since=since, until=until)
    assert values(found) == expected
    assert undated(found) == without_year


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, {"p1": 2, "p2": 1, "s1": 0}),
        (2019, None, {"p1": 2, "p2": 1, "s1": 0}),
        (None, 2019, {"p1": 2, "p2": 0, "s1": 0}),
        (2018, 2020, {"p1": 2, "p2": 1, "s1": 0}),
        (None, 2014, {"p1": 1, "p2": 0, "s1": 0}),
    ],
)
def test_a_stock_counts_what_was_there_by_then_or_has_no_date(
    store: GraphStore, since: int | None, until: int | None, expected: dict[str, int]
) -> None:
    found = measure(store, [COUNT], since=since, until=until)
    assert values(found) == expected
    assert undated(found) == {"p1": 1}


def test_what_is_not_dated_is_not_touched_by_a_window(store: GraphStore) -> None:
    found = measure(store, [MEAN], since=1900, until=1901)
    assert values(found) == pytest.approx({"p1": 4.0, "p2": 2.0, "s1": math.nan}, nan_ok=True)
    assert found.undated.empty
    assert list(found.undated.columns) == ["metric", "region", "undated"]


def test_a_window_has_two_ends_in_order() -> None:
    assert not Window().given
    assert Window(since=2020).given
    assert [str(Window(*years)) for years in ((None, None), (2020, None), (None, 2021), (2020, 2021))] == [
        "",
        "2020-",
        "-2021",
        "2020-2021",
    ]
    with pytest.raises(UsageError, match="--since 2022 is after --until 2021"):
        Window(2022, 2021)


def test_parameters_of_the_window_and_of_the_header(store: GraphStore) -> None:
    match = "MATCH (c:Company {in_sample: true})-[t:ENABLES]->() WHERE t.year >= $since AND c.patents IN $few"
    found = metric(match, "count(t) + $more", above="// param: few = [2, 4]\n// param: more = 10\n")
    assert values(measure(store, [found], since=2020)) == {"p1": 11, "p2": 11, "s1": 10}
    assert values(measure(store, [found])) == {"p1": 10, "p2": 10, "s1": 10}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("count(t)", 0),
        ("count(DISTINCT t) + 1", 1),
        ("sum(c.patents)", 0),
        ("-sum(c.revenue_cny_m)", 0),
        ("avg(c.patents)", math.nan),
        ("avg(c.patents) + count(t)", math.nan),
        ("1.0 * sum(c.patents) / count(t)", math.nan),
        ("100.0 / count(t)", math.nan),
        ("sum(COUNT { MATCH (c)-[:ENABLES]->() })", 0),
        ("sum(COUNT { MATCH (c)-[:ENABLES]->(x) }) - sum(COUNT { MATCH (c)<-[:ENABLES]-(x) })", 0),
    ],
)
def test_counts_and_sums_of_nothing_are_0_means_and_ratios_are_missing(
    store: GraphStore, value: str, expected: float
) -> None:
    found = values(measure(store, [metric("MATCH (c:Company)-[t:ENABLES]->()", value)], level="country"))
    assert found["US"] == pytest.approx(expected, nan_ok=True)
    assert not math.isnan(found["CN"])


def test_what_a_region_lacks_is_missing_and_what_is_infinite_too(store: GraphStore) -> None:
    found = values(measure(store, [metric("MATCH (c:Company)", "sum(c.patents) / (sum(c.revenue_cny_m) - 4.0)")]))
    assert found == pytest.approx({"p1": math.nan, "p2": 2 / -4, "s1": 0.0}, nan_ok=True)
    assert math.copysign(1, found["s1"]) == 1


def test_large_integers_become_the_nearest_float(tmp_path: Path) -> None:
    huge = 2**53 + 1
    nodes = [Node("a", "Company", {"patents": huge})]
    store = opened(graph(nodes, [Link("l", "LOCATED_IN", "a", "p1")]), tmp_path / "g")
    measures = measure(store, [metric("MATCH (c:Company)", "sum(c.patents)", name="m")])
    assert values(measures)["p1"] == float(huge)
    assert measures.evidence("m").values() == {"p1": float(huge)}
    store.close()


@pytest.mark.parametrize("first", [0.0, -0.0])
def test_distinct_values_and_their_evidence_agree_on_zeros_and_on_what_is_no_number(
    tmp_path: Path, first: float
) -> None:
    scores = {"a": first, "b": -first, "c": first, "d": -0.5, "e": -first}
    nodes = [Node(name, "Company", {"score": score}) for name, score in scores.items()]
    links = [Link(f"at-{name}", "LOCATED_IN", name, "p1") for name in scores]
    store = opened(graph(nodes, links), tmp_path / "g")
    plain, quotient = (
        metric("MATCH (c:Company)", f"count(DISTINCT {text})", name=name)
        for name, text in (("plain", "c.score"), ("quotient", "c.score / c.score"))
    )
    measures = measure(store, [plain, quotient])
    told = {row.metric: row.value for row in measures.values.itertuples() if row.region == "p1"}
    assert told == {"plain": 2, "quotient": 5}  # 0.0 / 0.0 equals nothing, itself neither
    assert {name: measures.evidence(name).values()["p1"] for name in ("plain", "quotient")} == told
    store.close()


def test_metrics_on_which_the_dataset_says_nothing_are_listed_with_the_reason(store: GraphStore) -> None:
    found = measure(store, load_metrics())
    assert found.missing["university_count"] == "the dataset has no University node"
    assert found.missing["financing_links"] == "the dataset has no INVESTED_IN link"
    assert "company_count" not in found.missing
    assert found.table()["university_count"].isna().all()
    assert found.table().loc["p1", "company_count"] == 2
    assert list(found.table().columns) == list(load_metrics())
    assert len(found.values) == len(load_metrics()) * 3
    assert not found.evidence("university_count").values()


def test_a_column_of_blanks_is_a_missing_metric_not_a_zero(tmp_path: Path) -> None:
    nodes = [Node("i", "Investor"), Node("c", "Company")]
    links = [
        Link("l", "LOCATED_IN", "c", "p1"),
        Link("v", "INVESTED_IN", "i", "c", {"amount_cny_m": None, "round_id": "r"}),
    ]
    store = opened(graph(nodes, links), tmp_path / "g")
    found = measure(store, load_metrics())
    assert found.missing["financing_amount"] == "the dataset has no value of INVESTED_IN.amount_cny_m"
    assert found.table().loc["p1", "financing_links"] == 1
    store.close()


def test_faults_of_all_metrics_are_told_before_any_runs(store: GraphStore) -> None:
    wrong = [
        metric("MATCH (c:Company {x: 1})", "count(c)", name="one"),
        metric("MATCH (c:Compny)", "count(c)", name="two"),
    ]
    with pytest.raises(MetricError) as caught:
        measure(store, [COUNT, *wrong])
    assert [fault.file for fault in caught.value.findings] == ["one.cypher", "two.cypher"]


def test_no_metrics_are_no_values(store: GraphStore) -> None:
    found = measure(store, {})
    assert found.values.empty
    assert list(found.values.columns) == ["metric", "region", "value"]
    assert found.table().empty


def test_progress_is_told_for_each_metric(store: GraphStore) -> None:
    told: list[tuple[str, int, int | None]] = []
    measure(store, [COUNT, LINKS], progress=lambda *step: told.append(step))
    assert told == [("metrics", 0, 2), ("metrics", 1, 2), ("metrics", 2, 2)]


def test_evidence_has_ids_and_the_region_of_each_match(store: GraphStore) -> None:
    measures = measure(store, [LINKS], since=2020)
    evidence = measures.evidence("links")
    frame = evidence.frame().sort_values("link_t", ignore_index=True)
    assert frame.drop(columns=["node_1", "node_2", "link_3", "link_4"]).to_dict("records") == [
        {"region": "p1", "arg0": "t2", "node_c": "a", "node_r": "p1", "link_t": "t2"},
        {"region": "p2", "arg0": "t4", "node_c": "c", "node_r": "p2", "link_t": "t4"},
    ]
    assert len(evidence) == 2
    assert evidence.regions == ("p1", "p2")
    assert set(evidence.node_columns) == {"node_c", "node_r", "node_1", "node_2"}
    assert set(evidence.link_columns) == {"link_t", "link_3", "link_4"}
    assert evidence.frame("p2")["link_t"].tolist() == ["t4"]
    assert evidence.values() == {"p1": 1.0, "p2": 1.0}
    with pytest.raises(RegionError, match="no region of the store is called 'nowhere'"):
        evidence.frame("nowhere")


def test_evidence_of_what_was_not_measured_is_refused(store: GraphStore) -> None:
    with pytest.raises(MetricError, match="the metric 'company' was not measured") as caught:
        measure(store, [COUNT]).evidence("company")
    assert "'companies'" in str(caught.value)


def test_measures_are_frames(store: GraphStore) -> None:
    found = measure(store, {"companies": COUNT, "mean": MEAN})
    assert isinstance(found.to_pandas(), pd.DataFrame)
    frame = found.to_pandas()
    frame.loc[0, "value"] = 99
    assert found.values.loc[0, "value"] == 2
    assert found.table().index.tolist() == ["p1", "p2", "s1"]
    assert "–" in found._repr_html_()


def test_the_hierarchy_comes_back_out_of_the_store(store: GraphStore) -> None:
    found = stored_regions(store)
    assert [region.id for region in found] == sorted(region.id for region in REGIONS)
    assert found.closure() == REGIONS.closure()


def test_shipped_metrics_are_measured_by_name(store: GraphStore) -> None:
    assert list(measure(store, ["企业数量", "enablement_links", COUNT], level="省").metrics) == [
        "company_count",
        "enablement_links",
        COUNT.id,
    ]
    with pytest.raises(MetricError, match="there is no metric 'company_cuont'"):
        measure(store, ["company_cuont"])
