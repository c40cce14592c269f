"""Where faults happen: a server of our own, what a load would leave undisturbed, and how far one has come."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from months import month
from neo4j_server import Machine
from stores import driver, empty

from ecosystem.dataset import Dataset
from ecosystem.metrics import load_metrics
from ecosystem.metrics.verify import verify
from ecosystem.store import open_store
from ecosystem.store.neo4j.store import Neo4jStore

Mode = Literal["load", "update", "replace"]
MODES: tuple[Mode, ...] = get_args(Mode)
BATCH = 20
CONFIGURATION = """
db.tx_log.preallocate=false
db.shutdown_transaction_end_timeout=500ms
internal.server.bolt.thread_pool_shutdown_wait_time=100ms
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""
"""A log that grows as it is written: where it may not grow, the disk is full. A stop waits for nobody."""
METRICS = ("company_count", "enablement_links", "financing_amount")
LOW, HIGH = 0.05, 0.95
"""A fault before or behind these shares of the rows does not count."""


@dataclass
class Way:
    """How many rows of a load the server has acknowledged, of how many."""

    total: int
    removed: int = 0
    written: int = 0
    there: int | None = None

    @property
    def acknowledged(self) -> int:
        return self.removed + self.written

    @property
    def share(self) -> float:
        return self.acknowledged / self.total

    def told(self, what: str, done: int) -> None:
        """Take in what a load says of its progress, the first time of the rows that were there already."""
        if what == "remove":
            self.removed = done
        elif what == "load":
            self.written = done - (self.there or 0)


@dataclass
class Ground:
    """A server, and the graphs that undisturbed loads leave on it."""

    machine: Machine
    undisturbed: dict[Mode, str] = field(default_factory=dict)
    months: dict[int, Dataset] = field(default_factory=lambda: {number: month(number) for number in (1, 2)})

    @property
    def url(self) -> str:
        return self.machine.server.url

    def store(self) -> Neo4jStore:
        store = open_store(self.url, create=True)
        assert isinstance(store, Neo4jStore)
        return store

    def load(self, mode: Mode, progress: Callable[[str, int, int | None], None] = lambda *_: None) -> None:
        """A load in this process."""
        store = self.store()
        try:
            ways = {"update": mode == "update", "replace": mode == "replace"}
            store.load(self.wanted(mode), **ways, batch=BATCH, progress=progress)
        finally:
            store.close()

    def wanted(self, mode: Mode) -> Dataset:
        return self.months[1 if mode == "load" else 2]

    def begin(self, mode: Mode) -> Way:
        """The graph that a load of this kind begins with, and how many rows it has to write."""
        empty(self.machine.server)
        store = self.store()
        if mode != "load":
            store.load(self.months[1])
        told = store.changes(self.wanted(mode), update=mode == "update", replace=mode == "replace").changes
        store.close()
        there = sum(each.same for each in told)
        return Way(sum(each.added + each.changed + each.removed for each in told), there=there)

    def settle(self) -> None:
        """Find out what undisturbed loads leave."""
        for mode in MODES:
            self.begin(mode)
            self.load(mode)
            self.undisturbed[mode] = self.fingerprint()

    def fingerprint(self) -> str:
        """A hash over every node and link, read by the driver alone, and what the mark of the database says."""
        with driver(self.machine.server) as connection:
            texts = (
                "MATCH (n) WHERE NOT n:_Ecosystem RETURN labels(n), properties(n)",
                "MATCH (a)-[t]->(b) RETURN a.id, type(t), properties(t), b.id",
                "MATCH (m:_Ecosystem) RETURN m {.*, load: null}",
            )
            found = [sorted(json.dumps(row.values(), sort_keys=True) for row in connection.execute_query(text).records)
                     for text in texts]  # fmt: skip
        return hashlib.sha256(json.dumps(found).encode()).hexdigest()

    def differences(self, mode: Mode) -> list[str]:
        """What `verify` finds: numbers of nodes and links, and some metrics with their evidence.

        After an update there is more than the dataset has; the fingerprint is of every load.
        """
        if mode == "update":
            return []
        with tempfile.TemporaryDirectory() as folder:
            reference = open_store(Path(folder) / "reference", create=True)
            reference.load(self.wanted(mode))
            store = open_store(self.url)
            metrics = {name: metric for name, metric in load_metrics().items() if name in METRICS}
            found = [str(finding) for finding in verify(store, reference, metrics)]
            store.close()
            reference.close()
        return found
