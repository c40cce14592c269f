"""Rows out of the files of an export: decoded, split into cells, blank words made blank, blocks filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ecosystem.dataset.sources.cell_spec import Money
from ecosystem.dataset.sources.cells import Cells, evaluate
from ecosystem.dataset.sources.records import read_blocks
from ecosystem.dataset.sources.spec import FileSpec
from ecosystem.dataset.sources.values import UnreadableError
from ecosystem.errors import DatasetError, Finding, nearest


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
    found = _records(spec, path)
    names = spec.header
    if names is None:
        line, first, fault = next(found, (1, (), None))
        if not first:
            raise DatasetError(f"{path.name} is empty", hint="export it again, or name another file")
        if fault is not None:
            finding = Finding("error", "header", fault, path.name, line)
            raise DatasetError("the file has no line of names that can be read", findings=[finding])
        names = [name.strip() for name in first]
    _check_columns(path.name, names, needed, spec)
    columns = _told_apart(names)
    rows = [_row(line, record, fault, columns, spec) for line, record, fault in found]
    if not rows:
        raise DatasetError(f"{path.name} has a header, but no rows", hint="export it again")
    filled: Iterable[Row] = (
        rows if spec.fill_down is None else _filled(rows, spec.fill_down.key, spec.fill_down.columns, columns)
    )
    return SourceFile(path.name, columns, tuple(_with_added(row, spec, money) for row in filled))


def _records(spec: FileSpec, path: Path) -> Iterator[tuple[int, Sequence[str], str | None]]:
    for block in read_blocks(spec, path):
        for place, (line, record) in enumerate(zip(block.lines, block.records, strict=True)):
            yield line, record, block.faults.get(place)


def _check_columns(name: str, columns: Sequence[str], needed: Iterable[str], spec: FileSpec) -> None:
    taken = [column for column in dict.fromkeys(needed) if column not in spec.add]
    findings = [
        Finding("error", "unknown_column", f"has no column {column!r}", name, hint=_near_columns(column, columns))
        for column in taken
        if column not in columns
    ]
    findings += [
        Finding("error", "duplicate_column", f"has the column {column!r} twice", name, hint="rename one of them")
        for column in taken
        if columns.count(column) > 1
    ]
    if findings:
        raise DatasetError("the file does not have the columns that the mapping takes", findings=findings)


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; one that is blank or stands there twice, and is not taken, is called by its number."""
    seen: set[str] = set()
    columns = []
    for place, name in enumerate(names, start=1):
        columns.append(f"{name}#{place}" if not name or name in seen else name)
        seen.add(columns[-1])
    return tuple(columns)


def _near_columns(column: str, columns: Sequence[str]) -> str:
    if len(columns) == 1 and len(columns[0]) > len(column):
        return f"its only column is {columns[0][:80]!r}: is the delimiter right?"
    close = nearest(column, columns)
    return f"did you mean {' or '.join(map(repr, close))}?" if close else f"it has {', '.join(columns)[:300]}"


def _row(line: int, record: Sequence[str], fault: str | None, columns: tuple[str, ...], spec: FileSpec) -> Row:
    """The row with white space and the words for missing taken away; one with too many or too few cells is at fault.

    Blank cells beyond the last column do not count.
    """
    missing = spec.missing
    stripped = (cell.strip() for cell in record)
    cells = dict.fromkeys(columns, "") | {
        column: "" if cell in missing else cell for column, cell in zip(columns, stripped, strict=False)
    }
    if fault is None and (len(record) < len(columns) or any(cell.strip() for cell in record[len(columns) :])):
        fault = f"has {len(record)} cells, the file has {len(columns)} columns"
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
