"""The metrics of the other four reports, against values worked out by hand on a dataset of eleven companies."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from command import runner

from ecosystem.dataset import read_dataset
from ecosystem.index import list_indices, load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.value_table import ValueTable
from ecosystem.metrics import load_metrics, measure
from ecosystem.regions import shipped_regions
from ecosystem.resources import resource
from ecosystem.scoring import score
from ecosystem.scoring.score_tables import coverage_table
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
    assert values["financing_events_of_year"] == {"110100": 0, "440300": 1, "320500": 1}
    assert found(store, until=2021)["institution_investment_of_year"] == {"110100": 30, "440300": 0, "320500": 3}
    # of the two conferences in Beijing one has no year; the one in Shenzhen is of 2021
    assert values["conference_participants"] == {"110100": 3, "440300": 0, "320500": 0}
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


def test_what_no_class_takes_is_counted_apart(store: GraphStore, tmp_path: Path) -> None:
    """By hand: g6 is on talent and g10 has no category; the share of k6 is not known. Neither is a 0 in silence."""
    weighted = ["policy_weighted_count", "park_weighted_count", "company_count"]
    unclassed = measure(store, weighted, level="city").unclassed
    assert [tuple(row) for row in unclassed.itertuples(index=False)] == [
        ("policy_weighted_count", "110100", 1),
        ("policy_weighted_count", "320500", 1),
        ("park_weighted_count", "440300", 1),
    ]
    # g6 and g10 are of 2022 and 2023: a window leaves one of them out
    assert measure(store, weighted, level="city", until=2022).unclassed["region"].tolist() == ["110100", "440300"]
    scores = score("tmtpost-2024", store, values=columns_of("tmtpost-2024", tmp_path), level="city")
    assert scores.unclassed_matches == {"n01_value": 2, "n02_value": 1}
    table = coverage_table(scores).set_index("code")["unclassed_matches"]
    assert table[table > 0].to_dict() == {"n01_value": 2, "n02_value": 1}


def test_without_links_there_are_no_participants(tmp_path: Path) -> None:
    folder = tmp_path / "dataset"
    shutil.copytree(HERE / "dataset", folder)
    for name in ("attended", "in_park"):
        (folder / f"{name}.csv").unlink()
    with closing(opened(folder, tmp_path / "graph.duckdb")) as store:
        missing = measure(
            store, ["conference_participants", "park_companies", "conference_count"], level="city"
        ).missing
    assert missing == {
        "conference_participants": "the dataset has no ATTENDED link",
        "park_companies": "the dataset has no IN_PARK link",
    }


@pytest.mark.parametrize(("lang", "said"), [("en", "2 regions: Beijing 1, Suzhou 1"), ("zh", "北京市 1, 苏州市 1")])
def test_a_run_says_what_no_class_takes(
    store: GraphStore, lang: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ecosystem = runner(monkeypatch, capsys)
    where = ("--store", store.url, "--level", "city", "--lang", lang)
    done = ecosystem("metrics", "run", "policy_weighted_count", *where)
    assert said in done.err
    table = csv.DictReader(
        ecosystem("metrics", "run", "policy_weighted_count", *where, "--format", "csv").out.splitlines()
    )
    place, heading = ("地区", "未归类") if lang == "zh" else ("region", "unclassed")
    assert {row[place]: row[heading] for row in table if row[place] in CITIES} == {
        "110100": "1", "440300": "0", "320500": "1",
    }  # fmt: skip


def columns_of(name: str, folder: Path) -> ValueTable:
    """A table with a value of 1 for every column of an index in the three cities."""
    leaves = load_index(name).leaves
    columns = {leaf.source.name: 1.0 for leaf in leaves if leaf.source is not None and leaf.source.kind == "column"}
    frame = pd.DataFrame({"region": CITIES} | {column: [value] * 3 for column, value in columns.items()})
    frame.to_csv(folder / "columns.csv", index=False)
    return read_values(folder / "columns.csv")


@pytest.mark.parametrize(
    ("file", "column", "metric"),
    [
        ("policies.csv", "category", "policy_weighted_count"),
        ("parks.csv", "ai_company_share", "park_weighted_count"),
        ("parks.csv", "administrative_rank", "national_provincial_parks"),
        ("institutes.csv", "administrative_rank", "national_provincial_institutes"),
        ("alliances.csv", "administrative_rank", "local_alliances"),
        ("universities.csv", "first_class", "first_class_universities"),
        ("investors.csv", "kind", "institution_investment_of_year"),
        ("platforms.csv", "administrative_rank", "national_supercomputing_centres"),
        ("platforms.csv", "administrative_rank", "national_incubators"),
        ("platforms.csv", "administrative_rank", "national_open_platforms"),
        ("platforms.csv", "administrative_rank", "city_laboratories"),
    ],
)
def test_without_what_it_asks_for_a_metric_is_missing(tmp_path: Path, file: str, column: str, metric: str) -> None:
    """Never the count of all: the reason names the property, and what does not ask for it has its values."""
    folder = tmp_path / "dataset"
    shutil.copytree(HERE / "dataset", folder)
    table = pd.read_csv(folder / file, dtype="str")
    for number, change in enumerate((table.assign(**{column: None}), table.drop(columns=column))):
        change.to_csv(folder / file, index=False)
        with closing(opened(folder, tmp_path / f"{number}.duckdb")) as changed:
            measures = measure(changed, [metric, "policy_count"], level="city")
        assert f".{column}" in measures.missing[metric]
        assert measures.table()[metric].isna().all()
        assert "policy_count" not in measures.missing


def test_every_kind_of_policy_that_is_printed_counts_its_weight(tmp_path: Path) -> None:
    """The kinds in the words of the report, each in a region of its own."""
    with resource("data", "indices", "tmtpost-2024", "published", "policy_weights.csv").open(
        encoding="utf-8-sig"
    ) as file:
        printed = list(csv.DictReader(file))
    cities = [region.id for region in shipped_regions() if region.level == "city"][: len(printed)]
    rows = [(f"p{at}", row["category_zh"], int(row["weight_percent"]) / 100) for at, row in enumerate(printed)]
    (tmp_path / "policies.csv").write_text("id,category\n" + "".join(f"{name},{kind}\n" for name, kind, _ in rows))
    (tmp_path / "located_in.csv").write_text("from,to\n" + "".join(f"p{at},{city}\n" for at, city in enumerate(cities)))
    with closing(opened(tmp_path, tmp_path / "graph.duckdb")) as store:
        measures = measure(store, ["policy_weighted_count"], level="city")
    values = measures.table()["policy_weighted_count"]
    assert [values[city] for city in cities] == [weight for _, _, weight in rows]
    assert measures.unclassed.empty
    assert len(rows) == 12


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
    "a laboratory rises to the city": (
        "platforms.csv",
        lambda text: text.replace("laboratory,district", "laboratory,city"),
        {"scenario-2024": {"t22"}},
    ),
    "a supercomputing centre becomes national": (
        "platforms.csv",
        lambda text: text.replace("supercomputing centre,provincial", "supercomputing centre,national"),
        {"aitisa-2021": {"supercomputing"}},
    ),
    "an institute becomes provincial": (
        "institutes.csv",
        lambda text: text.replace("科研院所,city", "科研院所,provincial"),
        {"aitisa-2021": {"research_institutes"}},
    ),
    "a park becomes national": (
        "parks.csv",
        lambda text: text.replace("2012,0.05,city", "2012,0.05,国家级"),
        {"aitisa-2021": {"parks"}},
    ),
    "a university becomes first-class": (
        "universities.csv",
        lambda text: text.replace("30,,false", "30,,true"),
        {"tmtpost-2024": {"n03_value"}},
    ),
    "an investor becomes an institution": (
        "investors.csv",
        lambda text: text.replace("非投资机构", "投资机构"),
        {"aitisa-2021": {"vc_investment"}},
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
    "an alliance of the nation becomes one of its city": (
        "alliances.csv",
        lambda text: text.replace("国家级", "city"),
        {"aitisa-2021": {"trade_organisations"}},
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
