"""The links of events: each once, however many rows tell it, and what the event as a whole has, shared among them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ecosystem.errors import Finding
from ecosystem.imports.columns import Codes, row_numbers
from ecosystem.imports.event_shares import exceeding, shares
from ecosystem.imports.link_file import EVENT, FILE, LINE, Groups
from ecosystem.imports.rows import Mask
from ecosystem.messages import tr

_SLICE = 1 << 17
TOLD = 1_000
"""How many rows are told that do not agree with their event."""
REPEATED = ".repeated.parquet"
"""The ending of the file with the rows that tell a link again: its number among the links, file, line."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The links that are left and their groups, the rows that tell them again, and where rows of one event disagree."""

    links: pa.Table
    groups: Groups
    repeated: pa.Table | None
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class _Whole:
    """What each event has as a whole: of its rows the first value that is not blank, and the row that gives it."""

    values: npt.NDArray[np.float64]
    rows: Codes


@dataclass(frozen=True, slots=True)
class _Told:
    """What rows add that tell a link again: property -> rows that it fills and their values; and what is dropped."""

    filled: dict[str, tuple[Codes, pa.ChunkedArray]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def settle(table: pa.Table, groups: Groups, share: Mapping[str, str]) -> Settled:
    """The links so that each link of an event stands there once, with its even part of the whole.

    `share` is property = property of the whole event; it is a new column where no link has a part of its own. Of every
    other property the first value that is not blank is kept, as of nodes, and what is dropped is a finding. `repeated`
    has the number of a link, file and line.
    """
    events, *ends = (table[name].chunk(0).indices.to_numpy() for name in (EVENT, "from", "to"))
    first = _first_rows([events, *ends])
    kept = first == row_numbers(len(first))
    told = _told_again(table, first, kept, set(share.values()))
    wholes = {name: _whole(table, name, events) for name in share.values()}
    findings = [finding for name in wholes for finding in _differing(table, name, wholes[name], events)]
    findings += told.findings
    repeated = _repeated(table, kept, first)
    table = _filled(table, told.filled)
    if not kept.all():
        table, events = table.filter(pa.array(kept)), events[kept]
    for part, name in share.items():
        whole = wholes[name].values[events]
        table = _set(table, name, whole)
        own = _floats(table[part]) if part in table.column_names else None
        if own is not None:
            findings += _exceeding(table, part, own, whole, events)
        table = _set(table, part, shares(own, whole, events))
    sizes = np.add.reduceat(kept, np.cumsum([0, *map(sum, groups[:-1])]), dtype=np.int64) if len(kept) else np.zeros(1)
    return Settled(table, [[int(size)] for size in sizes], repeated, findings)


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    floats: npt.NDArray[np.float64] = pc.fill_null(pc.cast(column, pa.float64()), np.nan).to_numpy()
    return floats


def _exceeding(
    links: pa.Table, part: str, own: npt.NDArray[np.float64], whole: npt.NDArray[np.float64], events: Codes
) -> list[Finding]:
    """A finding for each event whose links have more of their own than the event has; beyond `TOLD` none."""
    findings: dict[int, Finding] = {}
    for link in exceeding(own, whole, events).tolist():
        if events[link] not in findings and len(findings) < TOLD:
            message = tr(
                "the parts of the event {event} are {parts}, more than the whole, {whole}",
                event=_shown(links[EVENT][link].as_py()),
                parts=float(np.nansum(own[events == events[link]])),
                whole=float(whole[link]),
            )
            file, line = links[FILE][link].as_py(), links[LINE][link].as_py()
            findings[int(events[link])] = Finding("warning", "parts_exceed", message, file, line, part, str(own[link]))
    return list(findings.values())


def _first_rows(columns: Sequence[npt.NDArray[np.int32]]) -> Codes:
    """For each row the first one that says the same in all columns. Sorting takes less memory than hashing."""
    order = np.lexsort(columns)  # stable: rows that agree stay in their order
    order = order.astype(row_numbers(len(order)).dtype)
    begins = np.zeros(len(order), np.bool_)
    begins[:1] = True
    for column in columns:
        ordered = column[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    places = np.flatnonzero(begins)
    first = np.empty_like(order)
    first[order] = np.repeat(order[places], np.diff(places, append=len(order)))
    return first


def _whole(table: pa.Table, name: str, events: Codes) -> _Whole:
    column = table[name]
    valid = np.flatnonzero(pc.is_valid(column).to_numpy())
    rows = np.full(events.max(initial=-1) + 1, -1, np.int64)
    rows[events[valid[::-1]]] = valid[::-1]  # of several rows the last that is assigned stays: the first of them
    return _Whole(_floats(column.take(pa.array(rows, mask=rows < 0))), rows)


def _differing(table: pa.Table, name: str, whole: _Whole, events: Codes) -> list[Finding]:
    """A finding for each row that does not agree with its event; for those beyond `TOLD` only their number."""
    rows = _differing_rows(table[name], whole, events)
    findings: dict[tuple[str, int], Finding] = {}
    for row in rows[:TOLD].tolist():
        file, line, value = (table[one][row].as_py() for one in (FILE, LINE, name))
        first = int(whole.rows[events[row]])
        message = tr(
            "is {value}, but {other} in line {line} of the same event; the first is kept",
            value=float(value),
            other=whole.values[events[row]],
            line=table[LINE][first].as_py(),
        )
        finding = Finding("warning", "event_differs", message, file, line, name, str(float(value)))
        findings.setdefault((file, line), finding)
    if len(rows) > TOLD:
        message = tr("{count:,} more links do not agree with the first of their event", count=len(rows) - TOLD)
        findings["", 0] = Finding("warning", "event_differs", message, column=name)
    return list(findings.values())


def _differing_rows(column: pa.ChunkedArray, whole: _Whole, events: Codes) -> Codes:
    """The rows of links whose value is another than that of their event."""
    found = [np.zeros(0, np.int64)]
    for start in range(0, len(column), _SLICE):  # so that what is needed on the way is small
        values = pc.cast(column.slice(start, _SLICE), pa.float64()).to_numpy()
        differ = ~np.isnan(values) & (values != whole.values[events[start : start + _SLICE]])
        found.append(start + np.flatnonzero(differ))
    return np.concatenate(found)


def _told_again(table: pa.Table, first: Codes, kept: Mask, apart: Container[str]) -> _Told:
    """What the rows say that tell a link again, property by property; those `apart` are of the event as a whole."""
    told = _Told()
    again = np.flatnonzero(~kept)
    names = [name for name in table.column_names if not name.startswith("_")] if len(again) else []
    differing: dict[int, dict[str, int]] = {}
    more = 0
    for name in names:
        if name in apart or name in ("from", "to"):
            continue
        column = as_plain(table[name])
        codes = pc.fill_null(column.combine_chunks().dictionary_encode().indices, -1).to_numpy()
        says = np.flatnonzero(codes >= 0)
        best = np.full(len(first), -1, np.int64)  # of each link the first row that says something
        best[first[says[::-1]]] = says[::-1]
        late = np.flatnonzero((best >= 0) & (best != np.arange(len(first))))
        if len(late):
            told.filled[name] = late, column.take(pa.array(best[late]))
        other = again[(codes[again] >= 0) & (codes[again] != codes[best[first[again]]])]
        more += max(len(other) - TOLD, 0)
        for row in other[:TOLD].tolist():
            differing.setdefault(row, {})[name] = int(best[first[row]])
    told.findings.extend(_dropped(table, differing))
    if more:
        message = tr("{more:,} more values of repeated links of an event are dropped", more=more)
        told.findings.append(Finding("warning", "same_link_differs", message))
    return told


def _dropped(table: pa.Table, differing: Mapping[int, Mapping[str, int]]) -> Iterator[Finding]:
    """A finding for each row that tells a link of its event again with other values: which are dropped, which kept."""
    if not differing:
        return
    rows = sorted({*differing, *(best for kept in differing.values() for best in kept.values())})
    records = dict(zip(rows, table.take(pa.array(rows)).to_pylist(), strict=True))
    for row, kept in sorted(differing.items()):
        link = records[row]
        values = ", ".join(
            tr(
                "{name} {dropped} is dropped, {kept} (line {line}) is kept",
                name=name,
                dropped=_shown(link[name]),
                kept=_shown(first[name]),
                line=first[LINE],
            )
            for name, first in ((name, records[best]) for name, best in kept.items())
        )
        message = tr(
            "the event {event} has the link from {source} to {target} again: {values}",
            event=_shown(link[EVENT]),
            source=link["from"],
            target=link["to"],
            values=values,
        )
        value = _shown(link[next(iter(kept))])
        yield Finding("warning", "same_link_differs", message, link[FILE], link[LINE], "|".join(kept), value)


def _shown(value: object) -> str:
    return str(value)[:60]


def _filled(table: pa.Table, filled: Mapping[str, tuple[Codes, pa.ChunkedArray]]) -> pa.Table:
    """The links with what only later rows of the same links say."""
    for name, (rows, values) in filled.items():
        mask = np.zeros(table.num_rows, np.bool_)
        mask[rows] = True
        column = pc.replace_with_mask(as_plain(table[name]).combine_chunks(), pa.array(mask), values.combine_chunks())
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _set(table: pa.Table, name: str, values: npt.NDArray[np.float64]) -> pa.Table:
    column = pa.array(values, pa.float64(), mask=np.isnan(values))
    if name not in table.column_names:
        return table.append_column(name, column)
    place = table.column_names.index(name)
    return table.set_column(place, table.schema.field(place), column.cast(table.schema.field(place).type))


def _repeated(table: pa.Table, kept: Mask, first: Codes) -> pa.Table | None:
    again = np.flatnonzero(~kept)
    if not len(again):
        return None
    numbers = np.cumsum(kept) - 1
    origins = {name: as_plain(table[name].take(pa.array(again))) for name in (FILE, LINE)}
    return pa.table({"link": pa.array(numbers[first[again]]), **origins})


def write_repeated(path: Path, repeated: pa.Table | None) -> None:
    """Write the rows that tell links again beside the file of the links."""
    if repeated is not None:
        parquet.write_table(repeated, path.with_name(path.stem + REPEATED), compression="zstd")


def as_plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column of texts as texts, though it has them as a dictionary."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
