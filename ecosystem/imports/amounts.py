"""Amounts of money as people write them, in millions of one currency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ecosystem.imports.cell_language import DecimalMark
from ecosystem.imports.cell_values import UnreadableError, shortened
from ecosystem.imports.currency_words import LONGEST, word
from ecosystem.imports.money_language import Money
from ecosystem.imports.numbers import finite, plain, written
from ecosystem.messages import either, tr

_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_DIGITS = r"[0-9.][0-9., '\u2019]*"
_TERM = re.compile(rf"({_DIGITS})([十百千万萬亿億]*)")
_TERMS = re.compile(rf"(?:{_DIGITS}[十百千万萬亿億]+)*(?:{_DIGITS})?")
_UNITS_ALONE = re.compile("[十百千万萬亿億]+")
_SCALED = re.compile(rf"({_DIGITS})(?:(e[+-]?[0-9]{{1,3}})|([^\W\d_][^0-9]*))", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=[^-~\u2013\u2014])(?:[-~\u2013\u2014\u301c]|to|至|到|bis)", re.IGNORECASE)
_HEAD = re.compile("[^0-9]+")
_FLAT = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18})?")
_LOOSE_SPACE = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_MILLION = Decimal(10**6)
_LONGEST_AMOUNT = 200
_LARGEST = ("USD", "CNY", "GBP", "INR", "SEK")

_WORDS_FOR = {
    10**3: "k thousand tsd tys тыс",
    10**4: "만",
    10**5: "lakh lakhs lac lacs",
    10**6: "m mm mn mln mio mill million millions millionen millones millón millon milhões milhão milioni milione "
    "miljoen miljoner miljon milionów milionů млн миллионов миллиона миллион",
    10**7: "cr crore crores",
    10**8: "억",
    10**9: "b bn billion billions mrd md mds mld mlrd mia milliard milliards milliarde milliarden miliardi miliardo "
    "miliardów miljard miljarder млрд миллиардов миллиард milmillones thousandmillion",
    10**12: "tn trn trillion trillions bio billionen billones lakhcrore 조",
}
SCALES: Mapping[str, Decimal] = {one: Decimal(size) for size, all_ in _WORDS_FOR.items() for one in all_.split()}
"""Words behind a number that multiply it. Two of two meanings are none: `mil` (a thousand in Spanish) and `bln` (10^12
in Dutch, Italian, Polish). `billion` and `bn` are those of English."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Millions of the currency of the mapping, None where nobody knows; `vague` where the text is rough ("数百万")."""

    millions: float | None
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known of an amount: the currency that it is in if it names none, the year of its rate, and how it
    is written."""

    currency: str | None = None
    year: int | None = None
    decimal: DecimalMark | None = None
    times: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Side:
    """An amount as it is written, or one side of a range: units of its currency, None where it is no number."""

    units: Decimal | None
    scale: Decimal
    currency: str | None
    vague: bool
    rest: str


def amount(text: str, money: Money, around: Around | None = None) -> Amount:
    """An amount of money, e.g. `500万人民币`, `$1.5M`, `Rs 20 Cr`, `EUR 3 bn`, `数百万美元`, in millions.

    Currencies, rates, vague and unknown amounts come from the mapping; words for currencies and scales also from their
    tables. Reckoned in decimals, so that `1.1亿` is 110 exactly.
    """
    around = around or Around()
    if _FLAT.fullmatch(text) and (around.decimal or money.decimal) == "." and text not in money.unknown:
        return _made(text, Decimal(text), _agreed(text, None, money, around), money, around)
    simple = _LOOSE_SPACE.sub("", plain(text))
    if _is_unknown(simple, money):
        return Amount(None)
    if len(simple) > _LONGEST_AMOUNT:
        raise UnreadableError(tr("{text} is not an amount", text=shortened(text)))
    side = _side(simple, text, money, around)
    if _is_unknown(side.rest, money):
        return Amount(None)
    found = None
    if side.units is None:
        found = next(_ranges(simple, text, money, around), None)
    currency = _agreed(text, (found.currency if found else None) or side.currency, money, around)
    units = found.units if found else side.units
    if units is None:
        raise UnreadableError(_no_amount(text, side.rest, around.decimal or money.decimal, money))
    return _made(text, units, currency, money, around, vague=side.vague if found is None else True)


def _made(text: str, units: Decimal, currency: str, money: Money, around: Around, *, vague: bool = False) -> Amount:
    rate = _rate(text, currency, money, around.year) / _MILLION
    millions = units * rate if around.times is None else units * around.times * rate
    return Amount(finite(float(millions), text), vague)


def _no_amount(text: str, rest: str, mark: DecimalMark, money: Money) -> str:
    other: DecimalMark = "," if mark == "." else "."
    if _units(_sign(rest)[1], other, money)[0] is not None:
        return tr("{text} is not an amount; decimal = {mark!r} would read it", text=shortened(text), mark=other)
    return tr(
        "{text} is not an amount: {rest} is neither a number nor a word of [money]",
        text=shortened(text),
        rest=shortened(rest),
    )


def _is_unknown(simple: str, money: Money) -> bool:
    return simple in money.unknown or simple.replace(" ", "") in money.unknown


def _side(simple: str, text: str, money: Money, around: Around) -> _Side:
    """An amount taken apart: sign, words that make it rough, currency at its end or its beginning, number, scale."""
    negative, body = _sign(simple.removesuffix("/-"))
    rest, currency = _currency(body, text, money)
    if rest in money.vague:
        return _Side(money.vague[rest], Decimal(1), currency, True, rest)
    bare = _without(rest, money.about)
    if (before := _without(body, money.about)) != body and _HEAD.match(body):  # ~$5M
        inner, other = _currency(before, text, money)
        if len(inner) < len(bare):
            bare, currency = inner, other
    inside, digits = (False, bare) if negative else _sign(bare)
    units, scale = _units(digits, around.decimal or money.decimal, money)
    if units is not None and (negative or inside):
        units = -units
    return _Side(units, scale, currency, bare != rest, rest)


def _sign(text: str) -> tuple[bool, str]:
    """Whether a text is negative, -5 or (5), and the rest of it."""
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1]
    return (True, text[1:]) if text[:1] in ("-", "\u2212") else (False, text)


def _ranges(simple: str, text: str, money: Money, around: Around) -> Iterator[_Side]:
    """What a range counts as: 1-5M, $1M to $5M; a number without a scale or a currency has that of the other side."""
    for cut in _BETWEEN.finditer(simple):
        low, high = (_side(part, text, money, around) for part in (simple[: cut.start()], simple[cut.end() :]))
        ends = _ends(low, high)
        if ends is None or (low.currency and high.currency and low.currency != high.currency):
            continue
        if money.range is None:
            ways = either(map(repr, ("low", "middle", "high")))
            raise UnreadableError(
                tr("{text} is a range; range = {ways} in [money] would read it", text=shortened(text), ways=ways)
            )
        counted = {"low": ends[0], "middle": (ends[0] + ends[1]) / 2, "high": ends[1]}[money.range]
        yield _Side(counted, Decimal(1), low.currency or high.currency, True, "")


def _ends(low: _Side, high: _Side) -> tuple[Decimal, Decimal] | None:
    """Both ends of a range, in order; $500,000 to $2M has half a million at its low end, 1 to 5M has one."""
    if low.units is None or high.units is None or low.units < 0:
        return None
    scaled = low.units * high.scale if low.scale == 1 else low.units
    begin = low.units if scaled > high.units and low.units >= 1000 else scaled
    return (begin, high.units) if begin <= high.units else None


def _currency(simple: str, text: str, money: Money) -> tuple[str, str | None]:
    """The text without its currency, and the currency: the longest known word at its end or its beginning.

    A currency that is said twice counts once: 万元人民币, 美元美元, $5M USD.
    """
    found: str | None = None
    while hit := _longest(simple, found, text, money):
        size, behind, key = hit
        simple = simple[:-size] if behind else simple[size:]
        found = found or key
    return simple.strip(" "), found


def _longest(simple: str, found: str | None, text: str, money: Money) -> tuple[int, bool, str] | None:
    """Length, place (true: the end) and currency of the longest word; a second one is for the same money."""
    lower = simple.lower() if len(simple.lower()) == len(simple) else simple
    head, tail = (min(len(hit[0]), LONGEST) if (hit := _HEAD.match(one)) else 0 for one in (lower, lower[::-1]))
    for size in range(max(head, tail), 0, -1):
        for behind in (True, False):
            key = (
                money.words.get(lower[-size:] if behind else lower[:size])
                if size <= (tail if behind else head)
                else None
            )
            if key is None or (found is not None and not _same(key, found, money)):
                continue
            if found is None and isinstance(key, frozenset):
                raise UnreadableError(_ambiguous(text, simple[-size:] if behind else simple[:size], key, money))
            return size, behind, found or str(key)
    return None


def _same(key: str | frozenset[str], found: str, money: Money) -> bool:
    if isinstance(key, frozenset):
        return found in key
    return key == found or (found in money.currencies and money.currencies.get(key) == money.currencies[found])


def _ambiguous(text: str, symbol: str, codes: frozenset[str], money: Money) -> str:
    first = sorted(codes, key=lambda code: (code not in money.known, code not in _LARGEST, code))
    return tr(
        "{text}: {symbol} may be {codes}; symbols = {{ {symbol!r} = {first!r} }} in [money] would say so",
        text=shortened(text),
        symbol=symbol,
        codes=either(first[:4]),
        first=first[0],
    )


def _agreed(text: str, said: str | None, money: Money, around: Around) -> str:
    """The currency of an amount: the one that it names, that its row names, or the default of the mapping."""
    outer = None
    if around.currency:
        key = money.words.get(word(around.currency))
        if isinstance(key, frozenset):
            raise UnreadableError(_ambiguous(around.currency, around.currency, key, money))
        outer = key
        if key is None or (said is not None and not _same(said, key, money)):
            raise UnreadableError(
                tr(
                    "{text} is not in the currency {currency}",
                    text=shortened(text),
                    currency=shortened(around.currency),
                )
            )
    currency = said or outer or money.default
    if currency is None:
        raise UnreadableError(
            tr(
                "{text} names no currency that the mapping knows ({currencies})",
                text=shortened(text),
                currencies=", ".join(money.known),
            )
        )
    return currency


def _rate(text: str, currency: str, money: Money, year: int | None) -> Decimal:
    """How much of the mapping's currency one unit is, in a year where it says so by year."""
    if currency in money.currencies:
        return money.currencies[currency]
    if currency == money.into:
        return Decimal(1)
    rate = money.rates_by_year.get(year, {}).get(currency) if year is not None else None
    rate = rate or money.rates.get(currency)
    if rate is None and any(currency in rates for rates in money.rates_by_year.values()):
        raise UnreadableError(
            tr("{text} needs the rate of {currency} in {year}", text=shortened(text), currency=currency, year=year)
            if year is not None
            else tr(
                "{text} needs a year, for the rate of {currency} goes by it", text=shortened(text), currency=currency
            )
        )
    if rate is None:
        raise UnreadableError(
            tr(
                "{text} is in {currency}; rates = {{ {currency} = ... }} in [money] would read it",
                text=shortened(text),
                currency=currency,
            )
        )
    return rate


