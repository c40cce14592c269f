"""The files of a graph with labels of the user's own: every format has them, and what is written can be read again."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest

import ecosystem
from ecosystem.dataset import read_dataset
from ecosystem.dataset.own_model import model_of_text
from ecosystem.export.gexf import write_gexf
from ecosystem.export.graph_csv import write_graph_csv
from ecosystem.export.graph_parts import graph_parts
from ecosystem.export.graphml import write_graphml
from ecosystem.export.neo4j_admin import write_neo4j_admin
from ecosystem.imports import import_source

MODEL = """\
[labels.Project]
table = "projects"
[links.GRANTED_TO]
table = "granted_to"
from = ["Project"]
to = ["Company", "University"]
"""
FILES = {
    "companies": "id,name\nc1,One\n",
    "universities": "id,name\nu1,Uni\n",
    "projects": "id,name\nj1,J One\nj2,J Two\n",
    "granted_to": "from,to,year\nj1,c1,2020\nj1,u1,2020\nj2,c1,2021\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The dataset as files."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "model.toml").write_text(MODEL, encoding="utf-8")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


BACK = """\
title = "An exported graph"
files.nodes.path = "graph.nodes.csv"
files.links.path = "graph.links.csv"
[model.labels.Project]
table = "projects"
[model.links.GRANTED_TO]
table = "granted_to"
from = ["Project"]
to = ["Company", "University"]
"""
NODES = """
[nodes.{label}]
label = "{label}"
file = "nodes"
keep = [{{ column = "node_type", in = ["{label}"] }}]
id = "Id"
name = "name"
"""
LINK = """
[links.grant]
type = "GRANTED_TO"
file = "links"
keep = [{ column = "link_type", in = ["GRANTED_TO"] }]
from = { node = "Project", column = "Source" }
to = { node = ["Company", "University"], column = "Target" }
properties.year = { column = "year", as = "integer" }
"""


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_drawing_programs_get_the_labels(form: str, folder: Path, tmp_path: Path) -> None:
    parts, path = graph_parts(read_dataset(folder).dataset), tmp_path / f"graph.{form}"
    if form == "graphml":
        write_graphml(path, parts)
        graph = nx.read_graphml(path)
    else:
        write_gexf(path, parts)
        graph = nx.read_gexf(path)
    assert Counter(data["node_type"] for _, data in graph.nodes(data=True))["Project"] == 2
    assert Counter(data["link_type"] for _, _, data in graph.edges(data=True))["GRANTED_TO"] == 3


def test_an_exported_graph_comes_back_through_a_mapping(folder: Path, tmp_path: Path) -> None:
    dataset = read_dataset(folder).dataset
    write_graph_csv(tmp_path / "graph.csv", graph_parts(dataset))
    labels = ("Project", "Company", "University")
    text = BACK + "".join(NODES.format(label=label) for label in labels) + LINK
    (tmp_path / "back.toml").write_text(text, encoding="utf-8")
    import_source(str(tmp_path / "back.toml"), tmp_path, tmp_path / "out")
    back = read_dataset(tmp_path / "out").dataset
    assert back.model == dataset.model
    for label in labels:
        assert back.nodes[label]["id"].to_pylist() == dataset.nodes[label]["id"].to_pylist()
    ends = rows(tmp_path / "out" / "granted_to.csv")
    assert sorted((row["from"], row["to"], row["year"]) for row in ends) == [
        ("j1", "c1", "2020"),
        ("j1", "u1", "2020"),
        ("j2", "c1", "2021"),
    ]


def test_networkx_gets_the_links_by_their_type(folder: Path) -> None:
    graph = ecosystem.to_networkx(folder, links="GRANTED_TO")
    assert sorted((source, target) for source, target, _ in graph.edges(data=True)) == [
        ("j1", "c1"),
        ("j1", "u1"),
        ("j2", "c1"),
    ]


def test_the_offline_importer_of_neo4j_gets_tables_constraints_and_the_model(folder: Path, tmp_path: Path) -> None:
    dataset = read_dataset(folder).dataset
    write_neo4j_admin(tmp_path / "admin", dataset)
    assert [row["id:string"] for row in rows(tmp_path / "admin" / "nodes" / "projects.csv")] == ["j1", "j2"]
    assert len(rows(tmp_path / "admin" / "links" / "granted_to.csv")) == 3
    assert "FOR (n:`Project`)" in (tmp_path / "admin" / "constraints.cypher").read_text(encoding="utf-8")
    (marker,) = rows(tmp_path / "admin" / "nodes" / "_marker.csv")
    assert model_of_text(marker["model:string"]) == dataset.model
    assert json.loads(marker["schema:string"])["counts"]["GRANTED_TO"] == 3
