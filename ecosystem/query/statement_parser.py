"""From the text of `ecosystem query` to a statement: a metric's grammar, and WITH, OPTIONAL MATCH, UNION, order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from lark import Token, Transformer, v_args
from lark.exceptions import UnexpectedInput

from ecosystem.errors import Finding, QueryError
from ecosystem.query import tree
from ecosystem.query.parser import ToTree, grammar, position_of, to_tree
from ecosystem.query.refusals import Refused, explain
from ecosystem.query.tree import AnyStatement, OptionalMatch, Order, Projection, QueryPart, Statement, Union

BEYOND = "the embedded engine runs a subset of Cypher; Neo4j runs all that reads: --store neo4j://host:7687"


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
    hint = None if message.startswith("a query only reads") else BEYOND
    shown = Finding("error", finding.code, message, finding.file, finding.row, finding.column, hint=hint)
    raise QueryError(f"{file or 'the query'} does not parse", findings=[shown]) from cause


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
            raise Refused("UNION and UNION ALL do not mix", position_of(meta), "say ALL everywhere, or nowhere")
        return Union(statements, bool(everything), position=position_of(meta))

    def union_all(self, _: Any, __: list[Any]) -> bool:
        return True

    def single(self, meta: Any, parts: list[Any]) -> Statement:
        found: list[QueryPart] = []
        clauses: list[tree.Match | OptionalMatch] = []
        for part in parts:
            if isinstance(part, Projection):
                found.append(QueryPart(tuple(clauses), part, position=part.position))
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
