"""Values recomputed from evidence: the aggregates of the RETURN, over arrays, grouped by region."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.query.tree import Binary, Call, Expression, Literal, Minus, Parameter

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


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
    """The distinct values of a column as integers from 0, -1 where it is null, shape (rows,)."""
    encoded = values.combine_chunks().dictionary_encode() if isinstance(values, pa.ChunkedArray) else values
    codes: Codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
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


_ARITHMETIC: Mapping[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
