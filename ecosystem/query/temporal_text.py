"""Dates, times and durations as texts: how Cypher writes them, read and written.

The patterns are those of Neo4j 5.26 and understood by every engine's regular expressions; their groups are numbered, so
that SQL can read a text that is known only when a query runs by the very same ones.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from datetime import time as daytime
from fractions import Fraction

_YEAR = r"^([0-9]{4}|[+-][0-9]{1,9})"
DATES = {
    "calendar": _YEAR + r"(?:-([0-9]{2})|-([0-9]{1,2})-([0-9]{1,2})|([0-9]{2})([0-9]{2})?)?$",
    "week": _YEAR + r"(?:-W([0-9]{1,2})(?:-([0-9]))?|W([0-9]{2})([0-9])?)$",
    "quarter": _YEAR + r"(?:-Q([0-9])(?:-([0-9]{1,2}))?|Q([0-9])([0-9]{2})?)$",
    "ordinal": _YEAR + r"(?:-([0-9]{3})|([0-9]{3}))$",
}
"""The four ways to name a day. Group 1 is the year; `PARTS` says which groups hold what follows it."""
PARTS: dict[str, tuple[tuple[int, ...], ...]] = {
    "calendar": ((2, 3, 5), (4, 6)),
    "week": ((2, 4), (3, 5)),
    "quarter": ((2, 4), (3, 5)),
    "ordinal": ((2, 3),),
}
"""For each way the groups of the part below the year, and of the part below that: at most one of them is there."""
TIME = (
    r"^(?:([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:[.,]([0-9]{1,9}))?)?)?"
    r"|([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)$"
)
"""Hour, minute, second and fraction of a second: groups 1 to 4, or 5 to 8 where no colons are written."""
UTC = r"(?:[Zz]|[+-]00(?::?00)?)$"
"""What ends a time of day in UTC."""
ZONE = r"(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?(?::?[0-9]{2})?|\[[^\]]*\])$"
"""What ends a time of day with a time zone."""
DURATION = (
    r"^([+-]?)[Pp](?:([+-]?[0-9]+)[Yy])?(?:([+-]?[0-9]+)[Mm])?(?:([+-]?[0-9]+)[Ww])?(?:([+-]?[0-9]+)[Dd])?"
    r"(?:[Tt](?:([+-]?[0-9]+)[Hh])?(?:([+-]?[0-9]+)[Mm])?(?:([+-]?[0-9]+)(?:[.,]([0-9]{1,6})0*)?[Ss])?)?$"
)
"""A sign, then years, months, weeks, days, hours, minutes, seconds and their fraction: groups 1 to 9."""
MICROSECONDS_OF = {"hours": 3_600_000_000, "minutes": 60_000_000, "seconds": 1_000_000, "milliseconds": 1000}
DAY = 86_400_000_000
"""The microseconds of a day."""
MONTH = 2_629_746_000_000
"""Those of a mean month: a part of a month is that part of 30.436875 days."""
Duration = tuple[int, int, int]
"""Months, days and microseconds: none of them follows from another, for months and days differ in length."""
_DECIMALS = r"([+-]?[0-9]+(?:[.,][0-9]{1,9})?)"
_PARTED = re.compile(
    rf"([+-]?)P(?:{_DECIMALS}Y)?(?:{_DECIMALS}M)?(?:{_DECIMALS}W)?(?:{_DECIMALS}D)?"
    rf"(?P<time>T(?:{_DECIMALS}H)?(?:{_DECIMALS}M)?(?:{_DECIMALS}S)?)?",
    re.IGNORECASE,
)
_AS_DATE = re.compile(r"([+-]?)P([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2}(?:[.,][0-9]{1,9})?)")
_UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


def date_of(text: str) -> date | None:
    """The day that a text names in one of Cypher's ways; None where it names none, or one of a year before 1."""
    for way, pattern in DATES.items():
        found = re.fullmatch(pattern, text, re.ASCII)
        if found is not None:
            parts = [next((int(found[at]) for at in groups if found[at]), 1) for groups in PARTS[way]]
            try:
                return _day(way, int(found[1]), *parts)
            except (ValueError, OverflowError):
                return None
    return None


