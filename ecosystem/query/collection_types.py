"""The type of lists, maps and paths, of their parts, and of what goes through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ecosystem.errors import did_you_mean
from ecosystem.messages import tr
from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.temporal_types import COMPONENTS
from ecosystem.query.traversal import children
from ecosystem.query.tree import (
    Binary,
    Call,
    Comprehension,
    CountMatches,
    ElementOf,
    Exists,
    Expression,
    FieldOf,
    LabelTest,
    Literal,
    MapOf,
    MapProjection,
    PatternComprehension,
    PropertyOf,
    Quantifier,
    Reduce,
    SliceOf,
    Subquery,
)
from ecosystem.query.typing_scope import TypingScope

_UNTOLD = ("unknown", "null")
Part = FieldOf | ElementOf | SliceOf | MapOf | MapProjection | LabelTest
MatchesInside = Exists | CountMatches | PatternComprehension
Loop = Comprehension | Quantifier | Reduce | PatternComprehension | Subquery


def type_of(typer: TypingScope, node: Part) -> str:
    """The type of a list or map that is written out, or of a part of one."""
    match node:
        case FieldOf():
            return type_of_field(typer, node, typer.detailed(node.subject), node.name)
        case ElementOf():
            return _element(typer, node)
        case SliceOf():
            for bound in (node.start, node.end):
                if bound is not None:
                    typer.expect(bound, ("integer",), "[..]")
            return _listed(typer, node.subject)
        case MapOf():
            return kinds.map_of({key: typer.detailed(value) for key, value in node.entries})
        case MapProjection():
            return _projection(typer, node)
        case LabelTest():
            kind = typer.type_of(node.subject)
            if not kinds.is_entity(kind) and kind not in _UNTOLD:
                typer.refuse(node, tr("{kind} has no label", kind=kinds.word_for(kind)))
            return "boolean"


def type_of_loop(typer: TypingScope, node: Loop) -> str:
    """The type of what goes through a list, or through the matches of a pattern or the rows of a statement."""
    match node:
        case Comprehension():
            inner = over(typer, node.variable, typer.type_of(node.source), node)
            if node.where is not None:
                inner.expect(node.where, ("boolean",), "WHERE")
            result = typer.type_of(node.source) if node.result is None else inner.detailed(node.result)
            return result if node.result is None else kinds.list_of(result)
        case Quantifier():
            over(typer, node.variable, typer.type_of(node.source), node).expect(node.where, ("boolean",), "WHERE")
            return "boolean"
        case Reduce():
            return _reduce(typer, node)
        case PatternComprehension():
            if typer.metric:
                return _refuse_in_metrics(typer, node)
            inner = typer.within(bind((node.match,), typer.schema, typer.bindings))
            if node.match.where is not None:
                inner.expect(node.match.where, ("boolean",), "WHERE")
            return kinds.list_of(inner.detailed(node.result))
        case Subquery():
            return _subquery(typer, node)


def over(typer: TypingScope, variable: str, listed: str, node: SyntaxNode) -> TypingScope:
    """The typer inside a loop over a list of this type."""
    if listed not in _UNTOLD and not kinds.is_list(listed):
        typer.refuse(node, tr("a list is gone through, not {kind}", kind=kinds.word_for(listed)))
    return typer.within(bound_to(typer.bindings, variable, kinds.inside(listed)))


def scoped_subqueries(node: SyntaxNode, typer: TypingScope) -> Iterator[tuple[MatchesInside, TypingScope]]:
    """The subqueries of an expression, without those inside them, and the typer of the scope around each."""
    match node:
        case Exists() | CountMatches() | PatternComprehension():
            yield node, typer
        case Comprehension() | Quantifier() | Reduce():
            outside: list[Expression] = [node.source, *([node.start] if isinstance(node, Reduce) else [])]
            for part in outside:
                yield from scoped_subqueries(part, typer)
            inner = typer.within(bound_to(typer.bindings, node.variable, kinds.inside(typer.type_of(node.source))))
            if isinstance(node, Reduce):
                inner = inner.within(bound_to(inner.bindings, node.total, typer.type_of(node.start)))
            for body in (child for child in children(node) if child not in outside):
                yield from scoped_subqueries(body, inner)
        case Subquery():
            return
        case _:
            for child in children(node):
                yield from scoped_subqueries(child, typer)


def bound_to(bindings: Bindings, variable: str, kind: str) -> Bindings:
    """The bindings with one more variable of this type; it hides what had the name before."""
    others = bindings.among({*bindings.nodes, *bindings.links, *bindings.values} - {variable})
    if kinds.is_entity(kind):
        owners = {variable: kinds.owners_of(kind)}
        word = "nodes" if kind.startswith("node") else "links"
        return replace(
            others,
            nodes={**others.nodes, **(owners if word == "nodes" else {})},
            links={**others.links, **(owners if word == "links" else {})},
        )
    return replace(others, values={**others.values, variable: kind})


def type_of_field(typer: TypingScope, node: FieldOf | PropertyOf, kind: str, name: str) -> str:
    """The type of `subject.name` where the subject is of this type."""
    if kind in _UNTOLD:
        return kind
    if kinds.is_entity(kind):
        return typer.property_type(node, kind, name, "")
    if kinds.is_map(kind):
        fields = kinds.fields_of(kind)
        # what a map does not hold is null
        return fields.get(name, "null")
    if kind in COMPONENTS and name in COMPONENTS[kind]:
        return COMPONENTS[kind][name]
    shown = node.variable if isinstance(node, PropertyOf) else tr("this")
    hint = did_you_mean(name, COMPONENTS[kind]) if kind in COMPONENTS else None
    message = tr(
        "{variable} is {kind}, and has no property", variable=typer.written.get(shown, shown), kind=kinds.word_for(kind)
    )
    if kind in COMPONENTS:
        message = tr("{kind} has no part {name!r}", kind=kind, name=name)
    return typer.refuse(node, message, hint, "unknown_property")


def type_of_joined(typer: TypingScope, node: Binary, left: str, right: str) -> str:
    """The type of `+` where one side is a list: two lists joined, or one with an element more."""
    sides = [kind if kinds.is_list(kind) else kinds.list_of(kind) for kind in (left, right)]
    whole = kinds.common(sides)
    if whole is None and kinds.is_list(left):
        whole = kinds.common((left, kinds.list_of(right)))
    if whole is None:
        return typer.refuse(
            node, tr("{who} mixes {types}", who="+", types=f"{kinds.word_for(left)}, {kinds.word_for(right)}")
        )
    return whole


def _listed(typer: TypingScope, node: Expression) -> str:
    kind = typer.type_of(node)
    if kind in _UNTOLD or kinds.is_list(kind):
        return kind
    return typer.refuse(node, tr("[...] takes a part of a list, not of {kind}", kind=kinds.word_for(kind)))


def _element(typer: TypingScope, node: ElementOf) -> str:
    kind = typer.type_of(node.subject)
    if kinds.is_map(kind) or kinds.is_entity(kind):
        if isinstance(node.index, Literal) and isinstance(node.index.value, str):
            return type_of_field(
                typer,
                FieldOf(node.subject, node.index.value, position=node.position),
                typer.detailed(node.subject),
                node.index.value,
            )
        hint = tr("write the key: {example}", example="m['name']")
        return typer.refuse(node, tr("a key that is computed is outside the subset"), hint, "outside_subset")
    typer.expect(node.index, ("integer",), "[...]")
    listed = _listed(typer, node.subject)
    return listed if listed in _UNTOLD else kinds.inside(listed)


def _projection(typer: TypingScope, node: MapProjection) -> str:
    kind = typer.detailed(node.subject)
    if kind in _UNTOLD:
        return kind
    if not kinds.is_entity(kind) and not kinds.is_map(kind):
        return typer.refuse(node, tr("{kind} has no properties", kind=kinds.word_for(kind)))
    fields: dict[str, str] = {}
    if node.everything:
        from_all = typer.type_of(all_of(node))
        fields = kinds.fields_of(from_all)
    return kinds.map_of({**fields, **{key: typer.detailed(value) for key, value in node.entries}})


def all_of(node: MapProjection) -> Expression:
    """The `.*` of a map projection: all properties of its subject."""
    return Call("properties", (node.subject,), position=node.position)


def _reduce(typer: TypingScope, node: Reduce) -> str:
    start = typer.detailed(node.start)
    inner = over(typer, node.variable, typer.type_of(node.source), node)
    for _ in range(2):
        # what begins as an integer may go on as a float
        step = inner.within(bound_to(inner.bindings, node.total, start)).detailed(node.step)
        total = kinds.common((start, step))
        if total is None:
            types = f"{kinds.word_for(start)}, {kinds.word_for(step)}"
            return typer.refuse(node, tr("{who} mixes {types}", who="reduce", types=types))
        start = total
    return start


def _subquery(typer: TypingScope, node: Subquery) -> str:
    if typer.metric or typer.columns is None:
        return _refuse_in_metrics(typer, node)
    found = typer.columns(node.statement, typer.bindings)
    if node.kind != "COLLECT":
        return "boolean" if node.kind == "EXISTS" else "integer"
    if len(found) != 1:
        return typer.refuse(node, tr("COLLECT returns one column, not {count}", count=len(found)))
    return kinds.list_of(next(iter(found.values())))


def _refuse_in_metrics(typer: TypingScope, node: SyntaxNode) -> str:
    hint = tr("a metric has EXISTS { MATCH ... } and COUNT { MATCH ... }")
    return typer.refuse(node, tr("this subquery is outside the subset of metrics"), hint, "outside_subset")
