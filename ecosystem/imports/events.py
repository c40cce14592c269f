"""The links of events: each once, however many rows tell it, and what the event as a whole has, shared among them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ecosystem.errors import Finding
from ecosystem.imports.link_file import EVENT, FILE, LINE, read_groups
from ecosystem.messages import tr

Codes = npt.NDArray[np.int64]

TOLD = 1_000
"""How many rows are told that do not agree with their event."""
REPEATED = ".repeated.parquet"
"""The ending of the file with the rows that tell a link again: its number among the links, file, line."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How many links are left, and where rows of one event do not agree."""

    links: int
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


def settle(path: Path, share: Mapping[str, str]) -> Settled:
    """Rewrite a file of links so that each link of an event stands there once, with its even part of the whole.

    `share` is property = property of the whole event. Of every other property the first value that is not blank is
    kept, as of nodes, and what is dropped is a finding. Only integer codes of the ends and events, and one property of
    links that are told again, are held at once.
    """
    codes, events = _codes(path)
    first = _first_rows(codes)
    kept = first == np.arange(len(first))
    told = _told_again(path, first, {*share, *share.values()})
    counts = np.bincount(events[kept], minlength=events.max(initial=-1) + 1)
    wholes = {name: _whole(path, name, events) for name in share.values()}
    findings = [finding for name in wholes for finding in _differing(path, name, wholes[name], events)]
    findings += told.findings
    beside = path.with_name(f".{path.name}")
    _rewrite(path, beside, kept, events, counts, share, wholes, told.filled)
    _write_repeated(path, kept, first)
    beside.replace(path)
    return Settled(int(np.count_nonzero(kept)), findings)


def _codes(path: Path) -> tuple[pa.Table, Codes]:
    table = parquet.read_table(path, columns=[EVENT, "from", "to"])
    columns = {name: pc.dictionary_encode(table[name]).combine_chunks() for name in table.column_names}
    codes = {name: _indices(column) for name, column in columns.items()}
    return pa.table(codes), codes[EVENT].to_numpy().astype(np.int64)


