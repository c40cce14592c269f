"""The type of arithmetic, of texts that are joined, and of what may turn out an integer or a float."""

from __future__ import annotations

from ecosystem.messages import tr
from ecosystem.query import collection_types, kinds, temporal_types
from ecosystem.query.kinds import NUMBERS
from ecosystem.query.tree import Binary, Call, Case, Expression, ListOf, Minus
from ecosystem.query.typing_scope import TypingScope

ARITHMETIC = ("+", "-", "*", "/", "%", "^")


def type_of(typer: TypingScope, node: Binary) -> str:
    """The type of `left operator right`."""
    left, right = typer.detailed(node.left), typer.detailed(node.right)
    if node.operator == "+" and "string" in (left, right) and {left, right} <= {"string", *NUMBERS, "null", "unknown"}:
        for side in (node.left, node.right):
            refuse_mixed(typer, side, "+")
        return "string"
    if node.operator == "+" and (kinds.is_list(left) or kinds.is_list(right)):
        return collection_types.type_of_joined(typer, node, left, right)
    if {left, right} & set(temporal_types.TEMPORAL):
        return temporal_types.type_of_arithmetic(typer, node, left, right)
    for side, kind in ((node.left, left), (node.right, right)):
        if kind not in (*NUMBERS, "unknown", "null"):
            word = kinds.word_for(kind)
            return typer.refuse(side, tr("{operator} takes numbers, not {kind}", operator=node.operator, kind=word))
    if node.operator == "/" and may_be_whole(typer, node.left) and may_be_whole(typer, node.right):
        return _whole_quotient(typer, node)
    if node.operator in ("/", "^"):
        return "float"
    return "float" if "float" in (left, right) else "integer"


def _whole_quotient(typer: TypingScope, node: Binary) -> str:
    if typer.metric:
        message = tr("integer divided by integer loses the remainder in Cypher")
        return typer.refuse(node, message, tr("write 1.0 * a / b"))
    refuse_mixed(typer, node.left, "/")
    refuse_mixed(typer, node.right, "/")
    return "integer"


def refuse_mixed(typer: TypingScope, node: Expression, who: str) -> None:
    """Refuse a choice among integers and floats, each of which would turn out another way, and a list of both."""
    if isinstance(node, ListOf):
        mixed = typer.type_of(node) == "list of float" and any(may_be_whole(typer, item) for item in node.items)
    else:
        mixed = typer.type_of(node) == "float" and may_be_whole(typer, node)
    if mixed:
        message = tr("{who} takes an integer in another way than a float, and here either may come", who=who)
        typer.refuse(node, message, tr("make it one: toFloat(x), or toInteger(x)"))


def may_be_whole(typer: TypingScope, node: Expression) -> bool:
    """Whether a number can turn out an integer, as some choices of coalesce or CASE may, where others do not."""
    match node:
        case Call(function="coalesce" | "sum" | "abs" | "min" | "max"):
            return any(may_be_whole(typer, argument) for argument in node.arguments)
        case Call(function="percentilecont" | "percentiledisc" as function):
            # a server gives an integer where the percentile is one of them
            exactly = typer.metric or function == "percentiledisc"
            return exactly and may_be_whole(typer, node.arguments[0])
        case Call(function="nullif"):
            return may_be_whole(typer, node.arguments[0])
        case Case():
            return any(may_be_whole(typer, result) for result in node.results)
        case Binary(operator="+" | "-" | "*" | "%"):
            return may_be_whole(typer, node.left) and may_be_whole(typer, node.right)
        case Minus():
            return may_be_whole(typer, node.operand)
        case _:
            return typer.type_of(node) == "integer"
