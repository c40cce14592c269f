"""Shapley values: what each of a few players brings to a difference, over every order in which they may come."""

from __future__ import annotations

from math import factorial

import numpy as np

from ecosystem.index.arrays import FloatArray


def coalition(players: int, number: int) -> tuple[bool, ...]:
    """Who of the players is in coalition `number`: bit i of it stands for player i."""
    return tuple(bool(number >> player & 1) for player in range(players))


def shapley_values(worth: FloatArray) -> FloatArray:
    """What each player brings, `(players, ...)`, from the worth `(2 ** players, ...)` of every coalition.

    They add up to the worth of all less that of none, to the last digits of floating numbers. Shapley (1953).
    """
    players = int(np.log2(len(worth)))
    if 2**players != len(worth):
        raise ValueError(f"{len(worth)} coalitions are not those of any number of players")
    found = np.zeros((players, *worth.shape[1:]))
    for player in range(players):
        for number in range(len(worth)):
            if not number >> player & 1:
                step = worth[number | 1 << player] - worth[number]
                found[player] += weight_of(number.bit_count(), players) * step
    return found


def weight_of(size: int, players: int) -> float:
    """The share of all orders in which exactly a given coalition of that size stands before a given player."""
    return factorial(size) * factorial(players - 1 - size) / factorial(players)


def sampled_orders(members: int, orders: int, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Orders (orders, members) drawn in pairs, each with its reverse: the error of what is nearly a sum is small."""
    rng = np.random.default_rng(seed)
    half = np.array([rng.permutation(members) for _ in range(-(-orders // 2))])
    return np.concatenate([half, half[:, ::-1]])[:orders] if orders > 1 else half[:orders]
