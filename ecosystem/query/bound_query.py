"""A query bound to a graph, once: every node and link named, and what each may be, wherever it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, TypeVar, cast

from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.schema import Schema
from ecosystem.query.statement_tree import AnyQuery, Item, Query
from ecosystem.query.syntax import SyntaxNode, is_unnamed
from ecosystem.query.traversal import aggregates, map_children, patterns, subqueries, walk
from ecosystem.query.tree import (
    Call,
    Comprehension,
    CountMatches,
    Exists,
    Expression,
    LinkPattern,
    Match,
    NodePattern,
    PathPattern,
    PatternComprehension,
    PropertyOf,
    Quantifier,
    Reduce,
    Subquery,
    Variable,
)
from ecosystem.query.types import Typer

_N = TypeVar("_N", bound=SyntaxNode)
Paths = tuple[tuple[PathPattern, ...], ...]
"""The patterns of a subquery, by which its scope is found: conditions may be added, patterns never change."""
Scopes = Mapping[Paths, Typer]
"""The bindings and types inside each subquery."""


@dataclass(frozen=True, slots=True, eq=False)
class BoundQuery:
    """A query whose every pattern has a name, no name twice, and what each name may be in every scope.

    `query` is the tree, `parameters` the types of the parameters by name, `typer` the bindings and types of the
    outermost scope, `scopes` those inside each subquery. `written` gives the name in the text of each name that had to
    be changed. What is derived of it, such as the evidence, has the same scopes.
    """

    query: Query
    parameters: Mapping[str, str]
    typer: Typer = field(repr=False)
    scopes: Scopes = field(repr=False)
    written: Mapping[str, str] = field(repr=False)

    @property
    def schema(self) -> Schema:
        """The graph that it is bound to."""
        return self.typer.schema

    @property
    def bindings(self) -> Bindings:
        """What each variable outside the subqueries may be."""
        return self.typer.bindings

    @property
    def value(self) -> Expression:
        """The last column: of a metric, its value."""
        return self.query.items[-1].expression

    @property
    def aggregates(self) -> tuple[Call, ...]:
        """The distinct aggregates of the RETURN: the i-th has its argument in the evidence's column `arg<i>`."""
        return tuple(dict.fromkeys(call for item in self.query.items for call in aggregates(item.expression)))

    @property
    def entity_kinds(self) -> dict[str, tuple[str, ...]]:
        """The labels or link types that each column may hold, of the columns that are a whole node or link."""
        items = ((item.alias, item.expression) for item in self.query.items)
        return {alias: self.bindings.of(given.name) for alias, given in items if isinstance(given, Variable)}

    def declaring(self, parameters: Mapping[str, str]) -> BoundQuery:
        """The same query with further parameters."""
        known = {**self.parameters, **parameters}
        scopes = {paths: replace(typer, parameters=known) for paths, typer in self.scopes.items()}
        return replace(self, parameters=known, typer=replace(self.typer, parameters=known), scopes=scopes)

    def returning(self, items: tuple[Item, ...]) -> BoundQuery:
        """The same matches with other columns."""
        return replace(self, query=replace(self.query, items=items))

    def matching(self, matches: tuple[Match, ...]) -> BoundQuery:
        """The same columns of the same patterns under other conditions."""
        return replace(self, query=replace(self.query, matches=matches))

    def type_of(self, expression: Expression) -> str:
        """The type of an expression outside the subqueries."""
        return self.typer.known(expression)


AskedQuery = AnyQuery | BoundQuery
"""What a store is asked: bound already, or a tree that the store binds."""


def bind_query(query: Query, schema: Schema, parameters: Mapping[str, str] | None = None) -> BoundQuery:
    """The query bound to a graph. `parameters` maps each parameter to its type.

    Every label and type must be known; whether the query makes sense is for `check` to say.
    """
    namer = _Namer(query, apart=True, visible=())
    named = namer.query(query)
    typer = Typer(schema, bind(named.matches, schema), parameters or {}, written=namer.changed)
    return BoundQuery(named, parameters or {}, typer, bind_subqueries([named], typer), namer.changed)


def bind_subqueries(nodes: Iterable[SyntaxNode], outer: Typer) -> dict[Paths, Typer]:
    """The scope inside each subquery of some nodes, and inside those within it."""
    found: dict[Paths, Typer] = {}
    for subquery in (subquery for node in nodes for subquery in subqueries(node)):
        inner = outer.within(bind(subquery.matches, outer.schema, outer.bindings))
        found[paths_of(subquery.matches)] = inner
        found |= bind_subqueries(subquery.matches, inner)
    return found


def paths_of(matches: tuple[Match, ...]) -> Paths:
    """What tells a subquery from every other one of a named query."""
    return tuple(match.paths for match in matches)


def bound_on(query: Query | BoundQuery, schema: Schema, parameters: Mapping[str, str]) -> BoundQuery:
    """The query bound to this graph: as it is where it has been, else anew, with these types of its parameters."""
    if isinstance(query, Query):
        return bind_query(query, schema, parameters)
    # what was bound before another load
    return query if query.schema is schema else bind_query(query.query, schema, query.parameters)


def as_written(node: _N, written: Mapping[str, str]) -> _N:
    """A part of a named query with the names of the text."""
    return renamed(node, written) if written else node


def renamed(node: _N, names: Mapping[str, str]) -> _N:
    """A part of a query with other names for some variables."""
    changed = map_children(node, lambda child: renamed(child, names))
    if isinstance(changed, Variable):
        return replace(changed, name=names.get(changed.name, changed.name))
    if isinstance(changed, PropertyOf | NodePattern | LinkPattern | PathPattern | Comprehension | Quantifier):
        return replace(changed, variable=names.get(changed.variable, changed.variable))
    if isinstance(changed, Reduce):
        called = {name: names.get(getattr(changed, name), getattr(changed, name)) for name in ("variable", "total")}
        return replace(changed, **called)
    return changed


