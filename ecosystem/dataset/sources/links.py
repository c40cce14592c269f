"""Links out of rows: one table of a mapping, every row of its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from ecosystem.dataset.sources.cell_spec import Money
from ecosystem.dataset.sources.cells import Cells, evaluate, keeps
from ecosystem.dataset.sources.files import Row, SourceFile
from ecosystem.dataset.sources.graph import Graph, Link, Mention, Origin, Record, Rejected, Spoken, Tally
from ecosystem.dataset.sources.nodes import NodeTable
from ecosystem.dataset.sources.spec import EndSpec, LinkSpec
from ecosystem.dataset.sources.values import UnreadableError
from ecosystem.errors import Finding
from ecosystem.model import LinkType


@dataclass(slots=True)
class _Event:
    """The links of one event, once each, and what the rows said of the event as a whole."""

    origin: Origin
    whole: Record
    links: dict[tuple[str, str], Link] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkReader:
    """Reads a link table of the mapping into a graph that has all nodes already."""

    spec: LinkSpec
    kind: LinkType
    money: Money | None
    tables: Mapping[str, NodeTable]
    graph: Graph
    tally: Tally = field(default_factory=Tally)
    events: dict[str, _Event] = field(default_factory=dict)

    def read(self, file: SourceFile) -> Tally:
        """Make the links of all rows, divide what the links of an event share, and count."""
        for row in file.rows:
            origin = Origin(file.name, row.line)
            self.tally.rows += 1
            try:
                used = self._row(row, origin)
            except UnreadableError as err:
                self.tally.quarantined += 1
                rejected = Rejected(origin, str(err), file.columns, row.raw)
                self.graph.rejected.setdefault(self.kind.table, []).append(rejected)
                continue
            self.tally.used += used
            self.tally.skipped += not used
            if used:
                self.graph.used.add(origin)
        links = self.graph.links.setdefault(self.kind.name, [])
        for event in self.events.values():
            _divide(event, self.spec.share)
            links.extend(event.links.values())
            self.tally.written += len(event.links)
        return self.tally

    def _row(self, row: Row, origin: Origin) -> bool:
        """Make the links of the row; whether there were any."""
        cells = row.usable()
        if not keeps(self.spec.keep, cells):
            return False
        sources = self._mentions(self.spec.source, "from", row)
        targets = self._mentions(self.spec.target, "to", row)
        if not sources or not targets:
            return False
        record: Record = {
            name: evaluate(cell, cells, self.money, self.kind.properties.get(name))
            for name, cell in self.spec.properties.items()
        }
        event = self._event(row, record, origin)
        for source, target in product(sources, targets):
            self.tally.made += 1
            if (source.id, target.id) in event.links:
                self.tally.repeated += 1
                continue
            named = {} if self.spec.named is None else {self.spec.named: source.named}
            event.links[source.id, target.id] = Link(source.id, target.id, record | named)
        return True

    def _event(self, row: Row, record: Record, origin: Origin) -> _Event:
        """The event that the row belongs to; without `event` every row is one of its own."""
        key = str(row.line)
        if self.spec.event is not None:
            key = row.cells[self.spec.event]
            if not key:
                raise UnreadableError(f"{self.spec.event}: blank, so the row belongs to no event")
        whole = {name: record[name] for name in self.spec.share.values()}
        event = self.events.setdefault(key, _Event(origin, whole))
        for name, value in whole.items():
            if event.whole[name] is None:
                event.whole[name] = value
            elif value is not None and value != event.whole[name]:
                self.graph.findings.append(_event_differs(name, value, event, origin))
        return event

    def _mentions(self, end: EndSpec, side: str, row: Row) -> tuple[Mention, ...]:
        table = self.tables[end.node]
        spoken = table.spoken[row.line] if end.column is None else self._named(end, table, row.cells)
        if spoken.fault is not None:
            raise UnreadableError(f"{side}: the {end.node} of this row did not load: {spoken.fault}")
        return spoken.mentions

    def _named(self, end: EndSpec, table: NodeTable, cells: Cells) -> Spoken:
        """The node of a table that a column names, by the column its id is made of or by a name."""
        text = cells[end.column or ""]
        if not text:
            return Spoken()
        key = table.names.find(text) if end.by == "name" else self._id(table, text)
        if key is None or key not in self.graph.nodes:
            return Spoken(fault=f"none has the {end.by} {text[:40]!r}")
        return Spoken((Mention(key),))

    def _id(self, table: NodeTable, text: str) -> str | None:
        """The id that a node table makes of the text."""
        cell = table.spec.id
        value = None if cell is None else evaluate(cell, dict.fromkeys(cell.columns, text), self.money)
        return None if value is None else str(value)


def _divide(event: _Event, share: Mapping[str, str]) -> None:
    """Give every link of the event the whole, and its even part of it."""
    for part, name in share.items():
        whole = event.whole[name]
        for link in event.links.values():
            link.record[name] = whole
            link.record[part] = whole / len(event.links) if isinstance(whole, int | float) else None


def _event_differs(name: str, value: object, event: _Event, origin: Origin) -> Finding:
    kept = f"{event.whole[name]} in line {event.origin.line} of the same event; the first is kept"
    message = f"is {value}, but {kept}"
    return Finding("warning", "event_differs", message, origin.file, origin.line, name, str(value))
