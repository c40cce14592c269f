"""What single cells say: names, parts, numbers, dates and amounts of money. Pure functions of text."""

from __future__ import annotations

import datetime
import hashlib
import math
import re
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ecosystem.imports.cell_language import Money
from ecosystem.messages import either, tr
from ecosystem.tables.words import FALSE, TRUE

SPACE = re.compile(r"\s+")
_OPEN = "([{<（【［〔《「『"
_CLOSE = ")]}>）】］〕》」』"
_DATE = re.compile(
    r"(?P<year>\d{4})(?:\s*[-/.年]\s*(?P<month>\d{1,2})(?:\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?|月)?|年)?(?:[ T]\d.*)?"
)
_IN_ENGLISH = re.compile(
    r"(?:(?P<before>\d{1,2})(?:st|nd|rd|th)?[\s.-]+)?(?P<month>[a-z]{3,9})\.?"
    r"(?:\s+(?P<behind>\d{1,2})(?:st|nd|rd|th)?)?,?[\s-]+(?P<year>\d{4})",
    re.IGNORECASE,
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
EXCEL = "excel"
"""The format of dates as Excel counts them, in days."""
_EXCEL_BEGINS = datetime.date(1899, 12, 30)
_USUAL_FORMATS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y", EXCEL)
_DAYS = re.compile(r"([1-9]\d{4})(?:\.0)?")  # from 1927 to 2173: 2021 is a year, and no day of 1905
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_TERM = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿]*)")
_TERMS = re.compile(r"(?:\d+(?:\.\d+)?[十百千万亿]+)*(?:\d+(?:\.\d+)?)?")
_UNITS_ALONE = re.compile("[十百千万亿]+")
_MILLION = Decimal(10**6)


class UnreadableError(ValueError):
    """A cell that does not say what the mapping expects; its text is the reason in the quarantine."""


class NoDateError(UnreadableError):
    """A text that is no date, or not one that the mapping can read."""


class PartlyKnownError(NoDateError):
    """A date of which the day, or more, is not known."""


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
        raise UnreadableError(tr("{text} is not a number", text=shortened(text)))
    return finite(float(plain), text)


def finite(value: float, text: str) -> float:
    """The value, if it is a number that a table can hold."""
    if not math.isfinite(value):
        raise UnreadableError(tr("{text} is too large a number", text=shortened(text)))
    return value


def shortened(text: str) -> str:
    """The text in quotes, cut where it is long."""
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def integer(text: str) -> int:
    """A whole number; `2024.0` is one, `2024.5` is not."""
    value = number(text)
    if value != int(value):
        raise UnreadableError(tr("{text} is not a whole number", text=shortened(text)))
    if abs(value) >= 2**63:
        raise UnreadableError(tr("{text} is too large a number", text=shortened(text)))
    return int(value)


def boolean(text: str) -> bool:
    """True or false: true/false, yes/no, 1/0, 是/否, 有/无."""
    word = normalise(text)
    if word not in TRUE + FALSE:
        raise UnreadableError(
            tr("{text} is neither true nor false (true/false, yes/no, 1/0, 是/否, 有/无)", text=shortened(text))
        )
    return word in TRUE


def whole_date(text: str, formats: Sequence[str] = ()) -> datetime.date:
    """The day that a cell names; PartlyKnownError where it names a month or a year."""
    date = partial_date(text, formats)
    if date.exact is None:
        raise PartlyKnownError(
            tr("{text} is not a whole date: its day is not known", text=shortened(text))
            if date.month
            else tr("{text} is not a whole date: its month is not known", text=shortened(text))
        )
    return date.exact


