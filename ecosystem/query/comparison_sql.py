"""SQL of comparisons: of numbers without a digit lost, of lists and maps by their elements, and of IN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ecosystem.errors import QueryError
from ecosystem.messages import tr
from ecosystem.query import kinds
from ecosystem.query.collection_sql import Writer
from ecosystem.query.dialect import EXACT, Comparison
from ecosystem.query.tree import Binary, Expression, ListOf, Literal, Parameter, Quantifier, Variable

_TURNED: Mapping[Comparison, Comparison] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
_SOUGHT = "_0"
"""What the element of a list is called beside what is looked for in it: no text has such a name."""
_LONGEST = 200_000
"""How long the operands of a comparison may be: SQL says them several times, and so those within them."""


class Comparer(Writer, Protocol):
    """A writer that also knows what may be not a number."""

    def may_be_nan(self, node: Expression) -> bool:
        """Whether it may be not a number."""


def compare(writer: Comparer, operator: Comparison, left: Expression, right: Expression) -> str:
    """A comparison; in SQL not-a-number equals itself and is larger than any number, in Cypher unequal to all."""
    match writer.type_of(left), writer.type_of(right):
        case "integer", "float":
            return _compare_exactly(writer, operator, left, right)
        case "float", "integer":
            return _compare_exactly(writer, _TURNED[operator], right, left)
    texts = writer.expression(left), writer.expression(right)
    types = writer.type_of(left), writer.type_of(right)
    if all(kinds.is_list(kind) or kinds.is_map(kind) for kind in types):
        same = equal_texts(writer, types, *texts, 1)
        return same if operator == "=" else f"(NOT {same})"
    plain = f"({texts[0]} {operator} {texts[1]})"
    tests = [
        writer.dialect.is_nan(text) for side, text in zip((left, right), texts, strict=True) if writer.may_be_nan(side)
    ]
    if not tests:
        return plain
    refuse_long(*texts)
    unequal = "true" if operator == "<>" else "false"
    return f"(CASE WHEN {plain} IS NULL THEN NULL WHEN {' OR '.join(tests)} THEN {unequal} ELSE {plain} END)"


def _compare_exactly(writer: Comparer, operator: Comparison, whole: Expression, number: Expression) -> str:
    """An integer compared with a float: SQL would make a float of it, and lose the digits above 2**53."""
    if isinstance(whole, Literal) and isinstance(whole.value, int) and abs(whole.value) <= EXACT:
        return compare(writer, operator, Literal(float(whole.value)), number)
    if isinstance(number, Literal) and isinstance(number.value, float) and _is_whole(number.value):
        return compare(writer, operator, whole, Literal(int(number.value)))
    texts = writer.expression(whole), writer.expression(number)
    refuse_long(*texts)
    return writer.dialect.compare_exactly(operator, *texts)


def is_in(writer: Comparer, node: Binary) -> str:
    """In nothing is false, even for null; null in a list makes unknown what is not found."""
    left, listed = writer.expression(node.left), writer.type_of(node.right)
    match node.right:
        case ListOf(items=()):
            # what is looked for is named even so: it may be all that is said of a parameter
            return f"({left} IS NULL AND false)"
        case ListOf(items=items):
            if _alike(writer, node.left, *items):
                return f"({left} IN ({', '.join(map(writer.expression, items))}))"
            return f"({' OR '.join(equal(writer, node.left, item) for item in items)})"
    sought, kind = writer.type_of(node.left), kinds.inside(listed)
    plain = writer.dialect.types
    refuse_long(left)
    if isinstance(node.right, Parameter):
        # an empty list has the type of what is looked for
        kind = kind if kind in plain else sought
        given = writer.dialect.list_parameter(writer.scope.parameter(node.right.name), kind)
        return writer.dialect.in_list(left, given, kind, sought)
    if kind in plain and sought in plain:
        return writer.dialect.in_list(left, writer.expression(node.right), kind, sought)
    same = Binary("=", node.left, Variable(_SOUGHT))
    return writer.expression(Quantifier("any", _SOUGHT, node.right, same))


def _alike(writer: Comparer, *nodes: Expression) -> bool:
    """Whether SQL finds them equal where Cypher does: one type, no list, nothing that may be not a number."""
    found = {writer.type_of(node) for node in nodes} - {"null", "unknown"}
    words = {kinds.word_for(kind) for kind in found}
    plain = len(words) <= 1 and not words & {"map", "path"} and not any(map(kinds.is_list, found))
    return plain and not any(map(writer.may_be_nan, nodes))


def equal(writer: Comparer, left: Expression, right: Expression) -> str:
    """Whether two values are equal; lists are where all of their items are, and unknown beside a null in them."""
    if not (isinstance(left, ListOf) and isinstance(right, ListOf)):
        return compare(writer, "=", left, right)
    if len(left.items) != len(right.items):
        return "false"
    items = [equal(writer, one, other) for one, other in zip(left.items, right.items, strict=True)]
    return f"({' AND '.join(items)})" if items else "true"


def equal_texts(writer: Writer, types: tuple[str, str], left: str, right: str, deep: int) -> str:
    """Whether two values of these types are equal, list by list and key by key; `deep` is how many lists are around."""
    dialect = writer.dialect
    match types:
        case ("integer", "float"):
            return dialect.compare_exactly("=", left, right)
        case ("float", "integer"):
            return dialect.compare_exactly("=", right, left)
        case ("float", "float"):
            return f"(CASE WHEN {dialect.is_nan(left)} OR {dialect.is_nan(right)} THEN false ELSE {left} = {right} END)"
    one, other = types
    if kinds.is_list(one) and kinds.is_list(other):
        refuse_long(left, right)
        pair = f"p{deep}"
        sides = (dialect.lists.field(pair, 0), dialect.lists.field(pair, 1))
        inner = equal_texts(writer, (kinds.inside(one), kinds.inside(other)), *sides, deep + 1)
        each = dialect.lists.mapped(dialect.lists.zipped(left, right), pair, inner)
        sizes = f"{dialect.lists.size(left)} <> {dialect.lists.size(right)}"
        unknown = f"{left} IS NULL OR {right} IS NULL"
        all_equal = dialect.lists.quantified("all", each)
        return f"(CASE WHEN {unknown} THEN NULL WHEN {sizes} THEN false ELSE {all_equal} END)"
    if kinds.is_map(one) and kinds.is_map(other):
        fields = list(zip(kinds.fields_of(one).values(), kinds.fields_of(other).values(), strict=True))
        tests = [
            equal_texts(writer, pair, dialect.lists.field(left, n), dialect.lists.field(right, n), deep)
            for n, pair in enumerate(fields)
        ]
        return f"({' AND '.join(tests) or 'true'})"
    return f"({left} = {right})"


def _is_whole(number: float) -> bool:
    return number.is_integer() and abs(number) < 2**63


def refuse_long(*operands: str) -> None:
    """Raise QueryError where the operands of something that says them several times are too long."""
    if sum(map(len, operands)) > _LONGEST:
        hint = "compute it in a WITH of its own, and compare the name"
        raise QueryError(tr("the query compares too long an expression"), hint=hint)
