"""From the text of `ecosystem query` to a statement: a metric's grammar, and WITH, OPTIONAL MATCH, UNION, order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, cast

from lark import Token, Transformer, v_args
from lark.exceptions import UnexpectedInput

from ecosystem.errors import Finding, QueryError
from ecosystem.messages import tr, tr_later
from ecosystem.query import tree
from ecosystem.query.parser import ToTree, grammar, position_of, to_tree
from ecosystem.query.refusals import OUTSIDE, Refused, explain
from ecosystem.query.traversal import aggregates, patterns, walk
from ecosystem.query.tree import (
    AnyStatement,
    Item,
    OptionalMatch,
    Order,
    Projection,
    QueryPart,
    Statement,
    Union,
    Variable,
)

BEYOND = tr_later("the embedded engine runs a subset of Cypher; Neo4j runs all that reads: --store neo4j://host:7687")


def parse_statement(text: str, file: str | None = None) -> AnyStatement:
    """The tree of a statement. Raises QueryError with line and column when the text is outside the grammar."""
    cause: Exception
    try:
        rules = cast("Transformer[Token, AnyStatement]", _ToStatement())
        return to_tree(grammar().parse(text, start="statement"), rules)
    except UnexpectedInput as err:
        finding, cause = explain(err, text, file), err
    except Refused as err:
        finding, cause = err.finding(file), err
    message = finding.message.replace(" of metrics", "")
    writes = OUTSIDE.get((finding.value or "").upper(), "").startswith("a query only reads")
    hint = None if writes else tr(BEYOND)
    shown = Finding("error", finding.code, message, finding.file, finding.row, finding.column, hint=hint)
    raise QueryError(tr("{file} does not parse", file=file or tr("the query")), findings=[shown]) from cause


@v_args(meta=True)
class _ToStatement(ToTree):
    """The rules that a metric has not."""

    def statement(self, meta: Any, parts: list[Any]) -> AnyStatement:
        statements = tuple(part for part in parts if isinstance(part, Statement))
        if len(statements) == 1:
            return statements[0]
        everything = {part for part in parts if isinstance(part, bool)}
        unions = sum(isinstance(part, Token) and part.type == "UNION" for part in parts)
        if everything and sum(isinstance(part, bool) for part in parts) != unions:
            raise Refused(tr("UNION and UNION ALL do not mix"), position_of(meta), tr("say ALL everywhere, or nowhere"))
        return Union(statements, bool(everything), position=position_of(meta))

    def union_all(self, _: Any, __: list[Any]) -> bool:
        return True

    def single(self, meta: Any, parts: list[Any]) -> Statement:
        found: list[QueryPart] = []
        clauses: list[tree.Match | OptionalMatch] = []
        for part in parts:
            if isinstance(part, Projection):
                before = _bound_by(found[-1:], clauses)
                found += _filtered(QueryPart(tuple(clauses), part, position=part.position), before)
                clauses = []
            else:
                clauses.append(part)
        return Statement(tuple(found), position=position_of(meta))

    def optional(self, meta: Any, parts: list[Any]) -> OptionalMatch:
        return OptionalMatch(parts[-1], position=position_of(meta))

    def with_clause(self, meta: Any, parts: list[Any]) -> Projection:
        given = next(part for part in parts if isinstance(part, Projection))
        where = parts[-1] if not isinstance(parts[-1], Projection) else None
        return replace(given, where=where, position=position_of(meta))

    def final_clause(self, _: Any, parts: list[Any]) -> Projection:
        return cast("Projection", parts[-1])

    def projection(self, meta: Any, parts: list[Any]) -> Projection:
        bounds: dict[str, tree.Expression] = dict(part for part in parts if isinstance(part, tuple))
        order = next((part for part in parts if isinstance(part, list)), [])
        items = tuple(part for part in parts if isinstance(part, tree.Item))
        return Projection(
            items, True in parts, tuple(order), bounds.get("skip"), bounds.get("limit"), position=position_of(meta)
        )

    def unique(self, _: Any, __: list[Any]) -> bool:
        return True

    def order(self, _: Any, parts: list[Any]) -> list[Order]:
        return [part for part in parts if isinstance(part, Order)]

    def sort(self, meta: Any, parts: list[Any]) -> Order:
        return Order(parts[0], parts[-1] is True, position=position_of(meta))

    def descending(self, _: Any, __: list[Any]) -> bool:
        return True

    def skip(self, _: Any, parts: list[Any]) -> tuple[str, tree.Expression]:
        return ("skip", parts[-1])

    def limit(self, _: Any, parts: list[Any]) -> tuple[str, tree.Expression]:
        return ("limit", parts[-1])


def _bound_by(last: list[QueryPart], clauses: Iterable[tree.Match | OptionalMatch]) -> set[str]:
    """The names that are visible behind the clauses: those of their patterns, and what the last part handed on."""
    matches = (clause.match if isinstance(clause, OptionalMatch) else clause for clause in clauses)
    names = {pattern.variable for match in matches for pattern in patterns(match)}
    return (names | {item.alias for part in last for item in part.projection.items}) - {""}


def _filtered(part: QueryPart, before: Collection[str]) -> list[QueryPart]:
    """The part, or two: the WHERE of a WITH also sees what that WITH does not hand on.

    Then a first WITH hands on the more that its WHERE speaks of, and a second one leaves it behind. Not so where rows
    are grouped or made distinct: there the server refuses it too, and here the name is not bound.
    """
    given = part.projection
    if given.where is None or given.distinct or any(aggregates(item.expression) for item in given.items):
        return [part]
    aliases = [item.alias for item in given.items]
    spoken = dict.fromkeys(name for node in walk(given.where) if (name := _name_in(node)) in before)
    more = [Item(Variable(name), name, position=given.position) for name in spoken if name not in aliases]
    if not more:
        return [part]
    kept = tuple(Item(Variable(alias), alias, position=given.position) for alias in aliases)
    wider = replace(part, projection=replace(given, items=(*given.items, *more)))
    return [wider, QueryPart((), Projection(kept, position=given.position), position=part.position)]


def _name_in(node: tree.SyntaxNode) -> str:
    match node:
        case Variable():
            return node.name
        case tree.PropertyOf() | tree.NodePattern() | tree.LinkPattern():
            return node.variable
        case _:
            return ""
