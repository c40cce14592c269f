"""From Cypher text to the tree, or one error that says where the text stops making sense."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path as FilePath
from typing import TypeVar, cast

from lark import Lark, Token
from lark import Transformer as Rules
from lark.exceptions import UnexpectedInput, VisitError

from ecosystem.errors import QueryError
from ecosystem.messages import tr
from ecosystem.query import tree
from ecosystem.query.brackets import marked
from ecosystem.query.clause_rules import ClauseRules
from ecosystem.query.mistakes import unreadable
from ecosystem.query.pattern_rules import LARGEST, too_large
from ecosystem.query.refusals import OUTSIDE_METRICS, Refused, explain, place
from ecosystem.query.statement_tree import (
    AnyStatement,
    CallProcedure,
    CallSubquery,
    Clause,
    OptionalMatch,
    Query,
    Union,
    Unwind,
)
from ecosystem.query.syntax import Position, SyntaxNode
from ecosystem.query.traversal import depth, walk

_Tree = TypeVar("_Tree", Query, AnyStatement)
MAX_DEPTH = 100
"""How deep a tree may be: far beyond what is written, and well within what recursion over it can do."""
MAX_PATTERNS = 500
"""How many nodes and links a query may have: an engine takes minutes to plan so many joins, and then refuses."""


def parse(text: str, file: str | None = None) -> Query:
    """The tree of a metric's or a network's query. Raises QueryError with line and column where it is none."""
    return _read(_query, text, file)


def parse_statement(text: str, file: str | None = None) -> AnyStatement:
    """The tree of a person's question. Raises QueryError with line and column when the text is no Cypher that reads."""
    return _read(_statement, text, file)


def _read(read: Callable[[str], _Tree], text: str, file: str | None) -> _Tree:
    cause: Exception
    try:
        return read(text)
    except UnexpectedInput as err:
        finding, cause = explain(err, text, file), err
    except Refused as err:
        finding, cause = err.finding(file), err
    raise QueryError(tr("{file} does not parse", file=file or tr("the query")), findings=[finding]) from cause


@lru_cache(maxsize=256)  # a process that scores twice reads every metric twice, and a tree never changes
def _query(text: str) -> Query:
    return _as_query(_statement(text))


def _statement(text: str) -> AnyStatement:
    """Our tree of a text. Raises Refused when it nests too deep to be walked, or has too many patterns or digits."""
    too_deep = Refused(
        tr("the query nests more than {max_depth} deep", max_depth=MAX_DEPTH),
        Position(1, 1),
        tr("IN [...] takes the place of many OR"),
    )
    if (found := unreadable(text)) is not None:
        raise Refused(found.message, place(text, found.at), found.hint)
    rules = cast("Rules[Token, AnyStatement]", ClauseRules(text))
    try:
        read = rules.transform(grammar().parse(marked(text)))
    except VisitError as err:
        known = {Refused: err.orig_exc, RecursionError: too_deep}
        raise known.get(type(err.orig_exc), err) from None
    except RecursionError:
        raise too_deep from None
    _refuse_too_much(read, too_deep)
    return read


def _refuse_too_much(found: SyntaxNode, too_deep: Refused) -> None:
    if depth(found) > MAX_DEPTH:
        raise too_deep
    patterns = sum(isinstance(node, tree.NodePattern | tree.LinkPattern) for node in walk(found))
    if patterns > MAX_PATTERNS:
        message = tr(
            "the query has {patterns:,} nodes and links in its patterns, and at most {max_patterns} can be joined",
            patterns=patterns,
            max_patterns=MAX_PATTERNS,
        )
        raise Refused(message, Position(1, 1), tr("ask it in several queries"))
    for node in walk(found):
        # one more than the largest is the smallest behind a minus, and nothing without
        if isinstance(node, tree.Literal) and isinstance(node.value, int) and node.value > LARGEST:
            raise too_large(str(node.value), node.position)


@cache
def grammar() -> Lark:
    """The parser of a statement."""
    text = FilePath(__file__).with_name("cypher.lark").read_text(encoding="utf-8")
    return Lark(text, start="question", parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _as_query(statement: AnyStatement) -> Query:
    """The statement as a metric's query. Raises Refused, with the place, for a clause that a metric has not."""
    if isinstance(statement, Union):
        raise _outside_metrics("UNION", statement.statements[1])
    for part in statement.parts:
        for clause in part.clauses:
            if not isinstance(clause, tree.Match):
                raise _outside_metrics(_WORDS[type(clause)], clause)
        if part is not statement.parts[-1]:
            raise _outside_metrics("WITH", part.projection)
    part = statement.parts[-1]
    given = part.projection
    words = {"*": given.everything, "DISTINCT": given.distinct, "ORDER": given.order}
    words |= {"SKIP": given.skip is not None, "LIMIT": given.limit is not None}
    for word, stands in words.items():
        if stands:
            raise _outside_metrics(word, given)
    if not part.clauses:
        hint = tr("a query is: MATCH ... RETURN r.id AS region, ... AS value")
        raise Refused(tr("a query begins with MATCH"), given.position, hint)
    matches = tuple(clause for clause in part.clauses if isinstance(clause, tree.Match))
    return Query(matches, given.items, position=statement.position)


_WORDS: dict[type[Clause], str] = {
    OptionalMatch: "OPTIONAL",
    Unwind: "UNWIND",
    CallSubquery: "CALL",
    CallProcedure: "CALL",
}


def _outside_metrics(word: str, node: SyntaxNode) -> Refused:
    return Refused(tr(OUTSIDE_METRICS[word]), node.position, code="outside_subset")
