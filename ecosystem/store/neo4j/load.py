"""A dataset written into a database: nodes by label, links by type and ends, in batches of lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.records import Dataset, Progress
from ecosystem.errors import StoreError
from ecosystem.model import load_model
from ecosystem.query.printer import name_text
from ecosystem.store.neo4j.client import Client, TransactionTooLargeError
from ecosystem.store.neo4j.contents import properties_of

BATCH_ROWS = 10_000
"""Rows of one transaction, until the server says that they are too many."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows that one statement writes; `$rows` holds a list per row, a place per column."""

    what: str
    statement: str
    columns: Sequence[pa.ChunkedArray]

    def __len__(self) -> int:
        return len(self.columns[0])

    def rows(self, start: int, count: int) -> list[tuple[object, ...]]:
        """Some of the rows, in Python's own types."""
        return list(zip(*(column.slice(start, count).to_pylist() for column in self.columns), strict=True))


def write_dataset(client: Client, dataset: Dataset, progress: Progress, *, fresh: bool) -> None:
    """Write all nodes, then all links. What is there already is written over, unless the database is `fresh`.

    A link of a fresh graph is created without a look whether it is there: a transaction is either written or not, and
    one whose fate is unknown is never tried again. Raises StoreError where the server refuses.
    """
    total = sum(table.num_rows for table in (*dataset.nodes.values(), *dataset.links.values()))
    batches = _Batches(client)
    done = 0
    for group in chain(_nodes(dataset), _links(dataset, fresh)):
        for written in batches.write(group):
            done += written
            progress("load", done, total)


class _Batches:
    """Writes groups in batches, which become smaller where the server has not memory enough."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.size = BATCH_ROWS

    def write(self, group: _Group) -> Iterator[int]:
        """Write a group; yields the number of rows after each transaction."""
        start = 0
        while start < len(group):
            rows = group.rows(start, self.size)
            try:
                self.client.write(group.statement, {"rows": rows})
            except TransactionTooLargeError as err:
                self.size = self.smaller(len(rows), group, err)
                continue
            start += len(rows)
            yield len(rows)

    def smaller(self, size: int, group: _Group, err: TransactionTooLargeError) -> int:
        if size > 1:
            return size // 2
        hint = "give the server more: server.memory.heap.max_size, dbms.memory.transaction.total.max"
        message = f"{self.client.address} has not memory enough for a single row of {group.what}"
        raise StoreError(message, hint=hint, statement=group.statement) from err


def _nodes(dataset: Dataset) -> Iterator[_Group]:
    model = load_model()
    for label, table in dataset.nodes.items():
        names = [name for name in properties_of(table, set(model.labels[label].properties)) if name != "id"]
        statement = f"UNWIND $rows AS r\nMERGE (n:{name_text(label)} {{id: r[0]}}){_settings('n', names, 1)}"
        yield _Group(label, statement, [table[name] for name in ("id", *names)])


def _links(dataset: Dataset, fresh: bool) -> Iterator[_Group]:
    """A group per type and labels of both ends: a node is looked up by the index of its label."""
    model = load_model()
    ids = _Ids(dataset)
    for kind, table in dataset.links.items():
        names = [name for name in properties_of(table, set(model.links[kind].properties)) if name != "id"]
        for source, target in _end_labels(table):
            part = table.filter(pc.and_(pc.equal(table["_src_label"], source), pc.equal(table["_dst_label"], target)))
            columns = [ids.of(part["_src"]), ids.of(part["_dst"]), *(part[name] for name in ("id", *names))]
            yield _Group(f"{kind} from {source} to {target}", _link_text(kind, source, target, names, fresh), columns)


def _link_text(kind: str, source: str, target: str, names: Sequence[str], fresh: bool) -> str:
    ends = f"MATCH (a:{name_text(source)} {{id: r[0]}})\nMATCH (b:{name_text(target)} {{id: r[1]}})"
    if fresh:
        properties = ", ".join(f"{name_text(name)}: r[{place}]" for place, name in enumerate(("id", *names), 2))
        write = f"CREATE (a)-[:{name_text(kind)} {{{properties}}}]->(b)"
    else:
        write = f"MERGE (a)-[t:{name_text(kind)} {{id: r[2]}}]->(b){_settings('t', names, 3)}"
    return f"UNWIND $rows AS r\n{ends}\n{write}"


def _settings(variable: str, names: Sequence[str], first: int) -> str:
    """`SET n.name = r[1], ...`: null takes a property away."""
    settings = [f"{variable}.{name_text(name)} = r[{place}]" for place, name in enumerate(names, first)]
    return f"\nSET {', '.join(settings)}" if settings else ""


def _end_labels(table: pa.Table) -> list[tuple[str, str]]:
    pairs = table.select(["_src_label", "_dst_label"]).group_by(["_src_label", "_dst_label"]).aggregate([])
    return sorted(zip(*(pairs[name].to_pylist() for name in ("_src_label", "_dst_label")), strict=True))


class _Ids:
    """The ids of nodes by their keys."""

    def __init__(self, dataset: Dataset) -> None:
        tables = [table.select(["_id", "id"]) for table in dataset.nodes.values()]
        self.table = pa.concat_tables(tables).combine_chunks() if tables else None

    def of(self, keys: pa.ChunkedArray) -> pa.ChunkedArray:
        """The id of each key."""
        if self.table is None:
            return pa.chunked_array([], pa.string())
        return self.table["id"].take(pc.index_in(keys, value_set=self.table["_id"]))
