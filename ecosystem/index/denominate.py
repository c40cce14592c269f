"""Values per head, per area, per unit of output: an indicator divided by another column, or by its own total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ecosystem.index.arrays import FloatArray

SHARE_OF_TOTAL = "share_of_total"
"""In place of a column: the indicator's own sum over the ranked regions."""


def denominate(values: FloatArray, denominators: Mapping[str, FloatArray], by: Sequence[str | None]) -> FloatArray:
    """`(..., regions, columns)` with each column divided by its denominator `(..., regions)`, named by `by`.

    `SHARE_OF_TOTAL` divides by the sum of the column's present values. NaN where the denominator is missing or 0: a
    value per nothing is no number, so it is missing and not infinite (COINr returns the infinity). COINr `Denominate`.
    """
    divided = values.astype(np.float64, copy=True)
    for place, name in enumerate(by):
        if name is not None:
            column = _total(values[..., place]) if name == SHARE_OF_TOTAL else denominators[name]
            with np.errstate(divide="ignore", invalid="ignore"):
                divided[..., place] = np.where(column == 0, np.nan, divided[..., place] / column)
    return divided


def _total(column: FloatArray) -> FloatArray:
    total: FloatArray = np.nansum(column, axis=-1, keepdims=True)
    return total
