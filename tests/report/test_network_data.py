"""The networks of a page: their numbers are those of the tables of a network; what a cap cuts off stands in one row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command import run_in
from engine_cells import load_golden
from report_scores import scored
from stores import KINDS, empty_store

from ecosystem.errors import NetworkError
from ecosystem.index import load_index
from ecosystem.network import Linkage, Network, coded, linkage, load_networks
from ecosystem.network.brokerage import ROLES
from ecosystem.network.flows import flow_matrix
from ecosystem.network.network_tables import Names
from ecosystem.report.json_values import Json
from ecosystem.report.page import WEB
from ecosystem.report.parts.network_data import FIRST, LINKS, MOST, network
from ecosystem.report.parts.network_egos import AMONG, AROUND, egos
from ecosystem.report.parts.network_flows import ABROAD, COUNTRIES, HOME, LEVEL, SHOWN, Placed, flows
from ecosystem.report.request import Request
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    made = empty_store(KINDS[0], request, tmp_path_factory.mktemp("page"))
    load_golden(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def scores(store: GraphStore) -> Scores:
    return score(load_index("cingai-2023"), store)


@pytest.fixture(scope="module", params=["enablement", "collaboration", "investment"])
def shown(request: pytest.FixtureRequest, scores: Scores, store: GraphStore) -> tuple[Json, Linkage]:
    """A network as the page has it, and the network itself."""
    part = network(Request(scores, network=request.param))
    assert part is not None
    return part["networks"][0], linkage(store, request.param, level=scores.level)


def name_of(part: Json, place: int) -> str:
    return str(part["regions"]["en"][place])


def test_the_matrix_has_the_flows_of_the_network(shown: tuple[Json, Linkage]) -> None:
    part, made = shown
    whole = made.elsewhere().flows(lang="en")
    names = [name_of(part, row) for row in part["flows"]["rows"]]
    assert sorted(names) == sorted(whole.index)
    assert np.array_equal(np.array(part["flows"]["weight"]), whole.loc[names, names].to_numpy())


def test_regions_stand_in_the_order_of_the_ranking(shown: tuple[Json, Linkage], scores: Scores) -> None:
    part, _ = shown
    rank = dict(zip(scores.standing.regions, scores.standing.overall_rank.tolist(), strict=True))
    kinds = part["regions"]["kind"]
    countries = [scores.regions[region].country == "CN" for region in part["regions"]["id"]]
    assert countries == [kind != ABROAD for kind in kinds]
    assert not all(countries)
    own = [rank[region] for region, kind in zip(part["regions"]["id"], kinds, strict=True) if kind == LEVEL]
    assert own == sorted(own)
    assert kinds == sorted(kinds)


def test_the_largest_flows_are_rows_of_the_flows(shown: tuple[Json, Linkage]) -> None:
    part, made = shown
    rows = made.elsewhere().flow_rows(lang="en")
    known = {(row.from_region, row.to_region): (row.weight, row.share) for row in rows.itertuples()}
    found = part["flows"]["largest"]
    pairs = [(name_of(part, one), name_of(part, other)) for one, other in zip(found["from"], found["to"], strict=True)]
    assert [known[pair][0] for pair in pairs] == found["weight"]
    assert found["share"] is None or [known[pair][1] for pair in pairs] == found["share"]
    between = rows[rows["from_region"] != rows["to_region"]]
    assert len(pairs) == len(between) // (1 if part["directed"] else 2)
    assert found["weight"][0] == between["weight"].max()


def test_the_ends_add_up_to_the_whole(shown: tuple[Json, Linkage]) -> None:
    part, made = shown
    by_hand = dict.fromkeys(part["flows"]["ends"], 0.0)
    own, wide = made.network, made.elsewhere()
    abroad = {one for one, kind in zip(part["regions"]["id"], part["regions"]["kind"], strict=True) if kind == ABROAD}
    country = {
        node: wide.network.regions[at] if at >= 0 else None
        for node, at in zip(own.nodes, wide.network.region.tolist(), strict=True)
    }
    level = {
        node: own.regions[at] if at >= 0 else None for node, at in zip(own.nodes, own.region.tolist(), strict=True)
    }
    for one, other, weight in zip(own.source.tolist(), own.target.tolist(), own.weight.tolist(), strict=True):
        ends = own.nodes[one], own.nodes[other]
        if not all(country[end] for end in ends):
            key = "nowhere"
        elif any(country[end] in abroad for end in ends):
            key = "abroad"
        elif not all(level[end] for end in ends):
            key = "home"
        else:
            key = "inside" if level[ends[0]] == level[ends[1]] else "between"
        by_hand[key] += weight
    assert part["flows"]["ends"] == by_hand
    assert sum(by_hand.values()) == part["weight"]


def test_the_largest_links_are_the_heaviest_edges(shown: tuple[Json, Linkage]) -> None:
    part, made = shown
    ids = part["organisations"]["id"]
    links = part["links"]
    assert links["weight"] == sorted(made.network.weight.tolist(), reverse=True)[:LINKS]
    behind = {
        (made.network.nodes[one], made.network.nodes[other]): count
        for one, other, count in zip(
            made.network.source.tolist(), made.network.target.tolist(), made.links().tolist(), strict=True
        )
    }
    ends = [(ids[one], ids[other]) for one, other in zip(links["source"], links["target"], strict=True)]
    assert [behind[pair] for pair in ends] == links["links"]


def test_roles_are_those_of_the_network(shown: tuple[Json, Linkage]) -> None:
    part, made = shown
    tables = made.roles()
    brokers, first = part["brokers"], tables["entities"].head(LINKS)
    assert [part["organisations"]["id"][one] for one in brokers["organisation"]] == first["id"].tolist()
    for role in (*ROLES, "total"):
        assert brokers[role] == first[role].tolist()
    found = pd.DataFrame({key: values for key, values in part["by_region"].items() if key != "in_all"})
    found.index = [part["regions"]["id"][place] for place in found.pop("region")]
    known = made.regions(("flows", "ei", "bridging")).merge(
        tables["regions"].drop(columns=["name", "organisations"]), on="region"
    )
    known = known.set_index("region").loc[found.index, found.columns]
    assert len(known) == part["by_region"]["in_all"]
    assert np.array_equal(found.to_numpy(dtype=float), known.to_numpy(dtype=float), equal_nan=True)


def test_what_lies_around_an_organisation_is_its_ego_network(shown: tuple[Json, Linkage]) -> None:
    part, made = shown
    ids, edges = part["organisations"]["id"], part["edges"]
    strength = made.nodes(("strength",)).set_index("id")["strength"]
    for at, one in enumerate(part["egos"]["organisation"]):
        near = part["egos"]["neighbours"][at]
        around = made.ego(ids[one])
        assert {ids[other] for other in near} == set(around["entities"]["id"]) - {ids[one]}
        assert part["egos"]["contacts"][at] == len(near)
        assert part["egos"]["strength"][at] == strength[ids[one]]
        members = {one, *near}
        rows = zip(edges["source"], edges["target"], edges["weight"], edges["links"], strict=True)
        inside = {(ids[a], ids[b]): (weight, links) for a, b, weight, links in rows if {a, b} <= members}
        known = around["edges"]
        assert inside == {(row.source, row.target): (row.weight, row.links) for row in known.itertuples()}


def test_the_network_that_is_asked_for_comes_first(scores: Scores) -> None:
    part = network(Request(scores, network="investment"))
    assert part is not None
    found = [one["id"] for one in part["networks"]]
    assert found == ["investment", *[one for one in FIRST if one != "investment"][: MOST - 1]]
    assert part["instead"] is None
    own = replace(load_networks()["mobility"], id="own")
    mine = network(Request(scores, network=own))
    assert mine is not None
    assert mine["networks"][0]["id"] == "own"


def test_a_name_that_no_network_has_is_refused(scores: Scores) -> None:
    with pytest.raises(NetworkError, match="no network 'enablment'") as refused:
        network(Request(scores, network="enablment"))
    assert "enablement" in str(refused.value)


def test_the_command_refuses_it_before_it_scores(tmp_path: Path) -> None:
    done = run_in(tmp_path, "report", "cingai-2023", "--network", "enablment", "--out", "page.html")
    assert done.returncode == 1
    assert "did you mean 'enablement'" in done.stderr
    assert not list(tmp_path.iterdir())


def test_scores_from_a_table_have_no_network(tmp_path: Path) -> None:
    assert network(Request(scored(tmp_path))) is None


def test_a_network_without_links_gives_way_and_is_named(scores: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    some = {"study", "mobility"}

    def found(store: GraphStore, file: Any, **asked: Any) -> Linkage:
        if file.id not in some:
            raise NetworkError("the dataset has no such link")
        return linkage(store, file, **asked)

    monkeypatch.setattr("ecosystem.report.parts.network_data.linkage", found)
    part = network(Request(scores))
    assert part is not None
    assert [one["id"] for one in part["networks"]] == ["mobility"]
    assert part["instead"] == {"en": "Technology enablement", "zh": "技术赋能"}
    some.clear()
    assert network(Request(scores)) is None


def test_networks_that_would_make_the_page_heavy_are_left_out_and_named(
    scores: Scores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecosystem.report.parts.network_data.PACKED", 1)
    part = network(Request(scores))
    assert part is not None
    assert [one["id"] for one in part["networks"]] == ["enablement"]
    assert len(part["left_out"]) == MOST - 1


def test_roles_of_a_large_network_are_left_to_the_command(scores: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecosystem.report.parts.network_data.COUNTED", 1)
    part = network(Request(scores))
    assert part is not None
    assert part["networks"][0]["brokers"] is None
    assert "liaison" not in part["networks"][0]["by_region"]


def in_many_regions(regions: int, countries: int, seed: int, *, directed: bool) -> tuple[Network, Placed]:
    """A random network whose regions are of the level but for the last ones, which are countries."""
    draw = np.random.default_rng(seed)
    count = 3 * (regions + countries)
    nodes = [f"n{at:05}" for at in range(count)]
    homes = [f"r{at % (regions + countries):05}" for at in range(count)]
    ends = draw.integers(0, count, (2, 8 * count))
    source, target = ([nodes[at] for at in end.tolist()] for end in ends)
    net = coded(nodes, homes, source, target, draw.integers(1, 9, 8 * count).astype(float), directed=directed)
    kind = np.where(np.arange(regions + countries) < regions, LEVEL, ABROAD)
    strength = draw.random(regions + countries)
    order = np.lexsort((draw.random(regions + countries), kind))
    place = np.argsort(order)
    return net, Placed(
        net, Names((), net.nodes, net.regions), net.regions, kind, strength, order, place, place[net.region]
    )


@pytest.mark.parametrize("directed", [True, False])
def test_regions_beyond_the_largest_stand_in_one_row(directed: bool) -> None:
    net, where = in_many_regions(300, 40, 1, directed=directed)
    found = flows(where)
    rows = found["rows"]
    assert rows[SHOWN] == -1
    assert rows[-1] == -2
    assert len(rows) == SHOWN + COUNTRIES + 2
    assert (found["others"], found["countries"]) == (300 - SHOWN, 40 - COUNTRIES)
    own = where.strength[where.order][:300]
    assert sorted(rows[:SHOWN]) == rows[:SHOWN]
    assert set(rows[:SHOWN]) == set(np.argsort(-own)[:SHOWN].tolist())
    whole, matrix = flow_matrix(net)[np.ix_(where.order, where.order)], np.array(found["weight"])
    assert np.array_equal(matrix[:SHOWN, :SHOWN], whole[np.ix_(rows[:SHOWN], rows[:SHOWN])])
    rest = np.setdiff1d(np.arange(300), rows[:SHOWN])
    assert np.allclose(matrix[:SHOWN, SHOWN], whole[np.ix_(rows[:SHOWN], rest)].sum(axis=1), rtol=1e-12)
    if directed:
        assert matrix.sum() == pytest.approx(net.weight.sum(), rel=1e-12)


def test_what_is_left_of_many_countries_stands_in_one_row() -> None:
    net, where = in_many_regions(30, 40, 5, directed=True)
    found = flows(replace(where, kind=np.where(where.kind == ABROAD, HOME, LEVEL)))
    assert [row for row in found["rows"] if row < 0] == [-3]
    assert len(found["rows"]) == 30 + COUNTRIES + 1
    assert (found["others"], found["rests"], found["countries"]) == (0, 40 - COUNTRIES, 0)
    assert np.array(found["weight"]).sum() == pytest.approx(net.weight.sum(), rel=1e-12)


def test_few_regions_have_a_row_each() -> None:
    _, where = in_many_regions(31, 9, 2, directed=True)
    assert flows(where)["rows"] == list(range(40))
    assert flows(in_many_regions(1, 0, 3, directed=True)[1])["largest"]["from"] == []


def test_many_contacts_are_cut_to_the_strongest() -> None:
    weights = np.arange(1.0, 101.0)
    star = coded(
        [f"n{at:03}" for at in range(101)],
        ["r"] * 101,
        ["n000"] * 100,
        [f"n{at:03}" for at in range(1, 101)],
        weights,
        directed=False,
    )
    found = egos(star, most=5)
    assert found.node.tolist() == [0, 100, 99, 98, 97]
    assert found.contacts.tolist() == [100, 1, 1, 1, 1]
    assert found.neighbours[0].tolist() == list(range(100, 100 - AROUND, -1))
    assert len(found.edges) == AROUND


def test_a_dense_network_has_fewer_organisations_to_look_up() -> None:
    net, _ = in_many_regions(40, 0, 4, directed=True)
    found = egos(net, edges=500)
    assert 1 <= len(found.node) < 300
    assert len(found.edges) <= 500
    strength = np.bincount(net.source, net.weight, len(net)) + np.bincount(net.target, net.weight, len(net))
    assert np.allclose(found.strength, np.sort(strength)[::-1][: len(found.node)])


def test_the_script_draws_as_many_links_between_contacts_as_the_data_have() -> None:
    script = (WEB / "src" / "parts" / "network_ego.ts").read_text(encoding="utf-8")
    found = re.search(r"^const AMONG = (\d+);$", script, re.MULTILINE)
    assert found is not None
    assert int(found[1]) == AMONG
