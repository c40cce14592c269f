"""Nodes out of rows: one table of a mapping, every row of its file.

What a part of a row says depends on the columns that describe the node: parts that agree in them are read once and
counted, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from ecosystem.imports.batches import Batch
from ecosystem.imports.cell_language import CellSpec, Money, columns_of
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Cells, check_key, evaluate, keeps, may_be_blank
from ecosystem.imports.graph import BlankedCell, Graph, NodeRef, Origin, Record, RowNodes
from ecosystem.imports.joins import SourceFile, Watch
from ecosystem.imports.language import NodeSpec, Unnamed
from ecosystem.imports.locations import DoubtfulPlace, RegionFinder
from ecosystem.imports.nearest import LOCATED_BY, NEAREST, NEAREST_KM
from ecosystem.imports.node_table import (
    NodeDraft,
    NodeTable,
    ParsedPart,
    columns_of_a_node,
    conditions_of_parts,
    parts_of,
)
from ecosystem.messages import tr
from ecosystem.model import Label, Model, Property

_POLE = 90


@dataclass(frozen=True, slots=True)
class NodeReader:
    """Reads the node tables of a mapping into a graph, in the order of the mapping."""

    model: Model
    money: Money | None
    places: RegionFinder
    graph: Graph
    tables: dict[str, NodeTable] = field(default_factory=dict)

    def read(self, key: str, spec: NodeSpec, file: SourceFile, watch: Watch) -> None:
        """Read the node table `key` from all rows of its file."""
        table = self.tables[key] = NodeTable(spec, columns_of_a_node(spec), conditions_of_parts(spec))
        label = self.model.labels[spec.label]
        for batch in file.batches(watch):
            used = [
                batch.rows[row]
                for row, parts in enumerate(self._parsed(table, label, batch, file.spec.missing))
                if self._take(table, label, batch, row, parts)
            ]
            self.graph.outcomes.use(batch.file, used)
            table.tally.rows += len(batch)
            table.tally.used += len(used)
        table.tally.skipped = table.tally.rows - table.tally.used - table.tally.quarantined
        table.tally.repeated = table.tally.made - table.tally.written
        table.located.repeated = table.located.made - table.located.written
        table.located.skipped = table.located.rows - table.located.used
        self._locate_by_nearest(table)

    def nodes_of_rows(self, key: str, batch: Batch, missing: list[str]) -> list[RowNodes]:
        """The nodes of the table `key` that each row of a batch names, or why the row is in quarantine.

        The table has read its file by then.
        """
        table = self.tables[key]
        label = self.model.labels[table.spec.label]
        return [
            RowNodes(fault=parts) if isinstance(parts, str) else RowNodes(_node_refs(parts))
            for parts in self._parsed(table, label, batch, missing)
        ]

    def _parsed(
        self, table: NodeTable, label: Label, batch: Batch, missing: list[str]
    ) -> Iterator[list[ParsedPart] | str]:
        """What was read from each row, part by part; or the fault for which all of the row is set aside."""
        spec = table.spec
        whole = [condition for condition in spec.keep if condition not in table.of_parts]
        kept = table.keep.each(batch, columns_of(whole), lambda cells: keeps(whole, cells))
        columns = spec.each.columns if spec.each else []
        parts = table.parts.each(batch, columns, partial(parts_of, spec.each, missing))
        rest = batch.keys(table.columns[len(columns) :])
        for row, (keep, cut, own) in enumerate(zip(kept, parts, rest, strict=True)):
            fault = batch.faults.get(row)
            if fault is None and isinstance(keep, UnreadableError):
                fault = str(keep)
            if fault is None and keep and isinstance(cut, UnreadableError):
                fault = str(cut)
            if fault is not None:
                yield fault
            elif not keep or isinstance(cut, UnreadableError):
                yield []
            else:
                yield self._row(table, label, batch, row, [part + own for part in cut])

    def _row(
        self, table: NodeTable, label: Label, batch: Batch, row: int, keys: list[tuple[str, ...]]
    ) -> list[ParsedPart] | str:
        parts = []
        for key in keys:
            entry = table.entries.get(key)
            if entry is None:
                origin = Origin(batch.file, batch.lines[row])
                entry = table.entries[key] = self._entry(table, label, key, origin)
            if entry.fault is not None:
                return entry.fault
            if entry.skipped:
                continue
            if entry.draft is None and table.spec.unnamed is not None:
                entry = self._unnamed(table.spec, table.spec.unnamed, label, batch, row)
                if entry.fault is not None:
                    return entry.fault
            if entry.draft is not None:
                parts.append(entry)
        return parts

    def _take(self, table: NodeTable, label: Label, batch: Batch, row: int, parts: list[ParsedPart] | str) -> bool:
        """Put the nodes of a row into the graph, or set the row aside; whether it has any."""
        if isinstance(parts, str):
            table.tally.quarantined += 1
            origin = Origin(batch.file, batch.lines[row])
            self.graph.reject(label.table, origin, batch.rows[row], parts, batch.header, batch.raw[row])
            return False
        if not parts:
            return False
        placed = False
        for entry in parts:
            draft = entry.draft
            if draft is None:
                continue
            if entry.count == 0:
                self._put(table, draft, label, Origin(batch.file, batch.lines[row]))
            entry.count += 1
            table.tally.made += 1
            for doubt in draft.doubts:
                doubt.count += 1
            if draft.region is not None:
                placed = True
                table.located.made += 1
        table.located.rows += 1
        table.located.used += placed
        return True

    def _entry(self, table: NodeTable, label: Label, key: tuple[str, ...], origin: Origin) -> ParsedPart:
        cells = dict(zip(table.columns, key, strict=True))
        try:
            if not keeps(table.of_parts, cells):
                return ParsedPart(None, skipped=True)
            if label.keyless:
                return ParsedPart(self._value(table.spec, label, cells, origin))
            return ParsedPart(self._one(table.spec, label, cells, origin))
        except UnreadableError as err:
            return ParsedPart(None, str(err))

    def _value(self, spec: NodeSpec, label: Label, cells: Cells, origin: Origin) -> NodeDraft:
        """A value of a region, known by region, indicator and year."""
        record, blanked = self._record(spec.cells, label, cells, origin)
        doubts: tuple[DoubtfulPlace, ...] = ()
        if spec.region:
            record["region"], doubts = self.places.locate(spec.region, cells, origin.file, origin.line)
        for name in (known for known, entry in label.properties.items() if entry.required and known != "id"):
            if record.get(name) is None:
                raise UnreadableError(tr("{name} is blank", name=name))
        told = str(record["region"])
        region = told if told in self.places.made else self.places.regions.find(told)
        if region is None:
            raise UnreadableError(tr("{name!r} is no known region, or means several", name=record["region"]))
        record["region"] = region
        year = "" if record.get("year") is None else str(record["year"])
        return NodeDraft(NodeRef(f"{region}|{record['indicator']}|{year}"), record, doubts=(*doubts, *blanked))

    def _one(self, spec: NodeSpec, label: Label, cells: Cells, origin: Origin) -> NodeDraft | None:
        """The node that one part of a row speaks of, None where it names none."""
        key = self._key(spec.id, cells)
        if key is None:
            return None
        record, blanked = self._record(spec.cells, label, cells, origin)
        name = str(record.get("name") or "")
        same = self._same(spec, name)
        if same is not None:
            return NodeDraft(NodeRef(same))
        self._claim(key, label)
        region, doubts = self.places.locate(spec.region, cells, origin.file, origin.line)
        names = (name, *(cells[column] for column in spec.names))
        return NodeDraft(NodeRef(key), record, names, region, (*doubts, *blanked), self._point(spec, cells))

    def _unnamed(self, spec: NodeSpec, unnamed: Unnamed, label: Label, batch: Batch, row: int) -> ParsedPart:
        """The node that stands for nobody in particular in this row."""
        columns = {*unnamed.id.columns, *unnamed.name.columns, *(spec.in_sample.columns if spec.in_sample else ())}
        cells = {name: batch.cells[name][row] for name in columns}
        try:
            key = self._key(unnamed.id, cells)
            if key is None:
                return ParsedPart(
                    None, tr("{columns}: blank, so the unnamed node has no id", columns="|".join(unnamed.id.columns))
                )
            self._claim(key, label)
            own = {"name": unnamed.name} | ({"in_sample": spec.in_sample} if spec.in_sample else {})
            record, _ = self._record(own, label, cells, Origin(batch.file, batch.lines[row]))
            return ParsedPart(NodeDraft(NodeRef(key, named=False), record))
        except UnreadableError as err:
            return ParsedPart(None, str(err))

    def _point(self, spec: NodeSpec, cells: Cells) -> tuple[float, float] | None:
        """Latitude and longitude, where a place of the table is the nearest one."""
        columns = next((place.nearest for place in spec.region if place.nearest is not None), None)
        if columns is None or not all(cells[name] for name in columns):
            return None
        latitude, longitude = (evaluate(_number(name), cells, None) for name in columns)
        if not isinstance(latitude, float) or not isinstance(longitude, float) or abs(latitude) > _POLE:
            raise UnreadableError(tr("{columns}: {latitude} is no latitude", columns=columns[0], latitude=latitude))
        return latitude, longitude

    def _key(self, cell: CellSpec | None, cells: Cells) -> str | None:
        """The id that a cell makes of the row."""
        value = None if cell is None else evaluate(cell, cells, self.money)
        if value is None:
            return None
        check_key(str(value))
        return str(value)

    def _record(
        self, spec: Mapping[str, CellSpec], label: Label, cells: Cells, origin: Origin
    ) -> tuple[Record, list[BlankedCell]]:
        """The properties of a node, and which are blank though their cell is not."""
        known: Mapping[str, Property] = label.properties
        record: Record = {}
        blanked: list[BlankedCell] = []
        for name, cell in spec.items():
            if name == "id":
                continue
            try:
                record[name] = evaluate(cell, cells, self.money, known.get(name))
            except UnreadableError as err:
                if not may_be_blank(cell, known.get(name), err):
                    raise
                record[name] = None
                blanked.append(
                    self.graph.blanked.cell(f"{label.table}.{name}", "|".join(cell.columns[:1]), err, origin)
                )
        return record, blanked

    def _same(self, spec: NodeSpec, name: str) -> str | None:
        """The node of a table above that has this very name."""
        hits = (self.tables[other].names.find(name) for other in spec.same_as)
        return next((hit for hit in hits if hit is not None), None)

    def _claim(self, key: str, label: Label) -> None:
        node = self.graph.nodes.get(key)
        if node is not None and node.label != label.name:
            owner = f"{node.label} {node.record.get('name') or ''}".strip()
            raise UnreadableError(
                tr("the id {key!r} belongs to {owner} already; ids are unique over all labels", key=key, owner=owner)
            )

    def _put(self, table: NodeTable, draft: NodeDraft, label: Label, origin: Origin) -> None:
        key = draft.ref.id
        if draft.record is not None:
            table.tally.written += self.graph.put(key, label.name, draft.record, origin, table.spec.collect)
        table.names.add(draft.names, key)
        if draft.region is not None:
            table.located.written += self.graph.locate(key, draft.region, origin)
        if draft.point is not None:
            table.points.add(key, draft.point, origin)

    def _locate_by_nearest(self, table: NodeTable) -> None:
        """Give each node without a region that of the nearest node of the table that has one, and mark it."""
        place = next((place for place in table.spec.region if place.nearest is not None), None)
        if place is None:
            return
        nodes = self.graph.nodes
        for key in table.points.keys:
            nodes[key].record[LOCATED_BY] = None if nodes[key].region is None else "source"
        located = {key: node.region for key, node in nodes.items() if node.region is not None}
        for key, (other, kilometres) in table.points.nearest(located, place.within_km).items():
            node = nodes[key]
            node.region, node.region_origin = nodes[other].region, table.points.origin(key)
            node.record[LOCATED_BY] = "nearest"
            node.record[NEAREST] = other
            node.record[NEAREST_KM] = kilometres
            table.located.made += 1
            table.located.written += 1
            table.located.used += 1
            table.located.skipped -= 1


def _node_refs(parts: list[ParsedPart]) -> tuple[NodeRef, ...]:
    if len(parts) == 1 and parts[0].draft is not None:
        return (parts[0].draft.ref,)
    return tuple(dict.fromkeys(entry.draft.ref for entry in parts if entry.draft is not None))


def _number(column: str) -> CellSpec:
    return CellSpec.model_validate({"column": column, "as": "number"})
