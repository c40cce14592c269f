"""SQL of lists, maps and paths, of their parts, and of what goes through them.

A map is a record whose fields stand in the order of its keys: an engine may take `a` and `A` for one name. A path is a
record of the keys of its nodes and of those of its links. A loop over a list is a function of its elements; where its
body asks the graph, which such a function cannot, it is a subquery over the elements as rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, cast

from ecosystem.errors import QueryError
from ecosystem.messages import tr
from ecosystem.query import kinds
from ecosystem.query.collection_types import bound_to
from ecosystem.query.dialect import Dialect
from ecosystem.query.surroundings import AsksTheGraph, ElementScope, Surroundings
from ecosystem.query.syntax import holds
from ecosystem.query.temporal_parts import part_of
from ecosystem.query.temporal_sql import Calendar
from ecosystem.query.traversal import walk
from ecosystem.query.tree import (
    Call,
    Comprehension,
    ElementOf,
    Expression,
    FieldOf,
    LabelTest,
    Literal,
    MapOf,
    MapProjection,
    PropertyOf,
    Quantifier,
    Reduce,
    SliceOf,
    Variable,
)

IN_TURN = "_in_turn"
"""The function that puts the ids of a path's nodes and links in turn, as they are shown."""
_Part = FieldOf | ElementOf | SliceOf | MapOf | MapProjection | LabelTest


class Writer(Protocol):
    """What writes the expressions of one scope: see `expressions.Emitter`."""

    @property
    def scope(self) -> Surroundings:
        """The scope."""

    @property
    def dialect(self) -> Dialect:
        """How the engine writes it."""

    def expression(self, node: Expression) -> str:
        """The SQL of an expression."""

    def type_of(self, node: Expression) -> str:
        """Its type; of a node or link with what it may be."""

    def chosen(self, node: Expression, kind: str) -> str:
        """The SQL of an expression that stands where this type is wanted."""

    def inside(self, scope: Surroundings) -> Writer:
        """The writer of a scope inside this one."""


def part(writer: Writer, node: _Part) -> str:
    """A list or map that is written out, or a part of one."""
    match node:
        case FieldOf():
            return field(writer, node.subject, node.name)
        case ElementOf():
            if isinstance(node.index, Literal) and isinstance(node.index.value, str):
                return field(writer, node.subject, node.index.value)
            return writer.dialect.lists.element(writer.expression(node.subject), writer.expression(node.index))
        case SliceOf():
            start, end = (None if each is None else writer.expression(each) for each in (node.start, node.end))
            return writer.dialect.lists.slice(writer.expression(node.subject), start, end)
        case MapOf():
            return writer.dialect.lists.record([writer.expression(value) for _, value in node.entries])
        case MapProjection():
            return _projection(writer, node)
        case LabelTest():
            return _label_test(writer, node)


def field(writer: Writer, subject: Expression, name: str) -> str:
    """`subject.name` of a map, of a node or link, or of a date."""
    kind = writer.type_of(subject)
    # the element of an empty list is of no type: there is none
    if kind in ("null", "unknown"):
        return "NULL"
    if kinds.is_entity(kind):
        return property_of(writer, subject, name)
    text = writer.expression(subject)
    if kinds.is_map(kind):
        keys = list(kinds.fields_of(kind))
        return writer.dialect.lists.field(text, keys.index(name)) if name in keys else "NULL"
    return part_of(Calendar(writer.dialect), text, kind, name)


def property_of(writer: Writer, subject: Expression, name: str) -> str:
    """A property of a node or link, bound or computed."""
    if isinstance(subject, Variable):
        return writer.scope.property(subject.name, name)
    return writer.scope.look_up(writer.type_of(subject), writer.expression(subject), name)


def _of_what_is(writer: Writer, subject: Expression, text: str) -> str:
    """Something of a node, link or map; null where that is."""
    return f"(CASE WHEN {writer.expression(subject)} IS NULL THEN NULL ELSE {text} END)"


def _names(writer: Writer, subject: Expression) -> Sequence[str]:
    kind = writer.type_of(subject)
    return list(kinds.fields_of(kind)) if kinds.is_map(kind) else writer.scope.property_names(kind)


def _projection(writer: Writer, node: MapProjection) -> str:
    everything = _names(writer, node.subject) if node.everything else ()
    values: dict[str, str] = {name: field(writer, node.subject, name) for name in everything}
    values |= {key: writer.expression(value) for key, value in node.entries}
    return _of_what_is(writer, node.subject, writer.dialect.lists.record(list(values.values())))


def _label_test(writer: Writer, node: LabelTest) -> str:
    label = property_of(writer, node.subject, kinds.LABEL)
    owners = kinds.owners_of(writer.type_of(node.subject))
    listed = ", ".join(writer.dialect.constant(owner) for owner in owners if holds(node.labels, owner))
    return f"({label} IN ({listed}))" if listed else f"({label} IS NULL AND NULL)"


