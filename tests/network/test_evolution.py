"""A network from window to window: against sets, window by window, and by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import made_of, rows

from ecosystem.network import Network
from ecosystem.network.evolution import Evolution, Turnover, evolution

NODES = tuple("abcdefg")
PLACES = {"a": "x", "b": "NA", "c": None, "d": "x", "e": "y", "f": None, "g": "NA"}
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=12)
SERIES = st.lists(EDGES, min_size=1, max_size=4)


def made(edges: list[tuple[str, str, float]], *, directed: bool = True) -> Network:
    """The network of those nodes alone that an edge has."""
    there = sorted({n for e in edges for n in e[:2]})
    return made_of(there, [PLACES[n] for n in there], edges, directed=directed)


def named(net: Network) -> set[tuple[str, ...]]:
    return {(net.nodes[a], net.nodes[b]) for a, b, _ in rows(net)}


def counts(turnover: Turnover, *at: int) -> tuple[int, int, int]:
    return turnover.entered[at], turnover.left[at], turnover.persisted[at]


@given(SERIES, st.booleans())
def test_every_step_is_that_of_sets(series: list[list[tuple[str, str, float]]], directed: bool) -> None:
    nets = [made(edges, directed=directed) for edges in series]
    found = evolution([(2020 + at, net) for at, net in enumerate(nets)])
    assert found.years == tuple(2020 + at for at in range(len(nets)))
    nodes: list[set[tuple[str, ...]]] = [{(node,) for node in net.nodes} for net in nets]
    things = ((nodes, found.nodes, found.nodes_by_region), (list(map(named, nets)), found.edges, found.edges_by_region))
    for windows, in_all, by_region in things:
        assert by_region.entered.shape == (len(nets) - 1, len(found.regions))
        for step, (before, after) in enumerate(pairwise(windows)):
            sets = (after - before, before - after, after & before)
            assert counts(in_all, step) == tuple(map(len, sets))
            either = len(after | before)
            expected = len(after & before) / either if either else np.nan
            assert in_all.persistence[step] == pytest.approx(expected, nan_ok=True)
            for place, region in enumerate(found.regions):
                inside = [len([one for one in kept if region in {PLACES[n] for n in one}]) for kept in sets]
                assert counts(by_region, step, place) == tuple(inside)


def test_the_order_of_windows_does_not_matter() -> None:
    first, second = made([("a", "b", 1.0), ("b", "c", 1)]), made([("b", "c", 2.0), ("c", "b", 1), ("d", "e", 1)])
    found = evolution([(2021, second), (2020, first)])
    assert found.years == (2020, 2021)
    assert counts(found.edges, 0) == (2, 1, 1)
    assert counts(found.nodes, 0) == (2, 1, 2)
    assert found.edges.persistence.tolist() == [0.25]
    assert found.regions == ("NA", "x", "y")
    assert found.edges_by_region.left.tolist() == [[1, 1, 0]]
    assert found.edges_by_region.entered.tolist() == [[1, 1, 1]]


def test_a_reverse_is_another_edge_unless_a_window_has_no_directions() -> None:
    there, back = made([("a", "b", 1.0)]), made([("b", "a", 1.0)])
    assert counts(evolution([(1, there), (2, back)]).edges, 0) == (1, 1, 0)
    either = made([("a", "b", 1.0)], directed=False)
    assert counts(evolution([(1, back), (2, either)]).edges, 0) == (0, 0, 1)


def test_nothing_leaves_what_only_grows() -> None:
    grown: list[tuple[str, str, float]] = []
    series = []
    for year, edge in enumerate([("a", "b", 1.0), ("b", "c", 1.0), ("e", "g", 1.0)]):
        grown = [*grown, edge]
        series.append((year, made(grown)))
    found = evolution(series)
    assert found.edges.left.tolist() == found.nodes.left.tolist() == [0, 0]
    assert found.edges.persistence == pytest.approx([1 / 2, 2 / 3])


def no_step(found: Evolution) -> bool:
    return all(len(each.entered) == 0 for each in (found.nodes, found.edges, found.nodes_by_region))


def test_no_window_one_window_and_empty_windows() -> None:
    assert no_step(evolution([]))
    assert no_step(evolution([(2020, made([("a", "b", 1.0)]))]))
    found = evolution([(2020, made([])), (2021, made([])), (2022, made([("a", "b", 1.0)]))])
    assert np.isnan(found.edges.persistence[0])
    assert found.edges.persistence[1] == 0
    assert np.isnan(found.nodes_by_region.persistence[0]).all()
