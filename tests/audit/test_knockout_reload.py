"""A knock-out is what a reload without the organisation gives: on the golden dataset, and on random graphs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from audit_index import metric_index, scored
from graphs import dataset, dataset_without
from queries import random_graph

from ecosystem.audit.graph_variants import AuditedScores, variants
from ecosystem.audit.knockout import knock_out, knockout
from ecosystem.audit.selection import Selection
from ecosystem.dataset import Dataset, read_dataset
from ecosystem.index import IndexScores, Source, load_index
from ecosystem.metrics import load_metrics
from ecosystem.removals import NO_CODES, Removals
from ecosystem.scoring import Scores
from ecosystem.store import GraphStore, open_store

TESTS = Path(__file__).parents[1]
CASES = load_metrics(TESTS / "metrics" / "cases")
METRICS = load_metrics() | CASES

ENTITIES = ["c02", "c12", "i01", "i05", "u03", "n09", "p13", "f02", "a03", "k04", "y07", "h01", "g01"]
"""Of every label; i01 and i05 invest in several regions, p13 is a person."""
FEW = (
    *("company_count", "company_mean_patents", "company_mean_valuation", "enablement_links", "financing_amount"),
    *("intl_study", "intl_work", "institute_count", "alliance_count"),
)
"""Metrics under which every holder of a minimum or a maximum is removed."""


def same(one: IndexScores, other: IndexScores) -> None:
    np.testing.assert_allclose(one.raw, other.raw, rtol=1e-12)
    np.testing.assert_allclose(one.weighted, other.weighted, atol=1e-9)
    np.testing.assert_allclose(one.overall, other.overall, atol=1e-9)
    np.testing.assert_allclose(one.coverage, other.coverage, atol=1e-12)
    np.testing.assert_array_equal(one.overall_rank, other.overall_rank)
    np.testing.assert_array_equal(one.pillar_ranks, other.pillar_ranks)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GraphStore, GraphStore]]:
    """One that holds the whole graph, and one for what is left."""
    folder = tmp_path_factory.mktemp("audit")
    both = tuple(open_store(folder / f"{name}.duckdb", create=True) for name in ("whole", "left"))
    yield both[0], both[1]
    for store in both:
        store.close()


@pytest.fixture(scope="module")
def golden() -> Dataset:
    return read_dataset(TESTS / "golden" / "dataset").dataset


@pytest.fixture(scope="module")
def cingai(stores: tuple[GraphStore, GraphStore], golden: Dataset) -> Scores:
    return scored(stores[0], golden, load_index("cingai-2023"), METRICS)


def test_the_entities_are_the_hard_ones(cingai: Scores, golden: Dataset) -> None:
    """Someone who counts in several regions is among them, a person, and every label."""
    labels = {label for label, table in golden.nodes.items() for node in table["id"].to_pylist() if node in ENTITIES}
    assert labels == {name for name, table in golden.nodes.items() if table.num_rows} - {"Region", "RegionValue"}
    frames = {code: cingai.evidence(code).frame() for code in ("financing_links", "investment_links")}
    assert frames["financing_links"].groupby("node_i")["region"].nunique().loc[["i01", "i05"]].max() > 1


def holders(scores: Scores) -> list[str]:
    """Every node in a match of the region that alone has the smallest, or the largest, value of an indicator."""
    found: set[str] = set()
    for place, leaf in enumerate(scores.index.leaves):
        column, frame = scores.standing.raw[:, place], scores.evidence(leaf.code).frame()
        for end in (np.nanmin(column), np.nanmax(column)):
            regions = [scores.standing.regions[at] for at in np.flatnonzero(column == end)]
            if len(regions) == 1:
                here = frame[frame["region"] == regions[0]]
                nodes = [name for name in frame.columns if name.startswith("node_")]
                found |= {str(node) for name in nodes for node in here[name]}
    return sorted(found - {region.id for region in scores.regions})


@pytest.mark.long
def test_every_holder_of_a_minimum_or_a_maximum(stores: tuple[GraphStore, GraphStore], golden: Dataset) -> None:
    regions = [region.id for region in golden.regions.at("province")]
    index = metric_index([Source("metric", name) for name in FEW], regions)
    scores = scored(stores[0], golden, index, METRICS)
    entities = holders(scores)
    assert len({*entities, *ENTITIES}) >= 30
    companies = scores.evidence("company_count").frame().groupby("region")["node_c"].agg(set)
    assert {"c16"} in companies.tolist()  # the only member of a region
    assert "c16" in entities
    moved = 0
    audit = AuditedScores(scores)
    for entity in entities:
        codes = audit.graph.store.entities.find([entity], list(golden.nodes))
        after = knock_out(audit, Selection(entity, codes, NO_CODES)).after
        same(after, left_of(stores[1], golden, scores, [entity]))
        ends = zip((scores.standing.minimum, scores.standing.maximum), (after.minimum, after.maximum), strict=True)
        moved += any(not np.array_equal(*pair, equal_nan=True) for pair in ends)
    assert moved > len(entities) / 2


@pytest.mark.parametrize("entity", ENTITIES)
def test_one_organisation_of_the_golden_dataset(
    stores: tuple[GraphStore, GraphStore], golden: Dataset, cingai: Scores, entity: str
) -> None:
    found = knockout(cingai, [entity])
    left = scored(stores[1], dataset_without(golden, [entity]), load_index("cingai-2023"), METRICS)
    same(found.after, left.standing)
    assert (found.groups is None) == (left.groups is None)
    if found.groups is not None and left.groups is not None:
        np.testing.assert_allclose(found.groups.overall, left.groups.overall, atol=1e-9)


@pytest.fixture(scope="module")
def every_class(stores: tuple[GraphStore, GraphStore], golden: Dataset) -> Scores:
    """Scores by all metrics that the tests have, of every class, some of them the less the better."""
    regions = [region.id for region in golden.regions.at("province")]
    sources = [Source("metric", name) for name in METRICS]
    index = metric_index(sources, regions, reverse=("company_count", "mean_amount", "without_investor"))
    return scored(stores[0], golden, index, METRICS)


def test_each_class_is_there(every_class: Scores) -> None:
    assert {METRICS[source.name].provenance for source in every_class.sources.values()} == {
        "monotone",
        "witnessed",
        "recompute",
    }


SETS = (
    "c02",
    "i05",
    "i01 i02 i04",
    *(pytest.param(ids, marks=pytest.mark.long) for ids in ("p02", "c06", "u03", "u01 u02", "e07 e08 c10", "t03")),
)


@pytest.mark.parametrize("ids", SETS)
def test_some_of_the_golden_dataset_under_every_class(
    stores: tuple[GraphStore, GraphStore], golden: Dataset, every_class: Scores, ids: str
) -> None:
    same(without(every_class, ids.split()), left_of(stores[1], golden, every_class, ids.split()))


def without(scores: Scores, ids: list[str]) -> IndexScores:
    """The scores without nodes and links, by their ids."""
    audit = AuditedScores(scores)
    schema = audit.graph.store.schema
    nodes, links = (
        audit.graph.store.entities.find(ids, [kind for kind in kinds if schema.counts.get(kind)])
        for kinds in (schema.model.labels, schema.model.links)
    )
    return knock_out(audit, Selection(" ".join(ids), nodes, links)).after


def left_of(store: GraphStore, whole: Dataset, scores: Scores, ids: list[str]) -> IndexScores:
    left = scored(store, dataset_without(whole, ids), scores.index, METRICS)
    return left.standing


@pytest.mark.parametrize("seed", range(3))
def test_random_graphs_under_every_class(stores: tuple[GraphStore, GraphStore], seed: int) -> None:
    """Each node alone, all in one batch of variants; then the first and the last of them by a reload."""
    whole = dataset(random_graph(seed))
    regions = [region.id for region in whole.regions.at("province")]
    sources = [Source("metric", name) for name in METRICS]
    scores = scored(stores[0], whole, metric_index(sources, regions, reverse=("enablement_links",)), METRICS)
    audit = AuditedScores(scores)
    ids = sorted(node for label, table in whole.nodes.items() if label != "Region" for node in table["id"].to_pylist())
    codes = np.array([audit.graph.store.entities.find([node], list(whole.nodes)).item() for node in ids])
    each = variants(audit, Removals.each(codes))
    fast = np.concatenate(list(each.overall()))
    np.testing.assert_allclose(fast, np.concatenate(list(each.overall(exact=True))), atol=1e-9)
    for at in (0, len(ids) - 1):
        left = left_of(stores[1], whole, scores, [ids[at]])
        same(each.standing(at), left)
        np.testing.assert_allclose(fast[at], left.overall, atol=1e-9)
