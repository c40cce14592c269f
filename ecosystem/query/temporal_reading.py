"""Dates, moments and durations read in SQL, from texts that are known only when a query runs."""

from __future__ import annotations

from collections.abc import Sequence

from ecosystem.query.temporal_parts import outside_day, seconds_of_day
from ecosystem.query.temporal_sql import Calendar
from ecosystem.query.temporal_text import DATES, DURATION, MICROSECONDS_OF, PARTS, TIME, UTC

_BEFORE_T, _AFTER_T = "^([^T]*)", "T(.*)$"
_NOT_EMPTY = "[YyMmWwDdHhSs]$"


def _number(calendar: Calendar, text: str, pattern: str, groups: Sequence[int], default: int | None = None) -> str:
    """The integer that one of the groups has found; the default where none has."""
    found = [f"nullif({calendar.words.group(text, pattern, at)}, '')" for at in groups]
    whole = calendar.dialect.cast(f"coalesce({', '.join(found)})" if len(found) > 1 else found[0], "integer")
    return whole if default is None else f"coalesce({whole}, {default})"


def read_date(calendar: Calendar, text: str) -> str:
    """The date that a text names in one of Cypher's ways; the failure `no_date` where it names none."""
    branches = []
    for way, pattern in DATES.items():
        year = _number(calendar, text, pattern, (1,))
        parts = [_number(calendar, text, pattern, groups, 1) for groups in PARTS[way]]
        match way:
            case "calendar":
                made = calendar.date(year, *parts)
            case "week":
                made = calendar.week_date(year, *parts, strict=True)
            case "quarter":
                made = calendar.quarter_date(year, *parts, strict=True)
            case _:
                made = calendar.ordinal_date(year, *parts)
        branches.append(f"WHEN {calendar.words.matches(text, pattern)} THEN {made}")
    failure = calendar.dialect.failure("no_date", "date")
    return f"(CASE WHEN {text} IS NULL THEN NULL {' '.join(branches)} ELSE {failure} END)"


def read_moment(calendar: Calendar, text: str, kind: str) -> str:
    """The moment that a text names; the failure `no_date` where it names none, or one in another time zone than UTC."""
    words = calendar.words
    day = read_date(calendar, words.group(text, _BEFORE_T, 1))
    time = words.group(text, _AFTER_T, 1)
    # a local moment has no zone
    pattern = TIME.removesuffix("$") + (f"{UTC.removesuffix('$')}?$" if kind == "datetime" else "$")
    clock = [_number(calendar, time, pattern, (at, at + 4), 0) for at in (1, 2, 3)]
    digits = (words.group(time, pattern, 4), words.group(time, pattern, 8))
    fraction = f"coalesce(nullif({digits[0]}, ''), nullif({digits[1]}, ''), '0')"
    numbers = (*clock, calendar.dialect.cast(f"rpad({fraction}, 6, '0')", "integer"))
    failure = calendar.dialect.failure("no_date", kind)
    fine = words.matches(fraction, "^[0-9]{6}0*[1-9]")
    at_time = (
        f"CASE WHEN NOT {words.matches(time, pattern)} OR {outside_day(*numbers)} THEN {failure} "
        f"WHEN {fine} THEN {calendar.dialect.failure('fine_time', kind)} "
        f"ELSE {calendar.at(day, seconds_of_day(*numbers), kind)} END"
    )
    return (
        f"(CASE WHEN {text} IS NULL THEN NULL WHEN {words.matches(text, 'T')} THEN {at_time} "
        f"ELSE {calendar.dialect.cast(day, kind)} END)"
    )


def duration_read(calendar: Calendar, text: str) -> str:
    """The duration that a text names, of whole numbers but for the seconds; the failure `no_date` of any other text."""
    words, dialect = calendar.words, calendar.dialect
    years, months, weeks, days, hours, minutes, seconds = (
        _number(calendar, text, DURATION, (at,), 0) for at in range(2, 9)
    )
    decimals = f"rpad({words.group(text, DURATION, 9)}, 6, '0')"
    fraction = dialect.cast(decimals, "integer")
    sign = f"(CASE WHEN {words.matches(words.group(text, DURATION, 8), '^-')} THEN -1 ELSE 1 END)"
    hour, minute = MICROSECONDS_OF["hours"], MICROSECONDS_OF["minutes"]
    micros = f"({hours} * {hour} + {minutes} * {minute} + {seconds} * 1000000 + {sign} * {fraction})"
    whole = f"(CASE WHEN {words.group(text, DURATION, 1)} = '-' THEN -1 ELSE 1 END)"
    sums = (f"({years} * 12 + {months})", f"({weeks} * 7 + {days})", micros)
    made = words.duration(*(f"({whole} * {each})" for each in sums))
    failure = dialect.failure("no_date", "duration")
    fits = f"{words.matches(text, DURATION)} AND {words.matches(text, _NOT_EMPTY)}"
    return f"(CASE WHEN {text} IS NULL THEN NULL WHEN {fits} THEN {made} ELSE {failure} END)"
