"""The disparity filter and the noise-corrected scores against plain loops."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.network import Network, coded
from ecosystem.network.backbone import backbone, disparity, noise_corrected

NODES = ("a", "b", "c", "d", "e")
REGIONS = ("x", "y", None, "x", "NA")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.integers(1, 30)), max_size=20)


def made(edges: list[tuple[str, str, int]], *, directed: bool) -> Network:
    weight = [float(e[2]) for e in edges]
    return coded(NODES, REGIONS, [e[0] for e in edges], [e[1] for e in edges], weight, directed=directed)


@given(EDGES, st.booleans())
def test_equal_to_plain_loops(edges: list[tuple[str, str, int]], directed: bool) -> None:
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


def test_only_heavy_edges_are_kept_and_all_nodes() -> None:
    net = made([("a", "b", 96), ("a", "c", 1), ("a", "d", 1), ("a", "e", 2)], directed=False)
    kept = backbone(net, 0.05)
    assert kept.weight.tolist() == [96]
    assert len(kept) == 5
    assert disparity(net)[0] == pytest.approx(0.04**3)


def test_no_edges_and_an_edge_alone() -> None:
    for directed in (True, False):
        assert len(disparity(made([], directed=directed))) == len(noise_corrected(made([], directed=directed)).sd) == 0
        assert disparity(made([("a", "b", 3)], directed=directed)).tolist() == [1]
        assert len(backbone(made([("a", "b", 3)], directed=directed), 0.5).weight) == 0
