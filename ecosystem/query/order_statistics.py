"""Minimum, maximum and percentiles as places in the order of the values, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ecosystem.query.aggregates import share_of
from ecosystem.query.tree import Call

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Between:
    """A value between two of an ascending order: the places `low` and `high` from 0, and how much each counts."""

    low: Places
    high: Places
    low_weight: Floats
    high_weight: Floats

    def value(self, at_low: Floats, at_high: Floats) -> Floats:
        """The value, from those at the two places; at one place it is that one's, infinite or not."""
        with np.errstate(invalid="ignore"):
            second = np.where(self.low == self.high, 0.0, at_high * self.high_weight)
            return np.asarray(at_low * self.low_weight + second)


def places(call: Call, sizes: npt.NDArray[np.number], parameters: Mapping[str, object]) -> Between:
    """Where the aggregate lies among so many values in their order; the places of nothing are those of one.

    percentileDisc(x, p) is the value number ceil(p n), percentileCont(x, p) lies at p (n - 1) from the first (Hyndman
    and Fan 1996, definitions 1 and 7).
    """
    count = np.maximum(sizes, 1).astype(np.float64)
    match call.function:
        case "min":
            way = np.zeros(len(count))
        case "max":
            way = count - 1
        case "percentiledisc":
            way = np.maximum(np.ceil(share_of(call, parameters) * count), 1) - 1
        case _:
            way = share_of(call, parameters) * (count - 1)
    low, high = np.floor(way), np.ceil(way)
    return Between(
        low.astype(np.int64), high.astype(np.int64), np.where(low == high, 1.0, high - way), np.asarray(way - low)
    )
