"""Random calls of functions, dates and durations, as text: of each type some templates, `<kind>` where a value stands.

What is drawn has one answer: no negative lengths, no texts that are no dates, no years beyond 9999.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "small": ("0", "1", "2", "3"),
    "divisor": ("2", "3", "7", "-3"),
    "month": ("1", "2", "6", "12"),
    "letter": ("'a'", "'b'", "'o'", "'北'", "' '", "'an'"),
    "pattern": ("'a.*'", "'.*'", "'[a-z]+'", "'(?i)AB'", "'北.'", "'a|b'", "''", "'company[0-9]'", "'.*[13]'"),
    "spelled": ("'12'", "' 7 '", "'-1.5'", "'1e3'", "'x'", "''", "'true'", "'FALSE'", "'0x1F'", "null"),
    "real": ("0.5", "0.1", "-2.25", "1.5", "0.0", "1000000.0", "12345678.9", "0.0001", "null"),
    "unit": ("'year'", "'quarter'", "'month'", "'week'", "'day'", "'decade'"),
    "mode": ("'UP'", "'DOWN'", "'CEILING'", "'FLOOR'", "'HALF_UP'", "'HALF_DOWN'", "'HALF_EVEN'"),
    "moment": ("datetime('2021-05-01T12:30:00Z')", "datetime({year: 2020, month: 2, day: 29, hour: 23})"),
}
DAYS = (
    *("date('2020-12-31')", "date('2021-01-01')", "date('2020-02-29')", "date('1999-12-31')", "date('2021-W01-1')"),
    *("date({year: 2021})", "date({year: 2020, month: 2})", "date(null)"),
)
LENGTHS = ("duration('P1M')", "duration('P1Y2M10D')", "duration({days: 45})", "duration('PT36H')", "duration('P0D')")
_DATE_PARTS = ("year", "quarter", "month", "week", "weekYear", "day", "ordinalDay", "dayOfWeek", "dayOfQuarter")
_OF_ONE = ("ceil", "floor", "round", "abs", "sin", "cos", "atan", "degrees", "radians", "haversin")
CALLS: Mapping[str, tuple[str, ...]] = {
    "integer": (
        *("size(<string>)", "char_length(<string>)", "abs(<integer>)", "sign(<integer>)", "sign(<float>)"),
        *("toInteger(<string>)", "toInteger(<spelled>)", "toInteger(<float>)", "toInteger(<boolean>)"),
        *("toIntegerOrNull(<spelled>)", "toIntegerOrNull(<boolean>)", "toIntegerOrNull(<date>)"),
        *("size(split(<string>, <letter>))", "size(<list of string>)", "head(<list of integer>)"),
        *("last(<list of integer>)", "(<integer> % <divisor>)", "(<integer> / <divisor>)", "(<moment>).hour"),
        *(f"(<date>).{part}" for part in _DATE_PARTS),
        *("duration.inDays(<date>, <date>).days", "duration.inMonths(<date>, <date>).months"),
        *("(<duration>).months", "(<duration>).days", "(<duration>).monthsOfYear"),
    ),
    "string": (
        *("toLower(<string>)", "toUpper(<string>)", "trim(<string>)", "ltrim(<string>)", "rtrim(<string>)"),
        *("substring(<string>, <small>)", "substring(<string>, <small>, <small>)", "left(<string>, <small>)"),
        *("right(<string>, <small>)", "replace(<string>, <letter>, <string>)", "reverse(<string>)"),
        *("toString(<integer>)", "toString(<boolean>)", "toString(<real>)", "toString(<date>)"),
        *("toStringOrNull(<integer>)", "toStringOrNull(<list of integer>)", "trim(BOTH 'a' FROM <string>)"),
        *("head(<list of string>)", "last(split(<string>, <letter>))", "(<string> + <integer>)"),
        *("nullIf(<string>, <string>)", "btrim(<string>, <letter>)"),
    ),
    "float": (
        *(f"{name}(<float>)" for name in _OF_ONE),
        *("round(<float>, <small>)", "round(<real>, <small>, <mode>)", "sqrt(abs(<float>))", "exp(<float> / 1e6)"),
        *("log(abs(<float>) + 1.5)", "log10(abs(<float>) + 1.5)", "atan2(<float>, 1.5)", "pi()", "e()"),
        *("toFloat(<string>)", "toFloat(<spelled>)", "toFloat(<integer>)", "toFloatOrNull(<spelled>)"),
        *("toFloatOrNull(<boolean>)", "(<integer> / 2.0)", "<float> ^ 2", "head(toFloatList(<list of string>))"),
    ),
    "boolean": (
        *("<string> =~ <pattern>",) * 3,
        *("isEmpty(<string>)", "isEmpty(<list of string>)", "toBoolean(<spelled>)"),
        *("toBoolean(<integer>)", "toBooleanOrNull(<spelled>)", "toBooleanOrNull(<float>)", "isNaN(<float>)"),
        *("<string> STARTS WITH <string>", "<string> ENDS WITH <letter>", "<string> CONTAINS <letter>"),
        *("<string> IN split(<string>, <letter>)", "<date> < <date>", "<date> = <date>", "<date> >= <date>"),
        *("<date> IN [<date>, <date>]", "<duration> = <duration>", "<date> IS NULL", "<moment> < <moment>"),
    ),
    "date": (
        *("(<date> + <duration>)", "(<date> - <duration>)", "(<date> + duration({days: <small>}))"),
        *("(<date> + duration({months: <small>}))", "date.truncate(<unit>, <some day>)", "coalesce(<date>, <date>)"),
        *("date({date: <some day>, day: 28})", "date({year: 2020, month: <month>, day: 28 - <small>})"),
        *("CASE WHEN <boolean> THEN <date> ELSE <date> END", "[<date>, <date>][<small>]", "date(<moment>)"),
        *("date(toString(<date>))", "nullIf(<date>, <date>)", "head([<date>])"),
    ),
    "duration": (
        *("duration.between(<date>, <date>)", "duration.inDays(<date>, <date>)", "duration.inMonths(<date>, <date>)"),
        *("duration({months: <small>, days: <small>})", "(<duration> + <duration>)", "(<duration> * <small>)"),
        *("coalesce(<duration>, <duration>)", "(<duration> - <duration>)"),
    ),
    "list of integer": (
        *("tail(<list of integer>)", "reverse(<list of integer>)", "toIntegerList(<list of string>)"),
        *("[d IN [<date>, <date>] | d.year]", "toIntegerList(split('1-x-3', <letter>))"),
    ),
    "list of string": (
        *("tail(<list of string>)", "reverse(<list of string>)", "split(<string>, <letter>)"),
        *("split(<string>, [<letter>, <letter>])", "toStringList(<list of integer>)", "toStringList([<date>])"),
    ),
}
"""What there is of each type."""
_PLACE = re.compile(r"<([a-z ]+)>")


class Draw(Protocol):
    """What draws values."""

    def one(self, *choices: str) -> str:
        """One of them."""

    def value(self, kind: str, names: Mapping[str, str], depth: int) -> str:
        """An expression of this type."""


def call(draw: Draw, kind: str, names: Mapping[str, str], depth: int) -> str:
    """A call that gives this type, of values that are drawn one level deeper."""

    def fill(place: re.Match[str]) -> str:
        inside = place.group(1)
        if inside == "some day":
            # of no day at all the server neither truncates nor takes parts: it refuses
            return f"coalesce({draw.value('date', names, depth - 1)}, date('2020-05-31'))"
        return draw.one(*CONSTANTS[inside]) if inside in CONSTANTS else draw.value(inside, names, depth - 1)

    return _PLACE.sub(fill, draw.one(*CALLS[kind]))
