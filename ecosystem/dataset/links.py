"""Check the table of one link type and load its good rows: both ends, an id for each, typed properties."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import Faults, quoted, row_texts
from ecosystem.dataset.header import Columns, match_header, typed_columns
from ecosystem.dataset.link_ids import Hashes, make_link_ids
from ecosystem.dataset.node_index import IdPositions, Keys, NodeIndex
from ecosystem.dataset.region_cells import parse_regions
from ecosystem.dataset.values import parse_key, refuse_repeated
from ecosystem.errors import nearest
from ecosystem.messages import either, tr, tr_count
from ecosystem.model import ENDS, LinkType, Model, kind_word, load_model
from ecosystem.regions import Regions
from ecosystem.tables.raw import Mask, RawTable, Rows, as_text, cells_at, rows_where

_FEW = 2000
"""Among so many ids, those nearest to a wrong one are looked for."""


@dataclass(slots=True)
class LinkIndex:
    """What the links of all types share, and the loaded tables, which grow type by type.

    `hashes` are those of the node ids by key; `unread` names the file of each label whose nodes could not be read.
    """

    nodes: NodeIndex
    regions: Regions
    hashes: Hashes
    unread: Mapping[str, str] = field(default_factory=dict)
    model: Model = field(default_factory=load_model)
    places: IdPositions = field(default_factory=IdPositions)
    tables: dict[str, pa.Table] = field(default_factory=dict)

    def load(self, link: LinkType, sources: Keys, targets: Keys, ids: pa.Array | None, columns: Columns) -> None:
        """Give keys to the links of a type, and ids to those that have none; a type without rows is left out."""
        if len(sources) == 0:
            return
        first = sum(table.num_rows for table in self.tables.values())
        made = {
            "_id": pa.array(np.arange(first, first + len(sources))),
            "_src": pa.array(sources),
            "_dst": pa.array(targets),
            "_src_label": label_column(sources, self.nodes),
            "_dst_label": label_column(targets, self.nodes),
            "id": self._ids(link, sources, targets, ids, columns),
        }
        self.tables[link.name] = pa.table(made | columns)

    def _ids(self, link: LinkType, sources: Keys, targets: Keys, given: pa.Array | None, columns: Columns) -> pa.Array:
        if given is None or given.null_count == len(given):
            return make_link_ids(link.name, self.hashes[sources], self.hashes[targets], columns)
        if given.null_count == 0:
            return given
        blank = pc.is_null(given)
        rows = blank.to_numpy(zero_copy_only=False)
        properties = {name: column.filter(blank) for name, column in columns.items()}
        made = make_link_ids(link.name, self.hashes[sources[rows]], self.hashes[targets[rows]], properties)
        return pc.replace_with_mask(given, blank, _unlike(made, given))


def read_links(raw: RawTable, link: LinkType, index: LinkIndex) -> Faults:
    """The faults of a link table; its good rows are in `index` afterwards."""
    faults = Faults(raw)
    header = match_header(raw, dict(ENDS) | dict(link.properties), list(ENDS), faults)
    if not header.complete:
        return faults
    sources = _end(header.known["from"], "from", link.sources, index, faults)
    if link.at_most_one:
        _refuse_second(header.known["from"], link, raw, faults)
    targets = _end(header.known["to"], "to", link.targets, index, faults)
    ids = parse_key(header.known["id"], "id", faults, required=False) if "id" in header.known else None
    if ids is not None and ids.null_count < len(ids):
        _check_given(ids, raw, index, faults)
    properties = {name: entry for name, entry in link.properties.items() if name != "id"}
    columns = typed_columns(header, properties, raw.rows, faults)
    _compare_dates(columns, faults)
    _load(link, sources, targets, ids, columns, faults.good, index)
    return faults


def _end(cells: pa.ChunkedArray, end: str, allowed: Sequence[str], index: LinkIndex, faults: Faults) -> Keys:
    if tuple(allowed) == ("Region",):
        hint = tr("name a region by id, code or name")
        faults.add(
            "blank_id",
            rows_where(pc.is_null(cells)),
            tr("{name} is blank", name=faults.called(end)),
            column=end,
            hint=hint,
        )
        ids = parse_regions(cells, end, index.regions, faults)
    else:
        text = as_text(cells)
        keys = index.nodes.keys(text)
        if index.nodes.all_checked(keys, allowed):
            return keys
        ids = parse_key(text, end, faults)
    return end_keys(ids, end, allowed, index, faults)


def _refuse_second(cells: pa.ChunkedArray, link: LinkType, raw: RawTable, faults: Faults) -> None:
    if link.name == "LOCATED_IN":
        code, template = "second_location", tr("{id} has a location already: {file}, line {line}")
        hint = tr("a node lies in one region: delete all its rows but one")
    else:
        code, template = "second_link", tr("{id} has such a link already: {file}, line {line}")
        hint = tr("a node has one of them: delete all its rows but one")
    refuse_repeated(cells, raw, code, "from", faults, template=template, hint=hint)


def _check_given(ids: pa.ChunkedArray, raw: RawTable, index: LinkIndex, faults: Faults) -> None:
    fresh = refuse_repeated(ids, raw, "duplicate_id", "id", faults)
    places = index.places.of(ids)
    rows = np.flatnonzero(places.known)
    cells = cells_at(ids, rows)
    files, lines = places.at(rows)
    template = tr("{id} is the id of another link: {file}, line {line}")
    reasons = row_texts(template, id=quoted(cells), file=files, line=lines.cast(pa.string()))
    hint = tr("leave the id blank: one is made then")
    faults.add("duplicate_id", rows, reasons, column="id", values=cells, hint=hint)
    index.places.note(raw.file, cells_at(ids, fresh), raw.lines_of(fresh))


def _compare_dates(columns: Columns, faults: Faults) -> None:
    """Warn of a date without a year, which counts as undated, and of one in another year than `year` says."""
    if "date" not in columns:
        return
    dated = pc.is_valid(columns["date"])
    year = columns.get("year")
    undated = rows_where(dated if year is None else pc.and_(dated, pc.is_null(year)))
    if len(undated):
        message = tr("links with a date but no year count as undated: {count:,}", count=len(undated))
        faults.warn(
            "date_without_year",
            message,
            column="year",
            row=int(undated[0]),
            hint=tr("fill in the column {name}", name=faults.called("year")),
        )
    if year is not None:
        other = rows_where(pc.not_equal(pc.year(columns["date"]), year))
        if len(other):
            message = tr(
                "links whose date is in another year than `year` says (`year` counts): {count:,}", count=len(other)
            )
            faults.warn("year_and_date", message, column="year", row=int(other[0]), hint=tr("correct one of the two"))


def _load(
    link: LinkType,
    sources: Keys,
    targets: Keys,
    ids: pa.ChunkedArray | None,
    columns: Columns,
    good: Mask,
    index: LinkIndex,
) -> None:
    if not good.all():
        mask = pa.array(good)
        sources, targets = sources[good], targets[good]
        ids = ids.filter(mask) if ids is not None else None
        for name in columns:  # one by one, so that only one column is there twice
            columns[name] = columns[name].filter(mask)
    index.load(link, sources, targets, None if ids is None else ids.combine_chunks(), columns)


def _unlike(made: pa.Array, given: pa.Array) -> pa.Array:
    """The made ids, numbered on where the same id was given: a blank copy of a link that was exported with its id."""
    if not pc.any(pc.is_in(made, value_set=given)).as_py():
        return made
    taken, fresh = set(given.to_pylist()), []
    for first in made.to_pylist():
        base, _, number = first.partition("-")
        candidates = (base if count == 1 else f"{base}-{count}" for count in itertools.count(int(number or 1)))
        fresh.append(next(candidate for candidate in candidates if candidate not in taken))
        taken.add(fresh[-1])
    return pa.array(fresh, pa.string())


def load_regions(regions: Regions, file: str, index: NodeIndex) -> None:
    """Load the hierarchy as the nodes of the label Region, under the name of the file that it came from."""
    table = regions.table()
    ids = table["id"].combine_chunks()
    index.places.note(file, ids, np.arange(2, len(ids) + 2))
    index.load("Region", table)


def load_closure(regions: Regions, within: LinkType, index: LinkIndex) -> None:
    """Load a link from each region to itself, to each of its ancestors and to each group that it belongs to."""
    lower, upper = zip(*regions.closure(), strict=True)
    sources, targets = (index.nodes.keys(pa.chunked_array([pa.array(ids)])) for ids in (lower, upper))
    index.load(within, sources, targets, None, {})


def end_keys(ids: pa.ChunkedArray, end: str, allowed: Sequence[str], index: LinkIndex, faults: Faults) -> Keys:
    """The key of the node at one end of each link, -1 where there is none: that, and a wrong label, is a fault.

    `end` is the column: `from` or `to`.
    """
    keys = index.nodes.keys(ids)
    rows = np.flatnonzero((keys < 0) & pc.is_valid(ids).to_numpy())
    if len(rows):
        _refuse_missing(rows, cells_at(ids, rows), end, allowed, index, faults)
    _check_labels(keys, ids, end, allowed, index, faults)
    return keys


def label_column(keys: Keys, index: NodeIndex) -> pa.DictionaryArray:
    """The labels of nodes, dictionary-encoded."""
    return pa.DictionaryArray.from_arrays(pa.array(index.label_numbers(keys)), pa.array(list(index.tables)))


def _refuse_missing(
    rows: Rows, cells: pa.Array, end: str, allowed: Sequence[str], index: LinkIndex, faults: Faults
) -> None:
    """Set rows aside whose end is no loaded node: its own row was set aside, or nothing gives the id at all."""
    places = index.nodes.places.of(cells)
    aside = places.known
    files, lines = places.at(aside)
    template = tr("the row of node {id} does not load: {file}, line {line}")
    ids = quoted(cells.filter(pa.array(aside)))
    faults.follow(rows[aside], row_texts(template, id=ids, file=files, line=lines.cast(pa.string())), end, files, lines)
    rows, absent = rows[~aside], cells.filter(pa.array(~aside))
    unread = [file for label, file in index.unread.items() if label in allowed]
    if unread:
        _tell_unread(rows, absent, end, ", ".join(unread), faults)
    else:
        reasons = row_texts(tr("{id} is the id of no node"), id=quoted(absent))
        hint = partial(_hint_for, allowed=allowed, ids=_few_ids(allowed, index.nodes), index=index.nodes)
        faults.add("missing_node", rows, reasons, column=end, values=absent, hint=hint)


def _tell_unread(rows: Rows, absent: pa.Array, end: str, unread: str, faults: Faults) -> None:
    """Set rows aside whose ends are in a file that could not be read: that is one cause, and one finding."""
    reasons = row_texts(tr("{id} is the id of no node ({unread} could not be read)"), id=quoted(absent), unread=unread)
    message = tr_count(
        "1 row names a node that is not there ({unread} could not be read)",
        "{count:,} rows name nodes that are not there ({unread} could not be read)",
        len(rows),
        unread=unread,
    )
    faults.add_together("missing_node", rows, reasons, message, end, tr("fix that file first"))


def _hint_for(cell: str, allowed: Sequence[str], ids: Sequence[str], index: NodeIndex) -> str:
    if named := index.named(cell, allowed):
        return tr("that is the name of {id!r}: write the id", id=named)
    if close := nearest(cell, ids):
        return tr("did you mean {close}?", close=either(map(repr, close)))
    return tr("add the node, or delete the link")


def _few_ids(labels: Sequence[str], index: NodeIndex) -> list[str]:
    """The ids of the nodes that a link could mean; none when there are too many to compare."""
    tables = [table for label, table in index.tables.items() if label in labels]
    few = sum(table.num_rows for table in tables) <= _FEW
    return [id_ for table in tables for id_ in table["id"].to_pylist()] if few else []


def _check_labels(
    keys: Keys, ids: pa.ChunkedArray, end: str, allowed: Sequence[str], index: LinkIndex, faults: Faults
) -> None:
    labels = list(index.nodes.tables)
    fits = np.array([label in allowed for label in labels], np.bool_)
    if not labels or fits.all():
        return
    numbers = index.nodes.label_numbers(np.maximum(keys, 0))
    rows = np.flatnonzero(~fits[numbers] & (keys >= 0))
    cells = cells_at(ids, rows)
    actual = pa.array([kind_word(label, index.model) for label in labels]).take(pa.array(numbers[rows]))
    template = tr("{id} has the label {label}; {end} must be {either}")
    wanted = _either([kind_word(label, index.model) for label in allowed])
    reasons = row_texts(template, id=quoted(cells), label=actual, end=faults.called(end), either=wanted)
    hint = tr("are from and to swapped, or does the row belong to another link type?")
    faults.add("wrong_label", rows, reasons, column=end, values=cells, hint=hint)


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else either([", ".join(words[:-1]), words[-1]])
