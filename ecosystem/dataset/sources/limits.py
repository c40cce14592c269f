"""What a value may be: the limits that the dataset is read with, so that an import never writes what does not load."""

from __future__ import annotations

import datetime
import re

from ecosystem.dataset.faults import INVISIBLE
from ecosystem.dataset.sources.values import UnreadableError, shortened
from ecosystem.dataset.values import (
    CONTROLS,
    FIRST_DAY,
    LAST_DAY,
    LONGEST_CELL,
    LONGEST_KEY,
    PLACEHOLDERS,
)
from ecosystem.model import Property

_CONTROLS = re.compile(CONTROLS)
_INVISIBLE = re.compile(INVISIBLE)


def check_value(value: str | float | bool | datetime.date, kind: Property | None) -> None:
    """Raise UnreadableError where a dataset cannot hold the value, or the model does not allow it for its property."""
    if isinstance(value, str):
        _check_text(value, LONGEST_CELL, _CONTROLS)
    elif isinstance(value, datetime.date):
        if not FIRST_DAY <= value <= LAST_DAY:
            raise UnreadableError(f"{value} is outside [{FIRST_DAY}, {LAST_DAY}]")
    elif kind is not None and not isinstance(value, bool):
        _check_number(value, kind)
    if kind is not None and kind.values and value not in kind.values:
        raise UnreadableError(f"{value!r} is not one of {', '.join(kind.values)}")


def check_key(key: str) -> None:
    """Raise UnreadableError where the text cannot be an id: it stands for nothing, or is no printable line."""
    if key.lower() in PLACEHOLDERS:
        raise UnreadableError(f"{key!r} stands for a missing value, it is no id")
    _check_text(key, LONGEST_KEY, _INVISIBLE)


def _check_text(text: str, longest: int, controls: re.Pattern[str]) -> None:
    if len(text) > longest:
        raise UnreadableError(f"has {len(text):,} characters; at most {longest:,} are kept")
    if controls.search(text):
        raise UnreadableError(f"{shortened(text)} has control characters")


def _check_number(value: float, kind: Property) -> None:
    low, high = kind.minimum, kind.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = f"[{'-∞' if low is None else f'{low:g}'}, {'∞' if high is None else f'{high:g}'}]"
        raise UnreadableError(f"{value:g} is outside {bounds}, the limits of {kind.name}")
