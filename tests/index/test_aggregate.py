"""Every mean against scipy, loops, or the published definition; what is undefined; the laws."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from small_index import small_index

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import Aggregation, Missing, Normalisation
from ecosystem.index.steps.aggregate import combine, copeland, mazziotta_pareto, median, weighted_total
from ecosystem.index.steps.grouping import grouping, weigh_parts, weigh_parts_fast

NAN = float("nan")
RNG = np.random.default_rng(5)
PARTS = RNG.uniform(1, 100, (11, 7))
WEIGHTS = RNG.uniform(0.1, 1, 7)
BY = grouping([0, 1, 0, 1, 1, 2, 0], 3)
GAPS = np.where(RNG.random(PARTS.shape) < 0.2, NAN, PARTS)
RULE = Aggregation("amean", "local", power=-0.5)


def groups(parts: FloatArray) -> list[tuple[int, int, FloatArray, FloatArray]]:
    """(row, parent, present scores, their weights)."""
    found = []
    for row in range(len(parts)):
        for parent in range(3):
            own = [at for at in BY.parts_of(parent) if not np.isnan(parts[row, at])]
            found.append((row, parent, parts[row, own], WEIGHTS[own]))
    return found


@pytest.mark.parametrize("parts", [PARTS, GAPS], ids=["complete", "gaps"])
@pytest.mark.parametrize("total", [weigh_parts, weigh_parts_fast])
@pytest.mark.parametrize("method", ["amean", "gmean", "hmean", "genmean", "sum"])
def test_means_equal_scipy(method: str, parts: FloatArray, total: object) -> None:
    definition: Callable[[FloatArray, FloatArray], float] = {
        "amean": lambda x, w: np.average(x, weights=w),
        "gmean": lambda x, w: stats.gmean(x, weights=w),
        "hmean": lambda x, w: stats.hmean(x, weights=w),
        "genmean": lambda x, w: stats.pmean(x, -0.5, weights=w),
        "sum": lambda x, w: float(x @ w),
    }[method]
    summing = weigh_parts_fast if total is weigh_parts_fast else weigh_parts
    scores = combine(method, parts, WEIGHTS, BY, RULE, summing)
    for row, parent, own, weights in groups(parts):
        if len(own):
            assert scores[row, parent] == pytest.approx(definition(own, weights), rel=1e-12)
        else:
            assert np.isnan(scores[row, parent])


def test_median_is_that_of_the_present_parts() -> None:
    scores = median(GAPS, BY)
    for row, parent, own, _ in groups(GAPS):
        expected = statistics.median(own.tolist()) if len(own) else NAN
        np.testing.assert_equal(scores[row, parent], expected)


def test_generalised_mean_has_the_others_as_its_cases() -> None:
    for power, method in ((1.0, "amean"), (-1.0, "hmean"), (0.0, "gmean")):
        one = combine("genmean", PARTS, WEIGHTS, BY, Aggregation("genmean", "local", power=power))
        np.testing.assert_allclose(one, combine(method, PARTS, WEIGHTS, BY, RULE), rtol=1e-12)


@pytest.mark.parametrize("penalty", [-1, 1])
@pytest.mark.parametrize("sample", [False, True])
def test_mazziotta_pareto_by_its_definition(penalty: int, sample: bool) -> None:
    """Mazziotta and Pareto (2013): M -+ S cv, S over m; with `sample` Compind 3.2 `ci_mpi`, whose variance is R's."""
    equal = np.ones(7)
    scores = mazziotta_pareto(PARTS, equal, BY, penalty, sample=sample)
    for row, parent, own, _ in groups(PARTS):
        mean = statistics.fmean(own)
        spread = statistics.stdev(own) if sample and len(own) > 1 else statistics.pstdev(own)
        assert scores[row, parent] == pytest.approx(mean * (1 + penalty * (spread / mean) ** 2), rel=1e-12)


