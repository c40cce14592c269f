"""The statements of a plan, each with the rows that it writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.plan import Step
from ecosystem.store.neo4j.there import KEY

_LABELS = ["_from_label", "_to_label"]
_KEYS = ("_src", "_dst")


@dataclass(frozen=True, slots=True)
class Work:
    """Rows that one statement writes: `$rows` holds a list per row, a place per column.

    `ends` are the keys of the nodes that a link of each row would lock, where there are such.
    """

    what: str
    statement: str
    columns: pa.Table
    ends: pa.Table | None = None

    def __len__(self) -> int:
        return int(self.columns.num_rows)

    def rows(self, start: int, count: int) -> list[tuple[object, ...]]:
        """Some of the rows, in Python's own types."""
        part = self.columns.slice(start, count)
        return list(zip(*(column.to_pylist() for column in part.columns), strict=True))


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
    """
    for step in sorted(steps, key=lambda step: step.wanted.link):
        if step.changed.num_rows:
            yield _changes(step)
        yield from _links(step) if step.wanted.link else [_nodes(step)]


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


def _nodes(step: Step) -> Work:
    names = ("id", *step.wanted.stored)
    statement = f"UNWIND $rows AS r\nCREATE (:{name_text(step.wanted.name)} {{{_values(names, 0)}}})"
    return Work(step.wanted.name, statement, step.added.select(names))


def _links(step: Step) -> Iterator[Work]:
    """A statement per labels of both ends: a node is looked up by the index of its label."""
    names = ("id", *step.wanted.stored)
    kind = name_text(step.wanted.name)
    for source, target in _end_labels(step.added):
        added = step.added
        rows = added.filter(pc.and_(pc.equal(added["_from_label"], source), pc.equal(added["_to_label"], target)))
        ends = f"MATCH (a:{name_text(source)} {{id: r[0]}})\nMATCH (b:{name_text(target)} {{id: r[1]}})"
        statement = f"UNWIND $rows AS r\n{ends}\nCREATE (a)-[:{kind} {{{_values(names, 2)}}}]->(b)"
        what = f"{step.wanted.name} from {source} to {target}"
        yield Work(what, statement, rows.select(["_from", "_to", *names]), rows.select(_KEYS))


def _values(names: Sequence[str], first: int) -> str:
    return ", ".join(f"{name_text(name)}: r[{place}]" for place, name in enumerate(names, first))


def _end_labels(table: pa.Table) -> list[tuple[str, str]]:
    pairs = table.select(_LABELS).group_by(_LABELS).aggregate([])
    return sorted(zip(*(pairs[name].to_pylist() for name in _LABELS), strict=True))
