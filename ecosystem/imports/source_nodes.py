"""Nodes out of rows: one table of a mapping, every row of its file.

What a part of a row says depends on the columns that describe the node: parts that agree in them are read once, however
many rows there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ecosystem.imports.cell_language import columns_of
from ecosystem.imports.cells import keeps
from ecosystem.imports.columns import Codes, distinct, evaluated, first_rows
from ecosystem.imports.graph import Graph, Origin
from ecosystem.imports.joins import SourceFile, Watch
from ecosystem.imports.language import NodeSpec, Unnamed
from ecosystem.imports.locations import RegionFinder
from ecosystem.imports.money_language import Money
from ecosystem.imports.nearest import LOCATED_BY, NEAREST, NEAREST_KM
from ecosystem.imports.node_drafts import Drafter
from ecosystem.imports.node_parts import Parts, distinct_parts
from ecosystem.imports.node_table import NodeDraft, NodeTable, ParsedPart, columns_of_a_node, conditions_of_parts
from ecosystem.imports.row_nodes import Lists, RowNodes, lists
from ecosystem.imports.rows import Rows, reject, use
from ecosystem.model import Label, Model

_UNREAD = ParsedPart(None, skipped=True)


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
        above = [self.tables[other] for other in spec.same_as]
        drafter = Drafter(table, label, above, self.money, self.places, self.graph, rows)
        parts, faults = self._parts(drafter, rows, file.spec.missing)
        self._put_all(table, label, rows, parts)
        reject(self.graph, label.table, self.key_of(file), rows, faults)
        used = parts.counts > 0
        use(self.graph, rows, used)
        self._count(table, rows, parts, len(faults))
        if not label.keyless:
            self.rows[key] = RowNodes(self._nodes(table, parts), faults)
        table.parsed.clear()
        self._locate_by_nearest(table)

    def key_of(self, file: SourceFile) -> str:
        """The key of a file in the mapping."""
        return next(key for key, one in self.files.items() if one is file)

    def _parts(self, drafter: Drafter, rows: Rows, missing: list[str]) -> tuple[Lists, dict[int, str]]:
        """Which of `parsed` of the table each row speaks of, part by part; and why rows are set aside."""
        table = drafter.table
        faults = dict(rows.faults)
        wanted = rows.sound.copy()
        whole = [condition for condition in table.spec.keep if condition not in table.of_parts]
        if whole:
            kept = evaluated(rows.cells, columns_of(whole), len(rows), lambda cells: keeps(whole, cells))
            for row, err in kept.rows_of_errors().items():
                faults.setdefault(row, str(err))
            wanted &= kept.where(bool)
        told = distinct([rows.cells[name] for name in table.columns], len(rows), np.flatnonzero(wanted))
        parts = distinct_parts(table.spec.each, table.columns, missing, rows.cells, told.firsts)
        each, reasons = _parsed(drafter, parts, told.firsts)
        bad = np.zeros(len(told), np.bool_)
        bad[list(reasons)] = True
        faults.update({row: reasons[int(told.codes[row])] for row in told.rows(bad).tolist()} if reasons else {})
        found = lists(each).of(told.codes)
        if table.spec.unnamed is not None:
            found = _with_unnamed(drafter, table.spec.unnamed, rows, found, faults)
        return found, faults

    def _put_all(self, table: NodeTable, label: Label, rows: Rows, parts: Lists) -> None:
        """Put each part into the graph where it comes first."""
        firsts = first_rows(parts.items, len(table.parsed))
        of = parts.rows
        order = np.argsort(firsts, kind="stable")[np.count_nonzero(firsts < 0) :]
        for number, origin in zip(order.tolist(), rows.origins(of[firsts[order]]), strict=True):
            draft = table.parsed[number].draft
            if draft is not None:
                self._put(table, draft, label, origin)

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
        return Lists(parts.counts, np.array(numbers, np.int32)[parts.items]).distinct()

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


def _parsed(drafter: Drafter, parts: Parts, firsts: Codes) -> tuple[list[Sequence[int]], dict[int, str]]:
    """Which of `parsed` each of some rows speaks of, part by part; and the faults for which rows are set aside."""
    table = drafter.table
    reader = drafter.reader(table.spec.cells, parts.texts)
    parsed: list[ParsedPart | None] = [None] * parts.count
    found: list[Sequence[int]] = []
    faults: dict[int, str] = {}
    for place, (row, numbers) in enumerate(zip(firsts.tolist(), parts.of_rows, strict=True)):
        own: list[int] = []
        fault = numbers if isinstance(numbers, str) else None
        for number in () if isinstance(numbers, str) else numbers:
            entry = parsed[number]
            if entry is None:
                entry = parsed[number] = reader.part(number, row)
            fault = entry.fault
            if fault is not None:
                break
            if entry.draft is not None or (table.spec.unnamed is not None and not entry.skipped):
                own.append(number)
        if fault is not None:
            faults[place] = fault
        found.append(own if fault is None else ())
    table.parsed.extend(_UNREAD if entry is None else entry for entry in parsed)
    return found, faults


def _with_unnamed(drafter: Drafter, unnamed: Unnamed, rows: Rows, parts: Lists, faults: dict[int, str]) -> Lists:
    """The parts in which one that names nobody is the node of its own that the row gives it."""
    table = drafter.table
    nobody = np.array([entry.draft is None for entry in table.parsed], np.bool_)
    at = np.flatnonzero(nobody[parts.items]) if len(parts.items) else np.zeros(0, np.int64)
    of = parts.rows[at]
    sample = table.spec.in_sample
    names = tuple(dict.fromkeys((*unnamed.id.columns, *unnamed.name.columns, *(sample.columns if sample else ()))))
    among = np.unique(of)
    told = distinct([rows.cells[name] for name in names], len(rows), among)
    begin = len(table.parsed)
    cells = {"id": unnamed.id, "name": unnamed.name} | ({"in_sample": sample} if sample else {})
    reader = drafter.reader(cells, {name: rows.cells[name].at(told.firsts) for name in names})
    table.parsed.extend(reader.unnamed(unnamed, place, row) for place, row in enumerate(told.firsts.tolist()))
    items = parts.items.copy()
    items[at] = begin + told.codes[of]
    bad = {row: table.parsed[begin + int(told.codes[row])].fault for row in among.tolist()}
    faulty = {row: reason for row, reason in bad.items() if reason is not None}
    faults.update(faulty)
    sound = np.ones(len(rows), np.bool_)
    sound[list(faulty)] = False
    return Lists(parts.counts, items).only(sound)
