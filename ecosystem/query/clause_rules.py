"""From Lark's tree to ours: clauses, projections and whole statements, rule by rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, cast

from lark import Token, v_args

from ecosystem.messages import tr
from ecosystem.query import tree
from ecosystem.query.expression_rules import ExpressionRules
from ecosystem.query.pattern_rules import Name, Where, match_of, position_of
from ecosystem.query.refusals import Refused
from ecosystem.query.statement_tree import (
    AnyStatement,
    CallProcedure,
    CallSubquery,
    Clause,
    Item,
    OptionalMatch,
    Order,
    Projection,
    QueryPart,
    Statement,
    Union,
    Unwind,
)
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import aggregates, patterns, walk
from ecosystem.query.tree import Literal, Variable

_ROW = Projection((Item(Literal(1), "1"),))
"""What a subquery returns that does not say it: a row is all that is asked for."""


@v_args(meta=True)
class ClauseRules(ExpressionRules):
    """The rules of clauses."""

    def statement(self, meta: Any, parts: list[Any]) -> AnyStatement:
        statements = tuple(part for part in parts if isinstance(part, Statement | Union))
        if len(statements) == 1:
            return statements[0]
        everything = [part for part in parts if isinstance(part, bool)]
        unions = sum(isinstance(part, Token) and part.type == "UNION" for part in parts)
        if any(everything) and not (all(everything) and len(everything) == unions):
            raise Refused(tr("UNION and UNION ALL do not mix"), position_of(meta), tr("say ALL everywhere, or nowhere"))
        return Union(cast("tuple[Statement, ...]", statements), any(everything), position=position_of(meta))

    def union_all(self, _: Any, parts: list[Any]) -> bool:
        return bool(parts[0].type == "ALL")

    def question(self, _: Any, parts: list[Any]) -> AnyStatement:
        return cast("AnyStatement", parts[0])

    def lone_procedure(self, meta: Any, parts: list[Any]) -> Statement:
        # a procedure that is called alone returns all that it yields
        part = QueryPart((parts[0],), Projection((), everything=True), position=position_of(meta))
        return Statement((part,), position=position_of(meta))

    def single(self, meta: Any, parts: list[Any]) -> Statement:
        found: list[QueryPart] = []
        clauses: list[Clause] = []
        for part in parts:
            if isinstance(part, Projection):
                before = _bound_by(found[-1:], clauses)
                found += _filtered(QueryPart(tuple(clauses), part, position=part.position), before)
                clauses = []
            else:
                clauses.append(part)
        return Statement(tuple(found), position=position_of(meta))

    def branch(self, meta: Any, parts: list[Any]) -> Statement:
        ends = isinstance(parts[-1], Projection) and parts[-1].where is None
        return self.single(meta, parts if ends else [*parts, _ROW])

    def match(self, meta: Any, parts: list[Any]) -> tree.Match:
        return match_of(parts, meta)

    def optional(self, meta: Any, parts: list[Any]) -> OptionalMatch:
        return OptionalMatch(parts[-1], position=position_of(meta))

    def unwind(self, meta: Any, parts: list[Any]) -> Unwind:
        return Unwind(parts[1], str(parts[-1]), position=position_of(meta))

    def imports(self, meta: Any, parts: list[Any]) -> tuple[str, ...]:
        names = tuple(str(part) for part in parts if isinstance(part, Name))
        return names or (("*",) if "*" in self.text[meta.start_pos : meta.end_pos] else ())

    def call_subquery(self, meta: Any, parts: list[Any]) -> CallSubquery:
        statement = next(part for part in parts if isinstance(part, Statement | Union))
        imports = next((part for part in parts if isinstance(part, tuple)), None)
        optional = isinstance(parts[0], Token) and parts[0].type == "OPTIONAL"
        return CallSubquery(statement, imports, optional, position=position_of(meta))

    def call_procedure(self, meta: Any, parts: list[Any]) -> CallProcedure:
        names = [str(part) for part in parts if isinstance(part, Name)]
        name = next((str(p) for p in parts if isinstance(p, Token) and p.type == "FUNCTION"), ".".join(names))
        arguments = next((part for part in parts if isinstance(part, list)), [])
        columns = next((part for part in parts if isinstance(part, tuple)), ())
        return CallProcedure(name, tuple(arguments), columns, position=position_of(meta))

    def arguments(self, _: Any, parts: list[Any]) -> list[Any]:
        return [part for part in parts if part is not None]

    def yields(self, _: Any, parts: list[Any]) -> tuple[Item, ...]:
        return tuple(part for part in parts if isinstance(part, Item))

    def with_clause(self, meta: Any, parts: list[Any]) -> Projection:
        given = next(part for part in parts if isinstance(part, Projection))
        where = parts[-1].condition if isinstance(parts[-1], Where) else None
        return replace(given, where=where, position=position_of(meta))

    def final_clause(self, _: Any, parts: list[Any]) -> Projection:
        return cast("Projection", parts[-1])

    def projection(self, meta: Any, parts: list[Any]) -> Projection:
        bounds: dict[str, tree.Expression] = dict(part for part in parts if isinstance(part, tuple))
        order = next((part for part in parts if isinstance(part, list)), [])
        items = tuple(part for part in parts if isinstance(part, Item))
        return Projection(
            items,
            "unique" in parts,
            tuple(order),
            bounds.get("skip"),
            bounds.get("limit"),
            everything="everything" in parts,
            position=position_of(meta),
        )

    def unique(self, _: Any, __: list[Any]) -> str:
        return "unique"

    def everything(self, _: Any, __: list[Any]) -> str:
        return "everything"

    def item(self, meta: Any, parts: list[Any]) -> Item:
        # without AS the name is that of a variable, and of all else the text as it was written
        if len(parts) > 1:
            return Item(parts[0], str(parts[-1]), position=position_of(meta))
        if isinstance(parts[0], tree.Variable):
            return Item(parts[0], parts[0].name, position=position_of(meta))
        return Item(parts[0], self.text[meta.start_pos : meta.end_pos], True, position=position_of(meta))

    def order(self, _: Any, parts: list[Any]) -> list[Order]:
        return [part for part in parts if isinstance(part, Order)]

    def sort(self, meta: Any, parts: list[Any]) -> Order:
        return Order(parts[0], parts[-1] is True, position=position_of(meta))

    def descending(self, _: Any, __: list[Any]) -> bool:
        return True

    def order_by(self, meta: Any, parts: list[Any]) -> Projection:
        # as a clause of its own it orders and bounds all that is there
        return self.projection(meta, ["everything", *parts])

    def skip(self, _: Any, parts: list[Any]) -> tuple[str, tree.Expression]:
        return ("skip", parts[-1])

    def limit(self, _: Any, parts: list[Any]) -> tuple[str, tree.Expression]:
        return ("limit", parts[-1])

    # subqueries in expressions

    def pattern_body(self, meta: Any, parts: list[Any]) -> Statement:
        return Statement((QueryPart((match_of(parts, meta),), _ROW),), position=position_of(meta))

    def statement_body(self, meta: Any, parts: list[Any]) -> AnyStatement:
        return self.statement(meta, parts)

    def exists(self, meta: Any, parts: list[Any]) -> tree.Expression:
        matches = _only_matches(parts[-1], counted=False)
        if matches:
            return tree.Exists(matches, position=position_of(meta))
        return tree.Subquery("EXISTS", parts[-1], position=position_of(meta))

    def count_matches(self, meta: Any, parts: list[Any]) -> tree.Expression:
        matches = _only_matches(parts[-1], counted=True)
        if matches:
            return tree.CountMatches(matches, position=position_of(meta))
        return tree.Subquery("COUNT", parts[-1], position=position_of(meta))

    def collect_rows(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Subquery("COLLECT", parts[-1], position=position_of(meta))


def _only_matches(statement: AnyStatement, *, counted: bool) -> tuple[tree.Match, ...]:
    """The matches of a subquery that is nothing else: its rows are theirs. Empty where it is more."""
    if isinstance(statement, Union) or len(statement.parts) > 1:
        return ()
    (part,) = statement.parts
    given = part.projection
    if given.skip or given.limit or any(aggregates(item.expression) for item in given.items):
        return ()
    if counted and given.distinct:
        return ()
    matches = tuple(clause for clause in part.clauses if isinstance(clause, tree.Match))
    return matches if len(matches) == len(part.clauses) else ()


def _bound_by(last: list[QueryPart], clauses: Iterable[Clause]) -> set[str]:
    """The names that are visible behind the clauses: theirs, and what the last part handed on."""
    names = {item.alias for part in last for item in part.projection.items}
    for clause in clauses:
        match clause:
            case tree.Match():
                names |= _names_of(clause)
            case OptionalMatch():
                names |= _names_of(clause.match)
            case Unwind():
                names.add(clause.alias)
            case CallSubquery():
                first = clause.statement
                while isinstance(first, Union):
                    first = first.statements[0]
                names |= {item.alias for item in first.parts[-1].projection.items}
            case CallProcedure():
                names |= {item.alias for item in clause.columns}
    return names - {""}


def _names_of(match: tree.Match) -> set[str]:
    return {pattern.variable for pattern in patterns(match)} | {path.variable for path in match.paths}


def _filtered(part: QueryPart, before: Collection[str]) -> list[QueryPart]:
    """The part, or two: the WHERE of a WITH also sees what that WITH does not hand on.

    Then a first WITH hands on the more that its WHERE speaks of, and a second one leaves it behind. Not so where rows
    are grouped or made distinct: there the server refuses it too, and here the name is not bound.
    """
    given = part.projection
    if given.where is None or given.distinct or any(aggregates(item.expression) for item in given.items):
        return [part]
    if given.everything:
        return [part]
    aliases = [item.alias for item in given.items]
    spoken = dict.fromkeys(name for node in walk(given.where) if (name := _name_in(node)) in before)
    more = [Item(Variable(name), name, position=given.position) for name in spoken if name not in aliases]
    if not more:
        return [part]
    kept = tuple(Item(Variable(alias), alias, position=given.position) for alias in aliases)
    wider = replace(part, projection=replace(given, items=(*given.items, *more)))
    return [wider, QueryPart((), Projection(kept, position=given.position), position=part.position)]


def _name_in(node: SyntaxNode) -> str:
    match node:
        case Variable():
            return node.name
        case tree.PropertyOf() | tree.NodePattern() | tree.LinkPattern():
            return node.variable
        case _:
            return ""
