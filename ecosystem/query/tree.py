"""The syntax tree of a query or statement: frozen records, each with its position in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from ecosystem.query.syntax import LabelExpression, SyntaxNode

_Truth = OneOf["AND", "OR", "XOR", "=", "<>", "<", "<=", ">", ">=", "STARTS WITH", "ENDS WITH", "CONTAINS", "=~", "IN"]
_Number = OneOf["+", "-", "*", "/", "%", "^"]
Operator = _Truth | _Number


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
class FieldOf(SyntaxNode):
    """`subject.name` of anything but a variable: of a map, a date, or a node or link that is computed."""

    subject: Expression
    name: str


@dataclass(frozen=True, slots=True)
class ElementOf(SyntaxNode):
    """`subject[index]`: of a list by its place from 0, from the end where negative; of a map by its key."""

    subject: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class SliceOf(SyntaxNode):
    """`subject[start..end]` of a list; the end is not part of it."""

    subject: Expression
    start: Expression | None
    end: Expression | None


@dataclass(frozen=True, slots=True)
class LabelTest(SyntaxNode):
    """`subject:Label` of a node, `subject:TYPE` of a link."""

    subject: Expression
    labels: LabelExpression


@dataclass(frozen=True, slots=True)
class TypeTest(SyntaxNode):
    """`operand IS TYPED type`, or `IS NOT TYPED` when negated; the type in the words of Cypher, in capitals."""

    operand: Expression
    type: str
    negated: bool = False


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
class MapOf(SyntaxNode):
    """`{key: value}`."""

    entries: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class MapProjection(SyntaxNode):
    """`subject {.name, key: value, .*}`: a map of some properties; `everything` where `.*` stands in it.

    `.name` is an entry whose value is that property of the subject.
    """

    subject: Variable
    entries: tuple[tuple[str, Expression], ...]
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Comprehension(SyntaxNode):
    """`[variable IN source WHERE condition | result]`."""

    variable: str
    source: Expression
    where: Expression | None = None
    result: Expression | None = None


@dataclass(frozen=True, slots=True)
class Quantifier(SyntaxNode):
    """`any(variable IN source WHERE condition)`, and `all`, `none`, `single` likewise."""

    kind: OneOf["any", "all", "none", "single"]
    variable: str
    source: Expression
    where: Expression


@dataclass(frozen=True, slots=True)
class Reduce(SyntaxNode):
    """`reduce(total = start, variable IN source | step)`."""

    total: str
    start: Expression
    variable: str
    source: Expression
    step: Expression


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
    """`EXISTS { MATCH ... }`; a `bare` one was written as a pattern alone, and such a pattern names nothing new."""

    matches: tuple[Match, ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class CountMatches(SyntaxNode):
    """`COUNT { MATCH ... }`."""

    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class PatternComprehension(SyntaxNode):
    """`[path = (a)-[t]->(b) WHERE condition | result]`."""

    match: Match
    result: Expression

    @property
    def matches(self) -> tuple[Match, ...]:
        """The one match, as other subqueries have several."""
        return (self.match,)


@dataclass(frozen=True, slots=True)
class StatementNode(SyntaxNode):
    """A whole statement inside an expression: `Statement` or `Union`."""


@dataclass(frozen=True, slots=True)
class Subquery(SyntaxNode):
    """`EXISTS`, `COUNT` or `COLLECT` of a whole statement between braces."""

    kind: OneOf["EXISTS", "COUNT", "COLLECT"]
    statement: StatementNode


Expression = (
    Literal
    | Parameter
    | Variable
    | PropertyOf
    | FieldOf
    | ElementOf
    | SliceOf
    | LabelTest
    | TypeTest
    | Not
    | Minus
    | Binary
    | IsNull
    | ListOf
    | MapOf
    | MapProjection
    | Comprehension
    | Quantifier
    | Reduce
    | Call
    | Case
    | Exists
    | CountMatches
    | PatternComprehension
    | Subquery
)


@dataclass(frozen=True, slots=True)
class NodePattern(SyntaxNode):
    """`(variable:Label|Label {name: value})`; the variable is empty until the pattern is named.

    `labels` are alternatives; `further` is what they cannot say, such as `!Label` or `A&B`.
    """

    variable: str
    labels: tuple[str, ...] = ()
    properties: tuple[tuple[str, Expression], ...] = ()
    further: LabelExpression | None = None


@dataclass(frozen=True, slots=True)
class LinkPattern(SyntaxNode):
    """`-[variable:TYPE|TYPE*1..3 {name: value}]-` in one direction or both.

    Without types it is a link of any type. `hops` is None for one link; else how many links it stands for, at least and
    at most (None where there is no bound), and the variable is the list of them. A path that is repeated so often, as
    in `((a)-[t]->(b) WHERE condition){1,3}`, stands `inside`: then there is no variable, type or property.
    """

    variable: str
    types: tuple[str, ...] = ()
    properties: tuple[tuple[str, Expression], ...] = ()
    direction: OneOf["out", "in", "both"] = "out"
    further: LabelExpression | None = None
    hops: tuple[int, int | None] | None = None
    inside: Match | None = None


@dataclass(frozen=True, slots=True)
class PathPattern(SyntaxNode):
    """A chain: `links[i]` joins `nodes[i]` and `nodes[i + 1]`.

    `variable` names the path, and is empty for none. `shortest` is `one` for shortestPath, `all` for allShortestPaths.
    `selector` is what says before the path which of its matches are taken, as `SHORTEST 2 GROUPS` does.
    """

    nodes: tuple[NodePattern, ...]
    links: tuple[LinkPattern, ...]
    variable: str = ""
    shortest: OneOf["", "one", "all"] = ""
    selector: str = ""


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
