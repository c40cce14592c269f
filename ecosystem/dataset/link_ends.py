"""The two ends of a link: each must be a node that loads, of a label that the link type allows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import Faults, quoted, sentences
from ecosystem.dataset.node_index import Keys, NodeIndex
from ecosystem.dataset.raw import Rows, cells_at, rows_where
from ecosystem.errors import nearest

_FEW = 2000
"""Among so many ids, those nearest to a wrong one are looked for."""


def end_keys(
    ids: pa.ChunkedArray, end: str, allowed: Sequence[str], index: NodeIndex, unread: Sequence[str], faults: Faults
) -> Keys:
    """The key of the node at one end of each link, -1 where there is none: that, and a wrong label, is a fault.

    `end` is the column (`from`, `to`), `unread` names the node files that could not be read and so explain the gap.
    """
    found = index.keys(ids)
    rows = rows_where(pc.and_(pc.is_null(found), pc.is_valid(ids)))
    if len(rows):
        _refuse_missing(rows, cells_at(ids, rows), end, allowed, index, unread, faults)
    keys: Keys = pc.fill_null(found, -1).to_numpy().astype(np.int64)
    _check_labels(keys, ids, end, allowed, index, faults)
    return keys


def label_column(keys: Keys, index: NodeIndex) -> pa.DictionaryArray:
    """The labels of nodes, dictionary-encoded."""
    return pa.DictionaryArray.from_arrays(pa.array(index.label_numbers(keys)), pa.array(list(index.tables)))


def _refuse_missing(
    rows: Rows,
    cells: pa.Array,
    end: str,
    allowed: Sequence[str],
    index: NodeIndex,
    unread: Sequence[str],
    faults: Faults,
) -> None:
    """Set rows aside whose end is no loaded node: its own row was set aside, or nothing gives the id at all."""
    places = index.places.of(cells)
    aside = pc.is_valid(places).to_numpy(zero_copy_only=False)
    reasons = sentences("the node ", quoted(cells), " was itself set aside: ", places).filter(pa.array(aside))
    values = cells.filter(pa.array(aside))
    hint = "mend that row first"
    faults.add("end_set_aside", rows[aside], reasons, column=end, values=values, hint=hint)
    why = f" ({', '.join(unread)} could not be read)" if unread else ""
    absent = cells.filter(pa.array(~aside))
    ids = _few_ids(allowed, index)

    def hint_for(cell: str) -> str | None:
        if named := index.named(cell):
            return f"that is the name of {named!r}: write the id"
        close = nearest(cell, ids)
        return f"did you mean {' or '.join(repr(hit) for hit in close)}?" if close else "add the node, or drop the link"

    reasons = sentences(quoted(absent), f" is the id of no node{why}")
    faults.add("missing_node", rows[~aside], reasons, column=end, values=absent, hint=hint_for)


def _few_ids(labels: Sequence[str], index: NodeIndex) -> list[str]:
    """The ids of the nodes that a link could mean; none when there are too many to compare."""
    tables = [table for label, table in index.tables.items() if label in labels]
    few = sum(table.num_rows for table in tables) <= _FEW
    return [id_ for table in tables for id_ in table["id"].to_pylist()] if few else []


def _check_labels(
    keys: Keys, ids: pa.ChunkedArray, end: str, allowed: Sequence[str], index: NodeIndex, faults: Faults
) -> None:
    labels = list(index.tables)
    fits = np.array([label in allowed for label in labels], np.bool_)
    if not labels or fits.all():
        return
    numbers = index.label_numbers(np.maximum(keys, 0))
    rows = np.flatnonzero(~fits[numbers] & (keys >= 0))
    cells = cells_at(ids, rows)
    actual = pa.array(labels).take(pa.array(numbers[rows]))
    reasons = sentences(quoted(cells), " has the label ", actual, f"; {end} must be {_either(allowed)}")
    faults.add("wrong_label", rows, reasons, column=end, values=cells, hint=_hint(end))


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _hint(end: str) -> str:
    return f"are from and to swapped, or does {end} belong into the file of another link type?"
