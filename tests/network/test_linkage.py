"""The shipped networks on the golden dataset, by hand, on every store: edges, weights, and the links behind each."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from engine_cells import HERE, load_golden
from plain_edges import rows
from stores import KINDS, empty_store

from ecosystem.errors import NetworkError, UsageError
from ecosystem.network import NOWHERE, Linkage, check_network, coded, linkage, load_networks, parse_network
from ecosystem.network.gravity import gravity
from ecosystem.network.region_points import great_circles, kilometres
from ecosystem.store import GraphStore

NETWORKS = load_networks()
# all: t11 and o05 both lead from c06 to itself
SELF_LINKS = {"all": 3, "collaboration": 1, "enablement": 2, "investment": 1}
HEADER = "// title: Own\n// unit: links\n// dated: none\n// directed: yes\n"

Edges = dict[tuple[str, str], tuple[float, set[str]]]


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The golden dataset in each store."""
    made = empty_store(request.param, request, tmp_path_factory.mktemp("networks"))
    load_golden(made)
    yield made
    made.close()


def by_hand() -> dict[str, Edges]:
    with (HERE / "networks.csv").open(encoding="utf-8", newline="") as stream:
        found: dict[str, Edges] = defaultdict(dict)
        for row in csv.DictReader(stream):
            links = set(row["links"].split("|"))
            found[row["network"]][row["source"], row["target"]] = float(row["weight"]), links
        return found


def found_in(made: Linkage) -> Edges:
    net, edges = made.network, {}
    for a, b, weight in rows(net):
        ends = net.nodes[a], net.nodes[b]
        behind = made.behind(*ends).filter(regex="^link_")
        edges[ends] = weight, set(behind.to_numpy().ravel())
    return edges


def test_every_shipped_network_is_worked_out_by_hand() -> None:
    assert set(by_hand()) == set(NETWORKS)


@pytest.mark.parametrize("name", NETWORKS)
def test_edges_weights_and_the_links_behind_them(store: GraphStore, name: str) -> None:
    made = linkage(store, name)
    assert found_in(made) == by_hand()[name]
    assert made.network.self_links == SELF_LINKS.get(name, 0)
    assert (made.edge >= 0).sum() == sum(len(made.behind(*ends)) for ends in found_in(made))


def test_nodes_are_in_regions_of_the_level(store: GraphStore) -> None:
    for level, expected in (("province", "110000"), ("city", "110100"), ("country", "CN")):
        net = linkage(store, "enablement", level=level).network
        assert net.regions[net.region[net.nodes.index("c01")]] == expected
    net = linkage(store, "enablement").network
    nowhere = {node for node, place in zip(net.nodes, net.region.tolist(), strict=True) if place == NOWHERE}
    # nowhere, in China itself, in the United States or Japan themselves
    assert nowhere == {"c14", "c15", "c17", "c18", "n10"}
    assert net.regions == ("110000", "320000", "440000", "510000", "US-CA")


def test_a_window_leaves_out_other_years_and_counts_what_has_none(store: GraphStore) -> None:
    made = linkage(store, "investment", since=2019, until=2021)
    assert made.undated == 2  # t10 and t17; t04 and t16 are not disclosed
    inside = {"t01", "t02", "t03", "t06", "t07", "t08", "t09", "t13", "t14", "t15", "t18", "t19", "t22", "t23", "t26"}
    assert set.union(*(links for _, links in found_in(made).values())) == inside
    assert made.network.self_links == 1


def test_no_link_in_the_window_is_an_empty_network(store: GraphStore) -> None:
    assert len(linkage(store, "investment", since=1900, until=1901).network) == 0


def test_either_end_of_an_edge_without_direction_may_come_first(store: GraphStore) -> None:
    made = linkage(store, "collaboration")
    assert made.behind("c05", "c01").equals(made.behind("c01", "c05"))
    assert len(made.behind("c01", "c12")) == 0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("RETURN a.id AS source, b.id AS target", "a network returns source, target, weight, not source, target"),
        ("RETURN a.name AS source, b.id AS target, count(t) AS weight", r"source is the id of a node, not a\.name"),
        ("RETURN a.id AS source, b.id AS target, t.year AS weight", r"weight is an aggregate, not t\.year"),
    ],
)
def test_a_file_that_is_no_network(store: GraphStore, body: str, message: str) -> None:
    file = parse_network(f"{HEADER}MATCH (a:Company)-[t:ENABLES]->(b)\n{body}\n", "own.cypher")
    with pytest.raises(NetworkError, match=message):
        linkage(store, file)
    assert {finding.row for finding in check_network(file, store.schema)} == {6}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER.replace("yes", "maybe"), r"(?s)own\.cypher.*directed: 'maybe' is not valid.*hint: write yes or no"),
        (
            HEADER.replace("// directed: yes\n", ""),
            r"(?s)the header has no directed.*hint: write a line: // directed: yes",
        ),
        (HEADER + "// weight: 1\n", r"'weight' is not a header key"),
    ],
)
def test_a_header_that_is_wrong(header: str, message: str) -> None:
    body = "MATCH (a)-[t:ENABLES]->(b) RETURN a.id AS source, b.id AS target, count(t) AS weight"
    with pytest.raises(NetworkError, match=message):
        parse_network(header + body, "own.cypher")


def test_a_weight_that_is_missing_or_not_above_0(store: GraphStore) -> None:
    body = "MATCH (a)-[t:INVESTED_IN]->(b) RETURN a.id AS source, b.id AS target, "
    for value, message in (
        ("avg(t.amount_cny_m) AS weight", "the edge from i01 to c02 has no weight"),
        ("sum(t.amount_cny_m) AS weight", "the edge from i01 to c02 has the weight 0"),
        ("0 - count(t) AS weight", "the edge from c01 to c05 has the weight -2"),
    ):
        with pytest.raises(NetworkError, match=f"(?s)not above 0.*{message}.*hint: let the query leave"):
            linkage(store, parse_network(HEADER + body + value, "own.cypher"))


def test_names_and_levels_that_do_not_exist(store: GraphStore) -> None:
    assert linkage(store, "联合投资").file.id == "co_investment"
    with pytest.raises(NetworkError, match=r"(?s)no network 'co_investmnt'.*co_investment"):
        linkage(store, "co_investmnt")
    with pytest.raises(UsageError, match="no region has the level 'district'"):
        linkage(store, "investment", level="district")


def test_what_a_graph_does_not_hold(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="there is no folder"):
        load_networks(tmp_path / "none")
    with pytest.raises(NetworkError, match=r"has no \.cypher file"):
        load_networks(tmp_path)


def test_distances_are_those_between_the_regions_of_the_store(store: GraphStore) -> None:
    net = linkage(store, "investment").network
    points = {"110000": (116.4, 39.9), "320000": (118.8, 32.1), "440000": (113.3, 23.1), "US-CA": (-121.5, 38.6)}
    points["510000"] = (104.1, 30.7)
    longitude, latitude = np.array([points[region] for region in net.regions]).T
    found = kilometres(store, net, "province")
    assert found == pytest.approx(great_circles(longitude, latitude), abs=1e-9)
    assert gravity(net, found).pairs == len(net.regions) * (len(net.regions) - 1)


def test_a_region_without_coordinates_has_no_distance(store: GraphStore) -> None:
    net = coded(["a", "b"], ["110000", "nowhere"], ["a"], ["b"], [1.0], directed=True)
    with pytest.raises(NetworkError, match="1 of 2 regions have no coordinates: nowhere"):
        kilometres(store, net, "province")
