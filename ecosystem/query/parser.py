"""From Cypher text to the tree, or one error that says where the text stops making sense."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path as FilePath
from typing import Any, TypeVar

from lark import Lark, Token, Transformer, v_args
from lark import Tree as LarkTree
from lark.exceptions import UnexpectedInput, VisitError

from ecosystem.errors import QueryError
from ecosystem.messages import tr
from ecosystem.query import tree
from ecosystem.query.printer import expression_text
from ecosystem.query.refusals import Refused, explain
from ecosystem.query.traversal import depth, walk
from ecosystem.query.tree import Position

_LARGEST = 2**63 - 1
_N = TypeVar("_N", bound=tree.SyntaxNode)
MAX_DEPTH = 100
"""How deep a tree may be: far beyond what is written, and well within what recursion over it can do."""
MAX_PATTERNS = 500
"""How many nodes and links a query may have: an engine takes minutes to plan so many joins, and then refuses."""


def parse(text: str, file: str | None = None) -> tree.Query:
    """The tree of a query. Raises QueryError with line and column when the text is outside the grammar."""
    cause: Exception
    try:
        return _query(text)
    except UnexpectedInput as err:
        finding, cause = explain(err, text, file), err
    except Refused as err:
        finding, cause = err.finding(file), err
    raise QueryError(tr("{file} does not parse", file=file or tr("the query")), findings=[finding]) from cause


@lru_cache(maxsize=256)  # a process that scores twice reads every metric twice, and a tree never changes
def _query(text: str) -> tree.Query:
    return to_tree(grammar().parse(text, start="query"), ToTree())


def to_tree(parsed: LarkTree[Token], rules: Transformer[Token, _N]) -> _N:
    """Our tree of Lark's. Raises Refused when it nests too deep to be walked."""
    too_deep = Refused(
        tr("the query nests more than {max_depth} deep", max_depth=MAX_DEPTH),
        Position(1, 1),
        tr("IN [...] takes the place of many OR"),
    )
    try:
        query = rules.transform(parsed)
    except VisitError as err:
        known = {Refused: err.orig_exc, RecursionError: too_deep}
        raise known.get(type(err.orig_exc), err) from None
    except RecursionError:
        raise too_deep from None
    if depth(query) > MAX_DEPTH:
        raise too_deep
    patterns = sum(isinstance(node, tree.NodePattern | tree.LinkPattern) for node in walk(query))
    if patterns > MAX_PATTERNS:
        message = tr(
            "the query has {patterns:,} nodes and links in its patterns, and at most {max_patterns} can be joined",
            patterns=patterns,
            max_patterns=MAX_PATTERNS,
        )
        raise Refused(message, Position(1, 1), tr("ask it in several queries"))
    for node in walk(query):
        # one more than the largest is the smallest behind a minus, and nothing without
        if isinstance(node, tree.Literal) and isinstance(node.value, int) and node.value > _LARGEST:
            raise _too_large(str(node.value), node.position)
    return query


