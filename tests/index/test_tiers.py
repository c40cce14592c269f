"""Tiers against jenkspy and Ckmeans.1d.dp, and against every partition there is."""

from __future__ import annotations

import itertools

import ckwrap
import jenkspy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Tiering
from ecosystem.index.steps.tiers import natural_breaks, quantile_cuts, tier

NAN = float("nan")
RNG = np.random.default_rng(3)
SCORES = np.concatenate([RNG.normal(10, 2, 40), RNG.normal(30, 4, 25), RNG.normal(70, 5, 12)])


def squares(scores: FloatArray, tiers: FloatArray) -> float:
    return float(sum(((own := scores[tiers == name]) - own.mean()) @ (own - own.mean()) for name in np.unique(tiers)))


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_jenks_equals_jenkspy(count: int) -> None:
    """Its breaks are the greatest score of each class, from below; ours the least of each tier, from above."""
    found = tier(SCORES, Tiering("jenks", count))
    upper = jenkspy.jenks_breaks(SCORES.tolist(), n_classes=count)[1:-1]
    expected = [SCORES[bound < SCORES].min() for bound in reversed(upper)]
    np.testing.assert_array_equal(found.cuts, expected)


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_kmeans_equals_ckmeans(count: int) -> None:
    found = tier(SCORES, Tiering("kmeans", count))
    theirs = ckwrap.ckmeans(SCORES, count)
    np.testing.assert_array_equal(found.of, count - theirs.labels)
    assert squares(SCORES, found.of.astype(np.float64)) == pytest.approx(theirs.withinss.sum(), rel=1e-9)


@given(st.lists(st.integers(0, 40), min_size=3, max_size=9), st.integers(2, 4))
def test_natural_breaks_beat_every_other_partition(values: list[int], count: int) -> None:
    scores = np.array(sorted(values), dtype=np.float64)
    different = np.unique(scores)
    if len(different) < count:
        return
    cuts = natural_breaks(scores, count)
    best = min(
        squares(scores, np.searchsorted(np.array(starts), scores, side="right").astype(np.float64))
        for starts in itertools.combinations(different[1:], count - 1)
    )
    own = squares(scores, np.searchsorted(cuts[::-1], scores, side="right").astype(np.float64))
    assert own == pytest.approx(best, abs=1e-9)


@given(st.lists(st.integers(0, 30), min_size=2, max_size=30), st.integers(2, 5))
def test_tiers_keep_the_order_and_part_no_tie(values: list[int], count: int) -> None:
    scores = np.array(values, dtype=np.float64)
    if len(set(values)) < count:
        with pytest.raises(InputError, match="different scores cannot make"):
            tier(scores, Tiering("quantile", count))
        return
    for method in ("quantile", "jenks"):
        found = tier(scores, Tiering(method, count)).of
        order = np.argsort(-scores, kind="stable")
        assert (np.diff(found[order]) >= 0).all()
        assert all(len(set(found[scores == score])) == 1 for score in scores)
        assert found.min() == 1


def test_quantiles_by_hand() -> None:
    np.testing.assert_array_equal(quantile_cuts(np.arange(1.0, 9), 4), [7, 5, 3])
    np.testing.assert_array_equal(quantile_cuts(np.arange(1.0, 11), 4), [8, 6, 3])
    found = tier(np.array([5.0, 9, 9, 9, 1, NAN]), Tiering("quantile", 2))
    np.testing.assert_array_equal(found.of, [2, 1, 1, 1, 2, 0])


def test_printed_cut_points() -> None:
    found = tier(np.array([81.6, 40, 39.99, 20, 3, NAN]), Tiering("cuts", 3, (40, 20)))
    np.testing.assert_array_equal(found.of, [1, 1, 2, 2, 3, 0])


def test_equal_scores_are_not_parted() -> None:
    with pytest.raises(InputError, match="2 different scores cannot make 3 tiers"):
        tier(np.array([1.0, 1, 2]), Tiering("jenks", 3))
