"""Whether a statement of `ecosystem query` fits the graph and the subset: every fault at once, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from ecosystem.errors import Finding, QueryError
from ecosystem.messages import tr
from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings
from ecosystem.query.bound_query import name_all
from ecosystem.query.check import Checker, check_location_chains, check_names
from ecosystem.query.printer import expression_text
from ecosystem.query.schema import Schema
from ecosystem.query.statement_tree import (
    AnyQuery,
    AnyStatement,
    Item,
    OptionalMatch,
    Order,
    Projection,
    Query,
    QueryPart,
    Union,
)
from ecosystem.query.subset import outside_subset
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import aggregates, chosen, map_children, patterns, property_of, subqueries, walk
from ecosystem.query.tree import (
    Call,
    Case,
    Expression,
    LinkPattern,
    ListOf,
    Literal,
    Match,
    NodePattern,
    Parameter,
    PropertyOf,
    Variable,
)
from ecosystem.query.types import Typer


@dataclass(frozen=True, slots=True)
class MatchGroup:
    """Matches that are joined at once, every pattern named: those between two OPTIONALs, or one OPTIONAL."""

    matches: tuple[Match, ...]
    optional: bool


def groups(part: QueryPart, visible: Bindings) -> Iterator[MatchGroup]:
    """The clauses of a part in groups, named beside what is visible before them."""
    names = {*visible.nodes, *visible.links, *visible.values}
    plain: list[Match] = []
    gathered: list[tuple[tuple[Match, ...], bool]] = []
    for clause in part.clauses:
        if isinstance(clause, Match):
            plain.append(clause)
            continue
        if not isinstance(clause, OptionalMatch):
            raise QueryError(tr("this is outside the subset of the embedded engine"))
        gathered += [(tuple(plain), False)] if plain else []
        gathered.append(((clause.match,), True))
        plain = []
    gathered += [(tuple(plain), False)] if plain else []
    for matches, optional in gathered:
        named = name_all(Query(matches, ()), visible=names).matches
        yield MatchGroup(named, optional)
        names |= {pattern.variable for match in matches for pattern in patterns(match)}


def after(group: MatchGroup, before: Bindings, bound: Bindings) -> Bindings:
    """The named entities after a group, and all values: an OPTIONAL narrows nothing that was there."""
    if group.optional:
        bound = Bindings({**bound.nodes, **before.nodes}, {**bound.links, **before.links}, before.values)
    return bound.among({name for name in (*bound.nodes, *bound.links, *bound.values) if not name.startswith("_")})


def handed_on(projection: Projection, bindings: Bindings, types: Mapping[str, str]) -> Bindings:
    """What is visible after a projection: entities that were passed on or chosen, and values.

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


def in_terms_of_items(expression: Expression, items: tuple[Item, ...]) -> Expression:
    """An ORDER BY expression with each alias replaced by what it stands for: an alias hides a variable.

    Where the whole of it is written as a column is, and is more than a name, it is that column, as in Neo4j. What comes
    out speaks of what the items speak of: it must not be replaced again.
    """
    if is_column(expression, items):
        return expression
    by_alias = {item.alias: item.expression for item in items}

    def change(node: SyntaxNode) -> SyntaxNode:
        if isinstance(node, Variable):
            return by_alias.get(node.name, node)
        if isinstance(node, PropertyOf) and node.variable in by_alias:
            return property_of(by_alias[node.variable], node.name)
        changed = map_children(node, change)
        if isinstance(changed, NodePattern | LinkPattern):
            given = by_alias.get(changed.variable)
            return replace(changed, variable=given.name) if isinstance(given, Variable) else changed
        return changed

    return change(expression)  # type: ignore[return-value]  # an expression stays one


def is_column(expression: Expression, items: tuple[Item, ...]) -> bool:
    """Whether an ORDER BY expression says what a column says, whatever the aliases hide."""
    return not isinstance(expression, Variable) and any(item.expression == expression for item in items)


