"""Which nodes each row names: numbers of nodes, row by row, in one array."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ecosystem.imports.columns import Codes, row_numbers


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of numbers for each row: `counts` says how long each is, `items` has them one behind the other."""

    counts: Codes
    items: Codes

    @property
    def rows(self) -> Codes:
        """The row of each item."""
        return np.repeat(row_numbers(len(self.counts)), self.counts)

    @property
    def one_each(self) -> bool:
        """Whether every list has one item."""
        return bool((self.counts == 1).all())

    @property
    def starts(self) -> Codes:
        """Where the list of each row begins."""
        return np.cumsum(self.counts) - self.counts

    def of(self, codes: Codes) -> Lists:
        """The lists of other rows, each of which has the list number `codes`; none where that is below 0."""
        if self.one_each and codes.min(initial=0) >= 0:
            return Lists(np.ones(len(codes), self.counts.dtype), self.items[codes])
        counts = np.append(self.counts, self.counts.dtype.type(0))[codes]
        within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        return Lists(counts, self.items[np.repeat(np.append(self.starts, 0)[codes], counts) + within])

    def only(self, rows: npt.NDArray[np.bool_]) -> Lists:
        """The lists, empty but for these rows."""
        if rows.all():
            return self
        return Lists(np.where(rows, self.counts, 0), self.items[np.repeat(rows, self.counts)])

    def distinct(self) -> Lists:
        """The lists without what they have already."""
        if self.counts.max(initial=0) <= 1:
            return self
        rows = self.rows
        keys = rows.astype(np.int64) * (int(self.items.max()) + 1) + self.items
        _, firsts = np.unique(keys, return_index=True)
        firsts.sort()
        return Lists(np.bincount(rows[firsts], minlength=len(self.counts)), self.items[firsts])

    def pairs(self, ranks: Codes) -> tuple[Codes, Codes, Codes]:
        """Every two items of each list, each two once: rows, the item of the smaller rank, that of the larger."""
        rows = self.rows
        order = np.lexsort((ranks[self.items], rows))
        items, starts = self.items[order], self.starts
        found: list[tuple[Codes, Codes, Codes]] = []
        for size in np.unique(self.counts[self.counts > 1]).tolist():
            of = np.flatnonzero(self.counts == size)
            one, other = np.triu_indices(size, 1)
            places = starts[of][:, None]
            found.append((np.repeat(of, len(one)), items[places + one].ravel(), items[places + other].ravel()))
        if not found:
            return (np.zeros(0, np.int64),) * 3
        of, one, other = (np.concatenate(each) for each in zip(*found, strict=True))
        order = np.argsort(of, kind="stable")
        return of[order], one[order], other[order]

    def product(self, others: Lists) -> tuple[Codes, Codes, Codes]:
        """Every item of each list with every item of the other list of its row: rows, items, items of `others`."""
        if self.one_each and others.one_each:
            return row_numbers(len(self.counts)), self.items, others.items
        counts = self.counts * others.counts
        rows = np.repeat(row_numbers(len(counts)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        width = np.maximum(others.counts, 1)[rows]
        one = self.items[self.starts[rows] + within // width]
        return rows, one, others.items[others.starts[rows] + within % width]


def lists(each: Sequence[Sequence[int]]) -> Lists:
    """The lists as arrays."""
    counts = np.fromiter(map(len, each), np.int32, len(each))
    return Lists(counts, np.fromiter((item for one in each for item in one), np.int32, int(counts.sum())))


def joined(several: Sequence[Lists]) -> Lists:
    """The lists of each row one behind the other, in the order given, without what is there already."""
    if len(several) == 1:
        return several[0]
    rows = np.concatenate([one.rows for one in several])
    items = np.concatenate([one.items for one in several])
    order = np.argsort(rows, kind="stable")
    return Lists(sum((one.counts for one in several[1:]), several[0].counts), items[order]).distinct()


@dataclass(frozen=True, slots=True)
class RowNodes:
    """The nodes that each row names, by their numbers in the graph, and why a row is in quarantine."""

    nodes: Lists
    faults: Mapping[int, str] = field(default_factory=dict)
