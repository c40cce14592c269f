"""Missing values: how they are imputed, and what those that remain do to a score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, median_of_present
from ecosystem.index.method import Key, Method, Methods, table_of
from ecosystem.index.rules import Imputation
from ecosystem.messages import tr


def impute_centre(values: FloatArray, *, median: bool = False) -> FloatArray:
    """`(..., regions, columns)` with the mean or median of the present values in place of NaN.

    A column without a value stays as it is. COINr `i_mean`, `i_median`.
    """
    return np.where(np.isnan(values), _centre(values, median)[..., None, :], values)


def impute_group_centre(values: FloatArray, groups: Sequence[str | None], *, median: bool = False) -> FloatArray:
    """The same within groups of regions: `groups` has a name per region, None for a region that is in none.

    What is missing in a group without a single value, or in a region without a group, stays missing. COINr
    `i_mean_grp`, `i_median_grp`.
    """
    imputed = values.copy()
    names = np.array(["" if name is None else name for name in groups], dtype=object)
    for name in dict.fromkeys(name for name in groups if name is not None):
        rows = np.flatnonzero(names == name)
        imputed[..., rows, :] = impute_centre(values[..., rows, :], median=median)
    return imputed


def impute_last(values: FloatArray, years: Sequence[int], reach: int | None = None) -> FloatArray:
    """`(years, ...)` with the latest earlier value in place of NaN, at most `reach` years back.

    `years` may stand in any order, and the rows keep it. COINr `impute_panel` of type "latest"; its rows out of order
    are scrambled, ours are not. `reach` counts years here, in COINr the years that the table has.
    """
    imputed = values.copy()
    order = np.argsort(np.asarray(years), kind="stable")
    last = np.full(values.shape[1:], np.nan)
    since = np.full(values.shape[1:], np.nan)
    for at in order:
        known = ~np.isnan(values[at])
        last, since = np.where(known, values[at], last), np.where(known, years[at], since)
        near = np.ones(known.shape, np.bool_) if reach is None else years[at] - since <= reach
        imputed[at] = np.where(near, last, np.nan)
    return imputed


def impute_linear(values: FloatArray, years: Sequence[int]) -> FloatArray:
    """`(years, ...)` with NaN between two known years on the line between them, outside them as the nearest known year.

    A series without a value stays as it is, one with a single value is constant. COINr `impute_panel` of type
    "linear-constant".
    """
    order = np.argsort(np.asarray(years), kind="stable")
    ordered, axis = values[order], np.asarray(years, dtype=np.float64)[order]
    known = ~np.isnan(ordered)
    places = np.arange(len(axis)).reshape((-1,) + (1,) * (values.ndim - 1))
    before = np.maximum.accumulate(np.where(known, places, -1), axis=0)
    after = np.minimum.accumulate(np.where(known, places, len(axis))[::-1], axis=0)[::-1]
    left, right = np.where(before < 0, after, before), np.where(after >= len(axis), before, after)
    empty = ~known.any(axis=0)
    left, right = (np.where(empty, 0, np.clip(side, 0, len(axis) - 1)) for side in (left, right))
    low, high = np.take_along_axis(ordered, left, axis=0), np.take_along_axis(ordered, right, axis=0)
    span = axis[right] - axis[left]
    share = np.where(span > 0, (axis.reshape(places.shape) - axis[left]) / np.where(span > 0, span, 1.0), 0.0)
    imputed = np.empty_like(values)
    imputed[order] = np.where(known, ordered, low + (high - low) * share)
    return imputed


def _centre(values: FloatArray, median: bool) -> FloatArray:
    """Mean or median of the present values of every column, NaN where there is none."""
    present = ~np.isnan(values)
    count = present.sum(axis=-2)
    if not median:
        with np.errstate(invalid="ignore", divide="ignore"):
            mean: FloatArray = np.where(present, values, 0.0).sum(axis=-2) / count
        return mean
    return median_of_present(values, axis=-2)


@dataclass(frozen=True, slots=True, eq=False)
class ImputeInput:
    """What an imputation may look at beside the values: its rule, a group per region, the years of the first axis.

    `groups` is None where the rule names no column of groups, `years` where the values are of one year alone.
    """

    rule: Imputation
    groups: Sequence[str | None] | None
    years: Sequence[int] | None


Impute: TypeAlias = Callable[[FloatArray, ImputeInput], FloatArray]
"""Values `(..., regions, columns)`, those that are missing filled where the method can."""


def _by_group(*, median: bool) -> Impute:
    def impute(values: FloatArray, at: ImputeInput) -> FloatArray:
        if at.groups is None:
            raise ValueError(f"{at.rule.method} without the groups of the regions")
        return impute_group_centre(values, at.groups, median=median)

    return impute


# one year alone has no year before it, and no line between years: its gaps stay
IMPUTATIONS: Methods[Method[Impute]] = table_of(
    "imputation",
    [
        Method("none", lambda values, _: values, "不插补", "missing values stay missing"),
        Method(
            "mean", lambda values, _: impute_centre(values), "均值", "the mean of the column", coinr="i_mean"
        ),
        Method(
            "median", lambda values, _: impute_centre(values, median=True), "中位数", "the median of the column",
            coinr="i_median",
        ),
        Method(
            "group_mean", _by_group(median=False), "组内均值", "the mean of the region's group", ("group",),
            "no region of the group has a value: it stays missing", "i_mean_grp",
        ),
        Method(
            "group_median", _by_group(median=True), "组内中位数", "the median of the region's group", ("group",),
            "no region of the group has a value: it stays missing", "i_median_grp",
        ),
        Method(
            "last",
            lambda values, at: values if at.years is None else impute_last(values, at.years, at.rule.reach),
            "最近一年", "in a panel the latest earlier value, at most `reach` years back", ("reach",),
            "no year before has a value: it stays missing", "impute_panel, latest",
        ),
        Method(
            "linear", lambda values, at: values if at.years is None else impute_linear(values, at.years),
            "线性插值", "in a panel the line between two years; beyond them the nearest year",
            undefined="no year has a value: it stays missing", coinr="impute_panel, linear-constant",
        ),
    ],
    [
        Key(
            "group", lambda rule: rule.group, needed='needs the column that holds the groups: add group = "<column>"',
            argument="COLUMN",
        ),
        Key(
            "reach", lambda rule: rule.reach,
            lambda rule: tr("at most {reach} years back", reach=rule.reach) if rule.reach else "",
        ),
    ],
)  # fmt: skip
"""Every imputation of `[imputation]` and `--impute`."""


Fill: TypeAlias = Callable[[FloatArray, BoolArray], FloatArray]
"""Scores `(..., regions, indicators)` before they are weighted; excluded regions `(..., regions)` stay NaN."""


@dataclass(frozen=True, slots=True)
class MissingRule(Method[Fill]):
    """What a value that is missing after imputation does.

    `refuses`: it stops the run. `adds_nothing`: in a sum of weighted scores it counts as 0, so that nothing is missing.
    """

    refuses: bool = False
    adds_nothing: bool = False


def _zero(scores: FloatArray, excluded: BoolArray) -> FloatArray:
    missing = np.isnan(scores)
    return np.where(missing & ~excluded[..., None], 0.0, scores) if missing.any() else scores


MISSING_RULES = table_of(
    "rule for missing values",
    [
        MissingRule("zero", _zero, "计零分", "scores 0", adds_nothing=True),
        MissingRule("skip", lambda scores, _: scores, "跳过", "leaves its weight to its siblings", ("least",)),
        MissingRule(
            "refuse", lambda scores, _: scores, "拒绝计算", "stops the run and lists the cells", refuses=True,
            adds_nothing=True,
        ),
    ],
    [
        Key(
            "least", lambda rule: rule.least or None,
            lambda rule: tr("at least {least:.1%} of the parts", least=rule.least) if rule.least else "",
        ),
    ],
)  # fmt: skip
"""Every rule of `[missing]`."""
