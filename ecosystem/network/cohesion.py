"""Cohesion: the components of a network, and how far edges gather at few nodes, close triangles, and go both ways."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.network.flows import sent
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The component that every node is `of` (N,), and their `sizes` (C,), largest first; of one size, by first node."""

    of: IntArray
    sizes: IntArray

    @property
    def giant_share(self) -> float:
        """The share of all nodes that are in the largest component; NaN without nodes."""
        return float(self.sizes[0]) / len(self.of) if len(self.of) else float("nan")

    @property
    def giant(self) -> BoolArray:
        """Whether every node (N,) is in the largest component, or in one of several that are as large."""
        giant: BoolArray = self.sizes[self.of] == self.sizes[:1]
        return giant

    @property
    def count(self) -> int:
        """How many components there are."""
        return len(self.sizes)

    @property
    def isolates(self) -> int:
        """How many components are a single node: in weak components, a node without edges to others."""
        return int((self.sizes == 1).sum())


@dataclass(frozen=True, slots=True)
class Centralisation:
    """How far degrees gather at one node: `total` without directions, and that of incoming and of outgoing edges."""

    total: float
    into: float
    out: float


def components(network: Network, *, strong: bool = False) -> Components:
    """The sets of nodes that are joined by paths; directions do not count, unless they are to be `strong`.

    In a strong component every node reaches every other along the directions. Weights do not count. Reference:
    Wasserman and Faust (1994), Social Network Analysis.
    """
    matrix = network.matrix(weighted=False)
    label = connected_components(matrix, directed=network.directed, connection="strong" if strong else "weak")[1]
    return by_size(label)


