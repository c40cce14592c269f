"""What a metric would be with all undated matches and without any, and what those in no region would add: by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from graphs import dataset
from test_measure import GRAPH

from ecosystem.indicator_source import Window
from ecosystem.metrics import load_metrics
from ecosystem.metrics.either_way import dated_either_way, grows, unlocated
from ecosystem.metrics.metric_source import MetricSource, metric_sources
from ecosystem.store import GraphStore, open_store

PROVINCES = ("p1", "p2")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    graph = open_store(str(Path(tmp_path_factory.mktemp("either")) / "graph.duckdb"), create=True)
    graph.load(dataset(GRAPH))
    yield graph
    graph.close()


def _source(store: GraphStore, name: str) -> MetricSource:
    return metric_sources({name: load_metrics()[name]}, store, "province")[name]


def test_a_flow_counts_undated_links_in_or_out(store: GraphStore) -> None:
    """p1 has the links t1 of 2019, t2 of 2020, t3 and t5 without a year; p2 has t4 of 2021."""
    source, window = _source(store, "enablement_links"), Window(2020, 2021)
    ends = dated_either_way(source, PROVINCES, window)
    assert ends is not None
    np.testing.assert_array_equal(ends[0], [1, 1])
    np.testing.assert_array_equal(ends[1], [3, 1])
    np.testing.assert_array_equal(source.values(PROVINCES, window).values, ends[0])
    assert dated_either_way(source, PROVINCES, Window()) is None


def test_a_stock_keeps_undated_companies_which_may_be_later(store: GraphStore) -> None:
    source, window = _source(store, "company_count"), Window(None, 2020)
    ends = dated_either_way(source, PROVINCES, window)
    assert ends is not None
    np.testing.assert_array_equal(ends[0], [1, 1])
    np.testing.assert_array_equal(ends[1], [2, 1])
    np.testing.assert_array_equal(source.values(PROVINCES, window).values, ends[1])


def test_what_is_in_no_region(store: GraphStore) -> None:
    """Company d, founded in 2021, is nowhere; its link t6 is of 2020."""
    assert unlocated(_source(store, "company_count"), Window()) == 1
    assert unlocated(_source(store, "company_count"), Window(None, 2020)) == 0
    assert unlocated(_source(store, "enablement_links"), Window()) == 1
    assert unlocated(_source(store, "enablement_links"), Window(2021, 2021)) == 0


def test_a_mean_is_not_decided(store: GraphStore) -> None:
    source = _source(store, "company_mean_patents")
    assert not grows(source, Window())
    assert unlocated(source, Window()) is None
    assert dated_either_way(source, PROVINCES, Window(2010, 2020)) is None
