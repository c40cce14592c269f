"""Every normalisation against its definition worked in plain loops, and against pymcdm and scipy where they have it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymcdm import normalizations
from scipy import stats
from small_index import small_index

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import DataTies, Normalisation
from ecosystem.index.steps.rank import borda, percentile_rank, ranks
from ecosystem.index.steps.scale_formulas import (
    around_reference,
    fraction_of_best,
    goalposts,
    minmax,
    to_reference,
    to_target,
    zscore,
)

NAN = float("nan")
RNG = np.random.default_rng(20)
DATA = RNG.lognormal(2, 1, (23, 6)).round(2)
DATA[3, 1] = DATA[9, 1] = NAN
DATA[5, 2] = DATA[6, 2] = DATA[7, 2]
WAYS = np.array([1.0, -1, 1, -1, 1, -1])
PRESENT = [0, 2, 3, 4, 5]
"""The columns without a gap: pymcdm knows none."""


def by_column(function: Callable[[list[float]], Sequence[float] | FloatArray]) -> FloatArray:
    """A definition over the directed, present values of a column, gaps put back."""
    out = np.full(DATA.shape, NAN)
    for at in range(DATA.shape[1]):
        known = ~np.isnan(DATA[:, at])
        out[known, at] = function((DATA[known, at] * WAYS[at]).tolist())
    return out


def same(found: FloatArray, expected: FloatArray) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_zscore() -> None:
    def definition(column: list[float]) -> list[float]:
        mean, sd = statistics.fmean(column), statistics.stdev(column)
        return [(value - mean) / sd * 10 + 100 for value in column]

    same(zscore(DATA, WAYS, 100, 10), by_column(definition))
    same(zscore(DATA, np.ones(6)), stats.zscore(DATA, axis=0, ddof=1, nan_policy="omit"))


@pytest.mark.parametrize("ties", ["min", "average", "max"])
def test_ranks_borda_and_percentile_ranks(ties: DataTies) -> None:
    same(ranks(DATA, WAYS, ties), by_column(lambda column: stats.rankdata(column, ties)))
    same(borda(DATA, WAYS, ties), by_column(lambda column: stats.rankdata(column, ties) - 1))
    same(
        percentile_rank(DATA, WAYS, ties),
        by_column(lambda column: (stats.rankdata(column, ties) - 1) / (len(column) - 1)),
    )


def test_borda_counts_whom_a_region_beats() -> None:
    same(borda(DATA, WAYS), by_column(lambda column: [sum(other < value for other in column) for value in column]))


def test_fraction_of_the_best_equals_pymcdm() -> None:
    found = fraction_of_best(DATA, WAYS)
    for at in PRESENT:
        same(found[:, at], normalizations.linear_normalization(DATA[:, at], cost=bool(WAYS[at] < 0)))
    assert (np.nanmax(found, axis=0) == 1).all()


def test_distance_to_the_best_equals_pymcdm() -> None:
    found = minmax(DATA, WAYS, 0, 1).values
    for at in PRESENT:
        same(found[:, at], normalizations.minmax_normalization(DATA[:, at], cost=bool(WAYS[at] < 0)))
    same(found, by_column(lambda column: [1 - (max(column) - x) / (max(column) - min(column)) for x in column]))


def test_distance_to_a_reference() -> None:
    """COINr `n_dist2ref`: 1 - (ref - x) / (ref - min) of the directed column."""
    inner = (np.nanmin(DATA, axis=0) < DATA) & (np.nanmax(DATA, axis=0) > DATA)
    for row in np.flatnonzero(inner.all(axis=1))[:3].tolist():
        found, capped = to_reference(DATA, WAYS, row), to_reference(DATA, WAYS, row, cap=True)
        for at in range(6):
            own = DATA[:, at] * WAYS[at]
            expected = 1 - (own[row] - own) / (own[row] - np.nanmin(own))
            same(found[:, at], expected)
            same(capped[:, at], np.minimum(expected, 1))


def test_distance_to_a_target() -> None:
    """COINr `n_dist2targ`: (x - min) / (target - min), or (max - x) / (max - target)."""
    targets = np.nanmean(DATA, axis=0)
    found = to_target(DATA, WAYS, targets)
    for at in range(6):
        low, high = np.nanmin(DATA[:, at]), np.nanmax(DATA[:, at])
        up, down = (DATA[:, at] - low) / (targets[at] - low), (high - DATA[:, at]) / (high - targets[at])
        same(found[:, at], up if WAYS[at] > 0 else down)
    assert np.nanmax(found) > 1
    assert np.nanmax(to_target(DATA, WAYS, targets, cap=True)) == 1


def test_goalposts() -> None:
    """COINr `n_goalposts` with its `direction`, and `n_scaled`, which is the same without the ends."""
    lower, upper = np.full(6, 5.0), np.full(6, 12.0)
    found, free = goalposts(DATA, WAYS, (lower, upper), 10), goalposts(DATA, WAYS, (lower, upper), 10, cap=False)
    up, down = (DATA - 5) / 7, (12 - DATA) / 7
    expected = np.where(WAYS > 0, up, down)
    same(free, expected * 10)
    same(found, np.clip(expected, 0, 1) * 10)


def test_the_scale_of_the_adjusted_mazziotta_pareto_index() -> None:
    """Compind `ci_ampi`: posts at reference -+ half the span, 60 points wide from 70."""
    middle = np.nanmedian(DATA, axis=0)
    found = around_reference(DATA, WAYS, middle)
    half = (np.nanmax(DATA, axis=0) - np.nanmin(DATA, axis=0)) / 2
    low, high = middle - half, middle + half
    same(found, np.where(WAYS > 0, (DATA - low) / (high - low), (high - DATA) / (high - low)) * 60 + 70)
    same(around_reference(middle[None, :], WAYS, middle), np.full((1, 6), 100.0))


CONSTANT = np.array([[3.0], [3], [NAN], [3]])


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        (zscore(CONSTANT, np.ones(1), 100, 10), 100),
        (ranks(CONSTANT, np.ones(1)), 1),
        (borda(CONSTANT, np.ones(1)), 0),
        (percentile_rank(CONSTANT, np.ones(1)), 0),
        (fraction_of_best(CONSTANT, np.ones(1)), 1),
        (minmax(CONSTANT, np.ones(1), 0, 1).values, 0),
        (around_reference(CONSTANT, np.ones(1), np.array([3.0])), 100),
        (percentile_rank(np.array([[7.0]]), np.ones(1)), 0),
        (zscore(np.array([[7.0]]), np.ones(1)), 0),
    ],
)
def test_a_constant_column_carries_no_order(scores: FloatArray, expected: float) -> None:
    assert set(scores[~np.isnan(scores)].tolist()) == {expected}


INDEX = small_index(regions=("r1", "r2", "r3", "r4"))
VALUES = np.array([[1.0, 4, 7], [2, 5, 9], [3, 9, 2], [8, 6, 4]])


@pytest.mark.parametrize(
    ("rule", "values", "words"),
    [
        (Normalisation("fracmax"), VALUES - 5, "a fraction of the best needs values above 0"),
        (Normalisation("fracmax"), VALUES * [1, 1, 0], "'c' cannot be normalised by fracmax"),
        (Normalisation("dist2ref", reference="r1"), VALUES, "'a' cannot be normalised by dist2ref"),
        (Normalisation("dist2target"), VALUES, "the target is missing"),
        (Normalisation("goalposts"), VALUES, "a goalpost is missing"),
    ],
)
def test_what_is_undefined_is_refused_in_words(rule: Normalisation, values: FloatArray, words: str) -> None:
    with pytest.raises(InputError, match=rf"{words}[\s\S]*hint: "):
        evaluate(replace(INDEX, normalisation=rule), values, level="province")


def test_a_target_worse_than_the_worst_region_is_refused() -> None:
    rows = tuple(replace(row, target=1.0) if row.code in "abc" else row for row in INDEX.indicators)
    with pytest.raises(InputError, match="no better than the worst region") as caught:
        evaluate(replace(INDEX, indicators=rows, normalisation=Normalisation("dist2target")), VALUES, level="province")
    assert [finding.message[:3] for finding in caught.value.findings] == ["'a'", "'b'"]


def test_an_unknown_reference_region_names_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'r9', the reference region of dist2ref, is not ranked[\s\S]*did you mean"):
        evaluate(replace(INDEX, normalisation=Normalisation("dist2ref", reference="r9")), VALUES, level="province")


METHODS: dict[str, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "minmax": lambda values, ways: minmax(values, ways).values,
    "zscore": zscore,
    "rank": ranks,
    "borda": borda,
    "prank": percentile_rank,
    "fracmax": fraction_of_best,
}
COLUMN = st.lists(st.integers(1, 400), min_size=2, max_size=12)


@given(COLUMN, st.sampled_from(sorted(METHODS)), st.sampled_from([1.0, -1.0]), st.integers(0, 11))
def test_doing_better_never_costs_a_score(column: list[int], name: str, way: float, at: int) -> None:
    at %= len(column)
    before = np.array(column, dtype=np.float64)[:, None]
    after = before.copy()
    after[at] = after[at] + 3 if way > 0 else after[at] / 2
    low, high = (METHODS[name](values, np.array([way]))[at, 0] for values in (before, after))
    assert high >= low - 1e-9


@given(COLUMN, st.sampled_from(sorted(METHODS)), st.sampled_from([0.25, 8.0, 1024.0]))
def test_the_unit_does_not_matter(column: list[int], name: str, factor: float) -> None:
    values = np.array(column, dtype=np.float64)[:, None]
    np.testing.assert_allclose(
        METHODS[name](values * factor, np.ones(1)), METHODS[name](values, np.ones(1)), rtol=1e-9, atol=1e-9
    )
