"""Whatever SQL engines write in different words: one protocol, and the dialect of each engine that is used.

The translation (`sql.py`, `expressions.py`, `pipeline.py`) says what is meant and asks the dialect how it is written.
Every text that a method takes is SQL that may stand as an operand, and so is every text that it gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import Protocol

from ecosystem.query.aggregate_dialect import AggregateDialect, DuckDBAggregates
from ecosystem.query.duckdb_numbers import NUMBERS_AND_CONVERSIONS
from ecosystem.query.duckdb_text import TEXTS_AND_LISTS, regexp_match
from ecosystem.query.list_dialect import DuckDBLists, ListDialect
from ecosystem.query.run_failures import raised
from ecosystem.query.temporal_dialect import DuckDBTemporal, TemporalDialect
from ecosystem.query.walk_dialect import DuckDBWalks, WalkDialect

TextTest = OneOf["STARTS WITH", "ENDS WITH", "CONTAINS"]
Comparison = OneOf["=", "<>", "<", "<=", ">", ">="]
EXACT = 2**53
"""Up to here every integer has a float of its own."""


class Dialect(Protocol):
    """How an engine writes SQL. It knows the standard's joins, CASE, EXISTS, CAST, coalesce, nullif and NULLS FIRST."""

    @property
    def types(self) -> Mapping[str, str]:
        """The type of a column for each word of a scalar type: string, integer, float, boolean, date, datetime, ..."""

    @property
    def temporal(self) -> TemporalDialect:
        """How it writes what is computed with dates and times."""

    def quote(self, name: str) -> str:
        """An identifier, whatever stands in it."""

    def constant(self, value: bool | int | float | str | None) -> str:
        """A constant that has the type of the value: 64 bits for integers and floats."""

    def parameter(self, name: str, kind: str) -> str:
        """`$name` of the query, which has this type in the model's words; `unknown` where nobody said."""

    def list_parameter(self, name: str, kind: str) -> str:
        """`$name` of the query, which is a list of this type; what is no number may stand in it as a text."""

    def cast(self, text: str, kind: str) -> str:
        """The same as another type, in the model's words."""

    def array(self, items: Sequence[str]) -> str:
        """A list that is written out."""

    @property
    def lists(self) -> ListDialect:
        """How it writes lists and records."""

    @property
    def walks(self) -> WalkDialect:
        """How it writes walks over links."""

    def in_list(self, text: str, listed: str, kind: str, sought: str) -> str:
        """Whether a list has an element, its elements of type `kind` and what is looked for of type `sought`.

        Unknown beside a null; not-a-number is in no list, and an integer is a float where they are exactly equal.
        """

    def compare_exactly(self, operator: Comparison, whole: str, number: str) -> str:
        """An integer compared with a float as numbers, no digit lost; not-a-number is unequal to all."""

    def exact_float(self, whole: str) -> str:
        """An integer as a float; the failure `inexact` where none equals it."""

    def failure(self, code: str, kind: str) -> str:
        """What fails where it is computed, in place of a value of this type; the codes are those of `RUN_FAILURES`."""

    def text_test(self, operator: TextTest, text: str, part: str) -> str:
        """Whether a string begins with, ends with or contains another."""

    def concatenation(self, left: str, right: str) -> str:
        """Two strings joined; null where one is."""

    def matches(self, text: str, pattern: str, written: str | None) -> str:
        """Whether the whole of a text matches a regular expression of Java's syntax, which is `written` out or not.

        What is written out is one that `regular_expressions.re2_of` takes.
        """

    def function(self, name: str, arguments: Sequence[str], kinds: Sequence[str]) -> str:
        """A function of the language by its name in lower case; the arguments have these types."""

    def whole_quotient(self, left: str, right: str) -> str:
        """Two integers divided, cut towards 0; the failure `zero_division` where the divisor is 0."""

    def quotient(self, left: str, right: str) -> str:
        """Two numbers divided as floats; infinite or not a number where the divisor is 0."""

    def remainder(self, left: str, right: str) -> str:
        """What a division of two numbers leaves, with the sign of the first."""

    def power(self, left: str, right: str) -> str:
        """A number raised to a power, as a float."""

    def is_nan(self, text: str) -> str:
        """Whether a number is not a number."""

    def row_mark(self) -> str:
        """A number that no other row of a SELECT has."""

    @property
    def with_tables(self) -> str:
        """How a statement begins that has tables of its own, some of which speak of themselves."""

    @property
    def computed_once(self) -> str:
        """What stands before such a table so that all who read it see the same rows."""

    def place_in(self, order: str, parts: Sequence[str] = ()) -> str:
        """The place of a row from 1 in an ORDER BY, or as the rows come, among those that are equal in some columns."""

    def any_value(self, text: str) -> str:
        """The value that all rows of a group share."""

    @property
    def aggregates(self) -> AggregateDialect:
        """How it writes the values of a group in their order, and what is made of them."""

    def row_filter(self, condition: str) -> str:
        """A condition that compares two tables by something else than `=`: true of the same rows, never a join."""

    def outer_lateral(self, source: str, inner: str, alias: str) -> str:
        """Each row of a source beside every row of a SELECT that may speak of it, else beside nulls."""

    def cut(self, limit: str | None, skip: str | None) -> str:
        """How many rows a SELECT gives and how many it skips, at its end; empty where neither is asked for."""


