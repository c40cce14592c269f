"""Shapley values against the definition: the mean over every order of the players."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from ecosystem.robustness.shapley import coalition, sampled_orders, shapley_values, weight_of


@pytest.mark.parametrize("players", [1, 2, 3, 5])
def test_every_order_of_the_players(players: int) -> None:
    worth = np.random.default_rng(players).normal(size=(2**players, 4))
    expected = np.zeros((players, 4))
    orders = list(permutations(range(players)))
    for order in orders:
        before = 0
        for player in order:
            expected[player] += (worth[before | 1 << player] - worth[before]) / len(orders)
            before |= 1 << player
    found = shapley_values(worth)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(found.sum(axis=0), worth[-1] - worth[0], atol=1e-12)


def test_the_glove_game() -> None:
    """One left glove and two right ones: a pair is worth 1: 2/3, 1/6, 1/6 (Osborne and Rubinstein 1994)."""
    worth = np.array(
        [float(left and (one or other)) for left, one, other in (coalition(3, number) for number in range(8))]
    )
    np.testing.assert_allclose(shapley_values(worth), [2 / 3, 1 / 6, 1 / 6])


def test_weights_and_orders() -> None:
    assert sum(weight_of(size, 4) * count for size, count in enumerate((1, 3, 3, 1))) == pytest.approx(1)
    orders = sampled_orders(5, 8, seed=3)
    assert orders.shape == (8, 5)
    assert np.array_equal(np.sort(orders, axis=1), np.tile(np.arange(5), (8, 1)))
    assert np.array_equal(orders[4:], orders[:4, ::-1])
    with pytest.raises(ValueError, match="3 coalitions"):
        shapley_values(np.zeros(3))
