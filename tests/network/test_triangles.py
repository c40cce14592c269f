"""Triangles: each once, as networkx finds them, with its ways between the right corners."""

from __future__ import annotations

from itertools import combinations, permutations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import Row
from printed_networks import EDGES, copied, small

from ecosystem.network import triangles as module
from ecosystem.network.triangles import joined_pairs, triangles


@given(EDGES, st.booleans())
def test_every_triangle_is_found_once_with_its_six_ways(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    pairs = joined_pairs(net.source, net.target, len(net))
    graph = net.undirected().to_networkx()
    end = np.concatenate([pairs.second, pairs.first])
    found = []
    for corners, ways in triangles(pairs):
        found += [frozenset(three) for three in np.column_stack(corners).tolist()]
        for a, b in permutations(range(3), 2):
            assert np.array_equal(pairs.start[ways[a, b]], corners[a])
            assert np.array_equal(end[ways[a, b]], corners[b])
    place = {node: at for at, node in enumerate(net.nodes)}
    expected = {
        frozenset(place[node] for node in three)
        for three in combinations(net.nodes, 3)
        if all(graph.has_edge(a, b) for a, b in combinations(three, 2))
    }
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert np.array_equal(pairs.start[pairs.way], net.source)
    assert np.array_equal(end[pairs.way], net.target)


def test_a_hub_leaves_few_pairs_of_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel of 2,000 spokes: its hub has two million pairs of neighbours, and a block holds a thousand."""
    monkeypatch.setattr(module, "WEDGES", 1_000)
    net = copied(nx.wheel_graph(2_001))
    blocks = [len(corners[0]) for corners, _ in triangles(joined_pairs(net.source, net.target, len(net)))]
    assert (sum(blocks), len(blocks) <= 5) == (2_000, True)
