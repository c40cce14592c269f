"""What the page says of regions is what profile, explain and versus say of each; of lineage, to the line of a file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from report_scores import HOSTILE, scored

from ecosystem.audit import Explanation, explain, versus
from ecosystem.audit.strengths import standings
from ecosystem.dataset import read_dataset
from ecosystem.profiles.part_rows import STRONG, part_frame
from ecosystem.profiles.peers import peer_frame
from ecosystem.profiles.units import subject_of
from ecosystem.regions import fold
from ecosystem.report import Request, make_report
from ecosystem.report.parts import lineage_data
from ecosystem.report.parts.core_data import core, parts_of
from ecosystem.report.parts.lineage_data import lineage
from ecosystem.report.parts.region_data import region as region_part
from ecosystem.scoring import Scores, score
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize

pytestmark = pytest.mark.long

TOP = 2


@dataclass(frozen=True)
class Made:
    """Scores of a synthesized dataset in its folder, and what a page has of them."""

    folder: Path
    scores: Scores
    core: dict[str, Any]
    region: dict[str, Any]
    lineage: dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("regions")
    synthesize(folder / "sample", companies=150, links=1500, seed=11)
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(read_dataset(folder / "sample").dataset)
    scores = score("cingai-2023", store)
    request = Request(scores, top=TOP)
    yield Made(folder, scores, core(request), region_part(request), lineage(request))
    store.close()


@pytest.mark.parametrize("place", [0, 19, 30])
def test_of_every_part_as_a_profile(made: Made, place: int) -> None:
    """The page takes strengths by the percentiles: at or above the threshold, weaknesses at or under its mirror."""
    regions, codes = made.scores.standing.regions, [part.code for part in parts_of(made.scores)]
    strong = made.region["strong"]
    parts = part_frame(made.scores, subject_of(made.scores, regions[place]), STRONG, None)
    parts = parts.set_index("code").loc[codes]
    for ours, theirs in (("percentile", "percentile"), ("median", "median"), ("best", "best")):
        column = made.region[ours]
        found = np.array([row[place] if ours == "percentile" else row for row in column], dtype=np.float64)
        np.testing.assert_array_equal(found, parts[theirs].to_numpy(dtype=np.float64))
    ranks = [made.core["rank"][part][place] for part in range(len(codes))]
    assert ranks == [None if pd.isna(rank) else rank for rank in parts["rank"]]
    assert made.region["regions"] == parts["regions"].tolist()
    best = [None if at is None else regions[at] for at in made.region["best_region"]]
    assert best == [name or None for name in parts["best_region"]]
    leaf = (parts["level"] == 1).to_numpy()
    here = np.array([row[place] for row in made.region["percentile"]], dtype=np.float64)
    np.testing.assert_array_equal(leaf & (here >= strong), parts["standing"] == "strength")
    np.testing.assert_array_equal(leaf & (here <= 100 - strong), parts["standing"] == "weakness")


def test_peers_are_those_of_a_profile(made: Made) -> None:
    regions = made.scores.standing.regions
    for place, region in enumerate(regions):
        theirs = peer_frame(made.scores, subject_of(made.scores, region), None).iloc[1:]
        ours = made.region["peers"][place]
        assert [regions[at] for at, _, _ in ours] == theirs["region"].tolist()
        assert [distance for _, distance, _ in ours] == theirs["distance"].tolist()
        assert [compared for _, _, compared in ours] == theirs["compared"].tolist()


def test_contributions_are_those_of_explain_and_their_differences_those_of_versus(made: Made) -> None:
    regions, codes = made.scores.standing.regions, [part.code for part in parts_of(made.scores)]
    brought = np.array(made.region["contribution"], dtype=np.float64)
    for place in range(len(regions)):
        steps = standings(made.scores, place).set_index("code").loc[codes]
        np.testing.assert_array_equal(brought[:, place], steps["contribution"].to_numpy(dtype=np.float64))
    steps = explain(made.scores, regions[0], top=1).steps.set_index("code").loc[codes]
    np.testing.assert_array_equal(brought[:, 0], steps["contribution"].to_numpy(dtype=np.float64))
    pair = versus(made.scores, regions[0], regions[1], top=1).steps.set_index("code").loc[codes]
    np.testing.assert_allclose(brought[:, 0] - brought[:, 1], pair["contribution"].to_numpy(), atol=1e-15)
    assert pair["contribution"].iloc[0] == pytest.approx(pair["difference"].iloc[0], abs=1e-9)


def test_where_points_do_not_add_up_no_part_brings_any(made: Made) -> None:
    index = made.scores.index
    geometric = replace(
        index,
        aggregation=replace(index.aggregation, method="gmean"),
        normalisation=replace(index.normalisation, lower=1.0),
        missing=replace(index.missing, rule="skip"),
    )
    scores = score(geometric, made.scores.graph)
    found = np.array(region_part(Request(scores))["contribution"], dtype=np.float64)
    ranked = ~np.isnan(scores.standing.overall)
    assert ranked.any()
    assert np.isnan(found[:, ranked]).all()
    behind = lineage(Request(scores, top=1))["indicators"]
    assert {one["slope"] for one in behind} == {None}
    assert any(share for one in behind for share in one["share"])


def _explained(made: Made, region: int) -> tuple[Explanation, pd.DataFrame]:
    found = explain(made.scores, made.scores.standing.regions[region], top=TOP)
    return found, found.rows(made.folder / "sample")


@pytest.mark.parametrize("region", [0, 4, 19])
def test_lineage_is_that_of_explain_to_the_line(made: Made, region: int) -> None:
    explained, rows = _explained(made, region)
    entities = made.lineage["entities"]
    parts = explained.parts.set_index("code")
    lines = {(row.kind, row.file, row.line) for row in rows.itertuples()}
    seen = 0
    for leaf, one in zip(made.scores.index.leaves, made.lineage["indicators"], strict=True):
        theirs = parts.loc[[leaf.code]] if leaf.code in parts.index else parts.iloc[:0]
        named, more = theirs[theirs["id"] != ""], theirs[theirs["kind"] == "others"]
        places = range(one["start"][region], one["start"][region + 1])
        assert [entities["id"][one["entity"][at]] for at in places] == named["id"].tolist()
        assert [entities["name"][one["entity"][at]] for at in places] == named["name"].tolist()
        assert [one["matches"][at] for at in places] == named["matches"].tolist()
        np.testing.assert_allclose([one["share"][at] for at in places], named["share"], rtol=1e-12)
        np.testing.assert_allclose([one["slope"] * one["share"][at] for at in places], named["points"], rtol=1e-12)
        assert one["others"][region] == (int(more["name"].iloc[0].replace(",", "")) if len(more) else 0)
        assert one["other_matches"][region] == more["matches"].sum()
        assert one["other_share"][region] == pytest.approx(more["share"].sum(), rel=1e-12)
        least = theirs.loc[theirs["kind"].isin(["minimum", "maximum"]), "points"]
        assert one["base"] == pytest.approx(least.iloc[0] if len(least) else one["base"], rel=1e-12)
        for match in (match for at in places for match in range(one["first"][at], one["first"][at + 1])):
            for cells in one["cells"]:
                at = cells[match]
                kind, file = entities["kinds"][entities["kind"][at]]["en"], entities["files"][entities["file"][at]]
                assert (kind, file, entities["line"][at]) in lines
                seen += 1
    assert seen > 20


def test_a_line_of_the_lineage_is_the_line_of_the_file(made: Made) -> None:
    entities = made.lineage["entities"]
    texts = {file: (made.folder / "sample" / file).read_text("utf-8").split("\n") for file in entities["files"] if file}
    named = [at for at, name in enumerate(entities["name"]) if name and entities["line"][at]]
    assert len(named) > 50
    for at in named:
        line = texts[entities["files"][entities["file"][at]]][entities["line"][at] - 1]
        assert entities["id"][at] in line
        assert entities["name"][at] in line


def test_the_page_holds_the_first_regions_whole_where_all_would_be_too_much(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    regions = made.scores.standing.regions
    last = regions[int(np.argmax(made.scores.standing.overall_rank))]
    monkeypatch.setattr(lineage_data, "ORGANISATIONS", 300)
    monkeypatch.setattr(lineage_data, "CELLS", 600)
    found = lineage(Request(made.scores, regions=(last,), top=TOP))
    organisations, matches = np.array(found["organisations"]), np.array(found["matches"])
    assert organisations[regions.index(last)]
    assert matches[regions.index(last)]
    assert 0 < matches.sum() <= organisations.sum() < len(regions)
    for one, whole in zip(found["indicators"], made.lineage["indicators"], strict=True):
        for region in range(len(regions)):
            shown, all_shown = (each["start"][region + 1] - each["start"][region] for each in (one, whole))
            assert shown == (all_shown if organisations[region] else 0)
            assert shown + one["others"][region] == all_shown + whole["others"][region]
            begin, end = (one["first"][one["start"][at]] for at in (region, region + 1))
            assert (end - begin == 0) or matches[region]


def test_it_is_cut_until_it_is_small_enough(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = int(lineage_data.packed_size(made.lineage) * 0.8)
    monkeypatch.setattr(lineage_data, "PACKED", limit)
    found = lineage(Request(made.scores, top=TOP))
    assert lineage_data.packed_size(found) <= limit
    assert sum(found["organisations"]) < len(made.scores.standing.regions)


def test_without_the_files_of_the_dataset_the_page_says_so(made: Made, tmp_path: Path) -> None:
    elsewhere = replace(made.scores, store=str(tmp_path / "graph.duckdb"))
    entities = lineage(Request(elsewhere, top=1))["entities"]
    assert "the folder of the dataset 'sample' is not here" in entities["lines"]["en"]
    assert "sample" in entities["lines"]["zh"]
    assert entities["lines"]["zh"] != entities["lines"]["en"]
    assert not any(entities["line"])
    assert all(entities["id"])


def test_a_value_of_a_table_has_the_line_of_its_row(tmp_path: Path) -> None:
    scores = scored(tmp_path)
    parts = make_report(scores).parts
    entities, rows = parts["lineage"]["entities"], (tmp_path / "values.csv").read_text("utf-8").splitlines()
    assert set(entities["files"]) == {"values.csv"}
    for leaf, one in zip(scores.index.leaves, parts["lineage"]["indicators"], strict=True):
        column = rows[0].split(",").index(leaf.code)
        for place, region in enumerate(scores.standing.regions):
            row = one["record"][place]
            if row is None:
                assert np.isnan(scores.standing.raw[place, scores.index.leaves.index(leaf)])
                continue
            cells = next(csv.reader([rows[entities["line"][row] - 1]]))
            assert float(cells[column]) == scores.standing.raw[place, scores.index.leaves.index(leaf)]
            assert fold(cells[0]) in {fold(name) for name in (region, parts["core"]["regions"][place]["name"]["en"])}


def test_names_that_are_markup_stay_text(tmp_path: Path) -> None:
    synthesize(tmp_path / "sample", companies=62, links=1000, seed=2)
    path = tmp_path / "sample" / "companies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row, name in zip(rows, HOSTILE * len(rows), strict=False):
        row[header.index("name")] = name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    store = open_store(tmp_path / "graph.duckdb", create=True)
    store.load(read_dataset(tmp_path / "sample").dataset)
    report = make_report(score("cingai-2023", store))
    assert set(HOSTILE) <= set(report.parts["lineage"]["entities"]["name"])
    elements = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>\n', report.html().decode())
    assert elements
    assert not any("<" in element for element in elements)
    store.close()


def test_ten_thousand_organisations_of_one_indicator(tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    folder.mkdir()
    rows = "".join(f"c{at},Company {at}\n" for at in range(10_000))
    (folder / "companies.csv").write_text(f"id,name\n{rows}", encoding="utf-8")
    places = "".join(f"c{at},110000\n" for at in range(10_000))
    (folder / "located_in.csv").write_text(f"from,to\n{places}", encoding="utf-8")
    store = open_store(tmp_path / "graph.duckdb", create=True)
    store.load(read_dataset(folder).dataset)
    found = lineage(Request(score("cingai-2023", store)))
    one = found["indicators"][0]
    assert (len(one["entity"]), max(one["others"])) == (5, 9_995)
    assert lineage_data.packed_size(found) < 20_000
    store.close()
