"""A network measure as an indicator: values, removals against a network asked anew, matches, and the shipped index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine_cells import load_golden
from graphs import Node, dataset, graph
from stores import KINDS, empty_store

from ecosystem.audit import explain, knockout
from ecosystem.errors import SpecError
from ecosystem.index import Index, Source, load_index
from ecosystem.indicator_source import AuditedGraph, Window
from ecosystem.network import Network, linkage, load_networks
from ecosystem.network.measures import measures_of, region_values
from ecosystem.network.network_evidence import OWN, PARTNER
from ecosystem.network.network_source import NetworkSource, network_sources, source_names
from ecosystem.removals import Removals
from ecosystem.scoring import score
from ecosystem.scoring.store_check import check_store
from ecosystem.store import GraphStore, open_store

pytestmark = pytest.mark.long

NETWORKS = load_networks()
REGIONS = ("110000", "310000", "440000", "510000", "999999")
MEASURED = ("bridging", "outflow", "gatekeeper", "ei")


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The golden dataset in each store."""
    made = empty_store(request.param, request, tmp_path_factory.mktemp("sources"))
    load_golden(made)
    yield made
    made.close()


def sources_of(store: GraphStore, network: str) -> dict[str, NetworkSource]:
    return network_sources([f"{one}({network})" for one in MEASURED], NETWORKS, store, "province")


def test_every_measure_of_regions_is_a_source_on_every_network() -> None:
    names = source_names(NETWORKS)
    assert "bridging(enablement)" in names
    assert len(names) == len(set(names)) == len(NETWORKS) * len(measures_of("region"))


@pytest.mark.parametrize("network", ["enablement", "co_membership"])
def test_values_are_those_of_the_network(store: GraphStore, network: str) -> None:
    net = linkage(store, network, since=2015).network
    for name, source in sources_of(store, network).items():
        found = source.values(REGIONS, Window(2015, None)).values
        assert np.array_equal(found, region_values(net, source.measure, REGIONS), equal_nan=True), name
        assert np.isnan(found[-1])


@pytest.mark.parametrize("network", ["enablement", "all", "co_membership", "co_investment", "mobility"])
def test_without_an_organisation_or_a_link_it_is_queried_as_if_they_were_not_there(
    store: GraphStore, network: str
) -> None:
    whole = linkage(store, network)
    graph = AuditedGraph(store, REGIONS, Window())
    ids = [*whole.network.nodes[:6], *whole.behind(*edge_of(whole.network)).filter(regex="^link_").iloc[0]]
    kinds = [*store.schema.model.labels, *store.schema.model.links]
    for one in ids:
        codes = store.entities.find([one], kinds)
        is_node = one in whole.network.nodes
        removals = Removals.together(codes) if is_node else Removals.together(codes[:0], codes)
        left = linkage(store, network, removed=[one]).network
        assert one not in left.nodes
        for source in sources_of(store, network).values():
            base = source.values(REGIONS, Window()).values
            changed = source.without(removals, graph, base)
            assert changed is not None
            after = base.copy()
            after[changed.regions] = changed.values
            wanted = region_values(left, source.measure, REGIONS)
            assert after == pytest.approx(wanted, rel=1e-12, nan_ok=True)


def edge_of(net: Network) -> tuple[str, str]:
    return net.nodes[net.source[0]], net.nodes[net.target[0]]


def test_matches_stand_at_the_region_of_each_end(store: GraphStore) -> None:
    (source, *_) = sources_of(store, "enablement").values()
    graph = AuditedGraph(store, REGIONS, Window())
    matches = source.matches(graph)
    net = linkage(store, "enablement").network
    where = {
        node: net.regions[at] if at >= 0 else None for node, at in zip(net.nodes, net.region.tolist(), strict=True)
    }
    own = store.entities.known(matches.nodes[OWN], matches.kinds[OWN])["id"]
    assert [where[node] for node in own] == [REGIONS[at] for at in matches.regions]
    frame = source.evidence(Window()).frame("110000")
    assert len(frame) == (matches.regions == 0).sum()
    assert set(frame["source"]) | set(frame["target"]) == {
        *own[matches.regions == 0],
        *store.entities.known(matches.nodes[PARTNER], matches.kinds[PARTNER])["id"][matches.regions == 0],
    }
    assert "whole network" in matches.without_shares


def test_evidence_gives_the_values_again_also_without_some(store: GraphStore) -> None:
    (source, *_) = sources_of(store, "enablement").values()
    evidence = source.evidence(Window())
    values = source.values(evidence.regions, Window()).values
    assert list(evidence.values().values()) == values.tolist()
    gone = evidence.frame()["source"].iloc[0]
    left = evidence.without([gone])
    assert gone not in {*left.frame()["source"], *left.frame()["target"]}
    assert len(left) < len(evidence)


def test_the_shipped_index_scores_and_explains(store: GraphStore) -> None:
    scores = score("linkage", store)
    assert len(scores.overall()) == len(scores.standing.regions)
    assert not scores.missing.get("bridging_enablement")
    region = scores.overall()["region"].iloc[0]
    explained = explain(scores, region)
    assert "a measure of the whole network" in " ".join(map(str, explained.tree(lang="en")["note"]))
    entity = linkage(store, "enablement").network.nodes[0]
    removed = knockout(scores, entity).regions()
    anew = score("linkage", store)
    assert len(removed) == len(anew.standing.regions)


def test_a_network_that_is_none_is_named_with_the_nearest(store: GraphStore) -> None:
    index = load_index("linkage")
    broken = index.leaves[0]
    with pytest.raises(SpecError, match="sources that do not exist") as caught:
        score(index_with(index, broken.code, "bridgin(enablement)"), store)
    assert "bridging(enablement)" in str(caught.value)


def index_with(index: Index, code: str, name: str) -> Index:
    rows = (replace(row, source=Source("network", name)) if row.code == code else row for row in index.indicators)
    return replace(index, indicators=tuple(rows))


def test_the_check_of_an_index_says_what_a_graph_lacks(tmp_path: Path) -> None:
    bare = open_store(tmp_path / "bare.duckdb", create=True)
    bare.load(dataset(graph([Node("a", "Company", {"patents": 2})], [])))
    found = list(check_store(load_index("linkage"), bare, {}))
    bare.close()
    told = {finding.value: finding.message for finding in found if finding.code == "no_data"}
    assert "no ENABLES link" in told["network:bridging(enablement)"]
