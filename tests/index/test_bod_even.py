"""The benefit of the doubt where many weights are best: the most even shares, whatever the order of the columns."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from command import run_in
from scipy import optimize
from tables import write_csv

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Weighting
from ecosystem.index.steps.bod import benefit_of_the_doubt
from ecosystem.index.steps.weigh import bod_weights

RNG = np.random.default_rng(7)
TIED = RNG.integers(1, 5, (12, 4)).astype(float)
"""Whole numbers from 1 to 4: most regions have many best weights."""


def test_equal_columns_share_alike() -> None:
    found = benefit_of_the_doubt(np.repeat([[4.0], [2.0], [3.0]], 3, axis=1))
    np.testing.assert_allclose(found.shares, 1 / 3, rtol=1e-9)
    assert found.ambiguous.all()


@pytest.mark.parametrize("bounds", [(0.0, 1.0), (0.05, 0.5)])
def test_the_order_of_columns_and_regions_changes_nothing(bounds: tuple[float, float]) -> None:
    found = benefit_of_the_doubt(TIED, *bounds)
    for order in itertools.permutations(range(4)):
        again = benefit_of_the_doubt(TIED[:, order], *bounds)
        np.testing.assert_allclose(again.shares, found.shares[:, order], atol=1e-7)
        np.testing.assert_array_equal(again.ambiguous, found.ambiguous)
    turned = benefit_of_the_doubt(TIED[::-1], *bounds)
    np.testing.assert_allclose(turned.shares, found.shares[::-1], atol=1e-7)


def test_no_best_shares_are_more_even() -> None:
    """Of each region, against a general solver that minimises the squares among the best shares (SLSQP)."""
    found = benefit_of_the_doubt(TIED)
    assert 0 < found.ambiguous.sum() < len(TIED)
    for row, own in enumerate(TIED):
        ratios = TIED / own * found.scores[row]
        assert (ratios @ found.shares[row] <= 1 + 1e-8).all()
        limits = [
            optimize.LinearConstraint(np.ones((1, 4)), 1.0, 1.0),
            optimize.LinearConstraint(ratios, -np.inf, 1.0),
        ]
        start = found.shares[row]
        other = optimize.minimize(_squares, start, method="SLSQP", bounds=[(0, 1)] * 4, constraints=limits, tol=1e-12)
        assert _squares(start) <= float(other.fun) + 1e-6
        assert found.ambiguous[row] == (_length(ratios) > 1e-5)


def _squares(shares: FloatArray) -> float:
    return float(shares @ shares)


def _length(ratios: FloatArray) -> float:
    """How far the best shares of a column reach, at most: 0 where there is one best set."""
    reach = []
    for column in range(ratios.shape[1]):
        cost = np.eye(ratios.shape[1])[column]
        low, high = (
            optimize.linprog(sign * cost, ratios, np.ones(len(ratios)) + 1e-10, np.ones((1, 4)), [1.0]).fun
            for sign in (1, -1)
        )
        reach.append(-float(high or 0) - float(low or 0))
    return max(reach)


def test_a_constant_column_weighs_nothing() -> None:
    values = np.column_stack([np.full(6, 5.0), RNG.random((6, 2))])
    found = bod_weights(values, np.array([1.0, 1, -1]), Weighting("bod", 0.1, 0.9))
    assert (found.shares[:, 0] == 0).all()
    alone = bod_weights(values[:, 1:], np.array([1.0, -1]), Weighting("bod", 0.1, 0.9))
    np.testing.assert_array_equal(found.shares[:, 1:], alone.shares)
    with pytest.raises(InputError, match="every column is constant"):
        bod_weights(np.ones((3, 2)), np.ones(2), Weighting("bod"))
    with pytest.raises(InputError, match="at least one region that has every value"):
        bod_weights(np.ones((0, 2)), np.ones(2), Weighting("bod"))


def test_the_program_says_what_the_weights_rest_on(tmp_path: Path) -> None:
    rows: list[list[object]] = [["A", 1, 1, 7], ["B", 2, 2, 7], ["C", 3, 3, 7], ["D", "", 9, 7]]
    write_csv(tmp_path / "v.csv", [["region", "a", "b", "flat"], *rows])
    run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    words = ("--index", "mine", "--values", "v.csv", "--format", "json")
    done = run_in(tmp_path, "weights", "bod", *words)
    weights = {row["code"]: row["weight"] for row in json.loads(done.stdout)}
    assert weights == {"a": pytest.approx(0.5), "b": pytest.approx(0.5), "flat": 0}
    assert "bod weights are based on the 3 regions that have every value" in done.stderr
    assert "3 of 3 regions have no unique best shares, so the most even ones are used" in done.stderr
    done = run_in(tmp_path, "score", "mine", "--values", "v.csv", "--weights", "pca")
    assert "pca weights are based on the 3 regions that have every value" in done.stderr
    rows = [["A", 1, "", 7], ["B", "", 2, 7]]
    write_csv(tmp_path / "v.csv", [["region", "a", "b", "flat"], *rows])
    done = run_in(tmp_path, "weights", "bod", *words)
    assert done.returncode == 1
    assert "at least one region that has every value" in done.stderr
