"""Nulls: the rule of the p-value, draws that keep what they must, and plain draws of the E-I index."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import Row, made_of, rows

from ecosystem.network import NOWHERE, Network
from ecosystem.network.cohesion import density
from ecosystem.network.homophily import ei, ei_by_chance
from ecosystem.network.mixing import assortativity
from ecosystem.network.nulls import compared, label_null, rewired, rewiring_null

NODES = ("a", "b", "c", "d", "e", "f")
REGIONS = ("x", "x", "NA", "NA", None, "x")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(1, 9).map(float)), max_size=20)


def made(edges: list[Row], *, directed: bool) -> Network:
    return made_of(NODES, REGIONS, edges, directed=directed)


def karate() -> Network:
    graph = nx.karate_club_graph()
    places = [graph.nodes[node]["club"] for node in graph]
    edges = [(f"{a:02}", f"{b:02}", float(w)) for a, b, w in graph.edges(data="weight")]
    return made_of([f"{node:02}" for node in graph], places, edges, directed=False)


def degrees(net: Network) -> list[list[int]]:
    counts = [np.bincount(end, minlength=len(net)) for end in (net.source, net.target)]
    return [count.tolist() for count in (counts if net.directed else [counts[0] + counts[1]])]


def test_p_counts_the_observed_among_the_draws() -> None:
    result = compared(3.0, np.array([1.0, 2, 3, 4]))
    assert (result.p_high, result.p_low, result.p, result.draws) == (0.6, 0.8, 1, 4)
    assert result.mean == 2.5
    assert result.z == pytest.approx(0.5 / np.std([1, 2, 3, 4], ddof=1))
    assert (result.low, result.high) == pytest.approx((1.075, 3.925))
    assert compared(9.0, np.arange(99.0)).p == pytest.approx(0.22)
    assert compared(100.0, np.arange(99.0)).p == pytest.approx(0.02)


def test_nothing_is_said_where_a_number_is_missing() -> None:
    assert np.isnan(compared(1.0, np.ones(9)).z)
    assert compared(1.0, np.ones(9)).p == 1
    for observed, drawn in ((np.nan, np.ones(9)), (1.0, np.array([1, np.nan])), (1.0, np.ones(1))):
        result = compared(observed, drawn)
        assert np.isnan([result.mean, result.sd, result.z, result.p, result.low]).all()


@given(EDGES, st.booleans(), st.integers(0, 9))
def test_draws_of_ei_equal_plain_ones(edges: list[Row], directed: bool, seed: int) -> None:
    net = made(edges, directed=directed)
    result = label_null(net, ei, 20, seed)
    labels, rng, drawn = net.region[net.located].tolist(), np.random.default_rng(seed), []
    at = np.flatnonzero(net.located).tolist()
    for _ in range(20):
        labels = np.array(labels, dtype=np.int16)
        rng.shuffle(labels)
        place = dict(zip(at, labels.tolist(), strict=True))
        counted = [(place[a] == place[b], w) for a, b, w in rows(net) if a in place and b in place]
        total = sum(w for _, w in counted)
        drawn.append(sum(-w if same else w for same, w in counted) / total if total else np.nan)
    expected = compared(ei(net), np.array(drawn))
    assert result.draws == 20
    for name in ("observed", "mean", "sd", "p", "p_high", "p_low", "low", "high"):
        assert getattr(result, name) == pytest.approx(getattr(expected, name), abs=1e-12, nan_ok=True)


def test_draws_of_ei_have_its_exact_mean_and_sd() -> None:
    net, exact = karate(), ei_by_chance(karate())
    result = label_null(net, ei, 4000, 1)
    assert result.mean == pytest.approx(exact.mean, abs=4 * exact.sd / 4000**0.5)
    assert result.sd == pytest.approx(exact.sd, rel=0.05)
    assert result.z == pytest.approx(exact.z, rel=0.05)
    assert result.p == pytest.approx(2 / 4001)
    # the general way draws in another order
    slow = label_null(net, partial(ei), 1000, 1)
    assert slow.observed == result.observed
    assert slow.mean == pytest.approx(exact.mean, abs=4 * exact.sd / 1000**0.5)
    assert slow == label_null(net, partial(ei), 1000, 1)


def test_labels_are_permuted_among_the_located() -> None:
    net, seen = made([("a", "b", 1.0), ("c", "e", 2.0)], directed=True), []

    def kept(one: Network) -> float:
        seen.append(one)
        return ei(one)

    label_null(net, kept, 50, 1)
    assert len({tuple(one.region.tolist()) for one in seen}) > 5
    for one in seen:
        assert one.region[4] == NOWHERE
        assert sorted(one.region.tolist()) == sorted(net.region.tolist())
        assert rows(one) == rows(net)


@given(EDGES, st.booleans())
def test_rewiring_keeps_degrees_and_weights(edges: list[Row], directed: bool) -> None:
    net = made(edges, directed=directed)
    for one in rewired(net, 3, 7):
        ends = list(zip(one.source.tolist(), one.target.tolist(), strict=True))
        assert ends == sorted(set(ends))
        assert all(a != b if directed else a < b for a, b in ends)
        assert degrees(one) == degrees(net)
        assert Counter(one.weight.tolist()) == Counter(net.weight.tolist())
        assert (one.nodes, one.region.tolist(), one.directed) == (net.nodes, net.region.tolist(), directed)
    assert [rows(one) for one in rewired(net, 3, 7)] == [rows(one) for one in rewired(net, 3, 7)]


def test_every_wiring_of_six_degrees_is_as_likely() -> None:
    # degrees 2 2 2 1 1 and an isolate can be wired in 7 ways: a triangle and an edge, or a path d-?-?-?-e
    net = made([("a", "b", 1.0), ("b", "c", 1.0), ("c", "d", 1.0), ("a", "e", 1.0)], directed=False)
    counts = Counter(tuple(rows(one)) for one in rewired(net, 2100, 3))
    assert len(counts) == 7
    assert all(count == pytest.approx(300, abs=70) for count in counts.values())


def test_a_network_against_its_rewirings() -> None:
    net = karate()
    result = rewiring_null(net, assortativity, 99, 1)
    assert result == rewiring_null(net, assortativity, 99, 1)
    assert result.p == pytest.approx(0.02)
    assert result.z > 4
    unchanged = rewiring_null(net, density, 9, 1)
    assert (unchanged.mean, unchanged.sd, unchanged.p) == (density(net), 0, 1)
    assert np.isnan(unchanged.z)


def test_nothing_to_draw_from() -> None:
    empty = made([], directed=True)
    assert np.isnan(label_null(empty, ei, 9, 1).p)
    assert np.isnan(rewiring_null(empty, ei, 9, 1).p)
    one_region = made_of(("a", "b", "c"), ("NA",) * 3, [("a", "b", 1.0)], directed=False)
    assert (label_null(one_region, ei, 9, 1).p, rewiring_null(one_region, ei, 9, 1).p) == (1, 1)


def test_the_draws_of_igraph_elsewhere_are_left_alone() -> None:
    list(rewired(karate(), 1, 1))
    random.seed(5)
    first = igraph.Graph.Erdos_Renyi(30, m=40).get_edgelist()
    random.seed(5)
    assert igraph.Graph.Erdos_Renyi(30, m=40).get_edgelist() == first
