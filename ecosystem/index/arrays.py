"""Arrays with gaps: their types, and the statistics of their columns; NaN is a missing value and is passed over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int64]

CONSTANT = 1e-12
"""A column whose span is at most this share of its largest size is constant: what differs is the noise of a sum."""


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Least and greatest present value of every column `(..., indicators)`, and which columns have but one value."""

    minimum: FloatArray
    maximum: FloatArray
    constant: BoolArray


def span_of(values: FloatArray) -> Span:
    """The span of the present values of every column of `(..., regions, indicators)`."""
    # fmin and fmax pass over NaN, and give NaN, without a warning, where there is nothing else
    minimum: FloatArray = np.fmin.reduce(values, axis=-2)
    maximum: FloatArray = np.fmax.reduce(values, axis=-2)
    constant = maximum - minimum <= CONSTANT * np.maximum(np.abs(minimum), np.abs(maximum))
    return Span(minimum, maximum, constant)


def median_of_present(values: FloatArray, axis: int) -> FloatArray:
    """The median of the values that are not NaN along an axis; NaN, without a warning, where there is none."""
    ordered = np.sort(values, axis=axis)  # NaN stands last
    count = (~np.isnan(values)).sum(axis=axis, keepdims=True)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, values.shape[axis] - 1)
    pair = np.take_along_axis(ordered, low, axis=axis) + np.take_along_axis(ordered, high, axis=axis)
    middle: FloatArray = (pair / 2).squeeze(axis)
    return middle


def mean_and_sd(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and sample standard deviation (n - 1) of every column; NaN where they are undefined."""
    count, mean, second, _, _, power = _central(values, powers=(2,))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.ldexp(np.sqrt(second * count / (count - 1)), power)
        return np.where(count > 0, mean, np.nan), np.where(count > 1, spread, np.nan)


def skewness(values: FloatArray) -> FloatArray:
    """The sample skewness G1 of the columns of `(..., regions, columns)`.

    G1 = g1 sqrt(n (n - 1)) / (n - 2), g1 = m3 / m2^1.5 (Joanes and Gill 1998). NaN for fewer than three values, or
    where all are equal.
    """
    count, _, second, third, _, _ = _central(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        biased = third / second**1.5
        corrected: FloatArray = biased * np.sqrt(count * (count - 1)) / (count - 2)
    return np.where((count < 3) | (second <= 0), np.nan, corrected)


def kurtosis(values: FloatArray) -> FloatArray:
    """The excess sample kurtosis G2 of the columns of `(..., regions, columns)`; 0 for a normal distribution.

    G2 = (n - 1) / ((n - 2) (n - 3)) ((n + 1) g2 + 6), g2 = m4 / m2^2 - 3 (Joanes and Gill 1998). NaN for fewer than
    four values, or where all are equal.
    """
    count, _, second, _, fourth, _ = _central(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = fourth / second**2 - 3
        corrected: FloatArray = ((count + 1) * excess + 6) * (count - 1) / ((count - 2) * (count - 3))
    return np.where((count < 4) | (second <= 0), np.nan, corrected)


def correlations(values: FloatArray) -> FloatArray:
    """Pearson's r of every two columns of `(..., regions, columns)`, over the regions that have both.

    NaN for a constant column, also with itself; 1 on the diagonal elsewhere.
    """
    present = (~np.isnan(values)).astype(np.float64)
    centred = values - _mean_of_present(values)[..., None, :]
    x = _near_one(np.where(present > 0, centred, 0.0))[0]
    across = np.swapaxes(present, -1, -2)
    with np.errstate(divide="ignore", invalid="ignore"):
        count = across @ present
        first = np.swapaxes(x, -1, -2) @ present / count
        second = np.swapaxes(first, -1, -2)
        covariance = np.swapaxes(x, -1, -2) @ x / count - first * second
        square = np.swapaxes(x * x, -1, -2) @ present / count - first**2
        r = covariance / np.sqrt(square * np.swapaxes(square, -1, -2))
    flat = span_of(values).constant
    r = np.where(flat[..., :, None] | flat[..., None, :] | ~np.isfinite(r), np.nan, np.clip(r, -1.0, 1.0))
    diagonal = np.arange(values.shape[-1])
    r[..., diagonal, diagonal] = np.where(np.isnan(r[..., diagonal, diagonal]), np.nan, 1.0)
    return r


def _mean_of_present(values: FloatArray) -> FloatArray:
    present = ~np.isnan(values)
    mean: FloatArray = np.where(present, values, 0.0).sum(axis=-2) / np.maximum(present.sum(axis=-2), 1)
    return mean


def _near_one(off: FloatArray) -> tuple[FloatArray, IntArray]:
    """Every column over a power of two that brings its largest size near 1, and that power `(..., columns)`.

    No digit changes, and squares neither overflow nor vanish: those of 1e154 and of 1e-162 would.
    """
    power = np.frexp(np.abs(off).max(axis=-2, initial=0.0))[1]
    return np.ldexp(off, -power[..., None, :]), power


def _central(
    values: FloatArray, powers: tuple[int, ...] = (2, 3, 4)
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, IntArray]:
    """Number, mean and central moments 2, 3, 4 of the present values of every column.

    The moments are those of the values over 2 ** power, the last of the six, `(..., columns)`.
    """
    present = ~np.isnan(values)
    count = present.sum(axis=-2).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values, 0.0).sum(axis=-2) / count
        off, power = _near_one(np.where(present, values - mean[..., None, :], 0.0))
        # products: a power of an array is ten times slower
        square = off * off
        moments = {2: square, 3: square * off if 3 in powers else off, 4: square * square if 4 in powers else off}
        second, third, fourth = (moments[power].sum(axis=-2) / count for power in (2, 3, 4))
    return count, mean, second, third, fourth, power
