"""What a server is asked for a query, and its answer as a table."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any, TypeVar, cast

import pyarrow as pa
from neo4j.graph import Entity
from neo4j.graph import Path as ServerPath
from neo4j.time import Date, DateTime, Duration

from ecosystem.query import BoundQuery, Schema, kinds, to_cypher
from ecosystem.query.bound_query import without_given_names
from ecosystem.query.printer import statement_text
from ecosystem.query.statement_check import column_types
from ecosystem.query.statement_tree import AnyStatement, Item, Projection, QueryPart, Statement, Union
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.temporal_text import duration_text
from ecosystem.query.traversal import AGGREGATES, map_children, walk
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    CountMatches,
    Exists,
    Expression,
    Literal,
    PathPattern,
    PropertyOf,
    Variable,
)
from ecosystem.store.answer_columns import arrow_type
from ecosystem.store.neo4j.connection import Row
from ecosystem.store.neo4j.temporal_calls import null_of_null

_Q = TypeVar("_Q", bound=SyntaxNode)


def statement_of(query: BoundQuery | AnyStatement, schema: Schema) -> str:
    """The Cypher of a bound query, or of a checked statement.

    A returned node or link is its id. A mean is a sum over a count: the server's own is a running one, which rounds at
    every step. What is divided by is made a float: a server refuses the integer 0 now and then, even under a float. A
    node that neither a label nor a link tells apart gets the labels of the model: ours is not the only node in the
    database.
    """
    labels = tuple(schema.model.labels)
    if not isinstance(query, BoundQuery):
        return statement_text(_returning_ids(_for_the_server(query, labels), schema))
    told = _for_the_server(without_given_names(query.query), labels)
    items = tuple(replace(item, expression=_by_id(item.expression)) for item in told.items)
    return to_cypher(replace(told, items=items))


def column_kinds(query: BoundQuery | AnyStatement, schema: Schema, parameters: Mapping[str, str]) -> dict[str, str]:
    """What the columns of the rows hold: `string`, `integer`, ..., of a bound query also `node` and `link`."""
    if isinstance(query, BoundQuery):
        return {item.alias: query.type_of(item.expression) for item in query.query.items}
    types = column_types(query, schema, parameters).items()
    return {name: "string" if kinds.is_entity(kind) else kind for name, kind in types}


def columns_of(kinds_of_columns: Mapping[str, str]) -> pa.Schema:
    """The Arrow columns of what `column_kinds` says; of a metric's query a node or link is its code."""
    codes = {"node": pa.int64(), "link": pa.int64()}
    return pa.schema([(name, codes.get(kind) or arrow_type(kind)) for name, kind in kinds_of_columns.items()])


def _returning_ids(statement: AnyStatement, schema: Schema) -> AnyStatement:
    """The same rows in the same order, with a last step that takes the ids: ORDER BY may still ask whole entities."""
    if isinstance(statement, Union):
        parts = (_returning_ids(part, schema) for part in statement.statements)
        return replace(statement, statements=tuple(cast("Statement", part) for part in parts))
    types = column_types(statement, schema)
    entities = {name for name, kind in types.items() if kinds.is_entity(kind)}
    if not entities:
        return statement
    items = tuple(Item(PropertyOf(name, "id") if name in entities else Variable(name), name) for name in types)
    return Statement((*statement.parts, QueryPart((), Projection(items))), position=statement.position)


def _by_id(node: Expression) -> Expression:
    """An expression of the RETURN with ids for entities; inside aggregates and subqueries they stay."""
    if isinstance(node, Variable):
        return PropertyOf(node.name, "id", position=node.position)
    if isinstance(node, Exists | CountMatches) or (isinstance(node, Call) and node.function in AGGREGATES):
        return node
    return map_children(node, lambda child: _by_id(cast("Expression", child)))


def _for_the_server(query: _Q, labels: tuple[str, ...]) -> _Q:
    return null_of_null(map_children(map_children(_labelled(query, labels), _divisors), _means))


def _labelled(query: _Q, labels: tuple[str, ...]) -> _Q:
    """The query with these labels on each node that stands alone, and nowhere else has a label or a link."""
    paths = [node for node in walk(query) if isinstance(node, PathPattern)]
    told = {node.variable for path in paths for node in path.nodes if path.links or node.labels} - {""}

    def change(node: SyntaxNode) -> SyntaxNode:
        if isinstance(node, PathPattern) and not node.links and not node.nodes[0].labels:
            alone = node.nodes[0]
            return node if alone.variable in told else replace(node, nodes=(replace(alone, labels=labels),))
        return map_children(node, change)

    return map_children(query, change)


