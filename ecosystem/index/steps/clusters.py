"""Regions put into clusters over several columns: k-means from many starts, the same on every run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr

STARTS = 200
"""How often k-means begins anew; the best of the starts counts."""

SEED = 0
"""Of the random starts."""

_STEPS = 100
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """The cluster of every row `(R,)`, from 0, -1 for a row with a missing value; `means` `(count, C)` of each.

    `within` is the sum of the squared distances of the rows to the mean of their cluster, `total` to that of all;
    `found` says how many of the starts led to it.
    """

    of: IntArray
    means: FloatArray
    within: float
    total: float
    found: int

    @property
    def explained(self) -> float:
        """The share of the squared distances that is between clusters, 0 to 1."""
        return 1 - self.within / self.total


def clusters(points: FloatArray, count: int) -> Clusters:
    """The rows of points `(R, C)` in `count` clusters with the least squares within them that STARTS starts find.

    Lloyd's k-means (1982) from the starts of k-means++ (Arthur and Vassilvitskii 2007). It is a search: that no
    partition is better is certain for one column alone, which `natural_breaks` solves. The order of the rows does not
    matter, nor that of runs. InputError where there are fewer different rows than clusters.
    """
    own = np.ascontiguousarray(points, dtype=np.float64)
    return _searched(own.tobytes(), own.shape, count)


@lru_cache(maxsize=4)
def _searched(content: bytes, shape: tuple[int, int], count: int) -> Clusters:
    """The clusters of an array by its content: the table, the notes and the means of one run ask for the same."""
    points = np.frombuffer(content, dtype=np.float64).reshape(shape)
    whole = ~np.isnan(points).any(axis=1)
    rows = points[whole]
    different = len(np.unique(rows, axis=0))
    if different < count:
        raise InputError(
            tr("{different} different rows cannot make {count} clusters", different=different, count=count),
            hint=tr("choose fewer tiers"),
        )
    order = np.lexsort(rows.T[::-1])
    rows = rows[order]
    found = [labels for start in range(STARTS) if (labels := _one_start(rows, count, start)) is not None]
    if not found:
        raise InputError(
            tr("no start gave {count} clusters that all have a row", count=count), hint=tr("choose fewer tiers")
        )
    squares = np.array([_squares(rows, labels, count) for labels in found])
    best = int(squares.argmin())
    labels = np.empty(len(rows), dtype=np.int64)
    labels[order] = found[best]
    of = np.full(len(points), -1, dtype=np.int64)
    of[whole] = labels
    total = float(((rows - rows.mean(axis=0)) ** 2).sum())
    same = int((squares <= squares[best] + _EQUAL * total).sum())
    return Clusters(of, _means(points[whole], labels, count), float(squares[best]), total, same)


def _one_start(rows: FloatArray, count: int, start: int) -> IntArray | None:
    """The clusters that one start leads to, None where one of them loses all its rows on the way."""
    from scipy.cluster.vq import ClusterError, kmeans2

    try:
        _, labels = kmeans2(
            rows, count, iter=_STEPS, minit="++", missing="raise", rng=np.random.default_rng((SEED, start))
        )
    except ClusterError:
        return None
    if len(np.unique(labels)) < count:
        return None
    return np.asarray(labels, dtype=np.int64)


def _means(rows: FloatArray, labels: IntArray, count: int) -> FloatArray:
    sums = np.zeros((count, rows.shape[1]))
    np.add.at(sums, labels, rows)
    means: FloatArray = sums / np.bincount(labels, minlength=count)[:, None]
    return means


def _squares(rows: FloatArray, labels: IntArray, count: int) -> float:
    return float(((rows - _means(rows, labels, count)[labels]) ** 2).sum())
