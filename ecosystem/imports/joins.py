"""The files of a mapping: rows batch by batch, columns added, rows of other files joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path

from ecosystem.errors import Finding
from ecosystem.imports.batches import Batch, Column, Made, Memory, Reader
from ecosystem.imports.cell_language import CellSpec, Money
from ecosystem.imports.cell_values import PartlyKnownError, UnreadableError
from ecosystem.imports.cells import Cells, Value, evaluate
from ecosystem.imports.graph import BlankedCells, Origin
from ecosystem.imports.language import FileSpec, Join
from ecosystem.messages import tr
from ecosystem.tables.form import Form
from ecosystem.tables.records import read_blocks

Watch = Callable[[float], None]
"""Called with the part of the files that is read, from 0 to 1."""


@dataclass(slots=True)
class SourceFile:
    """A file of the mapping, one file of the export or several with the same columns; read as often as it is asked.

    `places` are where they are and in which form. `names` are what counts and origins call the files: no two that are
    read differently share one.
    """

    spec: FileSpec
    places: Sequence[tuple[Path, Form]]
    names: Sequence[str]
    needed: Sequence[str]
    money: Money | None
    others: Mapping[str, SourceFile] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    blanked: dict[str, BlankedCells] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    _kept: list[Batch] = field(default_factory=list)

    def batches(self, watch: Watch = lambda _: None) -> Iterator[Batch]:
        """All rows; DatasetError where a file is missing, empty, in another encoding or without a column."""
        partners = [_Partners(join, key, self.others[join.file]) for key, join in self.spec.join.items()]
        late = self._added(late=True)
        for batch in self._plain(watch):
            joined = reduce(lambda rows, partner: partner.join(rows), partners, batch)
            yield reduce(lambda rows, column: column.to(rows), late, joined)

    def _added(self, *, late: bool) -> list[_Added]:
        """The columns that the mapping adds: those made of joined columns are late, the others are there to join by."""
        added = {name: cell for name, cell in self.spec.add.items() if (name in self.spec.added_late) is late}
        self.blanked |= {name: BlankedCells() for name in added}  # a file is read once for every table, and told once
        return [_Added(name, cell, self.money, self.blanked[name]) for name, cell in added.items()]

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
        added = self._added(late=False)
        for place, (name, (path, form)) in enumerate(zip(self.names, self.places, strict=True)):
            reader = Reader(self.spec, name, self.needed)
            self.findings[name] = []
            for block in read_blocks(path, form):
                self.findings[name] += [replace(finding, file=name) for finding in block.findings]
                batch = reader.batch(block)
                watch((place + block.read) / len(self.places))
                if len(batch):
                    yield reduce(lambda rows, column: column.to(rows), added, batch)
            reader.close()
            self.rows[name] = reader.count


@dataclass(slots=True)
class _Added:
    """A column that the mapping makes of others."""

    name: str
    cell: CellSpec
    money: Money | None
    blanked: BlankedCells
    memory: Memory[Value | None] = field(default_factory=Memory)

    def to(self, batch: Batch) -> Batch:
        """The batch with the column; a row of which it cannot be made is at fault."""
        columns = tuple(dict.fromkeys(self.cell.columns))
        made = self.memory.each(batch, columns, self._value)
        texts = ["" if value is None or isinstance(value, UnreadableError) else str(value) for value in made]
        errors = {row: value for row, value in enumerate(made) if isinstance(value, UnreadableError)}
        faults = {row: f"{self.name}: {value}" for row, value in errors.items() if not self._may_be_blank(value)}
        for row in errors.keys() - faults.keys():
            origin = Origin(batch.file, batch.lines[row])
            self.blanked.cell(
                tr("the added column {name}", name=self.name), "|".join(self.cell.columns[:1]), errors[row], origin
            ).count += 1
        return batch.changed({self.name: texts}, {**faults, **batch.faults})

    def _may_be_blank(self, err: UnreadableError) -> bool:
        return self.cell.optional or (self.cell.optional is None and isinstance(err, PartlyKnownError))

    def _value(self, cells: Cells) -> Value | None:
        return evaluate(self.cell, cells, self.money)


class _Partners:
    """The rows of another file, found by what some columns say; those at fault are nobody's partners."""

    def __init__(self, join: Join, prefix: str, other: SourceFile) -> None:
        self._on = list(join.on)
        self._first = join.first
        self._names: list[str] = []
        self._rows: list[tuple[str, ...]] = []
        self._lines: list[int] = []
        self._found: dict[tuple[str, ...], list[int]] = {}
        self._file = "|".join(other.names)
        self._load(other, list(join.on.values()), prefix)

    def _load(self, other: SourceFile, columns: Sequence[str], prefix: str) -> None:
        for batch in other.batches():
            self._names = [f"{prefix}.{name}" for name in batch.cells]
            for row, key in enumerate(batch.keys(columns)):
                if all(key) and row not in batch.faults and not (self._first and key in self._found):
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
