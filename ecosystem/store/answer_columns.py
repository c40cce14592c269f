"""What the columns of an answer hold: Arrow types for those of the query, and records with the keys of their maps."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from ecosystem.query import kinds
from ecosystem.store.temporal_columns import COLUMN_TYPES, duration_texts
from ecosystem.tables.words import ARROW


def arrow_type(kind: str) -> pa.DataType:
    """The Arrow type of a column of an answer; a node or link is its id, a path the ids along it."""
    if kinds.is_list(kind):
        return pa.list_(arrow_type(kinds.inside(kind)))
    if kinds.is_map(kind):
        return pa.struct([(key, arrow_type(each)) for key, each in kinds.fields_of(kind).items()])
    if kinds.is_path(kind):
        return pa.list_(pa.string())
    if kinds.is_entity(kind):
        return pa.string()
    return {**ARROW, **COLUMN_TYPES}.get(kind, pa.null())


def with_keys(given: pa.DataType, kind: str) -> pa.DataType:
    """The type of a column that the engine gives so, with the keys of maps in place of the names of records' fields."""
    if kinds.is_list(kind) and pa.types.is_list(given):
        return pa.list_(with_keys(given.value_type, kinds.inside(kind)))
    if kinds.is_map(kind) and pa.types.is_struct(given):
        fields = kinds.fields_of(kind)
        if not fields:
            return pa.struct([])
        return pa.struct(
            [(key, with_keys(given.field(number).type, each)) for number, (key, each) in enumerate(fields.items())]
        )
    return COLUMN_TYPES.get(kind, given)


def renamed(column: pa.Array, into: pa.DataType) -> pa.Array:
    """The same column with other names of the fields of its records, with moments and durations as they are shown."""
    if column.type == into:
        return column
    if pa.types.is_timestamp(into) or pa.types.is_null(column.type):
        return column.cast(into)
    if pa.types.is_string(into) and pa.types.is_struct(column.type):
        return duration_texts(column)
    if pa.types.is_list(into):
        values = renamed(column.values, into.value_type)
        return pa.ListArray.from_arrays(column.offsets, values, type=into, mask=column.is_null())
    if pa.types.is_struct(into):
        parts = [renamed(column.field(number), field.type) for number, field in enumerate(into)]
        return pa.StructArray.from_arrays(parts, fields=list(into), mask=column.is_null())
    return column


def answer_schema(given: pa.Schema, types: Mapping[str, str]) -> pa.Schema:
    """The columns of an answer, by name, as the engine gives them."""
    return pa.schema(
        [(name, with_keys(column.type, kind)) for column, (name, kind) in zip(given, types.items(), strict=True)]
    )
