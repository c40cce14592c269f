"""`make soak`: twenty of each fault, and the rows at each: `python -m tests.faults.soak --times 20 --seed S`."""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).resolve().parent
# the tests import each other by their bare names, as pytest lets them
sys.path[:0] = [str(HERE.parent), str(HERE)]


def main() -> int:
    """0 where every graph ended as an undisturbed load leaves it."""
    from faults import FAULTS, suffer
    from ground import CONFIGURATION, MODES, Ground
    from neo4j_server import LTS, Machine, install

    parser = argparse.ArgumentParser(description="faults in the midst of loads, and the graph after the next load")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", default=time.strftime("%Y%m%d"))
    parser.add_argument("--fault", choices=FAULTS, action="append", help="only this one; may be given several times")
    given = parser.parse_args()
    os.environ["NEO4J_PASSWORD"] = secrets.token_urlsafe(16)
    os.environ.pop("NEO4J_USERNAME", None)
    draw = random.Random(given.seed)
    failed = 0
    with TemporaryDirectory() as home:
        machine = Machine(install(LTS), Path(home), os.environ["NEO4J_PASSWORD"], more=CONFIGURATION)
        try:
            machine.start()
            ground = Ground(machine)
            ground.settle()
            for fault in given.fault or FAULTS:
                for number in range(given.times):
                    begun = time.monotonic()
                    try:
                        told = f"{suffer(ground, fault, MODES[number % len(MODES)], draw)}, the next load ends the same"
                    except AssertionError as err:
                        told = f"FAILED {err}"
                        failed += 1
                    print(f"{number + 1:3} {told} ({time.monotonic() - begun:.1f} s)", flush=True)
        finally:
            machine.kill()
    print(f"seed {given.seed}: {failed} of {given.times * len(given.fault or FAULTS)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
