"""SQL of a projection: what WITH or RETURN selects of the last table, grouped, made distinct, ordered and cut."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ecosystem.query import kinds
from ecosystem.query.collection_sql import IN_TURN
from ecosystem.query.scope import Scope
from ecosystem.query.statement_check import in_terms_of_items
from ecosystem.query.statement_tree import Item, Projection, Query
from ecosystem.query.steps import Steps
from ecosystem.query.traversal import aggregates, chosen, property_of
from ecosystem.query.tree import Call, Comprehension, Expression, FieldOf, ListOf, MapOf, Variable


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the SELECT.

    `groups` where rows are grouped by it, `shown` where it is more than for the order, `constant` where it is one of
    the names that every part of the statement sees.
    """

    text: str
    name: str
    groups: bool
    may_be_nan: bool = False
    shown: bool = True
    constant: bool = False

    @property
    def sql(self) -> str:
        return f"{self.text} AS {self.name}"


def project(
    steps: Steps, projection: Projection, types: Mapping[str, str] | None, constants: Collection[str] = ()
) -> str:
    """One SELECT. `types` are those that the columns have in the end; None where the columns are handed on.

    `constants` are the last items, which the projection does not say: what every part sees is handed on by each.
    """
    memo: dict[Expression, Expression] = {}
    typer = steps.typer()
    final = types is not None
    sorts = tuple(in_terms_of_items(order.expression, projection.items) for order in projection.order)
    given = [item.expression for item in projection.items]
    if final and not steps.shared.keys:
        given = [with_ids(expression, typer.detailed(expression)) for expression in given]
    named = steps.named(tuple(steps.hoist(expression, memo) for expression in (*given, *sorts)))
    items = [replace(item, expression=each) for item, each in zip(projection.items, named, strict=False)]
    sorts = named[len(items) :]
    base = steps.shared.aliases.fresh()
    scope = steps.scope(base, Query((), (*items, *(Item(sort, "") for sort in sorts))))
    scope.order = tuple(f"{base}.{column}" for column in steps.order)
    grouped = any(aggregates(item.expression) for item in items)
    columns = [
        replace(column, constant=item.alias in constants)
        for item in items
        for column in _columns_of(steps, item, scope, grouped, types)
    ]
    columns += [_Column(f"{base}.{row}", row, grouped) for row in steps.rows]
    if not grouped and not projection.distinct and not final:
        columns += [_Column(f"{base}.{name}", name, groups=False) for name in steps.order]
    orders = _orders(steps, projection, items, sorts, scope, columns, grouped, types)
    sql = f"SELECT {', '.join(column.sql for column in columns)}{_from(steps, base, columns, grouped)}"
    hidden = {*steps.rows, *(column.name for column in columns if column.constant)}
    if grouped and steps.rows and not any(column.groups and column.name not in hidden for column in columns):
        sql = _of_every_row(steps, sql, columns, base)
    if projection.distinct:
        told = [(column.name, column.may_be_nan) for column in columns]
        sql = steps.distinct(sql, told) or f"SELECT DISTINCT {sql.removeprefix('SELECT ')}"
    if not final and (grouped or projection.distinct):
        steps.order = ()
    return _cut(steps, projection, sql, columns, orders, scope, final=final)


def _columns_of(
    steps: Steps, item: Item, scope: Scope, grouped: bool, types: Mapping[str, str] | None
) -> list[_Column]:
    """The column of an item, and of a node or link that is handed on those of its properties."""
    given, emit = item.expression, scope.emitter()
    text, kind = emit.expression(given), scope.typer.detailed(given)
    aliases = steps.shared.aliases
    groups = grouped and not aggregates(given)
    if types is not None:
        # a column that is null throughout has the type that it has in another branch of a union
        other = types[item.alias]
        if kind == "null" or (kinds.is_list(kind) and kind != other and not kinds.holds_entities(other)):
            text = _cast(steps, text, other)
        return [_Column(text, aliases.column("returned", item.alias), groups, emit.may_be_nan(given))]
    if not kinds.is_entity(kind):
        return [_Column(text, aliases.column("value", item.alias), groups, emit.may_be_nan(given))]
    found = [_Column(text, aliases.column("key", item.alias), groups)]
    for wanted in _wanted(steps, item.alias, kind, scope):
        read = _read_of(given, wanted, scope)
        if read is None:
            continue
        value = emit.expression(read)
        # a property follows from the key by which it is grouped
        value = steps.dialect.any_value(value) if groups else value
        found.append(_Column(value, aliases.column("property", item.alias, wanted), groups=False))
    return found


