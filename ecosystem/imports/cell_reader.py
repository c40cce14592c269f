"""A cell of a mapping read for many rows: at once where it only takes a text, else once for the same texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Value, are_keys, evaluate, is_taken, taken_texts
from ecosystem.imports.money_language import Money
from ecosystem.model import Property

Texts = Mapping[str, Sequence[str]]
"""Column -> the text of each row."""
_MOST = 50_000
"""So many distinct texts of a cell are remembered."""


@dataclass(frozen=True, slots=True)
class CellReader:
    """The values of a cell, row by row; `taken` are all of them where nothing has to be read."""

    cell: CellSpec
    columns: tuple[str, ...]
    texts: Sequence[Sequence[str]]
    money: Money | None
    kind: Property | None
    taken: Sequence[Value | None] | None
    _known: dict[tuple[str, ...], Value | UnreadableError | None] = field(default_factory=dict)

    def at(self, row: int) -> Value | None:
        """The value that the cell makes of a row, None where there is nothing; UnreadableError with the reason."""
        if self.taken is not None:
            return self.taken[row]
        own = tuple([texts[row] for texts in self.texts])
        if own not in self._known:
            return self._read(own)
        known = self._known[own]
        if isinstance(known, UnreadableError):
            raise known
        return known

    @property
    def only_keys(self) -> bool:
        """Whether it is known of all values that they can be ids."""
        return self.taken is not None and are_keys([str(value) for value in self.taken if value is not None])

    def _read(self, own: tuple[str, ...]) -> Value | None:
        made: Value | UnreadableError | None
        try:
            made = evaluate(self.cell, dict(zip(self.columns, own, strict=True)), self.money, self.kind)
        except UnreadableError as err:
            made = err
        if len(self._known) < _MOST:
            self._known[own] = made
        if isinstance(made, UnreadableError):
            raise made
        return made


def cell_reader(cell: CellSpec, texts: Texts, money: Money | None, kind: Property | None = None) -> CellReader:
    """The reader of a cell for rows with these texts."""
    taken = taken_texts(cell, texts[cell.column]) if cell.column is not None and is_taken(cell, kind) else None
    columns = tuple(dict.fromkeys(cell.columns))
    return CellReader(cell, columns, [texts[column] for column in columns], money, kind, taken)
