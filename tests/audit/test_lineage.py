"""The parts of a score add up to it, and what they rest on is what pandas finds in the files, to the line."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from audit_index import metric_index, scored
from graphs import dataset
from hypothesis import given, settings
from hypothesis import strategies as st
from queries import random_graph

from ecosystem.audit import explain, knockout, trace, versus
from ecosystem.dataset import read_dataset
from ecosystem.errors import DatasetError
from ecosystem.imports import import_source
from ecosystem.index import Source, load_index
from ecosystem.metrics import load_metrics
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import Call
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.synthesize import synthesize

TESTS = Path(__file__).parents[1]
METRICS = load_metrics() | load_metrics(TESTS / "metrics" / "cases")
WITHOUT_SHARES = ("share_of_rounds", "amount_per_round")
"""Monotone metrics that are ratios."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("lineage") / "graph.duckdb", create=True)
    yield store
    store.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Scores]]:
    """A synthesized dataset, and its scores."""
    folder = tmp_path_factory.mktemp("made")
    synthesize(folder / "data", companies=300, links=3000, seed=7)
    values = "region,indicator,year,value\n四川省,gdp,2020,5\n四川省,gdp,2021,6\n湖北省,gdp,2021,4\n北京市,gdp,2021,9\n"
    (folder / "data" / "region_values.csv").write_text(values, encoding="utf-8")
    with_store = open_store(folder / "graph.duckdb", create=True)
    with_store.load(read_dataset(folder / "data").dataset)
    yield folder / "data", score(load_index("cingai-2023"), with_store)
    with_store.close()


@pytest.mark.parametrize("region", ["四川省", "110000", "Tibet"])
def test_the_parts_are_the_score(made: tuple[Path, Scores], region: str) -> None:
    found = explain(made[1], region, top=3)
    assert found.adds_up
    steps = found.steps.set_index("code")
    assert found.total == pytest.approx(steps.loc["competitiveness", "points"], abs=1e-9)
    assert found.parts["points"].sum() == pytest.approx(steps.loc["competitiveness", "points"], abs=1e-9)
    shown = found.parts.groupby("code")["points"].sum()
    for code, points in steps.loc[steps["level"] == 1, "points"].items():
        assert shown.get(code, 0.0) == pytest.approx(points, abs=1e-9), code
    named = found.parts[found.parts["id"] != ""]
    assert (named.groupby("code").size() <= 3).all()


def _has_shares(call: Call) -> bool:
    """Whether a match has a share in an aggregate: not in a minimum, a percentile, a deviation, of distinct values."""
    return call.function in ("count", "sum", "avg") and not (call.distinct and call.function != "count")


@pytest.mark.long
@settings(max_examples=5)
@given(st.integers(0, 10_000))
def test_parts_of_random_graphs_add_up(store: GraphStore, seed: int) -> None:
    """Under every monotone metric that has shares, some of them the less the better, in every region."""
    names = [name for name, metric in METRICS.items() if metric.provenance == "monotone" and name not in WITHOUT_SHARES]
    names = [name for name in names if all(map(_has_shares, aggregates(METRICS[name].query.items[-1].expression)))]
    whole = dataset(random_graph(seed))
    regions = [region.id for region in whole.regions.at("province")]
    index = metric_index([Source("metric", name) for name in names], regions, reverse=names[::5])
    scores = scored(store, whole, index, METRICS)
    for place, region in enumerate(regions):
        found = explain(scores, region, top=1)
        assert found.adds_up
        assert found.total == pytest.approx(scores.standing.overall[place], abs=1e-9)
        for line in found.lines:
            value = scores.standing.raw[place, line.place]
            if len(line.codes):
                assert line.shares.sum() == pytest.approx(value, rel=1e-9, abs=1e-12), names[line.place]


def by_pandas(folder: Path) -> pd.DataFrame:
    """The enablement links of sample companies, with province and line, out of the CSV files alone."""
    companies = pd.read_csv(folder / "companies.csv", dtype={"in_sample": "str"})
    companies = companies[companies["in_sample"].fillna("true").str.lower() != "false"]
    located = pd.read_csv(folder / "located_in.csv", dtype="str").rename(columns={"to": "place"})
    links = pd.read_csv(folder / "enables.csv").assign(line=lambda frame: frame.index + 2)
    links = links[links["from"].isin(companies["id"])].merge(located[["from", "place"]], on="from")
    # codes of China are of six digits, the first two are the province
    return links.assign(province=links["place"].where(links["place"].str.fullmatch(r"\d{6}")).str[:2] + "0000")


