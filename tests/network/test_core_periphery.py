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


def choices(net: Network) -> list[set[str]]:
    """The core by ids, and all others where nodes with as many neighbours as its last stand in their places."""
    graph, core = net.undirected().to_networkx(), core_of(net)
    last = min((graph.degree(node) for node in core), default=-1)
    sure = {node for node in core if graph.degree(node) > last}
    tied = [node for node in graph if graph.degree(node) == last]
    return [sure | set(some) for some in combinations(tied, len(core) - len(sure))]


@given(EDGES, st.booleans())
def test_chance_densities_and_correlation_are_those_of_all_choices(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    graph, cores, found = net.undirected().to_networkx(), choices(net), core_periphery(net)
    assert found.chance.tolist() == pytest.approx([np.mean([node in core for core in cores]) for node in net.nodes])
    told = np.array([[(graph.has_edge(a, b), (a in core) + (b in core)) for a, b in combinations(NODES, 2)]
                     for core in cores], dtype=float).reshape(-1, 2)  # fmt: skip
    for many, density in ((2, found.within), (1, found.between), (0, found.outside)):
        joined = told[told[:, 1] == many, 0]
        assert density == pytest.approx(joined.mean() if len(joined) else np.nan, nan_ok=True)
    told = told[told[:, 1] != 1]
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
    assert ring.chance.tolist() == pytest.approx([1 / 3] * 6)
    # of the 15 choices of two of them 6 are joined
    assert ring.within == pytest.approx(6 / 15)


@given(EDGES, st.booleans())
def test_other_names_of_the_nodes_change_nothing_but_who_is_taken_first(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    one, two = core_periphery(net), core_periphery(relabelled(net))
    assert (one.size, one.tied) == (two.size, two.tied)
    np.testing.assert_allclose(one.chance, two.chance[::-1], atol=1e-12)
    np.testing.assert_allclose(one.densities, two.densities, atol=1e-12)
    assert one.correlation == pytest.approx(two.correlation, abs=1e-12, nan_ok=True)


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
