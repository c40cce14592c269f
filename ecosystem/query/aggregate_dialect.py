"""Whatever SQL engines write in different words of sums, and of values in their order: one protocol, and DuckDB's.

Every text that a method takes is SQL that may stand as an operand, and so is every text that it gives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Range = tuple[float, float]
"""The smallest non-zero and the largest absolute value of a column."""


class AggregateDialect(Protocol):
    """How an engine writes sums, percentiles and deviations, which are the same digits on every run."""

    def integer_sum(self, text: str, *, distinct: bool = False) -> str:
        """The exact sum of integers, as a 64-bit integer; null of nothing."""

    def float_sum(self, text: str, ranges: Sequence[Range | None], *, distinct: bool = False) -> str:
        """The sum of floats that lie in these ranges (None: not known), the same digits on every run; null of nothing.

        Where all ranges are known and near enough to each other it is exact and rounded once, as `math.fsum` does it.
        """

    def sorted_values(self, text: str, *, distinct: bool, may_be_nan: bool) -> str:
        """A list of the values of a group that are not null, ascending, not-a-number last; null or empty of nothing.

        Of equal ones with `distinct` one, but every not-a-number.
        """

    def value_at(self, ordered: str, share: str, count: str) -> str:
        """Of `count` values in their order the first that a share of them does not exceed; null of nothing."""

    def value_between(self, ordered: str, share: str, count: str) -> str:
        """Where a share of the way from the first to the last of `count` floats lies, between the two next to it."""

    def deviation(self, ordered: str, *, of_sample: bool) -> str:
        """The standard deviation of floats in their order, over n - 1 of a sample or over n; 0 of one, null of nothing.

        From sums of their differences from the one in the middle, which lies no farther from the mean than the standard
        deviation: so nothing cancels (Chan, Golub and LeVeque 1983, shifted data). Added in their order.
        """


def exact_scale(ranges: Sequence[Range | None], bits: int, spread: int) -> float | None:
    """The power of two that makes every value an integer below `2**bits`; None where none does.

    `spread` is how many bits the smallest value may lie below the largest, so that none of its 53 bits is lost.
    """
    known = [each for each in ranges if each is not None]
    if len(known) < len(ranges):
        return None
    sizes = [size for each in known for size in each if size > 0]
    if not sizes:
        return 1.0
    low, high = math.frexp(min(sizes))[1], math.frexp(max(sizes))[1]
    exponent = bits - high
    return math.ldexp(1.0, exponent) if high - low <= spread and abs(exponent) < 1000 else None


@dataclass(frozen=True, slots=True)
class DuckDBAggregates:
    """DuckDB 1.5."""

    def integer_sum(self, text: str, *, distinct: bool = False) -> str:
        """Cast back: the engine adds up in 128 bits."""
        return f"CAST(sum({_once(distinct)}{text}) AS BIGINT)"

    def float_sum(self, text: str, ranges: Sequence[Range | None], *, distinct: bool = False) -> str:
        """As integers of 128 bits where the ranges allow; else in their order with a compensated sum (Kahan 1965).

        The second is right to 1e-12 of the sum of their sizes.
        """
        text, once = f"CAST({text} AS DOUBLE)", _once(distinct)
        # values below 2**90 leave room for 2**36 rows; 90 - 53 bits are left for smaller values
        scale = exact_scale(ranges, bits=90, spread=37)
        if scale is None:
            # a compensated sum makes NaN of an infinity
            total, found = f"sum({once}{text})", f"fsum({text} ORDER BY {text})"
            if distinct:
                # what may fail is to the engine another value in ORDER BY than behind DISTINCT
                found = f"list_aggregate(list_sort(list(DISTINCT {text})), 'fsum')"
            return f"(CASE WHEN isfinite({total}) THEN {found} ELSE {total} END)"
        factor = f"CAST('{scale!r}' AS DOUBLE)"
        whole = f"sum({once}CAST({text} * {factor} AS HUGEINT))"
        # through text, because the engine rounds twice from 128 bits to a double
        return f"(CAST(CAST({whole} AS VARCHAR) AS DOUBLE) / {factor})"

    def sorted_values(self, text: str, *, distinct: bool, may_be_nan: bool) -> str:
        """Collected, then sorted; a list of this engine would hold nulls, and one not-a-number for all."""
        if not (distinct and may_be_nan):
            return f"list_sort(list({_once(distinct)}{text}) FILTER (WHERE {text} IS NOT NULL))"
        undefined = f"isnan({text})"
        numbers = f"list(DISTINCT {text}) FILTER (WHERE NOT {undefined})"
        # two lists that are null would be an empty one
        return f"nullif(list_sort(list_concat({numbers}, list({text}) FILTER (WHERE {undefined}))), [])"

    def value_at(self, ordered: str, share: str, count: str) -> str:
        """An element, which are counted from 1."""
        return f"{ordered}[CAST(greatest(ceil({share} * {count}), 1) AS BIGINT)]"

    def value_between(self, ordered: str, share: str, count: str) -> str:
        """A slice of one or two elements. No CASE round the list: what stands in it the engine computes each time."""
        way = f"({share} * ({count} - 1))"
        low, high = f"floor({way})", f"ceil({way})"
        pair = f"list_resize(list_slice({ordered}, CAST({low} AS BIGINT) + 1, CAST({high} AS BIGINT) + 1), 2, 0.0)"
        weight = f"(CASE WHEN {low} = {high} THEN CAST(1 AS DOUBLE) ELSE {high} - {way} END)"
        return f"({pair}[1] * {weight} + {pair}[2] * ({way} - {low}))"

    def deviation(self, ordered: str, *, of_sample: bool) -> str:
        """Functions of lists, each list bound once: what stands inside a function is else computed for each element."""
        middle = f"{ordered}[(len({ordered}) + 1) // 2]"
        difference = "value - given.middle"
        sums = (
            f"{{'count': len(given.ordered),"
            f" 'first': list_sum(list_transform(given.ordered, lambda value: {difference})),"
            f" 'second': list_sum(list_transform(given.ordered, lambda value: ({difference}) * ({difference})))}}"
        )
        found = f"list_transform([{{'ordered': {ordered}, 'middle': {middle}}}], lambda given: {sums})"
        square = "greatest(sums.second - sums.first * sums.first / sums.count, 0)"
        result = (
            "CASE WHEN sums.count = 1 THEN CAST(0 AS DOUBLE)"
            f" WHEN sums.count > 1 THEN sqrt({square} / (sums.count{' - 1' if of_sample else ''})) END"
        )
        return f"list_transform({found}, lambda sums: {result})[1]"


def _once(distinct: bool) -> str:
    return "DISTINCT " if distinct else ""
