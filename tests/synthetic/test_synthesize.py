"""The synthetic dataset: its numbers, its bytes, and all the irregular things it promises, seen with pandas alone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from ecosystem.dataset import read_dataset
from ecosystem.dataset.dataset import is_marked
from ecosystem.errors import OutputError, UsageError
from ecosystem.model import Label, LinkType, Property, load_model
from ecosystem.regions import shipped_regions
from ecosystem.synthetic.synthesize import TableFormat, synthesize

MAINLAND = {region.id[:2] for region in shipped_regions().at("province") if region.id[0] not in "78"}
SIZES = {"default": (2200, 10_000), "smallest": (62, 1_000), "large": (20_000, 200_000)}
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=SIZES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, int, int]:
    """The tables of one dataset as pandas reads them, and the numbers that were asked for."""
    companies, links = SIZES[request.param]
    folder = tmp_path_factory.mktemp("synthetic") / "data"
    synthesize(folder, companies=companies, links=links)
    return read(folder), companies, links


@pytest.fixture
def tables(made: tuple[Tables, int, int]) -> Tables:
    return made[0]


def read(folder: Path) -> Tables:
    types: dict[str, Any] = {"to": str, "region": str, "in_sample": "boolean", "disclosed": "boolean"}
    return {path.stem: pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])
            for path in folder.glob("*.csv")}  # fmt: skip


def sample(nodes: pd.DataFrame) -> pd.Series[bool]:
    """In the sample: true, or blank."""
    return nodes["in_sample"].fillna(True).astype(bool)


def place_of(tables: Tables) -> pd.Series[str]:
    """Per node the first two letters of its region: the province, or the country where it is abroad."""
    return tables["located_in"].set_index("from")["to"].str[:2]


# ---- numbers and form


def test_numbers_are_exact(made: tuple[Tables, int, int]) -> None:
    tables, companies, links = made
    link_tables = {link.table for link in load_model().link_tables} - {"located_in"}
    assert sum(len(tables[name]) for name in link_tables) == links
    home = tables["companies"]["id"].map(place_of(tables)).fillna("").str.isalpha()
    assert sample(tables["companies"]).sum() == companies
    assert not (sample(tables["companies"]) & home).any()


def test_files_and_columns_are_those_of_the_model(tables: Tables) -> None:
    model = load_model()
    labels = {label.table: {*label.properties} for label in model.labels.values() if label.name != "Region"}
    links = {link.table: {"from", "to", *link.properties} for link in model.link_tables}
    assert set(tables) == {*labels, *links}
    for name, frame in tables.items():
        assert len(frame) > 0
        assert set(frame.columns) <= labels.get(name, set()) | links.get(name, set())


def test_values_obey_the_model(tables: Tables) -> None:
    model = load_model()
    kinds: list[Label | LinkType] = [*model.labels.values(), *model.link_tables]
    for kind in kinds:
        for known in kind.properties.values():
            if kind.table in tables and known.name in tables[kind.table]:
                obeys(tables[kind.table][known.name].dropna(), known)


def obeys(values: pd.Series, known: Property) -> None:
    assert not known.values or set(values) <= set(known.values)
    assert known.minimum is None or (values >= known.minimum).all()
    assert known.maximum is None or (values <= known.maximum).all()
    assert known.type != "integer" or (values == values.round()).all()
    assert known.type != "date" or pd.to_datetime(values, format="%Y-%m-%d").notna().all()


def test_ids_are_unique_and_links_end_at_nodes_of_their_labels(tables: Tables) -> None:
    model = load_model()
    ids = {label.name: set(tables[label.table]["id"]) for label in model.labels.values() if "id" in label.properties
           and label.name not in {"Region", "RegionValue"}}  # fmt: skip
    assert len(set.union(*ids.values())) == sum(map(len, ids.values()))
    assert sum(len(tables[model.labels[label].table]) for label in ids) == sum(map(len, ids.values()))
    for link in model.link_tables:
        assert set(tables[link.table]["from"]) <= set.union(*(ids[label] for label in link.sources))
        if link.name != "LOCATED_IN":
            assert set(tables[link.table]["to"]) <= set.union(*(ids[label] for label in link.targets))
    assert not tables["located_in"]["from"].duplicated().any()
    assert set(tables["located_in"]["to"]) <= {region.id for region in shipped_regions()}


def test_dates_lie_in_their_year(tables: Tables) -> None:
    for name in ("invested_in", "conferences", "policies", "alliances"):
        dated = tables[name].dropna(subset="date")
        assert len(dated) > 0
        assert (dated["date"].str[:4].astype(int) == dated["year"]).all()


# ---- every metric in every province


def foreign(tables: Tables, nodes: pd.Series) -> pd.Series[bool]:
    """Located, and not in China: codes of China are digits."""
    return nodes.map(place_of(tables)).str.isalpha().fillna(False).astype(bool)


def metrics(tables: Tables) -> dict[str, pd.Series]:
    """Per CINGAI metric its values by the first two digits of the province."""
    found = {}
    for label, name in (("university", "universities"), ("institute", "institutes")):
        nodes = placed(tables, tables[name]).groupby("region")
        found[f"{label}_count"] = nodes.size()
        for column in ("papers_domestic", "papers_intl", "patents"):
            found[f"{label}_mean_{column}"] = nodes[column].mean()
    for label, name in (
        ("conference", "conferences"),
        ("alliance", "alliances"),
        ("park", "parks"),
        ("policy", "policies"),
    ):
        found[f"{label}_count"] = placed(tables, tables[name]).groupby("region").size()
    companies = placed(tables, tables["companies"]).groupby("region")
    found["company_count"] = companies.size()
    found["company_mean_valuation"] = companies["valuation_cny_m"].mean()
    found["company_mean_patents"] = companies["patents"].mean()
    rare = tables["companies"][tables["companies"]["layer"].isin(["foundation", "technology"])]
    found["foundation_technology_companies"] = placed(tables, rare).groupby("region").size()
    return found | link_metrics(tables) | people_metrics(tables)


def placed(tables: Tables, nodes: pd.DataFrame) -> pd.DataFrame:
    """The sample nodes with their region."""
    return nodes[sample(nodes)].assign(region=nodes["id"].map(place_of(tables)))


def of_companies(tables: Tables, links: pd.DataFrame, end: str) -> pd.DataFrame:
    """The links whose end is a sample company, with the region of that company."""
    companies = tables["companies"]
    kept = links[links[end].isin(companies.loc[sample(companies), "id"])]
    return kept.assign(region=kept[end].map(place_of(tables)))


def link_metrics(tables: Tables) -> dict[str, pd.Series]:
    enables, invested = tables["enables"], tables["invested_in"]
    given, taken = of_companies(tables, enables, "from"), of_companies(tables, enables, "to")
    received, invests = of_companies(tables, invested, "to"), of_companies(tables, invested, "from")
    return {
        "enablement_links": given.groupby("region").size(),
        "intl_enablement": given[foreign(tables, given["to"])].groupby("region").size(),
        "intl_technology_input": taken[foreign(tables, taken["from"])].groupby("region").size(),
        "financing_links": received[received["disclosed"].fillna(True)].groupby("region").size(),
        "financing_amount": received.groupby("region")["amount_cny_m"].sum(),
        "investment_links": invests[invests["to"].isin(tables["companies"]["id"])].groupby("region").size(),
    }


def people_metrics(tables: Tables) -> dict[str, pd.Series]:
    works = of_companies(tables, tables["works_for"], "to")[["from", "region"]]
    found = {}
    for metric, name in (("intl_study", "studied_at"), ("intl_work", "worked_at")):
        away = tables[name][foreign(tables, tables[name]["to"])]
        found[metric] = works.merge(away, on="from").groupby("region")["from"].nunique()
    return found


def test_every_metric_has_a_value_in_every_province(tables: Tables) -> None:
    found = metrics(tables)
    assert len(found) == 24
    for metric, values in found.items():
        assert set(values.index[values > 0]) >= MAINLAND, metric


def test_provinces_have_a_long_tail(made: tuple[Tables, int, int]) -> None:
    tables, companies, _ = made
    if companies > 62:  # the smallest dataset is the floor and nothing else
        members = metrics(tables)["company_count"].sort_values(ascending=False)
        assert members.iloc[:3].sum() > 0.4 * members.sum()
        assert members.iloc[-10:].sum() < 0.1 * members.sum()


# ---- what is irregular


def test_undated_links_and_nodes(tables: Tables) -> None:
    for name in ("invested_in", "enables", "collaborates_with", "works_for", "worked_at", "studied_at", "conferences",
                 "policies", "alliances", "parks"):  # fmt: skip
        assert 0 < tables[name]["year"].isna().sum() < len(tables[name]) / 2, name


def test_blank_amounts_patents_and_valuations(tables: Tables) -> None:
    for name, column in (("invested_in", "amount_cny_m"), ("companies", "patents"), ("companies", "valuation_cny_m"),
                         ("companies", "founded_year"), ("companies", "market_cap_cny_m"), ("universities", "patents"),
                         ("companies", "in_sample"), ("invested_in", "disclosed")):  # fmt: skip
        assert tables[name][column].isna().any(), (name, column)
        assert tables[name][column].notna().any(), (name, column)


@pytest.mark.parametrize("name", ["enables", "collaborates_with", "worked_at", "studied_at"])
def test_parallel_and_identical_links(tables: Tables, name: str) -> None:
    links = tables[name]
    assert links.duplicated().any()
    apart = links.drop_duplicates()
    assert apart.duplicated(["from", "to"]).any()


@pytest.mark.parametrize("name", ["enables", "collaborates_with", "invested_in"])
def test_links_from_an_organisation_to_itself(tables: Tables, name: str) -> None:
    links = tables[name]
    assert (links["from"] == links["to"]).any()


def test_amount_of_a_round_is_split_evenly(tables: Tables) -> None:
    rounds = tables["invested_in"].groupby("round_id")
    assert (rounds.size() > 1).any()
    assert rounds.size().max() <= 5
    for column in ("to", "year", "date", "round", "round_amount_cny_m"):
        assert (rounds[column].nunique(dropna=False) == 1).all()
    assert not tables["invested_in"].duplicated(["round_id", "from"]).any()
    known = tables["invested_in"].dropna(subset="round_amount_cny_m").groupby("round_id")
    error = known["amount_cny_m"].sum() / known["round_amount_cny_m"].first() - 1
    assert error.abs().max() < 1e-12
    assert (tables["invested_in"]["amount_cny_m"].isna() == tables["invested_in"]["round_amount_cny_m"].isna()).all()


def test_undisclosed_investors_are_one_node_per_round(tables: Tables) -> None:
    invested = tables["invested_in"]
    hidden = invested[invested["disclosed"].eq(False).fillna(False)]
    assert len(hidden) > 0
    assert hidden["from"].is_unique
    assert not hidden["from"].isin(invested.loc[~invested.index.isin(hidden.index), "from"]).any()
    assert not invested.loc[~invested.index.isin(hidden.index), "round_id"].isin(hidden["round_id"]).any()
    assert not hidden["from"].isin(tables["located_in"]["from"]).any()
    investors = tables["investors"].set_index("id")
    assert investors.loc[hidden["from"], "in_sample"].eq(False).all()


def test_corporate_investors(tables: Tables) -> None:
    assert tables["invested_in"]["from"].isin(tables["companies"]["id"]).any()
    assert tables["invested_in"]["from"].isin(tables["investors"]["id"]).any()


def test_organisations_outside_of_sample_region_and_country(made: tuple[Tables, int, int]) -> None:
    tables, companies, _ = made
    nodes, place = tables["companies"], place_of(tables)
    assert nodes.loc[~sample(nodes), "id"].map(place).str.isdigit().any()
    assert (place[place.index.isin(nodes["id"])].str.isalpha()).any()
    assert place[place.str.isalpha()].nunique() == 12
    if companies > 62:
        for name in ("companies", "investors", "universities", "institutes"):
            assert not tables[name]["id"].isin(place.index).all(), name


def test_enablement_crosses_borders_both_ways(tables: Tables) -> None:
    ends = tables["enables"][["from", "to"]]
    away = ends.apply(lambda end: foreign(tables, end))
    assert {(False, False), (False, True), (True, False)} <= set(zip(away["from"], away["to"], strict=True))


def test_nodes_are_located_at_every_level(tables: Tables) -> None:
    regions = shipped_regions()
    levels = tables["located_in"]["to"].map(lambda region: regions[region].level).value_counts(normalize=True)
    assert set(levels.index) == {"country", "province", "city", "district"}
    assert levels["city"] > 0.5


def test_names_are_plainly_invented(tables: Tables) -> None:
    for name, frame in tables.items():
        if "name" in frame:
            assert frame["name"].str.startswith("示例").all(), name
    assert tables["region_values"]["indicator"].str.startswith("synthetic_").all()
    assert tables["companies"]["name"][0] == "示例企业 000001"


# ---- bytes, formats, refusals


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_same_seed_same_bytes(tmp_path: Path, form: TableFormat) -> None:
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        synthesize(tmp_path / name, companies=100, links=1_000, seed=seed, format=form)
    assert digests(tmp_path / "one") == digests(tmp_path / "again")
    assert digests(tmp_path / "one")[f"enables.{form}"] != digests(tmp_path / "other")[f"enables.{form}"]


def test_parquet_holds_the_same_rows_as_csv(tmp_path: Path) -> None:
    synthesize(tmp_path / "text", companies=100, links=1_000)
    synthesize(tmp_path / "columns", companies=100, links=1_000, format="parquet")
    for path in (tmp_path / "text").glob("*.csv"):
        columns = pq.read_table(tmp_path / "columns" / f"{path.stem}.parquet")
        options = csv.ConvertOptions(column_types=columns.schema, strings_can_be_null=True, null_values=[""])
        assert csv.read_csv(path, convert_options=options).equals(columns), path.name


def test_progress_ends_at_its_total(tmp_path: Path) -> None:
    calls: list[tuple[int, int | None]] = []
    synthesize(tmp_path / "d", companies=62, links=1_000, progress=lambda _, done, total: calls.append((done, total)))
    number = len(list((tmp_path / "d").glob("*.csv")))
    assert calls == [(done, number) for done in range(number + 1)]


def test_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    synthesize(tmp_path / "d", companies=62, links=1_000)
    assert (tmp_path / "d" / "companies.csv").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_full_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty") as caught:
        synthesize(tmp_path)
    assert caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d").write_text("mine")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        synthesize(tmp_path / "d")


def test_missing_parents_are_made(tmp_path: Path) -> None:
    synthesize(tmp_path / "no" / "where", companies=62, links=1_000)
    assert (tmp_path / "no" / "where" / "companies.csv").is_file()


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_interrupted_writing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr("pyarrow.csv.write_csv", fail)
    expected = OutputError if isinstance(fault, OSError) else KeyboardInterrupt
    with pytest.raises(expected, match="No space left" if isinstance(fault, OSError) else None):
        synthesize(tmp_path / "d")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"companies": 61}, "61 companies are out of range: 62 to"),
        ({"companies": 10**9}, "out of range"),
        ({"links": 999}, "999 links are out of range: 1000 to"),
        ({"links": 10**9}, "out of range"),
        ({"seed": -1}, "seed -1 is negative"),
        ({"format": "xlsx"}, "no format 'xlsx'"),
    ],
)
def test_senseless_arguments_are_refused(tmp_path: Path, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        synthesize(tmp_path / "d", **arguments)
    assert list(tmp_path.iterdir()) == []


def test_the_dataset_is_marked_as_synthetic_wherever_it_is_named(tmp_path: Path) -> None:
    synthesize(tmp_path / "d", companies=62, links=1_000)
    assert (tmp_path / "d" / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA")
    name = read_dataset(tmp_path / "d").dataset.name
    assert is_marked(name)
    assert name.startswith("d [")
