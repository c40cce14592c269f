"""What the writing of an expression needs to know of the scope around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ecosystem.query.aggregate_dialect import Range
from ecosystem.query.dialect import Dialect
from ecosystem.query.tree import Expression, Match
from ecosystem.query.types import Typer


class AsksTheGraph(Exception):  # noqa: N818 - never leaves the translation
    """A function of a list's element was to read the graph, which only a subquery can."""


class Surroundings(Protocol):
    """A scope of names: the tables and conditions of matches (`sql.Scope`), or what a loop over a list adds."""

    @property
    def dialect(self) -> Dialect:
        """How the engine writes it."""

    @property
    def typer(self) -> Typer:
        """The types of what is bound."""

    @property
    def order(self) -> tuple[str, ...]:
        """The columns by which a list of the rows is ordered."""

    def variable(self, name: str) -> str:
        """A value, or the key of a node or link, as SQL."""

    def parameter(self, name: str) -> str:
        """What the statement calls a parameter."""

    def property(self, variable: str, name: str) -> str:
        """A property of a node or link as SQL."""

    def property_type(self, variable: str, name: str) -> str:
        """The type of a property; empty for one that nothing has."""

    def property_names(self, kind: str) -> Sequence[str]:
        """The properties that a node or link of this type may have."""

    def look_up(self, kind: str, key: str, name: str) -> str:
        """A property of the node or link of this type that has this key."""

    def subquery(self, matches: tuple[Match, ...], select: str) -> str:
        """A correlated SELECT."""

    def results(self, match: Match, result: Expression) -> str:
        """A correlated SELECT of the list of what an expression is for each match."""

    def over_list(self, variable: str, kind: str, listed: str) -> tuple[Rows, str]:
        """The elements of a list, of this type each, as rows; and the place of each."""

    def numeric_range(self, variable: str, name: str) -> Iterator[Range | None]:
        """The ranges of a property, one per owner."""


class Rows(Surroundings, Protocol):
    """A scope that is a subquery of its own."""

    conditions: list[str]

    def from_where(self) -> str:
        """`FROM ... WHERE ...`."""


class ElementScope:
    """A scope with one more name, that of a list's element inside a function of it; it cannot ask the graph."""

    def __init__(self, outer: Surroundings, name: str, text: str, typer: Typer) -> None:
        self.outer, self.name, self.text, self.typer = outer, name, text, typer

    @property
    def dialect(self) -> Dialect:
        """How the engine writes it."""
        return self.outer.dialect

    @property
    def order(self) -> tuple[str, ...]:
        """As outside."""
        return self.outer.order

    def variable(self, name: str) -> str:
        """The element, or what the name means outside."""
        return self.text if name == self.name else self.outer.variable(name)

    def parameter(self, name: str) -> str:
        """As outside."""
        return self.outer.parameter(name)

    def property(self, variable: str, name: str) -> str:
        """As outside; what the element has is in the graph."""
        if variable == self.name:
            raise AsksTheGraph
        return self.outer.property(variable, name)

    def property_type(self, variable: str, name: str) -> str:
        """As outside; of the element it is not asked for."""
        return "" if variable == self.name else self.outer.property_type(variable, name)

    def property_names(self, kind: str) -> Sequence[str]:
        """As outside."""
        return self.outer.property_names(kind)

    def look_up(self, kind: str, key: str, name: str) -> str:
        """What is in the graph."""
        raise AsksTheGraph

    def subquery(self, matches: tuple[Match, ...], select: str) -> str:
        """What is in the graph."""
        raise AsksTheGraph

    def results(self, match: Match, result: Expression) -> str:
        """What is in the graph."""
        raise AsksTheGraph

    def over_list(self, variable: str, kind: str, listed: str) -> tuple[Rows, str]:
        """What is in the graph."""
        raise AsksTheGraph

    def numeric_range(self, variable: str, name: str) -> Iterator[Range | None]:
        """Not known of the element."""
        return iter((None,)) if variable == self.name else self.outer.numeric_range(variable, name)
