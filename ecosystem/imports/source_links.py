"""Links out of rows: one table of a mapping, every row of its file at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.errors import Finding
from ecosystem.imports.cell_language import CellSpec, columns_of
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Cells, evaluate, keeps, may_be_blank
from ecosystem.imports.columns import Codes, evaluated
from ecosystem.imports.event_parties import MOST_PARTIES, Parties
from ecosystem.imports.events import settle, write_repeated
from ecosystem.imports.graph import Graph, NodeRef, Origin, Tally
from ecosystem.imports.joins import SourceFile, Watch
from ecosystem.imports.language import EndSpec, LinkSpec
from ecosystem.imports.link_file import Groups, group_sizes, write_links
from ecosystem.imports.link_table import Ends, LinkProperty, LinkTable, ordered
from ecosystem.imports.money_language import Money
from ecosystem.imports.node_table import NodeTable
from ecosystem.imports.row_nodes import Lists, RowNodes, joined, lists
from ecosystem.imports.rows import Mask, Rows, reject, use
from ecosystem.imports.source_nodes import NodeReader
from ecosystem.messages import tr, tr_count
from ecosystem.model import LinkType, PropertyType


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
    _made: list[tuple[pa.Table, Groups]] = field(default_factory=list)

    def read(self, file: SourceFile, watch: Watch) -> None:
        """Make the links of all rows; they stay with the reader, so that its caller may let the rows go."""
        rows = file.rows(watch)
        ends, properties = self._links(rows, file)
        table = LinkTable(self.spec, self.types, self.graph, rows, ends).table(properties)
        self._made.append((table, group_sizes(rows.blocks(ends.rows))))
        self.tally.made = table.num_rows

    def write(self, path: Path) -> Tally:
        """Share out what an event has as a whole, write the links to the Parquet file `path`, and count them."""
        table, groups = self._made.pop()
        if self.spec.has_events:
            settled = settle(table, groups, self.spec.share)
            self.graph.findings.extend(settled.findings)
            write_repeated(path, settled.repeated)
            table, groups = ordered(settled.links, self.types), settled.groups
        write_links(path, table, groups)
        self.tally.written = table.num_rows
        self.tally.repeated = self.tally.made - self.tally.written
        return self.tally

    def _links(self, rows: Rows, file: SourceFile) -> tuple[Ends, Sequence[LinkProperty]]:
        """The links of all rows and their properties; rows that have none though they are wanted are set aside."""
        ends, faults = self._ends(rows)
        properties = [self._property(name, cell, rows) for name, cell in self.spec.properties.items()]
        linked = np.zeros(len(rows), np.bool_)
        linked[ends.rows] = True
        faults |= {row: reason for row, reason in self._faults(rows, properties).items() if linked[row]}
        linked[list(faults)] = False
        ends = ends.only(linked)
        if self.spec.pairs == "event":
            ends, crowded = self._of_events(rows, ends)
            faults |= crowded
            linked[:] = False
            linked[ends.rows], linked[ends.others] = True, True
        reject(self.graph, self.kind.table, self.nodes.key_of(file), rows, faults)
        use(self.graph, rows, linked)
        self._tell(rows, properties, linked)
        self._tell_loops(rows, ends)
        tally = self.tally
        tally.rows, tally.used, tally.quarantined = len(rows), int(np.count_nonzero(linked)), len(faults)
        tally.skipped = tally.rows - tally.used - tally.quarantined
        return ends, properties

    def _ends(self, rows: Rows) -> tuple[Ends, dict[int, str]]:
        """The links that the rows speak of, and the faults of rows that are wanted and have none."""
        kept = evaluated(rows.cells, columns_of(self.spec.keep), len(rows), lambda cells: keeps(self.spec.keep, cells))
        faults = {row: str(err) for row, err in kept.rows_of_errors().items()} | dict(rows.faults)
        wanted = kept.where(bool) & rows.sound
        source, target = self._nodes_at(self.spec.source, rows), self._nodes_at(self.spec.target, rows)
        for side, end, named in (("from", self.spec.source, source), ("to", self.spec.target, target)):
            for row, fault in named.faults.items():
                if wanted[row] and row not in faults:
                    faults[row] = tr(
                        "{side}: the {node} of this row did not load: {fault}",
                        side=side,
                        node="|".join(end.node),
                        fault=fault,
                    )
        wanted[list(faults)] = False
        if self.spec.pairs:
            one_each = self._one_each()[source.nodes.items]
            parties = Lists(source.nodes.counts, one_each).only(wanted).distinct()
            if self.spec.pairs == "event":  # every party stands alone until it is known which rows load
                return Ends(parties.rows, parties.items, parties.items), faults
            return Ends(*parties.pairs(self._ranks())), faults
        return Ends(*source.nodes.only(wanted).product(target.nodes)), faults

    def _of_events(self, rows: Rows, parties: Ends) -> tuple[Ends, dict[int, str]]:
        """The links among the parties of each event, and the faults of rows of events that have too many."""
        events = rows.cells[self.spec.event or ""].codes.astype(np.int64)
        found = Parties(parties.sources, events[parties.rows], parties.rows).distinct()
        crowded = found.crowded()
        faults = {}
        for row in parties.rows[np.isin(events[parties.rows], list(crowded))].tolist() if crowded else ():
            faults[row] = tr(
                "the event has {count:,} parties, of which every two would be joined; at most {most:,} are",
                count=crowded[int(events[row])],
                most=MOST_PARTIES,
            )
        pairs = found.only(~np.isin(found.events, list(crowded))).pairs(self._ranks())
        return Ends(pairs.rows, pairs.sources, pairs.targets, pairs.others), faults

    def _ranks(self) -> Codes:
        """The place of each node in the order of ids, in which the ends of a pair stand: an event may tell it again."""
        ranks = np.empty(len(self.graph.refs), np.int64)
        ids = pa.array([ref.id for ref in self.graph.refs], pa.string())
        ranks[pc.sort_indices(ids).to_numpy()] = np.arange(len(ranks))
        return ranks

    def _one_each(self) -> Codes:
        """For each reference the first to the same node."""
        firsts: dict[str, int] = {}
        return np.array([firsts.setdefault(ref.id, place) for place, ref in enumerate(self.graph.refs)], np.int64)

    def _property(self, name: str, cell: CellSpec, rows: Rows) -> LinkProperty:
        known = self.kind.properties.get(name)
        found = evaluated(rows.cells, cell.columns, len(rows), lambda cells: evaluate(cell, cells, self.money, known))
        blank = {place: err for place, err in found.errors.items() if may_be_blank(cell, known, err)}
        return LinkProperty(name, cell, found, blank)

    def _faults(self, rows: Rows, properties: Sequence[LinkProperty]) -> dict[int, str]:
        """Why rows that speak of both ends make no link all the same."""
        faults: dict[int, str] = {}
        if self.spec.event is not None:
            blank = tr("{event}: blank, so the row belongs to no event", event=self.spec.event)
            faults |= dict.fromkeys(np.flatnonzero(rows.cells[self.spec.event].is_blank()).tolist(), blank)
        for one in reversed(properties):  # the first property that cannot be read says why
            faults |= one.faults
        return faults

    def _tell(self, rows: Rows, properties: Sequence[LinkProperty], linked: Mask) -> None:
        """Remember which properties of the rows that have links are blank though their cells are not."""
        for one in properties:
            place, column = f"{self.kind.table}.{one.name}", "|".join(one.cell.columns[:1])
            bad = np.zeros(len(one.found.made), np.bool_)
            bad[list(one.blank)] = True
            for row in one.found.of.rows(bad).tolist() if one.blank else ():
                if linked[row]:
                    err = one.blank[int(one.found.of.codes[row])]
                    self.graph.blanked.cell(place, column, err, rows.origin(row)).count += 1

    def _tell_loops(self, rows: Rows, ends: Ends) -> None:
        """Tell of links that join a node with itself."""
        node = self._one_each()
        loops = np.unique(ends.rows[node[ends.sources] == node[ends.targets]])  # few, as a rule
        if len(loops):
            self.graph.findings.append(_loops(self.kind.table, rows.origin(int(loops[0])), len(loops)))

    def _nodes_at(self, end: EndSpec, rows: Rows) -> RowNodes:
        """The nodes that stand at one end of the links of each row."""
        if end.column is None:
            parts = [self.nodes.rows[name] for name in end.node]
            faults = {row: fault for one in reversed(parts) for row, fault in one.faults.items()}
            return RowNodes(joined([one.nodes for one in parts]), faults)
        named = _Named(end, [self.nodes.tables[name] for name in end.node], self.money, self.graph)
        found = evaluated(rows.cells, (end.column,), len(rows), named.find)
        each = [() if one is None or isinstance(one, UnreadableError) else (one,) for one in found.made]
        return RowNodes(lists(each).of(found.of.codes), {row: str(err) for row, err in found.rows_of_errors().items()})


@dataclass(frozen=True, slots=True)
class _Named:
    """Finds the node that a column names, by the column that its id is made of or by a name."""

    end: EndSpec
    tables: Sequence[NodeTable]
    money: Money | None
    graph: Graph

    def find(self, cells: Cells) -> int | None:
        """The number of the node; UnreadableError where no table has one."""
        text = cells[self.end.column or ""]
        if not text:
            return None
        for table in self.tables:
            key = table.names.find(text) if self.end.by == "name" else self._id(table, text)
            node = None if key is None else self.graph.nodes.get(key)
            if node is not None and key is not None:
                return self.graph.number(NodeRef(key))
        raise UnreadableError(tr("none has the {by} {text!r}", by=self.end.by, text=text[:40]))

    def _id(self, table: NodeTable, text: str) -> str | None:
        """The id that a node table makes of the text."""
        cell = table.spec.id
        value = None if cell is None else evaluate(cell, dict.fromkeys(cell.columns, text), self.money)
        return None if value is None else str(value)


def _loops(table: str, first: Origin, count: int) -> Finding:
    message = tr_count(
        "{count:,} row made a link of a node with itself in {table}",
        "{count:,} rows made a link of a node with itself in {table}",
        count,
        table=table,
    )
    hint = tr("keep = { column = ..., unlike = ... } leaves such rows out; pairs = true is for the parties of one cell")
    return Finding("warning", "self_link", message, first.file, first.line, hint=hint)
