"""Brokerage roles: whom an organisation connects that are not connected themselves, by the regions of the three."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import permutations
from operator import attrgetter

import numpy as np
from scipy.sparse import coo_array, csr_array

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.network.measure import Measure, Of
from ecosystem.network.network import NOWHERE, Network

ROLES = ("coordinator", "consultant", "representative", "gatekeeper", "liaison")
"""The columns of `Roles.counts`."""

COORDINATOR, CONSULTANT, REPRESENTATIVE, GATEKEEPER, LIAISON = range(len(ROLES))
WEDGES = 1 << 21
"""Pairs of neighbours looked at together: bounds the memory where there are hubs."""


@dataclass(frozen=True, slots=True, eq=False)
class Roles:
    """How often every node plays each role (N, 5), its region (N,), and the ids of the regions (R,).

    `folded` says that the edges have no direction, so that a gatekeeper and a representative are the same: their
    pairs stand under gatekeeper, and representative is 0.
    """

    counts: IntArray
    region: IntArray
    regions: tuple[str, ...]
    folded: bool

    def by_region(self) -> IntArray:
        """The counts of the brokers of every region, added up (R, 5)."""
        summed = np.zeros((len(self.regions), len(ROLES)), dtype=np.int64)
        located = self.region != NOWHERE
        np.add.at(summed, self.region[located], self.counts[located])
        return summed


def roles(network: Network) -> Roles:
    """How often every node brokers between two others in each of the five roles.

    Broker b is counted for every open path a -> b -> c: a is not c, there is no edge a -> c (an edge c -> a does not
    close it), and all three have a region. With the regions written as letters, the path is that of a

    - coordinator, A -> A -> A: all in one region;
    - consultant (itinerant broker), A -> B -> A: a and c in one region, b in another;
    - representative, A -> A -> B: b passes on from its own region;
    - gatekeeper, A -> B -> B: b lets into its own region;
    - liaison, A -> B -> C: all in different regions.

    Without directions each unordered pair of neighbours that are not joined is counted once, and what would be a
    representative one way and a gatekeeper the other is one gatekeeper. Weights do not count. A node with no region
    has, and is passed over in, all roles: 0. Reference: Gould and Fernandez (1989), Structures of mediation.
    """
    edges = _located_ones(network)
    counts = _two_paths(edges, network) - _closed(edges, network.region)
    if not network.directed:
        # every unordered pair was met both ways; the two ways of a gatekeeper fell into two columns
        counts[:, [COORDINATOR, CONSULTANT, LIAISON]] //= 2
        counts[:, REPRESENTATIVE] = 0
    return Roles(counts, network.region, network.regions, not network.directed)


@dataclass(frozen=True, slots=True, eq=False)
class Gatekeeping:
    """How much each region (R,) depends on its gatekeepers.

    `gatekeepers` is the number of its organisations that are one; `half` the fewest of them, the busiest first, that
    together play half of its gatekeeping: so many can leave, and half of it is lost. 0 where nobody lets in.
    """

    gatekeepers: IntArray
    half: IntArray


def gatekeeping(found: Roles) -> Gatekeeping:
    """How many organisations of every region are gatekeepers, and how few of them half of it rests on."""
    counts = found.counts[:, GATEKEEPER]
    active = np.flatnonzero((counts > 0) & (found.region != NOWHERE))
    order = active[np.lexsort((-counts[active], found.region[active]))]
    region = found.region[order]
    size = np.bincount(region, minlength=len(found.regions))
    first = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)
    running = np.concatenate([[0], np.cumsum(counts[order])])
    total = running[first + size] - running[first]
    before = running[np.arange(len(order))] - running[first][region]
    # those that are needed: what stands before them is less than half
    needed = np.bincount(region[2 * before < total[region]], minlength=len(found.regions))
    return Gatekeeping(size.astype(np.int64), needed.astype(np.int64))


def _located_ones(network: Network) -> csr_array[np.int64]:
    """Ones (N, N) where there is an edge between two nodes that have a region."""
    adjacency = network.matrix(weighted=False).tocoo()
    row, column = adjacency.coords
    kept = network.located[row] & network.located[column]
    ones = np.ones(int(kept.sum()), dtype=np.int64)
    return coo_array((ones, (row[kept], column[kept])), shape=adjacency.shape).tocsr()


def _two_paths(edges: csr_array[np.int64], network: Network) -> IntArray:
    """All paths a -> b -> c with a not c, open or closed, by broker and role (N, 5)."""
    count = len(network)
    places = np.flatnonzero(network.located)
    own = (places, network.region[places])
    member = coo_array((np.ones(len(places), dtype=np.int64), own), shape=(count, len(network.regions))).tocsr()
    into, out = (edges.T @ member).tocsr(), (edges @ member).tocsr()
    home_in, home_out = _sums(into * member), _sums(out * member)
    all_in, all_out, alike = _sums(into), _sums(out), _sums(into * out)
    mutual = (edges * edges.T).tocsr()  # a = c: there and back
    back, back_home = _sums(mutual), _sums((mutual @ member) * member)
    made = np.zeros((count, len(ROLES)), dtype=np.int64)
    made[:, COORDINATOR] = home_in * home_out - back_home
    made[:, CONSULTANT] = alike - home_in * home_out - (back - back_home)
    made[:, REPRESENTATIVE] = home_in * (all_out - home_out)
    made[:, GATEKEEPER] = (all_in - home_in) * home_out
    made[:, LIAISON] = (all_in - home_in) * (all_out - home_out) - (alike - home_in * home_out)
    return made


def _sums(matrix: csr_array[np.int64]) -> IntArray:
    summed: IntArray = np.asarray(matrix.sum(axis=1), dtype=np.int64).ravel()
    return summed


def _closed(edges: csr_array[np.int64], region: IntArray) -> IntArray:
    """The paths a -> b -> c that an edge a -> c closes, by broker and role (N, 5)."""
    made = np.zeros(len(region) * len(ROLES), dtype=np.int64)
    for corners, ways in _triangles(edges):
        for a, b, c in permutations(range(3)):
            closed = ways[a, b] & ways[b, c] & ways[a, c]
            broker = corners[b][closed]
            role = _role(region[corners[a][closed]], region[broker], region[corners[c][closed]])
            made += np.bincount(broker * len(ROLES) + role, minlength=len(made))
    return made.reshape(len(region), len(ROLES))


def _role(a: IntArray, b: IntArray, c: IntArray) -> IntArray:
    """The role of every broker in region b between regions a and c."""
    found: IntArray = np.select(
        [(a == b) & (b == c), a == c, a == b, b == c],
        [COORDINATOR, CONSULTANT, REPRESENTATIVE, GATEKEEPER],
        LIAISON,
    )
    return found


def _triangles(
    edges: csr_array[np.int64],
) -> Iterator[tuple[tuple[IntArray, IntArray, IntArray], dict[tuple[int, int], np.ndarray]]]:
    """The triangles, each once whatever the directions of its edges, in blocks: three corners, and which edges exist.

    Every pair of joined nodes is looked at from the end of lower degree alone, which leaves a hub few pairs of
    neighbours (Chiba and Nishizeki 1985).
    """
    joined = (edges + edges.T).tocsr()
    count = joined.shape[0]
    order = np.argsort(np.diff(joined.indptr), kind="stable")
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    row, column = edges.tocoo().coords
    first, second = rank[row], rank[column]
    key = np.minimum(first, second) * count + np.maximum(first, second)
    pairs, place = np.unique(key, return_inverse=True)
    up, down = np.zeros(len(pairs), dtype=bool), np.zeros(len(pairs), dtype=bool)
    up[place[first < second]], down[place[first > second]] = True, True
    low, high = pairs // max(count, 1), pairs % max(count, 1)
    end = np.searchsorted(low, low, side="right")
    for one, other in _wedges(end):
        far = high[one] * count + high[other]
        third = np.minimum(np.searchsorted(pairs, far), len(pairs) - 1)
        shut = pairs[third] == far
        x, y, z = one[shut], other[shut], third[shut]
        ways = {(0, 1): up[x], (1, 0): down[x], (0, 2): up[y], (2, 0): down[y], (1, 2): up[z], (2, 1): down[z]}
        yield (order[low[x]], order[high[x]], order[high[y]]), ways


def _wedges(end: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Every two pairs of joined nodes with the same lower node, in blocks; `end` is where the lower node's end."""
    at = np.arange(len(end))
    after = np.concatenate([[0], np.cumsum(end - at - 1)])
    cuts = np.unique(np.searchsorted(after, np.arange(0, after[-1] + WEDGES, WEDGES)).clip(max=len(end)))
    for start, stop in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        many = np.diff(after[start : stop + 1])
        one = np.repeat(at[start:stop], many)
        offset = np.arange(len(one)) - np.repeat(after[start:stop] - after[start], many)
        yield one, one + 1 + offset


