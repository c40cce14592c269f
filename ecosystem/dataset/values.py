"""What the value of a cell may be, beyond its type: text, key, choice, range; and what to write instead."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import INVISIBLE, Faults, quoted, row_texts
from ecosystem.dataset.text_index import all_differ
from ecosystem.errors import nearest
from ecosystem.messages import tr, tr_later
from ecosystem.model import Property, unit_word
from ecosystem.tables.raw import RawTable, Rows, as_text, byte_range, cells_at, rows_where
from ecosystem.tables.words import says_missing

LONGEST_CELL = 100_000
"""How many characters a cell may have."""

LONGEST_KEY = 500
"""How many characters an id may have."""

FIRST_DAY, LAST_DAY = dt.date(1800, 1, 1), dt.date(2100, 12, 31)
"""The limits of a date, those of a year."""

CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""What no text may have."""

_FIRST_PRINTED, _DELETE = 0x20, 0x7F
"""The bytes from the first to before the second are the characters of ASCII that are seen, and the blank."""

BLANK = tr_later("leave the cell blank where the value is missing")
_CHINESE_DIGITS = "〇零一二三四五六七八九"
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_AMOUNT = re.compile(
    r"(?P<sign>[¥￥$€£]?)\s*(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*"
    r"(?P<scale>(?:千|万|百万|千万|亿|万亿|thousand|million|billion|mn|bn|[kmb])?)\s*"
    r"(?P<unit>(?:元|人民币|美元|美金|欧元|日元|港元|港币|年|人|家|个|件|项|篇|cny|rmb|usd|eur|yuan|million|m|\s)*)",
    re.IGNORECASE,
)
_SCALES = {
    "": 0, "千": 3, "k": 3, "thousand": 3, "万": 4, "百万": 6, "m": 6, "mn": 6, "million": 6, "千万": 7, "亿": 8,
    "b": 9, "bn": 9, "billion": 9, "万亿": 12,
}  # fmt: skip
"""Words for amounts, as powers of ten."""
_FOREIGN = re.compile(r"[$€£]|美元|美金|欧元|日元|港元|港币|usd|eur", re.IGNORECASE)
_IN_MILLIONS = re.compile(r"million|m$", re.IGNORECASE)
_MONEY, _WHOLE = "CNY million", Decimal(100)
_WHOLE_NUMBER = tr_later("write a whole number")
_DAY = re.compile(r"(\d{4})[./年](\d{1,2})[./月](\d{1,2})日?")
_NO_KEY = tr_later("an id is any text that names one thing, for example c1")


def check_text(text: pa.ChunkedArray, name: str, faults: Faults, *, key: bool = False) -> None:
    """Set rows aside whose text is too long or has control characters: most formats cannot hold them.

    A text may have tabs and line breaks (inside quotation marks), a key may not.
    """
    _check_length(text, name, faults, LONGEST_KEY if key else LONGEST_CELL)
    low, high = byte_range(text)
    if low >= _FIRST_PRINTED and high < _DELETE:
        return
    rows = rows_where(pc.match_substring_regex(text, INVISIBLE if key else CONTROLS))
    cells = cells_at(text, rows)
    reasons = row_texts(tr("{cell} has control characters"), cell=quoted(cells))
    hint = tr("delete the invisible characters, for example with CLEAN() in Excel")
    faults.add("control_character", rows, reasons, column=name, values=quoted(cells), hint=hint)


def check_choices(text: pa.ChunkedArray, known: Property, faults: Faults) -> None:
    """Set rows aside whose value is none of the property's; capitals matter."""
    if not known.values:
        return
    allowed = pc.is_in(text, value_set=pa.array([*known.values, None], pa.string()))
    rows = rows_where(pc.invert(allowed))
    cells = cells_at(text, rows)
    choices = list(map(known.named, known.values))
    reasons = row_texts(tr("{cell} is none of: {values}"), cell=quoted(cells), values=", ".join(choices))

    def hint(cell: str) -> str | None:
        words = [*known.values, *(word for word, _ in known.words)]
        return tr("did you mean {meant!r}?", meant=close[0]) if (close := nearest(cell, words, 1)) else tr(BLANK)

    faults.add("not_allowed", rows, reasons, column=known.name, values=cells, hint=hint)


def check_placeholders(text: pa.ChunkedArray, known: Property, faults: Faults) -> None:
    """Warn of texts that stand for a missing value: they stay as they are, for a name may be "None"."""
    if known.values:
        return
    rows = rows_where(says_missing(text))
    if len(rows):
        message = tr("cells that say NULL, N/A or the like are read as text: {count:,}", count=len(rows))
        faults.warn("placeholder", message, column=known.name, row=int(rows[0]), hint=tr(BLANK))


