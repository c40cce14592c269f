"""Places of texts, held against a dict of Python's."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem.dataset import text_index
from ecosystem.dataset.text_index import TextIndex, all_differ, text_numbers

quick = settings(max_examples=60, deadline=None)
LONG = st.integers(0, 20).map(lambda number: "x" * 300 + str(number))  # alike in all bytes that make the number
TEXTS = st.one_of(
    st.none(), st.text(max_size=20), st.sampled_from(["", "c1", "12345678", "123456789", "企业一", "\0"]), LONG
)


def places(added: list[list[str | None]], asked: list[str | None]) -> list[int]:
    index = TextIndex()
    for texts in added:
        index.add(pa.array(texts, pa.string()))
    return list(map(int, index.places(pa.chunked_array([pa.array(asked, pa.string())]))))


def places_by_hand(added: list[list[str | None]], asked: list[str | None]) -> list[int]:
    first: dict[str, int] = {}
    for place, text in enumerate(text for texts in added for text in texts):
        if text is not None:
            first.setdefault(text, place)
    return [-1 if text is None else first.get(text, -1) for text in asked]


@quick
@given(st.lists(st.lists(TEXTS, max_size=12), max_size=4), st.lists(TEXTS, max_size=12))
def test_a_text_is_found_where_it_was_added_first(added: list[list[str | None]], asked: list[str | None]) -> None:
    asked += [text for texts in added for text in texts]
    assert places(added, asked) == places_by_hand(added, asked)


def test_texts_with_the_same_number_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_index, "_mixed", lambda numbers, words, left: numbers * 0)
    added: list[list[str | None]] = [["a", "b", None], ["c", "a"]]
    assert places(added, ["c", "b", None, "d", "a"]) == [3, 1, -1, -1, 0]
    assert all_differ(pa.chunked_array([["a", "b"], ["c"]]))


@quick
@given(st.lists(TEXTS, max_size=30))
def test_repeated_texts_are_noticed(texts: list[str | None]) -> None:
    known = [text for text in texts if text is not None]
    assert all_differ(pa.chunked_array([pa.array(texts, pa.string())])) == (len(set(known)) == len(known))


def test_the_number_of_a_text_does_not_depend_on_what_stands_beside_it() -> None:
    texts = pa.array([f"企业 {number}" * (number % 5) for number in range(40_000)])
    whole = text_numbers(texts)
    assert (text_numbers(texts.slice(17_001, 5)) == whole[17_001:17_006]).all()
    assert (text_numbers(pa.chunked_array([texts.slice(0, 9), texts.slice(9)])) == whole).all()


def test_the_numbers_of_many_texts_differ() -> None:
    texts = pa.array([f"{kind}{number}" for kind in ("C", "I00", "organisation-") for number in range(50_000)])
    assert len(set(text_numbers(texts).tolist())) == len(texts)


def test_texts_whose_numbers_begin_alike_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_index, "_mixed", lambda numbers, words, left: words & text_index._LOW_BYTES[2])
    added: list[list[str | None]] = [[f"{number:02}" for number in range(100)]]
    asked: list[str | None] = ["07", "99", "x", "00"]
    assert places(added, asked) == [7, 99, -1, 0]
