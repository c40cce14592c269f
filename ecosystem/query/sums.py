"""SQL for sums of floats that have the same digits on every run, however many threads add them up."""

from __future__ import annotations

import math
from collections.abc import Sequence

Range = tuple[float, float]
"""The smallest non-zero and the largest absolute value of a column."""

_SUM_BITS = 90
"""A float sum is exact in 128-bit integers: values below 2**90 leave room for 2**36 rows."""
_SPREAD_BITS = 37
"""How far the smallest value may lie below the largest, so that none of its 53 bits is lost."""


def float_sum(text: str, ranges: Sequence[Range | None]) -> str:
    """The sum of a float expression whose values lie in these ranges, NULL of nothing.

    Where all ranges are known and near enough to each other it is exact and rounded once, as `math.fsum` does it. Else
    the values are added in their order with a compensated sum (Kahan 1965): to 1e-12 of the sum of their sizes.
    """
    scale = _scale(ranges)
    if scale is None:
        # a compensated sum makes NaN of an infinity
        return f"(CASE WHEN isfinite(sum({text})) THEN fsum({text} ORDER BY {text}) ELSE sum({text}) END)"
    factor = f"CAST('{scale!r}' AS DOUBLE)"
    whole = f"sum(CAST({text} * {factor} AS HUGEINT))"
    # through text, because the engine rounds twice from 128 bits to a double
    return f"(CAST(CAST({whole} AS VARCHAR) AS DOUBLE) / {factor})"


def _scale(ranges: Sequence[Range | None]) -> float | None:
    """The power of two that makes each value an integer below 2**90; None where none does."""
    known = [each for each in ranges if each is not None]
    if len(known) < len(ranges):
        return None
    sizes = [size for each in known for size in each if size > 0]
    if not sizes:
        return 1.0
    low, high = math.frexp(min(sizes))[1], math.frexp(max(sizes))[1]
    exponent = _SUM_BITS - high
    return math.ldexp(1.0, exponent) if high - low <= _SPREAD_BITS and abs(exponent) < 1000 else None
