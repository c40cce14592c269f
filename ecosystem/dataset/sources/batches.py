"""Some rows of a file of an export, column by column, and what was made of texts that were seen before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from ecosystem.dataset.sources.cells import Cells
from ecosystem.dataset.sources.values import UnreadableError

Made = TypeVar("Made")
Column = Sequence[str]

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
