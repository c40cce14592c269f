"""Brokerage roles: whom an organisation connects that are not connected themselves, by the regions of the three."""

from __future__ import annotations

from collections.abc import Callable
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
from ecosystem.network.triangles import joined_pairs, triangles

ROLES = ("coordinator", "consultant", "representative", "gatekeeper", "liaison")
"""The columns of `Roles.counts`."""

COORDINATOR, CONSULTANT, REPRESENTATIVE, GATEKEEPER, LIAISON = range(len(ROLES))


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
    representative one way and a gatekeeper the other is one gatekeeper; the program sna for R counts both orders of a
    pair, hence twice as many coordinators, consultants and liaisons. Its columns w_I, w_O, b_IO, b_OI and b_O are these
    five in this order, whatever its manuals before 2.5 say of the two in the middle; netrics 0.3.1 for R has the names
    gatekeeper and representative exchanged. Weights do not count. A node with no region has, and is passed over in, all
    roles: 0. Reference: Gould and Fernandez (1989), Structures of mediation.
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
    row, column = edges.tocoo().coords
    pairs = joined_pairs(row.astype(np.int64), column.astype(np.int64), len(region))
    there = np.zeros(2 * len(pairs.first), dtype=bool)
    there[pairs.way] = True
    for corners, ways in triangles(pairs):
        edge = {way: there[place] for way, place in ways.items()}
        for a, b, c in permutations(range(3)):
            closed = edge[a, b] & edge[b, c] & edge[a, c]
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
    "coordinator": tr_later(
        "open paths a → b → c with all three in the region of b (A → A → A); undirected, a pair once, where sna counts "
        "both orders"
    ),
    "consultant": tr_later(
        "open paths a → b → c with a and c in one region, b in another (A → B → A); undirected, a pair once, where sna "
        "counts both orders"
    ),
    "representative": tr_later(
        "open paths a → b → c that lead out of the region of b (A → A → B): b_IO in sna; 0 undirected"
    ),
    "gatekeeper": tr_later(
        "open paths a → b → c that lead into the region of b (A → B → B): b_OI in sna; both ways undirected"
    ),
    "liaison": tr_later(
        "open paths a → b → c through three regions (A → B → C); undirected, a pair once, where sna counts both orders"
    ),
}
MEASURES = (*_measures("node", attrgetter("counts")), *_measures("region", Roles.by_region))
"""The roles of organisations, and of the organisations of a region."""
