"""The larger tree of `ecosystem query`: steps that end in WITH or RETURN, and unions of them."""

from __future__ import annotations

from dataclasses import dataclass

from ecosystem.query.tree import Expression, Item, Match, Node, Query


@dataclass(frozen=True, slots=True)
class Order(Node):
    """`expression [DESC]` in ORDER BY."""

    expression: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Projection(Node):
    """What a step hands on: the items of WITH or RETURN, and which rows of them in which order.

    `where` filters what WITH hands on; RETURN has none.
    """

    items: tuple[Item, ...]
    distinct: bool = False
    order: tuple[Order, ...] = ()
    skip: Expression | None = None
    limit: Expression | None = None
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class OptionalMatch(Node):
    """`OPTIONAL MATCH ...`: where nothing matches, what it would bind is null."""

    match: Match


@dataclass(frozen=True, slots=True)
class Step(Node):
    """Matches in their order, and the projection that ends them."""

    clauses: tuple[Match | OptionalMatch, ...]
    projection: Projection


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """Steps, each on the rows of the one before."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Union(Node):
    """`statement UNION [ALL] statement`, from left to right; all of them or none say ALL."""

    statements: tuple[Statement, ...]
    everything: bool = False


AnyStatement = Statement | Union
AnyQuery = Query | Statement | Union
