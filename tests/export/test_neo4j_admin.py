"""The offline importer makes the graph that a load makes: asked of the importer and of the server that then starts."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import installed_lts
from graphs import Node, dataset, graph
from neo4j_server import Machine, Server
from stores import driver

from ecosystem.dataset import Dataset, read_dataset
from ecosystem.dataset.difference import difference
from ecosystem.errors import OutputError
from ecosystem.export.neo4j_admin import write_neo4j_admin
from ecosystem.metrics import load_metrics
from ecosystem.metrics.verify import verify
from ecosystem.model import load_model
from ecosystem.store import GraphStore, open_store
from ecosystem.store.snapshot import snapshot

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"
METRICS = {"financing_amount": load_metrics()["financing_amount"]}
TEXTS = (
    'quote " and "" two',
    "back\\slash\\",
    "comma, semicolon; tab\t.",
    "two\nlines\r\nthree",
    " space before and behind ",
    "null",
    "\\N",
    "名" * 10_000,
    "'",
    "#not a comment",
    "0012",
    "true",
)


def hostile() -> Dataset:
    """The golden dataset, its companies with texts and numbers that a file of another program can spoil."""
    golden = read_dataset(GOLDEN).dataset
    companies = golden.nodes["Company"]
    texts = pa.array([TEXTS[row % len(TEXTS)] for row in range(companies.num_rows)])
    numbers = {"least": [-(2**62)], "tiny": [5e-324], "long": [0.1 + 0.2], "old": [date(1899, 12, 31)]}
    companies = companies.set_column(companies.column_names.index("name"), "name", texts)
    companies = companies.append_column("note, of mine", texts)
    for name, value in numbers.items():
        companies = companies.append_column(name, pa.array(value * companies.num_rows))
    return replace(golden, nodes={**golden.nodes, "Company": companies})


def embedded(wanted: Dataset, folder: Path) -> GraphStore:
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(wanted)
    return store


def constrain(server: Server, file: Path) -> None:
    """What `cypher-shell --file` does."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("//")]
    statements = [text.strip() for text in "\n".join(lines).split(";") if text.strip()]
    with driver(server) as connection:
        made = sum(connection.execute_query(text).summary.counters.constraints_added for text in statements)
    assert made == len(statements) == len(load_model().labels) + 1


@pytest.mark.long
def test_the_importer_makes_what_a_load_makes(tmp_path: Path, neo4j_password: str) -> None:
    machine, wanted = Machine(installed_lts(), tmp_path / "home", neo4j_password), hostile()
    write_neo4j_admin(tmp_path / "files", wanted)
    command = [str(tmp_path / "files" / "import.sh"), "neo4j", "--overwrite-destination"]
    environment = {**os.environ, "NEO4J_ADMIN": str(machine.admin)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    reference = embedded(wanted, tmp_path)
    try:
        machine.start()
        imported = open_store(machine.server.url)
        assert imported.dataset == reference.dataset
        assert verify(imported, reference, METRICS) == ()
        wanted_rows = snapshot(reference)
        assert difference(snapshot(imported), wanted_rows).none
        constrain(machine.server, tmp_path / "files" / "constraints.cypher")
        imported.load(wanted)  # a load makes the same constraints, and finds nothing to mend
        assert difference(snapshot(imported), wanted_rows).none
        imported.close()
    finally:
        machine.kill()
    reference.close()


def test_a_name_that_a_header_gives_another_meaning_is_refused(tmp_path: Path) -> None:
    wanted = dataset(graph([Node("k", "Company", {"ratio a:b": 1.0})], []))
    with pytest.raises(OutputError, match="Company has the property 'ratio a:b'"):
        write_neo4j_admin(tmp_path / "out", wanted)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="is not empty"):
        write_neo4j_admin(tmp_path, hostile())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_lines_are_joined_only_where_a_text_has_several(tmp_path: Path) -> None:
    """Reading texts of several lines takes the importer's parallel reading away."""
    write_neo4j_admin(tmp_path / "many", hostile())
    write_neo4j_admin(tmp_path / "one", read_dataset(GOLDEN).dataset)
    assert "--multiline-fields=true" in (tmp_path / "many" / "import.sh").read_text(encoding="utf-8")
    assert "--multiline-fields=false" in (tmp_path / "one" / "import.sh").read_text(encoding="utf-8")
