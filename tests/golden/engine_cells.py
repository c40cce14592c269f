"""What the package says on the golden dataset, in the form of the golden tables."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ecosystem.dataset import read_dataset
from ecosystem.metrics import Measures, Metric, measure
from ecosystem.store import GraphStore, open_store

HERE = Path(__file__).parent

Rows = Counter[tuple[str, str, str]]
"""Region, nodes and links of each match."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A store with the golden dataset. `unsaid` are the ids of regions and WITHIN links, which the tables leave out."""

    store: GraphStore
    unsaid: frozenset[str]

    def measure(self, metric: Metric, level: str, since: int | None, until: int | None) -> Measures:
        """One metric at one level in one window."""
        return measure(self.store, [metric], level=level, since=since, until=until)

    def values(self, measures: Measures) -> dict[str, float]:
        """The value per region, NaN where it is missing."""
        return dict(zip(measures.values["region"], measures.values["value"], strict=True))

    def evidence(self, measures: Measures) -> Rows:
        """The contributing matches of the one metric, counted: those whose aggregate has something to see."""
        (metric,) = measures.metrics
        frame = measures.evidence(metric).frame()
        arguments = frame.filter(regex="^arg")
        kept = frame[arguments.notna().any(axis="columns") | arguments.columns.empty]
        nodes = self._joined(kept.filter(regex="^node_"))
        links = self._joined(kept.filter(regex="^link_"))
        return Counter(zip(kept["region"], nodes, links, strict=True))

    def _joined(self, columns: pd.DataFrame) -> list[str]:
        rows = columns.itertuples(index=False, name=None)
        return ["|".join(sorted(set(row) - self.unsaid)) for row in rows]


@contextmanager
def golden_engine(folder: Path) -> Iterator[Engine]:
    """The golden dataset in an embedded store in the folder."""
    store = open_store(folder / "graph.duckdb", create=True)
    try:
        yield load_golden(store)
    finally:
        store.close()


def load_golden(store: GraphStore) -> Engine:
    """The golden dataset in this store."""
    dataset = read_dataset(HERE / "dataset").dataset
    store.load(dataset)
    unsaid = {*dataset.nodes["Region"]["id"].to_pylist(), *dataset.links["WITHIN"]["id"].to_pylist()}
    return Engine(store, frozenset(unsaid))


def golden_values(file: str, metric: str, since: int | None) -> dict[str, float]:
    """The values of one metric and window; NaN where the cell is blank."""
    with (HERE / file).open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["metric"] == metric and row["since"] == str(since or "")]
    return {row["region"]: float(row["value"] or "nan") for row in rows}


def golden_evidence(metric: str, since: int | None) -> Rows:
    """The contributing matches of one metric and window, counted."""
    with (HERE / "evidence.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["metric"] == metric and row["since"] == str(since or "")]
    return Counter((row["region"], row["nodes"], row["links"]) for row in rows)
