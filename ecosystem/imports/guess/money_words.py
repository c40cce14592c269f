"""Currencies and scales as headings and cells say them: USD m, Mio. EUR, ₹ crore, 万元, 百万円."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ecosystem.imports.guess.cell_looks import Cells
from ecosystem.imports.guess.list_cells import MOST
from ecosystem.imports.guess.organisation_names import UNKNOWN_PARTY

_CURRENCIES: Sequence[tuple[str, str]] = (
    ("USD", r"\b[tkm]?usd\b|us\$|\bus dollars?\b|美元|美金|米ドル|달러"),
    ("EUR", r"\b[tkm]?eur(?:os?)?\b|€|欧元|ユーロ|유로"),
    ("GBP", r"\b[tkm]?gbp\b|£|英镑"),
    ("INR", r"\binr\b|₹|\brs\b\.?|\brupees?\b|\bcrores?\b|\blakhs?\b"),
    ("HKD", r"\bhkd\b|hk\$|港元|港币"),
    ("CAD", r"\bcad\b|c\$|ca\$"),
    ("AUD", r"\baud\b|a\$|au\$"),
    ("SGD", r"\bsgd\b|s\$"),
    ("CNY", r"\bcny\b|\brmb\b|\byuan\b|人民币|万元|亿元|(?<![美欧港日韩])元(?!级)"),
    ("JPY", r"\b[tkm]?jpy\b|\byen\b|円|日元"),
    ("KRW", r"\b[tkm]?krw\b|₩|원\b|원$|韩元"),
    *((code, rf"\b[tkm]?{code.lower()}\b") for code in ("CHF", "SEK", "NOK", "DKK")),
    ("PLN", r"\b[tkm]?pln\b|\bzł|\bzl\b"),
    ("CZK", r"\b[tkm]?czk\b|\bkč|\bkc\b"),
    ("BRL", r"\bbrl\b|r\$|\breais\b"),
    ("ILS", r"\bils\b|\bnis\b|₪"),
    ("RUB", r"\brub\b|₽|\bруб"),
    ("TRY", r"₺|\btl\b"),
    *(
        (code, rf"\b{code.lower()}\b")
        for code in ("MXN", "ZAR", "TWD", "THB", "IDR", "VND", "HUF", "NZD", "AED", "SAR")
    ),
    ("USD", r"(?<![a-z])\$"),
)
_SEVERAL = re.compile(r"(?<![a-z])[$£¥￥]|\brs\b", re.IGNORECASE)
"""What stands for a currency of one country, and of others, too: with nothing else beside it, it is a question."""
_SCALES: Sequence[tuple[int, str]] = (
    (10**9, r"\b(?:bn|billions?|mrd|mld|milliarden?|milliards?|miliard\w*|miljard\w*)\b|十亿|十億|млрд|(?<=[€$£])b\b"),
    (10**8, r"亿|億|억"),
    (10**7, r"\b(?:cr|crores?)\b|千万"),
    (
        10**6,
        r"\b(?:m|mn|mm|mio|mln|mill|millions?|millionen|millones|milhoes|milhao|milioni|milion\w*|miljo\w+|millioner"
        r"|m(?:eur|usd|gbp|sek|nok|dkk|chf|pln|jpy|czk|kr))\b|百万|백만|млн|(?<=[€$£])m\b",
    ),
    (10**5, r"\b(?:lakhs?|lacs?)\b"),
    (10**4, r"万|만"),
    (
        10**3,
        r"\b(?:k|thousands?|miles|mila|tsd|tausend|milliers|tys|tusen|tusind|duizend|000s?"
        r"|[tk](?:eur|usd|gbp|sek|nok|dkk|chf|pln|czk|kr))\b"
        r"|千|천|тыс|\bt(?=€)|(?<=[€$£])k\b|(?<=r\$ )mil\b|(?<=r\$)mil\b",
    ),
)
_NO_SCALES = frozenset(
    ["in", "of", "the", "at", "de", "en", "per", "est", "net", "ca", "circa", "approx", "nominal", "value", "total"]
)
_SMALL = 1000
_NUMBER = r"[+-]?\d[\d.,'\u00a0\u202f ]*"
_CELL = re.compile(
    rf"[~<>≈(]*(?:about|over|up to|ca\.?|approx\.?|约|近|超)?\s*(?:[a-z]{{1,3}}\$|[a-z]{{2,4}}\.?"
    rf"|[$€£¥₹₩₪￥])?\s*{_NUMBER}"
    r"\s*(?:[kmbt]|mn|mm|mio\.?|mln|bn|tn|cr\.?|crores?|lakhs?|lacs?|million|billion|thousand|mrd\.?"
    r"|[十百千万亿億만억천백]+)?"
    r"\s*(?:[a-z]{3}|rs\.?|[$€£¥₹₩元円원]|人民币|美元|日元|港元|欧元|inr|usd)*[)+]*",
    re.IGNORECASE,
)
_BARE = re.compile(rf"{_NUMBER}")


def is_amount(text: str) -> bool:
    """Whether a text can be an amount of money, in words of any of the languages, or says that it is not told."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return bool(
        _CELL.fullmatch(plain)
        or UNKNOWN_PARTY.match(plain)
        or re.fullmatch("数?[十百千万亿]+(?:元|人民币|美元)?", plain)
    )


