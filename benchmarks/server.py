"""The same dataset over Bolt, on a Neo4j server of this run, beside the embedded store."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from unittest import mock

import numpy as np

from benchmarks.first_load import measure_first_load
from benchmarks.graph import HERE, METRICS, made_up, measure_evidence
from benchmarks.timing import in_turns, seconds
from ecosystem.dataset import read_dataset
from ecosystem.indicator_source import Window
from ecosystem.metrics.measure import parameters_of
from ecosystem.store import GraphStore, open_store


class NoServerError(Exception):
    """Why there is no server on this machine."""


JAVA = (
    *("-Xms2g", "-Xmx2g", "-XX:+UseG1GC", "-XX:-OmitStackTraceInFastThrow", "-XX:+AlwaysPreTouch"),
    *("-XX:+UnlockExperimentalVMOptions", "-XX:+TrustFinalNonStaticFields", "-XX:+DisableExplicitGC"),
    *("-Djdk.nio.maxCachedBufferSize=1024", "-Dio.netty.tryReflectionSetAccessible=true"),
)
"""What the server's own neo4j.conf gives Java, and the heap of compose.yaml."""
PAGE_CACHE = "server.memory.pagecache.size=1g\n"
"""That of compose.yaml."""


def measure_server(folder: Path, links: int, repeat: int) -> dict[str, Any]:
    """Rows per second of a load, every metric on both stores, and rows of evidence per second.

    Raises NoServerError where the machine has no Java or no Maven.
    """
    dataset = read_dataset(made_up(folder, links)).dataset
    rows = sum(table.num_rows for table in (*dataset.nodes.values(), *dataset.links.values()))
    with _machine() as machine:
        first = measure_first_load(folder, dataset, machine, min(repeat, 3))
        url = machine.server.url
        server, embedded = open_store(url, create=True), open_store(folder / "beside-server.duckdb", create=True)
        embedded.load(dataset)
        load = seconds(lambda: server.load(dataset))
        found = {
            "links": links,
            "rows": rows,
            "load": load,
            "first_load": first,
            "metrics": {name: _metric(server, embedded, name, repeat) for name in METRICS},
            "evidence": measure_evidence(server),
        }
        server.close()
        embedded.close()
    return found


def _metric(server: GraphStore, embedded: GraphStore, name: str, repeat: int) -> dict[str, list[float]]:
    """Seconds of a metric's query on both; their values are equal, or it stops."""
    metric = METRICS[name]
    parameters = parameters_of(metric, "province", Window())

    def asked(store: GraphStore) -> Any:
        return store.query(metric.query, parameters).read_all()

    one, other = (asked(store).to_pandas().set_index("region")["value"].sort_index() for store in (server, embedded))
    assert list(one.index) == list(other.index), name
    np.testing.assert_allclose(one.astype(float), other.astype(float), rtol=1e-9, err_msg=name)
    return in_turns({"server": lambda: asked(server), "embedded": lambda: asked(embedded)}, repeat)


@contextmanager
def _machine() -> Iterator[Any]:
    """A server of our own, with a password in the environment, until the end of the block."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from neo4j_server import LTS, Machine, MissingError, install

    try:
        installed = install(LTS)
    except MissingError as err:
        raise NoServerError(str(err)) from err
    password = token_urlsafe(16)
    with (
        tempfile.TemporaryDirectory() as home,
        mock.patch.dict("os.environ", {"NEO4J_PASSWORD": password, "NEO4J_USERNAME": "neo4j"}),
    ):
        machine = Machine(installed, Path(home), password, java=JAVA, more=PAGE_CACHE)
        try:
            machine.start()
            yield machine
        finally:
            machine.kill()
