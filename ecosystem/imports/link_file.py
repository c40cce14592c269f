"""The links of one table of a mapping in a Parquet file: ends, properties, and the rows that they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
from pyarrow import parquet

from ecosystem.model import PropertyType
from ecosystem.tables.words import ARROW

EVENT = "_event"
FILE = "_file"
LINE = "_line"
_GROUP = 100_000

Origins = Sequence[tuple[Sequence[str], Sequence[int]]]
"""Files and lines of the rows, then those of the rows that were joined with them."""


def origin_columns(partners: int) -> list[tuple[str, str]]:
    """The columns of file and line: of the row, then of each row that was joined with it."""
    return [(FILE, LINE), *((f"{FILE}{number}", f"{LINE}{number}") for number in range(1, partners + 1))]


class LinkFile:
    """Writes links, many at a time, so that no more than a group of rows is held."""

    def __init__(self, path: Path, types: Mapping[str, PropertyType], *, events: bool, partners: int) -> None:
        fields = [pa.field("from", pa.string()), pa.field("to", pa.string())]
        fields += [pa.field(name, ARROW[kind]) for name, kind in types.items()]
        fields += [pa.field(EVENT, pa.string())] if events else []
        self._origins = origin_columns(partners)
        for file, line in self._origins:
            fields += [pa.field(file, pa.string()), pa.field(line, pa.int64())]
        self._schema = pa.schema(fields)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        self._writer.close()

    def write(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        properties: Mapping[str, Sequence[object]],
        events: Sequence[str] | None,
        origins: Origins,
    ) -> None:
        """Add links, column by column; a property that is not given is blank."""
        columns: dict[str, Sequence[object]] = {"from": sources, "to": targets, **properties}
        if events is not None:
            columns[EVENT] = events
        for (file, line), (files, lines) in zip(self._origins, origins, strict=True):
            columns[file], columns[line] = files, lines
        arrays = [
            pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(len(sources), field.type)
            for field in self._schema
        ]
        self._waiting.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self.count += len(sources)
        if sum(len(batch) for batch in self._waiting) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting))
            self._waiting.clear()


def read_groups(path: Path) -> Iterator[pa.Table]:
    """The rows of a Parquet file, some at a time."""
    with parquet.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)
