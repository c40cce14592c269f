"""From one query the others behind it: its matches, their witnesses, the same without given entities, in a window.

Every function takes a bound query of the metric subset and gives one: each store translates them like any other. Other
columns and further conditions keep the bindings; only witnesses, which match more, are bound anew.
Why-provenance (Buneman, Khanna and Tan 2001): a row of the evidence is one match, a witness of the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from typing import Literal as OneOf
from typing import TypeVar

from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings
from ecosystem.query.bound_query import BoundQuery, bind_query, paths_of
from ecosystem.query.statement_tree import Item, Query
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import (
    aggregates,
    children,
    conjunction,
    conjuncts,
    map_children,
    patterns,
    subqueries,
    walk,
)
from ecosystem.query.tree import (
    Binary,
    Call,
    Case,
    CountMatches,
    Exists,
    Expression,
    FieldOf,
    IsNull,
    LinkPattern,
    Literal,
    Match,
    NodePattern,
    Not,
    Parameter,
    PropertyOf,
    Quantifier,
    Variable,
)

Provenance = OneOf["monotone", "witnessed", "recompute"]
WITHOUT = "_without"
"""The parameter that `without` adds: a list of ids."""
HIERARCHY = ("Region", "WITHIN")
"""What no removal touches."""

_N = TypeVar("_N", bound=SyntaxNode)


def classify(query: Query) -> Provenance:
    """How a value follows from its matches.

    `monotone`: no subquery and no walk, so a removed entity takes its matches with it and nothing else changes.
    `witnessed`: each subquery is an EXISTS that must hold, so a match falls with its last witness. `recompute`:
    anything else.
    """
    if any(isinstance(part, LinkPattern) and part.hops is not None for part in walk(query)):
        # what lies along a walk has no columns of its own
        return "recompute"
    if not any(True for _ in subqueries(query)):
        return "monotone"
    required = [part for match in query.matches for part in conjuncts(match.where) if isinstance(part, Exists)]
    nested = any(True for exists in required for match in exists.matches for _ in subqueries(match))
    return "witnessed" if not nested and len(required) == sum(1 for _ in subqueries(query)) else "recompute"


def evidence(bound: BoundQuery) -> BoundQuery:
    """One row per match: the grouping columns, `arg<i>` per aggregate, `node_<name>` and `link_<name>` for each entity.

    `count(*)` has no argument and no column. A pattern without a name gets one that begins with an underscore.
    """
    groups = tuple(item for item in bound.query.items if not aggregates(item.expression))
    values = tuple(
        Item(call.arguments[0], f"arg{number}") for number, call in enumerate(bound.aggregates) if call.arguments
    )
    return bound.returning(groups + values + _entities(bound.query.matches))


def witnesses(bound: BoundQuery) -> tuple[BoundQuery, ...]:
    """For each EXISTS of a witnessed query: the matches beside what witnesses them, one row per match and witness.

    The match's own entities are in the evidence's columns, the witness's in `witness_node_<name>` and the like.
    """
    matches = bound.query.matches
    outer = _entities(matches)
    known = {item.expression for item in outer}
    found = []
    for exists in (part for match in matches for part in conjuncts(match.where) if isinstance(part, Exists)):
        inner = tuple(
            replace(item, alias=f"witness_{item.alias}")
            for item in _entities(exists.matches)
            if item.expression not in known
        )
        query = Query(matches + exists.matches, outer + inner)
        found.append(bind_query(query, bound.schema, bound.parameters))
    return tuple(found)


def without(bound: BoundQuery) -> BoundQuery:
    """The query as if the nodes and links whose ids are in the list `$_without` were not there.

    Regions and what lies within them stay: a region leaves the ranking, never the hierarchy.
    """
    items = tuple(_without_below(item, bound, bound.bindings) for item in bound.query.items)
    matches = _without(bound.query.matches, bound, Bindings(), bound.bindings)
    return bound.matching(matches).returning(items).declaring({WITHOUT: "list of string"})


def _without(matches: tuple[Match, ...], bound: BoundQuery, outer: Bindings, bindings: Bindings) -> tuple[Match, ...]:
    """The matches with a condition on each entity where it is first bound."""
    known = {*outer.nodes, *outer.links}
    changed = []
    for match in matches:
        fresh = dict.fromkeys(pattern.variable for pattern in patterns(match) if pattern.variable not in known)
        known.update(fresh)
        absent: tuple[Expression, ...] = tuple(
            Not(Binary("IN", PropertyOf(name, "id"), Parameter(WITHOUT)))
            for name in fresh
            if not set(bindings.of(name)) <= set(HIERARCHY)
        )
        absent += tuple(_off_the_way(link, bound, bindings) for link in match.links() if _is_walk(link, bindings))
        changed.append(_with_conditions(_without_below(match, bound, bindings), absent))
    return tuple(changed)


def types_matched(bound: BoundQuery) -> set[str]:
    """The types of all links that a query may match outside its subqueries, those along a walk among them."""
    found = {kind for types in bound.bindings.links.values() for kind in types}
    walked = [kinds.inside(kind) for kind in bound.bindings.values.values() if kinds.is_list(kind)]
    return found | {kind for each in walked if kinds.is_entity(each) for kind in kinds.owners_of(each)}


def labels_matched(bound: BoundQuery) -> set[str]:
    """The labels of all nodes that a query may match outside its subqueries, those along a walk among them."""
    found = {label for labels in bound.bindings.nodes.values() for label in labels}
    walks = [kind for kind in types_matched(bound) if not any(kind in types for types in bound.bindings.links.values())]
    return found | {label for kind in map(bound.schema.link, walks) for label in (*kind.sources, *kind.targets)}


def _is_walk(link: LinkPattern, bindings: Bindings) -> bool:
    """Whether a link stands for several, and for some that a removal may touch."""
    types = kinds.owners_of(kinds.inside(bindings.values.get(link.variable, "")))
    return link.hops is not None and not set(types) <= set(HIERARCHY)


def _off_the_way(link: LinkPattern, bound: BoundQuery, bindings: Bindings) -> Expression:
    """That nothing which is removed lies on a walk: neither its links nor the nodes between them."""
    each, gone = f"_each_{link.variable}", Parameter(WITHOUT)
    tests: list[Expression] = [Binary("IN", PropertyOf(each, "id"), gone)]
    types = map(bound.schema.link, kinds.owners_of(kinds.inside(bindings.values[link.variable])))
    if not {label for kind in types for label in (*kind.sources, *kind.targets)} <= set(HIERARCHY):
        ends = (Call(function, (Variable(each),)) for function in ("startnode", "endnode"))
        tests += [Binary("IN", FieldOf(end, "id"), gone) for end in ends]
    found = reduce(lambda one, other: Binary("OR", one, other), tests)
    return Quantifier("none", each, Variable(link.variable), found)


def _without_below(node: _N, bound: BoundQuery, bindings: Bindings) -> _N:
    """The same node with the subqueries below it changed."""

    def change(child: SyntaxNode) -> SyntaxNode:
        if not isinstance(child, Exists | CountMatches):
            return _without_below(child, bound, bindings)
        inner = bound.scopes[paths_of(child.matches)].bindings
        return replace(child, matches=_without(child.matches, bound, bindings, inner))

    return map_children(node, change)


def windowed(
    bound: BoundQuery, kind: OneOf["flow", "stock"], dated: PropertyOf, since: int | None, until: int | None
) -> BoundQuery:
    """The query in a window of years, both ends included, where `dated` is the year of what is counted.

    A flow counts what is dated inside; a stock what is dated up to the end, or not dated. Without a window the query
    stays as it is.
    """
    conditions: list[Expression] = []
    if kind == "flow" and since is not None:
        conditions.append(Binary(">=", dated, Literal(since)))
    if until is not None:
        up_to = Binary("<=", dated, Literal(until))
        conditions.append(up_to if kind == "flow" else Binary("OR", up_to, IsNull(dated)))
    return _where(bound, dated.variable, tuple(conditions)) if conditions else bound


def windowed_either_way(
    bound: BoundQuery,
    kind: OneOf["flow", "stock"],
    dated: PropertyOf,
    since: int | None,
    until: int | None,
    *,
    counted: bool,
) -> BoundQuery:
    """The query in a window, whatever the rule for matches without a year: with all of them, or without any."""
    bounds: list[Expression] = [Binary(">=", dated, Literal(since))] if kind == "flow" and since is not None else []
    if until is not None:
        bounds.append(Binary("<=", dated, Literal(until)))
    if counted:
        return _where(bound, dated.variable, tuple(Binary("OR", one, IsNull(dated)) for one in bounds))
    return _where(bound, dated.variable, (*bounds, Not(IsNull(dated))))


def undated(bound: BoundQuery, dated: PropertyOf) -> BoundQuery:
    """How many matches have no date, by the grouping columns: `undated`."""
    groups = tuple(item for item in bound.query.items if not aggregates(item.expression))
    only = _where(bound, dated.variable, (IsNull(dated),))
    return only.returning((*groups, Item(Call("count", ()), "undated")))


def counting_undated(bound: BoundQuery, dated: PropertyOf) -> BoundQuery:
    """The query with one more column: `undated`, how many of its own matches have no date."""
    blank = Case(None, ((IsNull(dated), Literal(1)),), None)
    return bound.returning((*bound.query.items, Item(Call("count", (blank,)), "undated")))


def unclassed(bound: BoundQuery) -> tuple[Case, ...]:
    """Every CASE without ELSE that an aggregate adds up: a match that none of its WHEN takes counts nothing there.

    Not one inside coalesce, which says what counts instead, or inside a subquery.
    """
    found: dict[Case, None] = {}
    pending: list[SyntaxNode] = list(bound.aggregates)
    while pending:
        node = pending.pop()
        if isinstance(node, Exists | CountMatches) or (isinstance(node, Call) and node.function == "coalesce"):
            continue
        if isinstance(node, Case) and node.otherwise is None:
            found[node] = None
        pending += children(node)
    return tuple(found)


def counting_unclassed(bound: BoundQuery, cases: Sequence[Case]) -> BoundQuery:
    """The query with one more column: `unclassed`, how many of its own matches one of these CASE leaves out."""
    conditions: list[Expression] = [IsNull(case) for case in cases]
    left_out = reduce(lambda one, other: Binary("OR", one, other), conditions)
    blank = Case(None, ((left_out, Literal(1)),), None)
    return bound.returning((*bound.query.items, Item(Call("count", (blank,)), "unclassed")))


def _where(bound: BoundQuery, variable: str, conditions: tuple[Expression, ...]) -> BoundQuery:
    """The query with conditions on the first match that binds the variable."""
    matches = list(bound.query.matches)
    at = next(i for i, match in enumerate(matches) if any(p.variable == variable for p in patterns(match)))
    matches[at] = _with_conditions(matches[at], conditions)
    return bound.matching(tuple(matches))


def _with_conditions(match: Match, conditions: tuple[Expression, ...]) -> Match:
    return replace(match, where=conjunction((*conjuncts(match.where), *conditions)))


def _entities(matches: tuple[Match, ...]) -> tuple[Item, ...]:
    """A column for each node, then for each link, in the order of the text."""

    def columns(kind: type[NodePattern] | type[LinkPattern], prefix: str) -> Iterator[Item]:
        found = (p for match in matches for p in patterns(match) if isinstance(p, kind))
        # a walk is a list of links
        names = [p.variable for p in found if isinstance(p, NodePattern) or p.hops is None]
        return (Item(Variable(name), f"{prefix}_{name.lstrip('_')}") for name in dict.fromkeys(names))

    return (*columns(NodePattern, "node"), *columns(LinkPattern, "link"))
