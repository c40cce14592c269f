"""The statements of a plan, each with the rows that it writes, divided so that no session waits for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.changes import Step
from ecosystem.store.neo4j.driver import Row
from ecosystem.store.neo4j.sides import KEY

_ENDS = ("_src", "_dst")


_COLUMNS = pa.schema([("id", pa.string()), (KEY, pa.string())])


class Rows(list[list[object]]):
    """The rows of a statement, which are long to read: the driver makes a text of them for a log that nobody keeps."""

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


@dataclass(frozen=True, slots=True)
class Work:
    """Rows that one statement writes: `$rows` holds a list per row, a place per column.

    `made` takes in what the statement returns; `places` are asked for the nodes that `ends` of the columns name.
    """

    what: str
    statement: str
    columns: pa.Table
    made: Callable[[list[Row]], None] | None = None
    places: Places | None = None

    def __len__(self) -> int:
        return int(self.columns.num_rows)

    @property
    def ends(self) -> tuple[npt.NDArray[np.int64], ...]:
        """The keys of the nodes that each row connects; nothing for what is no new link."""
        return tuple(self.columns[name].to_numpy() for name in _ENDS) if self.places else ()

    def part(self, rows: npt.NDArray[np.intp]) -> Work:
        """The same for some of the rows."""
        return replace(self, columns=self.columns.take(pa.array(rows)))

    def rows(self, start: int, count: int) -> Rows:
        """Some of the rows, in Python's own types."""
        part = self.columns.slice(start, count)
        columns = [
            self.places.of(part[name]) if self.places and name in _ENDS else part[name] for name in part.column_names
        ]
        return Rows(map(list, zip(*(column.to_pylist() for column in columns), strict=True)))


def removals(steps: Sequence[Step]) -> Iterator[Work]:
    """Links taken away, then nodes; a node that has a link of somebody else's by now stays, and the server says so."""
    going = [step for step in steps if step.removed.num_rows]
    for step in sorted(going, key=lambda step: not step.wanted.link):
        match = _match(step.wanted.name, step.wanted.link)
        yield Work(
            step.wanted.name,
            f"UNWIND $rows AS r\n{match} WHERE elementId(x) = r[0]\nDELETE x",
            step.removed.select([KEY]),
        )


def writings(steps: Sequence[Step]) -> Iterator[Work]:
    """Nodes, then links: those that are there are changed, the others created.

    Nothing is created that the plan has found, so no look is needed whether it is there. A transaction is either
    written or not, and one whose fate is unknown is never tried again: the next load finds what came of it.

    Links are made when the nodes have been: the server says where it has put each, and finds it there sooner than by
    its label and id. So the links of a type are one work, whatever they connect.
    """
    places = Places(step.wanted.table for step in steps if not step.wanted.link)
    for step in sorted(steps, key=lambda step: step.wanted.link):
        if step.changed.num_rows:
            yield _changes(step)
        if step.wanted.link:
            yield _links(step, places)
        else:
            places.found(step.standing)
            yield _nodes(step, places)


def _match(name: str, link: bool) -> str:
    return f"MATCH ()-[x:{name_text(name)}]->()" if link else f"MATCH (x:{name_text(name)})"


def _changes(step: Step) -> Work:
    stored = step.wanted.stored
    values = [f"x.{name_text(name)} = r[{place}]" for place, name in enumerate(stored, 1)]
    # null takes a property away that an earlier dataset had
    values += [f"x.{name_text(name)} = null" for name in step.wanted.properties if name not in stored]
    match = f"{_match(step.wanted.name, step.wanted.link)} WHERE elementId(x) = r[0]"
    statement = f"UNWIND $rows AS r\n{match}\nSET {', '.join(values)}"
    return Work(step.wanted.name, statement, step.changed.select([KEY, *stored]))


def _nodes(step: Step, places: Places) -> Work:
    names = ("id", *step.wanted.stored)
    create = f"CREATE (x:{name_text(step.wanted.name)} {{{_values(names, 0)}}})"
    # one row: the driver takes a thousand times as long for a row each
    statement = f"UNWIND $rows AS r\n{create}\nRETURN collect(x.id), collect(elementId(x))"
    return Work(step.wanted.name, statement, step.added.select(names), made=places.made)


