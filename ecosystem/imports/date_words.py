"""Names of months and days of the week in the languages of exports, as Unicode CLDR has them (through Babel)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale

_LANGUAGES = (
    *("en", "fr", "de", "es", "it", "pt", "nl", "sv", "nb", "da", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl"),
    *("ru", "uk", "tr", "el", "id", "vi", "et", "lv", "lt", "ca"),
)
_ALSO = {"sept": 9}
"""What people write and CLDR has not for English."""
_WORD = re.compile(r"[^\W\d_]+")


def folded(word: str) -> str:
    """A word without case, accents and points, for `août`, `aout` and `Août.` are one."""
    marks = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in marks if not unicodedata.combining(letter)).replace(".", "")


@cache
def months() -> Mapping[str, int]:
    """Name or short name of a month, folded -> its number. A word for two months (`listopad`) is none."""
    found: dict[str, set[int]] = {}
    for word, number in _words("months"):
        found.setdefault(word, set()).add(number)
    return _ALSO | {word: next(iter(numbers)) for word, numbers in found.items() if len(numbers) == 1}


@cache
def weekdays() -> frozenset[str]:
    """Names and short names of the days of the week, folded, that are no month."""
    return frozenset(word for word, _ in _words("days")) - set(months())


def _words(kind: str) -> Iterator[tuple[str, int]]:
    for language in _LANGUAGES:
        names = getattr(Locale(language), kind)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[context].get(width, {}).items():
                    yield from ((word, number) for word in _WORD.findall(folded(name)) if len(word) > 1)
