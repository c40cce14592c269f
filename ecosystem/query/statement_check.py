"""Whether a statement of `ecosystem query` fits the graph and the subset: every fault at once, with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from ecosystem.errors import Finding, QueryError, did_you_mean
from ecosystem.messages import tr
from ecosystem.query import kinds
from ecosystem.query.arithmetic_types import refuse_mixed
from ecosystem.query.bindings import Bindings
from ecosystem.query.bound_query import name_all
from ecosystem.query.check import Checker
from ecosystem.query.clauses import (
    Group,
    MatchGroup,
    after,
    begins_with_imports,
    groups,
    handed_on,
    imported,
    together_with,
    written_out,
)
from ecosystem.query.collection_types import bound_to
from ecosystem.query.printer import expression_text
from ecosystem.query.schema import Schema
from ecosystem.query.statement_tree import (
    AnyQuery,
    AnyStatement,
    CallProcedure,
    CallSubquery,
    Item,
    Order,
    Projection,
    Query,
    Statement,
    Union,
    Unwind,
)
from ecosystem.query.subset import outside_subset
from ecosystem.query.syntax import SyntaxNode
from ecosystem.query.traversal import aggregates, map_children, property_of, walk
from ecosystem.query.tree import (
    CountMatches,
    Exists,
    Expression,
    LinkPattern,
    ListOf,
    Literal,
    NodePattern,
    Parameter,
    PropertyOf,
    StatementNode,
    Variable,
)
from ecosystem.query.types import Typer
from ecosystem.query.written_check import check_location_chains, check_names


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


def check_statement(
    statement: AnyStatement, schema: Schema, parameters: Mapping[str, str] | None = None, file: str | None = None
) -> tuple[Finding, ...]:
    """Every fault of a statement as it was written. `parameters` maps the given parameters to their types."""
    findings = [*check_names(statement, schema, file, metric=False)]
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
    return types_within(statement, schema, parameters or {}, Bindings(), Bindings())


def types_within(
    statement: StatementNode,
    schema: Schema,
    parameters: Mapping[str, str],
    visible: Bindings,
    constants: Bindings,
) -> dict[str, str]:
    """The types of the columns of a checked statement that stands in another one."""
    return _StatementChecker(schema, parameters, None).statement(statement, visible, constants)


def merged(found: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The types of the columns of a union: of each the one that all branches share, but for those that are null."""
    told = [[types.get(name, "null") for types in found] for name in found[0]]
    return {name: kinds.common(each) or "unknown" for name, each in zip(found[0], told, strict=True)}


