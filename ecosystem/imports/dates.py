"""What a cell says of a day: in a format of the mapping, or in any of the usual ones where it means one day."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecosystem.imports.cell_values import NoDateError, PartlyKnownError, UnreadableError, shortened
from ecosystem.imports.date_words import folded, months, weekdays
from ecosystem.imports.numbers import plain
from ecosystem.messages import either, tr

EXCEL, UNIX = "excel", "unix"
"""The formats of days as Excel counts them, and of seconds or milliseconds since 1970 (UTC)."""
USUAL_FORMATS = (
    *("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m.%d.%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d/%m/%y", "%m/%d/%y", "%y/%m/%d", "%d.%m.%y", "%m.%d.%y", "%y.%m.%d", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d"),
    *("%b-%y", "%b %y", EXCEL, UNIX),
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DATE = re.compile(
    r"(?P<year>\d{4})(?:\s*[-/.年년]\s*(?P<month>\d{1,2})(?:\s*[-/.月월]\s*(?P<day>\d{1,2})\s*[日일.]?|[月월])?|[年년])?"
    r"(?:\s*(?:星期[一二三四五六日天]|[月火水木金土日]曜日|[월화수목금토일]요일))?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:T?\d{6}Z?)?")
_THREE = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?")
_MONTH_YEAR = re.compile(r"(?P<month>\d{1,2})[-/.](?P<year>\d{4})")
_PERIOD = re.compile(
    r"(?:[QT]\s?[1-4]|[HS]\s?[12]|[1-4]Q|[12]H)[\s/,-]*(?:FY\s?)?(\d{4})"
    r"|(?:FY\s?)?(\d{4})[\s/-]*(?:[QT]\s?[1-4]|[HS]\s?[12]|[1-4]Q|[12]H)"
    r"|(?:FY|fiscal year|financial year)\s?'?(\d{4}|\d{2})|(\d{4})\s?年(?:第?[1-4一二三四]季度|[上下]半年)",
    re.IGNORECASE,
)
_TWO_YEARS = re.compile(
    r"(?:(?:FY|fiscal year|financial year)\s?'?)?(\d{4})\s?[-/\u2013\u2014]\s?(\d{4}|\d{2})", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(?:(?<=\d)T|[\s,]+(?:at |à |um )?)\d{1,2}(?:(?:[:h]\d{2}(?::\d{2}(?:[.,:]\d+)?)?|(?<=T\d\d))\s?(?:[ap]\.?m\.?)?"
    r"|[时時点點](?:\d{1,2}分?(?:\d{1,2}秒?)?)?)"
    r"(?:\s?(?:Z|UTC|[A-Z]{3,4})(?:[+-]\d{1,4})?|\s?[+-]\d{2}:?(?:\d{2})?)?(?:\[[\w/]+\]|\s\([\w ]+\))?",
    re.IGNORECASE,
)
_CLOCK_BEHIND = re.compile(rf"(?:{_CLOCK.pattern})$", re.IGNORECASE)
_DAYS = re.compile(r"([1-9]\d{4})(?:\.\d+)?")  # from 1927 to 2173: 2021 is a year, and no day of 1905
_SECONDS = re.compile(r"(-?\d{9,10})(?:\.\d+)?|(-?\d{12,13})")
_EXCEL_BEGINS = datetime.date(1899, 12, 30)
_UNIX_BEGINS = datetime.date(1970, 1, 1)
_WORD = re.compile(r"\d+|[^\W\d_]+")
_FILLERS = frozenset(
    ["st", "nd", "rd", "th", "er", "de", "del", "d", "of", "the", "den", "le", "г", "года", "р", "року", "gada", "m"]
)
_LONGEST = 80


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


def whole_date(text: str, formats: Sequence[str] = ()) -> datetime.date:
    """The day that a cell names; PartlyKnownError where it names a month or a year."""
    if not formats and _ISO.fullmatch(text):  # nearly every cell of nearly every file
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            pass  # the reason is said below
    date = partial_date(text, formats)
    if date.exact is None:
        raise PartlyKnownError(
            tr("{text} is not a whole date: its day is not known", text=shortened(text))
            if date.month
            else tr("{text} is not a whole date: its month is not known", text=shortened(text))
        )
    return date.exact


def partial_date(text: str, formats: Sequence[str] = ()) -> PartialDate:
    """A date as far as it is known: in one of the formats, or as it is written where it means one date.

    2016-05-17, 2016/5/17, 2016.5, 2016年5月17日, 20160517, 2016, 17/05/2016, 5/17/16, 17 mai 2016, May 2016, Q2 2016,
    FY2016; a time of day is dropped. What 01/02/2016 means only a format can say. NoDateError with the reason.
    """
    if not formats and (hit := _ISO.fullmatch(text)):
        return _checked(text, int(hit[1]), hit[2], hit[3])
    found = _dates(text, formats)
    if len(found) == 1:
        return found[0]
    if would := [one for one in formats_of(text) if one not in formats]:
        formats_ = either(map(repr, would))
        raise NoDateError(
            tr("{text} is not a date; format = {formats} would read it", text=shortened(text), formats=formats_)
        )
    if _TWO_YEARS.fullmatch(plain(text)):
        raise NoDateError(
            tr("{text} names two years; pattern = {first!r} keeps the first", text=shortened(text), first=r"\d{4}")
        )
    raise NoDateError(tr("{text} is not a date", text=shortened(text)))


def year_of(text: str, formats: Sequence[str] = ()) -> int:
    """The year that a cell names, also where only its day is in doubt: 01/02/2016."""
    if not formats and len(text) == 4 and text.isdecimal() and text != "0000":
        return int(text)
    years = {date.year for date in _dates(text, formats)}
    return next(iter(years)) if len(years) == 1 else partial_date(text, formats).year


def formats_of(text: str) -> tuple[str, ...]:
    """The usual formats that read a text that is not written as in ISO 8601: 01/02/2016 has two, 13/02/2016 one."""
    try:
        simple = plain(text)
    except UnreadableError:  # digits of two scripts are no date
        return ()
    return tuple(one for one in USUAL_FORMATS if _formatted(simple, one) is not None)


def _dates(text: str, formats: Sequence[str]) -> Sequence[PartialDate]:
    """Every date that a text may mean; none where it is not written as dates are."""
    simple = plain(text)
    if len(simple) > _LONGEST:
        return ()
    for one in formats:
        if (date := _formatted(simple, one)) is not None:
            return (date,)
    simple = simple.removesuffix(".0")
    for day in (simple, _CLOCK_BEHIND.sub("", simple)):
        if found := _in_digits(text, day):
            return found
    if hit := _PERIOD.fullmatch(simple):
        return (PartialDate(_century(next(filter(None, hit.groups())))),)
    return _in_words(text, simple)


def _in_digits(text: str, day: str) -> Sequence[PartialDate]:
    """The dates that a text without a time of day may mean, where it names its month by number, or none."""
    if hit := _COMPACT.fullmatch(day) or _DATE.fullmatch(day) or _MONTH_YEAR.fullmatch(day):
        parts = hit.groupdict()
        if not _TWO_YEARS.fullmatch(day) or int(parts["month"] or 0) <= 12:
            return (_checked(text, int(parts["year"]), parts["month"], parts.get("day")),)
    if hit := _THREE.fullmatch(day):
        return tuple(dict.fromkeys(_orders(hit[1], hit[3], hit[4])))
    return ()


def _checked(text: str, year: int, month: str | int | None, day: str | int | None) -> PartialDate:
    months_, days = (int(part) if part else None for part in (month, day))
    try:
        datetime.date(year, months_ or 1, days or 1)
    except ValueError as err:
        raise NoDateError(tr("{text} is not a date: {reason}", text=shortened(text), reason=err)) from err
    return PartialDate(year, months_, days)


def _orders(first: str, second: str, last: str) -> Iterator[PartialDate]:
    """The days that three numbers may mean: day, month, year; month, day, year; year, month, day."""
    orders = [(_century(last), int(second), int(first)), (_century(last), int(first), int(second))]
    if len(last) == len(first) == 2:
        orders.append((_century(first), int(second), int(last)))
    for year, month, day in orders:
        try:
            datetime.date(year, month, day)
        except ValueError:
            continue
        yield PartialDate(year, month, day)


def _century(digits: str) -> int:
    """A year of two digits as POSIX has it: 69 to 99 are in the last century."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 69 else 2000)


