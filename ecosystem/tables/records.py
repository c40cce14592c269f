"""The records of a table row by row, each with its line: block by block of a large file, or all of a small one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ecosystem.errors import DatasetError, Finding, did_you_mean
from ecosystem.messages import either, tr
from ecosystem.tables.archive import is_archive, unpacked
from ecosystem.tables.csv_reader import delimiter_finding
from ecosystem.tables.database_rows import parquet_blocks, sqlite_blocks
from ecosystem.tables.encoding import decoded
from ecosystem.tables.excel_reader import open_workbook, read_sheet
from ecosystem.tables.form import Block, Form, Format, Record, block_of, format_of, pieces, refuse_odd
from ecosystem.tables.json_records import json_blocks, jsonl_blocks
from ecosystem.tables.raw import RawTable, refuse_wide
from ecosystem.tables.text_file import (
    lines_of,
)
from ecosystem.tables.text_records import Wanted, split_fault, text_blocks
from ecosystem.tables.yaml_records import yaml_blocks

_SEP = re.compile(r'\ufeff?"?sep=([^"\r\n])"?\s*', re.IGNORECASE)
_PLAIN = Form()
_OTHERS: Mapping[Format, Callable[[Path, Form], Iterator[Block]]] = {
    "json": json_blocks,
    "jsonl": jsonl_blocks,
    "yaml": yaml_blocks,
    "parquet": parquet_blocks,
    "sqlite": sqlite_blocks,
}


def read_blocks(path: Path, form: Form = _PLAIN, wanted: Wanted | None = None) -> Iterator[Block]:
    """Every record of the table in a file that is not an empty line, the header first.

    Where `wanted` is given, rows come as the columns that it names wherever that is quick.

    For files that are larger than the memory, packed, in any encoding and of any format. DatasetError where the file as
    a whole cannot be read; a record that cannot has a fault. Where a file has several sheets, tables or lists of
    records the form has to name one. The header of nested records are the columns of the form.
    """
    if form.member is None and not is_archive(path):
        yield from _blocks(path, form, wanted)
        return
    with unpacked(path, form.member) as member:
        yield from _blocks(member, replace(form, member=None), wanted)


def _blocks(path: Path, form: Form, wanted: Wanted | None) -> Iterator[Block]:
    kind = format_of(path, form)
    refuse_odd(path.name, form, kind)
    if kind == "csv":
        yield from text_blocks(path, form, wanted)
    elif kind == "xlsx":
        raw = _sheet(path, form.sheet)
        for place, piece in enumerate(pieces(_of_sheet(raw, form.skip))):
            block = block_of(piece, 1.0)
            yield block if place else replace(block, findings=raw.findings)
    else:
        yield from _OTHERS[kind](path, form)


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


def _of_sheet(raw: RawTable, skip: int) -> Iterator[Record]:
    """The records of a sheet; with lines above the header that are skipped, the first behind them is the header."""
    faults = {cell.row: cell.reason for cell in raw.spoiled}
    columns = [column.fill_null("").to_pylist() for column in raw.columns]
    lines = range(2, raw.rows + 2) if raw.lines is None else raw.lines.tolist()
    if not skip:
        yield 1, raw.names, None
    for row, (line, *cells) in enumerate(zip(lines, *columns, strict=True)):
        if line > skip:
            yield line, cells, faults.get(row)


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
            message = split_fault(file, line, read, err)
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
