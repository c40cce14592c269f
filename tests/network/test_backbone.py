"""The disparity filter and the noise-corrected scores against plain loops."""

from __future__ import annotations

from math import sqrt

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import Row, made_of

from ecosystem.network import Network
from ecosystem.network.backbone import disparity, disparity_backbone, noise_corrected, noise_corrected_backbone

NODES = ("a", "b", "c", "d", "e")
REGIONS = ("x", "y", None, "x", "NA")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(1, 30).map(float)), max_size=20)


def made(edges: list[Row], *, directed: bool) -> Network:
    return made_of(NODES, REGIONS, edges, directed=directed)


@given(EDGES, st.booleans())
def test_equal_to_plain_loops(edges: list[Row], directed: bool) -> None:
    net = made(edges, directed=directed)
    full = net.matrix().toarray().tolist()
    total = sum(map(sum, full))
    p, score = disparity(net), noise_corrected(net)
    for at, (i, j) in enumerate(zip(net.source.tolist(), net.target.tolist(), strict=True)):
        row, column, w = full[i], [line[j] for line in full], full[i][j]
        ends = [(1 - w / sum(line)) ** (sum(x > 0 for x in line) - 1) for line in (row, column)]
        assert p[at] == pytest.approx(min(ends), abs=1e-12)
        a, b = sum(row), sum(column)
        if total in {a, b} or total <= 1:
            assert np.isnan(score.score[at])
            continue
        mean, var = a * b / total**2, a * b * (total - a) * (total - b) / (total**4 * (total - 1))
        first = mean**2 / var * (1 - mean) - mean + w
        second = mean / var * (1 - mean**2) - (1 - mean) + total - w
        chance = first / (first + second)
        x = total * w / (a * b)
        change = total / (a * b) + w * (1 / (a * b) - total * (a + b) / (a * b) ** 2)
        assert score.score[at] == pytest.approx((x - 1) / (x + 1), abs=1e-12)
        assert score.sd[at] == pytest.approx(sqrt(chance * (1 - chance) * total) * abs(2 * change / (x + 1) ** 2))


def karate(*, directed: bool) -> Network:
    edges = [(f"{a:02}", f"{b:02}", float(w)) for a, b, w in nx.karate_club_graph().edges(data="weight")]
    return made_of([f"{n:02}" for n in range(34)], [None] * 34, edges, directed=directed)


# first edge, last edge and sums over the edges, score and sd, and edges kept for 1.28, 1.64 and 2.32 deviations: what
# the program of the authors, noise_corrected of backboning.py (2017), gives for the weights of Zachary (1977)
WITHOUT_DIRECTIONS = (0.205479452055, 0.166710776121, 0.117561683599, 0.159300875224, 44.1585214038, 8.2130845396)
WITH_DIRECTIONS = (0.692307692308, 0.007465164008, 0.655913978495, 0.007773515787, 41.7379783237, 6.6927690444)


@pytest.mark.parametrize(
    ("directed", "numbers", "kept"), [(False, WITHOUT_DIRECTIONS, [70, 68, 60]), (True, WITH_DIRECTIONS, [67, 66, 62])]
)
def test_equal_to_the_program_of_the_authors(directed: bool, numbers: tuple[float, ...], kept: list[int]) -> None:
    net = karate(directed=directed)
    found = noise_corrected(net)
    pairs = [(of[0], of[-1], of.sum()) for of in (found.score, found.sd)]
    assert np.ravel(pairs, order="F") == pytest.approx(numbers, abs=1e-10)
    assert [len(noise_corrected_backbone(net, delta).weight) for delta in (1.28, 1.64, 2.32)] == kept


def test_only_heavy_edges_are_kept_and_all_nodes() -> None:
    net = made([("a", "b", 96), ("a", "c", 1), ("a", "d", 1), ("a", "e", 2)], directed=False)
    kept = disparity_backbone(net, 0.05)
    assert kept.weight.tolist() == [96]
    assert len(kept) == 5
    assert disparity(net)[0] == pytest.approx(0.04**3)


def test_no_edges_and_an_edge_alone() -> None:
    for directed in (True, False):
        assert len(disparity(made([], directed=directed))) == len(noise_corrected(made([], directed=directed)).sd) == 0
        assert disparity(made([("a", "b", 3)], directed=directed)).tolist() == [1]
        assert len(disparity_backbone(made([("a", "b", 3)], directed=directed), 0.5).weight) == 0
