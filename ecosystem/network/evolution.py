"""A network from window to window: the nodes and edges that enter, leave and persist, in all and by region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.network.multiplex import aligned
from ecosystem.network.network import NOWHERE, Network


@dataclass(frozen=True, slots=True, eq=False)
class Turnover:
    """How many enter, leave and persist from each window to the next, (T - 1,) or by region (T - 1, R)."""

    entered: IntArray
    left: IntArray
    persisted: IntArray

    @property
    def persistence(self) -> FloatArray:
        """Jaccard's index of the two windows: persisted / (entered + left + persisted); NaN where both are empty.

        Reference: Snijders, van de Bunt and Steglich (2010), Introduction to stochastic actor-based models for network
        dynamics, who ask for at least 0.3 before they take two waves for the same network.
        """
        either = (self.entered + self.left + self.persisted).astype(np.float64)
        share: FloatArray = self.persisted / np.where(either > 0, either, np.nan)
        return share


@dataclass(frozen=True, slots=True, eq=False)
class Evolution:
    """What changes between every two consecutive windows of T: row t is the step from `years[t]` to `years[t + 1]`.

    `regions` (R,) are those of all windows; the other four say how many nodes and edges change, in all and by region.
    """

    years: tuple[int, ...]
    regions: tuple[str, ...]
    nodes: Turnover
    edges: Turnover
    nodes_by_region: Turnover
    edges_by_region: Turnover


def evolution(series: Sequence[tuple[int, Network]]) -> Evolution:
    """The nodes and edges that enter, leave and persist between consecutive windows of a network.

    `series` holds the network of each window with the year that names it; it is taken in the order of years. A node
    or an edge enters with the first window that has it after one that has not, and leaves with the first that has it
    no more; one that comes back enters again. An edge counts for each region that one of its ends is in, and once
    where both are; ends with no region count for none. Weights do not count. Directions do, unless a window has none.

    What the windows hold decides what can be seen. Of a network dated as a flow, a window of years holds the links of
    these years alone. Of one dated as a stock, or in windows that all begin with the first year, a window holds
    whatever came before its end: nothing leaves, `left` is 0 throughout, and persistence is the growth of the network
    seen from the other side. Windows that overlap share links, and persist the more for it.
    """
    ordered = sorted(series, key=lambda window: window[0])
    networks = aligned([net for _, net in ordered])
    found = _edge_keys(networks)
    edges = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *found]))
    there = [np.isin(edges, keys, assume_unique=True) for keys in found]
    nodes = networks[0].nodes if networks else ()
    present = [np.isin(nodes, net.nodes, assume_unique=True) for _, net in ordered]
    region = networks[0].region if networks else np.zeros(0, dtype=np.int64)
    regions = networks[0].regions if networks else ()
    one, two = region[edges // max(len(nodes), 1)], region[edges % max(len(nodes), 1)]
    return Evolution(
        tuple(year for year, _ in ordered),
        regions,
        _turnover(present, lambda kept: int(kept.sum()), ()),
        _turnover(there, lambda kept: int(kept.sum()), ()),
        _turnover(present, lambda kept: _in_regions(region[kept], len(regions)), (len(regions),)),
        _turnover(there, lambda kept: _at_ends(one[kept], two[kept], len(regions)), (len(regions),)),
    )


def _edge_keys(networks: Sequence[Network]) -> list[IntArray]:
    """A number for every edge of each network, the same wherever its ends are the same."""
    directed = all(net.directed for net in networks)
    kept = networks if directed else [net.undirected() for net in networks]
    return [net.source * len(net) + net.target for net in kept]


def _turnover(
    there: Sequence[BoolArray], count: Callable[[BoolArray], IntArray | int], size: tuple[int, ...]
) -> Turnover:
    """What enters, leaves and persists where `there` says what each window has, counted into so many numbers."""
    steps = list(pairwise(there))

    def counted(kept: Sequence[BoolArray]) -> IntArray:
        return np.array([count(one) for one in kept], dtype=np.int64).reshape(len(steps), *size)

    return Turnover(
        counted([after & ~before for before, after in steps]),
        counted([before & ~after for before, after in steps]),
        counted([before & after for before, after in steps]),
    )


def _in_regions(region: IntArray, count: int) -> IntArray:
    inside: IntArray = np.bincount(region[region != NOWHERE], minlength=count)
    return inside


def _at_ends(one: IntArray, two: IntArray, count: int) -> IntArray:
    """The edges of every region, those within it once."""
    return _in_regions(one, count) + _in_regions(two[one != two], count)
