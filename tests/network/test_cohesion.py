"""Components, centralisation, clustering, reciprocity, cores and triads: against igraph, networkx, and print."""

from __future__ import annotations

import re
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import Row
from printed_networks import EDGES, NODES, copied, relabelled, small

from ecosystem.network import coded, cohesion
from ecosystem.network.measure import Measure
from ecosystem.network.triads import MEASURES, TRIADS, UNDIRECTED, triad_census


@given(EDGES, st.booleans(), st.booleans())
def test_components_are_those_of_networkx_and_igraph(edges: list[Row], directed: bool, strong: bool) -> None:
    net = small(edges, directed=directed)
    found, other = cohesion.components(net, strong=strong), net.to_networkx()
    if directed:
        sets = nx.strongly_connected_components(other) if strong else nx.weakly_connected_components(other)
    else:
        sets = nx.connected_components(other)
    expected = sorted((sorted(part) for part in sets), key=lambda part: (-len(part), part))
    mine = [[net.nodes[node] for node in np.flatnonzero(found.of == part)] for part in range(found.count)]
    assert mine == expected
    assert found.sizes.tolist() == [len(part) for part in expected]
    assert sorted(map(len, net.to_igraph().connected_components(mode="strong" if strong else "weak"))) == sorted(
        found.sizes
    )
    if not strong:
        assert found.isolates == len(list(nx.isolates(other)))
        assert found.giant_share == len(expected[0]) / len(net)


@given(EDGES, st.booleans())
def test_clustering_and_cores_are_those_of_networkx_and_igraph(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    both = net.undirected()
    graph, other = both.to_igraph(), both.to_networkx()
    local = cohesion.local_clustering(net)
    few = np.array([other.degree(node) < 2 for node in net.nodes])
    assert np.array_equal(np.isnan(local), few)
    expected = np.array([nx.clustering(other)[node] for node in net.nodes])
    np.testing.assert_allclose(local[~few], expected[~few], atol=1e-12)
    mean = cohesion.mean_clustering(net)
    assert mean == pytest.approx(graph.transitivity_avglocal_undirected(mode="nan"), nan_ok=True, abs=1e-12)
    whole = cohesion.transitivity(net)
    if not few.all():
        assert mean == pytest.approx(nx.average_clustering(other, np.array(net.nodes)[~few].tolist()), abs=1e-12)
        assert whole == pytest.approx(nx.transitivity(other), abs=1e-12)
    assert np.isnan(whole) == few.all()
    assert cohesion.core_numbers(net).tolist() == [nx.core_number(other)[node] for node in net.nodes]
    assert cohesion.core_numbers(net).tolist() == graph.coreness()


@given(EDGES)
def test_reciprocity_is_that_of_networkx_and_igraph(edges: list[Row]) -> None:
    net = small(edges, directed=True)
    found = cohesion.reciprocity(net)
    if not len(net.source):
        assert np.isnan(found)
        return
    assert found == pytest.approx(nx.overall_reciprocity(net.to_networkx()), abs=1e-12)
    assert found == pytest.approx(net.to_igraph().reciprocity(), abs=1e-12)
    assert np.isnan(cohesion.reciprocity(net.undirected()))


@given(EDGES)
def test_the_census_of_directed_triads_is_that_of_networkx(edges: list[Row]) -> None:
    net = small(edges, directed=True)
    found, expected = triad_census(net), nx.triadic_census(net.to_networkx())
    assert {name: found[name] for name in TRIADS} == expected


@given(EDGES)
def test_the_census_without_directions_counts_edges_among_three(edges: list[Row]) -> None:
    net = small(edges, directed=False)
    found, other = triad_census(net), net.to_networkx()
    counts = [0, 0, 0, 0]
    for three in combinations(net.nodes, 3):
        counts[sum(other.has_edge(a, b) for a, b in combinations(three, 2))] += 1
    assert [found[name] for name in UNDIRECTED] == counts
    assert sum(found.counts) == sum(counts)
    assert {name: found[name] for name in TRIADS} == nx.triadic_census(other.to_directed())


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.id)
def test_every_triad_is_as_its_record_draws_it(measure: Measure) -> None:
    """The names are those of Holland and Leinhardt (1970), which two programs give alike."""
    drawn = measure.meaning.partition(": ")[2]
    drawn = {"no edge": "a", "one edge": "a → b", "one pair both ways": "a ↔ b"}.get(drawn, drawn)
    ties = [tie for part in drawn.split(", ") for tie in re.findall(r"(?=(\w) (.) (\w))", part)]
    edges = [(a, b) for a, way, b in ties if way in "→↔"] + [(b, a) for a, way, b in ties if way in "←↔"]
    net = coded("abc", [None] * 3, [a for a, _ in edges], [b for _, b in edges], [1] * len(edges), directed=True)
    assert triad_census(net)[measure.title.split()[1]] == 1


