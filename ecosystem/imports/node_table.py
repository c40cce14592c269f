"""What is known of one node table of a mapping while rows are read, and which columns say what a node is."""

from __future__ import annotations

from dataclasses import dataclass, field

from ecosystem.imports.cell_language import Condition, columns_of
from ecosystem.imports.graph import BlankedCell, Names, NodeRef, Record, Tally
from ecosystem.imports.language import NodeSpec
from ecosystem.imports.locations import DoubtfulPlace
from ecosystem.imports.nearest import Points


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
    """A node table of the mapping while rows are read: what was read from each distinct part of rows, names, counts."""

    spec: NodeSpec
    columns: tuple[str, ...]
    of_parts: tuple[Condition, ...] = ()
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
