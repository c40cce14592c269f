"""The links of all sources under the ids of the merged nodes, written while they are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from ecosystem.dataset.link_ids import hash_ids, link_hashes, running_numbers, write_link_ids
from ecosystem.dataset.origins import OriginFile
from ecosystem.imports.link_file import EVENT, FILE, LINE, group_rows, plain, read_encoded
from ecosystem.imports.merge.combine_nodes import common_types, conform, degrees_of, renamed
from ecosystem.imports.merge.rounds import Event, SameRounds
from ecosystem.imports.part import Part
from ecosystem.model import LinkType
from ecosystem.tables.writer import needs_quotes

Mask = npt.NDArray[np.bool_]
Step = Callable[[int], None]
"""Called with the number of rows that were read."""


@dataclass(slots=True)
class LinkCounts:
    """Links that the parts have, links that are written, and how many links every node has."""

    made: int = 0
    written: int = 0
    degrees: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Links:
    """The links of one link table of one part as they will stand in the dataset, texts as dictionaries.

    `bounds` are where the pieces of the file begin and end: links are written by them.
    """

    source: int
    table: pa.Table
    origins: pa.Table
    bounds: Sequence[int]

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Where each piece begins and ends."""
        return pairwise(self.bounds)


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
        links = [self._links(*file, types, step) for file in files]
        hashes = np.concatenate([self._hashes(one) for one in links])
        if not len(hashes):
            return
        numbers = running_numbers(hashes)
        ordered = {"id": pa.string()} | {name: types[name] for name in _first_columns(types)}
        style = "needed" if any(needs_quotes(_texts_of(one.table.select(list(types)))) for one in links) else "none"
        options = csv.WriteOptions(quoting_style=style, quoting_header=style)
        end = 0
        with path.open("wb") as out, csv.CSVWriter(out, pa.schema(ordered), write_options=options) as writer:
            for file, one in zip(files, links, strict=True):
                for begin, stop in one.pieces():
                    start, end = end, end + stop - begin
                    ids = write_link_ids(hashes[start:end], numbers[start:end])
                    piece = one.table.slice(begin, stop - begin).append_column("id", ids)
                    writer.write_table(conform(piece, ordered))
                    self._write_origins(one, begin, ids, origins)
                    step(stop - begin)
                self._write_repeated(file, hashes, numbers, end, origins)
        self._write_fallen(origins)

    def _links(self, place: int, key: str, file: Path, types: Mapping[str, pa.DataType], step: Step) -> _Links:
        """The links of a file, under the ids of the merged nodes, without the rounds that another source tells."""
        own = self.names[place]
        rows = read_encoded(file)
        kept = self._kept(place, rows)
        table = _under_final_ids(rows, own)
        events = {event for part, event in self.same.into if part == place}
        if events and self.kind.name == "INVESTED_IN":
            falls = _is_in(rows[EVENT], events) & self._have_ends(place, rows)
            self._remember(place, table.filter(pa.array(falls)))
        if not kept.all():
            table = table.filter(pa.array(kept))
        bounds = np.append(0, np.cumsum(kept))[np.cumsum([0, *group_rows(file)])].tolist()
        origins = table.select([name for name in table.column_names if name.startswith((FILE, LINE))])
        event = table[EVENT] if EVENT in table.column_names else None
        table = _encoded_as(table, types)
        if event is not None:
            table = table.append_column(EVENT, event)
        if self.same.amounts and event is not None and self.same.whole in types:
            table = self._filled(place, table)
        for end in ("from", "to"):
            degrees_of(table[end], self.counts.degrees)
        self.counts.written += table.num_rows
        self.counts.made += rows.num_rows
        step(rows.num_rows)
        return _Links(place, table, origins, bounds)

    def _hashes(self, links: _Links) -> npt.NDArray[np.uint64]:
        """An event and its ends tell a link; where there is no event, all that the link says."""
        table = links.table
        if EVENT in table.column_names:
            event = table[EVENT].combine_chunks()
            texts = pc.binary_join_element_wise(pa.scalar(self.parts[links.source].source), event.dictionary, "|")
            properties = {"event": pa.chunked_array([pa.DictionaryArray.from_arrays(event.indices, texts)])}
        else:
            properties = {name: table[name] for name in table.column_names if name not in ("from", "to")}
        return link_hashes(self.kind.name, hash_ids(table["from"]), hash_ids(table["to"]), properties)

    def _kept(self, place: int, rows: pa.Table) -> Mask:
        """Which links of a part stand in the dataset: those of rounds that another source tells do not."""
        kept = self._have_ends(place, rows)
        events = {event for part, event in self.same.into if part == place}
        if events and self.kind.name == "INVESTED_IN":
            kept &= ~_is_in(rows[EVENT], events)
        return kept

    def _have_ends(self, place: int, rows: pa.Table) -> Mask:
        """Which links without a direction still have two ends.

        The two names of a cell may be one organisation, which the merge knows, and nobody collaborates with himself.
        """
        own = self.names[place]
        if self.kind.directed or not own:
            return np.ones(rows.num_rows, np.bool_)
        final = _under_final_ids(rows.select(["from", "to"]), own)
        return ~_same_ends(final) | _same_ends(rows)

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

    def _write_origins(self, links: _Links, begin: int, ids: pa.Array, origins: OriginFile) -> None:
        """Write the rows that tell some links, which begin at `begin`."""
        source = self.parts[links.source].source
        told = plain(links.origins.slice(begin, len(ids)))
        names = told.column_names
        for file, line in zip(names[::2], names[1::2], strict=True):
            known = pc.greater(told[line], 0)
            rows = told.filter(known)
            origins.write(self.kind.table, pa.chunked_array([ids]).filter(known), source, rows[file], rows[line])
        if self._fallen and EVENT in links.table.column_names:
            events = links.table[EVENT].slice(begin, len(ids)).to_pylist()
            for key, event in zip(ids.to_pylist(), events, strict=True):
                if (links.source, event) in self._fallen:
                    self._standing.setdefault((links.source, event), []).append(key)

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
        kept = self._kept(place, read_encoded(path))
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
    for end in ("from", "to"):
        column = links[end].combine_chunks()
        texts = renamed(pa.chunked_array([column.dictionary]), names).combine_chunks()
        place = links.column_names.index(end)
        links = links.set_column(place, end, pa.DictionaryArray.from_arrays(column.indices, texts))
    return links


