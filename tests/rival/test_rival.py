"""The second program is right on the golden dataset, at every level and window, and owes nothing to the package."""

from __future__ import annotations

import ast
import csv
import importlib
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pandas_metrics
import pandas_regions
import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
DATASET = GOLDEN / "dataset"
JUDGES = sorted([*Path(__file__).parent.glob("pandas_*.py"), *GOLDEN.glob("brute_*.py")])
LIBRARIES = {"numpy", "pandas", *sys.stdlib_module_names}
WINDOWS = [(None, None), (2019, 2021), (2019, None), (None, 2020), (2022, 2022), (1850, 1860)]


@pytest.fixture(scope="module", params=[True, False], ids=["coded", "ids"])
def frames(request: pytest.FixtureRequest) -> pandas_metrics.Frames:
    return pandas_metrics.tables(DATASET, coded=request.param)


@pytest.fixture
def brute_force(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(GOLDEN)
    return importlib.import_module("brute_force")


@pytest.mark.parametrize("path", JUDGES, ids=lambda path: path.name)
def test_the_judges_import_nothing_of_the_package(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= LIBRARIES | {judge.stem for judge in JUDGES}


@pytest.mark.parametrize(("since", "until"), WINDOWS[:2])
def test_golden_values(frames: pandas_metrics.Frames, since: int | None, until: int | None) -> None:
    found = by_cell(pandas_metrics.measure(frames, since=since, until=until))
    with (GOLDEN / "values.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["since"] == str(since or "")]
    golden = {(row["metric"], row["region"]): float(row["value"] or "nan") for row in rows}
    assert len(golden) == 24 * 5
    assert found == pytest.approx(golden, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("level", ["country", "province", "city", "group"])
@pytest.mark.parametrize(("since", "until"), WINDOWS)
def test_brute_force_agrees(
    frames: pandas_metrics.Frames, brute_force: ModuleType, level: str, since: int | None, until: int | None
) -> None:
    graph = brute_force.read(DATASET)
    expected = {
        (name, region): float("nan") if value is None else value
        for name, metric in brute_force.METRICS.items()
        for region, value in brute_force.values(graph, metric, level, since, until).items()
    }
    found = by_cell(pandas_metrics.measure(frames, level, since, until))
    assert found == pytest.approx(expected, rel=1e-12, nan_ok=True)


def test_parquet_gives_the_same(frames: pandas_metrics.Frames, tmp_path: Path) -> None:
    for path in DATASET.glob("*.csv"):
        pd.read_csv(path).to_parquet(tmp_path / f"{path.stem}.parquet")
    found = pandas_metrics.measure(pandas_metrics.tables(tmp_path))
    pd.testing.assert_frame_equal(found, pandas_metrics.measure(frames))


def test_absent_files_and_columns_are_blank(tmp_path: Path) -> None:
    (tmp_path / "companies.csv").write_text("id\na\nb\n", encoding="utf-8")
    (tmp_path / "located_in.csv").write_text("from,to\na,上海市\nb,Shenzhen\n", encoding="utf-8")
    found = by_cell(pandas_metrics.measure(pandas_metrics.tables(tmp_path)))
    assert {region: found["company_count", region] for region in ("310000", "440000", "110000")} == {
        "310000": 1.0,
        "440000": 1.0,
        "110000": 0.0,
    }
    assert pd.isna(found["company_mean_patents", "310000"])
    assert found["financing_amount", "310000"] == 0.0


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        ("true", True),
        ("", True),
        ("是", True),
        ("1", True),
        ("FALSE", False),
        ("no", False),
        ("0", False),
        ("否", False),
    ],
)
def test_in_sample_is_read_as_people_write_it(tmp_path: Path, cell: str, truth: bool) -> None:
    (tmp_path / "parks.csv").write_text(f"id,in_sample\na,{cell}\n", encoding="utf-8")
    (tmp_path / "located_in.csv").write_text("from,to\na,110000\n", encoding="utf-8")
    assert pandas_metrics.tables(tmp_path)["parks"]["in_sample"].tolist() == [truth]


def test_names_of_the_hierarchy(frames: pandas_metrics.Frames) -> None:
    regions = frames["regions"]
    position = pandas_regions.lookup(regions)
    ids = {name: regions["id"][position[name]] for name in ("北京", "110100", "suzhou", "usa")}
    assert ids == {"北京": "110000", "110100": "110100", "suzhou": "320500", "usa": "US"}


def test_a_name_of_two_regions_is_left_out(frames: pandas_metrics.Frames) -> None:
    regions = frames["regions"].replace({"name": {"苏州市": "南京市"}})
    assert "南京市" not in pandas_regions.lookup(regions)


def test_a_blank_country_is_that_of_the_nearest_ancestor(frames: pandas_metrics.Frames) -> None:
    regions = frames["regions"].assign(country=pd.Series(dtype="str"))
    found = pandas_regions.countries(regions)
    pd.testing.assert_series_equal(found, frames["regions"]["country"])


def by_cell(values: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The values by metric and region."""
    return {(row.metric, row.region): row.value for row in values.itertuples()}
