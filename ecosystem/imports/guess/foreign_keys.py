"""Columns of one table that name rows of another: found by what their cells are, not by how they are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecosystem.imports.guess.cell_looks import CERTAIN
from ecosystem.imports.guess.column_guess import Column
from ecosystem.imports.guess.draft import comment
from ecosystem.imports.guess.list_cells import MOST
from ecosystem.imports.guess.parties import ORGANISATIONS, Table
from ecosystem.imports.guess.vocabulary import plain, table_subject
from ecosystem.messages import tr

_FEW = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose cells are those of a key of another table, and how many of its distinct ones are there."""

    column: Column
    table: Table
    key: Column
    share: float
    distinct: int

    @property
    def sure(self) -> bool:
        """Whether nearly all are there."""
        return self.share >= CERTAIN

    def sentence(self) -> str:
        """What a comment says of it."""
        return tr(
            "{share:.0%} of its {count:,} different texts are in {key} of {table}",
            share=self.share,
            count=self.distinct,
            key=comment(self.key.name),
            table=comment(self.table.name),
        )


def references_of(table: Table, others: Sequence[Table]) -> Mapping[str, Reference]:
    """Column of the table -> the row of another one that it names."""
    found: dict[str, Reference] = {}
    for column in table.columns:
        if column.kind not in ("id", "name", "legal_name", "") or column.cells.distinct < _FEW:
            continue
        tried = [_reference(column, other, key) for other in others if other.key != table.key for key in _keys(other)]
        fits = [one for one in tried if one is not None]
        if fits:
            found[column.name] = max(fits, key=lambda one: (one.share, _akin(column, one.table, one.key)))
    return found


def _keys(table: Table) -> list[Column]:
    """The columns that tell the rows of a table apart: ids, and names."""
    return [one for one in table.columns if one.kind in ("id", "name") and one.cells.unique and one.cells.blank == 0]


def _reference(column: Column, table: Table, key: Column) -> Reference | None:
    """The reference, where most of the texts are in the key; numbers have to be called alike, too."""
    own = set(column.cells.counts)
    share = sum(text in key.cells.counts for text in own) / len(own)
    if share < MOST or (column.cells.whole >= MOST and not _akin(column, table, key)):
        return None
    if (
        column.kind == "id"
        and column.cells.unique
        and column.cells.distinct > key.cells.distinct * CERTAIN
        and not _akin(column, table, key)
    ):
        return None
    return Reference(column, table, key, share, len(own))


def _akin(column: Column, table: Table, key: Column) -> bool:
    """Whether a column is called as the key is, or for what the rows of its table are."""
    subject = table_subject(plain(table.name))
    words = {word.rstrip("s") for word in plain(table.name).split()}
    return (
        column.plain == key.plain
        or (column.subject is not None and column.subject == subject)
        or (column.subject in ORGANISATIONS and subject == "organisation")
        or bool(words & {word.rstrip("s") for word in column.plain.split()} - {"id"})
    )
