"""Loads in processes that are made by forking one that has all it needs: `kill_loads.py STORE`, then A or B per line.

It answers with the number of the process that loads, and that one says `begun` and `done`; a killed one says no more.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# the tests import each other by their bare names, as pytest lets them
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent), str(Path(__file__).parents[2])]


def main(path: str) -> None:
    from test_embedded_kills import state

    from ecosystem.store import open_store

    states = {name: state(name) for name in "AB"}
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            store = open_store(path, create=True)
            say("begun")
            store.load(states[line.strip()])
            say("done")
            os._exit(0)
        say(str(child))
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


def say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1])
