"""One list of words and one escape for every room: a cell means the same in a dataset, an index and an import."""

from __future__ import annotations

import pyarrow as pa
import pytest

from ecosystem.tables.words import (
    ARROW,
    FALSE,
    MISSING,
    PROPERTY_TYPES,
    TRUE,
    escape_formulas,
    escaped,
    is_missing,
    says_missing,
    unescaped,
)

FORMULAS = ("=1+1", "+86", "-", "@SUM(A1)", " =1", "\t=1", "\n=1", "\u3000=1", "＝1", "＋1", "－1", "＠1", "\tx", "\rx")
HARMLESS = ("", "a=b", "1-2", "'", "中文", "x@y.z", " x")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_escaped_by_both_engines_and_read_back(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert unescaped(escaped(text)) == text
    assert escape_formulas(pa.table({"a": [text]}))["a"].to_pylist() == [f"'{text}"]


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays(text: str) -> None:
    assert escaped(text) == unescaped(text) == text
    assert escape_formulas(pa.table({"a": [text]}))["a"].to_pylist() == [text]


def test_numbers_stay_where_nothing_is_typed_yet() -> None:
    table = pa.table({"a": ["-5", "+1.5e3", "-5 people", None], "b": [-5, 1, 2, 3]})
    assert escape_formulas(table, numbers=True)["a"].to_pylist() == ["-5", "+1.5e3", "'-5 people", None]
    assert escape_formulas(table)["a"].to_pylist() == ["'-5", "'+1.5e3", "'-5 people", None]
    assert escape_formulas(table)["b"].to_pylist() == [-5, 1, 2, 3]


def test_missing_is_the_same_for_a_text_and_a_column() -> None:
    texts = ["NA", "n/a", "NaN", "Null", "…", "缺失", "0", "nano", "", None]
    column = says_missing(pa.chunked_array([texts], pa.string())).fill_null(True).to_pylist()
    assert [is_missing(text or "") for text in texts] == [True] * 6 + [False, False, True, True]
    assert column == [True] * 6 + [False, False, False, False]


def test_words_are_folded_and_mean_one_thing() -> None:
    assert all(word == word.casefold() for word in (*MISSING, *TRUE, *FALSE))
    assert not set(TRUE) & set(FALSE)
    assert not set(TRUE) & MISSING
    assert {PROPERTY_TYPES[ARROW[name]] for name in ARROW} == set(ARROW)
