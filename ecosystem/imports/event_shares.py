"""What an event as a whole has, shared among its links: each keeps its own part, the rest is divided evenly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]

_ROUNDING = 1e-9


def shares(own: Amounts, whole: Amounts, events: Codes) -> Amounts:
    """The part of each link: its own, or an even part of what the other links of its event leave of the whole.

    All three have one entry a link: its own part and the whole of its event, NaN where there is none, and the number of
    the event. A part is NaN where the event has no whole, and where the own parts of the others are more than that.
    """
    count = events.max(initial=-1) + 1
    given = ~np.isnan(own)
    if not given.any():
        return whole / np.bincount(events, minlength=count)[events]
    sums = np.bincount(events, np.where(given, own, 0.0), count)[events]
    alone = np.bincount(events[given], minlength=count)[events] == 0
    others = np.bincount(events[~given], minlength=count)[events]
    left = np.where(alone, whole, whole - sums)
    left = np.where(~alone & (np.abs(left) <= _ROUNDING * np.abs(whole)), 0.0, left)
    even = np.where(alone | (left >= 0), left, np.nan) / np.maximum(others, 1)
    return np.where(given, own, even)


def exceeding(own: Amounts, whole: Amounts, events: Codes) -> Codes:
    """The links whose events have own parts that are more than the whole."""
    if np.isnan(own).all():
        return np.zeros(0, np.int64)
    sums = np.bincount(events, np.nan_to_num(own), events.max(initial=-1) + 1)[events]
    return np.flatnonzero(sums > whole + _ROUNDING * np.abs(whole))
