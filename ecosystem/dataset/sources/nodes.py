"""Nodes out of rows: one table of a mapping, every row of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ecosystem.dataset.sources.cell_spec import CellSpec, Money
from ecosystem.dataset.sources.cells import Cells, evaluate, keeps
from ecosystem.dataset.sources.files import Row, SourceFile
from ecosystem.dataset.sources.graph import Graph, Mention, Names, Origin, Record, Rejected, Spoken, Tally
from ecosystem.dataset.sources.limits import check_key
from ecosystem.dataset.sources.places import Places
from ecosystem.dataset.sources.spec import Each, NodeSpec
from ecosystem.dataset.sources.values import UnreadableError, split
from ecosystem.model import Label, Model, Property


@dataclass(slots=True)
class NodeTable:
    """A node table of the mapping with what each row spoke of, and the names by which its nodes are known."""

    spec: NodeSpec
    spoken: dict[int, Spoken] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    tally: Tally = field(default_factory=Tally)
    located: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class _Said:
    """One node as one part of a row tells it."""

    mention: Mention
    record: Record | None = None
    names: tuple[str, ...] = ()
    region: str | None = None


@dataclass(frozen=True, slots=True)
class NodeReader:
    """Reads the node tables of a mapping into a graph, in the order of the mapping."""

    model: Model
    money: Money | None
    places: Places
    graph: Graph
    tables: dict[str, NodeTable] = field(default_factory=dict)

    def read(self, key: str, spec: NodeSpec, file: SourceFile, missing: list[str]) -> None:
        """Read the node table `key` from all rows of its file."""
        table = self.tables[key] = NodeTable(spec)
        label = self.model.labels[spec.label]
        for row in file.rows:
            table.spoken[row.line] = self._row(table, label, file, row, missing)

    def _row(self, table: NodeTable, label: Label, file: SourceFile, row: Row, missing: list[str]) -> Spoken:
        """What the row says to the table; a row says everything that it has to say or nothing."""
        table.tally.rows += 1
        origin = Origin(file.name, row.line)
        try:
            cells = row.usable()
            kept = keeps(table.spec.keep, cells)
            said = list(self._said(table.spec, label, cells, origin, missing)) if kept else []
        except UnreadableError as err:
            table.tally.quarantined += 1
            self.graph.rejected.setdefault(label.table, []).append(Rejected(origin, str(err), file.columns, row.raw))
            return Spoken(fault=str(err))
        table.tally.used += bool(said)
        table.tally.skipped += not said
        if said:
            self.graph.used.add(origin)
        for one in said:
            self._put(table, label, one, origin)
        self._count_located(table, said)
        return Spoken(tuple(dict.fromkeys(one.mention for one in said)))

    def _said(self, spec: NodeSpec, label: Label, cells: Cells, origin: Origin, missing: list[str]) -> Iterator[_Said]:
        if label.keyless:
            yield _Said(Mention(""), self._record(spec.cells, label, cells))
            return
        for part in parts(cells, spec.each, missing):
            one = self._one(spec, label, part, origin)
            if one is not None:
                yield one

    def _one(self, spec: NodeSpec, label: Label, cells: Cells, origin: Origin) -> _Said | None:
        """The node that one part of a row speaks of, None where it speaks of none."""
        key = self._key(spec.id, cells)
        if key is None:
            return self._unnamed(spec, label, cells)
        record = self._record(spec.cells, label, cells)
        name = str(record.get("name") or "")
        same = self._same(spec, name)
        if same is not None:
            return _Said(Mention(same))
        self._claim(key, label)
        region = self.places.locate(spec.region, cells, origin.file, origin.line)
        names = (name, *(cells[column] for column in spec.names))
        return _Said(Mention(key), record, names, region)

    def _unnamed(self, spec: NodeSpec, label: Label, cells: Cells) -> _Said | None:
        if spec.unnamed is None:
            return None
        key = self._key(spec.unnamed.id, cells)
        if key is None:
            raise UnreadableError(f"{'|'.join(spec.unnamed.id.columns)}: blank, so the unnamed node has no id")
        self._claim(key, label)
        own = {"name": spec.unnamed.name} | ({"in_sample": spec.in_sample} if spec.in_sample else {})
        return _Said(Mention(key, named=False), self._record(own, label, cells))

    def _key(self, cell: CellSpec | None, cells: Cells) -> str | None:
        """The id that a cell makes of the row."""
        value = None if cell is None else evaluate(cell, cells, self.money)
        if value is None:
            return None
        check_key(str(value))
        return str(value)

    def _record(self, spec: Mapping[str, CellSpec], label: Label, cells: Cells) -> Record:
        known: Mapping[str, Property] = label.properties
        return {name: evaluate(cell, cells, self.money, known.get(name)) for name, cell in spec.items() if name != "id"}

    def _same(self, spec: NodeSpec, name: str) -> str | None:
        """The node of a table above that has this very name."""
        hits = (self.tables[other].names.find(name) for other in spec.same_as)
        return next((hit for hit in hits if hit is not None), None)

    def _claim(self, key: str, label: Label) -> None:
        node = self.graph.nodes.get(key)
        if node is not None and node.label != label.name:
            owner = f"{node.label} {node.record.get('name') or ''}".strip()
            raise UnreadableError(f"the id {key!r} belongs to {owner} already; ids are unique over all labels")

    def _put(self, table: NodeTable, label: Label, said: _Said, origin: Origin) -> None:
        tally, key = table.tally, said.mention.id
        tally.made += 1
        if label.keyless and said.record is not None:
            self.graph.rows.setdefault(label.name, []).append(said.record)
            tally.written += 1
            return
        new = said.record is not None and self.graph.put(key, label.name, said.record, origin, table.spec.collect)
        tally.written += new
        tally.repeated += not new
        table.names.add(said.names, key)
        if said.region is not None:
            table.located.made += 1
            first = self.graph.locate(key, said.region, origin)
            table.located.written += first
            table.located.repeated += not first

    def _count_located(self, table: NodeTable, said: list[_Said]) -> None:
        """Of the rows that the table used, those that say where a node is."""
        if not said:
            return
        placed = any(one.region is not None for one in said)
        table.located.rows += 1
        table.located.used += placed
        table.located.skipped += not placed


def parts(cells: Cells, each: Each | None, missing: list[str]) -> Iterator[Cells]:
    """The row once, or once for each part of its split cells, the columns zipped; empty parts (`a,,b`) do not count.

    A cell that is blank as a whole gives the row once with that cell blank. Columns with different numbers of parts
    cannot be zipped, unless one is blank: then it is blank in every part.
    """
    if each is None:
        yield cells
        return
    split_cells = {column: split(cells[column], each.by) for column in each.columns if cells[column]}
    counts = {column: len(texts) for column, texts in split_cells.items()}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{column} has {count}" for column, count in counts.items())
        raise UnreadableError(f"the parts of {', '.join(counts)} do not pair: {told}")
    blank = dict.fromkeys(each.columns, "")
    found = False
    for texts in zip(*split_cells.values(), strict=True):
        if any(texts):
            found = True
            words = ("" if text in missing else text for text in texts)
            yield {**cells, **blank, **dict(zip(split_cells, words, strict=True))}
    if not found:
        yield {**cells, **blank}
