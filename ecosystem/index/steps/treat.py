"""Outliers treated: columns that fail a test of skewness and kurtosis, winsorised or transformed, with a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ecosystem.index.arrays import BoolArray, FloatArray, kurtosis, skewness, span_of
from ecosystem.index.method import Key, Method, Methods, table_of
from ecosystem.index.rules import LogForm, Treatment, places_by_rule
from ecosystem.messages import tr, tr_later

Codes: TypeAlias = npt.NDArray[np.int8]
UNTOUCHED, WINSORISED_HIGH, WINSORISED_LOW, LOGARITHM, BOX_COX = range(5)
WORDS = (
    "",
    tr_later("winsorised from above"),
    tr_later("winsorised from below"),
    tr_later("logarithm"),
    tr_later("Box-Cox"),
)
"""What was done to a value, by its code."""


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
    transformation rises with the values, so a direction means afterwards what it meant before. With `rule.force` every
    column is treated that has two different values.
    """
    method = TREATMENTS.find(rule.method)
    before = (skewness(values), kurtosis(values))
    defined = ~np.isnan(before[1])
    failed = defined & ~passes(values, rule.skew, rule.kurtosis)
    # a column without two different values has nothing that could be treated
    chosen = failed | ~span_of(values).constant & ~np.isnan(span_of(values).minimum) if rule.force else failed
    result, points, stuck = method.function(values, chosen, rule)
    after = (skewness(result), kurtosis(result))
    passed = defined & ~stuck & passes(result, rule.skew, rule.kurtosis)
    return Treated(result, points.astype(np.int8), failed, passed, stuck, before, after)


def treat_columns(values: FloatArray, rules: Sequence[Treatment]) -> Treated:
    """The columns of `(..., regions, columns)` treated each by its rule, as `treat` does by one."""
    if len(set(rules)) == 1:
        return treat(values, rules[0])
    parts = {tuple(places): treat(values[..., places], rule) for rule, places in places_by_rule(rules).items()}
    order = np.argsort([place for places in parts for place in places])

    def whole(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts.values()], axis=-1)[..., order]

    def moments(name: str) -> tuple[FloatArray, FloatArray]:
        first, second = zip(*(getattr(part, name) for part in parts.values()), strict=True)
        return np.concatenate(first, axis=-1)[..., order], np.concatenate(second, axis=-1)[..., order]

    flags = (whole("failed"), whole("passed"), whole("stuck"))
    return Treated(whole("values"), whole("points"), *flags, moments("before"), moments("after"))


Outcome: TypeAlias = tuple[FloatArray, Codes, BoolArray]
"""Values `(..., regions, columns)`, a code for each of them, and the columns `(..., columns)` that are stuck."""


def _untouched(values: FloatArray, failed: BoolArray, rule: Treatment) -> Outcome:
    return values.copy(), np.zeros(values.shape, np.int8), np.zeros(failed.shape, np.bool_)


def _winsorised(values: FloatArray, failed: BoolArray, rule: Treatment) -> Outcome:
    result, points, stuck = _untouched(values, failed, rule)
    for at in map(tuple, np.argwhere(failed)):
        column, codes, done = winsorise(values[_column(at)], rule.points, rule.skew, rule.kurtosis, force=rule.force)
        result[_column(at)], points[_column(at)], stuck[at] = column, codes, not done
    return result, points, stuck


def _logged(values: FloatArray, failed: BoolArray, rule: Treatment) -> Outcome:
    chosen = failed[..., None, :]
    points = np.where(chosen & ~np.isnan(values), LOGARITHM, UNTOUCHED).astype(np.int8)
    return np.where(chosen, logarithm(values, rule.log), values), points, np.zeros(failed.shape, np.bool_)


def _winsorised_or_logged(values: FloatArray, failed: BoolArray, rule: Treatment) -> Outcome:
    result, points, stuck = _winsorised(values, failed, rule)
    open_still = failed & ~stuck & ~passes(result, rule.skew, rule.kurtosis)
    if not open_still.any():
        return result, points, stuck
    logged, codes, _ = _logged(values, open_still, rule)
    chosen = open_still[..., None, :]
    return np.where(chosen, logged, result), np.where(chosen, codes, points), stuck


def _box_coxed(values: FloatArray, failed: BoolArray, rule: Treatment) -> Outcome:
    result, points, stuck = _untouched(values, failed, rule)
    for at in map(tuple, np.argwhere(failed)):
        result[_column(at)] = box_cox(values[_column(at)], rule.power)
        points[_column(at)] = np.where(np.isnan(values[_column(at)]), UNTOUCHED, BOX_COX)
    return result, points, stuck


