"""Skewness and kurtosis of the present values of every column, as spreadsheets and COINr define them."""

from __future__ import annotations

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray


def skewness(values: FloatArray) -> FloatArray:
    """The sample skewness G1 of the columns of `(..., regions, columns)`, NaN passed over.

    G1 = g1 sqrt(n (n - 1)) / (n - 2), g1 = m3 / m2^1.5 (Joanes and Gill 1998). NaN for fewer than three values, or
    where all are equal.
    """
    count, _, second, third, _ = _central(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        biased = third / second**1.5
        corrected: FloatArray = biased * np.sqrt(count * (count - 1)) / (count - 2)
    return np.where((count < 3) | (second <= 0), np.nan, corrected)


def kurtosis(values: FloatArray) -> FloatArray:
    """The excess sample kurtosis G2 of the columns of `(..., regions, columns)`, NaN passed over; 0 for a normal one.

    G2 = (n - 1) / ((n - 2) (n - 3)) ((n + 1) g2 + 6), g2 = m4 / m2^2 - 3 (Joanes and Gill 1998). NaN for fewer than
    four values, or where all are equal.
    """
    count, _, second, _, fourth = _central(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = fourth / second**2 - 3
        corrected: FloatArray = ((count + 1) * excess + 6) * (count - 1) / ((count - 2) * (count - 3))
    return np.where((count < 4) | (second <= 0), np.nan, corrected)


def passes(values: FloatArray, skew: float, kurtosis_mark: float) -> BoolArray:
    """Which columns are taken to be without outliers: |skewness| < `skew` or kurtosis < `kurtosis_mark`.

    False where one of the two is undefined.
    """
    with np.errstate(invalid="ignore"):
        calm: BoolArray = (np.abs(skewness(values)) < skew) | (kurtosis(values) < kurtosis_mark)
    return calm


def mean_and_sd(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and sample standard deviation (n - 1) of every column, NaN passed over; NaN where they are undefined."""
    count, mean, second, _, _ = _central(values, powers=(2,))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count > 0, mean, np.nan), np.where(count > 1, np.sqrt(second * count / (count - 1)), np.nan)


def _central(
    values: FloatArray, powers: tuple[int, ...] = (2, 3, 4)
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Number, mean and central moments 2, 3, 4 of the present values of every column."""
    present = ~np.isnan(values)
    count = present.sum(axis=-2).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values, 0.0).sum(axis=-2) / count
        off = np.where(present, values - mean[..., None, :], 0.0)
        # products: a power of an array is ten times slower
        square = off * off
        moments = {2: square, 3: square * off if 3 in powers else off, 4: square * square if 4 in powers else off}
        second, third, fourth = (moments[power].sum(axis=-2) / count for power in (2, 3, 4))
    return count, mean, second, third, fourth
