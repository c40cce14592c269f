"""The rows of the files of an export as columns of codes: read, cleaned, blocks filled down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ecosystem.errors import DatasetError, Finding, mended, nearest
from ecosystem.imports.columns import Codes, Column, coded, row_numbers
from ecosystem.imports.graph import Graph, Origin, Rejected
from ecosystem.imports.language import FileSpec, FillDown
from ecosystem.messages import either, tr
from ecosystem.tables.form import BLOCK, Block

Mask = npt.NDArray[np.bool_]
_MOST_BLOCKS = 1 << 31


@dataclass(frozen=True)
class Rows:
    """All rows of files with the same columns; a row that is joined with several others stands there several times.

    `names` and `headers` are those of the files; `files` says of each row the place of its file among them, `numbers`
    its number there from 0, `lines` its line. `faults` says why a row cannot be used, `partners` the lines of the
    joined rows, file by file, 0 where there is none, `before` the number of records before the first row of a file.
    """

    names: tuple[str, ...]
    headers: tuple[tuple[str, ...], ...]
    files: npt.NDArray[np.int32]
    numbers: Codes
    lines: Codes
    cells: Mapping[str, Column]
    faults: Mapping[int, str] = field(default_factory=dict)
    partners: tuple[tuple[str, Codes], ...] = ()
    before: int = 1

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def sound(self) -> Mask:
        """Which rows have no fault."""
        sound = np.ones(len(self), np.bool_)
        sound[list(self.faults)] = False
        return sound

    def origin(self, row: int) -> Origin:
        """Where a row stands."""
        return Origin(self.names[self.files[row]], int(self.lines[row]))

    def origins(self, rows: Codes) -> Iterator[Origin]:
        """Where some rows stand."""
        files = map(self.names.__getitem__, self.files[rows].tolist())
        return map(Origin, files, self.lines[rows].tolist())

    def blocks(self, rows: Codes) -> Codes:
        """The numbers of the blocks of records in which some rows stand."""
        return self.files[rows].astype(np.int64) * _MOST_BLOCKS + (self.numbers[rows] + self.before) // BLOCK

    def changed(self, columns: Mapping[str, Column], faults: Mapping[int, str]) -> Rows:
        """The rows with other cells in some columns, and with these faults."""
        return replace(self, cells={**self.cells, **columns}, faults=faults)


@dataclass(slots=True)
class RowReader:
    """Takes in the blocks of one file: its columns are checked, and those that are needed are kept."""

    spec: FileSpec
    name: str
    needed: Sequence[str]
    headers: list[tuple[str, ...]] = field(default_factory=list)
    count: int = 0
    lines: list[npt.NDArray[np.int64]] = field(default_factory=list)
    pieces: list[Sequence[pa.Array | pa.ChunkedArray]] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)

    def add(self, block: Block) -> None:
        """Take in the rows of a block. DatasetError where its columns are not those of the mapping."""
        lines, records, faults = block.lines, block.records, dict(block.faults)
        if not self.headers:
            self._learn(block)
            if self.spec.header is None:
                lines, records = lines[1:], records[1:]
                faults = {row - 1: fault for row, fault in faults.items()}
        if len(lines):
            self.pieces.append(self._cells(records, faults) if block.columns is None else block.columns)
            self.lines.append(np.asarray(lines, np.int64))
            self.faults.update({self.count + row: fault for row, fault in faults.items()})
            self.count += len(lines)

    @property
    def taken(self) -> list[str]:
        """The needed columns that the file itself has."""
        return [name for name in dict.fromkeys(self.needed) if any(name in names for names in self.headers)]

    def places(self, width: int) -> list[int] | None:
        """Where the needed columns stand in rows of `width` cells; None where no header has them all."""
        names = next((names for names in self.headers if len(names) == width), ())
        places = [_place(names, name) for name in self.taken]
        return places if names and -1 not in places else None

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

    def _cells(self, records: Sequence[Sequence[str]], faults: dict[int, str]) -> list[pa.Array]:
        """The needed columns of some records."""
        layouts = {len(names): [_place(names, name) for name in self.taken] for names in self.headers}
        needed = [_needed_cells(record, layouts, row, faults) for row, record in enumerate(records)]
        return [_texts(column) for column in zip(*needed, strict=True)] if self.taken else []


def _texts(cells: Sequence[str]) -> pa.Array:
    try:
        return pa.array(cells, pa.string())
    except UnicodeEncodeError:  # half a character, which a text may name by its number
        return pa.array([mended(cell) for cell in cells], pa.string())


def rows_of(readers: Sequence[RowReader], spec: FileSpec) -> Rows:
    """The rows of all files, one behind the other."""
    counts = [reader.count for reader in readers]
    starts = np.cumsum([0, *counts[:-1]])
    headers = tuple(distinct_names(reader.headers[0]) for reader in readers)
    cells: dict[str, Column] = {}
    for name in dict.fromkeys(name for reader in readers for name in reader.taken):
        cells[name] = coded(_chunks(readers, name), spec.missing)
    rows = Rows(
        tuple(reader.name for reader in readers),
        headers,
        np.repeat(np.arange(len(readers), dtype=np.int32), counts),
        np.concatenate([row_numbers(count) for count in counts]),
        np.concatenate([lines for reader in readers for lines in reader.lines]),
        cells,
        {
            int(start) + row: fault
            for start, one in zip(starts, readers, strict=True)
            for row, fault in one.faults.items()
        },
        before=1 if spec.header is None else 0,
    )
    return rows if spec.fill_down is None else _filled(rows, spec.fill_down)


def _chunks(readers: Sequence[RowReader], name: str) -> pa.ChunkedArray:
    """A column of all files, which let go of it."""
    chunks: list[pa.Array] = []
    for reader in readers:
        place = reader.taken.index(name)
        for piece in reader.pieces:
            column = piece[place]
            chunks.extend(column.chunks if isinstance(column, pa.ChunkedArray) else [column])
    return pa.chunked_array(chunks, pa.string())


def _filled(rows: Rows, fill: FillDown) -> Rows:
    """The rows in which blank block columns come from the first row of their block.

    A blank cell of a first row stays blank: it must not take the cell of the block above. The rows under a first row
    that is at fault share its fault, for nobody knows what they belong to.
    """
    begins = ~rows.cells[fill.key].is_blank()
    last = np.maximum.accumulate(np.where(begins, np.arange(len(rows)), -1))
    heads = np.where(rows.files[last] == rows.files, last, -1)
    faults = dict(rows.faults)
    for row in np.flatnonzero((heads < 0) & rows.sound).tolist():
        faults[row] = tr("{key} is blank and there is no row above to take it from", key=fill.key)
    for head in (row for row in rows.faults if begins[row]):
        fault = tr("belongs to line {line}, which {fault}", line=int(rows.lines[head]), fault=rows.faults[head])
        for row in range(head + 1, int(np.searchsorted(last, head, side="right"))):
            if heads[row] == head:
                faults.setdefault(row, fault)
    takes = (heads >= 0) & rows.sound
    sources = np.where(takes, heads, np.arange(len(rows)))
    return rows.changed({name: rows.cells[name].taken(sources) for name in fill.columns}, faults)


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


def reject(graph: Graph, table: str, key: str, rows: Rows, faults: Mapping[int, str]) -> None:
    """Set rows of the file `key` aside that do not load into a table of the dataset."""
    aside = graph.rejected.setdefault(table, []) if faults else []
    for row, reason in sorted(faults.items()):
        header = rows.headers[rows.files[row]]
        aside.append(Rejected(key, rows.origin(row), int(rows.numbers[row]), reason, header))
    at = np.array(sorted(faults), np.int64)
    for place, name in enumerate(rows.names):
        graph.outcomes.reject(name, rows.numbers[at[rows.files[at] == place]])


def use(graph: Graph, rows: Rows, used: Mask) -> None:
    """Let these rows be used."""
    for place, name in enumerate(rows.names):
        graph.outcomes.use(name, rows.numbers[used & (rows.files == place)])


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
