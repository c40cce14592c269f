"""GraphML, GEXF and CSV read back by another program: every node, link, name, type and value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pandas as pd
import pytest
from graphs import Graph, Link, Node, dataset, graph

from ecosystem.errors import OutputError, UsageError
from ecosystem.export.gexf import write_gexf
from ecosystem.export.graph_csv import write_graph_csv
from ecosystem.export.graph_parts import graph_parts
from ecosystem.export.graphml import write_graphml

NAME = " <甲> & \"乙\"\n]]>\t'丙' "
WORLD = graph(
    [
        Node('c "1" <&>', "Company", {"name": NAME, "patents": 2**53 + 1, "revenue_cny_m": 0.1 + 0.2, "listed": True}),
        Node("k2", "Company", {"name": "=1+1", "label": "mine", "size": 3}),
        Node("i1", "Investor", {"name": "bell\x07", "size": 0.5}),
        Node("f1", "Conference", {"date": date(2020, 2, 29), "size": 7}),
        Node("v1", "RegionValue", {"region": "p1", "indicator": "gdp", "value": 1.5}),
    ],
    [
        Link("l1", "LOCATED_IN", "k2", "c1"),
        Link("e1", "ENABLES", 'c "1" <&>', "k2", {"year": 2019, "type": "a"}),
        Link("e2", "ENABLES", 'c "1" <&>', "k2", {"year": 2020}),
        Link("x1", "COLLABORATES_WITH", "k2", "k2", {"kind": "=paper"}),
        Link("t1", "INVESTED_IN", "i1", "k2", {"amount_cny_m": 1e300, "date": date(2021, 1, 1), "disclosed": False}),
    ],
)
PARTS = graph_parts(dataset(WORLD))

Write = Callable[..., None]
FORMATS = [
    pytest.param(write_graphml, networkx.read_graphml, id="graphml"),
    pytest.param(write_gexf, lambda path: networkx.read_gexf(path, version="1.3"), id="gexf"),
]
Read = Callable[[Path], networkx.MultiDiGraph]


def expected(world: Graph) -> tuple[dict[str, str], Counter[tuple[str, str, str]]]:
    ends = {end for link in world.links if link.kind != "WITHIN" for end in (link.source, link.target)}
    used = {link.target for link in world.links if link.kind == "WITHIN" and link.source in ends}
    unused = {node.id for node in world.nodes if node.kind == "Region"} - used
    nodes = {node.id: node.kind for node in world.nodes if node.kind != "RegionValue" and node.id not in unused}
    return nodes, Counter((link.source, link.target, link.kind) for link in world.links if link.kind != "WITHIN")


def test_the_regions_with_something_in_them_travel_and_those_above_them() -> None:
    regions = next(part.table["id"].to_pylist() for part in PARTS.nodes if part.kind == "Region")
    lies_in = {link.target for link in WORLD.links if link.kind == "WITHIN" and link.source == "c1"}
    assert set(regions) == lies_in
    assert {"US", "c2", "p2"}.isdisjoint(regions)


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_networkx_reads_every_node_and_link_back(write: Write, read: Read, tmp_path: Path) -> None:
    path = tmp_path / f"graph.{'graphml' if write is write_graphml else 'gexf'}"
    write(path, PARTS)
    found = read(path)
    nodes, links = expected(WORLD)
    assert {name: facts["node_type"] for name, facts in found.nodes(data=True)} == nodes
    assert Counter((a, b, facts["link_type"]) for a, b, facts in found.edges(data=True)) == links
    first = found.nodes['c "1" <&>']
    assert (first["name"], first["label"]) == (NAME, NAME)
    assert (first["patents"], first["revenue_cny_m"], first["listed"]) == (2**53 + 1, 0.1 + 0.2, True)
    assert "valuation_cny_m" not in first
    assert found.nodes["i1"]["name"] == "bell"
    assert found.nodes["f1"]["date"] == "2020-02-29"
    sizes = [found.nodes[name]["size"] for name in ("k2", "i1", "f1")]
    assert sizes == [3.0, 0.5, 7.0]
    assert all(isinstance(size, float) for size in sizes)
    assert found.nodes["k2"]["label_"] == "mine"
    (deal,) = found["i1"]["k2"].values()
    assert (deal["amount_cny_m"], deal["date"], deal["disclosed"], deal["directed"]) == (
        1e300,
        "2021-01-01",
        False,
        True,
    )
    years = {key: (facts["year"], facts.get("type_")) for key, facts in found['c "1" <&>']["k2"].items()}
    assert years == {"e1": (2019, "a"), "e2": (2020, None)}
    assert [facts["directed"] for facts in found["k2"]["k2"].values()] == [False]


@pytest.mark.parametrize(("write", "read"), FORMATS)
def test_many_batches_are_one_file(write: Write, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecosystem.export.xml_text.BATCH_ROWS", 2)
    path = tmp_path / f"graph.{'graphml' if write is write_graphml else 'gexf'}"
    told: list[tuple[str, int, int | None]] = []
    write(path, PARTS, progress=lambda *step: told.append(step))
    nodes, links = expected(WORLD)
    found = read(path)
    assert (set(found), found.number_of_edges()) == (set(nodes), links.total())
    total = len(found) + found.number_of_edges()
    assert [done for _, done, _ in told] == sorted({done for _, done, _ in told})
    assert (len(told) > 4, told[-1]) == (True, ("write", total, total))


@pytest.mark.parametrize(("write", "tag"), [(write_graphml, "desc"), (write_gexf, "description")])
def test_the_file_says_which_dataset_it_was(write: Write, tag: str, tmp_path: Path) -> None:
    path = tmp_path / ("g.graphml" if write is write_graphml else "g.gexf")
    write(path, replace(PARTS, name="a <b> [synthetic data, 合成数据]"))
    assert [each.text for each in every(parsed(path), tag)] == ["a <b> [synthetic data, 合成数据]"]


def test_the_types_are_declared_as_the_formats_name_them(tmp_path: Path) -> None:
    """Of GraphML by its specification (graphml.graphdrawing.org), of GEXF by its schema, version 1.3 (gexf.net)."""
    write_graphml(tmp_path / "g.graphml", PARTS)
    write_gexf(tmp_path / "g.gexf", PARTS)
    graphml = parsed(tmp_path / "g.graphml")
    keys = {(key.get("for"), key.get("attr.name")): key.get("attr.type") for key in every(graphml, "key")}
    gexf = parsed(tmp_path / "g.gexf")
    titles = {
        (group.get("class"), attribute.get("title")): attribute.get("type")
        for group in every(gexf, "attributes")
        for attribute in group
    }
    for declared in (keys, titles):
        assert declared["node", "patents"] == "long"
        assert declared["node", "revenue_cny_m"] == declared["node", "size"] == "double"
        assert declared["node", "listed"] == declared["edge", "directed"] == "boolean"
        assert declared["node", "date"] == declared["edge", "link_type"] == "string"
    ids = [key.get("id") for key in every(graphml, "key")]
    assert len(set(ids)) == len(ids)
    assert {data.get("key") for data in every(graphml, "data")} <= set(ids)
    assert all(value.get("for") is not None and value.get("value") is not None for value in every(gexf, "attvalue"))


def parsed(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()  # noqa: S314 - the file was written a line ago


def every(root: ElementTree.Element, tag: str) -> Iterable[ElementTree.Element]:
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == tag)


def test_the_two_tables_have_the_headings_that_gephi_looks_for(tmp_path: Path) -> None:
    nodes_file, links_file = write_graph_csv(tmp_path / "graph.csv", PARTS)
    assert (nodes_file.name, links_file.name) == ("graph.nodes.csv", "graph.links.csv")
    nodes, links = pd.read_csv(nodes_file), pd.read_csv(links_file)
    assert list(nodes)[:3] == ["Id", "Label", "node_type"]
    assert list(links)[:6] == ["Source", "Target", "Type", "Id", "Label", "link_type"]
    wanted_nodes, wanted_links = expected(WORLD)
    assert dict(zip(nodes["Id"], nodes["node_type"], strict=True)) == wanted_nodes
    assert Counter(zip(links["Source"], links["Target"], links["link_type"], strict=True)) == wanted_links
    assert set(links.loc[links["link_type"] == "COLLABORATES_WITH", "Type"]) == {"Undirected"}
    assert set(links.loc[links["link_type"] == "ENABLES", "Type"]) == {"Directed"}
    by_id = nodes.set_index("Id")
    assert by_id.loc['c "1" <&>', "Label"] == NAME
    assert by_id.loc["k2", "Label"] == "=1+1"
    assert links.loc[links["Id"] == "t1", "amount_cny_m"].tolist() == [1e300]


def test_for_excel_a_formula_is_text(tmp_path: Path) -> None:
    for file in write_graph_csv(tmp_path / "graph.csv", PARTS, excel=True):
        text = file.read_bytes().decode("utf-8-sig")
        assert file.read_bytes().startswith(b"\xef\xbb\xbf")
        assert "'=" in text
        assert '"=' not in text


def test_some_link_types_and_what_they_join(tmp_path: Path) -> None:
    parts = graph_parts(dataset(WORLD), ["INVESTED_IN"])
    write_graphml(tmp_path / "g.graphml", parts)
    found = networkx.read_graphml(tmp_path / "g.graphml")
    assert (set(found), found.number_of_edges()) == ({"i1", "k2"}, 1)
    within = graph_parts(dataset(WORLD), ["WITHIN"])
    assert sum(part.table.num_rows for part in within.links) == len([x for x in WORLD.links if x.kind == "WITHIN"])
    with pytest.raises(UsageError, match=r"there is no link type 'INVESTS'.*\n.*INVESTED_IN"):
        graph_parts(dataset(WORLD), ["INVESTS"])


def test_a_link_type_without_links_leaves_an_empty_graph(tmp_path: Path) -> None:
    parts = graph_parts(dataset(WORLD), ["STUDIED_AT"])
    write_graphml(tmp_path / "g.graphml", parts)
    write_gexf(tmp_path / "g.gexf", parts)
    assert len(networkx.read_graphml(tmp_path / "g.graphml")) == 0
    assert len(networkx.read_gexf(tmp_path / "g.gexf", version="1.3")) == 0
    for file in write_graph_csv(tmp_path / "g.csv", parts):
        assert len(file.read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("write", [write_graphml, write_gexf])
def test_what_cannot_be_written_leaves_the_old_file(write: Write, tmp_path: Path) -> None:
    path = tmp_path / ("g.graphml" if write is write_graphml else "g.gexf")
    path.write_text("old", encoding="utf-8")
    broken = graph_parts(dataset(graph([Node("a\x01", "Company")], [])))
    with pytest.raises(OutputError, match=r"1 ids of Company have control characters.*'a\\x01'"):
        write(path, broken)
    with pytest.raises(UsageError, match="does not end in a known suffix"):
        write(tmp_path / "g.txt", PARTS)
    with pytest.raises(OutputError, match="there is no folder"):
        write(tmp_path / "none" / path.name, PARTS)
    assert path.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_two_files_appear_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "graph.links.csv").mkdir()
    with pytest.raises(OutputError, match="it is not a file"):
        write_graph_csv(tmp_path / "graph.csv", PARTS)
    assert [each.name for each in tmp_path.iterdir()] == ["graph.links.csv"]
