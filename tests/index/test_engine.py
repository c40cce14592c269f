"""An index evaluated: a table by hand, what is undefined, and the laws that hold for every table."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from small_index import TWO_PILLARS, flat_index, small_index

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import IndexScores, evaluate
from ecosystem.index.files.index_folder import load_index
from ecosystem.index.rolled_up import roll_up
from ecosystem.index.rules import (
    Aggregation,
    Imputation,
    Missing,
    Normalisation,
    Screening,
    Treatment,
    Weighting,
)
from ecosystem.index.spec import Index

NAN = float("nan")

# a: more is better, b: constant, c: less is better
VALUES = np.array([[10.0, 5, 1], [20, 5, 3], [30, 5, NAN]])


def score(values: FloatArray, index: Index | None = None) -> IndexScores:
    return evaluate(index or small_index(), values, level="province")


class TestByHand:
    """Weights a .5, b .2 (pillar p), c .3 (pillar q)."""

    def test_normalised_and_weighted(self) -> None:
        scores = score(VALUES)
        np.testing.assert_array_equal(scores.raw, VALUES)
        np.testing.assert_array_equal(scores.normalised, [[0, 0, 100], [50, 0, 0], [100, 0, NAN]])
        np.testing.assert_array_equal(scores.weighted, [[0, 0, 30], [25, 0, 0], [50, 0, 0]])

    def test_scores_and_ranks(self) -> None:
        scores = score(VALUES)
        np.testing.assert_array_equal(scores.pillars, [[0, 30], [25, 0], [50, 0]])
        np.testing.assert_array_equal(scores.overall, [30, 25, 50])
        np.testing.assert_array_equal(scores.overall_rank, [2, 3, 1])
        np.testing.assert_array_equal(scores.pillar_ranks, [[3, 1], [2, 2], [1, 2]])

    def test_what_is_missing_or_constant_is_said(self) -> None:
        scores = score(VALUES)
        np.testing.assert_array_equal(scores.constant, [False, True, False])
        np.testing.assert_array_equal(scores.missing, np.isnan(VALUES))
        np.testing.assert_array_equal(scores.minimum, [10, 5, 1])
        np.testing.assert_array_equal(scores.maximum, [30, 5, 3])
        assert not scores.all_missing.any()

    def test_coverage_is_the_share_of_the_weight(self) -> None:
        scores = score(VALUES)
        np.testing.assert_allclose(scores.coverage, [1, 1, 0.7], rtol=1e-15)
        np.testing.assert_array_equal(scores.pillar_coverage, [[1, 1], [1, 1], [1, 0]])
        assert not scores.low_coverage.any()

    def test_every_level(self) -> None:
        scores = score(VALUES)
        assert scores.at(1) is scores.weighted
        np.testing.assert_array_equal(scores.at(2), scores.pillars)
        np.testing.assert_array_equal(scores.at(3)[:, 0], scores.overall)


def test_coverage_under_the_mark() -> None:
    scores = score(np.array([[NAN, 1, 1], [1, NAN, NAN], [2, 2, 2.0]]))
    np.testing.assert_allclose(scores.coverage, [0.5, 0.5, 1])
    assert not scores.low_coverage.any(), "half is not under half"
    np.testing.assert_array_equal(
        score(np.array([[NAN, NAN, 1], [1, 1, 1], [2, 2, 2.0]])).low_coverage, [True, False, False]
    )


def test_full_coverage_is_exactly_one() -> None:
    weights = (0.1, 0.2, 0.3, 0.1, 0.1, 0.2)
    scores = score(np.ones((2, 6)) * [[1], [NAN]], flat_index(weights, ("r1", "r2")))
    np.testing.assert_array_equal(scores.coverage, [1, 0])


def test_an_indicator_missing_everywhere() -> None:
    scores = score(np.array([[1.0, NAN, 1], [2, NAN, 2], [3, NAN, 3]]))
    np.testing.assert_array_equal(scores.all_missing, [False, True, False])
    np.testing.assert_array_equal(scores.constant, [False, False, False])
    np.testing.assert_array_equal(scores.weighted[:, 1], 0)
    np.testing.assert_array_equal(scores.overall, [30, 40, 50])


def test_everything_missing() -> None:
    scores = score(np.full((3, 3), NAN))
    np.testing.assert_array_equal(scores.overall, 0)
    np.testing.assert_array_equal(scores.overall_rank, 1)
    np.testing.assert_array_equal(scores.coverage, 0)
    assert scores.low_coverage.all()


def test_one_region_is_constant_in_everything() -> None:
    scores = score(np.array([[1.0, 2, 3]]), small_index(regions=("r1",)))
    assert scores.constant.all()
    np.testing.assert_array_equal(scores.overall, [0])
    np.testing.assert_array_equal(scores.overall_rank, [1])


def test_two_levels_have_indicators_as_pillars() -> None:
    scores = score(np.array([[0.0, 4], [1, 2], [2, 0]]), flat_index((0.5, 0.5), ("r1", "r2", "r3")))
    np.testing.assert_array_equal(scores.pillars, scores.weighted)
    np.testing.assert_array_equal(scores.overall, [50, 50, 50])
    np.testing.assert_array_equal(scores.overall_rank, [1, 1, 1])


def test_a_level_that_is_not_defined() -> None:
    with pytest.raises(UsageError, match=r"'group'[\s\S]*hint: .*province"):
        evaluate(small_index(), VALUES, level="group")


def test_values_of_another_shape() -> None:
    with pytest.raises(ValueError, match="3 regions x 3 indicators"):
        score(np.ones((3, 4)))


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e301, -1e301])
def test_a_value_that_cannot_be_scored_is_named(value: float) -> None:
    values = VALUES.copy()
    values[1, 2] = value
    with pytest.raises(InputError, match=re.escape(f"r2:c: the value is {value:g}")):
        score(values)


def test_groups_are_sums_of_their_members() -> None:
    groups = (("east", ("r1", "r2")), ("all", ("r1", "r2", "r3")), ("south", ("r3",)))
    rolled = roll_up(score(VALUES, small_index(groups=groups)))
    assert rolled.regions == ("east", "all", "south")
    np.testing.assert_array_equal(rolled.overall, [55, 105, 50])
    np.testing.assert_array_equal(rolled.overall_rank, [2, 1, 3])
    np.testing.assert_array_equal(rolled.pillars, [[25, 30], [75, 30], [50, 0]])
    np.testing.assert_array_equal(rolled.pillar_ranks, [[3, 1], [1, 1], [2, 3]])
    np.testing.assert_array_equal(rolled.weighted, [[25, 0, 30], [75, 0, 30], [50, 0, 0]])
    np.testing.assert_allclose(rolled.coverage, [1, 0.9, 0.7])
    np.testing.assert_allclose(rolled.pillar_coverage, [[1.0, 1.0], [1.0, 2 / 3], [1.0, 0.0]])


def test_groups_of_a_batch() -> None:
    index = small_index(groups=(("east", ("r1", "r2")), ("south", ("r3",))))
    values = np.random.default_rng(3).random((4, 3, 3))
    rolled = roll_up(evaluate(index, values, level="province"))
    for at, one in enumerate(values):
        alone = roll_up(evaluate(index, one, level="province"))
        np.testing.assert_array_equal(rolled.overall[at], alone.overall)
        np.testing.assert_array_equal(rolled.pillar_ranks[at], alone.pillar_ranks)


def test_no_groups_to_roll_up_to() -> None:
    with pytest.raises(UsageError, match="no groups at level 'province'"):
        roll_up(score(VALUES))


TABLE = arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.just(3)),
    # sixteenths: what is left of two values after a change of unit is still told apart
    elements=st.integers(-16_000, 16_000).map(lambda number: number / 16) | st.just(NAN),
)


def sized(values: FloatArray, bounds: tuple[float, float] = (0.0, 100.0)) -> Index:
    return small_index(regions=[f"r{at}" for at in range(len(values))], bounds=bounds)


def close(left: FloatArray, right: FloatArray) -> None:
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-9)


@given(TABLE, st.integers(0, 1000))
def test_order_of_regions_does_not_matter(values: FloatArray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(values))
    scores, shuffled = score(values, sized(values)), score(values[order], sized(values))
    np.testing.assert_array_equal(shuffled.overall, scores.overall[order])
    np.testing.assert_array_equal(shuffled.overall_rank, scores.overall_rank[order])
    np.testing.assert_array_equal(shuffled.coverage, scores.coverage[order])


@given(TABLE, st.permutations(range(3)))
def test_order_of_indicators_does_not_matter(values: FloatArray, order: list[int]) -> None:
    index = sized(values)
    turned = small_index([TWO_PILLARS[at] for at in order], index.levels["province"].regions)
    close(score(values[:, order], turned).overall, score(values, index).overall)


@given(TABLE, st.sampled_from([0.001, 0.5, 7.0, 1e6]), st.sampled_from([0.0, 100.0, -3.0]))
def test_the_unit_of_an_indicator_does_not_matter(values: FloatArray, factor: float, shift: float) -> None:
    other = values.copy()
    other[:, 0] = values[:, 0] * factor + shift
    close(score(other, sized(values)).overall, score(values, sized(values)).overall)


@given(TABLE)
def test_a_direction_turned_is_an_indicator_negated(values: FloatArray) -> None:
    index = sized(values)
    turned = replace(
        index,
        indicators=tuple(replace(row, direction=-row.direction) if row.level == 1 else row for row in index.indicators),
    )
    np.testing.assert_array_equal(score(-values, turned).overall, score(values, index).overall)


@given(TABLE)
def test_scores_lie_between_nothing_and_the_weight(values: FloatArray) -> None:
    scores = score(values, sized(values))
    assert (scores.overall >= 0).all()
    assert (scores.overall <= 100 + 1e-9).all()
    assert (scores.pillars <= np.array([70, 30]) + 1e-9).all()
    assert ((scores.coverage >= 0) & (scores.coverage <= 1)).all()
    close(scores.pillars.sum(axis=-1), scores.overall)


@given(TABLE, st.integers(0, 5), st.integers(0, 2), st.floats(0.001, 1000))
def test_doing_better_never_costs_a_score(values: FloatArray, region: int, at: int, gain: float) -> None:
    region %= len(values)
    better = values.copy()
    better[region, at] += gain * small_index().leaves[at].direction
    before, after = score(values, sized(values)), score(better, sized(values))
    assert after.overall[region] >= before.overall[region] - 1e-9
    assert after.overall_rank[region] <= before.overall_rank[region]


@given(arrays(np.float64, (3, 2, 4, 3), elements=st.floats(-50, 50, width=16) | st.just(NAN)))
def test_a_batch_is_a_loop(values: FloatArray) -> None:
    index = small_index(regions=("r1", "r2", "r3", "r4"))
    batch = evaluate(index, values, level="province")
    for at in np.ndindex(3, 2):
        alone = evaluate(index, values[at], level="province")
        np.testing.assert_array_equal(batch.overall[at], alone.overall)
        np.testing.assert_array_equal(batch.overall_rank[at], alone.overall_rank)
        np.testing.assert_array_equal(batch.pillar_ranks[at], alone.pillar_ranks)
        np.testing.assert_array_equal(batch.coverage[at], alone.coverage)
        np.testing.assert_array_equal(batch.pillar_coverage[at], alone.pillar_coverage)
        np.testing.assert_array_equal(batch.constant[at], alone.constant)


def test_which_index_is_linear() -> None:
    index = load_index("cingai-2023")
    assert index.linear
    assert replace(index, aggregation=Aggregation("amean", "local")).linear
    leaf, rows = replace(index.leaves[0], denominator="people"), index.indicators
    changes: list[Index] = [
        replace(index, normalisation=Normalisation("zscore")),
        replace(index, aggregation=Aggregation("gmean", "local")),
        replace(index, indicators=tuple(replace(row, aggregation="sum" if row.level > 1 else None) for row in rows)),
        replace(index, missing=Missing("skip", 0.5)),
        replace(index, weighting=Weighting("critic")),
        replace(index, imputation=Imputation("mean")),
        replace(index, treatment=Treatment("winsorise")),
        replace(index, screening=Screening()),
        replace(index, indicators=tuple(leaf if row.code == leaf.code else row for row in index.indicators)),
    ]
    assert not any(changed.linear for changed in changes)
