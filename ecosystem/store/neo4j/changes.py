"""What has to happen to a database so that it holds a dataset: rows to add, to change, and to take away.

Two sides are compared, both as tables of plain rows: the target, which is what the dataset says, and what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from neo4j.time import Date

from ecosystem.dataset.dataset import Dataset
from ecosystem.dataset.difference import differ
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.progress import Progress
from ecosystem.query import Schema
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.connection import Connection
from ecosystem.store.neo4j.marker import Counts, count, properties_of
from ecosystem.tables.words import ARROW

Mode = Literal["load", "update", "replace"]
"""`load` and `update` make the dataset's own nodes and links what it says; `replace` takes all others away, too."""
_Mask = npt.NDArray[np.bool_]
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
class Target:
    """The rows of one label or link type: key, `id` and properties, for links also their ends and the keys of those.

    `written` are the properties that the rows have, `properties` also those that an earlier dataset may have left.
    """

    name: str
    link: bool
    table: pa.Table
    written: tuple[str, ...]
    properties: Mapping[str, pa.DataType]


def targets(dataset: Dataset, before: Schema | None) -> Iterator[Target]:
    """What the database should hold: all labels, then all link types, of the model and of what is stored there."""
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
) -> Target:
    written = [each for each in properties_of(table, known) if each != "id"] if table is not None else []
    types = {each: ARROW.get(kind, pa.string()) for each, kind in earlier.items() if each != "id"}
    columns: dict[str, pa.ChunkedArray | pa.Array] = {}
    if table is None:
        columns |= {"_id": pa.array([], pa.int64()), "id": pa.array([], pa.string())}
    else:
        types |= {each: table[each].type for each in written}
        columns |= {each: table[each] for each in ("_id", "id", *written)}
    if ids is not None:
        columns |= ids.ends(table)
    return Target(name, ids is not None, pa.table(columns), tuple(written), types)


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


def read_stored(connection: Connection, target: Target, labels: Sequence[str]) -> pa.Table:
    """The rows of a label or link type as they are stored.

    An end whose node has none of the labels is null; so is a property of another type, and the row is odd.
    """
    names = ["id", *target.properties]
    properties = ", ".join(f"x.{name_text(name)}" for name in names)
    ends: tuple[str, ...] = ()
    if target.link:
        ends = ENDS
        both_ends = ", ".join(f"head([l IN labels({end}) WHERE l IN $labels]), {end}.id" for end in "ab")
        text = f"MATCH (a)-[x:{name_text(target.name)}]->(b) RETURN elementId(x), {both_ends}, {properties}"
    else:
        text = f"MATCH (x:{name_text(target.name)}) RETURN elementId(x), {properties}"
    types = {KEY: pa.string(), **dict.fromkeys((*ends, "id"), pa.string()), **target.properties}
    chunks = connection.stream(text, {"labels": list(labels)})
    schema = pa.schema([*types.items(), (ODD, pa.bool_())])
    return pa.Table.from_batches([_batch(rows, schema) for rows in chunks], schema)


