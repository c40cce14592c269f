"""The rows of a query recomputed from its matches: groups, aggregates, and the arithmetic around them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query.aggregates import made
from ecosystem.query.bound_query import BoundQuery
from ecosystem.query.order_statistics import places
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import Binary, Call, Expression, Literal, Minus, Parameter

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Parameters = Mapping[str, object]

_ARITHMETIC: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
}


def _half_up(numbers: Floats, places: Floats | None = None) -> Floats:
    """Rounded as Cypher does it: to whole numbers half-way up, to places half-way away from 0 in shortest digits."""
    if places is None or not places.any():
        whole = np.floor(numbers)
        return whole + (numbers - whole >= 0.5)
    rounded = [_decimal(number, int(place)) for number, place in zip(numbers.tolist(), places.tolist(), strict=True)]
    return np.array(rounded, dtype=np.float64)


def _decimal(number: float, places: int) -> float:
    if not math.isfinite(number) or places < 0:
        return math.nan
    # a float has no digit beyond the 400th place
    unit = Decimal(1).scaleb(-min(places, 400))
    with localcontext(prec=800, rounding=ROUND_HALF_UP):
        return float(Decimal(repr(number)).quantize(unit))


VALUE_FUNCTIONS: Mapping[str, Callable[..., Floats]] = {
    "abs": np.abs,
    "ceil": np.ceil,
    "exp": np.exp,
    "floor": np.floor,
    "log": np.log,
    "log10": np.log10,
    "round": _half_up,
    "sign": np.sign,
    "sqrt": np.sqrt,
    "tofloat": np.positive,
}
"""The functions that may stand around the aggregates of a metric's value, of arrays; without ways of rounding."""


def aggregate(
    call: Call, argument: pa.ChunkedArray | None, groups: Codes, count: int, parameters: Parameters | None = None
) -> Floats:
    """One aggregate per group, shape (count,); `groups` codes each row, shape (rows,). A mean of nothing is NaN.

    Sums of floats are added exactly and rounded once (Shewchuk 1997), NaN where a value is not finite; sums of integers
    are exact up to 2**53. `parameters` has the second argument of a percentile, where that is one.
    """
    if argument is None:
        return np.bincount(groups, minlength=count).astype(np.float64)
    present = pc.is_valid(argument).to_numpy()
    kept = groups[present]
    if call.function == "count" and not call.distinct:
        return np.bincount(kept, minlength=count).astype(np.float64)
    if call.distinct:
        codes = value_codes(argument)[present]
        _, first = np.unique(kept * (codes.max(initial=0) + 1) + codes, return_index=True)
        kept = kept[first]
        if call.function == "count":
            return np.bincount(kept, minlength=count).astype(np.float64)
        argument, present = argument.filter(pa.array(present)).take(pa.array(first)), np.ones(len(first), np.bool_)
    numbers = argument.filter(pa.array(present)).to_numpy()
    return _of_numbers(call, numbers, kept, count, parameters or {})


def _of_numbers(
    call: Call, numbers: npt.NDArray[np.generic], groups: Codes, count: int, parameters: Parameters
) -> Floats:
    """An aggregate of numbers, none of which is null and all of which count."""
    kind, sizes = made(call), np.bincount(groups, minlength=count)
    if kind in ("sum", "mean"):
        totals = _sums(numbers, groups, count)
        if kind == "sum":
            return totals
        return np.asarray(np.divide(totals, sizes, out=np.full(count, np.nan), where=sizes > 0))
    order = np.lexsort((numbers, groups))
    ordered = numbers[order].astype(np.float64)
    found = np.full(count, np.nan)
    some = np.flatnonzero(sizes)
    if kind == "spread":
        found[some] = _deviations(call, ordered, groups[order], count)[some]
    else:
        at, starts = places(call, sizes[some], parameters), np.cumsum(sizes) - sizes
        found[some] = at.value(ordered[starts[some] + at.low], ordered[starts[some] + at.high])
    return found


def _deviations(call: Call, ordered: Floats, groups: Codes, count: int) -> Floats:
    """Standard deviations of values in their order, added in it: see `AggregateDialect`, which has the same digits."""
    with np.errstate(all="ignore"):
        differences = differences_from_middle(ordered, groups, count)
        first, second = (
            np.asarray(np.bincount(groups, each, minlength=count), dtype=np.float64)
            for each in (differences, differences * differences)
        )
    return deviations(call, np.bincount(groups, minlength=count).astype(np.float64), first, second)


