"""Sums up the hierarchy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.index.steps.grouping import grouping, sum_levels, sum_parts


def test_by_hand() -> None:
    parts = np.array([[1.0, 2, 3, 4, 5], [10, 20, 30, 40, 50]])
    first, second = grouping([0, 0, 1, 1, 1], 2), grouping([0, 0], 1)
    pillars, overall = sum_levels(parts, [first, second])
    np.testing.assert_array_equal(pillars, [[3, 12], [30, 120]])
    np.testing.assert_array_equal(overall, [[15], [150]])


def test_parts_need_not_stand_together() -> None:
    parts = np.array([1.0, 2, 3, 4])
    np.testing.assert_array_equal(sum_parts(parts, grouping([1, 0, 1, 0], 2)), [6, 4])


def test_a_parent_without_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="without parts"):
        grouping([0, 2], 3)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-1e6, 1e6)), min_size=1, max_size=40))
def test_equals_the_product_with_the_0_1_matrix(rows: list[tuple[int, float]]) -> None:
    used = sorted({parent for parent, _ in rows})
    parents = [used.index(parent) for parent, _ in rows]
    parts = np.array([part for _, part in rows])
    sums = sum_parts(parts, grouping(parents, len(used)))
    for at in range(len(used)):
        exact = math.fsum(part for parent, part in zip(parents, parts, strict=True) if parent == at)
        assert sums[at] == pytest.approx(exact, rel=1e-12, abs=1e-6)


@given(st.integers(1, 5), st.integers(1, 7), st.integers(0, 10))
def test_digits_do_not_depend_on_who_else_is_there(batch: int, regions: int, seed: int) -> None:
    parts = np.random.default_rng(seed).random((batch, regions, 24))
    by = grouping([at // 3 for at in range(24)], 8)
    together = sum_parts(parts, by)
    for variant in range(batch):
        for region in range(regions):
            np.testing.assert_array_equal(together[variant, region], sum_parts(parts[variant, region], by))
