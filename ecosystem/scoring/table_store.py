"""A table of values in the place of a graph: it says where it is and what it holds, and has nothing to query."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.index.value_table import ValueTable
from ecosystem.metrics import Measures, Window
from ecosystem.metrics.keys import Keys
from ecosystem.metrics.measure import UNDATED, VALUES
from ecosystem.progress import Progress, silent
from ecosystem.query import Schema
from ecosystem.query.tree import AnyQuery
from ecosystem.store import LoadedDataset

_HINT = "these scores come from a table: load a dataset and give --store to ask the graph"


class TableStore:
    """A store without a graph: `url` and `dataset` are the table's file and hash, everything else raises StoreError."""

    exact_sums = True

    def __init__(self, table: ValueTable) -> None:
        self.url = table.path
        self.dataset = LoadedDataset(table.file, table.hash, 0)

    @property
    def schema(self) -> Schema:
        """There is none: StoreError."""
        raise StoreError(f"{self.url} is a table and has no labels or links", hint=_HINT)

    def load(self, dataset: Dataset, *, replace: bool = False, progress: Progress = silent) -> None:
        """A table takes no dataset: StoreError."""
        raise StoreError(f"{self.url} is a table, not a store", hint=_HINT)

    def count(self) -> Mapping[str, int]:
        """Nothing: a table has neither nodes nor links."""
        return {}

    def query(
        self, statement: AnyQuery, parameters: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> pa.RecordBatchReader:
        """A table has no graph behind it: StoreError."""
        raise StoreError(f"{self.url} is a table and cannot be queried", hint=_HINT)

    def close(self) -> None:
        """Nothing is open."""


def no_measures(table: ValueTable, level: str, window: Window) -> Measures:
    """The measures of no metric, where all values come from a table."""
    store = TableStore(table)
    return Measures(level, window, {}, VALUES, {}, UNDATED, store, Keys(store))
