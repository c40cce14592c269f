"""The golden tables are what nested loops over the golden dataset give, and the dataset has what it is there for."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from brute_cases import CASES, case_rows
from brute_force import HERE, METRICS, evidence_rows, inside_window, value_rows
from brute_graph import Row, read, within

GRAPH = read(HERE / "dataset")
LABELS = ("companies", "investors", "universities", "institutes", "alliances", "conferences", "parks", "policies")


def rows(name: str) -> list[Row]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_values_worked_out_by_hand() -> None:
    assert rows("values.csv") == value_rows(GRAPH)


def test_evidence() -> None:
    assert rows("evidence.csv") == evidence_rows(GRAPH)


def test_values_of_the_test_metrics() -> None:
    assert rows("values_cases.csv") == case_rows(GRAPH)


def test_every_metric_file_is_judged() -> None:
    root = Path(__file__).parents[2]
    with (root / "tests" / "systems" / "values.csv").open(encoding="utf-8", newline="") as file:
        elsewhere = [row["metric"] for row in csv.DictReader(file)]
    assert sorted([*METRICS, *elsewhere]) == sorted(
        path.stem for path in (root / "cypher" / "metrics").glob("*.cypher")
    )
    assert sorted(CASES) == sorted(path.stem for path in (root / "tests" / "metrics" / "cases").glob("*.cypher"))


@pytest.mark.parametrize("label", [*LABELS, "platforms", "people", "segments"])
def test_a_label_is_small_and_has_nodes_outside_the_sample(label: str) -> None:
    assert 10 <= len(GRAPH[label]) <= 20
    assert {"true", "false"} <= {row["in_sample"] for row in GRAPH[label]}


def test_ids_are_unique_over_all_nodes_and_links() -> None:
    ids = [row["id"] for table in GRAPH.values() for row in table]
    assert len(ids) == len(set(ids))
    assert all(ids)


def test_closure_of_the_municipality() -> None:
    everything = {"110000", "110100", "CN", "group:golden"}
    assert within(GRAPH, "110000") == everything
    assert within(GRAPH, "110100") == everything
    assert within(GRAPH, "320100") == {"320100", "320000", "CN"}
    assert within(GRAPH, "320500") == {"320500", "320000", "CN", "group:golden"}


@pytest.mark.parametrize(
    ("dated", "year", "since", "until", "inside"),
    [
        ("flow", 2018, None, None, True),
        ("flow", None, None, None, True),
        ("flow", None, 2019, 2021, False),
        ("flow", 2019, 2019, 2021, True),
        ("flow", 2021, 2019, 2021, True),
        ("flow", 2022, 2019, 2021, False),
        ("flow", 2018, 2019, None, False),
        ("flow", 2018, None, 2021, True),
        ("stock", 1902, 2019, 2021, True),
        ("stock", None, 2019, 2021, True),
        ("stock", 2022, 2019, 2021, False),
        ("stock", 2022, 2019, None, True),
        ("none", 2022, 2019, 2021, True),
    ],
)
def test_the_window(dated: str, year: int | None, since: int | None, until: int | None, inside: bool) -> None:
    assert inside_window(dated, year, since, until) is inside
