"""Tables of a network: against its arrays, at another level, and by name from the face of the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import networkx
import numpy as np
import pytest
from engine_cells import load_golden
from plain_edges import rows

import ecosystem
from ecosystem.errors import NetworkError
from ecosystem.network import Linkage, linkage
from ecosystem.network.flows import flow_matrix
from ecosystem.network.measure import Measure
from ecosystem.network.network_query import years_of
from ecosystem.store import GraphStore, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The golden dataset in an embedded store."""
    made = open_store(tmp_path_factory.mktemp("tables") / "g.duckdb", create=True)
    load_golden(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def net(store: GraphStore) -> Linkage:
    """Who enables whom in it."""
    return linkage(store, "enablement")


def test_a_row_for_every_node_with_its_name_and_kind(net: Linkage, store: GraphStore) -> None:
    frame = net.nodes(["ei", "constraint"], lang="zh").set_index("id")
    assert set(frame.index) == set(net.network.nodes)
    companies = store.entities.of("Company").set_index("id")["name"]
    assert frame.loc["c01", "name"] == companies["c01"]
    assert frame.loc["c01", "kind"] == "Company"
    assert list(frame.loc["c01", ["region", "region_name"]]) == ["110000", "北京市"]


def test_rows_are_ranked_by_the_first_measure(net: Linkage) -> None:
    values = net.regions(["outflow", "ei"])["outflow"].tolist()
    assert values == sorted(values, reverse=True)


def test_a_measure_of_ones_own_is_a_function_and_a_record(net: Linkage) -> None:
    double = Measure("double", "node", "double", "twice its place", lambda one: 2.0 * np.arange(len(one)), "")
    frame = net.nodes([double])
    assert frame["double"].tolist() == [2.0 * at for at in reversed(range(len(net.network)))]


def test_flows_at_another_level_are_those_of_the_same_edges(net: Linkage, store: GraphStore) -> None:
    whole = net.flows("country", lang="en")
    assert whole.to_numpy().sum() == flow_matrix(linkage(store, "enablement", level="country").network).sum()
    assert net.at("country").network.nodes == net.network.nodes
    assert net.level == "province"


def test_the_summary_counts_what_is_there(net: Linkage) -> None:
    values = net.summary().set_index("key")["value"]
    assert values["organisations"] == len(net.network)
    assert values["edges"] == len(rows(net.network))
    assert values["weight"] == sum(weight for _, _, weight in rows(net.network))


def test_isolates_are_all_that_could_have_an_edge(store: GraphStore) -> None:
    wide, narrow = linkage(store, "membership", isolates=True), linkage(store, "membership")
    assert set(narrow.network.nodes) < set(wide.network.nodes)
    assert {*wide.nodes([])["kind"]} == set(wide.labels) & set(store.schema.counts)
    assert wide.summary().set_index("key").loc["isolates", "value"] == len(wide.network) - len(narrow.network)


def test_years_are_those_of_its_matches(store: GraphStore) -> None:
    years = years_of(store, "enablement")
    assert years == sorted(set(years))
    assert all(len(linkage(store, "enablement", since=year, until=year).matches) for year in years)
    outside = linkage(store, "enablement", since=years[-1] + 1)
    assert len(outside.network) == 0


def test_from_python_by_the_name_of_a_store(tmp_path: Path) -> None:
    made = open_store(tmp_path / "g.duckdb", create=True)
    load_golden(made)
    made.close()
    net = ecosystem.network(tmp_path / "g.duckdb", "技术赋能")
    assert "Technology enablement, level province" in repr(net)
    assert "<table" in net._repr_html_()
    assert net.to_networkx().number_of_edges() == net.to_igraph().ecount() == len(net.network.weight)


def test_tables_of_roles_contacts_and_paths_are_one_call(net: Linkage) -> None:
    roles = net.roles(lang="en")
    assert roles["regions"]["gatekeeper"].sum() == net.regions(["gatekeeper"])["gatekeeper"].sum()
    assert net.typology()["sends"].sum() == pytest.approx(1.0)
    start, end = (net.network.nodes[places[0]] for places in (net.network.source, net.network.target))
    assert {start, end} <= set(net.ego(start)["entities"]["id"])
    assert len(net.paths(start, end)["edges"]) == 1


def test_an_unknown_network_names_the_nearest(store: GraphStore) -> None:
    with pytest.raises(NetworkError, match="there is no network 'enablment'") as caught:
        ecosystem.network(store, "enablment")
    assert "'enablement'" in str(caught.value.hint)


def test_the_largest_component_keeps_its_matches_and_links(store: GraphStore) -> None:
    whole = linkage(store, "investment")
    part = whole.giant()
    assert set(part.network.nodes) < set(whole.network.nodes)
    sizes = sorted(map(len, networkx.weakly_connected_components(whole.to_networkx())), reverse=True)
    assert len(part.network) == sizes[0]
    start, end = (part.network.nodes[places[0]] for places in (part.network.source, part.network.target))
    assert part.behind(start, end).equals(whole.behind(start, end))
    assert part.links().tolist() == [len(part.behind(*ends)) for ends in ends_of(part)]
    assert set(part.network.regions) == set(part.nodes([])["region"].dropna())
    first, last = part.years()
    assert len(first) == len(last) == len(part.network.weight)


def ends_of(made: Linkage) -> list[tuple[str, str]]:
    net = made.network
    return [(net.nodes[a], net.nodes[b]) for a, b, _ in rows(net)]
