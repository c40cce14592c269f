"""What an event as a whole has, shared among its links: each keeps its own part, the rest is divided evenly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ecosystem.imports.columns import Codes

Amounts = npt.NDArray[np.float64]

_ROUNDING = 1e-9


def shares(own: Amounts | None, whole: Amounts, events: Codes) -> Amounts:
    """The part of each link: its own, or an even part of what the other links of its event leave of the whole.

    All three have one entry a link: its own part (None where no link has one) and the whole of its event, NaN where
    there is none, and the number of the event. A part is NaN where the event has no whole, and where the own parts of
    the others are more than that.
    """
    count = int(events.max(initial=-1)) + 1
    if own is None or np.isnan(own).all():
        return whole / np.bincount(events, minlength=count).astype(np.int32)[events]
    given = ~np.isnan(own)
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
    sums = np.bincount(events, np.nan_to_num(own), int(events.max(initial=-1)) + 1)[events]
    return np.flatnonzero(sums > whole + _ROUNDING * np.abs(whole))