def _indices(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        column = (
            column.unify_dictionaries().chunk(0) if column.num_chunks else pa.array([], pa.string()).dictionary_encode()
        )
    return column.indices


def _first_rows(codes: pa.Table) -> Codes:
    """For each row the first one that tells the same link of the same event."""
    columns = [codes[name].to_numpy() for name in codes.column_names]
    order = np.lexsort(columns)  # stable: rows that agree stay in their order
    begins = np.zeros(len(order), np.bool_)
    begins[:1] = True
    for column in columns:
        ordered = column[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    first = np.empty(len(order), np.int64)
    first[order] = order[begins][np.cumsum(begins) - 1]
    return first


def _whole(path: Path, name: str, events: Codes) -> _Whole:
    column = parquet.read_table(path, columns=[name])[name]
    valid = np.flatnonzero(pc.is_valid(column).to_numpy())
    # assigned from the last row to the first, so that the first stays
    rows = np.full(events.max(initial=-1) + 1, -1, np.int64)
    rows[events[valid[::-1]]] = valid[::-1]
    values = pc.fill_null(pc.cast(column, pa.float64()), 0.0).to_numpy()
    whole = np.where(rows >= 0, values[rows] if len(values) else np.nan, np.nan)
    return _Whole(whole, rows)


def _differing(path: Path, name: str, whole: _Whole, events: Codes) -> list[Finding]:
    """A finding for each row that does not agree with its event; for those beyond `TOLD` only their number."""
    table = parquet.read_table(path, columns=[name, FILE, LINE])
    values = pc.cast(table[name], pa.float64()).to_numpy()
    rows = np.flatnonzero(~np.isnan(values) & (values != whole.values[events]))
    findings: dict[tuple[str, int], Finding] = {}
    for row in rows[:TOLD].tolist():
        file, line = table[FILE][row].as_py(), table[LINE][row].as_py()
        first = int(whole.rows[events[row]])
        message = tr(
            "is {value}, but {other} in line {line} of the same event; the first is kept",
            value=values[row],
            other=whole.values[events[row]],
            line=table[LINE][first].as_py(),
        )
        findings.setdefault(
            (file, line), Finding("warning", "event_differs", message, file, line, name, str(values[row]))
        )
    if len(rows) > TOLD:
        message = tr("{count:,} more links do not agree with the first of their event", count=len(rows) - TOLD)
        findings["", 0] = Finding("warning", "event_differs", message, column=name)
    return list(findings.values())


def _told_again(path: Path, first: Codes, apart: Container[str]) -> _Told:
    """What the rows say that tell a link again, property by property; those `apart` are of the event as a whole."""
    told = _Told()
    again = np.flatnonzero(first != np.arange(len(first)))
    names = [name for name in parquet.read_schema(path).names if not name.startswith("_")] if len(again) else []
    differing: dict[int, dict[str, int]] = {}
    more = 0
    for name in names:
        if name in apart or name in ("from", "to"):
            continue
        column = parquet.read_table(path, columns=[name])[name]
        codes = pc.fill_null(_indices(pc.dictionary_encode(column).combine_chunks()), -1).to_numpy()
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
    told.findings.extend(_dropped(path, differing))
    if more:
        message = tr("{more:,} more values of repeated links of an event are dropped", more=more)
        told.findings.append(Finding("warning", "same_link_differs", message))
    return told


def _dropped(path: Path, differing: Mapping[int, Mapping[str, int]]) -> Iterator[Finding]:
    """A finding for each row that tells a link of its event again with other values: which are dropped, which kept."""
    if not differing:
        return
    rows = sorted({*differing, *(best for kept in differing.values() for best in kept.values())})
    table = parquet.read_table(path).take(pa.array(rows)).to_pylist()
    records = dict(zip(rows, table, strict=True))
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


def _rewrite(
    path: Path,
    beside: Path,
    kept: npt.NDArray[np.bool_],
    events: Codes,
    counts: Codes,
    share: Mapping[str, str],
    wholes: Mapping[str, _Whole],
    filled: Mapping[str, tuple[Codes, pa.ChunkedArray]],
) -> None:
    start = 0
    with parquet.ParquetWriter(beside, parquet.read_schema(path), compression="zstd") as writer:
        for group in read_groups(path):
            mask = kept[start : start + group.num_rows]
            of = events[start : start + group.num_rows][mask]
            table = _filled(group, start, filled).filter(pa.array(mask))
            start += group.num_rows
            for part, name in share.items():
                whole = wholes[name].values[of]
                table = _set(table, name, whole)
                table = _set(table, part, whole / counts[of])
            writer.write_table(table)


def _filled(group: pa.Table, start: int, filled: Mapping[str, tuple[Codes, pa.ChunkedArray]]) -> pa.Table:
    """Some rows of the file, from row `start` on, with what only later rows of the same links say."""
    for name, (rows, values) in filled.items():
        begin, end = np.searchsorted(rows, [start, start + group.num_rows])
        if begin < end:
            mask = np.zeros(group.num_rows, np.bool_)
            mask[rows[begin:end] - start] = True
            new = values.slice(begin, end - begin).combine_chunks()
            column = pc.replace_with_mask(group[name].combine_chunks(), pa.array(mask), new)
            group = group.set_column(group.column_names.index(name), group.schema.field(name), column)
    return group


def _set(table: pa.Table, name: str, values: npt.NDArray[np.float64]) -> pa.Table:
    place = table.column_names.index(name)
    column = pa.array(values, pa.float64(), mask=np.isnan(values)).cast(table.schema.field(place).type)
    return table.set_column(place, table.schema.field(place), column)


def _write_repeated(path: Path, kept: npt.NDArray[np.bool_], first: Codes) -> None:
    again = np.flatnonzero(~kept)
    if not len(again):
        return
    numbers = np.cumsum(kept) - 1
    origins = parquet.read_table(path, columns=[FILE, LINE]).take(pa.array(again))
    table = origins.add_column(0, "link", pa.array(numbers[first[again]]))
    parquet.write_table(table, path.with_name(path.stem + REPEATED), compression="zstd")
