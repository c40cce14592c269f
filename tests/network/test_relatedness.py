"""Relatedness and complexity: against plain loops, eigenvectors, and what the Growth Lab's program gives."""

from __future__ import annotations

from math import sqrt

import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plain_edges import made_of, rows

from ecosystem.errors import NetworkError
from ecosystem.index.arrays import BoolArray
from ecosystem.network import Network, coded
from ecosystem.network import relatedness as r

SHAPES = st.tuples(st.integers(1, 7), st.integers(1, 8))
COUNTS = SHAPES.flatmap(lambda shape: arrays(np.float64, shape, elements=st.integers(0, 4).map(float)))
SPECIAL = SHAPES.flatmap(lambda shape: arrays(np.bool_, shape))

# Exports of 10 countries and 30 products in 1995: where the location quotient is at least 1, and what the Stata program
# ecomplexity (Hausmann and Hidalgo's Growth Lab, Harvard) makes of it; a fixture of its Python version, py-ecomplexity.
COUNTRIES = ("aut", "blx", "che", "deu", "dnk", "esp", "gbr", "ita", "pol", "svn")
EXPORTS = (
    "000100011000110111001101101010", "111111100110001101011110000000", "110101011011010010000111101010",
    "000001110110110110010001011110", "101110000001101000000011000101", "100110100110110100111011110000",
    "111101111011100011101001011110", "000000001000001110100000110101", "100010000000001001101000000001",
    "000001001110011000101110111001",
)  # fmt: skip
ECI = (
    1.073207217992253, -0.3159764634559932, 1.06773721349865, 1.200861157616729, -0.9777046345252988,
    0.0180390442936879, 0.5359206138129307, -0.421184002398617, -2.170709342895322, -0.0101908039390183,
)  # fmt: skip


def exports() -> BoolArray:
    return np.array([[digit == "1" for digit in row] for row in EXPORTS])


@given(COUNTS)
def test_location_quotients_are_plain_shares(counts: npt.NDArray[np.float64]) -> None:
    found, special = r.location_quotient(counts), r.specialised(counts)
    for (row, column), count in np.ndenumerate(counts):
        whole, other = counts[row].sum(), counts[:, column].sum()
        quotient = (count / whole) / (other / counts.sum()) if whole and other else np.nan
        assert found[row, column] == pytest.approx(quotient, nan_ok=True)
        assert special[row, column] == (count > 0 and count * counts.sum() >= whole * other)


@given(SPECIAL)
def test_relatedness_and_its_density_are_plain_sums(special: BoolArray) -> None:
    regions, segments = special.shape
    having = [{at for at in range(regions) if special[at, s]} for s in range(segments)]
    active = sum(any(row) for row in special)
    assert r.ubiquity(special).tolist() == [len(one) for one in having]
    assert r.diversity(special).tolist() == [sum(row) for row in special]
    found = {how: r.relatedness(special, how) for how in ("proximity", "association", "cosine")}
    for s, one in enumerate(having):
        for t, other in enumerate(having):
            both = len(one & other)
            defined = one and other
            lesser = min(both / len(one), both / len(other)) if defined else np.nan
            chance = both / (len(one) * len(other) / active) if defined else np.nan
            cosine = both / sqrt(len(one) * len(other)) if defined else np.nan
            assert [matrix[s, t] for matrix in found.values()] == pytest.approx([lesser, chance, cosine], nan_ok=True)
    density = r.relatedness_density(special, found["proximity"])
    for region in range(regions):
        for s in range(segments):
            near = {t: found["proximity"][s, t] for t in range(segments) if t != s and having[t] and having[s]}
            total = sum(near.values())
            share = sum(near[t] for t in near if special[region, t]) / total if total else np.nan
            assert density[region, s] == pytest.approx(share, nan_ok=True)


@settings(max_examples=300)
@given(SPECIAL)
def test_complexity_is_the_second_eigenvector_of_the_largest_part(special: BoolArray) -> None:
    found = r.complexity(special)
    graph = nx.Graph([(("r", row), ("s", column)) for row, column in np.argwhere(special).tolist()])
    parts = [sorted(at for kind, at in part if kind == "r") for part in nx.connected_components(graph)]
    parts.sort(key=len)
    rows = np.zeros(len(special), dtype=bool)
    if parts and (len(parts) == 1 or len(parts[-1]) > len(parts[-2])):
        rows[parts[-1]] = True
    columns = special[rows].any(axis=0)
    assert np.isnan(found.eci[~rows]).all()
    assert np.isnan(found.pci[~columns]).all()
    kept = special[np.ix_(rows, columns)].astype(float)
    if min(kept.shape) < 2:
        assert np.isnan(found.eci).all()
        return
    values, vectors = np.linalg.eig(kept / kept.sum(axis=1)[:, None] @ (kept / kept.sum(axis=0)).T)
    order = np.argsort(-values.real)
    many, eci = kept.sum(axis=1), vectors[:, order[1]].real
    third = values.real[order[2]] if len(order) > 2 else 0.0
    if np.isnan(found.eci).all():
        gap = abs(values.real[order[1]] - third)
        lean = (eci - eci.mean()) @ (many - many.mean())
        assert min(values.real[order[1]], gap, eci.std(), abs(lean)) < 1e-6
        return
    eci = (eci - eci.mean()) / eci.std()
    eci *= np.sign(eci @ (many - many.mean()))
    assert found.eci[rows] == pytest.approx(eci, abs=1e-5)
    # the index of a region is the mean of its segments'
    assert kept @ found.pci[columns] / many == pytest.approx(found.eci[rows], abs=1e-7)


