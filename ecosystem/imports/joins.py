"""The files of a mapping: their rows, columns added, rows of other files joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path

import numpy as np
import pyarrow as pa

from ecosystem.errors import Finding
from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_values import PartlyKnownError, UnreadableError
from ecosystem.imports.cells import Cells, Value, evaluate
from ecosystem.imports.columns import Codes, Column, distinct, evaluated
from ecosystem.imports.first_rows import first_rows, last_line
from ecosystem.imports.graph import BlankedCells
from ecosystem.imports.language import FileSpec, Join
from ecosystem.imports.money_language import Money
from ecosystem.imports.rows import RowReader, Rows, rows_of
from ecosystem.messages import tr
from ecosystem.tables.form import Form
from ecosystem.tables.records import read_blocks

Watch = Callable[[float], None]
"""Called with the part of the files that is read, from 0 to 1."""
Raw = Mapping[tuple[str, int], tuple[str, ...]]
"""File and number of a row -> its cells as they were read."""


@dataclass(slots=True)
class SourceFile:
    """A file of the mapping, one file of the export or several with the same columns; read once.

    `places` are where they are and in which form. `names` are what counts and origins call the files: no two that are
    read differently share one. With a `limit` only so many rows are read.
    """

    spec: FileSpec
    places: Sequence[tuple[Path, Form]]
    names: Sequence[str]
    needed: Sequence[str]
    money: Money | None
    others: Mapping[str, SourceFile] = field(default_factory=dict)
    limit: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    blanked: dict[str, BlankedCells] = field(default_factory=dict)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    _rows: Rows | None = None

    def rows(self, watch: Watch = lambda _: None) -> Rows:
        """All rows; DatasetError where a file is missing, empty, in another encoding or without a column."""
        if self._rows is None:
            rows = reduce(self._with_column, self._added(late=False), self._read(watch))
            rows = reduce(_joined, [(self.others[join.file], key, join) for key, join in self.spec.join.items()], rows)
            self._rows = reduce(self._with_column, self._added(late=True), rows)
        return self._rows

    def forget(self) -> None:
        """Let the rows go, when no table needs them any more."""
        self._rows = None

    def raw(self, wanted: Mapping[str, Sequence[int]]) -> Iterator[tuple[tuple[str, int], tuple[str, ...]]]:
        """The cells of some rows as they stand in the files: file -> numbers of rows, which are read again."""
        for name, (path, form) in zip(self.names, self.places, strict=True):
            numbers = set(wanted.get(name, ()))
            count = -1 if self.spec.header is None else 0
            for block in read_blocks(path, form) if numbers else ():
                for number, record in enumerate(block.records, start=count):
                    if number in numbers:
                        yield (name, number), tuple(record)
                count += len(block.records)
                if count > max(numbers):
                    break

    def _read(self, watch: Watch) -> Rows:
        readers = []
        for place, (name, (path, form)) in enumerate(zip(self.names, self.places, strict=True)):
            left = None if self.limit is None else self.limit - sum(self.counts.values())
            if left is not None and left <= 0:
                break
            reader = RowReader(self.spec, name, self.needed)
            self.findings[name] = []
            blocks = read_blocks(path, form, reader.places if left is None else None)
            for block in first_rows(blocks, left, headed=self.spec.header is None):
                self.findings[name] += [replace(finding, file=name) for finding in block.findings]
                reader.add(block)
                watch((place + block.read) / len(self.places))
            reader.close()
            self.counts[name] = reader.count
            readers.append(reader)
        rows = rows_of(readers, self.spec)
        readers.clear()
        pa.default_memory_pool().release_unused()  # the texts of all rows, of which codes are left
        return rows

    def _added(self, *, late: bool) -> list[tuple[str, CellSpec]]:
        """The columns that the mapping adds: those made of joined columns are late, the others are there to join by."""
        return [(name, cell) for name, cell in self.spec.add.items() if (name in self.spec.added_late) is late]

    def _with_column(self, rows: Rows, added: tuple[str, CellSpec]) -> Rows:
        """The rows with a column that the mapping makes of others; a row of which it cannot be made is at fault."""
        name, cell = added
        blanked = self.blanked[name] = BlankedCells()

        def value(cells: Cells) -> Value | None:
            return evaluate(cell, cells, self.money)

        found = evaluated(rows.cells, cell.columns, len(rows), value)
        texts = ["" if one is None or isinstance(one, UnreadableError) else str(one) for one in found.made]
        faults = {}
        for row, err in found.rows_of_errors().items():
            if not _may_be_blank(cell, err):
                faults[row] = f"{name}: {err}"
                continue
            told = blanked.cell(
                tr("the added column {name}", name=name), "|".join(cell.columns[:1]), err, rows.origin(row)
            )
            told.count += 1
        column = Column(found.of.codes.astype(np.int32), pa.array(texts, pa.string())).unified()
        return rows.changed({name: column}, {**faults, **rows.faults})

    def last_lines(self, rows: int) -> dict[str, int]:
        """The line of the last of the first rows, by the name of each file that has some of them."""
        lines: dict[str, int] = {}
        for name, (path, form) in zip(self.names, self.places, strict=True):
            if rows > 0:
                lines[name], count = last_line(read_blocks(path, form), rows, headed=self.spec.header is None)
                rows -= count
        return lines


def _may_be_blank(cell: CellSpec, err: UnreadableError) -> bool:
    return bool(cell.optional) or (cell.optional is None and isinstance(err, PartlyKnownError))


def _joined(rows: Rows, partner: tuple[SourceFile, str, Join]) -> Rows:
    """The rows with each once for every row of another file that belongs to it, or once with blank cells.

    Rows at fault are nobody's partners and have none.
    """
    file, prefix, join = partner
    other = file.rows()
    keys, theirs = _keys(rows, other, join.on)
    order = np.argsort(theirs, kind="stable")
    order = order[theirs[order] >= 0]
    sorted_keys = theirs[order]
    starts = np.searchsorted(sorted_keys, keys, side="left")
    found = np.where(keys >= 0, np.searchsorted(sorted_keys, keys, side="right") - starts, 0)
    if join.first:
        found = np.minimum(found, 1)
    times = np.maximum(found, 1)
    places = np.repeat(np.arange(len(rows)), times)
    within = np.arange(len(places)) - np.repeat(np.cumsum(times) - times, times)
    partners = np.where(found[places] > 0, np.append(order, -1)[np.minimum(starts[places] + within, len(order))], -1)
    cells = {name: column.taken(places) for name, column in rows.cells.items()}
    cells |= {f"{prefix}.{name}": column.taken(partners) for name, column in other.cells.items()}
    firsts = np.cumsum(times) - times
    lines = np.where(partners >= 0, other.lines[partners], 0)
    return replace(
        rows,
        files=rows.files[places],
        numbers=rows.numbers[places],
        lines=rows.lines[places],
        cells=cells,
        faults={int(firsts[row]): fault for row, fault in rows.faults.items()},
        partners=(*((name, own[places]) for name, own in rows.partners), ("|".join(file.names), lines)),
    )


def _keys(rows: Rows, other: Rows, on: Mapping[str, str]) -> tuple[Codes, Codes]:
    """Numbers of what the columns of both sides say: equal where they agree; below 0 where a row has no partner."""
    columns = []
    usable = [rows.sound.copy(), other.sound.copy()]
    for own, their in on.items():
        one, two = rows.cells[own], other.cells[their]
        texts = pa.concat_arrays([one.texts, two.texts])
        both = Column(np.concatenate([one.codes, two.codes + np.int32(len(one.texts))]), texts).unified()
        columns.append(both)
        usable[0] &= ~one.is_blank()
        usable[1] &= ~two.is_blank()
    codes = distinct(columns, len(rows) + len(other)).codes
    mine, theirs = codes[: len(rows)], codes[len(rows) :]
    return np.where(usable[0], mine, -1), np.where(usable[1], theirs, -1)
