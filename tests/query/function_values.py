"""What Neo4j 5.26.30 (on Java 17) makes of calls of the functions, in function_values.json; and calls of properties.

`calendar` says what 2026.08.1 makes of a call, where that is something else.

`tests/store/test_contract_functions.py` asks every store for them again, so also the server that has said them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_tree import Statement
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import map_children, walk
from ecosystem.query.tree import Binary, Call, Expression, Literal, PropertyOf


@dataclass(frozen=True, slots=True)
class Case:
    """A call, and its value or the code of the failure (`run_failures.py`) with which it ends."""

    call: str
    value: Any = None
    fails: str | None = None
    calendar: Mapping[str, Any] | None = None

    @property
    def of_calendar_release(self) -> Case:
        """The call as the calendar release answers it."""
        return self if self.calendar is None else Case(self.call, **self.calendar)

    @property
    def expression(self) -> Expression:
        """The call, read."""
        return expression_of(self.call)


def expression_of(text: str) -> Expression:
    """An expression, read."""
    statement = parse_statement(f"MATCH (n:Park) RETURN {text} AS x")
    assert isinstance(statement, Statement)
    return statement.parts[0].projection.items[0].expression


CASES = tuple(
    Case(**each) for each in json.loads(Path(__file__).with_name("function_values.json").read_text(encoding="utf-8"))
)


def constants() -> dict[str, bool | int | float | str]:
    """Every constant of the calls as a property of a node, by a name of its own for each type and value."""
    found = [node.value for case in CASES for node in walk(case.expression) if isinstance(node, Literal)]
    return {_name(value, number): value for number, value in enumerate(_distinct(found)) if value is not None}


def _distinct(values: list[Any]) -> list[Any]:
    return list({(type(value), repr(value)): value for value in values}.values())


def _name(value: object, number: int) -> str:
    return f"p{number}_{type(value).__name__}"


NAMES: dict[tuple[type, str], str] = {(type(value), repr(value)): name for name, value in constants().items()}


def of_properties(case: Case) -> Expression:
    """The call with properties of `n` in place of its constants, so that no engine can compute it beforehand.

    A regular expression stays written out, since one that is computed has fewer words.
    """

    def change(node: SyntaxNode) -> SyntaxNode:
        match node:
            case Literal():
                name = NAMES.get((type(node.value), repr(node.value)))
                return node if name is None else PropertyOf("n", name)
            case Binary(operator="=~"):
                return Binary("=~", change(node.left), node.right)  # type: ignore[arg-type]  # it was an expression
            case _:
                return map_children(node, change)

    changed = change(case.expression)
    assert isinstance(changed, Call | Binary)
    return changed


def same(one: object, other: object) -> bool:
    """Whether two values are one: of one type, NaN and -0.0 told, digits of floats but for the last two."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.copysign(1, one) == math.copysign(1, other) and (
            one == other or abs(one - other) <= 4e-16 * abs(one)
        )
    return type(one) is type(other) and one == other
