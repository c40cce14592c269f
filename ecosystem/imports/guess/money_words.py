"""Currencies and scales as headings and cells say them: USD m, Mio. EUR, ₹ crore, 万元, 百万円."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ecosystem.imports.guess.cell_looks import Cells
from ecosystem.imports.guess.list_cells import MOST
from ecosystem.imports.guess.organisation_names import UNKNOWN_PARTY

_CURRENCIES: Sequence[tuple[str, str]] = (
    ("USD", r"\busd\b|us\$|\bus dollars?\b|美元|美金|米ドル|달러"),
    ("EUR", r"\b(?:t|k|m)?eur(?:os?)?\b|€|欧元|ユーロ|유로"),
    ("GBP", r"\bgbp\b|£|英镑"),
    ("INR", r"\binr\b|₹|\brs\b\.?|\brupees?\b|\bcrores?\b|\blakhs?\b"),
    ("HKD", r"\bhkd\b|hk\$|港元|港币"),
    ("CAD", r"\bcad\b|c\$|ca\$"),
    ("AUD", r"\baud\b|a\$|au\$"),
    ("SGD", r"\bsgd\b|s\$"),
    ("CNY", r"\bcny\b|\brmb\b|\byuan\b|人民币|万元|亿元|(?<![美欧港日韩])元(?!级)"),
    ("JPY", r"\bjpy\b|\byen\b|円|日元"),
    ("KRW", r"\bkrw\b|₩|원\b|원$|韩元"),
    ("CHF", r"\bchf\b"),
    ("SEK", r"\bsek\b"),
    ("NOK", r"\bnok\b"),
    ("DKK", r"\bdkk\b"),
    ("PLN", r"\bpln\b|\bzł"),
    ("BRL", r"\bbrl\b|r\$"),
    ("ILS", r"\bils\b|₪"),
    ("USD", r"(?<![a-z])\$"),
)
_SCALES: Sequence[tuple[int, str]] = (
    (10**9, r"\b(?:bn|billions?|mrd|milliarden?|milliards?)\b|十亿|十億"),
    (10**8, r"亿|億|억"),
    (10**7, r"\b(?:cr|crores?)\b|千万"),
    (10**6, r"\b(?:m|mn|mm|mio|mln|millions?|millionen|millones|milhoes|milioni|meur|musd)\b|百万|백만|(?<=[€$£])m\b"),
    (10**5, r"\b(?:lakhs?|lacs?)\b"),
    (10**4, r"万|만"),
    (10**3, r"\b(?:k|thousands?|miles|mila|tsd|teur|keur|tausend|milliers)\b|千|천|\bt(?=€)|(?<=[€$£])k\b"),
)
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
    """The share of cells that are numbers without a word."""
    return cells.share(_BARE.fullmatch)


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


def several_currencies(cells: Cells) -> list[str]:
    """The currencies that cells say, where they say more than one."""
    found = sorted({currency for text in cells.counts if (currency := _currency(text)) is not None})
    return found if len(found) > 1 else []


def _currency(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    return next((code for code, words in _CURRENCIES if re.search(words, plain)), None)


def scale_of(name: str) -> int:
    """How many units of the currency one in the column is, as the heading says; 1 where it says nothing."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    inside = (
        " ".join(re.findall(r"\(([^)]*)\)|\[([^\]]*)\]|\bin (.*)$|,\s*(.*)$", plain)[0])
        if re.search(r"[(\[,]|\bin ", plain)
        else plain
    )
    for text in (inside, plain):
        for scale, words in _SCALES:
            if re.search(words, text):
                return scale
    return 1


def with_units(cells: Cells) -> bool:
    """Whether cells have words beside their numbers: $1.5M, 20 Cr."""
    return bare_numbers(cells) < MOST
