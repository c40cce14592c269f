"""The parts of dates, moments and durations in SQL, and all of them as text."""

from __future__ import annotations

from collections.abc import Mapping

from ecosystem.query.temporal_dialect import Part
from ecosystem.query.temporal_sql import Calendar
from ecosystem.query.temporal_text import MICROSECONDS_OF

_DATE_PARTS: Mapping[str, Part] = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "weekYear": "week_year",
    "day": "day",
    "ordinalDay": "day_of_year",
    "dayOfWeek": "weekday",
    "weekDay": "weekday",
}
_TIME_PARTS = {
    "hour": (MICROSECONDS_OF["hours"], 24),
    "minute": (MICROSECONDS_OF["minutes"], 60),
    "second": (1_000_000, 60),
    "millisecond": (1000, 1000),
    "microsecond": (1, 1_000_000),
}
"""Of each part of a time of day its microseconds, and how many it has before it begins again."""
_OF_MONTHS = {"years": (12, 0), "quarters": (3, 0), "months": (1, 0), "quartersOfYear": (3, 4), "monthsOfYear": (1, 12)}
_OF_MONTHS["monthsOfQuarter"] = (1, 3)
_OF_DAYS = {"weeks": (7, 0), "days": (1, 0), "daysOfWeek": (1, 7)}
_OF_SECONDS = {"hours": (3600, 0), "minutes": (60, 0), "seconds": (1, 0), "minutesOfHour": (60, 60)}
_OF_SECONDS["secondsOfMinute"] = (1, 60)
"""The parts of a duration: what they are divided by, and where they begin again (0: never)."""
_FRACTIONS = {"milliseconds": 1000, "microseconds": 1, "nanoseconds": -1000}
"""The microseconds of each; below one they are as many to a microsecond."""


def part_of(calendar: Calendar, text: str, kind: str, name: str) -> str:
    """A part of a value of this kind, as an integer or, of a zone, as a text."""
    if kind == "duration":
        return _of_duration(calendar, text, name)
    words, date = calendar.words, calendar.day_of(text, kind)
    if name in _DATE_PARTS:
        return words.part(_DATE_PARTS[name], date)
    if name in ("dayOfQuarter", "quarterDay"):
        first = words.date(words.part("year", date), f"(3 * {words.part('quarter', date)} - 2)", "1")
        return f"({words.day_number(date)} - {words.day_number(first)} + 1)"
    if name == "epochMillis":
        return _floor(calendar, words.microseconds(text), 1000)
    if name == "epochSeconds":
        # cut off, not rounded down: so Neo4j does
        return words.whole_quotient(part_of(calendar, text, kind, "epochMillis"), "1000")
    if name in ("timezone", "offset"):
        return f"(CASE WHEN {text} IS NOT NULL THEN 'Z' END)"
    if name in ("offsetMinutes", "offsetSeconds"):
        return f"(CASE WHEN {text} IS NOT NULL THEN {calendar.dialect.constant(0)} END)"
    if name == "nanosecond":
        return f"({part_of(calendar, text, kind, 'microsecond')} * 1000)"
    size, most = _TIME_PARTS[name]
    return f"({words.whole_quotient(calendar.time_of(text, kind), str(size))} % {most})"


def _floor(calendar: Calendar, number: str, size: int) -> str:
    """An integer divided by another, rounded down."""
    return calendar.words.whole_quotient(f"({number} - (({number} % {size}) + {size}) % {size})", str(size))


def _of_duration(calendar: Calendar, text: str, name: str) -> str:
    words = calendar.words
    micros = words.duration_part(text, "microseconds")
    if name in _FRACTIONS:
        size = _FRACTIONS[name]
        return f"({micros} * {-size})" if size < 0 else _floor(calendar, micros, size)
    if name.endswith("OfSecond"):
        rest = f"((({micros} % 1000000) + 1000000) % 1000000)"
        size = _FRACTIONS[name.removesuffix("OfSecond")]
        return f"({rest} * {-size})" if size < 0 else words.whole_quotient(rest, str(size))
    if name in _OF_MONTHS:
        return _counted(calendar, words.duration_part(text, "months"), *_OF_MONTHS[name])
    if name in _OF_DAYS:
        return _counted(calendar, words.duration_part(text, "days"), *_OF_DAYS[name])
    return _counted(calendar, _floor(calendar, micros, 1_000_000), *_OF_SECONDS[name])


def _counted(calendar: Calendar, number: str, size: int, most: int) -> str:
    whole = calendar.words.whole_quotient(number, str(size)) if size > 1 else number
    return f"({whole} % {most})" if most else whole


