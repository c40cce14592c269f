"""Where the server has put the nodes of a dataset: its own name of each, by the id that the dataset gives it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.store.neo4j.there import KEY

_COLUMNS = pa.schema([("id", pa.string()), (KEY, pa.string())])


class Places:
    """Filled while nodes are found and made, by several sessions at a time; asked when that is done."""

    def __init__(self) -> None:
        self._parts = [_COLUMNS.empty_table()]

    def found(self, nodes: pa.Table) -> None:
        """Take down nodes that were there: their ids and the server's names."""
        self._parts.append(nodes.select(_COLUMNS.names))

    def made(self, rows: Sequence[Sequence[str]]) -> None:
        """Take down nodes that the server has just made: id and its name of each."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        self._parts.append(pa.table(columns, schema=_COLUMNS))

    def of(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """The server's names of nodes; null for one that was neither found nor made."""
        return self._all[KEY].take(pc.index_in(ids, value_set=self._all["id"].combine_chunks()))

    @cached_property
    def _all(self) -> pa.Table:
        return pa.concat_tables(self._parts).combine_chunks()