def outranking(columns: FloatArray, weights: FloatArray) -> list[float]:
    """Copeland as COINr builds it: the outranking matrix, its upper triangle mirrored, wins less losses by row."""
    share, count = weights / weights.sum(), len(columns)
    matrix = [[0.0] * count for _ in range(count)]
    for i in range(count):
        for j in range(i + 1, count):
            matrix[i][j] = share[columns[i] > columns[j]].sum() + share[columns[i] == columns[j]].sum() / 2
            matrix[j][i] = 1 - matrix[i][j]
    return [
        sum(0 if i == j or math.isclose(own, 0.5) else math.copysign(1, own - 0.5) for j, own in enumerate(row))
        for i, row in enumerate(matrix)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_copeland_by_the_outranking_matrix(seed: int) -> None:
    parts = np.random.default_rng(seed).integers(0, 4, (9, 7)).astype(np.float64)
    weights = np.array([1.0, 2, 1, 1, 3, 1, 2])
    scores = copeland(parts, weights, BY)
    for parent in range(3):
        own = BY.parts_of(parent)
        np.testing.assert_array_equal(scores[:, parent], outranking(parts[:, own], weights[own]))
    np.testing.assert_array_equal(scores.sum(axis=0), 0)


def test_copeland_with_gaps_does_not_mind_the_order_of_the_regions() -> None:
    order = RNG.permutation(len(GAPS))
    np.testing.assert_array_equal(copeland(GAPS[order], WEIGHTS, BY), copeland(GAPS, WEIGHTS, BY)[order])


def test_copeland_of_a_batch_of_weights() -> None:
    many = RNG.uniform(0.1, 1, (4, 7))
    together = copeland(GAPS, many, BY)
    for at in range(4):
        np.testing.assert_array_equal(together[at], copeland(GAPS, many[at], BY))


def test_nothing_but_gaps_is_nothing() -> None:
    assert np.isnan(weighted_total(np.full((2, 7), NAN), WEIGHTS, BY)).all()


INDEX = small_index()
VALUES = np.array([[10.0, 5, 1], [20, 6, 3], [30, 9, 2]])


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("gmean", "the geometric mean needs scores above 0"),
        ("hmean", "the harmonic mean needs scores above 0"),
        ("mpi", "the Mazziotta-Pareto index needs a mean above 0"),
    ],
)
def test_a_mean_of_a_zero_is_refused_with_its_region(method: str, words: str) -> None:
    index = replace(INDEX, aggregation=Aggregation(method, "local"))
    with pytest.raises(InputError, match=rf"r1:p: {words}[\s\S]*hint: .*range = \[1, 100\]"):
        evaluate(index, VALUES, level="province")
    positive = replace(index, normalisation=Normalisation("minmax", 70, 130))
    assert (evaluate(positive, VALUES, level="province").overall > 0).all()


def test_a_negative_power_of_zero_is_refused() -> None:
    index = replace(INDEX, aggregation=Aggregation("genmean", "local", power=-2.0))
    with pytest.raises(InputError, match="generalised mean"):
        evaluate(index, VALUES, level="province")


def test_a_method_for_each_level() -> None:
    index = replace(
        INDEX,
        aggregation=Aggregation("amean", "local", by_level=("gmean", "amean")),
        normalisation=Normalisation("minmax", 1, 100),
    )
    scores = evaluate(index, VALUES, level="province")
    pillars = stats.gmean(scores.normalised[:, :2], axis=1, weights=[0.5, 0.2])
    np.testing.assert_allclose(scores.pillars[:, 0], pillars, rtol=1e-12)
    np.testing.assert_allclose(scores.overall, scores.pillars @ [0.7, 0.3], rtol=1e-12)


def test_a_parent_with_too_few_of_its_parts_has_no_score() -> None:
    values = np.array([[10.0, NAN, 1], [20, 6, 3], [30, 9, NAN], [NAN, NAN, NAN]])
    index = replace(
        small_index(regions=("r1", "r2", "r3", "r4")),
        aggregation=Aggregation("amean", "local"),
        missing=Missing("skip", 0.5, least=0.6),
    )
    scores = evaluate(index, values, level="province")
    np.testing.assert_array_equal(np.isnan(scores.pillars[:, 0]), [True, False, False, True])
    np.testing.assert_array_equal(np.isnan(scores.overall), [True, False, True, True])
    np.testing.assert_array_equal(scores.overall_rank, [0, 1, 0, 0])


def test_weights_that_sum_to_zero_are_refused() -> None:
    with pytest.raises(InputError, match="all weights are 0"):
        evaluate(
            replace(INDEX, aggregation=Aggregation("amean", "local")), VALUES, level="province", weights=np.zeros(3)
        )


MONOTONE: list[str] = ["amean", "gmean", "hmean", "median", "sum"]
SCORES = st.lists(st.integers(1, 100), min_size=4, max_size=4)


@given(SCORES, st.sampled_from(MONOTONE), st.integers(0, 3), st.integers(1, 50))
def test_a_better_part_never_lowers_its_parent(scores: list[int], method: str, at: int, gain: int) -> None:
    by, weights = grouping([0, 0, 0, 0], 1), np.array([1.0, 2, 3, 4])
    before = np.array([scores], dtype=np.float64)
    after = before.copy()
    after[0, at] += gain
    low, high = (combine(method, parts, weights, by, RULE)[0, 0] for parts in (before, after))
    assert high >= low * (1 - 1e-12)


def test_mazziotta_pareto_can_punish_a_gain() -> None:
    """The one mean that breaks the law: a far lead in one part widens the spread by more than it lifts the mean."""
    by, weights = grouping([0, 0, 0], 1), np.ones(3)
    before, after = np.array([[10.0, 10.0, 90.0]]), np.array([[10.0, 10.0, 200.0]])
    low, high = (mazziotta_pareto(parts, weights, by)[0, 0] for parts in (before, after))
    assert high < low


@given(SCORES, st.sampled_from([*MONOTONE, "mpi", "genmean"]))
def test_a_mean_lies_between_its_parts(scores: list[int], method: str) -> None:
    by, weights = grouping([0, 0, 0, 0], 1), np.full(4, 0.25)
    found = combine(method, np.array([scores], dtype=np.float64), weights, by, RULE)[0, 0]
    assert found <= max(scores) + 1e-9
    assert method == "mpi" or found >= min(scores) - 1e-9