def _cast(steps: Steps, text: str, kind: str) -> str:
    if kind in steps.dialect.types:
        return steps.dialect.cast(text, kind)
    return text if kind in ("null", "unknown") else f"CAST({text} AS {steps.dialect.lists.type_for(kind)})"


EACH = "_each"
"""How the name begins of a list's element of which the id is shown."""


def _wanted(steps: Steps, alias: str, kind: str, scope: Scope) -> Sequence[str]:
    wanted = set(steps.shared.needed.get(alias, ()))
    if kinds.EVERY in wanted:
        wanted |= set(scope.property_names(kind))
    return sorted(wanted - {kinds.EVERY})


def _read_of(entity: Expression, name: str, scope: Scope) -> Expression | None:
    """A property of an entity, which may be a choice among several; None where none of them has it.

    Of those that have it with another type than the first it is null: nobody can read it of them.
    """
    variables = list(chosen(entity))
    if not variables:
        kind = scope.typer.detailed(entity)
        look = scope.schema.node_property if kind.startswith("node") else scope.schema.link_property
        told = {look(owner, name) for owner in kinds.owners_of(kind)} - {None}
        return FieldOf(entity, name) if len(told) == 1 or name == kinds.LABEL else None
    types = {each.name: scope.property_type(each.name, name) for each in variables}
    kind = next(filter(None, types.values()), "")
    strangers = {each for each, other in types.items() if other != kind}
    return None if not kind else property_of(entity, name, strangers)


def _orders(
    steps: Steps,
    projection: Projection,
    items: Sequence[Item],
    sorts: Sequence[Expression],
    scope: Scope,
    columns: list[_Column],
    grouped: bool,
    types: Mapping[str, str] | None,
) -> list[str]:
    """The terms of ORDER BY; what no item says is one more column."""
    emit, found = scope.emitter(), []
    for number, (order, sort) in enumerate(zip(projection.order, sorts, strict=True)):
        same = next((item for item in items if item.expression == sort), None)
        if same is not None:
            name = _columns_of(steps, same, scope, grouped, types)[0].name
        else:
            name = steps.shared.aliases.column("sorted by", str(number))
            groups = grouped and not aggregates(sort)
            columns.append(_Column(emit.expression(sort), name, groups, emit.may_be_nan(sort), shown=False))
        found.append(f"{name} {'DESC NULLS FIRST' if order.descending else 'ASC NULLS LAST'}")
    return found


def _from(steps: Steps, base: str, columns: Sequence[_Column], grouped: bool) -> str:
    """The FROM of a projection, and its GROUP BY: each row of a key that is not a number is a group of its own."""
    if not steps.last:
        return ""
    keys = [(number, column) for number, column in enumerate(columns, 1) if column.groups]
    group = ", ".join(str(number) for number, _ in keys)
    undefined = [steps.dialect.is_nan(column.text) for _, column in keys if column.may_be_nan]
    if not (grouped and undefined):
        return f" FROM {steps.last} AS {base}" + (f" GROUP BY {group}" if group else "")
    mark = steps.shared.aliases.fresh()
    source = f"(SELECT *, {steps.dialect.row_mark()} AS {mark} FROM {steps.last}) AS {base}"
    return f" FROM {source} GROUP BY {group}, CASE WHEN {' OR '.join(undefined)} THEN {base}.{mark} END"


