"""SQL out of a statement: a common table expression per group of matches and per WITH, each on the rows of the last.

Such a table has `k:<name>` for the key of an entity, `p:<name>.<property>` for each property that is read further on,
and `v:<name>` for a value. So a look-up that may be null is made once, where it is bound, and never joined again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import bind_subqueries, name_all
from ecosystem.query.dialect import DUCKDB, Dialect
from ecosystem.query.schema import Schema
from ecosystem.query.sql import Aliases, Scope, carried_property, needed_properties
from ecosystem.query.statement_check import (
    MatchGroup,
    after,
    column_types,
    groups,
    handed_on,
    in_terms_of_items,
    returning_ids,
)
from ecosystem.query.traversal import aggregates, walk
from ecosystem.query.tree import AnyStatement, Expression, Item, Projection, Query, Statement, Union, Variable
from ecosystem.query.types import Typer


def statement_sql(
    statement: AnyStatement,
    schema: Schema,
    parameters: Mapping[str, str] | None = None,
    dialect: Dialect = DUCKDB,
) -> str:
    """One SELECT for a checked statement; a whole node or link that it returns comes as its id."""
    given = returning_ids(statement, schema)
    if isinstance(given, Union):
        joiner = "\nUNION ALL\n" if given.everything else "\nUNION\n"
        types = column_types(given, schema, parameters)
        return joiner.join(f"({_branch(part, types, schema, parameters, dialect)})" for part in given.statements)
    return _Pipeline(dialect, schema, parameters or {}, _needed_further_on(given)).statement(given)


def _branch(
    statement: Statement,
    types: Mapping[str, str],
    schema: Schema,
    parameters: Mapping[str, str] | None,
    dialect: Dialect,
) -> str:
    """A branch of a union; a column that is null throughout gets the type that it has in another branch."""
    sql = statement_sql(statement, schema, parameters, dialect)
    own = column_types(statement, schema, parameters)
    if not any(kind == "null" and types[name] in dialect.types for name, kind in own.items()):
        return sql
    columns = (
        f"CAST({dialect.quote(name)} AS {dialect.types[types[name]]}) AS {dialect.quote(name)}"
        if kind == "null" and types[name] in dialect.types
        else dialect.quote(name)
        for name, kind in own.items()
    )
    return f"SELECT {', '.join(columns)} FROM ({sql})"


def _needed_further_on(statement: Statement) -> dict[str, set[str]]:
    """The properties that are read of each name, whichever name the entity has by then."""
    needed: dict[str, set[str]] = needed_properties(statement)
    renamed = [
        (item.expression.name, item.alias)
        for node in walk(statement)
        if isinstance(node, Projection)
        for item in node.items
        if isinstance(item.expression, Variable)
    ]
    # as many rounds as a name can change
    for _ in renamed:
        for name, alias in renamed:
            needed[name] |= needed.get(alias, set())
    return needed


@dataclass(slots=True)
class _Pipeline:
    """The tables so far, the last of them, and what it holds."""

    dialect: Dialect
    schema: Schema
    parameters: Mapping[str, str]
    needed: Mapping[str, set[str]]
    aliases: Aliases = field(default_factory=Aliases)
    tables: list[str] = field(default_factory=list)
    last: str = ""
    visible: Bindings = field(default_factory=Bindings)

    def statement(self, statement: Statement) -> str:
        final = ""
        for part in statement.parts:
            for group in groups(part, self.visible):
                self.match(group)
            if part is statement.parts[-1]:
                final = self.projection(part.projection, final=True)
            else:
                self.hand_on(part.projection)
        return (f"WITH {', '.join(self.tables)}\n" if self.tables else "") + final

    def add_table(self, sql: str) -> None:
        self.last = self.aliases.fresh()
        self.tables.append(f"{self.last} AS ({sql})")

    def scope(self, base: str, *named: Query, joined: Typer | None = None) -> Scope:
        """A scope that begins with the names of the last table, which the statement calls `base`.

        `named` is what it speaks of; `joined` knows what is bound where the subqueries of that stand.
        """
        needed: dict[str, set[str]] = defaultdict(set, {name: set(wanted) for name, wanted in self.needed.items()})
        for query in named:
            for name, wanted in needed_properties(query).items():
                needed[name] |= wanted
        keys = {
            name: f"{base}.{self.dialect.quote(f'k:{name}')}" for name in (*self.visible.nodes, *self.visible.links)
        }
        keys |= {name: f"{base}.{self.dialect.quote(f'v:{name}')}" for name in self.visible.values}
        carried = dict.fromkeys((*self.visible.nodes, *self.visible.links), base)
        typer = Typer(self.schema, self.visible, self.parameters)
        return Scope(
            self.dialect,
            bind_subqueries(named, joined or typer),
            needed,
            self.aliases,
            typer,
            self.visible,
            keys,
            {},
            carried,
        )

    def columns(self, scope: Scope, names: Iterable[str], prefix: str = "") -> list[str]:
        """What the next table holds of these names, read from a scope, or from a table that holds it already."""
        found = []
        for name in names:
            kind = "v" if name in scope.bindings.values else "k"
            column = self.dialect.quote(f"{kind}:{name}")
            found.append(f"{prefix}{column}" if prefix else f"{scope.keys[name]} AS {column}")
            if kind == "k":
                for wanted in sorted(scope.needed.get(name, ())):
                    if scope.property_type(name, wanted):
                        column = self.dialect.quote(carried_property(name, wanted))
                        found.append(f"{prefix}{column}" if prefix else f"{scope.property(name, wanted)} AS {column}")
        return found

    def match(self, group: MatchGroup) -> None:
        """Join a group to the last table; an optional one row by row, with nulls where nothing matches."""
        base = self.aliases.fresh()
        bindings = bind(group.matches, self.schema, self.visible)
        typer = Typer(self.schema, bindings, self.parameters)
        scope = self.scope(base, Query(group.matches, ()), joined=typer)
        old = [*self.visible.nodes, *self.visible.links, *self.visible.values]
        now = after(group, self.visible, bindings)
        new = [name for name in (*now.nodes, *now.links) if name not in old]
        source = f"{self.last} AS {base}" if self.last else f"(SELECT 1) AS {base}"
        if not group.optional:
            scope.sources += [source] if self.last else []
            scope.add(group.matches, typer)
            # what this match narrows is read anew: among fewer labels a property may have one type where it had two
            kept = [name for name in old if name not in scope.tables]
            columns = [*self.columns(self.scope(base), kept)]
            columns += self.columns(scope, [*(name for name in old if name in scope.tables), *new])
            self.add_table(f"SELECT {', '.join(columns) or '1'} {scope.from_where()}")
        else:
            scope.add(group.matches, typer)
            side = self.aliases.fresh()
            inner = f"SELECT {', '.join(self.columns(scope, new)) or '1'} {scope.from_where()}"
            columns = [*self.columns(self.scope(base), old), *self.columns(scope, new, f"{side}.")]
            joined = self.dialect.outer_lateral(source, inner, side)
            self.add_table(f"SELECT {', '.join(columns) or '1'} FROM {joined}")
        self.visible = now

    def hand_on(self, projection: Projection) -> None:
        """WITH: a table of its own, filtered by its WHERE."""
        typer = Typer(self.schema, self.visible, self.parameters)
        types = {item.alias: typer.type_of(item.expression) for item in projection.items}
        sql = self.projection(projection, final=False)
        self.visible = handed_on(projection, self.visible, types)
        if projection.where is not None:
            base = self.aliases.fresh()
            (where,) = self.named((projection.where,))
            scope = self.scope(base, Query((), (Item(where, "where"),)))
            sql = f"SELECT * FROM ({sql}) AS {base} WHERE {scope.emitter().expression(where)}"
        self.add_table(sql)

    def named(self, expressions: tuple[Expression, ...]) -> tuple[Expression, ...]:
        """Expressions with every pattern of their subqueries named, beside what is visible."""
        items = tuple(Item(expression, str(number)) for number, expression in enumerate(expressions))
        names = (*self.visible.nodes, *self.visible.links, *self.visible.values)
        return tuple(item.expression for item in name_all(Query((), items), visible=names).items)

    def projection(self, projection: Projection, *, final: bool) -> str:
        """What WITH or RETURN selects, ordered and cut."""
        count = len(projection.items)
        sorts = tuple(in_terms_of_items(order.expression, projection.items) for order in projection.order)
        expressions = self.named((*(item.expression for item in projection.items), *sorts))
        items = [replace(item, expression=given) for item, given in zip(projection.items, expressions, strict=False)]
        base = self.aliases.fresh()
        hidden = (Item(sort, "") for sort in expressions[count:])
        scope = self.scope(base, Query((), (*items, *hidden)))
        grouped = any(aggregates(item.expression) for item in items)
        columns: list[str] = []
        names: list[str] = []
        positions: list[int] = []
        for item in items:
            column, further = self.item(item, scope, grouped, final)
            names += [column[1], *(name for _, name in further)]
            columns += [f"{text} AS {name}" for text, name in (column, *further)]
            if grouped and not aggregates(item.expression):
                positions.append(len(columns) - len(further))
        orders = []
        for number, (order, sort) in enumerate(zip(projection.order, expressions[count:], strict=True)):
            same = next((at for at, item in enumerate(items) if item.expression == sort), None)
            if same is None:
                columns.append(f"{scope.emitter().expression(sort)} AS {self.dialect.quote(f'o:{number}')}")
                positions += [len(columns)] if grouped and not aggregates(sort) else []
            column_name = (
                self.dialect.quote(f"o:{number}")
                if same is None
                else self.item(items[same], scope, grouped, final)[0][1]
            )
            orders.append(f"{column_name} {'DESC NULLS FIRST' if order.descending else 'ASC NULLS LAST'}")
        source = f" FROM {self.last} AS {base}" if self.last else ""
        group = f" GROUP BY {', '.join(map(str, positions))}" if positions else ""
        sql = f"SELECT {'DISTINCT ' if projection.distinct else ''}{', '.join(columns)}{source}{group}"
        if not orders and projection.skip is None and projection.limit is None:
            return sql
        emit = scope.emitter()
        bounds = (projection.limit, projection.skip)
        limit, skip = (emit.expression(bound) if bound is not None else None for bound in bounds)
        cut = f" ORDER BY {', '.join(orders)}" if orders else ""
        cut += self.dialect.cut(limit, skip)
        return f"SELECT {', '.join(names)} FROM ({sql}) AS {self.aliases.fresh()}{cut}"

    def item(
        self, item: Item, scope: Scope, grouped: bool, final: bool
    ) -> tuple[tuple[str, str], list[tuple[str, str]]]:
        """The column of an item, and for an entity those of its properties: each its text and its name."""
        given = item.expression
        text = scope.emitter().expression(given)
        is_entity = isinstance(given, Variable) and given.name not in self.visible.values
        if final or not is_entity:
            return (text, self.dialect.quote(item.alias if final else f"v:{item.alias}")), []
        further = []
        for wanted in sorted(self.needed.get(item.alias, ())):
            if isinstance(given, Variable) and scope.property_type(given.name, wanted):
                value = scope.property(given.name, wanted)
                column = self.dialect.quote(carried_property(item.alias, wanted))
                # a property follows from the key by which it is grouped
                further.append((self.dialect.any_value(value) if grouped else value, column))
        return (text, self.dialect.quote(f"k:{item.alias}")), further
