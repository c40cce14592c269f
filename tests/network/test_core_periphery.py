"""Core and periphery, and the rich club: against every partition of small graphs, networkx, and by hand."""

from __future__ import annotations

from itertools import combinations, product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import Row
from printed_networks import EDGES, NODES, copied, relabelled, small

from ecosystem.network import Network, coded
from ecosystem.network.core_periphery import core_periphery
from ecosystem.network.rich_club import rich_club


def errors(graph: nx.Graph, core: set[str]) -> int:
    """Pairs of the core that are not joined, and of the periphery that are."""
    pairs = combinations(graph, 2)
    return sum(graph.has_edge(a, b) == (a not in core) for a, b in pairs if (a in core) == (b in core))


def core_of(net: Network) -> set[str]:
    return {node for node, inside in zip(net.nodes, core_periphery(net).core.tolist(), strict=True) if inside}


@given(EDGES, st.booleans())
def test_no_other_core_is_better(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    graph = net.undirected().to_networkx()
    found = [
        errors(graph, {node for node, inside in zip(NODES, choice, strict=True) if inside})
        for choice in product([False, True], repeat=len(NODES))
    ]
    assert errors(graph, core_of(net)) == min(found)


@given(EDGES, st.booleans())
def test_correlation_and_densities_are_those_of_the_pairs(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    graph, core, found = net.undirected().to_networkx(), core_of(net), core_periphery(net)
    pairs = [(graph.has_edge(a, b), (a in core) + (b in core)) for a, b in combinations(NODES, 2)]
    for many, density in ((2, found.within), (1, found.between), (0, found.outside)):
        joined = [there for there, inside in pairs if inside == many]
        assert density == pytest.approx(np.mean(joined) if joined else np.nan, nan_ok=True)
    told = np.array([(there, inside == 2) for there, inside in pairs if inside != 1], dtype=float).reshape(-1, 2)
    if not len(told) or (told == told[0]).all(axis=0).any():
        assert np.isnan(found.correlation)
    else:
        assert found.correlation == pytest.approx(np.corrcoef(told.T)[0, 1], abs=1e-12)


def test_a_clique_with_a_fringe_is_a_core_with_a_periphery() -> None:
    graph = nx.complete_graph(4)
    graph.add_edges_from([(0, 4), (1, 5), (2, 6), (3, 7)])
    found = core_periphery(copied(graph))
    assert found.core.tolist() == [True] * 4 + [False] * 4
    assert (found.size, found.tied) == (4, 0)
    assert found.correlation == pytest.approx(1)
    assert found.densities.tolist() == [[1, 4 / 16], [4 / 16, 0]]


def test_nodes_as_good_as_the_last_of_the_core_are_counted() -> None:
    ring = core_periphery(copied(nx.cycle_graph(6)))
    assert ring.core.tolist() == [True, True, False, False, False, False]
    assert ring.tied == 4


@given(EDGES, st.booleans())
def test_other_names_of_the_nodes_leave_the_size_of_the_core(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    one, two = core_periphery(net), core_periphery(relabelled(net))
    assert (one.size, one.tied) == (two.size, two.tied)


@given(EDGES, st.booleans())
def test_the_rich_club_is_that_of_networkx(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    graph = net.undirected().to_networkx()
    expected = nx.rich_club_coefficient(graph, normalized=False) if graph.number_of_edges() else {}
    found = rich_club(net)
    assert dict(enumerate(found.coefficient.tolist())) == pytest.approx(expected, abs=1e-12)
    assert found.nodes.tolist() == [sum(d > k for _, d in graph.degree()) for k in range(len(found.nodes))]
    assert np.isnan(found.normalised).all()


def test_hubs_that_keep_together_are_a_rich_club() -> None:
    graph = nx.disjoint_union(nx.complete_graph(6), nx.cycle_graph(48))
    graph.add_edges_from((hub, 6 + 8 * hub + leaf) for hub in range(6) for leaf in range(8))
    found = rich_club(copied(graph), draws=40, seed=1)
    assert found.coefficient[5] == 1
    assert found.normalised[5] > 1.2
    assert found.above[5] > 0.9
    assert found.normalised[0] == pytest.approx(1)
    again = rich_club(copied(graph), draws=40, seed=1)
    assert again.expected.tolist() == found.expected.tolist()
    assert rich_club(copied(graph), draws=40, seed=2).expected.tolist() != found.expected.tolist()


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_without_edges(count: int, directed: bool) -> None:
    net = coded(NODES[:count], [None] * count, [], [], [], directed=directed)
    found, club = core_periphery(net), rich_club(net, draws=2)
    assert (found.size, found.tied, len(found.core)) == (0, 0, count)
    assert np.isnan([found.correlation, found.within, found.between]).all()
    assert len(club.nodes) == 0
