"""Read a CSV file as text, with the line of every row; what does not fit the header is set aside, not dropped."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from ecosystem.errors import DatasetError, Finding
from ecosystem.messages import tr, tr_later
from ecosystem.tables.encoding import Scan, encoding_finding, foreign_encoding, pieces_of, scan
from ecosystem.tables.packed import kind_of
from ecosystem.tables.raw import RawTable, Rows, blank_rows, ragged_row, refuse_wide, trimmed

_BLOCK = 1 << 24
_LONGEST_BLOCK = (1 << 31) - 1
_DELIMITERS = {
    ";": tr_later("semicolons"),
    "\t": tr_later("tabs"),
    "|": tr_later("vertical bars"),
    "，": tr_later("full-width commas"),
}


_TEMPLATE = tr_later("`ecosystem dataset template DIR` writes files with the right headers")


def read_csv(path: Path, known: Collection[str]) -> RawTable:
    """The rows of a CSV file: UTF-8 with or without byte-order mark, commas, quotation marks doubled inside quotes.

    `known` are the column names that would be expected, which tell a wrong delimiter. Raises DatasetError with the
    finding when the file as a whole cannot be read: it is empty, in another encoding, with other delimiters, unclosed.
    """
    found = scan(path)
    header = _header(path, found)
    names = tuple(name.replace("\ufeff", "").strip() for name in header)
    if wrong := delimiter_finding(path.name, names, known):
        raise DatasetError(tr("cannot read {name}", name=path.name), findings=[wrong])
    table, odd = _parse(path, found, len(names))
    if line := open_quote(path, table, odd, header, found):
        raise _open_quote(path.name, line)
    lines = line_numbers(table, odd, header, found)
    columns = [trimmed(table.column(i)) for i in range(len(names))]
    good = lines[: table.num_rows]
    blank = blank_rows(columns)
    if blank is not None:
        columns, good = [column.filter(pa.array(~blank)) for column in columns], good[~blank]
    plain = bool(len(good) == 0 or good[-1] == len(good) + 1)
    ragged = [
        ragged_row(int(line), cells(row.text), len(names), row.actual_columns)
        for row, line in zip(odd, lines[table.num_rows :], strict=True)
        if row.text.strip(', "\t')  # a line of nothing but commas is blank
    ]
    return RawTable(path.name, names, tuple(columns), None if plain else good, tuple(ragged))


def _header(path: Path, found: Scan) -> list[str]:
    """The cells of the first line."""
    if not found.head.removeprefix(b"\xef\xbb\xbf").strip():
        raise _refusal(path.name, "empty_file", tr("the file is empty: it has not even a header"), hint=tr(_TEMPLATE))
    if kind := kind_of(found.head):
        raise _refusal(
            path.name, "not_text", tr("the file is {kind}, not text", kind=tr(kind.name)), hint=tr(kind.hint)
        )
    if foreign_encoding(found.head):
        _check_encoding(path)
    names = cells(found.head.decode("utf-8-sig", errors="replace"))
    if "\ufffd" in "".join(names):
        _check_encoding(path)
    if found.quotes % 2 and any("\n" in name for name in names):
        raise _open_quote(path.name, 1)
    refuse_wide(path.name, len(names))
    if not any(name.strip() for name in names):
        raise _refusal(
            path.name, "no_header", tr("the first line is blank: it must name the columns"), hint=tr(_TEMPLATE)
        )
    return names


def delimiter_finding(file: str, names: Sequence[str], known: Collection[str]) -> Finding | None:
    """An error where the cells of a header, split at commas, are separated by something else; `known` are its words."""
    line = ",".join(names)
    if line.startswith("sep="):
        message = tr("the first line is {line!r}, not the header", line=line)
        hint = (
            tr("delete that line")
            if line.startswith("sep=,")
            else tr("delete that line, and save the file in Excel as 'CSV UTF-8 (comma delimited)'")
        )
        return Finding("error", "wrong_delimiter", message, file, hint=hint)
    hits = sum(name in known for name in names)
    for delimiter, marks in _DELIMITERS.items():
        if sum(name.strip().strip('"') in known for name in line.split(delimiter)) > hits:
            message = tr("the cells are separated by {marks}, not by commas: {line!r}", marks=tr(marks), line=line[:60])
            hint = tr("save it in Excel as 'CSV UTF-8 (comma delimited)'")
            return Finding("error", "wrong_delimiter", message, file, hint=hint)
    return None


def _parse(path: Path, found: Scan, width: int) -> tuple[pa.Table, list[arrow_csv.InvalidRow]]:
    """All columns as strings, and the rows that do not fit, in the order of the file."""
    if _only_header(found):
        return pa.table({str(i): pa.array([], pa.string()) for i in range(width)}), []
    try:
        return _parse_text(path, found, width, _BLOCK), []
    except pa.ArrowInvalid:
        _check_encoding(path)
    odd: list[arrow_csv.InvalidRow] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    # a cell may be longer than a block: then the file is read in one piece
    for block in (_BLOCK, min(found.size + 1, _LONGEST_BLOCK)):
        try:
            return _parse_text(path, found, width, block, set_aside), odd
        except pa.ArrowInvalid as err:
            odd.clear()
            last = err
    raise _refusal(path.name, "unreadable_csv", tr("the file is not CSV: {reason}", reason=last)) from last


def _check_encoding(path: Path) -> None:
    """Arrow checks the cells of the rows that fit, and neither the header nor the other rows."""
    if finding := encoding_finding(partial(pieces_of, path), path.name):
        raise DatasetError(tr("cannot read {name}", name=path.name), findings=[finding])


def _parse_text(
    path: Path, found: Scan, width: int, block: int, set_aside: Callable[[arrow_csv.InvalidRow], str] | None = None
) -> pa.Table:
    """All columns as strings; a row that does not fit is given to `set_aside`, or is an error."""
    names = [str(i) for i in range(width)]
    with path.open("rb") as file:  # Arrow opens no name that is not UTF-8
        return arrow_csv.read_csv(
            file,
            # the header, which may repeat a name, is not used; only a serial reader can tell the number of an odd row
            arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=1, block_size=block, use_threads=set_aside is None
            ),
            # blank lines count as rows here, or the line numbers would be wrong
            arrow_csv.ParseOptions(
                newlines_in_values=found.quotes > 0, ignore_empty_lines=False, invalid_row_handler=set_aside
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )


def _only_header(found: Scan) -> bool:
    """Arrow refuses a header without a line end behind it."""
    if found.size > len(found.head):
        return False
    records = csv.reader(io.StringIO(found.head.decode("utf-8-sig", errors="replace"), newline=""))
    try:
        next(records)
        next(records)
    except StopIteration:
        return True
    except csv.Error:  # a very long cell, so there is a second row
        return False
    return False


def cells(line: str) -> list[str]:
    """The cells of the first record of a text; the text itself where it is too odd for CSV."""
    try:
        return next(csv.reader(io.StringIO(line, newline="")), [])
    except csv.Error:
        return [line]


def _open_quote(file: str, line: int) -> DatasetError:
    message = tr(
        "a quotation mark is opened on line {line} and never closed: the rest of the file is one cell", line=line
    )
    return _refusal(file, "open_quote", message, hint=tr("close it, or double it if it is meant"))


def _refusal(file: str, code: str, message: str, hint: str | None = None) -> DatasetError:
    return DatasetError(
        tr("cannot read {file}", file=file), findings=[Finding("error", code, message, file, hint=hint)]
    )


def line_numbers(table: pa.Table, odd: Sequence[arrow_csv.InvalidRow], header: Sequence[str], found: Scan) -> Rows:
    """The line of each row of `table`, then of each odd row; the header is line 1 and blank lines are rows too."""
    total = table.num_rows + len(odd)
    if not odd and found.lines == total + 1:
        return np.arange(2, total + 2)
    odd_places = np.array([row.number - 2 for row in odd], np.int64)  # to Arrow, the header is row 1
    good_places = np.delete(np.arange(total), odd_places)
    breaks = np.zeros(total, np.int64)
    # where there are no more lines than records and a header, no line ends inside a cell
    if found.quotes and found.lines != total + 1:
        breaks[good_places] = _breaks(table)
    breaks[odd_places] = [_line_breaks(row.text) for row in odd]
    first = 2 + sum(_line_breaks(name) for name in header)
    lines = first + np.arange(total) + np.cumsum(breaks) - breaks
    return np.concatenate([lines[good_places], lines[odd_places]])


def open_quote(
    path: Path, table: pa.Table, odd: Sequence[arrow_csv.InvalidRow], header: Sequence[str], found: Scan
) -> int | None:
    """The line on which a quotation mark is opened that nothing closes; None when all are closed."""
    if found.quotes % 2 == 0 or table.num_rows + len(odd) == 0:
        return None
    line = int(line_numbers(table, odd, header, found).max())
    with path.open(encoding="utf-8-sig", newline="") as file:
        rest = "".join(itertools.islice(file, line - 1, None))
    try:
        list(csv.reader(io.StringIO(rest, newline=""), strict=True))
    except csv.Error as err:
        return line if "end of data" in str(err) or "limit" in str(err) else None
    return None


def _breaks(table: pa.Table) -> Rows:
    """How many line breaks there are inside the cells of each row."""
    breaks = np.zeros(table.num_rows, np.int64)
    for column in table.columns:
        if pc.any(pc.match_substring_regex(column, "[\r\n]")).as_py():
            breaks += pc.fill_null(pc.count_substring_regex(column, "\r\n|\r|\n"), 0).to_numpy()
    return breaks


def _line_breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")
