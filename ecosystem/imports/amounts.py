"""Amounts of money as people write them, in millions of one currency."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ecosystem.imports.cell_language import Money
from ecosystem.imports.cell_values import SPACE, UnreadableError, shortened
from ecosystem.imports.numbers import finite
from ecosystem.messages import tr

THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:\D|$))")
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_TERM = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿]*)")
_TERMS = re.compile(r"(?:\d+(?:\.\d+)?[十百千万亿]+)*(?:\d+(?:\.\d+)?)?")
_UNITS_ALONE = re.compile("[十百千万亿]+")
_MILLION = Decimal(10**6)


@dataclass(frozen=True, slots=True)
class Amount:
    """Millions of CNY, None where nobody knows; `vague` where the text is rough ("数百万") and the number a reading."""

    cny_m: float | None
    vague: bool = False


def amount(text: str, money: Money) -> Amount:
    """An amount of money, e.g. `500万人民币`, `1.5亿`, `数百万美元`, `近千万元`, `未透露人民币`, in millions of CNY.

    The words come from the mapping: currencies with their rates, vague and unknown amounts. Reckoned in decimals, so
    that `1.1亿` is 110 exactly.
    """
    plain = THOUSANDS.sub("", SPACE.sub("", unicodedata.normalize("NFKC", text)))
    if plain in money.unknown:
        return Amount(None)
    rest, currency = _currency(plain, money)
    if rest in money.unknown:
        return Amount(None)
    if currency is None:
        raise UnreadableError(
            tr(
                "{text} names no currency that the mapping knows ({currencies})",
                text=shortened(text),
                currencies=", ".join(money.currencies),
            )
        )
    rate = money.currencies[currency] / _MILLION
    if rest in money.vague:
        return Amount(float(money.vague[rest] * rate), vague=True)
    exact = _without(rest, money.about)
    units = _units(exact)
    if units is None:
        raise UnreadableError(
            tr(
                "{text} is not an amount: {rest} is neither a number nor a word of [money]",
                text=shortened(text),
                rest=shortened(rest),
            )
        )
    return Amount(finite(float(units * rate), text), vague=exact != rest)


def _currency(text: str, money: Money) -> tuple[str, str | None]:
    """The text without its currency, and the currency: the longest word of the mapping at its end or its beginning.

    A currency that is said twice counts once: 万元人民币, 美元美元.
    """
    found: str | None = None
    while word := next((word for word in _longest_first(money.currencies) if _has(text, word, found, money)), None):
        text = text.removesuffix(word) if text.endswith(word) else text.removeprefix(word)
        found = found or word
    return text, found or money.default


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _has(text: str, word: str, found: str | None, money: Money) -> bool:
    """Whether the text begins or ends with a word for the same money as the one that was found."""
    same = found is None or money.currencies[word] == money.currencies[found]
    return (same and text.endswith(word)) or (found is None and text.startswith(word))


def _without(text: str, about: Sequence[str]) -> str:
    for word in sorted(about, key=len, reverse=True):
        text = text.removeprefix(word).removesuffix(word)
    return text


def _units(text: str) -> Decimal | None:
    """`1亿5000万` is 150,000,000, `3千万` 30,000,000, `千万` (no number) 10,000,000; anything else None."""
    if _UNITS_ALONE.fullmatch(text):
        return Decimal(_product(text))
    if not text or not _TERMS.fullmatch(text):
        return None
    return sum((Decimal(digits) * _product(units) for digits, units in _TERM.findall(text)), Decimal(0))


def _product(units: str) -> int:
    product = 1
    for unit in units:
        product *= _UNITS[unit]
    return product
