"""What a cell of any table may say: the words for missing, true and false, the types, and what looks like a formula."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import get_args

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.model import PropertyType

MISSING = frozenset(
    {
        "na", "n/a", "n.a.", "#n/a", "nan", "<na>", "null", "none", "nil", "missing", "缺失", "无",
        "-", "--", "–", "—", "——", ".", "..", "...", "…", "……", ":", "*",
    }
)  # fmt: skip
"""Texts that programs and people write for a missing value, in lower case: R NA, Stata a point, Eurostat a colon."""

TRUE, FALSE = ("true", "yes", "y", "1", "是", "有"), ("false", "no", "n", "0", "否", "无")
"""Texts for the truth values, in lower case; one for false is a missing value where no truth value is expected."""

ARROW: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
"""The type of a column that holds a property of the model."""

PROPERTY_TYPES: Mapping[pa.DataType, PropertyType] = {ARROW[name]: name for name in get_args(PropertyType)}

# written out, for the engines of Arrow and Python do not agree on what \s is
_SPACE = "[\t\n\x0b\f\r \x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]"
_FORMULA = f"^(?:{_SPACE}*[=+\\-@＝＋－＠﹦﹢﹣﹫⁼⁺₌₊⩵⩶﬩]|[\t\r])"
_NUMBER = r"^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$"


def is_missing(text: str) -> bool:
    """Whether a text says that there is no value; an empty one does."""
    return not text or text.casefold() in MISSING


def says_missing(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where a cell says nan, NULL, N/A or the like in place of being blank; null where it is blank."""
    return pc.is_in(pc.utf8_lower(texts), value_set=pa.array(sorted(MISSING)), skip_nulls=True)


def escaped(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula (OWASP, CSV injection).

    What is typed as a number may not be given: -5 is no formula, and as a text it is taken for one. Full-width signs
    and their like (Unicode NFKC) count, for Excel reads them as the ordinary ones.
    """
    return f"'{text}" if _is_formula(text) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return text[1:] if text.startswith("'") and _is_formula(text[1:]) else text


def escape_formulas(table: pa.Table, *, numbers: bool = False) -> pa.Table:
    """The table with every text, names of columns too, as `escaped` writes it; with `numbers` but for plain numbers.

    The latter is for tables whose columns are all texts because nobody has typed them yet.
    """
    columns = [_escaped(column, numbers) if pa.types.is_string(column.type) else column for column in table.columns]
    return pa.Table.from_arrays(columns, names=list(map(escaped, table.column_names)))


def _escaped(texts: pa.ChunkedArray, numbers: bool) -> pa.ChunkedArray:
    formula = pc.match_substring_regex(texts, _FORMULA)
    if numbers:
        formula = pc.and_not(formula, pc.match_substring_regex(texts, _NUMBER))
    return pc.if_else(formula, pc.binary_join_element_wise("'", texts, ""), texts)


def _is_formula(text: str) -> bool:
    return re.match(_FORMULA, text) is not None
