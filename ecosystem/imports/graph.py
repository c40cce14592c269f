"""What an import collects of the rows: nodes by key, what was merged, what went to quarantine, what became of rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ecosystem.errors import Finding
from ecosystem.imports.cell_values import NoDateError, normalise
from ecosystem.imports.cells import Value
from ecosystem.imports.columns import Codes
from ecosystem.messages import tr, tr_count

Record = dict[str, Value | None]

TOLD = 1_000
"""How many distinct texts of a property that cannot be read are told."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A row of a source file."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that does not load into a table, and why: its number in its file, which is `key` of the mapping."""

    key: str
    origin: Origin
    number: int
    reason: str
    columns: tuple[str, ...]


@dataclass(slots=True)
class BlankedCell:
    """A text that cannot be read and is blank in the dataset: why, where it came first, and how often."""

    reason: str
    origin: Origin
    column: str
    of_date: bool = False
    count: int = 0


@dataclass(slots=True)
class BlankedCells:
    """The texts that cannot be read and are blank, each once for every property of a table."""

    cells: dict[str, dict[str, BlankedCell]] = field(default_factory=dict)

    def cell(self, place: str, column: str, err: Exception, origin: Origin) -> BlankedCell:
        """The cell of `place` (table.property) with this reason; who blanks one adds to its `count`."""
        told = self.cells.setdefault(place, {})
        reason = str(err.__cause__ or err)
        if reason not in told and len(told) >= TOLD:
            reason = tr("{told:,} other texts are listed; this is one of the rest: {reason}", told=TOLD, reason=reason)
            return told.setdefault("", BlankedCell(reason, origin, column))
        return told.setdefault(reason, BlankedCell(reason, origin, column, isinstance(err, NoDateError)))

    def findings(self) -> list[Finding]:
        """One warning for each text."""
        return [_blanked(place, cell) for place, told in self.cells.items() for cell in told.values() if cell.count]


def _blanked(place: str, cell: BlankedCell) -> Finding:
    message = tr_count(
        "{reason}; {place} is blank there ({count:,} cell)",
        "{reason}; {place} is blank there ({count:,} cells)",
        cell.count,
        reason=cell.reason,
        place=place,
    )
    hint = (
        tr("say how dates are written with format, keep what is known as a year (as = 'year'), or set optional = false")
        if cell.of_date
        else tr("say in the mapping how such a text is read, or set optional = false: then its rows go to quarantine")
    )
    return Finding("warning", "cell_unread", message, cell.origin.file, cell.origin.line, cell.column, hint=hint)


SAMPLE = "in_sample"


@dataclass(slots=True)
class Node:
    """A node as the rows so far tell it; `origins` are the row that gave it and those that added something to it."""

    label: str
    origin: Origin
    record: Record
    origins: dict[Origin, None] = field(default_factory=dict)
    collected: dict[str, dict[str, None]] = field(default_factory=dict)
    region: str | None = None
    region_origin: Origin | None = None
    differing: dict[str, Origin] = field(default_factory=dict)


class RowOutcomes:
    """What became of each row of each file: it was used, it went to quarantine, or nobody wanted it."""

    _USED, _REJECTED = 1, 2

    def __init__(self) -> None:
        self._files: dict[str, npt.NDArray[np.uint8]] = {}

    def use(self, file: str, numbers: Codes) -> None:
        """Let the rows of these numbers be used, but for those that are in quarantine."""
        self._mark(file, numbers, self._USED)

    def reject(self, file: str, numbers: Codes) -> None:
        """Let the rows be in quarantine."""
        self._mark(file, numbers, self._USED | self._REJECTED)

    def counts(self, file: str) -> tuple[int, int]:
        """How many rows of the file were used, and how many are in quarantine."""
        marks = np.bincount(self._files.get(file, np.zeros(0, np.uint8)), minlength=4)
        return int(marks[self._USED]), int(marks[self._USED | self._REJECTED])

    def _mark(self, file: str, numbers: Codes, mark: int) -> None:
        if not len(numbers):
            return
        marks = self._files.get(file, np.zeros(0, np.uint8))
        if (beyond := int(numbers.max()) + 1 - len(marks)) > 0:
            marks = np.append(marks, np.zeros(beyond, np.uint8))
        marks[numbers] |= mark
        self._files[file] = marks


@dataclass(slots=True)
class Graph:
    """Everything an import has made of the nodes so far, in the order of the source."""

    nodes: dict[str, Node] = field(default_factory=dict)
    rejected: dict[str, list[Rejected]] = field(default_factory=dict)
    outcomes: RowOutcomes = field(default_factory=RowOutcomes)
    findings: list[Finding] = field(default_factory=list)
    blanked: BlankedCells = field(default_factory=BlankedCells)
    refs: dict[NodeRef, int] = field(default_factory=dict)

    def number(self, ref: NodeRef) -> int:
        """The number of a node that rows name, in the order of first sight."""
        return self.refs.setdefault(ref, len(self.refs))

    def put(self, key: str, label: str, record: Record, origin: Origin, collect: Iterable[str] = ()) -> bool:
        """Add what a row says of the node `key`; True where the node is new.

        Of a node that is there already, a property keeps its first value that is not blank; `collect` keeps them all.
        It is in the sample where any row puts it there, and a row that says nothing does.
        """
        node = self.nodes.get(key)
        if node is None:
            node = self.nodes[key] = Node(label, origin, dict(record), {origin: None})
            for name in collect:
                if name in record:
                    node.record[name] = None
                    _collect(node, name, record[name])
            return True
        if node.record.get(SAMPLE) is False and record.get(SAMPLE) is not False:
            node.record[SAMPLE] = record.get(SAMPLE)
        added = False
        for name, value in record.items():
            if name == SAMPLE:
                continue
            if name in collect:
                added |= _collect(node, name, value)
            elif node.record.get(name) is None:
                node.record[name] = value
                added |= value is not None
            elif value is not None and value != node.record[name]:
                node.differing.setdefault(name, origin)
        if added:
            node.origins[origin] = None
        return False

    def locate(self, key: str, region: str, origin: Origin) -> bool:
        """Set the region of a node; False where it has one, which it keeps."""
        node = self.nodes[key]
        if node.region is None:
            node.region, node.region_origin = region, origin
            return True
        if node.region != region:
            node.differing.setdefault("region", origin)
        return False

    def merged(self) -> list[Finding]:
        """One finding for each node whose rows do not agree: which properties, where, and what was kept."""
        return [_differs(key, node) for key, node in self.nodes.items() if node.differing]


def _collect(node: Node, name: str, value: Value | None) -> bool:
    texts = node.collected.setdefault(name, {})
    if value is None or str(value) in texts:
        return False
    texts[str(value)] = None
    node.record[name] = "|".join(texts)
    return True


def _differs(key: str, node: Node) -> Finding:
    origin = next(iter(node.differing.values()))
    name = node.record.get("name") or key
    message = tr(
        "{label} {name} differs from line {line}: {differing}; the first value that is not blank is kept",
        label=node.label,
        name=name,
        line=node.origin.line,
        differing=", ".join(node.differing),
    )
    return Finding("warning", "same_node_differs", message, origin.file, origin.line, value=key)


@dataclass(slots=True)
class Names:
    """Names of the nodes of one node table, normalised; a name of two nodes names neither."""

    _told: list[tuple[Iterable[str], str]] = field(default_factory=list)
    _ids: dict[str, str | None] = field(default_factory=dict)

    def add(self, texts: Iterable[str], key: str) -> None:
        """Let each text, where it is not blank, be a name of the node `key`."""
        self._told.append((texts, key))

    def find(self, text: str) -> str | None:
        """The node that has this name."""
        for texts, key in self._told:  # names are normalised when the first is asked for: of most tables none is
            for name in filter(None, map(normalise, texts)):
                self._ids[name] = key if self._ids.get(name, key) == key else None
        self._told.clear()
        return self._ids.get(normalise(text))


@dataclass(slots=True)
class Tally:
    """Rows and records of one table of the mapping, counted while they come."""

    rows: int = 0
    used: int = 0
    skipped: int = 0
    quarantined: int = 0
    made: int = 0
    repeated: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class NodeRef:
    """A node that a row names, by its id; `named` is False for one that stands for nobody in particular."""

    id: str
    named: bool = True
