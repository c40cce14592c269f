"""Competition ranking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.index.steps.rank import competition_ranks


@pytest.mark.parametrize(
    ("scores", "ranks"),
    [
        ((30, 10, 20), (1, 3, 2)),
        ((5, 9, 9, 1), (3, 1, 1, 4)),
        ((4, 4, 4), (1, 1, 1)),
        ((1, 2, 2, 2, 3), (5, 2, 2, 2, 1)),
        ((7,), (1,)),
        ((), ()),
        ((-1, 0, -2), (2, 1, 3)),
        ((0.0, -0.0), (1, 1)),
    ],
)
def test_by_hand(scores: tuple[float, ...], ranks: tuple[int, ...]) -> None:
    np.testing.assert_array_equal(competition_ranks(np.array(scores, dtype=np.float64)), ranks)


@pytest.mark.parametrize(
    ("gap", "ranks"),
    [(1e-10, (1, 1)), (0.9e-9, (1, 1)), (1.1e-9, (1, 2)), (1e-8, (1, 2))],
)
def test_equal_means_within_the_tolerance(gap: float, ranks: tuple[int, int]) -> None:
    np.testing.assert_array_equal(competition_ranks(np.array([1 + gap, 1.0])), ranks)


def test_digits_do_not_part_equal_scores() -> None:
    """Rounded to nine decimals these two would differ."""
    scores = np.array([2 + 5.1e-10, 2 + 4.9e-10])
    assert round(scores[0], 9) != round(scores[1], 9)
    np.testing.assert_array_equal(competition_ranks(scores), (1, 1))


def test_along_the_last_axis() -> None:
    scores = np.array([[[1.0, 2, 3], [3, 3, 1]], [[2, 1, 1], [5, 5, 5]]])
    np.testing.assert_array_equal(competition_ranks(scores), [[[3, 2, 1], [1, 1, 3]], [[1, 2, 2], [1, 1, 1]]])


def test_no_rank_without_a_score() -> None:
    with pytest.raises(ValueError, match="NaN"):
        competition_ranks(np.array([1.0, np.nan]))


@given(st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=60))
def test_one_more_than_the_number_of_better_scores(scores: list[float]) -> None:
    expected = [1 + sum(other > score for other in scores) for score in scores]
    np.testing.assert_array_equal(competition_ranks(np.array(scores)), expected)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=40), st.integers(0, 1000))
def test_order_does_not_matter(scores: list[float], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(scores))
    ranks = competition_ranks(np.array(scores))
    np.testing.assert_array_equal(competition_ranks(np.array(scores)[order]), ranks[order])
