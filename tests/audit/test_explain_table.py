"""Scores of a table explained: contributions, ranks, strengths, two regions side by side, values that would do."""

from __future__ import annotations

import io
import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from command import Run, runner
from tables import write_csv

from ecosystem.audit import explain, needed_values, overtake, versus
from ecosystem.errors import InputError, UsageError
from ecosystem.export.plots import write_plot
from ecosystem.index import evaluate, load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.rules import Imputation
from ecosystem.scoring import Scores, score

TABLE: list[list[object]] = [
    ["region", "firms", "papers", "jobless"],
    ["甲", 120, 30, 5.5],
    ["乙", 80, 45, 4.0],
    ["丙", 60, 20, 7.5],
    ["丁", 95, None, 6.0],
]
PARTS: list[list[object]] = [
    ["code", "parent", "level", "name_zh", "name_en", "direction", "weight", "weight_source", "unit", "source"],
    ["firms", "means", 1, "企业", "Firms", 1, 0.4, "assumed", "", "column:firms"],
    ["papers", "means", 1, "论文", "Papers", 1, 0.2, "assumed", "", "column:papers"],
    ["jobless", "work", 1, "失业率", "Jobless", -1, 0.4, "assumed", "", "column:jobless"],
    ["means", "top", 2, "基础", "Means", 1, 0.6, "assumed", "", ""],
    ["work", "top", 2, "就业", "Work", 1, 0.4, "assumed", "", ""],
    ["top", "", 3, "总指数", "Index", 1, 1, "assumed", "", ""],
]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    run = runner(monkeypatch, capsys)
    write_csv(tmp_path / "values.csv", TABLE)
    assert run("index", "new", "mine", "--from", "values.csv").code == 0
    write_csv(tmp_path / "mine" / "indicators.csv", PARTS)
    return run


@pytest.fixture
def scores(run: Run, tmp_path: Path) -> Scores:
    return scored(tmp_path)


def scored(folder: Path, aggregation: str = "weighted_sum") -> Scores:
    index = load_index(str(folder / "mine"))
    levels = () if aggregation == "weighted_sum" else (aggregation, "amean")
    rule = replace(index.aggregation, method=aggregation, by_level=levels)
    bounds = replace(index.normalisation, lower=1.0)
    index = replace(index, aggregation=rule, normalisation=bounds)
    return score(index, values=read_values(folder / "values.csv"))


def test_contributions_add_up_to_the_score_also_with_a_blank(scores: Scores) -> None:
    for place, region in enumerate(scores.standing.regions):
        brought: dict[str, float] = dict(
            explain(scores, region).steps[["code", "contribution"]].itertuples(index=False)
        )
        overall = pytest.approx(scores.standing.overall[place], abs=1e-12)
        assert brought["firms"] + brought["papers"] + brought["jobless"] == overall
        assert brought["means"] + brought["work"] == overall
        assert brought["top"] == overall


def test_ranks_are_those_of_pandas_in_every_part(scores: Scores) -> None:
    frame = pd.DataFrame(scores.standing.raw, columns=["firms", "papers", "jobless"]) * [1, 1, -1]
    ranks = frame.rank(ascending=False, method="min")
    for place, region in enumerate(scores.standing.regions):
        steps = explain(scores, region).steps
        found = dict(zip(steps["code"], steps["rank"].astype("float64"), strict=True))
        for code in ranks.columns:
            assert [found[code]] == pytest.approx([ranks[code][place]], nan_ok=True)
        assert found["top"] == scores.standing.overall_rank[place]
        assert found["means"] == scores.standing.pillar_ranks[place, 0]
        assert dict(zip(steps["code"], steps["regions"], strict=True))["papers"] == 3


def test_strengths_are_ahead_of_the_median_and_weaknesses_behind_it(scores: Scores) -> None:
    found = explain(scores, "甲").strengths
    # papers: 30 is the median of 20, 30, 45; jobless: 5.5 is the second best of four, of 4, 5.5, 6, 7.5
    assert found[["kind", "code", "rank", "regions"]].to_numpy().tolist() == [
        ["strength", "firms", 1, 4],
        ["strength", "jobless", 2, 4],
    ]
    third = explain(scores, "丙").strengths
    assert third["kind"].tolist() == ["weakness"] * 3
    # a blank is neither
    assert "papers" not in explain(scores, "丁").strengths["code"].tolist()


def test_an_imputed_value_is_told_and_is_no_strength(run: Run, tmp_path: Path) -> None:
    index = replace(load_index(str(tmp_path / "mine")), imputation=Imputation("mean"))
    found = explain(score(index, values=read_values(tmp_path / "values.csv")), "丁")
    rules = dict(zip(found.steps["code"], found.steps["rule"], strict=True))
    assert rules["papers"] == "column:papers: no value, imputed by mean"
    assert "papers" not in found.strengths["code"].tolist()


def test_under_a_geometric_mean_no_contribution_is_told(run: Run, tmp_path: Path) -> None:
    found = explain(scored(tmp_path, "gmean"), "甲")
    assert not found.contributions_add_up
    assert found.steps["contribution"].isna().all()
    assert explain(scored(tmp_path, "amean"), "甲").contributions_add_up


def test_the_difference_of_two_regions_is_that_of_their_contributions(run: Run, tmp_path: Path) -> None:
    for method in ("weighted_sum", "amean"):
        scores = scored(tmp_path, method)
        found = versus(scores, "甲", "丁").steps
        indicators = found.loc[found["level"] == 1, "contribution"].sum()
        overall = dict(zip(scores.standing.regions, scores.standing.overall, strict=True))
        assert indicators == pytest.approx(overall["甲"] - overall["丁"], abs=1e-12)
        assert found["difference"].iloc[0] == pytest.approx(indicators, abs=1e-12)


