"""Where nodes and links come from: the file of the dataset and its line, and behind it the source, its file and line.

A dataset that was imported has the table `origins.parquet` beside its tables: `table` and `id` of a node or link,
`source` (the mapping), `file` and `line` of the export; several rows where several rows of exports tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ecosystem.dataset.records import Reading
from ecosystem.errors import DatasetError

ORIGINS = "origins.parquet"
_GROUP = 200_000
_SCHEMA = pa.schema(
    [("table", pa.string()), ("id", pa.string()), ("source", pa.string()), ("file", pa.string()), ("line", pa.int64())]
)


class OriginFile:
    """Writes the origins of a dataset, many at a time."""

    def __init__(self, path: Path) -> None:
        self._writer = parquet.ParquetWriter(path, _SCHEMA, compression="zstd")
        self._waiting: list[pa.Table] = []
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flush()
        self._writer.close()

    def write(
        self, table: str, ids: pa.ChunkedArray, source: str, files: pa.ChunkedArray, lines: pa.ChunkedArray
    ) -> None:
        """Add the origins of nodes or links of one table of the dataset, out of one source."""
        count = len(ids)
        if not count:
            return
        names = (pa.repeat(pa.scalar(text), count) for text in (table, source))
        first, second = (pa.chunked_array([name]) for name in names)
        self._waiting.append(pa.Table.from_arrays([first, ids, second, files, lines], schema=_SCHEMA))
        self.count += count
        if sum(one.num_rows for one in self._waiting) >= _GROUP:
            self._flush()

    def write_rows(self, table: str, rows: Sequence[tuple[str, str, str, int]]) -> None:
        """Add origins one by one: id, source, file, line."""
        if rows:
            ids, sources, files, lines = (list(column) for column in zip(*rows, strict=True))
            arrays = [pa.array([table] * len(rows)), pa.array(ids), pa.array(sources), pa.array(files), pa.array(lines)]
            self._waiting.append(pa.Table.from_arrays(arrays, schema=_SCHEMA))
            self.count += len(rows)

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting).combine_chunks())
            self._waiting.clear()


def trace(reading: Reading, ids: Iterable[str], *, folder: Path | None = None) -> pa.Table:
    """Where the nodes and links with these ids come from, one row per origin.

    Columns: `id`, `table`, `file` and `line` in the dataset (header = line 1), and, where the dataset was imported and
    its `folder` is given, `source`, `source_file`, `source_line` (else null). An id that the dataset has not is left
    out; regions and what is derived of them stand in no row of the dataset and are left out too.
    """
    wanted = pa.array(sorted(set(ids)), pa.string())
    found = [_in_dataset(reading, table, wanted) for table in reading.places]
    rows = pa.concat_tables([one for one in found if one.num_rows] or [_EMPTY])
    return _with_sources(rows, folder, wanted)


_EMPTY = pa.table(
    {
        "id": pa.array([], pa.string()),
        "table": pa.array([], pa.string()),
        "file": pa.array([], pa.string()),
        "line": pa.array([], pa.int64()),
    }
)


def _in_dataset(reading: Reading, table: str, wanted: pa.Array) -> pa.Table:
    place = reading.places[table]
    ids = place.ids(reading.dataset)
    if ids is None:
        return _EMPTY
    at = pc.indices_nonzero(pc.is_in(ids, value_set=wanted))
    count = len(at)
    return pa.table(
        {
            "id": ids.take(at),
            "table": pa.repeat(pa.scalar(table), count),
            "file": pa.repeat(pa.scalar(place.file), count),
            "line": pa.array(place.lines_of(at.to_numpy())),
        }
    )


def _with_sources(rows: pa.Table, folder: Path | None, wanted: pa.Array) -> pa.Table:
    names = {"source": "source", "file": "source_file", "line": "source_line"}
    path = None if folder is None else folder / ORIGINS
    if path is None or not path.exists():
        blank = {"source": pa.string(), "source_file": pa.string(), "source_line": pa.int64()}
        for name, kind in blank.items():
            rows = rows.append_column(name, pa.nulls(rows.num_rows, kind))
        return rows
    try:
        known = parquet.read_table(path, filters=pc.field("id").isin(wanted))
    except (OSError, pa.ArrowInvalid) as err:
        raise DatasetError(f"cannot read {path}: {err}", hint="import the sources again") from err
    known = known.rename_columns([names.get(name, name) for name in known.column_names])
    joined = rows.join(known, keys=["table", "id"], join_type="left outer")
    order = [("id", "ascending"), ("table", "ascending"), ("source", "ascending"), ("source_file", "ascending")]
    return joined.sort_by([*order, ("source_line", "ascending")]).select([*_EMPTY.column_names, *names.values()])