def _without(text: str, about: Sequence[str]) -> str:
    for one in sorted(about, key=len, reverse=True):
        text = text.removeprefix(one).removesuffix(one)
    return text


def _units(text: str, mark: DecimalMark, money: Money) -> tuple[Decimal | None, Decimal]:
    """The number that a text is, and its scale: `1亿5000万` is 150,000,000, `千万` 10,000,000, `1.5M` 1,500,000."""
    if _UNITS_ALONE.fullmatch(text):
        return Decimal(_product(text)), Decimal(1)
    if not text or not _TERMS.fullmatch(text):
        return _scaled(text, mark, money)
    terms = [(written(digits.strip(), mark), units) for digits, units in _TERM.findall(text)]
    if any(digits is None for digits, _ in terms):
        return None, Decimal(1)
    units = sum((Decimal(digits or 0) * _product(words) for digits, words in terms), Decimal(0))
    return units, Decimal(_product(terms[-1][1]))


def _scaled(text: str, mark: DecimalMark, money: Money) -> tuple[Decimal | None, Decimal]:
    """1.5e6, and 1.5 with a word for its scale."""
    hit = _SCALED.fullmatch(text)
    digits = written(hit[1].strip() + (hit[2] or ""), mark) if hit else None
    if hit is None or digits is None:
        return None, Decimal(1)
    if hit[2]:
        return Decimal(digits), Decimal(1)
    name = hit[3].lower()
    own = {one.lower(): size for one, size in money.scales.items()}
    scale = own.get(name) or SCALES.get(name.removesuffix("."))
    return (None, Decimal(1)) if scale is None else (Decimal(digits) * scale, scale)


def _product(units: str) -> int:
    product = 1
    for unit in units:
        product *= _UNITS[unit]
    return product
