"""A network: nodes with their regions, and the weighted edges between them, as arrays of integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    import igraph
    import networkx as nx
    from scipy.sparse import csr_array

NOWHERE = -1
"""The region of a node that has none."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """N nodes in R regions and E edges between them; no two edges join the same nodes, and none is a self-link.

    `nodes` (N,) are ids, sorted. `region` (N,) is the place of each node's region among `regions` (R,), which are
    sorted, or NOWHERE. `source`, `target` (E,) are places among the nodes, `weight` (E,) is above 0. Edges are sorted
    by source, then target; an edge without direction stands once, its source before its target. `self_links` is the
    number of nodes that are linked to themselves; such links are left out.
    """

    nodes: tuple[str, ...]
    regions: tuple[str, ...]
    region: IntArray
    source: IntArray
    target: IntArray
    weight: FloatArray
    directed: bool
    self_links: int = 0

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def located(self) -> BoolArray:
        """Whether each node (N,) has a region."""
        located: BoolArray = self.region != NOWHERE
        return located

    def matrix(self, *, weighted: bool = True) -> csr_array[np.float64]:
        """The adjacency matrix (N, N), row to column; symmetric where the edges have no direction. Ones unweighted."""
        weight = self.weight if weighted else np.ones(len(self.weight))
        size = (len(self), len(self))
        if self.directed:
            return coo_array((weight, (self.source, self.target)), shape=size).tocsr()
        ends = np.concatenate([self.source, self.target]), np.concatenate([self.target, self.source])
        return coo_array((np.concatenate([weight, weight]), ends), shape=size).tocsr()

    def placed(self, regions: Sequence[str | None]) -> Network:
        """The same nodes and edges where the nodes are in these regions (N,), by their ids; None is nowhere."""
        known, region = _places_of(regions)
        return replace(self, regions=known, region=region)

    def weighing(self, weight: FloatArray) -> Network:
        """The network with other weights (E,): without edges that weigh nothing, and nodes that then have none."""
        kept = weight > 0
        left = replace(self, source=self.source[kept], target=self.target[kept], weight=weight[kept])
        here = np.zeros(len(self), dtype=bool)
        here[left.source], here[left.target] = True, True
        return left.only(here)

    def only(self, kept: BoolArray) -> Network:
        """The network of some nodes (N,) and the edges between them; its regions stay known."""
        place = np.cumsum(kept) - 1
        inside = kept[self.source] & kept[self.target]
        nodes = tuple(node for node, stays in zip(self.nodes, kept.tolist(), strict=True) if stays)
        left = replace(self, nodes=nodes, region=self.region[kept], weight=self.weight[inside])
        return replace(left, source=place[self.source[inside]], target=place[self.target[inside]])

    def in_regions(self, region: IntArray) -> Network:
        """The same nodes and edges where the regions (N,) are others."""
        return replace(self, region=region)

    def undirected(self) -> Network:
        """The network without directions: the weight of an edge is the sum of both ways."""
        if not self.directed:
            return self
        low, high = np.minimum(self.source, self.target), np.maximum(self.source, self.target)
        source, target, weight = _added(low, high, self.weight, len(self))
        return replace(self, source=source, target=target, weight=weight, directed=False)

    def to_igraph(self) -> igraph.Graph:
        """An igraph Graph: vertices have `name` and `region` (an id or None), edges have `weight`."""
        import igraph

        edges = zip(self.source.tolist(), self.target.tolist(), strict=True)
        made = igraph.Graph(n=len(self), edges=list(edges), directed=self.directed)
        made.vs["name"] = list(self.nodes)
        made.vs["region"] = [self._region(place) for place in self.region.tolist()]
        made.es["weight"] = self.weight.tolist()
        return made

    def to_networkx(self) -> nx.Graph:
        """A networkx Graph or DiGraph: nodes are ids with `region` (left out where there is none), edges `weight`."""
        import networkx as nx

        made = nx.DiGraph() if self.directed else nx.Graph()
        for node, place in zip(self.nodes, self.region.tolist(), strict=True):
            made.add_node(node, **({} if place == NOWHERE else {"region": self.regions[place]}))
        ends = zip(self.source.tolist(), self.target.tolist(), self.weight.tolist(), strict=True)
        made.add_weighted_edges_from((self.nodes[a], self.nodes[b], weight) for a, b, weight in ends)
        return made

    def _region(self, place: int) -> str | None:
        return None if place == NOWHERE else self.regions[place]


def coded(
    nodes: Sequence[str],
    regions: Sequence[str | None],
    source: Sequence[str],
    target: Sequence[str],
    weight: Sequence[float] | FloatArray,
    *,
    directed: bool,
) -> Network:
    """A network of named nodes (N,) with the regions they are in (N,) and edges (E,) between them.

    The order of nodes and edges does not matter; edges between the same nodes are added up.
    """
    order = sorted(range(len(nodes)), key=nodes.__getitem__)
    names = [nodes[at] for at in order]
    known, places = _places_of([regions[at] for at in order])
    place_of = {node: place for place, node in enumerate(names)}
    first = np.array([place_of[node] for node in source], dtype=np.int64)
    second = np.array([place_of[node] for node in target], dtype=np.int64)
    weights = np.asarray(weight, dtype=np.float64)
    if not directed:
        first, second = np.minimum(first, second), np.maximum(first, second)
    between = first != second
    source_at, target_at, added = _added(first[between], second[between], weights[between], len(names))
    self_links = len(np.unique(first[~between]))
    return Network(tuple(names), known, places, source_at, target_at, added, directed, self_links)


def _places_of(regions: Sequence[str | None]) -> tuple[tuple[str, ...], IntArray]:
    """The regions that occur, sorted, and the place of each node's among them."""
    known = sorted({region for region in regions if region is not None})
    place = {region: at for at, region in enumerate(known)}
    where = [NOWHERE if region is None else place[region] for region in regions]
    return tuple(known), np.array(where, dtype=np.int64)


def _added(source: IntArray, target: IntArray, weight: FloatArray, count: int) -> tuple[IntArray, IntArray, FloatArray]:
    """The edges sorted by their ends, those between the same nodes added up, in an order that no row order changes."""
    key = source * count + target
    order = np.lexsort((weight, key))
    key, first = np.unique(key[order], return_index=True)
    added = np.add.reduceat(weight[order], first) if len(first) else weight[:0]
    return key // max(count, 1), key % max(count, 1), added
