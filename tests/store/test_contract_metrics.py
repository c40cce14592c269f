"""Every metric file on every store: the golden values and evidence, digit for digit what the embedded store says."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from cingai import cingai_metrics
from engine_cells import Engine, golden_engine, golden_evidence, golden_values, load_golden
from stores import CALENDAR, empty_store

from ecosystem.cli.main import app
from ecosystem.dataset import read_dataset
from ecosystem.imports import import_source
from ecosystem.metrics import load_metrics
from ecosystem.metrics.verify import verify
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.synthesize import synthesize

SHIPPED = cingai_metrics()
CASES = load_metrics(Path(__file__).parents[1] / "metrics" / "cases")
METRICS = SHIPPED | CASES
SELECTIONS = [("city", None, 2020), ("country", None, None), ("group", 2019, 2021)]
KNOCKED_OUT = ("c01", "i01", "u01", "p02", "t03", "e07", "110000")


@pytest.fixture(scope="module", params=["neo4j", CALENDAR])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The golden dataset on each server."""
    store = empty_store(request.param, request, tmp_path_factory.mktemp("golden"))
    yield load_golden(store)
    store.close()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The golden dataset in the embedded store."""
    with golden_engine(tmp_path_factory.mktemp("reference")) as engine:
        yield engine


def counted(frame: pd.DataFrame) -> Counter[tuple[object, ...]]:
    """The rows as a multiset, cells as text: a missing one equals itself."""
    return Counter(tuple(map(str, row)) for row in frame.itertuples(index=False, name=None))


def digits(values: dict[str, float]) -> dict[str, str]:
    return {region: value.hex() if math.isfinite(value) else "nan" for region, value in values.items()}


@pytest.mark.parametrize(("since", "until"), [(None, None), (2019, 2021)])
@pytest.mark.parametrize("metric", METRICS)
def test_golden(engine: Engine, reference: Engine, metric: str, since: int | None, until: int | None) -> None:
    measures = engine.measure(METRICS[metric], "province", since, until)
    expected = golden_values("values.csv" if metric in SHIPPED else "values_cases.csv", metric, since)
    assert engine.values(measures) == pytest.approx(expected, rel=1e-12, nan_ok=True)
    if metric in SHIPPED:
        assert engine.evidence(measures) == golden_evidence(metric, since)
    ours, theirs = (
        measures.evidence(metric),
        reference.measure(METRICS[metric], "province", since, until).evidence(metric),
    )
    assert list(ours.frame().columns) == list(theirs.frame().columns)
    assert counted(ours.frame()) == counted(theirs.frame())
    assert digits(ours.values()) == digits(theirs.values())


LTS_ALONE = pytest.mark.parametrize("engine", ["neo4j"], indirect=True, scope="module")
"""The golden values are asked of every release, what follows from them of one."""


@LTS_ALONE
@pytest.mark.parametrize(("level", "since", "until"), SELECTIONS)
def test_other_levels_and_windows(
    engine: Engine, reference: Engine, level: str, since: int | None, until: int | None
) -> None:
    findings = verify(engine.store, reference.store, METRICS, level=level, since=since, until=until)
    assert findings == ()


@LTS_ALONE
@pytest.mark.parametrize("metric", METRICS)
def test_digits(engine: Engine, reference: Engine, metric: str) -> None:
    ours, theirs = (each.measure(METRICS[metric], "province", None, None) for each in (engine, reference))
    pd.testing.assert_frame_equal(ours.values, theirs.values, check_exact=True)
    pd.testing.assert_frame_equal(ours.undated, theirs.undated)


@LTS_ALONE
@pytest.mark.parametrize("metric", METRICS)
def test_what_is_left_without_some(engine: Engine, reference: Engine, metric: str) -> None:
    ours, theirs = (
        each.measure(METRICS[metric], "province", None, None).evidence(metric) for each in (engine, reference)
    )
    for gone in KNOCKED_OUT:
        left, expected = ours.without([gone]), theirs.without([gone])
        assert counted(left.frame()) == counted(expected.frame()), gone
        assert digits(left.values()) == digits(expected.values()), gone
    assert counted(ours.without(KNOCKED_OUT).frame()) == counted(theirs.without(KNOCKED_OUT).frame())


CHINESE = {
    "itjuzi_ai": "itjuzi_ai",
    "aiia": "aiia",
    "universities_gbk": "universities_gbk.csv",
    "ccf_conference_editions": "ccf_conference_editions.csv",
    "cn_ai_policies": "cn_ai_policies.csv",
}
"""The sources that feed an indicator, but the largest."""


@pytest.fixture(scope="module", params=["chinese", "synthetic"])
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[GraphStore]]:
    """A dataset of real size in the embedded store and on a server."""
    folder = tmp_path_factory.mktemp("large")
    if request.param == "chinese":
        shared: Path = request.getfixturevalue("shared")
        for source, place in CHINESE.items():
            import_source(source, shared / "data" / "real" / place, folder / "dataset")
    else:
        synthesize(folder / "dataset", companies=5_000, links=50_000, seed=7)
    dataset = read_dataset(folder / "dataset").dataset
    stores = [open_store(folder / "graph.duckdb", create=True), empty_store("neo4j", request, folder)]
    for store in stores:
        store.load(dataset)
    yield stores
    for store in stores:
        store.close()


def test_scores_are_the_same_bytes(large: list[GraphStore]) -> None:
    printed = []
    for store in large:
        out = StringIO()
        with redirect_stdout(out):
            app(["score", "cingai-2023", "--groups", "--store", store.url, "--format", "csv"], standalone_mode=False)
        printed.append(out.getvalue().encode())
    embedded, server = printed
    assert embedded.count(b"\n") > 30
    assert server == embedded


@pytest.mark.parametrize(("level", "since"), [("province", None), ("city", 2018)])
def test_every_value_of_a_large_dataset_is_the_same(large: list[GraphStore], level: str, since: int | None) -> None:
    from ecosystem.metrics import measure

    embedded, server = (measure(store, SHIPPED, level=level, since=since) for store in large)
    pd.testing.assert_frame_equal(server.values, embedded.values, check_exact=True)
    pd.testing.assert_frame_equal(server.undated, embedded.undated)


def test_evidence_of_many_batches_is_the_same(large: list[GraphStore]) -> None:
    from ecosystem.metrics import measure

    embedded, server = (measure(store, [SHIPPED["enablement_links"], SHIPPED["financing_links"]]) for store in large)
    for metric in embedded.metrics:
        if metric not in embedded.missing:
            ours, theirs = (each.evidence(metric).frame() for each in (server, embedded))
            columns = list(theirs.columns)
            pd.testing.assert_frame_equal(
                ours.sort_values(columns, ignore_index=True), theirs.sort_values(columns, ignore_index=True)
            )
