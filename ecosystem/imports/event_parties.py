"""The parties of events that stand in several rows, and the links among them: every two parties of an event once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ecosystem.imports.columns import Codes, first_rows
from ecosystem.imports.row_nodes import Lists

MOST_PARTIES = 2_000
"""How many parties an event may have: they are joined with each other, and 2,000 make two million links."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Links among parties: of each the nodes, the row that names the one first, and the row of the other."""

    sources: Codes
    targets: Codes
    rows: Codes
    others: Codes


@dataclass(frozen=True, slots=True)
class Parties:
    """Who takes part in which event: numbers of nodes and events, and the row that names each, in the order of rows."""

    nodes: Codes
    events: Codes
    rows: Codes

    def distinct(self) -> Parties:
        """Each node once in an event, with the first row that names it."""
        keys = self.events * (int(self.nodes.max(initial=0)) + 1) + self.nodes
        _, firsts = np.unique(keys, return_index=True)
        return self.only(np.sort(firsts))

    def only(self, kept: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Parties:
        """Some of the parties."""
        return Parties(self.nodes[kept], self.events[kept], self.rows[kept])

    def crowded(self) -> dict[int, int]:
        """The events with more parties than are joined, and how many these are; each node stands there once."""
        counts = np.bincount(self.events)
        return {int(event): int(counts[event]) for event in np.flatnonzero(counts > MOST_PARTIES)}

    def pairs(self, ranks: Codes) -> Pairs:
        """Every two parties of each event; the node of the smaller rank is the source. In the order of rows."""
        order = np.argsort(self.events, kind="stable")
        _, one, other = Lists(np.bincount(self.events), order).pairs(ranks[self.nodes])
        rows = np.minimum(self.rows[one], self.rows[other])
        others = np.maximum(self.rows[one], self.rows[other])
        order = np.lexsort((others, rows))
        one, other = one[order], other[order]
        return Pairs(self.nodes[one], self.nodes[other], rows[order], others[order])


def of_events(
    codes: Codes, filled: npt.NDArray[np.bool_], rows: Codes, events: Codes, count: int
) -> tuple[Codes, Codes]:
    """What the rows of each of `count` events say of a property: the first code that is filled, and rows that differ.

    `codes` has the number of what each row says, `filled` whether a number stands for a value. An event without a value
    has the code of its first row.
    """
    said = np.zeros(count, np.int64)
    said[events[::-1]] = codes[rows[::-1]]
    told = filled[codes[rows]]
    if told.any():
        known = np.unique(events[told])
        said[known] = codes[rows[told]][first_rows(np.searchsorted(known, events[told]), len(known))]
    return said, rows[told & (codes[rows] != said[events])]
