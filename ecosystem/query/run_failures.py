"""What a checked query may fail of while an engine runs it: for each code a sentence and what can be done.

Where our own SQL has to fail on purpose, it raises the text `raised(code)`, by `Dialect.failure(code, kind)`, and the
store reads the code back with `raised_in`. What an engine says of its own is turned into one of these codes by its
store. A new way to fail is a record here; no text of an engine reaches a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ecosystem.errors import StoreError
from ecosystem.messages import tr, tr_later

_MARK = "ecosystem: "


@dataclass(frozen=True, slots=True)
class RunFailure:
    """What has happened, and the next step; texts for `tr`, without values."""

    message: str
    hint: str


RUN_FAILURES: Mapping[str, RunFailure] = MappingProxyType(
    {
        "inexact": RunFailure(
            tr_later("an integer above 2^53 would lose its last digits as a float, and it stands where both may come"),
            tr_later("multiply it by 1.0 where the last digits do not matter"),
        ),
        "overflow": RunFailure(
            tr_later("a number of the query leaves the 64 bits of an integer"),
            tr_later("compute it as a float: 1.0 * a * b, or sum(1.0 * x)"),
        ),
        "float_overflow": RunFailure(
            tr_later("a number of the query grows beyond the largest float, 1.8e308"),
            tr_later("divide the numbers by a power of ten before they are computed with"),
        ),
        "zero_division": RunFailure(
            tr_later("an integer is divided by 0"),
            tr_later("write CASE WHEN b <> 0 THEN a / b END, or divide as floats: 1.0 * a / b"),
        ),
        "root_of_negative": RunFailure(
            tr_later("the square root of a negative number is asked for"),
            tr_later("write CASE WHEN x >= 0 THEN sqrt(x) END"),
        ),
        "logarithm": RunFailure(
            tr_later("the logarithm of 0 or of a negative number is asked for"),
            tr_later("write CASE WHEN x > 0 THEN log(x) END"),
        ),
        "percentile": RunFailure(
            tr_later("a percentile is a number from 0 to 1"),
            tr_later("the median is percentileCont(x, 0.5)"),
        ),
        "no_number": RunFailure(
            tr_later("a text that is no number stands where one is needed"),
            tr_later("toIntegerOrNull(x) and toFloatOrNull(x) are null for such a text"),
        ),
        "no_date": RunFailure(
            tr_later("a text that is no date stands where one is needed"),
            tr_later("a date is written 2021-05-01, a time 2021-05-01T12:30:00, a duration P1Y2M3D"),
        ),
        "date_range": RunFailure(
            tr_later("a date of the query lies outside the calendar, or beyond the years that the engine knows"),
            tr_later("is the month from 1 to 12, the day one of that month, the difference not too large?"),
        ),
        "fine_time": RunFailure(
            tr_later("a time of the query is finer than a microsecond, in which times are counted here"),
            tr_later("round it to 1000 nanoseconds"),
        ),
        "pattern": RunFailure(
            tr_later("the text after =~ is not a regular expression that the engine knows"),
            tr_later("close every bracket, put something before * + ?; look-around (?=...) and \\1 are not known"),
        ),
        "computed_pattern": RunFailure(
            tr_later(
                "a regular expression that is not written out has a bracket, a brace, a backslash or ^ or $ in it"
            ),
            tr_later("write it out behind =~; a parameter may have . * + ? | ( ) and (?i) at its start"),
        ),
        "half_character": RunFailure(
            tr_later("a text is parted at every place, and has a character that Cypher would part in two halves"),
            tr_later("give split or replace what it shall look for, at least one character"),
        ),
        "precision": RunFailure(
            tr_later("round() to fewer than 0 places is asked for"),
            tr_later("to tens: 10 * round(x / 10.0)"),
        ),
        "rounding_mode": RunFailure(
            tr_later("a way of rounding is asked for that nobody knows"),
            tr_later("they are UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN and HALF_EVEN"),
        ),
        "sigma": RunFailure(
            tr_later(
                "a Greek capital sigma stands beside a sign, and whether it is the last letter of a word is unclear"
            ),
            tr_later("compare without toLower, or take the sign away before: replace(x, '-', ' ')"),
        ),
        "null_bound": RunFailure(
            tr_later("range() from, to or by what is null"),
            tr_later("leave the nulls out before, by WHERE n.x IS NOT NULL, or take coalesce(n.x, 0)"),
        ),
        "negative_length": RunFailure(
            tr_later("a part of a text is asked for whose start or length is below 0"),
            tr_later("substring, left and right count from 0 on"),
        ),
        "long_text": RunFailure(
            tr_later("a text of the query grows beyond 4,294,967,295 bytes"),
            tr_later("join fewer texts, or shorter ones"),
        ),
        "long_list": RunFailure(
            tr_later("a list of the query grows too long"),
            tr_later("make it shorter: range over fewer numbers, collect after a WHERE"),
        ),
        "step": RunFailure(
            tr_later("the step of a range or of a slice is 0"),
            tr_later("count up by a number above 0, or down by one below"),
        ),
        "row_number": RunFailure(
            tr_later("SKIP and LIMIT take whole numbers from 0 on"),
            tr_later("give a parameter such a value: --param n=10"),
        ),
        "unlike": RunFailure(
            tr_later("values of different types stand where the embedded engine takes one type"),
            tr_later("make texts of them: toString(x); or ask for them in columns of their own"),
        ),
        "same_key": RunFailure(
            tr_later("a map has the same key twice"),
            tr_later("give each value a key of its own"),
        ),
        "disk_full": RunFailure(
            tr_later("what of the query does not fit into the memory was put on the disk, and the disk is full"),
            tr_later("free some space, or ask for less"),
        ),
        "unreadable": RunFailure(
            tr_later("the file with the graph can no longer be read"),
            tr_later("is it still there, and its disk whole? else load the dataset again: ecosystem load DIR"),
        ),
        "too_deep": RunFailure(
            tr_later("the query is too long for the embedded engine"),
            tr_later("ask it in several queries"),
        ),
    }
)
"""By code. The texts say nothing of the values, which an engine tells in words of its own."""


def raised(code: str) -> str:
    """The text that our SQL fails with; KeyError for a code that is not in the table."""
    _ = RUN_FAILURES[code]
    return f"{_MARK}{code}"


def raised_in(text: str) -> RunFailure | None:
    """The failure that an engine's error names, where our own SQL has raised it."""
    found = re.search(rf"{_MARK}(\w+)", text)
    return RUN_FAILURES.get(found[1]) if found else None


def failed(code: str, statement: str | None = None) -> StoreError:
    """The error of a query that failed so, with the statement that the engine was given."""
    failure = RUN_FAILURES[code]
    return StoreError(tr(failure.message), hint=tr(failure.hint), statement=statement)
