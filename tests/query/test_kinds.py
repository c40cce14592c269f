"""The words for types."""

from __future__ import annotations

from functools import reduce

import pytest

from ecosystem.query.kinds import common, fields_of, list_of, map_of, path_of, word_for

PATH = path_of(["Company"], ["ENABLES"])


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"a": "integer", "名": "node Company|Investor"},
        {"a": list_of(list_of("string")), "b": map_of({"c": list_of(map_of({"d": PATH}))})},
        {"a": PATH, "b": list_of(PATH)},
    ],
)
def test_a_map_says_what_its_keys_hold(fields: dict[str, str]) -> None:
    kind = map_of(fields)
    assert fields_of(kind) == fields
    assert fields_of(map_of({"m": kind}))["m"] == kind
    assert word_for(kind) == "map"


def test_maps_in_maps_grow_by_what_each_adds() -> None:
    deep = reduce(lambda within, _: map_of({"a": within}), range(40), "integer")
    assert len(deep) < 1_000
    assert common([deep, deep]) == deep
