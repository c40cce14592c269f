"""The type of a call: of a function, of an aggregate, of what asks a node, a link or a path."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecosystem.errors import did_you_mean
from ecosystem.messages import either, tr
from ecosystem.query import kinds, temporal_types
from ecosystem.query.aggregates import KNOWN, outside_share
from ecosystem.query.arithmetic_types import refuse_mixed
from ecosystem.query.functions import ANY, FUNCTIONS, LIST, OF_CHANCE, REFUSED, Function
from ecosystem.query.kinds import NUMBERS
from ecosystem.query.schema import Schema
from ecosystem.query.traversal import AGGREGATES, walk
from ecosystem.query.tree import Call, Expression, Literal, Parameter
from ecosystem.query.typing_scope import TypingScope

_CAPITALS = ("percentileCont", "percentileDisc", "stDev", "stDevP", "nullIf")
_SPELLED = {name.lower(): name for name in (*_CAPITALS, *(function.name for function in FUNCTIONS.values()))}
"""Every name with a capital in it as Cypher spells it: a call holds its name in lower case."""

_OF_OTHERS: Mapping[str, str] = {
    **dict.fromkeys(("array_agg", "group_concat", "listagg", "string_agg"), "collect(x)"),
    **dict.fromkeys(("average", "mean"), "avg(x)"),
    **dict.fromkeys(("concat", "join"), "a + b"),
    **dict.fromkeys(("curdate", "current_date", "getdate", "now", "today"), "date()"),
    **dict.fromkeys(("datediff", "date_diff"), "duration.between(a, b)"),
    **dict.fromkeys(("day", "month", "quarter", "year"), "d.year, d.quarter, d.month, d.day"),
    **dict.fromkeys(("ifnull", "isnull", "nvl"), "coalesce(x, y)"),
    **dict.fromkeys(("lcase", "ucase"), "toLower(s), toUpper(s)"),
    **dict.fromkeys(("len", "strlen"), "size(x)"),
    "power": "x ^ y",
    **dict.fromkeys(("stddev", "stddev_samp", "stdev_samp"), "stDev(x)"),
    "ln": "log(x)",
    "median": "percentileCont(x, 0.5)",
    "mod": "a % b",
    "stddev_pop": "stDevP(x)",
    "substr": "substring(s, start, length)",
    "var_samp": "stDev(x) ^ 2",
    "variance": "stDev(x) ^ 2",
}
"""What is written in Cypher for a function of SQL or of a spreadsheet."""


def type_of(typer: TypingScope, node: Call) -> str:
    """The type of a call; what is wrong with it is added to the findings."""
    if node.function in AGGREGATES:
        return _aggregate(typer, node)
    if node.distinct:
        message = tr("{name}(DISTINCT ...) makes no sense: only aggregates take it", name=node.function)
        return typer.refuse(node, message)
    if node.function == "coalesce":
        return typer.common(node.arguments, node, "coalesce")
    if node.function == "nullif":
        return _null_if(typer, node)
    if node.function in OF_CHANCE and not typer.metric:
        return _function(typer, node, FUNCTIONS[node.function])
    if node.function in REFUSED:
        message, hint = REFUSED[node.function]
        return typer.refuse(node, tr(message, name=node.function), tr(hint), "outside_subset")
    if node.function in ENTITY_FUNCTIONS:
        return _of_entity(typer, node)
    if node.function == "_in_turn":
        return "list of string"
    if temporal_types.is_call(node.function):
        return temporal_types.type_of(typer, node)
    if node.function in FUNCTIONS:
        return _function(typer, node, FUNCTIONS[node.function])
    hint = _instead(node.function)
    return typer.refuse(node, tr("{name}() is outside the subset", name=node.function), hint, "outside_subset")


def _instead(name: str) -> str:
    """What Cypher has in place of a function that it has not: the same of another language, or the nearest name."""
    if name in _OF_OTHERS:
        return tr("write {example}", example=_OF_OTHERS[name])
    aggregates = (_SPELLED.get(aggregate, aggregate) for aggregate in AGGREGATES)
    return did_you_mean(name, ("coalesce", *aggregates, *ENTITY_FUNCTIONS, *_SPELLED.values(), *temporal_types.CALLS))


def _spelled(node: Call) -> str:
    return _SPELLED.get(node.function, node.function)


def _aggregate(typer: TypingScope, node: Call) -> str:
    name, record = _spelled(node), KNOWN.get(node.function)
    if any(isinstance(part, Call) and part.function in OF_CHANCE for part in walk(node)):
        message = tr("{name}(...) of what is another value every time", name=name)
        return typer.refuse(node, message, tr("draw it in a WITH before"))
    wanted = 2 if record is not None and record.shared else 1
    if len(node.arguments) != wanted and (node.arguments or node.function != "count"):
        return typer.refuse(node, _arity(name, wanted, len(node.arguments)))
    if record is None:
        return kinds.list_of(typer.detailed(node.arguments[0]))
    if not record.takes:
        for argument in node.arguments:
            typer.type_of(argument)
        return record.gives
    if record.shared:
        _share(typer, node.arguments[1], name)
    kind = typer.expect(node.arguments[0], record.takes, name)
    if kind == "null" and typer.metric:
        return typer.refuse(node, tr("{name}(null) adds up nothing", name=name))
    return record.result(kind)


def _arity(name: str, wanted: int, given: int) -> str:
    if wanted == 1:
        return tr("{name}() takes one argument, not {count}", name=name, count=given)
    return tr("{name}() takes {count} arguments, not {given}", name=name, count=wanted, given=given)


def _share(typer: TypingScope, node: Expression, name: str) -> None:
    """The second argument of a percentile: the same for all rows, from 0 to 1."""
    if not isinstance(node, Literal | Parameter):
        message = tr("the second argument of {name}() is a constant or a parameter", name=name)
        typer.refuse(node, message, tr("the median is percentileCont(x, 0.5)"))
    elif isinstance(node, Literal) and node.value is None:
        typer.refuse(node, tr("the second argument of {name}() is a constant or a parameter", name=name))
    elif typer.expect(node, NUMBERS, name) in NUMBERS and isinstance(node, Literal) and outside_share(node.value):
        typer.refuse(
            node, tr("a percentile is a number from 0 to 1"), tr("the median is percentileCont(x, 0.5)"), "percentile"
        )


def _function(typer: TypingScope, node: Call, function: Function) -> str:
    most, given = len(function.takes), len(node.arguments)
    if not most - function.optional <= given <= most:
        count = str(most) if not function.optional else f"{most - function.optional}-{most}"
        return typer.refuse(
            node, tr("{name}() takes {count} arguments, not {given}", name=function.name, count=count, given=given)
        )
    found = tuple(
        _argument(typer, argument, allowed, function.name)
        for argument, allowed in zip(node.arguments, function.takes, strict=False)
    )
    if node.function in ("tostring", "tostringornull", "tostringlist"):
        refuse_mixed(typer, node.arguments[0], f"{function.name}()")
    return "unknown" if "unknown" in found and not isinstance(function.gives, str) else function.result(found)


def _null_if(typer: TypingScope, node: Call) -> str:
    if len(node.arguments) != 2:
        given = len(node.arguments)
        return typer.refuse(
            node, tr("{name}() takes {count} arguments, not {given}", name="nullIf", count="2", given=given)
        )
    common = typer.common(node.arguments, node, "nullIf")
    return common if common == "unknown" else typer.detailed(node.arguments[0])


def _argument(typer: TypingScope, argument: Expression, allowed: tuple[str, ...], name: str) -> str:
    kind = typer.detailed(argument)
    fits = allowed == ANY or kind in ("unknown", "null") or any(map(_is(kind), allowed))
    if fits:
        return kind
    found = kinds.word_for(kind)
    typer.refuse(
        argument, tr("{who} takes {allowed}, not {found}", who=f"{name}()", allowed=either(allowed), found=found)
    )
    return "unknown"


def _is(kind: str) -> Callable[[str], bool]:
    """Whether a word of what an argument may be means this type."""
    first = kind.split(" ", maxsplit=1)[0]
    empty = kind == kinds.list_of("unknown")
    return lambda word: word == kind or (word in _WORDS and word == first) or (empty and kinds.is_list(word))


_WORDS = ("map", "path", "node", "link", *LIST)
"""The first words of the types that say more behind it."""


def _of_entity(typer: TypingScope, node: Call) -> str:
    takes, gives = ENTITY_FUNCTIONS[node.function]
    if len(node.arguments) != 1:
        message = tr("{name}() takes one argument, not {count}", name=node.function, count=len(node.arguments))
        return typer.refuse(node, message)
    kind = _argument(typer, node.arguments[0], takes, node.function)
    return gives(typer, kind) if kind not in ("unknown", "null") else kind


def _ends(typer: TypingScope, kind: str, *, first: bool) -> str:
    links = (typer.schema.link(name) for name in kinds.owners_of(kind))
    labels = dict.fromkeys(label for link in links for label in (link.sources if first else link.targets))
    return kinds.entity_of("node", labels)


def _properties(typer: TypingScope, kind: str) -> str:
    return kind if kinds.is_map(kind) else properties_of(typer.schema, kind)


def properties_of(schema: Schema, kind: str) -> str:
    """The type of the map of all properties of a node or link of this type."""
    look = schema.node_properties if kind.startswith("node") else schema.link_properties
    read = schema.node_property if kind.startswith("node") else schema.link_property
    owners = kinds.owners_of(kind)
    found = {name: {read(owner, name) for owner in owners} - {None} for owner in owners for name in look(owner)}
    # what has several types among the labels is null of all but one: nobody can read it
    return kinds.map_of({name: next(filter(None, types), "string") for name, types in found.items() if len(types) == 1})


ENTITY_FUNCTIONS: Mapping[str, tuple[tuple[str, ...], Callable[[TypingScope, str], str]]] = {
    "labels": (("node",), lambda _, __: "list of string"),
    "type": (("link",), lambda _, __: "string"),
    "keys": (("node", "link", "map"), lambda _, __: "list of string"),
    "properties": (
        ("node", "link", "map"),
        lambda typer, kind: kind if kinds.is_map(kind) else _properties(typer, kind),
    ),
    "startnode": (("link",), lambda typer, kind: _ends(typer, kind, first=True)),
    "endnode": (("link",), lambda typer, kind: _ends(typer, kind, first=False)),
    "nodes": (("path",), lambda _, kind: kinds.nodes_of(kind)),
    "relationships": (("path",), lambda _, kind: kinds.links_of(kind)),
    "length": (("path",), lambda _, __: "integer"),
}
"""What asks a node, a link or a path: what it takes, and what it gives."""
