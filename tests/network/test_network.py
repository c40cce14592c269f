"""Edges as arrays: sorted, added up, the same in any order, and the same graph in the hands of igraph and networkx."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import made_of, rows

from ecosystem.network import NOWHERE, Network, coded

NODES = ("a", "b", "c", "d", "e")
REGIONS = ("x", "y", None, "x", "NA")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=20)


def made(edges: list[tuple[str, str, float]], *, directed: bool) -> Network:
    return made_of(NODES, REGIONS, edges, directed=directed)


def test_edges_between_the_same_nodes_are_added_up_and_self_links_counted() -> None:
    net = made([("b", "a", 1), ("a", "b", 2), ("b", "a", 4), ("c", "c", 8), ("c", "c", 1)], directed=True)
    assert net.source.tolist() == [0, 1]
    assert net.target.tolist() == [1, 0]
    assert net.weight.tolist() == [2, 5]
    assert net.self_links == 1
    one = net.undirected()
    assert (one.source.tolist(), one.target.tolist(), one.weight.tolist()) == ([0], [1], [7])
    assert not one.directed


def test_a_region_called_na_is_a_region_and_none_is_nowhere() -> None:
    net = made([("a", "e", 1)], directed=False)
    assert net.regions == ("NA", "x", "y")
    assert net.region.tolist() == [1, 2, NOWHERE, 1, 0]
    assert net.located.tolist() == [True, True, False, True, True]


def test_a_network_may_be_empty() -> None:
    net = coded([], [], [], [], [], directed=True)
    assert len(net) == 0
    assert net.matrix().shape == (0, 0)
    assert len(net.undirected().weight) == 0
    assert net.to_igraph().vcount() == net.to_networkx().number_of_nodes() == 0


@given(EDGES, st.booleans(), st.randoms())
def test_the_order_of_rows_does_not_matter(edges: list[tuple[str, str, float]], directed: bool, random: Random) -> None:
    one = made(edges, directed=directed)
    shuffled = list(edges)
    random.shuffle(shuffled)
    other = made(shuffled, directed=directed)
    for name in ("source", "target", "weight"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


@given(EDGES, st.booleans())
def test_igraph_networkx_and_the_matrix_hold_the_same_edges(
    edges: list[tuple[str, str, float]], directed: bool
) -> None:
    net = made(edges, directed=directed)
    graph, other = net.to_igraph(), net.to_networkx()
    ends = rows(net)
    expected = {(NODES[a], NODES[b]): weight for a, b, weight in ends}
    assert {(NODES[e.source], NODES[e.target]): e["weight"] for e in graph.es} == expected
    assert {(a, b): other[a][b]["weight"] for a, b in expected} == expected
    assert other.number_of_edges() == len(expected)
    assert graph.vs["region"] == list(REGIONS)
    dense = net.matrix().toarray()
    assert np.isclose(dense.sum(), sum(expected.values()) * (1 if directed else 2))
    if not directed:
        assert np.array_equal(dense, dense.T)
