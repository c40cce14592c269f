"""What the cells of a column look like: dates, numbers, money, addresses, lists, kinds of organisation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ecosystem.imports.guess.date_looks import YEAR, Dates, dates_of
from ecosystem.imports.guess.list_cells import MOST, separator_of, split_list
from ecosystem.imports.guess.organisation_names import label_of
from ecosystem.tables.record_paths import ITEM

CERTAIN = 0.95
"""The share of cells that have to agree before a guess is no question."""


_URL = re.compile(r"(?:https?://|www\.)\S+|[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.[a-z]{2,12}(?:/\S*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|\(|0)[\d\s().\-/]{7,}\d")
_WHOLE = re.compile(r"[+-]?\d+(?:\.0)?")
_POINT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[. \u00a0\u202f]\d{3})+),\d+|[+-]?\d{1,3}(?:[. \u00a0\u202f]\d{3})+")
_RANGE = re.compile(r"[<>]?\s*\d[\d,. ]*\s*(?:-|–|to|bis|a|à)\s*\d[\d,. ]*|\d[\d,. ]*\+|[<>]\s*\d+")
_CODE = re.compile(r"(?=.*\d)[^\s,;]{2,}(?: \d[\d ]*[A-Z]?)?")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_PERMALINK = re.compile(r"/[\w-]+/[\w.%-]+")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_FLAG = {
    "y",
    "n",
    "yes",
    "no",
    "true",
    "false",
    "t",
    "f",
    "1",
    "0",
    "ja",
    "nein",
    "oui",
    "non",
    "si",
    "sí",
    "是",
    "否",
    "有",
    "无",
}


@dataclass(frozen=True)
class Cells:
    """The cells of a column that are not blank and stand for no missing value; shares are of these, from 0 to 1."""

    texts: Sequence[str]
    rows: int
    listed: bool = False

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each text comes."""
        return Counter(self.texts)

    @property
    def blank(self) -> float:
        """The share of rows without a value."""
        return 1 - len(self.texts) / self.rows if self.rows else 1.0

    @property
    def distinct(self) -> int:
        """How many texts there are."""
        return len(self.counts)

    @property
    def unique(self) -> bool:
        """Whether no text comes twice, and few rows are blank."""
        return self.distinct == len(self.texts) and self.blank < 1 - MOST

    def share(self, holds: Callable[[str], object]) -> float:
        """The share of cells for which something holds, asked once per text."""
        if not self.texts:
            return 0.0
        return sum(count for text, count in self.counts.items() if holds(text)) / len(self.texts)

    def samples(self, most: int = 3) -> list[str]:
        """The first texts, shortened."""
        return [text if len(text) <= 32 else f"{text[:31]}…" for text in list(self.counts)[:most]]

    @cached_property
    def url(self) -> float:
        """Share of addresses of the web."""
        return self.share(_URL.fullmatch)

    @cached_property
    def email(self) -> float:
        """Share of addresses of mail."""
        return self.share(_EMAIL.fullmatch)

    @cached_property
    def phone(self) -> float:
        """Share of what can be a number of a telephone."""
        return self.share(_PHONE.fullmatch)

    @cached_property
    def year(self) -> float:
        """Share of years."""
        return self.share(YEAR.fullmatch)

    @cached_property
    def whole(self) -> float:
        """Share of whole numbers."""
        return self.share(_WHOLE.fullmatch)

    @cached_property
    def number(self) -> float:
        """Share of numbers as a mapping reads them: 1,200.5, 1200."""
        return self.share(_POINT.fullmatch)

    @cached_property
    def comma_number(self) -> float:
        """Share of numbers with a decimal comma or points between thousands: 1.200,5."""
        return self.share(lambda text: _COMMA.fullmatch(text) or _WHOLE.fullmatch(text))

    @cached_property
    def decimal_comma(self) -> bool:
        """Whether the numbers have a decimal comma: what can be read otherwise, 1,234, does not tell."""
        return self.comma_number >= CERTAIN and self.number < CERTAIN

    @property
    def points_between_thousands(self) -> bool:
        """Whether every point stands before three digits, 123.456: then nobody can tell what it means."""
        pointed = [text for text in self.counts if "." in text and "," not in text]
        return len(pointed) > 1 and all(re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})+", text) for text in pointed)

    @cached_property
    def digits(self) -> float:
        """Share of texts with a digit."""
        return self.share(lambda text: any(letter.isdigit() for letter in text))

    @cached_property
    def ranges(self) -> float:
        """Share of ranges: 11-50, 500+."""
        return self.share(_RANGE.fullmatch)

    @cached_property
    def code(self) -> float:
        """Share of what looks like an id: without blanks, with a digit; a UUID; the last part of an address."""
        return self.share(lambda text: _CODE.fullmatch(text) or _UUID.fullmatch(text) or _PERMALINK.fullmatch(text))

    @cached_property
    def flag(self) -> float:
        """Share of yes and no."""
        return self.share(lambda text: text.casefold() in _FLAG) if self.distinct <= 3 else 0.0

    @cached_property
    def words(self) -> float:
        """Share of texts with a word in them."""
        return self.share(_WORDS.search)

    @cached_property
    def letters(self) -> float:
        """Share of texts with a letter in them."""
        return self.share(lambda text: any(letter.isalpha() for letter in text))

    @cached_property
    def length(self) -> float:
        """The mean number of letters."""
        return sum(map(len, self.texts)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def counter(self) -> bool:
        """Whether the cells count the rows: 1, 2, 3, or 0, 1, 2."""
        if self.whole < 1 or len(self.texts) < 3:
            return False
        numbers = [int(float(text)) for text in self.texts]
        return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    @cached_property
    def dates(self) -> Dates:
        """How the cells are dates."""
        return dates_of(self.counts)

    @cached_property
    def separator(self) -> str | None:
        """What stands between the things of a cell, where a good part of the cells are lists; None where they "
        "are not."""
        return ITEM if self.listed else separator_of(self.counts)

    def parts(self) -> list[str]:
        """The texts, split where they are lists."""
        if self.separator is None or self.listed:
            return list(self.texts)
        return [part for text in self.texts for part in split_list(text, self.separator)]

    def labels(self) -> Counter[str]:
        """How many of the things named are, by their names, of which label; `` for those that do not say."""
        found = {part: label_of(part) for part in set(self.parts())}
        return Counter(found[part] or "" for part in self.parts())
