"""What single cells say: names, parts, numbers, dates and amounts of money. Pure functions of text."""

from __future__ import annotations

import datetime
import hashlib
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


class UnreadableError(ValueError):
    """A cell that does not say what the mapping expects; its text is the reason in the quarantine."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def exact(self) -> datetime.date | None:
        """The day, where it is known."""
        return datetime.date(self.year, self.month, self.day) if self.month and self.day else None


SPACE = re.compile(r"\s+")
_OPEN = "([{<（【［〔《「『"
_CLOSE = ")]}>）】］〕》」』"
_DATE = re.compile(
    r"(?P<year>\d{4})(?:\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?|月)?|年)?(?:[ T]\d.*)?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_TRUE = frozenset({"true", "yes", "y", "1", "是", "有"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "无"})


def normalise(text: str) -> str:
    """The text for comparing names: Unicode NFKC (full-width brackets become plain), no white space, no case."""
    return SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


def hashed(text: str) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of the normalised text: an id that is the same in every import."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()[:16]


def split(text: str, separators: Sequence[str]) -> list[str]:
    """The parts of a cell without white space around them; a separator inside brackets separates nothing.

    Brackets that do not pair are ordinary characters. Empty parts stay, so that cells can be zipped.
    """
    parts, start, depth = [], 0, 0
    paired = _pairs(text)
    cut = re.compile("|".join(re.escape(one) for one in sorted(separators, key=len, reverse=True)))
    position = 0
    while position < len(text):
        if paired and text[position] in _OPEN:
            depth += 1
        elif paired and text[position] in _CLOSE:
            depth -= 1
        elif depth == 0 and (hit := cut.match(text, position)):
            parts.append(text[start:position].strip())
            start = position = hit.end()
            continue
        position += 1
    return [*parts, text[start:].strip()]


def _pairs(text: str) -> bool:
    """Whether every bracket has its partner; `(` and `（` go together, as exports mix them."""
    open_kinds: list[int] = []
    plain = unicodedata.normalize("NFKC", text)
    for character in plain:
        if character in _OPEN:
            open_kinds.append(_OPEN.index(character))
        elif character in _CLOSE and (not open_kinds or open_kinds.pop() != _CLOSE.index(character)):
            return False
    return not open_kinds


def number(text: str) -> float:
    """A number, thousands separators and full-width digits allowed."""
    plain = THOUSANDS.sub("", unicodedata.normalize("NFKC", text).strip())
    if not _NUMBER.fullmatch(plain):
        raise UnreadableError(f"{shortened(text)} is not a number")
    return finite(float(plain), text)


def finite(value: float, text: str) -> float:
    """The value, if it is a number that a table can hold."""
    if not math.isfinite(value):
        raise UnreadableError(f"{shortened(text)} is too large a number")
    return value


def shortened(text: str) -> str:
    """The text in quotes, cut where it is long."""
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def integer(text: str) -> int:
    """A whole number; `2024.0` is one, `2024.5` is not."""
    value = number(text)
    if value != int(value):
        raise UnreadableError(f"{shortened(text)} is not a whole number")
    if abs(value) >= 2**63:
        raise UnreadableError(f"{shortened(text)} is too large a number")
    return int(value)


def boolean(text: str) -> bool:
    """True or false: true/false, yes/no, 1/0, 是/否, 有/无."""
    word = normalise(text)
    if word not in _TRUE | _FALSE:
        raise UnreadableError(f"{shortened(text)} is neither true nor false (true/false, yes/no, 1/0, 是/否, 有/无)")
    return word in _TRUE


def partial_date(text: str) -> PartialDate:
    """A date: 2016-05-17, 2016/5/17, 2016.5, 2016年5月17日, 20160517, 2016; a time of day behind it is dropped."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    hit = _COMPACT.fullmatch(plain) or _DATE.fullmatch(plain)
    if hit is None:
        raise UnreadableError(f"{shortened(text)} is not a date")
    year, month, day = (int(part) if part else None for part in hit.group("year", "month", "day"))
    try:
        datetime.date(year or 0, month or 1, day or 1)
    except ValueError as err:
        raise UnreadableError(f"{shortened(text)} is not a date: {err}") from err
    return PartialDate(year or 0, month, day)
