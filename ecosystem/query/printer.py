"""Cypher text out of the tree: what Neo4j runs, and what `metrics show` prints."""

from __future__ import annotations

import json

from ecosystem.query import tree
from ecosystem.query.tree import AnyStatement, Match, OptionalMatch, Order, Projection, Union

_PRECEDENCE = {"OR": 1, "AND": 2, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7, "^": 8}
_NOT, _COMPARISON, _UNARY, _ATOM = 3, 4, 9, 10
"""The letters of which Neo4j too makes plain words; it knows an older Unicode than Python does."""
_CLAUSES = {"MATCH", "WHERE", "RETURN", "AS", "CASE", "WHEN", "THEN", "ELSE", "END", "DISTINCT", "ALL"}
_FURTHER = {"OPTIONAL", "UNION", "ORDER", "BY", "ASC", "ASCENDING", "DESC", "DESCENDING", "SKIP", "LIMIT"}
_OPERATORS = {"OR", "AND", "NOT", "IS", "NULL", "STARTS", "ENDS", "WITH", "CONTAINS", "IN", "TRUE", "FALSE"}
_NUMBERS = {"INF", "INFINITY", "NAN"}


def to_cypher(query: tree.Query) -> str:
    """The query as Cypher, one clause a line. Parsing it again gives the same tree."""
    clauses = [match_text(match) for match in query.matches]
    items = ", ".join(f"{expression_text(item.expression)} AS {name_text(item.alias)}" for item in query.items)
    return "\n".join([*clauses, f"RETURN {items}"])


def match_text(match: tree.Match) -> str:
    """`MATCH ... WHERE ...`."""
    paths = ", ".join(_path(path) for path in match.paths)
    where = f" WHERE {expression_text(match.where)}" if match.where is not None else ""
    return f"MATCH {paths}{where}"


def name_text(name: str) -> str:
    """A name as it may stand in Cypher: in backticks where it is no plain word, or a keyword."""
    # letters of any script; of other characters that a word may have, such as the ² of `x²`, Neo4j knows some only
    plain = name[:1].isalpha() or name[:1] == "_"
    plain = plain and all(each.isalpha() or each.isdecimal() or each == "_" for each in name)
    if plain and name.upper() not in _CLAUSES | _FURTHER | _OPERATORS | _NUMBERS:
        return name
    # Neo4j reads \uXXXX before anything else, so that a name could end its own backticks
    return "`" + name.replace("\\", r"\u005C").replace("`", "``") + "`"


def expression_text(expression: tree.Expression) -> str:
    """An expression with the fewest parentheses that keep its meaning."""
    return _text(expression)[0]


def _path(path: tree.PathPattern) -> str:
    text = _node(path.nodes[0])
    for link, node in zip(path.links, path.nodes[1:], strict=True):
        text += _link(link) + _node(node)
    return text


def _node(node: tree.NodePattern) -> str:
    labels = ":" + "|".join(name_text(label) for label in node.labels) if node.labels else ""
    inside = name_text(node.variable) if node.variable else ""
    return f"({' '.join(part for part in (inside + labels, _map(node.properties)) if part)})"


def _link(link: tree.LinkPattern) -> str:
    types = ":" + "|".join(name_text(kind) for kind in link.types) if link.types else ""
    inside = (name_text(link.variable) if link.variable else "") + types
    detail = " ".join(part for part in (inside, _map(link.properties)) if part)
    arrow = f"-[{detail}]-" if detail else "--"
    return {"out": arrow + ">", "in": "<" + arrow, "both": arrow}[link.direction]


def _map(properties: tuple[tuple[str, tree.Expression], ...]) -> str:
    if not properties:
        return ""
    return "{" + ", ".join(f"{name_text(name)}: {expression_text(value)}" for name, value in properties) + "}"


def _text(node: tree.Expression) -> tuple[str, int]:  # noqa: C901 - one branch per kind of expression
    """The text and how tightly its outermost operator binds."""
    match node:
        case tree.Literal():
            return _literal(node.value), _ATOM
        case tree.Parameter():
            return f"${name_text(node.name)}", _ATOM
        case tree.Variable():
            return name_text(node.name), _ATOM
        case tree.PropertyOf():
            return f"{name_text(node.variable)}.{name_text(node.name)}", _ATOM
        case tree.Not():
            return f"NOT {_inside(node.operand, _NOT)}", _NOT
        case tree.Minus():
            return f"-{_inside(node.operand, _UNARY + 1)}", _UNARY
        case tree.Binary():
            level = _PRECEDENCE.get(node.operator, _COMPARISON)
            # comparisons do not associate: both sides in parentheses; the others associate to the left
            left = _inside(node.left, level + 1 if level == _COMPARISON else level)
            return f"{left} {node.operator} {_inside(node.right, level + 1)}", level
        case tree.IsNull():
            return f"{_inside(node.operand, _COMPARISON + 1)} IS {'NOT ' if node.negated else ''}NULL", _COMPARISON
        case tree.ListOf():
            return "[" + ", ".join(expression_text(item) for item in node.items) + "]", _ATOM
        case tree.Call():
            return _call(node), _ATOM
        case tree.Case():
            return _case(node), _ATOM
        case tree.Exists():
            return "EXISTS { " + " ".join(match_text(match) for match in node.matches) + " }", _ATOM
        case tree.CountMatches():
            return "COUNT { " + " ".join(match_text(match) for match in node.matches) + " }", _ATOM


def _inside(node: tree.Expression, level: int) -> str:
    text, binds = _text(node)
    return text if binds >= level else f"({text})"


def _literal(value: bool | int | float | str | None) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        # repr(1e22) is '1e+22', which is Cypher too; a negative number is one literal
        return repr(value)
    return json.dumps(value)


def _call(node: tree.Call) -> str:
    if not node.arguments:
        return f"{node.function}(*)" if node.function == "count" else f"{node.function}()"
    distinct = "DISTINCT " if node.distinct else ""
    return f"{node.function}({distinct}{', '.join(expression_text(argument) for argument in node.arguments)})"


def _case(node: tree.Case) -> str:
    subject = f" {expression_text(node.subject)}" if node.subject is not None else ""
    branches = "".join(f" WHEN {expression_text(when)} THEN {expression_text(then)}" for when, then in node.branches)
    otherwise = f" ELSE {expression_text(node.otherwise)}" if node.otherwise is not None else ""
    return f"CASE{subject}{branches}{otherwise} END"


def statement_text(statement: AnyStatement) -> str:
    """The statement as Cypher, one clause a line. Parsing it again gives the same tree."""
    if isinstance(statement, Union):
        joiner = "\nUNION ALL\n" if statement.everything else "\nUNION\n"
        return joiner.join(map(statement_text, statement.statements))
    lines: list[str] = []
    for part in statement.parts:
        lines += map(_clause, part.clauses)
        lines.append(_projection("RETURN" if part is statement.parts[-1] else "WITH", part.projection))
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
