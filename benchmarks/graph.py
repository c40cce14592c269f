"""Load, metrics and evidence of one synthesized dataset, each beside its rival."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import pandas as pd

from benchmarks.timing import Times, in_turns, seconds
from ecosystem.dataset import Dataset, read_dataset
from ecosystem.indicator_source import Window
from ecosystem.metrics import load_metrics, measure
from ecosystem.metrics.measure import parameters_of
from ecosystem.store import GraphStore, open_store
from ecosystem.store.duckdb.pointer import SAFE
from ecosystem.synthetic.synthesize import synthesize

HERE = Path(__file__).parent
METRICS = {name: metric for name, metric in load_metrics().items() if metric.source.startswith("CINGAI 2023")}


def made_up(folder: Path, links: int, form: Literal["parquet", "csv"] = "parquet") -> Path:
    """A synthesized dataset; one company for every twenty links."""
    data = folder / f"{form}-{links}"
    synthesize(data, companies=links // 20, links=links, seed=1, format=form)
    return data


def measure_load(folder: Path, data: Path, repeat: int) -> tuple[dict[str, Any], Path]:
    """Reading, loading and the bare CREATE TABLE AS of the same Arrow tables; and where the store is."""
    dataset = read_dataset(data).dataset
    store = folder / f"{data.name}.duckdb"

    def load() -> None:
        graph = open_store(store, create=True)
        graph.load(dataset)
        graph.close()

    rivals = {
        "load": load,
        "create_table_as": lambda: bare_load(folder / "bare.duckdb", dataset),
        "read_and_check": lambda: read_dataset(data),
    }
    times: dict[str, Any] = dict(in_turns(rivals, repeat, warm=False))
    rows = sum(table.num_rows for table in (*dataset.nodes.values(), *dataset.links.values()))
    return times | {"rows": rows}, store


def bare_load(path: Path, dataset: Dataset) -> None:
    """The rival: the same tables as they are, into a new file."""
    path.unlink(missing_ok=True)
    connection = duckdb.connect(str(path))
    for name, table in (*dataset.nodes.items(), *dataset.links.items()):
        connection.register("incoming", table)
        connection.execute(f'CREATE TABLE "{name}" AS FROM incoming')
        connection.unregister("incoming")
    connection.close()
    path.unlink()


def measure_memory(folder: Path, data: Path) -> dict[str, int]:
    """Peak bytes of reading and loading in a process of their own, beside those of the Arrow tables."""
    command = [sys.executable, "-m", "benchmarks.memory", str(data), str(folder / "memory.duckdb")]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found


def measure_metrics(path: Path, repeat: int) -> dict[str, Times]:
    """Each metric by our SQL and by the SQL of `hand_sql/`, on the same file; their values are equal, or it stops."""
    graph = open_store(path)
    file = path.with_name(json.loads(path.read_text(encoding="utf-8"))["file"])
    connection = duckdb.connect(str(file), read_only=True, config=SAFE)
    times = {}
    for name, metric in METRICS.items():
        parameters = parameters_of(metric, "province", Window())
        sql = (HERE / "hand_sql" / f"{name}.sql").read_text(encoding="utf-8")

        def ours(metric: Any = metric, parameters: Any = parameters) -> Any:
            return graph.query(metric.query, parameters).read_all()

        def hand(sql: str = sql) -> Any:
            return connection.execute(sql, {"level": "province"}).to_arrow_table()

        same_values(ours, hand, name)
        times[name] = in_turns({"ours": ours, "hand": hand}, repeat)
    connection.close()
    graph.close()
    return times


def same_values(ours: Callable[[], Any], hand: Callable[[], Any], name: str) -> None:
    """Stop unless both give the same value to every region, to 1e-9."""
    one, other = (table().to_pandas().set_index("region")["value"].sort_index().astype(float) for table in (ours, hand))
    assert list(one.index) == list(other.index), name
    np.testing.assert_allclose(one, other, rtol=1e-9, err_msg=name)


def measure_pandas(path: Path, data: Path, repeat: int) -> Times:
    """All 24 value tables from the loaded store, and from pandas with its tables in memory, by ids and by codes."""
    sys.path.insert(0, str(HERE.parent / "tests" / "rival"))
    pandas_metrics = import_module("pandas_metrics")

    graph = open_store(path)
    plain, coded = (pandas_metrics.tables(data, coded=each) for each in (False, True))

    def ours() -> pd.DataFrame:
        return measure(graph, METRICS).values

    theirs: pd.DataFrame = pandas_metrics.measure(plain)
    both = ours().merge(theirs, on=["metric", "region"], how="inner")
    assert len(both) == len(theirs)
    np.testing.assert_allclose(both["value_x"], both["value_y"], rtol=1e-9)
    rivals = {
        "ours": ours,
        "pandas_ids": lambda: pandas_metrics.measure(plain),
        "pandas_codes": lambda: pandas_metrics.measure(coded),
    }
    found = in_turns(rivals, repeat)
    graph.close()
    return found


def measure_evidence(graph: GraphStore) -> dict[str, float]:
    """Rows per second of the evidence of all metrics: as keys, and decoded to ids."""
    measures = measure(graph, METRICS)
    rows, keyed, decoded = 0, 0.0, 0.0
    for name in METRICS:
        keyed += seconds(lambda name=name: measures.evidence(name))  # type: ignore[misc]  # bound at once
        evidence = measures.evidence(name)
        decoded += seconds(evidence.frame)
        rows += len(evidence)
    return {"rows": rows, "keys_per_second": rows / keyed, "decoded_per_second": rows / (keyed + decoded)}
