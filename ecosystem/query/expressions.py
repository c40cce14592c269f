"""SQL for one expression, wherever Cypher and SQL differ in words or in meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ecosystem.query.dialect import Dialect, Range
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

_MAY_BE_NAN = ("/", "%", "^")


class Surroundings(Protocol):
    """What an expression needs to know of the scope around it."""

    dialect: Dialect
    typer: Typer
    keys: dict[str, str]

    def property(self, variable: str, name: str) -> str:
        """A property as SQL."""

    def subquery(self, matches: tuple[Match, ...], select: str) -> str:
        """A correlated SELECT."""

    def numeric_range(self, variable: str, name: str) -> Iterator[Range | None]:
        """The ranges of a property, one per owner."""


@dataclass(frozen=True, slots=True)
class Emitter:
    """Expressions of one scope as SQL."""

    scope: Surroundings

    @property
    def dialect(self) -> Dialect:
        """How the engine writes it."""
        return self.scope.dialect

    def expression(self, node: Expression) -> str:  # noqa: C901 - one branch per kind of expression
        """The SQL of an expression, safe to stand as an operand."""
        match node:
            case Literal():
                return self.dialect.constant(node.value)
            case Parameter():
                return self.dialect.parameter(node.name, self.scope.typer.parameters.get(node.name, "unknown"))
            case Variable():
                return self.scope.keys[node.name]
            case PropertyOf():
                return self.scope.property(node.variable, node.name)
            case Not():
                return f"(NOT {self.expression(node.operand)})"
            case Minus():
                return f"(-{self.expression(node.operand)})"
            case Binary():
                return self._binary(node)
            case IsNull():
                return f"({self.expression(node.operand)} IS {'NOT ' if node.negated else ''}NULL)"
            case ListOf():
                return self.dialect.array([self.expression(item) for item in node.items])
            case Call():
                return self._call(node)
            case Case():
                return self._case(node)
            case Exists():
                return f"EXISTS ({self.scope.subquery(node.matches, '1')})"
            case CountMatches():
                return f"coalesce(({self.scope.subquery(node.matches, 'count(*)')}), 0)"

    def type_of(self, node: Expression) -> str:
        """The type of an expression that the checker has passed."""
        return self.scope.typer.known(node)

    def _binary(self, node: Binary) -> str:
        left = self.expression(node.left)
        if node.operator == "IN":
            return self._is_in(node, left)
        right = self.expression(node.right)
        match node.operator:
            case "STARTS WITH" | "ENDS WITH" | "CONTAINS" as operator:
                return self.dialect.text_test(
                    operator, self._as_text(node.left, left), self._as_text(node.right, right)
                )
            case "^":
                return self.dialect.power(left, right)
            case "/":
                return self.dialect.quotient(left, right)
            case "%":
                return self.dialect.remainder(left, right)
            case "+" if "string" in (self.type_of(node.left), self.type_of(node.right)):
                return self.dialect.concatenation(left, right)
            case "=" | "<>" | "<" | "<=" | ">" | ">=":
                return self._compare(node, left, right)
            case operator:
                return f"({left} {operator} {right})"

    def _as_text(self, node: Expression, text: str) -> str:
        return text if self.type_of(node) == "string" else self._cast(text, "string")

    def _cast(self, text: str, kind: str) -> str:
        return f"CAST({text} AS {self.dialect.types[kind]})"

    def _compare(self, node: Binary, left: str, right: str) -> str:
        """A comparison; in SQL not-a-number equals itself and is larger than any number, in Cypher unequal to all."""
        plain = f"({left} {node.operator} {right})"
        sides = ((node.left, left), (node.right, right))
        tests = [self.dialect.is_nan(text) for side, text in sides if _may_be_nan(side)]
        if not tests:
            return plain
        unequal = "true" if node.operator == "<>" else "false"
        return f"(CASE WHEN {plain} IS NULL THEN NULL WHEN {' OR '.join(tests)} THEN {unequal} ELSE {plain} END)"

    def _is_in(self, node: Binary, left: str) -> str:
        """In nothing is false, even for null; null in a list makes unknown what is not found."""
        match node.right:
            case ListOf(items=listed):
                items = ", ".join(map(self.expression, listed))
                # what is looked for is named even so: it may be all that is said of a parameter
                return f"({left} IN ({items}))" if items else f"({left} IS NULL AND false)"
            case Parameter(name=name):
                kind = self.scope.typer.parameters.get(name, "unknown").removeprefix("list of ")
                # an empty list has the type of what is looked for
                kind = kind if kind in self.dialect.types else self.type_of(node.left)
                return self.dialect.in_parameter(left, name, kind)
            case _:
                raise TypeError(f"IN takes a list or a parameter, not {type(node.right).__name__}")

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
        return f"({self._cast(total, 'float')} / nullif(count({arguments[0]}), 0))"

    def _sum(self, argument: Expression, text: str) -> str:
        if self.type_of(argument) == "integer":
            return self.dialect.integer_sum(text)
        return self.dialect.float_sum(text, list(self._ranges(argument)))

    def _ranges(self, node: Expression) -> Iterator[Range | None]:
        """The ranges of the constants and properties that an expression chooses among; None where it computes."""
        match node:
            case Literal(value=int() | float() as number):
                yield (abs(float(number)), abs(float(number)))
            case Literal(value=None):
                return
            case PropertyOf() if self.type_of(node) == "float":
                yield from self.scope.numeric_range(node.variable, node.name)
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


def _may_be_nan(node: Expression) -> bool:
    return any(isinstance(part, Binary) and part.operator in _MAY_BE_NAN for part in walk(node))
