"""Draws of admissible weights: uniform over the simplex and over what constraints leave of it."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pytest
from small_index import flat_index, small_index

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.robustness import weight_draws
from ecosystem.robustness.admissible_weights import (
    AdmissibleWeights,
    WeightBound,
    WeightOrder,
    admissible_weights,
    hierarchy_level,
)
from ecosystem.robustness.weight_draws import draw_weights

FIVE = ("a", "b", "c", "d", "e")
INDEX = flat_index([0.2] * 5, ["r1", "r2"])


def test_the_simplex_has_the_moments_of_dirichlet_and_a_seed() -> None:
    """Each share of a uniform point of n has mean 1/n and variance (n - 1) / (n^2 (n + 1))."""
    found = draw_weights(AdmissibleWeights(FIVE), 40_000, seed=2)
    assert found.sampler == "simplex"
    np.testing.assert_allclose(found.weights.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found.weights.mean(axis=0), 0.2, atol=0.004)
    np.testing.assert_allclose(found.weights.var(axis=0), 4 / 150, atol=0.001)
    assert np.array_equal(found.weights, draw_weights(AdmissibleWeights(FIVE), 40_000, seed=2).weights)
    assert not np.array_equal(found.weights, draw_weights(AdmissibleWeights(FIVE), 40_000, seed=3).weights)


def _sorted(draws: int) -> FloatArray:
    """Uniform weights with w1 >= w2 >= ...: those of the simplex put in order."""
    return -np.sort(-np.random.default_rng(7).dirichlet(np.ones(5), draws), axis=1)


def test_a_chain_of_orders_by_rejection_and_by_hit_and_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The admissible share is 1/5! of the simplex; the mean of the i-th share is (1/i + ... + 1/n) / n."""
    orders = tuple(WeightOrder(at, at + 1, f"{at}>={at + 1}") for at in range(4))
    chain = AdmissibleWeights(FIVE, (), orders)
    exact = np.array([sum(1 / k for k in range(at, 6)) / 5 for at in range(1, 6)])
    monkeypatch.setattr(weight_draws, "CHEAP", 0.001)
    rejected = draw_weights(chain, 10_000)
    monkeypatch.setattr(weight_draws, "CHEAP", 2.0)
    walked = draw_weights(chain, 10_000)
    assert (rejected.sampler, walked.sampler) == ("rejection", "hit-and-run")
    assert rejected.admissible == pytest.approx(1 / 120, abs=0.004)
    for found in (rejected, walked):
        assert chain.holds(found.weights).all()
        np.testing.assert_allclose(found.weights.mean(axis=0), exact, atol=0.007)
        np.testing.assert_allclose(found.weights.std(axis=0), _sorted(50_000).std(axis=0), rtol=0.06)


def test_bounds_by_both_ways_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    some = AdmissibleWeights(FIVE, (WeightBound(0, 0.1, 0.3, "a"), WeightBound(1, 0.0, 0.25, "b")))
    rejected = draw_weights(some, 20_000)
    monkeypatch.setattr(weight_draws, "CHEAP", 2.0)
    walked = draw_weights(some, 20_000)
    assert (rejected.sampler, walked.sampler) == ("rejection", "hit-and-run")
    np.testing.assert_allclose(walked.weights.mean(axis=0), rejected.weights.mean(axis=0), atol=0.006)
    whole = np.random.default_rng(0).dirichlet(np.ones(5), 100_000)
    kept = (whole[:, 0] >= 0.1) & (whole[:, 0] <= 0.3) & (whole[:, 1] <= 0.25)
    assert rejected.admissible == pytest.approx(kept.mean(), abs=0.01)


def test_equal_bounds_take_a_dimension_away_and_may_leave_one_point() -> None:
    plane = AdmissibleWeights(("a", "b", "c"), (WeightBound(0, 0.2, 0.2, "a"),))
    found = draw_weights(plane, 4_000)
    np.testing.assert_allclose(found.weights[:, 0], 0.2, atol=1e-9)
    np.testing.assert_allclose(found.weights[:, 1].mean(), 0.4, atol=0.02)
    point = AdmissibleWeights(("a", "b"), (), (WeightOrder(0, 1, "a>=b"), WeightOrder(1, 0, "b>=a")))
    assert draw_weights(point, 3).sampler == "one point"
    np.testing.assert_allclose(draw_weights(point, 3).weights, 0.5, atol=1e-9)
    lower = AdmissibleWeights(("a", "b"), (WeightBound(0, 0.4, 1, "a"), WeightBound(1, 0.6, 1, "b")))
    np.testing.assert_allclose(draw_weights(lower, 2).weights, [[0.4, 0.6]] * 2, atol=1e-9)


def test_constraints_are_read_by_code_and_name() -> None:
    found = admissible_weights(INDEX, 1, ["x0:0.1:0.4", "x1::0.5"], ["x2>=x0", "x3 <= x4", "x4≥x1"])
    assert [(one.place, one.lower, one.upper) for one in found.bounds] == [(0, 0.1, 0.4), (1, 0.0, 0.5)]
    assert [(one.heavier, one.lighter) for one in found.orders] == [(2, 0), (4, 3), (4, 1)]


@pytest.mark.parametrize(
    ("bounds", "orders", "says"),
    [
        (["x0"], [], "is no bound of a weight"),
        (["x0:a:0.2"], [], "'a' in 'x0:a:0.2' is no share"),
        (["x0:-0.1:0.2"], [], "is no share"),
        (["x0:0.1:nan"], [], "is no share"),
        (["x0:0.5:0.2"], [], "the wrong way round"),
        (["y:0.1:0.2"], [], "'y' is no part whose weight varies here"),
        ([], ["x0>x1"], "is no order of two weights"),
        ([], ["x0>=y"], "'y' is no part"),
    ],
)
def test_constraints_that_cannot_be_read(bounds: list[str], orders: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        admissible_weights(INDEX, 1, bounds, orders)


def test_constraints_that_clash_are_named_and_no_others() -> None:
    with pytest.raises(InputError) as caught:
        admissible_weights(INDEX, 1, ["x0:0.6:1", "x1:0.5:1", "x2:0:0.9"], ["x3>=x4"])
    assert [finding.message.split()[0] for finding in caught.value.findings] == ["x0:0.6:1", "x1:0.5:1"]
    with pytest.raises(InputError) as caught:
        admissible_weights(INDEX, 1, ["x0:0:0.1"], ["x0>=x1", "x1>=x2", "x0>=x3", "x0>=x4"])
    assert len(caught.value.findings) == 5
    assert "no weights fulfil these constraints together" in str(caught.value)


def test_levels_of_weights() -> None:
    index = small_index()
    assert [hierarchy_level(index, word) for word in ("pillar", "indicator", "1", "2")] == [2, 1, 1, 2]
    for word in ("3", "0", "top"):
        with pytest.raises(UsageError, match="no weights at level"):
            hierarchy_level(index, word)


def test_orders_part_the_simplex_into_equal_shares() -> None:
    """Each of the six orders of three weights has a sixth of the triangle."""
    for order in permutations(range(3)):
        pairs = tuple(WeightOrder(one, other, f"{one}>={other}") for one, other in pairwise(order))
        found = draw_weights(AdmissibleWeights(("a", "b", "c"), (), pairs), 100)
        assert found.admissible == pytest.approx(1 / 6, abs=0.012)
