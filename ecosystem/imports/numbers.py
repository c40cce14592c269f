"""Numbers as people write them: grouped by commas, points, spaces or apostrophes, with a unit behind them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

import regex

from ecosystem.imports.cell_language import DecimalMark
from ecosystem.imports.cell_values import UnreadableError, shortened
from ecosystem.messages import tr

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_SIGNED = re.compile(r"(?P<minus>[-\u2212])?\+?(?P<rest>.*)", re.DOTALL)
_SMALL, _FOREIGN = regex.compile(r"\p{No}"), regex.compile(r"[^\P{Nd}0-9]")
_LONGEST = 1000


def _grouped(mark: str) -> re.Pattern[str]:
    """A number with groups: of three digits, or as in India of two before the last three; one kind of separator."""
    group = "," if mark == "." else r"\."
    whole = (
        rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[1-9][0-9]?(?:{group}[0-9]{{2}})+{group}[0-9]{{3}}"
        r"|[1-9][0-9]{0,2}(?:['\u2019][0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[0-9]+"
    )
    return re.compile(rf"(?P<whole>{whole})?(?:{re.escape(mark)}(?P<part>[0-9]*))?(?P<power>[eE][+-]?[0-9]{{1,3}})?")


_GROUPED = {mark: _grouped(mark) for mark in (".", ",")}


def plain(text: str) -> str:
    """The text in its simplest characters: NFKC, digits of any script as 0-9, no white space around.

    A digit in small print or in a circle (², ①) stays what it is: 10² is not 102. UnreadableError where digits of two
    scripts stand together.
    """
    if text.isascii():
        return text.strip()
    if _SMALL.search(text):
        return text.strip()
    simple = unicodedata.normalize("NFKC", text).strip()
    if not _FOREIGN.search(simple):
        return simple
    zeros = {ord(letter) - unicodedata.decimal(letter) for letter in simple if letter.isdecimal()}
    if len(zeros) > 1:
        raise UnreadableError(tr("{text} has digits of two scripts", text=shortened(text)))
    digits = (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in simple)
    return "".join(digits).replace("\u066b", ".").replace("\u066c", ",")


def written(text: str, mark: DecimalMark = ".") -> str | None:
    """A number as Python writes it, e.g. 1234.5 for 1,234.5; None for what is none. Without a sign."""
    hit = _GROUPED[mark].fullmatch(text)
    if hit is None or (hit["whole"] is None and not hit["part"]):
        return None
    whole = re.sub("[^0-9]", "", hit["whole"] or "0")
    return f"{whole}.{hit['part'] or '0'}{hit['power'] or ''}" if hit["part"] or hit["power"] else whole


def exact(
    text: str, mark: DecimalMark = ".", units: Mapping[str, Decimal] | None = None, times: Decimal | None = None
) -> Decimal:
    """The number that a cell says, all its digits. UnreadableError where it says none.

    `mark` stands before the decimals; without one it is the point, and 1,5 is no number: its neighbour 1,500 would be
    read a thousand times too large. What may stand behind the number multiplies it. (5) is minus five.
    """
    simple = plain(text)
    if len(simple) > _LONGEST:
        raise UnreadableError(tr("{text} is not a number", text=shortened(text)))
    unit = _unit(simple, units or {})
    body = simple.removesuffix(unit).rstrip() if unit else simple
    negative = body.startswith("(") and body.endswith(")")
    sign = _SIGNED.fullmatch(body[1:-1].strip() if negative else body)
    digits = written(sign["rest"].lstrip(), mark) if sign and not (negative and sign["minus"]) else None
    if digits is None or sign is None:
        raise UnreadableError(_no_number(text, simple, mark))
    value = Decimal(digits)
    if unit and units:
        value *= units[unit]
    if times is not None:
        value *= times
    return -value if negative or sign["minus"] else value


def _unit(simple: str, units: Mapping[str, Decimal]) -> str:
    return next((unit for unit in sorted(units, key=len, reverse=True) if simple.endswith(unit)), "")


def _no_number(text: str, simple: str, mark: DecimalMark) -> str:
    """Why a text is no number, and what would make it one."""
    other: DecimalMark = "," if mark == "." else "."
    bare = simple.lstrip("+-\u2212")
    if written(bare, other) is not None:
        return tr("{text} is not a number; decimal = {mark!r} would read it", text=shortened(text), mark=other)
    hit = re.match(r"[0-9.,' ]*[0-9]", bare)
    if hit and written(hit[0], mark) is not None and 0 < len(unit := bare[hit.end() :].strip()) <= 20:
        return tr(
            "{text} is not a number; units = {{ {unit!r} = 1 }} would read it as {number}",
            text=shortened(text),
            unit=unit,
            number=hit[0],
        )
    return tr("{text} is not a number", text=shortened(text))


def number(
    text: str, mark: DecimalMark = ".", units: Mapping[str, Decimal] | None = None, times: Decimal | None = None
) -> float:
    """A number, thousands separators and full-width digits allowed."""
    if mark == "." and times is None and _PLAIN.fullmatch(text):  # nearly every cell of nearly every file
        return finite(float(text), text)
    return finite(float(exact(text, mark, units, times)), text)


def integer(
    text: str, mark: DecimalMark = ".", units: Mapping[str, Decimal] | None = None, times: Decimal | None = None
) -> int:
    """A whole number; `2024.0` is one, `2024.5` is not."""
    if times is None and len(text) < 19 and text.isascii() and text.isdecimal():
        return int(text)
    value = exact(text, mark, units, times)
    if abs(value) >= 2**63:
        raise UnreadableError(tr("{text} is too large a number", text=shortened(text)))
    if value != int(value):
        raise UnreadableError(tr("{text} is not a whole number", text=shortened(text)))
    return int(value)


def finite(value: float, text: str) -> float:
    """The value, if it is a number that a table can hold."""
    if not math.isfinite(value):
        raise UnreadableError(tr("{text} is too large a number", text=shortened(text)))
    return value
