"""The calls of dates, moments and durations in SQL, and what is computed with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Protocol, cast

from ecosystem.query import kinds, temporal_maps, temporal_types
from ecosystem.query.dialect import Dialect
from ecosystem.query.temporal_parts import outside_day, part_of, seconds_of_day
from ecosystem.query.temporal_reading import duration_read, read_date, read_moment
from ecosystem.query.temporal_sql import Calendar
from ecosystem.query.temporal_text import DAY, MICROSECONDS_OF, MONTH, Duration, duration_from
from ecosystem.query.temporal_types import MOMENTS, TIME_UNITS
from ecosystem.query.tree import Binary, Call, Expression, Literal


class Expressions(Protocol):
    """What turns the parts of an expression into SQL: see `expressions.Emitter`."""

    @property
    def dialect(self) -> Dialect:
        """How the engine writes it."""

    def expression(self, node: Expression) -> str:
        """The SQL of an expression."""

    def type_of(self, node: Expression) -> str:
        """Its type."""


@dataclass(frozen=True, slots=True)
class Temporal:
    """The calls and operators of dates and times in one scope."""

    emit: Expressions

    @property
    def calendar(self) -> Calendar:
        """The calendar as the engine writes it."""
        return Calendar(self.emit.dialect)

    def call(self, node: Call) -> str:
        """The SQL of a call."""
        name = node.function
        if name in temporal_types.DIFFERENCES:
            return self._between(node)
        if name.startswith("datetime.fromepoch"):
            return self._from_epoch(node)
        if name.endswith(".truncate"):
            return self._truncated(node)
        if not node.arguments:
            return self._now(name)
        return self._made(name, node.arguments[0])

    def _null(self, kind: str) -> str:
        return self.emit.dialect.cast(self.emit.dialect.constant(None), kind)

    def _now(self, name: str) -> str:
        words = self.calendar.words
        if name == "timestamp":
            return words.whole_quotient(words.now(), "1000")
        kind = name.split(".", maxsplit=1)[0]
        moment = words.moment_at(words.now())
        return self.emit.dialect.cast(moment, "date") if kind == "date" else moment

    def _made(self, made: str, argument: Expression) -> str:
        kind = self.emit.type_of(argument)
        if kind in ("null", "unknown"):
            return self._null(made)
        if isinstance(argument, Literal) and isinstance(argument.value, str):
            return self._constant(temporal_types.constant(made, argument.value))
        if kinds.is_map(kind):
            entries = temporal_maps.entries_of(argument, kind)
            return self._duration(entries) if made == "duration" else self._from_map(made, entries)
        text = self.emit.expression(argument)
        if kind == "string":
            read = {"date": read_date, "duration": duration_read}.get(made)
            return read(self.calendar, text) if read is not None else read_moment(self.calendar, text, made)
        return self.emit.dialect.cast(text, made) if kind != made else text

    def _constant(self, value: object) -> str:
        dialect = self.emit.dialect
        match value:
            case datetime():
                return dialect.cast(f"'{value.isoformat(sep=' ')}'", "datetime")
            case date():
                return dialect.cast(f"'{value.isoformat()}'", "date")
            case _:
                numbers = (dialect.constant(part) for part in cast("Duration", value))
                return self.calendar.words.duration(*numbers)

    def _from_map(self, made: str, entries: Mapping[str, Expression], base: tuple[str, str] | None = None) -> str:
        """A date or moment of the keys of a map; what they do not say is as in `base`, a text and its kind."""
        calendar = self.calendar
        for key, size in temporal_maps.EPOCHS.items():
            if key in entries:
                return calendar.moment_in_range(f"({self.emit.expression(entries[key])} * {size})", made)
        other = temporal_maps.base_key(entries)
        if other is not None:
            found = self.emit.type_of(entries[other])
            if found in ("null", "unknown"):
                return self._null(made)
            base = (self.emit.expression(entries[other]), found)
        texts = {name: self.emit.expression(value) for name, value in entries.items() if name != other}
        day = self._day(texts, None if base is None else calendar.day_of(*base))
        if made == "date":
            return day
        return self._at_time(made, day, texts, base if other != "date" else None)

    def _day(self, texts: Mapping[str, str], base: str | None) -> str:
        """The date of the keys of a map, beside those of a date that they change."""
        calendar, words = self.calendar, self.calendar.words
        way = temporal_maps.way_of(texts)

        def named(key: str, part: str) -> str:
            if key in texts:
                # a part that is null is not said
                return texts[key] if key == "year" else f"coalesce({texts[key]}, 1)"
            return "1" if base is None else part_of(calendar, base, "date", part)

        year = named("year", "weekYear" if way == "week" else "year")
        match way:
            case "week":
                return calendar.week_date(year, named("week", "week"), named("dayofweek", "dayOfWeek"))
            case "ordinal":
                return calendar.ordinal_date(year, named("ordinalday", "ordinalDay"))
            case "quarter" if base is None or "dayofquarter" in texts:
                return calendar.quarter_date(year, named("quarter", "quarter"), named("dayofquarter", "dayOfQuarter"))
        if base is None:
            return calendar.date(year, named("month", "month"), named("day", "day"))
        month = named("month", "month")
        if way == "quarter":
            month = f"(3 * {named('quarter', 'quarter')} - 2 + ({month} - 1) % 3)"
        months = f"({year} * 12 + {month} - {words.part('year', base)} * 12 - {words.part('month', base)})"
        if "day" in texts:
            return calendar.date(year, month, named("day", "day"))
        number = words.day_number(words.add_months(base, months))
        return calendar.day_in_range(number) if texts else base

    def _at_time(self, made: str, day: str, texts: Mapping[str, str], base: tuple[str, str] | None) -> str:
        """The moment of a day and the keys of a time of day; what they do not say is as in `base`, else 0."""
        calendar = self.calendar

        def named(key: str) -> str:
            if key in texts:
                return f"coalesce({texts[key]}, 0)"
            return "0" if base is None or base[1] == "date" else part_of(calendar, *base, key)

        given = [f"coalesce({texts[key]}, 0) * {size}" for key, size in temporal_maps.FRACTIONS.items() if key in texts]
        micros = f"({' + '.join(given)})" if given else named("microsecond")
        clock = (*map(named, temporal_maps.TIME), micros)
        if clock == ("0",) * 4:
            return calendar.at(day, "0", made)
        failure = self.emit.dialect.failure("date_range", made)
        moment = calendar.at(day, seconds_of_day(*clock), made)
        return f"(CASE WHEN {outside_day(*clock)} THEN {failure} ELSE {moment} END)"

    def _duration(self, entries: Mapping[str, Expression]) -> str:
        """A duration of the keys of a map: exactly, where all are integers or written out."""
        values = {unit: value.value for unit, value in entries.items() if isinstance(value, Literal)}
        if len(values) == len(entries) and all(type(value) in (int, float) for value in values.values()):
            return self._constant(duration_from({unit: Fraction(str(value)) for unit, value in values.items()}))
        texts = {unit: self.emit.expression(value) for unit, value in entries.items()}
        sums = (
            _sum(texts, {"years": 12, "months": 1}),
            _sum(texts, {"weeks": 7, "days": 1}),
            _sum(texts, {**MICROSECONDS_OF, "microseconds": 1}),
        )
        if all(self.emit.type_of(value) != "float" for value in entries.values()):
            return self.calendar.words.duration(*sums)
        return self._spread(*sums)

    def _spread(self, months: str, days: str, micros: str) -> str:
        """A duration of floats: what is no whole month is days, and what is no whole day is time."""
        cast_ = self.emit.dialect.cast
        words = self.calendar.words

        def whole(text: str) -> str:
            # towards 0: a cast would round
            return cast_(f"(CASE WHEN {text} < 0 THEN ceil({text}) ELSE floor({text}) END)", "integer")

        size = self.emit.dialect.constant(MONTH / DAY)
        spread = f"({days} + ({months} - {whole(months)}) * {size})"
        rest = cast_(
            f"round({micros} + ({spread} - {whole(spread)}) * {self.emit.dialect.constant(float(DAY))})", "integer"
        )
        return words.duration(whole(months), whole(spread), rest)

    def _between(self, node: Call) -> str:
        calendar, dialect = self.calendar, self.emit.dialect
        found = [self.emit.type_of(argument) for argument in node.arguments]
        if not all(kind in MOMENTS for kind in found):
            return self._null("duration")
        one, other = (self.emit.expression(argument) for argument in node.arguments)
        one_kind, other_kind = found
        zero = dialect.constant(0)
        if node.function == "duration.between":
            return calendar.between(one, one_kind, other, other_kind)
        if node.function == "duration.inmonths":
            return calendar.words.duration(calendar.months_between(one, one_kind, other, other_kind), zero, zero)
        micros = f"({calendar.micros_of(other, other_kind)} - {calendar.micros_of(one, one_kind)})"
        if node.function == "duration.indays":
            return calendar.words.duration(zero, calendar.words.whole_quotient(micros, str(DAY)), zero)
        return calendar.words.duration(zero, zero, micros)

    def _from_epoch(self, node: Call) -> str:
        texts = [self.emit.expression(argument) for argument in node.arguments]
        if node.function == "datetime.fromepochmillis":
            return self.calendar.moment_in_range(f"({texts[0]} * 1000)", "datetime")
        micros = f"({texts[0]} * 1000000 + {self.calendar.words.whole_quotient(texts[1], '1000')})"
        moment = self.calendar.moment_in_range(micros, "datetime")
        failure = self.emit.dialect.failure("fine_time", "datetime")
        return f"(CASE WHEN {texts[1]} % 1000 <> 0 THEN {failure} ELSE {moment} END)"

    def _truncated(self, node: Call) -> str:
        calendar = self.calendar
        made = node.function.split(".", maxsplit=1)[0]
        kind = self.emit.type_of(node.arguments[1])
        if kind not in MOMENTS:
            return self._null(made)
        text = self.emit.expression(node.arguments[1])
        unit = cast("str", cast("Literal", node.arguments[0]).value)
        if unit in TIME_UNITS:
            found = calendar.floored(text, kind, TIME_UNITS[unit])
        else:
            found = calendar.truncated(text, kind, unit)
            found = found if made == "date" else self.emit.dialect.cast(found, made)
        if len(node.arguments) < 3:
            return found
        changes = temporal_maps.entries_of(node.arguments[2], self.emit.type_of(node.arguments[2]))
        return self._from_map(made, changes, (found, made)) if changes else found

    def arithmetic(self, node: Binary) -> str:
        """`+ - * /` with a date, a moment or a duration on one side at least."""
        kind, left, right = (self.emit.type_of(each) for each in (node, node.left, node.right))
        if {left, right} & {"null", "unknown"}:
            return self._null(kind if kind in temporal_types.TEMPORAL else "duration")
        one, other = self.emit.expression(node.left), self.emit.expression(node.right)
        if left in MOMENTS:
            return self.calendar.moved(one, left, other, node.operator)
        if right in MOMENTS:
            return self.calendar.moved(other, right, one, node.operator)
        if left == right:
            return self._together(one, other, node.operator)
        if node.operator == "*" and right == "duration":
            one, other, right = other, one, left
        return self._scaled(one, other, node.operator, right)

    def _together(self, one: str, other: str, operator: str) -> str:
        part = self.calendar.words.duration_part
        months, days, micros = (
            f"({part(one, name)} {operator} {part(other, name)})" for name in ("months", "days", "microseconds")
        )
        return self.calendar.words.duration(months, days, micros)

    def _scaled(self, duration: str, number: str, operator: str, kind: str) -> str:
        """A duration times a number, or divided by one."""
        dialect, part = self.emit.dialect, self.calendar.words.duration_part
        if kind == "integer" and operator == "*":
            months, days, micros = (
                f"({part(duration, name)} * {number})" for name in ("months", "days", "microseconds")
            )
            return self.calendar.words.duration(months, days, micros)
        by = dialect.cast(number, "float")
        if operator == "/":
            by = f"(CASE WHEN {by} = 0 THEN {dialect.failure('zero_division', 'float')} ELSE {by} END)"
        parts = (dialect.cast(part(duration, name), "float") for name in ("months", "days", "microseconds"))
        months, days, micros = (f"({each} {operator} {by})" for each in parts)
        return self._spread(months, days, micros)


def _sum(texts: Mapping[str, str], sizes: Mapping[str, int]) -> str:
    found = [f"{texts[unit]} * {size}" for unit, size in sizes.items() if unit in texts]
    return f"({' + '.join(found)})" if found else "0"