def _measures(of: Of, counts: Callable[[Roles], IntArray]) -> tuple[Measure, ...]:
    """A record for each role, of organisations or of the regions they are in."""
    return tuple(
        Measure(
            role, of, _TITLES[role], _MEANINGS[role], roles, "Gould and Fernandez 1989", weights=False, directions=True,
            part=partial(_column, counts, at), family="roles",
        )
        for at, role in enumerate(ROLES)
    )  # fmt: skip


def _column(counts: Callable[[Roles], IntArray], at: int, found: Roles) -> FloatArray:
    return counts(found)[:, at].astype(np.float64)


_TITLES = {
    "coordinator": tr_later("coordinator"),
    "consultant": tr_later("consultant"),
    "representative": tr_later("representative"),
    "gatekeeper": tr_later("gatekeeper"),
    "liaison": tr_later("liaison"),
}
_MEANINGS = {
    "coordinator": tr_later("open paths a → b → c with all three in the region of b (A → A → A)"),
    "consultant": tr_later("open paths a → b → c with a and c in one region, b in another (A → B → A)"),
    "representative": tr_later("open paths a → b → c that lead out of the region of b (A → A → B); 0 undirected"),
    "gatekeeper": tr_later("open paths a → b → c that lead into the region of b (A → B → B); both ways undirected"),
    "liaison": tr_later("open paths a → b → c through three regions (A → B → C)"),
}
MEASURES = (*_measures("node", attrgetter("counts")), *_measures("region", Roles.by_region))
"""The roles of organisations, and of the organisations of a region."""
