"""The calendar in SQL: dates and moments made, moved, cut off and compared; durations between them.

Every text that a method takes is SQL that may stand as an operand, null where the value is null, and so is every text
that it gives. What lies outside the years 1 to 9999 fails: neither store can give it back.
"""

from __future__ import annotations

from dataclasses import dataclass

from ecosystem.query.dialect import Dialect
from ecosystem.query.temporal_dialect import TemporalDialect
from ecosystem.query.temporal_text import DAY

FIRST_DAY, LAST_DAY = -719_162, 2_932_896
"""0001-01-01 and 9999-12-31, in days from 1970-01-01."""
_YEARS = {"millennium": 1000, "century": 100, "decade": 10, "year": 1}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Dates, moments and durations as an engine writes them."""

    dialect: Dialect

    @property
    def words(self) -> TemporalDialect:
        """The engine's words about them."""
        return self.dialect.temporal

    def day_in_range(self, number: str) -> str:
        """The date of a day's number; the failure `date_range` outside the years 1 to 9999."""
        failure = self.dialect.failure("date_range", "date")
        outside = f"{number} NOT BETWEEN {FIRST_DAY} AND {LAST_DAY}"
        return f"(CASE WHEN {outside} THEN {failure} ELSE {self.words.date_at(number)} END)"

    def moment_in_range(self, microseconds: str, kind: str) -> str:
        """The moment of so many microseconds; the failure `date_range` outside the years 1 to 9999."""
        failure = self.dialect.failure("date_range", kind)
        outside = f"{microseconds} NOT BETWEEN {FIRST_DAY * DAY} AND {(LAST_DAY + 1) * DAY - 1}"
        return f"(CASE WHEN {outside} THEN {failure} ELSE {self.words.moment_at(microseconds)} END)"

    def date(self, year: str, month: str, day: str) -> str:
        """The date of three integers."""
        outside = f"{year} NOT BETWEEN 1 AND 9999 OR {month} NOT BETWEEN 1 AND 12 OR {day} NOT BETWEEN 1 AND 31"
        failure = self.dialect.failure("date_range", "date")
        return f"(CASE WHEN {outside} THEN {failure} ELSE {self.words.date(year, month, day)} END)"

    def week_date(self, year: str, week: str, weekday: str, *, strict: bool = False) -> str:
        """The day of a week of a year, where `strict` only one of that year's own weeks.

        Week 53 of a year that has 52 is else the first of the next, as it is to Neo4j in a map, not in a text.
        """
        fourth = self.words.date(year, "1", "4")  # which is always in week 1
        monday = f"({self.words.day_number(fourth)} - {self.words.part('weekday', fourth)} + 1)"
        number = f"({monday} + 7 * ({week} - 1) + {weekday} - 1)"
        outside = f"{year} NOT BETWEEN 1 AND 9999 OR {week} NOT BETWEEN 1 AND 53 OR {weekday} NOT BETWEEN 1 AND 7"
        if strict:
            outside += f" OR {self.words.part('week_year', self.words.date_at(number))} <> {year}"
        failure = self.dialect.failure("date_range", "date")
        return f"(CASE WHEN {outside} THEN {failure} ELSE {self.words.date_at(number)} END)"

    def quarter_date(self, year: str, quarter: str, day: str, *, strict: bool = False) -> str:
        """The day of a quarter, counted from 1; where `strict` only one that the quarter has."""
        first = self.words.date(year, f"(3 * {quarter} - 2)", "1")
        number = f"({self.words.day_number(first)} + {day} - 1)"
        outside = f"{year} NOT BETWEEN 1 AND 9999 OR {quarter} NOT BETWEEN 1 AND 4 OR {day} NOT BETWEEN 1 AND 92"
        if strict:
            outside += f" OR {self.words.part('quarter', self.words.date_at(number))} <> {quarter}"
        failure = self.dialect.failure("date_range", "date")
        return f"(CASE WHEN {outside} THEN {failure} ELSE {self.words.date_at(number)} END)"

    def ordinal_date(self, year: str, day: str) -> str:
        """The day of a year, counted from 1."""
        number = f"({self.words.day_number(self.words.date(year, '1', '1'))} + {day} - 1)"
        outside = f"{year} NOT BETWEEN 1 AND 9999 OR {day} NOT BETWEEN 1 AND 366"
        outside += f" OR {self.words.part('year', self.words.date_at(number))} <> {year}"
        failure = self.dialect.failure("date_range", "date")
        return f"(CASE WHEN {outside} THEN {failure} ELSE {self.words.date_at(number)} END)"

    def day_of(self, text: str, kind: str) -> str:
        """The date of a date or moment."""
        return text if kind == "date" else self.dialect.cast(text, "date")

    def time_of(self, text: str, kind: str) -> str:
        """The microseconds since midnight of a date or moment."""
        if kind == "date":
            return "0"
        midnight = f"{self.words.day_number(self.day_of(text, kind))} * {DAY}"
        return f"({self.words.microseconds(text)} - {midnight})"

    def micros_of(self, text: str, kind: str) -> str:
        """The microseconds from 1970 to a date or moment."""
        if kind == "date":
            return f"({self.words.day_number(text)} * {DAY})"
        return self.words.microseconds(text)

    def at(self, date: str, microseconds: str, kind: str) -> str:
        """The moment so many microseconds after a date begins."""
        return self.moment_in_range(f"({self.words.day_number(date)} * {DAY} + {microseconds})", kind)

    def moved(self, text: str, kind: str, duration: str, sign: str) -> str:
        """A date or moment and a duration added: its months, then its days, then its time. Of a date whole days."""
        months, days, micros = (self.words.duration_part(duration, part) for part in ("months", "days", "microseconds"))
        by_month = self.words.add_months(self.day_of(text, kind), f"({sign}{months})")
        number = f"({self.words.day_number(by_month)} {sign} {days}"
        if kind == "date":
            return self.day_in_range(f"{number} {sign} {self.words.whole_quotient(micros, str(DAY))})")
        return self.moment_in_range(f"({number}) * {DAY} + {self.time_of(text, kind)} {sign} {micros})", kind)

    def truncated(self, text: str, kind: str, unit: str) -> str:
        """The first day of the unit that a date or moment lies in."""
        date = self.day_of(text, kind)
        year, quarter = self.words.part("year", date), self.words.part("quarter", date)
        match unit:
            case "quarter":
                return self.words.date(year, f"(3 * {quarter} - 2)", "1")
            case "month":
                return self.words.date(year, self.words.part("month", date), "1")
            case "week":
                weekday = self.words.part("weekday", date)
                return self.day_in_range(f"({self.words.day_number(date)} - {weekday} + 1)")
            case "weekYear":
                fourth = self.words.date(self.words.part("week_year", date), "1", "4")
                return self.day_in_range(
                    f"({self.words.day_number(fourth)} - {self.words.part('weekday', fourth)} + 1)"
                )
            case "day":
                return date
            case _:
                return self.date(f"({year} - {year} % {_YEARS[unit]})", "1", "1")

    def floored(self, text: str, kind: str, size: int) -> str:
        """A moment cut down to a unit of so many microseconds."""
        # counted from the year 1, so that nothing is negative
        shifted = f"({self.micros_of(text, kind)} - {FIRST_DAY * DAY})"
        return self.words.moment_at(f"({self.micros_of(text, kind)} - {shifted} % {size})")

    def months_between(self, one: str, one_kind: str, other: str, other_kind: str) -> str:
        """The whole months from one to the other, negative where the other is earlier."""
        first, second = self.day_of(one, one_kind), self.day_of(other, other_kind)
        if one_kind != "date" or other_kind != "date":
            times = self.time_of(one, one_kind), self.time_of(other, other_kind)
            numbers = self.words.day_number(first), self.words.day_number(second)
            # a day that is not full is no day
            missing = (
                f"CASE WHEN {numbers[1]} > {numbers[0]} AND {times[1]} < {times[0]} THEN -1 "
                f"WHEN {numbers[1]} < {numbers[0]} AND {times[1]} > {times[0]} THEN 1 ELSE 0 END"
            )
            second = self.words.date_at(f"({numbers[1]} + {missing})")
        packed = [
            f"(({self.words.part('year', date)} * 12 + {self.words.part('month', date)}) * 32 + "
            f"{self.words.part('day', date)})"
            for date in (first, second)
        ]
        return self.words.whole_quotient(f"({packed[1]} - {packed[0]})", "32")

    def between(self, one: str, one_kind: str, other: str, other_kind: str) -> str:
        """The duration from one to the other: whole months, then whole days, then time."""
        months = self.months_between(one, one_kind, other, other_kind)
        moved = self.words.day_number(self.words.add_months(self.day_of(one, one_kind), months))
        rest = f"({self.micros_of(other, other_kind)} - {moved} * {DAY} - {self.time_of(one, one_kind)})"
        return self.words.duration(months, self.words.whole_quotient(rest, str(DAY)), f"({rest} % {DAY})")
