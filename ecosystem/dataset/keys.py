"""Keys: the ids of nodes and links, checked to be there, to be meant, and to be given once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import Faults, quoted, sentences
from ecosystem.dataset.raw import RawTable, Rows, as_text, cells_at, rows_where
from ecosystem.dataset.values import check_text, is_placeholder

_NO_KEY = "an id is any text that names one thing, for example c1"


def parse_key(column: pa.ChunkedArray, name: str, faults: Faults, *, required: bool = True) -> pa.ChunkedArray:
    """A column of ids as text, null where one is blank or says NULL, nan or the like, which is a fault."""
    text = as_text(column)
    check_text(text, name, faults, key=True)
    if required:
        faults.add("blank_id", rows_where(pc.is_null(text)), f"{name} is blank", column=name, hint=_NO_KEY)
    placeholder = is_placeholder(text)
    rows = rows_where(placeholder)
    cells = cells_at(text, rows)
    reasons = sentences(quoted(cells), " stands for a missing value, it is no id")
    faults.add("blank_id", rows, reasons, column=name, values=cells, hint=_NO_KEY)
    return pc.if_else(placeholder, pa.scalar(None, pa.string()), text) if len(rows) else text


def refuse_repeated(
    ids: pa.ChunkedArray,
    raw: RawTable,
    code: str,
    column: str | None,
    faults: Faults,
    *,
    said: str = " was given before: ",
    hint: str = "keep one of the rows, or give one of them another id",
) -> Rows:
    """The rows whose id is not null and was not given before; the later ones are faults that name the first line."""
    rows, firsts = _repeated(ids)
    lines = pa.array(raw.lines_of(firsts)).cast(pa.string())
    cells = cells_at(ids, rows)
    reasons = sentences(quoted(cells), f"{said}{raw.file}, line ", lines)
    faults.add(code, rows, reasons, column=column, values=cells, hint=hint)
    fresh = pc.is_valid(ids).to_numpy().copy()
    fresh[rows] = False
    return np.flatnonzero(fresh)


def _repeated(ids: pa.ChunkedArray) -> tuple[Rows, Rows]:
    """The rows whose value stands in an earlier row, and which row is the first of each; null is never repeated."""
    nothing = np.array([], np.int64)
    if pc.count_distinct(ids).as_py() == len(ids) - ids.null_count:
        return nothing, nothing
    codes = pc.fill_null(_codes(ids), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    firsts = np.empty(len(codes), np.int64)
    firsts[order] = np.repeat(order[starts], np.diff(np.r_[starts, len(ordered)]))
    rows = np.flatnonzero((firsts != np.arange(len(codes))) & (codes >= 0))
    return rows, firsts[rows]


def _codes(ids: pa.ChunkedArray) -> pa.Array:
    """A number for each distinct value, null for null."""
    encoded = ids.combine_chunks().dictionary_encode()
    return encoded.indices
