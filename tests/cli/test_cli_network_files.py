"""`ecosystem network draw`, `export`: the files, what is said of them, and what makes no sense."""

from __future__ import annotations

import json
import re
from pathlib import Path

import igraph
import networkx as nx
import pytest
from network_home import made_up, network


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a made-up dataset in its store."""
    return made_up(tmp_path_factory, "network")


def written(home: Path, *words: str, fails: bool = False) -> str:
    """What a command says that prints nothing."""
    out, said = network(home, *words, fails=fails)
    assert not out
    return said


def test_a_picture_of_each_kind(home: Path) -> None:
    for suffix, start in ((".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".html", b"<!doctype html>")):
        said = written(home, "draw", "enablement", "--out", f"net{suffix}", "--labels", "3", "--lang", "en")
        assert f"drawn: net{suffix}" in said
        assert (home / f"net{suffix}").read_bytes().startswith(start)
    svg = (home / "net.svg").read_text(encoding="utf-8")
    assert all(f">{text}<" in svg for text in ("Technology enablement", "region", "area: strength", "synthetic data"))
    first = (home / "net.svg").read_bytes()
    written(home, "draw", "enablement", "--out", "net.svg", "--labels", "3", "--lang", "en")
    assert (home / "net.svg").read_bytes() == first
    written(home, "draw", "enablement", "--out", "net.svg", "--labels", "3", "--lang", "en", "--seed", "2")
    assert (home / "net.svg").read_bytes() != first


def test_a_picture_by_community_and_another_measure_in_chinese(home: Path) -> None:
    options = ("--colour", "community", "--size", "degree", "--lang", "zh", "--since", "2019", "--until", "2020")
    said = written(home, "draw", "enablement", "--out", "net.html", *options)
    assert re.search(r"莱顿|Leiden", said)
    page = (home / "net.html").read_text(encoding="utf-8")
    (found,) = re.findall(r'id="data">(.*?)</script>', page, re.DOTALL)
    data = json.loads(found)
    assert data["words"]["kind"] == "社区"
    assert data["words"]["area"] == "面积：度"
    assert "2019-2020" in page
    assert data["groups"][0]["name"].startswith("社区 ")


def test_a_file_of_each_format_has_the_same_network(home: Path) -> None:
    said = written(home, "export", "enablement", "net.graphml", "--measure", "degree,ei")
    graph = nx.read_graphml(home / "net.graphml")
    assert f"{len(graph):,} nodes and {graph.number_of_edges():,} edges written to net.graphml" in said
    assert {"name", "node_type", "region", "region_en", "degree"} <= set.union(
        *(set(d) for _, d in graph.nodes(data=True))
    )
    assert all({"weight", "links", "link_type"} <= set(facts) for *_, facts in graph.edges(data=True))
    # one that is linked with itself alone has no edge
    assert all(graph.degree(node) >= facts["degree"] >= 0 for node, facts in graph.nodes(data=True))
    assert sum(facts["degree"] > 0 for _, facts in graph.nodes(data=True)) > len(graph) / 2
    for file in ("net.gexf", "net.cyjs", "net.json", "net.net", "net.csv"):
        written(home, "export", "enablement", file)
    assert nx.read_gexf(home / "net.gexf", version="1.3").number_of_edges() == graph.number_of_edges()
    cytoscape = json.loads((home / "net.cyjs").read_text(encoding="utf-8"))
    assert nx.cytoscape_graph(cytoscape).number_of_edges() == graph.number_of_edges()
    pajek = igraph.Graph.Read_Pajek(str(home / "net.net"))
    assert (pajek.vcount(), pajek.ecount()) == (len(graph), graph.number_of_edges())
    assert {path.name for path in home.glob("net.*.csv")} == {"net.nodes.csv", "net.links.csv"}
    items = json.loads((home / "net.json").read_text(encoding="utf-8"))["network"]["items"]
    assert len(items) == len(graph)


def test_what_a_format_cannot_hold_is_said(home: Path) -> None:
    said = written(home, "export", "enablement", "net.json", "--to", "vosviewer")
    assert "VOSviewer knows no directions: the weights of both ways are added up" in said
    assert "VOSviewer has no place for links, first_year, last_year: left out" in said
    said = written(home, "export", "enablement", "net.net", "--lang", "zh")
    assert "Pajek 无法保存 links, first_year, last_year：已略去" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("draw", "enablement", "--out", "net.gif"), "does not end in a known suffix: .svg, .png, .pdf, .html"),
        (("draw", "enablement", "--out", "-"), "a picture is not written to stdout"),
        (("draw", "enablement", "--out", "none/net.svg"), "there is no folder none"),
        (("draw", "enabelment", "--out", "x.svg"), "there is no network 'enabelment'"),
        (("draw", "enablement", "--out", "x.svg", "--size", "degre"), "no measure 'degre' has a number"),
        (("draw", "enablement", "--out", "x.svg", "--size", "roles"), "--size is one measure, and 'roles' means"),
        (("draw", "enablement", "--out", "x.svg", "--size", "ei"), "has values below 0, which no area can show"),
        (("draw", "enablement", "--out", "x.svg", "--since", "1900", "--until", "1901"), "has no edge in 1900-1901"),
        (("draw", "enablement", "--out", "x.svg", "--colour", "sector"), "sector"),
        (("export", "enablement", "x.dot"), "'x.dot' does not end in a known suffix"),
        (("export", "enablement", "x.gexf", "--to", "pajek"), "a file of pajek ends in .net, .paj, not 'x.gexf'"),
        (("export", "enablement", "none/x.gexf"), "there is no folder none"),
        (("export", "enablement", "x.gexf", "--measure", "degre"), "no measure 'degre' has a number"),
        (("export", "enablement", "x.gexf", "--level", "galaxy"), "galaxy"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    home: Path, words: tuple[str, ...], message: str
) -> None:
    said = " ".join(written(home, *words, fails=True).split())
    assert message in said
    assert not list(home.glob("x.*"))
