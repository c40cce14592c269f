"""SQL out of a statement: a common table expression for each step, on the rows of the one before.

Such a table has a column for the key of each entity, one for each of its properties that is read further on, and one
for each value. So a look-up that may be null is made once, where it is bound, and never joined again. A step that asks
something of each row by itself (OPTIONAL MATCH, CALL, a statement in an expression) numbers the rows, carries the
number through the steps inside it, and joins what comes out back to the rows by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import name_all
from ecosystem.query.clauses import (
    Group,
    MatchGroup,
    after,
    begins_with_imports,
    groups,
    handed_on,
    imported,
    of_matches,
    together_with,
    written_out,
)
from ecosystem.query.collection_types import bound_to
from ecosystem.query.column_names import Aliases, needed_properties
from ecosystem.query.dialect import DUCKDB, Dialect
from ecosystem.query.expansion import expanded, goes_over_a_group, needs_steps, over_rows
from ecosystem.query.projection_sql import EACH, project
from ecosystem.query.schema import Schema
from ecosystem.query.statement_check import column_types, types_within
from ecosystem.query.statement_tree import (
    AnyStatement,
    CallSubquery,
    Item,
    Projection,
    Query,
    Statement,
    Union,
    Unwind,
)
from ecosystem.query.steps import Shared, Steps, names_of
from ecosystem.query.syntax import SyntaxNode, is_unnamed
from ecosystem.query.traversal import chosen, map_children, parameter_names, walk
from ecosystem.query.tree import (
    CountMatches,
    Exists,
    Expression,
    ListOf,
    Match,
    PatternComprehension,
    StatementNode,
    Subquery,
    Variable,
)


def statement_sql(
    statement: AnyStatement,
    schema: Schema,
    parameters: Mapping[str, str] | None = None,
    dialect: Dialect = DUCKDB,
    *,
    keys: bool = False,
) -> str:
    """One SELECT for a checked statement; a node or link that it returns comes as its id, or as its key.

    The columns are those of the statement, in its order; a parameter is called as `parameter_names` says.
    """
    types = column_types(statement, schema, parameters)
    aliases = Aliases(parameter_names(statement))
    shared = Shared(dialect, schema, parameters or {}, _needed_further_on(statement), aliases, keys=keys)
    final = Pipeline(shared).result(statement, types)
    return (f"{dialect.with_tables} {', '.join(shared.tables)}\n" if shared.tables else "") + final


def _needed_further_on(statement: AnyStatement) -> dict[str, set[str]]:
    """The properties that are read of each name, whichever name the entity has by then."""
    needed: dict[str, set[str]] = needed_properties(statement)
    for depth in range(10):
        # an element of a list that is returned comes as its id
        needed[f"{EACH}{depth}"] = {"id"}
    for node in walk(statement):
        # what may come as its id: what is returned, and what stands in a list
        shown: Iterable[Expression] = ()
        if isinstance(node, Statement):
            shown = [item.expression for item in node.parts[-1].projection.items]
        elif isinstance(node, ListOf):
            shown = node.items
        for expression in shown:
            for entity in chosen(expression):
                needed[entity.name].add("id")
    if any(isinstance(node, Projection) and node.everything for node in walk(statement)):
        needed = _with_ids(statement, needed)
    handed = [
        (entity.name, item.alias)
        for node in walk(statement)
        if isinstance(node, Projection)
        for item in node.items
        for entity in chosen(item.expression)
    ]
    # as many rounds as a name can change
    for _ in handed:
        for name, alias in handed:
            needed[name] |= needed.get(alias, set())
    return needed


def _with_ids(statement: AnyStatement, needed: dict[str, set[str]]) -> dict[str, set[str]]:
    """The same, and the id of every name that is written: `*` may return any of them."""
    for node in walk(statement):
        name = getattr(node, "variable", "")
        if isinstance(name, str) and name:
            needed[name].add("id")
        if isinstance(node, Item):
            needed[node.alias].add("id")
        if isinstance(node, Unwind):
            needed[node.alias].add("id")
    return needed


@dataclass(slots=True)
class Pipeline(Steps):
    """The steps of a statement, carried out one after the other."""

    def result(self, statement: StatementNode, types: Mapping[str, str]) -> str:
        """The last SELECT of a whole statement, each column of the type that its name has here."""
        if isinstance(statement, Union):
            found = [replace(self).result(branch, types) for branch in statement.statements]
            every = "\nUNION ALL\n".join(f"({sql})" for sql in found)
            if statement.everything:
                return every
            columns = [(self.shared.aliases.column("returned", name), kind == "float") for name, kind in types.items()]
            return self.distinct(every, columns) or "\nUNION\n".join(f"({sql})" for sql in found)
        return self.steps(statement, types)

    def steps(self, statement: StatementNode, types: Mapping[str, str] | None) -> str:
        """Every step of a statement; the last SELECT where its types are told, else a table that hands on."""
        statement = cast("Statement", statement)
        for part in statement.parts:
            for group in groups(part, self.visible):
                self.step(group)
            last = types if part is statement.parts[-1] else None
            if last is not None:
                return project(self, written_out(part.projection, self.visible), last)
            self.hand_on(written_out(part.projection, self.visible))
        return ""

    def step(self, group: Group) -> None:
        """The rows of a group of clauses."""
        match group:
            case MatchGroup(optional=True):
                self.optional(group)
            case MatchGroup():
                self.match(group.matches)
            case Unwind():
                self.unwind(group)
            case CallSubquery():
                self.call(group)

    def match(self, matches: tuple[Match, ...]) -> None:
        """Join matches to the last table; what no join can say is a step of its own."""
        if any(map(needs_steps, matches)):
            expanded(self, matches)
        else:
            self.join(matches)

    def optional(self, group: MatchGroup) -> None:
        """Each row beside its matches, and beside nulls where there is none."""
        inner = self.inside(self.visible)
        inner.match(group.matches)
        bound = bind(group.matches, self.shared.schema, self.visible)
        now = after(group, self.visible, bound)
        new = [name for name in names_of(now) if name not in names_of(self.visible)]
        self.join_back(inner, new, now, outer=True)

    def inside(self, visible: Bindings, constants: Bindings | None = None) -> Pipeline:
        """The steps inside one of these: they begin with the rows of the last table, each with its number."""
        mark = self.shared.aliases.fresh()
        source = f" FROM {self.last}" if self.last else ""
        every = "*, " if self.last else ""
        self.add_table(f"SELECT {every}{self.dialect.row_mark()} AS {mark}{source}")
        return Pipeline(
            self.shared, self.last, visible, constants or Bindings(), (*self.rows, mark), self.last, self.order
        )

    def join_back(self, inner: Pipeline, new: Iterable[str], now: Bindings, *, outer: bool) -> None:
        """Join what the steps inside have found of these names to the rows that they began with."""
        base, side = self.shared.aliases.fresh(), self.shared.aliases.fresh()
        mark = inner.rows[-1]
        columns = [*self.columns(self.scope(base), names_of(self.visible)), *self.carried(base)]
        self.visible = now
        columns += self.columns(self.scope(side), new, f"{side}.")
        join = "LEFT JOIN" if outer else "JOIN"
        joined = f"{inner.around} AS {base} {join} {inner.last} AS {side} ON {base}.{mark} = {side}.{mark}"
        self.add_table(f"SELECT {', '.join(columns) or '1'} FROM {joined}")

    def unwind(self, clause: Unwind) -> None:
        """A row for each element of a list."""
        source = self.hoist(clause.source)
        base = self.shared.aliases.fresh()
        scope = self.scope(base, Query((), (Item(source, ""),)))
        kind = scope.typer.detailed(source)
        element, place = self.shared.aliases.column("value", clause.alias), self.shared.aliases.fresh()
        columns = [*self.columns(self.scope(base), names_of(self.visible)), *self.carried(base)]
        within = kinds.inside(kind)
        if kinds.is_entity(within):
            element = self.shared.aliases.column("key", clause.alias)
        listed = scope.emitter().expression(source)
        listed = self.dialect.lists.nothing("list of integer") if kind == "null" else listed
        columns.append(self.dialect.lists.rows(listed, element, place))
        origin = f" FROM {self.last} AS {base}" if self.last else ""
        self.add_table(f"SELECT {', '.join(columns)}{origin}")
        self.order = (*self.order, place)
        self.visible = bound_to(self.visible, clause.alias, within)
        if kinds.is_entity(within):
            self.read_entities((clause.alias,))

    def call(self, clause: CallSubquery) -> None:
        """The rows of a statement beside each row."""
        constants = imported(clause, self.visible)
        inner = self.inside(constants, constants)
        types = inner.rows_of(clause.statement, self.visible if clause.imports is None else constants)
        now = self.visible
        for name, kind in types.items():
            now = bound_to(now, name, kind)
        self.join_back(inner, types, now, outer=clause.optional)

    def rows_of(self, statement: StatementNode, importable: Bindings) -> dict[str, str]:
        """Carry out a statement inside another; the types of the columns that the last table has then.

        `importable` is what a WITH that begins it may import.
        """
        if isinstance(statement, Statement):
            begins = begins_with_imports(statement)
            here = together_with(self.visible, importable) if begins else self.visible
            types = types_within(statement, self.shared.schema, self.shared.parameters, here, self.constants)
            self.visible = here
            self.steps(statement, None)
            return types
        statement = cast("Union", statement)
        inner = [replace(self) for _ in statement.statements]
        found = [each.rows_of(branch, importable) for each, branch in zip(inner, statement.statements, strict=True)]
        self.unite(inner, found, distinct=not statement.everything)
        return {name: kinds.common(types[name] for types in found) or "unknown" for name in found[0]}

    def unite(self, branches: list[Pipeline], found: list[dict[str, str]], *, distinct: bool) -> None:
        """The rows of several branches as one table."""
        types = {name: kinds.common(each[name] for each in found) or "unknown" for name in found[0]}
        column = self.shared.aliases.column
        columns = [column("key" if kinds.is_entity(kind) else "value", name) for name, kind in types.items()]
        selects = [f"SELECT {', '.join((*self.rows, *columns))} FROM {branch.last}" for branch in branches]
        every = " UNION ALL ".join(selects)
        if distinct:
            told = [(name, kind == "float") for name, kind in zip(columns, types.values(), strict=True)]
            every = self.distinct(every, [*((row, False) for row in self.rows), *told]) or " UNION ".join(selects)
        self.order = ()
        self.add_table(every)
        self.visible = Bindings()
        for name, kind in types.items():
            self.visible = bound_to(self.visible, name, kind)
        self.read_entities([name for name, kind in types.items() if kinds.is_entity(kind)])

    def hand_on(self, projection: Projection) -> None:
        """WITH: a table of its own, filtered by its WHERE."""
        typer = self.typer()
        types = {item.alias: typer.detailed(item.expression) for item in projection.items}
        now = handed_on(projection, self.visible, types)
        constants = [name for name in names_of(self.constants) if name not in types]
        kept = tuple(Item(Variable(name), name) for name in constants)
        wider = replace(projection, items=(*projection.items, *kept))
        self.add_table(project(self, wider, None, constants))
        self.visible = together_with(self.constants, now)
        if projection.where is not None:
            self.filter(projection.where)

    def hoist(self, expression: Expression, memo: dict[Expression, Expression] | None = None) -> Expression:
        """The expression with a name for each subquery that is a step of its own; the last table has its value."""
        known = {} if memo is None else memo

        def change(node: SyntaxNode) -> SyntaxNode:
            if goes_over_a_group(node) and not any(isinstance(part, Subquery) for part in walk(node)):
                # its body speaks of what is not there before the rows are grouped
                return node
            if isinstance(node, Subquery | Exists | CountMatches | PatternComprehension) and needs_steps(node):
                if node not in known:
                    known[node] = self.answered(node)
                return known[node]
            return map_children(over_rows(node, EACH), change)

        return cast("Expression", change(expression))

    def answered(self, subquery: Subquery | Exists | CountMatches | PatternComprehension) -> Expression:
        """The name of the column that holds what a subquery is for each row."""
        name = self.shared.aliases.fresh()
        kind = self.typer().type_of(subquery)
        seen = self.visible.among([each for each in names_of(self.visible) if not is_unnamed(each)])
        inner = self.inside(seen, seen)
        value = ""
        if isinstance(subquery, PatternComprehension):
            inner.match(name_all(Query(subquery.matches, ()), visible=names_of(inner.visible)).matches)
            inner.hand_on(Projection((Item(subquery.result, name),)))
            value = _column_of(inner, name, kinds.inside(kind))
        elif isinstance(subquery, Subquery):
            types = inner.rows_of(subquery.statement, inner.visible)
            value = _column_of(inner, *next(iter(types.items())))
        else:
            inner.steps(of_matches(subquery.matches), None)
        mark, side, base = inner.rows[-1], self.shared.aliases.fresh(), self.shared.aliases.fresh()
        column = self.shared.aliases.column("value", name)
        answer, otherwise = "count(*)", "0"
        if isinstance(subquery, PatternComprehension) or (
            isinstance(subquery, Subquery) and subquery.kind == "COLLECT"
        ):
            answer = self.dialect.lists.collected(value, inner.order or (value,))
            otherwise = self.dialect.lists.nothing(kind)
        found = f"SELECT {mark}, {answer} AS {column} FROM {inner.last} GROUP BY {mark}"
        text = f"coalesce({side}.{column}, {otherwise})"
        text = f"({text} > 0)" if kind == "boolean" else text
        columns = [*self.columns(self.scope(base), names_of(self.visible)), *self.carried(base), f"{text} AS {column}"]
        joined = f"{inner.around} AS {base} LEFT JOIN ({found}) AS {side} ON {base}.{mark} = {side}.{mark}"
        self.add_table(f"SELECT {', '.join(columns)} FROM {joined}")
        self.visible = bound_to(self.visible, name, kind)
        return Variable(name)


def _column_of(pipeline: Pipeline, name: str, kind: str) -> str:
    return pipeline.shared.aliases.column("key" if kinds.is_entity(kind) else "value", name)
