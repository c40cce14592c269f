"""`make fuzz`: the differential fuzzer as a program, `python -m tests.fuzz.run --queries 20000 --seed S`.

It empties the database of the server at ECOSYSTEM_TEST_NEO4J_URL (with NEO4J_USERNAME and NEO4J_PASSWORD); without one
it starts a server of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TextIO

HERE = Path(__file__).resolve().parent
# the tests import each other by their bare names, as pytest lets them
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "query"), str(HERE)]

if TYPE_CHECKING:
    from campaign import Find, Tally
    from server import Judge


def main() -> int:
    """0 where both engines agreed on everything; what they did not agree on is in finds/."""
    from answers import record
    from campaign import run

    parser = argparse.ArgumentParser(description="random queries, asked of the embedded engine and of Neo4j")
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", default=time.strftime("%Y%m%d"))
    parser.add_argument("--record", action="store_true", help="ask for what is in answers.json and directed.json anew")
    given = parser.parse_args()
    with _judge() as judge:
        if given.record:
            record(judge)
            return 0
        tally = run(judge, given.queries, given.seed, _progress)
    _keep(tally.finds)
    _say(f"seed {given.seed}\n{tally}", sys.stdout)
    return 1 if tally.finds else 0


@contextmanager
def _judge() -> Iterator[Judge]:
    from neo4j import GraphDatabase
    from neo4j_server import LTS, Server, install, running
    from server import Judge

    url = os.environ.get("ECOSYSTEM_TEST_NEO4J_URL")
    with ExitStack() as stack:
        if url:
            server = Server(url, os.environ["NEO4J_PASSWORD"], os.environ.get("NEO4J_USERNAME", "neo4j"))
        else:
            home = Path(stack.enter_context(TemporaryDirectory()))
            server = stack.enter_context(running(install(LTS), home, secrets.token_urlsafe(16)))
        login = (server.username, server.password)
        driver = stack.enter_context(GraphDatabase.driver(server.url, auth=login, notifications_min_severity="OFF"))
        judge = Judge(driver)
        if judge.rows("MATCH (n) RETURN true AS found LIMIT 1", {}):
            sys.exit(f"{server.url} is not empty, and the fuzzer deletes everything: name a database that nobody needs")
        try:
            yield judge
        finally:
            judge.clear()


def _progress(number: int, tally: Tally) -> None:
    _keep(tally.finds)
    if number % 25 == 24:
        _say(f"{tally.queries} queries, {len(tally.finds)} differences", sys.stderr)


def _keep(finds: list[Find]) -> None:
    """Write each find to a file of its own; a test asks it again from then on."""
    for find in finds:
        name = f"{find.seed.replace('/', '-')}-{find.what}.json"
        (HERE / "finds").mkdir(exist_ok=True)
        (HERE / "finds" / name).write_text(json.dumps(asdict(find), ensure_ascii=False, indent=1) + "\n", "utf-8")


def _say(text: str, stream: TextIO) -> None:
    stream.write(f"{text}\n")
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
