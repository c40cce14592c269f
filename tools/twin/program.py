"""A mixed-integer program written down piece by piece, and its solution by HiGHS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Linear:
    """A weighted sum of variables (by their number) plus a constant."""

    terms: Mapping[int, float] = field(default_factory=dict)
    constant: float = 0.0

    def __add__(self, other: Linear | float) -> Linear:
        if not isinstance(other, Linear):
            return Linear(self.terms, self.constant + other)
        terms = dict(self.terms)
        for variable, factor in other.terms.items():
            terms[variable] = terms.get(variable, 0.0) + factor
        return Linear(terms, self.constant + other.constant)

    def __mul__(self, factor: float) -> Linear:
        return Linear({variable: factor * each for variable, each in self.terms.items()}, factor * self.constant)

    def __sub__(self, other: Linear | float) -> Linear:
        return self + other * -1


def total(parts: Iterable[Linear]) -> Linear:
    """The sum of the parts."""
    terms: dict[int, float] = {}
    constant = 0.0
    for part in parts:
        constant += part.constant
        for variable, factor in part.terms.items():
            terms[variable] = terms.get(variable, 0.0) + factor
    return Linear(terms, constant)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """The values that the variables take."""

    values: NDArray[np.float64]

    def __call__(self, what: Linear) -> float:
        """The value of an expression."""
        return what.constant + sum(factor * float(self.values[each]) for each, factor in what.terms.items())


class Program:
    """Variables, what must hold between them, and what is to be small."""

    def __init__(self) -> None:
        self._bounds: list[tuple[float, float]] = []
        self._integer: list[bool] = []
        self._rows: list[tuple[Linear, float, float]] = []
        self._cost: dict[int, float] = {}

    def variable(self, low: float, high: float, *, integer: bool = False) -> Linear:
        """A new variable between two bounds."""
        self._bounds.append((low, high))
        self._integer.append(integer)
        return Linear({len(self._bounds) - 1: 1.0})

    def hold(self, what: Linear, *, low: float = -INFINITE, high: float = INFINITE) -> None:
        """Demand that `what` lies between the bounds."""
        self._rows.append((what, low - what.constant, high - what.constant))

    def draw(self, what: Linear, to: float, *, weight: float) -> None:
        """Make the distance of `what` from a number cost `weight` per unit."""
        distance = self.variable(0, INFINITE)
        self.hold(distance - what, low=-to)
        self.hold(distance + what, low=to)
        (variable,) = distance.terms
        self._cost[variable] = weight

    def solve(self, *, seconds: float, gap: float = 0.02) -> Solution | None:
        """The best solution within the gap or the time; None where there is none, or none was found in time."""
        lows, highs = np.array(self._bounds).T
        cost = np.zeros(len(self._bounds))
        for variable, weight in self._cost.items():
            cost[variable] = weight
        found = milp(
            cost,
            integrality=np.array(self._integer, dtype=np.int8),
            bounds=Bounds(lows, highs),
            constraints=self._constraints(),
            options={"time_limit": seconds, "mip_rel_gap": gap},
        )
        if found.x is None:
            return None
        values = np.where(self._integer, np.rint(found.x), found.x)
        return Solution(values)

    def _constraints(self) -> LinearConstraint:
        rows = [number for number, (what, _, _) in enumerate(self._rows) for _ in what.terms]
        columns = [variable for what, _, _ in self._rows for variable in what.terms]
        factors = [factor for what, _, _ in self._rows for factor in what.terms.values()]
        matrix = csr_array((factors, (rows, columns)), shape=(len(self._rows), len(self._bounds)))
        return LinearConstraint(matrix, [low for _, low, _ in self._rows], [high for _, _, high in self._rows])
