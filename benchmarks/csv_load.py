"""A dataset of CSV files checked and loaded, beside DuckDB reading the same files into tables of the same types.

`python -m benchmarks.csv_load ours|duckdb DATA STORE` runs one of them alone and prints seconds and peak bytes as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from benchmarks.graph import HERE, made_up
from benchmarks.memory import peak
from ecosystem.dataset import read_dataset
from ecosystem.dataset.dataset_folder import table_properties
from ecosystem.model import load_model
from ecosystem.query.dialect import DUCKDB
from ecosystem.regions import shipped_regions
from ecosystem.store import open_store

Figures = dict[str, float]


def ours(data: Path, store: Path) -> Figures:
    """Every check, ids for the links that have none, both ends as keys; then the graph in its file."""
    begun = time.perf_counter()
    reading = read_dataset(data)
    checked = time.perf_counter()
    graph = open_store(store, create=True)
    graph.load(reading.dataset)
    graph.close()
    return {"check": checked - begun, "seconds": time.perf_counter() - begun}


def by_duckdb(data: Path, store: Path) -> Figures:
    """The files as they stand: its types are told to DuckDB, and the ends of links stay texts."""
    model = load_model()
    begun = time.perf_counter()
    connection = duckdb.connect(str(store))
    for table, known in table_properties(model).items():
        file = data / f"{table}.csv"
        if file.exists():
            with file.open(encoding="utf-8") as lines:
                header = next(lines).strip().replace('"', "").split(",")
            types = {name: DUCKDB.types[known[name].type] for name in header}
            statement = f'CREATE TABLE "{table}" AS FROM read_csv(?, header = true, columns = {types})'
            connection.execute(statement, [str(file)])
    connection.close()
    return {"seconds": time.perf_counter() - begun}


WAYS = {"ours": ours, "duckdb": by_duckdb}


def measure_csv(folder: Path, links: int, repeat: int) -> dict[str, list[Figures]]:
    """The figures of both, each run in a process of its own, in turns."""
    data = made_up(folder, links, "csv")
    found: dict[str, list[Figures]] = {who: [] for who in WAYS}
    for turn in range(repeat):
        for who, figures in found.items():
            store = folder / f"csv-{who}-{turn}.duckdb"
            command = [sys.executable, "-m", "benchmarks.csv_load", who, str(data), str(store)]
            done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
            figures.append(json.loads(done.stdout))
            for made in folder.glob(f"{store.name}*"):
                made.unlink()
    return found


def main() -> None:
    who, data, store = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    shipped_regions()
    before = peak()
    figures = WAYS[who](data, store)
    print(json.dumps(figures | {"peak": peak() - before}))


if __name__ == "__main__":
    main()
