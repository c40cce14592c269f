"""`score --by-year`, `weights` and `coherence`: as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import Run, runner
from tables import write_csv


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capsys)


PANEL: list[list[object]] = [
    ["region", "year", "a", "b", "c"],
    *[["r1", 2020, 10, 1, 5], ["r2", 2020, 20, 3, 5], ["r3", 2020, 30, 2, 7]],
    *[["r1", 2021, 40, 4, 6], ["r2", 2021, 20, 6, 9], ["r4", 2021, 25, 5, 8]],
]


@pytest.fixture
def panel(run: Run, tmp_path: Path) -> Path:
    write_csv(tmp_path / "panel.csv", PANEL)
    assert run("index", "new", "mine", "--from", "panel.csv").code == 0
    return tmp_path / "mine"


def scores(frame: pd.DataFrame, pooled: bool) -> dict[tuple[int, str], float]:
    values = frame.set_index(["year", "region"])[["a", "b", "c"]].astype(float)
    parts = [values] if pooled else [part for _, part in values.groupby(level="year")]
    found: dict[tuple[int, str], float] = {}
    for part in parts:
        points = ((part - part.min()) / (part.max() - part.min()) * 100).mean(axis=1)
        found |= dict(zip(part.index.to_list(), points.tolist(), strict=True))
    return found


@pytest.mark.parametrize("scale", ["all", "year"])
def test_by_year(run: Run, panel: Path, scale: str) -> None:
    words = ("score", panel, "--values", "panel.csv", "--by-year", "--scale", scale)
    done = run(*words, "--format", "json", "--out", "scores.csv")
    assert run(*words, "--long", "--out", "tidy.csv").code == 0
    assert done.code == 0, done.err
    assert ("one scale over all years" in done.err) == (scale == "all")
    table = pd.DataFrame(json.loads(done.out)).set_index("region")
    expected = scores(pd.DataFrame(PANEL[1:], columns=[str(cell) for cell in PANEL[0]]), scale == "all")
    for (year, region), score in expected.items():
        assert table.loc[region, f"score_{year}"] == pytest.approx(score, abs=1e-9)
    assert table[["score_2020", "rank_2020"]].loc["r4"].isna().all()
    assert (table.loc["r4", "entry"], table.loc["r3", "exit"], table.loc["r1", "entry"]) == ("2021", "2021", "")
    first, last = expected[2020, "r2"], expected[2021, "r2"]
    assert table.loc["r2", "growth"] == pytest.approx(last / first - 1)
    tidy = pd.read_csv("tidy.csv")
    assert set(tidy["scale"]) == {"pooled" if scale == "all" else "yearly"}
    assert len(tidy) == 2 * 4 * 4


def test_a_panel_in_a_workbook_replays(run: Run, panel: Path) -> None:
    words = ("--by-year", "--scale", "year", "--tiers", "quantile:2", "--impute", "mean")
    done = run("score", panel, "--values", "panel.csv", *words, "--out", "panel.xlsx", "--lang", "en")
    assert done.code == 0, done.err
    sheets = pd.read_excel("panel.xlsx", sheet_name=None, engine="calamine")
    assert list(sheets) == ["paths", "scores", "method"]
    method = sheets["method"].set_index("key")["value"]
    assert (method["years"], method["scale"]) == ("2020-2021", "one for each year")
    assert "imputation: none -> mean" in method["changed for this run"]
    assert "tiers: none -> quantile:2" in method["changed for this run"]
    assert sheets["paths"]["tier_2021"].notna().sum() == 3
    assert "every digit is the same" in run("score", "--from", "panel.run.json").err
    write_csv(Path("panel.csv"), [*PANEL[:-1], ["r4", 2021, 26, 5, 8]])
    done = run("score", "--from", "panel.run.json")
    assert (done.code, "values_hash was" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--by-year", "--ranks", "all"), "--by-year does not go with"),
        (("--by-year", "--groups"), "has no groups at level"),
        (("--scale", "year"), "add --by-year"),
        (("--by-year", "--since", 2022), "there is no year from 2022"),
        (("--by-year", "--since", 2021, "--until", 2020), "from 2021 to 2020"),
        (("--by-year", "--out", "x.txt"), "known suffix"),
    ],
)
def test_options_that_do_not_go_together(run: Run, panel: Path, words: tuple[object, ...], part: str) -> None:
    done = run("score", panel, "--values", "panel.csv", *words)
    assert done.code == 2
    assert part in done.err


def test_regions_of_a_panel_by_name(run: Run, panel: Path) -> None:
    done = run("score", panel, "--values", "panel.csv", "--by-year", "--region", "r2", "--format", "json")
    assert [row["region"] for row in json.loads(done.out)] == ["r2"]
    assert run("score", panel, "--values", "panel.csv", "--by-year", "--region", "r7").code == 1


def test_what_is_not_dated_is_said(run: Run, tmp_path: Path, panel: Path) -> None:
    write_csv(tmp_path / "plain.csv", [["region", "a", "b", "c"], ["r1", 1, 2, 3], ["r2", 2, 3, 1]])
    done = run("score", panel, "--values", "plain.csv", "--by-year", "--since", 2020, "--until", 2021)
    assert "not dated, so the same in every year: a, b, c" in done.err
    assert run("score", panel, "--values", "plain.csv", "--by-year").code == 2


def test_weights_ahp(run: Run, tmp_path: Path) -> None:
    write_csv(tmp_path / "m.csv", [["item", "x", "y", "z"], ["x", 1, 2, 4], ["y", "1/2", 1, 2], ["z", "", "", 1]])
    done = run("weights", "ahp", "m.csv", "--format", "json", "--out", "w.csv")
    assert "consistency ratio 0.0000" in done.err
    np.testing.assert_allclose([row["weight"] for row in json.loads(done.out)], [4 / 7, 2 / 7, 1 / 7], rtol=1e-9)
    write_csv(tmp_path / "m.csv", [["item", "x", "y", "z"], ["x", 1, 9, "1/9"], ["y", "1/9", 1, 9], ["z", 9, "1/9", 1]])
    assert "contradict each other" in run("weights", "ahp", "m.csv").err


def test_weights_ahp_of_an_index(run: Run, tmp_path: Path) -> None:
    """asem's two sub-indices; a workbook of both levels is refused while one parent lacks its sheet."""
    pillars = ["company_capability", "academic_ecology", "capital_environment", "international_openness"]
    pillars += ["linking_capability", "government_responsiveness"]
    cells = [[one, *(1 for _ in pillars)] for one in pillars]
    write_csv(tmp_path / "m.csv", [["item", *pillars], *cells])
    done = run("weights", "ahp", "m.csv", "--index", "cingai-2023", "--format", "json", "--out", "w.csv")
    assert done.code == 0, done.err
    assert "ecosystem score cingai-2023 --weights w.csv" in done.err
    weights = {row["code"]: row["weight"] for row in json.loads(done.out)}
    np.testing.assert_allclose([weights[one] for one in pillars], 1 / 6)
    (tmp_path / "judged").mkdir()
    write_csv(tmp_path / "judged" / "competitiveness.csv", [["item", *pillars], *cells])
    lacking = run("weights", "ahp", "judged", "--index", "cingai-2023")
    assert lacking.code == 1
    assert "there are no judgements of the parts of company_capability" in lacking.err
    assert run("weights", "ahp", "judged").code == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["item", "x", "q"], ["x", 1, 2], ["y", 0.5, 1]], ["the rows name x, y, the columns x, q"]),
        ([["item", "x", "y"], ["x", 1, "1/0"], ["y", "much", 1]], ["m.csv:2:y: '1/0'", "m.csv:3:x: 'much'"]),
        ([["item", "x", "y"], ["x", 1, -3], ["y", 2, 5]], ["'x' against 'y'", "-3 one way", "an item counts 5 times"]),
        ([["item", "x", "y"], ["x", 1, ""], ["y", "", 1]], ["no judgement connects 'y'"]),
        ([["item", "x", "y"]], ["no rows"]),
    ],
)
def test_judgements_that_cannot_be_used(run: Run, tmp_path: Path, rows: list[list[object]], words: list[str]) -> None:
    write_csv(tmp_path / "m.csv", rows)
    done = run("weights", "ahp", "m.csv")
    assert done.code == 1
    for word in words:
        assert word in done.err


