"""Rows of cells out of nested records, and the blocks of a file of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Any

from ecosystem.errors import Finding, did_you_mean, mended
from ecosystem.messages import tr
from ecosystem.tables.form import Block, Record, block_of, pieces
from ecosystem.tables.record_paths import (
    ITEM,
    LIST,
    RecordFaultError,
    Step,
    kind_of_value,
    steps_of,
    text_of_value,
    values_at,
)

_WIDEST = 200  # an object of more keys has data for keys: those of an index of words, say
_MOST_PATHS = 2_000
_DEEPEST = 16
_LEARNED = 200
_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """A record as it was found: its line or number, and what it says, or why it cannot be read with its text."""

    line: int
    value: Any
    fault: str | None = None


@dataclass(slots=True)
class Projection:
    """Makes rows of cells out of nested records: one for each record, or one for each element of a chain of lists.

    An element without elements of its own, and a record without any, is one row with blank cells there.
    """

    columns: Sequence[str]
    rows: str | None = None
    _cells: list[list[tuple[str, list[Step], bool]]] = field(default_factory=list)
    _chain: list[tuple[list[Step], str]] = field(default_factory=list)
    _ordered: Callable[[Sequence[str]], Sequence[str]] = tuple

    def __post_init__(self) -> None:
        """Tell at which list of the chain each column stands."""
        prefixes = [""] if self.rows is None else ["", *chain_of(self.rows)]
        for outer, inner in pairwise(prefixes):
            self._chain.append((steps_of(_below(inner, outer)), inner))
        places: list[list[int]] = [[] for _ in prefixes]
        for place, column in enumerate(self.columns):
            places[_level(column, prefixes)].append(place)
        for prefix, own in zip(prefixes, places, strict=True):
            rests = [(self.columns[place], _below(self.columns[place], prefix)) for place in own]
            self._cells.append([(column, steps_of(rest), LIST in rest) for column, rest in rests])
        order = [place for own in places for place in own]
        if order != sorted(order):
            self._ordered = itemgetter(*(order.index(place) for place in range(len(order))))

    def rows_of(self, record: Any) -> list[Sequence[str]]:
        """The rows of a record. RecordFaultError where it cannot be read."""
        if not isinstance(record, Mapping):
            raise RecordFaultError(tr("the record is {kind}, not an object", kind=kind_of_value(record)))
        return [self._ordered(row) for row in self._rows(record, 0)]

    def _rows(self, node: Any, level: int) -> list[tuple[str, ...]]:
        own = tuple(_cell(node, *cell) for cell in self._cells[level])
        if level == len(self._chain):
            return [own]
        steps, path = self._chain[level]
        elements = values_at(node, steps, path) or [None]
        return [own + row for element in elements for row in self._rows(element, level + 1)]


def _cell(node: Any, column: str, steps: Sequence[Step], several: bool) -> str:
    if node is None:
        return ""
    values = values_at(node, steps, column)
    if several:
        return ITEM.join([text_of_value(value, column) for value in values])
    return text_of_value(values[0], column)


def chain_of(rows: str) -> list[str]:
    """The lists of a chain: `a[].b.c[]` has `a[]` and `a[].b.c[]`."""
    parts = rows.split(LIST)[:-1]
    return [LIST.join(parts[: place + 1]) + LIST for place in range(len(parts))]


def _level(column: str, prefixes: Sequence[str]) -> int:
    fits = [place for place, prefix in enumerate(prefixes) if column == prefix or column.startswith(f"{prefix}.")]
    return max([0, *fits])


def _below(path: str, prefix: str) -> str:
    return path[len(prefix) :].removeprefix(".") if prefix else path


def record_blocks(
    name: str, found: Iterator[Found], projection: Projection, read: Callable[[], float]
) -> Iterator[Block]:
    """The blocks of nested records, the header first; the last says which columns no record has."""
    learned: list[Any] = []
    unseen = dict.fromkeys(range(len(projection.columns)))
    held = Block((0,), (tuple(projection.columns),), {}, 0.0)
    for piece in pieces(_projected(found, projection, learned)):
        for place in list(unseen):
            if any(len(cells) > place and cells[place] for _, cells, fault in piece if fault is None):
                del unseen[place]
        yield held
        held = block_of(piece, read())
    missing = [projection.columns[place] for place in unseen]
    yield Block(held.lines, held.records, held.faults, held.read, _never_there(name, missing, learned))


def _projected(found: Iterator[Found], projection: Projection, learned: list[Any]) -> Iterator[Record]:
    for one in found:
        fault = one.fault
        if fault is None:
            if len(learned) < _LEARNED:
                learned.append(one.value)
            try:
                rows = projection.rows_of(one.value)
            except RecordFaultError as err:
                fault = str(err)
            else:
                yield from ((one.line, row, None) for row in rows)
        if fault is not None:
            yield one.line, (_shown(one.value),), fault


def _shown(value: Any) -> str:
    """The beginning of a record that is at fault, for the people who look at it."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return mended(text.rstrip("\r\n")[:_SHOWN])


def _never_there(name: str, missing: Sequence[str], records: Sequence[Any]) -> tuple[Finding, ...]:
    known = paths_of(records)
    return tuple(
        Finding(
            "warning",
            "no_such_column",
            tr("no record has the column {column!r}", column=column),
            name,
            hint=did_you_mean(column, known),
        )
        for column in missing
        if records and column not in known
    )


def paths_of(records: Iterable[Any]) -> dict[str, None]:
    """The paths of all single values and lists of them in some records, in the order in which they are met."""
    paths: dict[str, None] = {}
    for record in records:
        _walk(record, "", paths, 0)
    return paths


def _walk(node: Any, path: str, paths: dict[str, None], depth: int) -> None:
    if len(paths) >= _MOST_PATHS or depth > _DEEPEST:
        return
    if isinstance(node, Mapping):
        if len(node) <= _WIDEST:
            for key, value in node.items():
                _walk(value, f"{path}.{key}" if path else str(key), paths, depth + 1)
    elif isinstance(node, list):
        for element in node[:_WIDEST]:
            _walk(element, f"{path}{LIST}", paths, depth + 1)
    elif path:
        paths[path] = None


def chains_of(columns: Iterable[str]) -> tuple[str, ...]:
    """The chains of lists on the way to some columns, the shortest first, each once."""
    return tuple(dict.fromkeys(chain for column in columns for chain in chain_of(column)))
