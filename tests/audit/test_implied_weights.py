"""Weights recovered: planted ones to 1e-6, those of a printed ranking, and every input that cannot give any."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.published.implied_weights import implied_weights
from ecosystem.published.printed_scores import ScoreTable, read_score_table
from ecosystem.resources import resource

PRINTED = resource("data", "indices", "tmtpost-2024", "published")
PILLARS = ("factor_endowment", "development_potential", "benefit_output", "urban_penetration")
INDICATORS = np.array([6, 12, 5, 2])
"""How many of the 25 indicators each pillar has (part 4 (3) of the report)."""


def table(name: str, values: FloatArray, decimals: int = 15) -> ScoreTable:
    columns = values if values.ndim == 2 else values[:, None]
    regions = tuple(f"r{row}" for row in range(len(columns)))
    names = tuple(f"{name}{place}" for place in range(columns.shape[1]))
    return ScoreTable(name, regions, names, columns, (decimals,) * columns.shape[1])


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(0, 40))
def test_planted_weights_are_recovered(seed: int, parts: int, more: int) -> None:
    rng = np.random.default_rng(seed)
    values, weights = rng.random((parts + 2 + more, parts)), rng.random(parts)
    found = implied_weights([table("p", values)], table("t", values @ weights))
    if np.linalg.cond(values) < 1e4:
        np.testing.assert_allclose(found.weights, weights, atol=1e-6)
        assert found.identifiable.all()
    assert np.abs(found.residuals).max() < 1e-9


@given(st.integers(0, 2**32 - 1))
def test_the_fit_is_optimal(seed: int) -> None:
    """Karush, Kuhn and Tucker: w >= 0, gradient >= 0, and one of them 0 for every part."""
    rng = np.random.default_rng(seed)
    values, goal = rng.random((12, 4)), rng.random(12)
    found = implied_weights([table("p", values)], table("t", goal))
    gradient = values.T @ (values @ found.weights - goal)
    assert (found.weights >= 0).all()
    assert (gradient >= -1e-9).all()
    assert np.abs(gradient * found.weights).max() < 1e-9


@pytest.mark.parametrize("decimals", [15, 4])
def test_parts_that_move_together_are_not_identifiable(decimals: int) -> None:
    rng = np.random.default_rng(7)
    free = rng.random((30, 3))
    values = np.column_stack([free, free[:, 0] + free[:, 1]]).astype(np.float64).round(decimals)
    found = implied_weights(
        [table("p", values, decimals)], table("t", values @ np.array([0.4, 0.3, 0.2, 0.1]), decimals)
    )
    assert found.identifiable.tolist() == [False, False, True, False]
    assert found.weights[2] == pytest.approx(0.2, abs=1e-3)


def test_the_range_of_the_digits_holds_the_weights_that_were_used() -> None:
    rng = np.random.default_rng(3)
    values, weights = rng.random((20, 3)), np.array([0.5, 0.3, 0.2])
    total = np.round(values @ weights, 3)
    found = implied_weights([table("p", np.round(values, 3), 3)], table("t", total, 3))
    assert found.explained
    assert (found.digits_low <= weights + 1e-9).all()
    assert (weights <= found.digits_high + 1e-9).all()
    assert found.met.all()


def test_a_total_that_no_weights_give() -> None:
    values = np.array([[0.1], [0.2], [0.4]])
    found = implied_weights([table("p", values, 1)], table("t", np.array([0.9, 0.5, 0.1]), 1))
    assert not found.explained
    assert not found.met.all()


@pytest.fixture(scope="module")
def parts() -> list[ScoreTable]:
    return [read_score_table(PRINTED / f"{name}.csv") for name in PILLARS]


def test_tmtpost(parts: Sequence[ScoreTable]) -> None:
    """Figures cross-checked with numpy.linalg.lstsq, whose solution has no negative weight either."""
    total = read_score_table(PRINTED / "total.csv")
    found = implied_weights(parts, total)
    assert (len(found.regions), len(found.beside)) == (18, 82)
    np.testing.assert_allclose(found.weights, np.linalg.lstsq(found.values, found.total)[0], atol=1e-9)
    np.testing.assert_allclose(found.weights, [0.25266, 0.48123, 0.19332, 0.07553], atol=5e-6)
    assert found.identifiable.all()
    assert found.explained
    assert found.met.all()  # every total within what rounding of its parts allows
    assert np.abs(found.residuals).max() < 1e-4  # one unit of the last printed decimal
    assert found.same_digits.sum() == 15
    assert (found.left_out_high - found.left_out_low).max() < 2.5e-4
    assert (found.digits_high - found.digits_low).max() < 1e-3


def test_tmtpost_weighs_indicators_alike_not_pillars(parts: Sequence[ScoreTable]) -> None:
    """Four equal pillars are out of the question; per indicator the weights differ by 6 % of their mean at most."""
    found = implied_weights(parts, read_score_table(PRINTED / "total.csv"))
    assert not ((found.digits_low <= 0.25) & (found.digits_high >= 0.25)).any()
    each = found.weights / INDICATORS
    np.testing.assert_allclose(each, [0.04211, 0.04010, 0.03866, 0.03776], atol=5e-6)
    assert np.abs(each / each.mean() - 1).max() < 0.065


def test_tmtpost_pillars_or_dimensions_of_equal_weight_are_impossible(parts: Sequence[ScoreTable]) -> None:
    """Every pillar is printed with its best city at 1, so a weight is share of the pillar x best mean / best total.

    The best mean of a pillar of n min-max indicators is 1 at most, and 1/n at least, since each has a city at 1. With
    shares in proportion to `units`, the best means stand to each other as weight / units: for units that were used, the
    least over the greatest is not below 1/n of the pillar that has the least.
    """
    found = implied_weights(parts, read_score_table(PRINTED / "total.csv"))
    possible = {}
    for name, units in {"indicators": INDICATORS, "dimensions": np.array([3, 3, 2, 1]), "pillars": np.ones(4)}.items():
        # as far towards the possible as the digits allow
        best = found.digits_high / units
        least = int(best.argmin())
        others = np.delete(found.digits_low / units, least)
        possible[name] = bool(best[least] / others.max() >= 1 / INDICATORS[least])
    assert possible == {"indicators": True, "dimensions": False, "pillars": False}


def test_tmtpost_total_is_no_mean_of_the_printed_pillars(parts: Sequence[ScoreTable]) -> None:
    """24, 48, 20 and 8 of 100, which equal indicators give, lie outside what the digits allow."""
    found = implied_weights(parts, read_score_table(PRINTED / "total.csv"))
    equal = INDICATORS / INDICATORS.sum()
    assert ((equal < found.digits_low) | (equal > found.digits_high)).all()
    assert np.abs(found.values @ equal - found.total).max() > 0.003  # thirty units of the last decimal


def test_indicators_of_equal_weight_rescaled_by_pillar_look_like_tmtpost() -> None:
    """Made up: 25 min-max indicators, pillars and total divided by their best, four decimals, the first 30 alone.

    The weights that come out are counts x best mean / best total, not counts: the explanation at work.
    """
    rng = np.random.default_rng(11)
    indicators = rng.pareto(1.5, (338, 1)) + 0.3 * rng.pareto(1.5, (338, 25))
    scaled = (indicators - indicators.min(axis=0)) / np.ptp(indicators, axis=0)
    means = np.stack([part.mean(axis=1) for part in np.split(scaled, np.cumsum(INDICATORS)[:-1], axis=1)], axis=1)
    total = scaled.mean(axis=1)
    printed = (means / means.max(axis=0)).round(4)[np.argsort(-total)[:30]]
    goal = (total / total.max()).round(4)[np.argsort(-total)[:30]]
    found = implied_weights([table("pillar", printed, 4)], table("total", goal, 4))
    expected = INDICATORS / 25 * means.max(axis=0) / total.max()
    assert found.explained
    assert found.met.all()
    np.testing.assert_allclose(found.weights, expected, atol=1e-3)
    assert np.abs(expected - INDICATORS / 25).max() > 0.01


def test_tmtpost_cities_beyond_a_first_thirty_fit_too(parts: Sequence[ScoreTable]) -> None:
    """A pillar that is not printed lies between 0 and the last that is: every one of the hundred totals must fit."""
    total = read_score_table(PRINTED / "total.csv")
    weights = implied_weights(parts, total).weights
    for region, printed in total.column(0).items():
        low = high = 0.0
        for weight, part in zip(weights, parts, strict=True):
            column = part.column(0)
            low += weight * column.get(region, 0.0)
            high += weight * column.get(region, min(column.values()))
        assert low - 1.5e-4 <= printed <= high + 1.5e-4, region


def test_rounding_of_the_parts_alone_keeps_some_totals_off_their_last_digit(parts: Sequence[ScoreTable]) -> None:
    """By the least possible maximal residual (a linear programme): no weights meet all 18 with the parts as printed."""
    from scipy.optimize import linprog

    found = implied_weights(parts, read_score_table(PRINTED / "total.csv"))
    ones = np.ones((18, 1))
    rows = np.vstack([np.hstack([found.values, -ones]), np.hstack([-found.values, -ones])])
    least = linprog([0, 0, 0, 0, 1], A_ub=rows, b_ub=np.concatenate([found.total, -found.total])).fun
    assert 5.2e-5 < float(least or 0) < 5.3e-5


def five_pillars(rows: int, seed: int = 5) -> FloatArray:
    """Made-up scores of five pillars that go together, as those of a public index do."""
    rng = np.random.default_rng(seed)
    return np.clip(50 + 15 * rng.normal(size=(rows, 1)) + 12 * rng.normal(size=(rows, 5)), 1, 100)


@pytest.mark.parametrize("decimals", [15, 3, 1, 0])
def test_one_wrong_row_of_thirty_leaves_the_others_met(decimals: int) -> None:
    weights = np.array([0.3, 0.25, 0.2, 0.15, 0.1])
    values = five_pillars(30).round(decimals)
    total = (values @ weights).round(decimals)
    total[7] += 30
    found = implied_weights([table("p", values, decimals)], table("t", total, decimals))
    assert found.unmet == ("r7",)
    assert not found.explained
    np.testing.assert_allclose(found.robust, weights, atol=10.0**-decimals / 10)
    np.testing.assert_allclose(found.least_absolute, weights, atol=10.0**-decimals / 5)
    assert np.abs(found.weights - weights).max() > 0.01  # least squares: carried away
    assert (found.digits_low <= weights + 1e-9).all()
    assert (weights <= found.digits_high + 1e-9).all()


@pytest.mark.parametrize("stand_in", ["mean", "zero"])
@pytest.mark.parametrize("rows", [50, 150])
def test_equal_pillars_with_a_fifth_of_the_cells_imputed(rows: int, stand_in: str) -> None:
    """Two rows of three hold a cell that is not what the total was made from, and the weights are 0.2 exactly."""
    values = five_pillars(rows)
    printed = values.copy()
    imputed = np.random.default_rng(8).random(values.shape) < 0.2
    printed[imputed] = (np.broadcast_to(values.mean(axis=0), values.shape) if stand_in == "mean" else 0 * values)[
        imputed
    ]
    found = implied_weights([table("p", printed)], table("t", values.mean(axis=1)))
    np.testing.assert_allclose(found.robust, 0.2, atol=1e-9)
    assert np.abs(found.weights - 0.2).max() > 0.02
    assert set(found.unmet) == {f"r{row}" for row in np.flatnonzero(imputed.any(axis=1))}


@given(st.integers(0, 2**32 - 1))
def test_least_absolute_deviations_are_the_least(seed: int) -> None:
    """No other weights have a smaller sum: tried against those of least squares and many near them."""
    rng = np.random.default_rng(seed)
    values, goal = rng.random((20, 3)), rng.random(20)
    found = implied_weights([table("p", values)], table("t", goal))
    others = np.maximum(found.least_absolute + rng.normal(scale=[[0.3], [0.01]] * 50, size=(100, 3)), 0)
    sums = np.abs(np.vstack([found.least_absolute, found.weights, others]) @ values.T - goal).sum(axis=1)
    assert sums[0] <= sums.min() + 1e-9
    np.testing.assert_array_equal(found.robust, found.least_absolute)  # nothing fits: no rows to agree on


def test_least_absolute_deviations_equal_those_of_statsmodels() -> None:
    """Median regression without a constant (Koenker and Bassett 1978) where no weight would be negative."""
    from statsmodels.regression.quantile_regression import QuantReg

    rng = np.random.default_rng(4)
    values = rng.random((80, 4))
    goal = values @ np.array([0.4, 0.3, 0.2, 0.1]) + 0.02 * rng.normal(size=80)
    judge = QuantReg(goal, values).fit(q=0.5, p_tol=1e-9, max_iter=5000).params
    found = implied_weights([table("p", values)], table("t", goal))
    np.testing.assert_allclose(found.least_absolute, judge, atol=1e-5)


def test_blank_cells_are_left_aside_and_counted(tmp_path: Path) -> None:
    rows = [("a", 1, 4, 2.5), ("b", 2, "", 3), ("c", "n/a", 3, 3), ("NA", 3, 1, 2), ("e", 5, 2, 3.5), ("f", 1, 1, "-")]
    parts = write(tmp_path / "p.csv", ("region", "one", "two"), *(row[:3] for row in rows))
    total = write(tmp_path / "t.csv", ("region", "rank", "score"), *((row[0], "", row[3]) for row in rows))
    with pytest.raises(InputError, match="is blank"):
        read_score_table(parts)
    with pytest.raises(InputError, match="the rank of a is not a number"):
        read_score_table(total, gaps=True)
    write(total, ("region", "score"), *((row[0], row[3]) for row in rows))
    found = implied_weights([read_score_table(parts, gaps=True)], read_score_table(total, gaps=True))
    assert (found.regions, found.blank) == (("a", "NA", "e"), ("b", "c", "f"))
    np.testing.assert_allclose(found.robust, 0.5)
    with pytest.raises(InputError, match="the column 'one' has no score at all"):
        read_score_table(write(tmp_path / "p.csv", ("region", "one", "two"), ("a", "", 1), ("b", "-", 2)), gaps=True)


def write(path: Path, *rows: Sequence[object]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("region", "score"), ("a", 1), ("b", 2), ("a", 3)], "'a' is in row 2 already"),
        ([("region", "rank", "score"), ("a", 1, 1), ("b", 2, 2)], "a has rank 1 and 1, which contradicts b"),
        ([("region", "score"), ("a", -0.5)], "t.csv:2:score: the score -0.5 is negative"),
        ([("region", "score"), ("a", "high")], "t.csv:2:score: 'high' is not a number"),
        ([("region", "score"), ("a", "")], "the score is blank"),
        ([("region", "score"), ("a", "inf")], "'inf' is not a number"),
        ([("region", "score"), ("", "1")], "the region is blank"),
        ([("city", "score"), ("a", 1)], "there is no column 'region', only city, score"),
        ([("region", "region_zh"), ("a", "b")], "there is no column of scores"),
        ([("region", "score")], "has a header but no rows"),
    ],
)
def test_tables_that_are_none(tmp_path: Path, rows: Sequence[Sequence[object]], words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_score_table(write(tmp_path / "t.csv", *rows))
    assert words in str(caught.value)


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ("region", "score"), ("a", "x"), ("a", -1))
    with pytest.raises(InputError) as caught:
        read_score_table(path)
    assert [finding.code for finding in caught.value.findings] == ["region_twice", "not_a_number", "negative_score"]


def test_parts_and_total_that_give_nothing() -> None:
    one, two = table("p", np.ones((3, 1))), table("q", np.ones((3, 2)))
    with pytest.raises(InputError, match="there are no parts"):
        implied_weights([], one)
    with pytest.raises(InputError, match="the total has 2 columns"):
        implied_weights([one], two)
    with pytest.raises(InputError, match="parts and the total"):
        implied_weights([table("p", np.ones((2, 3)))], table("t", np.ones(2)))
    with pytest.raises(InputError, match="2 parts have the name 'p'"):
        implied_weights([one, one], one)


def test_excel_and_parquet_are_read_alike(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"region": ["110100", "440300"], "score": [0.25, 0.5]})
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_excel(tmp_path / "t.xlsx", index=False, engine="xlsxwriter")
    for name in ("t.parquet", "t.xlsx"):
        found = read_score_table(tmp_path / name)
        assert (found.regions, found.decimals) == (("110100", "440300"), (2,))
