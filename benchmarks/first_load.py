"""The first load of a server three ways: ours, the plain way over Bolt, and the server's own offline importer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import neo4j
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.timing import seconds
from ecosystem.dataset import Dataset
from ecosystem.export.neo4j_admin import write_neo4j_admin
from ecosystem.model import load_model
from ecosystem.query.printer import name_text
from ecosystem.store import open_store

BATCH = 10_000


def measure_first_load(folder: Path, dataset: Dataset, machine: Any, repeat: int) -> dict[str, Any]:
    """Seconds of each way into an empty server, in turns, and the rows that each has to bring there.

    `started` is our load into a server that has just been started, whose Java still compiles itself; `ours` and
    `plain` are into one that runs. The importer writes files that no server has open: `offline` is the time of the
    import alone, `whole` that with the making of its files, the start of the server, and the constraints, after which
    the graph is what a load leaves. All have as many nodes and links in the end, or it stops.
    """
    expected = sum(table.num_rows for table in (*dataset.nodes.values(), *dataset.links.values()))
    url = machine.server.url

    def ours() -> None:
        store = open_store(url, create=True)
        store.load(dataset)
        store.close()

    def plain() -> None:
        with _driver(url) as driver:
            load_plainly(driver, dataset)

    times: dict[str, list[float]] = {name: [] for name in ("started", "ours", "plain", "offline", "whole")}
    for _ in range(repeat):
        machine.kill()
        machine.clear()
        machine.start()
        for name, work in (("started", ours), ("ours", ours), ("plain", plain)):
            times[name].append(seconds(work))
            _same(url, expected, name)
            _empty(url)
        imported, whole = _offline(folder, dataset, machine)
        times["offline"].append(imported)
        times["whole"].append(whole)
        _same(url, expected, "offline")
    _empty(url)
    return {"rows": expected, **times}


def _offline(folder: Path, dataset: Dataset, machine: Any) -> tuple[float, float]:
    """Seconds of the import alone, and from the dataset to a server that answers."""
    script = [str(folder / "import" / "import.sh"), "neo4j", "--overwrite-destination"]
    environment = {**os.environ, "NEO4J_ADMIN": str(machine.admin)}
    rmtree(folder / "import", ignore_errors=True)
    machine.stop()
    machine.clear()
    export = seconds(lambda: write_neo4j_admin(folder / "import", dataset))
    imported = seconds(lambda: subprocess.run(script, env=environment, check=True, capture_output=True))

    def serve() -> None:
        machine.start()
        lines = (folder / "import" / "constraints.cypher").read_text(encoding="utf-8").splitlines()
        with _driver(machine.server.url) as driver:
            for line in lines[1:]:
                driver.execute_query(line.rstrip(";"))
            driver.execute_query("CALL db.awaitIndexes(300)")

    return imported, export + imported + seconds(serve)


def _empty(url: str) -> None:
    """Take everything away, and let the server run: by then it has compiled what a load needs."""
    with _driver(url) as driver, driver.session() as session:
        for match in ("MATCH ()-[x]->()", "MATCH (x)"):
            session.run(f"{match} CALL (x) {{ DELETE x }} IN TRANSACTIONS OF 20000 ROWS").consume()
        for record in list(session.run("SHOW CONSTRAINTS YIELD name")):
            session.run(f"DROP CONSTRAINT {name_text(record['name'])}").consume()


def load_plainly(driver: neo4j.Driver, dataset: Dataset) -> None:
    """As one writes it who has not measured: a map per row, links by type alone, one session; but with constraints."""
    model = load_model()
    with driver.session() as session:
        for label in dataset.nodes:
            session.run(f"CREATE CONSTRAINT FOR (n:{name_text(label)}) REQUIRE n.id IS UNIQUE").consume()
        session.run("CALL db.awaitIndexes(300)").consume()
        for label, table in dataset.nodes.items():
            text = f"UNWIND $rows AS r MERGE (n:{name_text(label)} {{id: r.id}}) SET n += r"
            for rows in _maps(table.drop_columns(["_id"])):
                session.execute_write(_run, text, rows)
        ids = pa.concat_tables([table.select(["_id", "id"]) for table in dataset.nodes.values()]).combine_chunks()
        for kind, table in dataset.links.items():
            source, target = ("|".join(labels) for labels in (model.links[kind].sources, model.links[kind].targets))
            text = (
                f"UNWIND $rows AS r MATCH (a:{source} {{id: r.source}}) MATCH (b:{target} {{id: r.target}}) "
                f"MERGE (a)-[t:{name_text(kind)} {{id: r.properties.id}}]->(b) SET t += r.properties"
            )
            properties = [name for name in table.column_names if not name.startswith("_")]
            ends = {"source": _ids(ids, table["_src"]), "target": _ids(ids, table["_dst"])}
            struct = pa.chunked_array([table.select(properties).combine_chunks().to_struct_array().combine_chunks()])
            for rows in _maps(pa.table({**ends, "properties": struct})):
                session.execute_write(_run, text, rows)


def _run(transaction: neo4j.ManagedTransaction, text: str, rows: list[dict[str, Any]]) -> None:
    transaction.run(text, rows=rows).consume()


def _maps(table: pa.Table) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, table.num_rows, BATCH):
        yield table.slice(start, BATCH).to_pylist()


def _ids(ids: pa.Table, keys: pa.ChunkedArray) -> pa.ChunkedArray:
    return ids["id"].take(pc.index_in(keys, value_set=ids["_id"].combine_chunks()))


def _same(url: str, expected: int, name: str) -> None:
    with _driver(url) as driver:
        text = "MATCH (n) WHERE NOT n:_Ecosystem RETURN count(n) AS n UNION ALL MATCH ()-[t]->() RETURN count(t) AS n"
        found = sum(record["n"] for record in driver.execute_query(text).records)
    assert found == expected, (name, found, expected)


def _driver(url: str) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(url, auth=("neo4j", os.environ["NEO4J_PASSWORD"]))
