"""The type of every expression, and a finding for each one that has none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from ecosystem.errors import Finding, did_you_mean
from ecosystem.messages import either, together, tr
from ecosystem.query import arithmetic_types, call_types, collection_types, kinds, temporal_types
from ecosystem.query.bindings import Bindings
from ecosystem.query.kinds import NUMBERS
from ecosystem.query.regular_expressions import Unfit, re2_of
from ecosystem.query.schema import Schema
from ecosystem.query.syntax import SyntaxNode, is_unnamed
from ecosystem.query.traversal import chosen
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    Comprehension,
    CountMatches,
    ElementOf,
    Exists,
    Expression,
    FieldOf,
    IsNull,
    LabelTest,
    ListOf,
    Literal,
    MapOf,
    MapProjection,
    Minus,
    Not,
    Parameter,
    PatternComprehension,
    PropertyOf,
    Quantifier,
    Reduce,
    SliceOf,
    StatementNode,
    Subquery,
    TypeTest,
    Variable,
)

_TEXT = ("STARTS WITH", "ENDS WITH", "CONTAINS", "=~")


@dataclass(slots=True)
class Typer:
    """Types expressions in one scope; what it refuses is collected in `findings`.

    Types are those of `kinds`; `unknown` fits everything (it has been refused already, or it is a parameter without a
    declared type). `written` gives the name in the text of each name that was changed; `types` holds what was found
    while `recording`. `metric` is for the queries of metrics and networks, where what would silently change a number is
    refused. `columns` tells the types that a statement inside an expression returns.
    """

    schema: Schema
    bindings: Bindings
    parameters: Mapping[str, str]
    file: str | None = None
    findings: list[Finding] = field(default_factory=list)
    written: Mapping[str, str] = field(default_factory=dict)
    types: dict[int, tuple[Expression, str]] = field(default_factory=dict)
    recording: bool = False
    metric: bool = True
    columns: Callable[[StatementNode, Bindings], Mapping[str, str]] | None = None

    def known(self, node: Expression) -> str:
        """The type of an expression: as the check has found it, else found now."""
        # by identity: 1, 1.0 and true are equal; the entry keeps the node, so that no other gets its number
        found = self.types.get(id(node))
        return found[1] if found is not None else self.type_of(node)

    def within(self, bindings: Bindings) -> Typer:
        """The typer of a scope inside this one."""
        return replace(self, bindings=bindings, types={})

    def seeing(self, names: Collection[str]) -> Typer:
        """The typer of the same scope while these variables alone are bound."""
        return replace(self, bindings=self.bindings.among(names))

    def type_of(self, node: Expression) -> str:
        """The type of an expression; what is wrong with it is added to the findings."""
        kind = self._type_of(node)
        if self.recording:
            self.types[id(node)] = (node, kind)
        return kind

    def _type_of(self, node: Expression) -> str:  # noqa: C901 - one branch per kind of expression
        match node:
            case Literal():
                return literal_type(node.value)
            case Parameter():
                return self._parameter(node)
            case Variable():
                return self._variable(node)
            case PropertyOf():
                return self._property_of(node)
            case Not():
                self.expect(node.operand, ("boolean",), "NOT")
                return "boolean"
            case Minus():
                return self.expect(node.operand, NUMBERS, "-")
            case Binary():
                return self._binary(node)
            case IsNull() | TypeTest():
                self.type_of(node.operand)
                return "boolean"
            case ListOf():
                return kinds.list_of(self.common(node.items, node, tr("a list")))
            case Call():
                return call_types.type_of(self, node)
            case FieldOf() | ElementOf() | SliceOf() | MapOf() | MapProjection() | LabelTest():
                return collection_types.type_of(self, node)
            case Comprehension() | Quantifier() | Reduce() | PatternComprehension() | Subquery():
                return collection_types.type_of_loop(self, node)
            case Case():
                return self._case(node)
            case Exists():
                return "boolean"
            case CountMatches():
                return "integer"

    def refuse(self, node: SyntaxNode, message: str, hint: str | None = None, code: str = "type") -> str:
        """Record a fault at a node."""
        at = node.position
        self.findings.append(Finding("error", code, message, self.file, at.line, str(at.column), hint=hint))
        return "unknown"

    def _parameter(self, node: Parameter) -> str:
        if node.name not in self.parameters:
            return self.refuse(
                node,
                tr("parameter ${name} is not declared", name=node.name),
                tr(
                    "{did_you_mean}; a header line declares one: // param: {name} = 1",
                    did_you_mean=did_you_mean(node.name, self.parameters),
                    name=node.name,
                ),
                "unknown_parameter",
            )
        return self.parameters[node.name]

    def _variable(self, node: Variable) -> str:
        if node.name in self.bindings.nodes:
            return "node"
        if node.name in self.bindings.links:
            return "link"
        if node.name in self.bindings.values:
            return self.bindings.values[node.name]
        names = (name for name in (*self.bindings.nodes, *self.bindings.links) if not is_unnamed(name))
        known = [self.written.get(name, name) for name in names]
        return self.refuse(
            node,
            tr("variable {name} is not bound here", name=node.name),
            did_you_mean(node.name, known),
            "unknown_variable",
        )

    def _property_of(self, node: PropertyOf) -> str:
        kind = self._variable(Variable(node.variable, position=node.position))
        if kind == "unknown":
            return kind
        if kind == "null":
            return kind
        if not kinds.is_entity(kind):
            return collection_types.type_of_field(self, node, kind, node.name)
        return self.property_type(node, kind, node.name, self.written.get(node.variable, node.variable))

    def property_type(self, node: PropertyOf | FieldOf, kind: str, name: str, shown: str) -> str:
        """The type of a property of a node or link, which the message calls as `shown`."""
        owners = self.bindings.of(node.variable) if isinstance(node, PropertyOf) else kinds.owners_of(kind)
        if name == kinds.LABEL:
            return "string"
        if kinds.is_entity(kind) and kind.startswith("node"):
            types = {owner: self.schema.node_property(owner, name) for owner in owners}
            known = [name for owner in owners for name in self.schema.node_properties(owner)]
        else:
            types = {owner: self.schema.link_property(owner, name) for owner in owners}
            known = [name for owner in owners for name in self.schema.link_properties(owner)]
        found = {kind for kind in types.values() if kind is not None}
        if not found and owners:
            message = tr("{owner} has no property {name!r}", owner=either(owners), name=name)
            return self.refuse(node, message, did_you_mean(name, known), "unknown_property")
        if len(found) > 1:
            each = ", ".join(f"{owner}: {kind}" for owner, kind in types.items() if kind)
            message = tr("{variable}.{name} has several types ({each})", variable=shown, name=name, each=each)
            return self.refuse(node, message, tr("name one label"))
        return found.pop() if found else "unknown"

    def expect(self, node: Expression, allowed: tuple[str, ...], who: str) -> str:
        """The type of an operand, which must be one of `allowed`."""
        found = self.type_of(node)
        if found not in (*allowed, "unknown", "null"):
            shown = kinds.word_for(found)
            self.refuse(node, tr("{who} takes {allowed}, not {found}", who=who, allowed=either(allowed), found=shown))
            return "unknown"
        return found

    def common(self, nodes: Collection[Expression], at: SyntaxNode, who: str) -> str:
        """The one type of several expressions; integers beside floats are floats."""
        found = [self.detailed(node) for node in nodes]
        kind = kinds.common(found)
        if kind is None:
            words = {kinds.word_for(kind) for kind in found} - {"null", "unknown"}
            hint = temporal_types.hint_for(words)
            return self.refuse(at, tr("{who} mixes {types}", who=who, types=together(sorted(words))), hint)
        return kind

    def detailed(self, node: Expression) -> str:
        """The type of an expression, with the labels or types that a node or link may have."""
        kind = self.known(node)
        if kind not in ("node", "link"):
            return kind
        owners = dict.fromkeys(owner for variable in chosen(node) for owner in self.bindings.of(variable.name))
        return kinds.entity_of(kind, owners)

    def _binary(self, node: Binary) -> str:
        operator = node.operator
        if operator in ("AND", "OR", "XOR"):
            self.expect(node.left, ("boolean",), operator)
            self.expect(node.right, ("boolean",), operator)
            return "boolean"
        if operator in _TEXT:
            self.expect(node.left, ("string",), operator)
            self.expect(node.right, ("string",), operator)
            if operator == "=~" and isinstance(node.right, Literal) and isinstance(node.right.value, str):
                self._regular(node.right, node.right.value)
            return "boolean"
        if operator == "IN":
            return self._is_in(node)
        if operator in arithmetic_types.ARITHMETIC:
            return arithmetic_types.type_of(self, node)
        self._compare(node)
        return "boolean"

    def _regular(self, node: Literal, pattern: str) -> None:
        try:
            re2_of(pattern)
        except Unfit as err:
            self.refuse(node, err.message, err.hint, "outside_subset" if err.outside else "pattern")

    def _compare(self, node: Binary) -> None:
        kind = self.common((node.left, node.right), node, f"{node.operator}")
        if node.operator in ("=", "<>"):
            return
        if kinds.is_entity(kind):
            word = kinds.word_for(kind)
            self.refuse(node, tr("a {kind} has no order: {operator} is refused", kind=word, operator=node.operator))
        elif kind == "duration":
            message = tr("a duration has no order: {operator} is refused", operator=node.operator)
            self.refuse(node, message, tr("a month has no fixed length; compare d.months, d.days or d.seconds"))
        elif kind == "boolean" and self.metric:
            self.refuse(node, tr("true and false have no useful order: {operator} is refused", operator=node.operator))
        elif kinds.is_list(kind) or kinds.is_map(kind) or kinds.is_path(kind):
            word = kinds.word_for(kind)
            self.refuse(node, tr("a {kind} has no order: {operator} is refused", kind=word, operator=node.operator))

    def _is_in(self, node: Binary) -> str:
        listed, element = self.type_of(node.right), self.detailed(node.left)
        if listed not in ("unknown", "null") and not kinds.is_list(listed):
            self.refuse(node.right, tr("IN takes a list, not {listed}", listed=kinds.word_for(listed)))
        elif self.metric and isinstance(node.right, ListOf) and Literal(None) in node.right.items:
            self.refuse(
                node.right, tr("null in a list makes IN neither true nor false"), tr("write x IS NULL beside it")
            )
        elif kinds.common((kinds.inside(listed), element)) is None:
            within, sought = kinds.word_for(kinds.inside(listed)), kinds.word_for(element)
            hint = temporal_types.hint_for({within, sought})
            self.refuse(node, tr("IN compares {element} with {inside}", element=sought, inside=within), hint)
        return "boolean"

    def _case(self, node: Case) -> str:
        for when, _ in node.branches:
            if node.subject is None:
                self.expect(when, ("boolean",), "CASE WHEN")
            else:
                self.common((node.subject, when), when, "CASE")
        return self.common(node.results, node, "CASE")


def literal_type(value: object) -> str:
    """The type of a constant; of a list with integers and floats, `list of float`."""
    if value is None:
        return "null"
    if isinstance(value, list | tuple):
        inside = kinds.common(map(literal_type, value))
        return kinds.list_of(inside or "unknown")
    if isinstance(value, Mapping):
        return kinds.map_of({str(key): literal_type(each) for key, each in value.items()})
    if isinstance(value, datetime) and value.tzinfo is None:
        return "localdatetime"
    names = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "float"),
        (str, "string"),
        (datetime, "datetime"),
        (date, "date"),
        (timedelta, "duration"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "unknown")
