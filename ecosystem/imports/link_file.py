"""The links of one table of a mapping in a Parquet file: ends, properties, and the rows that they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from ecosystem.imports.columns import Codes

EVENT = "_event"
FILE = "_file"
LINE = "_line"
_GROUP = 100_000

Groups = Sequence[Sequence[int]]
"""How the rows of a file of links are written: groups of pieces, each with so many rows."""


def group_sizes(blocks: Codes) -> Groups:
    """The groups in which links are written, of the blocks of rows that they come from: none is split."""
    groups: list[list[int]] = []
    waiting: list[int] = []
    changes = np.flatnonzero(blocks[1:] != blocks[:-1]) + 1
    for size in np.diff([0, *changes.tolist(), len(blocks)]).tolist():
        waiting.append(size)
        if sum(waiting) >= _GROUP:
            groups.append(waiting)
            waiting = []
    return [*groups, waiting] if waiting else groups


def write_links(path: Path, table: pa.Table, groups: Groups) -> None:
    """Write links, whose texts may be dictionaries, so that no more than a group of them is held as texts."""
    schema = pa.schema([pa.field(column.name, _plain(column.type)) for column in table.schema])
    start = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for sizes in groups:
            pieces = []
            for size in sizes:
                pieces.extend(table.slice(start, size).cast(schema).combine_chunks().to_batches())
                start += size
            writer.write_table(pa.Table.from_batches(pieces, schema))


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def plain(table: pa.Table) -> pa.Table:
    """The table with texts in place of dictionaries of them."""
    return table.cast(pa.schema([pa.field(column.name, _plain(column.type)) for column in table.schema]))


def read_encoded(path: Path) -> pa.Table:
    """All rows of a Parquet file, every column one piece, texts as one dictionary each."""
    texts = [column.name for column in parquet.read_schema(path) if pa.types.is_string(column.type)]
    empty = pa.array([], pa.string()).dictionary_encode()
    columns = {}
    for name in parquet.read_schema(path).names:  # one by one: each group of rows has a dictionary of its own
        column = parquet.read_table(path, columns=[name], read_dictionary=texts).unify_dictionaries().column(0)
        columns[name] = empty if name in texts and not column.num_chunks else column.combine_chunks()
    return pa.table(columns)


def group_rows(path: Path) -> list[int]:
    """How many rows each group of a Parquet file has."""
    groups = parquet.read_metadata(path)
    return [groups.row_group(place).num_rows for place in range(groups.num_row_groups)]


def read_groups(path: Path) -> Iterator[pa.Table]:
    """The rows of a Parquet file, some at a time."""
    with parquet.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)
