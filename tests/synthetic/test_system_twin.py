"""The recipes of twins: whatever values are asked for, the metrics and columns of the dataset have them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ecosystem.dataset import read_dataset
from ecosystem.index import load_index
from ecosystem.metrics import find_metric, load_metrics, measure
from ecosystem.store import open_store
from ecosystem.synthetic.system_twin import system_tables
from ecosystem.tables.writer import write_table

CITIES = ("110100", "310100", "440300", "510100", "320500", "542500")
Draw = Callable[[np.random.Generator], np.ndarray]


def whole(low: int, high: int) -> Draw:
    return lambda rng: rng.integers(low, high + 1, len(CITIES)).astype(float)


ANY: dict[str, Draw] = {
    "policy_weighted_count": lambda rng: rng.integers(0, 4000, len(CITIES)) / 10,
    "park_weighted_count": lambda rng: rng.integers(0, 320, len(CITIES)) / 20,
    "company_count": whole(60, 200),
    "financing_amount": whole(0, 9000),
    "financing_events": whole(1, 80),
    "institution_investment_of_year": whole(0, 9000),
    "financing_events_of_year": whole(1, 80),
    "segment_coverage": lambda rng: 100 * rng.integers(0, 30, len(CITIES)) / 98,
    "organisation_patents": whole(4000, 90000),
    "company_invention_share": lambda rng: rng.integers(5, 30, len(CITIES)).astype(float),
    "companies_with_inventions_share": lambda rng: rng.integers(2, 20, len(CITIES)).astype(float),
    "listed_market_cap": whole(10, 90000),
    "company_registered_capital": whole(10, 90000),
    "organisation_papers": whole(0, 5000),
    "company_invention_patents": whole(0, 5000),
}
COUNT = whole(1, 12)


def matrix(index: str, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Values for every source of an index, drawn at random; layers are all of the companies."""
    found = {}
    for leaf in load_index(index).leaves:
        assert leaf.source is not None
        name = leaf.source.name.partition("(")[0]
        found[name] = (
            np.round(rng.random(len(CITIES)) * 90, 3) if leaf.source.kind == "column" else ANY.get(name, COUNT)(rng)
        )
    layers = [f"{layer}_companies" for layer in ("foundation", "technology", "application")]
    if layers[0] in found:
        found["company_count"] = sum(found[layer] for layer in layers) + 0 * found["company_count"]
        for name in ("listed_companies", "high_tech_companies", "unicorn_companies", "companies_revenue_100m"):
            found[name] = np.minimum(found[name], found["company_count"])
        found["new_companies"] = np.ones(len(CITIES))
        found["new_company_growth"] = np.array([0.0, -50.0, np.nan, 0.0, 0.0, np.nan])
        few = found["company_count"] < 4
        found["new_company_growth"][few] = np.nan
    return found


@pytest.mark.parametrize("index", ["tmtpost-2024", "aitisa-2021", "scenario-2024"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_metric_and_column_has_the_value_wanted(index: str, seed: int, tmp_path: Path) -> None:
    wanted = matrix(index, np.random.default_rng(seed))
    with (tmp_path / "twin.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["region", *wanted])
        for at, city in enumerate(CITIES):
            rows.writerow([city, *("" if np.isnan(values[at]) else f"{values[at]:.12g}" for values in wanted.values())])
    (tmp_path / "data").mkdir()
    for name, table in system_tables(index, tmp_path / "twin.csv", seed).items():
        write_table(tmp_path / "data" / f"{name}.csv", table)
    reading = read_dataset(tmp_path / "data")
    assert not [one for one in reading.findings if one.severity == "error"]
    store = open_store(tmp_path / "g.duckdb", create=True)
    store.load(reading.dataset)
    known = load_metrics()
    metrics = [name for name in wanted if name in known]
    found = measure(store, [find_metric(name, known) for name in metrics], level="city").to_pandas()
    store.close()
    values = {(row["metric"], row["region"]): row["value"] for row in found.to_dict("records")}
    for name in metrics:
        ours = [values.get((name, city), np.nan) for city in CITIES]
        loose = {"company_invention_share": 0.02, "companies_with_inventions_share": 0.6}.get(name, 1e-9)
        assert np.nan_to_num(ours) == pytest.approx(np.nan_to_num(wanted[name]), abs=loose), name
    columns = [name for name in wanted if name not in known]
    table = {
        (row["indicator"], row["region"]): row["value"] for row in reading.dataset.nodes["RegionValue"].to_pylist()
    }
    for name in columns:
        assert [table[name, city] for city in CITIES] == pytest.approx(wanted[name])
