"""The types of dates, times and durations: of the calls that make them, of their parts, of sums with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from ecosystem.messages import either, tr, tr_later
from ecosystem.query import kinds, temporal_maps, temporal_text
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.tree import Binary, Call, Expression, Literal, MapOf
from ecosystem.query.typing_scope import TypingScope

MOMENTS = ("date", "datetime", "localdatetime")
"""What stands somewhere in the calendar."""
TEMPORAL = (*MOMENTS, "duration")
DATE_PARTS = (
    *("year", "quarter", "month", "week", "weekYear", "day", "ordinalDay", "dayOfWeek", "weekDay", "dayOfQuarter"),
    "quarterDay",
)
TIME_PARTS = ("hour", "minute", "second", "millisecond", "microsecond", "nanosecond")
ZONE_PARTS = {
    **dict.fromkeys(("epochMillis", "epochSeconds", "offsetMinutes", "offsetSeconds"), "integer"),
    **dict.fromkeys(("timezone", "offset"), "string"),
}
DURATION_PARTS = (
    *("years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds"),
    *("milliseconds", "microseconds", "nanoseconds", "quartersOfYear", "monthsOfYear", "monthsOfQuarter"),
    *("daysOfWeek", "minutesOfHour", "secondsOfMinute", "millisecondsOfSecond", "microsecondsOfSecond"),
    "nanosecondsOfSecond",
)
COMPONENTS: Mapping[str, Mapping[str, str]] = {
    "date": dict.fromkeys(DATE_PARTS, "integer"),
    "datetime": {**dict.fromkeys((*DATE_PARTS, *TIME_PARTS), "integer"), **ZONE_PARTS},
    "localdatetime": dict.fromkeys((*DATE_PARTS, *TIME_PARTS), "integer"),
    "duration": dict.fromkeys(DURATION_PARTS, "integer"),
}
"""The parts of each kind, and their types."""
DATE_UNITS = ("millennium", "century", "decade", "year", "weekYear", "quarter", "month", "week", "day")
TIME_UNITS = {"hour": 3_600_000_000, "minute": 60_000_000, "second": 1_000_000, "millisecond": 1000, "microsecond": 1}
"""The units below a day, in microseconds."""
DIFFERENCES = ("duration.between", "duration.inmonths", "duration.indays", "duration.inseconds")
CLOCKS = tuple(f"{kind}{clock}" for kind in MOMENTS for clock in ("", ".transaction", ".statement", ".realtime"))
"""What is now, where no argument stands."""
OUTSIDE = ("time", "localtime")
"""What has a kind of its own in Cypher, and none here."""
CALLS = (
    *CLOCKS,
    *("duration", "timestamp", "datetime.fromepoch", "datetime.fromepochmillis"),
    *DIFFERENCES,
    *(f"{kind}.truncate" for kind in MOMENTS),
)
"""Every call that is typed here, in lower case."""
_TAKES = {
    "date": ("string", "date", "datetime", "localdatetime", "map"),
    "datetime": ("string", "datetime", "localdatetime", "map"),
    "localdatetime": ("string", "datetime", "localdatetime", "map"),
    "duration": ("string", "map"),
}
EXAMPLES = {
    "date": "date('2021-05-01')",
    "datetime": "datetime('2021-05-01T12:30:00Z')",
    "localdatetime": "localdatetime('2021-05-01T12:30:00')",
    "duration": "duration('P1Y2M3DT4H')",
}
"""How one of each kind is written."""
_NO_TEXT = {
    "date": tr_later("{text!r} is no date between the years 1 and 9999"),
    "datetime": tr_later("{text!r} is no date and time, in microseconds, between the years 1 and 9999"),
    "localdatetime": tr_later("{text!r} is no date and time, in microseconds, between the years 1 and 9999"),
    "duration": tr_later("{text!r} is no duration"),
}


def is_call(name: str) -> bool:
    """Whether a function is one of dates and times, be it inside or outside the subset."""
    return name in CALLS or name.split(".", maxsplit=1)[0] in OUTSIDE


def is_clock(node: SyntaxNode) -> bool:
    """Whether it is a call of what is now."""
    return isinstance(node, Call) and not node.arguments and (node.function in CLOCKS or node.function == "timestamp")


def type_of(typer: TypingScope, node: Call) -> str:
    """The type of a call; what is wrong with it is added to the findings."""
    name, given = node.function, len(node.arguments)
    if name not in CALLS:
        message = tr("{name}() is outside the subset: there are dates, moments in UTC, and durations", name=name)
        return typer.refuse(node, message, EXAMPLES["datetime"], "outside_subset")
    least, most = _arguments(name)
    if not least <= given <= most:
        count = str(most) if least == most else f"{least}-{most}"
        return typer.refuse(
            node, tr("{name}() takes {count} arguments, not {given}", name=name, count=count, given=given)
        )
    if name in DIFFERENCES:
        for argument in node.arguments:
            typer.expect(argument, MOMENTS, f"{name}()")
        return "duration"
    if name.startswith("datetime.fromepoch"):
        for argument in node.arguments:
            typer.expect(argument, ("integer",), f"{name}()")
        return "datetime"
    if name.endswith(".truncate"):
        return _truncated(typer, node)
    if not node.arguments:
        return "integer" if name == "timestamp" else name.split(".", maxsplit=1)[0]
    return _made(typer, node, node.arguments[0])


def _arguments(name: str) -> tuple[int, int]:
    """How many arguments a call takes, at least and at most."""
    if name in DIFFERENCES or name == "datetime.fromepoch":
        return 2, 2
    if name.endswith(".truncate"):
        return 2, 3
    if name == "timestamp" or (name in CLOCKS and "." in name):
        return 0, 0
    return (0, 1) if name in MOMENTS else (1, 1)


def _made(typer: TypingScope, node: Call, argument: Expression) -> str:
    made = node.function
    kind = typer.detailed(argument)
    word = kinds.word_for(kind)
    if word not in (*_TAKES[made], "null", "unknown"):
        who, takes = f"{made}()", either(_TAKES[made])
        typer.refuse(argument, tr("{who} takes {allowed}, not {found}", who=who, allowed=takes, found=word))
    elif isinstance(argument, Literal) and isinstance(argument.value, str):
        _text(typer, made, argument, argument.value)
    elif kinds.is_map(kind):
        entries = temporal_maps.entries_of(argument, kind)
        fault = temporal_maps.duration_fault(entries) if made == "duration" else temporal_maps.fault_of(entries, made)
        _entries(typer, argument, entries, fault, ("integer", "float") if made == "duration" else ("integer",))
    return made


def _text(typer: TypingScope, made: str, node: Literal, text: str) -> None:
    if constant(made, text) is not None:
        return
    if made == "datetime" and temporal_text.names_zone(text):
        hint = tr("write the moment in UTC, with a Z at its end")
        typer.refuse(node, tr("a time zone is outside the subset: times are in UTC"), hint, "outside_subset")
        return
    typer.refuse(node, tr(_NO_TEXT[made], text=text), EXAMPLES[made])


def constant(made: str, text: str) -> object:
    """The value that a text names; None where it names none."""
    match made:
        case "date":
            return temporal_text.date_of(text)
        case "duration":
            return temporal_text.duration_of(text)
        case _:
            return temporal_text.moment_of(text, zone=made == "datetime")


def hint_for(words: Collection[str]) -> str | None:
    """How one of two types that do not fit is made the other, where one is of dates and times."""
    moment = next((kind for kind in MOMENTS if kind in words), None)
    if moment is None:
        return None
    if "string" in words:
        return EXAMPLES[moment]
    return tr("date(x) makes a date of a moment") if "date" in words and len(set(words) & set(MOMENTS)) > 1 else None


def _entries(
    typer: TypingScope,
    at: Expression,
    entries: Mapping[str, Expression],
    fault: tuple[str, str] | None,
    numbers: tuple[str, ...],
) -> None:
    """Check the entries of a map: its keys, then what stands behind them."""
    if fault is not None:
        code, message = fault
        typer.refuse(at, message, code=code)
        return
    for key, value in entries.items():
        allowed = {"date": MOMENTS, "datetime": ("datetime", "localdatetime")}.get(key, numbers)
        typer.expect(value, allowed, f"{key}:")


def _truncated(typer: TypingScope, node: Call) -> str:
    made = node.function.split(".", maxsplit=1)[0]
    unit, given = node.arguments[:2]
    units = (*DATE_UNITS, *(TIME_UNITS if made != "date" else ()))
    found = typer.expect(given, MOMENTS, f"{node.function}()")
    if not isinstance(unit, Literal):
        typer.refuse(unit, tr("the unit of {name}() is written out", name=node.function), "'month'", "outside_subset")
    elif unit.value not in units or (unit.value in TIME_UNITS and found == "date"):
        shown = unit.value if isinstance(unit.value, str) else ""
        typer.refuse(unit, tr("{name}() knows no unit {unit!r}", name=node.function, unit=shown), ", ".join(units))
    if len(node.arguments) > 2:
        changes = node.arguments[2]
        kind = typer.detailed(changes)
        if not isinstance(changes, MapOf):
            typer.refuse(changes, tr("the changes after {name}() are a map", name=node.function), "{day: 15}")
        else:
            entries = temporal_maps.entries_of(changes, kind)
            fault = temporal_maps.fault_of(entries, made, changes=True)
            _entries(typer, changes, entries, fault, ("integer",))
    return made


def type_of_arithmetic(typer: TypingScope, node: Binary, left: str, right: str) -> str:
    """The type of `+ - * /` with a date, a time or a duration on one side at least."""
    if node.operator in _RESULTS and (found := _RESULTS[node.operator](left, right)) is not None:
        return found
    if node.operator == "-" and left in MOMENTS and right in MOMENTS:
        hint = "duration.between(a, b), duration.inDays(a, b).days"
        return typer.refuse(node, tr("a date is not taken from another by -"), hint)
    if {left, right} & set(MOMENTS) and {left, right} & {"integer", "float"}:
        return typer.refuse(node, tr("a date and a number are not added"), "d + duration({days: 3})")
    if {left, right} & {"string"}:
        return typer.refuse(node, tr("a date and a text are not joined"), "toString(d)")
    shown = f"{kinds.word_for(left)}, {kinds.word_for(right)}"
    return typer.refuse(node, tr("{operator} is not for {kinds}", operator=node.operator, kinds=shown))


def _sum(left: str, right: str) -> str | None:
    sides = [kind for kind in (left, right) if kind not in ("null", "unknown")]
    if len(sides) == 1:
        return sides[0]
    moments = [kind for kind in sides if kind in MOMENTS]
    return (moments[0] if moments else "duration") if len(moments) < 2 and "duration" in sides else None


def _difference(left: str, right: str) -> str | None:
    if left in ("null", "unknown"):
        return "duration" if right == "duration" else None
    return left if left in TEMPORAL and right in ("duration", "null", "unknown") else None


def _times(left: str, right: str) -> str | None:
    numbers = ("integer", "float", "null", "unknown")
    return (
        "duration" if (left == "duration" and right in numbers) or (right == "duration" and left in numbers) else None
    )


def _part(left: str, right: str) -> str | None:
    return "duration" if left == "duration" and right in ("integer", "float", "null", "unknown") else None


_RESULTS: Mapping[str, Callable[[str, str], str | None]] = {"+": _sum, "-": _difference, "*": _times, "/": _part}
