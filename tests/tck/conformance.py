"""`python -m tests.tck.conformance [FOLDER]`: the openCypher conformance suite, asked of the embedded engine.

FOLDER has the feature files, or is a checkout with them; by default it is the one of OPENCYPHER_TCK. Prints counts by
area, why scenarios were refused, and every wrong answer and crash. With --neo4j the server of ECOSYSTEM_TEST_NEO4J_URL
(with NEO4J_USERNAME and NEO4J_PASSWORD), or one of its own, is asked the same.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
# the tests import each other by their bare names, as pytest lets them
sys.path[:0] = [str(HERE.parent), str(HERE)]

if TYPE_CHECKING:
    from features import Scenario
    from outcomes import Outcome


def main() -> int:
    """0 where nothing is wrong and nothing crashes."""
    from areas import reasons, table
    from features import features_folder, read_scenarios

    given = _arguments()
    if given.folder is None:
        sys.exit("name the folder of the feature files, or set OPENCYPHER_TCK")
    scenarios = read_scenarios(features_folder(Path(given.folder)))
    wanted = [each for each in scenarios if given.only in f"{each.folder}/{each.place}"]
    outcomes = list(asked(wanted))
    if given.neo4j:
        outcomes = judged_by_neo4j(outcomes)
    for outcome in outcomes:
        if outcome.verdict in given.show:
            _say(_told(outcome))
    for verdict in ("refused", "inexpressible"):
        _say(f"{verdict}:\n{reasons(outcomes, verdict)}\n")
    _say(table(outcomes))
    return 1 if any(outcome.verdict in ("wrong", "crash") for outcome in outcomes) else 0


def asked(scenarios: Iterable[Scenario]) -> Iterator[Outcome]:
    """What becomes of each scenario; the stores lie in a folder that is gone afterwards."""
    from outcomes import judged
    from typed_graph import Stores

    with TemporaryDirectory() as folder:
        stores = Stores(Path(folder))
        try:
            for scenario in scenarios:
                yield judged(scenario, stores)
        finally:
            stores.close()


def judged_by_neo4j(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes with the verdict on a Neo4j server, of those scenarios that can be expressed."""
    from tck_server import tck_server

    with tck_server() as server:
        return [
            each if each.verdict == "inexpressible" else replace(each, server=server.judged(each.scenario).verdict)
            for each in outcomes
        ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="the openCypher conformance suite, asked of the embedded engine")
    parser.add_argument("folder", nargs="?", default=os.environ.get("OPENCYPHER_TCK"))
    parser.add_argument("--only", default="", help="scenarios whose folder, feature or name has this text")
    parser.add_argument("--show", nargs="*", default=["wrong", "crash"], help="verdicts whose scenarios are shown")
    parser.add_argument(
        "--neo4j", action="store_true", help="count what a Neo4j server answers as expected, and no more"
    )
    return parser.parse_args()


def _told(outcome: Outcome) -> str:
    from features import Fault, Table

    scenario = outcome.scenario
    expected, server = "", f" (Neo4j: {outcome.server})" if outcome.server else ""
    if isinstance(scenario.expected, Fault):
        expected = scenario.expected.kind
    elif isinstance(scenario.expected, Table):
        rows = "; ".join(", ".join(row) for row in scenario.expected.rows[:8])
        expected = f"{', '.join(scenario.expected.columns)}: {rows or 'no rows'}"
    lines = [f"{outcome.verdict}: {scenario.folder}/{scenario.place}{server}", *scenario.setup, scenario.query]
    lines += [f"${name} = {text}" for name, text in scenario.parameters]
    return "\n  ".join([*lines, f"expected {expected}", f"got      {outcome.told}"]) + "\n"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
