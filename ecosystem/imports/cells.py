"""What a cell of the mapping makes of a row of the source, within the limits that a dataset is read with."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence

from ecosystem.dataset.faults import INVISIBLE
from ecosystem.dataset.values import (
    CONTROLS,
    FIRST_DAY,
    LAST_DAY,
    LONGEST_CELL,
    LONGEST_KEY,
)
from ecosystem.errors import did_you_mean
from ecosystem.imports import amounts, cell_values, dates, html_entities, numbers
from ecosystem.imports.cell_language import CellSpec, Condition, Reading
from ecosystem.imports.cell_values import NoDateError, UnreadableError, shortened
from ecosystem.imports.money_language import Money
from ecosystem.imports.patterns import compiled
from ecosystem.messages import tr
from ecosystem.model import Property
from ecosystem.tables.record_paths import ITEM
from ecosystem.tables.words import MISSING

Value = str | int | float | bool | datetime.date
Cells = Mapping[str, str]
"""One row of the source: column -> text; a blank cell is the empty text."""

_BY_TYPE: Mapping[str, Reading] = {
    "string": "text",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
    "date": "date",
}
_READERS: Mapping[str, Callable[[str], Value]] = {
    "text": str,
    "hash": cell_values.hashed,
    "boolean": cell_values.boolean,
}
_NUMBERS: Mapping[str, Callable[..., Value]] = {"integer": numbers.integer, "number": numbers.number}

_CONTROLS = re.compile(CONTROLS)
_INVISIBLE = re.compile(INVISIBLE)


def keeps(conditions: Sequence[Condition], row: Cells) -> bool:
    """Whether every condition holds, looked at in their order; a text in neither of two lists is unreadable."""
    return not conditions or all(_holds(condition, row[condition.column], row) for condition in conditions)


def _holds(condition: Condition, text: str, row: Cells) -> bool:
    if ITEM in text:
        return _holds_of_list(condition, [element.strip() for element in text.split(ITEM)], row)
    if condition.before is not None and not text < row[condition.before]:
        return False
    if condition.unlike is not None and text == row[condition.unlike]:
        return False
    if condition.blank is not None and condition.blank != (not text):
        return False
    if condition.matches is not None and not compiled(condition.matches).search(text):
        return False
    if condition.not_matches is not None and compiled(condition.not_matches).search(text):
        return False
    return _listed(condition, text)


def _holds_of_list(condition: Condition, elements: Sequence[str], row: Cells) -> bool:
    """Whether a condition holds of a list: of an element where it says what there is, of all where it says what not."""
    found = [_holds(condition, element, row) for element in elements if element]
    if condition.within is None and (condition.out or condition.not_matches or condition.unlike):
        return all(found)
    return any(found) or (not found and condition.blank is True)


def _listed(condition: Condition, text: str) -> bool:
    if condition.within is not None and condition.out is not None:
        if text and text not in condition.within and text not in condition.out:
            raise UnreadableError(
                tr(
                    "{column} {text!r} is in neither list of the mapping; {did_you_mean}",
                    column=condition.column,
                    text=text,
                    did_you_mean=did_you_mean(text, [*condition.within, *condition.out]),
                )
            )
        return text in condition.within
    if condition.within is not None:
        return text in condition.within
    return condition.out is None or text not in condition.out


def evaluate(cell: CellSpec, row: Cells, money: Money | None, kind: Property | None = None) -> Value | None:
    """The value that the cell makes of the row, None where there is nothing; UnreadableError with the reason.

    `kind` is the property of the model that the value is for: it types the value and sets its limits.
    """
    try:
        value = _value(cell, row, money, kind)
        if value is not None:
            check_value(value, kind)
    except UnreadableError as err:
        raise type(err)(f"{'|'.join(cell.columns[:1])}: {err}") from err
    return cell.default if value is None else value


def is_taken(cell: CellSpec, kind: Property | None) -> bool:
    """Whether the cell takes the text of a column as it is, but for what it puts before it and for blank ones."""
    changed = (
        cell.when or cell.unescape or cell.replace or cell.substitute or cell.pattern or cell.translate is not None
    )
    listed = kind is not None and kind.values
    return cell.column is not None and not changed and not listed and _reading(cell, kind) == "text"


def taken_texts(cell: CellSpec, texts: Sequence[str]) -> Sequence[Value | None] | None:
    """What a cell that only takes texts makes of them; None where one of them has to be looked at by itself."""
    whole = cell.prefix + "".join(texts)  # of all at once it is quickly seen that there is nothing to see
    longest = len(cell.prefix) + max(map(len, texts), default=0)
    if ITEM in whole or longest > LONGEST_CELL or _CONTROLS.search(whole):
        return None
    prefix, default = cell.prefix, cell.default
    return [prefix + text if text else default for text in texts]


def are_keys(texts: Sequence[str]) -> bool:
    """Whether all texts can be ids."""
    if max(map(len, texts), default=0) > LONGEST_KEY or _INVISIBLE.search("".join(texts)):
        return False
    return MISSING.isdisjoint(map(str.casefold, texts))


def may_be_blank(cell: CellSpec, kind: Property | None, err: UnreadableError) -> bool:
    """Whether a property is blank, with a finding, for its text cannot be read: else its row goes to quarantine.

    What is no day is, unless the mapping says otherwise: dates are finer than `year`, and often known in part. Nothing
    that the model needs is.
    """
    if kind is not None and kind.required:
        return False
    if cell.optional is not None:
        return cell.optional
    return isinstance(err, NoDateError) and _reading(cell, kind) == "date"


def _value(cell: CellSpec, row: Cells, money: Money | None, kind: Property | None) -> Value | None:
    if not keeps(cell.when, row):
        return None
    if cell.value is not None:
        return cell.value
    text = _text(cell, row)
    if text and (cell.unescape or cell.replace or cell.substitute):
        text = _changed(cell, text)
    if text and cell.pattern:
        text = _found(cell.pattern, text)
    if not text:
        return None
    if cell.translate is not None:
        if text not in cell.translate:
            raise UnreadableError(
                tr(
                    "{text!r} is not in the map; {did_you_mean}",
                    text=text,
                    did_you_mean=did_you_mean(text, cell.translate),
                )
            )
        return cell.translate[text]
    return _read(text, cell, row, money, kind)


def _text(cell: CellSpec, row: Cells) -> str:
    text = _own_text(cell, row)
    return "|".join(filter(None, text.split(ITEM))) if ITEM in text else text  # the elements of a list, as one text


def _own_text(cell: CellSpec, row: Cells) -> str:
    if cell.column is not None:
        return row[cell.column]
    if cell.first is not None:
        return next((row[column] for column in cell.first if row[column]), "")
    texts = [row[column] for column in cell.join or ()]
    return cell.by.join(texts) if any(texts) else ""


def _changed(cell: CellSpec, text: str) -> str:
    """The text with everything replaced that the mapping names, as long as a cell may be."""
    if cell.unescape:
        text = html_entities.unescaped(text)
    for old, new in cell.replace.items():
        if len(text) + text.count(old) * (len(new) - len(old)) > LONGEST_CELL:
            raise _too_long(old)
        text = text.replace(old, new)
    for pattern, by in cell.substitute.items():
        replaced = compiled(pattern).replaced(text, by, LONGEST_CELL)
        if replaced is None:
            raise _too_long(pattern)
        text = replaced
    return text.strip()


def _too_long(what: str) -> UnreadableError:
    return UnreadableError(
        tr("is longer than {longest:,} characters with {what} replaced", longest=LONGEST_CELL, what=shortened(what))
    )


def _found(pattern: str, text: str) -> str:
    hit = compiled(pattern).search(text)
    if hit is None:
        return ""
    return str((hit[1] if hit.re.groups else hit[0]) or "")


def _read(text: str, cell: CellSpec, row: Cells, money: Money | None, kind: Property | None) -> Value | None:
    reading = _reading(cell, kind)
    if reading == "date":
        return dates.whole_date(text, cell.formats)
    if reading == "year":
        return dates.year_of(text, cell.formats)
    if reading in _NUMBERS:
        return _NUMBERS[reading](text, cell.decimal or ".", cell.units, cell.times)
    if reading in {"amount", "vague"}:
        return _money(text, reading, cell, row, money)
    value = _READERS[reading](text)
    return cell.prefix + value if isinstance(value, str) else value


def _reading(cell: CellSpec, kind: Property | None) -> Reading:
    return cell.reading or _BY_TYPE[kind.type if kind else "string"]


def _money(text: str, reading: str, cell: CellSpec, row: Cells, money: Money | None) -> Value | None:
    if money is None:
        raise UnreadableError(tr("the mapping has no [money] table"))
    when = row[cell.year] if cell.year is not None else ""
    around = amounts.Around(
        cell.currency if cell.currency_column is None else row[cell.currency_column] or cell.currency,
        dates.year_of(when, cell.formats) if when else None,
        cell.decimal,
        cell.times,
    )
    amount = amounts.amount(text, money, around)
    if amount.millions is None or reading == "amount":
        return amount.millions
    return amount.vague


def check_value(value: str | float | bool | datetime.date, kind: Property | None) -> None:
    """Raise UnreadableError where a dataset cannot hold the value, or the model does not allow it for its property."""
    if isinstance(value, str):
        _check_text(value, LONGEST_CELL, _CONTROLS)
    elif isinstance(value, datetime.date):
        if not FIRST_DAY <= value <= LAST_DAY:
            raise UnreadableError(
                tr("{value} is outside [{first_day}, {last_day}]", value=value, first_day=FIRST_DAY, last_day=LAST_DAY)
            )
    elif kind is not None and not isinstance(value, bool):
        _check_number(value, kind)
    if kind is not None and kind.values and value not in kind.values:
        raise UnreadableError(tr("{value!r} is not one of {values}", value=value, values=", ".join(kind.values)))


def check_key(key: str) -> None:
    """Raise UnreadableError where the text cannot be an id: it stands for nothing, or is no printable line."""
    if key.casefold() in MISSING:
        raise UnreadableError(tr("{key!r} stands for a missing value, it is no id", key=key))
    _check_text(key, LONGEST_KEY, _INVISIBLE)


def _check_text(text: str, longest: int, controls: re.Pattern[str]) -> None:
    if len(text) > longest:
        raise UnreadableError(
            tr("has {count:,} characters; at most {longest:,} are kept", count=len(text), longest=longest)
        )
    if controls.search(text):
        raise UnreadableError(tr("{text} has control characters", text=shortened(text)))


def _check_number(value: float, kind: Property) -> None:
    low, high = kind.minimum, kind.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = f"[{'-∞' if low is None else f'{low:g}'}, {'∞' if high is None else f'{high:g}'}]"
        raise UnreadableError(
            tr("{value:g} is outside {bounds}, the limits of {name}", value=value, bounds=bounds, name=kind.name)
        )
