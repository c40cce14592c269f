"""Translators with one mistake each, as patches of the real one: the mistakes that a translator of Cypher makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ecosystem.query import comparison_sql, dialect, expressions, pipeline, provenance, scope, steps
from ecosystem.query.statement_tree import Union
from ecosystem.query.tree import Binary, Call, Exists, Not
from ecosystem.store.duckdb import store as engine

Patch = pytest.MonkeyPatch
Emitter = expressions.Emitter


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and how to make it so."""

    what: str
    make: Callable[[Patch], None]


def changed(owner: Any, name: str, change: Callable[..., Any]) -> Callable[[Patch], None]:
    """A patch by which `change` is called with the real function before its arguments."""
    real = getattr(owner, name)

    def patched(*given: Any, **named: Any) -> Any:
        return change(real, *given, **named)

    return lambda patch: patch.setattr(owner, name, patched)


def _lost_parentheses(real: Any, emitter: Any, node: Binary) -> str:
    text: str = real(emitter, node)
    return text[1:-1] if node.operator == "OR" else text


def _or_for_and(real: Any, emitter: Any, node: Binary) -> Any:
    return real(emitter, replace(node, operator="OR") if node.operator == "AND" else node)


def _null_sum(real: Any, emitter: Any, node: Call) -> Any:
    text = real(emitter, node)
    return f"nullif({text}, 0)" if node.function == "sum" else text


def _exists_for_not(real: Any, emitter: Any, node: Any) -> Any:
    return real(emitter, node.operand if isinstance(node, Not) and isinstance(node.operand, Exists) else node)


def _limit_first(real: Any, *given: Any, **named: Any) -> str:
    text: str = real(*given, **named)
    head, order, cut = text.rpartition(" ORDER BY ")
    keys, limit, number = cut.rpartition(" LIMIT ")
    return f"SELECT * FROM ({head}{limit}{number}) ORDER BY {keys}" if order and limit else text


def _nulls_reversed(real: Any, *given: Any, **named: Any) -> str:
    text: str = real(*given, **named)
    return text.replace("NULLS FIRST", "?").replace("NULLS LAST", "NULLS FIRST").replace("?", "NULLS LAST")


def _rows_of_null(real: Any, scope: Any, node: Any) -> None:
    real(scope, node)
    scope.conditions = [each for each in scope.conditions if not each.endswith(" IS NOT NULL)")]


def _short_window(real: Any, query: Any, kind: Any, dated: Any, since: Any, until: Any) -> Any:
    return real(query, kind, dated, since, None if until is None else until - 1)


def _plain_number(kind: type) -> Callable[..., Any]:
    return lambda real, self, value: repr(value) if type(value) is kind else real(self, value)


def _all_of_union(real: Any, statement: Any, *given: Any) -> Any:
    return real(replace(statement, everything=True) if isinstance(statement, Union) else statement, *given)


MISTAKES = (
    Mistake("the parentheses of OR inside AND are lost", changed(Emitter, "_binary", _lost_parentheses)),
    Mistake("OR for AND", changed(Emitter, "_binary", _or_for_and)),
    Mistake(
        "DISTINCT is dropped from count",
        changed(Emitter, "_call", lambda real, *of: real(*of).replace("DISTINCT ", "")),
    ),
    Mistake(
        "DISTINCT is dropped from RETURN and WITH",
        changed(
            pipeline,
            "project",
            lambda real, rows, given, types: real(rows, replace(given, distinct=False), types),
        ),
    ),
    Mistake(
        "OPTIONAL looks up as MATCH does",
        changed(steps.Steps, "add_table", lambda real, self, text: real(self, text.replace("LEFT JOIN", "JOIN"))),
    ),
    Mistake("a null of OPTIONAL is matched again", changed(scope.Scope, "_node", _rows_of_null)),
    Mistake("the window ends a year early", changed(provenance, "windowed", _short_window)),
    Mistake("a link matches twice in one MATCH", changed(scope.Scope, "_distinct_links", lambda *_: None)),
    Mistake("integers have 32 bits", changed(dialect.DuckDB, "constant", _plain_number(int))),
    Mistake("0.1 is a decimal", changed(dialect.DuckDB, "constant", _plain_number(float))),
    Mistake(
        "undirected links match in one direction",
        changed(scope.Scope, "link_source", lambda real, self, link: real(self, replace(link, direction="out"))),
    ),
    Mistake(
        "a link from a node to itself counts twice",
        changed(
            scope.Scope,
            "_union",
            lambda real, self, variable, branches: real(self, variable, [(a, b, "") for a, b, _ in branches]),
        ),
    ),
    Mistake("labels are not tested", changed(scope.Scope, "_test_labels", lambda *_: None)),
    Mistake("nulls are sorted to the other end", changed(pipeline, "project", _nulls_reversed)),
    Mistake(
        "null IN a list is false", changed(comparison_sql, "is_in", lambda real, *of: f"coalesce({real(*of)}, false)")
    ),
    Mistake("a sum of nothing is null", changed(Emitter, "_call", _null_sum)),
    Mistake("EXISTS for NOT EXISTS", changed(Emitter, "expression", _exists_for_not)),
    Mistake("UNION keeps what is there twice", changed(engine, "statement_sql", _all_of_union)),
    Mistake("LIMIT cuts before ORDER BY sorts", changed(pipeline, "project", _limit_first)),
    Mistake(
        "evidence leaves out the links",
        changed(
            provenance,
            "_entities",
            lambda real, matches: tuple(item for item in real(matches) if not item.alias.startswith("link_")),
        ),
    ),
)
"""Sixteen and more, each of which must be noticed."""
