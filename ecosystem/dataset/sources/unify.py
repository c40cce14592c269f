"""Tables of several sources under one another: the union of their columns, each of one type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.raw import as_text


def common_types(schemas: Iterable[pa.Schema]) -> dict[str, pa.DataType]:
    """Every column in the order of first sight, with a type that holds all: of numbers float, of others text."""
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            types[field.name] = _common(types.get(field.name, field.type), field.type)
    return types


def _common(first: pa.DataType, other: pa.DataType) -> pa.DataType:
    if first == other:
        return first
    numbers = {pa.int64(), pa.float64()}
    return pa.float64() if {first, other} <= numbers else pa.string()


def conform(table: pa.Table, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The table with exactly these columns; one that it has not is blank."""
    columns = [_cast(table, name, kind) for name, kind in types.items()]
    return pa.Table.from_arrays(columns, names=list(types))


def _cast(table: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray:
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, kind)])
    column = table[name]
    if column.type == kind:
        return column
    return as_text(column) if kind == pa.string() else column.cast(kind)


def stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """The rows of all tables."""
    types = common_types(table.schema for table in tables)
    return pa.concat_tables([conform(table, types) for table in tables])


def renamed(column: pa.ChunkedArray, names: Mapping[str, str]) -> pa.ChunkedArray:
    """The texts, those that have another name by it."""
    if not names:
        return column
    found = pc.index_in(column, value_set=pa.array(list(names), pa.string()))
    others = pa.array(list(names.values()), pa.string()).take(pc.fill_null(found, 0).combine_chunks())
    return pc.if_else(pc.is_valid(found), pa.chunked_array([others]), column)
