"""`ecosystem export`: what a person types, what is written, what is said."""

from __future__ import annotations

import subprocess
from pathlib import Path

import networkx
import pytest
from command import Run, runner

from ecosystem.synthetic.synthesize import synthesize

pytestmark = pytest.mark.long


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(monkeypatch, capsys)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("export")
    synthesize(home / "mydata", companies=200, links=1000, seed=4)
    return home


def test_a_store_becomes_files_for_other_programs(run: Run, home: Path, tmp_path: Path) -> None:
    store = tmp_path / "graph.duckdb"
    assert run("load", home / "mydata", "--store", store).code == 0
    done = run("export", "graphml", tmp_path / "g.graphml", "--store", store, "--link", "ENABLES")
    found = networkx.read_graphml(tmp_path / "g.graphml")
    assert (done.code, done.out) == (0, "")
    assert f"{len(found):,} nodes and {found.number_of_edges():,} links written to" in done.err
    assert run("export", "gexf", tmp_path / "g.gexf", "--store", store, "--link", "ENABLES").code == 0
    same = networkx.read_gexf(tmp_path / "g.gexf", version="1.3")
    assert sorted(found.edges()) == sorted(same.edges())
    done = run("export", "csv", tmp_path / "g.csv", "--store", store)
    assert "g.nodes.csv and" in done.err
    assert (tmp_path / "g.links.csv").exists()
    assert run("export", "gexf", tmp_path / "g.xml", "--store", store).code == 2
    assert run("export", "gexf", tmp_path / "g.gexf", "--store", store, "--link", "NOPE").code == 2
    missing = run("export", "csv", tmp_path / "g.csv", "--store", tmp_path / "none.duckdb")
    assert missing.code == 1
    assert "hint:" in missing.err


def test_the_command_of_the_importer_is_what_is_printed(run: Run, home: Path, tmp_path: Path) -> None:
    done = run("export", "neo4j-admin", home / "mydata", "--out", tmp_path / "files")
    assert done.code == 0
    script = Path(done.out.strip())
    echoed = subprocess.run(
        [script, "mine", "--verbose"], env={"NEO4J_ADMIN": "echo"}, capture_output=True, text=True, check=True
    )
    words = echoed.stdout.split()
    assert words[:4] == ["database", "import", "full", "mine"]
    assert words[-1] == "--verbose"
    files = [word.rpartition("=")[2] for word in words if word.startswith(("--nodes=", "--relationships="))]
    assert all((tmp_path / "files" / file).is_file() for file in files)
    assert sorted(files) == sorted(str(path.relative_to(tmp_path / "files")) for path in tmp_path.glob("files/*/*.csv"))


def test_a_dataset_with_errors_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "companies.csv").write_text("id,name,patents\nc1,a,many\n", encoding="utf-8")
    done = run("export", "neo4j-admin", folder, "--out", tmp_path / "files")
    assert done.code == 1
    assert "companies.csv:2:patents" in done.err
    assert not (tmp_path / "files").exists()
