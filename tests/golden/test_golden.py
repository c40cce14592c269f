"""The package gives the golden values and evidence: 24 metrics by hand, other levels and windows by brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import brute_cases
import brute_force
import pytest
from brute_graph import read
from cingai import cingai_metrics
from engine_cells import Engine, golden_engine, golden_evidence, golden_values

from ecosystem.metrics import load_metrics

HERE = Path(__file__).parent
GRAPH = read(HERE / "dataset")
METRICS = cingai_metrics()
CASES = load_metrics(HERE.parent / "metrics" / "cases")
ELSEWHERE = [
    (level, since, until)
    for level in ("country", "province", "city", "group")
    for since, until in ((None, None), (2019, 2021), (2019, None), (None, 2020))
    if (level, since, until) not in {("province", None, None), ("province", 2019, 2021)}
]
windows = pytest.mark.parametrize(("since", "until"), brute_force.WINDOWS)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with golden_engine(tmp_path_factory.mktemp("golden")) as engine:
        yield engine


@windows
@pytest.mark.parametrize("metric", METRICS)
def test_values(engine: Engine, metric: str, since: int | None, until: int | None) -> None:
    found = engine.values(engine.measure(METRICS[metric], "province", since, until))
    assert found == pytest.approx(golden_values("values.csv", metric, since), rel=1e-12, nan_ok=True)


@windows
@pytest.mark.parametrize("metric", METRICS)
def test_evidence(engine: Engine, metric: str, since: int | None, until: int | None) -> None:
    found = engine.evidence(engine.measure(METRICS[metric], "province", since, until))
    assert found == golden_evidence(metric, since)


@windows
@pytest.mark.parametrize("case", CASES)
def test_values_of_the_test_metrics(engine: Engine, case: str, since: int | None, until: int | None) -> None:
    found = engine.values(engine.measure(CASES[case], "province", since, until))
    assert found == pytest.approx(golden_values("values_cases.csv", case, since), rel=1e-12, nan_ok=True)


@pytest.mark.parametrize(("level", "since", "until"), ELSEWHERE)
def test_other_levels_and_windows(engine: Engine, level: str, since: int | None, until: int | None) -> None:
    expected = {
        name: brute_force.values(GRAPH, judge, level, since, until) for name, judge in brute_force.METRICS.items()
    }
    expected |= {
        name: brute_cases.case_values(GRAPH, judge, level, since, until) for name, judge in brute_cases.CASES.items()
    }
    for name, metric in (METRICS | CASES).items():
        found = engine.values(engine.measure(metric, level, since, until))
        missing_as_nan = {region: float("nan") if value is None else value for region, value in expected[name].items()}
        assert found == pytest.approx(missing_as_nan, rel=1e-12, nan_ok=True), name


@pytest.mark.parametrize(("level", "since", "until"), ELSEWHERE)
def test_evidence_at_other_levels_and_windows(engine: Engine, level: str, since: int | None, until: int | None) -> None:
    for name, judge in brute_force.METRICS.items():
        matches = brute_force.evidence(GRAPH, judge, level, since, until)
        expected = Counter((match.region, "|".join(match.nodes), "|".join(match.links)) for match in matches)
        assert engine.evidence(engine.measure(METRICS[name], level, since, until)) == expected, name
