"""Ways through a tree: what lies below a node, the operands of a condition, the aggregates of a column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    Comprehension,
    CountMatches,
    Exists,
    Expression,
    FieldOf,
    IsNull,
    LinkPattern,
    Literal,
    Match,
    NodePattern,
    Parameter,
    PatternComprehension,
    PropertyOf,
    Quantifier,
    Reduce,
    Subquery,
    Variable,
)

AGGREGATES = (
    *("count", "sum", "avg", "min", "max", "percentilecont", "percentiledisc", "stdev", "stdevp"),
    "collect",
)

Loose = Variable | PropertyOf | Exists | CountMatches | PatternComprehension | Subquery
"""What may vary from row to row."""
_N = TypeVar("_N", bound=SyntaxNode)


def children(node: SyntaxNode) -> list[SyntaxNode]:
    """The nodes directly below a node, in the order of the text."""
    found: list[SyntaxNode] = []
    for name in _own_fields(node):
        _gather(getattr(node, name), found)
    return found


def _gather(value: object, found: list[SyntaxNode]) -> None:
    if isinstance(value, SyntaxNode):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _gather(item, found)


def _own_fields(node: SyntaxNode) -> Iterable[str]:
    """The fields that may hold further nodes: all but the position, which is a slot of the base."""
    return node.__slots__


def walk(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """A node and everything below it, in the order of the text."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending += reversed(children(node))


def depth(node: SyntaxNode) -> int:
    """How many nodes lie one above the other, at most; a loop, so any depth will do."""
    levels, layer = 0, [node]
    while layer:
        layer = [child for above in layer for child in children(above)]
        levels += 1
    return levels


def map_children(node: _N, change: Callable[[SyntaxNode], SyntaxNode]) -> _N:
    """The node with `change` applied to each node directly below it."""

    def visit(value: object) -> object:
        if isinstance(value, SyntaxNode):
            return change(value)
        return tuple(visit(item) for item in value) if isinstance(value, tuple) else value

    parts: dict[str, Any] = {name: visit(getattr(node, name)) for name in _own_fields(node)}
    return replace(node, **parts)


def patterns(match: Match) -> Iterator[NodePattern | LinkPattern]:
    """Every node and link pattern of a match: a path's nodes first, then its links."""
    for path in match.paths:
        yield from path.nodes
        yield from path.links


def chosen(expression: SyntaxNode) -> Iterator[Variable]:
    """The variables that an expression may result in: a variable itself, or those that coalesce or CASE choose among.

    With a variable it is a node or link where they are.
    """
    match expression:
        case Variable():
            yield expression
        case Call(function="coalesce"):
            for argument in expression.arguments:
                yield from chosen(argument)
        case Case():
            for result in expression.results:
                yield from chosen(result)


def property_of(entity: Expression, name: str, without: Collection[str] = ()) -> Expression:
    """A property of a node or link that may be a choice among several; null of those `without` it."""
    match entity:
        case Variable():
            if entity.name in without:
                return Literal(None, position=entity.position)
            return PropertyOf(entity.name, name, position=entity.position)
        case Call(function="coalesce"):
            # the first that is there is asked, also where it has no such property
            there = ((IsNull(each, negated=True), property_of(each, name, without)) for each in entity.arguments)
            return Case(None, tuple(there), None, position=entity.position)
        case Case():
            branches = tuple((when, property_of(then, name, without)) for when, then in entity.branches)
            otherwise = None if entity.otherwise is None else property_of(entity.otherwise, name, without)
            return replace(entity, branches=branches, otherwise=otherwise)
        case Literal(value=None):
            return entity
        case _:
            return FieldOf(entity, name, position=entity.position)


def parameter_names(tree: SyntaxNode) -> dict[str, str]:
    """What the SQL calls each parameter of a query or statement: a number, like all else that a user has named."""
    used = sorted({node.name for node in walk(tree) if isinstance(node, Parameter)})
    return {name: f"p{number}" for number, name in enumerate(used, start=1)}


def conjuncts(expression: Expression | None) -> Iterator[Expression]:
    """The operands of the outermost ANDs, from left to right; nothing for no condition."""
    if isinstance(expression, Binary) and expression.operator == "AND":
        yield from conjuncts(expression.left)
        yield from conjuncts(expression.right)
    elif expression is not None:
        yield expression


def conjunction(expressions: tuple[Expression, ...]) -> Expression | None:
    """The operands joined by AND; None for none."""
    joined: Expression | None = None
    for expression in expressions:
        joined = expression if joined is None else Binary("AND", joined, expression)
    return joined


def aggregates(expression: SyntaxNode) -> tuple[Call, ...]:
    """The distinct aggregate calls in an expression, in the order of the text."""
    return tuple(dict.fromkeys(_aggregates(expression)))


def _aggregates(node: SyntaxNode) -> Iterator[Call]:
    if isinstance(node, Call) and node.function in AGGREGATES:
        yield node
    # those of a statement inside the expression are its own
    for child in () if isinstance(node, Subquery) else children(node):
        yield from _aggregates(child)


def subqueries(expression: SyntaxNode) -> Iterator[Exists | CountMatches | PatternComprehension]:
    """The subqueries of an expression, without those inside them."""
    if isinstance(expression, Exists | CountMatches | PatternComprehension):
        yield expression
        return
    for child in children(expression):
        yield from subqueries(child)


def loop_bodies(expression: SyntaxNode) -> Iterator[SyntaxNode]:
    """What is computed for each element of a list, of every loop in an expression."""
    for loop in (node for node in walk(expression) if isinstance(node, Comprehension | Quantifier | Reduce)):
        outside = (loop.source, loop.start) if isinstance(loop, Reduce) else (loop.source,)
        yield from (child for child in children(loop) if not any(child is each for each in outside))


def outside_aggregates(expression: SyntaxNode) -> Iterator[Loose]:
    """The variables, properties and subqueries of an expression that stand in no aggregate."""
    if isinstance(expression, Variable | PropertyOf | Exists | CountMatches | PatternComprehension | Subquery):
        yield expression
    elif isinstance(expression, Comprehension | Quantifier | Reduce):
        # the names of a loop are its own
        own = {expression.variable, *([expression.total] if isinstance(expression, Reduce) else [])}
        for child in children(expression):
            found = outside_aggregates(child)
            yield from (each for each in found if child is expression.source or _name_of(each) not in own)
    elif not (isinstance(expression, Call) and expression.function in AGGREGATES):
        for child in children(expression):
            yield from outside_aggregates(child)


def _name_of(node: SyntaxNode) -> str:
    if isinstance(node, Variable):
        return node.name
    return node.variable if isinstance(node, PropertyOf) else ""


def joins_unequal(condition: Expression) -> bool:
    """True for `a.x <> b.y` and the like, which an engine may take for a condition of a join."""
    if not isinstance(condition, Binary) or condition.operator not in ("<>", "<", "<=", ">", ">="):
        return False
    return len({node.variable for node in walk(condition) if isinstance(node, PropertyOf)}) > 1
