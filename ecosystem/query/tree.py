"""The syntax tree of a query or statement: frozen records, each with its position in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal as OneOf

Operator = OneOf[
    "AND",
    "OR",
    "=",
    "<>",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    "^",
    "STARTS WITH",
    "ENDS WITH",
    "CONTAINS",
    "IN",
]


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column in the text, both from 1; 0 for what the library added."""

    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class SyntaxNode:
    """Anything in the tree. Two texts of one meaning are equal trees: `position` does not count."""

    position: Position = field(default=Position(), compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(SyntaxNode):
    """A constant; `None` is Cypher's null."""

    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Parameter(SyntaxNode):
    """`$name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Variable(SyntaxNode):
    """A node or link by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class PropertyOf(SyntaxNode):
    """`variable.name`."""

    variable: str
    name: str


@dataclass(frozen=True, slots=True)
class Not(SyntaxNode):
    """`NOT operand`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Minus(SyntaxNode):
    """`-operand`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(SyntaxNode):
    """`left operator right`."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class IsNull(SyntaxNode):
    """`operand IS NULL`, or `IS NOT NULL` when negated."""

    operand: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ListOf(SyntaxNode):
    """`[a, b, c]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call(SyntaxNode):
    """A function or an aggregate; `count(*)` has no arguments."""

    function: str
    arguments: tuple[Expression, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Case(SyntaxNode):
    """`CASE [subject] WHEN .. THEN .. [ELSE ..] END`."""

    subject: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None

    @property
    def results(self) -> tuple[Expression, ...]:
        """The expressions that it may result in, ELSE last."""
        return (*(then for _, then in self.branches), *(() if self.otherwise is None else (self.otherwise,)))


@dataclass(frozen=True, slots=True)
class Exists(SyntaxNode):
    """`EXISTS { MATCH ... }`."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class CountMatches(SyntaxNode):
    """`COUNT { MATCH ... }`."""

    matches: tuple[Match, ...]


Expression = (
    Literal
    | Parameter
    | Variable
    | PropertyOf
    | Not
    | Minus
    | Binary
    | IsNull
    | ListOf
    | Call
    | Case
    | Exists
    | CountMatches
)


@dataclass(frozen=True, slots=True)
class NodePattern(SyntaxNode):
    """`(variable:Label|Label {name: value})`; the variable is empty until the pattern is named."""

    variable: str
    labels: tuple[str, ...] = ()
    properties: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class LinkPattern(SyntaxNode):
    """`-[variable:TYPE|TYPE {name: value}]-` in one direction or both."""

    variable: str
    types: tuple[str, ...] = ()
    properties: tuple[tuple[str, Expression], ...] = ()
    direction: OneOf["out", "in", "both"] = "out"


@dataclass(frozen=True, slots=True)
class PathPattern(SyntaxNode):
    """A chain: `links[i]` joins `nodes[i]` and `nodes[i + 1]`."""

    nodes: tuple[NodePattern, ...]
    links: tuple[LinkPattern, ...]


@dataclass(frozen=True, slots=True)
class Match(SyntaxNode):
    """`MATCH path, path WHERE condition`. Links of one Match are pairwise distinct."""

    paths: tuple[PathPattern, ...]
    where: Expression | None = None

    def nodes(self) -> Iterator[NodePattern]:
        """Every node pattern, in order."""
        return (node for path in self.paths for node in path.nodes)

    def links(self) -> Iterator[LinkPattern]:
        """Every link pattern, in order."""
        return (link for path in self.paths for link in path.links)

    def hops(self) -> Iterator[tuple[NodePattern, LinkPattern, NodePattern]]:
        """Every link with the nodes written left and right of it."""
        for path in self.paths:
            yield from zip(path.nodes, path.links, path.nodes[1:], strict=False)


@dataclass(frozen=True, slots=True)
class Item(SyntaxNode):
    """`expression AS alias` in RETURN; without AS the alias is the text of the expression."""

    expression: Expression
    alias: str


@dataclass(frozen=True, slots=True)
class Query(SyntaxNode):
    """`MATCH ... MATCH ... RETURN ...`."""

    matches: tuple[Match, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Order(SyntaxNode):
    """`expression [DESC]` in ORDER BY."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Projection(SyntaxNode):
    """What a part of a statement hands on: the items of WITH or RETURN, and which rows of them in which order.

    `where` filters what WITH hands on; RETURN has none.
    """

    items: tuple[Item, ...]
    distinct: bool = False
    order: tuple[Order, ...] = ()
    skip: Expression | None = None
    limit: Expression | None = None
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class OptionalMatch(SyntaxNode):
    """`OPTIONAL MATCH ...`: where nothing matches, what it would bind is null."""

    match: Match


@dataclass(frozen=True, slots=True)
class QueryPart(SyntaxNode):
    """Matches in their order, and the projection that ends them."""

    clauses: tuple[Match | OptionalMatch, ...]
    projection: Projection


@dataclass(frozen=True, slots=True)
class Statement(SyntaxNode):
    """Steps, each on the rows of the one before."""

    parts: tuple[QueryPart, ...]


@dataclass(frozen=True, slots=True)
class Union(SyntaxNode):
    """`statement UNION [ALL] statement`, from left to right; all of them or none say ALL."""

    statements: tuple[Statement, ...]
    everything: bool = False


AnyStatement = Statement | Union
AnyQuery = Query | Statement | Union