def test_evidence_is_what_pandas_finds(made: tuple[Path, Scores]) -> None:
    expected = by_pandas(made[0])
    for region in ("110000", "510000", "440000"):
        found = explain(made[1], region, indicator="enablement_links", top=10_000).rows(made[0])
        links = found[found["kind"] == "ENABLES"]
        wanted = expected[expected["province"] == region]
        assert len(wanted) > 3
        assert sorted(links["line"]) == sorted(wanted["line"])
        assert set(links["file"]) == {"enables.csv"}
        assert set(links["entity"]) == set(wanted["from"])
    nodes = found[found["role"] == "c"]
    companies = pd.read_csv(made[0] / "companies.csv")
    assert (companies["id"].to_numpy()[nodes["line"].to_numpy(dtype=int) - 2] == nodes["id"].to_numpy()).all()


def test_every_row_of_every_indicator_has_its_line(made: tuple[Path, Scores]) -> None:
    found = explain(made[1], "四川省", top=2).rows(made[0])
    assert found["line"].notna().all()
    for file, rows in found.groupby("file"):
        frame = pd.read_csv(made[0] / str(file), dtype="str")
        there = frame.iloc[rows["line"].to_numpy(dtype=int) - 2]
        if "id" in frame.columns and frame["id"].notna().all():
            assert there["id"].tolist() == rows["id"].tolist()


def test_lines_are_refused_where_the_files_are_others(made: tuple[Path, Scores], tmp_path: Path) -> None:
    shutil.copytree(made[0], tmp_path / "data")
    with (tmp_path / "data" / "companies.csv").open("a", encoding="utf-8") as file:
        file.write("another,Another\n")
    found = explain(made[1], "四川省", indicator="company_count", top=2)
    with pytest.raises(DatasetError, match="not the dataset that was loaded"):
        found.rows(tmp_path / "data")
    with pytest.raises(DatasetError, match="is not here"):
        found.rows(tmp_path / "absent")


def test_a_column_ends_at_the_row_of_its_table(made: tuple[Path, Scores]) -> None:
    sources = [Source("metric", "company_count"), Source("column", "gdp")]
    index = metric_index(sources, ["510000", "420000", "110000"])
    scores = score(index, made[1].graph)
    found = explain(scores, "510000", indicator="gdp")
    assert found.total == pytest.approx(scores.standing.weighted[0, 1])
    assert found.parts[["kind", "name"]].to_numpy().tolist() == [["table", "column:gdp"]]
    (row,) = found.rows(made[0]).to_dict("records")
    assert (row["file"], row["line"], row["share"]) == ("region_values.csv", 3, 6.0)
    assert "without links behind it" in found.lines[0].rule


def test_without_shares_the_effects_are_exact_and_do_not_add_up(store: GraphStore) -> None:
    names = [*WITHOUT_SHARES, "any_investor", "without_investor"]
    golden = read_dataset(TESTS / "golden" / "dataset").dataset
    regions = [region.id for region in golden.regions.at("province")]
    scores = scored(store, golden, metric_index([Source("metric", name) for name in names], regions), METRICS)
    found = explain(scores, "320000", top=4)
    assert not found.adds_up
    assert set(found.steps["rule"]) - {""} == {
        "do not add up (a ratio or product of aggregates): the effect of removing each one alone",
        "do not add up (a metric of class witnessed): the effect of removing each one alone",
        "do not add up (a metric of class recompute): the effect of removing each one alone",
    }
    place = scores.standing.regions.index("320000")
    shown = found.parts[found.parts["id"] != ""]
    assert set(shown["code"]) == set(names)
    for part in shown.to_dict("records"):
        after = knockout(scores, [part["id"]]).after
        at = names.index(part["code"])
        change = after.raw[place, at] - scores.standing.raw[place, at]
        assert part["effect"] == pytest.approx(change, abs=1e-9, nan_ok=True)
        assert part["effect_score"] == pytest.approx(after.overall[place] - scores.standing.overall[place], abs=1e-9)


def test_a_mean_has_both_the_share_and_the_effect(made: tuple[Path, Scores]) -> None:
    found = explain(made[1], "四川省", indicator="company_mean_patents", top=5)
    frame = made[1].evidence("company_mean_patents").frame("510000")
    patents = frame.set_index("node_c")["arg0"].dropna()
    for part in found.parts[found.parts["id"] != ""].to_dict("records"):
        assert part["share"] == pytest.approx(patents[part["id"]] / len(patents))
        left = patents.drop(part["id"])
        assert part["effect"] == pytest.approx(left.mean() - patents.mean())