def partial_date(text: str, formats: Sequence[str] = ()) -> PartialDate:
    """A date as far as it is known: in one of the formats, or as it is written where its parts have one order.

    2016-05-17, 2016/5/17, 2016.5, 2016年5月17日, 20160517, 2016, 17 May 2016, May 2016; a time of day behind it is
    dropped. What 01/02/2016 means only a format can say.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    for one in formats:
        if (date := _formatted(plain, one)) is not None:
            return date
    plain = plain.removesuffix(".0")
    hit = _COMPACT.fullmatch(plain) or _DATE.fullmatch(plain)
    parts = hit.group("year", "month", "day") if hit else _in_english(plain)
    if parts is None:
        would = [one for one in _USUAL_FORMATS if one not in formats and _formatted(plain, one) is not None]
        if would:
            formats_ = either(map(repr, would))
            raise NoDateError(
                tr("{text} is not a date; format = {formats} would read it", text=shortened(text), formats=formats_)
            )
        raise NoDateError(tr("{text} is not a date", text=shortened(text)))
    year, month, day = (int(part) if part else None for part in parts)
    try:
        datetime.date(year or 0, month or 1, day or 1)
    except ValueError as err:
        raise NoDateError(tr("{text} is not a date: {reason}", text=shortened(text), reason=err)) from err
    return PartialDate(year or 0, month, day)


def _formatted(plain: str, one: str) -> PartialDate | None:
    """The date that a text is in a format; a part that the format does not have is not known."""
    if one == EXCEL:
        days = _DAYS.fullmatch(plain)
        if days is None:
            return None
        date = _EXCEL_BEGINS + datetime.timedelta(int(days[1]))
        return PartialDate(date.year, date.month, date.day)
    try:
        read = time.strptime(plain, one)
    except ValueError:
        return None
    has_month = any(directive in one for directive in ("%m", "%b", "%B"))
    has_day = has_month and "%d" in one
    return PartialDate(read.tm_year, read.tm_mon if has_month else None, read.tm_mday if has_day else None)


def _in_english(plain: str) -> tuple[str, str, str | None] | None:
    """Year, month and day of 17 May 2016, May 17th, 2016 and May 2016."""
    hit = _IN_ENGLISH.fullmatch(plain)
    if hit is None or (hit["before"] and hit["behind"]):
        return None
    word = hit["month"].casefold()
    month = next(
        (
            number
            for number, name in enumerate(_MONTHS, start=1)
            if name.startswith(word[:4] if word == "sept" else word)
        ),
        0,
    )
    return (hit["year"], str(month), hit["before"] or hit["behind"]) if month else None


@dataclass(frozen=True, slots=True)
class Amount:
    """Millions of CNY, None where nobody knows; `vague` where the text is rough ("数百万") and the number a reading."""

    cny_m: float | None
    vague: bool = False


def amount(text: str, money: Money) -> Amount:
    """An amount of money, e.g. `500万人民币`, `1.5亿`, `数百万美元`, `近千万元`, `未透露人民币`, in millions of CNY.

    The words come from the mapping: currencies with their rates, vague and unknown amounts. Reckoned in decimals, so
    that `1.1亿` is 110 exactly.
    """
    plain = THOUSANDS.sub("", SPACE.sub("", unicodedata.normalize("NFKC", text)))
    if plain in money.unknown:
        return Amount(None)
    rest, currency = _currency(plain, money)
    if rest in money.unknown:
        return Amount(None)
    if currency is None:
        raise UnreadableError(
            tr(
                "{text} names no currency that the mapping knows ({currencies})",
                text=shortened(text),
                currencies=", ".join(money.currencies),
            )
        )
    rate = money.currencies[currency] / _MILLION
    if rest in money.vague:
        return Amount(float(money.vague[rest] * rate), vague=True)
    exact = _without(rest, money.about)
    units = _units(exact)
    if units is None:
        raise UnreadableError(
            tr(
                "{text} is not an amount: {rest} is neither a number nor a word of [money]",
                text=shortened(text),
                rest=shortened(rest),
            )
        )
    return Amount(finite(float(units * rate), text), vague=exact != rest)


def _currency(text: str, money: Money) -> tuple[str, str | None]:
    """The text without its currency, and the currency: the longest word of the mapping at its end or its beginning.

    A currency that is said twice counts once: 万元人民币, 美元美元.
    """
    found: str | None = None
    while word := next((word for word in _longest_first(money.currencies) if _has(text, word, found, money)), None):
        text = text.removesuffix(word) if text.endswith(word) else text.removeprefix(word)
        found = found or word
    return text, found or money.default


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _has(text: str, word: str, found: str | None, money: Money) -> bool:
    """Whether the text begins or ends with a word for the same money as the one that was found."""
    same = found is None or money.currencies[word] == money.currencies[found]
    return (same and text.endswith(word)) or (found is None and text.startswith(word))


def _without(text: str, about: Sequence[str]) -> str:
    for word in sorted(about, key=len, reverse=True):
        text = text.removeprefix(word).removesuffix(word)
    return text


def _units(text: str) -> Decimal | None:
    """`1亿5000万` is 150,000,000, `3千万` 30,000,000, `千万` (no number) 10,000,000; anything else None."""
    if _UNITS_ALONE.fullmatch(text):
        return Decimal(_product(text))
    if not text or not _TERMS.fullmatch(text):
        return None
    return sum((Decimal(digits) * _product(units) for digits, units in _TERM.findall(text)), Decimal(0))


def _product(units: str) -> int:
    product = 1
    for unit in units:
        product *= _UNITS[unit]
    return product
