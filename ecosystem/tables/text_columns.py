"""The records of a text file column by column, piece by piece, where every quotation mark is where it belongs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as arrow_csv

from ecosystem.tables.form import Places

PIECE = 1 << 24
"""How many characters are read at once."""
_LONGEST_CELL = 1 << 17  # a line that is longer may have a cell that Python's reader refuses
_MOST_WAITING = 4 * PIECE  # a record that has not ended by then has an open quotation mark
_MARK = "\ufeff".encode()
_NEWLINE, _RETURN, _QUOTE = b'\n\r"'


@dataclass(frozen=True, slots=True)
class Piece:
    """Records of one width: those of their columns that are wanted, and the lines on which they begin."""

    lines: Places
    columns: tuple[pa.ChunkedArray, ...]


@dataclass(frozen=True, slots=True)
class Odd:
    """What has to be read record by record, with all that follows it in the file: its text, and its first line."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Records:
    """The records at the beginning of some bytes: where they end, the lines on which they begin, how many they have."""

    end: int
    lines: Places
    breaks: int
    several_lines: bool


def regular_pieces(text: TextIO, line: int, width: int, wanted: Sequence[int], delimiter: str) -> Iterator[Piece | Odd]:
    """The records of a text in which no line is blank but for blank lines, from line `line` on, where `text` stands.

    Empty lines are left out. An `Odd` is the last: it has a quotation mark inside a cell without any, a byte that is no
    text, a row of another width, or a line that is too long. The text is none that Python's reader would split in
    another way: whatever is not certain is odd.
    """
    rest = b""
    while True:
        more = text.read(PIECE)
        try:
            content = rest + more.encode()
        except UnicodeEncodeError:
            yield Odd(line, rest.decode() + more)
            return
        if not content:
            return
        records = _records(content, delimiter.encode(), last=not more)
        if records is not None and not records.end:
            rest = content
            continue
        columns = None if records is None else _columns(content, records, width, wanted, delimiter)
        if records is None or columns is None:
            yield Odd(line, content.decode())
            return
        if len(records.lines):
            yield Piece(line + records.lines, columns)
        line += records.breaks
        rest = content[records.end :]


def _records(content: bytes, delimiter: bytes, *, last: bool) -> _Records | None:
    """The whole records of some bytes; None where they are not certain."""
    if len(delimiter) != 1 or _MARK in content:
        return None
    letters = np.frombuffer(content, np.uint8)
    newlines = np.flatnonzero(letters == _NEWLINE)
    if last and letters[-1] != _NEWLINE:
        newlines = np.append(newlines, len(letters))
    quotes = np.flatnonzero(letters == _QUOTE) if b'"' in content else np.zeros(0, np.int64)
    ends = newlines[np.searchsorted(quotes, newlines) % 2 == 0] if len(quotes) else newlines
    if not len(ends) and not last and len(content) < _MOST_WAITING:
        return _Records(0, np.zeros(0, np.int64), 0, several_lines=False)
    if not len(ends) or (last and ends[-1] != newlines[-1]):
        return None
    end = min(int(ends[-1]) + 1, len(letters))
    lines = np.diff(newlines, prepend=-1)
    returns = content.count(b"\r", 0, end)
    if lines.max() > _LONGEST_CELL or returns != content.count(b"\r\n", 0, end):
        return None
    if len(quotes) and not _belong(letters, quotes[: np.searchsorted(quotes, end)], delimiter[0]):
        return None
    starts = np.append(0, ends[:-1] + 1)
    lengths = ends - starts
    filled = lengths > 1
    filled[lengths == 1] = letters[starts[lengths == 1]] != _RETURN
    breaks = int(np.searchsorted(newlines, end))
    return _Records(end, np.searchsorted(newlines, starts)[filled], breaks, several_lines=breaks != len(ends))


def _belong(letters: npt.NDArray[np.uint8], quotes: Places, delimiter: int) -> bool:
    """Whether every quotation mark opens or closes a cell, or is one of two inside."""
    opening, closing = quotes[::2], quotes[1::2]
    before = letters[opening - 1]
    opens = (opening == 0) | np.isin(before, (delimiter, _NEWLINE, _QUOTE))
    behind = letters[np.minimum(closing + 1, len(letters) - 1)]
    closes = (closing == len(letters) - 1) | np.isin(behind, (delimiter, _NEWLINE, _RETURN, _QUOTE))
    return bool(opens.all() and closes.all())


def _columns(
    content: bytes, records: _Records, width: int, wanted: Sequence[int], delimiter: str
) -> tuple[pa.ChunkedArray, ...] | None:
    """The columns that are wanted; None where a record has another width."""
    names = [str(place) for place in range(width)]
    taken = [str(place) for place in wanted] or names[:1]
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(memoryview(content)[: records.end]),
            arrow_csv.ReadOptions(column_names=names, block_size=1 << 22),
            arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=records.several_lines),
            arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=taken,
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return tuple(table.columns[: len(wanted)]) if table.num_rows == len(records.lines) else None