def without_given_names(query: Query) -> Query:
    """The query without the names that were given to patterns and that nothing else mentions: as it was written."""
    used = {node.name for node in walk(query) if isinstance(node, Variable)}
    used |= {node.variable for node in walk(query) if isinstance(node, PropertyOf)}

    def change(node: SyntaxNode) -> SyntaxNode:
        changed = map_children(node, change)
        if isinstance(changed, NodePattern | LinkPattern) and is_unnamed(changed.variable):
            return changed if changed.variable in used else replace(changed, variable="")
        return changed

    return map_children(query, change)


def name_all(query: Query, *, apart: bool = True, visible: Collection[str] = ()) -> Query:
    """The query with a variable on every pattern; a subquery's own variables become unique over the whole query.

    Given names begin with an underscore, which the checker refuses in a user's text. Without `apart` the names that
    are written stay: two subqueries may then mean two things by one name. `visible` are names from before.
    """
    return _Namer(query, apart, visible).query(query)


class _Namer:
    """One pass over a query: what is visible is passed down, what is taken only grows."""

    def __init__(self, query: Query, apart: bool, visible: Collection[str]) -> None:
        self.apart = apart
        self.visible = visible
        written = {
            node.name if isinstance(node, Variable) else node.variable
            for node in walk(query)
            if isinstance(node, NodePattern | LinkPattern | PropertyOf | Variable)
        }
        taken = written | set(visible)
        self.fresh = (f"_{number}" for number in count(1) if not taken & {f"_{number}", str(number)})
        # the outermost names stay as they are written
        self.used = {pattern.variable for match in query.matches for pattern in patterns(match)} | set(visible)
        self.written = written
        self.changed: dict[str, str] = {}

    def query(self, query: Query) -> Query:
        names = {name: name for name in self.visible}
        matches = tuple(self.match(match, names, own=True) for match in query.matches)
        items = tuple(replace(item, expression=self.expression(item.expression, names)) for item in query.items)
        return replace(query, matches=matches, items=items)

    def match(self, match: Match, names: dict[str, str], *, own: bool) -> Match:
        """The match with its names; `names` (as written -> as named) gains those that it binds."""
        for name in (*(pattern.variable for pattern in patterns(match)), *(path.variable for path in match.paths)):
            if name and name not in names:
                names[name] = self.unique(name) if self.apart and not own else name
        paths = tuple(self.path(path, names) for path in match.paths)
        where = None if match.where is None else self.expression(match.where, names)
        return replace(match, paths=paths, where=where)

    def unique(self, name: str) -> str:
        """A name that no sibling uses: two subqueries may both say `b` and mean two things."""
        others = (f"{name}_{number}" for number in count(2))
        candidate = (
            name if name not in self.used else next(new for new in others if new not in self.written | self.used)
        )
        self.used.add(candidate)
        if candidate != name:
            self.changed[candidate] = name
        return candidate

    def path(self, path: PathPattern, names: dict[str, str]) -> PathPattern:
        nodes = tuple(replace(node, **self.parts(node, names)) for node in path.nodes)
        links = tuple(replace(link, **self.parts(link, names)) for link in path.links)
        return replace(path, nodes=nodes, links=links, variable=names.get(path.variable, path.variable))

    def parts(self, pattern: NodePattern | LinkPattern, names: dict[str, str]) -> dict[str, Any]:
        properties = tuple((name, self.expression(value, names)) for name, value in pattern.properties)
        return {"variable": names[pattern.variable] if pattern.variable else next(self.fresh), "properties": properties}

    def expression(self, node: Expression, names: dict[str, str]) -> Expression:
        match node:
            case Variable():
                return replace(node, name=names.get(node.name, node.name))
            case PropertyOf():
                return replace(node, variable=names.get(node.variable, node.variable))
            case Exists() | CountMatches():
                inner = dict(names)
                matches = tuple(self.match(match, inner, own=False) for match in node.matches)
                # a pattern alone names nothing new, and this one has names now
                return (
                    Exists(matches, position=node.position)
                    if isinstance(node, Exists)
                    else replace(node, matches=matches)
                )
            case PatternComprehension():
                inner = dict(names)
                match = self.match(node.match, inner, own=False)
                return replace(node, match=match, result=self.expression(node.result, inner))
            case Comprehension() | Quantifier() | Reduce():
                return self.loop(node, names)
            case Subquery():
                changed = {old: new for old, new in names.items() if old != new}
                return renamed(node, changed) if changed else node
            case _:
                return map_children(node, lambda child: self.expression(cast("Expression", child), names))

    def loop(self, node: Comprehension | Quantifier | Reduce, names: dict[str, str]) -> Expression:
        """A loop over a list: its variable is seen in its body alone, where it hides what had the name before."""
        inner = dict(names)
        inner[node.variable] = self.unique(node.variable) if self.apart else node.variable
        if isinstance(node, Reduce):
            inner[node.total] = self.unique(node.total) if self.apart else node.total
        parts: dict[str, Any] = {name: getattr(node, name) for name in node.__slots__}
        for name, part in parts.items():
            if isinstance(part, SyntaxNode):
                seen = names if name in ("source", "start") else inner
                parts[name] = self.expression(cast("Expression", part), seen)
            elif name in ("variable", "total"):
                parts[name] = inner[part]
        return replace(node, **parts)