def _batch(rows: Sequence[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    odd = [False] * len(rows)
    columns = [
        _server_column(values, field.type, odd)
        for values, field in zip(zip(*rows, strict=True), list(schema)[:-1], strict=True)
    ]
    return pa.RecordBatch.from_arrays([*columns, pa.array(odd)], schema=schema)


def _server_column(values: Sequence[Any], kind: pa.DataType, odd: list[bool]) -> pa.Array:
    if pa.types.is_date(kind):
        values = [value.to_native() if isinstance(value, Date) else value for value in values]
    expected = _PYTHON[kind]
    if set(map(type, values)) <= {expected, type(None)}:
        return pa.array(values, kind)
    for place, value in enumerate(values):
        if value is not None and type(value) is not expected:
            odd[place] = True
    return pa.array([value if type(value) is expected else None for value in values], kind)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What happens to one label or link type.

    `added` and `changed` are rows of `target`, the latter with the server's names; `removed` are rows as they are
    stored. `standing` are the nodes of the dataset that need not be made, with the server's names. `kept` counts what
    the dataset does not have and what stays all the same, `same` what is as it says.
    """

    target: Target
    added: pa.Table
    changed: pa.Table
    removed: pa.Table
    standing: pa.Table
    kept: int
    same: int

    @property
    def rows(self) -> int:
        """How many nodes or links there are in the end."""
        return int(self.target.table.num_rows) + self.kept


def plan_load(
    connection: Connection, dataset: Dataset, mode: Mode, before: Schema | None, progress: Progress
) -> list[TablePlan]:
    """A plan per label, then per link type; what is stored is read where the server counts any of it.

    `before` is what the marker of the database says, None where there is nothing yet.
    """
    plans: list[TablePlan] = []
    parts = list(targets(dataset, before))
    labels, types = ([part.name for part in parts if part.link == link] for link in (False, True))
    found = count(connection, labels, types) if before is not None else Counts({}, {})
    ids = pa.concat_arrays(
        [chunk for part in parts if not part.link for chunk in part.table["id"].chunks] or [pa.array([], pa.string())]
    )
    gone: list[tuple[str, pa.Array]] = []
    for number, part in enumerate(parts):
        if not (found.links if part.link else found.nodes).get(part.name):
            plans.append(_all_new(part))
            continue
        progress(tr("compare"), number, len(parts))
        plan = _compare(part, read_stored(connection, part, labels), mode, ids, gone, dataset.model)
        if not part.link and plan.removed.num_rows:
            gone.append((part.name, _whole(plan.removed["id"])))
        plans.append(plan)
    if before is not None:
        progress(tr("compare"), len(parts), len(parts))
    return plans


def _all_new(target: Target) -> TablePlan:
    none = target.table.slice(0, 0)
    return TablePlan(target, target.table, none, none, _keyed(none, none["id"]), 0, 0)


def _compare(
    target: Target, stored: pa.Table, mode: Mode, ids: pa.Array, gone: Sequence[tuple[str, pa.Array]], model: Model
) -> TablePlan:
    """The plan of one label or link type; `gone` are the nodes that go, by label."""
    places = _whole(pc.index_in(target.table["id"], value_set=_whole(stored["id"]), skip_nulls=True))
    found = _mask(pc.is_valid(places))
    earlier = stored.take(places)
    if target.link:
        for end in ENDS:
            found &= _mask(pc.fill_null(pc.equal(target.table[end], earlier[end]), False))
        for label, nodes in gone:  # a link goes with its node, and is made anew where that is
            found &= ~_touches(earlier, label, nodes)
    other = _mask(pc.fill_null(earlier[ODD], False))
    for name, kind in target.properties.items():
        rows = target.table[name] if name in target.written else pa.chunked_array([pa.nulls(len(found), kind)])
        other |= differ(rows, earlier[name])
    matched = np.zeros(stored.num_rows, np.bool_)
    matched[places.drop_null().to_numpy()[found[_mask(pc.is_valid(places))]]] = True
    stale = ~matched
    remove = stale if mode == "replace" else stale & _in_the_way(target, stored, ids, gone, model)
    keyed = _keyed(target.table, earlier[KEY])
    return TablePlan(
        target,
        target.table.filter(pa.array(~found)),
        keyed.filter(pa.array(found & other)),
        stored.filter(pa.array(remove)),
        keyed.select(["id", KEY]).filter(pa.array(found & (not target.link))),
        int((stale & ~remove).sum()),
        int((found & ~other).sum()),
    )


def _keyed(rows: pa.Table, keys: pa.ChunkedArray) -> pa.Table:
    return rows.append_column(KEY, keys)


def _in_the_way(
    target: Target, stored: pa.Table, ids: pa.Array, gone: Sequence[tuple[str, pa.Array]], model: Model
) -> _Mask:
    """Which rows cannot stay beside the dataset, although it only adds and changes.

    A node whose id now is one of another label; a link whose id now is one of other ends, or whose node goes; and where
    a node is, which no one says but the dataset that has it.
    """
    found = _mask(pc.is_in(stored["id"], value_set=_whole(target.table["id"]), skip_nulls=True))
    if not target.link:
        return _mask(pc.is_in(stored["id"], value_set=ids, skip_nulls=True)) & ~found
    kind = model.links.get(target.name)
    if kind is not None and (kind.at_most_one or kind.derived):
        found |= _mask(pc.is_in(stored["_from"], value_set=ids, skip_nulls=True))
    for label, nodes in gone:
        found |= _touches(stored, label, nodes)
    return found


def _touches(links: pa.Table, label: str, nodes: pa.Array) -> _Mask:
    """Which links begin or end at one of these nodes."""
    touched = np.zeros(links.num_rows, np.bool_)
    for name, end in (("_from_label", "_from"), ("_to_label", "_to")):
        of_label = pc.fill_null(pc.equal(links[name], label), False)
        touched |= _mask(pc.and_(of_label, pc.is_in(links[end], value_set=nodes)))
    return touched


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _mask(values: pa.ChunkedArray | pa.Array) -> _Mask:
    whole = _whole(values) if isinstance(values, pa.ChunkedArray) else values
    return np.asarray(whole.to_numpy(zero_copy_only=False), np.bool_).copy()
