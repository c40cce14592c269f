"""Nodes out of rows: one table of a mapping, every row of its file.

What a row says depends on the columns that the table looks at, so rows that agree in them are read once and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from ecosystem.dataset.sources.batches import Batch, SourceFile, Watch
from ecosystem.dataset.sources.cell_spec import CellSpec, Money
from ecosystem.dataset.sources.cells import Cells, evaluate, keeps
from ecosystem.dataset.sources.graph import Graph, Mention, Names, Origin, Record, Spoken, Tally
from ecosystem.dataset.sources.limits import check_key
from ecosystem.dataset.sources.nearest import LOCATED_BY, NEAREST, NEAREST_KM, Points
from ecosystem.dataset.sources.places import Places
from ecosystem.dataset.sources.spec import Each, NodeSpec
from ecosystem.dataset.sources.values import UnreadableError, split
from ecosystem.model import Label, Model, Property

_Read = Callable[[Cells, Origin], Spoken]
_POLE = 90


@dataclass(slots=True)
class NodeTable:
    """A node table of the mapping with what rows spoke of, and the names by which its nodes are known."""

    spec: NodeSpec
    columns: tuple[str, ...]
    known: dict[tuple[str, ...], Spoken] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    tally: Tally = field(default_factory=Tally)
    located: Tally = field(default_factory=Tally)
    points: Points = field(default_factory=Points)

    def spoken(self, batch: Batch) -> list[Spoken]:
        """What each row of a batch says to the table, which has read them all before."""
        known = [self.known.get(key) for key in batch.keys(self.columns)]
        return [
            Spoken(fault=batch.faults.get(row)) if one is None or row in batch.faults else one
            for row, one in enumerate(known)
        ]


@dataclass(frozen=True, slots=True)
class _Said:
    """One node as one part of a row tells it."""

    mention: Mention
    record: Record | None = None
    names: tuple[str, ...] = ()
    region: str | None = None
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class NodeReader:
    """Reads the node tables of a mapping into a graph, in the order of the mapping."""

    model: Model
    money: Money | None
    places: Places
    graph: Graph
    tables: dict[str, NodeTable] = field(default_factory=dict)

    def read(self, key: str, spec: NodeSpec, file: SourceFile, watch: Watch) -> None:
        """Read the node table `key` from all rows of its file."""
        table = self.tables[key] = NodeTable(spec, tuple(dict.fromkeys(spec.columns)))
        label = self.model.labels[spec.label]
        read = partial(self._row, table, label, file.spec.missing)
        for batch in file.batches(watch):
            self._batch(table, label, batch, read)
        self._locate_by_nearest(table)

    def _batch(self, table: NodeTable, label: Label, batch: Batch, read: _Read) -> None:
        table.tally.rows += len(batch)
        told: Counter[tuple[str, ...]] = Counter()
        used = []
        for row, key in enumerate(batch.keys(table.columns)):
            spoken = Spoken(fault=batch.faults[row]) if row in batch.faults else table.known.get(key)
            if spoken is None:
                origin = Origin(batch.file, batch.lines[row])
                spoken = table.known[key] = read(dict(zip(table.columns, key, strict=True)), origin)
            elif spoken.fault is None:
                told[key] += 1
            if spoken.fault is not None:
                table.tally.quarantined += 1
                origin = Origin(batch.file, batch.lines[row])
                self.graph.reject(label.table, origin, batch.rows[row], spoken.fault, batch.header, batch.raw[row])
            elif spoken.made:
                used.append(batch.rows[row])
        self.graph.fates.use(batch.file, used)
        table.tally.used += len(used)
        table.tally.skipped = table.tally.rows - table.tally.used - table.tally.quarantined
        for key, count in told.items():
            _tell_again(table, table.known[key], count)

    def _row(self, table: NodeTable, label: Label, missing: list[str], cells: Cells, origin: Origin) -> Spoken:
        """What a row says to the table; a row says everything that it has to say or nothing."""
        try:
            kept = keeps(table.spec.keep, cells)
            said = list(self._said(table.spec, label, cells, origin, missing)) if kept else []
        except UnreadableError as err:
            return Spoken(fault=str(err))
        for one in said:
            self._put(table, one, label, origin)
        located = sum(one.region is not None for one in said)
        _count_located(table, bool(said), located, 1)
        mentions = tuple(dict.fromkeys(one.mention for one in said))
        return Spoken(mentions, made=len(said), located=located)

    def _said(self, spec: NodeSpec, label: Label, cells: Cells, origin: Origin, missing: list[str]) -> Iterator[_Said]:
        if label.keyless:
            yield self._value(spec, label, cells, origin)
            return
        for part in parts(cells, spec.each, missing):
            one = self._one(spec, label, part, origin)
            if one is not None:
                yield one

    def _value(self, spec: NodeSpec, label: Label, cells: Cells, origin: Origin) -> _Said:
        """A value of a region, known by region, indicator and year."""
        record = self._record(spec.cells, label, cells)
        if spec.region:
            record["region"] = self.places.locate(spec.region, cells, origin.file, origin.line)
        for name in (known for known, entry in label.properties.items() if entry.required and known != "id"):
            if record.get(name) is None:
                raise UnreadableError(f"{name} is blank")
        region = self.places.regions.find(str(record["region"]))
        if region is None:
            raise UnreadableError(f"{record['region']!r} is not a known region, or not one alone")
        record["region"] = region
        year = "" if record.get("year") is None else str(record["year"])
        return _Said(Mention(f"{region}|{record['indicator']}|{year}"), record)

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
        return _Said(Mention(key), record, names, region, self._point(spec, cells))

    def _point(self, spec: NodeSpec, cells: Cells) -> tuple[float, float] | None:
        """Latitude and longitude, where a place of the table is the nearest one."""
        columns = next((place.nearest for place in spec.region if place.nearest is not None), None)
        if columns is None or not all(cells[name] for name in columns):
            return None
        latitude, longitude = (evaluate(_number(name), cells, None) for name in columns)
        if not isinstance(latitude, float) or not isinstance(longitude, float) or abs(latitude) > _POLE:
            raise UnreadableError(f"{columns[0]}: {latitude} is no latitude")
        return latitude, longitude

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

    def _put(self, table: NodeTable, said: _Said, label: Label, origin: Origin) -> None:
        tally, key = table.tally, said.mention.id
        tally.made += 1
        new = said.record is not None and self.graph.put(key, label.name, said.record, origin, table.spec.collect)
        tally.written += new
        tally.repeated += not new
        table.names.add(said.names, key)
        if said.region is not None:
            table.located.made += 1
            first = self.graph.locate(key, said.region, origin)
            table.located.written += first
            table.located.repeated += not first
        if said.point is not None:
            table.points.add(key, said.point, origin)

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


def _tell_again(table: NodeTable, spoken: Spoken, count: int) -> None:
    """Count rows that say what an earlier row has said."""
    table.tally.made += spoken.made * count
    table.tally.repeated += spoken.made * count
    table.located.made += spoken.located * count
    table.located.repeated += spoken.located * count
    _count_located(table, bool(spoken.made), spoken.located, count)


def _count_located(table: NodeTable, used: bool, located: int, count: int) -> None:
    """Of the rows that the table used, those that say where a node is."""
    if used:
        table.located.rows += count
        table.located.used += count * bool(located)
        table.located.skipped += count * (not located)


def _number(column: str) -> CellSpec:
    return CellSpec.model_validate({"column": column, "as": "number"})


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
