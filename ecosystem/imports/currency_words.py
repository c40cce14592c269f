"""Words for currencies: ISO 4217 codes, and the symbols and names that Unicode CLDR has for them (through Babel)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name

_LANGUAGES = (
    *("en", "fr", "de", "es", "it", "pt", "nl", "sv", "nb", "da", "fi", "pl", "cs", "hu", "ru", "uk", "tr", "ja", "ko"),
    *("zh", "zh_Hant", "id", "vi", "ro", "el", "hi", "th", "he", "ar", "en_CA", "en_AU", "en_NZ", "en_ZA", "fr_CA"),
    *("es_MX", "es_AR", "es_CL", "es_CO", "en_SG", "pt_PT", "de_CH"),
)
_BY_HAND: Mapping[str, str] = {
    "CNY": "RMB CNH Renminbi 元 ¥",
    "JPY": "円 ¥",
    "KRW": "원",
    "TWD": "元",
    "HKD": "元",
    "SGD": "S$",
    **dict.fromkeys(("SEK", "NOK", "DKK", "ISK"), "kr kr."),
    **dict.fromkeys(("GBP", "EGP", "LBP", "SYP", "GIP", "FKP"), "£"),
    **dict.fromkeys(("INR", "PKR", "LKR", "NPR", "MUR", "SCR"), "Rs Rs. ₨"),
    **dict.fromkeys(("CHF", "XAF", "XOF"), "Fr Fr."),
    **dict.fromkeys(("CAD", "NIO"), "C$"),
}
"""What CLDR has not, or has for one currency alone because it shows the others by their codes."""
_COUNTS = (1, 2, 5)  # the forms of a noun behind these are all that most languages have
_FAMILIES = (("$", "dollar", "dollars"), ("£", "pound", "pounds"), ("rs", "rs.", "₨", "rupee", "rupees"), ("kr", "kr."))
LONGEST = 40


def word(text: str) -> str:
    """A word in the form in which it is looked up: NFKC, no white space, no marks of direction, lower case."""
    simple = unicodedata.normalize("NFKC", text)
    return "".join(letter for letter in simple.lower() if not letter.isspace() and unicodedata.category(letter) != "Cf")


def spellings(symbol: str) -> tuple[str, ...]:
    """What a symbol of several currencies is also written as, `$` is dollars."""
    own = word(symbol)
    return next((family for family in _FAMILIES if own in family), (own,))


def is_currency(code: str) -> bool:
    """Whether a text is the ISO 4217 code of a currency, of today or of the past."""
    return code in Locale("en").currencies


@cache
def currency_words() -> Mapping[str, frozenset[str]]:
    """Word -> the currencies that it stands for: `€` for one, `$` and `dollars` for many."""
    found: dict[str, set[str]] = {}
    for text, code in _words():
        found.setdefault(word(text), set()).add(code)
    return {key: frozenset(codes) for key, codes in found.items() if 0 < len(key) <= LONGEST}


def _words() -> Iterator[tuple[str, str]]:
    tender = _tender()
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        for code in tender:
            names = [locale.currencies.get(code, code), *(get_currency_name(code, one, locale) for one in _COUNTS)]
            yield from ((name, code) for name in (code, locale.currency_symbols.get(code, code), *names))
            if language == "en":  # dollars, of many; yen, of one
                yield from ((name.split()[-1], code) for name in names)
    for code, texts in _BY_HAND.items():
        yield from ((text, code) for text in texts.split())


def _tender() -> frozenset[str]:
    """The currencies that are legal tender somewhere today."""
    of_territories = get_global("territory_currencies").values()
    return frozenset(code for all_ in of_territories for code, _, end, tender in all_ if end is None and tender)