@dataclass(frozen=True, slots=True)
class DuckDB:
    """DuckDB 1.5."""

    @property
    def types(self) -> Mapping[str, str]:
        """Text, 64 bits, days, microseconds, and a record for durations."""
        return _DUCKDB_TYPES

    @property
    def temporal(self) -> TemporalDialect:
        """Its functions of dates."""
        return DuckDBTemporal()

    def quote(self, name: str) -> str:
        """In double quotes."""
        return '"' + name.replace('"', '""') + '"'

    def constant(self, value: bool | int | float | str | None) -> str:
        """Cast, since 0.1 would be a decimal and 1 an integer of 32 bits."""
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return f"CAST({value} AS BIGINT)"
        if isinstance(value, float):
            return f"CAST('{value!r}' AS DOUBLE)"
        return "'" + value.replace("'", "''") + "'"

    def parameter(self, name: str, kind: str) -> str:
        """`$name`, cast where its type is known: the engine would guess it from the value."""
        inside = kind.removeprefix("list of ")
        if inside not in self.types:
            return f"${name}"
        return f"CAST(${name} AS {self.types[inside]}{'[]' if inside != kind else ''})"

    def list_parameter(self, name: str, kind: str) -> str:
        """Cast, as the engine would guess the type."""
        return f"CAST(${name} AS {self.types.get(kind, 'VARCHAR')}[])"

    def cast(self, text: str, kind: str) -> str:
        """The standard's."""
        return f"CAST({text} AS {self.types[kind]})"

    def array(self, items: Sequence[str]) -> str:
        """In square brackets."""
        return f"[{', '.join(items)}]"

    @property
    def walks(self) -> WalkDialect:
        """Recursive tables, with a key where they can have one."""
        return DuckDBWalks()

    @property
    def lists(self) -> ListDialect:
        """Lists, STRUCT, lambdas."""
        return DuckDBLists(_DUCKDB_TYPES)

    def in_list(self, text: str, listed: str, kind: str, sought: str) -> str:
        """By the functions of lists, since IN takes no list that is computed."""
        given = listed
        found = f"list_contains({given}, {text})"
        # not by a function for each element: in a lateral join that knows no column of the other side
        if (kind, sought) == ("integer", "float"):
            whole = f"{text} = floor({text}) AND {text} >= CAST('-9223372036854775808' AS DOUBLE)"
            whole += f" AND {text} < CAST('9223372036854775808' AS DOUBLE)"
            found = f"{whole} AND list_contains({given}, TRY_CAST({text} AS BIGINT))"
        elif (kind, sought) == ("float", "integer"):
            number = f"CAST({text} AS DOUBLE)"
            found = f"list_contains({given}, {number}) AND CAST({number} AS HUGEINT) = {text}"
        elif kind == "float":
            found += f" AND NOT {self.is_nan(text)}"
        return (
            f"(CASE WHEN len({given}) = 0 THEN false WHEN {found} THEN true "
            f"WHEN len({given}) = list_count({given}) AND {text} IS NOT NULL THEN false END)"
        )

    def compare_exactly(self, operator: Comparison, whole: str, number: str) -> str:
        """With the integers next to the float, in 128 bits; what lies beyond 64 bits is drawn in to 1e19."""
        within = f"least(greatest({number}, CAST('-1e19' AS DOUBLE)), CAST('1e19' AS DOUBLE))"
        below, above = (f"CAST({side}({within}) AS HUGEINT)" for side in ("floor", "ceil"))
        test = {
            "=": f"{whole} BETWEEN {above} AND {below}",
            "<>": f"NOT ({whole} BETWEEN {above} AND {below})",
            "<": f"{whole} < {above}",
            "<=": f"{whole} <= {below}",
            ">": f"{whole} > {below}",
            ">=": f"{whole} >= {above}",
        }[operator]
        unequal = "true" if operator == "<>" else "false"
        return (
            f"(CASE WHEN {whole} IS NULL OR {number} IS NULL THEN NULL "
            f"WHEN {self.is_nan(number)} THEN {unequal} ELSE {test} END)"
        )

    def exact_float(self, whole: str) -> str:
        """There and back in 128 bits, which hold every float that an integer becomes."""
        number = f"CAST({whole} AS DOUBLE)"
        return (
            f"(CASE WHEN {whole} IS NULL OR CAST({number} AS HUGEINT) = {whole} THEN {number} "
            f"ELSE {self.failure('inexact', 'float')} END)"
        )

    def failure(self, code: str, kind: str) -> str:
        """The function `error`, cast, since it has no type."""
        return self.cast(f"error('{raised(code)}')", kind)

    def text_test(self, operator: TextTest, text: str, part: str) -> str:
        """Functions, since LIKE would read `%` and `_`."""
        function = {"STARTS WITH": "starts_with", "ENDS WITH": "ends_with", "CONTAINS": "contains"}[operator]
        return f"{function}({text}, {part})"

    def concatenation(self, left: str, right: str) -> str:
        """Cast, since the engine takes the type from a null that is written out."""
        return f"CAST(({left} || {right}) AS VARCHAR)"

    def matches(self, text: str, pattern: str, written: str | None) -> str:
        """By RE2, whose words are others."""
        return regexp_match(text, pattern, written)

    def function(self, name: str, arguments: Sequence[str], kinds: Sequence[str]) -> str:
        """From two tables."""
        return _FUNCTIONS[name](arguments, tuple(kinds))

    def whole_quotient(self, left: str, right: str) -> str:
        """The operator, which is null by 0."""
        return f"(CASE WHEN {right} = 0 THEN {self.failure('zero_division', 'integer')} ELSE {left} // {right} END)"

    def quotient(self, left: str, right: str) -> str:
        """Of two doubles."""
        return f"(CAST({left} AS DOUBLE) / CAST({right} AS DOUBLE))"

    def remainder(self, left: str, right: str) -> str:
        """The operator."""
        return f"({left} % {right})"

    def power(self, left: str, right: str) -> str:
        """The function: `^` would bind otherwise."""
        return f"pow({left}, {right})"

    def is_nan(self, text: str) -> str:
        """Of a double, which alone can be."""
        return f"isnan(CAST({text} AS DOUBLE))"

    def row_mark(self) -> str:
        """Counted as the rows come."""
        return "row_number() OVER ()"

    @property
    def with_tables(self) -> str:
        """Without RECURSIVE a table knows those before it alone."""
        return "WITH"

    @property
    def computed_once(self) -> str:
        """So that a row keeps the number that it is given."""
        return "MATERIALIZED "

    def place_in(self, order: str, parts: Sequence[str] = ()) -> str:
        """A window function."""
        within = [f"PARTITION BY {', '.join(parts)}"] if parts else []
        return f"row_number() OVER ({' '.join((*within, order.strip()))})"

    def any_value(self, text: str) -> str:
        """The aggregate of that name."""
        return f"any_value({text})"

    @property
    def aggregates(self) -> AggregateDialect:
        """Sorted lists."""
        return DuckDBAggregates()

    def row_filter(self, condition: str) -> str:
        """Inside coalesce: else the engine makes it a condition of a join, and each probe of the join slower."""
        return f"coalesce({condition}, false)"

    def outer_lateral(self, source: str, inner: str, alias: str) -> str:
        """A lateral join."""
        return f"{source} LEFT JOIN LATERAL ({inner}) AS {alias} ON true"

    def cut(self, limit: str | None, skip: str | None) -> str:
        """LIMIT, then OFFSET."""
        return (f" LIMIT {limit}" if limit is not None else "") + (f" OFFSET {skip}" if skip is not None else "")


_DUCKDB_TYPES = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "localdatetime": "TIMESTAMP",
    "duration": "STRUCT(months BIGINT, days BIGINT, microseconds BIGINT)",
}
_FUNCTIONS = {**TEXTS_AND_LISTS, **NUMBERS_AND_CONVERSIONS}
DUCKDB = DuckDB()