def test_an_organisation_is_traced(made: tuple[Path, Scores]) -> None:
    scores = made[1]
    frame = scores.evidence("enablement_links").frame()
    entity = frame.groupby("node_b")["region"].nunique().sort_values().index[-1]
    found = trace(scores, str(entity)).counts
    links = found[found["code"] == "enablement_links"]
    expected = frame[(frame["node_c"] == entity) | (frame["node_b"] == entity)].groupby("region").size()
    assert dict(zip(links["region"], links["matches"], strict=True)) == expected.to_dict()
    shares = frame[frame["node_c"] == entity].groupby("region").size()
    for row in links.to_dict("records"):
        assert row["share"] == shares.get(row["region"], 0)
        assert row["effect"] == -expected[row["region"]]


def test_a_difference_adds_up(made: tuple[Path, Scores]) -> None:
    scores = made[1]
    regions = scores.standing.regions
    for one, other in (("四川省", "湖北省"), ("Tibet", "北京市")):
        found = versus(scores, one, other, top=2)
        pair = [scores.standing.overall[regions.index(each.region)] for each in (found.one, found.other)]
        difference = pair[0] - pair[1]
        assert found.steps["difference"].iloc[0] == pytest.approx(difference, abs=1e-12)
        assert math.fsum(found.steps.loc[found.steps["level"] == 1, "difference"]) == pytest.approx(
            difference, abs=1e-9
        )
        assert np.nansum(found.parts["difference"]) == pytest.approx(difference, abs=1e-9)


def test_other_rules_of_aggregation_have_no_points_that_add_up(made: tuple[Path, Scores]) -> None:
    """An index whose rules are not min-max, sum and zero: shares of the value, effects, the rule."""
    scores = made[1]
    other = replace(scores.index.missing, rule="skip")
    rules = replace(scores, standing=replace(scores.standing, index=replace(scores.index, missing=other)))
    rules = replace(rules, index=rules.standing.index)
    found = explain(rules, "四川省", indicator="enablement_links", top=3)
    assert not found.adds_up
    (rule,) = set(found.steps["rule"]) - {""}
    assert rule.startswith("do not add up to the score (minmax, weighted_sum, missing values: skip)")
    assert found.parts["points"].isna().all()
    straight = explain(scores, "四川省", indicator="enablement_links", top=3).parts
    straight = straight[straight["id"] != ""].reset_index(drop=True)
    shown = found.parts[found.parts["id"] != ""].reset_index(drop=True)
    pd.testing.assert_frame_equal(shown.drop(columns="points"), straight.drop(columns="points"))


def test_distinct_shares_the_one_among_the_links_that_support_it(store: GraphStore) -> None:
    golden = read_dataset(TESTS / "golden" / "dataset").dataset
    regions = [region.id for region in golden.regions.at("province")]
    sources = [Source("metric", "company_count"), Source("metric", "intl_work")]
    scores = scored(store, golden, metric_index(sources, regions), METRICS)
    frame = scores.evidence("intl_work").frame()
    several = frame.groupby(["region", "node_p"]).size()
    assert several.max() > 1  # somebody has worked abroad twice
    for region in frame["region"].unique():
        links = explain(scores, str(region), indicator="intl_work", top=100).links
        shares = links.drop_duplicates(["match"]).groupby("entity")["share"]
        assert shares.sum().to_dict() == dict.fromkeys(several[region].index, 1.0)
        for person, share in shares:
            assert (share == 1 / several[region][person]).all()


def test_rows_of_an_imported_dataset_lead_to_the_export(tmp_path: Path) -> None:
    mapping = """
title = "firms"
files.list = { path = "list.csv" }
links.deal = { type = "ENABLES", from = "seller", to = "buyer" }
[nodes.seller]
label = "Company"
id = "seller"
region = "place"
[nodes.buyer]
label = "Company"
id = "buyer"
in_sample = false
"""
    (tmp_path / "firms.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / "list.csv").write_text("seller,place,buyer\na,四川,b\nc,北京,a\na,四川,c\n", encoding="utf-8")
    import_source(str(tmp_path / "firms.toml"), tmp_path / "list.csv", tmp_path / "data")
    store = open_store(tmp_path / "graph.duckdb", create=True)
    store.load(read_dataset(tmp_path / "data").dataset)
    found = explain(score(load_index("cingai-2023"), store), "四川省", indicator="enablement_links")
    rows = found.rows(tmp_path / "data")
    links = rows[rows["kind"] == "ENABLES"].sort_values("line")
    assert links["exports"].tolist() == ["firms list.csv:2", "firms list.csv:4"]
    assert links["file"].tolist() == ["enables.csv", "enables.csv"]
    store.close()
