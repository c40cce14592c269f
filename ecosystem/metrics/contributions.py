"""How a metric's value is made of its matches: the share of each, and the node or link that it is counted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal as OneOf

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.query import BoundQuery
from ecosystem.query.aggregates import made
from ecosystem.query.recompute import value_codes
from ecosystem.query.statement_tree import Query
from ecosystem.query.traversal import patterns, walk
from ecosystem.query.tree import (
    Binary,
    Call,
    Expression,
    LinkPattern,
    Literal,
    Minus,
    NodePattern,
    Parameter,
    PropertyOf,
    Variable,
)

Contribution = FloatArray | float
"""Of an expression: a share per row, or a constant that no row brings."""
MEAN = tr_later("a mean does not add up")
RATIO = tr_later("a ratio or product of aggregates does not add up")
ONCE = tr_later("a sum of distinct values does not add up: equal ones of two regions would count once")
PLACE = tr_later("a minimum, maximum, percentile or standard deviation does not add up")


def shares(
    query: BoundQuery,
    columns: Sequence[pa.ChunkedArray | None],
    parameters: Mapping[str, object],
    at: IntArray,
    regions: int,
) -> tuple[FloatArray, float] | None:
    """What each match brings to the value of its region (rows,), and what is there without any; None without shares.

    `columns` are the arguments of the query's aggregates, `at` (rows,) is the place of each match's region. A count
    gives 1 to each match, a sum its argument, a mean its argument over the number of those that have one. With DISTINCT
    what each x brings is shared among the matches that support it. Sums, differences and multiples of these have shares
    too; a ratio or a product of aggregates has none, nor a minimum, maximum, percentile or standard deviation. Shares
    and constant add up to the value of a region that has matches.
    """
    if not all(has_shares(call) for call in query.aggregates):
        return None
    found = {
        call: call_shares(call, column, at, regions) for call, column in zip(query.aggregates, columns, strict=True)
    }
    whole = _contribution(query.value, found, parameters)
    if whole is None:
        return None
    rows, constant = whole
    return np.broadcast_to(np.asarray(rows, dtype=np.float64), (len(at),)).copy(), float(constant)


def has_shares(call: Call) -> bool:
    """Whether each match brings a share of an aggregate: to a sum or a mean, DISTINCT or not."""
    return made(call) in ("sum", "mean")


def call_shares(call: Call, column: pa.ChunkedArray | None, at: IntArray, regions: int) -> FloatArray:
    """What each match brings to one aggregate of its region (rows,); see `shares`."""
    if column is None:
        return np.ones(len(at))
    present = pc.is_valid(column).to_numpy()
    parts = np.asarray(present, dtype=np.float64)
    if call.distinct:
        codes = value_codes(column)
        pair = at * (codes.max(initial=0) + 1) + codes
        _, place, support = np.unique(pair[present], return_inverse=True, return_counts=True)
        parts[present] = 1 / support[place]
    if call.function == "count":
        return parts
    numbers = np.asarray(pc.fill_null(column, 0).to_numpy().astype(np.float64) * parts)
    if call.function == "sum":
        return numbers
    sizes = np.bincount(at, parts, minlength=regions)
    means: FloatArray = np.divide(numbers, sizes[at], out=np.zeros(len(at)), where=present)
    return means


def _contribution(
    expression: Expression, found: Mapping[Call, FloatArray], parameters: Mapping[str, object]
) -> tuple[Contribution, float] | None:
    """The shares of the rows and the constant, None where the expression is not linear in its aggregates."""
    match expression:
        case Call():
            return found[expression], 0.0
        case Literal() | Parameter():
            value = expression.value if isinstance(expression, Literal) else parameters.get(expression.name)
            return (0.0, float(value)) if isinstance(value, int | float) else None
        case Minus():
            inner = _contribution(expression.operand, found, parameters)
            return None if inner is None else (-inner[0], -inner[1])
        case Binary():
            left, right = (_contribution(side, found, parameters) for side in (expression.left, expression.right))
            return None if left is None or right is None else _combined(expression.operator, left, right)
        case _:
            return None


def _combined(
    operator: str, left: tuple[Contribution, float], right: tuple[Contribution, float]
) -> tuple[Contribution, float] | None:
    constant = [isinstance(side[0], float) for side in (left, right)]
    if operator == "+":
        return left[0] + right[0], left[1] + right[1]
    if operator == "-":
        return left[0] - right[0], left[1] - right[1]
    if operator == "*" and any(constant):
        of, factor = (right, left[1]) if constant[0] else (left, right[1])
        return of[0] * factor, of[1] * factor
    if operator == "/" and constant[1] and right[1] != 0:
        return left[0] / right[1], left[1] / right[1]
    return None


def why_no_sum(query: BoundQuery, parameters: Mapping[str, object]) -> str | None:
    """Why the values of regions do not add up to that of what they lie in, in words; None for counts and sums.

    A count of distinct things does, as long as each lies in one region.
    """
    if not all(has_shares(call) for call in query.aggregates):
        return PLACE
    if any(made(call) == "mean" for call in query.aggregates):
        return MEAN
    if any(call.distinct and call.function != "count" for call in query.aggregates):
        return ONCE
    ones: dict[Call, FloatArray] = {call: np.ones(1) for call in query.aggregates}
    if _contribution(query.value, ones, parameters) is None:
        return RATIO
    return None


Adding = OneOf["sum", "distinct", "none"]
"""Whether values of regions apart add up: always, unless something counts in several of them, or never."""


def adding(query: BoundQuery, parameters: Mapping[str, object]) -> Adding:
    """Whether the values of regions that have nothing in common add up to the value of all of them together.

    `sum`: counts, sums and their multiples. `distinct`: where something is counted once in each region but may have
    matches in several, such as a person who works in two. `none`: means, ratios, minima and the like, and what has a
    constant of its own.
    """
    ones: dict[Call, FloatArray] = {call: np.ones(1) for call in query.aggregates}
    found = _contribution(query.value, ones, parameters)
    if why_no_sum(query, parameters) is not None or found is None or found[1] != 0:
        return "none"
    located = _located(query.query, _region_of(query))
    for call in query.aggregates:
        if call.distinct:
            (counted,) = call.arguments
            # a node is located once, so it has all its matches in one region
            own = isinstance(counted, Variable) and counted.name == located
            if not (own or (isinstance(counted, PropertyOf) and (counted.variable, counted.name) == (located, "id"))):
                return "distinct"
    return "sum"


def looks_at_region(query: BoundQuery) -> bool:
    """Whether a match depends on which region is asked for, beyond its lying there: a partner outside of it, say.

    What depends on the country of the region alone is the same for every region of that country.
    """
    region = _region_of(query)
    places = sum(node.variable == region for match in query.query.matches for node in match.nodes())
    used = [part for match in query.query.matches if match.where is not None for part in walk(match.where)]
    used += [part for call in query.aggregates for argument in call.arguments for part in walk(argument)]
    return places > 1 or any(
        (isinstance(part, PropertyOf) and part.variable == region and part.name != "country")
        or (isinstance(part, Variable) and part.name == region)
        or (isinstance(part, NodePattern) and part.variable == region)
        for part in used
    )


def _region_of(query: BoundQuery) -> str:
    """The variable of the region that a metric returns."""
    return next((part.variable for part in walk(query.query.items[0].expression) if isinstance(part, PropertyOf)), "")


def owner(query: BoundQuery) -> str:
    """The variable of the node that a match is counted for.

    The node that all aggregates speak of, where that is one and the same (`count(DISTINCT p)`, `avg(c.patents)`); else
    the node that is located in the region that the metric returns; else the first one.
    """
    named, calls = query.query, query.aggregates
    nodes = [node.variable for match in named.matches for node in match.nodes()]
    spoken = [
        {
            part.name if isinstance(part, Variable) else part.variable
            for part in walk(argument)
            if isinstance(part, Variable | PropertyOf)
        }
        for call in calls
        for argument in call.arguments
    ]
    if spoken and spoken[0] and len(spoken) == len(calls) and all(names == spoken[0] for names in spoken):
        (one, *others) = sorted(spoken[0])
        if not others and one in nodes:
            return one
    return _located(named, _region_of(query)) or nodes[0]


def _located(named: Query, region: str) -> str | None:
    """The node whose LOCATED_IN leads to what lies WITHIN the region."""
    steps = [step for match in named.matches for step in match.hops()]
    lower = {
        left.variable if link.direction != "in" else right.variable
        for left, link, right in steps
        if link.types == ("WITHIN",) and region in (left.variable, right.variable)
    }
    for left, link, right in steps:
        low, node = (right, left) if link.direction != "in" else (left, right)
        if link.types == ("LOCATED_IN",) and low.variable in lower:
            return node.variable
    return None


def carrier(query: BoundQuery) -> tuple[str, bool]:
    """The variable of the one link that carries a match and True, or that of its owner and False.

    A location carries nothing: it only says where the others are.
    """
    links = {
        pattern.variable.lstrip("_")
        for match in query.query.matches
        for pattern in patterns(match)
        if isinstance(pattern, LinkPattern) and not set(pattern.types) & {"LOCATED_IN", "WITHIN"}
    }
    return (next(iter(links)), True) if len(links) == 1 else (owner(query), False)
