"""Whether two engines gave the same rows: as multisets, in their order where ORDER BY says one, floats to 1e-9."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from ecosystem.query import Query
from ecosystem.query.statement_check import in_terms_of_items
from ecosystem.query.statement_tree import AnyQuery, Union
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import Expression, PropertyOf, Variable

Row = Sequence[object]

_FLOAT = 1e-9


def same(query: AnyQuery, one: Sequence[Row], other: Sequence[Row]) -> bool:
    """Whether the rows are those of one result."""
    if len(one) != len(other) or not same_rows(one, other):
        return False
    keys = sorted_columns(query)
    return all(_same_row(_pick(a, keys), _pick(b, keys)) for a, b in zip(one, other, strict=True))


def same_rows(one: Sequence[Row], other: Sequence[Row]) -> bool:
    """Whether both are the same multiset: our rows and the server's."""
    if len(one) != len(other):
        return False
    left, right = sorted(one, key=_place), sorted(other, key=_place)
    if all(map(_same_row, left, right)):
        return True
    # two floats that differ in their last digits may have sorted differently
    rest = list(right)
    for row in left:
        found = next((at for at, candidate in enumerate(rest) if _same_row(row, candidate)), None)
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


def _same_row(one: Row, other: Row) -> bool:
    return len(one) == len(other) and all(map(same_value, one, other))


def same_value(one: object, other: object) -> bool:
    """Counts exactly, floats to 1e-9, not-a-number as itself.

    A column of floats is one here, while the server gives each row its own type: a sum of nothing is the integer 0.
    """
    if isinstance(one, float) and type(other) is int:
        return one == other
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
    return kind, 0.0, value.isoformat() if isinstance(value, date) else str(value)
