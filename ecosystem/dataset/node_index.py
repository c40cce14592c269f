"""All nodes of a dataset by id: their integer keys, their labels, and where each id was first given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.link_ids import Hashes, hash_texts
from ecosystem.tables.raw import Rows

Keys = npt.NDArray[np.int64]
"""Integer keys of nodes."""


class NodeIndex:
    """Grows label by label; the key of a node is its place among the loaded nodes of all labels, counted from 0."""

    def __init__(self) -> None:
        self.places = IdPositions()
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


class IdPositions:
    """Remembers ids with their places, those of rows that do not load among them."""

    def __init__(self) -> None:
        self._files: list[str] = []
        self._ids: list[pa.Array] = []
        self._lines: list[Rows] = []

    @property
    def files(self) -> list[str]:
        """The files that gave ids."""
        return list(self._files)

    def note(self, file: str, ids: pa.Array, lines: Rows) -> None:
        """Remember the ids of a file and the lines they stand on."""
        self._files.append(file)
        self._ids.append(ids)
        self._lines.append(lines)

    def of(self, ids: pa.Array | pa.ChunkedArray) -> pa.Array:
        """`companies.csv, line 12` for each id that a file gave, null for the others."""
        found = pc.index_in(ids, value_set=pa.chunked_array(self._ids, pa.string()), skip_nulls=True)
        found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
        if found.null_count == len(found):
            return pa.nulls(len(found), pa.string())
        place = pc.fill_null(found, 0).to_numpy()
        number = np.searchsorted(np.cumsum([len(ids) for ids in self._ids]), place, side="right")
        file = pa.array(self._files).take(pa.array(number))
        line = pa.array(np.concatenate(self._lines)[place]).cast(pa.string())
        return pc.if_else(
            pc.is_valid(found), pc.binary_join_element_wise(file, line, ", line "), pa.scalar(None, pa.string())
        )
