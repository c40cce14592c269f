"""Rows out of the files of an export: decoded, split into cells, blank words made blank, blocks filled."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ecosystem.dataset.sources.cell_spec import Money
from ecosystem.dataset.sources.cells import Cells, evaluate
from ecosystem.dataset.sources.spec import FileSpec
from ecosystem.dataset.sources.values import UnreadableError
from ecosystem.errors import DatasetError, Finding, nearest

_GUESSES = ("utf-8", "gb18030", "big5", "utf-16")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the source. `line` counts from 1; `raw` is as read; `fault` says why it cannot be used, if it cannot."""

    line: int
    raw: tuple[str, ...]
    cells: Cells
    fault: str | None = None

    def usable(self) -> Cells:
        """The cells; UnreadableError where the row is at fault."""
        if self.fault is not None:
            raise UnreadableError(self.fault)
        return self.cells


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the export, read: the names of its columns and all its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_file(spec: FileSpec, path: Path, needed: Iterable[str], money: Money | None) -> SourceFile:
    """The rows of the file at `path`; DatasetError where it is missing, empty, in another encoding or without a column.

    `needed` are the columns that the mapping looks at.
    """
    records = _records(path.name, _decoded(spec, path), spec.delimiter)
    if spec.header is None:
        first = next(records, None)
        if first is None:
            raise DatasetError(f"{path.name} is empty", hint="export it again, or name another file")
        columns = tuple(name.strip() for name in first[1])
    else:
        columns = tuple(spec.header)
    _check_columns(path.name, columns, needed, spec)
    rows = [_row(line, record, columns, spec) for line, record in records]
    if not rows:
        raise DatasetError(f"{path.name} has a header, but no rows", hint="export it again")
    filled: Iterable[Row] = (
        rows if spec.fill_down is None else _filled(rows, spec.fill_down.key, spec.fill_down.columns, columns)
    )
    return SourceFile(path.name, columns, tuple(_with_added(row, spec, money) for row in filled))


def _decoded(spec: FileSpec, path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as err:
        raise DatasetError(f"{path} does not exist", hint=_near_files(path)) from err
    except OSError as err:
        raise DatasetError(f"cannot read {path}: {err.strerror or err}") from err
    try:
        return data.decode(spec.encoding).removeprefix("\ufeff")
    except UnicodeError as err:
        line = data.count(b"\n", 0, err.start) + 1 if isinstance(err, UnicodeDecodeError) else 1
        finding = Finding(
            "error", "encoding", f"is not {spec.encoding}", path.name, line, hint=_other_encoding(data, spec.encoding)
        )
        raise DatasetError("the file is not in the encoding that the mapping says", findings=[finding]) from err


def _near_files(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    close = nearest(path.name, names) or names[:5]
    return f"the folder has {', '.join(close)}" if close else "the folder has no files"


def _other_encoding(data: bytes, said: str) -> str:
    """The encodings that the bytes would fit: a byte-order mark tells, else the first that decodes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it begins with the byte-order mark of utf-16: set encoding = 'utf-16'"
    known = codecs.lookup(said).name
    for guess in _GUESSES:
        if codecs.lookup(guess).name != known and _decodes(data, guess):
            return f"it can be read as {guess}: set encoding = '{guess}' in the mapping if that gives the right text"
    return "it is damaged, or not a text file"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _records(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every record that is not an empty line; a record may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            finding = Finding("error", "csv", f"cannot be split into cells: {err}", name, line)
            raise DatasetError(
                "the file is not delimited text", findings=[finding], hint="look at its quotes near that line"
            ) from err
        if record:
            yield line, record


def _check_columns(name: str, columns: tuple[str, ...], needed: Iterable[str], spec: FileSpec) -> None:
    made = set(spec.add)
    findings = [
        Finding("error", "unknown_column", f"has no column {column!r}", name, hint=_near_columns(column, columns))
        for column in dict.fromkeys(needed)
        if column not in columns and column not in made
    ]
    findings += [
        Finding("error", "duplicate_column", f"has the column {column!r} twice", name, hint="rename one of them")
        for column in dict.fromkeys(columns)
        if columns.count(column) > 1
    ]
    if findings:
        raise DatasetError("the file does not have the columns that the mapping takes", findings=findings)


def _near_columns(column: str, columns: tuple[str, ...]) -> str:
    if len(columns) == 1 and len(columns[0]) > len(column):
        return f"its only column is {columns[0][:80]!r}: is the delimiter right?"
    close = nearest(column, columns)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else f"it has {', '.join(columns)[:300]}"


def _row(line: int, record: list[str], columns: tuple[str, ...], spec: FileSpec) -> Row:
    """The row with white space and the words for missing taken away; one with too many or too few cells is at fault."""
    missing = spec.missing
    stripped = (cell.strip() for cell in record)
    cells = dict.fromkeys(columns, "") | {
        column: "" if cell in missing else cell for column, cell in zip(columns, stripped, strict=False)
    }
    fault = None if len(record) == len(columns) else f"has {len(record)} cells, the file has {len(columns)} columns"
    return Row(line, tuple(record), cells, fault)


def _filled(rows: Iterable[Row], key: str, names: list[str], columns: tuple[str, ...]) -> Iterator[Row]:
    """Rows whose block columns come from the first row of their block.

    A blank cell of a first row stays blank: it must not take the cell of the block above. The rows under a first row
    that is at fault share its fault, for nobody knows what they belong to.
    """
    head: Row | None = None
    for row in rows:
        if row.cells[key]:
            head = row
            yield row
        elif row.fault is not None:
            yield row
        elif head is None:
            yield Row(row.line, row.raw, row.cells, f"{key} is blank and there is no row above to take it from")
        elif head.fault is not None:
            yield Row(row.line, row.raw, row.cells, f"belongs to line {head.line}, which {head.fault}")
        else:
            inherited = {name: head.cells[name] for name in names}
            yield Row(row.line, row.raw, {**row.cells, **inherited})


def _with_added(row: Row, spec: FileSpec, money: Money | None) -> Row:
    """The row with the columns that the mapping adds, each made from those before it."""
    if row.fault is not None or not spec.add:
        return row
    cells = dict(row.cells)
    for name, cell in spec.add.items():
        try:
            value = evaluate(cell, cells, money)
        except UnreadableError as err:
            return Row(row.line, row.raw, row.cells, f"{name}: {err}")
        cells[name] = "" if value is None else str(value)
    return Row(row.line, row.raw, cells)
