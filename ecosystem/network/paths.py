"""Paths in a network: what lies around a node, and the shortest ways from one node to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.network.network import Network

Follow = Literal["all", "out", "in"]
BACK: Mapping[Follow, Follow] = {"all": "all", "out": "in", "in": "out"}
"""How a path is followed from its end."""
"""Which edges a path may take: any either way, or along their direction, from the node or to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Ego:
    """The nodes around a node, nearest first, then in the order of their ids, the node itself at the head.

    `nodes` (n,) are places in the network, `distance` (n,) the edges to each; `edges` (m,) are the places of all edges
    between two of these nodes, whether a shortest path takes them or not.
    """

    nodes: IntArray
    distance: IntArray
    edges: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The shortest paths from one node to another.

    `length` is the number of edges of each, `count` the number of paths. `nodes` (k, length + 1) are the first k in the
    order of the ids on the way, as places in the network; `edges` (m,) are the places of the edges that any of all
    the paths takes. Without a path `length` is -1, `count` 0, and both arrays are empty.
    """

    length: int
    count: int
    nodes: IntArray
    edges: IntArray


def distances(network: Network, node: int, follow: Follow = "all", depth: float = np.inf) -> FloatArray:
    """The number of edges on a shortest path to every node (N,), infinite where there is none, or none so short.

    Weights do not count: they say how strong an edge is, not how long.
    """
    steps = network.matrix(weighted=False)
    along = csr_array(steps.T) if follow == "in" else steps
    one = np.array([node])
    found: FloatArray = dijkstra(along, directed=follow != "all", indices=one, unweighted=True, limit=depth).ravel()
    return found


def ego(network: Network, node: int, depth: int = 1, follow: Follow = "all") -> Ego:
    """The nodes that at most `depth` edges lead to from a node, or from which they lead to it, and all edges between.

    With the depth 1 it is the node, its contacts, and the edges among them; with 0 the node alone. Without directions
    `follow` does not matter. Weights do not count. Reference: Wasserman and Faust (1994), Social network analysis,
    section 2.3.3.
    """
    away = distances(network, node, follow, depth)
    near = np.isfinite(away)
    places = np.flatnonzero(near)
    places = places[np.argsort(away[places], kind="stable")]
    among = np.flatnonzero(near[network.source] & near[network.target])
    return Ego(places, away[places].astype(np.int64), among)


def shortest_paths(network: Network, start: int, end: int, most: int = 20, follow: Follow = "all") -> Paths:
    """All shortest paths from one node to another: how many there are, the first `most`, and the edges they take.

    `out` follows the directions from `start` to `end`, `in` from `end` to `start`. Weights do not count. An edge lies
    on a shortest path where the steps to it, itself, and the steps from it to the end add up to the length; the paths
    are then counted step by step (Brandes 2001, A faster algorithm for betweenness centrality).
    """
    back = BACK[follow]
    before, after = distances(network, start, follow), distances(network, end, back)
    if not np.isfinite(before[end]):
        none = np.zeros(0, dtype=np.int64)
        return Paths(-1, 0, none.reshape(0, 0), none)
    length = int(before[end])
    one, two, place = _ways(network, follow)
    taken = before[one] + 1 + after[two] == length
    one, two, place = one[taken], two[taken], place[taken]
    # sorted, and each step once: edges that lead both ways are two, and one step
    one, two = np.unique(np.column_stack([one, two]), axis=0).T.copy()
    many = _counted(one, two, before, start, length)
    return Paths(length, many[end], _spelled(one, two, start, length, most), np.unique(place))


def _ways(network: Network, follow: Follow) -> tuple[IntArray, IntArray, IntArray]:
    """Where every edge leads from and to, and its place; twice where it may be taken either way."""
    ends, place = (network.source, network.target), np.arange(len(network.source))
    if follow == "all" or not network.directed:
        return np.concatenate(ends), np.concatenate(ends[::-1]), np.concatenate([place, place])
    return (*(ends if follow == "out" else ends[::-1]), place)


def _counted(one: IntArray, two: IntArray, before: FloatArray, start: int, length: int) -> list[int]:
    """How many of the paths lead to every node."""
    # whole numbers of Python: there may be more paths than 64 bits hold
    many = np.zeros(len(before), dtype=object)
    many[start] = 1
    for step in range(length):
        at = before[one] == step
        np.add.at(many, two[at], many[one[at]])
    counted: list[int] = many.tolist()
    return counted


def _spelled(one: IntArray, two: IntArray, start: int, length: int, most: int) -> IntArray:
    """The nodes of the first paths, in the order of the places on the way; the edges are sorted by their ends."""
    paths = np.array([[start]], dtype=np.int64)
    for _ in range(length):
        first, last = (np.searchsorted(one, paths[:, -1], side=side) for side in ("left", "right"))
        many = last - first
        row = np.repeat(np.arange(len(paths)), many)
        offset = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
        # each beginning leads to the end: the first paths have the first beginnings
        paths = np.column_stack([paths[row], two[first[row] + offset]])[:most]
    return paths
