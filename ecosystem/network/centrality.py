"""Centrality of every node by its edges: degree, strength, and the weight of the nodes it is joined to."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.network.cohesion import components
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network

DAMPING = 0.85
"""The chance that the walker of PageRank follows an edge, that of Brin and Page."""
DENSE = 100
"""Nodes up to which an eigenvector is that of the full matrix."""
ROUNDS = 1_000
"""Rounds after which the search for an eigenvector is given up."""


@dataclass(frozen=True, slots=True, eq=False)
class Degrees:
    """The number of edges at every node (N,): all, those that come in, and those that go out.

    All three are the same where edges have no direction; elsewhere two nodes joined both ways have two edges.
    """

    total: FloatArray
    into: FloatArray
    out: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Strengths:
    """The weight of the edges at every node (N,): all, in and out as for `Degrees`, and by where the other end is.

    `internal` is the part of `total` to nodes of its own region, `external` that to nodes of others; an edge to a node
    with no region is in neither. Both are NaN for a node with no region.
    """

    total: FloatArray
    into: FloatArray
    out: FloatArray
    internal: FloatArray
    external: FloatArray


def degrees(network: Network) -> Degrees:
    """The number of edges at every node, in, out and in all; weights do not count, directions do. 0 for an isolate.

    Reference: Freeman (1978), Centrality in social networks: conceptual clarification.
    """
    ones = np.ones(len(network.source))
    return Degrees(*_by_way(network, ones))


def strengths(network: Network) -> Strengths:
    """The weight of the edges at every node, in, out, in all, and within and beyond its region; 0 for an isolate.

    Weights count, and for in and out directions. Reference: Barrat, Barthelemy, Pastor-Satorras and Vespignani (2004),
    The architecture of complex weighted networks.
    """
    start, end = network.region[network.source], network.region[network.target]
    known = network.located[network.source] & network.located[network.target]
    inner = _at_both_ends(network, np.where(known & (start == end), network.weight, 0.0))
    outer = _at_both_ends(network, np.where(known & (start != end), network.weight, 0.0))
    own = (np.where(network.located, part, np.nan) for part in (inner, outer))
    return Strengths(*_by_way(network, network.weight), *own)


def eigenvector(network: Network) -> FloatArray:
    """The eigenvector centrality of the nodes of the giant component (N,), the greatest 1; NaN for all others.

    x_i = sum over neighbours j of w_ij x_j / lambda, lambda the largest eigenvalue of the weights: a node is central
    when those that it is joined to are. Weights count; directions do not, both ways being added up, since where edges
    run one way without circles no such x exists. The program igraph has the greatest 1, too, where networkx and sna
    scale the vector to the length 1; along directions these are other numbers. The giant component is that of most
    nodes, and where several are the largest each has its own, greatest 1: the eigenvector of a component has no scale
    in common with another's. NaN for all where
    there is no edge, and where the iteration does not settle: in a chain of thousands of nodes, whose first eigenvalues
    hardly differ. Reference: Bonacich (1972), Factoring and weighting approaches to status scores and clique
    identification.
    """
    found = np.full(len(network), np.nan)
    if not len(network.source):
        return found
    parts, both = components(network), network.undirected()
    # components stand largest first, so that a row is one of the largest
    largest = np.argsort(parts.of, kind="stable")[: int(parts.giant.sum())].reshape(-1, int(parts.sizes[0]))
    try:
        # the iteration needs fewer vectors than there are nodes, and pays from some tens on
        first = _whole(both, largest) if largest.shape[1] <= DENSE else _iterated(both, largest)
    except ArpackNoConvergence:
        return found
    found[largest] = np.abs(first) / np.abs(first).max(axis=1, keepdims=True)
    return found


def _whole(both: Network, parts: IntArray) -> FloatArray:
    """The first eigenvector of each of k components of n nodes (k, n), from its full matrix of weights."""
    count, size = parts.shape
    place = np.full(len(both), -1)
    place[parts.ravel()] = np.arange(parts.size)
    inside = place[both.source] >= 0
    one, two, weight = place[both.source[inside]], place[both.target[inside]], both.weight[inside]
    full = np.zeros((count, size, size))
    full[one // size, one % size, two % size] = weight
    full[one // size, two % size, one % size] = weight
    vectors: FloatArray = np.linalg.eigh(full)[1][:, :, -1]
    return vectors


def _iterated(both: Network, parts: IntArray) -> FloatArray:
    """The same by Lanczos' method, which starts from the strengths of the nodes."""
    weights, vectors = both.matrix(), np.zeros(parts.shape)
    for at, nodes in enumerate(parts):
        own = weights[nodes][:, nodes]
        start = np.asarray(own.sum(axis=1), dtype=np.float64).ravel()
        vectors[at] = eigsh(own, k=1, which="LA", v0=start, maxiter=ROUNDS)[1][:, 0]
    return vectors


