"""Columns out of nested records by dotted paths: `title`, `geo.country`, `authorships[].institutions[].id`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ecosystem.errors import mended
from ecosystem.messages import tr

ITEM = "\ufdd0"
"""What stands between the elements of a list in one cell: a code that is no character of any text.

U+001F would be taken for white space by whatever trims cells, and blank elements at the ends would be lost.
"""

LIST = "[]"
_MOST_DIGITS = 40
_POWER = re.compile(r"[^eE]{1,400}[eE][-+]?[0-9]{1,3}")  # a larger one is not for people
_ONE_PART = r"([^.\[\]]+)((?:\[(?:[0-9]{1,9}|[^\[\]=]+=[^\[\]]*)?\])*)"
_PATH = re.compile(rf"{_ONE_PART}(?:\.{_ONE_PART})*")
_PART = re.compile(rf"{_ONE_PART}(?:\.|$)")
_BRACKETS = re.compile(r"\[([^\]]*)\]")


class RecordFaultError(ValueError):
    """Why one record cannot be read; the others can."""


Opener = str | int | tuple[str, str]
"""How a list is opened: all of it (the empty text), one element by its place, the first that says a text at a key."""


@dataclass(frozen=True, slots=True)
class Step:
    """A key of a path, how the lists behind it are opened, and what is left of the path from the key on."""

    key: str
    openers: tuple[Opener, ...]
    rest: str


def steps_of(path: str) -> list[Step]:
    """The steps of a path: `names[].value`, `title[0]`, `names[types=label].value`, `date-parts[0][0]`.

    A path of another form is one key.
    """
    if not _PATH.fullmatch(path):
        return [Step(path, (), path)] if path else []
    steps = []
    for hit in _PART.finditer(path):
        openers = tuple(_opener(inner) for inner in _BRACKETS.findall(hit[2]))
        steps.append(Step(hit[1], openers, path[hit.start() :]))
    return steps


def _opener(inner: str) -> Opener:
    key, said, text = inner.partition("=")
    if said:
        return key, text
    return int(inner) if inner else ""


def values_at(node: Any, steps: Sequence[Step], path: str) -> list[Any]:
    """What a path leads to in an object: one value without lists on the way, as many as the lists have with them.

    RecordFaultError where something on the way is not what the path takes it for.
    """
    nodes = [node]
    for step in steps:
        if step.rest != step.key and len(nodes) == 1 and isinstance(nodes[0], Mapping) and step.rest in nodes[0]:
            return [nodes[0][step.rest]]  # a key with dots or brackets in it
        nodes = [_under(one, step.key, path) for one in nodes]
        for opener in step.openers:
            nodes = [element for one in nodes for element in _opened(_elements(one, step.key, path), opener)]
    return nodes


def _opened(elements: Sequence[Any], opener: Opener) -> Sequence[Any]:
    if opener == "":
        return elements
    if isinstance(opener, int):
        return [elements[opener] if opener < len(elements) else None]
    key, text = opener[0], opener[1]
    return [next((one for one in elements if isinstance(one, Mapping) and _says(one.get(key), text)), None)]


def _says(value: Any, text: str) -> bool:
    if isinstance(value, list):
        return any(_says(one, text) for one in value)
    return not isinstance(value, Mapping) and value is not None and text_of_value(value, text) == text


def _under(node: Any, key: str, path: str) -> Any:
    if isinstance(node, Mapping):
        return node.get(key)
    if node is None:
        return None
    raise RecordFaultError(
        tr("{path}: {kind} where an object with {key!r} should be", path=path, kind=kind_of_value(node), key=key)
    )


def _elements(node: Any, key: str, path: str) -> Sequence[Any]:
    if isinstance(node, list):
        return node
    if node is None:
        return ()
    raise RecordFaultError(tr("{path}: {key!r} is {kind}, not a list", path=path, key=key, kind=kind_of_value(node)))


def kind_of_value(node: Any) -> str:
    """What a value is, in words."""
    if isinstance(node, Mapping):
        return tr("an object")
    if isinstance(node, list):
        return tr("a list")
    return tr("the text {text!r}", text=str(node)[:40])


def text_of_value(value: Any, path: str) -> str:
    """A single value as text: whole numbers without a fraction, true and false, ISO dates, nothing for null.

    RecordFaultError for an object, a list, or a text that cannot be written.
    """
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value, path)
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return "" if value != value else plain_number(str(value))  # noqa: PLR0124 - NaN is what differs from itself
    return _odd_text(value, path)


def _odd_text(value: Any, path: str) -> str:
    if isinstance(value, Mapping):
        keys = ", ".join(f"{path}.{key}" for key in list(value)[:5])
        raise RecordFaultError(tr("{path} is an object, not a text: take one of {keys}", path=path, keys=keys))
    if isinstance(value, list):
        raise RecordFaultError(tr("{path} is a list, not a text: write {list}", path=path, list=path + LIST))
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as err:
            raise RecordFaultError(tr("{path} has bytes that are no text", path=path)) from err
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)


def _check_text(text: str, path: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as err:
        raise RecordFaultError(
            tr("{path} has a half of a character: {text}", path=path, text=mended(text[err.start : err.end]))
        ) from err
    if ITEM in text:
        raise RecordFaultError(tr("{path} has the code U+FDD0, which is no character", path=path))


def plain_number(text: str) -> str:
    """A number as people write it: 2023.0 is 2023, 1e5 is 100000; others are as they stand."""
    if text.endswith(".0"):
        return text[:-2]
    if _POWER.fullmatch(text):
        number = Decimal(text)
        if abs(number.adjusted()) < _MOST_DIGITS:
            plain = f"{number:f}"
            return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return text