def _day(way: str, year: int, part: int, below: int = 1) -> date | None:
    if way == "calendar":
        return date(year, part, below)
    if way == "week":
        return date.fromisocalendar(year, part, below)
    first = date(year, 1, 1) if way == "ordinal" else date(year, 3 * part - 2, 1)
    found = first + timedelta((part if way == "ordinal" else below) - 1)
    same = found.year == year and (way == "ordinal" or (found.month + 2) // 3 == part)
    return found if same and found >= first else None


def moment_of(text: str, *, zone: bool) -> datetime | None:
    """The moment that a text names, to the microsecond; None where it names none. With `zone` it may end by UTC's."""
    day, mark, time = text.partition("T")
    found_day = date_of(day)
    time = re.sub(UTC, "", time) if zone else time
    found = re.fullmatch(TIME, time, re.ASCII) if mark else None
    if found_day is None or (mark and found is None):
        return None
    groups = found.groups() if found is not None else ()
    hour, minute, second, fraction = (
        (one or other or "0" for one, other in zip(groups[:4], groups[4:], strict=True)) if groups else ("0",) * 4
    )
    if fraction[6:].strip("0"):
        return None
    try:
        clock = daytime(int(hour), int(minute), int(second), int(fraction[:6].ljust(6, "0")))
        return datetime.combine(found_day, clock)
    except ValueError:
        return None


def names_zone(text: str) -> bool:
    """Whether a text ends by a time zone other than UTC."""
    _, mark, time = text.partition("T")
    return bool(mark) and re.search(ZONE, time) is not None and re.search(UTC, time) is None


def duration_of(text: str) -> Duration | None:
    """The duration that a text names, such as P1Y2M3DT4H; the last number may have decimals. None for none."""
    if found := _AS_DATE.fullmatch(text):
        numbers = dict(zip(("years", "months", "days", "hours", "minutes", "seconds"), found.groups()[1:], strict=True))
        return duration_from({unit: _signed(found[1], number) for unit, number in numbers.items()})
    found = _PARTED.fullmatch(text)
    if found is None or found["time"] in ("T", "t"):
        return None
    # group 6 is the time as a whole
    parts = found.group(2, 3, 4, 5, 7, 8, 9)
    given = {unit: number for unit, number in zip(_UNITS, parts, strict=True) if number is not None}
    if not given or any("." in number or "," in number for number in list(given.values())[:-1]):
        return None
    return duration_from({unit: _signed(found[1], number) for unit, number in given.items()})


def _signed(sign: str, number: str) -> Fraction:
    value = Fraction(number.replace(",", "."))
    return -value if sign == "-" else value


def duration_from(numbers: dict[str, Fraction]) -> Duration:
    """The duration of so many years, months and so on: what is no whole month is days, what is no whole day is time."""
    months = 12 * numbers.get("years", Fraction()) + numbers.get("months", Fraction())
    days = 7 * numbers.get("weeks", Fraction()) + numbers.get("days", Fraction())
    micros = sum((size * numbers.get(unit, Fraction()) for unit, size in MICROSECONDS_OF.items()), Fraction())
    micros += numbers.get("microseconds", Fraction())
    days += (months - int(months)) * Fraction(MONTH, DAY)
    micros += (days - int(days)) * DAY
    return int(months), int(days), round(micros)


def duration_text(duration: Duration) -> str:
    """A duration as Cypher writes it: P1Y2M3DT4H5M6.5S, and PT0S for none."""
    months, days, micros = duration
    sign, size = (-1, -micros) if micros < 0 else (1, micros)
    minutes, rest = divmod(size, MICROSECONDS_OF["minutes"])
    whole, fraction = divmod(rest, MICROSECONDS_OF["seconds"])
    years, months = (int(Fraction(months, 12)), months - 12 * int(Fraction(months, 12)))
    day = "".join(f"{number}{unit}" for number, unit in ((years, "Y"), (months, "M"), (days, "D")) if number)
    hours, minutes = divmod(minutes, 60)
    time = "".join(f"{sign * number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    if rest:
        decimals = f".{fraction:06}".rstrip("0") if fraction else ""
        time += f"{'-' if sign < 0 else ''}{whole}{decimals}S"
    return f"P{day}{'T' if time else ''}{time}" if day or time else "PT0S"
