"""Columns as XML, whole columns at once: escaped text, elements, rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.errors import OutputError
from ecosystem.messages import tr

BATCH_ROWS = 50_000
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{fffe}\x{ffff}]"
"""What XML cannot carry, and the controls that it can but nobody should."""


def escaped(column: pa.Array) -> pa.Array:
    """Any column as text for an attribute or element of XML: without control characters, line ends as line feeds."""
    text = pc.cast(column, pa.string())
    if not pa.types.is_string(column.type):
        return text
    text = pc.replace_substring(pc.replace_substring(text, "\r\n", "\n"), "\r", "\n")
    text = pc.replace_substring_regex(text, _CONTROL, "")
    # a reader makes a space of a line end in an attribute that is not written as a number
    for plain, entity in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ('"', "&quot;"),
        ("\n", "&#10;"),
        ("\t", "&#9;"),
    ):
        text = pc.replace_substring(text, plain, entity)
    return text


def wrapped(before: str, column: pa.Array, after: str) -> pa.Array:
    """Each value between two texts; nothing where there is none."""
    return pc.fill_null(pc.binary_join_element_wise(before, escaped(column), after, ""), "")


def rows(parts: Sequence[pa.Array | str]) -> bytes:
    """The parts of each row put together, row after row."""
    joined = pc.binary_join_element_wise(*parts, "")
    return "".join(joined.to_pylist()).encode()


def batches(table: pa.Table, written: Callable[[int], None]) -> Iterator[dict[str, pa.Array]]:
    """A table some rows at a time, as columns by name; `written` is told how many rows were taken."""
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        yield dict(zip(batch.schema.names, batch.columns, strict=True))
        written(batch.num_rows)


def refuse_controls(columns: Iterable[tuple[str, pa.ChunkedArray]]) -> None:
    """Raise OutputError for ids that would not be the same in XML."""
    for kind, ids in columns:
        hit = ids.filter(pc.match_substring_regex(ids, rf"{_CONTROL}|\r"))
        if len(hit):
            message = tr(
                "{count:,} ids of {kind} have control characters, which XML cannot carry: {as_py!r}",
                count=len(hit),
                kind=kind,
                as_py=hit[0].as_py(),
            )
            raise OutputError(message, hint=tr("change these ids, or use ecosystem export csv"))
