"""Networks that are printed in the literature, as networkx has them, for measures to be held against."""

from __future__ import annotations

import networkx as nx
from hypothesis import strategies as st
from plain_edges import Row, made_of

from ecosystem.network import Network

NODES = tuple("abcdefg")
EDGES: st.SearchStrategy[list[Row]] = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(1, 9).map(float)), max_size=24
)
"""Edges of small random networks; weights are integers, so that sums do not depend on their order."""


def small(edges: list[Row], *, directed: bool) -> Network:
    """The network of the small nodes and such edges, in no region."""
    return made_of(NODES, [None] * len(NODES), edges, directed=directed)


def copied(graph: nx.Graph, *, weighted: bool = True) -> Network:
    """A network of networkx, its nodes as texts that sort as they stand in it."""
    name = {node: f"{at:03}" for at, node in enumerate(graph)}
    rows = [(name[a], name[b], float(w if weighted else 1)) for a, b, w in graph.edges(data="weight", default=1)]
    return made_of(list(name.values()), [None] * len(name), rows, directed=graph.is_directed())


def relabelled(net: Network) -> Network:
    """The same network where the order of the nodes is turned round, rows and all."""
    name = [f"{len(net) - at:06}" for at in range(len(net))]
    places = [None if r < 0 else net.regions[r] for r in net.region.tolist()]
    rows = [(name[a], name[b], w) for a, b, w in zip(net.source, net.target, net.weight.tolist(), strict=True)]
    return made_of(name, places, rows[::-1], directed=net.directed)
