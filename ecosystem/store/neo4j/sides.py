"""The two sides of a comparison, as tables of plain rows: what a dataset has, and what lies in a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from neo4j.time import Date

from ecosystem.dataset.dataset import Dataset
from ecosystem.query import Schema
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.driver import Client
from ecosystem.store.neo4j.marker import properties_of
from ecosystem.tables.words import ARROW

ENDS = ("_from_label", "_from", "_to_label", "_to")
"""The labels and ids of a link's ends."""


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows of one label or link type: key, `id` and properties, for links also their ends and the keys of those.

    `stored` are the properties that the rows have, `properties` also those that an earlier dataset may have left there.
    """

    name: str
    link: bool
    table: pa.Table
    stored: tuple[str, ...]
    properties: Mapping[str, pa.DataType]


def wanted_parts(dataset: Dataset, before: Schema | None) -> Iterator[Wanted]:
    """All labels, then all link types, of the model and of what is known to lie there."""
    model = dataset.model
    ids = _Ids(dataset)
    for name in dict.fromkeys([*model.labels, *(before.nodes if before else ())]):
        known = set(model.labels[name].properties) if name in model.labels else set()
        earlier = before.nodes.get(name, {}) if before else {}
        yield _part(name, dataset.nodes.get(name), known, earlier)
    for name in dict.fromkeys([*model.links, *(before.links if before else ())]):
        known = set(model.links[name].properties) if name in model.links else set()
        earlier = before.links.get(name, {}) if before else {}
        yield _part(name, dataset.links.get(name), known, earlier, ids)


def _part(
    name: str, table: pa.Table | None, known: set[str], earlier: Mapping[str, str], ids: _Ids | None = None
) -> Wanted:
    stored = [each for each in properties_of(table, known) if each != "id"] if table is not None else []
    types = {each: ARROW.get(kind, pa.string()) for each, kind in earlier.items() if each != "id"}
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    if table is None:
        columns |= {"_id": pa.array([], pa.int64()), "id": pa.array([], pa.string())}
    else:
        types |= {each: table[each].type for each in stored}
        columns |= {each: table[each] for each in ("_id", "id", *stored)}
    if ids is not None:
        columns |= ids.ends(table)
    return Wanted(name, ids is not None, pa.table(columns), tuple(stored), types)


class _Ids:
    """The ids of nodes by their keys."""

    def __init__(self, dataset: Dataset) -> None:
        none = pa.table({"_id": pa.array([], pa.int64()), "id": pa.array([], pa.string())})
        tables = [table.select(["_id", "id"]) for table in dataset.nodes.values()]
        self.table = pa.concat_tables([none, *tables]).combine_chunks()

    def ends(self, links: pa.Table | None) -> dict[str, pa.ChunkedArray]:
        """Labels, ids and keys of both ends of links."""
        if links is None:
            none = {name: pa.chunked_array([], pa.string()) for name in ENDS}
            return {**none, **{name: pa.chunked_array([], pa.int64()) for name in ("_src", "_dst")}}
        return {
            "_from_label": links["_src_label"].cast(pa.string()),
            "_from": self._of(links["_src"]),
            "_to_label": links["_dst_label"].cast(pa.string()),
            "_to": self._of(links["_dst"]),
            "_src": links["_src"],
            "_dst": links["_dst"],
        }

    def _of(self, keys: pa.ChunkedArray) -> pa.ChunkedArray:
        return self.table["id"].take(pc.index_in(keys, value_set=self.table["_id"]))


def read_there(client: Client, wanted: Wanted, labels: Sequence[str]) -> pa.Table:
    """The rows of a label or link type as they lie there.

    An end whose node has none of the labels is null; so is a property of another type, and the row is odd.
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
    chunks = client.stream(text, {"labels": list(labels)})
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
