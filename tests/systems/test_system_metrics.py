"""The 29 metrics of the other four reports, against values worked out by hand on a dataset of eleven companies."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ecosystem.dataset import read_dataset
from ecosystem.index import list_indices, load_index
from ecosystem.metrics import load_metrics, measure
from ecosystem.store import GraphStore, open_store

HERE = Path(__file__).parent
CITIES = ("110100", "440300", "320500")
METRICS = {name: metric for name, metric in load_metrics().items() if not metric.source.startswith("CINGAI")}
with (HERE / "values.csv").open(encoding="utf-8", newline="") as file:
    VALUES = {row["metric"]: {city: float(row[city] or "nan") for city in CITIES} for row in csv.DictReader(file)}


def opened(folder: Path, path: Path) -> GraphStore:
    reading = read_dataset(folder)
    assert reading.clean
    store = open_store(path, create=True)
    store.load(reading.dataset)
    return store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = opened(HERE / "dataset", tmp_path_factory.mktemp("systems") / "graph.duckdb")
    yield store
    store.close()


def found(store: GraphStore, until: int | None = None) -> dict[str, dict[str, float]]:
    table = measure(store, METRICS, level="city", until=until).table()
    return {metric: {city: float(table[metric][city]) for city in CITIES} for metric in METRICS}


def test_every_metric_is_judged_here() -> None:
    assert sorted(VALUES) == sorted(METRICS)


def test_values(store: GraphStore) -> None:
    values = found(store)
    for metric, expected in VALUES.items():
        assert values[metric] == pytest.approx(expected, rel=1e-12, nan_ok=True), metric


def test_a_window_moves_the_year_of_what_is_new(store: GraphStore) -> None:
    values = found(store, until=2020)
    assert values["new_companies"] == {"110100": 0, "440300": 0, "320500": 1}
    assert values["new_companies_five_years"] == {"110100": 1, "440300": 0, "320500": 1}
    assert values["new_company_growth"] == pytest.approx(
        {"110100": -100, "440300": float("nan"), "320500": float("nan")}, nan_ok=True
    )


def test_a_value_is_the_aggregate_of_its_evidence(store: GraphStore) -> None:
    measures = measure(store, METRICS, level="city")
    table = measures.table()
    for metric in METRICS:
        for region, value in measures.evidence(metric).values().items():
            assert value == pytest.approx(table.loc[region, metric], rel=1e-12, nan_ok=True), metric


CHANGES: dict[str, tuple[str, Callable[[str], str], dict[str, set[str]]]] = {
    "a unicorn more": (
        "companies.csv",
        lambda text: text.replace("0,0,false,false,true", "0,0,false,true,true"),
        {"tmtpost-2024": {"n14_value"}, "aitisa-2021": {"listed_and_unicorns"}, "scenario-2024": {"t45"}},
    ),
    "a platform becomes open": (
        "platforms.csv",
        lambda text: text.replace("exhibition", "open innovation platform"),
        {"tmtpost-2024": {"n04_value"}, "aitisa-2021": {"open_platforms"}, "scenario-2024": {"t24"}},
    ),
    "an opinion becomes an outline": (
        "policies.csv",
        lambda text: text.replace("2023,opinion", "2023,outline"),
        {"tmtpost-2024": {"n01_value"}},
    ),
    "a denser park": (
        "parks.csv",
        lambda text: text.replace("2016,0", "2016,0.2"),
        {"tmtpost-2024": {"n02_value"}},
    ),
    "a company changes layer": (
        "companies.csv",
        lambda text: text.replace("Company 6,true,foundation", "Company 6,true,technology"),
        {"tmtpost-2024": {"n09_value", "n10_value"}},
    ),
    "a joint patent more": (
        "collaborates_with.csv",
        lambda text: text.replace("patent,2", "patent,3"),
        {"aitisa-2021": {"outside_cooperation"}},
    ),
    "a segment more": (
        "active_in.csv",
        lambda text: text + "c8,s4,v8\n",
        {"aitisa-2021": {"segments_covered"}},
    ),
    "an alliance moves": (
        "located_in.csv",
        lambda text: text.replace("a1,110100", "a1,440300"),
        {"cingai-2023": {"alliance_count"}, "aitisa-2021": {"trade_organisations"}},
    ),
    "an invention more": (
        "companies.csv",
        lambda text: text.replace(",10,4,", ",10,5,"),
        {
            "tmtpost-2024": {"n16_value"},
            "aitisa-2021": {"ai_invention_share"},
            "parks-20-cities": {"technology_innovation"},
            "scenario-2024": {"t27"},
        },
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_one_entity_moves_the_leaves_that_count_it_and_no_other(store: GraphStore, change: str, tmp_path: Path) -> None:
    name, edit, expected = CHANGES[change]
    folder = tmp_path / "dataset"
    shutil.copytree(HERE / "dataset", folder)
    before = (folder / name).read_text(encoding="utf-8")
    assert edit(before) != before
    (folder / name).write_text(edit(before), encoding="utf-8")
    changed = opened(folder, tmp_path / "changed.duckdb")
    metrics = load_metrics()
    tables = [measure(graph, metrics, level="city").table() for graph in (store, changed)]
    moved = {metric for metric in metrics if not tables[0][metric].equals(tables[1][metric])}
    changed.close()
    for index in (each.name for each in list_indices()):
        sources = {leaf.code: leaf.source.name for leaf in load_index(index).leaves if leaf.source is not None}
        assert {code for code, source in sources.items() if source in moved} == expected.get(index, set()), index
