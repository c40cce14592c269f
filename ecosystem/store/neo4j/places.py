"""Where the server has put the nodes of a dataset: its own name of each, by the key that the dataset gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.store.neo4j.there import KEY

_COLUMNS = pa.schema([("id", pa.string()), (KEY, pa.string())])


class Places:
    """Filled while nodes are found and made, by several sessions at a time; asked when that is done.

    `nodes` are all nodes of the dataset: tables with `_id` and `id`.
    """

    def __init__(self, nodes: Iterable[pa.Table]) -> None:
        none = pa.table({"_id": pa.array([], pa.int64()), "id": pa.array([], pa.string())})
        self._nodes = pa.concat_tables([none, *(table.select(["_id", "id"]) for table in nodes)])
        self._parts = [_COLUMNS.empty_table()]

    def found(self, nodes: pa.Table) -> None:
        """Take down nodes that were there: their ids and the server's names."""
        self._parts.append(nodes.select(_COLUMNS.names))

    def made(self, answer: Sequence[Sequence[Sequence[str]]]) -> None:
        """Take down nodes that the server has just made: one row with a list of ids and one of its names."""
        (columns,) = answer
        self._parts.append(pa.table(list(columns), schema=_COLUMNS))

    def of(self, keys: pa.ChunkedArray) -> pa.Array:
        """The server's names of nodes; null for one that was neither found nor made."""
        known, names = self._sorted
        return names.take(pa.array(np.searchsorted(known, keys.to_numpy())))

    @cached_property
    def _sorted(self) -> tuple[npt.NDArray[np.int64], pa.Array]:
        """The keys of all nodes in their order, and the server's name of each."""
        there = pa.concat_tables(self._parts).combine_chunks()
        keys = self._nodes["_id"].to_numpy()
        order = np.argsort(keys)
        rows = pc.index_in(self._nodes["id"], value_set=there["id"].combine_chunks())
        names = there[KEY].combine_chunks().take(rows.take(pa.array(order)).combine_chunks())
        return keys[order], names
