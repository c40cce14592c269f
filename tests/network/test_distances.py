"""Closeness, betweenness and path lengths: against igraph, networkx, and print; estimates against the whole."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_edges import Row
from printed_networks import EDGES, NODES, copied, relabelled, small

from ecosystem.network import Network, coded
from ecosystem.network.cohesion import components
from ecosystem.network.distances import betweenness, distances, path_lengths

POWERS = st.lists(
    st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from([0.25, 0.5, 1.0, 2.0])), max_size=24
)
"""Edges whose lengths add up without rounding, so that paths of one length are seen to be so by every program."""


def in_order(net: Network, by_node: dict[str, float]) -> list[float]:
    return [by_node[node] for node in net.nodes]


@given(EDGES, st.booleans())
def test_closeness_is_that_of_networkx_and_igraph(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    found, graph, other = distances(net), net.to_igraph(), net.to_networkx()
    assert not found.estimated
    np.testing.assert_allclose(found.closeness, in_order(net, nx.closeness_centrality(other)), atol=1e-12)
    harmonic = np.array(in_order(net, nx.harmonic_centrality(other))) / (len(net) - 1)
    np.testing.assert_allclose(found.harmonic, harmonic, atol=1e-12)
    np.testing.assert_allclose(found.harmonic, graph.harmonic_centrality(mode="in"), atol=1e-12)
    # igraph leaves the correction for several components out
    plain = np.nan_to_num(graph.closeness(mode="in", normalized=True)) * found.reached / (len(net) - 1)
    np.testing.assert_allclose(found.closeness, plain, atol=1e-12)


@given(EDGES, st.booleans())
def test_betweenness_is_that_of_networkx_and_igraph(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    found = betweenness(net)
    np.testing.assert_allclose(found.values, net.to_igraph().betweenness(), atol=1e-12)
    other = net.to_networkx()
    np.testing.assert_allclose(
        found.values, in_order(net, nx.betweenness_centrality(other, normalized=False)), atol=1e-12
    )
    np.testing.assert_allclose(found.normalised, in_order(net, nx.betweenness_centrality(other)), atol=1e-12)


@given(POWERS, st.booleans())
def test_strong_edges_are_short_when_asked(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    other = net.to_networkx()
    for _, _, data in other.edges(data=True):
        data["length"] = 1 / data["weight"]
    near = distances(net, by_weight=True).closeness
    np.testing.assert_allclose(near, in_order(net, nx.closeness_centrality(other, distance="length")), atol=1e-12)
    between = betweenness(net, by_weight=True).values
    # a path of sums such as 1/2.25 differs from another in the last digit alone: igraph takes them as one, networkx not
    if all((1 / w).is_integer() for w in net.weight.tolist()):
        plain = nx.betweenness_centrality(other, weight="length", normalized=False)
        np.testing.assert_allclose(between, in_order(net, plain), atol=1e-12)
    lengths = (1 / net.weight).tolist() or None
    np.testing.assert_allclose(between, net.to_igraph().betweenness(weights=lengths), atol=1e-12)


@given(EDGES, st.booleans())
def test_path_lengths_are_those_of_the_giant_component(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    found = path_lengths(net)
    if not len(net.source):
        assert np.isnan([found.mean, found.diameter]).all()
        return
    names = [node for node, part in zip(net.nodes, components(net).of, strict=True) if part == 0]
    giant = net.undirected().to_networkx().subgraph(names)
    assert found.mean == pytest.approx(nx.average_shortest_path_length(giant), abs=1e-12)
    assert found.diameter == nx.diameter(giant)
    graph = net.undirected().to_igraph().induced_subgraph(names)
    assert found.mean == pytest.approx(graph.average_path_length(), abs=1e-12)
    assert found.diameter == graph.diameter()


def test_the_kite_as_it_is_printed() -> None:
    """The network of Krackhardt (1990), Assessing the political landscape; Diane, Fernando and Garth, and Heather lead.

    Who leads is his point. The figures are those in the tests of networkx 3.6, test_betweenness_centrality.py and
    test_closeness_centrality.py; the article itself was not at hand.
    """
    net = copied(nx.krackhardt_kite_graph())
    between = [0.023, 0.023, 0.000, 0.102, 0.000, 0.231, 0.231, 0.389, 0.222, 0.000]
    assert betweenness(net).normalised.tolist() == pytest.approx(between, abs=5e-4)
    near = [0.529, 0.529, 0.500, 0.600, 0.500, 0.643, 0.643, 0.600, 0.429, 0.310]
    assert distances(net).closeness.tolist() == pytest.approx(near, abs=5e-4)


def test_the_medici_lie_between_the_others() -> None:
    """Padgett and Ansell (1993): marriages of Florentine families, and on how many shortest paths each of them lies.

    The shares of the Medici, Guadagni and Strozzi are remembered from Jackson (2008), Social and Economic Networks,
    section 1.2.1, and not checked in the book; those of all families are in the tests of networkx 3.6.
    """
    graph = nx.florentine_families_graph()
    found = dict(zip(graph, betweenness(copied(graph)).normalised.tolist(), strict=True))
    assert found["Medici"] == pytest.approx(0.522, abs=5e-4)
    assert found["Guadagni"] == pytest.approx(0.255, abs=5e-4)
    assert found["Strozzi"] == pytest.approx(0.103, abs=5e-4)
    assert found["Albizzi"] == pytest.approx(0.212, abs=5e-4)
    assert found["Salviati"] == pytest.approx(0.143, abs=5e-4)
    near = dict(zip(graph, distances(copied(graph)).closeness.tolist(), strict=True))
    assert near["Medici"] == pytest.approx(0.560, abs=5e-4)


SEVERAL = nx.disjoint_union_all(
    [
        nx.barabasi_albert_graph(300, 3, seed=1),
        nx.gnm_random_graph(120, 200, seed=2),
        nx.path_graph(4),
        nx.path_graph(1),
    ]
)


@pytest.mark.parametrize("directed", [True, False])
def test_a_sample_estimates_the_whole(directed: bool) -> None:
    net = copied(SEVERAL.to_directed() if directed else SEVERAL)
    whole, part = distances(net), distances(net, exact=10, sources=80, seed=3)
    assert (whole.estimated, part.estimated) == (False, True)
    large = components(net).of == 0
    np.testing.assert_allclose(part.reached[large], whole.reached[large])
    np.testing.assert_allclose(part.closeness[large], whole.closeness[large], rtol=0.1)
    np.testing.assert_allclose(part.closeness[-5:], whole.closeness[-5:])
    assert (part.farthest <= whole.farthest).all()
    exact, near = betweenness(net).values, betweenness(net, exact=10, sources=80, seed=3)
    assert near.estimated
    assert np.corrcoef(exact, near.values)[0, 1] > 0.97
    assert exact.sum() == pytest.approx(near.values.sum(), rel=0.05)
    np.testing.assert_allclose(near.values[-5:], exact[-5:])
    lengths, guess = path_lengths(net), path_lengths(net, exact=10, sources=80, seed=3)
    assert guess.estimated
    assert guess.mean == pytest.approx(lengths.mean, rel=0.03)
    assert guess.diameter <= lengths.diameter


def test_the_mean_of_many_samples_is_the_whole() -> None:
    net = copied(nx.barabasi_albert_graph(40, 2, seed=4))
    draws = [betweenness(net, exact=5, sources=10, seed=seed).values for seed in range(300)]
    mean = np.mean(draws, axis=0)
    np.testing.assert_allclose(mean, betweenness(net).values, rtol=0.04, atol=2)


def test_a_sample_of_all_is_exact_and_the_same_seed_gives_the_same() -> None:
    net = copied(SEVERAL)
    assert not distances(net, exact=10, sources=300).estimated
    one, two = (betweenness(net, exact=10, sources=20, seed=5).values for _ in range(2))
    assert one.tolist() == two.tolist()
    assert one.tolist() != betweenness(net, exact=10, sources=20, seed=6).values.tolist()


@settings(max_examples=30)
@given(EDGES, st.booleans())
def test_other_names_of_the_nodes_change_nothing(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    other = relabelled(net)
    np.testing.assert_allclose(betweenness(net).values, betweenness(other).values[::-1], atol=1e-12)
    np.testing.assert_allclose(distances(net).closeness, distances(other).closeness[::-1], atol=1e-12)
    one, two = path_lengths(net), path_lengths(other)
    assert (one.mean, one.diameter) == pytest.approx((two.mean, two.diameter), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_without_edges(count: int, directed: bool) -> None:
    net = coded(NODES[:count], [None] * count, [], [], [], directed=directed)
    nothing = [0.0] * count if count > 1 else [np.nan] * count
    assert distances(net).closeness.tolist() == pytest.approx(nothing, nan_ok=True)
    assert distances(net, by_weight=True).harmonic.tolist() == pytest.approx(nothing, nan_ok=True)
    assert betweenness(net, by_weight=True).values.tolist() == [0.0] * count
    assert np.isnan(betweenness(net).normalised).all() == (count < 3)
    assert np.isnan(path_lengths(net).mean)
