"""The records of delimited text, each with its line: one by one, or column by column where the text is regular."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from ecosystem.errors import DatasetError, Finding, mended
from ecosystem.messages import tr
from ecosystem.tables.form import Block, Form, Record, block_of, pieces
from ecosystem.tables.raw import refuse_wide
from ecosystem.tables.text_columns import Odd, Piece, regular_pieces
from ecosystem.tables.text_file import (
    LONGEST_LINE,
    WIDE,
    damage,
    lines_of,
    not_text,
    other_encoding,
    text_of,
    unpacked_beginning,
)

Wanted = Callable[[int], Sequence[int] | None]
"""Says, once the first block is taken, where the columns that are wanted stand; None stands for whole records.

It is given the number of cells of the first record."""
_SEP = re.compile(r'\ufeff?"?sep=([^"\r\n])"?\s*', re.IGNORECASE)


def text_blocks(path: Path, form: Form, wanted: Wanted | None = None) -> Iterator[Block]:
    """The blocks of a text file; see `read_blocks`."""
    with text_of(path, form.encoding) as (text, read):
        records = _TextRecords(path, form)
        rows = records.of(text)
        quick = wanted is not None and form.comment is None and not form.encoding.lower().startswith(WIDE)
        first = list(islice(rows, 1)) if quick and wanted is not None else []
        if first:
            yield block_of(first, read())
        width = len(first[0][1]) if first else 0
        places = wanted(width) if first and wanted is not None else None
        if places is None:
            yield from _by_records(rows, read)
            return
        for piece in regular_pieces(text, records.line, width, places, records.delimiter):
            if isinstance(piece, Piece):
                yield Block(piece.lines, (), {}, read(), columns=piece.columns)
            else:
                yield from _by_records(records.behind(piece, text), read)


def _by_records(rows: Iterator[Record], read: Callable[[], float]) -> Iterator[Block]:
    for piece in pieces(rows):
        yield block_of(piece, read())


def beginning(path: Path, size: int) -> bytes:
    """The first bytes of a text file, unpacked if it is packed with gzip. DatasetError where it cannot be read."""
    return unpacked_beginning(path, size)


def said_delimiter(first: str) -> str | None:
    """The delimiter that a first line of `sep=;` says, which is for Excel and no header; None where it says none."""
    said = _SEP.fullmatch(first)
    return said[1] if said else None


class _Lines:
    """The lines of a text without those at its beginning and the comments; `number` is that of the last one taken."""

    def __init__(self, path: Path, texts: Sequence[TextIO], form: Form, number: int = 0) -> None:
        self.read: list[str] = []  # the lines of the record that is being read
        self.number = number
        self.begin = number
        self._lines = chain(*(lines_of(text, path.name, self.read, number) for text in texts))
        self._comment, self._skip = form.comment, form.skip

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while True:
            line = next(self._lines)
            self.number += 1
            first = len(self.read) == 1
            left_out = self.number <= self._skip or (first and self._comment and line.startswith(self._comment))
            if not left_out:
                self.begin = self.number if first else self.begin
                return line
            self.read.clear()


class _TextRecords:
    """Reads a text file record by record; `line` is the one behind the last record."""

    def __init__(self, path: Path, form: Form) -> None:
        self.delimiter = form.delimiter
        self.line = 1
        self._path, self._form = path, form
        self._damaged = False

    def of(self, text: TextIO) -> Iterator[Record]:
        """The records of the whole file, after a first line that says the delimiter."""
        lines = _Lines(self._path, [text], self._form)
        try:
            first = next(lines, "")
        except UnicodeError as err:
            raise self._refusal(1) from err
        said = said_delimiter(first)
        self.delimiter = said or self.delimiter
        header = True
        for record in self._records(lines if said else _from(first, lines), lines):
            if header and record[2] is None:
                refuse_wide(self._path.name, len(record[1]))
            header = False
            yield record

    def behind(self, odd: Odd, text: TextIO) -> Iterator[Record]:
        """The records from some odd text on, which has been taken from `text` already."""
        taken = io.StringIO(odd.text + text.readline(LONGEST_LINE), newline="")
        lines = _Lines(self._path, [taken, text], self._form, odd.line - 1)
        return self._records(lines, lines)

    def _records(self, source: Iterator[str], lines: _Lines) -> Iterator[Record]:
        reader = csv.reader(source, delimiter=self.delimiter, strict=True)
        while True:
            lines.read.clear()
            try:
                record = next(reader)
            except StopIteration:
                return
            except UnicodeError as err:
                raise self._refusal(lines.number + 1) from err
            except csv.Error as err:
                self.line = lines.number + 1
                fault = split_fault(self._path.name, lines.begin, lines.read, err)
                yield lines.begin, (mended("".join(lines.read).rstrip("\r\n")),), fault
                continue
            self.line = lines.number + 1
            bad = damage(lines.read)
            if bad is None:
                if record:
                    yield lines.begin, record, None
                continue
            if not self._damaged:
                self._refuse_other(lines.begin)
            self._damaged = True
            fault = tr("the row has bytes that are not {encoding}: {bytes}", encoding=self._form.encoding, bytes=bad)
            yield lines.begin, tuple(map(mended, record)), fault

    def _refusal(self, line: int) -> DatasetError:
        encoding = self._form.encoding
        return other_encoding(self._path, encoding, line) or not_text(self._path.name, encoding, line)

    def _refuse_other(self, line: int) -> None:
        """Raise DatasetError where the file is in another encoding, or where it has no header that can be read."""
        refusal = other_encoding(self._path, self._form.encoding, line)
        if refusal or line == 1:
            raise refusal or not_text(self._path.name, self._form.encoding, line)


def _from(first: str, lines: _Lines) -> Iterator[str]:
    """A line that was taken off, and those behind it."""
    if first:
        lines.read.append(first)
        yield first
        yield from lines


def split_fault(name: str, line: int, read: list[str], err: csv.Error) -> str:
    """Why one row cannot be split; DatasetError where the rest of the file went into one cell."""
    if len(read) > 1 and "expected after" not in str(err):
        message = tr("a quotation mark is opened and not closed: {reason}", reason=err)
        finding = Finding("error", "open_quote", message, name, line, hint=tr("close it, or double it if it is meant"))
        raise DatasetError(tr("the file cannot be split into cells"), findings=[finding]) from err
    return tr("the row cannot be split into cells: {reason}", reason=err)
