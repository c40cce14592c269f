"""OpenAlex and ROR together: papers, who writes them with whom, and the metrics that no Chinese public source feeds.

Everything is counted a second time from the records of the samples, with `json` and plain loops.
"""

from __future__ import annotations

import gzip
import itertools
import json
import shutil
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean
from typing import Any

import pandas as pd
import pytest

import ecosystem as eco
from ecosystem.imports import import_source

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

SAMPLES = Path(__file__).parent / "world"
NO_PAPERS = {"paratext", "dataset", "erratum"}
Records = list[Mapping[str, Any]]


def records(kind: str) -> Records:
    paths = sorted((SAMPLES / "openalex" / kind).rglob("*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def papers() -> Records:
    return [one for one in records("works") if not one["is_retracted"] and one["type"] not in NO_PAPERS]


def parties(work: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The institutions of a work, once each."""
    return {one["id"].rsplit("/", 1)[1]: one for author in work["authorships"] for one in author["institutions"]}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The records in the files in which they are published: part_0000.gz of a day, and the manifest beside them."""
    folder = tmp_path_factory.mktemp("openalex")
    for path in sorted((SAMPLES / "openalex").rglob("*.jsonl")):
        packed = folder / path.relative_to(SAMPLES / "openalex").with_suffix(".gz")
        packed.parent.mkdir(parents=True, exist_ok=True)
        packed.write_bytes(gzip.compress(path.read_bytes()))
    (folder / "works" / "manifest.json").write_text('{"entity": "works", "files": []}', encoding="utf-8")
    (folder / "works" / "deleted_ids.csv.gz").write_bytes(gzip.compress(b"work_id,deleted_date\n"))
    return folder


def test_pages_of_the_api_give_the_same(snapshot: Path, merged: Path, tmp_path: Path) -> None:
    """A page is `{"meta": ..., "results": [...], "group_by": []}`; ends, years and topics of the links are the same."""
    export = tmp_path / "export"
    shutil.copytree(snapshot / "institutions", export / "institutions")
    (export / "works" / "api").mkdir(parents=True)
    works = records("works")
    for number in range(0, len(works), 4):
        page = {"meta": {"count": len(works), "page": None}, "results": works[number : number + 4], "group_by": []}
        path = export / "works" / "api" / f"page{number}.json"
        path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    import_source("openalex", export, tmp_path / "out")
    links = [made(folder, "collaborates_with").drop(columns="id") for folder in (merged, tmp_path / "out")]
    order = ["paper", "from", "to"]
    assert links[0].sort_values(order).to_dict("records") == links[1].sort_values(order).to_dict("records")


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip in which ROR publishes a release: the JSON and the CSV of the same records."""
    path = tmp_path_factory.mktemp("ror") / "v2.13-2026-09-22-ror-data.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("ror-data.json", "ror-data.csv"):
            archive.write(SAMPLES / "ror" / name, f"v2.13-2026-09-22-{name}")
    return path


@pytest.fixture(scope="module")
def merged(snapshot: Path, dump: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One dataset of both: OpenAlex first."""
    out = tmp_path_factory.mktemp("merged") / "out"
    import_source("openalex", snapshot, out)
    import_source("ror", dump, out)
    return out


@pytest.fixture(scope="module")
def store(merged: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    graph = eco.open_store(tmp_path_factory.mktemp("store") / "graph.duckdb", create=True)
    reading = eco.read_dataset(merged)
    assert not [finding for finding in reading.findings if finding.severity == "error"]
    graph.load(reading.dataset)
    yield graph
    graph.close()


def made(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)


def test_every_two_institutions_of_a_paper_are_one_link(merged: Path) -> None:
    expected: Counter[tuple[str, ...]] = Counter()
    for work in papers():
        if work["institutions_distinct_count"] < 100:
            for one, other in itertools.combinations(sorted(parties(work)), 2):
                expected[one, other, work["id"].rsplit("/", 1)[1], str(work["publication_year"])] += 1
    assert expected.total() == 19
    links = made(merged, "collaborates_with")
    ends = zip(links["from"], links["to"], links["paper"], links["year"], strict=True)
    found = Counter(
        (one.removeprefix("openalex-"), other.removeprefix("openalex-"), *rest) for one, other, *rest in ends
    )
    assert found == expected


def test_the_sample_are_the_institutions_of_the_papers(merged: Path) -> None:
    tables = [made(merged, name) for name in ("universities", "companies", "institutes")]
    sample = {key for table in tables for key in table[table["in_sample"] == "true"]["id"]}
    assert sample == {f"openalex-{key}" for work in papers() for key in parties(work)}


def test_organisations_of_both_sources_are_one_by_their_ror(merged: Path) -> None:
    both = Counter(one["ror"] for one in records("institutions") if one["ror"])
    registered = json.loads((SAMPLES / "ror" / "ror-data.json").read_text(encoding="utf-8"))
    both.update(one["id"] for one in registered if one["status"] != "withdrawn" and one["types"] != ["funder"])
    pairs = made(merged, "merges")
    assert list(pairs["kind"].unique()) == ["same_code"]
    assert len(pairs) == sum(count == 2 for count in both.values()) == 10
    universities = made(merged, "universities").set_index("ror")
    # the founding year comes from ROR, the papers from OpenAlex
    assert (universities["founded_year"]["0madeup04"], universities["papers_intl"]["0madeup04"]) == ("1921", "90100")


def by_country(label: str) -> dict[str, Records]:
    """The institutions of a label that have a paper, by country, as the institutions file has them."""
    known = {one["id"].rsplit("/", 1)[1]: one for one in records("institutions")}
    found: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for work in papers():
        for key, party in parties(work).items():
            kind = {"education": "University", "company": "Company"}.get(party["type"], "Institute")
            if kind == label:
                found[party["country_code"]][key] = known.get(key, {"works_count": None})
    return {country: list(ones.values()) for country, ones in found.items()}


def values(store: Any, metric: str) -> dict[str, float]:
    table = eco.measure(store, [metric], level="country").table()
    column = table[metric].dropna()
    return {str(region): float(value) for region, value in column.items() if value}


@pytest.mark.parametrize(
    ("metric", "label"),
    [("university_count", "University"), ("institute_count", "Institute"), ("company_count", "Company")],
)
def test_counts_of_organisations(store: Any, metric: str, label: str) -> None:
    assert values(store, metric) == {country: len(ones) for country, ones in by_country(label).items()}


@pytest.mark.parametrize(
    ("metric", "label"),
    [("university_mean_papers_intl", "University"), ("institute_mean_papers_intl", "Institute")],
)
def test_mean_papers_of_an_organisation(store: Any, metric: str, label: str) -> None:
    expected = {}
    for country, ones in by_country(label).items():
        counts = [one["works_count"] for one in ones if one["works_count"] is not None]
        if counts:
            expected[country] = mean(counts)
    assert values(store, metric) == pytest.approx(expected)


def test_papers_between_countries(store: Any) -> None:
    expected: Counter[frozenset[str]] = Counter()
    for work in papers():
        if work["institutions_distinct_count"] < 100:
            for one, other in itertools.combinations(parties(work).values(), 2):
                expected[frozenset((one["country_code"], other["country_code"]))] += 1
    flows = eco.network(store, "collaboration").flows(level="country", lang="en")
    code = {name: eco.shipped_regions().find(name, level="country") for name in flows.index}
    found = {frozenset((code[one], code[other])): flows[other][one] for one in flows.index for other in flows.columns}
    assert {pair: weight for pair, weight in found.items() if weight} == expected
