"""Where the nodes and links of an imported dataset come from: source, file and line of every row that tells them.

A dataset that was imported has the table `origins.parquet` beside its tables: `table` and `id` of a node or link,
`source` (the mapping), `file` and `line` of the export; several rows where several rows of exports tell it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ecosystem.errors import DatasetError
from ecosystem.messages import tr
from ecosystem.tables.packed import check_is_file

ORIGINS = "origins.parquet"
_GROUP = 200_000
_SCHEMA = pa.schema(
    [("table", pa.string()), ("id", pa.string()), ("source", pa.string()), ("file", pa.string()), ("line", pa.int64())]
)


@dataclass(frozen=True, slots=True, order=True)
class ExportRow:
    """A row of an export that tells a node or link: the mapping, the file, the line (the header is line 1)."""

    source: str
    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.source} {self.file}:{self.line}"


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


def exported(folder: Path, table: str, ids: Sequence[str]) -> dict[str, list[ExportRow]]:
    """The rows of exports that give nodes or links of one table of a dataset, or add something to them.

    Nothing where the dataset was not imported. DatasetError where the file of the origins is damaged.
    """
    path = folder / ORIGINS
    if not path.exists():
        return {}
    wanted = (pc.field("table") == table) & pc.field("id").isin(pa.array(sorted(set(ids)), pa.string()))
    try:
        check_is_file(path)
        rows = parquet.read_table(path, filters=wanted)
    except (OSError, pa.ArrowInvalid) as err:
        raise DatasetError(
            tr("cannot read {path}: {reason}", path=path, reason=err), hint=tr("import the sources again")
        ) from err
    found: dict[str, list[ExportRow]] = {}
    for row in rows.sort_by([(name, "ascending") for name in ("source", "file", "line")]).to_pylist():
        found.setdefault(row["id"], []).append(ExportRow(row["source"], row["file"], row["line"]))
    return found


def told_by_one_source(folder: Path) -> dict[str, frozenset[str]] | None:
    """By table of a dataset the ids of the nodes and links that one source alone tells; None where it was not imported.

    DatasetError where the file of the origins is damaged.
    """
    path = folder / ORIGINS
    if not path.exists():
        return None
    try:
        check_is_file(path)
        rows = parquet.read_table(path, columns=["table", "id", "source"])
    except (OSError, pa.ArrowInvalid) as err:
        raise DatasetError(
            tr("cannot read {path}: {reason}", path=path, reason=err), hint=tr("import the sources again")
        ) from err
    counted = rows.group_by(["table", "id"]).aggregate([("source", "count_distinct")])
    alone = counted.filter(pc.equal(counted["source_count_distinct"], 1))
    found: dict[str, set[str]] = {name: set() for name in rows["table"].unique().to_pylist()}
    for table, name in zip(alone["table"].to_pylist(), alone["id"].to_pylist(), strict=True):
        found[table].add(name)
    return {table: frozenset(ids) for table, ids in found.items()}
