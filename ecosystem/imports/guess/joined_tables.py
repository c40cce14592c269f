"""Tables that name the rows of a link table, joined with it: who took part in a round of a company elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ecosystem.imports.guess.cell_looks import Cells
from ecosystem.imports.guess.draft import Draft, key, table_of, text
from ecosystem.imports.guess.foreign_keys import Reference, references_of
from ecosystem.imports.guess.parties import Table


@dataclass(frozen=True, slots=True)
class Joined:
    """A table with the columns of another that one of its columns names, and what the entry of its file says of it."""

    table: Table
    other: Table
    line: str

    def own(self, column: str) -> str | None:
        """The column of the other table that a column is; None where it is the table's own."""
        head = f"{self.other.key}."
        return column.removeprefix(head) if column.startswith(head) else None

    def hand_back(self, mine: Draft, others: Draft) -> None:
        """Say in the draft of the other table what its columns are used for here."""
        for name, roles in mine.used.items():
            column = self.own(name)
            if column is not None:
                others.said.pop(column, None)
                for role in roles:
                    others.use(column, role)


def joined(table: Table, tables: Sequence[Table]) -> Joined | None:
    """The table joined with the one link table whose rows it names, which names rows of a third; None without such."""
    found = [one for one in references_of(table, tables).values() if one.sure and _links_on(one.table, table, tables)]
    if len(found) != 1 or any(one.table is table for one in references_of(found[0].table, tables).values()):
        return None
    return _joined(table, found[0])


def _links_on(middle: Table, start: Table, tables: Sequence[Table]) -> bool:
    """Whether a table between two others names the rows of a third."""
    ends = [one.table for one in references_of(middle, tables).values() if one.sure]
    return any(end is not start and end is not middle for end in ends)


def _joined(table: Table, reference: Reference) -> Joined:
    other = reference.table
    rows = dict(zip(other.cells(reference.key), other.rows, strict=True))
    blank = ("",) * len(other.rows[0])
    told = [rows.get(cell, blank) for cell in table.cells(reference.column)]
    columns, places = list(table.columns), dict(table.places)
    width = len(table.rows[0])
    for column in other.columns:
        if column is not reference.key:
            name = f"{other.key}.{column.name}"
            place = other.places[column.name]
            known = frozenset(column.cells.counts)
            cells = Cells([row[place] for row in told if row[place] in known], len(told), column.cells.listed)
            columns.append(replace(column, name=name, cells=cells))
            places[name] = width + place
    both = tuple((*own, *more) for own, more in zip(table.rows, told, strict=True))
    on = f"on = {{ {key(reference.column.name)} = {text(reference.key.name)} }}"
    line = f"join.{other.key} = {table_of([f'file = {text(other.key)}', on])}"
    return Joined(
        replace(table, columns=tuple(columns), rows=both, places=places, event=reference.column.name), other, line
    )
