"""SQL for one expression, wherever Cypher and SQL differ in words or in meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ecosystem.errors import QueryError
from ecosystem.messages import tr
from ecosystem.query.dialect import EXACT, Comparison, Dialect, Range
from ecosystem.query.functions import FUNCTIONS, Function
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

_TURNED: Mapping[Comparison, Comparison] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_LONGEST = 200_000
"""How long the operands of a comparison may be: SQL says them several times, and so those within them."""


class Surroundings(Protocol):
    """What an expression needs to know of the scope around it."""

    dialect: Dialect
    typer: Typer
    keys: dict[str, str]

    def parameter(self, name: str) -> str:
        """What the statement calls a parameter."""

    def property(self, variable: str, name: str) -> str:
        """A property as SQL."""

    def property_type(self, variable: str, name: str) -> str:
        """The type of a property; empty for one that nothing has."""

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
                kind = self.scope.typer.parameters.get(node.name, "unknown")
                return self.dialect.parameter(self.scope.parameter(node.name), kind)
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
                kind = self.type_of(node).removeprefix("list of ")
                return self.dialect.array([self._chosen(item, kind) for item in node.items])
            case Call():
                return self._call(node)
            case Case():
                return self._case(node)
            case Exists():
                return f"EXISTS ({self.scope.subquery(node.matches, '1')})"
            case CountMatches():
                return f"coalesce(({self.scope.subquery(node.matches, 'count(*)')}), 0)"
            case _:
                raise QueryError(tr("this is outside the subset of the embedded engine"))

    def type_of(self, node: Expression) -> str:
        """The type of an expression that the checker has passed."""
        if isinstance(node, PropertyOf):  # the check of a pattern's properties has other nodes than their SQL
            return self.scope.property_type(node.variable, node.name) or "null"
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
                return self._remainder(node, left, right)
            case "+" if "string" in (self.type_of(node.left), self.type_of(node.right)):
                return self.dialect.concatenation(left, right)
            case "=" | "<>" | "<" | "<=" | ">" | ">=" as operator:
                return self._compare(operator, node.left, node.right)
            case "XOR":
                return f"({left} <> {right})"
            case operator:
                return f"({left} {operator} {right})"

    def _remainder(self, node: Binary, left: str, right: str) -> str:
        """By -1 as by 1: a quotient of the smallest integer and -1, which an engine computes first, has 65 bits."""
        if self.type_of(node) == "integer" and not (isinstance(node.right, Literal) and node.right.value != -1):
            _refuse_long(right)
            one, minus = self.dialect.constant(1), self.dialect.constant(-1)
            right = f"(CASE WHEN {right} = {minus} THEN {one} ELSE {right} END)"
        return self.dialect.remainder(left, right)

    def _as_text(self, node: Expression, text: str) -> str:
        return text if self.type_of(node) == "string" else self._cast(text, "string")

    def _cast(self, text: str, kind: str) -> str:
        return self.dialect.cast(text, kind)

    def _compare(self, operator: Comparison, left: Expression, right: Expression) -> str:
        """A comparison; in SQL not-a-number equals itself and is larger than any number, in Cypher unequal to all."""
        match self.type_of(left), self.type_of(right):
            case "integer", "float":
                return self._compare_exactly(operator, left, right)
            case "float", "integer":
                return self._compare_exactly(_TURNED[operator], right, left)
        texts = self.expression(left), self.expression(right)
        plain = f"({texts[0]} {operator} {texts[1]})"
        tests = [
            self.dialect.is_nan(text) for side, text in zip((left, right), texts, strict=True) if self.may_be_nan(side)
        ]
        if not tests:
            return plain
        _refuse_long(*texts)
        unequal = "true" if operator == "<>" else "false"
        return f"(CASE WHEN {plain} IS NULL THEN NULL WHEN {' OR '.join(tests)} THEN {unequal} ELSE {plain} END)"

    def _compare_exactly(self, operator: Comparison, whole: Expression, number: Expression) -> str:
        """An integer compared with a float: SQL would make a float of it, and lose the digits above 2**53."""
        if isinstance(whole, Literal) and isinstance(whole.value, int) and abs(whole.value) <= EXACT:
            return self._compare(operator, Literal(float(whole.value)), number)
        if isinstance(number, Literal) and isinstance(number.value, float) and _is_whole(number.value):
            return self._compare(operator, whole, Literal(int(number.value)))
        texts = self.expression(whole), self.expression(number)
        _refuse_long(*texts)
        return self.dialect.compare_exactly(operator, *texts)

    def may_be_nan(self, node: Expression) -> bool:
        """Whether it may be not a number: the values of a dataset never are, and what is computed of floats may be.

        Not-a-number equals nothing, itself neither: to DISTINCT and to groups each is another, as it is to Neo4j.
        """
        if self.type_of(node) != "float":
            return False
        match node:
            case Literal() | PropertyOf():
                return False
            case Minus():
                return self.may_be_nan(node.operand)
            case Call(function="coalesce"):
                return any(map(self.may_be_nan, node.arguments))
            case Case():
                return any(map(self.may_be_nan, node.results))
            case _:
                return True

    def _chosen(self, node: Expression, kind: str) -> str:
        """One of several expressions whose common type this is: an integer beside floats becomes one, or an error."""
        if kind != "float" or self.type_of(node) != "integer":
            return self.expression(node)
        if isinstance(node, Literal) and isinstance(node.value, int) and abs(node.value) <= EXACT:
            return self.expression(Literal(float(node.value)))
        text = self.expression(node)
        _refuse_long(text)
        return self.dialect.exact_float(text)

    def _is_in(self, node: Binary, left: str) -> str:
        """In nothing is false, even for null; null in a list makes unknown what is not found."""
        match node.right:
            case ListOf(items=()):
                # what is looked for is named even so: it may be all that is said of a parameter
                return f"({left} IS NULL AND false)"
            case ListOf(items=listed):
                if self._alike(node.left, *listed):
                    return f"({left} IN ({', '.join(map(self.expression, listed))}))"
                return f"({' OR '.join(self._equal(node.left, item) for item in listed)})"
            case Parameter(name=name):
                sought = self.type_of(node.left)
                kind = self.scope.typer.parameters.get(name, "unknown").removeprefix("list of ")
                # an empty list has the type of what is looked for
                kind = kind if kind in self.dialect.types else sought
                _refuse_long(left)
                return self.dialect.in_parameter(left, self.scope.parameter(name), kind, sought)
            case _:
                raise TypeError(f"IN takes a list or a parameter, not {type(node.right).__name__}")

    def _alike(self, *nodes: Expression) -> bool:
        """Whether SQL finds them equal where Cypher does: one type, no list, nothing that may be not a number."""
        kinds = {self.type_of(node) for node in nodes} - {"null", "unknown"}
        plain = len(kinds) <= 1 and not any(kind.startswith("list") for kind in kinds)
        return plain and not any(map(self.may_be_nan, nodes))

    def _equal(self, left: Expression, right: Expression) -> str:
        """Whether two values are equal; lists are where all of their items are, and unknown beside a null in them."""
        if not (isinstance(left, ListOf) and isinstance(right, ListOf)):
            return self._compare("=", left, right)
        if len(left.items) != len(right.items):
            return "false"
        items = [self._equal(one, other) for one, other in zip(left.items, right.items, strict=True)]
        return f"({' AND '.join(items)})" if items else "true"

    def _case(self, node: Case) -> str:
        kind = self.type_of(node)
        branches = "".join(
            f" WHEN {self._condition(node.subject, when)} THEN {self._chosen(then, kind)}"
            for when, then in node.branches
        )
        otherwise = f" ELSE {self._chosen(node.otherwise, kind)}" if node.otherwise is not None else ""
        return f"(CASE{branches}{otherwise} END)"

    def _condition(self, subject: Expression | None, when: Expression) -> str:
        # the subject is compared as everywhere else: CASE x WHEN y of SQL takes not-a-number for equal to itself
        return self.expression(when) if subject is None else self._equal(subject, when)

    def _call(self, node: Call) -> str:
        if node.function == "count" and not node.arguments:
            return "count(*)"
        if node.function == "coalesce":
            kind = self.type_of(node)
            return f"coalesce({', '.join(self._chosen(argument, kind) for argument in node.arguments)})"
        if node.function in FUNCTIONS:
            return self._function(node, FUNCTIONS[node.function])
        arguments = [self.expression(argument) for argument in node.arguments]
        if node.function == "count":
            return self._count(node.arguments[0], arguments[0], distinct=node.distinct)
        total = self._sum(node.arguments[0], arguments[0])
        if node.function == "sum":
            return f"coalesce({total}, 0)"
        return f"({self._cast(total, 'float')} / nullif(count({arguments[0]}), 0))"

    def _function(self, node: Call, function: Function) -> str:
        """A function of the table; what is null throughout is given the type that the function takes."""
        kinds = tuple(map(self.type_of, node.arguments))
        texts = [self.expression(argument) for argument in node.arguments]
        for number, (kind, takes) in enumerate(zip(kinds, function.takes, strict=False)):
            if kind == "null" and takes[0] in self.dialect.types:
                texts[number] = self._cast(texts[number], takes[0])
        return function.sql(self.dialect, texts, kinds)

    def _count(self, argument: Expression, text: str, *, distinct: bool) -> str:
        if not (distinct and self.may_be_nan(argument)):
            return f"count({'DISTINCT ' if distinct else ''}{text})"
        _refuse_long(text)
        undefined = self.dialect.is_nan(text)
        return f"(count(DISTINCT CASE WHEN NOT {undefined} THEN {text} END) + count(CASE WHEN {undefined} THEN 1 END))"

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


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) < 2**63


def _refuse_long(*operands: str) -> None:
    if sum(map(len, operands)) > _LONGEST:
        hint = "compute it in a WITH of its own, and compare the name"
        raise QueryError(tr("the query compares too long an expression"), hint=hint)
