"""Functions of numbers; but for abs and sign they compute with floats, and what is undefined is not a number."""

from __future__ import annotations

from ecosystem.query.function_record import Function, Kinds, by_name

_NUMBER: Kinds = ("float", "integer")
_OF_ONE = (
    *("ceil", "floor", "sqrt", "log", "log10", "exp", "sin", "cos", "tan", "cot", "asin", "acos", "atan"),
    *("degrees", "radians", "haversin"),
)


def _same(kinds: Kinds) -> str:
    return "integer" if kinds[0] == "integer" else "float"


NUMBER_FUNCTIONS = by_name(
    Function("abs", (_NUMBER,), _same),
    Function("sign", (_NUMBER,), "integer"),
    Function("round", (_NUMBER, ("integer", "float"), ("string",)), "float", optional=2),
    *(Function(name, (_NUMBER,), "float") for name in _OF_ONE),
    Function("atan2", (_NUMBER, _NUMBER), "float"),
    *(Function(name, (), "float") for name in ("e", "pi", "rand")),
    Function("isNaN", (_NUMBER,), "boolean"),
)
