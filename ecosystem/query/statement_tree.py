"""The syntax tree of a whole query or statement: its clauses, and what each part hands on."""

from __future__ import annotations

from dataclasses import dataclass, field

from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.tree import Expression, Match, StatementNode


@dataclass(frozen=True, slots=True)
class Item(SyntaxNode):
    """`expression AS alias` in RETURN; without AS the alias is the text of the expression, and it is `unnamed`."""

    expression: Expression
    alias: str
    unnamed: bool = field(default=False, compare=False, repr=False)


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

    `where` filters what WITH hands on; RETURN has none. Where `everything`, as `*` says, all that is visible goes
    before the items.
    """

    items: tuple[Item, ...]
    distinct: bool = False
    order: tuple[Order, ...] = ()
    skip: Expression | None = None
    limit: Expression | None = None
    where: Expression | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class OptionalMatch(SyntaxNode):
    """`OPTIONAL MATCH ...`: where nothing matches, what it would bind is null."""

    match: Match


@dataclass(frozen=True, slots=True)
class Unwind(SyntaxNode):
    """`UNWIND source AS alias`: a row for each element of a list."""

    source: Expression
    alias: str


@dataclass(frozen=True, slots=True)
class CallSubquery(SyntaxNode):
    """`CALL (imports) { statement }`: the rows of the statement beside each row before it.

    `imports` are the names that it may read; None where it begins with a WITH that says so.
    """

    statement: AnyStatement
    imports: tuple[str, ...] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CallProcedure(SyntaxNode):
    """`CALL name(arguments) YIELD column`, which no engine is asked."""

    name: str
    arguments: tuple[Expression, ...] = ()
    columns: tuple[Item, ...] = ()


Clause = Match | OptionalMatch | Unwind | CallSubquery | CallProcedure


@dataclass(frozen=True, slots=True)
class QueryPart(SyntaxNode):
    """Clauses in their order, and the projection that ends them."""

    clauses: tuple[Clause, ...]
    projection: Projection


@dataclass(frozen=True, slots=True)
class Statement(StatementNode):
    """Steps, each on the rows of the one before."""

    parts: tuple[QueryPart, ...]


@dataclass(frozen=True, slots=True)
class Union(StatementNode):
    """`statement UNION [ALL] statement`, from left to right; all of them or none say ALL."""

    statements: tuple[Statement, ...]
    everything: bool = False


AnyStatement = Statement | Union
AnyQuery = Query | Statement | Union


def columns_of(query: AnyQuery) -> tuple[str, ...]:
    """The names of the columns that a query or statement returns."""
    first = query.statements[0] if isinstance(query, Union) else query
    items = first.items if isinstance(first, Query) else first.parts[-1].projection.items
    return tuple(item.alias for item in items)
