"""An index and its parts by their names, in either language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ecosystem.errors import SpecError, UsageError
from ecosystem.index import load_index


def test_an_index_is_found_by_its_title_in_either_language() -> None:
    index = load_index("cingai-2023")
    assert load_index(index.title.zh) == index == load_index(index.title.en.upper())
    with pytest.raises(SpecError, match=index.title.zh):
        load_index(index.title.zh[:-1])


def test_a_part_is_found_by_its_name_in_either_language() -> None:
    index = load_index("cingai-2023")
    part = index.leaves[5]
    assert [index.code_of(name) for name in (part.code, part.name.zh, part.name.en)] == [part.code] * 3
    assert index.code_of("nothing") == "nothing"
    twins = replace(index, indicators=(*index.indicators, replace(part, code="twin")))
    with pytest.raises(UsageError, match=f"2 parts: {part.code}, twin"):
        twins.code_of(part.name.zh)
