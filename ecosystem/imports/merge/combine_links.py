"""The links of all sources under the ids of the merged nodes, written while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from ecosystem.dataset.link_ids import hash_ids, link_hashes, running_numbers, write_link_ids
from ecosystem.dataset.origins import OriginFile
from ecosystem.imports.link_file import EVENT, FILE, LINE, read_groups
from ecosystem.imports.merge.combine_nodes import common_types, conform, degrees_of, renamed
from ecosystem.imports.merge.rounds import Event, SameRounds
from ecosystem.imports.part import Part
from ecosystem.model import LinkType
from ecosystem.tables.writer import needs_quotes

Step = Callable[[int], None]
"""Called with the number of rows that were read."""


@dataclass(slots=True)
class LinkCounts:
    """Links that the parts have, links that are written, and how many links every node has."""

    made: int = 0
    written: int = 0
    degrees: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some links of one link table of one part, as they will stand in the dataset."""

    source: int
    table: pa.Table
    origins: pa.Table


@dataclass(slots=True)
class LinkWriter:
    """Writes the links of one type, and where they come from."""

    kind: LinkType
    parts: Sequence[Part]
    names: Sequence[Mapping[str, str]]
    same: SameRounds
    counts: LinkCounts
    _fallen: dict[Event, list[tuple[int, str, int]]] = field(default_factory=dict)
    _standing: dict[Event, list[str]] = field(default_factory=dict)

    def write(self, path: Path, origins: OriginFile, step: Step) -> None:
        """Write the table `path`; without a link there is no file."""
        files = [
            (place, key, part.link_file(key))
            for place, part in enumerate(self.parts)
            for key, kind in part.links.items()
            if kind == self.kind.name
        ]
        if not files:
            return
        types = common_types(_public(parquet.read_schema(file)) for _, _, file in files)
        hashes, quotes = self._survey(files, types, step)
        if not len(hashes):
            return
        numbers = running_numbers(hashes)
        ordered = {"id": pa.string()} | {name: types[name] for name in _first_columns(types)}
        style = "needed" if quotes else "none"
        start = 0
        with (
            path.open("wb") as out,
            csv.CSVWriter(
                out, pa.schema(ordered), write_options=csv.WriteOptions(quoting_style=style, quoting_header=style)
            ) as writer,
        ):
            for file in files:
                for piece in self._pieces(*file, types, step):
                    end = start + piece.table.num_rows
                    ids = write_link_ids(hashes[start:end], numbers[start:end])
                    writer.write_table(conform(piece.table.append_column("id", ids), ordered))
                    self._write_origins(piece, ids, origins)
                    start = end
                self._write_repeated(file, hashes, numbers, start, origins)
        self._write_fallen(origins)

    def _survey(
        self, files: Sequence[tuple[int, str, Path]], types: Mapping[str, pa.DataType], step: Step
    ) -> tuple[npt.NDArray[np.uint64], bool]:
        """The hash of every link, and whether a text has to stand in quotes."""
        found, quotes = [np.zeros(0, np.uint64)], False
        for place, key, file in files:
            for piece in self._pieces(place, key, file, types, step):
                table = piece.table
                self.counts.written += table.num_rows
                for end in ("from", "to"):
                    degrees_of(table[end], self.counts.degrees)
                quotes = quotes or needs_quotes(table.select(list(types)))
                found.append(self._hashes(table, place))
            self.counts.made += parquet.read_metadata(file).num_rows
        return np.concatenate(found), quotes

    def _hashes(self, table: pa.Table, place: int) -> npt.NDArray[np.uint64]:
        """An event and its ends tell a link; where there is no event, all that the link says."""
        if EVENT in table.column_names:
            source = self.parts[place].source
            event = pc.binary_join_element_wise(pa.scalar(source), table[EVENT], "|")
            properties = {"event": event}
        else:
            properties = {name: table[name] for name in _public(table.schema).names if name not in ("from", "to")}
        return link_hashes(self.kind.name, hash_ids(table["from"]), hash_ids(table["to"]), properties)

    def _pieces(
        self, place: int, key: str, file: Path, types: Mapping[str, pa.DataType], step: Step
    ) -> Iterator[_Piece]:
        own = self.names[place]
        events = {event for part, event in self.same.into if part == place}
        for rows in read_groups(file):
            step(rows.num_rows)
            group = _under_final_ids(rows, own)
            if (distinct := self._distinct(rows, own)) is not None:
                group = group.filter(distinct)
            origins = group.select([name for name in group.column_names if name.startswith((FILE, LINE))])
            table = conform(group, types)
            if EVENT in group.column_names:
                table = table.append_column(EVENT, group[EVENT])
            if events and self.kind.name == "INVESTED_IN":
                falls = pc.is_in(group[EVENT], value_set=pa.array(sorted(events)))
                self._remember(place, group.filter(falls))
                table, origins = table.filter(pc.invert(falls)), origins.filter(pc.invert(falls))
            if self.same.amounts and EVENT in table.column_names and self.same.whole in types:
                table = self._filled(place, table)
            yield _Piece(place, table, origins)

    def _distinct(self, rows: pa.Table, own: Mapping[str, str]) -> pa.ChunkedArray | None:
        """Which links without a direction still have two ends; None for all of them.

        The two names of a cell may be one organisation, which the merge knows, and nobody collaborates with himself.
        """
        if self.kind.directed or not own:
            return None
        final = _under_final_ids(rows.select(["from", "to"]), own)
        return pc.or_(pc.not_equal(final["from"], final["to"]), pc.equal(rows["from"], rows["to"]))

    def _remember(self, place: int, fallen: pa.Table) -> None:
        """The rows of rounds that another source stands for: they are origins of its links."""
        columns = (fallen[name].to_pylist() for name in (EVENT, FILE, LINE))
        for event, file, line in zip(*columns, strict=True):
            rows = self._fallen.setdefault(self.same.into[place, event], [])
            if (place, file, line) not in rows:
                rows.append((place, file, line))

    def _filled(self, place: int, table: pa.Table) -> pa.Table:
        """The links with the amounts that only another source has."""
        own = {event: found for (part, event), found in self.same.amounts.items() if part == place}
        if not own:
            return table
        found = [own.get(event) for event in table[EVENT].to_pylist()]
        for name, values in (
            (self.same.whole, [None if one is None else one[0] for one in found]),
            (self.same.share, [None if one is None else one[0] / one[1] for one in found]),
        ):
            if name in table.column_names:
                filled = pc.coalesce(table[name], pa.chunked_array([pa.array(values, table.schema.field(name).type)]))
                table = table.set_column(table.column_names.index(name), name, filled)
        return table

    def _write_origins(self, piece: _Piece, ids: pa.Array, origins: OriginFile) -> None:
        source = self.parts[piece.source].source
        names = piece.origins.column_names
        for file, line in zip(names[::2], names[1::2], strict=True):
            known = pc.greater(piece.origins[line], 0)
            rows = piece.origins.filter(known)
            origins.write(self.kind.table, pa.chunked_array([ids]).filter(known), source, rows[file], rows[line])
        if self._fallen and EVENT in piece.table.column_names:
            for key, event in zip(ids.to_pylist(), piece.table[EVENT].to_pylist(), strict=True):
                if (piece.source, event) in self._fallen:
                    self._standing.setdefault((piece.source, event), []).append(key)

    def _write_repeated(
        self,
        file: tuple[int, str, Path],
        hashes: npt.NDArray[np.uint64],
        numbers: npt.NDArray[np.int64],
        end: int,
        origins: OriginFile,
    ) -> None:
        """Write the rows of the export that tell a link again; those of rounds that fall are left out."""
        place, key, path = file
        repeated = self.parts[place].repeated(key)
        if repeated is None:
            return
        rows = parquet.read_metadata(path).num_rows
        kept = np.ones(rows, np.bool_)
        events = [event for part, event in self.same.into if part == place]
        if events and self.kind.name == "INVESTED_IN":
            column = parquet.read_table(path, columns=[EVENT])[EVENT]
            kept = ~pc.is_in(column, value_set=pa.array(events)).to_numpy()
        distinct = self._distinct(parquet.read_table(path, columns=["from", "to"]), self.names[place])
        if distinct is not None:
            kept &= distinct.to_numpy()
        links = repeated["link"].to_numpy()
        repeated = repeated.filter(pa.array(kept[links]))
        at = (np.cumsum(kept) - 1)[links[kept[links]]] + end - int(kept.sum())
        ids = write_link_ids(hashes[at], numbers[at])
        origins.write(
            self.kind.table, pa.chunked_array([ids]), self.parts[place].source, repeated[FILE], repeated[LINE]
        )

    def _write_fallen(self, origins: OriginFile) -> None:
        for event, rows in self._fallen.items():
            for place, file, line in rows:
                ids = self._standing.get(event, [])
                origins.write_rows(self.kind.table, [(key, self.parts[place].source, file, line) for key in ids])


def _under_final_ids(links: pa.Table, names: Mapping[str, str]) -> pa.Table:
    for place, end in enumerate(("from", "to")):
        links = links.set_column(place, end, renamed(links[end], names))
    return links


def _public(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field for field in schema if not field.name.startswith("_")])


def _first_columns(types: Mapping[str, pa.DataType]) -> list[str]:
    """The ends and the year first."""
    return sorted(types, key=lambda name: {"from": 0, "to": 1, "year": 2}.get(name, 3))
