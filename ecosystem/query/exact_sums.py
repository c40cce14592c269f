"""Whether a sum of floats can be exact: as a sum of integers, of which each float is made by one power of two."""

from __future__ import annotations

import math
from collections.abc import Sequence

Range = tuple[float, float]
"""The smallest non-zero and the largest absolute value of a column."""


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