class _StatementChecker(Checker):
    """Walks the parts of a statement, each with what the one before has handed on."""

    metric = False

    def statement(
        self, statement: StatementNode, visible: Bindings | None = None, constants: Bindings | None = None
    ) -> dict[str, str]:
        """Check a statement; the types of its columns.

        `visible` is what it begins with, `constants` what stays visible in each of its parts.
        """
        constants = constants or Bindings()
        visible = together_with(constants, visible or Bindings())
        if isinstance(statement, Union):
            return self.union(statement, visible, constants)
        statement = cast("Statement", statement)
        types = dict[str, str]()
        for part in statement.parts:
            bindings = visible
            for group in groups(part, visible):
                bindings = self.group(group, bindings)
            projection = _named(written_out(part.projection, bindings), bindings)
            types = self.projection(projection, bindings, last=part is statement.parts[-1])
            visible = together_with(constants, handed_on(projection, bindings, types))
            if projection.where is not None:
                self.condition(projection.where, self.typer(visible))
        return types

    def group(self, group: Group, bindings: Bindings) -> Bindings:
        """Check a group of clauses; what is visible behind it."""
        match group:
            case MatchGroup():
                return after(group, bindings, self.scope(group.matches, bindings).bindings)
            case Unwind():
                return self.unwind(group, bindings)
            case CallSubquery():
                return self.call(group, bindings)
            case CallProcedure():
                message = tr("a query only reads the graph: procedures are refused")
                self.refuse(group, "outside_subset", message)
                return together_with(bindings, Bindings(values={item.alias: "unknown" for item in group.columns}))

    def unwind(self, clause: Unwind, bindings: Bindings) -> Bindings:
        if clause.alias in (*bindings.nodes, *bindings.links, *bindings.values):
            self.refuse(clause, "name_taken", tr("{name} is bound already", name=clause.alias))
        typer = self.typer(bindings)
        kind = self.expression(clause.source, typer, None, "UNWIND")
        if isinstance(clause.source, ListOf):
            refuse_mixed(typer, clause.source, "UNWIND")
        if not kinds.is_list(kind) and kind not in ("null", "unknown"):
            message = tr("UNWIND takes a list, not {kind}", kind=kinds.word_for(kind))
            self.refuse(clause.source, "type", message)
        return bound_to(bindings, clause.alias, kinds.inside(kind))

    def call(self, clause: CallSubquery, bindings: Bindings) -> Bindings:
        """Check a subquery that stands as a clause; what is visible behind it."""
        known = {*bindings.nodes, *bindings.links, *bindings.values}
        for name in clause.imports or ():
            if name != "*" and name not in known:
                hint = did_you_mean(name, known)
                self.refuse(clause, "unknown_variable", tr("variable {name} is not bound here", name=name), hint)
        types = self.branches(clause.statement, bindings, clause)
        for name, kind in types.items():
            if name in known:
                message = tr("{name} is bound already", name=name)
                self.refuse(clause, "name_taken", message, tr("give it another name"))
            bindings = bound_to(bindings, name, kind)
        return bindings

    def branches(self, statement: StatementNode, bindings: Bindings, clause: CallSubquery) -> dict[str, str]:
        """The types of the columns of what a CALL calls, each branch with what it imports."""
        constants = imported(clause, bindings)
        if isinstance(statement, Union):
            found = [self.branches(branch, bindings, clause) for branch in statement.statements]
            return self.alike(statement, found)
        begins = clause.imports is None and begins_with_imports(cast("Statement", statement))
        return self.statement(statement, bindings if begins else None, constants)

    def columns(self, statement: StatementNode, bindings: Bindings) -> Mapping[str, str]:
        """The types of the columns of a statement in an expression, which sees all that is around it."""
        return self.statement(statement, None, bindings)

    def typer(self, bindings: Bindings) -> Typer:
        """As of any checker, for a person's question."""
        return replace(super().typer(bindings), metric=False, columns=self.columns)

    def union(self, union: Union, visible: Bindings, constants: Bindings) -> dict[str, str]:
        """The branches of a union have the same columns, in the same order and of the same types."""
        return self.alike(union, [self.statement(branch, visible, constants) for branch in union.statements])

    def alike(self, union: Union, columns: Sequence[dict[str, str]]) -> dict[str, str]:
        """Refuse the branches whose columns are not those of the first; the types that all share."""
        for statement, types in zip(union.statements[1:], columns[1:], strict=True):
            if list(types) != list(columns[0]):
                hint = tr("both return {columns}", columns=", ".join(columns[0]))
                self.refuse(
                    statement, "union_columns", tr("UNION of other columns: {types}", types=", ".join(types)), hint
                )
                continue
            for name, kind in types.items():
                before = columns[0][name]
                words = {kinds.word_for(kind), kinds.word_for(before)}
                if len(words - {"unknown", "null"}) > 1 or kinds.common((kind, before)) is None:
                    message = tr(
                        "column {name} is {before} before and {kind} here",
                        name=name,
                        before=kinds.word_for(before),
                        kind=kinds.word_for(kind),
                    )
                    self.refuse(statement, "union_types", message)
        return merged(columns)

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
            if bound is None:
                continue
            constant = not any(isinstance(part, Variable | PropertyOf | Exists | CountMatches) for part in walk(bound))
            negative = isinstance(bound, Literal) and not (type(bound.value) is int and bound.value >= 0)
            if negative or not constant or aggregates(bound):
                self.refuse(bound, "bound", tr("SKIP and LIMIT take a whole number from 0, or a parameter"))
            else:
                self.expression(bound, typer, ("integer",), "SKIP and LIMIT")
        return types

    def order(self, order: Order, projection: Projection, types: Mapping[str, str], typer: Typer) -> None:
        if not is_column(order.expression, projection.items) and self.misread(order, projection, types):
            return
        expression = in_terms_of_items(order.expression, projection.items)
        kind = self.expression(expression, typer, None, "ORDER BY")
        if kinds.is_entity(kind):
            self.refuse(order, "order", tr("a {kind} has no order of its own", kind=kind), tr("order by its id"))
        if kind == "duration":
            hint = tr("a month has no fixed length; order by d.months, d.days or d.seconds")
            self.refuse(order, "order", tr("a {kind} has no order of its own", kind=kind), hint)
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
        told = {call for item in projection.items for call in aggregates(item.expression)}
        if set(aggregates(expression)) - told:
            self.refuse(order, "order", tr("an aggregate orders only what is aggregated"), tr("return it, or use WITH"))
        elif grouped:
            self.aggregated(expression, {item for item in returned if not aggregates(item)})

    def misread(self, order: Order, projection: Projection, types: Mapping[str, str]) -> bool:
        """Refuse what ORDER BY takes for a node or link where the alias of a value hides it."""
        chosen_here = {item.alias for item in projection.items if not isinstance(item.expression, Variable)}
        found = False
        for part in walk(order.expression):
            name = part.variable if isinstance(part, PropertyOf | NodePattern | LinkPattern) else ""
            kind = types.get(name, "node")
            parted = isinstance(part, PropertyOf) and (kinds.is_map(kind) or kind in ("date", "datetime", "duration"))
            if not kinds.is_entity(kind) and not parted and kind not in ("null", "unknown"):
                self.refuse(
                    part,
                    "value_as_entity",
                    tr(
                        "{name} is {kind} here: it hides what had the name before", name=name, kind=kinds.word_for(kind)
                    ),
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
