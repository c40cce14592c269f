"""Clusters over columns against every partition there is, against Ckmeans.1d.dp, and as tiers of an index."""

from __future__ import annotations

import itertools

import ckwrap
import numpy as np
import pytest

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Tiering
from ecosystem.index.steps.clusters import clusters
from ecosystem.index.steps.tiers import tier

NAN = float("nan")


def squares(points: FloatArray, labels: tuple[int, ...]) -> float:
    own = np.array(labels)
    return float(sum(((points[own == one] - points[own == one].mean(axis=0)) ** 2).sum() for one in set(labels)))


@pytest.mark.parametrize("seed", range(4))
def test_no_partition_has_less_within(seed: int) -> None:
    """Of nine rows in three clusters, all 3^8 of them."""
    points = np.random.default_rng(seed).random((9, 3))
    least = min(
        squares(points, (0, *labels))
        for labels in itertools.product(range(3), repeat=8)
        if set(labels) | {0} == {0, 1, 2}
    )
    found = clusters(points, 3)
    assert found.within == pytest.approx(least, rel=1e-9)
    assert squares(points, tuple(found.of.tolist())) == pytest.approx(found.within, rel=1e-12)
    assert found.explained == pytest.approx(1 - least / found.total)


@pytest.mark.parametrize("count", [2, 3, 5])
def test_one_column_is_what_ckmeans_solves(count: int) -> None:
    rng = np.random.default_rng(5)
    values = np.concatenate([rng.normal(0, 1, 20), rng.normal(9, 1, 9), rng.normal(30, 2, 5)])
    theirs = ckwrap.ckmeans(values, count)
    found = clusters(values[:, None], count)
    assert found.within == pytest.approx(float(theirs.withinss.sum()), rel=1e-9)
    np.testing.assert_allclose(np.sort(found.means[:, 0]), np.sort(theirs.centers), rtol=1e-9)


def test_the_order_of_rows_and_of_runs_does_not_matter() -> None:
    rng = np.random.default_rng(7)
    points = rng.random((60, 4))
    order = rng.permutation(60)
    one, other = clusters(points, 4), clusters(points[order], 4)
    np.testing.assert_array_equal(one.of[order], other.of)
    assert one.within == pytest.approx(other.within, rel=1e-12)


def test_tiers_go_by_the_mean_score_and_a_missing_value_has_none() -> None:
    columns = np.array([[0.0, 0], [0, 1], [9, 9], [9, 8], [5, NAN], [5, 5]])
    scores = np.array([1.0, 2, 80, 70, 50, NAN])
    found = tier(scores, Tiering("kmeans", 2, on="indicators"), columns)
    assert found.of.tolist() == [2, 2, 1, 1, 0, 0]
    assert found.clusters is not None
    np.testing.assert_allclose(found.clusters.means, [[9, 8.5], [0, 0.5]])
    # the same columns, the scores the other way round: the tiers as well
    assert tier(-scores, Tiering("kmeans", 2, on="indicators"), columns).of.tolist() == [1, 1, 2, 2, 0, 0]


def test_fewer_different_rows_than_clusters_are_refused() -> None:
    with pytest.raises(InputError, match="2 different rows cannot make 3 clusters") as refused:
        clusters(np.array([[1.0, 2], [1, 2], [2, 2], [NAN, 0]]), 3)
    assert refused.value.hint == "choose fewer tiers"
