"""Read a Parquet file: columns that already have a type keep it, text is trimmed like that of a CSV file."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from ecosystem.errors import DatasetError, Finding
from ecosystem.messages import tr
from ecosystem.tables.packed import too_large, unpacked_limit
from ecosystem.tables.raw import RawTable, blank_rows, refuse_wide, trimmed

_ROWS = 1 << 15
_PER_CELL = 8


def read_parquet(path: Path) -> RawTable:
    """The rows of a Parquet file; its first row counts as line 2, as if it were a CSV file.

    Raises DatasetError with the finding when it is no Parquet file, a damaged one, or unpacks to too much.
    """
    try:
        table = _read(path)
        # a text that is not UTF-8 would stop whatever looks at it later
        table.validate(full=True)
    except (pa.ArrowException, OSError, OverflowError) as err:
        raise unreadable_parquet(path, err) from err
    columns = tuple(_plain(table.column(i)) for i in range(table.num_columns))
    lines = None
    blank = blank_rows(columns)
    if blank is not None:
        lines = np.flatnonzero(~blank) + 2
        columns = tuple(column.filter(pa.array(~blank)) for column in columns)
    return RawTable(path.name, tuple(name.strip() for name in table.column_names), columns, lines)


def _read(path: Path) -> pa.Table:
    """All rows, batch by batch: a file may say one long text, or nothing at all, a hundred million times."""
    limit = left = unpacked_limit()
    batches = []
    with path.open("rb") as bare, parquet.ParquetFile(bare) as file:  # Arrow opens no name that is not UTF-8
        refuse_wide(path.name, len(file.schema_arrow.names))
        for batch in file.iter_batches(_ROWS):
            columns = [column.dictionary_decode() if _is_coded(column) else column for column in batch.columns]
            left -= sum(column.nbytes for column in columns) + _PER_CELL * batch.num_rows * max(len(columns), 1)
            if left < 0:
                raise too_large(path.name, limit)
            batches.append(pa.RecordBatch.from_arrays(columns, names=batch.schema.names) if columns else batch)
        return pa.Table.from_batches(batches) if batches else file.schema_arrow.empty_table()


def _is_coded(column: pa.Array) -> bool:
    return bool(pa.types.is_dictionary(column.type))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        with contextlib.suppress(pa.ArrowInvalid):  # bytes that are no text stay bytes, which no property can be
            column = column.cast(pa.string())
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        column = column.cast(pa.string())
    return trimmed(column) if pa.types.is_string(column.type) else column


def unreadable_parquet(path: Path, err: Exception) -> DatasetError:
    """The refusal of a file that is no Parquet, or is damaged."""
    if path.stat().st_size == 0:
        code, message = "empty_file", tr("the file is empty (0 bytes)")
    else:
        code, message = (
            "unreadable_parquet",
            tr("the file is not Parquet, or is damaged: {reason}", reason=_first_line(err)),
        )
    hint = tr("write it again, or give the table as CSV")
    return DatasetError(
        tr("cannot read {name}", name=path.name), findings=[Finding("error", code, message, path.name, hint=hint)]
    )


def _first_line(err: Exception) -> str:
    return (str(err).splitlines() or [type(err).__name__])[0][:200]
