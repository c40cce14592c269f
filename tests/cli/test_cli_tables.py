"""Scores from a table, an index made of a table, exchange with COINr and the COIN Tool: as a person runs them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import Run, runner
from pymcdm import weights as pymcdm_weights
from tables import coin_tool, write_csv


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capsys)


VALUES: list[list[object]] = [
    ["region", "name", "firms", "papers", "jobless", "kind"],
    ["r1", "North", 10, 4, 7, "a"],
    ["r2", "South", 40, 1, 5, "a"],
    ["r3", "East", 30, 9, 9, "b"],
    ["r4", "West", 25, 6, 2, "b"],
]


@pytest.fixture
def mine(run: Run, tmp_path: Path) -> Path:
    write_csv(tmp_path / "values.csv", VALUES)
    assert run("index", "new", "mine", "--from", "values.csv").code == 0
    return tmp_path / "mine"


def scores(run: Run, *words: object) -> pd.DataFrame:
    done = run("score", "mine", "--values", "values.csv", "--format", "json", *words)
    assert done.code == 0, done.err
    return pd.DataFrame(json.loads(done.out))


def test_a_table_becomes_an_index_and_scores(run: Run, mine: Path) -> None:
    assert run("index", "check", mine, "--values", "values.csv").code == 0
    table = scores(run).set_index("region")
    frame = (
        pd.DataFrame(VALUES[1:], columns=VALUES[0]).set_index("region")[["firms", "papers", "jobless"]].astype(float)
    )
    expected = ((frame - frame.min()) / (frame.max() - frame.min())).mean(axis=1) * 100
    np.testing.assert_allclose(table.loc[expected.index, "score"], expected, rtol=1e-12)
    assert table.loc["r3", "region_en"] == "East"


def test_overrides_change_the_run_and_say_so(run: Run, mine: Path) -> None:
    words = ("--normalise", "zscore", "--aggregate", "gmean", "--weights", "critic", "--treat", "winsorise")
    table = scores(run, *words)
    assert table["overrides"].str.contains("weighted_sum -> gmean").all()
    assert table["overrides"].str.contains("zscore with mean 100 and sd 10").all()
    done = run("score", "mine", "--values", "values.csv", *words, "--out", "scores.xlsx")
    assert "changed for this run: weights: printed -> critic" in done.err
    method = pd.read_excel("scores.xlsx", sheet_name="method", engine="calamine").set_index("key")["value"]
    assert "winsorise" in method["changed for this run"]


def test_a_run_from_a_table_replays_and_notices_a_changed_table(run: Run, mine: Path, tmp_path: Path) -> None:
    assert run("score", "mine", "--values", "values.csv", "--normalise", "prank", "--out", "scores.csv").code == 0
    assert "every digit is the same" in run("score", "--from", "scores.run.json").err
    write_csv(tmp_path / "values.csv", [VALUES[0], ["r1", "North", 11, 4, 7, "a"], *VALUES[2:]])
    done = run("score", "--from", "scores.run.json")
    assert done.code == 1
    assert "values_hash was" in done.err


def test_a_run_in_chinese_replays_in_english_and_the_other_way_round(run: Run, mine: Path) -> None:
    words = ("score", "mine", "--values", "values.csv", "--normalise", "zscore", "--treat", "winsorise")
    for first, second, same in (("zh", "en", "every digit is the same"), ("en", "zh", "每一位都相同")):
        assert run(*words, "--lang", first, "--out", f"{first}.csv").code == 0
        assert same in run("score", "--from", f"{first}.run.json", "--lang", second).err


def test_years_and_spellings_are_said_by_every_command_that_scores(run: Run, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["region", "year", "a", "b"],
        ["北京市", 2021, 1, 4],
        ["Beijing", 2022, 2, 3],
        ["四川省", 2022, 9, 1],
    ]
    write_csv(tmp_path / "v.csv", rows)
    assert "'北京市' (line 2), 'Beijing' (line 3) are one region" in run("index", "new", "two", "--from", "v.csv").err
    for words in (("score", "two"), ("weights", "entropy", "--index", "two"), ("coherence", "two")):
        done = run(*words, "--values", "v.csv", "--format", "csv")
        assert done.code == 0, done.err
        assert "are one region" in done.err
        assert "  2021: 北京市" in done.err
    assert run("score", "two", "--values", "v.csv", "--out", "s.csv").code == 0
    assert "every digit is the same" in run("score", "--from", "s.run.json").err


def test_weights_of_a_file_and_tiers(run: Run, mine: Path, tmp_path: Path) -> None:
    write_csv(tmp_path / "w.csv", [["code", "weight"], ["firms", 2], ["papers", 0], ["jobless", 2]])
    table = scores(run, "--weights", "w.csv", "--tiers", "jenks:2").set_index("region")
    assert table.loc["r1", "score"] == pytest.approx(0.5 * 5 / 7 * 100)
    assert set(table["tier"]) == {1, 2}
    assert run("score", "mine", "--values", "values.csv", "--tiers", "jenks").code == 2
    rows: list[list[object]] = [
        ["code", "weight"],
        ["firms", -2],
        ["papers", "many"],
        ["jobless", ""],
        ["x", 1],
        ["x", 1],
    ]
    write_csv(tmp_path / "w.csv", rows)
    done = run("score", "mine", "--values", "values.csv", "--weights", "w.csv")
    assert done.code == 1
    for words in ("'firms' is '-2'", "'papers' is 'many'", "'jobless' is blank", "w.csv:6:code: code 'x'"):
        assert words in done.err
    write_csv(tmp_path / "w.csv", [["kode", "weight"], ["firms", 2]])
    assert "column 'code' is missing" in run("score", "mine", "--values", "values.csv", "--weights", "w.csv").err
    write_csv(tmp_path / "w.csv", [["code", "weight"], ["firmes", 2]])
    done = run("score", "mine", "--values", "values.csv", "--weights", "w.csv")
    assert (done.code, "did you mean 'firms'" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--normalise", "zcore"), "did you mean 'zscore'"),
        (("--aggregate", "geomean"), "or 'gmean' or"),
        (("--weights", "critik"), "did you mean 'critic'"),
        (("--treat", "winsorize"), "did you mean 'winsorise'"),
        (("--impute", "group_mean"), "group_mean:COLUMN"),
        (("--tiers", "cuts:20,40"), "highest first"),
        (("--normalise", "dist2ref"), "dist2ref:REGION"),
        (("--normalise", "zscore:r1"), "dist2ref:REGION"),
        (("--normalise", "dist2ref:r9"), "did you mean 'r4' or 'r3'"),
        (("--weights", "entropy:score"), "did you mean 'scores'"),
        (("--weights", "critic:values"), "these take one: entropy, bod"),
        (("--impute", "group_mean:kinds"), "needs the column 'kinds', which is in no table"),
    ],
)
def test_an_unknown_method_names_the_nearest(run: Run, mine: Path, words: tuple[str, ...], part: str) -> None:
    done = run("score", "mine", "--values", "values.csv", *words)
    assert done.code == 2
    assert part in done.err


def test_a_method_with_its_parameter(run: Run, mine: Path) -> None:
    points = scores(run, "--normalise", "dist2ref:r3").set_index("region")
    # r3 is the reference: 1 in every indicator, each a third of the whole; r1 is the worst but in jobless, 5 of 7
    assert points.loc["r3", "score"] == pytest.approx(1)
    assert points.loc["r1", "firms"] == 0
    assert points.loc["r1", "jobless"] == pytest.approx(5 / 7 / 3)
    columns = np.array([row[2:5] for row in VALUES[1:]], dtype=np.float64)
    shares = pymcdm_weights.entropy_weights(columns)
    points = scores(run, "--weights", "entropy").set_index("region")
    np.testing.assert_allclose(
        points.loc["r3", ["firms", "papers", "jobless"]].astype(float), shares * [200 / 3, 100, 100]
    )


def test_values_that_give_no_weights_are_named(run: Run, mine: Path, tmp_path: Path) -> None:
    rows = [VALUES[0], *VALUES[1:4], ["r4", "West", -25, 6, 2, "b"]]
    write_csv(tmp_path / "values.csv", rows)
    words = ("--index", "mine", "--values", "values.csv")
    for method, on in (("entropy", ()), ("bod", ("--on", "values"))):
        done = run("weights", method, *words, *on)
        assert done.code == 1
        assert "'firms' has the value -25" in done.err
        assert run("weights", method, *words, "--on", "scores").code == 0


def test_check_shows_what_is_wrong_with_a_table_all_at_once(run: Run, mine: Path, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["region", "firms", "paperz", "jobless"],
        ["r1", 5, 1, "7 %"],
        ["r2", 5, 2, 8],
        ["r9", "inf", 3, 2],
    ]
    write_csv(tmp_path / "bad.csv", rows)
    done = run("index", "check", mine, "--values", "bad.csv", "--format", "json")
    assert done.code == 1
    found = {row["code"]: row for row in json.loads(done.out)}
    assert set(found) == {"unknown_source", "text_column", "infinite", "region_without_row", "not_ranked"}
    assert "did you mean 'paperz'" in found["unknown_source"]["hint"]
    assert (found["text_column"]["row"], found["text_column"]["column"]) == ("2", "jobless")
    empty: list[list[object]] = [["region", "firms", "papers", "jobless"], ["r1", "", 1, 1]]
    write_csv(tmp_path / "bad.csv", empty)
    codes = [
        row["code"] for row in json.loads(run("index", "check", mine, "--values", "bad.csv", "--format", "json").out)
    ]
    assert set(codes) >= {"all_missing", "one_region", "region_without_row"}
    write_csv(tmp_path / "bad.csv", [["region", "firms", "papers", "jobless"], ["r1", 3, 1, 1], ["r2", 3, 2, 4]])
    codes = [
        row["code"] for row in json.loads(run("index", "check", mine, "--values", "bad.csv", "--format", "json").out)
    ]
    assert "constant" in codes


def test_check_knows_what_comes_from_metrics(run: Run, tmp_path: Path) -> None:
    write_csv(
        tmp_path / "extra.csv", [["地区", "park_count"], *[[name, at] for at, name in enumerate(["北京", "上海"])]]
    )
    done = run("index", "check", "cingai-2023", "--values", "extra.csv", "--format", "json")
    found = {row["code"]: row["message"] for row in json.loads(done.out)}
    assert done.code == 0
    assert "23 indicators have no column here and come from metrics" in found["from_metrics"]


def test_screened_regions_keep_their_reason(run: Run, mine: Path, tmp_path: Path) -> None:
    """A value per nothing is missing, and counts as missing where regions are screened."""
    rows = [[*VALUES[0][:2], "people", *VALUES[0][2:]], *[[*row[:2], 5, *row[2:]] for row in VALUES[1:]]]
    rows[2][2] = 0
    rows[3][4] = ""
    write_csv(tmp_path / "values.csv", rows)
    table = (mine / "indicators.csv").read_text(encoding="utf-8").splitlines()
    per_head = [f"{line},{'denominator' if not at else 'people' if at < 3 else ''}" for at, line in enumerate(table)]
    (mine / "indicators.csv").write_text("\n".join(per_head) + "\n", encoding="utf-8")
    toml = (mine / "index.toml").read_text(encoding="utf-8")
    (mine / "index.toml").write_text(
        toml.replace("[level", "[screening]\navailability = 0.5\n\n[level", 1), encoding="utf-8"
    )
    done = run("score", "mine", "--values", "values.csv", "--format", "json", "--out", "scores.xlsx")
    assert done.code == 0, done.err
    assert "not ranked: r2: has values of 33.3% of the indicators, fewer than 50.0%" in done.err
    ranked = {row["region"]: (row["rank"], row["mark"]) for row in json.loads(done.out)}
    assert ranked["r2"] == (None, "not ranked: has values of 33.3% of the indicators, fewer than 50.0%")
    assert sorted(rank for rank, _ in ranked.values() if rank) == [1, 2, 3]
    method = pd.read_excel("scores.xlsx", sheet_name="method", engine="calamine").set_index("key")["value"]
    assert method["not ranked: screened out"].startswith("r2: has values of 33.3%")
    done = run("score", "mine", "--values", "values.csv", "--by-year", "--since", 2020, "--until", 2020)
    assert "not ranked in 2020: r2: has values of 33.3%" in done.err


def test_show_says_every_rule(run: Run, mine: Path) -> None:
    toml = (mine / "index.toml").read_text(encoding="utf-8")
    rules = {
        "screening": ('availability = 0.5\nkeep = ["r1"]', "at least 50.0% of the values, keep r1"),
        "imputation": ('method = "last"\nreach = 3', "last, at most 3 years back"),
        "treatment": (
            'method = "winsorise_log"',
            "winsorise_log, where |skewness| >= 2 and kurtosis >= 3.5, at most 5 points",
        ),
        "weighting": ('method = "bod"\nbounds = [0.1, 0.5]', "bod, shares 0.1-0.5"),
        "tiers": ('method = "cuts"\ncuts = [60.0, 40.0]', "cuts, 60, 40"),
    }
    added = "".join(f"[{name}]\n{keys}\n\n" for name, (keys, _) in rules.items())
    (mine / "index.toml").write_text(toml.replace("[level", f"{added}[level", 1), encoding="utf-8")
    done = run("index", "show", "mine", "--lang", "en")
    for _, words in rules.values():
        assert words in done.out
    assert "赋权方法" in run("index", "show", "mine", "--lang", "zh").out


def test_an_indicator_in_no_column_stops_the_scores(run: Run, mine: Path, tmp_path: Path) -> None:
    write_csv(tmp_path / "bad.csv", [["region", "firms", "paperz", "jobless"], ["r1", 1, 2, 3], ["r2", 2, 1, 1]])
    done = run("score", "mine", "--values", "bad.csv")
    assert done.code == 1
    assert "bad.csv has no column for indicator 'papers'" in done.err


def same_cells(one: str, other: str) -> None:
    def cell(text: str) -> object:
        try:
            return float(text)
        except ValueError:
            return text

    left, right = ([[cell(text) for text in row] for row in csv.reader(io.StringIO(table))] for table in (one, other))
    assert left == right


def test_asem_into_the_house_format_and_back(run: Run, shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "asem"
    done = run("index", "import-coinr", "--data", folder / "iData.csv", "--meta", folder / "iMeta.csv", "--out", "asem")
    assert done.code == 0, done.err
    assert run("index", "check", "asem", "--values", "asem/values.csv").code == 0
    assert run("index", "export-coinr", "asem", "--out", "back").code == 0
    for name in ("iData.csv", "iMeta.csv"):
        same_cells((tmp_path / "back" / name).read_text(encoding="utf-8"), (folder / name).read_text(encoding="utf-8"))
    toml = tmp_path / "asem" / "index.toml"
    rules = '[imputation]\nmethod = "group_mean"\ngroup = "EurAsia_group"\n\n[treatment]\nmethod = "winsorise_log"\n\n'
    toml.write_text(toml.read_text(encoding="utf-8").replace("[level", f"{rules}[level", 1), encoding="utf-8")
    done = run("score", "asem", "--values", "asem/values.csv", "--format", "json")
    ours = pd.DataFrame(json.loads(done.out)).set_index("region")
    theirs = pd.read_csv(folder / "stages" / "17_aggregated.csv").set_index("uCode")
    np.testing.assert_allclose(ours["score"], theirs.loc[ours.index, "Index"], rtol=0, atol=1e-9)
    ranks = pd.read_csv(folder / "stages" / "18_results_ranks.csv").set_index("uCode")
    np.testing.assert_array_equal(ours["rank"], ranks.loc[ours.index, "Index"])


def test_columns_and_rows_of_another_order_come_back(run: Run, tmp_path: Path) -> None:
    """Other columns than ASEM has, in another order; goalposts, a note, a weight of a group, years."""
    data: list[list[object]] = [
        ["Time", "b", "uCode", "kind", "a", "extra"],
        *[[2020, 1.5, "x", "k1", 7, "NA"], [2021, 1.25, "x", "k1", 8, 3], [2020, "NA", "y", "k2", 9, 4]],
    ]
    meta: list[list[object]] = [
        ["Type", "iCode", "goalpost_lower", "goalpost_upper", "Parent", "Level", "Direction", "Weight", "Note"],
        ["Group", "kind", "NA", "NA", "NA", "NA", "NA", 1, "which kind"],
        ["Aggregate", "Index", "NA", "NA", "NA", 2, 1, 1, "NA"],
        ["Indicator", "b", 0, 2.5, "Index", 1, -1, 0.25, "beta"],
        ["Indicator", "a", 5, 10, "Index", 1, 1, 0.75, "NA"],
    ]
    write_csv(tmp_path / "iData.csv", data)
    write_csv(tmp_path / "iMeta.csv", meta)
    done = run("index", "import-coinr", "--data", "iData.csv", "--meta", "iMeta.csv", "--out", "made")
    assert done.code == 0, done.err
    assert run("index", "export-coinr", "made", "--out", "back").code == 0
    for name in ("iData.csv", "iMeta.csv"):
        same_cells(
            (tmp_path / "back" / name).read_text(encoding="utf-8"), (tmp_path / name).read_text(encoding="utf-8")
        )


def test_an_index_of_ones_own_goes_to_coinr(run: Run, mine: Path, tmp_path: Path) -> None:
    assert run("index", "export-coinr", "mine", "--out", "there").code == 1
    assert run("index", "export-coinr", "mine", "--out", "there", "--values", "values.csv").code == 0
    meta = pd.read_csv(tmp_path / "there" / "iMeta.csv")
    assert list(meta.columns) == [
        "Level", "iCode", "iName", "Direction", "Weight", "Unit", "Target", "Denominator", "Parent", "Type",
    ]  # fmt: skip
    assert meta.set_index("iCode")["Type"].to_dict() == {
        "firms": "Indicator", "papers": "Indicator", "jobless": "Indicator", "index": "Aggregate",
    }  # fmt: skip
    assert list(pd.read_csv(tmp_path / "there" / "iData.csv").columns)[:2] == ["uCode", "uName"]


def test_a_broken_imeta_is_refused_with_every_fault(run: Run, tmp_path: Path) -> None:
    write_csv(tmp_path / "iData.csv", [["uCode", "a", "b"], ["x", 1, 2], ["y", 2, 3]])
    meta: list[list[object]] = [
        ["Level", "iCode", "Direction", "Weight", "Parent", "Type"],
        [1, "a", 1, "much", "Index", "Indicator"],
        [1, "c", 1, 1, "Index", "Indicator"],
        [2, "Index", 1, 1, "NA", "Agregate"],
    ]
    write_csv(tmp_path / "iMeta.csv", meta)
    done = run("index", "import-coinr", "--data", "iData.csv", "--meta", "iMeta.csv", "--out", "made")
    assert done.code == 1
    for words in ("not a number: 'much'", "iData.csv has no column for 'c'", "did you mean 'Aggregate'"):
        assert words in done.err
    assert not (tmp_path / "made").exists()


def test_a_coin_tool_workbook(run: Run, tmp_path: Path) -> None:
    coin_tool(tmp_path / "tool.xlsx")
    assert run("index", "import-coin-tool", "tool.xlsx", "--out", "fromtool").code == 0
    rows = pd.read_csv(tmp_path / "fromtool" / "indicators.csv").set_index("code")
    assert rows["parent"].to_dict() == {
        "ind.01": "p.01", "ind.02": "p.01", "ind.03": "p.02", "ind.04": "p.02", "p.01": "Index", "p.02": "Index",
        "Index": rows.loc["Index", "parent"],
    }  # fmt: skip
    assert (rows.loc["p.01", "name_en"], rows.loc["p.01", "weight"], rows.loc["ind.02", "direction"]) == (
        "Economy",
        3,
        -1,
    )
    done = run("score", "fromtool", "--values", "fromtool/values.csv", "--format", "json")
    table = pd.DataFrame(json.loads(done.out)).set_index("region")
    # U5: firms 9 of 1-9, dropouts 4 of 1-9 (less is better, counts twice), patents 6 of 2-8, papers 9 of 1-9
    economy, science = (100 + 2 * 62.5) / 3, (200 / 3 + 100) / 2
    assert table.loc["U5", "score"] == pytest.approx((3 * economy + science) / 4)
    (tmp_path / "other.xlsx").write_bytes((tmp_path / "tool.xlsx").read_bytes()[:200])
    assert run("index", "import-coin-tool", "other.xlsx", "--out", "no").code == 1


def test_a_folder_that_is_there_is_not_overwritten(run: Run, mine: Path) -> None:
    before = (mine / "index.toml").read_bytes()
    assert run("index", "new", "mine", "--from", "values.csv").code == 1
    assert (mine / "index.toml").read_bytes() == before
