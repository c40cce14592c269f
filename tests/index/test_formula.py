"""Formulas of columns: what they give, beside Python's own arithmetic, and everything that is no formula."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.index.formula import DEEPEST, FormulaError, compute, read_formula

COLUMNS = {
    "a": np.array([1.0, 2.0, np.nan, 4.0]),
    "b": np.array([8.0, 0.5, 3.0, 2.0]),
    "人口": np.array([10.0, 20.0, 30.0, 40.0]),
    "patents granted, 2022 [all]": np.array([5.0, 6.0, 7.0, 8.0]),
}
leaf = st.sampled_from(["a", "b", "2", "0.5", "1e1", "7."])
sums = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", " ** "]), inner).map("".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-{text}"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda call: f"{call[0]}({call[1]}, {call[2]})"),
        inner.map(lambda text: f"abs({text})"),
    ),
    max_leaves=8,
)


@given(sums, st.floats(0.1, 4), st.floats(0.1, 4))
def test_precedence_and_values_are_those_of_python(text: str, a: float, b: float) -> None:
    try:
        known = {"__builtins__": {}, "a": a, "b": b, "min": min, "max": max, "abs": abs}
        wanted = float(eval(text, known))  # noqa: S307  # the judge: the text is of this test's own making
    except (ZeroDivisionError, OverflowError, TypeError):  # the last: a root of a negative number is complex there
        wanted = math.nan
    if not math.isfinite(wanted):
        return
    found, undefined = compute(read_formula(text), {"a": np.array([a]), "b": np.array([b])})
    assert not undefined
    np.testing.assert_allclose(found, wanted, rtol=1e-9)


def test_names_of_any_script_and_names_in_brackets() -> None:
    found, _ = compute(read_formula("[patents granted, 2022 [all]]] / 人口 * 1000"), COLUMNS)
    np.testing.assert_allclose(found, [500, 300, 700 / 3, 200])
    assert read_formula("min([b], 人口) + b").columns == ("b", "人口")


def test_what_is_missing_stays_missing_and_what_is_undefined_is_told() -> None:
    found, undefined = compute(read_formula("ln(a - 2) + b"), COLUMNS)
    np.testing.assert_allclose(found, [np.nan, np.nan, np.nan, math.log(2) + 2])
    assert [(list(one.where), list(one.value[one.where])) for one in undefined] == [
        ([True, True, False, False], [-1.0, 0.0])
    ]


@pytest.mark.parametrize(
    ("text", "words", "hint"),
    [
        ("", "is blank", "write one"),
        ("  ", "is blank", "write one"),
        ("a +", "ends too early", "closing bracket"),
        ("(a", "ends too early", "closing bracket"),
        ("a b", "'b' is out of place", "square brackets"),
        ("a ? b", r"cannot be read from '\? b' on", "square brackets"),
        ("2a", "cannot be read from '2a' on", "square brackets"),
        ("a.b", r"cannot be read from '\.b' on", "square brackets"),
        ("log(a)", "no function 'log'", "'log10'"),
        ("__import__('os')", "cannot be read from", "square brackets"),
        ("ln(a, b)", "takes one value, not 2", "ln"),
        ("[a", "cannot be read from", "square brackets"),
        ("(" * 60 + "a" + ")" * 60, f"more than {DEEPEST}", "simplify"),
        ("-" * 100_000 + "a", f"more than {DEEPEST}", "simplify"),
    ],
)
def test_what_is_no_formula(text: str, words: str, hint: str) -> None:
    with pytest.raises(FormulaError, match=words) as caught:
        read_formula(text)
    assert hint in caught.value.hint


def test_a_column_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(FormulaError, match="no column 'populaton'") as caught:
        compute(read_formula("populaton / a"), {"population": COLUMNS["a"], "a": COLUMNS["a"]})
    assert "'population'" in caught.value.hint
