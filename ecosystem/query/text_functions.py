"""Functions of texts; places and lengths count characters (code points), from 0 on."""

from __future__ import annotations

from ecosystem.query.function_record import Function, Kinds, by_name

_TEXT: Kinds = ("string",)
_WHOLE: Kinds = ("integer",)


def _same(kinds: Kinds) -> str:
    return "string" if kinds[0] == "null" else kinds[0]


TEXT_FUNCTIONS = by_name(
    *(Function(name, (_TEXT,), "string") for name in ("toLower", "toUpper", "lower", "upper")),
    Function("trim", (_TEXT,), "string"),
    *(Function(name, (_TEXT, _TEXT), "string", optional=1) for name in ("ltrim", "rtrim", "btrim")),
    Function("substring", (_TEXT, _WHOLE, _WHOLE), "string", optional=1),
    *(Function(name, (_TEXT, _WHOLE), "string") for name in ("left", "right")),
    Function("split", (_TEXT, ("string", "list of string")), "list of string"),
    Function("replace", (_TEXT, _TEXT, _TEXT), "string"),
    *(Function(name, (_TEXT,), "integer") for name in ("char_length", "character_length")),
    # of lists as well
    Function("reverse", (("string", "list"),), _same),
    Function("size", (("string", "list"),), "integer"),
    Function("isEmpty", (("string", "list", "map"),), "boolean"),
)
