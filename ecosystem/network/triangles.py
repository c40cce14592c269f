"""Triangles: every three nodes that are all joined, found without a look at all neighbours of a hub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import BoolArray, IntArray

WEDGES = 1 << 21
"""Pairs of neighbours looked at together: bounds the memory where there are hubs."""

Way = tuple[int, int]
"""From one corner of a triangle to another, each 0, 1 or 2."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The M pairs of nodes that are joined, whatever the directions of their edges, each once.

    `first` and `second` (M,) are their nodes, the one of fewer neighbours first; `pair` (E,) is the pair that each edge
    joins, and `turned` (E,) whether the edge leads from the second to the first. A way is one of the 2 M from a node of
    a pair to the other: that of pair k from first to second is k, and M + k leads back.
    """

    first: IntArray
    second: IntArray
    pair: IntArray
    turned: BoolArray
    rank: IntArray

    @property
    def way(self) -> IntArray:
        """The way of every edge (E,)."""
        way: IntArray = self.pair + np.where(self.turned, len(self.first), 0)
        return way

    @property
    def start(self) -> IntArray:
        """The node that every way (2 M,) starts from."""
        return np.concatenate([self.first, self.second])


def joined_pairs(source: IntArray, target: IntArray, count: int) -> Pairs:
    """The pairs that edges (E,) between so many nodes join; no edge is a self-link."""
    low, high = np.minimum(source, target), np.maximum(source, target)
    alike = np.unique(low * count + high)
    ends = np.concatenate([alike // max(count, 1), alike % max(count, 1)])
    order = np.argsort(np.bincount(ends, minlength=count), kind="stable")
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    one, other = rank[source], rank[target]
    key, pair = np.unique(np.minimum(one, other) * count + np.maximum(one, other), return_inverse=True)
    return Pairs(order[key // max(count, 1)], order[key % max(count, 1)], pair, one > other, rank)


def triangles(pairs: Pairs) -> Iterator[tuple[tuple[IntArray, IntArray, IntArray], dict[Way, IntArray]]]:
    """The triangles, each once, in blocks: their three corners, and the six ways between these.

    Every pair is looked at from the end of fewer neighbours alone, which leaves a hub few pairs of neighbours.
    Reference: Chiba and Nishizeki (1985), Arboricity and subgraph listing algorithms.
    """
    low, high, back = pairs.rank[pairs.first], pairs.rank[pairs.second], len(pairs.first)
    count = len(pairs.rank)
    key = low * count + high
    for one, other in _wedges(np.searchsorted(low, low, side="right")):
        far = high[one] * count + high[other]
        third = np.minimum(np.searchsorted(key, far), len(key) - 1)
        shut = key[third] == far
        x, y, z = one[shut], other[shut], third[shut]
        ways = {(0, 1): x, (1, 0): x + back, (0, 2): y, (2, 0): y + back, (1, 2): z, (2, 1): z + back}
        yield (pairs.first[x], pairs.second[x], pairs.second[y]), ways


def _wedges(end: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Every two pairs of joined nodes with the same first node, in blocks; `end` is where the first node's end."""
    at = np.arange(len(end))
    after = np.concatenate([[0], np.cumsum(end - at - 1)])
    cuts = np.unique(np.searchsorted(after, np.arange(0, after[-1] + WEDGES, WEDGES)).clip(max=len(end)))
    for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        many = np.diff(after[start : stop + 1])
        one = np.repeat(at[start:stop], many)
        offset = np.arange(len(one)) - np.repeat(after[start:stop] - after[start], many)
        yield one, one + 1 + offset
