"""Where each id was given: the file and the line."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.raw import Rows


class Places:
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
