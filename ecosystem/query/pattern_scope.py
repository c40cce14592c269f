"""Which names are bound where a pattern stands as a condition: it may name nothing new, and it is no value."""

from __future__ import annotations

from collections.abc import Iterator

from ecosystem.messages import tr
from ecosystem.query.statement_tree import (
    CallProcedure,
    CallSubquery,
    Clause,
    OptionalMatch,
    Projection,
    Query,
    Statement,
    Union,
    Unwind,
)
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import children, patterns
from ecosystem.query.tree import (
    Binary,
    Case,
    Comprehension,
    CountMatches,
    Exists,
    Match,
    Not,
    PatternComprehension,
    Quantifier,
    Reduce,
    StatementNode,
    Subquery,
)

_Names = frozenset[str]
Misuse = tuple[SyntaxNode, str, str, str | None]
"""Where, the code, the sentence, and the next step."""


def misused_patterns(query: Query | StatementNode) -> Iterator[Misuse]:
    """Each pattern that stands as a condition and names something new, or stands where a value does."""
    if isinstance(query, Query):
        names = frozenset[str]()
        for match in query.matches:
            names |= _names_of(match)
            yield from _of_match(match, names)
        for item in query.items:
            yield from _of(item.expression, names)
    else:
        yield from _of_statement(query, frozenset())


def _of_statement(statement: StatementNode, outer: _Names) -> Iterator[Misuse]:
    if isinstance(statement, Union):
        for branch in statement.statements:
            yield from _of_statement(branch, outer)
    if not isinstance(statement, Statement):
        return
    names = outer
    for part in statement.parts:
        for clause in part.clauses:
            names |= _bound_by(clause)
            yield from _of_clause(clause, names)
        given = part.projection
        if given.everything and not given.items and not names and not _procedure(part.clauses):
            yield given, "nothing_returned", tr("* stands for all names, and there is none"), tr("name a node: (n)")
        yield from _of_projection(given, names)
        handed_on = frozenset(item.alias for item in given.items)
        names = outer | handed_on | (names if given.everything else frozenset())


def _procedure(clauses: tuple[Clause, ...]) -> bool:
    return any(isinstance(clause, CallProcedure) for clause in clauses)


def _of_clause(clause: Clause, names: _Names) -> Iterator[Misuse]:
    match clause:
        case Match():
            yield from _of_match(clause, names)
        case OptionalMatch():
            yield from _of_match(clause.match, names)
        case Unwind():
            yield from _of(clause.source, names)
        case CallSubquery():
            yield from _of_statement(clause.statement, names)


def _of_projection(given: Projection, names: _Names) -> Iterator[Misuse]:
    for item in given.items:
        yield from _of(item.expression, names)
    names |= {item.alias for item in given.items}
    for order in given.order:
        yield from _of(order.expression, names)
    if given.where is not None:
        yield from _of(given.where, names, condition=True)


def _of_match(match: Match, names: _Names) -> Iterator[Misuse]:
    for pattern in patterns(match):
        for _, value in pattern.properties:
            yield from _of(value, names)
    if match.where is not None:
        yield from _of(match.where, names, condition=True)


def _of(node: SyntaxNode, names: _Names, *, condition: bool = False) -> Iterator[Misuse]:
    """The misused patterns of an expression that is a condition, or is a value."""
    match node:
        case Exists(bare=True):
            yield from _of_pattern(node, names, condition)
        case Exists() | CountMatches() | PatternComprehension():
            for match in (node.match,) if isinstance(node, PatternComprehension) else node.matches:
                names |= _names_of(match)
                yield from _of_match(match, names)
            yield from _of(node.result, names) if isinstance(node, PatternComprehension) else ()
        case Subquery():
            yield from _of_statement(node.statement, names)
        case Not() | Binary(operator="AND" | "OR" | "XOR"):
            for child in children(node):
                yield from _of(child, names, condition=True)
        case Case(subject=None):
            for when, then in node.branches:
                yield from _of(when, names, condition=True)
                yield from _of(then, names)
            yield from () if node.otherwise is None else _of(node.otherwise, names)
        case Comprehension() | Quantifier() | Reduce():
            yield from _of_loop(node, names)
        case _:
            for child in children(node):
                yield from _of(child, names)


def _of_loop(node: Comprehension | Quantifier | Reduce, names: _Names) -> Iterator[Misuse]:
    """Those of what goes through a list; the variable is bound in all but the list itself."""
    yield from _of(node.source, names)
    names |= {node.variable}
    if isinstance(node, Reduce):
        yield from _of(node.start, names)
        yield from _of(node.step, names | {node.total})
        return
    if node.where is not None:
        yield from _of(node.where, names, condition=True)
    if isinstance(node, Comprehension) and node.result is not None:
        yield from _of(node.result, names)


def _of_pattern(node: Exists, names: _Names, condition: bool) -> Iterator[Misuse]:
    if not condition:
        message = tr("a pattern is a condition, and no value")
        hint = tr("COUNT { (a)-[:TYPE]->() } counts, EXISTS { ... } is true or false, [(a)-[:TYPE]->(b) | b] lists")
        yield node, "pattern_as_value", message, hint
    for match in node.matches:
        for pattern in patterns(match):
            if pattern.variable and pattern.variable not in names:
                name = pattern.variable
                message = tr("{name} is not bound, and a pattern that is a condition names nothing new", name=name)
                hint = tr("leave the name out, or write EXISTS { MATCH ... }")
                yield pattern, "unknown_variable", message, hint
        yield from _of_match(match, names)


def _bound_by(clause: Clause) -> _Names:
    """The names that a clause binds."""
    match clause:
        case Match():
            return _names_of(clause)
        case OptionalMatch():
            return _names_of(clause.match)
        case Unwind():
            return frozenset({clause.alias})
        case CallSubquery():
            first = clause.statement
            while isinstance(first, Union):
                first = first.statements[0]
            return frozenset(item.alias for item in first.parts[-1].projection.items)
        case CallProcedure():
            return frozenset(item.alias for item in clause.columns)


def _names_of(match: Match) -> _Names:
    found: set[str] = {pattern.variable for pattern in patterns(match)} | {path.variable for path in match.paths}
    for link in match.links():
        found |= _names_of(link.inside) if link.inside is not None else set()
    return frozenset(found - {""})