def check_range(values: pa.ChunkedArray, known: Property, faults: Faults) -> None:
    """Set rows aside whose value is below the minimum or above the maximum of the property."""
    low: float | dt.date | None = FIRST_DAY if known.type == "date" else known.minimum
    high: float | dt.date | None = LAST_DAY if known.type == "date" else known.maximum
    below = tr("{cell} is below {limit}, the limit of {name}")
    above = tr("{cell} is above {limit}, the limit of {name}")
    for limit, beyond, template in ((low, pc.less, below), (high, pc.greater, above)):
        if limit is None:
            continue
        rows = rows_where(beyond(values, pa.scalar(limit).cast(values.type)))
        cells = cells_at(values, rows)
        reasons = row_texts(template, cell=quoted(cells), limit=str(limit), name=faults.called(known.name))
        hint = partial(cell_hint, known=known)
        faults.add("out_of_range", rows, reasons, column=known.name, values=cells, hint=hint)


def warn_future(values: pa.ChunkedArray, known: Property, faults: Faults) -> None:
    """Warn of years that are still to come."""
    this_year = dt.datetime.now(tz=dt.UTC).year
    possible = pc.greater(values, this_year)
    if known.maximum is not None:  # what is above it is an error already
        possible = pc.and_(possible, pc.less_equal(values, int(known.maximum)))
    rows = rows_where(possible)
    if len(rows):
        message = tr(
            "years after {this_year}: {count:,}, the first is {first}",
            this_year=this_year,
            count=len(rows),
            first=cells_at(values, rows[:1])[0],
        )
        faults.warn("future_year", message, column=known.name, row=int(rows[0]), hint=tr("is it a typing mistake?"))


def _check_length(text: pa.ChunkedArray, name: str, faults: Faults, longest: int) -> None:
    if (pc.max(pc.binary_length(text)).as_py() or 0) <= longest:
        return
    rows = rows_where(pc.greater(pc.utf8_length(text), longest))
    cells = cells_at(text, rows)
    lengths = pc.cast(pc.utf8_length(cells), pa.string())
    template = tr("the cell has {length} characters; at most {longest} are read")
    reasons = row_texts(template, length=lengths, longest=f"{longest:,}")
    hint = tr("is a quotation mark missing at the end of a cell?")
    faults.add("too_long", rows, reasons, column=name, values=cells, hint=hint)


def cell_hint(cell: str, known: Property) -> str | None:
    """The next step for a cell that is no value of `known`."""
    if known.type == "date":
        return _date_hint(cell)
    if known.type == "boolean":
        return tr("write true or false (or 1/0, yes/no, 是/否, 有/无)")
    plain = unicodedata.normalize("NFKC", cell)
    if plain != cell and re.fullmatch(r"[+-]?[\d.,]+", plain):
        return tr("write it in ordinary digits: {digits}", digits=plain.replace(",", ""))
    if _THOUSANDS.fullmatch(cell):
        return tr("write it without separators: {digits}", digits=cell.replace(",", ""))
    if any(letter in _CHINESE_DIGITS for letter in cell):
        digits = _as_digits(cell)
        return tr("write it in digits: {digits}", digits=digits) if digits else tr("write it in digits")
    if cell.endswith("%"):
        return _percent_hint(cell, known)
    if (match := _AMOUNT.fullmatch(plain)) and (match["sign"] + match["scale"] + match["unit"]).strip():
        return _amount_hint(match, known)
    if cell.startswith("-") and known.minimum == 0:
        return tr("it cannot be negative; leave the cell blank where the value is missing")
    if known.name.endswith("year"):
        return tr("a year is a whole number of four digits, for example 2023")
    return tr(BLANK) if not re.search(r"\d", cell) else None


def _as_digits(cell: str) -> str:
    """`2023` for 二〇二三, nothing for a number that is not written digit by digit."""
    digits = {letter: str(max(0, place - 1)) for place, letter in enumerate(_CHINESE_DIGITS)}
    text = cell.removesuffix("年")
    return "".join(digits[letter] for letter in text) if all(letter in digits for letter in text) else ""


def _percent_hint(cell: str, known: Property) -> str:
    """The share that a percentage is, where the column is one of shares."""
    number = cell.removesuffix("%").strip()
    if known.unit == "share" and re.fullmatch(r"\d+(\.\d+)?", number) and Decimal(number) <= _WHOLE:
        return tr("write {number}", number=_written(Decimal(number) / _WHOLE))
    return tr("write a share as a fraction of 1, for example 0.12")


