"""The words for types: of values, of nodes and links, of the lists, maps and paths that hold them.

A type is a text. The plain ones are the model's: string, integer, float, boolean, date; besides them datetime (a moment
in UTC), localdatetime (one without a time zone) and duration; `node` and `link` of a variable, whose labels its
bindings say; `null` of what is never there; `unknown` of what fits everything. `list of integer` holds integers. A node
that is computed says what it may be, as in `node Company|Investor`, and so does a link, and a list of them: `list of
node Company`. A map says what each key holds and a path what its nodes and links may be, in JSON behind the word.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping

NUMBERS = ("integer", "float")
SCALARS = ("string", "integer", "float", "boolean", "date", "datetime", "localdatetime", "duration")
CONVERTED: Mapping[str, tuple[str, ...]] = {
    "String": ("string", "integer", "float", "boolean", "date"),
    "Integer": ("string", "integer", "float", "boolean"),
    "Float": ("string", "integer", "float"),
    "Boolean": ("string", "integer", "boolean"),
}
"""What toString, toInteger, toFloat and toBoolean can make something of."""
LABEL = "_label"
"""The name under which the label of a node and the type of a link are read, as a property that all of them have."""
START, END = "_src", "_dst"
"""The names under which the nodes at the ends of a link are read; each is the key of one."""
OF_ALL = {LABEL: "string", START: "integer", END: "integer"}
"""What is read as a property and is none, with its type."""
EVERY = "*"
"""What stands for all properties where those that are read are listed."""
_LIST, _MAP, _PATH = "list of ", "map ", "path "
_UNTOLD = ("null", "unknown")


def list_of(inside: str) -> str:
    """The type of a list of these."""
    return _LIST + inside


def is_list(kind: str) -> bool:
    """Whether it is a list."""
    return kind.startswith(_LIST)


def inside(kind: str) -> str:
    """What a list holds; `unknown` of what is no list."""
    return kind.removeprefix(_LIST) if is_list(kind) else "unknown"


def entity_of(word: str, owners: Collection[str]) -> str:
    """The type of a computed `node` or `link` that may have these labels or types."""
    return f"{word} {'|'.join(owners)}"


def is_entity(kind: str) -> bool:
    """Whether it is a node or a link."""
    return kind.split(" ", 1)[0] in ("node", "link")


def owners_of(kind: str) -> tuple[str, ...]:
    """The labels or types that a computed node or link may have."""
    _, _, told = kind.partition(" ")
    return tuple(told.split("|")) if told else ()


def map_of(fields: Mapping[str, str]) -> str:
    """The type of a map whose keys hold these."""
    return _MAP + json.dumps({key: _as_json(kind) for key, kind in fields.items()}, ensure_ascii=False)


def is_map(kind: str) -> bool:
    """Whether it is a map."""
    return kind.startswith(_MAP)


def fields_of(kind: str) -> dict[str, str]:
    """What each key of a map holds."""
    return {key: _from_json(told) for key, told in json.loads(kind.removeprefix(_MAP)).items()}


def _as_json(kind: str) -> object:
    """A type inside that of a map: a map in it is an object and no text, which would escape its quotes once a level."""
    if is_list(kind):
        return [_as_json(inside(kind))]
    return json.loads(kind.removeprefix(_MAP)) if is_map(kind) else kind


def _from_json(told: object) -> str:
    match told:
        case [within]:
            return list_of(_from_json(within))
        case dict():
            return _MAP + json.dumps(told, ensure_ascii=False)
        case _:
            return str(told)


def path_of(nodes: Collection[str], links: Collection[str]) -> str:
    """The type of a path whose nodes and links may be these."""
    return _PATH + json.dumps([list(nodes), list(links)])


def is_path(kind: str) -> bool:
    """Whether it is a path."""
    return kind.startswith(_PATH)


def nodes_of(kind: str) -> str:
    """The type of the list of a path's nodes."""
    return list_of(entity_of("node", json.loads(kind.removeprefix(_PATH))[0]))


def links_of(kind: str) -> str:
    """The type of the list of a path's links."""
    return list_of(entity_of("link", json.loads(kind.removeprefix(_PATH))[1]))


def holds_entities(kind: str) -> bool:
    """Whether it is a node, a link or a path, or a list or map with such."""
    if is_list(kind):
        return holds_entities(inside(kind))
    if is_map(kind):
        return any(map(holds_entities, fields_of(kind).values()))
    return is_entity(kind) or is_path(kind)


def word_for(kind: str) -> str:
    """The type as a message says it."""
    if is_list(kind):
        return _LIST + word_for(inside(kind))
    return kind.split(" ", 1)[0]


def common(kinds: Iterable[str]) -> str | None:
    """The one type of several values; integers beside floats are floats. None where there is none."""
    told = list(dict.fromkeys(kind for kind in kinds if kind not in _UNTOLD))
    if len(told) < 2:
        return told[0] if told else "unknown"
    if all(kind in NUMBERS for kind in told):
        return "float"
    if all(map(is_list, told)):
        within = common(map(inside, told))
        return None if within is None else list_of(within)
    for word in ("node", "link"):
        if all(kind.split(" ", 1)[0] == word for kind in told):
            owners = dict.fromkeys(owner for kind in told for owner in owners_of(kind))
            return word if word in told else entity_of(word, owners)
    if all(map(is_map, told)):
        return _common_map([fields_of(kind) for kind in told])
    if all(map(is_path, told)):
        nodes = (owner for kind in told for owner in owners_of(inside(nodes_of(kind))))
        links = (owner for kind in told for owner in owners_of(inside(links_of(kind))))
        return path_of(list(dict.fromkeys(nodes)), list(dict.fromkeys(links)))
    return None


def _common_map(maps: list[dict[str, str]]) -> str | None:
    if any(list(fields) != list(maps[0]) for fields in maps):
        return None
    found = {key: common(fields[key] for fields in maps) for key in maps[0]}
    return map_of({key: kind for key, kind in found.items() if kind}) if None not in found.values() else None
