"""What is known of one node table of a mapping while rows are read, and which cells of a row speak of a node."""

from __future__ import annotations

from dataclasses import dataclass, field

from ecosystem.imports.cell_language import Condition, columns_of
from ecosystem.imports.cell_values import UnreadableError, split
from ecosystem.imports.cells import Cells
from ecosystem.imports.graph import BlankedCell, Names, NodeRef, Record, Tally
from ecosystem.imports.language import Each, NodeSpec
from ecosystem.imports.locations import DoubtfulPlace
from ecosystem.imports.nearest import Points
from ecosystem.messages import tr
from ecosystem.tables.record_paths import ITEM, LIST


@dataclass(frozen=True, slots=True)
class NodeDraft:
    """A node as read from one part of a row; the record is missing where another table has the node."""

    ref: NodeRef
    record: Record | None = None
    names: tuple[str, ...] = ()
    region: str | None = None
    doubts: tuple[DoubtfulPlace | BlankedCell, ...] = ()
    point: tuple[float, float] | None = None


@dataclass(slots=True)
class ParsedPart:
    """What was read from parts of rows with the same cells: a node, none, or a fault.

    `skipped` is true for parts that the mapping does not keep.
    """

    draft: NodeDraft | None
    fault: str | None = None
    skipped: bool = False


@dataclass(slots=True)
class NodeTable:
    """A node table of the mapping while rows are read: what was understood before, names, counts.

    `entries` says of the cells of a part which one of `parsed` was read from them.
    """

    spec: NodeSpec
    columns: tuple[str, ...]
    of_parts: tuple[Condition, ...] = ()
    entries: dict[tuple[str, ...], int] = field(default_factory=dict)
    parsed: list[ParsedPart] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    tally: Tally = field(default_factory=Tally)
    located: Tally = field(default_factory=Tally)
    points: Points = field(default_factory=Points)


def columns_of_a_node(spec: NodeSpec) -> tuple[str, ...]:
    """The columns that say what a node is, those that are split first; not those that only say whether a row counts.

    Those that say whether a part counts are among them.
    """
    split_columns = spec.each.columns if spec.each else []
    own = (column for cell in spec.cells.values() for column in cell.columns)
    places = (column for place in spec.region for column in place.used_columns)
    parts = columns_of(conditions_of_parts(spec))
    return tuple(dict.fromkeys([*split_columns, *own, *spec.names, *places, *parts]))


def conditions_of_parts(spec: NodeSpec) -> tuple[Condition, ...]:
    """The conditions of `keep` that look at a column that is split: they are asked of every part."""
    split_columns = set(spec.each.columns) if spec.each else set()
    return tuple(condition for condition in spec.keep if split_columns & set(condition.columns))


def _elements(column: str, cell: str, each: Each) -> list[str]:
    """The parts of a cell; a list of a nested record has its elements, each of which is split where `by` says so."""
    if LIST not in column:
        return split(cell, each.by, each.keep_with)
    elements = [element.strip() for element in cell.split(ITEM)]
    by_words = "by" in each.model_fields_set
    if not by_words:
        return elements
    return [part for element in elements for part in split(element, each.by, each.keep_with)]


def parts_of(each: Each | None, missing: list[str], cells: Cells) -> list[tuple[str, ...]]:
    """The cells of each part of a row that is split, the columns zipped; empty parts (`a,,b`) do not count.

    Cells that are blank as a whole are one part. Columns with different numbers of parts cannot be zipped, unless one
    is blank: then it is blank in every part.
    """
    if each is None:
        return [()]
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
