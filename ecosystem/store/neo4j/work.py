"""The statements of a plan, each with the rows that it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.client import Row
from ecosystem.store.neo4j.places import Places
from ecosystem.store.neo4j.plan import Step
from ecosystem.store.neo4j.there import KEY

_ENDS = ("_src", "_dst")


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