def ids_of(expression: Expression, typer: Typer, *, final: bool) -> Expression:
    """What a projection gives for an item: the ids of the entities in a list, and in the end of each whole entity."""
    kind = typer.type_of(expression)
    if kinds.is_entity(kind):
        return property_of(expression, "id") if final else expression
    if not kinds.holds_entities(kind):
        return expression
    match expression:
        case ListOf():
            return replace(expression, items=tuple(ids_of(item, typer, final=True) for item in expression.items))
        case Call() | Case():
            return map_children(expression, lambda part: ids_of(cast("Expression", part), typer, final=final))
        case _:
            # a list that WITH handed on has the ids already
            return expression


def check_statement(
    statement: AnyStatement, schema: Schema, parameters: Mapping[str, str] | None = None, file: str | None = None
) -> tuple[Finding, ...]:
    """Every fault of a statement as it was written. `parameters` maps the given parameters to their types."""
    findings = [*check_names(statement, schema, file)]
    if findings:
        return tuple(findings)
    if outside := tuple(outside_subset(statement, schema, file, metric=False)):
        return outside
    checker = _StatementChecker(schema, parameters or {}, file)
    checker.statement(statement)
    return tuple(dict.fromkeys([*checker.findings, *check_location_chains(statement, file)]))


def refuse_bounds(query: AnyQuery, parameters: Mapping[str, object]) -> None:
    """Raise QueryError for a value of a parameter in SKIP or LIMIT that is less than 0, or no whole number."""
    for projection in (node for node in walk(query) if isinstance(node, Projection)):
        for bound in (projection.skip, projection.limit):
            if not isinstance(bound, Parameter):
                continue
            value = parameters.get(bound.name)
            if type(value) is not int or value < 0:
                message = tr(
                    "${name} is {value!r}, and SKIP and LIMIT take a whole number from 0", name=bound.name, value=value
                )
                raise QueryError(message, hint=tr("write --param {name}=10", name=bound.name))


