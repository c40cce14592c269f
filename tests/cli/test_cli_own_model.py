"""Commands on a dataset with a model of its own."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from command import run_in

MODEL = '[labels.Project]\ntable = "projects"\nzh = "项目"\n[labels.Project.properties]\nfield = { type = "string" }\n'
GRANTED = """\
// title: Projects | 项目数
// unit: projects
// dated: none
MATCH (p:Project)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with nothing but a model."""
    (tmp_path / "model.toml").write_text(MODEL, encoding="utf-8")
    return tmp_path


def test_the_model_is_shown_as_a_table(folder: Path) -> None:
    done = run_in(folder, "dataset", "model", ".", "--own", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["table"], row["column"]) for row in rows] == [
        ("projects", name) for name in ("id", "name", "in_sample", "field")
    ]
    assert "companies" in run_in(folder, "dataset", "model").stdout
    assert "项目" in run_in(folder, "dataset", "model", "model.toml", "--own", "--lang", "zh").stdout


def test_the_shipped_model_has_nothing_of_its_own(tmp_path: Path) -> None:
    done = run_in(tmp_path, "dataset", "model", "--own")
    assert (done.stdout, done.stderr.strip()) == ("", "the model is the shipped one")


def test_a_template_has_its_tables_and_its_model(folder: Path) -> None:
    run_in(folder, "dataset", "template", "new", "--model", ".")
    assert (folder / "new" / "projects.csv").read_text(encoding="utf-8-sig").strip() == "id,name,in_sample,field"
    assert "projects" in run_in(folder, "dataset", "model", "new", "--own").stdout
    assert "no errors" in run_in(folder, "dataset", "check", "new").stderr


def test_the_sql_of_a_metric_of_its_own_needs_its_model(folder: Path) -> None:
    (folder / "mine").mkdir()
    (folder / "mine" / "granted.cypher").write_text(GRANTED, encoding="utf-8")
    text = MODEL + '[links.LOCATED_IN]\nfrom = ["Project"]\n'
    (folder / "model.toml").write_text(text, encoding="utf-8")
    words = ("metrics", "show", "granted", "--metrics", "mine", "--sql")
    done = run_in(folder, *words)
    assert done.returncode == 1
    assert "Project is not a label" in done.stderr
    assert "('Project')" in run_in(folder, *words, "--model", ".").stdout


def test_a_faulty_model_is_one_error_of_every_command(folder: Path) -> None:
    (folder / "model.toml").write_text('[labels.Company]\ntable = "firms"\n', encoding="utf-8")
    (folder / "companies.csv").write_text("id\nc1\n", encoding="utf-8")
    for command in ("check", "describe", "model"):
        done = run_in(folder, "dataset", command, ".")
        assert (done.returncode, done.stdout) == (1, "")
        assert "model.toml:labels.Company.table" in done.stderr
    done = run_in(folder, "load", ".", "--store", "g.duckdb")
    assert done.returncode == 1
    assert not (folder / "g.duckdb").exists()


def test_a_load_says_that_the_model_is_another(folder: Path) -> None:
    (folder / "projects.csv").write_text("id,name\nj1,One\n", encoding="utf-8")
    assert "another model" not in run_in(folder, "load", ".", "--store", "g.duckdb").stderr
    assert "another model" not in run_in(folder, "load", ".", "--store", "g.duckdb").stderr
    (folder / "model.toml").write_text(MODEL.replace("string", "integer"), encoding="utf-8")
    done = run_in(folder, "load", ".", "--store", "g.duckdb")
    assert done.returncode == 0
    assert "the graph that was there had another model" in done.stderr


def test_chinese_names_of_its_own_stand_in_chinese_texts(tmp_path: Path) -> None:
    (tmp_path / "model.toml").write_text(
        '[labels.Project]\ntable = "projects"\nzh = "科研项目"\nen = "project"\n[labels.Project.properties]\n'
        'field = { type = "string", zh = "领域", en = "field of research" }\n'
        'lead = { type = "string", en = "who leads it" }\n'
        '[links.GRANTED_TO]\ntable = "granted_to"\nzh = "资助"\nfrom = ["Project"]\nto = ["Project"]\n',
        encoding="utf-8",
    )
    done = run_in(tmp_path, "dataset", "model", ".", "--own", "--lang", "zh", "--format", "json")
    meanings = {row["列"]: row["含义"] for row in json.loads(done.stdout)}
    assert (meanings["领域"], meanings["lead"], meanings["起点"]) == ("领域", "who leads it", "关系的起点")
    (tmp_path / "companies.csv").write_text("id\nc1\n", encoding="utf-8")
    (tmp_path / "projects.csv").write_text("id\nj1\n", encoding="utf-8")
    (tmp_path / "granted_to.csv").write_text("from,to\nc1,j1\n", encoding="utf-8")
    done = run_in(tmp_path, "dataset", "check", ".", "--lang", "zh")
    assert "'c1' 的类型是企业；from 必须是科研项目" in done.stdout
