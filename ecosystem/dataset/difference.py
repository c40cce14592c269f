"""What differs between two datasets: nodes and links that were added, removed, changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Dataset
from ecosystem.tables.raw import as_text

_DERIVED = "WITHIN"
_COLUMNS = ("table", "change", "id", "property", "before", "after")
_FROM, _TO = "from", "to"


@dataclass(frozen=True, slots=True)
class TableDifference:
    """How many rows of one table were added, removed, changed, and how many are the same."""

    table: str
    added: int
    removed: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Difference:
    """`tables` counts, table by table; `changes` has a row for each node or link that was added or removed.

    It has one for each property that was changed, too: `table`, `change`, `id`, `property`, `before`, `after`.
    """

    tables: tuple[TableDifference, ...]
    changes: pa.Table

    @property
    def none(self) -> bool:
        """True when the two datasets are the same."""
        return bool(self.changes.num_rows == 0)


def difference(before: Dataset, after: Dataset) -> Difference:
    """What has to happen to `before` so that it becomes `after`.

    Nodes and links are known by their ids. A link whose file gives no id is known by all that it says: a change of it
    is one link removed and one added. Links that are derived are left out.
    """
    tables, changes, model = [], [], after.model
    kinds = [(label.table, label.name) for label in model.labels.values()]
    kinds += [(kind.table, kind.name) for kind in model.link_tables if kind.name != _DERIVED]
    for table, kind in kinds:
        old, new = _rows(before, kind), _rows(after, kind)
        if old is None and new is None:
            continue
        counts, rows = _compare(table, old, new)
        tables.append(counts)
        changes.extend(rows)
    empty = pa.table({name: pa.array([], pa.string()) for name in _COLUMNS})
    return Difference(tuple(tables), pa.concat_tables([empty, *changes]))


def _rows(dataset: Dataset, kind: str) -> pa.Table | None:
    """The rows of a label or link type with their ids and properties as text, the ends of links by id."""
    table = dataset.nodes.get(kind, dataset.links.get(kind))
    if table is None:
        return None
    columns = {name: as_text(table[name]) for name in table.column_names if not name.startswith("_")}
    if kind in dataset.links:
        ids = pa.chunked_array([chunk for node in dataset.nodes.values() for chunk in node["id"].chunks], pa.string())
        columns |= {_FROM: ids.take(table["_src"]), _TO: ids.take(table["_dst"])}
    return pa.table(columns)


def _compare(table: str, old: pa.Table | None, new: pa.Table | None) -> tuple[TableDifference, list[pa.Table]]:
    if old is None or new is None:
        only = old if new is None else new
        count = 0 if only is None else only.num_rows
        change = "removed" if new is None else "added"
        rows = [] if only is None else [_change_rows(table, change, only["id"])]
        return TableDifference(table, 0 if new is None else count, count if new is None else 0, 0, 0), rows
    places = pc.index_in(new["id"], value_set=old["id"])
    fresh = pc.is_null(places)
    gone = pc.invert(pc.is_in(old["id"], value_set=new["id"]))
    common = new.filter(pc.is_valid(places))
    earlier = old.take(places.drop_null())
    changes = list(_changed(table, earlier, common))
    changed = pc.count_distinct(
        pa.chunked_array([rows["id"].combine_chunks() for rows in changes], pa.string())
    ).as_py()
    added, removed = new["id"].filter(fresh), old["id"].filter(gone)
    counts = TableDifference(table, len(added), len(removed), changed, common.num_rows - changed)
    return counts, [_change_rows(table, "added", added), _change_rows(table, "removed", removed), *changes]


def _changed(table: str, old: pa.Table, new: pa.Table) -> Iterator[pa.Table]:
    """The properties of the same nodes or links that are not the same, property by property."""
    for name in dict.fromkeys([*old.column_names, *new.column_names]):
        first, second = (_column(rows, name) for rows in (old, new))
        unlike = differ(first, second)
        if unlike.any():
            mask = pa.array(unlike)
            rows = _change_rows(table, "changed", new["id"].filter(mask))
            rows = rows.set_column(3, "property", pa.repeat(pa.scalar(name), rows.num_rows))
            yield rows.set_column(4, "before", first.filter(mask)).set_column(5, "after", second.filter(mask))


def _column(rows: pa.Table, name: str) -> pa.ChunkedArray:
    return rows[name] if name in rows.column_names else pa.chunked_array([pa.nulls(rows.num_rows, pa.string())])


def differ(first: pa.ChunkedArray, second: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Where two columns are not the same; blank and blank are."""
    unlike = pc.fill_null(pc.not_equal(first, second), False).to_numpy()
    blank = pc.is_null(first).to_numpy() != pc.is_null(second).to_numpy()
    either: npt.NDArray[np.bool_] = unlike | blank
    return either


def _change_rows(table: str, change: str, ids: pa.ChunkedArray) -> pa.Table:
    count = len(ids)
    columns = {"table": pa.repeat(pa.scalar(table), count), "change": pa.repeat(pa.scalar(change), count), "id": ids}
    return pa.table(columns | {name: pa.nulls(count, pa.string()) for name in _COLUMNS[3:]})