def column_types(
    statement: AnyStatement, schema: Schema, parameters: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The type of each column that a checked statement returns, by name; of a union the first that is not null."""
    branches = statement.statements if isinstance(statement, Union) else (statement,)
    found = [_StatementChecker(schema, parameters or {}, None).statement(branch) for branch in branches]
    told = [{name: kind for name, kind in types.items() if kind not in ("null", "unknown")} for types in found]
    return {name: next((types[name] for types in told if name in types), kind) for name, kind in found[0].items()}


class _StatementChecker(Checker):
    """Walks the parts of a statement, each with what the one before has handed on."""

    def statement(self, statement: AnyStatement) -> dict[str, str]:
        """Check a statement; the types of its columns."""
        if isinstance(statement, Union):
            return self.union(statement)
        visible, types = Bindings(), dict[str, str]()
        for part in statement.parts:
            bindings = visible
            for group in groups(part, visible):
                bindings = after(group, bindings, self.scope(group.matches, bindings).bindings)
                if group.optional:
                    self.optional(group)
            projection = _named(part.projection, bindings)
            types = self.projection(projection, bindings, last=part is statement.parts[-1])
            visible = handed_on(projection, bindings, types)
            if projection.where is not None:
                self.condition(projection.where, self.typer(visible))
        return types

    def union(self, union: Union) -> dict[str, str]:
        """The branches of a union have the same columns, in the same order and of the same types."""
        columns = [self.statement(statement) for statement in union.statements]
        for statement, types in zip(union.statements[1:], columns[1:], strict=True):
            if list(types) != list(columns[0]):
                hint = tr("both return {columns}", columns=", ".join(columns[0]))
                self.refuse(
                    statement, "union_columns", tr("UNION of other columns: {types}", types=", ".join(types)), hint
                )
                continue
            for name, kind in types.items():
                before = columns[0][name]
                if kind != before and not {"unknown", "null"} & {kind, before}:
                    self.refuse(
                        statement,
                        "union_types",
                        tr("column {name} is {before} before and {kind} here", name=name, before=before, kind=kind),
                    )
        return columns[0]

    def optional(self, group: MatchGroup) -> None:
        for match in group.matches:
            for subquery in subqueries(match):
                message = tr("a subquery inside OPTIONAL MATCH is outside the subset")
                self.refuse(subquery, "outside_subset", message, "put it before, or behind WITH")

    def projection(self, projection: Projection, bindings: Bindings, *, last: bool) -> dict[str, str]:
        typer = self.typer(bindings)
        types = self.items(projection.items, typer)
        for item in projection.items:
            given = item.expression
            if not last and not isinstance(given, Variable) and item.alias == expression_text(given):
                self.refuse(
                    item,
                    "no_alias",
                    tr("WITH {expression} needs a name", expression=item.alias),
                    f"WITH {item.alias} AS name",
                )
        for order in projection.order:
            self.order(order, projection, types, typer)
        for bound in (projection.skip, projection.limit):
            fitting = isinstance(bound, Literal) and type(bound.value) is int and bound.value >= 0
            if bound is not None and not fitting and not isinstance(bound, Parameter):
                self.refuse(bound, "bound", tr("SKIP and LIMIT take a whole number from 0, or a parameter"))
            elif bound is not None:
                self.expression(bound, typer, ("integer",), "SKIP and LIMIT")
        return types

    def order(self, order: Order, projection: Projection, types: Mapping[str, str], typer: Typer) -> None:
        if not is_column(order.expression, projection.items) and self.misread(order, projection, types):
            return
        expression = in_terms_of_items(order.expression, projection.items)
        kind = self.expression(expression, typer, None, "ORDER BY")
        if kinds.is_entity(kind):
            self.refuse(order, "order", tr("a {kind} has no order of its own", kind=kind), tr("order by its id"))
        returned = {item.expression for item in projection.items}
        # a property follows from the node or link that is returned
        read = (part for part in walk(expression) if isinstance(part, PropertyOf))
        returned |= {part for part in read if Variable(part.variable) in returned}
        if expression in returned:
            return
        if projection.distinct:
            self.refuse(
                order, "order", tr("after DISTINCT only what is returned can be ordered by"), tr("return it too")
            )
        grouped = any(aggregates(item.expression) for item in projection.items)
        if grouped:
            self.aggregated(expression, {item for item in returned if not aggregates(item)})
        elif aggregates(expression):
            self.refuse(order, "order", tr("an aggregate orders only what is aggregated"), tr("return it, or use WITH"))

    def misread(self, order: Order, projection: Projection, types: Mapping[str, str]) -> bool:
        """Refuse what ORDER BY takes for a node or link where the alias of a value hides it."""
        chosen_here = {item.alias for item in projection.items if not isinstance(item.expression, Variable)}
        found = False
        for part in walk(order.expression):
            name = part.variable if isinstance(part, PropertyOf | NodePattern | LinkPattern) else ""
            kind = types.get(name, "node")
            if not kinds.is_entity(kind) and kind not in ("null", "unknown"):
                self.refuse(
                    part,
                    "value_as_entity",
                    tr("{name} is {kind} here: it hides what had the name before", name=name, kind=kind),
                )
            elif name in chosen_here and not isinstance(part, PropertyOf):
                self.refuse(
                    part, "value_as_entity", tr("{name} is chosen here, and matched only behind WITH", name=name)
                )
            else:
                continue
            found = True
        return found


def _named(projection: Projection, bindings: Bindings) -> Projection:
    """The projection with every pattern of its subqueries named; names as written stay."""
    where = (Item(projection.where, "where"),) if projection.where is not None else ()
    sorts = tuple(Item(order.expression, "") for order in projection.order)
    names = {*bindings.nodes, *bindings.links, *bindings.values}
    named = name_all(Query((), (*projection.items, *sorts, *where)), apart=False, visible=names).items
    count = len(projection.items)
    order = tuple(
        replace(old, expression=new.expression) for old, new in zip(projection.order, named[count:], strict=False)
    )
    condition = named[-1].expression if where else None
    return replace(projection, items=named[:count], order=order, where=condition)


def columns_of(query: AnyQuery) -> tuple[str, ...]:
    """The names of the columns that a query or statement returns."""
    first = query.statements[0] if isinstance(query, Union) else query
    items = first.items if isinstance(first, Query) else first.parts[-1].projection.items
    return tuple(item.alias for item in items)
