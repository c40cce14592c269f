"""A table as it stands in its file, before anything is believed: columns of text, and the line of every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.errors import DatasetError, Finding, mended
from ecosystem.messages import tr

Rows = npt.NDArray[np.int64]
"""Numbers of rows, counted from 0."""

Mask = npt.NDArray[np.bool_]
"""One truth value per row."""

MOST_COLUMNS = 10_000
"""How many columns a table may have: each is looked at by itself, and a million would take hours and gigabytes."""


def refuse_wide(file: str, columns: int) -> None:
    """Raise DatasetError for a table of more columns than are read, before anything else of it is."""
    if columns > MOST_COLUMNS:
        message = tr("the table has more than {limit:,} columns, the most that are read", limit=MOST_COLUMNS)
        hint = tr("leave out those that are not needed, or turn them into rows")
        finding = Finding("error", "too_many_columns", message, file, 1, hint=hint)
        raise DatasetError(tr("cannot read {file}", file=file), findings=[finding])


_BLANK, _ASCII = 0x20, 0x80


@dataclass(frozen=True, slots=True)
class Ragged:
    """A row of a CSV file that has more or fewer cells than the header."""

    line: int
    cells: tuple[str, ...]
    reason: str


def ragged_row(
    line: int, cells: Sequence[str], width: int, count: int | None = None, reason: str | None = None
) -> Ragged:
    """A row as if it had as many cells as the header; `count` says how many it has, where those are not all."""
    said = {"cells": len(cells) if count is None else count, "width": width}
    if reason is None and len(cells) > width:
        rest = ",".join(cells[width:])[:200]
        reason = tr("the row has {cells} cells, the header {width}; too many are: {rest}", **said, rest=rest)
    reason = reason or tr("the row has {cells} cells, the header {width}", **said)
    return Ragged(line, (*cells[:width], *[""] * (width - len(cells))), reason)


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A cell that could not be read, though its row could; `place` is the number of its column."""

    row: int
    place: int
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class RawTable:
    """The rows of one file (`companies.csv`) or sheet (`dataset.xlsx[companies]`).

    `columns` stand in the order of `names`, the header; they are text without blanks around it and null where the cell
    is blank, but for Parquet, whose columns keep their types. Rows that are blank throughout are left out. `lines` has
    the line of each row in the file, or None where row i is on line i + 2. `headings` is the header as the file writes
    it, where it is in another language than `names`.
    """

    file: str
    names: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    lines: Rows | None = None
    ragged: tuple[Ragged, ...] = ()
    spoiled: tuple[Spoiled, ...] = ()
    findings: tuple[Finding, ...] = ()
    headings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """A name of bytes that are no text is shown as one that is: it goes into results."""
        object.__setattr__(self, "file", mended(self.file))

    def called(self, name: str) -> str:
        """What the file calls a column; the name itself where it has no such column."""
        return self.headings[self.names.index(name)] if self.headings and name in self.names else name

    @property
    def rows(self) -> int:
        """How many rows there are, but for the ragged ones."""
        return len(self.columns[0]) if self.columns else 0

    @property
    def read(self) -> int:
        """How many rows there are, the ragged ones among them."""
        return self.rows + len(self.ragged)

    @property
    def line_numbers(self) -> list[int]:
        """The line of each row."""
        return [int(line) for line in self.lines_of(np.arange(self.rows))]

    def as_texts(self) -> list[list[str | None]]:
        """All rows as text, column by column; None where a cell is blank."""
        return [as_text(column).to_pylist() for column in self.columns]

    def lines_of(self, rows: Rows) -> Rows:
        """The lines of some rows; the header is on line 1."""
        return rows + 2 if self.lines is None else self.lines[rows]

    def texts(self, rows: Rows) -> list[pa.Array]:
        """Some rows as text, column by column."""
        return [cells_at(column, rows) for column in self.columns]


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as strings; what Arrow cannot write as text is written as Python does."""
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_floating(column.type):
        return _floats_as_text(column)
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        texts = [None if cell is None else str(cell) for cell in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])


def offsets_and_octets(texts: pa.StringArray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text of an array begins, the end of the last behind them; and the bytes that they are counted in."""
    _, offsets, octets = texts.buffers()
    if len(texts) == 0 or octets is None:
        return np.zeros(len(texts) + 1, np.int32), np.zeros(0, np.uint8)
    found = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return found, np.frombuffer(octets, np.uint8)


def byte_range(column: pa.ChunkedArray) -> tuple[int, int]:
    """The smallest and the largest byte in the texts of a column; 256 and -1 where there is none."""
    parts = [octets[offsets[0] : offsets[-1]] for offsets, octets in map(offsets_and_octets, column.chunks)]
    filled = [part for part in parts if len(part)]
    return min((int(part.min()) for part in filled), default=256), max((int(part.max()) for part in filled), default=-1)


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of strings without blanks around them; null where nothing is left."""
    low, high = byte_range(column)
    text = column if low > _BLANK and high < _ASCII else pc.utf8_trim_whitespace(column)
    if _total_length(text) == _total_length(column):
        text = column  # nothing to trim: keep one copy, not two
    blank = pc.equal(text, "")
    return pc.if_else(blank, pa.scalar(None, pa.string()), text) if pc.any(blank).as_py() else text


def blank_rows(columns: Sequence[pa.ChunkedArray]) -> Mask | None:
    """Which rows have no cell that is filled; None when there are none such."""
    if not columns or any(column.null_count == 0 for column in columns):
        return None
    blank = np.ones(len(columns[0]), np.bool_)
    for column in columns:
        blank &= pc.is_null(column).to_numpy(zero_copy_only=False)
    return blank if blank.any() else None


def _floats_as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers without a fraction: tools that know no missing integers write ids and years as 2023.0."""
    text = pc.cast(column, pa.string())
    return pc.replace_substring_regex(text, r"\.0$", "")


def _total_length(column: pa.ChunkedArray) -> int:
    return pc.sum(pc.binary_length(column)).as_py() or 0


def rows_where(mask: pa.ChunkedArray) -> Rows:
    """The numbers of the rows where a mask is true; null counts as false."""
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy())


def cells_at(column: pa.ChunkedArray, rows: Rows) -> pa.Array:
    """The texts of some cells of a column."""
    return as_text(column.take(pa.array(rows))).combine_chunks()
