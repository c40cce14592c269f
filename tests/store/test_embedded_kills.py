"""Loads killed at random moments: the old graph or the new one, never half of it, and readers go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from graphs import Link, Node, dataset, graph

from ecosystem.dataset import Dataset
from ecosystem.query import parse
from ecosystem.store import open_store

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("ECOSYSTEM_KILLS", "15"))
"""`make soak` kills a hundred."""
COMPANIES = {"A": 300, "B": 400}
NODES = parse("MATCH (c:Company) RETURN c.layer AS state, count(c) AS n, sum(c.patents) AS patents")
LINKS = parse("MATCH (c:Company)-[t:ENABLES]->(:Company) RETURN c.layer AS state, count(t) AS n, sum(t.year) AS years")
LAYERS = {"A": "foundation", "B": "technology"}


def state(name: str) -> Dataset:
    """One of two graphs, every part of which says to which it belongs."""
    count = COMPANIES[name]
    nodes = [Node(f"k{place}", "Company", {"layer": LAYERS[name], "patents": 1}) for place in range(count)]
    links = [Link(f"e{place}", "ENABLES", f"k{place}", f"k{place - 1}", {"year": 2000}) for place in range(1, count)]
    return replace(dataset(graph(nodes, links), name=name), hash=name * 64)


def what_is_there(path: Path) -> str:
    """Which of the two graphs a reader finds, whole."""
    store = open_store(path)
    name = store.dataset.name
    rows = [store.query(question).read_all().to_pylist() for question in (NODES, LINKS)]
    store.close()
    count = COMPANIES[name]
    assert rows == [
        [{"state": LAYERS[name], "n": count, "patents": count}],
        [{"state": LAYERS[name], "n": count - 1, "years": 2000 * (count - 1)}],
    ]
    return name


@dataclass
class Loads:
    """The process that forks one load after the other."""

    process: subprocess.Popen[str]

    def begin(self, name: str) -> int:
        """The number of a process that has just begun to load."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        said = {self.line(), self.line()}
        assert "begun" in said
        return int((said - {"begun"}).pop())

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def end(self) -> int:
        """The code that the load left with, after what else it said."""
        while not (line := self.line()).startswith("ended"):
            assert line == "done"
        return int(line.split()[1])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with A."""
    path = tmp_path / "graph.duckdb"
    store = open_store(path, create=True)
    store.load(state("A"))
    store.close()
    return path


@pytest.fixture
def loads(path: Path) -> Iterator[Loads]:
    command = [sys.executable, str(Path(__file__).with_name("kill_loads.py")), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Loads(process)
        process.kill()


@pytest.fixture
def readers(path: Path) -> Iterator[Counter[str]]:
    """Somebody who opens the store again and again, and what was found."""
    found: Counter[str] = Counter()
    stopped = threading.Event()

    def read() -> None:
        while not stopped.is_set():
            try:
                found[what_is_there(path)] += 1
            except Exception as err:
                found[f"{type(err).__name__}: {err}"] += 1
            time.sleep(0.1)

    thread = threading.Thread(target=read)
    thread.start()
    yield found
    stopped.set()
    thread.join()


def test_kills_leave_the_old_graph_or_the_new_one(path: Path, loads: Loads, readers: Counter[str]) -> None:
    draw = np.random.default_rng(10)
    lasted = []
    for name in "BABAB":
        begun = time.monotonic()
        loads.begin(name)
        assert loads.end() == 0
        lasted.append(time.monotonic() - begun)
        assert what_is_there(path) == name
    there, outcomes = "B", Counter[str]()
    for _ in range(20 * KILLS):
        wanted = "A" if there == "B" else "B"
        child = loads.begin(wanted)
        time.sleep(draw.uniform(0, 1.1 * median(lasted)))
        with suppress(ProcessLookupError):  # it was done before
            os.kill(child, signal.SIGKILL)
        code = loads.end()
        found = what_is_there(path)
        assert found == wanted or code == -signal.SIGKILL
        if code == -signal.SIGKILL:
            outcomes["new" if found == wanted else "old"] += 1
        there = found
        if outcomes.total() == KILLS:
            break
    assert outcomes.total() == KILLS
    assert outcomes["old"] > KILLS // 2
    assert set(readers) <= {"A", "B"}, readers
    assert readers.total() > KILLS // 2
    loads.begin("A")
    assert loads.end() == 0
    assert what_is_there(path) == "A"
    assert len(list(path.parent.iterdir())) == 2, "what the killed loads left has been deleted by the last one"
