"""Values per head, per area, per unit of output: an indicator divided by another column of the same region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ecosystem.index.arrays import FloatArray


def denominate(values: FloatArray, denominators: Mapping[str, FloatArray], by: Sequence[str | None]) -> FloatArray:
    """`(..., regions, columns)` with each column divided by its denominator `(..., regions)`, named by `by`.

    NaN where the denominator is missing or 0: a value per nothing is no number, so it is missing and not infinite
    (COINr returns the infinity). COINr `Denominate`.
    """
    divided = values.astype(np.float64, copy=True)
    for place, name in enumerate(by):
        if name is not None:
            column = denominators[name]
            with np.errstate(divide="ignore", invalid="ignore"):
                divided[..., place] = np.where(column == 0, np.nan, divided[..., place] / column)
    return divided
