"""What SQL engines write in different words about dates, moments and durations.

A moment is a timestamp without a time zone, in UTC. A duration is a record of three integers, months, days and
microseconds: an interval of SQL takes 24 hours for a day and 30 days for a month, and Cypher does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Part = Literal["year", "month", "day", "quarter", "week", "week_year", "weekday", "day_of_year"]
"""The parts of a date; weeks are those of ISO 8601, and Monday is day 1."""
DurationPart = Literal["months", "days", "microseconds"]


class TemporalDialect(Protocol):
    """How an engine writes them. It knows CAST to a type of `Dialect.types`, and lpad, trim and CASE."""

    def date(self, year: str, month: str, day: str) -> str:
        """The date of three integers; an error of the engine where there is none."""

    def day_number(self, date: str) -> str:
        """The days since 1970-01-01, as an integer."""

    def date_at(self, number: str) -> str:
        """The date so many days after 1970-01-01."""

    def add_months(self, date: str, months: str) -> str:
        """The date so many months later; the last day of its month where it has no such day."""

    def microseconds(self, moment: str) -> str:
        """The microseconds since 1970-01-01T00:00, as an integer."""

    def moment_at(self, microseconds: str) -> str:
        """The moment so many microseconds after 1970-01-01T00:00."""

    def part(self, part: Part, date: str) -> str:
        """A part of a date, as an integer."""

    def now(self) -> str:
        """The microseconds since 1970-01-01T00:00 in UTC, the same throughout a query."""

    def whole_quotient(self, left: str, right: str) -> str:
        """Two integers divided, the remainder cut off."""

    def matches(self, text: str, pattern: str) -> str:
        """Whether a pattern of ours is found in a text."""

    def group(self, text: str, pattern: str, number: int) -> str:
        """What a group of a pattern has found in a text; empty where it has found nothing."""

    def duration(self, months: str, days: str, microseconds: str) -> str:
        """The duration of three integers; null where one of them is."""

    def duration_part(self, duration: str, part: DurationPart) -> str:
        """One of the three integers of a duration."""


@dataclass(frozen=True, slots=True)
class DuckDBTemporal:
    """DuckDB 1.5."""

    def date(self, year: str, month: str, day: str) -> str:
        """The function."""
        return f"make_date({year}, {month}, {day})"

    def day_number(self, date: str) -> str:
        """Dates are taken from each other."""
        return f"({date} - CAST('1970-01-01' AS DATE))"

    def date_at(self, number: str) -> str:
        """Days are added as integers of 32 bits."""
        return f"(CAST('1970-01-01' AS DATE) + CAST({number} AS INTEGER))"

    def add_months(self, date: str, months: str) -> str:
        """By an interval, which makes a timestamp of the date."""
        return f"CAST(({date} + to_months(CAST({months} AS INTEGER))) AS DATE)"

    def microseconds(self, moment: str) -> str:
        """The function."""
        return f"epoch_us({moment})"

    def moment_at(self, microseconds: str) -> str:
        """The function with one argument."""
        return f"make_timestamp({microseconds})"

    def part(self, part: Part, date: str) -> str:
        """The function, which calls some parts otherwise."""
        name = {"week_year": "isoyear", "weekday": "isodow", "day_of_year": "doy"}.get(part, part)
        return f"date_part('{name}', {date})"

    def now(self) -> str:
        """When the transaction began, and each query is one."""
        return "epoch_us(now())"

    def whole_quotient(self, left: str, right: str) -> str:
        """The operator of two strokes."""
        return f"({left} // {right})"

    def matches(self, text: str, pattern: str) -> str:
        """The function."""
        return f"regexp_matches({text}, '{pattern}')"

    def group(self, text: str, pattern: str, number: int) -> str:
        """The function."""
        return f"regexp_extract({text}, '{pattern}', {number})"

    def duration(self, months: str, days: str, microseconds: str) -> str:
        """A struct, which would be there even of nulls."""
        fields = {"months": months, "days": days, "microseconds": microseconds}
        packed = ", ".join(f"{name} := CAST({text} AS BIGINT)" for name, text in fields.items())
        there = " AND ".join(f"{text} IS NOT NULL" for text in fields.values())
        return f"(CASE WHEN {there} THEN struct_pack({packed}) END)"

    def duration_part(self, duration: str, part: DurationPart) -> str:
        """A field of the struct."""
        return f"struct_extract({duration}, '{part}')"