@cache
def grammar() -> Lark:
    """The parser, for a metric's `query` and for a `statement`."""
    text = FilePath(__file__).with_name("cypher.lark").read_text(encoding="utf-8")
    return Lark(text, start=["query", "statement"], parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _too_large(digits: str, position: Position) -> Refused:
    shown = digits if len(digits) <= 25 else tr("a number of {count:,} characters", count=len(digits))
    return Refused(tr("{shown} does not fit into 64 bits", shown=shown), position)


def position_of(meta: Any) -> Position:
    """Where a rule's text began."""
    return Position() if meta.empty else Position(meta.line, meta.column)


class _Name(str):
    """A name, to tell it from other strings while a pattern is put together."""

    __slots__ = ()


_Rule = Callable[[Any, Any, list[Any]], tree.Expression]


def _binary(operator: tree.Operator) -> _Rule:
    return lambda _, meta, parts: tree.Binary(operator, parts[0], parts[-1], position=position_of(meta))


def _constant(value: bool | None) -> _Rule:
    return lambda _, meta, __: tree.Literal(value, position=position_of(meta))


@v_args(meta=True)
class ToTree(Transformer[Token, tree.Query]):
    """Lark's tree to ours, rule by rule; a rule's name is its method's name."""

    def query(self, meta: Any, parts: list[Any]) -> tree.Query:
        matches = tuple(part for part in parts if isinstance(part, tree.Match))
        return tree.Query(matches, parts[-1], position=position_of(meta))

    def match(self, meta: Any, parts: list[Any]) -> tree.Match:
        paths = tuple(part for part in parts if isinstance(part, tree.PathPattern))
        where = parts[-1] if not isinstance(parts[-1], tree.PathPattern) else None
        return tree.Match(paths, where, position=position_of(meta))

    def where(self, _: Any, parts: list[Any]) -> tree.Expression:
        return parts[1]  # type: ignore[no-any-return]

    def path(self, meta: Any, parts: list[Any]) -> tree.PathPattern:
        return tree.PathPattern(tuple(parts[::2]), tuple(parts[1::2]), position=position_of(meta))

    def node(self, meta: Any, parts: list[Any]) -> tree.NodePattern:
        return tree.NodePattern(*_pattern(parts), position=position_of(meta))

    def link_out(self, meta: Any, parts: list[Any]) -> tree.LinkPattern:
        return tree.LinkPattern(*_pattern(parts[0] if parts else []), direction="out", position=position_of(meta))

    def link_in(self, meta: Any, parts: list[Any]) -> tree.LinkPattern:
        return tree.LinkPattern(*_pattern(parts[0] if parts else []), direction="in", position=position_of(meta))

    def link_both(self, meta: Any, parts: list[Any]) -> tree.LinkPattern:
        return tree.LinkPattern(*_pattern(parts[0] if parts else []), direction="both", position=position_of(meta))

    def detail(self, _: Any, parts: list[Any]) -> list[Any]:
        return parts

    def labels(self, _: Any, parts: list[Any]) -> tuple[str, ...]:
        # once each: where a type stands twice, Neo4j 5.26 counts its links twice in COUNT { }
        return tuple(dict.fromkeys(str(name) for name in parts))

    types = labels

    def map(self, meta: Any, parts: list[Any]) -> dict[str, tree.Expression]:
        entries = dict(parts)
        if len(entries) < len(parts):
            raise Refused(tr("a property stands twice in one map"), position_of(meta), tr("keep one of them"))
        return entries

    def entry(self, _: Any, parts: list[Any]) -> tuple[str, tree.Expression]:
        return (str(parts[0]), parts[1])

    def return_clause(self, _: Any, parts: list[Any]) -> tuple[tree.Item, ...]:
        return tuple(parts[1:])

    def item(self, meta: Any, parts: list[Any]) -> tree.Item:
        alias = str(parts[-1]) if len(parts) > 1 else expression_text(parts[0])
        return tree.Item(parts[0], alias, position=position_of(meta))

    def disjunction(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return _fold("OR", parts, meta)

    def conjunction(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return _fold("AND", parts, meta)

    def negate(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Not(parts[-1], position=position_of(meta))

    def comparator(self, _: Any, parts: list[Any]) -> str:
        return str(parts[0])

    def comparison(self, meta: Any, parts: list[Any]) -> tree.Expression:
        # a < b < c means a < b AND b < c
        compared = [
            tree.Binary(operator, left, right, position=position_of(meta))
            for left, operator, right in zip(parts[::2], parts[1::2], parts[2::2], strict=False)
        ]
        return _fold("AND", compared, meta)

    def is_null(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.IsNull(parts[0], position=position_of(meta))

    def is_not_null(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.IsNull(parts[0], negated=True, position=position_of(meta))

    starts_with = _binary("STARTS WITH")
    ends_with = _binary("ENDS WITH")
    contains = _binary("CONTAINS")
    is_in = _binary("IN")
    add = _binary("+")
    subtract = _binary("-")
    multiply = _binary("*")
    divide = _binary("/")
    modulo = _binary("%")
    exponent = _binary("^")

    def minus(self, meta: Any, parts: list[Any]) -> tree.Expression:
        operand = parts[0]
        if isinstance(operand, tree.Literal) and type(operand.value) in (int, float):
            return tree.Literal(-operand.value, position=position_of(meta))  # type: ignore[operator]  # true is an int as well
        return tree.Minus(operand, position=position_of(meta))

    def integer(self, meta: Any, parts: list[Any]) -> tree.Expression:
        # more digits are not even read: Python takes long to, and refuses in the end
        if len(parts[0]) > len(str(_LARGEST)) or int(parts[0]) > _LARGEST + 1:
            raise _too_large(parts[0], position_of(meta))
        return tree.Literal(int(parts[0]), position=position_of(meta))

    def float(self, meta: Any, parts: list[Any]) -> tree.Expression:
        value = float(parts[0])
        if math.isinf(value):
            raise _too_large(parts[0], position_of(meta))
        return tree.Literal(value, position=position_of(meta))

    def string(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Literal(_unescape(str(parts[0])[1:-1], position_of(meta)), position=position_of(meta))

    true = _constant(True)
    false = _constant(False)
    null = _constant(None)

    def parameter(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Parameter(str(parts[0]), position=position_of(meta))

    def list_literal(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.ListOf(tuple(parts), position=position_of(meta))

    def exists(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Exists(tuple(part for part in parts if isinstance(part, tree.Match)), position=position_of(meta))

    def count_matches(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.CountMatches(
            tuple(part for part in parts if isinstance(part, tree.Match)), position=position_of(meta)
        )

    def call_star(self, meta: Any, parts: list[Any]) -> tree.Expression:
        if parts[0].lower() != "count":
            raise Refused(tr("{function}(*) makes no sense: only count(*) does", function=parts[0]), position_of(meta))
        return tree.Call("count", (), position=position_of(meta))

    def call(self, meta: Any, parts: list[Any]) -> tree.Expression:
        if len(parts) == 1:
            raise Refused(
                tr("{function}() of nothing", function=parts[0]), position_of(meta), tr("count(*) counts the matches")
            )
        distinct = any(isinstance(part, Token) for part in parts[1:])
        arguments = tuple(part for part in parts[1:] if not isinstance(part, Token))
        return tree.Call(parts[0].lower(), arguments, distinct, position=position_of(meta))

    def when(self, _: Any, parts: list[Any]) -> tuple[tree.Expression, tree.Expression]:
        return (parts[1], parts[3])

    def otherwise(self, _: Any, parts: list[Any]) -> list[tree.Expression]:
        return [parts[1]]

    def case(self, meta: Any, parts: list[Any]) -> tree.Expression:
        subject = next((part for part in parts if isinstance(part, tree.SyntaxNode)), None)
        branches = tuple(part for part in parts if isinstance(part, tuple))
        other = next((part[0] for part in parts if isinstance(part, list)), None)
        return tree.Case(subject, branches, other, position=position_of(meta))  # type: ignore[arg-type]

    def property(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.PropertyOf(str(parts[0]), str(parts[1]), position=position_of(meta))

    def variable(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Variable(str(parts[0]), position=position_of(meta))

    def name(self, meta: Any, parts: list[Any]) -> _Name:
        token = str(parts[0])
        return _Name(_unquote(token) if token.startswith("`") else token)


def _pattern(parts: list[Any]) -> tuple[str, tuple[str, ...], tuple[tuple[str, tree.Expression], ...]]:
    variable = next((str(part) for part in parts if isinstance(part, _Name)), "")
    names = next((part for part in parts if isinstance(part, tuple)), ())
    properties = next((tuple(part.items()) for part in parts if isinstance(part, dict)), ())
    return variable, names, properties


def _fold(operator: tree.Operator, parts: list[Any], meta: Any) -> tree.Expression:
    operands = [part for part in parts if not isinstance(part, Token)]
    joined = operands[0]
    for operand in operands[1:]:
        joined = tree.Binary(operator, joined, operand, position=position_of(meta))
    return joined  # type: ignore[no-any-return]


_NAME_ESCAPE = re.compile(r"\\\\|\\u((?!0000|[dD][89a-fA-F])[0-9a-fA-F]{4})")
"""A pair of backslashes, which stays, or a character by its number; half of one, and the character 0, are none."""


def _unquote(token: str) -> str:
    """The name between backticks."""
    name = token[1:-1].replace("``", "`")
    return _NAME_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[0], name)


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"} | {character: character for character in "\\'\"`"}


def _unescape(text: str, position: Position) -> str:
    def one(match: re.Match[str]) -> str:
        escape = match.group(1)
        if len(escape) == 1 and escape not in _ESCAPES:
            raise Refused(
                tr("\\{escape} stands for nothing in a text", escape=escape),
                position,
                tr("a backslash is written \\\\"),
            )
        return _ESCAPES.get(escape) or chr(int(escape[1:], 16))

    found = _ESCAPE.sub(one, text)
    try:
        # two \u of a surrogate pair are one character; half of one, and the character 0, are none
        found = found.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise Refused(tr("half a surrogate pair is no character"), position) from None
    if "\0" in found:
        raise Refused(tr("a text cannot hold the character 0"), position)
    return found
