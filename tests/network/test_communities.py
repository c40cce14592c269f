"""Communities: against igraph and networkx, the karate club, and what is known of partitions."""

from __future__ import annotations

import random

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_edges import Row, made_of
from printed_networks import EDGES, NODES, copied, relabelled, small

from ecosystem.network import coded
from ecosystem.network.communities import ari, communities, nmi

PARTS = st.integers(0, 12).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 3), min_size=n, max_size=n) for _ in range(2)])
)


@given(PARTS)
def test_partitions_are_as_alike_as_igraph_says(parts: tuple[list[int], list[int]]) -> None:
    one, two = (np.array(part, dtype=np.int64) for part in parts)
    if not len(one):
        assert np.isnan([nmi(one, two), ari(one, two)]).all()
        return
    assert nmi(one, two) == pytest.approx(igraph.compare_communities(*parts, method="nmi"), abs=1e-12)
    if len(one) < 2:
        assert np.isnan(ari(one, two))
    else:
        plain = igraph.compare_communities(*parts, method="adjusted_rand")
        # both put all together, or nobody: igraph divides 0 by 0
        assert ari(one, two) == pytest.approx(1.0 if np.isnan(plain) else plain, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(EDGES, st.booleans())
def test_modularity_is_that_of_igraph_and_networkx(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    found = communities(net, runs=3)
    if not len(net.source):
        assert np.isnan(found.modularity)
        assert found.of.tolist() == list(range(len(net)))
        return
    both = net.undirected()
    sets = [{net.nodes[at] for at in np.flatnonzero(found.of == part)} for part in range(len(found.sizes))]
    assert found.modularity == pytest.approx(nx.community.modularity(both.to_networkx(), sets), abs=1e-12)
    assert found.modularity == pytest.approx(
        both.to_igraph().modularity(found.of.tolist(), weights="weight"), abs=1e-12
    )
    assert found.modularity == max(found.modularities)
    assert [len(part) for part in sets] == sorted(found.sizes.tolist(), reverse=True)
    best = max(
        nx.community.modularity(both.to_networkx(), part)
        for part in (nx.community.greedy_modularity_communities(both.to_networkx(), weight="weight"), [set(NODES)])
    )
    assert found.modularity >= best - 1e-12


def test_the_karate_club_has_four_communities() -> None:
    """Zachary (1977) without weights: the greatest modularity is 0.4198, Brandes et al. (2008), On modularity."""
    graph = nx.karate_club_graph()
    net = copied(graph, weighted=False)
    found = communities(net, seed=1)
    assert (found.count, found.sizes.tolist()) == (4, [12, 11, 6, 5])
    assert found.modularity == pytest.approx(0.4198, abs=5e-5)
    assert 0.8 < found.nmi <= 1
    assert 0.8 < found.ari <= 1
    assert found.number.min() == 1


def test_regions_and_communities_are_compared() -> None:
    places = ["x", "x", "x", "NA", "NA", "NA", None]
    triangles = [("a", "b", 1.0), ("b", "c", 1.0), ("a", "c", 1.0), ("d", "e", 1.0), ("e", "f", 1.0), ("d", "f", 1.0)]
    net = made_of(NODES, places, [*triangles, ("c", "d", 0.1), ("f", "g", 0.1)], directed=True)
    found = communities(net)
    assert (found.region_nmi, found.region_ari, found.nmi, found.ari) == pytest.approx((1, 1, 1, 1))
    # d, e, f and g are the larger one; g has no region
    assert found.of.tolist() == [1, 1, 1, 0, 0, 0, 0]
    assert found.mix.tolist() == [[3, 0], [0, 3]]


def test_the_same_seed_gives_the_same_and_leaves_igraph_as_it_was() -> None:
    net = copied(nx.gnm_random_graph(60, 200, seed=1))
    one, two = (communities(net, runs=3, seed=7) for _ in range(2))
    assert one.of.tolist() == two.of.tolist()
    assert one.modularities.tolist() == two.modularities.tolist()
    random.seed(3)
    first = igraph.Graph.Erdos_Renyi(20, m=40).get_edgelist()
    random.seed(3)
    communities(net, runs=2)
    random.seed(3)
    assert igraph.Graph.Erdos_Renyi(20, m=40).get_edgelist() == first


def test_a_higher_resolution_gives_smaller_communities() -> None:
    net = copied(nx.karate_club_graph())
    assert communities(net, resolution=4).sizes[0] < communities(net, resolution=0.5).sizes[0]
    assert np.isnan(communities(net, runs=1).nmi)


def test_other_names_of_the_nodes_leave_clear_communities() -> None:
    net = copied(nx.connected_caveman_graph(4, 6))
    one, two = communities(net), communities(relabelled(net))
    assert ari(one.of, two.of[::-1].copy()) == 1
    assert one.modularity == pytest.approx(two.modularity)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_without_edges_everyone_is_alone(count: int) -> None:
    net = coded(NODES[:count], ["NA"] * count, [], [], [], directed=True)
    found = communities(net)
    assert found.of.tolist() == list(range(count))
    assert found.count == 0
    assert np.isnan(found.modularity)
    assert found.mix.shape == (count, min(count, 1))