def _divisors(node: SyntaxNode) -> SyntaxNode:
    changed = map_children(node, _divisors)
    if not (isinstance(changed, Binary) and changed.operator == "/") or isinstance(changed.right, Literal):
        return changed
    if not _is_float(changed.left):
        return changed  # of two integers the quotient is one, and that of anything else stays what it is
    return replace(changed, right=Binary("*", Literal(1.0), changed.right))


def _is_float(node: Expression) -> bool:
    """Whether an expression is a float whatever it speaks of."""
    match node:
        case Literal():
            return isinstance(node.value, float)
        case Call():
            return node.function in ("tofloat", "avg", "stdev", "stdevp")
        case Binary(operator="^"):
            return True
        case Binary(operator="+" | "-" | "*" | "/" | "%"):
            return _is_float(node.left) or _is_float(node.right)
        case _:
            return False


def _means(node: SyntaxNode) -> SyntaxNode:
    changed = map_children(node, _means)
    if not (isinstance(changed, Call) and changed.function == "avg"):
        return changed
    total, count = replace(changed, function="sum"), replace(changed, function="count")
    mean = Binary("/", Binary("*", Literal(1.0), total), count)
    return Case(None, ((Binary(">", count, Literal(0)), mean),), None)


def answer_table(columns: Sequence[str], rows: Sequence[Row]) -> pa.Table:
    """One column per returned name; one whose values have no common type is text, in which lists and maps are JSON."""
    parts = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.Table.from_arrays([_column(values) for values in parts], names=list(columns))


def _column(values: Sequence[Any]) -> pa.Array:
    plain = [in_plain_types(value) for value in values]
    try:
        array = pa.array(plain)
        if not pa.types.is_nested(array.type) or _is_whole(array, plain):
            return array
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        pass
    return pa.array([None if value is None else _text(value) for value in plain], pa.string())


def _is_whole(array: pa.Array, values: Sequence[Any]) -> bool:
    """Whether nothing was added to the values: maps with different keys get those of each other."""
    found = array.to_pylist()
    return found == values or _text(found) == _text(values)  # the latter where not-a-number is in them


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else str(value)


def in_plain_types(value: Any) -> Any:
    """A value in Python's own types; a node or link of ours is its id, another's the server's own."""
    match value:
        case ServerPath():
            return [
                in_plain_types(entity)
                for pair in zip(value.nodes, (*value.relationships, None), strict=True)
                for entity in pair
                if entity is not None
            ]
        case Entity():
            return value.get("id", value.element_id)
        case list():
            return [in_plain_types(each) for each in value]
        case dict():
            return {name: in_plain_types(each) for name, each in value.items()}
        case Date() if value.year:  # Python has no year 0
            return value.to_native()
        case DateTime() if value.tzinfo is None or value.utcoffset() == timedelta():
            moment = value.to_native()
            return moment if moment.tzinfo is None else moment.astimezone(UTC)
        case Duration():
            months, days, seconds, nanoseconds = value
            return duration_text((months, days, seconds * 1_000_000 + round(nanoseconds / 1000)))
        case None | bool() | int() | float() | str() | date():
            return value
        case _:
            return str(value)


class Numbering:
    """A number for each id, given when the server first names it: what its nodes or links are called above the store.

    The same for as long as the store is open. The server's own names of them are texts, and change with its files.
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._ids: list[str] = []
        self._lock = threading.Lock()  # the answers to two queries may be read by two threads

    def codes(self, ids: Iterable[str | None]) -> pa.Array:
        """The codes of ids; null for none."""
        with self._lock:
            return pa.array([None if each is None else self._code(each) for each in ids], pa.int64())

    def ids(self, codes: pa.ChunkedArray) -> pa.ChunkedArray:
        """The ids of codes that were given out; null for none."""
        with self._lock:
            known = pa.array(self._ids, pa.string())
        return pa.chunked_array([known.take(chunk) for chunk in codes.chunks], pa.string())

    def _code(self, each: str) -> int:
        code = self._codes.setdefault(each, len(self._ids))
        if code == len(self._ids):
            self._ids.append(each)
        return code
