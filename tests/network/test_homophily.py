"""Homophily: against igraph, networkx, every permutation of small graphs, and by hand."""

from __future__ import annotations

from itertools import permutations
from math import isnan

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_edges import located_rows, made_of, rows

from ecosystem.network import NOWHERE, Network, coded, cohesion, homophily, mixing

NODES = tuple("abcdef")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=20)
PLACES = st.lists(st.sampled_from(["x", "y", "NA", None]), min_size=len(NODES), max_size=len(NODES))
FULL = st.lists(st.sampled_from(["x", "y", "NA"]), min_size=len(NODES), max_size=len(NODES))


def made(edges: list[tuple[str, str, float]], places: list[str | None] | list[str], *, directed: bool) -> Network:
    return made_of(NODES, places, edges, directed=directed)


def plain(net: Network, region: list[int]) -> tuple[float, float]:
    """The weight between and within regions."""
    outer = inner = 0.0
    for a, b, w in rows(net):
        if NOWHERE in {region[a], region[b]}:
            continue
        if region[a] == region[b]:
            inner += w
        else:
            outer += w
    return outer, inner


@settings(max_examples=25, deadline=None)
@given(EDGES, PLACES, st.booleans())
def test_the_closed_form_is_that_of_all_permutations(
    edges: list[tuple[str, str, float]], places: list[str | None], directed: bool
) -> None:
    net = made(edges, places, directed=directed)
    found = homophily.ei_by_chance(net)
    at = np.flatnonzero(net.located).tolist()
    if sum(plain(net, net.region.tolist())) == 0:
        assert np.isnan([found.observed, found.mean, found.sd, found.z]).all()
        return
    values = []
    for order in permutations(net.region[at].tolist()):
        region = net.region.tolist()
        for place, label in zip(at, order, strict=True):
            region[place] = label
        outer, inner = plain(net, region)
        values.append((outer - inner) / (outer + inner))
    assert found.observed == pytest.approx(homophily.ei(net), abs=1e-12)
    assert found.mean == pytest.approx(np.mean(values), abs=1e-12)
    assert found.sd**2 == pytest.approx(np.var(values), abs=1e-12)


@given(EDGES, PLACES, st.booleans())
def test_the_index_of_network_regions_and_nodes_is_that_of_plain_sums(
    edges: list[tuple[str, str, float]], places: list[str | None], directed: bool
) -> None:
    net = made(edges, places, directed=directed)
    region = net.region.tolist()
    kept = located_rows(net)

    def index(some: list[tuple[int, int, float]]) -> float:
        total = sum(w for _, _, w in some)
        return sum(w if region[a] != region[b] else -w for a, b, w in some) / total if some else float("nan")

    of_regions = [index([e for e in kept if r in {region[e[0]], region[e[1]]}]) for r in range(len(net.regions))]
    of_nodes = [index([e for e in kept if n in e[:2]]) for n in range(len(net))]
    np.testing.assert_allclose(homophily.ei(net), index(kept), atol=1e-12)
    np.testing.assert_allclose(homophily.ei_of_regions(net), of_regions, atol=1e-12)
    np.testing.assert_allclose(homophily.ei_of_nodes(net), of_nodes, atol=1e-12)


@given(EDGES.filter(lambda edges: any(a != b for a, b, _ in edges)), FULL, st.booleans())
def test_modularity_and_assortativity_are_those_of_igraph_and_networkx(
    edges: list[tuple[str, str, float]], places: list[str], directed: bool
) -> None:
    net = made(edges, places, directed=directed)
    graph, other = net.to_igraph(), net.to_networkx()
    groups = [{n for n, p in zip(NODES, places, strict=True) if p == region} for region in net.regions]
    mine = mixing.modularity(net)
    assert mine == pytest.approx(graph.modularity(net.region.tolist(), weights="weight"), abs=1e-12)
    assert mine == pytest.approx(nx.community.modularity(other, groups, weight="weight"), abs=1e-12)
    ones = Network(
        net.nodes, net.regions, net.region, net.source, net.target, np.ones(len(net.weight)), directed=directed
    )
    found = mixing.assortativity(ones)
    if not isnan(found):
        assert found == pytest.approx(graph.assortativity_nominal(net.region.tolist(), directed=directed), abs=1e-12)
        assert found == pytest.approx(nx.attribute_assortativity_coefficient(other, "region"), abs=1e-12)
    assert cohesion.density(net) == pytest.approx(nx.density(other), abs=1e-12)
    assert cohesion.density(net) == pytest.approx(graph.density(), abs=1e-12)


SMALL = coded(
    "abcde", ["x", "x", "y", "y", None], ["a", "a", "b", "c", "d"], ["b", "c", "d", "d", "e"], [3, 1, 2, 4, 9],
    directed=False,
)  # fmt: skip


