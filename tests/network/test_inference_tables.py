"""Tables of tests against chance, of flows against those of other networks, and of backbones."""

from __future__ import annotations

import numpy as np
import pytest
from plain_edges import Row, made_of

from ecosystem.network import Network
from ecosystem.network.backbone import disparity, noise_corrected
from ecosystem.network.flows import flow_matrix
from ecosystem.network.homophily import ei
from ecosystem.network.inference_tables import backbone_table, flow_test, flow_test_tables, null_table
from ecosystem.network.measures import find_measures
from ecosystem.network.network_tables import Names
from ecosystem.network.nulls import label_null
from ecosystem.network.qap import qap

NODES = tuple(f"o{at:02}" for at in range(24))
PLACES = (*(f"r{at % 6}" for at in range(22)), "NA", None)


def drawn(seed: int, places: tuple[str | None, ...] = PLACES, *, directed: bool = True) -> Network:
    rng = np.random.default_rng(seed)
    ends = rng.choice(NODES, (2, 60)).tolist()
    edges: list[Row] = [(a, b, float(w)) for a, b, w in zip(*ends, rng.integers(1, 9, 60), strict=True)]
    return made_of(NODES, places, edges, directed=directed)


@pytest.mark.parametrize("directed", [True, False])
def test_a_row_per_measure_with_what_chance_gives(directed: bool) -> None:
    net = drawn(1, directed=directed)
    frame = null_table(net, find_measures(["ei", "modularity", "density"], "network"), "labels", 99, 3, lang="en")
    assert frame["measure"].tolist() == ["ei", "modularity", "density"]
    assert frame["title"][0] == "E-I index"
    expected = label_null(net, ei, 99, 3)
    row = frame.iloc[0]
    names = ["observed", "null_mean", "null_sd", "z", "p", "null_low", "null_high", "draws"]
    fields = ["observed", "mean", "sd", "z", "p", "low", "high", "draws"]
    assert [row[name] for name in names] == [getattr(expected, field) for field in fields]
    assert frame["null_sd"][2] == 0
    assert np.isnan(frame["z"][2])
    rewired = null_table(net, find_measures(["ei"], "network"), "rewire", 20, 3, lang="zh")
    assert rewired["observed"][0] == ei(net)
    assert rewired["title"][0] == "E-I 指数"


def test_progress_is_told() -> None:
    told: list[tuple[int, int | None]] = []
    chosen = find_measures(["modularity"], "network")
    null_table(drawn(1), chosen, "labels", 5, 1, lang="en", progress=lambda _, done, total: told.append((done, total)))
    assert told == [(done, 5) for done in range(1, 6)]


def test_flows_of_one_other_network_are_tested_by_their_correlation() -> None:
    one, other = drawn(1), drawn(2)
    found, regions = flow_test(one, {"other": other}, 99, 4)
    expected = qap(flow_matrix(one), flow_matrix(other), 99, 4)
    assert regions == one.regions
    assert found.tests[0].observed == pytest.approx(expected.observed, abs=1e-12)
    assert found.tests[0].p == expected.p
    tables = flow_test_tables(found, {"other": "Other"}, "en")
    assert tables["tests"].iloc[0][["network", "title"]].tolist() == ["other", "Other"]
    assert tables["tests"]["r"][0] == found.tests[0].observed
    assert dict(zip(tables["fit"]["key"], tables["fit"]["value"], strict=True)) == pytest.approx(
        {"cells": 42, "r_squared": found.r2, "constant": found.intercept}
    )


def test_a_region_that_a_network_lacks_has_no_flows_there() -> None:
    fewer = tuple(None if place == "r3" else place for place in PLACES)
    one, other = drawn(1), drawn(2, fewer)
    assert "r3" not in other.regions
    found, regions = flow_test(one, {"other": other}, 9, 1)
    assert regions == one.regions
    padded = np.insert(np.insert(flow_matrix(other), 4, 0, axis=0), 4, 0, axis=1)
    assert found.tests[0].observed == pytest.approx(qap(flow_matrix(one), padded, 9, 1).observed, abs=1e-12)
    turned, _ = flow_test(other, {"one": one}, 9, 1)
    assert turned.tests[0].observed == pytest.approx(found.tests[0].observed, abs=1e-12)


@pytest.mark.parametrize("directed", [True, False])
def test_edges_of_the_backbone_are_the_ones_that_their_filter_keeps(directed: bool) -> None:
    net = drawn(5, directed=directed)
    names = Names(["Company"] * 24, [f"Company {node}" for node in net.nodes], net.regions)
    frame, kept = backbone_table(net, names, "disparity", 0.3)
    assert kept.tolist() == (disparity(net) < 0.3).tolist()
    assert 0 < len(frame) == kept.sum() < len(kept)
    assert frame["weight"].is_monotonic_decreasing
    assert (frame["p"] < 0.3).all()
    pairs = {(net.nodes[a], net.nodes[b]) for a, b in zip(net.source[kept], net.target[kept], strict=True)}
    assert set(zip(frame["source"], frame["target"], strict=True)) == pairs
    assert (frame["target_name"] == "Company " + frame["target"]).all()
    found = noise_corrected(net)
    frame, kept = backbone_table(net, names, "noise", 0.05)
    assert kept.tolist() == (found.score > 1.6448536269514722 * found.sd).tolist()
    assert list(frame.columns[-2:]) == ["score", "sd"]
