"""Cypher text out of the tree: what Neo4j runs, and what `metrics show` prints."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

from ecosystem.query import statement_tree, tree
from ecosystem.query.statement_tree import (
    AnyStatement,
    CallProcedure,
    CallSubquery,
    Clause,
    Item,
    OptionalMatch,
    Order,
    Projection,
    Union,
    Unwind,
)
from ecosystem.query.syntax import LabelBoth, LabelEither, LabelExpression, LabelName, LabelNot
from ecosystem.query.tree import Match

_PRECEDENCE = {"OR": 1, "XOR": 2, "AND": 3, "+": 7, "-": 7, "*": 8, "/": 8, "%": 8, "^": 9}
_NOT, _COMPARISON, _UNARY, _POSTFIX, _ATOM = 4, 5, 10, 11, 12
"""The letters of which Neo4j too makes plain words; it knows an older Unicode than Python does."""
_CLAUSES = {"MATCH", "WHERE", "RETURN", "AS", "CASE", "WHEN", "THEN", "ELSE", "END", "DISTINCT", "ALL"}
_READING = {"OPTIONAL", "UNWIND", "CALL", "YIELD", "XOR"}
_FURTHER = {"UNION", "ORDER", "BY", "ASC", "ASCENDING", "DESC", "DESCENDING", "SKIP", "LIMIT"}
_OPERATORS = {"OR", "AND", "NOT", "IS", "NULL", "STARTS", "ENDS", "WITH", "CONTAINS", "IN", "TRUE", "FALSE"}
_NUMBERS = {"INF", "INFINITY", "NAN"}


def to_cypher(query: statement_tree.Query) -> str:
    """The query as Cypher, one clause a line. Parsing it again gives the same tree."""
    clauses = [match_text(match) for match in query.matches]
    items = ", ".join(map(_item, query.items))
    return "\n".join([*clauses, f"RETURN {items}"])


def match_text(match: tree.Match) -> str:
    """`MATCH ... WHERE ...`."""
    paths = ", ".join(map(path_text, match.paths))
    where = f" WHERE {expression_text(match.where)}" if match.where is not None else ""
    return f"MATCH {paths}{where}"


def name_text(name: str) -> str:
    """A name as it may stand in Cypher: in backticks where it is no plain word, or a keyword."""
    # letters of any script; of other characters that a word may have, such as the ² of `x²`, Neo4j knows some only
    plain = name[:1].isalpha() or name[:1] == "_"
    plain = plain and all(each.isalpha() or each.isdecimal() or each == "_" for each in name)
    if plain and name.upper() not in _CLAUSES | _READING | _FURTHER | _OPERATORS | _NUMBERS:
        return name
    # Neo4j reads \uXXXX before anything else, so that a name could end its own backticks
    return "`" + name.replace("\\", r"\u005C").replace("`", "``") + "`"


def expression_text(expression: tree.Expression) -> str:
    """An expression with the fewest parentheses that keep its meaning."""
    return _text(expression)[0]


def path_text(path: tree.PathPattern) -> str:
    """`name = (a)-[:T]->(b)`."""
    text = _node(path.nodes[0])
    for link, node in zip(path.links, path.nodes[1:], strict=True):
        text += _link(link) + _node(node)
    if path.shortest:
        text = f"{'shortestPath' if path.shortest == 'one' else 'allShortestPaths'}({text})"
    text = f"{path.selector} {text}" if path.selector else text
    return f"{name_text(path.variable)} = {text}" if path.variable else text


def label_text(label: LabelExpression) -> str:
    """A label expression without its colon."""
    match label:
        case LabelName():
            return name_text(label.name) if label.name else "%"
        case LabelNot():
            return f"!{_label_inside(label.operand)}"
        case LabelBoth():
            return f"{_label_inside(label.left)}&{_label_inside(label.right)}"
        case LabelEither():
            return f"{label_text(label.left)}|{label_text(label.right)}"


def _label_inside(label: LabelExpression) -> str:
    text = label_text(label)
    return text if isinstance(label, LabelName | LabelNot) else f"({text})"


def _labels(names: tuple[str, ...], further: LabelExpression | None) -> str:
    texts = [*map(name_text, names)] if further is None else [label_text(further)]
    return ":" + "|".join(texts) if texts else ""


def _node(node: tree.NodePattern) -> str:
    inside = (name_text(node.variable) if node.variable else "") + _labels(node.labels, node.further)
    return f"({' '.join(part for part in (inside, _map(node.properties)) if part)})"


def _link(link: tree.LinkPattern) -> str:
    if link.inside is not None and link.hops is not None:
        least, most = link.hops
        return f"({match_text(link.inside).removeprefix('MATCH ')}){{{least},{'' if most is None else most}}}"
    inside = (name_text(link.variable) if link.variable else "") + _labels(link.types, link.further) + _hops(link.hops)
    detail = " ".join(part for part in (inside, _map(link.properties)) if part)
    arrow = f"-[{detail}]-" if detail else "--"
    return {"out": arrow + ">", "in": "<" + arrow, "both": arrow}[link.direction]


def _hops(hops: tuple[int, int | None] | None) -> str:
    if hops is None:
        return ""
    least, most = hops
    if least == most:
        return f"*{least}"
    return f"*{least}..{'' if most is None else most}"


def _map(properties: tuple[tuple[str, tree.Expression], ...]) -> str:
    if not properties:
        return ""
    return "{" + ", ".join(_entries(properties)) + "}"


def _entries(entries: tuple[tuple[str, tree.Expression], ...]) -> list[str]:
    return [f"{name_text(name)}: {expression_text(value)}" for name, value in entries]


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
        case tree.FieldOf():
            return f"{_inside(node.subject, _POSTFIX)}.{name_text(node.name)}", _POSTFIX
        case tree.ElementOf():
            return f"{_inside(node.subject, _POSTFIX)}[{expression_text(node.index)}]", _POSTFIX
        case tree.SliceOf():
            start, end = (expression_text(each) if each is not None else "" for each in (node.start, node.end))
            return f"{_inside(node.subject, _POSTFIX)}[{start}..{end}]", _POSTFIX
        case tree.LabelTest():
            return f"{_inside(node.subject, _POSTFIX)}:{label_text(node.labels)}", _POSTFIX
        case tree.TypeTest():
            negated = "NOT " * node.negated
            return f"{_inside(node.operand, _COMPARISON + 1)} IS {negated}TYPED {node.type}", _COMPARISON
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
        case tree.MapOf():
            return "{" + ", ".join(_entries(node.entries)) + "}", _ATOM
        case tree.MapProjection():
            parts = [".*"] * node.everything + _entries(node.entries)
            return f"{name_text(node.subject.name)} {{{', '.join(parts)}}}", _ATOM
        case tree.Comprehension() | tree.Quantifier() | tree.Reduce() | tree.PatternComprehension():
            return _loop(node), _ATOM
        case tree.Subquery():
            return f"{node.kind} {{ {statement_text(cast('AnyStatement', node.statement))} }}", _ATOM
        case tree.Call(function="head", arguments=(tree.PatternComprehension(match=found),)) if found.paths[0].shortest:
            # the value of shortestPath(...) is the first of its paths
            return path_text(replace(found.paths[0], variable="")), _ATOM
        case tree.Call():
            return _call(node), _ATOM
        case tree.Case():
            return _case(node), _ATOM
        case tree.Exists(bare=True):
            where = node.matches[0].where
            text = path_text(node.matches[0].paths[0])
            return (text, _ATOM) if where is None else (f"EXISTS {{ {text} WHERE {expression_text(where)} }}", _ATOM)
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


def _loop(node: tree.Comprehension | tree.Quantifier | tree.Reduce | tree.PatternComprehension) -> str:
    """What goes through a list, or through the matches of a pattern."""
    if isinstance(node, tree.Reduce):
        start, source, step = (expression_text(each) for each in (node.start, node.source, node.step))
        return f"reduce({name_text(node.total)} = {start}, {name_text(node.variable)} IN {source} | {step})"
    if isinstance(node, tree.PatternComprehension) and node.match.paths[0].shortest:
        return path_text(replace(node.match.paths[0], variable=""))
    if isinstance(node, tree.PatternComprehension):
        inside = match_text(node.match).removeprefix("MATCH ")
        return f"[{inside} | {expression_text(node.result)}]"
    inside = f"{name_text(node.variable)} IN {expression_text(node.source)}"
    inside += f" WHERE {expression_text(node.where)}" if node.where is not None else ""
    if isinstance(node, tree.Quantifier):
        return f"{node.kind}({inside})"
    return f"[{inside} | {expression_text(node.result)}]" if node.result is not None else f"[{inside}]"


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


def _clause(clause: Clause) -> str:
    match clause:
        case Match():
            return match_text(clause)
        case OptionalMatch():
            return f"OPTIONAL {match_text(clause.match)}"
        case Unwind():
            return f"UNWIND {expression_text(clause.source)} AS {name_text(clause.alias)}"
        case CallSubquery():
            names = "" if clause.imports is None else f" ({', '.join(map(_import, clause.imports))})"
            return f"{'OPTIONAL ' * clause.optional}CALL{names} {{\n{statement_text(clause.statement)}\n}}"
        case CallProcedure():
            columns = f" YIELD {', '.join(map(_item, clause.columns))}" if clause.columns else ""
            return f"CALL {clause.name}({', '.join(map(expression_text, clause.arguments))}){columns}"


def _import(name: str) -> str:
    return name if name == "*" else name_text(name)


def _item(item: Item) -> str:
    return f"{expression_text(item.expression)} AS {name_text(item.alias)}"


def _projection(word: str, projection: Projection) -> str:
    items = ", ".join([*["*"] * projection.everything, *map(_item, projection.items)])
    parts = [f"{word} {'DISTINCT ' if projection.distinct else ''}{items}"]
    if projection.order:
        parts.append(f"ORDER BY {', '.join(map(_order, projection.order))}")
    for name, value in (("SKIP", projection.skip), ("LIMIT", projection.limit), ("WHERE", projection.where)):
        if value is not None:
            parts.append(f"{name} {expression_text(value)}")
    return " ".join(parts)


def _order(order: Order) -> str:
    return expression_text(order.expression) + (" DESC" if order.descending else "")
