"""Neighbourhoods and shortest paths asked in Cypher, beside SQL by hand on the same file and networkx in memory.

`python -m benchmarks.paths STORE QUESTION ONE OTHER` asks one question as the first of a process, with the file of the
graph not in the memory of the machine, and prints the seconds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import ecosystem
from benchmarks.graph import HERE
from benchmarks.timing import Times, in_turns, seconds
from ecosystem.dataset import read_dataset
from ecosystem.store import GraphStore, open_store
from ecosystem.store.duckdb.pointer import SAFE

QUESTIONS = {
    "three_steps": "MATCH (:Company {id: $one})-[:ENABLES*1..3]->(b) RETURN DISTINCT b.id AS id",
    "shortest_path": "MATCH p = shortestPath((:Company {id: $one})-[:ENABLES*]-(:Company {id: $other})) "
    "RETURN length(p) AS steps, [n IN nodes(p) | n.id] AS over",
    "shortest_path_directed": "MATCH p = shortestPath((:Company {id: $one})-[:ENABLES*]->(:Company {id: $other})) "
    "RETURN length(p) AS steps, [n IN nodes(p) | n.id] AS over",
}
"""Each has its SQL by hand in `hand_sql/`, which says how long a path is and not over what it goes."""
PAIRS = 5
"""Each question is asked of so many pairs of organisations in a run: one alone may be near by chance."""

Pair = tuple[str, str]


def measure_paths(folder: Path, links: int, repeat: int) -> dict[str, Any]:
    """Seconds of a question, the mean of the pairs: ours, by hand, networkx; and ours as the first of a process."""
    store, pairs = loaded(folder, links)
    graph = open_store(store)
    file = store.with_name(json.loads(store.read_text(encoding="utf-8"))["file"])
    connection = duckdb.connect(str(file), read_only=True, config=SAFE)
    networks: dict[bool, nx.Graph] = {}
    made = seconds(lambda: networks.update({True: network(connection, nx.DiGraph)}))
    networks[False] = network(connection, nx.Graph)
    times: dict[str, Times] = {}
    cold: dict[str, list[float]] = {}
    for name in QUESTIONS:
        sql = (HERE / "hand_sql" / f"{name}.sql").read_text(encoding="utf-8")
        theirs = networks[name != "shortest_path"]
        rivals: dict[str, Callable[[Pair], object]] = {
            "ours": partial(ours, graph, name),
            "hand": partial(by_hand, connection, sql),
            "networkx": partial(by_networkx, theirs, name),
        }
        for pair in pairs:
            compare({who: ask(pair) for who, ask in rivals.items()}, theirs, pair)
        found = in_turns({who: partial(of_all, ask, pairs) for who, ask in rivals.items()}, repeat)
        times[name] = {who: [taken / PAIRS for taken in runs] for who, runs in found.items()}
        cold[name] = [first(store, name, pair) for pair in pairs]
    connection.close()
    graph.close()
    return {"links": links, "nodes": links // 5, "times": times, "cold": cold, "networkx_made": made}


def loaded(folder: Path, links: int) -> tuple[Path, list[Pair]]:
    """A store of companies that are linked at random, five links for each, and pairs of them; the same every time."""
    rng, companies = np.random.default_rng(1), links // 5
    ids = np.array([f"C{at:07}" for at in range(companies)])
    data = folder / "paths"
    data.mkdir()
    pq.write_table(pa.table({"id": ids, "name": ids}), data / "companies.parquet")
    ends = {end: ids[rng.integers(0, companies, links)] for end in ("from", "to")}
    pq.write_table(pa.table({"id": [f"l{at:07}" for at in range(links)], **ends}), data / "enables.parquet")
    store = folder / "paths.duckdb"
    graph = open_store(store, create=True)
    graph.load(read_dataset(data).dataset)
    graph.close()
    # of those at the end of a link and at the beginning of one: few pairs of them are not connected
    return store, list(zip(ends["from"][:PAIRS].tolist(), ends["to"][-PAIRS:].tolist(), strict=True))


def network(connection: duckdb.DuckDBPyConnection, kind: type[nx.Graph]) -> nx.Graph:
    """All links of the file as a graph of networkx."""
    ends = connection.execute(
        "SELECT a.id AS one, b.id AS other FROM ENABLES JOIN Company a ON a._id = _src JOIN Company b ON b._id = _dst"
    ).fetch_arrow_table()
    graph = kind()
    graph.add_edges_from(zip(ends["one"].to_pylist(), ends["other"].to_pylist(), strict=True))
    return graph


def ours(graph: GraphStore, name: str, pair: Pair) -> list[tuple[Any, ...]]:
    """The rows of the question."""
    frame = ecosystem.query(graph, QUESTIONS[name], one=pair[0], other=pair[1])
    return list(frame.itertuples(index=False, name=None))


def by_hand(connection: duckdb.DuckDBPyConnection, sql: str, pair: Pair) -> set[Any]:
    """The ids that are near, or the length of the path."""
    given = {"one": pair[0], "other": pair[1]}
    rows = connection.execute(sql, {name: value for name, value in given.items() if f"${name}" in sql}).fetchall()
    return {value for (value,) in rows}


def by_networkx(graph: nx.Graph, name: str, pair: Pair) -> object:
    """The ids that are near, or the path."""
    if name == "three_steps":
        return set(nx.single_source_shortest_path_length(graph, pair[0], cutoff=3))
    return nx.shortest_path(graph, *pair)


def of_all(ask: Callable[[Pair], object], pairs: Sequence[Pair]) -> None:
    """Ask a question of every pair."""
    for pair in pairs:
        ask(pair)


def compare(answers: dict[str, Any], graph: nx.Graph, pair: Pair) -> None:
    """Stop unless all three say the same; that a path of ours is one is seen in the graph of networkx."""
    ours, hand, theirs = answers["ours"], answers["hand"], answers["networkx"]
    if isinstance(theirs, set):
        assert {row[0] for row in ours} | {pair[0]} == hand | {pair[0]} == theirs, pair
        return
    ((steps, over),) = ours
    assert {steps} == hand == {len(theirs) - 1}, pair
    assert (over[0], over[-1]) == pair
    assert nx.is_path(graph, list(over)), pair


def first(store: Path, name: str, pair: Pair) -> float:
    """Seconds of opening the store and asking, in a process of its own, imports not counted."""
    command = [sys.executable, "-m", "benchmarks.paths", str(store), name, *pair]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=True)
    return float(done.stdout)


def forget(file: Path) -> None:
    """Ask the system to keep nothing of a file in memory; only Linux is asked."""
    if hasattr(os, "posix_fadvise"):
        with file.open("rb") as content:
            os.posix_fadvise(content.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main() -> None:
    store, name, one, other = Path(sys.argv[1]), *sys.argv[2:]
    for file in store.parent.glob(f"{store.name}*"):
        forget(file)

    def ask() -> None:
        graph = open_store(store)
        ours(graph, name, (one, other))
        graph.close()

    print(seconds(ask))


if __name__ == "__main__":
    main()
