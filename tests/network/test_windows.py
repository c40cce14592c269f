"""Windows of years on the golden dataset, on every store: against the links of its table, year by year."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from engine_cells import HERE, load_golden
from plain_edges import rows
from stores import KINDS, empty_store

from ecosystem.errors import NetworkError
from ecosystem.network import Network, linkage, parse_network
from ecosystem.network import relatedness as r
from ecosystem.network.contacts import contacts, suggested, ways
from ecosystem.network.windows import evolution_of, windows
from ecosystem.store import GraphStore

pytestmark = pytest.mark.long  # starts servers of its own


@pytest.fixture(scope="module", params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """The golden dataset in each store."""
    made = empty_store(request.param, request, tmp_path_factory.mktemp("windows"))
    load_golden(made)
    yield made
    made.close()


def links() -> list[tuple[str, str, int]]:
    """The links of enablement that have a year, self-links left out."""
    with (HERE / "dataset" / "enables.csv").open(encoding="utf-8", newline="") as stream:
        return [(row["from"], row["to"], int(row["year"])) for row in csv.DictReader(stream) if row["year"]]


def edges(net: Network) -> set[tuple[str, str]]:
    return {(net.nodes[a], net.nodes[b]) for a, b, _ in rows(net)}


def between(first: int, last: int) -> set[tuple[str, str]]:
    return {(a, b) for a, b, year in links() if first <= year <= last and a != b}


@pytest.mark.parametrize("width", [1, 3])
def test_windows_of_a_flow_hold_their_years(store: GraphStore, width: int) -> None:
    whole = linkage(store, "enablement")
    found = list(windows(whole, width))
    years = sorted({year for *_, year in links()})
    assert found[-1][0] == years[-1]
    assert found[0][0] - width < years[0] <= found[0][0]
    for end, net in found:
        assert edges(net) == between(end - width + 1, end)
    assert {edge for _, net in found for edge in edges(net)} == between(years[0], years[-1])
    grown = list(windows(whole, width, cumulative=True))
    assert [edges(net) for _, net in grown] == [between(years[0], end) for end, _ in grown]


def test_windows_lie_within_the_years_that_are_asked_for(store: GraphStore) -> None:
    found = list(windows(linkage(store, "enablement", since=2019, until=2021), 2))
    assert [end for end, _ in found] == [2019, 2021]
    assert edges(found[0][1]) == between(2019, 2019)


def test_a_stock_only_grows_and_keeps_what_has_no_year(store: GraphStore) -> None:
    found = evolution_of(linkage(store, "activity"))
    assert found.years == tuple(range(2012, 2024))
    assert found.edges.left.sum() == 0
    assert found.edges.entered.sum() == 7  # v03 has no year, v08 is of the first
    assert found.edges.persisted[0] == 2


def test_what_regions_are_active_in(store: GraphStore) -> None:
    found = r.activity(linkage(store, "activity", level="province").network)
    where = dict(zip(found.regions, found.counts.tolist(), strict=True))
    net = linkage(store, "activity").network
    located = sum(1 for a, b, _ in rows(net) if net.located[a])
    assert found.counts.sum() == located
    assert where["110000"][found.segments.index("g01")] == 1  # c01 in Beijing


def test_contacts_and_ways_by_the_names_of_organisations(store: GraphStore) -> None:
    net = linkage(store, "enablement")
    name = dict(zip(net.network.nodes, net.names("en").nodes, strict=True))["c01"]
    around = contacts(net, name)["entities"]
    joined = {end for a, b in edges(net.network) for end in (a, b) if "c01" in (a, b)}
    assert set(around["id"]) == joined
    found, tables = ways(net, "c01", "c06", follow="in")
    assert tables["paths"]["ids"].tolist() == ["c01 ← c17 — c06"]
    assert found.length == 2
    with pytest.raises(NetworkError, match=r"(?s)no path leads from 'c19' to 'c01'.*--follow all"):
        ways(net, "c19", "c01", follow="out")


def test_suggestions_are_the_same_on_every_store(store: GraphStore) -> None:
    tested, tables = suggested(linkage(store, "collaboration"), "110000", seed=4, draws=2)
    assert tested.hidden == 1
    best = tables["suggestions"]
    # c01 with three neighbours and u02 with two stand between them
    assert best["resource_allocation"][0] == pytest.approx(1 / 3 + 1 / 2)
    assert best[["id", "other_id"]].to_numpy().tolist()[0] == ["u01", "c05"]
    assert tables["accuracy"]["auc"][0] == pytest.approx(0.4097222222222222)


def test_a_network_that_has_no_years(store: GraphStore) -> None:
    text = "// title: Own\n// unit: links\n// dated: none\n// directed: yes\n"
    body = "MATCH (a)-[t:ENABLES]->(b) RETURN a.id AS source, b.id AS target, count(t) AS weight"
    with pytest.raises(NetworkError, match="the network 'own' is not dated"):
        evolution_of(linkage(store, parse_network(f"{text}{body}\n", "own.cypher")))
