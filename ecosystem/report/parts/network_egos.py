"""The organisations of a network that a page can put in the middle, and the strongest links around each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.network import Network

EGOS = 300
"""Organisations that can be looked up, those with the most weight on their links."""
AROUND = 40
"""Strongest contacts that are shown of an organisation."""
AMONG = 80
"""Strongest links between these contacts that are shown."""
EDGES = 15_000
"""Edges around all of these organisations together: with more of them the list of organisations is shorter."""


@dataclass(frozen=True, slots=True, eq=False)
class Egos:
    """The strongest organisations (k,), strongest first, and what lies around each.

    `node` are places in the network; `strength` the weight of all its edges, `contacts` the number of all organisations
    that it is joined to. `neighbours` are the contacts that are shown, strongest first, ties in the order of the ids.
    `edges` are the places of the edges around any of them, in the order of the network.
    """

    node: IntArray
    strength: FloatArray
    contacts: IntArray
    neighbours: tuple[IntArray, ...]
    edges: IntArray


def egos(net: Network, most: int = EGOS, around: int = AROUND, among: int = AMONG, edges: int = EDGES) -> Egos:
    """What lies around the strongest organisations; fewer of them where their edges would be too many together."""
    joined = net.undirected().matrix()
    strength = np.asarray(joined.sum(axis=1), dtype=np.float64).ravel()
    contacts = np.diff(joined.indptr).astype(np.int64)
    numbered = _numbered(net)
    found: list[IntArray] = []
    kept: set[int] = set()
    strongest = np.argsort(-strength, kind="stable")[:most]
    for node in strongest.tolist():
        near = _strongest(joined, node, around)
        more = kept.union(_edges_around(net, numbered, node, near, among))
        if found and len(more) > edges:
            break
        kept = more
        found.append(near)
    node = strongest[: len(found)]
    return Egos(node, strength[node], contacts[node], tuple(found), np.array(sorted(kept), dtype=np.int64))


def _numbered(net: Network) -> csr_array[np.int64]:
    """The place of every edge, from 1, in a matrix (N, N)."""
    places = np.arange(1, len(net.weight) + 1)
    return csr_array((places, (net.source, net.target)), shape=(len(net), len(net)))


def _strongest(joined: csr_array[np.float64], node: int, most: int) -> IntArray:
    start, end = joined.indptr[node], joined.indptr[node + 1]
    other, weight = joined.indices[start:end], joined.data[start:end]
    strongest: IntArray = other[np.lexsort((other, -weight))[:most]].astype(np.int64)
    return strongest


def _edges_around(net: Network, numbered: csr_array[np.int64], node: int, near: IntArray, among: int) -> list[int]:
    """The edges of a node to its contacts, and the heaviest between these, the earlier ones of equal weight."""
    members = np.append(near, node)
    places = np.sort(numbered[members][:, members].data) - 1
    own = (net.source[places] == node) | (net.target[places] == node)
    between = places[~own]
    heaviest = between[np.argsort(-net.weight[between], kind="stable")[:among]]
    return [*places[own].tolist(), *heaviest.tolist()]
