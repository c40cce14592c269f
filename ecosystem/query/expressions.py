"""SQL for one expression, wherever Cypher and SQL differ in words or in meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ecosystem.query.bindings import Bindings
from ecosystem.query.schema import Schema
from ecosystem.query.sums import Range, float_sum
from ecosystem.query.traversal import walk
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    CountMatches,
    Exists,
    Expression,
    IsNull,
    ListOf,
    Literal,
    Match,
    Minus,
    Not,
    Parameter,
    PropertyOf,
    Variable,
)
from ecosystem.query.types import Typer

COLUMN_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "float": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}
_TEXT = {"STARTS WITH": "starts_with", "ENDS WITH": "ends_with", "CONTAINS": "contains"}
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_MAY_BE_NAN = ("/", "%", "^")


class Names(Protocol):
    """What an expression needs to know of the scope around it."""

    schema: Schema
    parameters: Mapping[str, str]
    bindings: Bindings
    keys: dict[str, str]

    def property(self, variable: str, name: str) -> str:
        """A property as SQL."""

    def subquery(self, matches: tuple[Match, ...], select: str) -> str:
        """A correlated SELECT."""

    def numeric_range(self, variable: str, name: str) -> Iterator[Range | None]:
        """The ranges of a property, one per owner."""


def quote(name: str) -> str:
    """An identifier, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def string(value: str) -> str:
    """A string constant."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Emitter:
    """Expressions of one scope as SQL."""

    names: Names

    def expression(self, node: Expression) -> str:  # noqa: C901 - one branch per kind of expression
        """The SQL of an expression, safe to stand as an operand."""
        match node:
            case Literal():
                return constant(node.value)
            case Parameter():
                return self._parameter(node.name)
            case Variable():
                return self.names.keys[node.name]
            case PropertyOf():
                return self.names.property(node.variable, node.name)
            case Not():
                return f"(NOT {self.expression(node.operand)})"
            case Minus():
                return f"(-{self.expression(node.operand)})"
            case Binary():
                return self._binary(node)
            case IsNull():
                return f"({self.expression(node.operand)} IS {'NOT ' if node.negated else ''}NULL)"
            case ListOf():
                return f"[{', '.join(self.expression(item) for item in node.items)}]"
            case Call():
                return self._call(node)
            case Case():
                return self._case(node)
            case Exists():
                return f"EXISTS ({self.names.subquery(node.matches, '1')})"
            case CountMatches():
                return f"coalesce(({self.names.subquery(node.matches, 'count(*)')}), 0)"

    def type_of(self, node: Expression) -> str:
        """The type of an expression that the checker has passed."""
        return Typer(self.names.schema, self.names.bindings, self.names.parameters).type_of(node)

    def _parameter(self, name: str) -> str:
        kind = self.names.parameters.get(name, "unknown")
        return f"CAST(${name} AS {COLUMN_TYPES[kind]})" if kind in COLUMN_TYPES else f"${name}"

    def _binary(self, node: Binary) -> str:
        left = self.expression(node.left)
        if node.operator == "IN":
            return self._is_in(node, left)
        right = self.expression(node.right)
        if node.operator in _TEXT:
            return f"{_TEXT[node.operator]}({self._as_text(node.left, left)}, {self._as_text(node.right, right)})"
        if node.operator == "^":
            return f"pow({left}, {right})"
        if node.operator == "/":
            return f"(CAST({left} AS DOUBLE) / CAST({right} AS DOUBLE))"
        if node.operator == "+" and "string" in (self.type_of(node.left), self.type_of(node.right)):
            # the engine takes the type from a null that is written out
            return f"CAST(({left} || {right}) AS VARCHAR)"
        if node.operator in _COMPARISONS:
            return _compare(node, left, right)
        return f"({left} {node.operator} {right})"

    def _as_text(self, node: Expression, text: str) -> str:
        return text if self.type_of(node) == "string" else f"CAST({text} AS VARCHAR)"

    def _is_in(self, node: Binary, left: str) -> str:
        """In nothing is false, even for null; null in a list makes unknown what is not found."""
        match node.right:
            case ListOf(items=listed):
                items = ", ".join(map(self.expression, listed))
                # what is looked for is named even so: it may be all that is said of a parameter
                return f"({left} IN ({items}))" if items else f"({left} IS NULL AND false)"
            case Parameter(name=name):
                # an empty list has the type of what is looked for
                kind = self.names.parameters.get(name, "unknown").removeprefix("list of ")
                inside = COLUMN_TYPES.get(kind) or COLUMN_TYPES.get(self.type_of(node.left), "VARCHAR")
                given = f"CAST(${name} AS {inside}[])"
            case _:
                raise TypeError(f"IN takes a list or a parameter, not {type(node.right).__name__}")
        return (
            f"(CASE WHEN len({given}) = 0 THEN false WHEN list_contains({given}, {left}) THEN true "
            f"WHEN len({given}) = list_count({given}) AND {left} IS NOT NULL THEN false END)"
        )

    def _case(self, node: Case) -> str:
        subject = f" {self.expression(node.subject)}" if node.subject is not None else ""
        branches = "".join(
            f" WHEN {self.expression(when)} THEN {self.expression(then)}" for when, then in node.branches
        )
        otherwise = f" ELSE {self.expression(node.otherwise)}" if node.otherwise is not None else ""
        return f"(CASE{subject}{branches}{otherwise} END)"

    def _call(self, node: Call) -> str:
        if node.function == "count" and not node.arguments:
            return "count(*)"
        arguments = [self.expression(argument) for argument in node.arguments]
        if node.function == "coalesce":
            return f"coalesce({', '.join(arguments)})"
        if node.function == "count":
            return f"count({'DISTINCT ' if node.distinct else ''}{arguments[0]})"
        total = self._sum(node.arguments[0], arguments[0])
        if node.function == "sum":
            return f"coalesce({total}, 0)"
        return f"(CAST({total} AS DOUBLE) / nullif(count({arguments[0]}), 0))"

    def _sum(self, argument: Expression, text: str) -> str:
        if self.type_of(argument) == "integer":
            return f"CAST(sum({text}) AS BIGINT)"
        return float_sum(f"CAST({text} AS DOUBLE)", list(self._ranges(argument)))

    def _ranges(self, node: Expression) -> Iterator[Range | None]:
        """The ranges of the constants and properties that an expression chooses among; None where it computes."""
        match node:
            case Literal(value=int() | float() as number):
                yield (abs(float(number)), abs(float(number)))
            case Literal(value=None):
                return
            case PropertyOf() if self.type_of(node) == "float":
                yield from self.names.numeric_range(node.variable, node.name)
            case Call(function="coalesce"):
                for argument in node.arguments:
                    yield from self._ranges(argument)
            case Case():
                for result in node.results:
                    yield from self._ranges(result)
            case Minus():
                yield from self._ranges(node.operand)
            case _:
                yield None


def _compare(node: Binary, left: str, right: str) -> str:
    """A comparison; in SQL not-a-number equals itself and is larger than any number, in Cypher it is unequal to all."""
    plain = f"({left} {node.operator} {right})"
    sides = ((node.left, left), (node.right, right))
    tests = [f"isnan(CAST({text} AS DOUBLE))" for side, text in sides if _may_be_nan(side)]
    if not tests:
        return plain
    unequal = "true" if node.operator == "<>" else "false"
    return f"(CASE WHEN {plain} IS NULL THEN NULL WHEN {' OR '.join(tests)} THEN {unequal} ELSE {plain} END)"


def _may_be_nan(node: Expression) -> bool:
    return any(isinstance(part, Binary) and part.operator in _MAY_BE_NAN for part in walk(node))


def constant(value: bool | int | float | str | None) -> str:
    """A typed constant: SQL would read 0.1 as a decimal and 1 as 32 bits."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"CAST({value} AS BIGINT)"
    if isinstance(value, float):
        return f"CAST('{value!r}' AS DOUBLE)"
    return string(value)
