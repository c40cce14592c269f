"""The default store: one DuckDB file, in process, a cache of the dataset.

The path that a user gives is a small text file that names the file with the graph. A load builds a new file beside it,
closes it and replaces the pointer, so readers never wait, and a load that dies leaves the old graph as it was.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import StoreError
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.notebook import few_lines
from ecosystem.progress import Progress, silent
from ecosystem.query import BoundQuery, Schema, to_sql
from ecosystem.query.bound_query import AskedQuery, bound_on
from ecosystem.query.check import parameter_types
from ecosystem.query.pipeline import statement_sql
from ecosystem.query.statement_check import column_types, refuse_bounds
from ecosystem.query.statement_tree import Query
from ecosystem.query.traversal import parameter_names
from ecosystem.store.answer_columns import answer_schema, renamed
from ecosystem.store.base import LoadedDataset
from ecosystem.store.duckdb.file import build, read_contents
from ecosystem.store.duckdb.pointer import Pointer, claimed, sweep
from ecosystem.store.duckdb.run_limits import MemoryLimits, RunLimit
from ecosystem.store.limits import check_timeout
from ecosystem.store.temporal_columns import duration_parts, given_value

if TYPE_CHECKING:
    from ecosystem.store.entities import Entities

BATCH_ROWS = 131_072


@dataclass(frozen=True, slots=True)
class _Graph:
    """An open file: the connection, and what it holds."""

    connection: duckdb.DuckDBPyConnection
    dataset: LoadedDataset
    schema: Schema


class EmbeddedStore:
    """A graph in a DuckDB file, open for reading; `load` replaces it."""

    exact_sums = True

    def __init__(self, pointer: Pointer, model: Model | None) -> None:
        self._pointer = pointer
        self._model = model
        self._graph: _Graph | None = None
        self._entities: Entities | None = None
        self._memory = MemoryLimits()

    @classmethod
    def open(cls, path: Path, model: Model | None) -> EmbeddedStore:
        """The store at a path. Raises StoreError when it cannot be read, or was made with another model."""
        store = cls(Pointer(path), model)
        store._attached()
        return store

    @classmethod
    def create(cls, path: Path, model: Model | None) -> EmbeddedStore:
        """The store at a path, which may not exist yet; what is no store is never overwritten."""
        store = cls(Pointer(path), model)
        store._pointer.check_replaceable()
        return store

    def __repr__(self) -> str:
        return few_lines(tr("store {url}", url=self.url), self._graph.dataset.name if self._graph is not None else "")

    @property
    def url(self) -> str:
        """The path, as it was given."""
        return str(self._pointer.path)

    @property
    def dataset(self) -> LoadedDataset:
        """What was loaded."""
        return self._attached().dataset

    @property
    def schema(self) -> Schema:
        """Labels, link types and properties that are there."""
        return self._attached().schema

    def load(self, dataset: Dataset, *, replace: bool = False, progress: Progress = silent) -> None:
        """Replace the graph by a dataset: a new file, then the pointer. It is a cache: `replace` need not be said."""
        target = self._pointer.new_target()
        sweep(self._pointer)
        with self._pointer.removing_on_failure(target), claimed(self._pointer, target):
            build(target, dataset, progress)
            old = self._pointer.replace(target)
        self.close()
        self._model = dataset.model
        self._pointer.drop(old)

    def count(self) -> Mapping[str, int]:
        """How many nodes of each label and links of each type the tables hold."""
        graph = self._attached()
        parts = (f"SELECT '{name}' AS name, count(*) AS rows FROM \"{name}\"" for name in graph.schema.counts)
        return dict(graph.connection.cursor().execute(" UNION ALL ".join(parts)).fetchall())

    @property
    def entities(self) -> Entities:
        """The ids and names behind the codes that `query` returns."""
        from ecosystem.store.entities import Entities

        if self._entities is None:
            self._entities = Entities(self.query, self.schema.model.labels)
        return self._entities

    def query(
        self, statement: AskedQuery, parameters: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> pa.RecordBatchReader:
        """The rows of a checked query, streamed; a node or link of a metric is its code, the key in the file."""
        check_timeout(timeout)
        graph = self._attached()
        tree = statement.query if isinstance(statement, BoundQuery) else statement
        refuse_bounds(tree, parameters or {})
        called = parameter_names(tree)
        values = {name: value for name, value in (parameters or {}).items() if name in called}
        types = parameter_types(values)
        sql, kinds = _translated(statement, graph.schema, types)
        _refuse_missing({name: number for name, number in called.items() if name not in values}, sql)
        given = {called[name]: _passed(value) for name, value in values.items()}
        cursor = graph.connection.cursor()
        limit = RunLimit(cursor, self._pointer.path, timeout, sql, self._memory.least)
        with limit.errors():
            reader = cursor.execute(sql, given).to_arrow_reader(BATCH_ROWS)
        columns = answer_schema(reader.schema, kinds)
        return pa.RecordBatchReader.from_batches(columns, _batches(reader, columns, limit))

    @contextmanager
    def limited(self, memory: int) -> Iterator[None]:
        """Let questions have no more memory than so many bytes, and nothing on the disk, for the time of the block."""
        with self._memory.held(self._attached().connection, memory):
            yield

    def close(self) -> None:
        """Let go of the file."""
        if self._graph is not None:
            self._graph.connection.close()
        self._graph = self._entities = None

    def _attached(self) -> _Graph:
        if self._graph is None:
            connection = self._pointer.connect()
            try:
                self._graph = _Graph(connection, *read_contents(connection, self._pointer.path, self._model))
            except StoreError:
                connection.close()
                raise
        return self._graph


def _translated(statement: AskedQuery, schema: Schema, types: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The SQL of a query, and the types of its columns by name."""
    if isinstance(statement, Query | BoundQuery):
        bound = bound_on(statement, schema, types)
        return to_sql(bound), {item.alias: bound.type_of(item.expression) for item in bound.query.items}
    return statement_sql(statement, schema, types), column_types(statement, schema, types)


def _refuse_missing(called: Mapping[str, str], sql: str) -> None:
    """Raise StoreError for a parameter of the statement that no value is given; the engine knows but its number."""
    for name, number in called.items():
        if re.search(rf"\${number}\b", sql):
            message = tr("no value is given for ${name}", name=name)
            raise StoreError(message, hint=tr("give the parameter {name} a value", name=name), statement=sql)


def _passed(value: object) -> object:
    """A parameter as the engine takes it: what is no number would become null in a list, unless it is a text there.

    A moment is in UTC, without a time zone, and a difference of times is the three integers of a duration.
    """
    value = given_value(value)
    if isinstance(value, timedelta):
        return duration_parts(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, list) and any(isinstance(each, datetime | timedelta) for each in value):
        return [_passed(each) for each in value]
    if isinstance(value, list | tuple) and any(isinstance(each, float) and math.isnan(each) for each in value):
        return [None if each is None else repr(each) for each in value]
    return value


def _batches(reader: pa.RecordBatchReader, columns: pa.Schema, limit: RunLimit) -> Iterator[pa.RecordBatch]:
    """The rows, with the names of the query in place of those of the SQL, and columns as they are shown."""
    try:
        with limit.errors():
            for batch in reader:
                limit.check()
                yield pa.RecordBatch.from_arrays(list(map(renamed, batch.columns, columns.types)), schema=columns)
    finally:
        limit.stop()
