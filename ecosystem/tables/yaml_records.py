"""The records of a YAML file: its texts as they are written, and nothing in it is run or multiplied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ecosystem.errors import did_you_mean
from ecosystem.messages import either, tr, tr_later
from ecosystem.tables.form import Block, Form, refused
from ecosystem.tables.nested_records import Found, Projection, record_blocks
from ecosystem.tables.record_paths import plain_number
from ecosystem.tables.text_file import damage, not_text, other_encoding, text_of

_LARGEST = 1 << 26
"""How many characters a file may have: all of it is in memory at once."""
_MOST_VALUES = 1 << 22
"""How many values a file may have, those that its aliases stand for among them."""
_DEEPEST = 200
_TAG = "tag:yaml.org,2002:"
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_NULL = ("", "~", "null", "Null", "NULL")
_ANEW = tr_later("check it with a YAML validator; texts with : or # in them stand in quotes")
_AS_LINES = tr_later("write it as JSON Lines, which may be of any length")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Node:
    """An object or a list of a document, with its line, and what is wrong in it."""

    line: int = 0
    fault: str | None = None


class _Object(Node, dict[str, Any]):
    pass


class _List(Node, list[Any]):
    pass


def yaml_blocks(path: Path, form: Form) -> Iterator[Block]:
    """The blocks of a file that is a list of records, has one in it, or is one record in each of its documents.

    DatasetError where it is not YAML, or is more than it seems.
    """
    found = _found(path, form)
    yield from record_blocks(path.name, iter(found), Projection(form.columns, form.rows), lambda: 1.0)


def yaml_records(path: Path, form: Form) -> Iterator[Any]:
    """What the records of a file say, those at fault left out. DatasetError as above."""
    yield from (one.value for one in _found(path, form) if one.fault is None)


def yaml_lists(path: Path, encoding: str) -> list[str | None]:
    """The lists of objects in a file, by their dotted keys; None where it is one, or has none."""
    documents = _documents(path, encoding)
    names = [name for document in documents for name in _lists(document, "")] if len(documents) == 1 else []
    return [*dict.fromkeys(names)] or [None]


def _lists(node: Any, prefix: str) -> Iterator[str]:
    if isinstance(node, _Object):
        for key, value in node.items():
            if _is_records(value):
                yield f"{prefix}{key}"
            yield from _lists(value, f"{prefix}{key}.")


def _found(path: Path, form: Form) -> list[Found]:
    documents = _documents(path, form.encoding)
    alone = len(documents) == 1  # where a file has several documents each is a record
    records = [one for document in documents for one in _elements(path.name, document, form.records, alone)]
    return [Found(getattr(one, "line", 0), one, getattr(one, "fault", None)) for one in records]


def _elements(name: str, document: Any, wanted: str | None, alone: bool) -> Sequence[Any]:
    """The records of a document."""
    if wanted is not None:
        return _at(name, document, wanted)
    if isinstance(document, _List):
        return document
    if not isinstance(document, _Object):
        raise refused(name, "no_records", tr("the file has no record in it"), tr(_ANEW))
    lists = {key: value for key, value in document.items() if alone and _is_records(value)}
    if len(lists) > 1:
        names = either(map(repr, lists))
        message = tr("the file has several lists of records: {names}", names=names)
        raise refused(name, "several_lists", message, tr("set records = {names}", names=names))
    return next(iter(lists.values())) if lists else [document]


def _at(name: str, node: Any, wanted: str) -> Sequence[Any]:
    for key in wanted.split("."):
        if not isinstance(node, _Object) or key not in node:
            message = tr("the file has no list {path!r}", path=wanted)
            raise refused(name, "no_records", message, did_you_mean(key, node if isinstance(node, _Object) else ()))
        node = node[key]
    if not isinstance(node, _List):
        message = tr("{key!r} of {path!r} is no list", key=wanted.rpartition(".")[2], path=wanted)
        raise refused(name, "no_records", message, tr("name a key whose value is a list of objects"))
    return node


def _is_records(node: Any) -> bool:
    return isinstance(node, _List) and bool(node) and isinstance(node[0], _Object)


def _documents(path: Path, encoding: str) -> list[Any]:
    with text_of(path, encoding) as (text, _):
        try:
            content = text.read(_LARGEST + 1)
        except UnicodeError as err:
            raise other_encoding(path, encoding, 1) or not_text(path.name, encoding, 1) from err
    if len(content) > _LARGEST:
        message = tr("the file has more than {limit:,} characters", limit=_LARGEST)
        raise refused(path.name, "too_large_yaml", message, tr(_AS_LINES))
    if damage([content]) is not None:
        raise other_encoding(path, encoding, 1) or not_text(path.name, encoding, 1)
    try:
        # events, not nodes: what composes nodes crashes where they are nested very deeply
        documents = list(_Builder(path.name).documents(yaml.parse(content.removeprefix("\ufeff"), _Loader)))
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        reason = getattr(err, "problem", None) or str(err).splitlines()[0]
        message = tr("it is not YAML: {reason}", reason=reason)
        raise refused(path.name, "not_yaml", message, tr(_ANEW), mark.line + 1 if mark else None) from err
    if not documents:
        raise refused(path.name, "empty_file", tr("the file has nothing in it"), tr("export it again"))
    return documents


@dataclass(slots=True)
class _Open:
    """An object or list whose end is not there yet, its name for aliases, and how many values it stands for."""

    node: _Object | _List
    anchor: str | None
    size: int = 1
    key: str | None = None
    merged: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Builder:
    """Makes objects, lists and texts of what a parser tells, as far as the limits go."""

    name: str
    size: int = 0
    stack: list[_Open] = field(default_factory=list)
    known: dict[str, tuple[Any, int]] = field(default_factory=dict)

    def documents(self, events: Iterable[Any]) -> Iterator[Any]:
        """What each document says that says anything. DatasetError where it is more than it seems."""
        for event in events:
            closed: tuple[Any, int] | None = None
            if isinstance(event, yaml.ScalarEvent):
                closed = self._scalar(event)
            elif isinstance(event, yaml.AliasEvent):
                closed = self._alias(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                closed = self._close()
            elif isinstance(event, yaml.DocumentStartEvent):
                self.known.clear()
            if closed is not None:
                self._count(closed[1] if isinstance(event, yaml.AliasEvent) else 1, event)
                if self.stack:
                    self._put(self.stack[-1], *closed, event)
                elif closed[0] is not None:
                    yield closed[0]

    def _scalar(self, event: Any) -> tuple[Any, int]:
        if event.anchor:
            self.known[event.anchor] = (_text(event), 1)
        return _text(event), 1

    def _alias(self, event: Any) -> tuple[Any, int]:
        if event.anchor not in self.known:
            message = tr("the alias *{name} stands for nothing that is whole", name=event.anchor)
            raise refused(self.name, "not_yaml", message, tr(_ANEW), event.start_mark.line + 1)
        return self.known[event.anchor]

    def _open(self, event: Any) -> None:
        if len(self.stack) >= _DEEPEST:
            message = tr("the document is nested too deeply")
            raise refused(self.name, "too_deep", message, tr("is it data?"), event.start_mark.line + 1)
        node: _Object | _List = _Object() if isinstance(event, yaml.MappingStartEvent) else _List()
        node.line = event.start_mark.line + 1
        self.stack.append(_Open(node, event.anchor))

    def _close(self) -> tuple[Any, int]:
        last = self.stack.pop()
        if isinstance(last.node, _Object):
            for key, value in last.merged.items():
                last.node.setdefault(key, value)
        if last.anchor:
            self.known[last.anchor] = (last.node, last.size)
        return last.node, last.size

    def _put(self, last: _Open, value: Any, size: int, event: Any) -> None:
        node = last.node
        last.size += size
        if isinstance(value, Node) and node.fault is None:
            node.fault = value.fault
        if isinstance(node, _List):
            node.append(value)
        elif last.key is None:
            if isinstance(event, yaml.ScalarEvent):
                last.key = "<<" if event.implicit[0] and event.value == "<<" else f"={event.value}"
            else:
                last.key = ""
                node.fault = node.fault or tr("a key is no text, on line {line}", line=event.start_mark.line + 1)
        else:
            key, last.key = last.key, None
            if key == "<<":
                for one in value if isinstance(value, _List) else [value]:
                    last.merged |= {**(one if isinstance(one, _Object) else {}), **last.merged}
            elif key[1:] in node:
                node.fault = node.fault or tr("the key {key!r} is there twice in one object", key=key[1:])
            else:
                node[key[1:]] = value

    def _count(self, size: int, event: Any) -> None:
        self.size += size
        if self.size > _MOST_VALUES:
            message = tr("it has, or its aliases (*name) stand for, more than {limit:,} values", limit=_MOST_VALUES)
            raise refused(self.name, "yaml_bomb", message, tr(_AS_LINES), event.start_mark.line + 1)


def _text(event: Any) -> str | None:
    """What a single value says: a text as it is written, nothing for null."""
    text = str(event.value)
    if event.tag == f"{_TAG}null" or (event.implicit[0] and text in _NULL):
        return None
    if event.tag == f"{_TAG}float" or event.implicit[0]:
        if text.lower() == ".nan":
            return None
        return plain_number(text) if _NUMBER.fullmatch(text) else text
    return text
