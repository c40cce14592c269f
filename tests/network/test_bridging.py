"""Bridging centrality of regions: by hand, and against pairs of edges looked at one after the other."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import located_rows, made_of

from ecosystem.network import Network, coded
from ecosystem.network.bridging import bridging

NODES = tuple("abcdef")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=20)
PLACES = st.lists(st.sampled_from(["x", "y", "z", "NA", None]), min_size=len(NODES), max_size=len(NODES))


def made(edges: list[tuple[str, str, float]], places: list[str | None], *, directed: bool) -> Network:
    return made_of(NODES, places, edges, directed=directed)


@given(EDGES, PLACES, st.booleans())
def test_centrality_is_that_of_pairs_of_edges_to_different_regions(
    edges: list[tuple[str, str, float]], places: list[str | None], directed: bool
) -> None:
    net = made(edges, places, directed=directed)
    region = net.region.tolist()
    ends = [(region[a], region[b], w) for a, b, w in located_rows(net)]
    expected = []
    for own in range(len(net.regions)):
        at = [(b if a == own else a, w) for a, b, w in ends if own in {a, b}]
        paths = [v * w for (s, v), (t, w) in permutations(at, 2) if s != t and own not in {s, t}]
        expected.append(sum(paths) / sum(w for _, w in at) if at else 0.0)
    np.testing.assert_allclose(bridging(net).centrality, expected, atol=1e-12)


def test_by_hand() -> None:
    net = made(
        [("a", "b", 2), ("a", "c", 3), ("b", "d", 1), ("e", "f", 7)], ["x", "x", "y", "z", "w", "w"], directed=False
    )
    found = bridging(net)
    assert net.regions == ("w", "x", "y", "z")
    assert found.intensity.tolist() == [0, 4, 3, 1]
    assert found.openness == pytest.approx([0, 4 / 6, 1, 1])
    assert found.diversity == pytest.approx([np.nan, 1 - (9 + 1) / 16, 0, 0], nan_ok=True)
    assert found.centrality == pytest.approx([0, 4 * 4 / 6 * 6 / 16, 0, 0])


@pytest.mark.parametrize("places", [[None] * 6, ["x"] * 6, ["x", "y", "z", None, None, "NA"]])
def test_without_edges_a_region_bridges_nothing(places: list[str | None]) -> None:
    net = made([], places, directed=True)
    found = bridging(net)
    assert found.centrality.tolist() == [0] * len(net.regions)
    assert np.isnan(found.openness).all()
    assert np.isnan(found.diversity).all()


@given(EDGES, PLACES, st.booleans(), st.permutations(range(len(NODES))))
def test_names_and_order_do_not_matter(
    edges: list[tuple[str, str, float]], places: list[str | None], directed: bool, order: list[int]
) -> None:
    other = dict(zip(NODES, [NODES[at] for at in order], strict=True))
    one = made(edges, places, directed=directed)
    nodes = [other[node] for node in NODES]
    source, target = [other[a] for a, _, _ in edges], [other[b] for _, b, _ in edges]
    two = coded(nodes, places, source, target, [w for _, _, w in edges], directed=directed)
    np.testing.assert_allclose(bridging(one).centrality, bridging(two).centrality, atol=1e-12)
