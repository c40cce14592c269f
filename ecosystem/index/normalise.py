"""Indicators of any unit brought onto one scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray

CONSTANT = 1e-12
"""A column whose span is at most this share of its largest size is constant: what differs is the noise of a sum."""


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """Normalised values `(..., regions, indicators)`, NaN where missing, and what they were scaled by.

    `minimum`, `maximum` and `constant` are `(..., indicators)`; the first two are NaN where all values are missing.
    """

    values: FloatArray
    minimum: FloatArray
    maximum: FloatArray
    constant: BoolArray


def minmax(values: FloatArray, directions: FloatArray, lower: float = 0.0, upper: float = 100.0) -> Scaled:
    """Every column of `(..., regions, indicators)` on `lower` .. `upper`, over the values that are present.

    score = lower + (x - min) / (max - min) * (upper - lower), and (max - x) for direction -1. The worst region gets
    `lower` and the best `upper`, both exactly. A constant column carries no order: its present values all get `lower`,
    and it is marked (OECD/JRC leaves it undefined). NaN stays NaN. Values must be finite.

    UNDP, Human Development Report, technical notes (the dimension index of the HDI); OECD/JRC (2008), Handbook on
    Constructing Composite Indicators, step 5.
    """
    # fmin and fmax pass over NaN, and give NaN, without a warning, where there is nothing else
    minimum: FloatArray = np.fmin.reduce(values, axis=-2)
    maximum: FloatArray = np.fmax.reduce(values, axis=-2)
    span = maximum - minimum
    constant = span <= CONSTANT * np.maximum(np.abs(minimum), np.abs(maximum))
    worst = np.where(directions > 0, minimum, maximum)
    # the sign of the span turns a direction of -1; a constant column divides by infinity and so scores 0
    step = np.where(constant, np.inf, span * directions)
    scaled = values - worst[..., None, :]
    scaled /= step[..., None, :]
    scaled *= upper - lower
    scaled += lower  # also makes -0.0, of the worst region under direction -1, plain 0.0
    return Scaled(scaled, minimum, maximum, constant)
