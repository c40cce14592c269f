"""SQL out of a bound query: one SELECT that joins its matches, or a step for each where no join can say it."""

from __future__ import annotations

from ecosystem.query.bound_query import BoundQuery, renamed
from ecosystem.query.column_names import Aliases, needed_properties
from ecosystem.query.dialect import DUCKDB, Dialect
from ecosystem.query.expansion import needs_steps
from ecosystem.query.pipeline import statement_sql
from ecosystem.query.scope import Scope
from ecosystem.query.statement_tree import Projection, QueryPart, Statement
from ecosystem.query.syntax import is_unnamed
from ecosystem.query.traversal import aggregates, outside_aggregates, parameter_names, patterns
from ecosystem.query.tree import Expression, PropertyOf


def to_sql(bound: BoundQuery, dialect: Dialect = DUCKDB) -> str:
    """One SELECT for a bound query; a returned node or link is its integer key, a parameter as `parameter_names` says.

    The columns are those of the query, in its order.
    """
    named = bound.query
    if needs_steps(named):
        return _by_steps(bound, dialect)
    scope = Scope(dialect, bound.scopes, needed_properties(named), Aliases(parameter_names(named)), bound.typer)
    scope.add(named.matches, bound.typer)
    emit = scope.emitter()
    aggregated = [item.expression for item in named.items if aggregates(item.expression)]
    reused = {part for expression in aggregated for part in outside_aggregates(expression)}
    columns, groups = [], []
    for item in named.items:
        text = emit.expression(item.expression)
        if aggregated and item.expression not in aggregated:
            key = None if item.expression in reused else _key_of_id(item.expression, scope)
            groups.append(key or text)
            text = dialect.any_value(text) if key else text
        columns.append(f"{text} AS {scope.aliases.column('returned', item.alias)}")
    group = f"\nGROUP BY {', '.join(groups)}" if groups else ""
    return f"SELECT {', '.join(columns)}\n{scope.from_where()}{group}"


def _by_steps(bound: BoundQuery, dialect: Dialect) -> str:
    """The SQL of a query with walks: as that of a statement, where only what has a name is handed on."""
    given = [pattern.variable for match in bound.query.matches for pattern in patterns(match)]
    query = renamed(bound.query, {name: f"unnamed{name}" for name in given if is_unnamed(name)})
    part = QueryPart(query.matches, Projection(query.items))
    return statement_sql(Statement((part,)), bound.schema, bound.parameters, dialect, keys=True)


def _key_of_id(expression: Expression, scope: Scope) -> str | None:
    """The key that an id follows from: integers group faster than strings."""
    if isinstance(expression, PropertyOf) and expression.name == "id":
        return scope.keys[expression.variable]
    return None
