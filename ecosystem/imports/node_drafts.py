"""What a part of a row says of a node: its id, its properties, where it is; or why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Cells, check_key, evaluate, keeps, may_be_blank
from ecosystem.imports.graph import BlankedCell, Graph, NodeRef, Origin, Record
from ecosystem.imports.language import Unnamed
from ecosystem.imports.locations import DoubtfulPlace, RegionFinder
from ecosystem.imports.money_language import Money
from ecosystem.imports.node_table import NodeDraft, NodeTable, ParsedPart
from ecosystem.messages import tr
from ecosystem.model import Label, Property

_POLE = 90


@dataclass(frozen=True, slots=True)
class Drafter:
    """Reads parts of rows as nodes of one table; `above` are the tables whose nodes they may be, by their names."""

    table: NodeTable
    label: Label
    above: Sequence[NodeTable]
    money: Money | None
    places: RegionFinder
    graph: Graph

    def part(self, key: tuple[str, ...], origin: Origin) -> ParsedPart:
        """What a part of a row speaks of; `key` are its cells, in the order of the columns of the table."""
        cells = dict(zip(self.table.columns, key, strict=True))
        try:
            if not keeps(self.table.of_parts, cells):
                return ParsedPart(None, skipped=True)
            return ParsedPart(self._value(cells, origin) if self.label.keyless else self._one(cells, origin))
        except UnreadableError as err:
            return ParsedPart(None, str(err))

    def _value(self, cells: Cells, origin: Origin) -> NodeDraft:
        """A value of a region, known by region, indicator and year."""
        spec = self.table.spec
        record, blanked = self._record(spec.cells, cells, origin)
        doubts: tuple[DoubtfulPlace, ...] = ()
        if spec.region:
            record["region"], doubts = self.places.locate(spec.region, cells, origin.file, origin.line)
        for name in (known for known, entry in self.label.properties.items() if entry.required and known != "id"):
            if record.get(name) is None:
                raise UnreadableError(tr("{name} is blank", name=name))
        told = str(record["region"])
        region = told if told in self.places.made else self.places.regions.find(told)
        if region is None:
            raise UnreadableError(tr("{name!r} is no known region, or means several", name=record["region"]))
        record["region"] = region
        year = "" if record.get("year") is None else str(record["year"])
        return NodeDraft(NodeRef(f"{region}|{record['indicator']}|{year}"), record, doubts=(*doubts, *blanked))

    def _one(self, cells: Cells, origin: Origin) -> NodeDraft | None:
        """The node that one part of a row speaks of, None where it names none."""
        spec = self.table.spec
        key = self._key(spec.id, cells)
        if key is None:
            return None
        record, blanked = self._record(spec.cells, cells, origin)
        name = str(record.get("name") or "")
        same = self._same(name)
        if same is not None:
            return NodeDraft(NodeRef(same))
        self._claim(key)
        region, doubts = self.places.locate(spec.region, cells, origin.file, origin.line)
        names = (name, *(cells[column] for column in spec.names))
        return NodeDraft(NodeRef(key), record, names, region, (*doubts, *blanked), self._point(cells))

    def unnamed(self, unnamed: Unnamed, cells: Cells, origin: Origin) -> ParsedPart:
        """The node that stands for nobody in particular in a row."""
        sample = self.table.spec.in_sample
        try:
            key = self._key(unnamed.id, cells)
            if key is None:
                return ParsedPart(
                    None, tr("{columns}: blank, so the unnamed node has no id", columns="|".join(unnamed.id.columns))
                )
            self._claim(key)
            own = {"name": unnamed.name} | ({"in_sample": sample} if sample else {})
            record, _ = self._record(own, cells, origin)
            return ParsedPart(NodeDraft(NodeRef(key, named=False), record))
        except UnreadableError as err:
            return ParsedPart(None, str(err))

    def _point(self, cells: Cells) -> tuple[float, float] | None:
        """Latitude and longitude, where a place of the table is the nearest one."""
        columns = next((place.nearest for place in self.table.spec.region if place.nearest is not None), None)
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

    def _record(self, spec: Mapping[str, CellSpec], cells: Cells, origin: Origin) -> tuple[Record, list[BlankedCell]]:
        """The properties of a node, and which are blank though their cell is not."""
        known: Mapping[str, Property] = self.label.properties
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
                    self.graph.blanked.cell(f"{self.label.table}.{name}", "|".join(cell.columns[:1]), err, origin)
                )
        return record, blanked

    def _same(self, name: str) -> str | None:
        """The node of a table above that has this very name."""
        hits = (other.names.find(name) for other in self.above)
        return next((hit for hit in hits if hit is not None), None)

    def _claim(self, key: str) -> None:
        """Raise UnreadableError where a region or a node of another label has the id."""
        if key in self.places.regions or key in self.places.made:
            owner = f"Region {(self.places.made.get(key) or self.places.regions[key]).called}"
            raise UnreadableError(
                tr("the id {key!r} belongs to {owner} already; ids are unique over all labels", key=key, owner=owner)
            )
        node = self.graph.nodes.get(key)
        if node is not None and node.label != self.label.name:
            owner = f"{node.label} {node.record.get('name') or ''}".strip()
            raise UnreadableError(
                tr("the id {key!r} belongs to {owner} already; ids are unique over all labels", key=key, owner=owner)
            )


def _number(column: str) -> CellSpec:
    return CellSpec.model_validate({"column": column, "as": "number"})
