"""`make bench`: what has been measured is not lost with the part that fails."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import pytest

from benchmarks.network import measure_network
from benchmarks.page import rows
from benchmarks.run import measure
from benchmarks.server import NoServerError

COMMANDS = {"demo": [3.0], "help": [0.25]}
FACTS = {"machine": {}, "load_average": 0.1, "links": 10}


def fail() -> NoReturn:
    raise RuntimeError("the server did not answer")


def test_every_part_is_written_when_it_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, seen = tmp_path / "results.json", []

    def look() -> dict[str, list[float]]:
        seen.append(json.loads(file.read_text(encoding="utf-8")))
        return COMMANDS

    lost = measure({"index": lambda: index_times(1.0), "server": fail, "commands": look}, dict(FACTS), file)
    assert lost == ["server"]
    assert seen[0]["index"]["ours"] == [1.0]
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["commands"] == COMMANDS
    assert "ecosystem demo" in [row["what"] for row in written["table"]]
    assert "the server did not answer" in capsys.readouterr().err


def test_what_was_measured_stays_where_it_is_stopped(tmp_path: Path) -> None:
    def stop() -> NoReturn:
        raise KeyboardInterrupt

    file = tmp_path / "results.json"
    with pytest.raises(KeyboardInterrupt):
        measure({"commands": lambda: COMMANDS, "server": stop}, dict(FACTS), file)
    assert json.loads(file.read_text(encoding="utf-8"))["commands"] == COMMANDS


def test_a_machine_without_a_server_is_no_failure(tmp_path: Path) -> None:
    def absent() -> NoReturn:
        raise NoServerError("there is no Java")

    results: dict[str, Any] = dict(FACTS)
    assert measure({"server": absent}, results, None) == []
    assert list(tmp_path.iterdir()) == []


def index_times(seconds: float) -> dict[str, list[float]]:
    return {name: [seconds] for name in ("ours", "pymcdm", "scikit_criteria", "variants", "matrices")}


def test_draws_are_told_beside_the_same_draws_one_by_one() -> None:
    times = {"few": [0.1], "many": [1.0], "one_by_one": [1.0], "space": [0.1], "programs": [2.0]}
    told = rows({"draws": {"times": times, "peak_bytes": 2e8, "undefined": 0}})
    assert [row.figure for row in told] == [100.0, 500.0, 1.0, 200.0, 100.0, 20.0]
    assert all(row.met is not False for row in told)


def test_the_measures_of_a_network_equal_their_rivals_and_are_told() -> None:
    results = {"network": measure_network(1, scale=100)}
    told = [(row.what, row.against) for row in rows(results)]
    assert told[0] == ("brokerage roles of 200 organisations and 1,200 edges", "")
    assert len(told) == 9
    assert all(row.figure > 0 for row in rows(results))
