"""The five indices: what they are made of, and scores of a synthesized graph with a table for the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from stores import empty_store
from tables import write_csv

from ecosystem.dataset import read_dataset
from ecosystem.errors import SpecError
from ecosystem.export import write_scores
from ecosystem.index import Index, inspect_index, list_indices, load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.value_table import ValueTable
from ecosystem.metrics import load_metrics
from ecosystem.query.parser import parse_statement
from ecosystem.regions import shipped_regions
from ecosystem.resources import resource
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.synthesize import synthesize

FACTS = {
    # indicators as the report counts them, leaves, of them metric:, shape of the hierarchy from the top
    "aitisa-2021": (23, 23, 18, (1, 4, 12, 23)),
    "cingai-2023": (24, 24, 24, (1, 6, 10, 24)),
    "parks-20-cities": (3, 3, 2, (1, 3)),
    "scenario-2024": (41, 41, 10, (1, 5, 41)),
    "tmtpost-2024": (25, 26, 19, (1, 4, 9, 25, 26)),
}
RANKED = {
    "aitisa-2021": {"city": 20},
    "cingai-2023": {"province": 31, "city": 38},
    "parks-20-cities": {"park": 1},
    "scenario-2024": {"city": 11},
    "tmtpost-2024": {"city": 337},
}
WEIGHTS = {
    "aitisa-2021": {"assumed": 23},
    "cingai-2023": {"printed": 24},
    "parks-20-cities": {"assumed": 3},
    "scenario-2024": {"assumed": 41},
    "tmtpost-2024": {"printed": 24, "assumed": 2},
}
OWN = "linkage"
"""A proposal of this project, which no report has published."""


def test_these_are_all_that_are_shipped() -> None:
    assert [folder.name for folder in list_indices()] == sorted({*FACTS, OWN})
    assert sorted(FACTS) == sorted(RANKED)


@pytest.mark.parametrize("name", FACTS)
def test_what_an_index_is_made_of(name: str) -> None:
    index = load_index(name)
    printed, leaves, metrics, shape = FACTS[name]
    kinds = Counter(leaf.source.kind for leaf in index.leaves if leaf.source is not None)
    assert (len(index.leaves), kinds["metric"], kinds["metric"] + kinds["column"]) == (leaves, metrics, leaves)
    assert tuple(len(index.at(level)) for level in range(index.depth, 0, -1)) == shape
    assert printed in shape
    assert {level: len(each.regions) for level, each in index.levels.items()} == RANKED[name]
    assert Counter(leaf.weight_source for leaf in index.leaves) == WEIGHTS[name]
    # the report on provinces prints weights that are rounded to 4 decimals
    near = 3e-4 if name == "cingai-2023" else 1e-9
    if index.aggregation.weights == "global":
        assert sum(leaf.weight for leaf in index.leaves) == pytest.approx(1, abs=near)
    else:
        for parent in {part.parent for part in index.indicators}:
            siblings = [part.weight for part in index.indicators if part.parent == parent]
            assert sum(siblings) == pytest.approx(1, abs=near), parent
    assert all(part.name.zh and part.name.en for part in index.indicators)
    assert all(gap.zh and gap.en for gap in index.gaps)


@pytest.mark.parametrize("name", FACTS)
def test_the_check_is_clean(name: str) -> None:
    (folder,) = (each for each in list_indices() if each.name == name)
    known = [region.id for region in shipped_regions()]
    _, findings = inspect_index(folder, known_sources={"metric": load_metrics()}, known_regions=known)
    assert {finding.severity for finding in findings} <= {"info"}


def test_a_number_and_its_growth_are_two_leaves_of_one_weight() -> None:
    pair = [leaf for leaf in load_index("tmtpost-2024").leaves if leaf.parent == "n08"]
    assert [leaf.weight for leaf in pair] == [0.02, 0.02]
    assert {leaf.weight_source for leaf in pair} == {"assumed"}


LEVELS = [(name, level) for name in sorted(RANKED) for level in RANKED[name]]
PARKS = 12


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthesized dataset, its parks as regions of level park that lie in four cities."""
    folder = tmp_path_factory.mktemp("made") / "up"
    synthesize(folder, companies=300, links=2000, seed=8)
    places = pd.read_csv(folder / "located_in.csv", dtype="str")
    cities = ("110100", "440300", "320500", "510100")
    companies = places.index[places["from"].isin(pd.read_csv(folder / "companies.csv", dtype="str")["id"])]
    for at, row in enumerate(companies[: 10 * PARKS]):
        places.loc[row, "to"] = f"park-{at % PARKS:02}"
    places.to_csv(folder / "located_in.csv", index=False)
    parks = pd.DataFrame(
        {
            "id": [f"park-{at:02}" for at in range(PARKS)],
            "name": [f"Park {at}" for at in range(PARKS)],
            "level": "park",
            "parent": [cities[at % 4] for at in range(PARKS)],
            "country": "CN",
        }
    )
    shipped = pd.read_csv(resource("data", "regions", "regions.csv"), dtype="str", keep_default_na=False)
    pd.concat([shipped, parks]).to_csv(folder / "regions.csv", index=False)
    return folder


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> ValueTable:
    """A value for every column of the five indices and every region that they rank; some are missing."""
    rng = np.random.default_rng(8)
    indices = [load_index(name) for name in FACTS]
    leaves = [leaf for index in indices for leaf in index.leaves]
    names = sorted({leaf.source.name for leaf in leaves if leaf.source is not None and leaf.source.kind == "column"})
    regions = {region for index in indices for level in index.levels.values() for region in level.regions} - {"*"}
    regions |= {f"park-{at:02}" for at in range(PARKS)}
    values = pd.DataFrame(rng.gamma(2, 50, (len(regions), len(names))).round(3), columns=names)
    values = values.mask(rng.random(values.shape) < 0.05)
    values.insert(0, "region", sorted(regions))
    path = tmp_path_factory.mktemp("columns") / "columns.csv"
    values.to_csv(path, index=False)
    return read_values(path)


