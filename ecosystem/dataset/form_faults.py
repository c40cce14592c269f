"""What is wrong in the tables of a TOML file that a form describes: the place in the file, in words of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ecosystem.errors import Finding
from ecosystem.messages import either, tr, tr_later

Path = tuple[int | str, ...]
"""Keys and places in lists, from the top of a document down."""

_LONGEST = 200
_PLAIN = re.compile(r"[^\s.\"'\\]+")
_QUOTED = re.compile(r"'([^']*)'")
_KINDS: Mapping[str, str] = {
    "string_type": tr_later("a text"),
    "list_type": tr_later("a list"),
    "dict_type": tr_later("a table"),
    "model_type": tr_later("a table"),
    "bool_type": tr_later("true or false"),
    "bool_parsing": tr_later("true or false"),
    "int_type": tr_later("a whole number"),
    "int_parsing": tr_later("a whole number"),
    "int_from_float": tr_later("a whole number"),
    "float_type": tr_later("a number"),
    "float_parsing": tr_later("a number"),
    "decimal_type": tr_later("a number"),
    "decimal_parsing": tr_later("a number"),
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", tr_later("has to be greater than {limit}")),
    "greater_than_equal": ("ge", tr_later("has to be {limit} or more")),
    "too_short": ("min_length", tr_later("has too few entries: at least {limit}")),
    "too_long": ("max_length", tr_later("has too many entries: at most {limit}")),
    "string_too_short": ("min_length", tr_later("has too few characters: at least {limit}")),
    "string_too_long": ("max_length", tr_later("has too many characters: at most {limit}")),
    "string_pattern_mismatch": ("pattern", tr_later("has to be a text that fits {limit}")),
}


def form_findings(
    file: str, document: object, err: ValidationError, code: str, near_key: Callable[[Path], str]
) -> Iterator[Finding]:
    """A finding for each place at which a document is not as its form says; `near_key` is the hint at unknown keys."""
    errors: dict[Path, list[ErrorDetails]] = {}
    for error in err.errors(include_url=False, include_input=False):
        errors.setdefault(_place(document, error), []).append(error)
    for place, told in errors.items():
        shown = dotted(place)[:_LONGEST]
        if told[0]["type"] == "extra_forbidden":
            yield Finding("error", "unknown_key", tr("unknown key"), file, column=shown, hint=near_key(told[0]["loc"]))
        else:
            yield Finding("error", code, _message(told), file, column=shown)


def dotted(place: Sequence[int | str]) -> str:
    """A place as TOML writes it: keys with dots between them, in quotes where they are not plain."""
    keys = (part if isinstance(part, str) and _PLAIN.fullmatch(part) else _shown(part) for part in place)
    return ".".join(keys)


def _shown(part: int | str) -> str:
    if isinstance(part, int):
        return str(part)
    text = part.encode("unicode_escape").decode() if not part.isprintable() else part
    return '"' + text.replace('"', '\\"') + '"'


def _place(document: Any, error: ErrorDetails) -> Path:
    """Where the fault stands in the document.

    What is tried there is no key, and an entry that stands for a list of it alone has no place in one.
    """
    found: list[int | str] = []
    for part in error["loc"]:
        if isinstance(part, int) and not isinstance(document, list):
            continue
        if part not in _keys(document):
            return (*found, part) if error["type"] == "missing" else tuple(found)
        found.append(part)
        document = document[part]
    return tuple(found)


def _keys(document: object) -> Collection[int | str]:
    """The keys of a table, the places of a list; nothing else has any."""
    if isinstance(document, Mapping):
        return document.keys()
    return range(len(document)) if isinstance(document, list) else ()


def _message(told: Sequence[ErrorDetails]) -> str:
    """What is wrong at a place, where several kinds of values may be tried."""
    first = told[0]
    kinds = [kind for error in told for kind in _kinds(error)]
    if kinds:
        return tr("has to be {kinds}", kinds=either(dict.fromkeys(kinds)))
    if first["type"] == "missing":
        return tr("is missing")
    if first["type"] in _LIMITS:
        key, sentence = _LIMITS[first["type"]]
        return tr(sentence, limit=first["ctx"][key])
    return first["msg"].removeprefix("Value error, ")


def _kinds(error: ErrorDetails) -> list[str]:
    """The kinds of values that would have been right."""
    if error["type"] == "literal_error":
        return [repr(word) for word in _QUOTED.findall(error["ctx"]["expected"])]
    return [tr(_KINDS[error["type"]])] if error["type"] in _KINDS else []
