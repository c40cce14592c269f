"""The lowest and the highest score that a step can give, whatever the values are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Aggregation

Range: TypeAlias = tuple[float, float]
"""The lowest and the highest score, both included; infinite where there is no bound."""

UNBOUNDED: Range = (-math.inf, math.inf)

PartsReach: TypeAlias = Callable[[Sequence[Range], FloatArray, bool, Aggregation], Range]
"""The range of a parent from those of its parts, their weights, whether these are sure to count as they are, and the
rule. They are not where the data give them, or where a part that is missing leaves its weight to the others."""


def hull(parts: Sequence[Range]) -> Range:
    """The range that holds all of these."""
    return min(low for low, _ in parts), max(high for _, high in parts)


def with_zero(part: Range) -> Range:
    """The range with the score 0 in it."""
    return min(part[0], 0.0), max(part[1], 0.0)


def times(part: Range, factor: float) -> Range:
    """The range of a score times a number from 0 up; what is multiplied by 0 is 0, whatever it was."""
    return (part[0] * factor, part[1] * factor) if factor > 0 else (0.0, 0.0)


def added(parts: Sequence[Range]) -> Range:
    """The range of a sum."""
    return math.fsum(low for low, _ in parts), math.fsum(high for _, high in parts)


def anywhere(parts: Sequence[Range], weights: FloatArray, sure: bool, rule: Aggregation) -> Range:
    """No bound."""
    return UNBOUNDED


def between(parts: Sequence[Range], weights: FloatArray, sure: bool, rule: Aggregation) -> Range:
    """A mean, or the middle part: never outside its parts."""
    return hull(parts)


def of_mean(parts: Sequence[Range], weights: FloatArray, sure: bool, rule: Aggregation) -> Range:
    """An arithmetic mean."""
    whole = float(weights.sum())
    if not sure or not whole > 0:
        return hull(parts)
    return added([times(part, float(weight) / whole) for part, weight in zip(parts, weights, strict=True)])


def of_sum(parts: Sequence[Range], weights: FloatArray, sure: bool, rule: Aggregation) -> Range:
    """A weighted sum; where weights are not sure it is the weight of all, at most, times a part."""
    if not sure:
        return with_zero(times(hull(parts), max(float(weights.sum()), 1.0)))
    return added([times(part, float(weight)) for part, weight in zip(parts, weights, strict=True)])


def of_distances(parts: Sequence[Range], weights: FloatArray, sure: bool, rule: Aggregation) -> Range:
    """A share of the way from the worst to the best."""
    return 0.0, 1.0


def of_flows(parts: Sequence[Range], weights: FloatArray, sure: bool, rule: Aggregation) -> Range:
    """A mean of preferences from 0 to 1, less another one."""
    return -1.0, 1.0


def of_penalty(parts: Sequence[Range], weights: FloatArray, sure: bool, rule: Aggregation) -> Range:
    """A mean above 0, and a penalty on one side of it that has no bound of its own."""
    low, high = hull(parts)
    return (-math.inf, high) if rule.penalty < 0 else (low, math.inf)
