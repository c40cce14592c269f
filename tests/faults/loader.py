"""A load in a process of its own, which says how many rows the server has acknowledged: `loader.py URL MODE BATCH`."""

from __future__ import annotations

import sys
from pathlib import Path

# the tests import each other by their bare names, as pytest lets them
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]


def main(url: str, mode: str, batch: str) -> None:
    from months import month

    from ecosystem.store import SharedStore, open_store

    def say(what: str, done: int, total: int | None) -> None:
        sys.stdout.write(f"{what} {done} {total}\n")
        sys.stdout.flush()

    store = open_store(url, create=True)
    assert isinstance(store, SharedStore)
    wanted = month(1 if mode == "load" else 2)
    ways = {"update": mode == "update", "replace": mode == "replace"}
    store.load(wanted, **ways, batch=int(batch), progress=say)


if __name__ == "__main__":
    main(*sys.argv[1:])
