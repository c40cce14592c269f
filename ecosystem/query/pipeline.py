"""SQL out of a statement: a common table expression per group of matches and per WITH, each on the rows of the last.

Such a table has a column for the key of each entity, one for each of its properties that is read further on, and one
for each value. So a look-up that may be null is made once, where it is bound, and never joined again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ecosystem.query import kinds
from ecosystem.query.bindings import Bindings, bind
from ecosystem.query.bound_query import bind_subqueries, name_all
from ecosystem.query.dialect import DUCKDB, Dialect
from ecosystem.query.schema import Schema
from ecosystem.query.sql import Aliases, Scope, Table, needed_properties
from ecosystem.query.statement_check import (
    MatchGroup,
    after,
    column_types,
    groups,
    handed_on,
    ids_of,
    in_terms_of_items,
)
from ecosystem.query.statement_tree import AnyStatement, Item, Projection, Query, Statement, Union
from ecosystem.query.traversal import aggregates, chosen, parameter_names, property_of, walk
from ecosystem.query.tree import Expression, ListOf, Variable
from ecosystem.query.types import Typer


def statement_sql(
    statement: AnyStatement,
    schema: Schema,
    parameters: Mapping[str, str] | None = None,
    dialect: Dialect = DUCKDB,
) -> str:
    """One SELECT for a checked statement; a whole node or link that it returns comes as its id.

    The columns are those of the statement, in its order; a parameter is called as `parameter_names` says.
    """
    branches = statement.statements if isinstance(statement, Union) else (statement,)
    types = column_types(statement, schema, parameters)
    names = parameter_names(statement)
    pipelines = [
        _Pipeline(dialect, schema, parameters or {}, _needed_further_on(branch), types, Aliases(names))
        for branch in branches
    ]
    found = [pipeline.statement(branch) for pipeline, branch in zip(pipelines, branches, strict=True)]
    if not isinstance(statement, Union):
        return found[0]
    every = "\nUNION ALL\n".join(f"({sql})" for sql in found)
    if statement.everything:
        return every
    # a union has the names of its first branch
    first = pipelines[0]
    columns = [(first.aliases.column("returned", name), kind == "float") for name, kind in types.items()]
    return first.distinct(every, columns) or "\nUNION\n".join(f"({sql})" for sql in found)


def _needed_further_on(statement: Statement) -> dict[str, set[str]]:
    """The properties that are read of each name, whichever name the entity has by then."""
    needed: dict[str, set[str]] = needed_properties(statement)
    for entity in _shown_by_id(statement):
        needed[entity.name].add("id")
    renamed = [
        (entity.name, item.alias)
        for node in walk(statement)
        if isinstance(node, Projection)
        for item in node.items
        for entity in chosen(item.expression)
    ]
    # as many rounds as a name can change
    for _ in renamed:
        for name, alias in renamed:
            needed[name] |= needed.get(alias, set())
    return needed


def _shown_by_id(statement: Statement) -> Iterator[Variable]:
    """What may be a node or link that comes as its id: what is returned, and what stands in a list."""
    returned = (item.expression for item in statement.parts[-1].projection.items)
    listed = (item for node in walk(statement) if isinstance(node, ListOf) for item in node.items)
    for expression in (*returned, *listed):
        yield from chosen(expression)


@dataclass(slots=True)
class _Pipeline:
    """The tables so far, the last of them, and what it holds; `returned` are the types of the columns in the end."""

    dialect: Dialect
    schema: Schema
    parameters: Mapping[str, str]
    needed: Mapping[str, set[str]]
    returned: Mapping[str, str]
    aliases: Aliases
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
        entities = (*self.visible.nodes, *self.visible.links)
        keys = {name: f"{base}.{self.aliases.column('key', name)}" for name in entities}
        keys |= {name: f"{base}.{self.aliases.column('value', name)}" for name in self.visible.values}
        carried = dict.fromkeys(entities, Table(base, numbered=True))
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
            content = "value" if name in scope.bindings.values else "key"
            column = self.aliases.column(content, name)
            found.append(f"{prefix}{column}" if prefix else f"{scope.keys[name]} AS {column}")
            if content == "key":
                for wanted in sorted(scope.needed.get(name, ())):
                    if scope.property_type(name, wanted):
                        column = self.aliases.column("property", name, wanted)
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

    def from_last(self, base: str, scope: Scope, keys: Sequence[Expression], positions: Sequence[int]) -> str:
        """The FROM of a projection, and its GROUP BY: each row of a key that is not a number is a group of its own."""
        if not self.last:
            return ""
        group = ", ".join(map(str, positions))
        emit = scope.emitter()
        undefined = [self.dialect.is_nan(emit.expression(key)) for key in keys if emit.may_be_nan(key)]
        if not undefined:
            return f" FROM {self.last} AS {base}" + (f" GROUP BY {group}" if group else "")
        mark = self.aliases.fresh()
        source = f"(SELECT *, {self.dialect.row_mark()} AS {mark} FROM {self.last}) AS {base}"
        return f" FROM {source} GROUP BY {group}, CASE WHEN {' OR '.join(undefined)} THEN {base}.{mark} END"

    def distinct(self, sql: str, columns: Sequence[tuple[str, bool]]) -> str | None:
        """Each row of a SELECT once, for columns that may be not a number or not; None where DISTINCT does that."""
        undefined = [self.dialect.is_nan(name) for name, may_be_nan in columns if may_be_nan]
        if not undefined:
            return None
        names = ", ".join(name for name, _ in columns)
        mark, rows, marked = self.aliases.fresh(), self.aliases.fresh(), self.aliases.fresh()
        apart = f"CASE WHEN {' OR '.join(undefined)} THEN {self.dialect.row_mark()} END AS {mark}"
        return f"SELECT {names} FROM (SELECT *, {apart} FROM ({sql}) AS {rows}) AS {marked} GROUP BY {names}, {mark}"

    def named(self, expressions: tuple[Expression, ...]) -> tuple[Expression, ...]:
        """Expressions with every pattern of their subqueries named, beside what is visible."""
        items = tuple(Item(expression, str(number)) for number, expression in enumerate(expressions))
        names = (*self.visible.nodes, *self.visible.links, *self.visible.values)
        return tuple(item.expression for item in name_all(Query((), items), visible=names).items)

    def projection(self, projection: Projection, *, final: bool) -> str:
        """What WITH or RETURN selects, ordered and cut."""
        count = len(projection.items)
        typer = Typer(self.schema, self.visible, self.parameters)
        given = tuple(ids_of(item.expression, typer, final=final) for item in projection.items)
        sorts = tuple(in_terms_of_items(order.expression, projection.items) for order in projection.order)
        expressions = self.named((*given, *sorts))
        items = [replace(item, expression=given) for item, given in zip(projection.items, expressions, strict=False)]
        base = self.aliases.fresh()
        hidden = (Item(sort, "") for sort in expressions[count:])
        scope = self.scope(base, Query((), (*items, *hidden)))
        grouped = any(aggregates(item.expression) for item in items)
        columns: list[str] = []
        names: list[str] = []
        positions: list[int] = []
        selected: list[tuple[str, bool]] = []
        for item in items:
            column, further = self.item(item, scope, grouped, final)
            names += [column[1], *(name for _, name in further)]
            columns += [f"{text} AS {name}" for text, name in (column, *further)]
            selected += [
                (column[1], scope.emitter().may_be_nan(item.expression)),
                *((name, False) for _, name in further),
            ]
            if grouped and not aggregates(item.expression):
                positions.append(len(columns) - len(further))
        orders = []
        for number, (order, sort) in enumerate(zip(projection.order, expressions[count:], strict=True)):
            same = next((at for at, item in enumerate(items) if item.expression == sort), None)
            if same is None:
                column_name = self.aliases.column("sorted by", str(number))
                columns.append(f"{scope.emitter().expression(sort)} AS {column_name}")
                selected.append((column_name, scope.emitter().may_be_nan(sort)))
                positions += [len(columns)] if grouped and not aggregates(sort) else []
            else:
                column_name = self.item(items[same], scope, grouped, final)[0][1]
            orders.append(f"{column_name} {'DESC NULLS FIRST' if order.descending else 'ASC NULLS LAST'}")
        keys = [expression for expression in expressions if not aggregates(expression)] if positions else []
        sql = f"SELECT {', '.join(columns)}{self.from_last(base, scope, keys, positions)}"
        if projection.distinct:
            sql = self.distinct(sql, selected) or f"SELECT DISTINCT {sql.removeprefix('SELECT ')}"
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
        text, kind = scope.emitter().expression(given), scope.typer.type_of(given)
        if final:
            # a column that is null throughout has the type that it has in another branch of a union
            other = self.returned[item.alias]
            text = self.dialect.cast(text, other) if kind == "null" and other in self.dialect.types else text
            return (text, self.aliases.column("returned", item.alias)), []
        if not kinds.is_entity(kind):
            return (text, self.aliases.column("value", item.alias)), []
        further = []
        for wanted in sorted(self.needed.get(item.alias, ())):
            if (read := _read_of(given, wanted, scope)) is not None:
                value = scope.emitter().expression(read)
                column = self.aliases.column("property", item.alias, wanted)
                # a property follows from the key by which it is grouped
                further.append((self.dialect.any_value(value) if grouped else value, column))
        return (text, self.aliases.column("key", item.alias)), further


def _read_of(entity: Expression, name: str, scope: Scope) -> Expression | None:
    """A property of an entity, which may be a choice among several; None where none of them has it.

    Of those that have it with another type than the first it is null: nobody can read it of them.
    """
    types = {each.name: scope.property_type(each.name, name) for each in chosen(entity)}
    kind = next(filter(None, types.values()), None)
    strangers = {each for each, other in types.items() if other != kind}
    return None if kind is None else property_of(entity, name, strangers)