def _is_in(column: pa.ChunkedArray, texts: Collection[str]) -> Mask:
    """Which texts of a column, a dictionary, are among some."""
    whole = column.combine_chunks()
    among = pc.is_in(whole.dictionary, value_set=pa.array(sorted(texts))).take(whole.indices)
    found: Mask = among.to_numpy(zero_copy_only=False)
    return found


def _same_ends(links: pa.Table) -> Mask:
    """Which links join a node with itself."""
    ends = [links[end].combine_chunks() for end in ("from", "to")]
    texts = pa.concat_arrays([end.dictionary for end in ends]).dictionary_encode().indices.to_numpy()
    one, other = (end.indices.to_numpy() for end in ends)
    same: Mask = texts[one] == texts[len(ends[0].dictionary) :][other]
    return same


def _encoded_as(table: pa.Table, types: Mapping[str, pa.DataType]) -> pa.Table:
    """The table with exactly these columns; a dictionary of texts stays one."""
    stay = {name: table.schema.field(name).type for name in table.column_names if types.get(name) == pa.string()}
    dictionaries = {name: kind for name, kind in stay.items() if pa.types.is_dictionary(kind)}
    return conform(table, {**types, **dictionaries})


def _texts_of(table: pa.Table) -> pa.Table:
    """The distinct texts of each column of texts, as one column of a table."""
    found = [pa.array(table.column_names, pa.string())]
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            whole = column.combine_chunks()
            used = np.zeros(len(whole.dictionary), np.bool_)
            used[whole.indices.drop_null().to_numpy()] = True
            found.append(whole.dictionary.filter(pa.array(used)))
        elif pa.types.is_string(column.type):
            found.extend(column.chunks)
    return pa.table({"texts": pa.chunked_array(found, pa.string())})


def _public(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field for field in schema if not field.name.startswith("_")])


def _first_columns(types: Mapping[str, pa.DataType]) -> list[str]:
    """The ends and the year first."""
    return sorted(types, key=lambda name: {"from": 0, "to": 1, "year": 2}.get(name, 3))