def test_centralisation_of_a_star_a_ring_and_directed_stars() -> None:
    assert cohesion.degree_centralisation(copied(nx.star_graph(6))).total == 1
    assert cohesion.degree_centralisation(copied(nx.cycle_graph(6))).total == 0
    outward = cohesion.degree_centralisation(copied(nx.DiGraph([(0, n) for n in range(1, 5)])))
    assert (outward.out, outward.total) == (1, 1)
    assert outward.into == (5 - 1 - 1) / 4**2 - 2 / 4**2


def test_the_florentine_marriages_are_not_much_centralised() -> None:
    """Padgett and Ansell (1993), with the Pucci, who married nobody: (16 x 6 - 40) / (15 x 14)."""
    graph = nx.florentine_families_graph()
    graph.add_node("Pucci")
    net = copied(graph)
    assert cohesion.degree_centralisation(net).total == pytest.approx(56 / 210)
    assert (cohesion.components(net).count, cohesion.components(net).isolates) == (2, 1)
    # as Sullivan (2022), Florentine families network analysis, prints them from sna and igraph
    assert [triad_census(net)[kind] for kind in UNDIRECTED] == [324, 195, 38, 3]
    assert cohesion.transitivity(net) == pytest.approx(0.1914894, abs=5e-8)
    assert cohesion.mean_clustering(net) == pytest.approx(0.2181818, abs=5e-8)


def test_the_karate_club_as_it_is_printed() -> None:
    """Zachary (1977): the club of 34, of whom one has a single friend and no clustering; 45 triangles.

    Transitivity, and the clustering of members 1 and 34, as Kolaczyk and Csárdi (2014), Statistical Analysis of Network
    Data with R, chapter 4, print them.
    """
    net = copied(nx.karate_club_graph())
    assert cohesion.transitivity(net) == pytest.approx(0.2556818, abs=5e-8)
    assert cohesion.local_clustering(net)[[0, 33]].tolist() == pytest.approx([0.15, 0.1102941], abs=5e-8)
    assert cohesion.mean_clustering(net) == pytest.approx(0.588, abs=5e-4)
    assert cohesion.core_numbers(net).max() == 4
    assert triad_census(net)["300"] == 45


@given(EDGES, st.booleans())
def test_other_names_of_the_nodes_change_nothing(edges: list[Row], directed: bool) -> None:
    net = small(edges, directed=directed)
    other = relabelled(net)
    assert triad_census(net) == triad_census(other)
    assert cohesion.degree_centralisation(net) == cohesion.degree_centralisation(other)
    assert cohesion.core_numbers(net).tolist() == cohesion.core_numbers(other)[::-1].tolist()
    assert cohesion.components(net).sizes.tolist() == cohesion.components(other).sizes.tolist()


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_without_edges(count: int, directed: bool) -> None:
    net = coded(NODES[:count], [None] * count, [], [], [], directed=directed)
    parts = cohesion.components(net)
    assert (parts.count, parts.isolates, len(parts.of)) == (count, count, count)
    assert parts.giant_share == pytest.approx(1 / count if count else np.nan, nan_ok=True)
    total = cohesion.degree_centralisation(net).total
    assert total == pytest.approx(0.0 if count > 2 else np.nan, nan_ok=True)
    assert np.isnan([cohesion.transitivity(net), cohesion.mean_clustering(net), cohesion.reciprocity(net)]).all()
    assert cohesion.core_numbers(net).tolist() == [0.0] * count
    assert sum(triad_census(net).counts) == count * (count - 1) * (count - 2) / 6
