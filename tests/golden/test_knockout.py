"""Values without some nodes or links, out of the evidence, are what nested loops give on the rows that are left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import brute_cases
import brute_force
import pytest
from brute_graph import Graph, Row, read
from cingai import cingai_metrics
from engine_cells import Engine, golden_engine

from ecosystem.metrics import load_metrics

HERE = Path(__file__).parent
GRAPH = read(HERE / "dataset")
METRICS = cingai_metrics() | load_metrics(HERE.parent / "metrics" / "cases")

ONE_NODE = ["c01", "c02", "c05", "c06", "c12", "c16", "c17", "i01", "i05", "u01", "u03", "u09", "n04", "n09"]
ONE_OF_ANOTHER_LABEL = ["p01", "p02", "p13", "f02", "a03", "k04", "y07", "h01", "g01"]
ONE_LINK = ["t03", "e01", "e04", "o05", "w15", "s01", "x07", "l-c02"]
SEVERAL = ["i01 i02 i04", "i05 c09", "u01 u02", "e07 e08 c10"]
"""The last thing that fulfils an EXISTS goes with the last of these, not with the first."""

KNOCKED_OUT = [frozenset(ids.split()) for ids in (*ONE_NODE, *ONE_OF_ANOTHER_LABEL, *ONE_LINK, *SEVERAL)]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with golden_engine(tmp_path_factory.mktemp("knockout")) as engine:
        yield engine


def graph_without(ids: frozenset[str]) -> dict[str, list[Row]]:
    """The rows that are left: none of these nodes and links, nor a link of one of these nodes."""
    return {
        table: [row for row in rows if not ids & {row["id"], row.get("from", ""), row.get("to", "")}]
        for table, rows in GRAPH.items()
    }


def judged(graph: Graph, metric: str) -> dict[str, float | None]:
    if metric in brute_force.METRICS:
        return brute_force.values(graph, brute_force.METRICS[metric], "province", None, None)
    return brute_cases.case_values(graph, brute_cases.CASES[metric], "province", None, None)


@pytest.mark.parametrize("metric", METRICS)
def test_what_is_left(engine: Engine, metric: str) -> None:
    evidence = engine.measure(METRICS[metric], "province", None, None).evidence(metric)
    for ids in KNOCKED_OUT:
        left = evidence.without(ids).values()
        for region, value in judged(graph_without(ids), metric).items():
            # a region without a match has no row: its count or sum is 0, its mean is missing
            expected = float("nan") if value is None else value
            nothing = 0.0 if value == 0 else float("nan")
            assert left.get(region, nothing) == pytest.approx(expected, rel=1e-12, nan_ok=True), (ids, region)


def test_every_knock_out_changes_something() -> None:
    whole = {metric: judged(GRAPH, metric) for metric in METRICS}
    # no metric looks at platforms and segments; who loses one of two posts, degrees or pasts still counts once
    idle = {"h01", "g01", "w15", "s01", "x07"}
    for ids in KNOCKED_OUT:
        graph = graph_without(ids)
        assert any(judged(graph, metric) != whole[metric] for metric in METRICS) is not (ids <= idle), ids
