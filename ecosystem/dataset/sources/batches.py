"""Rows out of the files of an export, batch by batch: cells cleaned, blocks filled, columns added, rows joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import Generic, TypeVar

from ecosystem.dataset.sources.cell_spec import CellSpec, Money
from ecosystem.dataset.sources.cells import Cells, Value, evaluate
from ecosystem.dataset.sources.files import Block, check_columns, read_blocks
from ecosystem.dataset.sources.spec import FileSpec, FillDown
from ecosystem.dataset.sources.values import UnreadableError
from ecosystem.errors import DatasetError

Made = TypeVar("Made")
Column = Sequence[str]
Watch = Callable[[float], None]
"""Called with the part of the files that is read, from 0 to 1."""

_REMEMBERED = 200_000


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


@dataclass(slots=True)
class SourceFile:
    """A file of the mapping, one file of the export or several with the same columns; read as often as it is asked."""

    spec: FileSpec
    paths: Sequence[Path]
    needed: Sequence[str]
    money: Money | None
    others: Mapping[str, SourceFile] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    _kept: list[Batch] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of its files."""
        return [path.name for path in self.paths]

    def batches(self, watch: Watch = lambda _: None) -> Iterator[Batch]:
        """All rows; DatasetError where a file is missing, empty, in another encoding or without a column."""
        partners = [_Partners(join.on, key, self.others[join.file]) for key, join in self.spec.join.items()]
        for batch in self._plain(watch):
            yield reduce(lambda rows, partner: partner.join(rows), partners, batch)

    def _plain(self, watch: Watch) -> Iterator[Batch]:
        """The rows before they are joined; those of a file that is one batch are kept."""
        if self._kept:
            yield from self._kept
            return
        self.rows.clear()
        last: Batch | None = None
        count = 0
        for batch in self._read(watch):
            last, count = batch, count + 1
            yield batch
        if count == 1 and last is not None:
            self._kept.append(last)

    def _read(self, watch: Watch) -> Iterator[Batch]:
        added = [_Added(name, cell, self.money) for name, cell in self.spec.add.items()]
        for place, path in enumerate(self.paths):
            reader = _Reader(self.spec, path.name, self.needed)
            for block in read_blocks(self.spec, path):
                batch = reader.batch(block)
                watch((place + block.read) / len(self.paths))
                if len(batch):
                    yield reduce(lambda rows, column: column.to(rows), added, batch)
            reader.close()
            self.rows[path.name] = reader.count


@dataclass(slots=True)
class _Reader:
    """Makes batches out of the blocks of one file."""

    spec: FileSpec
    name: str
    needed: Sequence[str]
    headers: list[tuple[str, ...]] = field(default_factory=list)
    count: int = 0
    head: _Head | None = None

    def batch(self, block: Block) -> Batch:
        """The rows of the block."""
        lines, records = block.lines, block.records
        if not self.headers:
            self._learn(records[0])
            if self.spec.header is None:
                lines, records = lines[1:], records[1:]
        faults: dict[int, str] = {}
        cells = self._cells(records, faults)
        batch = Batch(
            self.name, self.headers[0], range(self.count, self.count + len(lines)), lines, records, cells, faults
        )
        self.count += len(lines)
        return batch if self.spec.fill_down is None else self._filled(batch, self.spec.fill_down)

    def close(self) -> None:
        """Raise DatasetError where the file had no rows."""
        if not self.headers:
            raise DatasetError(f"{self.name} is empty", hint="export it again, or name another file")
        if not self.count:
            raise DatasetError(f"{self.name} has a header, but no rows", hint="export it again")

    def _learn(self, first: Sequence[str]) -> None:
        given = [first] if self.spec.header is None else self.spec.header
        self.headers = [tuple(name.strip() for name in names) for names in given]
        own = [name for name in self.needed if not any(name.startswith(f"{key}.") for key in self.spec.join)]
        several = dict.fromkeys(name for names in self.headers for name in names)
        check_columns(self.name, self.headers[0] if len(self.headers) == 1 else tuple(several), own, self.spec)

    def _cells(self, records: Sequence[Sequence[str]], faults: dict[int, str]) -> dict[str, Column]:
        """The needed columns without white space around the cells and without the words for missing."""
        wanted = [name for name in dict.fromkeys(self.needed) if any(name in names for names in self.headers)]
        layouts = {len(names): [_place(names, name) for name in wanted] for names in self.headers}
        lengths = {len(record) for record in records}
        if len(layouts) == 1 and lengths <= set(layouts):
            columns = list(zip(*records, strict=True)) or [()] * len(self.headers[0])
            (places,) = layouts.values()
            texts: list[Sequence[str]] = [columns[place] for place in places]
        else:
            told = [_told(record, layouts, row, faults) for row, record in enumerate(records)]
            texts = list(zip(*told, strict=True)) or [() for _ in wanted]
        return {name: self._cleaned(column) for name, column in zip(wanted, texts, strict=True)}

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
                faults[row] = f"{fill.key} is blank and there is no row above to take it from"
            elif self.head.fault is not None:
                faults[row] = f"belongs to line {self.head.line}, which {self.head.fault}"
            else:
                for name, cells in columns.items():
                    cells[row] = self.head.cells[name]
        return _changed(batch, columns, faults)


