"""Random queries of both subsets as trees: most pass the checker, and most of those find something."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from drawn_conditions import Conditions
from statements import statement

from ecosystem.query import Query, Schema
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import name_all
from ecosystem.query.clauses import MatchGroup, after, handed_on
from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_tree import AnyQuery, Item, OptionalMatch, Order, Projection, QueryPart, Statement, Union
from ecosystem.query.traversal import aggregates
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    Expression,
    Literal,
    Match,
    Parameter,
    PropertyOf,
    Variable,
)
from ecosystem.query.types import Typer

_KINDS = ("string", "integer", "float", "boolean", "count")
_NAMES = ("id", "name", "year", "score", "patents", "NAME", "Id", "layer", "count", "société")
"""Names that properties and functions have too, and that differ in capitals only."""


def generate(seed: str, schema: Schema, types: dict[str, str], *, left_behind: bool = True) -> AnyQuery:
    """The query of a seed: a metric's, a statement, or a union.

    Where `left_behind`, the WHERE of a WITH may speak of what that WITH leaves behind: its text parses to two WITH.
    """
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    dice = Dice(rng, schema, types)
    dice.left_behind = left_behind
    kinds = ("metric", "metric", "statement", "statement", "statement", "union", "lists", "lists", "lists", "lists")
    match dice.one(*kinds):
        case "lists":
            # of lists, loops, subqueries and walks: drawn as text
            return parse_statement(statement(seed, schema))
        case "metric":
            return dice.query()
        case "statement":
            return dice.statement(None)
        case _:
            return dice.union()


class Dice(Conditions):
    """Draws from a seed alone, and statements besides."""

    def __init__(self, rng: random.Random, schema: Schema, parameters: dict[str, str]) -> None:
        super().__init__(rng, schema)
        self.parameters = parameters
        self.left_behind = True
        self.used: list[str] = []

    def fresh(self, letter: str) -> str:
        """As drawn elsewhere; now and then a property's name, or one that differs from another in capitals only."""
        free = [name for name in (*_NAMES, *(name.swapcase() for name in self.used)) if name not in self.used]
        name = self.one(*free) if self.chance(25) else super().fresh(letter)
        self.used.append(name)
        return name

    def alias(self, letter: str, bindings: Bindings, taken: Sequence[Item]) -> str:
        """The name of a column: one that is free, or one that something else had until here."""
        here = [name for name in (*bindings.nodes, *bindings.links, *bindings.values) if not name.startswith("_")]
        others = {item.alias for item in taken}
        again = [name for name in (*here, *_NAMES) if name not in others]
        if not (again and self.chance(40)):
            return self.fresh(letter)
        name = self.one(*again)
        self.used.append(name)
        return name

    def union(self) -> Union:
        """Two or three statements whose columns fit each other."""
        kinds = tuple(self.one(*_KINDS) for _ in range(self.whole(1, 2)))
        parts = tuple(self.statement(kinds) for _ in range(2 if self.chance(80) else 3))
        return Union(parts, self.chance(50))

    def statement(self, kinds: tuple[str, ...] | None) -> Statement:
        """Some steps; the columns of the last one have these kinds, if any are asked for."""
        steps: list[QueryPart] = []
        visible = Bindings()
        self.used = []
        total = self.one(1, 1, 1, 2, 2, 3)
        for number in range(total):
            last = number == total - 1
            clauses, bindings = self.clauses(visible, first=number == 0)
            projection = self.projection(bindings, last=last, kinds=kinds if last else None)
            visible = self.visible(projection, bindings)
            if not last and self.chance(30):
                seen = self.seen_by_where(projection, bindings, visible)
                projection = replace(projection, where=self.condition(seen, self.whole(0, 1), 1))
            # what is not handed on may be the name of something else
            self.used = [*visible.nodes, *visible.links, *visible.values]
            steps.append(QueryPart(tuple(clauses), projection))
        return Statement(tuple(steps))

    def clauses(self, visible: Bindings, *, first: bool) -> tuple[list[Match | OptionalMatch], Bindings]:
        """Matches, some of them optional, and what is bound after them."""
        found: list[Match | OptionalMatch] = []
        for number in range(self.whole(1 if first else 0, 2)):
            optional = self.chance(5 if first and not number else 45)
            match = self.match([], visible, inner=optional)
            found.append(OptionalMatch(match) if optional else match)
            names = {*visible.nodes, *visible.links, *visible.values}
            named = name_all(Query((match,), ()), visible=names).matches
            visible = after(MatchGroup(named, optional), visible, bind(named, self.schema, visible))
        return found, visible

    def visible(self, projection: Projection, bindings: Bindings) -> Bindings:
        """What the next step sees."""
        typer = Typer(self.schema, bindings, self.parameters)
        types = {item.alias: typer.type_of(item.expression) for item in projection.items}
        return handed_on(projection, bindings, types)

    def seen_by_where(self, projection: Projection, before: Bindings, after: Bindings) -> Bindings:
        """What the WHERE of a WITH speaks of: now and then also of what that WITH leaves behind."""
        grouped = projection.distinct or any(aggregates(item.expression) for item in projection.items)
        if grouped or not self.left_behind or not self.chance(40):
            return after
        hidden = {*after.nodes, *after.links, *after.values}
        more = before.among({*before.nodes, *before.links, *before.values} - hidden)
        return _over(more, after)

    def projection(self, bindings: Bindings, *, last: bool, kinds: tuple[str, ...] | None) -> Projection:
        """WITH or RETURN; the cut, if there is one, is behind an order that leaves nothing open."""
        if kinds is None:
            items = self.columns(bindings, last=last)
        else:
            items = tuple(Item(self.of_kind(bindings, kind), f"c{at}") for at, kind in enumerate(kinds))
        distinct = self.chance(22)
        grouped = any(aggregates(item.expression) for item in items)
        order = self.order(items, bindings, closed=distinct or grouped) if self.chance(40 if last else 20) else ()
        if not (order and self.chance(55)) or any(_rounded(item.expression) for item in items):
            return Projection(items, distinct, order)
        keys = self.sort_keys(items, bindings)
        if any(item.expression in keys for item in items):
            # where `n.id` is a column, and `n` the name of another one, ORDER BY n.id is by the first
            return Projection(items, distinct, order)
        order = tuple(dict.fromkeys([*order, *map(Order, keys)]))
        skip = self.one(Literal(1), Literal(0), Parameter("least"), None, None)
        limit = self.one(Literal(3), Literal(5), Parameter("least"), None)
        return Projection(items, distinct, order, skip, limit)

    def columns(self, bindings: Bindings, *, last: bool) -> tuple[Item, ...]:
        """Some of the entities, values, and now and then an aggregate."""
        entities = [name for name in (*bindings.nodes, *bindings.links) if not name.startswith("_")]
        kept = self.rng.sample(entities, min(len(entities), self.whole(0 if last else 1, 3)))
        items: list[Item] = []
        for name in kept:
            if last and self.chance(60):
                items.append(Item(PropertyOf(name, "id"), self.alias("x", bindings, items)))
            elif self.chance(25):
                items.append(Item(self.choice_of(name, kept, bindings), self.alias("e", bindings, items)))
            else:
                free = all(item.alias != name for item in items)
                keeps = free and self.chance(75)
                items.append(Item(Variable(name), name if keeps else self.alias("m", bindings, items)))
        for _ in range(self.whole(0 if items else 1, 2)):
            drawn = self.of_kind(bindings, self.one(*_KINDS[:4]))
            items.append(Item(drawn, self.alias("v", bindings, items)))
        if self.chance(35):
            items.append(Item(self.aggregate(bindings), self.alias("a", bindings, items)))
        return tuple(items)

    def choice_of(self, name: str, entities: Sequence[str], bindings: Bindings) -> Expression:
        """One node or link, or another where it is missing or something else holds."""
        same = [other for other in entities if (other in bindings.nodes) == (name in bindings.nodes)]
        other = self.part(Variable(self.one(*same)), Literal(None))
        if self.chance(50):
            return Call("coalesce", (Variable(name), other) if self.chance(50) else (other, Variable(name)))
        return Case(None, ((self.condition(bindings, 0, 0), Variable(name)),), other if self.chance(70) else None)

    def of_kind(self, bindings: Bindings, kind: str) -> Expression:
        """An expression of a type; `count` is an aggregate."""
        match kind:
            case "string":
                return self.text(bindings)
            case "boolean":
                return self.condition(bindings, 0, 1)
            case "count":
                return Call("count", ()) if self.chance(40) else Call("count", (self.text(bindings),), self.chance(50))
            case _:
                known: Sequence[Expression] = self.properties(bindings, kind)
                if kind == "float" and self.chance(25):
                    return Binary("*", Literal(1.0), self.number(bindings, 1))
                return self.part(*known, *known, Literal(7) if kind == "integer" else Literal(0.5))

    def order(self, items: tuple[Item, ...], bindings: Bindings, *, closed: bool) -> tuple[Order, ...]:
        """One or two sort keys, where nothing is grouped also such as are not returned."""
        keys = self.sort_keys(items, bindings)
        if not closed and self.chance(40):
            keys = [*keys, self.number(self.hidden_by(items, bindings), 0)]
        return tuple(Order(key, self.chance(50)) for key in self.some(tuple(keys)))

    def hidden_by(self, items: tuple[Item, ...], bindings: Bindings) -> Bindings:
        """What is bound where ORDER BY stands: an alias hides what had the name before."""
        now = self.visible(Projection(items), bindings)
        kept = bindings.among({*bindings.nodes, *bindings.links, *bindings.values} - {item.alias for item in items})
        return _over(kept, now)

    def sort_keys(self, items: tuple[Item, ...], bindings: Bindings) -> list[Expression]:
        """What each column is sorted by: an entity by its id."""
        now = self.visible(Projection(items), bindings)
        entities = {*now.nodes, *now.links}
        return [PropertyOf(item.alias, "id") if item.alias in entities else Variable(item.alias) for item in items]


def _over(hidden: Bindings, above: Bindings) -> Bindings:
    """The bindings of both; no name is in two of them."""
    nodes, links = {**hidden.nodes, **above.nodes}, {**hidden.links, **above.links}
    return Bindings(nodes, links, {**hidden.values, **above.values})


def _rounded(expression: Expression) -> bool:
    """Whether an aggregate may differ in its last digits from engine to engine."""
    return any(call.function != "count" for call in aggregates(expression))
