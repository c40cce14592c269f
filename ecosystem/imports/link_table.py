"""The table of the links of rows: ends, properties, the event, the rows that tell them; texts as dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ecosystem.errors import Finding
from ecosystem.imports.cell_language import CellSpec
from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.cells import Value
from ecosystem.imports.columns import Codes, Evaluated
from ecosystem.imports.event_parties import of_events
from ecosystem.imports.graph import Graph, Origin
from ecosystem.imports.language import LinkSpec
from ecosystem.imports.link_file import EVENT, FILE, LINE
from ecosystem.imports.rows import Mask, Rows
from ecosystem.messages import tr_count
from ecosystem.model import PropertyType
from ecosystem.tables.words import ARROW

_ROW_BITS = 40


@dataclass(frozen=True, slots=True)
class Ends:
    """The links of rows: of each the row, the numbers of the nodes that it joins, the row of the other of a pair."""

    rows: Codes
    sources: Codes
    targets: Codes
    others: Codes | None = None

    def only(self, kept: Mask) -> Ends:
        """The links of these rows."""
        if kept.all():
            return self
        of = kept[self.rows]
        return Ends(self.rows[of], self.sources[of], self.targets[of])


@dataclass(frozen=True, slots=True)
class LinkProperty:
    """A property of the links: what was made for it of each row, and which of the errors leave it blank."""

    name: str
    cell: CellSpec
    found: Evaluated[Value | None]
    blank: Mapping[int, UnreadableError]

    @property
    def faults(self) -> dict[int, str]:
        """The rows that cannot load for what the cell says."""
        broken = self.found.errors.keys() - self.blank.keys()
        return {row: str(err) for row, err in self.found.rows_of_errors().items() if self.found.of.codes[row] in broken}

    def values(self, kind: PropertyType) -> pa.Array:
        """The distinct values, of which `found` numbers that of each row."""
        return pa.array([None if isinstance(one, UnreadableError) else one for one in self.found.made], ARROW[kind])


@dataclass(frozen=True, slots=True)
class LinkTable:
    """Makes the columns of the links that rows tell."""

    spec: LinkSpec
    types: Mapping[str, PropertyType]
    graph: Graph
    rows: Rows
    ends: Ends

    def table(self, properties: Sequence[LinkProperty]) -> pa.Table:
        """The links; a property that is only shared among those of an event is not there yet."""
        rows, ends = self.rows, self.ends
        refs = pa.array([ref.id for ref in self.graph.refs], pa.string())
        columns: dict[str, pa.Array] = {"from": _encoded(refs, ends.sources), "to": _encoded(refs, ends.targets)}
        known = {one.name: one for one in properties}
        for name, kind in self.types.items():
            if name in known:
                values, codes = known[name].values(kind), self._codes(known[name])
                columns[name] = _encoded(values, codes) if kind == "string" else values.take(pa.array(codes))
            elif name == self.spec.named:
                named = np.array([ref.named for ref in self.graph.refs], np.bool_)
                columns[name] = pa.array(named[ends.sources])
        if self.spec.has_events:
            columns[EVENT] = self._events()
        columns[FILE] = _encoded(pa.array(rows.names, pa.string()), rows.files[ends.rows])
        columns[LINE] = pa.array(rows.lines[ends.rows])
        for number, (file, lines) in enumerate(rows.partners, start=1):
            columns[f"{FILE}{number}"] = _encoded(pa.array([file]), np.zeros(len(ends.rows), np.int32))
            columns[f"{LINE}{number}"] = pa.array(lines[ends.rows])
        if ends.others is not None:
            number = len(rows.partners) + 1
            columns[f"{FILE}{number}"] = _encoded(pa.array(rows.names, pa.string()), rows.files[ends.others])
            columns[f"{LINE}{number}"] = pa.array(rows.lines[ends.others])
        return pa.table(columns)

    def _events(self) -> pa.DictionaryArray:
        """The event of each link; without a column that tells them, each row is one, however often it is joined."""
        rows, ends = self.rows, self.ends
        if self.spec.event is not None:
            event = rows.cells[self.spec.event]
            return _encoded(event.texts, event.codes[ends.rows])
        of, number = np.unique(rows.files.astype(np.int64) << _ROW_BITS | rows.numbers, return_inverse=True)
        return _encoded(pa.array(of.astype(str), pa.string()), number[ends.rows])

    def _codes(self, one: LinkProperty) -> Codes:
        """The number of the value of each link: that of its row, or what the rows of its event say first."""
        rows, ends, codes = self.rows, self.ends, one.found.of.codes
        if ends.others is None:
            return codes[ends.rows]
        events = rows.cells[self.spec.event or ""].codes.astype(np.int64)
        told = np.unique(np.concatenate([ends.rows, ends.others]))
        filled = np.array([not isinstance(value, UnreadableError | None) for value in one.found.made], np.bool_)
        said, differing = of_events(codes, filled, told, events[told], int(events.max(initial=-1)) + 1)
        if len(differing):
            self.graph.findings.append(_differs(one.name, rows.origin(int(differing[0])), len(differing)))
        return said[events[ends.rows]]


def ordered(table: pa.Table, types: Mapping[str, PropertyType]) -> pa.Table:
    """The links, the ends first, then the properties in the order of the mapping."""
    first = ["from", "to", *(name for name in types if name in table.column_names)]
    return table.select([*first, *(name for name in table.column_names if name not in first)])


def _differs(name: str, first: Origin, count: int) -> Finding:
    message = tr_count(
        "{count:,} row says another {name} than the first of its event that says one, which is kept",
        "{count:,} rows say another {name} than the first of their event that says one, which is kept",
        count,
        name=name,
    )
    return Finding("warning", "event_differs", message, first.file, first.line, name)


def _encoded(texts: pa.Array, codes: npt.NDArray[np.integer]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32, copy=False)), texts)