def test_by_hand() -> None:
    assert homophily.ei(SMALL) == pytest.approx((3 - 7) / 10)
    assert homophily.ei_of_regions(SMALL) == pytest.approx([(3 - 3) / 6, (3 - 4) / 7])
    # two pairs within regions, four between them
    assert homophily.ei_corrected(SMALL) == pytest.approx((3 / 4 - 7 / 2) / (3 / 4 + 7 / 2))
    assert homophily.yule_q(SMALL) == 1
    assert mixing.assortativity(SMALL) == pytest.approx((0.7 - (0.45**2 + 0.55**2)) / (1 - 0.45**2 - 0.55**2))
    # x sends 9, 6 of them within, 3 by chance
    assert mixing.coleman(SMALL) == pytest.approx([(6 - 3) / (9 - 3), (8 - 11 / 3) / (11 - 11 / 3)])
    assert cohesion.block_densities(SMALL).tolist() == [[1, 0.5], [0.5, 1]]
    assert cohesion.density(SMALL) == 0.5


def test_coleman_is_minus_one_where_no_tie_stays_within() -> None:
    net = coded("abcd", ["x", "x", "y", "y"], ["a", "b", "c"], ["c", "d", "d"], [1, 1, 1], directed=True)
    assert mixing.coleman(net).tolist() == [-1, 1]
    assert cohesion.block_densities(net).tolist() == [[0, 0.5], [0, 0.5]]


def test_the_karate_club_by_faction() -> None:
    """Zachary (1977), the two factions and the weights of the ties as networkx has them."""
    graph = nx.karate_club_graph()
    ends = [(f"{a:02}", f"{b:02}", float(w)) for a, b, w in graph.edges(data="weight")]
    nodes, clubs = [f"{n:02}" for n in graph], [club for _, club in graph.nodes(data="club")]
    net = coded(nodes, clubs, [e[0] for e in ends], [e[1] for e in ends], [e[2] for e in ends], directed=False)
    groups = [{n for n, c in graph.nodes(data="club") if c == club} for club in net.regions]
    assert (len(net), len(net.weight)) == (34, 78)
    assert mixing.modularity(net) == pytest.approx(nx.community.modularity(graph, groups), abs=1e-12)
    assert mixing.modularity(net) == pytest.approx(
        net.to_igraph().modularity(net.region.tolist(), weights="weight"), abs=1e-12
    )
    draws = [homophily.ei(net.in_regions(np.random.default_rng(seed).permutation(net.region))) for seed in range(4000)]
    chance = homophily.ei_by_chance(net)
    assert chance.mean == pytest.approx(np.mean(draws), abs=4 * chance.sd / len(draws) ** 0.5)
    assert chance.sd == pytest.approx(np.std(draws), rel=0.05)
    assert chance.z < -5


@given(EDGES, PLACES, st.booleans())
def test_weighted_assortativity_is_that_of_plain_sums(
    edges: list[tuple[str, str, float]], places: list[str | None], directed: bool
) -> None:
    net = made(edges, places, directed=directed)
    region = net.region.tolist()
    ways = rows(net)
    if not directed:
        ways += [(b, a, w) for a, b, w in ways]
    ways = [(region[a], region[b], w) for a, b, w in ways if NOWHERE not in {region[a], region[b]}]
    total = sum(w for _, _, w in ways)
    found = mixing.assortativity(net)
    if len({r for a, b, _ in ways for r in (a, b)}) < 2:
        assert isnan(found)
        return
    alike = sum(w for a, b, w in ways if a == b) / total
    chance = sum(v * w for a, _, v in ways for _, b, w in ways if a == b) / total**2
    assert found == pytest.approx((alike - chance) / (1 - chance), abs=1e-12)


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("places", [[None] * 6, ["x"] * 6, list("xxyyzz")])
def test_what_is_undefined_is_nan(places: list[str | None], directed: bool) -> None:
    net = made([], places, directed=directed)
    for measure in (homophily.ei, homophily.ei_corrected, homophily.yule_q, mixing.assortativity):
        assert isnan(measure(net))
    assert isnan(mixing.modularity(net))
    for each in (homophily.ei_of_regions(net), homophily.ei_of_nodes(net), mixing.coleman(net)):
        assert np.isnan(each).all()
    assert cohesion.density(net) == 0


def test_in_one_region_nothing_is_left_to_chance() -> None:
    net = made([("a", "b", 1.7), ("b", "c", 0.3), ("c", "f", 5.1)], ["x"] * 6, directed=False)
    chance = homophily.ei_by_chance(net)
    assert (chance.observed, chance.mean, chance.sd) == (-1, -1, 0)
    assert np.isnan([chance.z, mixing.assortativity(net), *mixing.coleman(net)]).all()


@given(EDGES, PLACES, st.booleans(), st.permutations(range(len(NODES))))
def test_names_and_order_do_not_matter(
    edges: list[tuple[str, str, float]], places: list[str | None], directed: bool, order: list[int]
) -> None:
    other = dict(zip(NODES, [NODES[at] for at in order], strict=True))
    one = made(edges, places, directed=directed)
    moved = [(other[a], other[b], w) for a, b, w in reversed(edges)]
    two = coded(
        [other[n] for n in NODES], places, [e[0] for e in moved], [e[1] for e in moved], [e[2] for e in moved],
        directed=directed,
    )  # fmt: skip
    for measure in (homophily.ei, mixing.modularity, homophily.ei_of_regions, mixing.coleman):
        np.testing.assert_allclose(measure(one), measure(two), atol=1e-12)
