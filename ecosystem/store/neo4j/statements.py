"""The writes of a plan: statements, each with its rows, divided so that no session waits for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.changes import KEY, TablePlan
from ecosystem.store.neo4j.connection import Row

_ENDS = ("_src", "_dst")
_ELEMENTS = pa.schema([("id", pa.string()), (KEY, pa.string())])


class Rows(list[list[object]]):
    """The rows of a statement, which are long to read: the driver makes a text of them for a log that nobody keeps."""

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


@dataclass(frozen=True, slots=True)
class Write:
    """Rows that one statement writes: `$rows` holds a list per row, a place per column.

    `returned` takes what the statement returns; `element_ids` has the server's names of the nodes that a link connects.
    """

    name: str
    statement: str
    table: pa.Table
    returned: Callable[[list[Row]], None] | None = None
    element_ids: ElementIds | None = None

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @property
    def ends(self) -> tuple[npt.NDArray[np.int64], ...]:
        """The keys of the nodes that each row connects; nothing for what is no new link."""
        return tuple(self.table[name].to_numpy() for name in _ENDS) if self.element_ids else ()

    def part(self, rows: npt.NDArray[np.intp]) -> Write:
        """The same for some of the rows."""
        return replace(self, table=self.table.take(pa.array(rows)))

    def rows(self, start: int, count: int) -> Rows:
        """Some of the rows, in Python's own types."""
        part = self.table.slice(start, count)
        columns = [
            self.element_ids.of(part[name]) if self.element_ids and name in _ENDS else part[name]
            for name in part.column_names
        ]
        return Rows(map(list, zip(*(column.to_pylist() for column in columns), strict=True)))


def removals(plans: Sequence[TablePlan]) -> Iterator[Write]:
    """Links taken away, then nodes; a node that has a link of somebody else's by now stays, and the server says so."""
    going = [plan for plan in plans if plan.removed.num_rows]
    for plan in sorted(going, key=lambda plan: not plan.target.link):
        match = _match(plan.target.name, plan.target.link)
        yield Write(
            plan.target.name,
            f"UNWIND $rows AS r\n{match} WHERE elementId(x) = r[0]\nDELETE x",
            plan.removed.select([KEY]),
        )


def insertions(plans: Sequence[TablePlan]) -> Iterator[Write]:
    """Nodes, then links: those that are there are changed, the others created.

    Nothing is created that the plan has found, so no look is needed whether it is there. A transaction is either
    written or not, and one whose fate is unknown is never tried again: the next load finds what came of it.

    Links are made when the nodes have been: the server says where it has put each, and finds it there sooner than by
    its label and id. So the links of a type are one write, whatever they connect.
    """
    element_ids = ElementIds(plan.target.table for plan in plans if not plan.target.link)
    for plan in sorted(plans, key=lambda plan: plan.target.link):
        if plan.changed.num_rows:
            yield _changes(plan)
        if plan.target.link:
            yield _links(plan, element_ids)
        else:
            element_ids.add(plan.standing)
            yield _nodes(plan, element_ids)


def _match(name: str, link: bool) -> str:
    return f"MATCH ()-[x:{name_text(name)}]->()" if link else f"MATCH (x:{name_text(name)})"


def _changes(plan: TablePlan) -> Write:
    written = plan.target.written
    values = [f"x.{name_text(name)} = r[{place}]" for place, name in enumerate(written, 1)]
    # null takes a property away that an earlier dataset had
    values += [f"x.{name_text(name)} = null" for name in plan.target.properties if name not in written]
    match = f"{_match(plan.target.name, plan.target.link)} WHERE elementId(x) = r[0]"
    statement = f"UNWIND $rows AS r\n{match}\nSET {', '.join(values)}"
    return Write(plan.target.name, statement, plan.changed.select([KEY, *written]))


def _nodes(plan: TablePlan, element_ids: ElementIds) -> Write:
    names = ("id", *plan.target.written)
    create = f"CREATE (x:{name_text(plan.target.name)} {{{_values(names, 0)}}})"
    # one row: the driver takes a thousand times as long for a row each
    statement = f"UNWIND $rows AS r\n{create}\nRETURN collect(x.id), collect(elementId(x))"
    return Write(plan.target.name, statement, plan.added.select(names), returned=element_ids.add_created)


