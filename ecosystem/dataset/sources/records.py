"""Records out of a file of an export: the cells of each row with its line, of delimited text or of a sheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from ecosystem.dataset.file_kind import ZIP
from ecosystem.dataset.sources.lines import (
    damage,
    first_bytes,
    lines_of,
    mended,
    not_text,
    text_of,
    wrong_encoding,
)
from ecosystem.dataset.sources.spec import FileSpec
from ecosystem.dataset.workbook import open_workbook, read_sheet
from ecosystem.errors import DatasetError, Finding, did_you_mean

BLOCK = 20_000
"""How many records are held at once."""

_SHEETS = (".xlsx", ".xlsm")
_Record = tuple[int, Sequence[str], str | None]


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of a file in their order, the header among the first, and the lines on which they begin.

    `faults` says of a record, by its place in the block, why it cannot be split or read. `read` is the part of the file
    that is behind, from 0 to 1.
    """

    lines: tuple[int, ...]
    records: tuple[Sequence[str], ...]
    faults: Mapping[int, str]
    read: float


def read_blocks(spec: FileSpec, path: Path) -> Iterator[Block]:
    """Every record of the file that is not an empty line, the header first.

    DatasetError where the file as a whole cannot be read; a record that cannot has a fault.
    """
    if path.suffix.lower() in _SHEETS and first_bytes(path).startswith(ZIP):
        yield from _blocks(_of_sheet(spec, path), lambda: 1.0)
        return
    with text_of(path, spec.encoding) as (text, read):
        yield from _blocks(_of_text(spec, path, text), read)


def _blocks(records: Iterator[_Record], read: Callable[[], float]) -> Iterator[Block]:
    while block := list(islice(records, BLOCK)):
        lines, cells, faults = zip(*block, strict=True)
        yield Block(lines, cells, {place: fault for place, fault in enumerate(faults) if fault is not None}, read())


def _of_sheet(spec: FileSpec, path: Path) -> Iterator[_Record]:
    workbook = open_workbook(path)
    sheets = workbook.sheet_names
    name = spec.sheet if spec.sheet is not None else sheets[0]
    if name not in sheets:
        raise DatasetError(f"{path.name} has no sheet {name!r}", hint=did_you_mean(name, sheets))
    if spec.sheet is None and len(sheets) > 1:
        hint = f"set sheet = one of {', '.join(map(repr, sheets))}"
        raise DatasetError(f"{path.name} has several sheets, and the mapping names none", hint=hint)
    raw = read_sheet(path, workbook, name)
    yield 1, raw.names, None
    faults = {cell.row: cell.reason for cell in raw.spoiled}
    columns = [column.fill_null("").to_pylist() for column in raw.columns]
    lines = range(2, raw.rows + 2) if raw.lines is None else raw.lines.tolist()
    for row, (line, *cells) in enumerate(zip(lines, *columns, strict=True)):
        yield line, cells, faults.get(row)


def _of_text(spec: FileSpec, path: Path, text: TextIO) -> Iterator[_Record]:
    read: list[str] = []  # the lines of the record that is being read
    reader = csv.reader(lines_of(text, path.name, read), delimiter=spec.delimiter, strict=True)
    damaged = False
    while True:
        line = reader.line_num + 1
        read.clear()
        try:
            record = next(reader)
        except StopIteration:
            return
        except UnicodeError as err:
            place = reader.line_num + 1
            raise wrong_encoding(path, spec.encoding, place) or not_text(path.name, spec.encoding, place) from err
        except csv.Error as err:
            yield line, (mended("".join(read).rstrip("\r\n")),), _split_fault(path.name, line, read, err)
            continue
        bad = damage(read)
        if bad is None:
            if record:
                yield line, record, None
            continue
        if not damaged:
            _refuse_other(path, spec.encoding, line)
        damaged = True
        yield line, tuple(map(mended, record)), f"has bytes that are not {spec.encoding}: {bad}"


def _refuse_other(path: Path, encoding: str, line: int) -> None:
    """Raise DatasetError where the file is in another encoding, or where it has no header that can be read."""
    refusal = wrong_encoding(path, encoding, line)
    if refusal or line == 1:
        raise refusal or not_text(path.name, encoding, line)


def _split_fault(name: str, line: int, read: list[str], err: csv.Error) -> str:
    """Why one row cannot be split; DatasetError where the rest of the file went into one cell."""
    if len(read) > 1 and "expected after" not in str(err):
        message = f"a quotation mark is opened and not closed: {err}"
        finding = Finding("error", "open_quote", message, name, line, hint="close it, or double it if it is meant")
        raise DatasetError("the file cannot be split into cells", findings=[finding]) from err
    return f"cannot be split into cells: {err}"
