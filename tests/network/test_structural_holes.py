"""Structural holes: equal to networkx and to a plain version, on random graphs and at the edges."""

from __future__ import annotations

from math import log

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import made_of

from ecosystem.network import Network, coded, triangles
from ecosystem.network.structural_holes import structural_holes

NODES = ("a", "b", "c", "d", "e", "f")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=24)


def made(edges: list[tuple[str, str, float]], *, directed: bool) -> Network:
    return made_of(NODES, [None] * len(NODES), edges, directed=directed)


def plainly(net: Network, i: int) -> tuple[float, float, float]:
    a = net.matrix().toarray()
    z = a + a.T
    near = [j for j in range(len(z)) if z[i, j] > 0]
    if not near:
        return np.nan, np.nan, np.nan
    p = [[z[x, y] / z[x].sum() if z[x].sum() else 0 for y in range(len(z))] for x in range(len(z))]
    c = [(p[i][j] + sum(p[i][q] * p[q][j] for q in near if q != j)) ** 2 for j in near]
    size = sum(1 - sum(p[i][q] * z[j, q] / z[j].max() for q in near) for j in near)
    n, total = len(near), sum(c)
    hierarchy = sum(x * n / total * log(x * n / total) for x in c) / (n * log(n)) if n > 1 else np.nan
    return total, size, hierarchy


@given(EDGES, st.booleans())
def test_equal_to_networkx_and_to_a_plain_version(edges: list[tuple[str, str, float]], directed: bool) -> None:
    net = made(edges, directed=directed)
    found, graph = structural_holes(net), net.to_networkx()
    plain = np.array([plainly(net, i) for i in range(len(net))])
    for values, column in zip((found.constraint, found.effective_size, found.hierarchy), plain.T, strict=True):
        np.testing.assert_allclose(values, column, atol=1e-12, rtol=1e-12)
    constraint = nx.constraint(graph, weight="weight")
    # nodes are named: for all at once networkx 3.6 divides m_jq by the largest of q, where Burt has that of j
    size = nx.effective_size(graph, nodes=NODES, weight="weight")
    # networkx asks whether a node has links that go out: one that is only pointed at is left to the plain version
    asked = [i for i, node in enumerate(NODES) if len(graph[node])]
    for values, other in ((found.constraint, constraint), (found.effective_size, size)):
        expected = [other[NODES[i]] for i in asked]
        np.testing.assert_allclose(values[asked], expected, atol=1e-12, rtol=1e-12)


@given(EDGES, st.booleans())
def test_equal_to_igraph(edges: list[tuple[str, str, float]], directed: bool) -> None:
    net = made(edges, directed=directed)
    found, linked = structural_holes(net).constraint, net.undirected().matrix().sum(axis=1) > 0
    expected = np.array(net.to_igraph().constraint(weights="weight"))
    np.testing.assert_allclose(found[linked], expected[linked], atol=1e-12, rtol=1e-12)


def test_a_star_and_a_triangle() -> None:
    star = structural_holes(made([("a", node, 1) for node in "bcde"], directed=False))
    assert star.constraint[0] == pytest.approx(4 / 16)
    assert (star.effective_size[0], star.efficiency[0], star.hierarchy[0]) == (4, 1, pytest.approx(0))
    assert star.constraint[1] == 1
    assert np.isnan(star.hierarchy[1])
    assert np.isnan(star.constraint[5])
    triangle = structural_holes(made([("a", "b", 1), ("b", "c", 1), ("a", "c", 1)], directed=False))
    assert triangle.constraint[0] == pytest.approx(2 * 0.75**2)
    assert triangle.effective_size[0] == pytest.approx(1)


@pytest.mark.parametrize("count", [0, 3])
def test_without_edges_everything_is_undefined(count: int) -> None:
    found = structural_holes(coded(NODES[:count], [None] * count, [], [], [], directed=True))
    assert len(found.constraint) == count
    for values in (found.constraint, found.effective_size, found.efficiency, found.hierarchy):
        assert np.isnan(values).all()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    net = made([(x, y, 1 + ord(x) % 3) for x in NODES for y in NODES if x < y], directed=False)
    whole = structural_holes(net)
    monkeypatch.setattr(triangles, "WEDGES", 7)
    np.testing.assert_allclose(structural_holes(net).constraint, whole.constraint, rtol=1e-15)
