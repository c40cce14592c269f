"""Records out of a file of an export: the cells of each row with its line, of delimited text or of a sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ecosystem.dataset.sources.lines import (
    ZIP,
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

_SHEETS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class RecordOf:
    """The cells of a row. `line` counts from 1; `fault` says why they cannot be told apart or read, if they cannot."""

    line: int
    cells: tuple[str, ...]
    fault: str | None = None


def records(spec: FileSpec, path: Path) -> Iterator[RecordOf]:
    """Every row of the file that is not blank, the header first.

    DatasetError where the file as a whole cannot be read; a row that cannot has a fault.
    """
    if path.suffix.lower() in _SHEETS and first_bytes(path).startswith(ZIP):
        return _of_sheet(spec, path)
    return _of_text(spec, path)


def _of_sheet(spec: FileSpec, path: Path) -> Iterator[RecordOf]:
    workbook = open_workbook(path)
    sheets = workbook.sheet_names
    name = spec.sheet if spec.sheet is not None else sheets[0]
    if name not in sheets:
        raise DatasetError(f"{path.name} has no sheet {name!r}", hint=did_you_mean(name, sheets))
    if spec.sheet is None and len(sheets) > 1:
        hint = f"set sheet = one of {', '.join(map(repr, sheets))}"
        raise DatasetError(f"{path.name} has several sheets, and the mapping names none", hint=hint)
    raw = read_sheet(path, workbook, name)
    yield RecordOf(1, raw.names)
    faults = {cell.row: cell.reason for cell in raw.spoiled}
    columns = [column.fill_null("").to_pylist() for column in raw.columns]
    lines = range(2, raw.rows + 2) if raw.lines is None else raw.lines.tolist()
    for row, (line, *cells) in enumerate(zip(lines, *columns, strict=True)):
        yield RecordOf(line, tuple(cells), faults.get(row))


def _of_text(spec: FileSpec, path: Path) -> Iterator[RecordOf]:
    with text_of(path, spec.encoding) as text:
        read: list[str] = []  # the lines of the record that is being read
        reader = csv.reader(_remembered(lines_of(text, path.name), read), delimiter=spec.delimiter, strict=True)
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
                yield RecordOf(line, (mended("".join(read).rstrip("\r\n")),), _split_fault(path.name, line, read, err))
                continue
            bad = damage("".join(read))
            if bad is None:
                if record:
                    yield RecordOf(line, tuple(record))
                continue
            if not damaged and (line == 1 or (refusal := wrong_encoding(path, spec.encoding, line))):
                raise refusal or not_text(path.name, spec.encoding, line)
            damaged = True
            yield RecordOf(line, tuple(map(mended, record)), f"has bytes that are not {spec.encoding}: {bad}")


def _remembered(lines: Iterator[str], read: list[str]) -> Iterator[str]:
    for line in lines:
        read.append(line)
        yield line


def _split_fault(name: str, line: int, read: list[str], err: csv.Error) -> str:
    """Why one row cannot be split; DatasetError where the rest of the file went into one cell."""
    if len(read) > 1 and "expected after" not in str(err):
        message = f"a quotation mark is opened and not closed: {err}"
        finding = Finding("error", "open_quote", message, name, line, hint="close it, or double it if it is meant")
        raise DatasetError("the file cannot be split into cells", findings=[finding]) from err
    return f"cannot be split into cells: {err}"
