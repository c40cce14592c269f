"""Scores of the golden dataset, against the formulas of CINGAI 2023 (part 1, section 7) worked in plain pandas."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ecosystem.dataset import read_dataset
from ecosystem.errors import InputError, RegionError, SpecError, UsageError
from ecosystem.export import write_json, write_scores
from ecosystem.index import load_index, read_index
from ecosystem.receipt import differences, read_receipt, receipt_of_scores
from ecosystem.resources import resource
from ecosystem.scoring import Scores, score
from ecosystem.scoring.earlier import EarlierScores, earlier_of_standings, with_changes
from ecosystem.scoring.result import tidy_table, wide_table
from ecosystem.scoring.score_tables import chosen, coverage_table, method_table, sheets
from ecosystem.store import GraphStore, open_store

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("scores") / "graph.duckdb", create=True)
    store.load(read_dataset(GOLDEN / "dataset").dataset)
    yield store
    store.close()


@pytest.fixture(scope="module")
def scores(store: GraphStore) -> Scores:
    return score(load_index("cingai-2023"), store)


def by_hand() -> pd.DataFrame:
    """Golden values -> min-max x 100 -> printed weights: points, regions down, indicators across."""
    with (GOLDEN / "values.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["since"] and not row["until"]]
    values = pd.DataFrame(rows).pivot(index="region", columns="metric", values="value")
    values = values.loc[values.index.str.fullmatch(r"\d0000|\d\d0000")].replace("", np.nan).astype(float)
    spread = (values.max() - values.min()).replace(0, np.inf)
    folder = resource("data", "indices", "cingai-2023")
    table = pd.read_csv(folder / "indicators.csv", dtype={"weight": float}).set_index("code")
    weights = table.loc[table["level"] == 1, "weight"]
    return ((values - values.min()) / spread * 100).fillna(0)[weights.index] * weights


def test_scores_are_the_printed_formula(scores: Scores) -> None:
    points = by_hand().loc[list(scores.standing.regions)]
    np.testing.assert_allclose(scores.standing.weighted, points.to_numpy(), atol=1e-12)
    np.testing.assert_allclose(scores.standing.overall, points.sum(axis=1).to_numpy(), atol=1e-10)
    expected = points.sum(axis=1).rank(ascending=False, method="min").to_numpy()
    np.testing.assert_array_equal(scores.standing.overall_rank, expected)


def test_regions_that_the_hierarchy_lacks_are_named_and_not_ranked(scores: Scores) -> None:
    ranked = set(load_index("cingai-2023").level("province").regions)
    assert set(scores.unranked) | set(scores.standing.regions) == ranked
    assert scores.unranked
    # a circle that has lost a member would be another circle
    assert all(set(group.members) <= set(scores.standing.regions) for group in scores.index.level("province").groups)


def test_a_hierarchy_without_any_ranked_region_is_refused(store: GraphStore, tmp_path: Path) -> None:
    folder = copied_index(tmp_path)
    text = (folder / "index.toml").read_text(encoding="utf-8")
    for code in load_index("cingai-2023").level("province").regions:
        text = text.replace(code, code.replace("0000", "9999"))
    (folder / "index.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match="none of the 31 regions"):
        score(read_index(folder), store)


def copied_index(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("index.toml", "indicators.csv"):
        text = resource("data", "indices", "cingai-2023", name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace('id = "cingai-2023"', 'id = "mine"'), encoding="utf-8")
    return folder


def test_an_unknown_metric_and_an_unknown_column_are_refused_together(store: GraphStore, tmp_path: Path) -> None:
    folder = copied_index(tmp_path)
    table = folder / "indicators.csv"
    text = table.read_text(encoding="utf-8").replace("metric:company_count", "metric:company_cuont")
    table.write_text(text.replace("metric:policy_count", "column:gdp"), encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        score(read_index(folder), store)
    assert [finding.code for finding in caught.value.findings] == ["unknown_source", "unknown_source"]
    assert "company_count" in str(caught.value)
    assert "indicators.csv:2" in str(caught.value)


def test_a_column_takes_the_latest_year_of_the_window(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for file in (GOLDEN / "dataset").glob("*.csv"):
        (data / file.name).write_bytes(file.read_bytes())
    values = [
        "region,indicator,year,value",
        "110000,gdp,2019,1",
        "110000,gdp,2021,3",
        "320000,gdp,,7",
        "440000,gdp,2018,5",
    ]
    (data / "region_values.csv").write_text("\n".join(values) + "\n", encoding="utf-8")
    store = open_store(tmp_path / "graph.duckdb", create=True)
    store.load(read_dataset(data).dataset)
    folder = copied_index(tmp_path)
    table = folder / "indicators.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("metric:policy_count", "column:gdp"), encoding="utf-8")
    index = read_index(folder)
    place = [str(leaf.source) for leaf in index.leaves].index("column:gdp")

    def column(since: int | None, until: int | None) -> dict[str, float]:
        standing = score(index, store, since=since, until=until).standing
        return dict(zip(standing.regions, standing.raw[:, place].tolist(), strict=True))

    whole = column(None, None)
    assert (whole["110000"], whole["320000"], whole["440000"]) == (3, 7, 5)
    early = column(None, 2020)
    assert (early["110000"], early["320000"], early["440000"]) == (1, 7, 5)
    late = column(2020, None)
    assert (late["110000"], late["320000"]) == (3, 7)
    assert np.isnan(late["440000"])
    store.close()


def test_missing_indicators_are_listed_with_their_reason(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("regions", "companies", "located_in"):
        (data / f"{name}.csv").write_bytes((GOLDEN / "dataset" / f"{name}.csv").read_bytes())
    companies = pd.read_csv(data / "companies.csv", dtype="str", keep_default_na=False)
    located = pd.read_csv(data / "located_in.csv", dtype="str", keep_default_na=False)
    located[located["from"].isin(companies["id"])].to_csv(data / "located_in.csv", index=False)
    store = open_store(tmp_path / "graph.duckdb", create=True)
    reading = read_dataset(data)
    assert reading.clean
    store.load(reading.dataset)
    scores = score(load_index("cingai-2023"), store)
    assert set(scores.missing) == {
        leaf.code
        for leaf in scores.index.leaves
        if not leaf.code.startswith("company") and leaf.code != "foundation_technology_companies"
    }
    assert scores.missing["enablement_links"] == "the dataset has no ENABLES link"
    assert scores.missing["university_count"] == "the dataset has no University node"
    assert scores.standing.low_coverage.all()
    assert (wide_table(scores, scores.standing)["mark"] == "low coverage").all()
    store.close()


def test_levels_and_windows_that_make_no_sense(store: GraphStore) -> None:
    index = load_index("cingai-2023")
    with pytest.raises(UsageError, match="has no level 'group'"):
        score(index, store, level="group")
    with pytest.raises(UsageError, match="is after"):
        score(index, store, since=2022, until=2019)


def test_the_tidy_table_has_every_score_once(scores: Scores) -> None:
    tidy = tidy_table(scores)
    regions = len(scores.standing.regions)
    groups = len(scores.groups.regions) if scores.groups is not None else 0
    assert len(tidy) == len(scores.index.indicators) * (regions + groups)
    assert not tidy.duplicated(["kind", "region", "code"]).any()
    top = tidy[(tidy["code"] == scores.index.top.code) & (tidy["kind"] == "region")]
    pillars = tidy[(tidy["level"] == scores.index.depth - 1) & (tidy["kind"] == "region")]
    np.testing.assert_allclose(
        top.set_index("region")["score"], pillars.groupby("region", sort=False)["score"].sum().reindex(top["region"])
    )


def test_the_sheets_say_how_the_scores_were_made(scores: Scores) -> None:
    assert list(sheets(scores, "en")) == ["scores", "groups", "pillars", "indicators", "coverage", "method"]
    method = method_table(scores, "en").set_index("key")["value"]
    assert method["dataset hash"] == scores.dataset.hash
    assert method["weight company_count"] == "0.1782 (printed)"
    assert "130000" in method["not ranked: unknown to the dataset"]
    coverage = coverage_table(scores)
    assert len(coverage) == 24
    assert coverage["regions"].eq(len(scores.standing.regions)).all()


def test_a_window_marks_what_it_does_not_touch(store: GraphStore) -> None:
    dated = score(load_index("cingai-2023"), store, since=2019, until=2021)
    coverage = coverage_table(dated).set_index("code")
    assert "not dated" in str(coverage.loc["intl_study", "mark"])
    assert "not dated" not in str(coverage.loc["company_count", "mark"])


def test_one_chosen_region_and_what_changed_since(scores: Scores) -> None:
    frame = wide_table(scores, scores.standing)
    assert list(chosen(frame, scores, ["北京", "Guangdong"], None)["region"]) == [
        region for region in frame["region"] if region in ("110000", "440000")
    ]
    with pytest.raises(RegionError):
        chosen(frame, scores, ["Atlantis"], None)
    old = frame.assign(rank=frame["rank"] + 1, score=frame["score"] - 2)
    top = scores.index.top.code
    then = EarlierScores("old", old.assign(code=top)[["region", "code", "score", "rank"]])
    changed = with_changes(frame, then, top)
    assert (changed["rank_change"] == 1).all()
    np.testing.assert_allclose(changed["score_change"], 2)
    same = with_changes(frame, earlier_of_standings("now", [scores.standing]), top)
    assert (same["rank_change"] == 0).all()
    assert (same["score_change"] == 0).all()


def test_a_receipt_replays_and_says_what_changed(scores: Scores, store: GraphStore, tmp_path: Path) -> None:
    receipt = receipt_of_scores(scores, {"index": "cingai-2023"})
    write_json(tmp_path / "run.json", receipt.model_dump())
    assert read_receipt(tmp_path / "run.json") == receipt
    again = receipt_of_scores(score(load_index("cingai-2023"), store), {"index": "cingai-2023"})
    assert again.result == receipt.result
    assert differences(receipt, again) == ([], [])
    other = receipt_of_scores(score(load_index("cingai-2023"), store, since=2020), {"index": "cingai-2023"})
    inputs, _ = differences(receipt, other)
    assert [finding.message for finding in inputs] == ["since was None and is 2020"]
    older = receipt.model_copy(update={"versions": {**receipt.versions, "duckdb": "0.1"}})
    assert [finding.code for finding in differences(older, again)[1]] == ["version"]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "no receipt of this program"),
        ("{}", "no receipt of this program"),
        ("not json", "no receipt of this program"),
        (json.dumps({"program": "other"}), "no receipt of this program"),
    ],
)
def test_what_is_no_receipt(tmp_path: Path, content: str, part: str) -> None:
    (tmp_path / "run.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=part):
        read_receipt(tmp_path / "run.json")
    with pytest.raises(InputError, match="there is no receipt"):
        read_receipt(tmp_path / "absent.json")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".json", ".md", ".xlsx"])
def test_scores_are_written_as_the_suffix_says(scores: Scores, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"scores{suffix}"
    write_scores(scores, path, lang="zh")
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        ".csv": pd.read_csv,
        ".parquet": pd.read_parquet,
        ".json": pd.read_json,
    }
    if suffix in readers:
        assert len(readers[suffix](path)) == len(tidy_table(scores))
    elif suffix == ".xlsx":
        book = pd.read_excel(path, sheet_name=None, engine="calamine")
        assert list(book) == ["概览", "得分", "经济圈", "一级与二级指标", "指标", "数据覆盖率", "方法"]
        assert len(book["指标"]) == 24 * len(scores.standing.regions)
    else:
        assert path.read_text(encoding="utf-8").startswith("| 指数 | 类别 | 地区 |")


def test_an_indicator_leads_to_its_evidence(scores: Scores) -> None:
    evidence = scores.evidence("enablement_links")
    place = [leaf.code for leaf in scores.index.leaves].index("enablement_links")
    raw = dict(zip(scores.standing.regions, scores.standing.raw[:, place].tolist(), strict=True))
    assert {region: value for region, value in evidence.values().items() if region in raw} == {
        region: value for region, value in raw.items() if value
    }
    with pytest.raises(SpecError, match="not an indicator that comes from a metric"):
        scores.evidence("company_capability")