def winsorise(
    column: FloatArray, most: int = 5, skew: float = 2.0, kurtosis_mark: float = 3.5, *, force: bool = False
) -> tuple[FloatArray, Codes, bool]:
    """A column `(regions,)` winsorised until it passes the test or `most` points have moved; codes; success.

    Step by step the highest values (skewness at least 0) or the lowest take the next value inside; values that stand
    together move together, so `most` may be passed in the last step. A column that would become constant is returned
    untouched, with False: COINr `winsorise` fails there. Otherwise equal to it. `force` moves `most` points whether
    the column passes or not, as its `force_win`.
    """
    moved, high, low = column.copy(), np.zeros(0, np.int64), np.zeros(0, np.int64)
    while len(high) + len(low) < most and (force or not passes(moved[:, None], skew, kurtosis_mark)[0]):
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


LOG_FORMS: Mapping[LogForm, Callable[[FloatArray, FloatArray, FloatArray], FloatArray]] = {
    "ct": lambda x, least, most: x - least + (most - least) / 100,
    "gii": lambda x, least, most: (most - 1) * ((x - least) / (most - least)) + 1,
    "plain": lambda x, least, most: x - least + 1,
}
"""What the logarithm is taken of, by the form of `log`."""


def logarithm(values: FloatArray, form: LogForm = "ct") -> FloatArray:
    """The logarithm of every column of `(..., regions, columns)`, shifted so that it exists for any values.

    With m the least and M the greatest present value: `ct` log(x - m + (M - m) / 100), the COIN Tool's; `gii` log((M -
    1) (x - m) / (M - m) + 1), the Global Innovation Index's, for M > 1; `plain` log(x - m + 1). NaN throughout where it
    is undefined (a constant column under `ct` and `gii`). COINr's `log_GII` returns its input unchanged; this is the
    formula of its documentation.
    """
    least, most = np.fmin.reduce(values, axis=-2)[..., None, :], np.fmax.reduce(values, axis=-2)[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = LOG_FORMS[form](values, least, most)
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


def passes(values: FloatArray, skew: float, kurtosis_mark: float) -> BoolArray:
    """Which columns are taken to be without outliers: |skewness| < `skew` or kurtosis < `kurtosis_mark`.

    False where one of the two is undefined.
    """
    with np.errstate(invalid="ignore"):
        calm: BoolArray = (np.abs(skewness(values)) < skew) | (kurtosis(values) < kurtosis_mark)
    return calm


Treat: TypeAlias = Callable[[FloatArray, BoolArray, Treatment], Outcome]
"""What becomes of values `(..., regions, columns)` whose columns `(..., columns)` have failed the test."""

TREATMENTS: Methods[Method[Treat]] = table_of(
    "treatment",
    [
        Method("none", _untouched, "不处理", "values stay as they are"),
        Method(
            "winsorise", _winsorised, "缩尾",
            "the highest (lowest) values take the next one inside, until the column passes or `points` have moved",
            ("points", "years", "force"), "the column would become constant: it stays as it is, marked", "winsorise",
        ),
        Method(
            "log", _logged, "取对数",
            "`ct` log(x - m + (M - m) / 100); `gii` log((M - 1)(x - m) / (M - m) + 1); `plain` log(x - m + 1)",
            ("log", "years", "force"), "a constant column under `ct` and `gii`", "log_CT, log_GII",
        ),
        Method(
            "boxcox", _box_coxed, "Box-Cox 变换",
            "y = x - m + 1, then (y^p - 1) / p; the most likely p where no `power` is given",
            ("power", "years", "force"),
            coinr="boxcox",
        ),
        Method(
            "winsorise_log", _winsorised_or_logged, "缩尾，不足则取对数",
            "the logarithm of the original column where winsorising is not enough", ("points", "log", "years", "force"),
            coinr="Treat",
        ),
    ],
    [
        Key("force", lambda rule: rule.force or None),
        Key("points", lambda rule: rule.points, lambda rule: tr("at most {points} points", points=rule.points)),
        Key("log", lambda rule: rule.log, lambda rule: tr("logarithm {form}", form=rule.log)),
        Key(
            "power", lambda rule: rule.power,
            lambda rule: (
                tr("the most likely power") if rule.power is None else tr("power {power:g}", power=rule.power)
            ),
        ),
        Key(
            "years", lambda rule: rule.years,
            lambda rule: tr("each year of a panel on its own") if rule.years == "each" else "",
        ),
    ],
)  # fmt: skip
"""Every treatment of `[treatment]` and `--treat`; m is the least, M the greatest value of the column."""
