"""What lies in a database, read as tables: every node of a label or link of a type, with the server's name for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from neo4j.time import Date

from ecosystem.model import load_model
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.client import Client
from ecosystem.store.neo4j.wanted import ENDS, Wanted

KEY = "_key"
"""The server's own name of a node or link: it finds even one without an id, or one of two with the same."""
ODD = "_odd"
"""True where a property is of another type than it should be, so that somebody else has written it."""
_PYTHON: dict[pa.DataType, type] = {
    pa.string(): str,
    pa.int64(): int,
    pa.float64(): float,
    pa.bool_(): bool,
    pa.date32(): date,
}


def read_there(client: Client, wanted: Wanted) -> pa.Table:
    """The rows of a label or link type as they lie there.

    An end whose node has no label of the model is null; so is a property of another type, and the row is odd.
    """
    names = ["id", *wanted.properties]
    properties = ", ".join(f"x.{name_text(name)}" for name in names)
    ends: tuple[str, ...] = ()
    if wanted.link:
        ends = ENDS
        told = ", ".join(f"head([l IN labels({end}) WHERE l IN $labels]), {end}.id" for end in "ab")
        text = f"MATCH (a)-[x:{name_text(wanted.name)}]->(b) RETURN elementId(x), {told}, {properties}"
    else:
        text = f"MATCH (x:{name_text(wanted.name)}) RETURN elementId(x), {properties}"
    types = {KEY: pa.string(), **dict.fromkeys((*ends, "id"), pa.string()), **wanted.properties}
    chunks = client.stream(text, {"labels": list(load_model().labels)})
    schema = pa.schema([*types.items(), (ODD, pa.bool_())])
    return pa.Table.from_batches([_batch(rows, schema) for rows in chunks], schema)


def _batch(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    odd = [False] * len(rows)
    columns = [
        _column(values, field.type, odd)
        for values, field in zip(zip(*rows, strict=True), list(schema)[:-1], strict=True)
    ]
    return pa.RecordBatch.from_arrays([*columns, pa.array(odd)], schema=schema)


def _column(values: Sequence[Any], kind: pa.DataType, odd: list[bool]) -> pa.Array:
    if pa.types.is_date(kind):
        values = [value.to_native() if isinstance(value, Date) else value for value in values]
    expected = _PYTHON[kind]
    if set(map(type, values)) <= {expected, type(None)}:
        return pa.array(values, kind)
    for place, value in enumerate(values):
        if value is not None and type(value) is not expected:
            odd[place] = True
    return pa.array([value if type(value) is expected else None for value in values], kind)
