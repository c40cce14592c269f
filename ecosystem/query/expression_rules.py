"""From Lark's tree to ours: expressions and patterns, rule by rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

from lark import Token, v_args

from ecosystem.messages import tr
from ecosystem.query import tree
from ecosystem.query.escapes import unescape
from ecosystem.query.pattern_rules import Chain, Name, PatternRules, Where, chain_of, match_of, position_of, too_large
from ecosystem.query.refusals import Refused
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import AGGREGATES

_NO_NUMBERS = ("NAN", "INF", "INFINITY")
_Rule = Callable[[Any, Any, list[Any]], tree.Expression]


def _binary(operator: tree.Operator) -> _Rule:
    return lambda _, meta, parts: tree.Binary(operator, parts[0], parts[-1], position=position_of(meta))


def _constant(value: bool | None) -> _Rule:
    return lambda _, meta, __: tree.Literal(value, position=position_of(meta))


@dataclass(frozen=True, slots=True)
class _Test:
    """What WHEN says of the subject of its CASE, where that is more than a value."""

    of: Callable[[tree.Expression], tree.Expression]


@v_args(meta=True)
class ExpressionRules(PatternRules):
    """The rules of operators and values."""

    def disjunction(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return _fold("OR", parts, meta)

    def exclusive(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return _fold("XOR", parts, meta)

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
    matches = _binary("=~")
    is_in = _binary("IN")
    add = _binary("+")
    subtract = _binary("-")
    multiply = _binary("*")
    divide = _binary("/")
    modulo = _binary("%")
    exponent = _binary("^")

    def is_normalized(self, meta: Any, parts: list[Any]) -> tree.Expression:
        # a text is normalized where it is what it becomes
        words = str(parts[-1]).upper().split()
        at = position_of(meta)
        form = [tree.Variable(word, position=at) for word in words if word.startswith("NF")]
        normal = tree.Call("normalize", (parts[0], *form), position=at)
        return tree.Binary("<>" if "NOT" in words else "=", parts[0], normal, position=at)

    def is_of(self, meta: Any, parts: list[Any]) -> tree.Expression:
        negated = "NOT" in str(parts[-2]).upper()
        return tree.TypeTest(parts[0], str(parts[-1]), negated, position=position_of(meta))

    def type(self, _: Any, parts: list[Any]) -> str:
        return " | ".join(map(str, parts))

    def type_one(self, _: Any, parts: list[Any]) -> str:
        return " ".join(" ".join(str(part).upper().split()) for part in parts)

    def type_of_list(self, _: Any, parts: list[Any]) -> str:
        word, inside, *required = parts
        return " ".join([f"{' '.join(word.upper().split())}<{inside}>", *required])

    def required(self, _: Any, __: list[Any]) -> str:
        return "NOT NULL"

    def minus(self, meta: Any, parts: list[Any]) -> tree.Expression:
        operand = parts[0]
        if isinstance(operand, tree.Literal) and type(operand.value) in (int, float):
            return tree.Literal(-operand.value, position=position_of(meta))  # type: ignore[operator]  # true is an int as well
        return tree.Minus(operand, position=position_of(meta))

    def plus(self, _: Any, parts: list[Any]) -> tree.Expression:
        return cast("tree.Expression", parts[0])

    def integer(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Literal(self.whole(parts[0], meta), position=position_of(meta))

    def float(self, meta: Any, parts: list[Any]) -> tree.Expression:
        value = float(parts[0].rstrip("fFdD"))
        if math.isinf(value):
            raise too_large(parts[0], position_of(meta))
        return tree.Literal(value, position=position_of(meta))

    def string(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Literal(unescape(str(parts[0])[1:-1], position_of(meta)), position=position_of(meta))

    true = _constant(True)
    false = _constant(False)
    null = _constant(None)

    def parameter(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.Parameter(str(parts[0]), position=position_of(meta))

    def list_literal(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.ListOf(tuple(parts), position=position_of(meta))

    def map_literal(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.MapOf(tuple(parts[0].items()), position=position_of(meta))

    def field(self, meta: Any, parts: list[Any]) -> tree.Expression:
        subject, name = parts[0], str(parts[1])
        if isinstance(subject, tree.Variable):
            return tree.PropertyOf(subject.name, name, position=subject.position)
        return tree.FieldOf(subject, name, position=position_of(meta))

    def element(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.ElementOf(parts[0], parts[1], position=position_of(meta))

    def start(self, _: Any, parts: list[Any]) -> list[tree.Expression]:
        return [parts[0]]

    def slice(self, meta: Any, parts: list[Any]) -> tree.Expression:
        if len(parts) < 3:
            message, hint = tr("a slice says where it begins or where it ends"), tr("the whole list is its name alone")
            raise Refused(message, position_of(meta), hint)
        start = next((part[0] for part in parts if isinstance(part, list)), None)
        end = parts[-1] if isinstance(parts[-1], SyntaxNode) and len(parts) > 1 else None
        return tree.SliceOf(parts[0], start, cast("tree.Expression | None", end), position=position_of(meta))

    def label_test(self, meta: Any, parts: list[Any]) -> tree.Expression:
        return tree.LabelTest(parts[0], parts[-1], position=position_of(meta))

    def comprehension(self, meta: Any, parts: list[Any]) -> tree.Expression:
        name, source, where, rest = _loop(parts)
        return tree.Comprehension(name, source, where, rest[0] if rest else None, position=position_of(meta))

    def pattern_comprehension(self, meta: Any, parts: list[Any]) -> tree.Expression:
        name = next((str(part) for part in parts if isinstance(part, Name)), "")
        chain = next(part for part in parts if isinstance(part, Chain))
        named = replace(chain, path=replace(chain.path, variable=name))
        match = match_of([named, *(part for part in parts if isinstance(part, Where))], meta)
        return tree.PatternComprehension(match, parts[-1], position=position_of(meta))

    def pattern(self, meta: Any, parts: list[Any]) -> tree.Expression:
        match = match_of([chain_of(parts, meta)], meta)
        return tree.Exists((match,), bare=True, position=position_of(meta))

    def shortest_value(self, meta: Any, parts: list[Any]) -> tree.Expression:
        found = self.shortest(meta, [Name("way"), *parts])
        paths = tree.PatternComprehension(match_of([found], meta), tree.Variable("way"), position=position_of(meta))
        one = found.path.shortest == "one"
        return tree.Call("head", (paths,), position=position_of(meta)) if one else paths

    def quantifier(self, meta: Any, parts: list[Any]) -> tree.Expression:
        kind = cast("Any", str(parts[0]).lower())
        name, source, where, _ = _loop(parts[1:])
        if where is None:
            raise Refused(
                tr("{kind}(...) needs a condition", kind=kind), position_of(meta), f"{kind}(x IN xs WHERE ...)"
            )
        return tree.Quantifier(kind, name, source, where, position=position_of(meta))

    def reduce(self, meta: Any, parts: list[Any]) -> tree.Expression:
        total, variable = (str(part) for part in parts if isinstance(part, Name))
        start, source, step = (cast("tree.Expression", part) for part in parts if isinstance(part, SyntaxNode))
        return tree.Reduce(total, start, variable, source, step, position=position_of(meta))

    def call_star(self, meta: Any, parts: list[Any]) -> tree.Expression:
        if parts[0].lower() != "count":
            raise Refused(tr("{function}(*) makes no sense: only count(*) does", function=parts[0]), position_of(meta))
        return tree.Call("count", (), position=position_of(meta))

    def call(self, meta: Any, parts: list[Any]) -> tree.Expression:
        function = str(parts[0]).lower()
        arguments = tuple(part for part in parts[1:] if isinstance(part, SyntaxNode))
        if not arguments and function in AGGREGATES:
            raise Refused(
                tr("{function}() of nothing", function=parts[0]), position_of(meta), tr("count(*) counts the matches")
            )
        if function == "exists" and len(arguments) == 1 and isinstance(arguments[0], tree.Exists):
            return replace(arguments[0], bare=False)
        distinct = any(isinstance(part, Token) and part.type == "DISTINCT" for part in parts[1:])
        given = cast("tuple[tree.Expression, ...]", arguments)
        return tree.Call(function, given, distinct, position=position_of(meta))

    def trim(self, meta: Any, parts: list[Any]) -> tree.Expression:
        if parts[0].lower() != "trim":
            raise Refused(tr("FROM stands in trim(...) alone"), position_of(meta))
        sides = [str(part).lower() for part in parts[1:] if isinstance(part, Token) and part.type == "SIDE"]
        given = [part for part in parts if isinstance(part, SyntaxNode)]
        name = {"leading": "ltrim", "trailing": "rtrim"}.get(sides[0] if sides else "", "btrim")
        arguments = cast("tuple[tree.Expression, ...]", (given[-1], *given[:-1]))
        return tree.Call("trim" if name == "btrim" and not given[:-1] else name, arguments, position=position_of(meta))

    def when(self, _: Any, parts: list[Any]) -> tuple[Any, ...]:
        when, then = (part for part in parts if isinstance(part, SyntaxNode))
        return ((when, then),)

    def case_when(self, _: Any, parts: list[Any]) -> tuple[Any, ...]:
        *tests, then = (part for part in parts if isinstance(part, SyntaxNode | _Test))
        return tuple((test, then) for test in tests)

    def case_compared(self, meta: Any, parts: list[Any]) -> _Test:
        return _Test(lambda subject: tree.Binary(parts[0], subject, parts[1], position=position_of(meta)))

    def case_null(self, meta: Any, parts: list[Any]) -> _Test:
        negated = "NOT" in str(parts[0]).upper().split()
        return _Test(lambda subject: tree.IsNull(subject, negated, position=position_of(meta)))

    def case_starts(self, meta: Any, parts: list[Any]) -> _Test:
        return _Test(lambda subject: tree.Binary("STARTS WITH", subject, parts[-1], position=position_of(meta)))

    def case_ends(self, meta: Any, parts: list[Any]) -> _Test:
        return _Test(lambda subject: tree.Binary("ENDS WITH", subject, parts[-1], position=position_of(meta)))

    def case_matches(self, meta: Any, parts: list[Any]) -> _Test:
        return _Test(lambda subject: tree.Binary("=~", subject, parts[-1], position=position_of(meta)))

    def case_normalized(self, meta: Any, parts: list[Any]) -> _Test:
        return _Test(lambda subject: self.is_normalized(meta, [subject, *parts]))

    def case_of(self, meta: Any, parts: list[Any]) -> _Test:
        return _Test(lambda subject: self.is_of(meta, [subject, *parts]))

    def otherwise(self, _: Any, parts: list[Any]) -> list[tree.Expression]:
        return [parts[1]]

    def case(self, meta: Any, parts: list[Any]) -> tree.Expression:
        subject = next((part for part in parts if isinstance(part, SyntaxNode)), None)
        branches = tuple(branch for part in parts if isinstance(part, tuple) for branch in part)
        other = next((part[0] for part in parts if isinstance(part, list)), None)
        if any(isinstance(when, _Test) for when, _ in branches):
            # what is more than a value to compare with is a condition of its own, and then all of them are
            branches = tuple((_tested(when, subject), then) for when, then in branches)
            subject = None
        return tree.Case(cast("tree.Expression | None", subject), branches, other, position=position_of(meta))

    def map_projection(self, meta: Any, parts: list[Any]) -> tree.Expression:
        subject = str(parts[0])
        entries = [part for part in parts[1:] if isinstance(part, tuple)]
        entries = [(key, tree.PropertyOf(subject, key) if value is None else value) for key, value in entries]
        everything = any(part is True for part in parts[1:])
        variable = tree.Variable(subject, position=position_of(meta))
        return tree.MapProjection(variable, tuple(entries), everything, position=position_of(meta))

    def own_entry(self, _: Any, parts: list[Any]) -> tuple[str, None]:
        return str(parts[0]), None

    def all_entries(self, _: Any, __: list[Any]) -> bool:
        return True

    def variable_entry(self, meta: Any, parts: list[Any]) -> tuple[str, tree.Expression]:
        return str(parts[0]), tree.Variable(str(parts[0]), position=position_of(meta))

    def variable(self, meta: Any, parts: list[Any]) -> tree.Expression:
        if str(parts[0]).upper() in _NO_NUMBERS and self.text[meta.start_pos] != "`":
            raise Refused(
                tr("{name} is a number in Cypher that no data here holds", name=parts[0]),
                position_of(meta),
                tr("if it is a name, put it between backticks"),
            )
        return tree.Variable(str(parts[0]), position=position_of(meta))


def _loop(parts: list[Any]) -> tuple[str, tree.Expression, tree.Expression | None, list[tree.Expression]]:
    """The variable of a loop over a list, the list, the condition, and what else stands there."""
    name = next(str(part) for part in parts if isinstance(part, Name))
    source, *rest = (part for part in parts if isinstance(part, SyntaxNode))
    where = next((part.condition for part in parts if isinstance(part, Where)), None)
    return name, cast("tree.Expression", source), where, cast("list[tree.Expression]", rest)


def _tested(when: Any, subject: Any) -> tree.Expression:
    return when.of(subject) if isinstance(when, _Test) else tree.Binary("=", subject, when, position=when.position)


def _fold(operator: tree.Operator, parts: list[Any], meta: Any) -> tree.Expression:
    operands = [part for part in parts if not isinstance(part, Token)]
    joined = operands[0]
    for operand in operands[1:]:
        joined = tree.Binary(operator, joined, operand, position=position_of(meta))
    return cast("tree.Expression", joined)
