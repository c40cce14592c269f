"""Where a node or a link is in the dataset that was loaded: source, file and line.

A store knows the name of the dataset folder and the hash of what was read, and no lines; so the folder is read again,
table by table, and only for the entities that are asked for. A link that came without an id is known by its ends and,
among parallel ones, by the id that its content gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import fingerprint
from ecosystem.dataset.dataset_folder import Sources, choose_source, find_sources
from ecosystem.dataset.faults import Faults
from ecosystem.dataset.header import match_header, typed_columns
from ecosystem.dataset.link_ids import hash_texts, make_link_ids
from ecosystem.dataset.links import load_regions
from ecosystem.dataset.node_index import NodeIndex
from ecosystem.dataset.origins import ExportRow, exported
from ecosystem.errors import DatasetError
from ecosystem.messages import tr
from ecosystem.model import LinkType, Property, PropertyType
from ecosystem.query import Schema
from ecosystem.regions import Regions, read_regions, shipped_regions
from ecosystem.tables.raw import RawTable, as_text


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a source: `source` is the dataset's name, `line` counts from 1, the header is line 1."""

    source: str
    file: str
    line: int


@dataclass(frozen=True, eq=False)
class Origins:
    """The places of a dataset folder's rows, looked up by label or link type and id."""

    folder: Path
    schema: Schema
    regions: Regions
    _sources: Sources = field(repr=False)
    _tables: dict[str, RawTable | None] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, folder: Path, schema: Schema, regions: Regions) -> Origins:
        """The places of a folder; `regions` are those it was loaded with. DatasetError where it cannot be read."""
        sources, _ = find_sources(folder, schema.model)
        return cls(folder, schema, regions, sources)

    def refuse_other(self, wanted: str) -> None:
        """Raise DatasetError unless the folder holds what was loaded, by its hash: else the lines would be others."""
        raw, model = self._raw("regions"), self.schema.model
        regions = shipped_regions()
        if raw is not None and raw.read:
            columns = [as_text(column) for column in raw.columns]
            table = pa.Table.from_arrays(columns, names=list(raw.names))
            regions = read_regions(table, file=raw.file, model=model)[0] or regions
        index = NodeIndex()
        load_regions(regions, "regions.csv", index)
        chosen = (self._path(table) for table in self._sources)
        if fingerprint([path for path in chosen if path is not None], index.tables["Region"], model) != wanted:
            message = tr(
                "{folder} is not the dataset that was loaded: it has other files, or they have changed",
                folder=self.folder,
            )
            raise DatasetError(message, hint=tr("load it again: ecosystem load DIR"))

    def _path(self, table: str) -> Path | None:
        """The file that a table is read from."""
        sources = self._sources[table]
        if len(sources) == 1:
            return sources[0].path
        chosen = choose_source(sources, [])
        return None if chosen is None else chosen[0]

    def nodes(self, label: str, ids: Sequence[str]) -> dict[str, Origin]:
        """The origin of each of these nodes; one that no file gives, as a region of the shipped hierarchy, has none."""
        kind = self.schema.model.labels[label]
        raw = self._raw(kind.table)
        if raw is None:
            return {}
        if kind.keyless:
            named = self._text(raw, "region").to_pylist()
            place = pa.chunked_array([pa.array([self.regions.find(name) for name in named], pa.string())])
            rest = (self._text(raw, name) for name in ("indicator", "year"))
            found = pc.fill_null(pc.binary_join_element_wise(place, *rest, "|"), "")
        else:
            found = self._text(raw, "id")
        return self._places(raw, found, ids)

    def links(self, kind: str, ends: Mapping[str, tuple[str, str]]) -> dict[str, Origin]:
        """The origin of each of these links, which are given with the ids of their ends."""
        link = self.schema.model.links[kind]
        raw = self._raw(link.table) if not link.derived else None
        if raw is None or not ends:
            return {}
        if link.at_most_one:
            found = self._places(raw, self._text(raw, "from"), [source for source, _ in ends.values()])
            return {name: found[source] for name, (source, _) in ends.items() if source in found}
        rows = self._between(raw, list(ends.values()))
        few = _rows_of(raw, rows)
        return self._places(few, pa.chunked_array([self._ids(few, link)]), list(ends))

    def exports(self, kind: str, ids: Sequence[str]) -> dict[str, list[ExportRow]]:
        """The rows of exports behind nodes or links, where the folder was written by imports."""
        model = self.schema.model
        return exported(self.folder, (model.labels.get(kind) or model.links[kind]).table, ids)

    def _between(self, raw: RawTable, ends: Sequence[tuple[str, str]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The rows whose ends are one of these pairs."""
        likely = np.ones(raw.rows, dtype=bool)
        for name, place in (("from", 0), ("to", 1)):
            ids = pa.array(sorted({pair[place] for pair in ends}))
            likely &= pc.is_in(self._text(raw, name), value_set=ids).to_numpy()
        return np.flatnonzero(likely)

    def _ids(self, raw: RawTable, link: LinkType) -> pa.Array:
        """The ids of the rows, given or made of their content."""
        types = self.schema.links.get(link.name, {})
        known = dict(link.properties) | {
            name: Property(name, cast("PropertyType", kind)) for name, kind in types.items()
        }
        ends = {name: Property(name, "string", required=True) for name in ("from", "to")}
        faults = Faults(raw)
        header = match_header(raw, ends | known, list(ends), faults)
        rest = {name: prop for name, prop in known.items() if name != "id"}
        columns = typed_columns(header, rest, raw.rows, faults)
        source, target = (hash_texts(as_text(header.known[end])) for end in ends)
        made = make_link_ids(link.name, source, target, columns)
        if "id" not in header.known:
            return made
        return pc.coalesce(as_text(header.known["id"]).combine_chunks(), made)

    def _places(self, raw: RawTable, found: pa.ChunkedArray, ids: Sequence[str]) -> dict[str, Origin]:
        rows = np.flatnonzero(pc.is_in(found, value_set=pa.array(sorted(set(ids)), pa.string())).to_numpy())
        names = found.take(pa.array(rows)).to_pylist()
        lines = raw.lines_of(rows).tolist()
        # the row that gives an id first keeps it
        return {
            name: Origin(self.folder.name, raw.file, line)
            for name, line in reversed(list(zip(names, lines, strict=True)))
        }

    def _raw(self, table: str) -> RawTable | None:
        if table not in self._tables:
            chosen = choose_source(self._sources[table], []) if table in self._sources else None
            self._tables[table] = None if chosen is None else chosen[1]
        return self._tables[table]

    def _text(self, raw: RawTable, name: str) -> pa.ChunkedArray:
        """A column as text, blank where the table has none of that name."""
        names = [given.strip().lower() for given in raw.names]
        if name not in names:
            return pa.chunked_array([pa.array([""] * raw.rows, pa.string())])
        return pc.fill_null(as_text(raw.columns[names.index(name)]), "")


def _rows_of(raw: RawTable, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> RawTable:
    taken = pa.array(rows)
    return RawTable(raw.file, raw.names, tuple(column.take(taken) for column in raw.columns), raw.lines_of(rows))


def find_folder(name: str, store: str, given: Path | None) -> Path:
    """The folder of a dataset: the one that is given, else one of its name here or beside the store.

    DatasetError where there is none.
    """
    places = [given] if given is not None else [Path(name)] + ([] if "://" in store else [Path(store).parent / name])
    for place in places:
        if place.is_dir():
            return place
    hint = tr("name it with --dataset DIR: line numbers are read from its files")
    raise DatasetError(
        tr("the folder of the dataset {name!r} is not here: {places}", name=name, places=", ".join(map(str, places))),
        hint=hint,
    )


def origins_frame(found: Mapping[str, Origin], exports: Mapping[str, Sequence[ExportRow]]) -> pd.DataFrame:
    """Ids with `source`, `file`, `line` and `exports`, the rows of exports behind them, `;` between."""
    rows = [
        (name, each.source, each.file, each.line, "; ".join(map(str, exports[name])) if name in exports else None)
        for name, each in found.items()
    ]
    return pd.DataFrame(rows, columns=["id", "source", "file", "line", "exports"])
