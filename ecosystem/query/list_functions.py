"""Functions of lists; size, isEmpty and reverse are among those of texts."""

from __future__ import annotations

from ecosystem.query import kinds as types
from ecosystem.query.function_record import LIST, Function, Kinds, by_name

_WHOLE: Kinds = ("integer",)


def _inside(kinds: Kinds) -> str:
    return types.inside(kinds[0])


def _same(kinds: Kinds) -> str:
    return "list of unknown" if kinds[0] == "null" else kinds[0]


LIST_FUNCTIONS = by_name(
    Function("head", (LIST,), _inside),
    Function("last", (LIST,), _inside),
    Function("tail", (LIST,), _same),
    Function("range", (_WHOLE, _WHOLE, _WHOLE), "list of integer", optional=1),
)