def _amount_hint(match: re.Match[str], known: Property) -> str | None:
    """The number that an amount in words is in the unit of the column: 12 for 1200万 in CNY million, exactly."""
    foreign = _FOREIGN.search(match["sign"] + match["unit"])
    if known.unit == _MONEY and foreign:
        return tr("convert it to {unit}", unit=unit_word(_MONEY))
    amount = Decimal(match["number"].replace(",", "")).scaleb(_SCALES[match["scale"].casefold()])
    if known.unit == _MONEY:
        amount = amount.scaleb(6 if _IN_MILLIONS.search(match["unit"]) else 0).scaleb(-6)
    elif foreign or _IN_MILLIONS.search(match["unit"]):
        return tr("write the number alone")
    number = _written(amount)
    low, high = (None if limit is None else Decimal(limit) for limit in (known.minimum, known.maximum))
    if (low is not None and amount < low) or (high is not None and amount > high):
        return (
            tr("write a number from {low} on", low=low)
            if high is None
            else tr("write a number from {low} to {high}", low=low, high=high)
        )
    if known.type == "integer" and "." in number:
        return tr(_WHOLE_NUMBER)
    return (
        tr("write {number} ({unit})", number=number, unit=unit_word(known.unit))
        if known.unit
        else tr("write {number}", number=number)
    )


def _written(number: Decimal) -> str:
    """A number in plain digits without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date_hint(cell: str) -> str:
    if match := _DAY.fullmatch(cell):
        year, month, day = (int(part) for part in match.groups())
        return tr("write it as {year}-{month:02}-{day:02}", year=year, month=month, day=day)
    if re.fullmatch(r"\d{4}([-./年]\d{1,2}月?)?年?", cell):
        return tr("a date is a whole day: leave it blank and give the year")
    return tr("write it as year-month-day, for example 2023-05-01")


def parse_key(column: pa.ChunkedArray, name: str, faults: Faults, *, required: bool = True) -> pa.ChunkedArray:
    """A column of ids as text, null where one is blank or says NULL, nan or the like, which is a fault."""
    text = as_text(column)
    check_text(text, name, faults, key=True)
    if required:
        faults.add(
            "blank_id",
            rows_where(pc.is_null(text)),
            tr("{name} is blank", name=faults.called(name)),
            column=name,
            hint=tr(_NO_KEY),
        )
    placeholder = says_missing(text)
    rows = rows_where(placeholder)
    cells = cells_at(text, rows)
    reasons = row_texts(tr("{cell} stands for a missing value, it is not an id"), cell=quoted(cells))
    faults.add("blank_id", rows, reasons, column=name, values=cells, hint=tr(_NO_KEY))
    return pc.if_else(placeholder, pa.scalar(None, pa.string()), text) if len(rows) else text


def refuse_repeated(
    ids: pa.ChunkedArray,
    raw: RawTable,
    code: str,
    column: str | None,
    faults: Faults,
    *,
    template: str | None = None,
    hint: str | None = None,
) -> Rows:
    """The rows whose id is not null and was not given before; the later ones are faults that name the first line.

    `template` says so of `{id}`, `{file}` and `{line}`.
    """
    template = template or tr("{id} was given before: {file}, line {line}")
    hint = hint or tr("keep one of the rows, or give one of them another id")
    rows, firsts = _repeated(ids)
    lines = pa.array(raw.lines_of(firsts)).cast(pa.string())
    cells = cells_at(ids, rows)
    reasons = row_texts(template, id=quoted(cells), file=raw.file, line=lines)
    faults.add(code, rows, reasons, column=column, values=cells, hint=hint)
    fresh = pc.is_valid(ids).to_numpy().copy()
    fresh[rows] = False
    return np.flatnonzero(fresh)


def _repeated(ids: pa.ChunkedArray) -> tuple[Rows, Rows]:
    """The rows whose value stands in an earlier row, and which row is the first of each; null is never repeated."""
    nothing = np.array([], np.int64)
    if all_differ(ids):
        return nothing, nothing
    codes = pc.fill_null(_codes(ids), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    firsts = np.empty(len(codes), np.int64)
    firsts[order] = np.repeat(order[starts], np.diff(np.r_[starts, len(ordered)]))
    rows = np.flatnonzero((firsts != np.arange(len(codes))) & (codes >= 0))
    return rows, firsts[rows]


def _codes(ids: pa.ChunkedArray) -> pa.Array:
    """A number for each distinct value, null for null."""
    encoded = ids.combine_chunks().dictionary_encode()
    return encoded.indices
