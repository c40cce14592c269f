"""What to write in place of a cell that does not fit its property."""

from __future__ import annotations

import re
import unicodedata

from ecosystem.model import Property

BLANK = "leave the cell blank where the value is missing"

_CHINESE_DIGITS = "〇零一二三四五六七八九"
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_UNIT = re.compile(
    r"[¥$€]?\s*[+-]?[\d.,]+\s*(万|亿|千|百万|元|美元|人民币|年|cny|rmb|usd|million|m|bn)+", re.IGNORECASE
)
_DAY = re.compile(r"(\d{4})[./年](\d{1,2})[./月](\d{1,2})日?")


def cell_hint(cell: str, known: Property) -> str | None:
    """The next step for a cell that is no value of `known`."""
    if known.type == "date":
        return _date_hint(cell)
    if known.type == "boolean":
        return "write true or false (or 1/0, yes/no, 是/否)"
    plain = unicodedata.normalize("NFKC", cell)
    if plain != cell and re.fullmatch(r"[+-]?[\d.,]+", plain):
        return f"write it in ordinary digits: {plain.replace(',', '')}"
    if _THOUSANDS.fullmatch(cell):
        return f"write it without separators: {cell.replace(',', '')}"
    if any(letter in _CHINESE_DIGITS for letter in cell):
        return f"write it in digits{_as_digits(cell)}"
    if cell.endswith("%"):
        return "write a share as a fraction of 1, for example 0.12"
    if _WITH_UNIT.fullmatch(cell):
        return f"write the number alone{f', in {known.unit}' if known.unit else ''}"
    if cell.startswith("-") and known.minimum == 0:
        return f"it cannot be negative; {BLANK}"
    if known.name.endswith("year"):
        return "a year is a whole number of four digits, for example 2023"
    return BLANK if not re.search(r"\d", cell) else None


def _as_digits(cell: str) -> str:
    """`: 2023` for 二〇二三, nothing for a number that is not written digit by digit."""
    digits = {letter: str(max(0, place - 1)) for place, letter in enumerate(_CHINESE_DIGITS)}
    text = cell.removesuffix("年")
    return (
        f": {''.join(digits[letter] for letter in text)}" if text and all(letter in digits for letter in text) else ""
    )


def _date_hint(cell: str) -> str:
    if match := _DAY.fullmatch(cell):
        year, month, day = (int(part) for part in match.groups())
        return f"write it as {year}-{month:02}-{day:02}"
    if re.fullmatch(r"\d{4}([-./年]\d{1,2}月?)?年?", cell):
        return "a date is a whole day: leave it blank and give the year"
    return "write it as year-month-day, for example 2023-05-01"
