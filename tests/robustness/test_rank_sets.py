"""Confidence sets for ranks: a published figure, a second implementation pair by pair, and laws."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.index.arrays import FloatArray
from ecosystem.robustness.rank_sets import RankSets, marginal_sets, simultaneous_sets

Sets = Callable[[FloatArray, FloatArray, float], RankSets]
# Ranking of OECD countries by 2018 PISA math score with 95 % confidence sets: the two figures that the authors of
# Mogstad, Romano, Shaikh and Wilhelm publish with their R package csranks (examples/mathmarg.pdf, mathsimul.pdf,
# 1,000 draws), read off their vector graphics; countries by rank, Japan first.
MARGINAL = """1-4 1-6 1-6 1-7 2-11 2-11 4-12 5-14 5-14 5-18 5-18 7-23 8-23 10-23 10-24 10-24 10-24 10-24 12-25 12-26
12-26 12-26 12-26 15-26 19-31 20-31 25-31 25-31 25-31 25-31 25-31 32-34 32-34 32-34 35-36 35-36 37-37"""
SIMULTANEOUS = """1-6 1-7 1-6 1-11 1-12 1-13 3-17 4-18 4-18 4-18 4-18 5-24 6-24 7-24 7-25 8-25 7-25 7-26 12-26 12-26
12-26 12-26 12-31 12-30 15-31 18-31 23-31 24-31 23-31 23-31 23-32 31-34 32-34 32-34 35-36 35-36 37-37"""


@pytest.mark.parametrize(("sets", "printed"), [(marginal_sets, MARGINAL), (simultaneous_sets, SIMULTANEOUS)])
def test_the_published_sets_of_pisa(sets: Sets, printed: str, shared: Path) -> None:
    with (shared / "data" / "networks" / "csranks_pisa.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    scores = np.array([float(row["math_score"]) for row in rows])
    errors = np.array([float(row["math_se"]) for row in rows])
    draws = np.random.default_rng(1).normal(scores, errors, size=(10_000, len(rows)))
    found = sets(scores, draws, 0.95)
    order = np.argsort(-scores)
    ours = np.stack([found.low[order], found.high[order]], axis=1)
    theirs = np.array([[int(end) for end in one.split("-")] for one in printed.split()])
    # their quantiles are of 1,000 normal draws: a pair near the critical value may fall to either side
    assert np.abs(ours - theirs).max() <= 1
    assert (ours != theirs).sum() <= 4


def _by_hand(scores: FloatArray, draws: FloatArray, coverage: float, focus: list[int]) -> list[tuple[int, int]]:
    """The sets of some regions, pair by pair: every hypothesis a name, every statistic a sum."""
    regions = range(len(scores))
    family = {(one, two) for one, two in permutations(regions, 2) if one in focus or two in focus}
    error = {(one, two): float(np.std(draws[:, one] - draws[:, two], ddof=1)) for one, two in family}
    rejected: set[tuple[int, int]] = set()
    while family - rejected:
        left = family - rejected
        greatest = [
            max(((draw[one] - draw[two]) - (scores[one] - scores[two])) / error[one, two] for one, two in left)
            for draw in draws
        ]
        critical = np.percentile(greatest, 100 * coverage)
        new = {(one, two) for one, two in left if (scores[one] - scores[two]) / error[one, two] > critical}
        if not new:
            break
        rejected |= new
    return [
        (
            1 + sum((other, own) in rejected for other in regions),
            len(scores) - sum((own, other) in rejected for other in regions),
        )
        for own in focus
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_same_pair_by_pair(seed: int) -> None:
    generator = np.random.default_rng(seed)
    scores = np.array([9.0, 8.0, 7.5, 5.0, 2.0, 1.9]) + generator.normal(0, 0.3, 6)
    mixed = generator.normal(size=(6, 6)) * generator.uniform(0.1, 0.6, 6)[:, None]
    draws = scores + generator.normal(size=(300, 6)) @ mixed.T
    both = simultaneous_sets(scores, draws, 0.9)
    assert list(zip(both.low, both.high, strict=True)) == _by_hand(scores, draws, 0.9, list(range(6)))
    alone = marginal_sets(scores, draws, 0.9)
    for own in range(6):
        assert [(alone.low[own], alone.high[own])] == _by_hand(scores, draws, 0.9, [own])


@given(st.integers(0, 10_000), st.floats(0.5, 0.99))
def test_sets_hold_the_rank_and_grow_with_what_is_asked(seed: int, coverage: float) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.normal(0, 2, 7)
    draws = scores + generator.normal(size=(60, 7)) * generator.uniform(0.1, 1, 7)
    ranks = (-scores).argsort().argsort() + 1
    alone, all_once = marginal_sets(scores, draws, coverage), simultaneous_sets(scores, draws, coverage)
    single = simultaneous_sets(scores, draws, coverage, stepdown=False)
    for found in (alone, all_once, single):
        assert ((found.low <= ranks) & (ranks <= found.high)).all()
    assert ((all_once.low <= alone.low) & (all_once.high >= alone.high)).all()
    assert ((single.low <= all_once.low) & (single.high >= all_once.high)).all()


def test_scores_that_never_vary_have_one_rank_and_ties_share_theirs() -> None:
    scores = np.array([3.0, 1.0, 1.0, 5.0])
    for sets in (marginal_sets, simultaneous_sets):
        found = sets(scores, np.tile(scores, (20, 1)), 0.9)
        assert found.low.tolist() == [2, 3, 3, 1]
        assert found.high.tolist() == [2, 4, 4, 1]


def test_a_region_without_a_score_has_no_rank() -> None:
    scores = np.array([3.0, np.nan, 1.0])
    draws = scores + np.random.default_rng(3).normal(0, 0.1, size=(50, 3))
    found = simultaneous_sets(scores, draws, 0.9)
    assert (found.low.tolist(), found.high.tolist()) == ([1, 0, 2], [1, 0, 2])
