"""A linear program over a matrix of scores from 0 to 1, in which a printed figure may give way at a price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Row = Sequence[Any] | NDArray[Any]
PRICE = 1e4
"""What a printed figure costs that is missed by 1, where a cell that is 1 off its wish costs some units."""

ORDER = 5.0
"""How much dearer an order is than a score: a score that gives way takes one figure along, an order two."""


@dataclass(slots=True)
class Program:
    """Rows over `size` variables between `low` and `high`; those of `whole` are multiples of a step."""

    size: int
    low: Floats
    high: Floats
    cost: Floats
    columns: list[Row] = field(default_factory=list)
    factors: list[Row] = field(default_factory=list)
    ends: list[tuple[float, float]] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    whole: dict[int, float] = field(default_factory=dict)

    def hold(self, columns: Row, factors: Row, low: float, high: float, name: str | None = None) -> None:
        """Demand that a weighted sum lies between two ends; one with a name may give way."""
        self.columns.append(columns)
        self.factors.append(factors)
        self.ends.append((low, high))
        self.names.append(name)

    def solve(self, wish: Floats, price: Floats, *, seconds: float) -> tuple[Floats, dict[str, float]]:
        """The values nearest to the wishes, and by how much each named row gave way.

        ValueError where what has no name cannot be met.
        """
        named = [row for row, name in enumerate(self.names) if name is not None]
        steps = list(self.whole.items())
        wide = self.size * 2 + len(named) * 2 + len(steps)
        rows = [np.full(len(each), row) for row, each in enumerate(self.columns)]
        entries = [(np.concatenate(rows), np.concatenate(self.columns), np.concatenate(self.factors))]
        lows, highs = map(list, zip(*self.ends, strict=True))
        slack = self.size * 2 + np.arange(len(named))
        entries.append((np.array(named, int), slack, np.ones(len(named))))
        entries.append((np.array(named, int), slack + len(named), -np.ones(len(named))))
        first = len(self.columns)
        every = np.arange(self.size)
        # the distance of each value from its wish, whichever is the larger
        for sign in (1.0, -1.0):
            entries.append((first + every, every, np.full(self.size, sign)))
            entries.append((first + every, self.size + every, np.full(self.size, -1.0)))
            lows += [-np.inf] * self.size
            highs += list(sign * wish)
            first += self.size
        count = self.size * 2 + len(named) * 2
        for number, (variable, step) in enumerate(steps):
            entries.append((np.array([first, first]), np.array([variable, count + number]), np.array([1.0, -step])))
            lows.append(0.0)
            highs.append(0.0)
            first += 1
        row, column, factor = (np.concatenate(each) for each in zip(*entries, strict=True))
        dear = np.array([PRICE * (ORDER if str(self.names[row]).startswith("order") else 1) for row in named])
        cost = np.concatenate([self.cost, price, np.tile(dear, 2), np.zeros(len(steps))])
        low = np.concatenate([self.low, np.zeros(wide - self.size)])
        high = np.concatenate([self.high, np.full(wide - self.size, np.inf)])
        whole = np.zeros(wide, np.int8)
        whole[count:] = 1
        found = milp(
            cost,
            integrality=whole,
            bounds=Bounds(low, high),
            constraints=LinearConstraint(csr_array((factor, (row, column)), shape=(first, wide)), lows, highs),
            options={"time_limit": seconds, "mip_rel_gap": 0.003},
        )
        if found.x is None:
            raise ValueError(found.message)
        gave = found.x[slack] + found.x[slack + len(named)]
        missed = {f"{self.names[row]}": float(by) for row, by in zip(named, gave, strict=True) if by > 1e-7}
        return found.x[: self.size], missed
