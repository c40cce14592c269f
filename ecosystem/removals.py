"""What is removed from a graph, in many variants of it at once, and which rows of matches that takes away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ecosystem.index.arrays import IntArray

NO_CODES: IntArray = np.array([], dtype=np.int64)
"""No node and no link."""


@dataclass(frozen=True, eq=False)
class Members:
    """Pairs of a variant and an entity that is not in it: `variants`, `codes`, sorted by code."""

    variants: IntArray
    codes: IntArray

    @classmethod
    def of(cls, variants: IntArray, codes: IntArray) -> Members:
        """The pairs, in any order."""
        order = np.argsort(codes, kind="stable")
        return cls(variants[order], codes[order])

    @cached_property
    def _distinct(self) -> tuple[IntArray, IntArray, IntArray]:
        """Every entity once, with the place of its first pair and the number of its pairs."""
        return np.unique(self.codes, return_index=True, return_counts=True)

    def among(self, column: IntArray) -> tuple[IntArray, IntArray]:
        """Pairs (variant, row) of the rows of a column that hold one of the variant's entities."""
        distinct, starts, counts = self._distinct
        if not len(distinct) or not len(column):
            return NO_CODES, NO_CODES
        place = np.minimum(np.searchsorted(distinct, column), len(distinct) - 1)
        rows = np.flatnonzero(distinct[place] == column)
        place = place[rows]
        times = counts[place]
        first = np.repeat(starts[place] - np.r_[0, np.cumsum(times)[:-1]], times)
        return self.variants[first + np.arange(len(first))], np.repeat(rows, times)

    def only(self, variant: int) -> IntArray:
        """The entities that one variant is without."""
        return np.asarray(self.codes[self.variants == variant])


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """For each of `count` variants of a graph the nodes and links that are not in it; a node's links go with it."""

    count: int
    nodes: Members
    links: Members

    def of(self, variants: IntArray) -> Removals:
        """Some of the variants (sorted), numbered from 0."""
        return Removals(len(variants), *(_some(members, variants) for members in (self.nodes, self.links)))

    @classmethod
    def each(cls, codes: IntArray) -> Removals:
        """A variant for each node, without that node alone."""
        return cls(len(codes), Members.of(np.arange(len(codes)), codes), Members(NO_CODES, NO_CODES))

    @classmethod
    def together(cls, nodes: IntArray, links: IntArray = NO_CODES) -> Removals:
        """One variant without all of these."""
        together = (Members.of(np.zeros(len(codes), np.int64), np.unique(codes)) for codes in (nodes, links))
        return cls(1, *together)

    @classmethod
    def cumulative(cls, orders: Iterable[IntArray]) -> Removals:
        """For each order of nodes one variant per length: without the first, the first two, and so on."""
        variants, codes, count = [], [], 0
        for order in orders:
            for length in range(1, len(order) + 1):
                variants.append(np.full(length, count))
                codes.append(order[:length])
                count += 1
        whole = [np.concatenate(parts) if parts else NO_CODES for parts in (variants, codes)]
        return cls(count, Members.of(whole[0], whole[1]), Members(NO_CODES, NO_CODES))


def _some(members: Members, variants: IntArray) -> Members:
    kept = np.isin(members.variants, variants)
    return Members(np.searchsorted(variants, members.variants[kept]), members.codes[kept])


def lost_rows(
    nodes: Mapping[str, IntArray], links: Mapping[str, IntArray], removals: Removals, rows: int
) -> tuple[IntArray, IntArray]:
    """Pairs (variant, row), sorted, of the rows in which an entity takes part that the variant is without."""
    pairs = []
    for members, columns in ((removals.nodes, nodes), (removals.links, links)):
        pairs += [members.among(column) for column in columns.values() if len(members.codes)]
    return unique_pairs(pairs, rows)


def unique_pairs(pairs: Iterable[tuple[IntArray, IntArray]], rows: int) -> tuple[IntArray, IntArray]:
    """Pairs (variant, row), each once, sorted; rows count from 0 to `rows` - 1."""
    keys = [variants * max(rows, 1) + at for variants, at in pairs]
    merged = np.unique(np.concatenate(keys)) if keys else NO_CODES
    return merged // max(rows, 1), merged % max(rows, 1)
