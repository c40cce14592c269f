"""Nodes out of rows: one table of a mapping, every row of its file.

What a part of a row says depends on the columns that describe the node: parts that agree in them are read once, however
many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from ecosystem.imports.cell_language import CellSpec, Money, columns_of
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Cells, check_key, evaluate, keeps, may_be_blank
from ecosystem.imports.columns import Codes, distinct, evaluated, first_rows, row_cells
from ecosystem.imports.graph import BlankedCell, Graph, NodeRef, Origin, Record
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
from ecosystem.imports.row_nodes import Lists, RowNodes, lists
from ecosystem.imports.rows import Rows, reject, use
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
    files: Mapping[str, SourceFile]
    tables: dict[str, NodeTable] = field(default_factory=dict)
    rows: dict[str, RowNodes] = field(default_factory=dict)

    def read(self, key: str, spec: NodeSpec, file: SourceFile, watch: Watch) -> None:
        """Read the node table `key` from all rows of its file."""
        table = self.tables[key] = NodeTable(spec, columns_of_a_node(spec), conditions_of_parts(spec))
        label = self.model.labels[spec.label]
        rows = file.rows(watch)
        parts, faults = self._parts(table, label, rows, file.spec.missing)
        self._put_all(table, label, rows, parts)
        reject(self.graph, label.table, self.key_of(file), rows, faults)
        used = parts.counts > 0
        use(self.graph, rows, used)
        self._count(table, rows, parts, len(faults))
        if not label.keyless:
            self.rows[key] = RowNodes(self._nodes(table, parts), faults)
        self._locate_by_nearest(table)

    def key_of(self, file: SourceFile) -> str:
        """The key of a file in the mapping."""
        return next(key for key, one in self.files.items() if one is file)

    def _parts(self, table: NodeTable, label: Label, rows: Rows, missing: list[str]) -> tuple[Lists, dict[int, str]]:
        """Which of `parsed` of the table each row speaks of, part by part; and why rows are set aside."""
        faults = dict(rows.faults)
        wanted = rows.sound.copy()
        whole = [condition for condition in table.spec.keep if condition not in table.of_parts]
        if whole:
            kept = evaluated(rows.cells, columns_of(whole), len(rows), lambda cells: keeps(whole, cells))
            for row, err in kept.rows_of_errors().items():
                faults.setdefault(row, str(err))
            wanted &= kept.where(bool)
        told = distinct([rows.cells[name] for name in table.columns], len(rows), np.flatnonzero(wanted))
        reasons: dict[int, str] = {}
        each: list[list[int]] = []
        for place, parts in enumerate(self._parsed(table, label, rows, told.firsts, missing)):
            if isinstance(parts, str):
                reasons[place] = parts
            each.append([] if isinstance(parts, str) else parts)
        bad = np.zeros(len(told), np.bool_)
        bad[list(reasons)] = True
        faults.update({row: reasons[int(told.codes[row])] for row in told.rows(bad).tolist()} if reasons else {})
        found = lists(each).of(told.codes)
        if table.spec.unnamed is not None:
            found = self._with_unnamed(table, table.spec.unnamed, label, rows, found, faults)
        return found, faults

    def _parsed(
        self, table: NodeTable, label: Label, rows: Rows, firsts: Codes, missing: list[str]
    ) -> Iterator[list[int] | str]:
        """Which of `parsed` each of some rows speaks of, part by part; or the fault for which it is set aside."""
        spec = table.spec
        split = spec.each.columns if spec.each else []
        for row, cells in zip(firsts.tolist(), row_cells(rows.cells, table.columns, firsts), strict=True):
            own = tuple(cells.values())[len(split) :]
            try:
                keys = [part + own for part in parts_of(spec.each, missing, cells)]
            except UnreadableError as err:
                yield str(err)
                continue
            yield self._row(table, label, rows, row, keys)

    def _row(
        self, table: NodeTable, label: Label, rows: Rows, row: int, keys: list[tuple[str, ...]]
    ) -> list[int] | str:
        parts = []
        for key in keys:
            number = table.entries.get(key)
            if number is None:
                number = table.entries[key] = len(table.parsed)
                table.parsed.append(self._entry(table, label, key, rows.origin(row)))
            entry = table.parsed[number]
            if entry.fault is not None:
                return entry.fault
            if not entry.skipped and (entry.draft is not None or table.spec.unnamed is not None):
                parts.append(number)
        return parts

    def _with_unnamed(
        self, table: NodeTable, unnamed: Unnamed, label: Label, rows: Rows, parts: Lists, faults: dict[int, str]
    ) -> Lists:
        """The parts in which one that names nobody is the node of its own that the row gives it."""
        nobody = np.array([entry.draft is None for entry in table.parsed], np.bool_)
        at = np.flatnonzero(nobody[parts.items]) if len(parts.items) else np.zeros(0, np.int64)
        of = parts.rows[at]
        sample = table.spec.in_sample.columns if table.spec.in_sample else ()
        names = tuple(dict.fromkeys((*unnamed.id.columns, *unnamed.name.columns, *sample)))
        among = np.unique(of)
        told = distinct([rows.cells[name] for name in names], len(rows), among)
        begin = len(table.parsed)
        for row, cells in zip(told.firsts.tolist(), row_cells(rows.cells, names, told.firsts), strict=True):
            table.parsed.append(self._unnamed(table.spec, unnamed, label, cells, rows.origin(row)))
        items = parts.items.copy()
        items[at] = begin + told.codes[of]
        bad = {row: table.parsed[begin + int(told.codes[row])].fault for row in among.tolist()}
        faulty = {row: reason for row, reason in bad.items() if reason is not None}
        faults.update(faulty)
        sound = np.ones(len(rows), np.bool_)
        sound[list(faulty)] = False
        return Lists(parts.counts, items).only(sound)

    def _put_all(self, table: NodeTable, label: Label, rows: Rows, parts: Lists) -> None:
        """Put each part into the graph where it comes first."""
        firsts = first_rows(parts.items, len(table.parsed))
        of = parts.rows
        for number in np.argsort(firsts, kind="stable")[np.count_nonzero(firsts < 0) :].tolist():
            draft = table.parsed[number].draft
            if draft is not None:
                self._put(table, draft, label, rows.origin(int(of[firsts[number]])))

    def _count(self, table: NodeTable, rows: Rows, parts: Lists, quarantined: int) -> None:
        """What became of the rows and their parts."""
        times = np.bincount(parts.items, minlength=len(table.parsed))
        located = np.array([entry.draft is not None and entry.draft.region is not None for entry in table.parsed], bool)
        for entry, count in zip(table.parsed, times.tolist(), strict=True):
            for doubt in entry.draft.doubts if entry.draft else ():
                doubt.count += count
        tally, where = table.tally, table.located
        tally.rows, tally.used, tally.quarantined = len(rows), int(np.count_nonzero(parts.counts)), quarantined
        tally.skipped = tally.rows - tally.used - tally.quarantined
        tally.made = int(times.sum())
        tally.repeated = tally.made - tally.written
        where.rows, where.made = tally.used, int(times[located].sum())
        placed = np.zeros(len(rows), np.bool_)
        placed[parts.rows[located[parts.items]]] = True
        where.used = int(np.count_nonzero(placed))
        where.repeated = where.made - where.written
        where.skipped = where.rows - where.used

    def _nodes(self, table: NodeTable, parts: Lists) -> Lists:
        """The nodes of each row, each once, by their numbers in the graph."""
        numbers = [0 if entry.draft is None else self.graph.number(entry.draft.ref) for entry in table.parsed]
        return Lists(parts.counts.astype(np.int32), np.array(numbers, np.int32)[parts.items]).distinct()

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

    def _unnamed(self, spec: NodeSpec, unnamed: Unnamed, label: Label, cells: Cells, origin: Origin) -> ParsedPart:
        """The node that stands for nobody in particular in this row."""
        try:
            key = self._key(unnamed.id, cells)
            if key is None:
                return ParsedPart(
                    None, tr("{columns}: blank, so the unnamed node has no id", columns="|".join(unnamed.id.columns))
                )
            self._claim(key, label)
            own = {"name": unnamed.name} | ({"in_sample": spec.in_sample} if spec.in_sample else {})
            record, _ = self._record(own, label, cells, origin)
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
        if draft.region is not None and not self.places.tells_less(draft.region, self.graph.nodes[key].region):
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


def _number(column: str) -> CellSpec:
    return CellSpec.model_validate({"column": column, "as": "number"})