def test_the_program_of_the_growth_lab() -> None:
    special = exports()
    assert r.diversity(special).tolist() == [14, 16, 16, 15, 11, 16, 20, 9, 7, 14]
    related = r.relatedness(special)
    assert related[0, :4] == pytest.approx([1, 0.5, 0.5, 5 / 6])
    density = r.relatedness_density(special, related)
    assert density[0, :4] == pytest.approx([0.4625, 0.483619344773791, 0.37221269296741, 0.4942528735632183])
    assert density[COUNTRIES.index("gbr"), -1] == pytest.approx(0.6061269146608316)
    found = r.complexity(special)
    sample = sqrt(299 / 300)  # the program takes the standard deviation of a sample of 10 x 30 rows
    assert found.eci * sample == pytest.approx(ECI, abs=1e-7)
    pci = [found.pci[at] * sample for at in (0, 4, 7, -1)]
    assert pci == pytest.approx([-1.470491886427003, -3.323137535581785, 2.794806326517154, -3.434600369331548])


@given(SPECIAL, st.integers(0, 2**32))
def test_names_and_order_do_not_matter(special: BoolArray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    row, column = rng.permutation(special.shape[0]), rng.permutation(special.shape[1])
    one, two = r.complexity(special), r.complexity(special[np.ix_(row, column)])
    np.testing.assert_allclose(one.eci[row], two.eci, atol=1e-7)
    np.testing.assert_allclose(one.pci[column], two.pci, atol=1e-7)


@pytest.mark.parametrize(
    "rows_",
    [
        ["11", "11"],  # all alike
        ["1"], ["1", "1"], ["11"],  # one region or segment
        ["00", "00"],
        ["1100", "1000", "0011", "0001"],  # two parts, none larger
        ["110", "011", "101"],  # all as diverse
    ],
)  # fmt: skip
def test_complexity_that_is_undefined(rows_: list[str]) -> None:
    found = r.complexity(np.array([[digit == "1" for digit in row] for row in rows_]))
    assert np.isnan(found.eci).all()
    assert np.isnan(found.pci).all()


def test_the_simplest_complexity() -> None:
    # a nested pair: the region that has both segments is above, and so is the segment that it alone has
    found = r.complexity(np.array([[True, True], [True, False]]))
    assert found.eci.tolist() == pytest.approx([1, -1])
    assert found.pci.tolist() == pytest.approx([-1, 3])


def two_kinds(*, directed: bool = True) -> Network:
    return coded(
        ["c1", "c2", "c3", "g1", "g2"], ["NA", "x", None, None, None], ["c1", "c1", "c2", "c3"],
        ["g1", "g2", "g2", "g1"], [1.0, 2, 3, 9], directed=directed,
    )  # fmt: skip


def test_counts_of_regions_and_segments_from_a_network() -> None:
    found = r.activity(two_kinds())
    assert (found.regions, found.segments) == (("NA", "x"), ("g1", "g2"))
    assert found.counts.tolist() == [[1, 2], [0, 3]]
    empty = r.activity(made_of(["a"], ["x"], [], directed=True))
    assert empty.counts.shape == (1, 0)
    assert r.relatedness_density(r.specialised(empty.counts), r.relatedness(r.specialised(empty.counts))).shape == (
        1,
        0,
    )
    assert np.isnan(r.complexity(r.specialised(empty.counts)).eci).all()


def test_networks_that_have_not_two_kinds_of_nodes() -> None:
    with pytest.raises(NetworkError, match=r"(?s)and these have no direction.*hint: take the network activity"):
        r.activity(two_kinds(directed=False))
    chain = made_of(["a", "b", "c"], [None] * 3, [("a", "b", 1.0), ("b", "c", 1.0)], directed=True)
    with pytest.raises(NetworkError, match="b has edges to it and from it"):
        r.activity(chain)
    assert len(rows(chain)) == 2
    for net in (chain, two_kinds(directed=False)):
        assert all(np.isnan(measure.compute(net)).all() for measure in r.MEASURES)


def test_measures_of_regions() -> None:
    nested = coded(
        ["c1", "c2", "g1", "g2"], ["NA", "x", "empty", None], ["c1", "c1", "c2"], ["g1", "g2", "g1"], [1.0, 1, 1],
        directed=True,
    )  # fmt: skip
    diversity, eci = (measure.compute(nested) for measure in r.MEASURES)
    assert nested.regions == ("NA", "empty", "x")
    assert diversity.tolist() == pytest.approx([1, np.nan, 1], nan_ok=True)
    assert np.isnan(eci).all()  # both regions are as diverse
