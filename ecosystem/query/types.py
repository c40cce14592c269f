"""The type of every expression, and a finding for each one that has none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ecosystem.errors import Finding, did_you_mean
from ecosystem.messages import either, together, tr
from ecosystem.query.bindings import Bindings
from ecosystem.query.schema import Schema
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import AGGREGATES
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    CountMatches,
    Exists,
    Expression,
    IsNull,
    ListOf,
    Literal,
    Minus,
    Not,
    Parameter,
    PropertyOf,
    Variable,
)

NUMBERS = ("integer", "float")
FUNCTIONS = ("coalesce", *AGGREGATES)
ARITHMETIC = ("+", "-", "*", "/", "%", "^")
_TEXT = ("STARTS WITH", "ENDS WITH", "CONTAINS")


@dataclass(slots=True)
class Typer:
    """Types expressions in one scope; what it refuses is collected in `findings`.

    Types are the model's words and `null`, `node`, `link`, `list of <type>`; `unknown` fits everything (it has been
    refused already, or it is a parameter without a declared type). `written` gives the name in the text of each name
    that was changed; `types` holds what was found while `recording`.
    """

    schema: Schema
    bindings: Bindings
    parameters: Mapping[str, str]
    file: str | None = None
    findings: list[Finding] = field(default_factory=list)
    written: Mapping[str, str] = field(default_factory=dict)
    types: dict[int, tuple[Expression, str]] = field(default_factory=dict)
    recording: bool = False

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
            case IsNull():
                self.type_of(node.operand)
                return "boolean"
            case ListOf():
                return "list of " + self._common(node.items, node, tr("a list"))
            case Call():
                return self._call(node)
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
                    "{did_you_mean} A header line declares one: // param: {name} = 1",
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
        names = (name for name in (*self.bindings.nodes, *self.bindings.links) if not name.startswith("_"))
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
        variable = self.written.get(node.variable, node.variable)
        if kind == "null":
            return kind
        if kind not in ("node", "link"):
            return self.refuse(
                node,
                tr("{variable} is {kind}, and has no property", variable=variable, kind=kind),
                code="unknown_property",
            )
        if kind == "node":
            owners = self.bindings.nodes[node.variable]
            types = {owner: self.schema.node_property(owner, node.name) for owner in owners}
            known = [name for owner in owners for name in self.schema.node_properties(owner)]
        else:
            owners = self.bindings.links[node.variable]
            types = {owner: self.schema.link_property(owner, node.name) for owner in owners}
            known = [name for owner in owners for name in self.schema.link_properties(owner)]
        found = {kind for kind in types.values() if kind is not None}
        if not found and owners:
            owner = either(owners)
            return self.refuse(
                node,
                tr("{owner} has no property {name!r}", owner=owner, name=node.name),
                did_you_mean(node.name, known),
                "unknown_property",
            )
        if len(found) > 1:
            each = ", ".join(f"{owner}: {kind}" for owner, kind in types.items() if kind)
            return self.refuse(
                node,
                tr("{variable}.{name} has several types ({each})", variable=variable, name=node.name, each=each),
                tr("name one label"),
            )
        return found.pop() if found else "unknown"

    def expect(self, node: Expression, allowed: tuple[str, ...], who: str) -> str:
        """The type of an operand, which must be one of `allowed`."""
        found = self.type_of(node)
        if found not in (*allowed, "unknown", "null"):
            self.refuse(node, tr("{who} takes {allowed}, not {found}", who=who, allowed=either(allowed), found=found))
            return "unknown"
        return found

    def _common(self, nodes: tuple[Expression, ...], at: SyntaxNode, who: str) -> str:
        """The one type of several expressions; integers beside floats are floats."""
        found = {kind for kind in map(self.type_of, nodes) if kind not in ("null", "unknown")}
        if found and found <= set(NUMBERS):
            return "float" if "float" in found else "integer"
        if len(found) > 1:
            return self.refuse(at, tr("{who} mixes {types}", who=who, types=together(sorted(found))))
        return found.pop() if found else "unknown"

    def _binary(self, node: Binary) -> str:
        operator = node.operator
        if operator in ("AND", "OR"):
            self.expect(node.left, ("boolean",), operator)
            self.expect(node.right, ("boolean",), operator)
            return "boolean"
        if operator in _TEXT:
            self.expect(node.left, ("string",), operator)
            self.expect(node.right, ("string",), operator)
            return "boolean"
        if operator == "IN":
            return self._is_in(node)
        if operator in ARITHMETIC:
            return self._arithmetic(node)
        self._compare(node)
        return "boolean"

    def _compare(self, node: Binary) -> None:
        kind = self._common((node.left, node.right), node, f"{node.operator}")
        if kind in ("node", "link") and node.operator not in ("=", "<>"):
            self.refuse(node, tr("a {kind} has no order: {operator} is refused", kind=kind, operator=node.operator))
        elif kind == "boolean" and node.operator not in ("=", "<>"):
            self.refuse(node, tr("true and false have no useful order: {operator} is refused", operator=node.operator))
        elif kind.startswith("list"):
            self.refuse(node, tr("lists are compared with IN only"))

    def _is_in(self, node: Binary) -> str:
        if not isinstance(node.right, ListOf | Parameter):
            self.refuse(
                node.right, tr("IN takes a list written out, or one parameter"), tr("for example: x IN ['a', 'b']")
            )
            return "boolean"
        listed, element = self.type_of(node.right), self.type_of(node.left)
        inside = listed.removeprefix("list of ") if listed.startswith("list of ") else "unknown"
        if listed != "unknown" and not listed.startswith("list of "):
            self.refuse(node.right, tr("IN takes a list, not {listed}", listed=listed))
        elif isinstance(node.right, ListOf) and any(
            isinstance(item, Literal) and item.value is None for item in node.right.items
        ):
            self.refuse(
                node.right, tr("null in a list makes IN neither true nor false"), tr("write x IS NULL beside it")
            )
        elif "unknown" not in (inside, element) and element != "null" and not _comparable(inside, element):
            self.refuse(node, tr("IN compares {element} with {inside}", element=element, inside=inside))
        return "boolean"

    def _arithmetic(self, node: Binary) -> str:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if node.operator == "+" and left == right == "string":
            return "string"
        for side, kind in ((node.left, left), (node.right, right)):
            if kind not in (*NUMBERS, "unknown", "null"):
                hint = tr("a pattern as a condition is written EXISTS { MATCH ... }") if kind == "node" else None
                return self.refuse(
                    side, tr("{operator} takes numbers, not {kind}", operator=node.operator, kind=kind), hint
                )
        if node.operator == "/" and self._may_be_whole(node.left) and self._may_be_whole(node.right):
            return self.refuse(
                node, tr("integer divided by integer loses the remainder in Cypher"), tr("write 1.0 * a / b")
            )
        if node.operator in ("/", "^"):
            return "float"
        return "float" if "float" in (left, right) else "integer"

    def _may_be_whole(self, node: Expression) -> bool:
        """Whether a number can turn out an integer, as some choices of coalesce or CASE may, where others do not."""
        match node:
            case Call(function="coalesce" | "sum"):
                return any(map(self._may_be_whole, node.arguments))
            case Case():
                return any(self._may_be_whole(result) for result in node.results)
            case Binary(operator="+" | "-" | "*" | "%"):
                return self._may_be_whole(node.left) and self._may_be_whole(node.right)
            case Minus():
                return self._may_be_whole(node.operand)
            case _:
                return self.type_of(node) == "integer"

    def _call(self, node: Call) -> str:
        name = node.function
        if name not in FUNCTIONS:
            hint = tr("the functions are {functions}", functions=", ".join(FUNCTIONS))
            return self.refuse(node, tr("{name}() is outside the subset", name=name), hint, "outside_subset")
        if node.distinct and name != "count":
            hint = tr("only count(DISTINCT x) is inside: equal values are not the same thing twice")
            return self.refuse(
                node, tr("{name}(DISTINCT ...) is outside the subset", name=name), hint, "outside_subset"
            )
        if name == "coalesce":
            return self._common(node.arguments, node, "coalesce")
        if len(node.arguments) > 1:
            return self.refuse(
                node, tr("{name}() takes one argument, not {count}", name=name, count=len(node.arguments))
            )
        if name == "count":
            for argument in node.arguments:
                self.type_of(argument)
            return "integer"
        kind = self.expect(node.arguments[0], NUMBERS, name)
        if kind == "null":
            return self.refuse(node, tr("{name}(null) adds up nothing", name=name))
        return "float" if name == "avg" else kind

    def _case(self, node: Case) -> str:
        for when, _ in node.branches:
            if node.subject is None:
                self.expect(when, ("boolean",), "CASE WHEN")
            else:
                self._common((node.subject, when), when, "CASE")
        return self._common(node.results, node, "CASE")


def literal_type(value: object) -> str:
    """The model's word for a constant's type; of a list with integers and floats, `list of float`."""
    if value is None:
        return "null"
    if isinstance(value, list | tuple):
        inside = {literal_type(item) for item in value} - {"null"}
        inside = inside - {"integer"} if inside == set(NUMBERS) else inside
        return f"list of {inside.pop() if len(inside) == 1 else 'unknown'}"
    names = ((bool, "boolean"), (int, "integer"), (float, "float"), (str, "string"), (date, "date"))
    return next((name for kind, name in names if isinstance(value, kind)), "unknown")


def _comparable(left: str, right: str) -> bool:
    while left.startswith("list of ") and right.startswith("list of "):
        left, right = left.removeprefix("list of "), right.removeprefix("list of ")
    return left == right or "unknown" in (left, right) or {left, right} <= set(NUMBERS)
