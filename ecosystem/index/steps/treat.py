"""Outliers treated: columns that fail a test of skewness and kurtosis, winsorised or transformed, with a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.rules import LogForm, Treatment

Codes: TypeAlias = npt.NDArray[np.int8]
UNTOUCHED, WINSORISED_HIGH, WINSORISED_LOW, LOGARITHM, BOX_COX = range(5)
WORDS = ("", "winsorised from above", "winsorised from below", "logarithm", "Box-Cox")


@dataclass(frozen=True, slots=True, eq=False)
class Treated:
    """Values `(..., regions, columns)` after treatment, and what was done to them.

    `points` holds for every value one of the codes of this module. Per column `(..., columns)`: `failed` the test
    before (skewness and kurtosis too far out), `passed` it in the end, `stuck`: failed, and nothing could be done
    without making the column constant; and the skewness and kurtosis `before` and `after`.
    """

    values: FloatArray
    points: Codes
    failed: BoolArray
    passed: BoolArray
    stuck: BoolArray
    before: tuple[FloatArray, FloatArray]
    after: tuple[FloatArray, FloatArray]


def treat(values: FloatArray, rule: Treatment) -> Treated:
    """The columns of `(..., regions, columns)` that fail the test, treated as `rule` says; the others as they are.

    A column passes when |skewness| < `rule.skew` or kurtosis < `rule.kurtosis` (OECD/JRC 2008; COINr `check_SkewKurt`);
    one whose moments are undefined (fewer than four values, or constant) is left alone. `winsorise_log` takes the
    logarithm of the *original* column where winsorising is not enough, and keeps it, as COINr `Treat` does. Every
    transformation rises with the values, so a direction means afterwards what it meant before.
    """
    defined = ~np.isnan(kurtosis(values))
    failed = defined & ~passes(values, rule.skew, rule.kurtosis)
    result, points, stuck = values.copy(), np.zeros(values.shape, np.int8), np.zeros(failed.shape, np.bool_)
    if rule.method in {"winsorise", "winsorise_log"}:
        for at in map(tuple, np.argwhere(failed)):
            column, codes, done = winsorise(values[_column(at)], rule.points, rule.skew, rule.kurtosis)
            result[_column(at)], points[_column(at)], stuck[at] = column, codes, not done
    open_still = failed & ~stuck & ~passes(result, rule.skew, rule.kurtosis)
    if rule.method == "log" or (rule.method == "winsorise_log" and open_still.any()):
        chosen = failed if rule.method == "log" else open_still
        result = np.where(chosen[..., None, :], logarithm(values, rule.log), result)
        points = np.where(chosen[..., None, :] & ~np.isnan(values), LOGARITHM, points * ~chosen[..., None, :])
    if rule.method == "boxcox":
        for at in map(tuple, np.argwhere(failed)):
            result[_column(at)] = box_cox(values[_column(at)], rule.power)
            points[_column(at)] = np.where(np.isnan(values[_column(at)]), UNTOUCHED, BOX_COX)
    after = (skewness(result), kurtosis(result))
    passed = defined & ~stuck & passes(result, rule.skew, rule.kurtosis)
    before = (skewness(values), kurtosis(values))
    return Treated(result, points.astype(np.int8), failed, passed, stuck, before, after)


def winsorise(
    column: FloatArray, most: int = 5, skew: float = 2.0, kurtosis_mark: float = 3.5
) -> tuple[FloatArray, Codes, bool]:
    """A column `(regions,)` winsorised until it passes the test or `most` points have moved; codes; success.

    Step by step the highest values (skewness at least 0) or the lowest take the next value inside; values that stand
    together move together, so `most` may be passed in the last step. A column that would become constant is returned
    untouched, with False: COINr `winsorise` fails there. Otherwise equal to it.
    """
    moved, high, low = column.copy(), np.zeros(0, np.int64), np.zeros(0, np.int64)
    while len(high) + len(low) < most and not passes(moved[:, None], skew, kurtosis_mark)[0]:
        top = bool(skewness(moved[:, None])[0] >= 0)
        extreme = np.nanmax(moved) if top else np.nanmin(moved)
        places = np.flatnonzero(moved == extreme)
        rest = np.delete(moved, places)
        inside = np.nanmax(rest) if top else np.nanmin(rest)
        moved[places] = inside
        high, low = (places, low) if top else (high, places)
        if np.nanmax(moved) == np.nanmin(moved):
            return column, np.zeros(column.shape, np.int8), False
    codes = np.zeros(column.shape, np.int8)
    codes[high], codes[low] = WINSORISED_HIGH, WINSORISED_LOW
    return moved, codes, True


def logarithm(values: FloatArray, form: LogForm = "ct") -> FloatArray:
    """The logarithm of every column of `(..., regions, columns)`, shifted so that it exists for any values.

    With m the least and M the greatest present value: `ct` log(x - m + (M - m) / 100), the COIN Tool's; `gii` log((M -
    1) (x - m) / (M - m) + 1), the Global Innovation Index's, for M > 1; `plain` log(x - m + 1). NaN throughout where it
    is undefined (a constant column under `ct` and `gii`). COINr's `log_GII` returns its input unchanged; this is the
    formula of its documentation.
    """
    least, most = np.fmin.reduce(values, axis=-2)[..., None, :], np.fmax.reduce(values, axis=-2)[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        if form == "ct":
            inside = values - least + (most - least) / 100
        elif form == "gii":
            inside = (most - 1) * (values - least) / (most - least) + 1
        else:
            inside = values - least + 1
        logs: FloatArray = np.log(np.where(inside > 0, inside, np.nan))
    return logs


def box_cox(column: FloatArray, power: float | None = None) -> FloatArray:
    """A column `(regions,)` moved to begin at 1, then (x^power - 1) / power, or log x where `power` is 0.

    Without a power the likeliest one is taken (Box and Cox 1964, by scipy). COINr `boxcox` with `makepos`.
    """
    from scipy import stats  # half a second to import, and few indices need it

    positive = column - np.nanmin(column) + 1
    known = ~np.isnan(positive)
    chosen = float(stats.boxcox_normmax(positive[known], method="mle")) if power is None else power
    transformed: FloatArray = np.log(positive) if chosen == 0 else (positive**chosen - 1) / chosen
    return transformed


def _column(at: tuple[int, ...]) -> tuple[int | slice, ...]:
    """The place of a column `(..., columns)` among the values `(..., regions, columns)`."""
    return (*at[:-1], slice(None), at[-1])


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