def amounts(cells: Cells) -> float:
    """The share of cells that can be amounts."""
    return cells.share(is_amount)


def bare_numbers(cells: Cells) -> float:
    """The share of cells that are numbers without a word, of those that tell an amount."""
    told = cells.share(lambda text: not UNKNOWN_PARTY.match(text))
    return cells.share(_BARE.fullmatch) / told if told else 0.0


def without_symbols(cells: Cells) -> Cells:
    """The cells without symbols of currencies beside their numbers."""
    return Cells([text.strip(" $€£¥₹₩₪￥") for text in cells.texts], cells.rows)


def not_told(cells: Cells) -> list[str]:
    """The texts that say of an amount that it is not told."""
    return [text for text in cells.counts if UNKNOWN_PARTY.match(text)]


def currency_of(name: str, cells: Cells) -> str | None:
    """The currency that the heading or nearly all of the cells say; None where neither does, or they say several."""
    told = _currency(name)
    if told is not None:
        return told
    said = {text: _currency(text) for text in cells.counts if any(letter.isdigit() for letter in text)}
    counted = sum(cells.counts[text] for text in said)
    found = {currency for currency in said.values() if currency is not None}
    with_one = sum(cells.counts[text] for text, currency in said.items() if currency is not None)
    return found.pop() if len(found) == 1 and counted and with_one >= 0.95 * counted else None


def certain_currency(name: str, cells: Cells) -> str | None:
    """The currency of an amount where a code, a word or a symbol of it alone says it, and nothing says another."""
    own = currency_of(name, cells)
    bare = currency_of(_SEVERAL.sub("", name), Cells([_SEVERAL.sub("", text) for text in cells.texts], cells.rows))
    others = {_currency(_SEVERAL.sub("", text)) for text in cells.counts} - {None, own}
    return own if own is not None and own == bare and not others else None


def several_currencies(cells: Cells) -> list[str]:
    """The currencies that cells say, where they say more than one."""
    found = sorted({currency for text in cells.counts if (currency := _currency(text)) is not None})
    return found if len(found) > 1 else []


def _currency(text: str) -> str | None:
    plain = _plain(text)
    return next((code for code, words in _CURRENCIES if re.search(words, plain)), None)


def _plain(text: str) -> str:
    """A heading or a cell without accents, in small letters; what a currency is called keeps its symbols."""
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold().replace("_", " "))
    return unicodedata.normalize("NFC", "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f"))


def scale_of(name: str, cells: Cells) -> int | None:
    """How many units of the currency one in the column is, as the heading says; None where that is a question.

    Where no word is known, a short word beside the currency may be one, and small numbers are no whole amounts.
    """
    plain = _plain(name)
    told = re.search(r"[(\[（]([^)\]）]*)[)\]）]|\bin (.*)$|,\s*(.*)$", plain)
    inside = next((part for part in told.groups() if part), "") if told else ""
    for text in (inside, plain):
        for scale, words in _SCALES:
            if re.search(words, text):
                return scale
    left = inside
    for _, words in _CURRENCIES:
        left = re.sub(words, " ", left)
    short = {word for word in re.findall(r"[^\W\d_]+", left) if len(word) <= 4} - _NO_SCALES
    return None if short or _are_small(cells) else 1


def _are_small(cells: Cells) -> bool:
    """Whether half of the amounts are below a thousand: then they are hardly in single units."""
    whole = sorted(len(re.sub(r"[.,]\d{1,2}$|\D", "", text)) for text in cells.texts if any(map(str.isdigit, text)))
    return bool(whole) and whole[len(whole) // 2] <= len(str(_SMALL - 1))


def with_units(cells: Cells) -> bool:
    """Whether cells have words beside their numbers: $1.5M, 20 Cr."""
    return bare_numbers(cells) < MOST