def _links(step: Step, places: Places) -> Work:
    names = ("id", *step.wanted.stored)
    ends = "MATCH (a) WHERE elementId(a) = r[0]\nMATCH (b) WHERE elementId(b) = r[1]"
    create = f"CREATE (a)-[:{name_text(step.wanted.name)} {{{_values(names, 2)}}}]->(b)"
    statement = f"UNWIND $rows AS r\n{ends}\n{create}"
    return Work(step.wanted.name, statement, step.added.select([*_ENDS, *names]), places=places)


def _values(names: Sequence[str], first: int) -> str:
    return ", ".join(f"{name_text(name)}: r[{place}]" for place, name in enumerate(names, first))


Round = Sequence[Work]
"""Work that may be done at the same time, a part per session."""


def rounds(works: Iterable[Work], sessions: int) -> Iterator[Round]:
    """The same rows in rounds, one after the other.

    Until its transaction ends, a new link locks both its nodes and, of each, the link that it is put in front of. Two
    sessions would soon wait for each other, so each has nodes of its own: first every session writes the links between
    its nodes, of all types; links between nodes of two sessions come last, and are written by one session alone. In
    each part rows are in the order of their nodes.
    """
    between: list[Work] = []
    for work in works:
        if not work.ends:
            yield from _round([work.part(rows) for rows in np.array_split(np.arange(len(work)), sessions)])
        else:
            owners = _owners(work, sessions)
            yield from _round([_in_order(work, owners == session) for session in range(sessions)])
            between.append(work)
    for work in between:
        yield from _round([_in_order(work, _owners(work, sessions) < 0)])


def _owners(work: Work, sessions: int) -> npt.NDArray[np.int64]:
    """The session whose nodes a link connects, -1 where they are of two."""
    source, target = (keys % sessions for keys in work.ends)
    return np.where(source == target, source, -1)


def _in_order(work: Work, chosen: npt.NDArray[np.bool_]) -> Work:
    part = work.part(np.flatnonzero(chosen))
    return part.part(np.lexsort(part.ends[::-1]))


def _round(parts: Sequence[Work]) -> Iterator[Round]:
    if found := [part for part in parts if len(part)]:
        yield found


class Places:
    """Filled while nodes are found and made, by several sessions at a time; asked when that is done.

    `nodes` are all nodes of the dataset: tables with `_id` and `id`.
    """

    def __init__(self, nodes: Iterable[pa.Table]) -> None:
        none = pa.table({"_id": pa.array([], pa.int64()), "id": pa.array([], pa.string())})
        self._nodes = pa.concat_tables([none, *(table.select(["_id", "id"]) for table in nodes)])
        self._parts = [_COLUMNS.empty_table()]

    def found(self, nodes: pa.Table) -> None:
        """Take down nodes that were there: their ids and the server's names."""
        self._parts.append(nodes.select(_COLUMNS.names))

    def made(self, answer: Sequence[Sequence[Sequence[str]]]) -> None:
        """Take down nodes that the server has just made: one row with a list of ids and one of its names."""
        (columns,) = answer
        self._parts.append(pa.table(list(columns), schema=_COLUMNS))

    def of(self, keys: pa.ChunkedArray) -> pa.Array:
        """The server's names of nodes; null for one that was neither found nor made."""
        known, names = self._sorted
        return names.take(pa.array(np.searchsorted(known, keys.to_numpy())))

    @cached_property
    def _sorted(self) -> tuple[npt.NDArray[np.int64], pa.Array]:
        """The keys of all nodes in their order, and the server's name of each."""
        there = pa.concat_tables(self._parts).combine_chunks()
        keys = self._nodes["_id"].to_numpy()
        order = np.argsort(keys)
        rows = pc.index_in(self._nodes["id"], value_set=there["id"].combine_chunks())
        names = there[KEY].combine_chunks().take(rows.take(pa.array(order)).combine_chunks())
        return keys[order], names
