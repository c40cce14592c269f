"""Cypher text out of a statement of the larger subset: what a server runs."""

from __future__ import annotations

from ecosystem.query.printer import expression_text, match_text, name_text
from ecosystem.query.statement import AnyStatement, OptionalMatch, Order, Projection, Union
from ecosystem.query.tree import Match


def statement_text(statement: AnyStatement) -> str:
    """The statement as Cypher, one clause a line. Parsing it again gives the same tree."""
    if isinstance(statement, Union):
        joiner = "\nUNION ALL\n" if statement.everything else "\nUNION\n"
        return joiner.join(map(statement_text, statement.statements))
    lines: list[str] = []
    for step in statement.steps:
        lines += map(_clause, step.clauses)
        lines.append(_projection("RETURN" if step is statement.steps[-1] else "WITH", step.projection))
    return "\n".join(lines)


def _clause(clause: Match | OptionalMatch) -> str:
    return f"OPTIONAL {match_text(clause.match)}" if isinstance(clause, OptionalMatch) else match_text(clause)


def _projection(word: str, projection: Projection) -> str:
    items = ", ".join(f"{expression_text(item.expression)} AS {name_text(item.alias)}" for item in projection.items)
    parts = [f"{word} {'DISTINCT ' if projection.distinct else ''}{items}"]
    if projection.order:
        parts.append(f"ORDER BY {', '.join(map(_order, projection.order))}")
    for name, value in (("SKIP", projection.skip), ("LIMIT", projection.limit), ("WHERE", projection.where)):
        if value is not None:
            parts.append(f"{name} {expression_text(value)}")
    return " ".join(parts)


def _order(order: Order) -> str:
    return expression_text(order.expression) + (" DESC" if order.descending else "")
