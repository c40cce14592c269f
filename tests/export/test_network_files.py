"""Networks as files, read back by igraph and networkx, and by the rules of Pajek and VOSviewer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pytest
from engine_cells import load_golden
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_edges import Row, made_of, rows
from stores import empty_store

from ecosystem.errors import OutputError, UsageError
from ecosystem.export.described_network import DescribedNetwork, describe, described
from ecosystem.export.network_files import FORMATS, write_network
from ecosystem.export.pajek import MISSING
from ecosystem.network import linkage
from ecosystem.store import GraphStore

NODES = ["a", "甲", "c <&> \"d\" 'e'", "lone"]
PLACES = ["NA", "110000", None, "NA"]
EDGES: list[Row] = [("a", "甲", 2.5), ("甲", "a", 1.0), (NODES[2], "a", 0.1 + 0.2)]
SUFFIX = {name: form.suffixes[0] for name, form in FORMATS.items()}


def odd(*, directed: bool = True) -> DescribedNetwork:
    """A network with all that a format may lose: Chinese, gaps, dates, booleans, controls, taken names, region NA."""
    network = made_of(NODES, PLACES, EDGES, directed=directed)
    edges = len(network.weight)
    return described(
        network,
        "odd",
        nodes={
            "名称": ["甲 公司", None, "bell\x07\r\nring", ""],
            "founded": [date(2020, 2, 29), None, date(1999, 1, 1), date(2001, 1, 1)],
            "listed": [True, None, False, True],
            "share": np.array([0.1 + 0.2, np.nan, -1e-300, 1e300]),
            "rank": [1, 2, None, 2**53 + 1],
            "type": ["x", "y", None, "z"],
            "region": ["own", None, None, None],
        },
        edges={"type": ["t"] * edges, "first_year": [2019, *[None] * (edges - 1)], "source": ["s"] * edges},
    )


def expected_nodes(shown: DescribedNetwork) -> dict[str, dict[str, Any]]:
    """The attributes of each node that are not missing, dates as texts, without control characters."""
    found = {}
    for place, node in enumerate(shown.network.nodes):
        region = shown.network.region[place]
        row: dict[str, Any] = {"name": node, "node_type": "Node"}
        if region >= 0:
            row |= dict.fromkeys(("region", "region_zh", "region_en"), shown.network.regions[region])
        for name, column in shown.nodes.items():
            value = column[place].as_py()
            if value is not None:
                row["region_2" if name == "region" else name] = str(value) if isinstance(value, date) else value
        found[node] = row
    return found


def test_graphml_is_what_networkx_reads(tmp_path: Path) -> None:
    for directed in (True, False):
        shown, path = odd(directed=directed), tmp_path / "net.graphml"
        files, notes = write_network(path, shown)
        assert (files, notes) == ((path,), ("control characters are left out of one text",))
        same_graph(nx.read_graphml(path), shown)


def test_gexf_is_what_networkx_reads(tmp_path: Path) -> None:
    for directed in (True, False):
        shown, path = odd(directed=directed), tmp_path / "net.gexf"
        write_network(path, shown)
        same_graph(nx.read_gexf(path, version="1.3"), shown)


def same_graph(found: nx.Graph, shown: DescribedNetwork) -> None:
    network = shown.network
    assert found.is_directed() == network.directed
    assert not found.is_multigraph()
    nodes = {node: dict(facts) for node, facts in found.nodes(data=True)}
    for facts in nodes.values():
        del facts["label"]
    wanted = expected_nodes(shown)
    next(row for row in wanted.values() if "\x07" in str(row.get("名称")))["名称"] = "bell\nring"
    assert nodes == wanted
    edges = {(one, other): facts for one, other, facts in found.edges(data=True)}
    assert len(edges) == len(network.weight)
    for at, (one, other, weight) in enumerate(rows(network)):
        facts = edges.get((network.nodes[one], network.nodes[other])) or edges[network.nodes[other], network.nodes[one]]
        assert (facts["weight"], facts["type_"], facts["source_"]) == (weight, "t", "s")
        assert (facts.get("first_year"), facts["link_type"]) == (shown.edges["first_year"][at].as_py(), "odd")
        assert facts["directed"] == network.directed


def test_graphml_is_what_igraph_reads(tmp_path: Path) -> None:
    for directed in (True, False):
        shown = odd(directed=directed)
        write_network(tmp_path / "net.graphml", shown)
        found = igraph.Graph.Read_GraphML(str(tmp_path / "net.graphml"))
        assert found.is_directed() == directed
        # of an id igraph gives the signs of XML back as they are written
        same_edges(found, shown, "label")
        wanted = expected_nodes(shown)
        for vertex in found.vs:
            facts = wanted[vertex["label"]]
            assert (vertex["region"] or None, vertex["type"] or None) == (facts.get("region"), facts.get("type"))
            assert np.array_equal(vertex["share"], facts.get("share", np.nan), equal_nan=True)
            assert vertex["founded"] == facts.get("founded", "")


def same_edges(found: igraph.Graph, shown: DescribedNetwork, name: str) -> None:
    network = shown.network
    names = found.vs[name]
    ends = [sorted(edge) if not network.directed else list(edge) for edge in found.get_edgelist()]
    read = {(tuple(names[end] for end in pair), weight) for pair, weight in zip(ends, found.es["weight"], strict=True)}
    labels = network.nodes if name == "label" else [vertex.replace('"', "'") for vertex in network.nodes]
    assert read == {((labels[one], labels[other]), weight) for one, other, weight in rows(network)}


def test_cytoscape_is_what_networkx_reads(tmp_path: Path) -> None:
    for directed in (True, False):
        shown, path = odd(directed=directed), tmp_path / "net.cyjs"
        assert write_network(path, shown) == ((path,), ())
        found = nx.cytoscape_graph(json.loads(path.read_text(encoding="utf-8")))
        assert (found.is_directed(), found.is_multigraph()) == (directed, False)
        nodes = {node: dict(facts) for node, facts in found.nodes(data=True)}
        for node, facts in nodes.items():
            assert facts.pop("value") == facts.pop("id") == node
        assert nodes == expected_nodes(shown)
        network = shown.network
        for one, other, weight in rows(network):
            facts = found.edges[network.nodes[one], network.nodes[other]]
            assert (facts["weight"], facts["interaction"], facts["source_"]) == (weight, "odd", "s")


def test_csv_has_every_node_and_edge(tmp_path: Path) -> None:
    shown = odd(directed=False)
    files, notes = write_network(tmp_path / "net.csv", shown)
    assert ([path.name for path in files], notes) == (["net.nodes.csv", "net.links.csv"], ())
    nodes, edges = (list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))) for path in files)
    assert {row["Id"]: row["region"] for row in nodes} == dict(zip(NODES, ("NA", "110000", "", "NA"), strict=True))
    assert {row["名称"] for row in nodes} == {"甲 公司", "bell\x07\r\nring", ""}
    ends = {(row["Source"], row["Target"], float(row["weight"])) for row in edges}
    assert ends == {(shown.network.nodes[a], shown.network.nodes[b], weight) for a, b, weight in rows(shown.network)}
    assert {row["Type"] for row in edges} == {"Undirected"}


def pajek_objects(text: str) -> dict[str, list[str]]:
    """The objects of a Pajek project by their heading, read line by line as its manual describes them."""
    assert text.startswith("\ufeff") or text.isascii()
    found: dict[str, list[str]] = {}
    for line in text.removeprefix("\ufeff").split("\r\n")[:-1]:
        if line.startswith(("*Network", "*Partition", "*Vector ")):
            found[line] = []
        elif not line.startswith("%"):
            found[next(reversed(found))].append(line)
    return found


def test_pajek_is_what_igraph_and_networkx_read(tmp_path: Path) -> None:
    for directed in (True, False):
        shown = odd(directed=directed)
        files, notes = write_network(tmp_path / "net.net", shown)
        assert [path.name for path in files] == ["net.net", "net.clu", "net.share.vec", "net.rank.vec"]
        assert "one name has a quotation mark" in notes[1]
        assert f"{MISSING}" in notes[2]
        assert notes[3] == (
            "Pajek has no place for 名称, founded, listed, type, region, type, first_year, source: left out"
        )
        found = igraph.Graph.Read_Pajek(str(files[0]))
        assert found.is_directed() == directed
        same_edges(found, shown, "name")
        read = nx.read_pajek(files[0])
        assert (list(read), read.is_directed()) == (found.vs["name"], directed)
        assert sorted(w for *_, w in read.edges(data="weight")) == sorted(shown.network.weight.tolist())


def test_a_pajek_project_has_the_regions_as_classes_and_the_numbers_as_vectors(tmp_path: Path) -> None:
    shown = odd()
    ((path,), _) = write_network(tmp_path / "net.paj", shown)
    objects = pajek_objects(path.read_bytes().decode())
    assert list(objects) == ["*Network odd", "*Partition odd_regions", "*Vector share", "*Vector rank"]
    assert objects["*Partition odd_regions"] == ["*Vertices 4", "2", "0", "2", "1"]
    assert "% 2 NA NA NA" in path.read_text(encoding="utf-8-sig").splitlines()
    head, *values = objects["*Vector share"]
    assert (head, [float(value) for value in values]) == ("*Vertices 4", [0.1 + 0.2, MISSING, -1e-300, 1e300])


def test_pajek_tells_nodes_of_one_name_apart(tmp_path: Path) -> None:
    from dataclasses import replace

    shown = replace(odd(), names=("同名", "x\\y", "同名", "a\nb"))
    (path, *_), notes = write_network(tmp_path / "net.net", shown)
    ids = shown.network.nodes
    assert igraph.Graph.Read_Pajek(str(path)).vs["name"] == [f"同名 ({ids[0]})", "x/y", f"同名 ({ids[2]})", "a b"]
    assert "2 names have a quotation mark" in notes[1]


def test_vosviewer_as_json(tmp_path: Path) -> None:
    """The members that VOSviewer Online documents (van Eck and Waltman, docs, JSON file type)."""
    shown = odd()
    ((path,), notes) = write_network(tmp_path / "net.json", shown)
    assert "VOSviewer knows no directions: the weights of both ways are added up" in notes
    content = json.loads(path.read_text(encoding="utf-8"))
    items = {item["id"]: item for item in content["network"]["items"]}
    assert [item["label"] for item in items.values()] == list(shown.network.nodes)
    assert [item.get("cluster") for item in items.values()] == [2, None, 2, 1]
    assert content["network"]["clusters"] == [{"cluster": 1, "label": "110000"}, {"cluster": 2, "label": "NA"}]
    assert items[1]["weights"] == {"Links": 2, "Total link strength": 3.5 + (0.1 + 0.2)}
    assert [item["scores"] for item in items.values()] == [
        {"share": 0.1 + 0.2, "rank": 1},
        {"rank": 2},
        {"share": -1e-300},
        {"share": 1e300, "rank": float(2**53 + 1)},
    ]
    links = {(link["source_id"], link["target_id"], link["strength"]) for link in content["network"]["links"]}
    assert links == {(1, 4, 3.5), (1, 2, 0.1 + 0.2)}


def test_vosviewer_as_map_and_network(tmp_path: Path) -> None:
    shown = described(odd(directed=False).network, nodes={"degree": [2, 1, 0, 1]})
    files, notes = write_network(tmp_path / "net.txt", shown, to="vosviewer")
    assert ([path.name for path in files], notes) == (["net.map.txt", "net.network.txt"], ())
    items = list(csv.DictReader(files[0].read_text(encoding="utf-8").splitlines(), delimiter="\t"))
    heading = "id,label,description,cluster,weight<Links>,weight<Total link strength>,weight<degree>,score<degree>"
    assert list(items[0]) == heading.split(",")
    assert [item["label"] for item in items] == list(shown.network.nodes)
    assert [item["cluster"] for item in items] == ["2", "", "2", "1"]
    links = [line.split("\t") for line in files[1].read_text(encoding="utf-8").splitlines()]
    assert [(int(a) - 1, int(b) - 1, float(w)) for a, b, w in links] == rows(shown.network)


def test_vosviewer_does_not_hold_more_than_a_thousand_clusters(tmp_path: Path) -> None:
    names = [f"n{place:04}" for place in range(1001)]
    network = made_of(names, names, [(names[0], names[1], 1.0)], directed=False)
    with pytest.raises(UsageError, match=r"1,000 clusters, not 1,001 regions"):
        write_network(tmp_path / "net.json", described(network))


@pytest.mark.parametrize("to", FORMATS)
def test_a_network_without_edges_or_nodes_is_a_file_too(to: str, tmp_path: Path) -> None:
    for nodes in ([], ["a", "b"]):
        shown = described(made_of(nodes, [None] * len(nodes), [], directed=False))
        files, _ = write_network(tmp_path / f"net{SUFFIX[to]}", shown, to=to)
        assert all(path.stat().st_size or path.name == "net.network.txt" for path in files)


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_network_is_the_same_file_whatever_the_order_of_its_rows(to: str, tmp_path: Path) -> None:
    contents = set()
    for nodes, places, edges in ((NODES, PLACES, EDGES), (NODES[::-1], PLACES[::-1], EDGES[::-1])):
        shown = described(made_of(nodes, places, edges, directed=True))
        files, _ = write_network(tmp_path / f"net{SUFFIX[to]}", shown, to=to)
        contents.add(tuple(path.read_bytes() for path in files))
    assert len(contents) == 1


@pytest.mark.parametrize("to", FORMATS)
def test_a_missing_folder_is_said_and_nothing_is_written(to: str, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is no folder") as caught:
        write_network(tmp_path / "none" / f"net{SUFFIX[to]}", odd(), to=to)
    assert "mkdir -p" in str(caught.value.hint)
    assert list(tmp_path.iterdir()) == []


def test_what_a_format_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a file holds one network, not 2: odd, odd"):
        write_network(tmp_path / "net.graphml", [odd(), odd(directed=False)])
    with pytest.raises(UsageError, match=r"a file of pajek ends in \.net, \.paj, not 'net\.gexf'"):
        write_network(tmp_path / "net.gexf", odd(), to="pajek")
    with pytest.raises(UsageError, match="there is no format 'gefx'") as caught:
        write_network(tmp_path / "net.gexf", odd(), to="gefx")
    assert "gexf" in str(caught.value.hint)
    with pytest.raises(UsageError, match=r"'net\.dot' does not end in a known suffix"):
        write_network(tmp_path / "net.dot", odd())
    bell = described(made_of(["a\x07", "b"], [None, None], [], directed=False))
    for suffix in (".graphml", ".gexf"):
        with pytest.raises(OutputError, match="1 ids of Node have control characters"):
            write_network(tmp_path / f"net{suffix}", bell)
    assert list(tmp_path.iterdir()) == []


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), names=st.lists(texts.map(str.strip).filter(bool), min_size=1, max_size=6, unique=True))
def test_random_names_and_weights_come_back(tmp_path: Path, data: st.DataObject, names: list[str]) -> None:
    directed = data.draw(st.booleans())
    weight = st.floats(1e-9, 1e9)
    edges = data.draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names), weight), max_size=8))
    shown = described(made_of(names, [None] * len(names), edges, directed=directed))
    network = shown.network
    wanted = {(network.nodes[a], network.nodes[b]): w for a, b, w in rows(network)}
    readers: dict[str, Callable[[Path], nx.Graph]] = {
        "graphml": nx.read_graphml,
        "gexf": lambda path: nx.read_gexf(path, version="1.3"),
        "cytoscape": lambda path: nx.cytoscape_graph(json.loads(path.read_text(encoding="utf-8"))),
    }
    for to, read in readers.items():
        ((path,), _) = write_network(tmp_path / f"net{SUFFIX[to]}", shown, to=to)
        found = read(path)
        assert set(found) == set(names)
        assert {pair: found.edges[pair]["weight"] for pair in wanted} == wanted
        assert found.number_of_edges() == len(wanted)


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> GraphStore:
    """The golden dataset in the embedded store."""
    made = empty_store("duckdb", request, tmp_path_factory.mktemp("golden"))
    load_golden(made)
    return made


def test_a_network_of_a_store_has_names_regions_links_and_years(store: GraphStore) -> None:
    made = linkage(store, "investment")
    shown = describe(made, {"degree": made.network.matrix().sum(axis=0)})
    network = shown.network
    assert all(shown.names)
    assert set(shown.labels) <= set(store.schema.nodes)
    assert shown.region_name("110000").zh == "北京市"
    for at, (one, other, _) in enumerate(rows(network)):
        behind = made.behind(network.nodes[one], network.nodes[other])
        assert shown.edges["links"][at].as_py() == behind["link_t"].nunique()
    first, last = made.years()
    assert (first[~np.isnan(first)] <= last[~np.isnan(last)]).all()
    inside = linkage(store, "investment", since=2019, until=2020)
    first, last = inside.years()
    assert set(np.concatenate([first, last])) <= {2019.0, 2020.0}


def test_years_are_those_of_the_links_and_a_file_without_dates_has_none(store: GraphStore) -> None:
    dated = pairs_with_years(store)
    made = linkage(store, "investment")
    first, last = made.years()
    found = {
        (made.network.nodes[a], made.network.nodes[b]): (first[at], last[at])
        for at, (a, b, _) in enumerate(rows(made.network))
    }
    assert {pair: years for pair, years in found.items() if not np.isnan(years[0])} == dated
    none = linkage(store, "membership")
    if none.file.dated is None:
        assert np.isnan(none.years()[0]).all()


def pairs_with_years(store: GraphStore) -> dict[tuple[str, str], tuple[int, int]]:
    from ecosystem.query import parse

    financed = "MATCH (a)-[t:INVESTED_IN]->(b:Company) WHERE coalesce(t.disclosed, true)"
    text = f"{financed} RETURN a.id AS a, b.id AS b, t.year AS year"
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in store.query(parse(text)).read_all().to_pylist():
        if row["a"] != row["b"] and row["year"] is not None:
            first, last = found.get((row["a"], row["b"]), (row["year"], row["year"]))
            found[row["a"], row["b"]] = min(first, row["year"]), max(last, row["year"])
    return found