def pagerank(network: Network) -> FloatArray:
    """PageRank with a damping of 0.85 (N,): the share of time that a random walker spends at every node; the sum is 1.

    The walker follows an edge out of its node, in proportion to weights, with the chance 0.85, and otherwise, or
    where none goes out, starts again at any node. Weights and directions count; an edge without direction is followed
    both ways. Empty without nodes. Reference: Brin and Page (1998), The anatomy of a large-scale hypertextual Web
    search engine.
    """
    graph = network.to_igraph()
    # igraph takes no empty list of weights
    weights = "weight" if len(network.source) else None
    return np.array(graph.pagerank(damping=DAMPING, weights=weights), dtype=np.float64)


def _by_way(network: Network, weight: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The weights at every node: of all edges, of those that come in, and of those that go out."""
    total = _at_both_ends(network, weight)
    if not network.directed:
        return total, total, total
    return total, _summed(network.target, weight, len(network)), _summed(network.source, weight, len(network))


def _at_both_ends(network: Network, weight: FloatArray) -> FloatArray:
    return _summed(network.source, weight, len(network)) + _summed(network.target, weight, len(network))


def _summed(at: IntArray, weight: FloatArray, count: int) -> FloatArray:
    # without edges bincount gives integers
    summed: FloatArray = np.bincount(at, weight, minlength=count).astype(np.float64)
    return summed


MEASURES = (
    Measure(
        "degree", "node", tr_later("degree"),
        tr_later("the number of its edges; with directions, those in and those out"),
        degrees, "Freeman 1978", weights=False, part=attrgetter("total"),
    ),
    Measure(
        "in_degree", "node", tr_later("in-degree"),
        tr_later("the number of edges that come in; all its edges where they have no direction"),
        degrees, "Freeman 1978", weights=False, directions=True, part=attrgetter("into"),
    ),
    Measure(
        "out_degree", "node", tr_later("out-degree"),
        tr_later("the number of edges that go out; all its edges where they have no direction"),
        degrees, "Freeman 1978", weights=False, directions=True, part=attrgetter("out"),
    ),
    Measure(
        "strength", "node", tr_later("strength"),
        tr_later("Σ w: the weight of its edges; with directions, of those in and those out"),
        strengths, "Barrat et al. 2004", part=attrgetter("total"),
    ),
    Measure(
        "in_strength", "node", tr_later("in-strength"),
        tr_later("the weight of the edges that come in; of all its edges where they have no direction"),
        strengths, "Barrat et al. 2004", directions=True, part=attrgetter("into"),
    ),
    Measure(
        "out_strength", "node", tr_later("out-strength"),
        tr_later("the weight of the edges that go out; of all its edges where they have no direction"),
        strengths, "Barrat et al. 2004", directions=True, part=attrgetter("out"),
    ),
    Measure(
        "internal_strength", "node", tr_later("internal strength"),
        tr_later("the weight of its edges to organisations of its own region"),
        strengths, "Barrat et al. 2004", tr_later("it has no region"), part=attrgetter("internal"),
    ),
    Measure(
        "external_strength", "node", tr_later("external strength"),
        tr_later("the weight of its edges to organisations of other regions"),
        strengths, "Barrat et al. 2004", tr_later("it has no region"), part=attrgetter("external"),
    ),
    Measure(
        "eigenvector", "node", tr_later("eigenvector centrality"),
        tr_later("x_i = Σ w_ij x_j / λ: λ the largest eigenvalue; in the giant component, the greatest is 1, where "
                 "networkx and sna have the length 1; both ways added up"),
        eigenvector, "Bonacich 1972", tr_later("it is not in the giant component"),
    ),
    Measure(
        "pagerank", "node", tr_later("PageRank"),
        tr_later("the share of time that a walker spends at it who follows edges by weight, and with the chance 0.15 "
                 "starts anywhere"),
        pagerank, "Brin and Page 1998", directions=True,
    ),
)  # fmt: skip
"""What is measured of centrality by edges."""
