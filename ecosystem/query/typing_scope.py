"""What the typing of a part of an expression needs to know of the scope around it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from ecosystem.query.bindings import Bindings
from ecosystem.query.schema import Schema
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.tree import Expression, FieldOf, PropertyOf, StatementNode


class TypingScope(Protocol):
    """A typer of expressions in one scope: see `types.Typer`."""

    schema: Schema
    bindings: Bindings
    written: Mapping[str, str]
    metric: bool
    columns: Callable[[StatementNode, Bindings], Mapping[str, str]] | None

    def type_of(self, node: Expression) -> str:
        """The type of an expression."""

    def detailed(self, node: Expression) -> str:
        """The type of an expression, with the labels or types that a node or link may have."""

    def common(self, nodes: Collection[Expression], at: SyntaxNode, who: str) -> str:
        """The one type of several expressions."""

    def expect(self, node: Expression, allowed: tuple[str, ...], who: str) -> str:
        """The type of an operand, which must be one of `allowed`."""

    def property_type(self, node: PropertyOf | FieldOf, kind: str, name: str, shown: str) -> str:
        """The type of a property of a node or link."""

    def refuse(self, node: SyntaxNode, message: str, hint: str | None = None, code: str = "type") -> str:
        """Record a fault at a node."""

    def within(self, bindings: Bindings) -> TypingScope:
        """The typer of a scope inside this one."""
