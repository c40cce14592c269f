"""Regions that are not ranked for want of data, each with the reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.rules import Screening


def availability(values: FloatArray) -> FloatArray:
    """The share of the columns of `(..., regions, columns)` that have a value, `(..., regions)`."""
    share: FloatArray = (~np.isnan(values)).mean(axis=-1)
    return share


def nonzero_share(values: FloatArray) -> FloatArray:
    """The share of the present values that are not 0, `(..., regions)`; 0 where there is none."""
    present = ~np.isnan(values)
    count = present.sum(axis=-1)
    share: FloatArray = (present & (values != 0)).sum(axis=-1) / np.maximum(count, 1)
    return share


def screen(values: FloatArray, regions: Sequence[str], rule: Screening) -> BoolArray:
    """Which regions are left out, `(..., regions)`: too few values, too few other than 0, or named. COINr `Screen`.

    Screening comes before imputation (after it nothing would be missing) and before normalisation: a region that is
    left out moves nobody's minimum or maximum.
    """
    out = np.zeros(values.shape[:-1], np.bool_)
    if rule.availability is not None:
        out |= availability(values) < rule.availability
    if rule.nonzero is not None:
        out |= nonzero_share(values) < rule.nonzero
    names = np.array(regions, dtype=object)
    out &= ~np.isin(names, list(rule.keep))
    dropped: BoolArray = out | np.isin(names, list(rule.drop))
    return dropped


def reasons(values: FloatArray, regions: Sequence[str], rule: Screening) -> dict[str, str]:
    """Why each region of one matrix `(regions, columns)` is left out, in words."""
    have, filled, out = availability(values), nonzero_share(values), screen(values, regions, rule)
    found = {}
    for place in np.flatnonzero(out).tolist():
        region = regions[place]
        words = []
        if region in rule.drop:
            words.append("left out by name")
        if rule.availability is not None and have[place] < rule.availability:
            words.append(f"has {have[place]:.1%} of the indicators, fewer than {rule.availability:.1%}")
        if rule.nonzero is not None and filled[place] < rule.nonzero:
            words.append(f"{filled[place]:.1%} of its values are not zero, fewer than {rule.nonzero:.1%}")
        found[region] = "; ".join(words)
    return found