def _of_every_row(steps: Steps, sql: str, columns: Sequence[_Column], base: str) -> str:
    """The aggregates of each row around, also of those that nothing is left of: of these the aggregates of nothing."""
    fresh = steps.shared.aliases.fresh
    around, found, nothing = fresh(), fresh(), fresh()
    own = [column for column in columns if column.name not in steps.rows and not column.constant]
    empty = ", ".join(column.sql for column in own)
    texts = [
        f"CASE WHEN {found}.{steps.rows[-1]} IS NULL THEN {nothing}.{column.name} ELSE {found}.{column.name} END"
        f" AS {column.name}"
        for column in own
    ]
    rows = [f"{around}.{row}" for row in (*(column.name for column in columns if column.constant), *steps.rows)]
    same = " AND ".join(f"{around}.{row} = {found}.{row}" for row in steps.rows)
    return (
        f"SELECT {', '.join((*texts, *rows))} FROM {steps.around} AS {around} LEFT JOIN ({sql}) AS {found} ON {same}"
        f" CROSS JOIN (SELECT {empty} FROM {steps.last} AS {base} WHERE false) AS {nothing}"
    )


def _cut(
    steps: Steps,
    projection: Projection,
    sql: str,
    columns: Sequence[_Column],
    orders: Sequence[str],
    scope: Scope,
    *,
    final: bool,
) -> str:
    """The rows in their order, and as many of them as are asked for."""
    bounds = (projection.limit, projection.skip)
    limit, skip = (None if bound is None else scope.emitter().expression(bound) for bound in bounds)
    if not orders and limit is None and skip is None:
        return sql
    fresh, dialect = steps.shared.aliases.fresh, steps.dialect
    names = ", ".join(column.name for column in columns if column.shown)
    order = f" ORDER BY {', '.join(orders)}" if orders else ""
    if not steps.rows:
        kept = "*" if orders and not final else names
        cut = f"SELECT {kept} FROM ({sql}) AS {fresh()}{order}{dialect.cut(limit, skip)}"
        if final or not orders:
            return cut
        place = fresh()
        steps.order = (place,)
        return f"SELECT {names}, {dialect.place_in(order)} AS {place} FROM ({cut}) AS {fresh()}"
    place = fresh()
    numbered = f"SELECT *, {dialect.place_in(order, steps.rows)} AS {place} FROM ({sql}) AS {fresh()}"
    after, kept = skip or "0", fresh()
    tests = [f"{place} > {after}", *([f"{place} <= {after} + {limit}"] if limit is not None else [])]
    steps.order = (place,)
    return f"SELECT {names}, {place} FROM ({numbered}) AS {kept} WHERE {' AND '.join(tests)}"


def with_ids(expression: Expression, kind: str, depth: int = 0) -> Expression:
    """What is shown of an expression: each node and link in it by its id, a path as the ids along it."""
    if kinds.is_entity(kind):
        return property_of(expression, "id")
    if not kinds.holds_entities(kind):
        return expression
    name = f"{EACH}{depth}"
    if isinstance(expression, ListOf):
        return replace(expression, items=tuple(with_ids(item, kinds.inside(kind), depth) for item in expression.items))
    if kinds.is_list(kind):
        return Comprehension(name, expression, None, with_ids(Variable(name), kinds.inside(kind), depth + 1))
    if kinds.is_map(kind):
        fields = kinds.fields_of(kind)
        return MapOf(tuple((key, with_ids(FieldOf(expression, key), of, depth)) for key, of in fields.items()))
    if not kinds.owners_of(kinds.inside(kinds.links_of(kind))):
        # a path of one node
        return with_ids(Call("nodes", (expression,)), kinds.nodes_of(kind), depth)
    nodes, links = (
        Comprehension(name, Call(part, (expression,)), None, property_of(Variable(name), "id"))
        for part in ("nodes", "relationships")
    )
    return Call(IN_TURN, (nodes, links))
