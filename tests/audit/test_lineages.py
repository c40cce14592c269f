"""The lineage of all regions at once is that of each region by itself: every metric, and a measure of a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from audit_index import metric_index, scored
from graphs import dataset
from queries import random_graph

from ecosystem.audit.chain import Chain
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.lineage import lineage, links_frame
from ecosystem.audit.lineages import Lineages, lineages
from ecosystem.index import Source
from ecosystem.metrics import load_metrics
from ecosystem.store import open_store

TESTS = Path(__file__).parents[1]
METRICS = load_metrics() | load_metrics(TESTS / "metrics" / "cases")
TOP, NAMED = 3, 2


@pytest.fixture(scope="module", params=[6, 17])
def audit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuditedScores]:
    whole = dataset(random_graph(request.param))
    sources = [Source("metric", name) for name in METRICS] + [Source("network", "ei(enablement)")]
    index = metric_index(sources, [region.id for region in whole.regions.at("province")], reverse=list(METRICS)[::5])
    store = open_store(tmp_path_factory.mktemp("lineages") / "graph.duckdb", create=True)
    yield AuditedScores(scored(store, whole, index, METRICS))
    store.close()


@pytest.fixture(scope="module")
def found(audit: AuditedScores) -> list[Lineages]:
    chain = Chain.of(audit.scores.standing)
    assert chain is not None
    return [lineages(audit, place, chain, top=TOP, named=NAMED) for place in range(len(audit.sources))]


def test_organisations_are_those_of_each_region(audit: AuditedScores, found: list[Lineages]) -> None:
    chain, seen = Chain.of(audit.scores.standing), set()
    for one in found:
        for region in range(len(audit.scores.standing.regions)):
            alone = lineage(audit, one.place, region, chain)
            seen.add((one.summed, bool(len(alone.codes))))
            size = np.abs(alone.shares) if one.summed else alone.matches
            order = np.lexsort((alone.codes, -size))
            first, rest, here = order[:TOP], order[TOP:], one.regions == region
            np.testing.assert_array_equal(one.codes[here], alone.codes[first])
            np.testing.assert_array_equal(one.matches[here], alone.matches[first])
            np.testing.assert_allclose(one.shares[here], alone.shares[first], rtol=1e-12)
            np.testing.assert_allclose(one.points[here], alone.points[first], rtol=1e-12)
            assert (one.others[region], one.other_matches[region]) == (len(rest), alone.matches[rest].sum())
            if one.summed and len(alone.codes):
                np.testing.assert_allclose(one.other_shares[region], alone.shares[rest].sum(), rtol=1e-12, atol=1e-12)
                np.testing.assert_allclose(one.base, alone.base, rtol=1e-12)
    assert {(True, True), (False, True)} <= seen


def test_matches_are_those_of_explain_with_the_largest_shares_first(
    audit: AuditedScores, found: list[Lineages]
) -> None:
    entities = audit.graph.store.entities
    for one in (one for one in found if one.named is not None):
        assert one.named is not None
        for at in range(0, len(one.codes), 2):
            region, mine = int(one.regions[at]), np.flatnonzero(one.owners == at)
            assert len(mine) == min(NAMED, one.matches[at])
            frame = links_frame(audit, one.place, region, None)
            roles = {name: set(codes) for name, codes in frame.groupby("role")["id"]}
            for name, codes in (*one.named.nodes.items(), *one.named.links.items()):
                assert set(entities.known(codes[mine], one.named.kinds[name])["id"]) <= roles[name]
            if one.summed:
                owner = entities.known(one.codes[[at]], one.named.kinds[one.named.owner])["id"].iloc[0]
                shares = frame[(frame["entity"] == owner) & (frame["role"] == one.named.owner)]["share"]
                largest = np.sort(np.abs(shares.to_numpy()))[::-1][:NAMED]
                np.testing.assert_allclose(np.abs(one.named_shares[mine]), largest, rtol=1e-12)
                assert set(one.named.nodes[one.named.owner][mine].tolist()) == {int(one.codes[at])}