def by_size(label: npt.NDArray[np.integer[Any]]) -> Components:
    """The sets of nodes that share a label (N,), numbered by size, largest first, and then by their first node."""
    _, first, of, sizes = np.unique(label, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return Components(rank[of], sizes[order].astype(np.int64))


def degree_centralisation(network: Network) -> Centralisation:
    """How far the degrees lie below the greatest: 1 in a star, 0 where all are equal.

    sum over nodes of (d_max - d_i), over the greatest sum that n nodes can have: (n - 1)(n - 2) without directions,
    (n - 1)^2 for incoming and for outgoing edges. Both of these are that of `total` where edges have no direction. In
    `total` both ways between two nodes are one; sna counts them as two, and igraph, unless told otherwise, allows for
    self-links in the divisor. Weights do not count. NaN where the divisor is 0. Reference: Freeman (1978), Centrality
    in social networks.
    """
    both, n = network.undirected(), len(network)
    ends = np.concatenate([both.source, both.target])
    total = _gathered(np.bincount(ends, minlength=n), (n - 1) * (n - 2))
    if not network.directed:
        return Centralisation(total, total, total)
    into, out = (np.bincount(end, minlength=n) for end in (network.target, network.source))
    return Centralisation(total, _gathered(into, (n - 1) ** 2), _gathered(out, (n - 1) ** 2))


def _gathered(degree: IntArray, most: int) -> float:
    return float((degree.max() - degree).sum()) / most if len(degree) and most > 0 else float("nan")


def density(network: Network) -> float:
    """The share of all pairs of nodes that are joined; with directions of all ordered pairs. NaN for one node or none.

    Weights do not count; nodes with no region do. In a network of two kinds of nodes, too, all pairs are counted, those
    of one kind that no edge can join among them. Reference: Wasserman and Faust (1994), Social Network Analysis.
    """
    pairs = len(network) * (len(network) - 1) / (1 if network.directed else 2)
    return len(network.weight) / pairs if pairs else float("nan")


def block_densities(network: Network) -> FloatArray:
    """The density of the edges from every region to every region (R, R); symmetric without directions.

    NaN where there is no pair: within a region of one node. Weights do not count. Reference: Wasserman and Faust
    (1994).
    """
    ones = sent(network, weighted=False)
    sizes = np.bincount(network.region[network.located], minlength=len(network.regions)).astype(np.float64)
    # both ways of an edge stand in the diagonal, as both orders of a pair do
    pairs = np.outer(sizes, sizes) - np.diag(sizes)
    return np.divide(ones, pairs, out=np.full_like(ones, np.nan), where=pairs > 0)


def transitivity(network: Network) -> float:
    """The global clustering: the share of paths of two edges, i - j - k, whose ends are joined; 0 to 1.

    Three times the triangles over these paths. Neither weights nor directions count, as in igraph; gtrans of sna
    follows directions: what it asks of i -> j -> k is i -> k. NaN where there is no such path. Reference: Newman,
    Strogatz and Watts (2001), Random graphs with arbitrary degree distributions.
    """
    return float(network.undirected().to_igraph().transitivity_undirected(mode="nan"))


def local_clustering(network: Network) -> FloatArray:
    """The share of the pairs of every node's neighbours that are joined (N,), 0 to 1.

    Neither weights nor directions count: of a network with directions networkx has another number (Fagiolo 2007). NaN
    for a node with fewer than two neighbours, where networkx has 0. Reference: Watts and Strogatz (1998), Collective
    dynamics of small-world networks.
    """
    graph = network.undirected().to_igraph()
    return np.array(graph.transitivity_local_undirected(mode="nan"), dtype=np.float64)


def mean_clustering(network: Network) -> float:
    """The mean of `local_clustering` over the nodes that have two neighbours or more; NaN where there is none.

    This is the average of igraph; networkx counts all other nodes as 0.
    """
    local = local_clustering(network)
    defined = local[~np.isnan(local)]
    return float(defined.mean()) if len(defined) else float("nan")


def reciprocity(network: Network) -> float:
    """The share of directed edges whose opposite is there too; 0 to 1.

    Weights do not count. This is the default of igraph and the measure `edgewise` of sna, whose default is the share of
    pairs that are joined both ways or not at all. NaN where edges have no direction, or there is none. Reference:
    Newman, Forrest and Balthrop (2002), Email networks and the spread of computer viruses.
    """
    if not network.directed or not len(network.source):
        return float("nan")
    count = len(network)
    there, back = network.source * count + network.target, network.target * count + network.source
    return float(np.isin(there, back).mean())


def core_numbers(network: Network) -> FloatArray:
    """The largest k (N,) for which the node is in the k-core, the nodes with k neighbours or more among themselves.

    Neither weights nor directions count: edges both ways are one, where igraph, networkx and sna count two in a network
    with directions. 0 for an isolate. Reference: Seidman (1983), Network structure and minimum degree.
    """
    return np.array(network.undirected().to_igraph().coreness(), dtype=np.float64)


_NOBODY = tr_later("there is no organisation")
_FEW = tr_later("there are fewer than three organisations")
MEASURES = (
    Measure(
        "core_number", "node", tr_later("k-core"),
        tr_later("the largest k for which it is among organisations that each have k neighbours or more among them; "
                 "edges both ways are one, where igraph and sna count two"),
        core_numbers, "Seidman 1983", weights=False,
    ),
    Measure(
        "clustering", "node", tr_later("clustering coefficient"),
        tr_later("the share of the pairs of its neighbours that are joined, whatever the directions"),
        local_clustering, "Watts and Strogatz 1998", tr_later("it has fewer than two neighbours"), weights=False,
    ),
    Measure(
        "density", "network", tr_later("density"),
        tr_later("edges / all pairs of organisations, whatever their kind; with directions, ordered pairs"),
        density, "Wasserman and Faust 1994", tr_later("there are fewer than two organisations"), weights=False,
        directions=True,
    ),
    Measure(
        "components", "network", tr_later("components"),
        tr_later("the number of sets of organisations that paths join, an isolate being one"),
        components, "Wasserman and Faust 1994", weights=False, part=attrgetter("count"),
    ),
    Measure(
        "giant_share", "network", tr_later("share of the giant component"),
        tr_later("the share of all organisations that are in the largest component"),
        components, "Wasserman and Faust 1994", _NOBODY, weights=False, part=attrgetter("giant_share"),
    ),
    Measure(
        "degree_centralisation", "network", tr_later("degree centralisation"),
        tr_later("Σ (d_max − d_i) / (n − 1)(n − 2): 1 in a star, 0 where all have as many neighbours; the default of "
                 "igraph allows for self-links in the divisor"),
        degree_centralisation, "Freeman 1978", _FEW, weights=False, part=attrgetter("total"),
    ),
    Measure(
        "in_centralisation", "network", tr_later("in-degree centralisation"),
        tr_later("Σ (d_max − d_i) / (n − 1)²: d the edges that come in; degree centralisation without directions"),
        degree_centralisation, "Freeman 1978", _FEW, weights=False, directions=True, part=attrgetter("into"),
    ),
    Measure(
        "out_centralisation", "network", tr_later("out-degree centralisation"),
        tr_later("Σ (d_max − d_i) / (n − 1)²: d the edges that go out; degree centralisation without directions"),
        degree_centralisation, "Freeman 1978", _FEW, weights=False, directions=True, part=attrgetter("out"),
    ),
    Measure(
        "transitivity", "network", tr_later("global clustering"),
        tr_later("3 triangles / paths of two edges: the share of these whose ends are joined, whatever the directions"),
        transitivity, "Newman, Strogatz and Watts 2001", tr_later("there is no path of two edges"), weights=False,
    ),
    Measure(
        "mean_clustering", "network", tr_later("mean local clustering"),
        tr_later("the mean clustering coefficient of the organisations with two neighbours or more; networkx counts "
                 "the others as 0"),
        mean_clustering, "Watts and Strogatz 1998", tr_later("there is no path of two edges"), weights=False,
    ),
    Measure(
        "reciprocity", "network", tr_later("reciprocity"),
        tr_later("the share of the edges whose opposite is there too; edgewise in sna, whose default counts pairs"),
        reciprocity, "Newman, Forrest and Balthrop 2002", tr_later("edges have no direction, or there is none"),
        weights=False, directions=True,
    ),
)  # fmt: skip
"""What is measured of cohesion."""
