"""The shared, lasting store: one database of a Neo4j server holds one dataset, and answers in Cypher."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from neo4j.time import Date, Duration

from ecosystem.dataset.dataset import Dataset
from ecosystem.errors import QueryError, StoreError, UsageError
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.notebook import few_lines
from ecosystem.progress import Progress, silent
from ecosystem.query import BoundQuery, Schema
from ecosystem.query.bound_query import AskedQuery, bound_on
from ecosystem.query.check import parameter_types, refuse_broken_text
from ecosystem.query.read_only import refuse_writes
from ecosystem.query.run_failures import failed
from ecosystem.query.statement_check import refuse_bounds
from ecosystem.query.statement_tree import Query
from ecosystem.query.traversal import walk
from ecosystem.query.tree import Parameter
from ecosystem.store.base import Changes, LoadedDataset
from ecosystem.store.limits import check_timeout
from ecosystem.store.neo4j.address import Address
from ecosystem.store.neo4j.changes import Mode
from ecosystem.store.neo4j.connection import ANSWER_SECONDS, OPENING_SECONDS, Connection, Row
from ecosystem.store.neo4j.cypher import Numbering, answer_table, column_kinds, columns_of, in_plain_types, statement_of
from ecosystem.store.neo4j.load import load_dataset, planned_changes
from ecosystem.store.neo4j.marker import RELOAD, Marker, count, read_marker, refuse_other_version
from ecosystem.store.temporal_columns import given_value

if TYPE_CHECKING:
    from ecosystem.store.entities import Entities


class Neo4jStore:
    """A graph on a server. What the database holds is looked up once, when the store is opened or loaded."""

    exact_sums = False

    def __init__(self, connection: Connection, model: Model | None) -> None:
        self._connection = connection
        self._model = model
        self._marker: Marker | None = None
        self._entities: Entities | None = None
        self._numberings = {"node": Numbering(), "link": Numbering()}

    @classmethod
    def open(cls, address: Address, model: Model | None, *, create: bool = False) -> Neo4jStore:
        """The store at an address. Raises StoreError when nobody answers or, unless `create`, when no dataset is there.

        User and password come from NEO4J_USERNAME and NEO4J_PASSWORD.
        """
        store = cls(Connection(address), model)
        try:
            store._connection.connect(ANSWER_SECONDS if create else OPENING_SECONDS)
            if not create:
                store._attached()
        except BaseException:
            store.close()
            raise
        return store

    def __repr__(self) -> str:
        return few_lines(tr("store {url}", url=self.url), self._marker.dataset.name if self._marker is not None else "")

    @property
    def url(self) -> str:
        """Scheme, host, port, and the database where one was named."""
        return str(self._connection.address)

    @property
    def dataset(self) -> LoadedDataset:
        """What was loaded."""
        return self._attached().dataset

    @property
    def schema(self) -> Schema:
        """Labels, link types and properties that are there."""
        return self._attached().schema

    def load(
        self,
        dataset: Dataset,
        *,
        replace: bool = False,
        update: bool = False,
        batch: int | None = None,
        sessions: int | None = None,
        progress: Progress = silent,
    ) -> None:
        """Write a dataset; the same one again, whole or broken off, ends in the same graph.

        Another dataset is refused, unless with `update`, which adds and changes, or `replace`, which also takes away
        what the dataset does not have; what is not empty and not ours is always refused. Raises StoreError, also when
        the server counts otherwise than it should in the end.
        """
        self._marker = self._entities = None
        self._model = dataset.model
        mode = _mode(replace, update)
        load_dataset(self._connection, dataset, mode, batch=batch, sessions=sessions, progress=progress)

    def changes(
        self, dataset: Dataset, *, replace: bool = False, update: bool = False, progress: Progress = silent
    ) -> Changes:
        """What `load` would do; nothing is written. Raises StoreError where it would be refused at once."""
        return planned_changes(self._connection, dataset, _mode(replace, update), progress)

    def count(self) -> Mapping[str, int]:
        """How many nodes of each label and links of each type the server counts."""
        model = self.schema.model
        found = count(self._connection, model.labels, model.links)
        return {**found.nodes, **found.links}

    @property
    def entities(self) -> Entities:
        """The ids and names behind the codes that `query` returns."""
        from ecosystem.store.entities import Entities

        if self._entities is None:
            self._entities = Entities(self.query, self.schema.model.labels, self._ids)
        return self._entities

    def query(
        self, statement: AskedQuery, parameters: Mapping[str, object] | None = None, *, timeout: float | None = None
    ) -> pa.RecordBatchReader:
        """The rows of a checked query, streamed; a node or link of a metric is returned as its code."""
        check_timeout(timeout)
        schema = self._attached().schema
        tree = statement.query if isinstance(statement, BoundQuery) else statement
        refuse_bounds(tree, parameters or {})
        used = {node.name for node in walk(tree) if isinstance(node, Parameter)}
        values = {name: given_value(value) for name, value in (parameters or {}).items() if name in used}
        types = parameter_types(values)
        asked = bound_on(statement, schema, types) if isinstance(statement, Query | BoundQuery) else statement
        kinds, text = column_kinds(asked, schema, types), statement_of(asked, schema)
        chunks = self._connection.stream(text, values, timeout=timeout)
        first = next(chunks, [])  # an error comes now, not when somebody reads
        columns = columns_of(kinds)
        return pa.RecordBatchReader.from_batches(columns, self._batches(chain([first], chunks), kinds, columns, text))

    def ask(
        self,
        text: str,
        parameters: Mapping[str, object] | None = None,
        *,
        timeout: float | None = None,
        memory: int | None = None,
    ) -> pa.Table:
        """The rows of any Cypher that only reads; what does more is refused before it is sent, and by the session."""
        check_timeout(timeout)
        refuse_broken_text(parameters or {})
        faults = refuse_writes(text)
        if faults:
            raise QueryError(tr("the query does more than read"), findings=faults)
        return answer_table(*self._connection.answer(text, parameters, timeout=timeout, memory=memory))

    def close(self) -> None:
        """Let go of the server."""
        self._connection.close()

    def _attached(self) -> Marker:
        if self._marker is None:
            self._marker = _readable(read_marker(self._connection, self._model), self.url)
        return self._marker

    def _ids(self, codes: pa.ChunkedArray, kinds: Sequence[str]) -> pa.ChunkedArray:
        """The ids of nodes, or of links where the kinds are link types; nothing need be mode of the server."""
        is_node = any(kind in self.schema.model.labels for kind in kinds)
        return self._numberings["node" if is_node else "link"].ids(codes)

    def _batches(
        self, chunks: Iterator[list[Row]], kinds: Mapping[str, str], columns: pa.Schema, text: str
    ) -> Iterator[pa.RecordBatch]:
        for rows in filter(None, chunks):
            parts = zip(zip(*rows, strict=True), kinds.values(), columns.types, strict=True)
            try:
                arrays = [
                    self._numberings[kind].codes(values) if kind in self._numberings else _array(values, form, text)
                    for values, kind, form in parts
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=columns)
            except (pa.ArrowInvalid, OverflowError) as err:
                message = tr("a column has another type than its query says: {err}", err=err)
                raise StoreError(message, statement=text) from err


def _mode(replace: bool, update: bool) -> Mode:
    if replace and update:
        raise UsageError(
            tr("a load either updates or replaces"), hint=tr("--update leaves what a dataset does not have")
        )
    return "replace" if replace else "update" if update else "load"


def _readable(marker: Marker | None, url: str) -> Marker:
    """The marker, whole and of this version and model."""
    if marker is None:
        raise StoreError(
            tr("there is no dataset in {url}", url=url), hint=tr("load one: ecosystem load DIR --store {url}", url=url)
        )
    if marker.state != "ready":
        message = tr("the load of {name} into {url} has not finished", name=marker.dataset.name, url=url)
        raise StoreError(message, hint=tr(RELOAD, store=url))
    refuse_other_version(marker, marker.schema.model, url)
    return marker


def _array(values: tuple[Any, ...], kind: pa.DataType, statement: str) -> pa.Array:
    if pa.types.is_floating(kind):  # where the query may give both, whole numbers come as integers
        return pa.array([None if value is None else _exactly(value, statement) for value in values], kind)
    if pa.types.is_integer(kind) and any(isinstance(value, float) for value in values):
        # the server makes a float of a sum that grows too large
        raise failed("overflow", statement)
    if pa.types.is_nested(kind) or pa.types.is_temporal(kind) or any(isinstance(value, Duration) for value in values):
        if any(isinstance(value, Date) and not value.year for value in values):
            raise failed("date_range", statement)
        return pa.array([in_plain_types(value) for value in values], kind)
    return pa.array(values, kind)


def _exactly(number: float, statement: str) -> float:
    """A number as a float. Raises StoreError for an integer that no float equals."""
    if float(number) != number and not math.isnan(number):
        raise failed("inexact", statement)
    return float(number)
