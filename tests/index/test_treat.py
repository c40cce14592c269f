"""Moments, outliers, imputation, screening: against scipy, pandas and COINr's rules worked in loops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from small_index import small_index

from ecosystem.index import evaluate
from ecosystem.index.arrays import FloatArray, kurtosis, mean_and_sd, skewness
from ecosystem.index.files.write import toml_text
from ecosystem.index.prepare import denominate, screened_out
from ecosystem.index.rule_text import describe_rules
from ecosystem.index.rules import Missing, Screening, Treatment
from ecosystem.index.steps.impute import impute_centre, impute_group_centre, impute_last, impute_linear
from ecosystem.index.steps.scale_formulas import minmax
from ecosystem.index.steps.screen import reasons, screen
from ecosystem.index.steps.treat import (
    BOX_COX,
    LOGARITHM,
    box_cox,
    logarithm,
    treat,
    winsorise,
)

NAN = float("nan")
RNG = np.random.default_rng(12)
DATA = RNG.lognormal(0, 1.2, (40, 5))
DATA[2, 0] = DATA[5, 3] = NAN


class TestMoments:
    def test_equal_scipy(self) -> None:
        for ours, theirs in ((skewness, stats.skew), (kurtosis, stats.kurtosis)):
            expected = theirs(DATA, axis=0, bias=False, nan_policy="omit")
            np.testing.assert_allclose(ours(DATA), np.asarray(expected, dtype=np.float64), rtol=1e-10)
        mean, sd = mean_and_sd(DATA)
        np.testing.assert_allclose(mean, np.nanmean(DATA, axis=0), rtol=1e-12)
        np.testing.assert_allclose(sd, np.nanstd(DATA, axis=0, ddof=1), rtol=1e-12)

    @pytest.mark.parametrize("column", [[], [NAN, NAN], [1, NAN], [1, 2], [3, 3, 3, 3, 3]])
    def test_undefined(self, column: list[float]) -> None:
        values = np.array(column, dtype=np.float64)[:, None]
        assert np.isnan(skewness(values)).all()
        assert np.isnan(kurtosis(values)).all()


def by_coinr(column: FloatArray, most: int) -> FloatArray:
    """COINr `winsorise`, as its documentation has it, one step at a time."""
    x = column.copy()
    high: set[int] = set()
    low: set[int] = set()

    def passing() -> bool:
        known = x[~np.isnan(x)]
        return abs(float(stats.skew(known, bias=False))) < 2 or float(stats.kurtosis(known, bias=False)) < 3.5

    while len(high) + len(low) < most and not passing():
        known = x[~np.isnan(x)]
        if float(stats.skew(known, bias=False)) >= 0:
            high = set(np.flatnonzero(x == known.max()).tolist())
            x[list(high)] = max(value for value in known if value != known.max())
        else:
            low = set(np.flatnonzero(x == known.min()).tolist())
            x[list(low)] = min(value for value in known if value != known.min())
    return x


class TestTreatment:
    @pytest.mark.parametrize("seed", range(12))
    def test_winsorise_by_its_rule(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        column = rng.standard_t(1.2, 30).round(1) * (1 if seed % 2 else -1)
        column[seed] = NAN
        moved, codes, done = winsorise(column, 5)
        assert done
        np.testing.assert_array_equal(moved, by_coinr(column, 5))
        np.testing.assert_array_equal(codes != 0, ~((moved == column) | np.isnan(column)))

    def test_values_that_stand_together_move_together(self) -> None:
        column = np.array([0.0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 500, 500])
        moved, codes, _ = winsorise(column, 1, skew=0.5, kurtosis_mark=-5)
        np.testing.assert_array_equal(moved[-2:], [13, 13])
        assert (codes != 0).sum() == 2

    def test_a_column_that_would_become_constant_is_left(self) -> None:
        column = np.zeros(20)
        column[3] = 1
        treated = treat(column[:, None], Treatment("winsorise_log"))
        np.testing.assert_array_equal(treated.values[:, 0], column)
        assert treated.stuck.all()
        assert treated.failed.all()
        assert not treated.passed.any()
        assert (treated.points == 0).all()

    def test_calm_columns_and_too_few_values_stay(self) -> None:
        values = np.column_stack([np.arange(20.0), np.where(np.arange(20) < 3, np.arange(20) ** 9.0, NAN)])
        for method in ("winsorise", "log", "boxcox", "winsorise_log"):
            treated = treat(values, Treatment(method))
            np.testing.assert_array_equal(treated.values, values)
            assert not treated.failed.any()

    def test_the_logarithm_is_taken_of_the_original_column(self) -> None:
        """COINr `Treat` with combine_treat = FALSE, where five points are not enough."""
        wild = np.array([10.0**power for power in range(30)])[:, None]
        treated = treat(wild, Treatment("winsorise_log", points=2))
        np.testing.assert_allclose(treated.values, logarithm(wild), rtol=1e-12)
        assert (treated.points == LOGARITHM).all()

    def test_logarithms(self) -> None:
        x = DATA[:, 1]
        low, high = x.min(), x.max()
        expected = {
            "ct": [math.log(value - low + 0.01 * (high - low)) for value in x],
            "gii": [math.log((high - 1) * (value - low) / (high - low) + 1) for value in x],
            "plain": [math.log(value - low + 1) for value in x],
        }
        for form, column in expected.items():
            np.testing.assert_allclose(logarithm(DATA, form)[:, 1], column, rtol=1e-10)  # type: ignore[arg-type]  # the keys are forms

    def test_box_cox(self) -> None:
        x = DATA[:, 0]
        known = ~np.isnan(x)
        positive = x[known] - x[known].min() + 1
        np.testing.assert_allclose(box_cox(x, 0.5)[known], stats.boxcox(positive, 0.5), rtol=1e-12)
        np.testing.assert_allclose(box_cox(x, 0)[known], np.log(positive), rtol=1e-12)
        likeliest, _ = stats.boxcox(positive)
        np.testing.assert_allclose(box_cox(x)[known], likeliest, rtol=1e-6)
        treated = treat(DATA, Treatment("boxcox"))
        assert set(np.unique(treated.points)) == {0, BOX_COX}
        assert treated.points[2, 0] == 0, "a gap is not touched"
        assert (np.abs(treated.after[0]) < np.abs(treated.before[0]))[treated.failed].all()

    @given(arrays(np.float64, (12, 2), elements=st.integers(-500, 500).map(float), unique=True))
    def test_order_is_kept(self, values: FloatArray) -> None:
        for method in ("winsorise", "log", "winsorise_log"):
            treated = treat(values, Treatment(method, skew=0.5, kurtosis=-3)).values
            for at in range(2):
                order = np.argsort(values[:, at], kind="stable")
                assert (np.diff(treated[order, at]) >= -1e-9).all()

    def test_a_batch_is_a_loop(self) -> None:
        many = RNG.standard_t(1.5, (3, 25, 4))
        together = treat(many, Treatment("winsorise_log"))
        for at in range(3):
            alone = treat(many[at], Treatment("winsorise_log"))
            np.testing.assert_array_equal(together.values[at], alone.values)
            np.testing.assert_array_equal(together.points[at], alone.points)


GROUPS = ["a", "b", "a", None, "b", "a", "c", "b"]
GAPPY = np.array(
    [[1, NAN, 3], [2, 5, NAN], [NAN, 7, 9], [4, NAN, 1], [6, 2, 2], [8, 1, NAN], [NAN, 4, 4], [5, NAN, 6.0]]
)


class TestImputation:
    @pytest.mark.parametrize("median", [False, True])
    def test_equal_pandas(self, median: bool) -> None:
        frame = pd.DataFrame(GAPPY)
        centre = frame.median() if median else frame.mean()
        np.testing.assert_allclose(impute_centre(GAPPY, median=median), frame.fillna(centre))
        grouped = frame.groupby(pd.Series(GROUPS))
        expected = frame.fillna(grouped.transform("median" if median else "mean"))
        np.testing.assert_allclose(impute_group_centre(GAPPY, GROUPS, median=median), expected)

    def test_a_group_or_a_column_without_a_value_stays_missing(self) -> None:
        assert np.isnan(impute_group_centre(GAPPY, GROUPS)[6, 0])
        assert np.isnan(impute_group_centre(GAPPY, GROUPS)[3, 1])
        assert np.isnan(impute_centre(np.full((3, 1), NAN), median=True)).all()

    YEARS = (2021, 2015, 2018, 2020)
    SERIES = np.array([[NAN, 4, NAN, NAN], [2, NAN, 1, NAN], [5, 1, NAN, NAN], [NAN, NAN, NAN, NAN]])[:, :, None]

    def test_last_in_any_order_of_years(self) -> None:
        frame = pd.DataFrame(self.SERIES[:, :, 0], index=pd.Index(self.YEARS))
        expected = frame.sort_index().ffill().loc[list(self.YEARS)]
        np.testing.assert_array_equal(impute_last(self.SERIES, self.YEARS)[:, :, 0], expected)
        near = impute_last(self.SERIES, self.YEARS, reach=2)[:, :, 0]
        np.testing.assert_array_equal(near[:, 0], [NAN, 2, 5, 5])

    def test_linear_equals_numpy_between_and_holds_outside(self) -> None:
        found = impute_linear(self.SERIES, self.YEARS)[:, :, 0]
        axis = np.array(self.YEARS, dtype=np.float64)
        order = np.argsort(axis)
        for at in range(3):
            known = [row for row in order if not np.isnan(self.SERIES[row, at, 0])]
            np.testing.assert_allclose(found[:, at], np.interp(axis, axis[known], self.SERIES[known, at, 0]))
        assert np.isnan(found[:, 3]).all()


def test_per_nothing_is_missing() -> None:
    values = np.array([[6.0, 1], [8, 1], [3, 1]])
    divided = denominate(values, {"heads": np.array([3.0, 0, NAN])}, ["heads", None])
    np.testing.assert_array_equal(divided, [[2, 1], [NAN, 1], [NAN, 1]])
    np.testing.assert_array_equal(values[1], [8, 1])


def test_a_share_of_the_total_is_a_step_of_the_index() -> None:
    """Over the present values of the column, in every variant by itself; a total of nothing is no denominator."""
    values = np.array([[[6.0, 1], [NAN, 1], [2, 1]], [[0, 1], [0, 1], [0, 1]]])
    divided = denominate(values, {}, ["share_of_total", None])
    np.testing.assert_array_equal(divided[0], [[0.75, 1], [NAN, 1], [0.25, 1]])
    assert np.isnan(divided[1, :, 0]).all()


def test_screening_says_why() -> None:
    values = np.array([[1, NAN, NAN], [0, 0, 0], [1, 2, NAN], [0, 5, 6], [1, 1, 1.0]])
    rule = Screening(availability=0.5, nonzero=0.5, drop=("e",))
    names = ["a", "b", "c", "d", "e"]
    np.testing.assert_array_equal(screen(values, names, rule), [True, True, False, False, True])
    why = reasons(values, names, rule)
    assert why["a"] == "has values of 33.3% of the indicators, fewer than 50.0%"
    assert why["b"] == "0.0% of its values are not 0, fewer than 50.0%"
    assert why["e"] == "left out by [screening]"
    kept = Screening(availability=0.5, nonzero=0.5, keep=("a", "b"))
    assert not screen(values, names, kept).any()


def test_screening_by_pillar_leaves_out_whoever_lacks_one() -> None:
    """r1 has three of four values, and none of q: over all indicators it stays, pillar by pillar it does not."""
    leaves = (("a", "p", 0.3, 1), ("b", "p", 0.3, 1), ("c", "p", 0.2, 1), ("d", "q", 0.2, 1))
    index = replace(small_index(leaves), missing=Missing("skip", 0.5), screening=Screening(availability=0.5))
    values = np.array([[1.0, 2, 3, NAN], [2, NAN, 4, 1], [3, 5, 5, 2]])
    assert not evaluate(index, values, level="province").excluded.any()
    strict = replace(index, screening=Screening(availability=0.5, by_pillar=0.5))
    scores = evaluate(strict, values, level="province")
    assert scores.excluded.tolist() == [True, False, False]
    assert scores.overall_rank.tolist() == [0, 2, 1]
    assert screened_out(strict, values, ("r1", "r2", "r3")) == {
        "r1": "has values of 0.0% of the indicators of q, fewer than 50.0%"
    }
    kept = replace(strict, screening=replace(strict.screening or Screening(), keep=("r1",)))
    assert not evaluate(kept, values, level="province").excluded.any()
    assert "by_pillar = 0.5" in toml_text(strict)
    assert "of every pillar" in dict(describe_rules(strict))["screening"]


@pytest.mark.parametrize("method", ["winsorise", "log", "boxcox", "winsorise_log"])
def test_treatment_can_make_a_gain_a_loss(method: str) -> None:
    """The law broken by name: a gain that brings a column through the test takes the treatment from it."""
    column = np.r_[np.arange(1.0, 11.0), 23.0]
    losses = []
    for place in range(10):
        better = column.copy()
        better[place] += 0.5
        before, after = (
            minmax(treat(values[:, None], Treatment(method)).values, np.ones(1)).values[place, 0]
            for values in (column, better)
        )
        losses.append(before - after)
    assert max(losses) > 20
