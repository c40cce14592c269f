"""Graphs for networkx and igraph: every link, parallel ones too, properties, regions; the same out of a store."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import ecosystem as eco
from ecosystem.errors import UsageError

COMPANIES = "id,name,layer,patents,region\nc1,One,application,3,mine\nc2,Two,,,\nc3,Three,foundation,1,\n"
LINKS = "id,from,to,year,value\nt1,c1,c2,2020,0.5\nt2,c1,c2,2021,\nt3,c2,c1,,\n"
PAPERS = "id,from,to\np1,c3,u1\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph") / "data"
    folder.mkdir()
    for name, text in {
        "companies": COMPANIES,
        "universities": "id,name\nu1,nan\n",
        "enables": LINKS,
        "collaborates_with": PAPERS,
        "located_in": "from,to\nc1,四川省\nc3,110000\nu1,CN\n",
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Path:
    path = folder.parent / "graph.duckdb"
    graph = eco.open_store(path, create=True)
    graph.load(eco.read_dataset(folder).dataset)
    graph.close()
    return path


def test_networkx_keeps_parallel_links_properties_and_regions(folder: Path) -> None:
    graph = eco.to_networkx(folder)
    assert isinstance(graph, nx.MultiDiGraph)
    assert sorted(graph.nodes) == ["c1", "c2", "c3", "u1"]
    assert sorted(graph.edges(keys=True)) == [
        ("c1", "c2", "t1"), ("c1", "c2", "t2"), ("c2", "c1", "t3"), ("c3", "u1", "p1"),
    ]  # fmt: skip
    one = {"name": "One", "layer": "application", "patents": 3, "in_sample": True, "region_": "mine"}
    assert graph.nodes["c1"] == {"node_type": "Company", "region": "510000", **one}
    assert "region" not in graph.nodes["c2"]
    assert "patents" not in graph.nodes["c2"]
    assert graph.nodes["u1"] == {"node_type": "University", "name": "nan", "region": "CN", "in_sample": True}
    assert graph.edges["c1", "c2", "t1"] == {"link_type": "ENABLES", "directed": True, "year": 2020, "value": 0.5}
    assert graph.edges["c3", "u1", "p1"] == {"link_type": "COLLABORATES_WITH", "directed": False}


def test_a_store_gives_the_same_open_or_by_its_path(folder: Path, store: Path) -> None:
    wanted = eco.to_networkx(eco.read_dataset(folder).dataset)
    opened = eco.open_store(store)
    for graph in (eco.to_networkx(str(store)), eco.to_networkx(opened)):
        assert dict(graph.nodes(data=True)) == dict(wanted.nodes(data=True))
        assert sorted(graph.edges(keys=True, data=True), key=str) == sorted(wanted.edges(keys=True, data=True), key=str)
    opened.close()


def test_labels_and_links_that_are_asked_for(folder: Path) -> None:
    assert sorted(eco.to_networkx(folder, links="ENABLES").nodes) == ["c1", "c2"]
    companies = eco.to_networkx(folder, labels="Company")
    assert sorted(companies.nodes) == ["c1", "c2", "c3"]
    assert companies.number_of_edges() == 3
    both = eco.to_networkx(folder, labels=["Company", "University"], links=["COLLABORATES_WITH"])
    assert both.number_of_nodes() == 4
    assert list(both.edges(keys=True)) == [("c3", "u1", "p1")]
    located = eco.to_networkx(folder, links="LOCATED_IN")
    assert sorted(located.nodes) == ["110000", "510000", "CN", "c1", "c3", "u1"]
    assert eco.to_networkx(folder, labels="Park").number_of_nodes() == 0


def test_networkx_can_write_what_it_is_given(folder: Path, tmp_path: Path) -> None:
    graph = eco.to_networkx(folder)
    nx.write_graphml(graph, tmp_path / "g.graphml")
    nx.write_gexf(graph, tmp_path / "g.gexf")
    assert nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True).number_of_edges() == 4


def test_igraph_finds_vertices_by_id_and_makes_none_up(folder: Path) -> None:
    graph = eco.to_igraph(folder)
    assert graph.is_directed()
    assert graph.vs["name"] == ["c1", "c2", "c3", "u1"]
    assert graph.vs["label"] == ["One", "Two", "Three", "nan"]
    assert graph.vs["region"] == ["510000", None, "110000", "CN"]
    assert graph.vs["patents"] == [3, None, 1, None]
    assert graph.ecount() == 4
    assert graph.degree(graph.vs.find("c1"), mode="out") == 2
    assert graph.es.select(link_type="ENABLES")["year"] == [2020, 2021, None]
    assert sorted(graph.es["id"]) == ["p1", "t1", "t2", "t3"]


def test_names_that_do_not_exist(folder: Path) -> None:
    with pytest.raises(UsageError, match="there is no label 'Compani'\n  hint: did you mean 'Company'"):
        eco.to_networkx(folder, labels="Compani")
    with pytest.raises(UsageError, match="there is no link type 'ENABLE'\n  hint: did you mean 'ENABLES'"):
        eco.to_igraph(folder, links=["ENABLE"])
