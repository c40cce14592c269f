"""Run alone: the peak memory of reading and loading a dataset, beside the size of its Arrow tables. Prints JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ecosystem.dataset import read_dataset
from ecosystem.regions import shipped_regions
from ecosystem.store import open_store
from ecosystem.store.duckdb import store as engine


def peak() -> int:
    """The most memory that this process has had, in bytes: of its own, where `ru_maxrss` begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main() -> None:
    folder, store = Path(sys.argv[1]), Path(sys.argv[2])
    shipped_regions()
    assert engine  # imported: the engine's own code is not the dataset's
    before = peak()
    dataset = read_dataset(folder).dataset
    after_read = peak()
    graph = open_store(store, create=True)
    graph.load(dataset)
    graph.close()
    tables = (*dataset.nodes.values(), *dataset.links.values())
    arrow = sum(table.get_total_buffer_size() for table in tables)
    print(json.dumps({"arrow": arrow, "read": after_read - before, "read_and_load": peak() - before}))


if __name__ == "__main__":
    main()
