"""What an index passed over in silence: weights of 0, directions of parents, denominators, groups, large numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in
from hypothesis import given
from hypothesis import strategies as st
from small_index import TWO_PILLARS, small_index
from tables import write_csv

from ecosystem.errors import InputError
from ecosystem.index import Auxiliary, Index, check_index, evaluate
from ecosystem.index.arrays import correlations, kurtosis, mean_and_sd, skewness
from ecosystem.index.files.value_files import read_values
from ecosystem.index.rules import Aggregation, Missing, Normalisation
from ecosystem.index.steps.scale_formulas import around_reference, zscore
from ecosystem.index.steps.treat import logarithm

VALUES = np.array([[1.0, 5, 3], [2, 2, 2], [4, 1, 9]])


def _weights(**weights: float) -> Index:
    index = small_index()
    rows = tuple(replace(row, weight=weights.get(row.code, row.weight)) for row in index.indicators)
    return replace(index, indicators=rows)


@pytest.mark.parametrize("method", ["weighted_sum", "amean", "gmean"])
def test_a_weight_of_zero_is_shown_and_does_not_count(method: str) -> None:
    index = replace(
        _weights(b=0.0, c=0.0, q=0.0),
        aggregation=Aggregation(method, "local"),
        normalisation=Normalisation("minmax", 1.0, 100.0),
        missing=Missing("skip", 0.5),
    )
    assert not [finding for finding in check_index(index) if finding.severity == "error"]
    scores = evaluate(index, VALUES, level="province")
    np.testing.assert_array_equal(scores.shares, [1, 0, 0])
    np.testing.assert_allclose(scores.overall, scores.normalised[:, 0])


def test_parts_that_all_weigh_nothing_are_an_error() -> None:
    index = replace(_weights(c=0.0), aggregation=Aggregation("amean", "local"))
    (found,) = (finding for finding in check_index(index) if finding.severity == "error")
    assert (found.code, found.message) == ("bad_weight", "all parts of 'q' have the weight 0, so it has no score")


def test_the_direction_of_a_parent_is_refused() -> None:
    index = small_index()
    rows = tuple(replace(row, direction=-1) if row.code == "p" else row for row in index.indicators)
    (found,) = check_index(replace(index, indicators=rows))
    assert (found.severity, found.code) == ("error", "bad_direction")
    assert "'p' is -1, but only indicators have a direction: it is made of parts" in found.message


@pytest.mark.parametrize("denominator", ["people", "share_of_total"])
def test_a_negative_denominator_is_named(denominator: str) -> None:
    index = small_index(TWO_PILLARS)
    rows = tuple(replace(row, denominator=denominator) if row.code == "a" else row for row in index.indicators)
    values = VALUES * [-1.0, 1, 1]
    beside = Auxiliary({"people": np.array([3.0, -2, 0])})
    with pytest.raises(InputError, match="denominators are negative") as raised:
        evaluate(replace(index, indicators=rows), values, level="province", auxiliary=beside)
    (found,) = raised.value.findings
    assert found.file == ("r2" if denominator == "people" else None)
    assert "'a' is divided by" in found.message


def test_numbers_as_groups_are_names_or_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["A", 1, 10.5, 1234567],
        ["B", "", 20.5, 1234567],
        ["C", 3, 1.5, 1234568],
        ["D", 9, 2, 1234568],
    ]
    write_csv(tmp_path / "v.csv", [["region", "a", "gdp", "zone"], *rows])
    run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    words = ("score", "mine", "--values", "v.csv", "--impute")
    done = run_in(tmp_path, *words, "group_mean:zone", "--format", "json", "--out", "s.csv")
    assert "the numbers in 'zone' are used as the names of 2 groups" in done.stderr
    assert read_values(tmp_path / "v.csv").group("zone") == {
        "A": "1234567",
        "B": "1234567",
        "C": "1234568",
        "D": "1234568",
    }
    done = run_in(tmp_path, *words, "group_mean:gdp")
    assert done.returncode == 1
    assert "the column 'gdp' of v.csv holds measured numbers, such as 10.5, and not groups" in done.stderr


@pytest.mark.parametrize("size", [1e-300, 1e-162, 1e-100, 1e100, 1e154, 1e298])
def test_no_size_of_numbers_is_too_large_or_too_small(size: float) -> None:
    unit = np.random.default_rng(4).normal(size=(9, 3)) + 0.5
    values = unit * size
    ways = np.array([1.0, -1, 1])
    np.testing.assert_allclose(zscore(values, ways), zscore(unit, ways), rtol=1e-9)
    np.testing.assert_allclose(mean_and_sd(values)[1] / size, mean_and_sd(unit)[1], rtol=1e-9)
    for statistic in (skewness, kurtosis, correlations):
        np.testing.assert_allclose(statistic(values), statistic(unit), rtol=1e-9)
    if size > 1:
        assert np.isfinite(logarithm(np.abs(values), "gii")).all()


def test_what_an_indicator_brings_stands_in_the_column_weighted(tmp_path: Path) -> None:
    write_csv(tmp_path / "v.csv", [["region", "a", "b"], ["A", 1, 10], ["B", 3, ""], ["C", 2, 30]])
    run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    for mean in ("amean", "sum", "weighted_sum"):
        run_in(tmp_path, "score", "mine", "--values", "v.csv", "--aggregate", mean, "--out", "s.xlsx")
        sheet = pd.read_excel(tmp_path / "s.xlsx", sheet_name="indicators", engine="calamine")
        points = sheet.set_index(["region", "code"])["weighted"]
        assert points["C"].tolist() == [25, 50]
        assert points["B", "a"] == 100
        assert np.isnan(points["B", "b"])


PANEL: list[list[object]] = [
    ["region", "year", "a", "b"],
    *([f"r{at}", 2020, value, at] for at, value in enumerate([1, 2, 3, 4, 5, 6, 7, 8, 9, 500])),
    *([f"r{at}", 2021, value, at * 3] for at, value in enumerate(range(11, 21))),
]


def test_a_panel_is_treated_together_or_year_by_year(tmp_path: Path) -> None:
    """Each year by itself as `Treat` of COINr, then one scale: the 500 takes the 9 below it, or the 20 of all."""
    write_csv(tmp_path / "v.csv", PANEL)
    run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    found, raw = {}, np.array([float(str(row[2])) for row in PANEL[1:]]).reshape(2, 10)
    for scale in ("all", "year", "mixed"):
        words = ("score", "mine", "--values", "v.csv", "--by-year", "--treat", "winsorise", "--scale", scale)
        done = run_in(tmp_path, *words, "--long", "--out", f"{scale}.csv")
        tidy = pd.read_csv(tmp_path / f"{scale}.csv")
        found[scale] = tidy[tidy["code"] == "a"].pivot(index="year", columns="region", values="score").to_numpy() * 2
        assert ("year by year" in done.stderr) == (scale == "mixed")
    np.testing.assert_allclose(found["all"], (np.minimum(raw, 20) - 1) / 19 * 100)
    raw[0, 9] = 9
    np.testing.assert_allclose(found["mixed"], (raw - 1) / 19 * 100)
    assert (
        "every digit is the same" in run_in(tmp_path, "score", "--from", "mixed.run.json", "--out", "again.csv").stderr
    )
    text = (tmp_path / "mine" / "index.toml").read_text(encoding="utf-8")
    own = text.replace("[level", '[treatment]\nmethod = "winsorise"\nyears = "each"\n\n[level')
    (tmp_path / "mine" / "index.toml").write_text(own, encoding="utf-8")
    done = run_in(tmp_path, "score", "mine", "--values", "v.csv", "--by-year", "--format", "json")
    ours = {row["region"]: row["score_2020"] for row in json.loads(done.stdout)}
    assert ours["r9"] - ours["r0"] == pytest.approx(50 * 8 / 19 + 50 * 9 / 27)


COLUMN = st.lists(st.integers(1, 400), min_size=2, max_size=12)


@given(COLUMN, st.integers(0, 11), st.sampled_from([1.0, -1.0]), st.booleans())
def test_a_gain_lowers_no_score_round_a_target_inside_the_values(
    column: list[int], at: int, way: float, mean: bool
) -> None:
    at %= len(column)
    before = np.array(column, dtype=np.float64)[:, None]
    after = before.copy()
    after[at] += 3 * way
    inside = [max(before.min(), after.min()), min(before.max(), after.max())]
    low, high = (
        around_reference(values, np.array([way]), values.mean(axis=0) if mean else np.array([np.mean(inside)]))[at, 0]
        for values in (before, after)
    )
    assert mean or inside[0] <= np.mean(inside) <= inside[1]
    assert high >= low - 1e-9


def test_a_target_outside_the_values_can_cost_a_score() -> None:
    """As `docs/index.md` says: the target 0 lies below all values, and the best region comes nearer to it."""
    values, more = np.array([[10.0], [20]]), np.array([[10.0], [40]])
    before, after = (around_reference(each, np.ones(1), np.zeros(1))[1, 0] for each in (values, more))
    assert after < before
