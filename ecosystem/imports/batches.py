"""Batches of rows out of one file of an export: its columns checked, its cells cleaned, its blocks filled down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from ecosystem.errors import DatasetError, Finding, nearest
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Cells
from ecosystem.imports.language import FileSpec, FillDown
from ecosystem.messages import either, tr
from ecosystem.tables.form import Block

Made = TypeVar("Made")
Column = Sequence[str]
_REMEMBERED = 200_000


@dataclass(slots=True)
class Reader:
    """Makes batches out of the blocks of one file."""

    spec: FileSpec
    name: str
    needed: Sequence[str]
    headers: list[tuple[str, ...]] = field(default_factory=list)
    count: int = 0
    head: _Head | None = None

    def batch(self, block: Block) -> Batch:
        """The rows of the block."""
        lines, records, faults = block.lines, block.records, dict(block.faults)
        if not self.headers:
            self._learn(block)
            if self.spec.header is None:
                lines, records = lines[1:], records[1:]
                faults = {row - 1: fault for row, fault in faults.items()}
        cells = self._cells(records, faults)
        rows = range(self.count, self.count + len(lines))
        self.count += len(lines)
        batch = Batch(self.name, distinct_names(self.headers[0]), rows, lines, records, cells, faults)
        return batch if self.spec.fill_down is None else self._filled(batch, self.spec.fill_down)

    def close(self) -> None:
        """Raise DatasetError where the file had no rows."""
        if not self.headers:
            raise DatasetError(tr("{name} is empty", name=self.name), hint=tr("export it again, or name another file"))
        if not self.count:
            raise DatasetError(tr("{name} has a header, but no rows", name=self.name), hint=tr("export it again"))

    def _learn(self, block: Block) -> None:
        """The names of the columns, of the mapping or of the first record; DatasetError where they will not do."""
        if self.spec.header is None and 0 in block.faults:
            finding = Finding("error", "no_header", block.faults[0], self.name, block.lines[0])
            raise DatasetError(tr("the file has no line of names that can be read"), findings=[finding])
        given = [block.records[0]] if self.spec.header is None else self.spec.header
        self.headers = [tuple(name.strip() for name in names) for names in given]
        own = [name for name in self.needed if not any(name.startswith(f"{key}.") for key in self.spec.join)]
        several = dict.fromkeys(name for names in self.headers for name in names)
        check_columns(self.name, self.headers[0] if len(self.headers) == 1 else tuple(several), own, self.spec)

    def _cells(self, records: Sequence[Sequence[str]], faults: dict[int, str]) -> dict[str, Column]:
        """The needed columns without white space around the cells and without the words for missing."""
        taken = [name for name in dict.fromkeys(self.needed) if any(name in names for names in self.headers)]
        layouts = {len(names): [_place(names, name) for name in taken] for names in self.headers}
        lengths = {len(record) for record in records}
        if len(layouts) == 1 and lengths <= set(layouts):
            columns = list(zip(*records, strict=True)) or [()] * len(self.headers[0])
            (places,) = layouts.values()
            texts: list[Sequence[str]] = [columns[place] for place in places]
        else:
            needed = [_needed_cells(record, layouts, row, faults) for row, record in enumerate(records)]
            texts = list(zip(*needed, strict=True)) or [() for _ in taken]
        return {name: self._cleaned(column) for name, column in zip(taken, texts, strict=True)}

    def _cleaned(self, column: Sequence[str]) -> Column:
        stripped = [cell.strip() for cell in column]
        missing = self.spec.missing
        return ["" if cell in missing else cell for cell in stripped] if missing else stripped

    def _filled(self, batch: Batch, fill: FillDown) -> Batch:
        """The batch in which blank block columns come from the first row of their block.

        A blank cell of a first row stays blank: it must not take the cell of the block above. The rows under a first
        row that is at fault share its fault, for nobody knows what they belong to.
        """
        columns = {name: list(batch.cells[name]) for name in fill.columns}
        faults = dict(batch.faults)
        for row, key in enumerate(batch.cells[fill.key]):
            if key:
                own = {name: cells[row] for name, cells in columns.items()}
                self.head = _Head(batch.lines[row], own, faults.get(row))
            elif row in faults:
                continue
            elif self.head is None:
                faults[row] = tr("{key} is blank and there is no row above to take it from", key=fill.key)
            elif self.head.fault is not None:
                faults[row] = tr("belongs to line {line}, which {fault}", line=self.head.line, fault=self.head.fault)
            else:
                for name, cells in columns.items():
                    cells[row] = self.head.cells[name]
        return batch.changed(columns, faults)


@dataclass(frozen=True, slots=True)
class _Head:
    """The first row of a block."""

    line: int
    cells: Cells
    fault: str | None


def _needed_cells(
    record: Sequence[str], layouts: Mapping[int, Sequence[int]], row: int, faults: dict[int, str]
) -> Sequence[str]:
    """The needed cells of a record; one of a length that no header has is at fault, and is read by the first header.

    Blank cells beyond the last column do not count.
    """
    length = len(record)
    while length > max(layouts) and not record[length - 1].strip():
        length -= 1
    places = layouts.get(length)
    if places is None:
        expected = " or ".join(map(str, layouts))
        faults.setdefault(
            row, tr("has {count} cells, the file has {expected} columns", count=len(record), expected=expected)
        )
        places = next(iter(layouts.values()))
    return [record[place] if 0 <= place < length else "" for place in places]


def _place(names: Sequence[str], name: str) -> int:
    """Where a column stands in a header, -1 where the header has not got it."""
    return names.index(name) if name in names else -1


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a file, column by column; a blank cell is the empty text.

    `rows` numbers the rows of the file from 0, `lines` counts from 1; a row that is joined with several others stands
    there several times. `raw` is what was read, `faults` says why a row cannot be used, by its place in the batch.
    `partners` has the lines of the joined rows, file by file, 0 where there is none.
    """

    file: str
    header: tuple[str, ...]
    rows: Sequence[int]
    lines: Sequence[int]
    raw: Sequence[Sequence[str]]
    cells: Mapping[str, Column]
    faults: Mapping[int, str] = field(default_factory=dict)
    partners: Sequence[tuple[str, Sequence[int]]] = ()

    def __len__(self) -> int:
        return len(self.lines)

    def keys(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        """What the columns say, row by row."""
        if not columns:
            return [()] * len(self)
        return list(zip(*(self.cells[name] for name in columns), strict=True))

    def changed(self, columns: Mapping[str, Column], faults: Mapping[int, str]) -> Batch:
        """The batch with other cells in some columns, and with these faults."""
        return replace(self, cells={**self.cells, **columns}, faults=faults)


@dataclass(slots=True)
class Memory(Generic[Made]):
    """What was made of texts before: in a column of many rows most repeat. It is emptied when it grows large."""

    made: dict[tuple[str, ...], Made | UnreadableError] = field(default_factory=dict)

    def each(self, batch: Batch, columns: Sequence[str], make: Callable[[Cells], Made]) -> list[Made | UnreadableError]:
        """What `make` makes of each row of the batch, of which it sees `columns`; the error where it cannot."""
        if len(self.made) > _REMEMBERED:
            self.made.clear()
        keys = batch.keys(columns)
        for key in set(keys).difference(self.made):
            try:
                self.made[key] = make(dict(zip(columns, key, strict=True)))
            except UnreadableError as err:
                self.made[key] = err
        return [self.made[key] for key in keys]


def check_columns(name: str, columns: Sequence[str], needed: Iterable[str], spec: FileSpec) -> None:
    """Raise DatasetError where a column that the mapping takes is not there, or stands there twice."""
    taken = [column for column in dict.fromkeys(needed) if column not in spec.add]
    findings = [
        Finding(
            "error",
            "missing_column",
            tr("has no column {column!r}", column=column),
            name,
            hint=_near_columns(column, columns),
        )
        for column in taken
        if column not in columns
    ]
    findings += [
        Finding(
            "error",
            "duplicate_column",
            tr("has the column {column!r} twice", column=column),
            name,
            hint=tr("rename one of them"),
        )
        for column in taken
        if columns.count(column) > 1
    ]
    if findings:
        raise DatasetError(tr("the file does not have the columns that the mapping takes"), findings=findings)


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; one that is blank or stands there twice, and is not taken, is called by its number."""
    seen: set[str] = set()
    columns = []
    for place, name in enumerate(names, start=1):
        columns.append(f"{name}#{place}" if not name or name in seen else name)
        seen.add(columns[-1])
    return tuple(columns)


def _near_columns(column: str, columns: Sequence[str]) -> str:
    if len(columns) == 1 and len(columns[0]) > len(column):
        return tr("its only column is {columns!r}: is the delimiter right?", columns=columns[0][:80])
    close = nearest(column, columns)
    return (
        tr("did you mean {close}?", close=either(map(repr, close)))
        if close
        else tr("it has {columns}", columns=", ".join(columns)[:300])
    )
