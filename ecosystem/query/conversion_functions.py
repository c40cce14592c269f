"""Functions that make a value of one type of a value of another, and null of a text that says none.

`...OrNull` is null of a type that has none and of a number out of range as well, and so is the list of them.
"""

from __future__ import annotations

from ecosystem.query import kinds as types
from ecosystem.query.function_record import ANY, LIST, Function, by_name
from ecosystem.query.kinds import CONVERTED

CONVERSION_FUNCTIONS = by_name(
    *(Function(f"to{name}", (takes,), name.lower()) for name, takes in CONVERTED.items()),
    *(Function(f"to{name}OrNull", (ANY,), name.lower()) for name in CONVERTED),
    *(Function(f"to{name}List", (LIST,), types.list_of(name.lower())) for name in CONVERTED),
)
