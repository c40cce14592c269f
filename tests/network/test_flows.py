"""Flows between regions: against sums by hand and plain loops, with regions and nodes that have none."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import made_of, rows

from ecosystem.index.arrays import FloatArray
from ecosystem.network import NOWHERE, Network, coded
from ecosystem.network import flows as f

NODES = ("a", "b", "c", "d", "e", "f")
REGIONS = ("x", "x", "y", "NA", None, "z")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=20)
HAND: FloatArray = np.array([[2.0, 3, 5], [0, 0, 0], [1, 4, 5]])


def made(edges: list[tuple[str, str, float]], *, directed: bool) -> Network:
    return made_of(NODES, REGIONS, edges, directed=directed)


def test_an_edge_inside_a_region_counts_once_and_one_to_nowhere_not_at_all() -> None:
    edges = [("a", "b", 2.0), ("a", "c", 3.0), ("d", "e", 7.0)]
    assert f.flow_matrix(made(edges, directed=False))[1:, 1:].tolist() == [[2, 3, 0], [3, 0, 0], [0, 0, 0]]
    assert f.flow_matrix(made(edges, directed=True))[1:, 1:].tolist() == [[2, 3, 0], [0, 0, 0], [0, 0, 0]]


@given(EDGES, st.booleans())
def test_flows_and_shares_equal_plain_loops(edges: list[tuple[str, str, float]], directed: bool) -> None:
    net = made(edges, directed=directed)
    expected = np.zeros((len(net.regions), len(net.regions)))
    partners: list[dict[int, float]] = [{} for _ in NODES]
    for a, b, weight in rows(net):
        partners[a][b] = partners[a].get(b, 0) + weight
        partners[b][a] = partners[b].get(a, 0) + weight
        i, j = int(net.region[a]), int(net.region[b])
        if NOWHERE not in {i, j}:
            expected[i, j] += weight
            if not directed and i != j:
                expected[j, i] += weight
    assert f.flow_matrix(net) == pytest.approx(expected)
    for node, known in enumerate(partners):
        shares = [weight / sum(known.values()) for weight in known.values()]
        hhi = sum(p * p for p in shares) if shares else np.nan
        entropy = -sum(p * log(p) for p in shares) if shares else np.nan
        assert f.node_hhi(net)[node] == pytest.approx(hhi, nan_ok=True)
        assert f.node_entropy(net)[node] == pytest.approx(entropy, nan_ok=True, abs=1e-12)


def test_normalised_by_hand() -> None:
    nan = np.nan
    assert f.normalised(HAND, "none").tolist() == HAND.tolist()
    share = [[0.2, 0.3, 0.5], [nan] * 3, [0.1, 0.4, 0.5]]
    assert f.normalised(HAND, "share") == pytest.approx(np.array(share), nan_ok=True)
    lq = np.array([[0.2 / 0.15, 0.3 / 0.35, 1], [nan] * 3, [0.1 / 0.15, 0.4 / 0.35, 1]])
    assert f.normalised(HAND, "lq") == pytest.approx(lq, nan_ok=True)
    assert f.normalised(HAND, "association") == pytest.approx(lq, nan_ok=True)
    assert f.normalised(HAND, "salton")[2, 1] == pytest.approx(4 / np.sqrt(10 * 7))


def test_measures_of_regions_by_hand() -> None:
    assert f.balance(HAND).tolist() == [7, -7, 0]
    assert f.self_sufficiency(HAND) == pytest.approx(np.array([0.2, np.nan, 0.5]), nan_ok=True)
    top = f.top_partners(HAND, 2)
    assert top.region.tolist() == [[2, 1], [NOWHERE, NOWHERE], [1, 0]]
    assert top.weight.tolist() == [[5, 3], [0, 0], [4, 1]]
    assert f.region_hhi(HAND) == pytest.approx(np.array([34 / 64, np.nan, 17 / 25]), nan_ok=True)
    assert f.region_entropy(HAND)[2] == pytest.approx(-0.8 * log(0.8) - 0.2 * log(0.2))
    kind = f.typology(HAND)
    assert kind.investor.tolist() == [0.5, 0, 0.5]
    assert kind.company.tolist() == [0.15, 0.35, 0.5]
    assert kind.investing.tolist() == [True, False, True]
    assert kind.invested.tolist() == [False, True, True]


def test_no_edges_and_no_nodes() -> None:
    net = made([], directed=True)
    flows = f.flow_matrix(net)
    for values in (f.balance(flows), f.self_sufficiency(flows), f.region_hhi(flows), f.region_entropy(flows)):
        assert np.isnan(values).all()
    assert np.isnan(f.node_hhi(net)).all()
    assert np.isnan(f.typology(flows).investor).all()
    empty = coded([], [], [], [], [], directed=False)
    assert f.flow_matrix(empty).shape == (0, 0)
    assert f.node_entropy(empty).shape == f.top_partners(f.flow_matrix(empty), 3).region.shape[:1] == (0,)


def test_one_region_keeps_all() -> None:
    net = coded(["a", "b"], ["NA", "NA"], ["a"], ["b"], [2.0], directed=False)
    assert f.flow_matrix(net).tolist() == [[2]]
    assert f.self_sufficiency(f.flow_matrix(net)).tolist() == [1]
    assert np.isnan(f.region_hhi(f.flow_matrix(net))).all()
