"""The clauses of a statement in groups that are carried out at once, and what is visible behind each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings
from ecosystem.query.bound_query import name_all
from ecosystem.query.statement_tree import (
    CallProcedure,
    CallSubquery,
    Clause,
    Item,
    OptionalMatch,
    Projection,
    Query,
    QueryPart,
    Statement,
    Union,
    Unwind,
)
from ecosystem.query.syntax import is_unnamed
from ecosystem.query.traversal import chosen, patterns
from ecosystem.query.tree import Expression, Literal, Match, StatementNode, Variable


@dataclass(frozen=True, slots=True)
class MatchGroup:
    """Matches that are joined at once, every pattern named: those between two other clauses, or one OPTIONAL."""

    matches: tuple[Match, ...]
    optional: bool


Group = MatchGroup | Unwind | CallSubquery | CallProcedure


def groups(part: QueryPart, visible: Bindings) -> Iterator[Group]:
    """The clauses of a part in groups, named beside what is visible before them."""
    names = {*visible.nodes, *visible.links, *visible.values}
    for gathered in _gathered(part.clauses):
        if isinstance(gathered, Unwind):
            source = _named(gathered.source, names)
            names.add(gathered.alias)
            yield replace(gathered, source=source)
        elif isinstance(gathered, MatchGroup):
            named = name_all(Query(gathered.matches, ()), visible=names).matches
            yield replace(gathered, matches=named)
            names |= {pattern.variable for match in gathered.matches for pattern in patterns(match)}
            names |= {path.variable for match in gathered.matches for path in match.paths}
        else:
            yield gathered
            names |= set(returned_names(gathered))


def _named(expression: Expression, names: set[str]) -> Expression:
    return name_all(Query((), (Item(expression, ""),)), visible=names).items[0].expression


def _gathered(clauses: tuple[Clause, ...]) -> Iterator[Group]:
    plain: list[Match] = []
    for clause in clauses:
        if isinstance(clause, Match):
            plain.append(clause)
            continue
        if plain:
            yield MatchGroup(tuple(plain), optional=False)
            plain = []
        yield MatchGroup((clause.match,), optional=True) if isinstance(clause, OptionalMatch) else clause
    if plain:
        yield MatchGroup(tuple(plain), optional=False)


def returned_names(clause: CallSubquery | CallProcedure) -> tuple[str, ...]:
    """The names that a CALL makes visible."""
    if isinstance(clause, CallProcedure):
        return tuple(item.alias for item in clause.columns)
    first: StatementNode = clause.statement
    while isinstance(first, Union):
        first = first.statements[0]
    return tuple(item.alias for item in first.parts[-1].projection.items) if isinstance(first, Statement) else ()


def after(group: MatchGroup, before: Bindings, bound: Bindings) -> Bindings:
    """The named entities after a group, and all values: an OPTIONAL narrows nothing that was there."""
    if group.optional:
        bound = Bindings({**bound.nodes, **before.nodes}, {**bound.links, **before.links}, bound.values)
    known = {*before.nodes, *before.links, *before.values}
    every = (*bound.nodes, *bound.links, *bound.values)
    return bound.among({name for name in every if not is_unnamed(name) or name in known})


def together_with(one: Bindings, other: Bindings) -> Bindings:
    """What is visible in either; where a name is in both, as in the second."""
    hidden = {*other.nodes, *other.links, *other.values}
    kept = one.among({*one.nodes, *one.links, *one.values} - hidden)
    return Bindings({**kept.nodes, **other.nodes}, {**kept.links, **other.links}, {**kept.values, **other.values})


def handed_on(projection: Projection, bindings: Bindings, types: Mapping[str, str]) -> Bindings:
    """What is visible after a projection: entities that were passed on, chosen or computed, and values.

    `types` are those of the items by alias.
    """
    nodes, links, values = dict[str, tuple[str, ...]](), dict[str, tuple[str, ...]](), dict[str, str]()
    for item in projection.items:
        kind = types[item.alias]
        if kinds.is_entity(kind):
            told = (each for entity in chosen(item.expression) for each in bindings.of(entity.name))
            owners = kinds.owners_of(kind) or tuple(dict.fromkeys(told))
            (nodes if kind.startswith("node") else links)[item.alias] = owners
        else:
            values[item.alias] = kind
    return Bindings(nodes, links, values)


def written_out(projection: Projection, visible: Bindings) -> Projection:
    """The projection with an item for each visible name in place of `*`, in their alphabetical order."""
    if not projection.everything:
        return projection
    names = sorted({*visible.nodes, *visible.links, *visible.values})
    every = tuple(Item(Variable(name), name, position=projection.position) for name in names if not is_unnamed(name))
    return replace(projection, items=(*every, *projection.items), everything=False)


def imported(clause: CallSubquery, visible: Bindings) -> Bindings:
    """What a CALL may read throughout of what is visible around it; without a list of names that is nothing."""
    if clause.imports is None:
        return Bindings()
    return visible if "*" in clause.imports else visible.among(clause.imports)


def begins_with_imports(statement: Statement) -> bool:
    """Whether the first part of a statement is a WITH of plain names, which imports them where it stands in a CALL."""
    part = statement.parts[0]
    given = part.projection
    plain = all(isinstance(item.expression, Variable) and item.expression.name == item.alias for item in given.items)
    cut = given.distinct or given.order or given.skip or given.limit or given.where is not None
    return len(statement.parts) > 1 and not part.clauses and plain and not cut


def of_matches(matches: tuple[Match, ...]) -> Statement:
    """The statement of a subquery that is nothing but matches."""
    return Statement((QueryPart(matches, Projection((Item(Literal(1), "row"),))),))
