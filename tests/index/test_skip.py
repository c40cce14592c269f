"""What `skip` promises under every mean: a missing value leaves its weight to its siblings, and is printed nowhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in
from small_index import small_index
from tables import coin_tool, write_csv

from ecosystem.index import IndexScores, evaluate, read_index, roll_up
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import USUAL_MISSING, Aggregation, Missing, Normalisation

LEAVES = (("a", "p", 0.3, 1), ("b", "p", 0.2, 1), ("c", "q", 0.1, -1), ("d", "q", 0.15, 1), ("e", "q", 0.25, 1))
REGIONS = tuple(f"r{at}" for at in range(12))
PARENTS = {"p": [0, 1], "q": [2, 3, 4]}


def _values() -> FloatArray:
    random = np.random.default_rng(3)
    values = random.uniform(1, 9, (len(REGIONS), len(LEAVES)))
    values[random.random(values.shape) < 0.25] = np.nan
    values[0, :2] = np.nan  # a pillar without a value
    values[1] = np.nan
    return values


def _scores(method: str, rule: str = "skip") -> IndexScores:
    index = replace(
        small_index(LEAVES, REGIONS, groups=[("g", ("r1", "r2")), ("h", ("r3", "r4"))]),
        aggregation=Aggregation(method, "global"),
        missing=Missing(rule, 0.5),
        normalisation=Normalisation("minmax", 70.0, 130.0),
    )
    return evaluate(index, _values(), level="province")


def _mean(scores: list[float], weights: list[float]) -> float:
    """The mean of those that are there, NaN of none."""
    there = [(one, weight) for one, weight in zip(scores, weights, strict=True) if not np.isnan(one)]
    whole = sum(weight for _, weight in there)
    return sum(one * weight for one, weight in there) / whole if there else np.nan


def _by_hand(normalised: FloatArray, *, times: bool) -> FloatArray:
    """Means of means with the weights of the missing spread; `times` the weight of all where parts are only summed."""
    weights = [weight for _, _, weight, _ in LEAVES]
    found = []
    for row in normalised.tolist():
        pillars = [_mean([row[at] for at in places], [weights[at] for at in places]) for places in PARENTS.values()]
        wholes = [sum(weights[at] for at in places) for places in PARENTS.values()]
        pillars = [one * (whole if times else 1) for one, whole in zip(pillars, wholes, strict=True)]
        found.append(_mean(pillars, wholes))
    return np.array(found)


def test_a_weighted_sum_that_skips_is_the_mean_of_what_is_there() -> None:
    for method in ("weighted_sum", "amean"):
        scores = _scores(method)
        np.testing.assert_allclose(scores.overall, _by_hand(scores.normalised, times=False), rtol=1e-12)
        assert scores.overall_rank[1] == 0
    plain = _scores("sum")
    np.testing.assert_allclose(plain.overall, _by_hand(plain.normalised, times=True), rtol=1e-12)


@pytest.mark.parametrize("method", ["weighted_sum", "amean", "sum"])
@pytest.mark.parametrize("rule", ["skip", "zero"])
def test_what_the_indicators_bring_adds_up(method: str, rule: str) -> None:
    scores = _scores(method, rule)
    np.testing.assert_allclose(scores.weighted.sum(axis=1), np.nan_to_num(scores.overall), rtol=1e-12)


@pytest.mark.parametrize("method", ["weighted_sum", "amean", "gmean", "hmean", "genmean", "median", "mpi", "sum"])
def test_a_region_scores_as_if_the_index_had_not_what_it_lacks(method: str) -> None:
    """Each region alone, by an index that has only the indicators that it has, on the same normalised scores."""
    scores = _scores(method)
    for row, normalised in enumerate(scores.normalised):
        there = [at for at in range(len(LEAVES)) if not np.isnan(normalised[at])]
        if not there or method == "sum":
            continue
        own = small_index([LEAVES[at] for at in there], ["r"])
        parts = [leaf for leaf in own.indicators if leaf.level > 1]
        weights = {pillar: sum(LEAVES[at][2] for at in places) for pillar, places in PARENTS.items()}
        rows = [replace(part, weight=weights.get(part.code, 1.0)) for part in parts]
        own = replace(
            own,
            indicators=(*(replace(leaf, direction=1) for leaf in own.leaves), *rows),
            normalisation=Normalisation("none"),
            aggregation=Aggregation("amean" if method == "weighted_sum" else method, "global"),
        )
        alone = evaluate(own, normalised[None, there], level="province")
        assert scores.overall[row] == pytest.approx(alone.overall[0], rel=1e-12)


def test_a_missing_value_has_no_score_and_no_rank() -> None:
    flat = [(code, "p", weight, way) for code, _, weight, way in LEAVES]
    for method in ("weighted_sum", "amean"):
        scores = _scores(method)
        np.testing.assert_array_equal(np.isnan(scores.at(1)), np.isnan(_values()))
        assert np.isnan(roll_up(scores).overall[0])  # r1 of it has nothing
    assert (_scores("weighted_sum", "zero").at(1)[1] == 0).all()  # it says that it scores 0
    one = replace(small_index(flat, REGIONS), missing=Missing("skip", 0.5))
    rows = [replace(row, parent="top") if row.level == 1 else replace(row, level=2) for row in one.indicators[:5]]
    top = replace(one.indicators[-1], level=2)
    two = evaluate(replace(one, indicators=(*rows, top)), _values(), level="province")
    np.testing.assert_array_equal(two.pillar_ranks == 0, np.isnan(_values()))


def test_every_way_in_has_one_rule_for_what_is_missing(tmp_path: Path) -> None:
    data: list[list[object]] = [["region", "a", "b"], ["A", 1, 10], ["B", 3, ""], ["C", 2, 30]]
    write_csv(tmp_path / "v.csv", data)
    write_csv(tmp_path / "iData.csv", [["uCode", "uName", "a", "b"], *([row[0], *row] for row in data[1:])])
    meta = [["a", 1, "top", "Indicator"], ["b", 1, "top", "Indicator"], ["top", 2, "NA", "Aggregate"]]
    rows = [[code, code, level, 1, 1, parent, kind] for code, level, parent, kind in meta]
    write_csv(tmp_path / "iMeta.csv", [["iCode", "iName", "Level", "Direction", "Weight", "Parent", "Type"], *rows])
    run_in(tmp_path, "index", "new", "one", "--from", "v.csv")
    run_in(tmp_path, "index", "import-coinr", "--data", "iData.csv", "--meta", "iMeta.csv", "--out", "two")
    coin_tool(tmp_path / "tool.xlsx")
    run_in(tmp_path, "index", "import-coin-tool", "tool.xlsx", "--out", "three")
    assert {read_index(tmp_path / name).missing for name in ("one", "two", "three")} == {USUAL_MISSING}
    found = []
    for name in ("one", "two"):
        shown = run_in(tmp_path, "score", name, "--values", "v.csv", "--format", "json")
        run_in(tmp_path, "score", name, "--values", "v.csv", "--long", "--out", f"{name}.csv")
        assert [row["b"] for row in json.loads(shown.stdout) if row["region"] == "B"] == [None]
        tidy = pd.read_csv(tmp_path / f"{name}.csv")
        assert tidy.loc[(tidy["region"] == "B") & (tidy["code"] == "b"), "score"].isna().all()
        found.append({row["region"]: (row["score"], row["rank"]) for row in json.loads(shown.stdout)})
    assert found[0] == found[1] == {"A": (0, 3), "B": (100, 1), "C": (75, 2)}