def test_a_needed_value_brings_the_region_past_and_a_little_less_does_not(scores: Scores) -> None:
    standing, places = scores.standing, {name: at for at, name in enumerate(scores.standing.regions)}
    order = [standing.regions[at] for at in np.argsort(standing.overall_rank)]
    codes = [leaf.code for leaf in scores.index.leaves]
    for ahead, behind in itertools.pairwise(order):
        found = needed_values(scores, behind, ahead)
        assert found.gap_before < 0
        for row in found.table.dropna(subset="needed").to_dict("records"):
            column = codes.index(str(row["code"]))
            for share, passes in ((1.0, True), (1 - 1e-6, False)):
                values = standing.raw.copy()
                begin = values[places[behind], column]
                begin = begin if not np.isnan(begin) else np.nanmin(values[:, column])
                values[places[behind], column] = begin + share * (row["needed"] - begin)
                anew = evaluate(scores.index, values, level=scores.level).overall
                assert (anew[places[behind]] > anew[places[ahead]] + 1e-9) is np.bool_(passes)
        assert found.together is not None
        assert 0 < found.together <= 1


def test_values_that_do_not_do_are_refused_in_words(scores: Scores) -> None:
    with pytest.raises(InputError, match="丙 is behind 甲 already"):
        needed_values(scores, "甲", "丙")
    with pytest.raises(UsageError, match="cannot overtake itself"):
        needed_values(scores, "甲", "甲")
    with pytest.raises(InputError, match=r"any number of new links[\s\S]*ecosystem.audit.needed_values"):
        overtake(scores, "丙", "甲")


def test_every_format_of_the_command_has_the_parts(run: Run, tmp_path: Path) -> None:
    words = ("explain", "mine", "甲", "--values", "values.csv")
    assert "no such store" not in run(*words).err
    for lang, name in (("en", "Jobless"), ("zh", "失业率")):
        shown = run(*words, "--lang", lang)
        assert (shown.code, name in shown.out) == (0, True)
        assert ("strength" if lang == "en" else "优势") in shown.out
    frame = pd.read_csv(io.StringIO(run(*words, "--format", "csv").out))
    assert frame["code"].tolist() == ["top", "means", "firms", "papers", "work", "jobless"]
    records = json.loads(run(*words, "--format", "json").out)
    assert [row["rank"] for row in records if row["code"] == "papers"] == [2]
    assert "\n|     Papers |" in run(*words, "--format", "md", "--lang", "en").out
    assert run(*words, "--out", "why.xlsx", "--lang", "en", "--depth", "row").code == 0
    book = openpyxl.load_workbook(tmp_path / "why.xlsx")
    assert book.sheetnames == ["steps", "strengths", "links", "method"]
    for suffix in (".csv", ".json", ".md", ".parquet"):
        assert run(*words, "--out", f"why{suffix}", "--plot", "why.svg").code == 0
    assert "失业率" in run(*words, "--lang", "zh", "--plot", "why.svg").out
    assert "Firms" in (tmp_path / "why.svg").read_text(encoding="utf-8") + run(*words, "--lang", "en").out


def test_two_regions_and_overtaking_from_a_table(run: Run) -> None:
    table = ("--values", "values.csv", "--lang", "en")
    for words in (("explain", "versus", "mine", "甲", "丁"), ("explain", "mine", "甲", "--versus", "丁")):
        shown = run(*words, *table)
        assert shown.code == 0
        assert "甲 minus 丁: " in shown.err
    for words in (("explain", "overtake", "mine", "丁", "乙"), ("explain", "mine", "丁", "--to-overtake", "乙")):
        shown = run(*words, *table, "--plot", "needed.svg")
        assert shown.code == 0, shown.err
        assert "all together: " in shown.err
        assert "regions that have it" in shown.out
    assert run("explain", "mine", "--entity", "甲", "--values", "values.csv").code == 1


def test_a_ranked_region_is_meant_before_another_of_its_name(run: Run, tmp_path: Path) -> None:
    rows: list[list[object]] = [["iso3", "country", "firms", "papers"], ["CHN", "China", 3, 5], ["IND", "India", 4, 2]]
    write_csv(tmp_path / "countries.csv", rows)
    assert run("index", "new", "world", "--from", "countries.csv").code == 0
    for region in ("CHN", "China", " china"):
        done = run("explain", "world", region, "--values", "countries.csv", "--lang", "en")
        assert done.code == 0, done.err
        assert "world: China" in done.out
    assert run("explain", "world", "France", "--values", "countries.csv").code == 1


def test_the_picture_of_a_difference_takes_no_steps_where_none_add_up(run: Run, tmp_path: Path) -> None:
    for method, score_is_a_step in (("amean", True), ("gmean", False)):
        write_plot(versus(scored(tmp_path, method), "甲", "乙"), tmp_path / "both.svg", lang="en")
        drawn = (tmp_path / "both.svg").read_text(encoding="utf-8")
        assert (">points<" in drawn, ">difference" in drawn) == (score_is_a_step, not score_is_a_step)


def test_a_region_that_is_not_there_is_refused_as_ever(run: Run) -> None:
    done = run("explain", "mine", "戊", "--values", "values.csv")
    assert done.code == 1
    assert "戊" in done.err
