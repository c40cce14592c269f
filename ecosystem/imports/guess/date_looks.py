"""How the cells of a column are dates: the formats that read all of them, or the two that they could be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecosystem.imports.cell_values import UnreadableError
from ecosystem.imports.dates import EXCEL, UNIX, USUAL_FORMATS, formats_of, partial_date

DATE_FORMATS = tuple(one for one in USUAL_FORMATS if one not in (EXCEL, UNIX))
"""The formats that a guess may fill in."""

YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\.0)?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.0)?")


@dataclass(frozen=True, slots=True)
class Dates:
    """Whether cells are dates: the share that reads, the formats that it takes, and the two that it could be."""

    share: float
    formats: tuple[str, ...] = ()
    ambiguous: tuple[str, str] | None = None
    mixed: bool = False
    partial: bool = False


def dates_of(counts: Mapping[str, int]) -> Dates:
    """The formats of a column: one that reads every cell is certain, two are a question."""
    total = sum(counts.values())
    if not total:
        return Dates(0.0)
    fits = {text: [one for one in formats_of(text) if one in DATE_FORMATS] for text in counts}
    told = {text: own for text, own in fits.items() if own}
    usual = {text: _usual(text) for text in counts if text not in told}
    share = 1 - sum(counts[text] for text, read in usual.items() if read is None) / total
    partial = any(read is False for read in usual.values())
    if not told:
        return Dates(share, partial=partial)
    every = [one for one in DATE_FORMATS if all(one in own for own in told.values())]
    if len(every) == 1:
        return Dates(share, (every[0],), partial=partial)
    if every:
        return Dates(share, (), (every[0], every[1]))
    return _several_formats(told, share, partial)


def _several_formats(told: Mapping[str, Sequence[str]], share: float, partial: bool) -> Dates:
    """Formats that together read every cell, where no cell reads two ways: 17/05/2016 and 17.05.2016."""
    formats: list[str] = []
    for marks in dict.fromkeys(_marks(text) for text in told):
        own = [fits for text, fits in told.items() if _marks(text) == marks]
        every = [one for one in DATE_FORMATS if all(one in fits for fits in own)]
        if not every:
            both = dict.fromkeys(one for fits in own if len(fits) == 1 for one in fits)
            return Dates(share, tuple(both), mixed=True)
        if len(every) > 1:
            return Dates(share, (), (every[0], every[1]))
        formats += every
    return Dates(share, tuple(dict.fromkeys(formats)), partial=partial)


def _marks(text: str) -> tuple[str, int]:
    """What stands between the parts of a date, and how long its last part is."""
    return re.sub(r"[\w\s]", "", text)[:1], len(re.split(r"\W", text.split(" ", maxsplit=1)[0])[-1])


def _usual(text: str) -> bool | None:
    """Whether a text that is read without a format is a whole day; None where it is not read."""
    if _NUMBER.fullmatch(text) and not YEAR.fullmatch(text) and not re.fullmatch(r"(?:19|20)\d{6}", text):
        return None
    try:
        return partial_date(text).exact is not None
    except UnreadableError:
        return None
