"""The records of a table row by row, each with its line: block by block of a large file, or all of a small one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from ecosystem.errors import DatasetError, Finding, did_you_mean, mended
from ecosystem.messages import either, tr
from ecosystem.tables.csv_reader import delimiter_finding
from ecosystem.tables.encoding import decoded
from ecosystem.tables.excel_reader import open_workbook, read_sheet
from ecosystem.tables.packed import ZIP
from ecosystem.tables.raw import RawTable, refuse_wide
from ecosystem.tables.text_file import (
    damage,
    first_bytes,
    lines_of,
    not_text,
    other_encoding,
    text_of,
    unpacked_beginning,
)

BLOCK = 20_000
"""How many records are held at once."""

_SHEETS = (".xlsx", ".xlsm")
_SEP = re.compile(r'\ufeff?"?sep=([^"\r\n])"?\s*', re.IGNORECASE)
_Record = tuple[int, Sequence[str], str | None]


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of a file in their order, the header among the first, and the lines on which they begin.

    `faults` says of a record, by its place in the block, why it cannot be split or read. `read` is the part of the file
    that is behind, from 0 to 1. `findings` are those of the whole file, with its first block.
    """

    lines: tuple[int, ...]
    records: tuple[Sequence[str], ...]
    faults: Mapping[int, str]
    read: float
    findings: tuple[Finding, ...] = ()


def read_blocks(
    path: Path, *, encoding: str = "utf-8", delimiter: str = ",", sheet: str | None = None
) -> Iterator[Block]:
    """Every record of a text file or a sheet that is not an empty line, the header first.

    For files that are larger than the memory, packed, or in any encoding. DatasetError where the file as a whole cannot
    be read; a record that cannot has a fault. A workbook with several sheets needs the name of one.
    """
    if path.suffix.lower() in _SHEETS and first_bytes(path).startswith(ZIP):
        raw = _sheet(path, sheet)
        for place, block in enumerate(_blocks(_of_sheet(raw), lambda: 1.0)):
            yield block if place else replace(block, findings=raw.findings)
        return
    with text_of(path, encoding) as (text, read):
        yield from _blocks(_of_text(path, text, encoding, delimiter), read)


def _blocks(records: Iterator[_Record], read: Callable[[], float]) -> Iterator[Block]:
    while block := list(islice(records, BLOCK)):
        lines, cells, faults = zip(*block, strict=True)
        yield Block(lines, cells, {place: fault for place, fault in enumerate(faults) if fault is not None}, read())


def _sheet(path: Path, sheet: str | None) -> RawTable:
    workbook = open_workbook(path)
    sheets = workbook.sheet_names
    name = sheet if sheet is not None else sheets[0]
    if name not in sheets:
        raise DatasetError(
            tr("{name} has no sheet {sheet!r}", name=path.name, sheet=name), hint=did_you_mean(name, sheets)
        )
    if sheet is None and len(sheets) > 1:
        hint = tr("set sheet = {sheets}", sheets=either(map(repr, sheets)))
        raise DatasetError(tr("{name} has several sheets; name one", name=path.name), hint=hint)
    return read_sheet(path, workbook, name)


def _of_sheet(raw: RawTable) -> Iterator[_Record]:
    yield 1, raw.names, None
    faults = {cell.row: cell.reason for cell in raw.spoiled}
    columns = [column.fill_null("").to_pylist() for column in raw.columns]
    lines = range(2, raw.rows + 2) if raw.lines is None else raw.lines.tolist()
    for row, (line, *cells) in enumerate(zip(lines, *columns, strict=True)):
        yield line, cells, faults.get(row)


def _of_text(path: Path, text: TextIO, encoding: str, delimiter: str) -> Iterator[_Record]:
    read: list[str] = []  # the lines of the record that is being read
    lines = lines_of(text, path.name, read)
    try:
        first = next(lines, "")
    except UnicodeError as err:
        raise other_encoding(path, encoding, 1) or not_text(path.name, encoding, 1) from err
    said = said_delimiter(first)
    reader = csv.reader(lines if said else _from(first, lines, read), delimiter=said or delimiter, strict=True)
    begin = 2 if said else 1
    damaged, header = False, True
    while True:
        line = reader.line_num + begin
        read.clear()
        try:
            record = next(reader)
        except StopIteration:
            return
        except UnicodeError as err:
            place = reader.line_num + begin
            raise other_encoding(path, encoding, place) or not_text(path.name, encoding, place) from err
        except csv.Error as err:
            yield line, (mended("".join(read).rstrip("\r\n")),), _split_fault(path.name, line, read, err)
            continue
        if header and record:
            refuse_wide(path.name, len(record))
            header = False
        bad = damage(read)
        if bad is None:
            if record:
                yield line, record, None
            continue
        if not damaged:
            _refuse_other(path, encoding, line)
        damaged = True
        yield (
            line,
            tuple(map(mended, record)),
            tr("the row has bytes that are not {encoding}: {bytes}", encoding=encoding, bytes=bad),
        )


