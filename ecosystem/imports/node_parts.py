"""The parts of rows that speak of nodes of one table: a row as it is, or each part of its cells that are split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecosystem.imports.cell_values import UnreadableError, split
from ecosystem.imports.cells import Cells
from ecosystem.imports.columns import Codes, Column, row_cells
from ecosystem.imports.language import Each
from ecosystem.messages import tr
from ecosystem.tables.record_paths import ITEM, LIST


@dataclass(frozen=True, slots=True)
class Parts:
    """Distinct parts: column -> the text of each, and how many there are; which each row has, or why it has none."""

    texts: Mapping[str, Sequence[str]]
    count: int
    of_rows: Sequence[Sequence[int] | str]


def distinct_parts(
    each: Each | None, columns: Sequence[str], missing: list[str], cells: Mapping[str, Column], rows: Codes
) -> Parts:
    """The parts of some rows, of which no two say the same; `columns` are those that are split, then the others."""
    if each is None:
        texts = {name: cells[name].at(rows) for name in columns}
        return Parts(texts, len(rows), [(row,) for row in range(len(rows))])
    numbers: dict[tuple[str, ...], int] = {}
    of_rows: list[Sequence[int] | str] = []
    for row in row_cells(cells, columns, rows):
        own = tuple(row.values())[len(each.columns) :]
        try:
            parts = [part + own for part in parts_of(each, missing, row)]
        except UnreadableError as err:
            of_rows.append(str(err))
            continue
        of_rows.append([numbers.setdefault(part, len(numbers)) for part in parts])
    split_texts = zip(*numbers, strict=True) if numbers else ((),) * len(columns)
    return Parts(dict(zip(columns, split_texts, strict=True)), len(numbers), of_rows)


def _elements(column: str, cell: str, each: Each) -> list[str]:
    """The parts of a cell; a list of a nested record has its elements, each of which is split where `by` says so."""
    if LIST not in column:
        return split(cell, each.by, each.keep_with)
    elements = [element.strip() for element in cell.split(ITEM)]
    by_words = "by" in each.model_fields_set
    if not by_words:
        return elements
    return [part for element in elements for part in split(element, each.by, each.keep_with)]


def parts_of(each: Each, missing: list[str], cells: Cells) -> list[tuple[str, ...]]:
    """The cells of each part of a row that is split, the columns zipped; empty parts (`a,,b`) do not count.

    Cells that are blank as a whole are one part. Columns with different numbers of parts cannot be zipped, unless one
    is blank: then it is blank in every part.
    """
    split_cells = {column: _elements(column, cells[column], each) for column in each.columns if cells[column]}
    counts = {column: len(texts) for column, texts in split_cells.items()}
    if len(set(counts.values())) > 1:
        parts = ", ".join(f"{column} has {count}" for column, count in counts.items())
        raise UnreadableError(tr("the parts of {counts} do not pair: {parts}", counts=", ".join(counts), parts=parts))
    blank = dict.fromkeys(each.columns, "")
    found = []
    for texts in zip(*split_cells.values(), strict=True):
        if any(texts):
            words = ("" if text in missing else text for text in texts)
            part = blank | dict(zip(split_cells, words, strict=True))
            found.append(tuple(part[column] for column in each.columns))
    return found or [tuple("" for _ in each.columns)]
