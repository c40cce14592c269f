"""Links out of rows: one table of a mapping, every row of its file, written while they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path

from ecosystem.errors import Finding
from ecosystem.imports.batches import Batch, Memory
from ecosystem.imports.cell_language import CellSpec, Money, columns_of
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Cells, Value, evaluate, keeps, may_be_blank
from ecosystem.imports.events import settle
from ecosystem.imports.graph import Graph, NodeRef, Origin, RowNodes, Tally
from ecosystem.imports.joins import SourceFile, Watch
from ecosystem.imports.language import EndSpec, LinkSpec
from ecosystem.imports.link_file import LinkFile
from ecosystem.imports.node_table import NodeTable
from ecosystem.imports.source_nodes import NodeReader
from ecosystem.messages import tr, tr_count
from ecosystem.model import LinkType, Property, PropertyType

_Made = Value | None | UnreadableError


@dataclass(frozen=True, slots=True)
class _Property:
    """A property of the links, and what was made for it before."""

    cell: CellSpec
    kind: Property | None
    money: Money | None
    memory: Memory[Value | None] = field(default_factory=Memory)

    def of(self, batch: Batch) -> list[_Made]:
        """The value of each row, or why there is none."""
        return self.memory.each(batch, tuple(dict.fromkeys(self.cell.columns)), self._value)

    def _value(self, cells: Cells) -> Value | None:
        return evaluate(self.cell, cells, self.money, self.kind)

    def take_out(self, values: list[_Made]) -> dict[int, UnreadableError]:
        """What is blank among the values though its cell is not, row by row, and why."""
        errors = {
            row: value
            for row, value in enumerate(values)
            if isinstance(value, UnreadableError) and may_be_blank(self.cell, self.kind, value)
        }
        for row in errors:
            values[row] = None
        return errors


@dataclass(slots=True)
class LinkReader:
    """Reads a link table of the mapping; the graph has all nodes already."""

    spec: LinkSpec
    kind: LinkType
    money: Money | None
    nodes: NodeReader
    graph: Graph
    types: Mapping[str, PropertyType]
    tally: Tally = field(default_factory=Tally)
    to_itself: list[Origin] = field(default_factory=list)
    _keep: Memory[bool] = field(default_factory=Memory)
    _named: Memory[RowNodes] = field(default_factory=Memory)
    _properties: dict[str, _Property] = field(default_factory=dict)

    def read(self, file: SourceFile, path: Path, watch: Watch) -> Tally:
        """Write the links of all rows to the Parquet file `path`, share out what an event has as a whole, and count."""
        self._properties = {
            name: _Property(cell, self.kind.properties.get(name), self.money)
            for name, cell in self.spec.properties.items()
        }
        own = {name: kind for name, kind in self.types.items() if name in self._written()}
        with LinkFile(path, own, events=self.spec.event is not None, partners=len(file.spec.join)) as out:
            for batch in file.batches(watch):
                self._batch(batch, file.spec.missing, out)
            self.tally.written = self.tally.made = out.count
        if self.to_itself:
            self.graph.findings.append(_loops(self.kind.table, self.to_itself))
        if self.spec.event is not None:
            settled = settle(path, self.spec.share)
            self.tally.written = settled.links
            self.graph.findings.extend(settled.findings)
        self.tally.repeated = self.tally.made - self.tally.written
        return self.tally

    def _written(self) -> set[str]:
        return {*self.spec.properties, *self.spec.share, *((self.spec.named,) if self.spec.named else ())}

    def _batch(self, batch: Batch, missing: list[str], out: LinkFile) -> None:
        kept = self._keep.each(batch, columns_of(self.spec.keep), lambda cells: keeps(self.spec.keep, cells))
        sources = self._nodes_at(self.spec.source, batch, missing)
        targets = self._nodes_at(self.spec.target, batch, missing)
        values = {name: entry.of(batch) for name, entry in self._properties.items()}
        blanks = {name: entry.take_out(values[name]) for name, entry in self._properties.items()}
        broken = {
            row for column in values.values() for row, value in enumerate(column) if isinstance(value, UnreadableError)
        }
        events = None if self.spec.event is None else batch.cells[self.spec.event]
        rows, pairs, used = [], [], []
        for row, (keep, source, target) in enumerate(zip(kept, sources, targets, strict=True)):
            reason = batch.faults.get(row) or self._why_not(keep, source, target)
            between = self._between(source, target)
            if reason is None and keep and between:
                reason = self._fault(row, values if row in broken else {}, events)
            elif reason is None:
                continue
            if reason is not None:
                self._reject(batch, row, reason)
                continue
            used.append(row)
            if any(one.id == other.id for one, other in between):
                self.to_itself.append(Origin(batch.file, batch.lines[row]))
            rows.extend([row] * len(between))
            pairs.extend(between)
        self._tell(batch, blanks, used)
        self._count(batch, len(used))
        self.graph.outcomes.use(batch.file, (batch.rows[row] for row in used))
        self._write(batch, rows, pairs, values, events, out)

    def _between(self, source: RowNodes, target: RowNodes) -> list[tuple[NodeRef, NodeRef]]:
        """The ends of the links of a row. The ends of a pair stand in one order, so that an event tells it again."""
        if not self.spec.pairs:
            return list(product(source.nodes, target.nodes))
        distinct = {node.id: node for node in source.nodes}
        return list(combinations([distinct[key] for key in sorted(distinct)], 2))

    def _why_not(self, keep: bool | UnreadableError, source: RowNodes, target: RowNodes) -> str | None:
        """Why a row that is wanted has no link; None where it has one or is not wanted."""
        if isinstance(keep, UnreadableError):
            return str(keep)
        if not keep:
            return None
        for side, end, named in (("from", self.spec.source, source), ("to", self.spec.target, target)):
            if named.fault is not None:
                return tr(
                    "{side}: the {node} of this row did not load: {fault}",
                    side=side,
                    node="|".join(end.node),
                    fault=named.fault,
                )
        return None

    def _tell(self, batch: Batch, blanks: Mapping[str, Mapping[int, UnreadableError]], used: Sequence[int]) -> None:
        """Remember which properties of the rows that have links are blank though their cells are not."""
        for name, errors in blanks.items():
            place, column = f"{self.kind.table}.{name}", "|".join(self.spec.properties[name].columns[:1])
            for row in used if errors else ():
                if row in errors:
                    origin = Origin(batch.file, batch.lines[row])
                    self.graph.blanked.cell(place, column, errors[row], origin).count += 1

    def _count(self, batch: Batch, used: int) -> None:
        self.tally.rows += len(batch)
        self.tally.used += used
        self.tally.skipped = self.tally.rows - self.tally.used - self.tally.quarantined

    def _reject(self, batch: Batch, row: int, reason: str) -> None:
        self.tally.quarantined += 1
        origin = Origin(batch.file, batch.lines[row])
        self.graph.reject(self.kind.table, origin, batch.rows[row], reason, batch.header, batch.raw[row])

    def _fault(self, row: int, values: Mapping[str, Sequence[_Made]], events: Sequence[str] | None) -> str | None:
        """Why a row that speaks of both ends makes no link all the same."""
        for column in values.values():
            if isinstance(column[row], UnreadableError):
                return str(column[row])
        if events is not None and not events[row]:
            return tr("{event}: blank, so the row belongs to no event", event=self.spec.event)
        return None

    def _write(
        self,
        batch: Batch,
        rows: Sequence[int],
        pairs: Sequence[tuple[NodeRef, NodeRef]],
        values: Mapping[str, Sequence[_Made]],
        events: Sequence[str] | None,
        out: LinkFile,
    ) -> None:
        properties: dict[str, Sequence[object]] = {
            name: [column[row] for row in rows] for name, column in values.items()
        }
        if self.spec.named is not None:
            properties[self.spec.named] = [source.named for source, _ in pairs]
        origins = [([batch.file] * len(rows), [batch.lines[row] for row in rows])]
        origins += [([name] * len(rows), [lines[row] for row in rows]) for name, lines in batch.partners]
        out.write(
            [source.id for source, _ in pairs],
            [target.id for _, target in pairs],
            properties,
            None if events is None else [events[row] for row in rows],
            origins,
        )

    def _nodes_at(self, end: EndSpec, batch: Batch, missing: list[str]) -> list[RowNodes]:
        """The nodes that stand at one end of the links of each row."""
        if end.column is not None:
            tables = [self.nodes.tables[name] for name in end.node]
            named = _Named(end, tables, self.money, self.graph)
            memory = self._named if end is self.spec.source else Memory[RowNodes]()
            found = memory.each(batch, (end.column,), named.find)
            return [RowNodes(fault=str(one)) if isinstance(one, UnreadableError) else one for one in found]
        parts = [self.nodes.nodes_of_rows(name, batch, missing) for name in end.node]
        return parts[0] if len(parts) == 1 else [_joined(several) for several in zip(*parts, strict=True)]


@dataclass(frozen=True, slots=True)
class _Named:
    """Finds the node that a column names, by the column that its id is made of or by a name."""

    end: EndSpec
    tables: Sequence[NodeTable]
    money: Money | None
    graph: Graph

    def find(self, cells: Cells) -> RowNodes:
        """The node; UnreadableError where no table has one."""
        text = cells[self.end.column or ""]
        if not text:
            return RowNodes()
        for table in self.tables:
            key = table.names.find(text) if self.end.by == "name" else self._id(table, text)
            node = None if key is None else self.graph.nodes.get(key)
            if node is not None and key is not None:
                return RowNodes((NodeRef(key),))
        raise UnreadableError(tr("none has the {by} {text!r}", by=self.end.by, text=text[:40]))

    def _id(self, table: NodeTable, text: str) -> str | None:
        """The id that a node table makes of the text."""
        cell = table.spec.id
        value = None if cell is None else evaluate(cell, dict.fromkeys(cell.columns, text), self.money)
        return None if value is None else str(value)


def _loops(table: str, origins: Sequence[Origin]) -> Finding:
    message = tr_count(
        "{count:,} row made a link of a node with itself in {table}",
        "{count:,} rows made a link of a node with itself in {table}",
        len(origins),
        table=table,
    )
    hint = tr("keep = { column = ..., unlike = ... } leaves such rows out; pairs = true is for the parties of one cell")
    return Finding("warning", "self_link", message, origins[0].file, origins[0].line, hint=hint)


def _joined(parts: Sequence[RowNodes]) -> RowNodes:
    """The nodes of one row in several tables, together."""
    fault = next((one.fault for one in parts if one.fault is not None), None)
    return RowNodes(tuple(dict.fromkeys(node for one in parts for node in one.nodes)), fault)
