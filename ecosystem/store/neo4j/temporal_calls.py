"""Calls of dates and durations as a server takes them: of null it fails where the embedded engine gives null."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from ecosystem.query import temporal_types
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import map_children
from ecosystem.query.tree import Binary, Call, Case, Expression, IsNull, Literal, MapOf

_N = TypeVar("_N", bound=SyntaxNode)
_NEEDED = ("year", "date", "datetime", "epochseconds", "epochmillis")
"""The keys of a date or moment without which it is none; the others begin anew where they are null."""


def null_of_null(node: _N) -> _N:
    """The tree with a CASE around each call of dates at whose nulls a server fails, or of which it makes the year 0."""
    return map_children(node, _safe)


def _safe(node: SyntaxNode) -> SyntaxNode:
    changed = map_children(node, _safe)
    if not isinstance(changed, Call) or not temporal_types.is_call(changed.function):
        return changed
    tests: list[Expression] = [
        IsNull(each, negated=True) for each in _needed(changed) if not isinstance(each, Literal) or each.value is None
    ]
    if not tests:
        return changed
    every = tests[0]
    for test in tests[1:]:
        every = Binary("AND", every, test)
    return Case(None, ((every, changed),), None, position=changed.position)


def _needed(call: Call) -> Iterator[Expression]:
    """The parts of a call that a server takes no null for."""
    if call.function.endswith(".truncate"):
        yield call.arguments[1]
    elif call.function.startswith("datetime.fromepoch"):
        yield from call.arguments
    elif call.arguments and isinstance(call.arguments[0], MapOf):
        for key, value in call.arguments[0].entries:
            if call.function == "duration" or key.lower() in _NEEDED:
                yield value
