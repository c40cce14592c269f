"""All nodes of a dataset by id: their integer keys, their labels, and where each id was first given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.link_ids import Hashes, hash_texts
from ecosystem.dataset.places import Places

Keys = npt.NDArray[np.int64]
"""Integer keys of nodes."""


class NodeIndex:
    """Grows label by label; the key of a node is its place among the loaded nodes of all labels, counted from 0."""

    def __init__(self) -> None:
        self.places = Places()
        self._tables: dict[str, pa.Table] = {}
        self._ids: list[pa.Array] = []

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The loaded nodes of each label that has any, in the order of their keys; `_id` is the key."""
        return dict(self._tables)

    @property
    def ids(self) -> pa.ChunkedArray:
        """The ids of the loaded nodes, by key."""
        return pa.chunked_array(self._ids, pa.string())

    def load(self, label: str, table: pa.Table) -> None:
        """Give keys to the nodes of a label, in the order of its rows; a label without rows is left out."""
        if table.num_rows:
            first = len(self.ids)
            keys = pa.array(np.arange(first, first + table.num_rows))
            self._tables[label] = table.add_column(0, "_id", keys)
            self._ids.append(table["id"].combine_chunks())

    def keys(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """The key of each id, null where no loaded node has it."""
        return pc.index_in(ids, value_set=self.ids, skip_nulls=True)

    def label_numbers(self, keys: Keys) -> npt.NDArray[np.int8]:
        """The label of each key, as its place in `tables`."""
        ends = np.cumsum([len(ids) for ids in self._ids])
        return np.searchsorted(ends, keys, side="right").astype(np.int8)

    def hashes(self) -> Hashes:
        """The hash of the id of each node, by key."""
        return hash_texts(self.ids)

    def named(self, name: str) -> str | None:
        """The id of a node that has that name."""
        for table in self._tables.values():
            if "name" in table.column_names and (place := pc.index(table["name"], name).as_py()) >= 0:
                return str(table["id"][place])
        return None