@pytest.mark.parametrize("method", ["entropy", "critic", "pca", "bod"])
def test_weights_go_back_into_a_score(run: Run, panel: Path, tmp_path: Path, method: str) -> None:
    rng = np.random.default_rng(1)
    rows = [[f"r{at}", *rng.random(3).round(3)] for at in range(1, 12)]
    write_csv(tmp_path / "values.csv", [["region", "a", "b", "c"], *rows])
    assert run("index", "new", "other", "--from", "values.csv").code == 0
    done = run("weights", method, "--index", "other", "--values", "values.csv", "--out", "w.csv")
    assert done.code == 0, done.err
    assert pd.read_csv("w.csv")["weight"].sum() == pytest.approx(1)
    words = ("score", "other", "--values", "values.csv", "--format", "json")
    given, asked = (json.loads(run(*words, "--weights", name).out) for name in ("w.csv", method))
    for one, other in zip(given, asked, strict=True):
        assert one["score"] == pytest.approx(other["score"], abs=1e-9)


def test_the_benefit_of_the_doubt_by_region(run: Run, panel: Path, tmp_path: Path) -> None:
    rows = [["r1", 4, 1, 1], ["r2", 1, 4, 1], ["r3", 2, 2, 1]]
    write_csv(tmp_path / "values.csv", [["region", "a", "b", "c"], *rows])
    words: tuple[object, ...] = (
        "weights",
        "bod",
        "--index",
        "mine",
        "--values",
        "values.csv",
        "--on",
        "values",
        "--by-region",
    )
    table = pd.DataFrame(json.loads(run(*words, "--format", "json").out)).set_index("region")
    np.testing.assert_allclose(table["score"], 1)  # c is the same for all, so nobody is outdone
    words = (*words, "--lower", 0.2, "--upper", 0.5)
    table = pd.DataFrame(json.loads(run(*words, "--format", "json", "--out", "w.csv").out)).set_index("region")
    assert table[["a", "b", "c"]].to_numpy().min() >= 0.2 - 1e-9
    np.testing.assert_allclose(table[["a", "b", "c"]].sum(axis=1), 1)
    assert list(pd.read_csv("w.csv").columns) == ["region", "region_zh", "region_en", "score", "a", "b", "c"]
    done = run(*words, "--lang", "zh")
    assert "权重" in done.out
    assert run(*words, "--upper", 0.1).code == 2


