"""Min-max: tables by hand, the undefined cases, and ASEM as COINr scales it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from ecosystem.index.arrays import FloatArray
from ecosystem.index.steps.scale_formulas import minmax

NAN = float("nan")
UP, DOWN = np.array([1.0]), np.array([-1.0])


def column(*values: float) -> FloatArray:
    return np.array(values, dtype=np.float64)[:, None]


@pytest.mark.parametrize(
    ("values", "directions", "expected"),
    [
        ((2, 4, 6), UP, (0, 50, 100)),
        ((2, 4, 6), DOWN, (100, 50, 0)),
        ((-3, 0, 1), UP, (0, 75, 100)),
        ((2, NAN, 6, 3), UP, (0, NAN, 100, 25)),
        ((2, NAN, 6, 3), DOWN, (100, NAN, 0, 75)),
        ((NAN, NAN), UP, (NAN, NAN)),
        ((5, NAN), UP, (0, NAN)),
        ((7,), UP, (0,)),
        ((7, 7, 7), UP, (0, 0, 0)),
        ((7, 7, 7), DOWN, (0, 0, 0)),
        ((0, 0), UP, (0, 0)),
    ],
)
def test_by_hand(values: tuple[float, ...], directions: FloatArray, expected: tuple[float, ...]) -> None:
    np.testing.assert_array_equal(minmax(column(*values), directions).values[:, 0], expected)


def test_another_scale() -> None:
    scaled = minmax(column(1, 2, 5), UP, lower=1, upper=101)
    np.testing.assert_array_equal(scaled.values[:, 0], (1, 26, 101))
    np.testing.assert_array_equal(minmax(column(3, 3), DOWN, lower=1, upper=101).values[:, 0], (1, 1))


def test_what_it_was_scaled_by() -> None:
    scaled = minmax(np.array([[1.0, 5, NAN, 2], [3.0, 5, NAN, NAN]]), np.array([1.0, 1, 1, -1]))
    np.testing.assert_array_equal(scaled.minimum, (1, 5, NAN, 2))
    np.testing.assert_array_equal(scaled.maximum, (3, 5, NAN, 2))
    np.testing.assert_array_equal(scaled.constant, (False, True, False, True))


def test_the_noise_of_a_sum_is_no_difference() -> None:
    scaled = minmax(column(0.1 + 0.2, 0.3, 0.3), UP)
    assert scaled.constant.all()
    np.testing.assert_array_equal(scaled.values, 0)


def test_a_small_difference_is_one() -> None:
    np.testing.assert_array_equal(minmax(column(1e-9, 2e-9), UP).values[:, 0], (0, 100))
    np.testing.assert_array_equal(minmax(column(1e6, 1e6 + 1e-3), UP).values[:, 0], (0, 100))


def test_the_worst_region_has_no_negative_zero() -> None:
    assert not np.signbit(minmax(column(1, 2), DOWN).values).any()


FLOATS = st.floats(-1e6, 1e6, allow_nan=False, width=32) | st.just(NAN)


@given(arrays(np.float64, array_shapes(min_dims=3, max_dims=3, max_side=5), elements=FLOATS))
def test_a_batch_is_a_loop(values: FloatArray) -> None:
    directions = np.where(np.arange(values.shape[-1]) % 2, -1.0, 1.0)
    batch = minmax(values, directions)
    for at, one in enumerate(values):
        alone = minmax(one, directions)
        np.testing.assert_array_equal(batch.values[at], alone.values)
        np.testing.assert_array_equal(batch.constant[at], alone.constant)


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=FLOATS), st.booleans())
def test_scores_keep_to_the_bounds_and_reach_them(values: FloatArray, less_is_better: bool) -> None:
    scaled = minmax(values, np.full(values.shape[1], -1.0 if less_is_better else 1.0))
    present = scaled.values[~np.isnan(values)]
    assert ((present >= 0) & (present <= 100)).all()
    assert (np.isnan(scaled.values) == np.isnan(values)).all()
    for at in np.flatnonzero(~scaled.constant & ~np.isnan(scaled.minimum)):
        reached = scaled.values[:, at]
        assert np.nanmin(reached) == 0
        assert np.nanmax(reached) == 100


def test_asem_equals_coinr(shared: Path) -> None:
    """COINr 1.1.14: `Normalise(dset='Treated', global_specs=list(f_n='n_minmax', f_n_para=list(c(0,100))))`."""
    stages = shared / "data" / "asem" / "stages"
    treated = pd.read_csv(stages / "15_treated.csv", index_col="uCode")
    expected = pd.read_csv(stages / "16_normalised.csv", index_col="uCode")
    meta = pd.read_csv(shared / "data" / "asem" / "iMeta.csv").set_index("iCode")
    directions = meta.loc[treated.columns, "Direction"].to_numpy(dtype=np.float64)
    assert set(directions) == {1.0, -1.0}
    scaled = minmax(treated.to_numpy(dtype=np.float64), directions).values
    np.testing.assert_allclose(scaled, expected[treated.columns].to_numpy(), rtol=0, atol=1e-9)
    assert scaled.shape == (51, 49)
