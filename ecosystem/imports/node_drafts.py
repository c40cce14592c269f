"""What a part of a row says of a node: its id, its properties, where it is; or why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_reader import CellReader, Texts, cell_reader
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import check_key, evaluate, keeps, may_be_blank
from ecosystem.imports.graph import BlankedCell, Graph, NodeRef, Record
from ecosystem.imports.language import Unnamed
from ecosystem.imports.locations import DoubtfulPlace, RegionFinder
from ecosystem.imports.money_language import Money
from ecosystem.imports.node_table import NodeDraft, NodeTable, ParsedPart
from ecosystem.imports.rows import Rows
from ecosystem.messages import tr
from ecosystem.model import Label

_POLE = 90
_SKIPPED = ParsedPart(None, skipped=True)
_Located = tuple[str | None, tuple[DoubtfulPlace, ...]]


@dataclass(frozen=True, slots=True)
class Drafter:
    """Reads parts of rows as nodes of one table; `above` are the tables whose nodes they may be, by their names."""

    table: NodeTable
    label: Label
    above: Sequence[NodeTable]
    money: Money | None
    places: RegionFinder
    graph: Graph
    rows: Rows

    def reader(self, cells: Mapping[str, CellSpec], texts: Texts) -> PartReader:
        """Reads parts of rows that have these texts by these cells: the id and the properties of a node."""
        known = self.label.properties
        own = {name: cell_reader(cell, texts, self.money, known.get(name)) for name, cell in cells.items()}
        own.pop("id", None)
        key = cell_reader(cells["id"], texts, self.money) if "id" in cells else None
        region = self.table.spec.region
        places = tuple(dict.fromkeys(column for place in region for column in place.used_columns))
        point = next((place.nearest for place in region if place.nearest is not None), [])
        return PartReader(self, texts, key, key is not None and key.only_keys, own, places, point)


@dataclass(frozen=True, slots=True)
class PartReader:
    """Reads parts of rows: `texts` has the text of each in every column, `key` and `properties` make their values.

    `places` are the columns that say where a node is, `point` those of latitude and longitude, where these count.
    """

    drafter: Drafter
    texts: Texts
    key: CellReader | None
    only_keys: bool
    properties: Mapping[str, CellReader]
    places: tuple[str, ...]
    point: Sequence[str]
    _located: dict[tuple[str, ...], _Located] = field(default_factory=dict)

    def part(self, part: int, row: int) -> ParsedPart:
        """What a part speaks of; `row` is the first that has it."""
        table = self.drafter.table
        try:
            if table.of_parts and not keeps(table.of_parts, self._cells(table.columns, part)):
                return _SKIPPED
            return ParsedPart(self._value(part, row) if self.drafter.label.keyless else self._one(part, row))
        except UnreadableError as err:
            return ParsedPart(None, str(err))

    def unnamed(self, unnamed: Unnamed, part: int, row: int) -> ParsedPart:
        """The node that stands for nobody in particular in a row."""
        try:
            key = self._key(part)
            if key is None:
                return ParsedPart(
                    None, tr("{columns}: blank, so the unnamed node has no id", columns="|".join(unnamed.id.columns))
                )
            self._claim(key)
            record, _ = self._record(part, row)
            return ParsedPart(NodeDraft(NodeRef(key, named=False), record))
        except UnreadableError as err:
            return ParsedPart(None, str(err))

    def _value(self, part: int, row: int) -> NodeDraft:
        """A value of a region, known by region, indicator and year."""
        properties, places = self.drafter.label.properties, self.drafter.places
        record, blanked = self._record(part, row)
        doubts: tuple[DoubtfulPlace, ...] = ()
        if self.drafter.table.spec.region:
            record["region"], doubts = self._locate(part, row)
        for name in (known for known, entry in properties.items() if entry.required and known != "id"):
            if record.get(name) is None:
                raise UnreadableError(tr("{name} is blank", name=name))
        told = str(record["region"])
        region = told if told in places.made else places.regions.find(told)
        if region is None:
            raise UnreadableError(tr("{name!r} is no known region, or means several", name=record["region"]))
        record["region"] = region
        year = "" if record.get("year") is None else str(record["year"])
        return NodeDraft(NodeRef(f"{region}|{record['indicator']}|{year}"), record, doubts=(*doubts, *blanked))

    def _one(self, part: int, row: int) -> NodeDraft | None:
        """The node that one part of a row speaks of, None where it names none."""
        key = self._key(part)
        if key is None:
            return None
        record, blanked = self._record(part, row)
        name = str(record.get("name") or "")
        hits = (other.names.find(name) for other in self.drafter.above)
        same = next((hit for hit in hits if hit is not None), None)
        if same is not None:
            return NodeDraft(NodeRef(same))
        self._claim(key)
        region, doubts = self._locate(part, row)
        names = (name, *[self.texts[column][part] for column in self.drafter.table.spec.names])
        return NodeDraft(NodeRef(key), record, names, region, (*doubts, *blanked), self._point(part))

    def _cells(self, columns: Sequence[str], part: int) -> dict[str, str]:
        return {column: self.texts[column][part] for column in columns}

    def _key(self, part: int) -> str | None:
        """The id of a part."""
        value = None if self.key is None else self.key.at(part)
        if value is None:
            return None
        key = str(value)
        if not self.only_keys:
            check_key(key)
        return key

    def _record(self, part: int, row: int) -> tuple[Record, list[BlankedCell]]:
        """The properties of a node, and which are blank though their cell is not."""
        graph, label, rows = self.drafter.graph, self.drafter.label, self.drafter.rows
        record: Record = {}
        blanked: list[BlankedCell] = []
        for name, reader in self.properties.items():
            try:
                record[name] = reader.at(part)
            except UnreadableError as err:
                if not may_be_blank(reader.cell, label.properties.get(name), err):
                    raise
                record[name] = None
                place, column = f"{label.table}.{name}", "|".join(reader.cell.columns[:1])
                blanked.append(graph.blanked.cell(place, column, err, rows.origin(row)))
        return record, blanked

    def _locate(self, part: int, row: int) -> _Located:
        """The region of a part and what is doubtful in it, found once for the same texts."""
        told = tuple([self.texts[column][part] for column in self.places])
        if told not in self._located:
            origin, cells = self.drafter.rows.origin(row), self._cells(self.places, part)
            spec = self.drafter.table.spec.region
            self._located[told] = self.drafter.places.locate(spec, cells, origin.file, origin.line)
        return self._located[told]

    def _point(self, part: int) -> tuple[float, float] | None:
        """Latitude and longitude, where a place of the table is the nearest one."""
        cells = self._cells(self.point, part)
        if not cells or not all(cells.values()):
            return None
        latitude, longitude = (evaluate(_number(name), cells, None) for name in self.point)
        if not isinstance(latitude, float) or not isinstance(longitude, float) or abs(latitude) > _POLE:
            raise UnreadableError(tr("{columns}: {latitude} is no latitude", columns=self.point[0], latitude=latitude))
        return latitude, longitude

    def _claim(self, key: str) -> None:
        """Raise UnreadableError where a region or a node of another label has the id."""
        places, node = self.drafter.places, self.drafter.graph.nodes.get(key)
        owner = None
        if key in places.regions or key in places.made:
            owner = f"Region {(places.made.get(key) or places.regions[key]).called}"
        elif node is not None and node.label != self.drafter.label.name:
            owner = f"{node.label} {node.record.get('name') or ''}".strip()
        if owner is not None:
            raise UnreadableError(
                tr("the id {key!r} belongs to {owner} already; ids are unique over all labels", key=key, owner=owner)
            )


def _number(column: str) -> CellSpec:
    return CellSpec.model_validate({"column": column, "as": "number"})