def test_coherence(run: Run, panel: Path, tmp_path: Path) -> None:
    rows = [[f"r{at}", at, 2 * at + (at == 3), 50 - at] for at in range(1, 9)]
    write_csv(tmp_path / "values.csv", [["region", "a", "b", "c"], *rows])
    assert run("index", "new", "other", "--from", "values.csv").code == 0
    done = run("coherence", "other", "--values", "values.csv", "--format", "json", "--out", "coherence.xlsx")
    flags = {(row["code"], row["flag"]) for row in json.loads(done.out)}
    assert {("a", "redundant"), ("a", "against"), ("index", "alpha")} <= flags
    assert list(pd.read_excel("coherence.xlsx", sheet_name=None, engine="calamine")) == [
        "statistics",
        "availability",
        "correlations",
        "alpha",
        "flags",
    ]


TABLES = (
    "statistics", "availability", "correlations", "levels", "alpha", "items", "adequacy", "loadings", "variance",
    "weights", "ranks", "missing", "flags",
)  # fmt: skip


def test_coherence_at_any_stage_by_any_coefficient_and_in_groups(run: Run, panel: Path, tmp_path: Path) -> None:
    rows = [[f"r{at}", at, (3 * at) % 7, 50 - at**2, "north" if at < 4 else "south"] for at in range(1, 9)]
    write_csv(tmp_path / "values.csv", [["region", "a", "b", "c", "part"], *rows])
    assert run("index", "new", "grouped", "--from", "values.csv").code == 0
    words = ("coherence", "grouped", "--values", "values.csv")
    for table in TABLES:
        assert run(*words, "--show", table, "--lang", "zh").code == 0
    for stage in ("raw", "denominated", "imputed", "treated", "normalised", "weighted"):
        done = run(*words, "--show", "correlations", "--stage", stage, "--correlation", "kendall", "--format", "json")
        found = {(row["code"], row["other"]): (row["r"], row["p"]) for row in json.loads(done.out)}
        assert found["a", "c"] == (pytest.approx(-1), pytest.approx(2 / 40320))  # two orders of 8! are as far from none
    ranks = pd.DataFrame(json.loads(run(*words, "--show", "ranks", "--by", "part", "--format", "json").out))
    best = ranks[(ranks["code"] == "a") & (ranks["group_rank"] == 1)]
    assert set(best["region"]) == {"r3", "r8"}
    done = run(*words, "--by", "prat")
    assert done.code == 2
    assert "did you mean 'part'" in done.err
    assert run(*words, "--all", "--out", "all.xlsx").code == 0
    assert tuple(pd.read_excel("all.xlsx", sheet_name=None, engine="calamine")) == TABLES


