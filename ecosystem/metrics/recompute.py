"""Values recomputed from evidence, and the sums that a store leaves to be added up here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query import BoundQuery
from ecosystem.query.provenance import evidence
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import Binary, Call, Expression, Item, Literal, Minus, Parameter
from ecosystem.store import GraphStore

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


_ARITHMETIC: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
}
Parameters = Mapping[str, object]


def aggregate(call: Call, argument: pa.ChunkedArray | None, groups: Codes, count: int) -> Floats:
    """One aggregate per group, shape (count,); `groups` codes each row, shape (rows,). A mean of nothing is NaN.

    Sums of floats are `math.fsum` (Shewchuk 1997) and NaN where a value is not finite; sums of integers are exact up to
    2**53.
    """
    if argument is None:
        return np.bincount(groups, minlength=count).astype(np.float64)
    present = pc.is_valid(argument).to_numpy()
    kept = groups[present]
    if call.function == "count" and not call.distinct:
        return np.bincount(kept, minlength=count).astype(np.float64)
    if call.function == "count":
        values = value_codes(argument)[present]
        pairs = np.unique(np.stack([kept, values], axis=1), axis=0)
        return np.bincount(pairs[:, 0], minlength=count).astype(np.float64)
    numbers = argument.filter(pc.is_valid(argument)).to_numpy()
    totals = _sums(numbers, kept, count)
    if call.function == "sum":
        return totals
    sizes = np.bincount(kept, minlength=count)
    means: Floats = np.divide(totals, sizes, out=np.full(count, np.nan), where=sizes > 0)
    return means


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
            case Call():
                return values[node]
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


def totals(store: GraphStore, query: BoundQuery, parameters: Parameters) -> pa.Table:
    """The rows of a query that groups by region: `region` and a column per aggregate, the same digits on every store.

    A store whose sums are not exact is asked for the arguments where floats are added, equal ones counted.
    """
    if store.exact_sums or not _adds_floats(query):
        return store.query(query, parameters).read_all()
    matches = evidence(query)
    given = (item for item in matches.query.items if not item.alias.startswith(("node_", "link_")))
    counted = matches.returning((*given, Item(Call("count", ()), "times")))
    rows = store.query(counted, parameters).read_all()
    return add_up(query, rows.take(np.repeat(np.arange(rows.num_rows), rows["times"].to_numpy())), parameters)


def _adds_floats(query: BoundQuery) -> bool:
    sums = (call for call in query.aggregates if call.function in ("sum", "avg"))
    return any(query.type_of(call.arguments[0]) == "float" for call in sums)


def add_up(query: BoundQuery, rows: pa.Table, parameters: Parameters) -> pa.Table:
    """The rows of a query from its matches: `region`, sorted, and float64 columns, NaN for a mean of nothing.

    `rows` has the column `region` and `arg<i>` for each aggregate with an argument.
    """
    regions = sorted(pc.unique(rows["region"]).to_pylist())
    groups = pc.index_in(rows["region"], pa.array(regions, pa.string())).to_numpy().astype(np.int64)
    found = {
        call: aggregate(call, rows[f"arg{number}"] if call.arguments else None, groups, len(regions))
        for number, call in enumerate(query.aggregates)
    }
    columns = {
        item.alias: evaluate(item.expression, found, parameters, len(regions))
        for item in query.query.items
        if aggregates(item.expression)
    }
    return pa.table({"region": pa.array(regions, pa.string()), **columns})
