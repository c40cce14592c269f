"""Whether two engines gave the same rows: as multisets, in their order where ORDER BY says one, floats to 1e-9."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from ecosystem.query import Query
from ecosystem.query.statement_check import in_terms_of_items
from ecosystem.query.statement_tree import AnyQuery, QueryPart, Statement, Union
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import aggregates, walk
from ecosystem.query.tree import Call, Expression, PatternComprehension, PropertyOf, Subquery, Variable

Row = Sequence[object]

_FLOAT = 1e-9


def same(query: AnyQuery, one: Sequence[Row], other: Sequence[Row]) -> bool:
    """Whether the rows are those of one result."""
    if len(one) != len(other) or not same_rows(one, other, free=collects_freely(query)):
        return False
    keys = sorted_columns(query)
    return all(_same_row(_pick(a, keys), _pick(b, keys)) for a, b in zip(one, other, strict=True))


def same_rows(one: Sequence[Row], other: Sequence[Row], *, free: bool = False) -> bool:
    """Whether both are the same multiset: our rows and the server's; where `free`, also the lists in them."""
    if len(one) != len(other):
        return False
    if Counter(map(repr, one)) == Counter(map(repr, other)):
        return True
    left, right = sorted(one, key=_place), sorted(other, key=_place)
    if all(_same_row(a, b, free=free) for a, b in zip(left, right, strict=True)):
        return True
    # two floats that differ in their last digits may have sorted differently
    rest = list(right)
    for row in left:
        found = next((at for at, candidate in enumerate(rest) if _same_row(row, candidate, free=free)), None)
        if found is None:
            return False
        del rest[found]
    return True


def sorted_columns(query: AnyQuery) -> tuple[int, ...]:
    """The returned columns by which the rows are sorted, most significant first; none where nothing says an order."""
    if isinstance(query, Query | Union):
        return ()
    last = query.parts[-1].projection
    returned = {item.expression: number for number, item in enumerate(last.items)}
    # a whole entity comes as its id
    entities: dict[Expression, int] = {
        PropertyOf(item.expression.name, "id"): number
        for number, item in enumerate(last.items)
        if isinstance(item.expression, Variable)
    }
    keys = [in_terms_of_items(order.expression, last.items) for order in last.order]
    # behind a sum or mean of floats, which engines round differently, a further key has no ties to decide
    rounded = [any(call.function != "count" for call in aggregates(key)) for key in keys]
    keys = keys[: rounded.index(True) + 1] if True in rounded else keys
    columns = [returned.get(key, entities.get(key)) for key in keys]
    return tuple(at for at in takewhile(lambda at: at is not None, columns) if at is not None)


def _pick(row: Row, columns: Sequence[int]) -> Row:
    return [row[column] for column in columns]


def collects_freely(query: AnyQuery) -> bool:
    """Whether it makes a list in whatever order its rows come: collect, a pattern comprehension, COLLECT, keys.

    Behind a WITH with ORDER BY, and nothing else between, collect keeps that order.
    """
    return not isinstance(query, Query) and any(map(_makes_bag, walk(query)))


def _makes_bag(node: SyntaxNode) -> bool:
    match node:
        case PatternComprehension() | Call(function="keys"):
            return True
        case Subquery(kind="COLLECT", statement=Statement(parts=parts)):
            return not parts[-1].projection.order
        case Statement(parts=parts):
            before = (None, *parts)
            return any(
                _collects(part) and not (earlier and earlier.projection.order and not part.clauses)
                for earlier, part in zip(before, parts, strict=False)
            )
        case _:
            return False


def _collects(part: QueryPart) -> bool:
    projection = part.projection
    said = [*(item.expression for item in projection.items), *(order.expression for order in projection.order)]
    return any(call.function == "collect" for expression in said for call in aggregates(expression))


def _same_row(one: Row, other: Row, *, free: bool = False) -> bool:
    return len(one) == len(other) and all(same_value(a, b, free=free) for a, b in zip(one, other, strict=True))


def same_value(one: object, other: object, *, free: bool = False) -> bool:
    """Counts exactly, floats to 1e-9, not-a-number as itself.

    A column of floats is one here, while the server gives each row its own type: a sum of nothing is the integer 0.
    """
    if isinstance(one, float) and type(other) is int:
        return one == other
    if isinstance(one, list) and isinstance(other, list):
        if len(one) == len(other) and all(same_value(a, b, free=free) for a, b in zip(one, other, strict=True)):
            return True
        return free and same_rows([[each] for each in one], [[each] for each in other], free=True)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_value(one[key], other[key], free=free) for key in one)
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=_FLOAT, abs_tol=_FLOAT)
    return one == other


def _place(row: Row) -> tuple[tuple[str, float, str], ...]:
    return tuple(_place_of(value) for value in row)


def _place_of(value: object) -> tuple[str, float, str]:
    kind = type(value).__name__
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number", float(f"{value:.6g}") + 0.0 if math.isfinite(value) else 0.0, str(math.isfinite(value))
    if isinstance(value, list):
        # in whatever order: which list stands where is told by what is in it
        return kind, len(value), str(sorted(_place_of(each) for each in value))
    return kind, 0.0, value.isoformat() if isinstance(value, date) else str(value)