def test_ranks_without_each_part_stand_beside_those_with_all(run: Run, panel: Path, tmp_path: Path) -> None:
    write_csv(tmp_path / "values.csv", [["region", "rank", "b"], ["x", 9, 1], ["y", 1, 2], ["z", 0, 3]])
    assert run("index", "new", "two", "--from", "values.csv").code == 0
    words = ("index", "drop-one", "two", "--values", "values.csv")
    done = run(*words, "--format", "json")
    assert run(*words, "--long", "--out", "drop.csv").code == 0
    assert done.code == 0
    found = {row["region"]: list(row.values()) for row in json.loads(done.out)}
    # in order: rank, three names, rank without the indicator called rank, rank without b
    assert [(rank, *rest[3:]) for rank, *rest in found.values()] == [(1, 3, 1), (1, 1, 3), (3, 2, 2)]
    assert "rank has the greatest effect: without it a rank moves by" in done.err
    assert len(pd.read_csv("drop.csv")) == 6
    assert "平均名次变动" in run(*words, "--show", "summary", "--lang", "zh", "--out", "drop.xlsx").out
    refused = run(*words, "--at", 2)
    assert refused.code == 2
    assert "no parts at level 2" in refused.err


def test_weights_are_optimised_to_equal_importance_or_to_an_outcome(run: Run, panel: Path, tmp_path: Path) -> None:
    numbers = [(at, (at * 5) % 11, at % 4) for at in range(1, 11)]
    rows = [[f"r{one}", one, two, three] for one, two, three in numbers]
    write_csv(tmp_path / "values.csv", [["region", "a", "b", "c"], *rows])
    assert run("index", "new", "fitted", "--from", "values.csv").code == 0
    write_csv(
        tmp_path / "more.csv",
        [
            ["region", "a", "b", "c", "wealth"],
            *([*row, 3 * one + two] for row, (one, two, _) in zip(rows, numbers, strict=True)),
        ],
    )
    words = ("weights", "optimise", "--index", "fitted", "--values", "more.csv")
    done = run(*words, "--format", "json", "--out", "equal.csv")
    assert sum(row["weight"] for row in json.loads(done.out)) == pytest.approx(1)
    assert "a: weight" in done.err
    assert run("score", "fitted", "--values", "values.csv", "--weights", "equal.csv").code == 0
    done = run(*words, "--outcome", "wealth", "--format", "json")
    assert "correlation of the index with wealth" in done.err
    assert "1.0000 now" in done.err
    assert {row["code"]: round(row["weight"], 3) for row in json.loads(done.out)}["c"] == 0
    refused = run(*words, "--outcome", "welth")
    assert refused.code == 2
    assert "did you mean 'wealth'" in refused.err
