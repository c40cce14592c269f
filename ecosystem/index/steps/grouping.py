"""Parts under their parents, and sums up the hierarchy in a fixed order: the same values give the same digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.spec import Index


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Which part belongs to which parent: the 0/1 matrix (part x parent), kept as what a segmented sum needs.

    `order` lists the parts parent by parent, None where they stand so already; `starts` is where each parent begins;
    `parents` is the parent of each part.
    """

    order: IntArray | None
    starts: IntArray
    parents: IntArray

    @property
    def matrix(self) -> FloatArray:
        """The 0/1 matrix, `(parts, parents)`."""
        ones: FloatArray = (self.parents[:, None] == np.arange(len(self.starts))).astype(np.float64)
        return ones

    def parts_of(self, parent: int) -> IntArray:
        """The places of the parts of one parent."""
        return np.flatnonzero(self.parents == parent)


def grouping(parents: Sequence[int], count: int) -> Grouping:
    """The grouping of parts whose parents are at positions `parents` among `count`; every parent needs a part."""
    positions = np.asarray(parents, dtype=np.int64)
    order = np.argsort(positions, kind="stable")
    starts = np.searchsorted(positions[order], np.arange(count))
    if not np.array_equal(np.unique(positions), np.arange(count)):
        raise ValueError("a parent without parts has no sum")
    return Grouping(None if np.array_equal(order, np.arange(len(order))) else order, starts, positions)


def groupings_of(index: Index) -> tuple[Grouping, ...]:
    """The way from the indicators of an index to its top, level by level."""
    groupings = []
    for level in range(1, index.depth):
        position = {parent.code: place for place, parent in enumerate(index.at(level + 1))}
        parents = [position[part.parent] for part in index.at(level) if part.parent is not None]
        groupings.append(grouping(parents, len(position)))
    return tuple(groupings)


def sum_parts(parts: FloatArray, by: Grouping) -> FloatArray:
    """`(..., parts)` summed to `(..., parents)`.

    A segmented sum rather than a product with the 0/1 matrix: BLAS changes the last digits with the number of rows and
    with the machine, and a score must not depend on who else is ranked.
    """
    ordered = parts if by.order is None else parts[..., by.order]
    sums: FloatArray = np.add.reduceat(ordered, by.starts, axis=-1)
    return sums


def sum_levels(parts: FloatArray, groupings: Sequence[Grouping]) -> tuple[FloatArray, ...]:
    """The sums at every level above the parts, from the next one up to the top.

    Additive aggregation of weighted scores: score of a parent = sum of its parts (OECD/JRC 2008, step 6).
    """
    sums: list[FloatArray] = []
    for by in groupings:
        parts = sum_parts(parts, by)
        sums.append(parts)
    return tuple(sums)


def weigh_parts(parts: FloatArray, weights: FloatArray, by: Grouping) -> FloatArray:
    """Weighted sums `(..., regions, parents)` of `(..., regions, parts)`; `weights` are `(..., parts)`."""
    if by.order is not None:
        # put in order what is small, before both are spread over the variants; the digits are the same
        parts, weights = parts.take(by.order, axis=-1), weights.take(by.order, axis=-1)
    sums: FloatArray = np.add.reduceat(parts * weights[..., None, :], by.starts, axis=-1)
    return sums


def weigh_parts_fast(parts: FloatArray, weights: FloatArray, by: Grouping) -> FloatArray:
    """The same as a matrix product: many sets of weights at once, equal to `weigh_parts` but for the last digits."""
    sums: FloatArray = np.matmul(parts, weights[..., :, None] * by.matrix)
    return sums


def count_parts(flags: BoolArray, by: Grouping) -> FloatArray:
    """How many parts of each parent are flagged."""
    return weigh_parts(flags.astype(np.float64), np.ones(flags.shape[-1]), by)