def differences_from_middle(numbers: Floats, groups: Codes, count: int) -> Floats:
    """How far each number lies from the one in the middle of its group, shape (rows,)."""
    order = np.lexsort((numbers, groups))
    sizes = np.bincount(groups, minlength=count)
    middles = np.cumsum(sizes) - sizes + (sizes + 1) // 2 - 1
    with np.errstate(invalid="ignore"):
        return np.asarray(numbers - numbers[order][middles[groups]])


def deviations(call: Call, sizes: Floats, first: Floats, second: Floats) -> Floats:
    """Standard deviations from how many there are, and the sums of their differences from one value and of the squares.

    0 of one value, NaN of none.
    """
    freedom = 1 if call.function == "stdev" else 0
    with np.errstate(all="ignore"):
        squares = np.maximum(second - first * first / sizes, 0.0)
        found = np.sqrt(squares / (sizes - freedom))
    return np.where(sizes > 1, found, np.where(sizes == 1, 0.0, np.nan))


def value_codes(values: pa.ChunkedArray) -> Codes:
    """The distinct values of a column as integers from 0, -1 where it is null, shape (rows,): those of DISTINCT.

    So 0.0 and -0.0 are one value, and not-a-number is equal to nothing: each is a value of its own.
    """
    whole = values.combine_chunks()
    floats = pa.types.is_floating(whole.type)
    encoded = (pc.add(whole, 0.0) if floats else whole).dictionary_encode()
    codes: Codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    if floats:
        undefined = np.flatnonzero(pc.fill_null(pc.is_nan(whole), False).to_numpy(zero_copy_only=False))
        codes[undefined] = codes.max(initial=0) + 1 + np.arange(len(undefined))
    return codes


def _sums(numbers: npt.NDArray[np.generic], groups: Codes, count: int) -> Floats:
    order = np.argsort(groups, kind="stable")
    edges = np.searchsorted(groups[order], np.arange(count + 1))
    ordered = numbers[order]
    parts = [ordered[start:end] for start, end in pairwise(edges)]
    if np.issubdtype(numbers.dtype, np.integer):
        return np.array([int(part.sum()) for part in parts], dtype=np.float64)
    return np.array([math.fsum(part) if np.isfinite(part).all() else math.nan for part in parts], dtype=np.float64)


def evaluate(
    expression: Expression, values: Mapping[Call, Floats], parameters: Mapping[str, object], count: int
) -> Floats:
    """Arithmetic of aggregates, constants and parameters, shape (count,); NaN where it is null or undefined, no -0."""

    def part(node: Expression) -> Floats:
        match node:
            case Call() if node in values:
                return values[node]
            case Call():
                return VALUE_FUNCTIONS[node.function](*map(part, node.arguments))
            case Literal():
                return np.full(count, _number(node.value))
            case Parameter():
                return np.full(count, _number(parameters.get(node.name)))
            case Minus():
                return -part(node.operand)
            case Binary():
                return _ARITHMETIC[node.operator](part(node.left), part(node.right))
            case _:
                raise TypeError(f"{type(node).__name__} is no part of a value")

    with np.errstate(all="ignore"):
        result = part(expression)
    return np.where(np.isfinite(result), result + 0.0, np.nan)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def add_up(query: BoundQuery, rows: pa.Table, parameters: Parameters) -> pa.Table:
    """The rows of a query from its matches: the columns it groups by, sorted, and float64, NaN for a mean of nothing.

    `rows` has the columns that the query groups by, and `arg<i>` for each aggregate with an argument.
    """
    named = [item.alias for item in query.query.items if not aggregates(item.expression)]
    groups, first = _grouped(rows.select(named))
    found = {
        call: aggregate(call, rows[f"arg{number}"] if call.arguments else None, groups, len(first), parameters)
        for number, call in enumerate(query.aggregates)
    }
    columns = {
        item.alias: evaluate(item.expression, found, parameters, len(first))
        for item in query.query.items
        if aggregates(item.expression)
    }
    keys = rows.select(named).take(pa.array(first))
    return pa.table({**{name: keys[name] for name in named}, **columns})


def _grouped(keys: pa.Table) -> tuple[Codes, Codes]:
    """The group of each row (rows,), in the order of the keys, and a row of each group (groups,)."""
    codes = np.zeros(keys.num_rows, dtype=np.int64)
    for column in keys.itercolumns():
        distinct = pc.unique(column)
        known = distinct.take(pc.sort_indices(distinct))
        codes = codes * max(len(known), 1) + pc.index_in(column, known).to_numpy().astype(np.int64)
        codes = np.unique(codes, return_inverse=True)[1]  # few again, so that no product overflows
    _, first, groups = np.unique(codes, return_index=True, return_inverse=True)
    return groups.astype(np.int64), first.astype(np.int64)
