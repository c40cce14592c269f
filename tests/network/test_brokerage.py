"""Gould-Fernandez roles: against plain counting on small graphs, and by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.index.arrays import IntArray
from ecosystem.network import NOWHERE, Network, coded, triangles
from ecosystem.network.brokerage import ROLES, Roles, gatekeeping, roles

NODES = tuple("abcdefgh")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=40)
PLACES = st.lists(st.sampled_from(["x", "y", "NA", None]), min_size=len(NODES), max_size=len(NODES))


def made(edges: list[tuple[str, str]], places: list[str | None], *, directed: bool) -> Network:
    return coded(NODES, places, [e[0] for e in edges], [e[1] for e in edges], [2.0] * len(edges), directed=directed)


def counted(net: Network) -> IntArray:
    """Every three nodes, one after the other; without directions every pair once, a mixed one as a gatekeeper."""
    ties = set(zip(net.source.tolist(), net.target.tolist(), strict=True))
    if not net.directed:
        ties |= {(b, a) for a, b in ties}
    found = np.zeros((len(net), len(ROLES)), dtype=np.int64)
    for a, b, c in product(range(len(net)), repeat=3):
        one, own, two = (int(net.region[place]) for place in (a, b, c))
        if a == c or NOWHERE in {one, own, two} or not {(a, b), (b, c)} <= ties or (a, c) in ties:
            continue
        alike = (one == own, own == two)
        name = {(True, True): "coordinator", (True, False): "representative", (False, True): "gatekeeper"}.get(
            alike, "consultant" if one == two else "liaison"
        )
        if net.directed or name == "gatekeeper" or (a < c and name != "representative"):
            found[b, ROLES.index(name)] += 1
    return found


@given(EDGES, PLACES, st.booleans())
def test_roles_are_those_of_plain_counting(
    edges: list[tuple[str, str]], places: list[str | None], directed: bool
) -> None:
    net = made(edges, places, directed=directed)
    found = roles(net)
    assert np.array_equal(found.counts, counted(net))
    assert found.folded is not directed
    assert found.by_region().sum() == found.counts.sum()


@pytest.mark.parametrize("directed", [True, False])
def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch, directed: bool) -> None:
    edges = [(a, b) for a, b in product(NODES, NODES) if (ord(a) * 7 + ord(b) * 3) % 5]
    net = made(edges, ["x", "y", "x", None, "NA", "x", "y", "y"], directed=directed)
    monkeypatch.setattr(triangles, "WEDGES", 3)
    assert np.array_equal(roles(net).counts, counted(net))


def test_the_five_roles_as_gould_and_fernandez_draw_them() -> None:
    """The five kinds of paths by which Gould and Fernandez (1989) define the roles: AAA, ABA, AAB, ABB and ABC."""
    drawn = {"coordinator": "xxx", "consultant": "xyx", "representative": "xxy", "gatekeeper": "xyy", "liaison": "xyz"}
    for name, places in drawn.items():
        net = coded("abc", list(places), ["a", "b"], ["b", "c"], [1, 1], directed=True)
        assert roles(net).counts[1].tolist() == [int(role == name) for role in ROLES]


def test_an_edge_back_does_not_close_a_path_and_one_forward_does() -> None:
    back = coded("abc", ["x", "y", "z"], ["a", "b", "c"], ["b", "c", "a"], [1] * 3, directed=True)
    forward = coded("abc", ["x", "y", "z"], ["a", "b", "a"], ["b", "c", "c"], [1] * 3, directed=True)
    assert roles(back).counts.sum(axis=1).tolist() == [1, 1, 1]
    assert not roles(forward).counts.any()


@pytest.mark.parametrize("directed", [True, False])
def test_nothing_is_brokered_without_edges_or_regions(directed: bool) -> None:
    empty = coded([], [], [], [], [], directed=directed)
    assert roles(empty).counts.shape == (0, len(ROLES))
    nowhere = coded("abc", [None] * 3, ["a", "b"], ["b", "c"], [1, 1], directed=directed)
    assert not roles(nowhere).counts.any()
    assert roles(nowhere).by_region().shape == (0, len(ROLES))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1, max_size=30))
def test_half_of_the_gatekeeping_rests_on_the_fewest(brokers: list[tuple[int, int]]) -> None:
    counts = np.zeros((len(brokers), 5), dtype=np.int64)
    counts[:, 3] = [count for _, count in brokers]
    region = np.array([NOWHERE if at == 3 else at for at, _ in brokers])
    found = gatekeeping(Roles(counts, region, ("a", "b", "c"), False))
    for place in range(3):
        own = sorted((count for at, count in brokers if at == place and count), reverse=True)
        fewest = next(size for size in range(len(own) + 1) if 2 * sum(own[:size]) >= sum(own))
        assert found.gatekeepers[place] == len(own)
        assert found.half[place] == fewest
