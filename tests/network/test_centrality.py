"""Degree, strength, eigenvector centrality and PageRank: against igraph, networkx, plain sums, and print."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_edges import Row, made_of, rows
from printed_networks import EDGES, NODES, copied, relabelled, small

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.network import NOWHERE, Network, centrality, coded
from ecosystem.network.cohesion import components

PLACES = st.lists(st.sampled_from(["x", "NA", None]), min_size=len(NODES), max_size=len(NODES))


def in_order(net: Network, by_node: dict[str, float]) -> list[float]:
    return [by_node[node] for node in net.nodes]


@given(EDGES, st.booleans())
def test_degrees_and_strengths_are_those_of_igraph_and_networkx(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    graph, other = net.to_igraph(), net.to_networkx()
    degree, strength = centrality.degrees(net), centrality.strengths(net)
    ways = {"all": "total", "in": "into", "out": "out"}
    for way, field in ways.items():
        assert getattr(degree, field).tolist() == graph.degree(mode=way)
        assert getattr(strength, field).tolist() == graph.strength(mode=way, weights="weight")
    assert degree.total.tolist() == in_order(net, dict(other.degree()))
    assert strength.total.tolist() == in_order(net, dict(other.degree(weight="weight")))
    if directed:
        assert strength.into.tolist() == in_order(net, dict(other.in_degree(weight="weight")))


@given(EDGES, PLACES, st.booleans())
def test_strength_within_and_beyond_the_region_is_that_of_plain_sums(
    edges: list[Row], places: list[str | None], directed: bool
) -> None:
    net = made_of(NODES, places, edges, directed=directed)
    found, region = centrality.strengths(net), net.region.tolist()
    for node, place in enumerate(region):
        ends = [(region[b if a == node else a], w) for a, b, w in rows(net) if node in {a, b}]
        if place == NOWHERE:
            assert np.isnan([found.internal[node], found.external[node]]).all()
            continue
        assert found.internal[node] == sum(w for other, w in ends if other == place)
        assert found.external[node] == sum(w for other, w in ends if other not in {place, NOWHERE})


@settings(deadline=None)
@given(EDGES, st.booleans())
def test_pagerank_is_that_of_igraph_and_networkx(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    found = centrality.pagerank(net)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    plain = in_order(net, nx.pagerank(net.to_networkx(), tol=1e-15, max_iter=10_000))
    np.testing.assert_allclose(found, plain, atol=1e-12)
    np.testing.assert_allclose(found, net.to_igraph().pagerank(weights="weight" if edges else None), atol=1e-12)


@settings(deadline=None)
@given(EDGES, st.booleans())
def test_eigenvector_centrality_is_that_of_igraph_and_networkx(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    found = centrality.eigenvector(net)
    parts, both = components(net), net.undirected()
    if not len(net.source):
        assert np.isnan(found).all()
        return
    assert np.array_equal(np.isnan(found), parts.sizes[parts.of] < parts.sizes[0])
    for number in np.flatnonzero(parts.sizes == parts.sizes[0]):
        eigenvector_of(both, parts.of == number, found)


def eigenvector_of(both: Network, giant: BoolArray, found: FloatArray) -> None:
    names = [node for node, inside in zip(both.nodes, giant, strict=True) if inside]
    part = both.to_networkx().subgraph(names)
    plain = nx.eigenvector_centrality_numpy(part, weight="weight") if len(names) > 2 else dict.fromkeys(names, 1.0)
    expected = np.array([plain[name] for name in names])
    np.testing.assert_allclose(found[giant], expected / expected.max(), atol=1e-12)
    graph = both.to_igraph().induced_subgraph(np.flatnonzero(giant).tolist())
    np.testing.assert_allclose(found[giant], graph.eigenvector_centrality(weights="weight"), atol=1e-12)


def test_eigenvector_centrality_of_many_nodes_is_that_of_igraph() -> None:
    graph = nx.barabasi_albert_graph(400, 3, seed=1)
    net = copied(graph)
    expected = net.to_igraph().eigenvector_centrality(weights="weight")
    np.testing.assert_allclose(centrality.eigenvector(net), expected, atol=1e-12)


def test_components_as_large_as_the_largest_have_an_eigenvector_each() -> None:
    one = nx.barabasi_albert_graph(120, 3, seed=1)
    both = centrality.eigenvector(copied(nx.disjoint_union(one, nx.barabasi_albert_graph(120, 3, seed=2))))
    np.testing.assert_allclose(both[:120], centrality.eigenvector(copied(one)), atol=1e-12)
    assert both[120:].max() == 1


def test_eigenvector_centrality_that_does_not_settle_is_undefined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(centrality, "ROUNDS", 1)
    assert np.isnan(centrality.eigenvector(copied(nx.path_graph(500)))).all()


def test_the_kite_has_its_hub() -> None:
    """Krackhardt (1990), Assessing the political landscape, figure 2: Diane, the fourth, has six contacts."""
    assert centrality.degrees(copied(nx.krackhardt_kite_graph())).total.tolist() == [4, 4, 3, 6, 3, 5, 5, 3, 2, 1]


def test_the_southern_women_attend_and_events_are_attended() -> None:
    """Davis, Gardner and Gardner (1941), Deep South, figure 3: 18 women, 14 events, 89 attendances; Evelyn at 8."""
    net = copied(nx.davis_southern_women_graph())
    degree = centrality.degrees(net).total
    assert (len(net), degree.sum() / 2) == (32, 89)
    assert degree[:4].tolist() == [8, 7, 8, 7]
    assert sorted(degree[18:].tolist()) == sorted([3, 3, 6, 4, 8, 8, 10, 14, 12, 5, 4, 6, 3, 3])


@given(EDGES, st.booleans())
def test_other_names_of_the_nodes_change_nothing(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    other = relabelled(net)
    assert centrality.degrees(net).out.tolist() == centrality.degrees(other).out[::-1].tolist()
    np.testing.assert_allclose(centrality.pagerank(net), centrality.pagerank(other)[::-1], atol=1e-12)
    np.testing.assert_allclose(centrality.eigenvector(net), centrality.eigenvector(other)[::-1], atol=1e-12)


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("places", [[], [None, None], ["NA", "NA"]])
def test_without_edges_degrees_are_zero(places: list[str | None], directed: bool) -> None:
    net = coded(NODES[: len(places)], places, [], [], [], directed=directed)
    assert centrality.degrees(net).total.tolist() == [0.0] * len(places)
    assert centrality.strengths(net).into.tolist() == [0.0] * len(places)
    assert np.isnan(centrality.eigenvector(net)).all()
    assert centrality.pagerank(net).tolist() == [1 / max(len(net), 1)] * len(net)
    inner = centrality.strengths(net).internal.tolist()
    assert inner == pytest.approx([np.nan if place is None else 0.0 for place in places], nan_ok=True)
