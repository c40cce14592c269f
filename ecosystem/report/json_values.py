"""Arrays, texts and tables as JSON that a page reads: no NaN, both languages, no character that a page cannot carry."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from ecosystem.index import Text
from ecosystem.messages import in_language, said_in

Json = dict[str, Any]
Both = dict[str, str]


def clean(text: str) -> str:
    """A text without control characters and unpaired surrogates, which no page can carry."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def both(text: Text) -> Both:
    """A text in both languages."""
    return {"zh": clean(text.zh), "en": clean(text.en)}


def said(make: Callable[[], str]) -> Both:
    """What a function says, in both languages."""
    return {lang: clean(said_in(lang, make)) for lang in ("zh", "en")}


def word(english: str, context: str | None = None) -> Both:
    """A text of the catalogue in both languages."""
    return {lang: in_language(lang, english, context) for lang in ("zh", "en")}


def numbers(values: Iterable[float]) -> list[float | None]:
    """Numbers as they are, to the last digit; None where there is none."""
    array = np.asarray(list(values) if not isinstance(values, np.ndarray) else values, dtype=np.float64)
    return [value if known else None for value, known in zip(array.tolist(), np.isfinite(array).tolist(), strict=True)]


def whole_numbers(values: Iterable[float], nothing: float = 0) -> list[int | None]:
    """Ranks and counts, None for the number that stands for nothing and for NaN."""
    return [None if value is None or value == nothing else int(value) for value in numbers(values)]


def columns(frame: pd.DataFrame) -> Json:
    """A table by its columns: numbers as they are, everything else as text, None where there is nothing."""
    return {str(name): _column(frame[name]) for name in frame.columns}


def _column(series: pd.Series) -> list[Any]:
    if pd.api.types.is_bool_dtype(series):
        return [bool(value) for value in series]
    if pd.api.types.is_integer_dtype(series):
        return [None if pd.isna(value) else int(value) for value in series]
    if pd.api.types.is_numeric_dtype(series):
        return numbers(series.to_numpy(dtype=np.float64, na_value=np.nan))
    return [None if pd.isna(value) else clean(str(value)) for value in series]
