"""The smallest number of new links and members: against exhaustive search, and against a graph that really has them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from audit_index import metric_index, scored
from graphs import dataset
from queries import random_graph

from ecosystem.audit import overtake
from ecosystem.audit.additions import possible_additions
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.overtake import OvertakingSearch
from ecosystem.dataset import Dataset, read_dataset
from ecosystem.errors import InputError, UsageError
from ecosystem.index import Source, load_index
from ecosystem.metrics import load_metrics
from ecosystem.store import GraphStore, open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"
METRICS = load_metrics()
COUNTS = ("company_count", "foundation_technology_companies", "enablement_links", "alliance_count", "university_count")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("overtake") / "graph.duckdb", create=True)
    yield store
    store.close()


def exhaustive(search: OvertakingSearch, most: int) -> int | None:
    """The smallest number of any kinds that brings the region past, up to `most`."""
    for total in range(1, most + 1):
        for chosen in itertools.combinations_with_replacement(range(len(search.kinds)), total):
            if search.passes(np.bincount(chosen, minlength=len(search.kinds))):
                return total
    return None


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 8, 13])
def test_greedy_is_as_small_as_any_on_small_cases(store: GraphStore, seed: int) -> None:
    whole = dataset(random_graph(seed))
    regions = [region.id for region in whole.regions.at("province")]
    names = ("company_count", "enablement_links", "university_count", "financing_links", "investment_links")
    scores = scored(store, whole, metric_index([Source("metric", name) for name in names], regions), METRICS)
    for region, target in itertools.permutations(range(len(regions)), 2):
        if scores.standing.overall_rank[region] <= scores.standing.overall_rank[target]:
            continue
        kinds = possible_additions(AuditedScores(scores), region)[:5]
        search = OvertakingSearch(scores, kinds, region, target)
        fewest = exhaustive(search, 5)
        found = search.greedy()
        if fewest is not None:
            assert found is not None
            assert search.passes(found)
            assert int(found.sum()) == fewest


def test_what_is_found_would_do_it_in_a_graph(store: GraphStore) -> None:
    """New companies like those that are there, put into the dataset, bring the region past: one fewer would not."""
    golden = read_dataset(GOLDEN).dataset
    regions = ["110000", "320000", "510000"]
    index = metric_index([Source("metric", name) for name in ("company_count", "conference_count")], regions)
    scores = scored(store, golden, index, METRICS)
    order = np.argsort(scores.standing.overall)
    region, target = (scores.standing.regions[place] for place in order[:2])
    found = overtake(scores, region, target)
    alone = found.alone.set_index("what")
    number = int(alone["number"].to_dict()["Company"])
    for count, passed in ((number - 1, False), (number, True)):
        after = scored(store, with_companies(golden, region, count), index, METRICS).standing
        places = [after.regions.index(each) for each in (region, target)]
        assert bool(after.overall[places[0]] > after.overall[places[1]] + 1e-9) is passed


def with_companies(whole: Dataset, region: str, count: int) -> Dataset:
    """The dataset with so many more sample companies in a region."""
    companies, located = whole.nodes["Company"], whole.links["LOCATED_IN"]
    first = max(max(table["_id"].to_pylist()) for table in whole.nodes.values()) + 1
    ids = pa.array([f"new{number}" for number in range(count)])
    keys = pa.array(range(first, first + count), pa.int64())
    nodes = _more(companies, {"_id": keys, "id": ids, "in_sample": pa.array([True] * count)}, count)
    place = whole.nodes["Region"]["id"].to_pylist().index(region)
    links_first = max(max(table["_id"].to_pylist()) for table in whole.links.values()) + 1
    ends = {
        "_id": pa.array(range(links_first, links_first + count), pa.int64()),
        "_src": keys,
        "_dst": pa.array([whole.nodes["Region"]["_id"][place].as_py()] * count, pa.int64()),
        "_src_label": pa.array(["Company"] * count),
        "_dst_label": pa.array(["Region"] * count),
        "id": pa.array([f"at-new{number}" for number in range(count)]),
    }
    links = _more(located, ends, count)
    return replace(whole, nodes={**whole.nodes, "Company": nodes}, links={**whole.links, "LOCATED_IN": links})


def _more(table: pa.Table, columns: dict[str, pa.Array], count: int) -> pa.Table:
    rows = {
        field.name: columns[field.name].cast(_plain(field.type))
        if field.name in columns
        else pa.nulls(count, field.type)
        for field in table.schema
    }
    plain = table.cast(pa.schema([(field.name, _plain(field.type)) for field in table.schema]))
    extra = pa.table({name: column.cast(_plain(table.schema.field(name).type)) for name, column in rows.items()})
    return pa.concat_tables([plain, extra])


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def test_a_new_one_counts_where_its_like_count(store: GraphStore) -> None:
    golden = read_dataset(GOLDEN).dataset
    regions = [region.id for region in golden.regions.at("province")]
    scores = scored(store, golden, metric_index([Source("metric", name) for name in COUNTS], regions), METRICS)
    place = regions.index("110000")
    kinds = possible_additions(AuditedScores(scores), place)
    assert {("Company", False), ("ENABLES", True), ("Alliance", False)} <= {(kind.what, kind.is_link) for kind in kinds}
    both = [kind for kind in kinds if kind.codes == ("company_count", "foundation_technology_companies")]
    assert len(both) == 1
    assert both[0].adds[:2].tolist() == [1.0, 1.0]


def test_what_cannot_be_overtaken(store: GraphStore) -> None:
    scores = scored(store, read_dataset(GOLDEN).dataset, load_index("cingai-2023"), METRICS)
    order = np.argsort(scores.standing.overall_rank, kind="stable")
    best, worst = (scores.standing.regions[order[at]] for at in (0, -1))
    with pytest.raises(UsageError, match="cannot overtake itself"):
        overtake(scores, best, best)
    with pytest.raises(InputError, match="is behind"):
        overtake(scores, best, worst)


def test_an_overtake_that_no_number_brings(store: GraphStore) -> None:
    """Means alone: a new one is as the others are, and changes nothing."""
    golden = read_dataset(GOLDEN).dataset
    names = ("company_mean_patents", "university_mean_patents")
    index = metric_index([Source("metric", name) for name in names], ["110000", "320000", "510000"])
    scores = scored(store, golden, index, METRICS)
    order = np.argsort(scores.standing.overall)
    low, high = (scores.standing.regions[order[at]] for at in (0, -1))
    with pytest.raises(InputError, match="with any number of new links or members") as caught:
        overtake(scores, low, high)
    assert "behind" in str(caught.value)
