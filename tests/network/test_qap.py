"""QAP and MRQAP against every permutation of five nodes, and against the regressions of a second program."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from statsmodels.api import OLS, add_constant

from ecosystem.index.arrays import FloatArray
from ecosystem.network.qap import qap, regress

OFF = [(i, j) for i in range(5) for j in range(5) if i != j]
SEEDS = st.integers(0, 10_000)


def cells(matrix: FloatArray, order: tuple[int, ...] = (0, 1, 2, 3, 4)) -> FloatArray:
    return np.array([matrix[order[i], order[j]] for i, j in OFF])


def florentine() -> tuple[FloatArray, FloatArray]:
    """Marriage and business between the 16 families of Padgett and Ansell (1993)."""
    marriage = nx.florentine_families_graph()
    business = [
        ("Albizzi", ()),
        ("Barbadori", ("Castellani", "Ginori", "Medici", "Peruzzi")),
        ("Bischeri", ("Guadagni", "Lamberteschi", "Peruzzi")),
        ("Castellani", ("Lamberteschi", "Peruzzi")),
        ("Ginori", ("Medici",)),
        ("Guadagni", ("Lamberteschi",)),
        ("Lamberteschi", ("Peruzzi",)),
        ("Medici", ("Pazzi", "Salviati", "Tornabuoni")),
    ]
    names = sorted({*marriage, "Lamberteschi", "Pucci"})
    trade = nx.Graph([(a, b) for a, others in business for b in others])
    trade.add_nodes_from(names)
    marriage.add_nodes_from(names)
    return tuple(nx.to_numpy_array(graph, nodelist=names) for graph in (marriage, trade))


@given(SEEDS)
def test_qap_equals_plain_draws(seed: int) -> None:
    first, second = np.random.default_rng(seed).integers(0, 4, (2, 5, 5)).astype(np.float64)
    result = qap(first, second, 20, seed)
    rng = np.random.default_rng(seed)
    drawn = [np.corrcoef(cells(first), cells(second, tuple(rng.permutation(5))))[0, 1] for _ in range(20)]
    assert result.observed == pytest.approx(np.corrcoef(cells(first), cells(second))[0, 1], abs=1e-12, nan_ok=True)
    assert result.mean == pytest.approx(np.mean(drawn), abs=1e-12, nan_ok=True)
    assert result.sd == pytest.approx(np.std(drawn, ddof=1), abs=1e-12, nan_ok=True)
    held = qap(csr_array(first), csr_array(second), 20, seed)
    for name in ("observed", "mean", "sd", "p", "p_high", "low", "high"):
        assert getattr(held, name) == pytest.approx(getattr(result, name), abs=1e-12, nan_ok=True)


def test_qap_approaches_all_permutations_of_five_nodes() -> None:
    first, second = np.random.default_rng(3).random((2, 5, 5))
    every = np.array([np.corrcoef(cells(first), cells(second, order))[0, 1] for order in permutations(range(5))])
    result = qap(first, second, 4000, 1)
    assert result.p_high == pytest.approx((every >= every[0] - 1e-12).mean(), abs=0.03)
    assert result.mean == pytest.approx(every.mean(), abs=0.02)
    assert result.sd == pytest.approx(every.std(), abs=0.02)


def test_marriage_and_business_of_the_florentine_families() -> None:
    # of the 120 pairs of families 20 are married, 15 do business, and 8 do both
    marriage, business = florentine()
    result = qap(marriage, business, 4999, 1)
    assert result.observed == pytest.approx((8 * 120 - 20 * 15) / (20 * 100 * 15 * 105) ** 0.5, abs=1e-12)
    assert result.p_high < 0.005
    assert result.mean == pytest.approx(0, abs=0.01)
    alone = regress(marriage, [business], 4999, 1).tests[0]
    assert alone.observed == pytest.approx(result.observed)
    assert alone.p_high == result.p_high


def t_of(y: FloatArray, *x: FloatArray) -> float:
    return float(OLS(y, add_constant(np.column_stack(x))).fit().tvalues[1])


@given(SEEDS)
def test_regression_equals_plain_draws_of_t(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, z, noise = rng.random((3, 5, 5))
    z += x
    y = 2 * x - z + noise
    result = regress(y, [x, z], 15, seed)
    fit = OLS(cells(y), add_constant(np.column_stack([cells(x), cells(z)]))).fit()
    assert [result.intercept, *result.coefficient] == pytest.approx(fit.params, abs=1e-9)
    assert result.r2 == pytest.approx(fit.rsquared, abs=1e-12)
    assert result.cells == 20
    spread = [cells(one).std() for one in (x, z)]
    assert result.standardised == pytest.approx(fit.params[1:] * spread / cells(y).std(), abs=1e-9)
    for one, other, test, t in ((x, z, result.tests[0], fit.tvalues[1]), (z, x, result.tests[1], fit.tvalues[2])):
        assert test.observed * (17 / (1 - test.observed**2)) ** 0.5 == pytest.approx(t, abs=1e-8)
        left = np.zeros((5, 5))
        left[tuple(zip(*OFF, strict=True))] = OLS(cells(one), add_constant(cells(other))).fit().resid
        draw = np.random.default_rng(seed)
        drawn = [t_of(cells(y), cells(left, tuple(draw.permutation(5))), cells(other)) for _ in range(15)]
        # the identity is drawn now and then, and equals the observed but for rounding
        assert test.p_high == (1 + sum(one >= t - 1e-9 for one in drawn)) / 16
        assert test.p_low == (1 + sum(one <= t + 1e-9 for one in drawn)) / 16


def test_a_predictor_alone_is_tested_as_its_correlation() -> None:
    x, y = np.random.default_rng(5).random((2, 9, 9))
    alone, r = regress(y, [x], 99, 2).tests[0], qap(x, y, 99, 2)
    assert alone.observed == pytest.approx(r.observed, abs=1e-12)
    assert regress(y, [x], 99, 2).standardised[0] == pytest.approx(r.observed, abs=1e-12)


def test_a_copy_is_found_beside_what_it_goes_with() -> None:
    rng = np.random.default_rng(8)
    x = rng.random((12, 12))
    z = x + 0.1 * rng.random((12, 12))
    result = regress(x, [x, z], 499, 1)
    assert result.coefficient == pytest.approx([1, 0], abs=1e-9)
    assert result.r2 == pytest.approx(1)
    assert result.tests[0].p == pytest.approx(2 / 500)


def test_what_is_undefined() -> None:
    one, other = np.random.default_rng(1).random((2, 6, 6))
    flat, gap = np.full((6, 6), 1 / 3), one.copy()
    gap[0, 1] = np.nan
    for first, second in ((flat, one), (one, flat), (gap, one), (one, gap), (one[:1, :1], one[:1, :1])):
        assert np.isnan(qap(first, second, 9, 1).p)
        assert np.isnan(regress(first, [second], 9, 1).coefficient).all()
    assert np.isnan(qap(csr_array((6, 6)), csr_array(one), 9, 1).p)
    twice = regress(one, [other, 2 * other + 1], 9, 1)
    assert np.isnan([*twice.coefficient, twice.r2, twice.tests[0].p]).all()
    assert np.isnan(regress(one[:2, :2], [other[:2, :2]], 9, 1).intercept)


def test_the_same_nodes_in_another_order_give_the_same_r() -> None:
    first, second = np.random.default_rng(4).random((2, 7, 7))
    order = np.array([3, 1, 0, 6, 2, 5, 4])
    moved = qap(first[np.ix_(order, order)], second[np.ix_(order, order)], 9, 1)
    assert moved.observed == pytest.approx(qap(first, second, 9, 1).observed, abs=1e-12)
