"""Spark SQL as a second dialect, by text only: no Spark runs here, a parser reads what comes out.

It shows that the translation knows no engine. Whoever makes a store of Spark begins here, and lets Spark be the judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spark_functions import FUNCTIONS

from ecosystem.query.aggregate_dialect import AggregateDialect, Range, exact_scale
from ecosystem.query.dialect import Comparison, TextTest
from ecosystem.query.list_dialect import DuckDBLists, ListDialect
from ecosystem.query.run_failures import raised
from ecosystem.query.temporal_dialect import DurationPart, Part, TemporalDialect
from ecosystem.query.walk_dialect import DuckDBWalks, WalkDialect

_TYPES = {
    "string": "STRING",
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    # the time zone of a session is to be UTC
    "datetime": "TIMESTAMP",
    "localdatetime": "TIMESTAMP",
    "duration": "STRUCT<months: BIGINT, days: BIGINT, microseconds: BIGINT>",
}


@dataclass(frozen=True, slots=True)
class Spark:
    """Spark SQL 3.5 in ANSI mode, in which a division by zero and an overflow are errors."""

    @property
    def types(self) -> Mapping[str, str]:
        return _TYPES

    @property
    def temporal(self) -> TemporalDialect:
        return SparkTemporal()

    def quote(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def constant(self, value: bool | int | float | str | None) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return f"CAST({value} AS BIGINT)"
        if isinstance(value, float):
            return f"CAST('{value!r}' AS DOUBLE)"
        # a backslash begins an escape
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def parameter(self, name: str, kind: str) -> str:
        return f"CAST(:{name} AS {_TYPES[kind]})" if kind in _TYPES else f":{name}"

    def array(self, items: Sequence[str]) -> str:
        return f"array({', '.join(items)})"

    def cast(self, text: str, kind: str) -> str:
        return f"CAST({text} AS {_TYPES[kind]})"

    @property
    def lists(self) -> ListDialect:
        return SparkLists()

    @property
    def walks(self) -> WalkDialect:
        # the words of DuckDB: no walk is read as Spark yet, and whoever makes a store of it writes them
        return DuckDBWalks()

    def list_parameter(self, name: str, kind: str) -> str:
        return f"CAST(:{name} AS ARRAY<{_TYPES.get(kind, 'STRING')}>)"

    def in_list(self, text: str, listed: str, kind: str, sought: str) -> str:
        given = listed
        found = f"array_contains({given}, {text})"
        if {kind, sought} == {"integer", "float"}:
            sides = ("one", text) if kind == "integer" else (text, "one")
            found = f"exists({given}, one -> {self.compare_exactly('=', *sides)})"
        elif kind == "float":
            found += f" AND NOT {self.is_nan(text)}"
        return (
            f"(CASE WHEN cardinality({given}) = 0 THEN false WHEN {found} THEN true "
            f"WHEN forall({given}, one -> one IS NOT NULL) AND {text} IS NOT NULL THEN false END)"
        )

    def compare_exactly(self, operator: Comparison, whole: str, number: str) -> str:
        # a decimal of 20 digits holds every integer, and every float near them, once it is drawn in
        within = f"least(greatest({number}, CAST('-1e19' AS DOUBLE)), CAST('1e19' AS DOUBLE))"
        exact = f"CAST({whole} AS DECIMAL(38, 17)) {operator} CAST({within} AS DECIMAL(38, 17))"
        unequal = "true" if operator == "<>" else "false"
        return (
            f"(CASE WHEN {whole} IS NULL OR {number} IS NULL THEN NULL "
            f"WHEN {self.is_nan(number)} THEN {unequal} ELSE {exact} END)"
        )

    def exact_float(self, whole: str) -> str:
        number = f"CAST({whole} AS DOUBLE)"
        return (
            f"(CASE WHEN {whole} IS NULL OR CAST({number} AS DECIMAL(20, 0)) = {whole} THEN {number} "
            f"ELSE {self.failure('inexact', 'float')} END)"
        )

    def failure(self, code: str, kind: str) -> str:
        return self.cast(f"raise_error('{raised(code)}')", kind)

    def text_test(self, operator: TextTest, text: str, part: str) -> str:
        function = {"STARTS WITH": "startswith", "ENDS WITH": "endswith", "CONTAINS": "contains"}[operator]
        return f"{function}({text}, {part})"

    def concatenation(self, left: str, right: str) -> str:
        return f"concat({left}, {right})"

    def matches(self, text: str, pattern: str, written: str | None) -> str:
        # of Java itself; ^ and $ since it is looked for anywhere
        return f"rlike({text}, concat('^(?:', {pattern}, ')\\\\z'))"

    def function(self, name: str, arguments: Sequence[str], kinds: Sequence[str]) -> str:
        return FUNCTIONS[name](arguments, tuple(kinds))

    def whole_quotient(self, left: str, right: str) -> str:
        failed = self.failure("zero_division", "integer")
        return f"(CASE WHEN {right} = 0 THEN {failed} ELSE {left} div {right} END)"

    def quotient(self, left: str, right: str) -> str:
        top, bottom = f"CAST({left} AS DOUBLE)", f"CAST({right} AS DOUBLE)"
        return (
            f"(CASE WHEN {bottom} <> 0 THEN {top} / {bottom} WHEN {top} > 0 THEN CAST('Infinity' AS DOUBLE) "
            f"WHEN {top} < 0 THEN CAST('-Infinity' AS DOUBLE) WHEN {top} = 0 THEN CAST('NaN' AS DOUBLE) END)"
        )

    def remainder(self, left: str, right: str) -> str:
        return f"({left} % nullif({right}, 0))"

    def power(self, left: str, right: str) -> str:
        return f"power({left}, {right})"

    def is_nan(self, text: str) -> str:
        return f"isnan({text})"

    def row_mark(self) -> str:
        return "monotonically_increasing_id()"

    @property
    def with_tables(self) -> str:
        return "WITH"

    @property
    def computed_once(self) -> str:
        # a plan reads such a table anew each time: whoever makes a store writes it down first
        return ""

    def place_in(self, order: str, parts: Sequence[str] = ()) -> str:
        within = [f"PARTITION BY {', '.join(parts)}"] if parts else []
        return f"row_number() OVER ({' '.join((*within, order.strip() or 'ORDER BY 1'))})"

    def any_value(self, text: str) -> str:
        return f"first({text})"

    @property
    def aggregates(self) -> AggregateDialect:
        return SparkAggregates()

    def row_filter(self, condition: str) -> str:
        return condition

    def outer_lateral(self, source: str, inner: str, alias: str) -> str:
        return f"{source} LEFT JOIN LATERAL ({inner}) AS {alias} ON true"

    def cut(self, limit: str | None, skip: str | None) -> str:
        # a bound is an integer of 32 bits
        bounds = (("LIMIT", limit), ("OFFSET", skip))
        return "".join(f" {word} CAST({bound} AS INT)" for word, bound in bounds if bound is not None)


def _added(ordered: str, number: str) -> str:
    added = f"aggregate({ordered}, CAST(0 AS DOUBLE), (total, one) -> total + one)"
    return f"(CASE WHEN count({number}) > 0 THEN {added} END)"


@dataclass(frozen=True, slots=True)
class SparkAggregates:
    """Sorted arrays of Spark SQL 3.5, whose collect_list leaves nulls out."""

    def integer_sum(self, text: str, *, distinct: bool = False) -> str:
        return f"sum({'DISTINCT ' if distinct else ''}{text})"

    def float_sum(self, text: str, ranges: Sequence[Range | None], *, distinct: bool = False) -> str:
        number = f"CAST({text} AS DOUBLE)"
        if distinct:
            return _added(f"array_sort(collect_set({number}))", number)
        scale = exact_scale(ranges, bits=90, spread=37)
        if scale is None:
            return _added(f"array_sort(collect_list({number}))", number)
        # a double becomes a decimal by its shortest digits: so in two halves, each of them exact in 53 bits
        scaled = f"({number} * CAST('{scale!r}' AS DOUBLE))"
        high = f"floor({scaled} / CAST('{2.0**45!r}' AS DOUBLE))"
        low = f"({scaled} - {high} * CAST('{2.0**45!r}' AS DOUBLE))"
        whole = " + ".join(
            (
                f"sum(CAST({high} AS DECIMAL(17, 0))) * CAST({2**45} AS DECIMAL(15, 0))",
                f"sum(CAST({low} AS DECIMAL(17, 0)))",
            )
        )
        return f"(CAST(CAST({whole} AS STRING) AS DOUBLE) / CAST('{scale!r}' AS DOUBLE))"

    def sorted_values(self, text: str, *, distinct: bool, may_be_nan: bool) -> str:
        if not (distinct and may_be_nan):
            return f"array_sort({'collect_set' if distinct else 'collect_list'}({text}))"
        undefined = f"isnan({text})"
        numbers = f"collect_set(CASE WHEN NOT {undefined} THEN {text} END)"
        return f"array_sort(concat({numbers}, collect_list(CASE WHEN {undefined} THEN {text} END)))"

    def value_at(self, ordered: str, share: str, count: str) -> str:
        return f"get({ordered}, CAST(greatest(ceil({share} * {count}), 1) AS INT) - 1)"

    def value_between(self, ordered: str, share: str, count: str) -> str:
        way = f"({share} * ({count} - 1))"
        low, high = f"get({ordered}, CAST(floor({way}) AS INT))", f"get({ordered}, CAST(ceil({way}) AS INT))"
        mixed = f"{low} * (ceil({way}) - {way}) + {high} * ({way} - floor({way}))"
        return f"(CASE WHEN floor({way}) = ceil({way}) THEN {low} ELSE {mixed} END)"

    def deviation(self, ordered: str, *, of_sample: bool) -> str:
        middle = f"get({ordered}, CAST((cardinality({ordered}) + 1) / 2 AS INT) - 1)"
        differences = f"transform({ordered}, value -> value - {middle})"
        first = f"aggregate({differences}, CAST(0 AS DOUBLE), (total, one) -> total + one)"
        second = f"aggregate({differences}, CAST(0 AS DOUBLE), (total, one) -> total + one * one)"
        count = f"cardinality({ordered})"
        square = f"greatest({second} - {first} * {first} / {count}, CAST(0 AS DOUBLE))"
        return (
            f"(CASE WHEN {count} = 1 THEN CAST(0 AS DOUBLE)"
            f" WHEN {count} > 1 THEN sqrt({square} / ({count}{' - 1' if of_sample else ''})) END)"
        )


@dataclass(frozen=True, slots=True)
class SparkTemporal:
    """Spark SQL 3.5: dates, and timestamps in a session whose time zone is UTC."""

    def date(self, year: str, month: str, day: str) -> str:
        return f"make_date({year}, {month}, {day})"

    def day_number(self, date: str) -> str:
        return f"CAST(unix_date({date}) AS BIGINT)"

    def date_at(self, number: str) -> str:
        return f"date_from_unix_date(CAST({number} AS INT))"

    def add_months(self, date: str, months: str) -> str:
        return f"add_months({date}, CAST({months} AS INT))"

    def microseconds(self, moment: str) -> str:
        return f"unix_micros({moment})"

    def moment_at(self, microseconds: str) -> str:
        return f"timestamp_micros({microseconds})"

    def part(self, part: Part, date: str) -> str:
        name = {"week_year": "YEAROFWEEK", "weekday": "DOW_ISO", "day_of_year": "DOY"}.get(part, part.upper())
        return f"CAST(date_part('{name}', {date}) AS BIGINT)"

    def now(self) -> str:
        return "unix_micros(current_timestamp())"

    def whole_quotient(self, left: str, right: str) -> str:
        return f"(CAST({left} AS BIGINT) DIV CAST({right} AS BIGINT))"

    def matches(self, text: str, pattern: str) -> str:
        return f"regexp_like({text}, '{pattern}')"

    def group(self, text: str, pattern: str, number: int) -> str:
        return f"regexp_extract({text}, '{pattern}', {number})"

    def duration(self, months: str, days: str, microseconds: str) -> str:
        fields = {"months": months, "days": days, "microseconds": microseconds}
        packed = ", ".join(f"'{name}', CAST({text} AS BIGINT)" for name, text in fields.items())
        there = " AND ".join(f"{text} IS NOT NULL" for text in fields.values())
        return f"(CASE WHEN {there} THEN named_struct({packed}) END)"

    def duration_part(self, duration: str, part: DurationPart) -> str:
        return f"({duration}).{part}"


class SparkLists(DuckDBLists):
    """The lists of DuckDB with the words of Spark where these are known; the others wait for the engine as a judge."""

    def __init__(self) -> None:
        super().__init__(_TYPES)

    def size(self, listed: str) -> str:
        return f"cardinality({listed})"

    def has(self, listed: str, element: str) -> str:
        return f"array_contains({listed}, {element})"

    def turned(self, listed: str) -> str:
        return f"reverse({listed})"

    def mapped(self, listed: str, name: str, body: str) -> str:
        return f"transform({listed}, {name} -> {body})"

    def kept(self, listed: str, name: str, condition: str) -> str:
        return f"filter({listed}, {name} -> coalesce({condition}, false))"
