"""The records of a YAML file: its texts as they are written, and nothing in it is run or multiplied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ecosystem.errors import did_you_mean
from ecosystem.messages import either, tr, tr_later
from ecosystem.tables.form import Block, Form, refused
from ecosystem.tables.record_paths import Found, Projection, RecordFaultError, plain_number, record_blocks
from ecosystem.tables.text_file import damage, not_text, other_encoding, text_of

_LARGEST = 1 << 26
"""How many characters a file may have: all of it is in memory at once."""
_MOST_NODES = 1 << 22
"""How many values the aliases of a file may stand for."""
_DEEPEST = 200
_TAG = "tag:yaml.org,2002:"
_ANEW = tr_later("check it with a YAML validator; texts with : or # in them stand in quotes")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def yaml_blocks(path: Path, form: Form) -> Iterator[Block]:
    """The blocks of a file that is a list of records, has one in it, or is one record in each of its documents.

    DatasetError where it is not YAML, or is more than it seems.
    """
    found = _found(path, form)
    yield from record_blocks(path.name, iter(found), Projection(form.columns, form.rows), lambda: 1.0)


def yaml_records(path: Path, form: Form) -> Iterator[Any]:
    """What the records of a file say, those at fault left out. DatasetError as above."""
    yield from (one.value for one in _found(path, form) if one.fault is None)


def _found(path: Path, form: Form) -> list[Found]:
    nodes = _documents(path, form.encoding)
    alone = len(nodes) == 1  # where a file has several documents each is a record
    return [one for node in nodes for one in _records(path.name, node, form.records, alone)]


def yaml_lists(path: Path, encoding: str) -> list[str | None]:
    """The lists of objects in a file, by their dotted keys; None where it is one, or has none."""
    names = [name for node in _documents(path, encoding) for name in _lists(node, "")]
    return [*dict.fromkeys(names)] or [None]


def _lists(node: Any, prefix: str) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if _is_records(value):
                yield f"{prefix}{key.value}"
            yield from _lists(value, f"{prefix}{key.value}.")


def _documents(path: Path, encoding: str) -> list[Any]:
    with text_of(path, encoding) as (text, _):
        try:
            content = text.read(_LARGEST + 1)
        except UnicodeError as err:
            raise other_encoding(path, encoding, 1) or not_text(path.name, encoding, 1) from err
    if len(content) > _LARGEST:
        message = tr("the file has more than {limit:,} characters", limit=_LARGEST)
        raise refused(path.name, "too_large_yaml", message, tr("write it as JSON Lines, which may be of any length"))
    if damage([content]) is not None:
        raise other_encoding(path, encoding, 1) or not_text(path.name, encoding, 1)
    try:
        nodes = [node for node in yaml.compose_all(content.removeprefix("\ufeff"), _Loader) if node is not None]
        if not nodes:
            raise refused(path.name, "empty_file", tr("the file has nothing in it"), tr("export it again"))
        _refuse_many(path.name, nodes)
    except yaml.YAMLError as err:
        mark = getattr(err, "problem_mark", None)
        reason = getattr(err, "problem", None) or str(err).splitlines()[0]
        message = tr("it is not YAML: {reason}", reason=reason)
        raise refused(path.name, "not_yaml", message, tr(_ANEW), mark and mark.line + 1) from err
    except RecursionError as err:
        raise refused(path.name, "too_deep", tr("the document is nested too deeply"), tr("is it data?")) from err
    return nodes


def _refuse_many(name: str, nodes: Sequence[Any]) -> None:
    """Raise DatasetError where aliases make a text stand for very many values, or for one within itself."""
    counts = _Counts()
    try:
        total = sum(counts.of(node, 0) for node in nodes)
    except RecordFaultError as err:
        raise refused(name, "too_deep", str(err), tr("is it data?")) from err
    if total > _MOST_NODES:
        message = tr("its aliases (*name) stand for more than {limit:,} values", limit=_MOST_NODES)
        raise refused(name, "yaml_bomb", message, tr("write out what is meant"))


@dataclass(slots=True)
class _Counts:
    """How many values a node stands for, those of its aliases among them."""

    known: dict[int, int] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)

    def of(self, node: Any, depth: int) -> int:
        if isinstance(node, yaml.ScalarNode):
            return 1
        if id(node) in self.known:
            return self.known[id(node)]
        if id(node) in self.open or depth > _DEEPEST:
            raise RecordFaultError(tr("the document is nested too deeply"))
        self.open.add(id(node))
        pairs = isinstance(node, yaml.MappingNode)
        below = [one for pair in node.value for one in pair] if pairs else node.value
        self.known[id(node)] = 1 + sum(self.of(one, depth + 1) for one in below)
        return self.known[id(node)]


def _records(name: str, node: Any, wanted: str | None, alone: bool) -> Iterator[Found]:
    for element in _elements(name, node, wanted, alone):
        line = element.start_mark.line + 1
        try:
            yield Found(line, _plain(element))
        except RecordFaultError as err:
            yield Found(line, "", str(err))


def _elements(name: str, node: Any, wanted: str | None, alone: bool) -> Sequence[Any]:
    """The nodes of the records."""
    if wanted is not None:
        node = _at(name, node, wanted)
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if not isinstance(node, yaml.MappingNode):
        raise refused(name, "no_records", tr("the file has no record in it"), tr(_ANEW), node.start_mark.line + 1)
    lists = {key.value: value for key, value in node.value if alone and _is_records(value)}
    if len(lists) > 1:
        names = either(map(repr, lists))
        message = tr("the file has several lists of records: {names}", names=names)
        raise refused(name, "several_lists", message, tr("set records = {names}", names=names))
    return next(iter(lists.values())).value if lists else [node]


def _at(name: str, node: Any, wanted: str) -> Any:
    for key in wanted.split("."):
        values = {one.value: value for one, value in node.value} if isinstance(node, yaml.MappingNode) else {}
        if key not in values:
            message = tr("the file has no list {path!r}", path=wanted)
            raise refused(name, "no_records", message, did_you_mean(key, values))
        node = values[key]
    if not isinstance(node, yaml.SequenceNode):
        message = tr("{key!r} of {path!r} is no list", key=wanted.rpartition(".")[2], path=wanted)
        raise refused(name, "no_records", message, tr("name a key whose value is a list of objects"))
    return node


def _is_records(node: Any) -> bool:
    return isinstance(node, yaml.SequenceNode) and bool(node.value) and isinstance(node.value[0], yaml.MappingNode)


def _plain(node: Any) -> Any:
    """What a node says: objects, lists, texts; nothing for null."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one) for one in node.value]
    if isinstance(node, yaml.MappingNode):
        return _object(node)
    if node.tag == f"{_TAG}null":
        return None
    if node.tag == f"{_TAG}float":
        return None if node.value.lower() == ".nan" else plain_number(node.value)
    return node.value


def _object(node: Any) -> Mapping[str, Any]:
    made: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, value in node.value:
        if key.tag == f"{_TAG}merge":
            for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                said = _plain(one)
                merged = (said if isinstance(said, dict) else {}) | merged
            continue
        if not isinstance(key, yaml.ScalarNode):
            raise RecordFaultError(tr("a key is no text, on line {line}", line=key.start_mark.line + 1))
        if key.value in made:
            raise RecordFaultError(tr("the key {key!r} is there twice in one object", key=key.value))
        made[key.value] = _plain(value)
    return merged | made
