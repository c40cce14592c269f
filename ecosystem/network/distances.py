"""Distances: how near every node is to the others, how often it lies between them, and how long the paths are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

import igraph
import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.network.cohesion import components
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network

EXACT = 5_000
"""Nodes of a component up to which the paths from every node are followed: some seconds with ten edges a node."""
SOURCES = 250
"""Nodes whose paths are followed in a larger component, drawn at random."""
TOGETHER = 500
"""Nodes of small components that are looked at together."""
BLOCK = 64
"""Sources whose distances to all nodes are held at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """How far every node (N,) is from those that reach it.

    `reached` is the number of other nodes with a path to it, `total` the sum of the lengths of these paths, `inverse`
    that of one over each length, `farthest` the greatest length met. `estimated` says that the paths from a sample of
    nodes stand for those from all; `farthest` is then a lower bound.
    """

    reached: FloatArray
    total: FloatArray
    inverse: FloatArray
    farthest: FloatArray
    estimated: bool

    @property
    def closeness(self) -> FloatArray:
        """r / (n - 1) x r / sum of d (N,), r the nodes that reach it, d their distances; 0 where none does.

        The first factor is the correction for a network of several components: the second compares a node with those of
        its own component alone. networkx has the same; igraph and sna by default take the distances from a node to
        others, igraph without the first factor, and sna has 0 where one is not reached. NaN in a network of one node.
        References: Freeman (1978), Centrality in social networks; the correction Wasserman and Faust (1994), Social
        Network Analysis, formula 5.22.
        """
        others = len(self.reached) - 1
        near = np.divide(self.reached**2, self.total, out=np.zeros_like(self.total), where=self.total > 0)
        return near / others if others > 0 else np.full(len(near), np.nan)

    @property
    def harmonic(self) -> FloatArray:
        """The sum of 1 / d over n - 1 (N,), from 0 to 1; a node that does not reach it adds 0.

        networkx does not divide by n - 1; igraph by default takes the distances from a node to others.

        NaN in a network of one node. Reference: Marchiori and Latora (2000), Harmony in the small-world.
        """
        others = len(self.inverse) - 1
        return self.inverse / others if others > 0 else np.full(len(self.inverse), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Betweenness:
    """On how many shortest paths every node (N,) lies, of how many `pairs` of other nodes, and whether `estimated`."""

    values: FloatArray
    pairs: int
    estimated: bool

    @property
    def normalised(self) -> FloatArray:
        """The values over the number of pairs (N,), from 0 to 1; NaN in a network of fewer than three nodes."""
        return self.values / self.pairs if self.pairs > 0 else np.full(len(self.values), np.nan)


@dataclass(frozen=True, slots=True)
class PathLengths:
    """Mean and greatest length of the shortest paths of the giant component; `estimated` as for `Distances`."""

    mean: float
    diameter: float
    estimated: bool


def distances(
    network: Network, *, by_weight: bool = False, exact: int = EXACT, sources: int = SOURCES, seed: int = 0
) -> Distances:
    """How far every node is from those that reach it along the directions of the edges.

    A path is as long as it has edges; with `by_weight` each edge is 1 / weight long, so that a strong edge is a short
    one (Newman 2001). Up to `exact` nodes in a component all paths count. In a larger one, those from so many
    `sources` drawn with a `seed` do, and the sums over all nodes are estimated from their means (Eppstein and Wang
    2004, Fast approximation of centrality). Components are here those that ignore directions.
    """
    sums = np.zeros((4, len(network)))
    estimated = False
    for piece in _pieces(network, exact, sources, seed):
        found = np.zeros((4, len(piece.places)))
        for block in piece.distances(by_weight=by_weight):
            met = np.isfinite(block) & (block > 0)
            length = np.where(met, block, 0.0)
            found[0] += met.sum(axis=0)
            found[1] += length.sum(axis=0)
            found[2] += np.divide(1.0, length, out=np.zeros_like(length), where=met).sum(axis=0)
            found[3] = np.maximum(found[3], length.max(axis=0))
        if piece.sampled:
            # a node that was drawn tells nothing of its distance to itself
            told = len(piece.starts) - np.isin(np.arange(len(piece.places)), piece.starts)
            found[:3] *= np.divide(len(piece.places) - 1, told, out=np.zeros(len(told)), where=told > 0)
            estimated = True
        sums[:, piece.places] = found
    return Distances(sums[0], sums[1], sums[2], sums[3], estimated)


def betweenness(
    network: Network, *, by_weight: bool = False, exact: int = EXACT, sources: int = SOURCES, seed: int = 0
) -> Betweenness:
    """The sum over pairs of other nodes of the share of their shortest paths that pass through every node (N,).

    b_v = sum over s, t of g_st(v) / g_st, g_st the number of shortest paths from s to t and g_st(v) that of those
    through v; each unordered pair counts once where edges have no direction. Directions count, weights do not, unless
    `by_weight` asks for edges that are 1 / weight long. 0 for a node that lies between none. In a component of more
    than `exact` nodes, paths from so many `sources` drawn with a `seed` are followed, and the sum is raised to all
    nodes of the component. References: Freeman (1977), A set of measures of centrality based on betweenness; Brandes
    and Pich (2007), Centrality estimation in large networks.
    """
    values, estimated, count = np.zeros(len(network)), False, len(network)
    for piece in _pieces(network, exact, sources, seed):
        found = np.array(piece.graph.betweenness(sources=piece.starts.tolist(), weights=piece.lengths(by_weight)))
        values[piece.places] = found * len(piece.places) / len(piece.starts) if piece.sampled else found
        estimated |= piece.sampled
    pairs = (count - 1) * (count - 2) // (1 if network.directed else 2)
    return Betweenness(values, pairs, estimated)


def path_lengths(network: Network, *, exact: int = EXACT, sources: int = SOURCES, seed: int = 0) -> PathLengths:
    """Mean length and diameter of the giant component, the component of most nodes; a path is as long as it has edges.

    Neither weights nor directions count, where igraph follows directions and takes every pair with a path. Beyond
    `exact` nodes they are those of the paths from so many `sources` drawn with a `seed`; the diameter is then at least
    so long. Where several components are the largest, paths in all of them count. NaN where the giant component is a
    single node. Reference: Watts and Strogatz (1998), Collective dynamics
    of small-world networks.
    """
    parts = components(network)
    giant = parts.giant
    if not len(network) or parts.sizes[0] < 2:
        return PathLengths(float("nan"), float("nan"), estimated=False)
    found = distances(network.undirected(), exact=exact, sources=sources, seed=seed)
    mean = float(found.total[giant].sum() / found.reached[giant].sum())
    return PathLengths(mean, float(found.farthest[giant].max()), found.estimated)


def sampled(network: Network) -> bool:
    """Whether the measures of this module are estimates where nothing else is asked."""
    return len(network) > EXACT and int(components(network).sizes[0]) > EXACT


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """One large component, or several small ones: the places of its nodes, and which of them paths start from."""

    graph: igraph.Graph
    places: IntArray
    starts: IntArray
    sampled: bool

    def distances(self, *, by_weight: bool) -> Iterator[FloatArray]:
        """The distances from the starts to all nodes, a block of rows at a time; infinite where there is no path."""
        lengths = self.lengths(by_weight)
        for at in range(0, len(self.starts), BLOCK):
            some = self.starts[at : at + BLOCK].tolist()
            yield np.array(self.graph.distances(source=some, weights=lengths, mode="out"), dtype=np.float64)

    def lengths(self, by_weight: bool) -> list[float] | None:
        """One over the weight of each edge, or nothing where each edge is one long."""
        return [1 / weight for weight in self.graph.es["weight"]] if by_weight else None


def _pieces(network: Network, exact: int, sources: int, seed: int) -> Iterator[_Piece]:
    """The network in pieces that no path leaves, so that no row of distances is longer than it need be."""
    parts, graph = components(network), network.to_igraph()
    drawn = np.random.default_rng(seed).permutation(len(network))
    before = np.cumsum(parts.sizes) - parts.sizes
    # components stand largest first: one of as many nodes, or more, is a piece by itself
    piece = (before // max(min(TOGETHER, exact), 1))[parts.of]
    order = np.argsort(piece, kind="stable")
    for places in np.split(order, np.flatnonzero(np.diff(piece[order])) + 1):
        sampled = len(places) > max(exact, sources) and bool(parts.of[places[0]] == parts.of[places[-1]])
        starts = np.sort(np.argsort(drawn[places])[:sources]) if sampled else np.arange(len(places))
        if len(places):
            yield _Piece(graph.induced_subgraph(places.tolist()), places, starts, sampled)


_SINGLE = tr_later("it is the only organisation")
_NO_GIANT = tr_later("there is no edge")
MEASURES = (
    Measure(
        "betweenness", "node", tr_later("betweenness"),
        tr_later("Σ g_st(v) / g_st: over pairs of other organisations, the share of their shortest paths through it; "
                 "undirected, a pair once, where sna counts both orders; an estimate where more than 5,000 "
                 "organisations hang together"),
        betweenness, "Freeman 1977; Brandes and Pich 2007", weights=False, directions=True, part=attrgetter("values"),
    ),
    Measure(
        "closeness", "node", tr_later("closeness"),
        tr_later("r / (n − 1) × r / Σ d: r the organisations that reach it, d their distances in edges, as in "
                 "networkx; igraph and sna measure from it, without r / (n − 1); an estimate where more than 5,000 "
                 "hang together"),
        distances, "Wasserman and Faust 1994; Eppstein and Wang 2004", _SINGLE, weights=False, directions=True,
        part=attrgetter("closeness"),
    ),
    Measure(
        "harmonic", "node", tr_later("harmonic closeness"),
        tr_later("Σ 1 / d over n − 1: d the distances of the other organisations to it, 1 / d = 0 where there is no "
                 "path; igraph measures from it, networkx does not divide; an estimate where more than 5,000 hang "
                 "together"),
        distances, "Marchiori and Latora 2000", _SINGLE, weights=False, directions=True, part=attrgetter("harmonic"),
    ),
    Measure(
        "mean_path", "network", tr_later("mean path"),
        tr_later("the mean length of the shortest paths of the giant component, in edges whatever their direction; an "
                 "estimate beyond 5,000 organisations"),
        path_lengths, "Watts and Strogatz 1998", _NO_GIANT, weights=False, part=attrgetter("mean"),
    ),
    Measure(
        "diameter", "network", tr_later("diameter"),
        tr_later("the longest of the shortest paths of the giant component, in edges whatever their direction; at "
                 "least so long beyond 5,000 organisations"),
        path_lengths, "Watts and Strogatz 1998", _NO_GIANT, weights=False, part=attrgetter("diameter"),
    ),
)  # fmt: skip
"""What is measured of shortest paths."""
