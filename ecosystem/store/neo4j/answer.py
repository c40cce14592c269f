"""The rows of any Cypher as a table: ids for entities, JSON for what has parts, text for the server's own types."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from neo4j.graph import Entity, Path
from neo4j.time import Date

from ecosystem.store.neo4j.client import Row


def answer_table(columns: Sequence[str], rows: Sequence[Row]) -> pa.Table:
    """One column per returned name; a column whose values have no common type is text."""
    parts = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.Table.from_arrays([_column(values) for values in parts], names=list(columns))


def _column(values: Sequence[Any]) -> pa.Array:
    plain = [_cell(value) for value in values]
    try:
        return pa.array(plain)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([None if value is None else str(value) for value in plain], pa.string())


def _cell(value: Any) -> Any:
    value = _part(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value


def _part(value: Any) -> Any:
    """A value in Python's own types; a node or link of ours is its id, another's the server's own."""
    match value:
        case Path():
            return [
                _part(entity)
                for pair in zip(value.nodes, (*value.relationships, None), strict=True)
                for entity in pair
                if entity is not None
            ]
        case Entity():
            return value.get("id", value.element_id)
        case list():
            return [_part(each) for each in value]
        case dict():
            return {name: _part(each) for name, each in value.items()}
        case Date():
            return value.to_native()
        case None | bool() | int() | float() | str() | date():
            return value
        case _:
            return str(value)
