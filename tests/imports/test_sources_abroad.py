"""Sources of other countries by the same commands: their flows between countries, as pandas counts them."""

from __future__ import annotations

import gzip
import itertools
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from ecosystem.dataset import read_dataset
from ecosystem.imports import import_source
from ecosystem.query import parse
from ecosystem.store import open_store

FLOWS = """
MATCH (a)-[t:{link}]->(b)
MATCH (a)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(x:Region {{level: 'country'}})
MATCH (b)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(y:Region {{level: 'country'}})
WHERE x.id <> y.id
RETURN x.id AS from, y.id AS to, count(t) AS links
"""


def flows(source: str, export: Path, link: str, tmp_path: Path) -> Counter[tuple[str, str]]:
    """Links between countries, out of the graph."""
    import_source(source, export, tmp_path / "out")
    reading = read_dataset(tmp_path / "out")
    assert reading.clean
    store = open_store(tmp_path / "graph.duckdb", create=True)
    store.load(reading.dataset)
    try:
        rows = store.query(parse(FLOWS.format(link=link)), {}).read_all().to_pylist()
    finally:
        store.close()
    return Counter({(row["from"], row["to"]): row["links"] for row in rows})


def raw(shared: Path, name: str, rows: int | None = None) -> pd.DataFrame:
    return pd.read_csv(shared / "data" / "real" / name, dtype=str, keep_default_na=False, nrows=rows)


@pytest.mark.long
def test_acquisitions_between_countries(shared: Path, tmp_path: Path) -> None:
    file = "crunchbase2015_acquisitions.csv.gz"
    deals = raw(shared, file)
    deals = deals[(deals["company_permalink"] != "") & (deals["acquirer_permalink"] != "")]
    country: dict[str, str] = {}
    for end in ("company", "acquirer"):
        for permalink, code in zip(deals[f"{end}_permalink"], deals[f"{end}_country_code"], strict=True):
            if code:
                country.setdefault(permalink, code)
    deals = deals.drop_duplicates(["acquirer_permalink", "company_permalink", "acquired_at"])
    ends = zip(deals["acquirer_permalink"], deals["company_permalink"], strict=True)
    expected = Counter((country.get(a), country.get(b)) for a, b in ends)
    found = flows("crunchbase2015_acquisitions", shared / "data" / "real" / file, "INVESTED_IN", tmp_path)
    big = {"USA": "US", "GBR": "GB", "CAN": "CA", "DEU": "DE", "FRA": "FR", "ISR": "IL", "JPN": "JP", "IND": "IN"}
    for one, other in itertools.permutations(big, 2):
        assert found[big[one], big[other]] == expected[one, other], (one, other)
    # what the top of the list says: American firms buy in Britain most, British ones in America
    assert [pair for pair, _ in found.most_common(3)] == [("US", "GB"), ("US", "CA"), ("GB", "US")]


def test_who_provides_whom_in_the_chain_of_chips(shared: Path, tmp_path: Path) -> None:
    folder = "eto_chip"
    providers = raw(shared, f"{folder}/providers.csv")
    firms = providers[
        (providers["provider_type"] == "organization") & (providers["provider_name"] != "Various companies")
    ]
    firms = firms.drop_duplicates("provider_id")
    # Taiwan and Hong Kong belong to CN in GB/T 2260
    countries = firms["country"].replace({"TWN": "CHN", "HKG": "CHN"})
    country = dict(zip(firms["provider_id"], countries, strict=True))
    provision = raw(shared, f"{folder}/provision.csv")
    provided = provision[provision["provider_id"].isin(country)].groupby("provided_id")["provider_id"].agg(list)
    steps = raw(shared, f"{folder}/sequence.csv").query("input_id != '' and goes_into_id != ''")
    expected: Counter[tuple[str, str]] = Counter()
    for source, target in zip(steps["input_id"], steps["goes_into_id"], strict=True):
        for one, other in itertools.product(provided.get(source, []), provided.get(target, [])):
            expected[country[one], country[other]] += one != other
    found = flows("eto_chip", shared / "data" / "real" / folder, "ENABLES", tmp_path)
    assert found.total() > 100
    codes = {"JPN": "JP", "CHN": "CN", "USA": "US", "DEU": "DE", "KOR": "KR", "NLD": "NL"}
    for one, other in itertools.permutations(codes, 2):
        assert found[codes[one], codes[other]] == expected[one, other], (one, other)


@pytest.fixture
def some_projects(shared: Path, tmp_path: Path) -> Path:
    """The export with the first 4,000 participations."""
    export = tmp_path / "export"
    export.mkdir()
    for name, rows in (("h2020_participations.csv.gz", 4_000), ("h2020_organisations.csv.gz", None)):
        with gzip.open(export / name, "wt", encoding="utf-8", newline="") as file:
            raw(shared, name, rows).to_csv(file, index=False)
    return export


def test_partners_in_european_projects(some_projects: Path, tmp_path: Path) -> None:
    parts = pd.read_csv(some_projects / "h2020_participations.csv.gz", dtype=str, keep_default_na=False)
    country: dict[str, str] = {}
    for pic, code in zip(parts["pic"], parts["country"], strict=True):
        country.setdefault(pic, {"UK": "GB", "EL": "GR"}.get(code, code))
    expected: Counter[frozenset[str]] = Counter()
    for _, members in parts.groupby("rcn")["pic"]:
        for one, other in itertools.combinations(members.unique(), 2):
            expected[frozenset((country[one], country[other]))] += 1
    found = flows("h2020", some_projects, "COLLABORATES_WITH", tmp_path)
    both: Counter[frozenset[str]] = Counter()
    for (one, other), links in found.items():
        both[frozenset((one, other))] += links
    assert both.total() > 10_000
    for pair in (frozenset(pair) for pair in itertools.combinations(("DE", "FR", "IT", "ES", "GB", "GR", "NL"), 2)):
        assert both[pair] == expected[pair], pair