def of_entity(writer: Writer, node: Call) -> str:
    """A function of a node, a link, a map or a path."""
    (subject,) = node.arguments
    kind, dialect = writer.type_of(subject), writer.dialect
    if kind == "null":
        return "NULL"
    match node.function:
        case "labels":
            return _of_what_is(writer, subject, dialect.array([property_of(writer, subject, kinds.LABEL)]))
        case "type":
            return property_of(writer, subject, kinds.LABEL)
        case "startnode":
            return property_of(writer, subject, kinds.START)
        case "endnode":
            return property_of(writer, subject, kinds.END)
        case "keys":
            return _keys(writer, subject)
        case "properties" if kinds.is_map(kind):
            return writer.expression(subject)
        case "properties":
            found = [property_of(writer, subject, name) for name in writer.scope.property_names(kind)]
            return _of_what_is(writer, subject, dialect.lists.record(found))
        case "nodes":
            return dialect.lists.field(writer.expression(subject), 0)
        case "relationships":
            return dialect.lists.field(writer.expression(subject), 1)
        case "length":
            return dialect.lists.size(dialect.lists.field(writer.expression(subject), 1))
        case function:
            raise TypeError(f"{function}() is no function of a node, link, map or path")


def _keys(writer: Writer, subject: Expression) -> str:
    kind, dialect = writer.type_of(subject), writer.dialect
    if kinds.is_map(kind):
        listed = dialect.array([dialect.constant(key) for key in kinds.fields_of(kind)])
        return _of_what_is(writer, subject, listed)
    told = [
        f"CASE WHEN {property_of(writer, subject, name)} IS NOT NULL THEN {dialect.constant(name)} END"
        for name in writer.scope.property_names(kind)
    ]
    name = element_name(writer)
    return _of_what_is(writer, subject, dialect.lists.kept(dialect.array(told), name, f"{name} IS NOT NULL"))


def element_name(writer: Writer) -> str:
    """What a function of a list's element calls it: another name at every depth."""
    deep, scope = 1, writer.scope
    while isinstance(scope, ElementScope):
        deep, scope = deep + 1, scope.outer
    return f"e{deep}"


def comprehension(writer: Writer, node: Comprehension) -> str:
    """`[variable IN source WHERE condition | result]`."""
    listed, within = writer.expression(node.source), kinds.inside(writer.type_of(node.source))
    try:
        name = element_name(writer)
        typer = writer.scope.typer.within(bound_to(writer.scope.typer.bindings, node.variable, within))
        inner = writer.inside(ElementScope(writer.scope, node.variable, name, typer))
        kept = listed if node.where is None else writer.dialect.lists.kept(listed, name, inner.expression(node.where))
        return kept if node.result is None else writer.dialect.lists.mapped(kept, name, inner.expression(node.result))
    except AsksTheGraph:
        rows, place = writer.scope.over_list(node.variable, within, listed)
    inner = writer.inside(rows)
    if node.where is not None:
        rows.conditions.append(inner.expression(node.where))
    result = inner.expression(node.result if node.result is not None else Variable(node.variable))
    found = f"(SELECT {writer.dialect.lists.collected(result, [place])} {rows.from_where()})"
    kind = kinds.list_of(inner.type_of(node.result)) if node.result is not None else writer.type_of(node.source)
    nothing = writer.dialect.lists.nothing(kind)
    return f"(CASE WHEN {listed} IS NULL THEN NULL ELSE coalesce({found}, {nothing}) END)"


def quantifier(writer: Writer, node: Quantifier) -> str:
    """`any(variable IN source WHERE condition)` and the like, of the list of what the condition is for each."""
    found = comprehension(writer, Comprehension(node.variable, node.source, None, node.where))
    return writer.dialect.lists.quantified(node.kind, found)


def reduction(writer: Writer, node: Reduce) -> str:
    """`reduce(total = start, variable IN source | step)`."""
    within = kinds.inside(writer.type_of(node.source))
    if kinds.is_entity(within):
        node = _of_properties(node)
        within = kinds.inside(writer.type_of(node.source))
    listed, kind = writer.expression(node.source), writer.type_of(node)
    if kind in ("null", "unknown"):
        return "NULL"
    totals, elements = f"t{element_name(writer)}", element_name(writer)
    outer = writer.scope.typer
    bound = bound_to(bound_to(outer.bindings, node.variable, within), node.total, kind)
    typer = outer.within(bound)
    total = ElementScope(writer.scope, node.total, writer.dialect.lists.field(totals, 0), typer)
    element = ElementScope(total, node.variable, writer.dialect.lists.field(elements, 1), typer)
    try:
        step = writer.inside(element).chosen(node.step, kind)
    except AsksTheGraph:
        hint = tr("collect it first: reduce(s = 0, x IN [n IN ns | n.value] | s + x)")
        raise QueryError(tr("reduce() cannot ask the graph"), hint=hint) from None
    return writer.dialect.lists.reduced(listed, writer.chosen(node.start, kind), totals, elements, step, (kind, within))


def _of_properties(node: Reduce) -> Reduce:
    """The same over maps of the properties that are read of each node or link, in place of these themselves."""
    read = dict.fromkeys(
        each.name for each in walk(node.step) if isinstance(each, PropertyOf) and each.variable == node.variable
    )
    entries = tuple((name, cast("Expression", PropertyOf(node.variable, name))) for name in read)
    return replace(node, source=Comprehension(node.variable, node.source, None, MapOf(entries)))
