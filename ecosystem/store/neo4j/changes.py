"""What has to happen to a database so that it holds a dataset: rows to add, to change, and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Dataset
from ecosystem.dataset.difference import differ
from ecosystem.model import Model
from ecosystem.progress import Progress
from ecosystem.query import Schema
from ecosystem.store.neo4j.driver import Client
from ecosystem.store.neo4j.marker import Survey, counts
from ecosystem.store.neo4j.sides import ENDS, KEY, ODD, Wanted, read_there, wanted_parts

Mode = Literal["load", "update", "replace"]
"""`load` and `update` make the dataset's own nodes and links what it says; `replace` takes all others away, too."""
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one label or link type.

    `added` and `changed` are rows of `wanted`, the latter with the server's names; `removed` are rows as they lie
    there. `standing` are the nodes of the dataset that need not be made, with the server's names. `kept` counts what
    the dataset does not have and what stays all the same, `same` what is as it says.
    """

    wanted: Wanted
    added: pa.Table
    changed: pa.Table
    removed: pa.Table
    standing: pa.Table
    kept: int
    same: int

    @property
    def rows(self) -> int:
        """How many nodes or links there are in the end."""
        return int(self.wanted.table.num_rows) + self.kept


def plan_load(client: Client, dataset: Dataset, mode: Mode, before: Schema | None, progress: Progress) -> list[Step]:
    """A step per label, then per link type; what is there is read where the server counts any of it.

    `before` is what the mark of the database says, None where there is nothing yet.
    """
    steps: list[Step] = []
    parts = list(wanted_parts(dataset, before))
    labels, types = ([part.name for part in parts if part.link == link] for link in (False, True))
    found = counts(client, labels, types) if before is not None else Survey({}, {})
    ids = pa.concat_arrays(
        [chunk for part in parts if not part.link for chunk in part.table["id"].chunks] or [pa.array([], pa.string())]
    )
    gone: list[tuple[str, pa.Array]] = []
    for number, part in enumerate(parts):
        if not (found.links if part.link else found.nodes).get(part.name):
            steps.append(_all_new(part))
            continue
        progress("compare", number, len(parts))
        step = _compare(part, read_there(client, part, labels), mode, ids, gone, dataset.model)
        if not part.link and step.removed.num_rows:
            gone.append((part.name, _whole(step.removed["id"])))
        steps.append(step)
    if before is not None:
        progress("compare", len(parts), len(parts))
    return steps


def _all_new(wanted: Wanted) -> Step:
    none = wanted.table.slice(0, 0)
    return Step(wanted, wanted.table, none, none, _keyed(none, none["id"]), 0, 0)


def _compare(
    wanted: Wanted, there: pa.Table, mode: Mode, ids: pa.Array, gone: Sequence[tuple[str, pa.Array]], model: Model
) -> Step:
    """The step of one label or link type; `gone` are the nodes that go, by label."""
    places = _whole(pc.index_in(wanted.table["id"], value_set=_whole(there["id"]), skip_nulls=True))
    found = _mask(pc.is_valid(places))
    earlier = there.take(places)
    if wanted.link:
        for end in ENDS:
            found &= _mask(pc.fill_null(pc.equal(wanted.table[end], earlier[end]), False))
        for label, nodes in gone:  # a link goes with its node, and is made anew where that is
            found &= ~_touches(earlier, label, nodes)
    other = _mask(pc.fill_null(earlier[ODD], False))
    for name, kind in wanted.properties.items():
        rows = wanted.table[name] if name in wanted.stored else pa.chunked_array([pa.nulls(len(found), kind)])
        other |= differ(rows, earlier[name])
    matched = np.zeros(there.num_rows, np.bool_)
    matched[places.drop_null().to_numpy()[found[_mask(pc.is_valid(places))]]] = True
    stale = ~matched
    remove = stale if mode == "replace" else stale & _in_the_way(wanted, there, ids, gone, model)
    keyed = _keyed(wanted.table, earlier[KEY])
    return Step(
        wanted,
        wanted.table.filter(pa.array(~found)),
        keyed.filter(pa.array(found & other)),
        there.filter(pa.array(remove)),
        keyed.select(["id", KEY]).filter(pa.array(found & (not wanted.link))),
        int((stale & ~remove).sum()),
        int((found & ~other).sum()),
    )


def _keyed(rows: pa.Table, keys: pa.ChunkedArray) -> pa.Table:
    return rows.append_column(KEY, keys)


def _in_the_way(
    wanted: Wanted, there: pa.Table, ids: pa.Array, gone: Sequence[tuple[str, pa.Array]], model: Model
) -> _Mask:
    """Which rows cannot stay beside the dataset, although it only adds and changes.

    A node whose id now is one of another label; a link whose id now is one of other ends, or whose node goes; and where
    a node is, which no one says but the dataset that has it.
    """
    found = _mask(pc.is_in(there["id"], value_set=_whole(wanted.table["id"]), skip_nulls=True))
    if not wanted.link:
        return _mask(pc.is_in(there["id"], value_set=ids, skip_nulls=True)) & ~found
    kind = model.links.get(wanted.name)
    if kind is not None and (kind.at_most_one or kind.derived):
        found |= _mask(pc.is_in(there["_from"], value_set=ids, skip_nulls=True))
    for label, nodes in gone:
        found |= _touches(there, label, nodes)
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