@pytest.fixture(scope="module")
def embedded(made_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("embedded") / "graph.duckdb", create=True)
    store.load(read_dataset(made_up).dataset)
    yield store
    store.close()


@pytest.fixture(scope="module", params=["neo4j"])
def server(
    request: pytest.FixtureRequest, made_up: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GraphStore]:
    store = empty_store(request.param, request, tmp_path_factory.mktemp("server"))
    store.load(read_dataset(made_up).dataset)
    yield store
    store.close()


def scored(index: Index, store: GraphStore, columns: ValueTable, level: str) -> Scores:
    return score(index, store, values=columns, level=level)


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_every_leaf_has_a_value(embedded: GraphStore, columns: ValueTable, name: str, level: str) -> None:
    scores = scored(load_index(name), embedded, columns, level)
    assert not scores.missing
    assert not scores.unranked
    overall = scores.standing.overall
    assert len(np.unique(overall[overall > 0])) > len(overall) / 10
    if name in ("aitisa-2021", "scenario-2024"):
        # printed pillars reach 88.26 beside a total of 88.72: a pillar is no smaller than the total
        np.testing.assert_allclose(scores.standing.pillars.mean(axis=-1), overall, rtol=1e-9)
    best = 1 if name == "tmtpost-2024" else 100
    assert 0 <= overall.min() < overall.max() <= best


def test_parks_are_rolled_up_to_their_cities(embedded: GraphStore, columns: ValueTable) -> None:
    scores = scored(load_index("parks-20-cities"), embedded, columns, "park")
    standing, groups = scores.standing, scores.groups
    assert standing.regions == tuple(f"park-{at:02}" for at in range(PARKS))
    assert groups is not None
    assert groups.regions == ("110100", "440300", "320500", "510100")
    for place in range(4):
        assert groups.overall[place] == pytest.approx(standing.overall[place::4].sum(), rel=1e-12)


def test_parks_are_ranked_from_a_table_alone(tmp_path: Path) -> None:
    """Those that it has, each scored by hand: 0, 50 and 100 in the three pillars, in turn."""
    pillars = ["technology_innovation", "cluster_competitiveness", "regional_support"]
    rows: list[list[object]] = [["region", *pillars], ["p1", 0, 4, 8], ["p2", 5, 8, 4], ["p3", 10, 0, 0]]
    values = read_values(write_csv(tmp_path / "parks.csv", rows))
    scores = score(load_index("parks-20-cities"), values=values)
    assert scores.standing.regions == ("p1", "p2", "p3")
    assert scores.standing.overall.tolist() == pytest.approx([50, 200 / 3, 100 / 3])
    assert scores.groups is None


def test_a_hierarchy_without_parks_has_none_to_rank(tmp_path: Path, columns: ValueTable) -> None:
    with closing(open_store(tmp_path / "graph.duckdb", create=True)) as store:
        store.load(read_dataset(Path(__file__).parent / "dataset").dataset)
        with pytest.raises(SpecError, match="has no region of level 'park'") as caught:
            score(load_index("parks-20-cities"), store, values=columns)
    assert "regions.csv" in str(caught.value.hint)


def test_an_amount_and_its_share_of_all_score_alike(embedded: GraphStore, columns: ValueTable) -> None:
    """After min-max; so nothing is lost when an index takes but one of the two."""
    index = load_index("tmtpost-2024")
    leaves = [
        replace(part, denominator="share_of_total") if part.code == "n22_value" else part for part in index.indicators
    ]
    amount = scored(index, embedded, columns, "city").standing
    share = scored(replace(index, indicators=tuple(leaves)), embedded, columns, "city").standing
    place = [leaf.code for leaf in index.leaves].index("n22_value")
    assert np.nansum(share.prepared[:, place]) == pytest.approx(1)
    assert np.nansum(amount.prepared[:, place]) > 1000
    np.testing.assert_allclose(share.overall, amount.overall, rtol=1e-12)


@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_both_stores_write_the_same_bytes(
    embedded: GraphStore, server: GraphStore, columns: ValueTable, name: str, level: str, tmp_path: Path
) -> None:
    for place, store in (("ours", embedded), ("theirs", server)):
        write_scores(scored(load_index(name), store, columns, level), tmp_path / f"{place}.csv", lang="en")
    assert (tmp_path / "ours.csv").read_bytes() == (tmp_path / "theirs.csv").read_bytes()


def test_the_industry_map_of_a_city(tmp_path: Path) -> None:
    """The question of docs/published-results.md on the dataset of eleven companies, counted by hand."""
    here = Path(__file__).parent
    page = (here.parents[1] / "docs" / "published-results.md").read_text(encoding="utf-8")
    (question,) = re.findall(r"```cypher\n(.*?)```", page, re.DOTALL)
    with closing(open_store(tmp_path / "graph.duckdb", create=True)) as store:
        store.load(read_dataset(here / "dataset").dataset)
        rows = store.query(parse_statement(question)).read_all().to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("北京市", "foundation", "Segment 1", 1),
        ("北京市", "foundation", "Segment 2", 1),
        ("北京市", "technology", "Segment 2", 1),
        ("深圳市", "application", "Segment 1", 2),
        ("深圳市", "application", "Segment 3", 1),
    ]