def _formatted(simple: str, one: str) -> PartialDate | None:
    """The date that a text is in a format; a part that the format does not have is not known."""
    if one == EXCEL:
        days = _DAYS.fullmatch(simple)
        return _since(_EXCEL_BEGINS, int(days[1])) if days else None
    if one == UNIX:
        hit = _SECONDS.fullmatch(simple)
        return _since(_UNIX_BEGINS, int(hit[1] or hit[2]) // (86_400 if hit[1] else 86_400_000)) if hit else None
    read = _read(simple, one) or (_read(_CLOCK_BEHIND.sub("", simple), one) if " " in simple else None)
    if read is None:
        return None
    has_month = any(directive in one for directive in ("%m", "%b", "%B"))
    has_day = has_month and "%d" in one
    return PartialDate(read.tm_year, read.tm_mon if has_month else None, read.tm_mday if has_day else None)


def _since(begin: datetime.date, days: int) -> PartialDate:
    date = begin + datetime.timedelta(days)
    return PartialDate(date.year, date.month, date.day)


def _read(simple: str, one: str) -> time.struct_time | None:
    try:
        return time.strptime(simple, one)
    except ValueError:
        return None


_SHAPES = {
    "dMY": (2, 1, 0),
    "MdY": (2, 0, 1),
    "YMd": (0, 1, 2),
    "dMd": (2, 1, 0),
    "MY": (1, 0, None),
    "YM": (0, 1, None),
}
"""How a date with the name of a month is written -> the places of its year, month and day."""


def _in_words(text: str, simple: str) -> Sequence[PartialDate]:
    """17 May 2016, May 17th, 2016, mardi 17 mai 2016, 17-May-16, 13 de mayo de 2021, May 2016."""
    found = _WORD.findall(folded(_CLOCK.sub("", simple, count=1)))
    words = [word for word in found if word not in _FILLERS and word not in weekdays()]
    shape = "".join(
        "M" if word in months() else {1: "d", 2: "d", 4: "Y"}.get(len(word), "?") if word.isdecimal() else "?"
        for word in words
    )
    if shape not in _SHAPES:
        return ()
    year, month, day = (None if place is None else words[place] for place in _SHAPES[shape])
    return (_checked(text, _century(year or ""), months()[month or ""], day),)
