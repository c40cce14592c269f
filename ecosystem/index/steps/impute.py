"""Missing values stood in for: by the column's centre, its group's, the year before, the line between years."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecosystem.index.arrays import FloatArray


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


def median_of_present(values: FloatArray, axis: int) -> FloatArray:
    """The median of the values that are not NaN along an axis; NaN, without a warning, where there is none."""
    ordered = np.sort(values, axis=axis)  # NaN stands last
    count = (~np.isnan(values)).sum(axis=axis, keepdims=True)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, values.shape[axis] - 1)
    pair = np.take_along_axis(ordered, low, axis=axis) + np.take_along_axis(ordered, high, axis=axis)
    middle: FloatArray = (pair / 2).squeeze(axis)
    return middle