def text_of(calendar: Calendar, text: str, kind: str) -> str:
    """A date, moment or duration as Cypher's toString writes it."""
    if kind == "duration":
        return _duration_text(calendar, text)
    dialect = calendar.dialect
    widths = (("year", 4), ("month", 2), ("day", 2))
    day = _joined(
        calendar, [_padded(calendar, part_of(calendar, text, kind, name), width) for name, width in widths], "-"
    )
    if kind == "date":
        return day
    clock = [_padded(calendar, part_of(calendar, text, kind, name), 2) for name in ("hour", "minute", "second")]
    whole = dialect.concatenation(dialect.concatenation(day, "'T'"), _joined(calendar, clock, ":"))
    fraction = _fraction(calendar, part_of(calendar, text, kind, "microsecond"))
    found = dialect.concatenation(whole, fraction)
    return dialect.concatenation(found, "'Z'") if kind == "datetime" else found


def _padded(calendar: Calendar, number: str, width: int) -> str:
    return f"lpad({calendar.dialect.cast(number, 'string')}, {width}, '0')"


def _joined(calendar: Calendar, texts: list[str], between: str) -> str:
    found = texts[0]
    for text in texts[1:]:
        found = calendar.dialect.concatenation(calendar.dialect.concatenation(found, f"'{between}'"), text)
    return found


def _fraction(calendar: Calendar, micros: str) -> str:
    """The decimals of a second after a point, without zeros at their end; nothing where there are none."""
    digits = f"trim(TRAILING '0' FROM {_padded(calendar, micros, 6)})"
    return f"(CASE WHEN {micros} = 0 THEN '' ELSE {calendar.dialect.concatenation(_POINT, digits)} END)"


_POINT = "'.'"


def _duration_text(calendar: Calendar, text: str) -> str:
    words, dialect = calendar.words, calendar.dialect
    months, micros = words.duration_part(text, "months"), words.duration_part(text, "microseconds")
    days = words.duration_part(text, "days")
    minutes = words.whole_quotient(micros, str(MICROSECONDS_OF["minutes"]))
    parts = ((words.whole_quotient(months, "12"), "Y"), (f"({months} % 12)", "M"), (days, "D"))
    date = _units(calendar, parts)
    time = _units(calendar, ((words.whole_quotient(minutes, "60"), "H"), (f"({minutes} % 60)", "M")))
    rest = f"({micros} % {MICROSECONDS_OF['minutes']})"
    size = f"abs({rest})"
    whole = dialect.cast(words.whole_quotient(size, "1000000"), "string")
    decimals = _fraction(calendar, f"({size} % 1000000)")
    signed = dialect.concatenation(f"(CASE WHEN {rest} < 0 THEN '-' ELSE '' END)", whole)
    seconds = dialect.concatenation(dialect.concatenation(signed, decimals), "'S'")
    time = dialect.concatenation(time, f"(CASE WHEN {rest} = 0 THEN '' ELSE {seconds} END)")
    time = f"(CASE WHEN {micros} = 0 THEN '' ELSE {dialect.concatenation(_MARK, time)} END)"
    nothing = f"{months} = 0 AND {days} = 0 AND {micros} = 0"
    found = dialect.concatenation(dialect.concatenation("'P'", date), time)
    return f"(CASE WHEN {text} IS NULL THEN NULL WHEN {nothing} THEN 'PT0S' ELSE {found} END)"


_MARK = "'T'"


def _units(calendar: Calendar, parts: tuple[tuple[str, str], ...]) -> str:
    found = "''"
    for number, unit in parts:
        shown = calendar.dialect.concatenation(calendar.dialect.cast(number, "string"), f"'{unit}'")
        found = calendar.dialect.concatenation(found, f"(CASE WHEN {number} = 0 THEN '' ELSE {shown} END)")
    return found


def seconds_of_day(hour: str, minute: str, second: str, micros: str) -> str:
    """The microseconds since midnight of a time of day."""
    hours, minutes = MICROSECONDS_OF["hours"], MICROSECONDS_OF["minutes"]
    return f"({hour} * {hours} + {minute} * {minutes} + {second} * 1000000 + {micros})"


def outside_day(hour: str, minute: str, second: str, micros: str) -> str:
    """Whether the numbers are no time of day."""
    bounds = ((hour, 23), (minute, 59), (second, 59), (micros, 999_999))
    return " OR ".join(f"{number} NOT BETWEEN 0 AND {most}" for number, most in bounds)
