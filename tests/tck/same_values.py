"""Whether what an engine gave is what a scenario expects: types, order and entities as the suite means them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from typing import TypeVar

from entity_values import LinkValue, NodeValue, PathValue

T = TypeVar("T")
Known = Mapping[str, NodeValue | LinkValue]


def same_rows(
    expected: Sequence[Sequence[object]],
    got: Sequence[Sequence[object]],
    known: Known,
    *,
    ordered: bool,
    any_list_order: bool,
) -> bool:
    """Whether these are the same rows, as often. `known` are the entities behind ids."""
    if len(expected) != len(got):
        return False

    def same_row(one: Sequence[object], other: Sequence[object]) -> bool:
        return all(same(left, right, known, any_list_order) for left, right in zip(one, other, strict=True))

    if ordered:
        return all(map(same_row, expected, got))
    return _matched(expected, got, same_row)


def same(expected: object, got: object, known: Known, any_list_order: bool = False) -> bool:
    """Whether a value is the expected one: an integer is no float, not-a-number is itself, an id is its entity."""
    got = as_meant(expected, got, known)
    match expected:
        case list():
            return isinstance(got, list) and _same_lists(expected, got, known, any_list_order)
        case dict():
            return isinstance(got, dict) and _same_maps(expected, got, known, any_list_order)
        case float():
            return isinstance(got, float) and (
                math.isclose(expected, got, rel_tol=1e-12) or (math.isnan(expected) and math.isnan(got))
            )
        case NodeValue():
            return isinstance(got, NodeValue) and expected.labels == got.labels and _same_properties(expected, got)
        case LinkValue():
            return isinstance(got, LinkValue) and expected.kind == got.kind and _same_properties(expected, got)
        case PathValue():
            return isinstance(got, PathValue) and _same_paths(expected, got)
        case _:
            return type(expected) is type(got) and expected == got


def as_meant(expected: object, got: object, known: Known) -> object:
    """What was given, in the form that is expected: ids as entities or paths, JSON as a list or map, dates as texts."""
    if isinstance(expected, list | dict | PathValue) and isinstance(got, str):
        with suppress(ValueError):
            got = json.loads(got)
    if isinstance(expected, str) and isinstance(got, date | time):
        return _temporal(got)
    if isinstance(expected, NodeValue | LinkValue) and isinstance(got, str):
        return known.get(got, got)
    if isinstance(expected, PathValue) and isinstance(got, list):
        return path_of(got, known)
    return got


def path_of(ids: Sequence[object], known: Known) -> object:
    """The path that the ids of a node, a link, a node and so on make; the ids where they make none."""
    entities = [known.get(str(each)) for each in ids]
    nodes = [each for each in entities[::2] if isinstance(each, NodeValue)]
    links = [each for each in entities[1::2] if isinstance(each, LinkValue)]
    if len(nodes) + len(links) != len(entities) or len(nodes) != len(links) + 1:
        return list(ids)
    forward = tuple(link.source == node.key for link, node in zip(links, nodes, strict=False))
    return PathValue(tuple(nodes), tuple(links), forward)


def _temporal(value: date | time) -> str:
    """A date or time as the suite writes it: UTC is Z, seconds and their last digits are left out where they are 0."""
    text = value.isoformat()
    if not isinstance(value, datetime | time):
        return text
    zone = "Z" if text.endswith("+00:00") else ""
    text = text.removesuffix("+00:00")
    if not (value.second or value.microsecond):
        return text.removesuffix(":00") + zone
    return (text.rstrip("0") if value.microsecond else text) + zone


def _same_lists(expected: list[object], got: list[object], known: Known, any_list_order: bool) -> bool:
    def same_item(one: object, other: object) -> bool:
        return same(one, other, known, any_list_order)

    if len(expected) != len(got):
        # the keys of an entity have its id among them, which is a property of ours
        got = [item for item in got if item != "id"] if "id" not in expected else got
    if len(expected) != len(got):
        return False
    return _matched(expected, got, same_item) if any_list_order else all(map(same_item, expected, got))


def _same_maps(expected: dict[str, object], got: dict[str, object], known: Known, any_list_order: bool) -> bool:
    if "id" not in expected and got.get("id") in known:
        got = {name: value for name, value in got.items() if name != "id"}
    return expected.keys() == got.keys() and all(
        same(value, got[name], known, any_list_order) for name, value in expected.items()
    )


def _same_properties(expected: NodeValue | LinkValue, got: NodeValue | LinkValue) -> bool:
    one, other = dict(expected.properties), dict(got.properties)
    return one.keys() == other.keys() and all(same(value, other[name], {}) for name, value in one.items())


def _same_paths(expected: PathValue, got: PathValue) -> bool:
    if (len(expected.nodes), expected.forward) != (len(got.nodes), got.forward):
        return False
    pairs = [*zip(expected.nodes, got.nodes, strict=True), *zip(expected.links, got.links, strict=True)]
    return all(same(one, other, {}) for one, other in pairs)


def _matched(expected: Sequence[T], got: Sequence[T], same_each: Callable[[T, T], bool]) -> bool:
    """Whether each expected thing has one of its own among those that were given."""
    left = list(got)
    for wanted in expected:
        at = next((number for number, each in enumerate(left) if same_each(wanted, each)), None)
        if at is None:
            return False
        del left[at]
    return not left