def beginning(path: Path, size: int) -> bytes:
    """The first bytes of a text file, unpacked if it is packed with gzip. DatasetError where it cannot be read."""
    return unpacked_beginning(path, size)


def said_delimiter(first: str) -> str | None:
    """The delimiter that a first line of `sep=;` says, which is for Excel and no header; None where it says none."""
    said = _SEP.fullmatch(first)
    return said[1] if said else None


def _from(first: str, lines: Iterator[str], kept: list[str]) -> Iterator[str]:
    """A line that was taken off, and those behind it."""
    if first:
        kept.append(first)
        yield first
        yield from lines


def _refuse_other(path: Path, encoding: str, line: int) -> None:
    """Raise DatasetError where the file is in another encoding, or where it has no header that can be read."""
    refusal = other_encoding(path, encoding, line)
    if refusal or line == 1:
        raise refusal or not_text(path.name, encoding, line)


def _split_fault(name: str, line: int, read: list[str], err: csv.Error) -> str:
    """Why one row cannot be split; DatasetError where the rest of the file went into one cell."""
    if len(read) > 1 and "expected after" not in str(err):
        message = tr("a quotation mark is opened and not closed: {reason}", reason=err)
        finding = Finding("error", "open_quote", message, name, line, hint=tr("close it, or double it if it is meant"))
        raise DatasetError(tr("the file cannot be split into cells"), findings=[finding]) from err
    return tr("the row cannot be split into cells: {reason}", reason=err)


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A CSV file that people write: its header, the cells of each row by column with the line, and what is wrong.

    Cells are trimmed. A row of another length than the header is a finding, and one of the rows all the same, as far as
    it goes.
    """

    file: str
    names: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    findings: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong but for having no rows, which some tables may."""
        return tuple(finding for finding in self.findings if finding.code != "no_rows")


def parse_table(content: bytes, file: str, known: Collection[str] = ()) -> SmallTable:
    """The table in the content of a CSV file in UTF-8; blank rows, and blank cells to the right, do not count.

    `known` are the columns that would be expected, which tell a wrong delimiter. Where the whole cannot be read
    (another encoding, an open quotation mark, nothing in it) the finding says so, and there is no header.
    """
    try:
        records = _small_records(content, file)
    except DatasetError as err:
        return SmallTable(file, (), (), tuple(err.findings))
    if not records:
        hint = tr("its first line is {known}", known=",".join(known)) if known else None
        return _nothing(file, Finding("error", "empty_file", tr("{file} is empty", file=file), file, hint=hint))
    names = tuple(_without_blanks(records[0][1], 1))
    if wrong := delimiter_finding(file, names, known):
        return _nothing(file, replace(wrong, row=1))
    rows, findings = [], []
    if len(records) == 1:
        findings.append(Finding("error", "no_rows", tr("{file} has a header but no rows", file=file), file, 1))
    for line, whole in records[1:]:
        cells = _without_blanks(whole, len(names))
        if len(cells) != len(names):
            message = tr("the row has {cells} cells, the header {width}", cells=len(cells), width=len(names))
            findings.append(Finding("error", "wrong_cell_count", message, file, line))
        rows.append((line, dict(zip(names, cells, strict=False))))
    return SmallTable(file, names, tuple(rows), tuple(findings))


def _nothing(file: str, finding: Finding) -> SmallTable:
    return SmallTable(file, (), (), (finding,))


def _small_records(content: bytes, file: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, trimmed, each with the line on which it begins. DatasetError."""
    text, faults = decoded(content, file)
    if text is None:
        raise DatasetError(tr("cannot read {file}", file=file), findings=faults)
    read: list[str] = []
    reader = csv.reader(lines_of(io.StringIO(text, newline=""), file, read), strict=True)
    records: list[tuple[int, list[str]]] = []
    while True:
        line = reader.line_num + 1
        read.clear()
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return records
        except csv.Error as err:
            message = _split_fault(file, line, read, err)
            finding = Finding("error", "unreadable_csv", message, file, line)
            raise DatasetError(tr("cannot read {file}", file=file), findings=[finding]) from err
        if any(cells):
            refuse_wide(file, len(cells))
            records.append((line, cells))


def _without_blanks(cells: Sequence[str], width: int) -> Sequence[str]:
    """The cells without the blank ones that a spreadsheet leaves to the right of `width`."""
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return cells