def _links(plan: TablePlan, element_ids: ElementIds) -> Write:
    names = ("id", *plan.target.written)
    ends = "MATCH (a) WHERE elementId(a) = r[0]\nMATCH (b) WHERE elementId(b) = r[1]"
    create = f"CREATE (a)-[:{name_text(plan.target.name)} {{{_values(names, 2)}}}]->(b)"
    statement = f"UNWIND $rows AS r\n{ends}\n{create}"
    return Write(plan.target.name, statement, plan.added.select([*_ENDS, *names]), element_ids=element_ids)


def _values(names: Sequence[str], first: int) -> str:
    return ", ".join(f"{name_text(name)}: r[{place}]" for place, name in enumerate(names, first))


Round = Sequence[Write]
"""Writes that may be done at the same time, a part per session."""


def rounds(writes: Iterable[Write], sessions: int) -> Iterator[Round]:
    """The same rows in rounds, one after the other.

    Until its transaction ends, a new link locks both its nodes and, of each, the link that it is put in front of. Two
    sessions would soon wait for each other, so each has nodes of its own: first every session writes the links between
    its nodes, of all types; links between nodes of two sessions come last, and are written by one session alone. In
    each part rows are in the order of their nodes.
    """
    between: list[Write] = []
    for write in writes:
        if not write.ends:
            yield from _round([write.part(rows) for rows in np.array_split(np.arange(len(write)), sessions)])
        else:
            owners = _owners(write, sessions)
            yield from _round([_in_order(write, owners == session) for session in range(sessions)])
            between.append(write)
    for write in between:
        yield from _round([_in_order(write, _owners(write, sessions) < 0)])


def _owners(write: Write, sessions: int) -> npt.NDArray[np.int64]:
    """The session whose nodes a link connects, -1 where they are of two."""
    source, target = (keys % sessions for keys in write.ends)
    return np.where(source == target, source, -1)


def _in_order(write: Write, chosen: npt.NDArray[np.bool_]) -> Write:
    part = write.part(np.flatnonzero(chosen))
    return part.part(np.lexsort(part.ends[::-1]))


def _round(parts: Sequence[Write]) -> Iterator[Round]:
    if found := [part for part in parts if len(part)]:
        yield found


class ElementIds:
    """The server's own names of the nodes: collected while nodes are found and created, by several sessions at a time.

    `nodes` are all nodes of the dataset: tables with `_id` and `id`.
    """

    def __init__(self, nodes: Iterable[pa.Table]) -> None:
        none = pa.table({"_id": pa.array([], pa.int64()), "id": pa.array([], pa.string())})
        self._nodes = pa.concat_tables([none, *(table.select(["_id", "id"]) for table in nodes)])
        self._parts = [_ELEMENTS.empty_table()]

    def add(self, nodes: pa.Table) -> None:
        """Add nodes that were stored already: their ids and the server's names."""
        self._parts.append(nodes.select(_ELEMENTS.names))

    def add_created(self, answer: Sequence[Sequence[Sequence[str]]]) -> None:
        """Add nodes that the server has just created: one row with a list of ids and one of its names."""
        (columns,) = answer
        self._parts.append(pa.table(list(columns), schema=_ELEMENTS))

    def of(self, keys: pa.ChunkedArray) -> pa.Array:
        """The server's names of nodes; null for one that was neither added nor created."""
        sorted_keys, names = self._sorted
        return names.take(pa.array(np.searchsorted(sorted_keys, keys.to_numpy())))

    @cached_property
    def _sorted(self) -> tuple[npt.NDArray[np.int64], pa.Array]:
        """The keys of all nodes in their order, and the server's name of each."""
        known = pa.concat_tables(self._parts).combine_chunks()
        keys = self._nodes["_id"].to_numpy()
        order = np.argsort(keys)
        rows = pc.index_in(self._nodes["id"], value_set=known["id"].combine_chunks())
        names = known[KEY].combine_chunks().take(rows.take(pa.array(order)).combine_chunks())
        return keys[order], names
