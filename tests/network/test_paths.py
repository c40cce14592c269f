"""Paths: against networkx and igraph, and on networks that are known by heart."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from plain_edges import made_of, rows

from ecosystem.network import Network
from ecosystem.network.paths import Follow, ego, shortest_paths

NODES = tuple("abcdefgh")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=20)
FOLLOW: st.SearchStrategy[Follow] = st.sampled_from(["all", "out", "in"])
PLACE = st.integers(0, len(NODES) - 1)


def made(edges: list[tuple[str, str, float]], *, directed: bool) -> Network:
    return made_of(NODES, [None] * len(NODES), edges, directed=directed)


def graph_of(net: Network, follow: Follow) -> nx.Graph:
    graph = net.to_networkx()
    if follow == "all":
        return graph.to_undirected()
    return graph.reverse() if follow == "in" and net.directed else graph


def krackhardt() -> Network:
    """Krackhardt (1990), Assessing the political landscape: the kite, with the names of its ten people."""
    people = ("Andre", "Beverly", "Carol", "Diane", "Ed", "Fernando", "Garth", "Heather", "Ike", "Jane")
    ties = [(people[a], people[b], 1.0) for a, b in nx.krackhardt_kite_graph().edges()]
    return made_of(people, [None] * 10, ties, directed=False)


@given(EDGES, st.booleans(), FOLLOW, PLACE, st.integers(0, 4))
def test_what_is_around_a_node_is_that_of_networkx_and_igraph(
    edges: list[tuple[str, str, float]], directed: bool, follow: Follow, node: int, depth: int
) -> None:
    net = made(edges, directed=directed)
    found = ego(net, node, depth, follow)
    expected = nx.single_source_shortest_path_length(graph_of(net, follow), NODES[node], cutoff=depth)
    assert {NODES[at]: away for at, away in zip(found.nodes, found.distance, strict=True)} == expected
    assert found.nodes[0] == node
    order = list(zip(found.distance.tolist(), found.nodes.tolist(), strict=True))
    assert order == sorted(order)
    assert set(found.nodes.tolist()) == set(net.to_igraph().neighborhood(node, depth, mode=follow))
    around = net.to_networkx().subgraph(expected)
    inside = {(NODES[net.source[at]], NODES[net.target[at]]) for at in found.edges}
    assert len(inside) == len(found.edges) == around.number_of_edges()
    assert all(around.has_edge(*ends) for ends in inside)


@example([("a", "b", 1.0), ("b", "a", 1.0), ("b", "c", 1.0)], True, "all", 0, 2)
@given(EDGES, st.booleans(), FOLLOW, PLACE, PLACE)
def test_shortest_paths_are_those_of_networkx_and_igraph(
    edges: list[tuple[str, str, float]], directed: bool, follow: Follow, start: int, end: int
) -> None:
    net = made(edges, directed=directed)
    found = shortest_paths(net, start, end, 1000, follow)
    graph = graph_of(net, follow)
    if not nx.has_path(graph, NODES[start], NODES[end]):
        assert (found.length, found.count, found.nodes.size, found.edges.size) == (-1, 0, 0, 0)
        return
    expected = sorted(nx.all_shortest_paths(graph, NODES[start], NODES[end]))
    assert [[NODES[at] for at in path] for path in found.nodes.tolist()] == expected
    assert (found.count, found.length) == (len(expected), len(expected[0]) - 1)
    other = {tuple(path) for path in net.to_igraph().get_all_shortest_paths(start, end, mode=follow)}
    assert {tuple(path) for path in found.nodes.tolist()} == other
    steps = {frozenset(step) for path in found.nodes.tolist() for step in pairwise(path)}
    taken = [(a, b) for a, b, _ in np.array(rows(net), dtype=object).reshape(-1, 3)[found.edges]]
    assert {frozenset(pair) for pair in taken} == steps
    assert len(set(taken)) == len(taken)


def test_krackhardts_kite() -> None:
    kite = krackhardt()
    at = {name: place for place, name in enumerate(kite.nodes)}
    around = ego(kite, at["Diane"])
    assert [kite.nodes[one] for one in around.nodes] == [
        "Diane", "Andre", "Beverly", "Carol", "Ed", "Fernando", "Garth",
    ]  # fmt: skip
    assert len(around.edges) == 6 + 8  # her own, and those among her contacts
    ways = shortest_paths(kite, at["Diane"], at["Jane"])
    assert (ways.length, ways.count) == (4, 2)
    assert [[kite.nodes[one] for one in path] for path in ways.nodes] == [
        ["Diane", "Fernando", "Heather", "Ike", "Jane"], ["Diane", "Garth", "Heather", "Ike", "Jane"],
    ]  # fmt: skip
    assert len(ways.edges) == 6


def test_more_paths_than_are_shown_and_more_than_64_bits_hold() -> None:
    layers = 70
    names = [f"{at:03}{side}" for at in range(layers) for side in "ab"]
    pairs = [(f"{at:03}{x}", f"{at + 1:03}{y}", 1.0) for at in range(layers - 1) for x in "ab" for y in "ab"]
    net = made_of(names, [None] * len(names), pairs, directed=True)
    found = shortest_paths(net, 0, len(names) - 1, most=3, follow="out")
    assert found.count == 2 ** (layers - 2)
    assert found.nodes.shape == (3, layers)
    assert "".join(net.nodes[at][-1] for at in found.nodes[1]) == "a" * (layers - 2) + "bb"


@pytest.mark.parametrize("directed", [True, False])
def test_no_edge_and_the_node_itself(directed: bool) -> None:
    net = made([], directed=directed)
    assert ego(net, 2, 3).nodes.tolist() == [2]
    assert ego(made([("a", "b", 1.0)], directed=directed), 0, 0).nodes.tolist() == [0]
    assert shortest_paths(net, 0, 1).length == -1
    itself = shortest_paths(net, 1, 1)
    assert (itself.length, itself.count, itself.nodes.tolist(), itself.edges.tolist()) == (0, 1, [[1]], [])