@dataclass(frozen=True, slots=True)
class _Head:
    """The first row of a block."""

    line: int
    cells: Cells
    fault: str | None


def _told(
    record: Sequence[str], layouts: Mapping[int, Sequence[int]], row: int, faults: dict[int, str]
) -> Sequence[str]:
    """The needed cells of a record; one of a length that no header has is at fault, and is read by the first header."""
    places = layouts.get(len(record))
    if places is not None:
        return [record[place] if place >= 0 else "" for place in places]
    expected = " or ".join(str(length) for length in layouts)
    faults[row] = f"has {len(record)} cells, the file has {expected} columns"
    first = next(iter(layouts.values()))
    return [record[place] if 0 <= place < len(record) else "" for place in first]


def _place(names: Sequence[str], name: str) -> int:
    """Where a column stands in a header, -1 where the header has not got it."""
    return names.index(name) if name in names else -1


def _changed(batch: Batch, columns: Mapping[str, Column], faults: Mapping[int, str]) -> Batch:
    cells = {**batch.cells, **columns}
    return Batch(batch.file, batch.header, batch.rows, batch.lines, batch.raw, cells, faults, batch.partners)


@dataclass(slots=True)
class _Added:
    """A column that the mapping makes of others."""

    name: str
    cell: CellSpec
    money: Money | None
    memory: Memory[Value | None] = field(default_factory=Memory)

    def to(self, batch: Batch) -> Batch:
        """The batch with the column; a row of which it cannot be made is at fault."""
        columns = tuple(dict.fromkeys(self.cell.columns))
        made = self.memory.each(batch, columns, self._value)
        texts = ["" if value is None or isinstance(value, UnreadableError) else str(value) for value in made]
        faults = {row: f"{self.name}: {value}" for row, value in enumerate(made) if isinstance(value, UnreadableError)}
        return _changed(batch, {self.name: texts}, {**faults, **batch.faults})

    def _value(self, cells: Cells) -> Value | None:
        return evaluate(self.cell, cells, self.money)


class _Partners:
    """The rows of another file, found by what some columns say; those at fault are nobody's partners."""

    def __init__(self, on: Mapping[str, str], prefix: str, other: SourceFile) -> None:
        self._on = list(on)
        self._names: list[str] = []
        self._rows: list[tuple[str, ...]] = []
        self._lines: list[int] = []
        self._found: dict[tuple[str, ...], list[int]] = {}
        self._file = "|".join(other.names)
        self._load(other, list(on.values()), prefix)

    def _load(self, other: SourceFile, columns: Sequence[str], prefix: str) -> None:
        for batch in other.batches():
            self._names = [f"{prefix}.{name}" for name in batch.cells]
            for row, key in enumerate(batch.keys(columns)):
                if all(key) and row not in batch.faults:
                    self._found.setdefault(key, []).append(len(self._lines) + row)
            self._lines.extend(batch.lines)
            self._rows.extend(batch.keys(list(batch.cells)))

    def join(self, batch: Batch) -> Batch:
        """The batch with each row once for every partner, or once with blank cells where there is none."""
        places: list[int] = []
        partners: list[int] = []
        for place, key in enumerate(batch.keys(self._on)):
            found = self._found.get(key, ()) if place not in batch.faults else ()
            places.extend([place] * max(len(found), 1))
            partners.extend(found or (-1,))
        blank = ("",) * len(self._names)
        rows = [self._rows[partner] if partner >= 0 else blank for partner in partners]
        joined: dict[str, Column] = dict(zip(self._names, zip(*rows, strict=True), strict=True)) if rows else {}
        lines = [self._lines[partner] if partner >= 0 else 0 for partner in partners]
        return Batch(
            batch.file,
            batch.header,
            _taken(batch.rows, places),
            _taken(batch.lines, places),
            _taken(batch.raw, places),
            {**{name: _taken(column, places) for name, column in batch.cells.items()}, **joined},
            {row: batch.faults[place] for row, place in enumerate(places) if place in batch.faults},
            [*((file, _taken(own, places)) for file, own in batch.partners), (self._file, lines)],
        )


def _taken(items: Sequence[Made], places: Iterable[int]) -> list[Made]:
    return [items[place] for place in places]
