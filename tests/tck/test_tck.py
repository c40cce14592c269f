"""The embedded engine on openCypher's conformance suite, where a checkout of it is given by OPENCYPHER_TCK."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from areas import counted, table
from conftest import absent
from features import features_folder, read_scenarios
from outcomes import Outcome, judged
from typed_graph import Stores

pytestmark = pytest.mark.long

LEAST_SHARE = 0.8
"""Of the scenarios that expect rows and that a read-only typed graph can express."""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    given = os.environ.get("OPENCYPHER_TCK")
    if not given:
        absent("OPENCYPHER_TCK does not name a checkout of openCypher's conformance suite", needed=False)
    scenarios = read_scenarios(features_folder(Path(given)))
    assert scenarios, f"there are no feature files in {given}"
    stores = Stores(tmp_path_factory.mktemp("tck"))
    try:
        return [judged(scenario, stores) for scenario in scenarios]
    finally:
        stores.close()


@pytest.mark.parametrize("verdict", ["wrong", "crash"])
def test_no_scenario_is(outcomes: list[Outcome], verdict: str) -> None:
    found = [f"{outcome.scenario.place}: {outcome.told}" for outcome in outcomes if outcome.verdict == verdict]
    assert found == []


def test_most_scenarios_are_right(outcomes: list[Outcome]) -> None:
    assert counted(outcomes)["all"].share >= LEAST_SHARE, f"\n{table(outcomes)}"
