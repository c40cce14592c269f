"""Weights fitted to an end: in closed form where there is one, and beside those that COINr prints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from asem import asem_index, asem_values
from scipy.optimize import nnls
from small_index import flat_index

from ecosystem.errors import InputError, UsageError
from ecosystem.index import IndexScores, evaluate
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Aggregation, Normalisation
from ecosystem.index.statistics.optimised_weights import weights_for_outcome, weights_of_equal_importance

RNG = np.random.default_rng(52)


def mean_of(values: FloatArray, method: str = "amean") -> IndexScores:
    index = flat_index([1 / values.shape[1]] * values.shape[1], [f"r{at}" for at in range(len(values))])
    index = replace(
        index, aggregation=Aggregation(method, "local"), normalisation=Normalisation("minmax", lower=1.0, upper=100.0)
    )
    return evaluate(index, values, level="province")


def test_two_parts_weigh_as_the_inverse_of_their_spread() -> None:
    """r(x, y) = r(z, y) for y = u x / sd(x) + v z / sd(z) where u = v."""
    scores = mean_of(RNG.normal(size=(30, 2)) ** 3)
    found = weights_of_equal_importance(scores)
    inverse = 1 / scores.normalised.std(axis=0)
    np.testing.assert_allclose(found.weights, inverse / inverse.sum(), atol=1e-6)
    assert found.after[0] == pytest.approx(found.after[1], abs=1e-6)
    assert found.equal


@pytest.mark.parametrize("method", ["amean", "gmean"])
def test_parts_that_go_together_can_be_made_equally_important(method: str) -> None:
    scores = mean_of(RNG.normal(size=(40, 4)) + 1.5 * RNG.normal(size=(40, 1)), method)
    found = weights_of_equal_importance(scores)
    np.testing.assert_allclose(found.after, found.after.mean(), atol=1e-5)
    again = evaluate(scores.index, scores.raw, level="province", weights=found.shares)
    for at in range(4):
        assert np.corrcoef(again.normalised[:, at], again.overall)[0, 1] == pytest.approx(found.after[at])


def test_parts_that_run_against_each_other_cannot() -> None:
    one = RNG.normal(size=30)
    found = weights_of_equal_importance(mean_of(np.column_stack([one, -one + 0.1 * RNG.normal(size=30), one**2])))
    assert found.weights.min() >= 0
    assert found.weights.sum() == pytest.approx(1)


def test_asem_is_balanced_more_exactly_than_by_coinr(shared: Path) -> None:
    """COINr, vignette "Weights": 0.3902439 and 0.6097561 give 0.8971336 and 0.8925119, its tolerance being 0.1."""
    values, beside = asem_values(shared)
    scores = evaluate(asem_index(shared), values, level="country", auxiliary=beside)
    found = weights_of_equal_importance(scores, auxiliary=beside)
    np.testing.assert_allclose(found.before, [0.9397805, 0.8382873], atol=5e-8)
    np.testing.assert_allclose(found.weights, [0.3902439, 0.6097561], atol=0.006)
    assert 0.8925119 < found.after[0] < 0.8971336
    assert found.after[0] == pytest.approx(found.after[1], abs=1e-6)


def test_weights_for_an_outcome_are_its_non_negative_least_squares() -> None:
    scores = mean_of(RNG.normal(size=(60, 4)))
    goal = scores.normalised @ np.array([0.5, 0.3, 0.2, 0.0]) + RNG.normal(size=60)
    found = weights_for_outcome(scores, goal)
    judge = nnls(scores.normalised - scores.normalised.mean(axis=0), goal - goal.mean())[0]
    np.testing.assert_allclose(found.weights, judge / judge.sum(), atol=1e-4)
    assert found.fit is not None
    assert found.fit[1] == pytest.approx(np.corrcoef(scores.normalised @ judge, goal)[0, 1], abs=1e-6)
    assert found.fit[1] >= found.fit[0]


def test_what_cannot_be_weighed_is_refused() -> None:
    scores = mean_of(RNG.normal(size=(10, 3)))
    with pytest.raises(UsageError, match="no parts at level 2"):
        weights_of_equal_importance(scores, level=2)
    with pytest.raises(InputError, match="the same for all regions, so no weight makes a difference: x1"):
        weights_of_equal_importance(mean_of(np.column_stack([np.arange(5.0), np.ones(5)])))
    with pytest.raises(InputError, match="10 regions have an outcome and every part; the outcome must differ"):
        weights_for_outcome(scores, np.ones(10))
    with pytest.raises(InputError, match="no part rises with the outcome"):
        weights_for_outcome(mean_of(np.arange(5.0)[:, None]), -np.arange(5.0))
