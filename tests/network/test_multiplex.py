"""Several networks: against sets and plain loops, scipy's correlations, and the Florentine families."""

from __future__ import annotations

from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import made_of, rows
from scipy.stats import pearsonr, spearmanr

from ecosystem.network import Network, coded
from ecosystem.network import multiplex as m

NODES = tuple("abcdefg")
PLACES = ("x", "NA", None, "x", "y", None, "z")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=15)
LAYERS = st.lists(st.tuples(EDGES, st.booleans()), min_size=1, max_size=4)

# Padgett and Ansell (1993), Robust action and the rise of the Medici: business ties between the families
BUSINESS = (
    ("Barbadori", "Castellani"), ("Barbadori", "Ginori"), ("Barbadori", "Medici"), ("Barbadori", "Peruzzi"),
    ("Bischeri", "Guadagni"), ("Bischeri", "Lamberteschi"), ("Bischeri", "Peruzzi"), ("Castellani", "Lamberteschi"),
    ("Castellani", "Peruzzi"), ("Ginori", "Medici"), ("Guadagni", "Lamberteschi"), ("Lamberteschi", "Peruzzi"),
    ("Medici", "Pazzi"), ("Medici", "Salviati"), ("Medici", "Tornabuoni"),
)  # fmt: skip


def made(edges: list[tuple[str, str, float]], *, directed: bool) -> Network:
    """The network of those nodes alone that an edge has."""
    there = sorted({n for e in edges for n in e[:2]})
    return made_of(there, [PLACES[NODES.index(n)] for n in there], edges, directed=directed)


def named(net: Network, *, directed: bool) -> set[tuple[str, str]]:
    pairs = {(net.nodes[a], net.nodes[b]) for a, b, _ in rows(net)}
    return pairs if directed else {(min(pair), max(pair)) for pair in pairs}


def florence() -> tuple[Network, Network]:
    marriage = [(a, b, 1.0) for a, b in nx.florentine_families_graph().edges()]
    business = [(a, b, 1.0) for a, b in BUSINESS]
    families = sorted({f for tie in (*marriage, *business) for f in tie[:2]})
    nowhere = [None] * len(families)
    return made_of(families, nowhere, marriage, directed=False), made_of(families, nowhere, business, directed=False)


@given(LAYERS)
def test_overlap_and_participation_equal_sets_and_plain_loops(
    layers: list[tuple[list[tuple[str, str, float]], bool]],
) -> None:
    nets = [made(edges, directed=directed) for edges, directed in layers]
    found = m.edge_overlap(nets)
    for k, j in product(range(len(nets)), repeat=2):
        both = nets[k].directed and nets[j].directed
        one, other = named(nets[k], directed=both), named(nets[j], directed=both)
        assert (found.edges[k, j], found.shared[k, j]) == (len(one), len(one & other))
        jaccard = len(one & other) / len(one | other) if one | other else np.nan
        smaller = len(one & other) / min(len(one), len(other)) if one and other else np.nan
        assert found.jaccard[k, j] == pytest.approx(jaccard, nan_ok=True)
        assert found.smaller[k, j] == pytest.approx(smaller, nan_ok=True)
    spread = m.participation(nets)
    assert list(spread.nodes) == sorted({n for net in nets for n in net.nodes})
    for at, node in enumerate(spread.nodes):
        degrees = [sum(node in pair for pair in named(net, directed=False)) for net in nets]
        assert spread.degrees[:, at].tolist() == degrees
        assert spread.overlapping_degree[at] == sum(degrees)
        many = len(nets)
        defined = many > 1 and sum(degrees) > 0
        p = many / (many - 1) * (1 - sum((d / sum(degrees)) ** 2 for d in degrees)) if defined else np.nan
        assert spread.coefficient[at] == pytest.approx(p, nan_ok=True, abs=1e-12)


@given(LAYERS)
def test_nodes_keep_their_regions_and_edges_their_ends(
    layers: list[tuple[list[tuple[str, str, float]], bool]],
) -> None:
    nets = [made(edges, directed=directed) for edges, directed in layers]
    for net, moved in zip(nets, m.aligned(nets), strict=True):
        assert {(moved.nodes[a], moved.nodes[b], w) for a, b, w in rows(moved)} == {
            (net.nodes[a], net.nodes[b], w) for a, b, w in rows(net)
        }
        assert rows(moved) == sorted(rows(moved))
        for node, place in zip(moved.nodes, moved.region.tolist(), strict=True):
            expected = PLACES[NODES.index(node)]
            assert place == (-1 if expected is None else moved.regions.index(expected))


def test_correlations_are_those_of_scipy() -> None:
    """Padgett's Florentine families: marriage and business."""
    marriage, business = florence()
    assert m.edge_overlap([marriage, business]).shared.tolist() == [[20, 8], [8, 15]]
    assert m.edge_overlap([marriage, business]).jaccard[0, 1] == pytest.approx(8 / 27)
    assert m.edge_overlap([marriage, business]).smaller[0, 1] == pytest.approx(8 / 15)
    degrees = m.participation([marriage, business]).degrees
    medici = marriage.nodes.index("Medici")
    assert degrees[:, medici].tolist() == [6, 5]
    spread = m.participation([marriage, business])
    assert spread.coefficient[medici] == pytest.approx(2 * (1 - (6 / 11) ** 2 - (5 / 11) ** 2))
    assert spread.coefficient[marriage.nodes.index("Strozzi")] == 0
    found = m.degree_correlations([marriage, business])
    assert found[0, 1] == pytest.approx(pearsonr(*degrees)[0], abs=1e-12)
    assert np.diagonal(found).tolist() == [1, 1]
    found = m.degree_correlations([marriage, business], ranks=True)
    assert found[0, 1] == pytest.approx(spearmanr(*degrees)[0], abs=1e-12)


def test_an_edge_and_its_reverse_are_two_only_where_both_have_directions() -> None:
    there, back = made([("a", "b", 1.0)], directed=True), made([("b", "a", 1.0)], directed=True)
    either = made([("a", "b", 1.0)], directed=False)
    assert m.edge_overlap([there, back, either]).shared.tolist() == [[1, 0, 1], [0, 1, 1], [1, 1, 1]]


def test_what_is_undefined_is_nan() -> None:
    empty, ring = made([], directed=False), made([("a", "b", 1.0), ("b", "c", 1), ("a", "c", 1)], directed=False)
    found = m.edge_overlap([empty, ring])
    assert np.isnan(found.jaccard[0, 0])
    assert found.jaccard[0, 1] == 0
    assert np.isnan(found.smaller[0, 1])
    assert np.isnan(m.degree_correlations([empty, ring])).all()
    assert np.isnan(m.degree_correlations([empty, empty], ranks=True)).all()
    assert np.isnan(m.participation([ring]).coefficient).all()
    assert m.participation([]).degrees.shape == (0, 0)
    alone = coded(["h"], [None], [], [], [], directed=False)
    assert np.isnan(m.participation([alone, ring]).coefficient[-1])
