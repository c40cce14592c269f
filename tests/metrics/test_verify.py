"""Two stores compared: a copy agrees to the last row, and whatever is changed is named."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from cingai import cingai_metrics
from graphs import dataset_without

from ecosystem.dataset import Dataset, read_dataset
from ecosystem.metrics import load_metrics
from ecosystem.metrics.verify import same, verify
from ecosystem.store import GraphStore, open_store
from ecosystem.store.snapshot import snapshot

HERE = Path(__file__).parent
METRICS = cingai_metrics() | load_metrics(HERE / "cases")


@pytest.fixture(scope="module")
def golden() -> Dataset:
    return read_dataset(HERE.parent / "golden" / "dataset").dataset


@pytest.fixture(scope="module")
def store(golden: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("verify") / "graph.duckdb", create=True)
    store.load(golden)
    yield store
    store.close()


def loaded(dataset: Dataset, folder: Path) -> GraphStore:
    store = open_store(folder / "other.duckdb", create=True)
    store.load(dataset)
    return store


def test_a_snapshot_is_the_same_graph(store: GraphStore, golden: Dataset, tmp_path: Path) -> None:
    copy = snapshot(store)
    assert {name: table.num_rows for name, table in copy.nodes.items()} == {
        name: table.num_rows for name, table in golden.nodes.items()
    }
    assert (copy.name, copy.hash) == (golden.name, golden.hash)
    other = loaded(copy, tmp_path)
    assert verify(store, other, METRICS) == ()
    assert verify(other, store, METRICS, level="city", since=2019, until=2021) == ()
    other.close()


def test_a_missing_company_is_seen_in_counts_values_and_evidence(
    store: GraphStore, golden: Dataset, tmp_path: Path
) -> None:
    other = loaded(dataset_without(golden, {"c01"}), tmp_path)
    findings = verify(other, store, METRICS)
    messages = [finding.message for finding in findings]
    count = golden.nodes["Company"].num_rows
    assert any(message.startswith(f"{count - 1} Company here, {count} in") for message in messages)
    assert any(message.startswith("company_count of 110000 is 2.0 here and 3.0 in") for message in messages)
    assert any(message.startswith("company_count: 1 rows of evidence are not here: ") for message in messages)
    assert {finding.code for finding in findings} == {"count_differs", "value_differs", "evidence_differs"}
    assert not any("policy_count" in message for message in messages)
    other.close()


def test_one_changed_amount_is_seen(store: GraphStore, golden: Dataset, tmp_path: Path) -> None:
    table = golden.links["INVESTED_IN"]
    amounts = table["amount_cny_m"]
    raised = pc.if_else(pc.equal(table["id"], "t01"), pc.add(amounts, 1e-3), amounts)
    assert not raised.equals(amounts)
    place = table.column_names.index("amount_cny_m")
    links = {**golden.links, "INVESTED_IN": table.set_column(place, "amount_cny_m", pa.chunked_array(raised.chunks))}
    other = loaded(replace(golden, links=links), tmp_path)
    findings = verify(other, store, cingai_metrics())
    assert {finding.code for finding in findings} == {"value_differs", "evidence_differs"}
    assert all("financing_amount" in finding.message for finding in findings)
    (changed,) = (finding.message for finding in findings if finding.code == "evidence_differs")
    assert "1 rows of evidence have another arg0 here" in changed
    assert " t01 " in changed
    other.close()


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [(3.0, 3.0, True), (3.0, 4.0, False), (0.1, 0.1 + 1e-12, True), (0.1, 0.1001, False), (math.nan, math.nan, True)],
)
def test_what_counts_as_the_same(one: float, other: float, equal: bool) -> None:
    assert same(one, other) is equal
    assert not same(one, math.nan) or math.isnan(one)
