"""Turn a column into the type of its property; a cell that does not fit sets its row aside, with what was expected."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import Faults, quoted, row_texts
from ecosystem.dataset.values import (
    BLANK,
    FIRST_DAY,
    cell_hint,
    check_choices,
    check_placeholders,
    check_range,
    check_text,
    warn_future,
)
from ecosystem.messages import tr, tr_later
from ecosystem.model import Property, PropertyType
from ecosystem.tables.raw import Rows, as_text, byte_range, cells_at, rows_where
from ecosystem.tables.words import ARROW, FALSE, TRUE

_NOT_FINITE = r"(?i)^[+-]?(nan|inf|infinity)$"
_FITS: dict[PropertyType, str] = {
    "integer": r"^[+-]?[0-9]{1,18}(\.0*)?$",
    "float": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,5})?$",
    "boolean": rf"(?i)^({'|'.join(TRUE + FALSE)})$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ]00:00(:00(\.0+)?)?Z?)?$",
}
_LOOKS_LIKE: dict[PropertyType, str] = {
    "integer": r"^-?(0|[1-9][0-9]{0,17})$",  # 007 and 110000000000000000000 are names that are written in digits
    # neither a dash alone, nor 1e999, which is not finite
    "float": r"^-?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE](\+?[0-9]{1,2}|-[0-9]{1,3}))?$",
    "boolean": r"(?i)^(true|false|yes|no|是|否)$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
}
_LONG = r"^-?[0-9]{16,}$"
_LONGEST_FLOAT = 300
_LONGEST_INTEGER, _DAY = 18, 10
"""How many characters an integer may have that needs no second look, and a day has."""
_EXPECTED: dict[PropertyType, tuple[str, str]] = {
    "integer": ("not_an_integer", tr_later("{cell} is not a whole number")),
    "float": ("not_a_number", tr_later("{cell} is not a number")),
    "boolean": ("not_a_boolean", tr_later("{cell} is neither true nor false")),
    "date": ("not_a_date", tr_later("{cell} is not a date (YYYY-MM-DD)")),
}


def parse(column: pa.ChunkedArray, known: Property, faults: Faults) -> pa.ChunkedArray:
    """The column in the type of the property, null where a cell is blank or did not fit."""
    if known.type == "string":
        text = _meant(as_text(column), known)
        check_text(text, known.name, faults)
        check_choices(text, known, faults)
        check_placeholders(text, known, faults)
        return text
    native = _native(column, known)
    values = _from_text(as_text(column), known, faults) if native is None else native
    if known.type == "float":
        values = _finite(values, known, faults)
    check_range(values, known, faults)
    if known.type == "integer" and known.name.endswith("year"):
        warn_future(values, known, faults)
    return values


def _meant(text: pa.ChunkedArray, known: Property) -> pa.ChunkedArray:
    """The cells with the value in place of a Chinese word for it."""
    if not known.words:
        return text
    words, values = (pa.array(list(column)) for column in zip(*known.words, strict=True))
    return pc.coalesce(values.take(pc.index_in(text, value_set=words)), text)


def infer(column: pa.ChunkedArray) -> PropertyType:
    """The narrowest type that fits every cell of a column that the model does not know."""
    kind = column.type
    if pa.types.is_boolean(kind):
        return "boolean"
    if _fits_int64(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "float"
    text = as_text(column)
    if text.null_count == len(text) or too_long(column) is not None:
        return "string"
    fits = (name for name, pattern in _LOOKS_LIKE.items() if pc.all(pc.match_substring_regex(text, pattern)).as_py())
    return next((name for name in fits if name != "date" or _all_days(text)), "string")


def too_long(column: pa.ChunkedArray) -> str | None:
    """A whole number that would lose digits in a column of numbers that the model does not know; None where none does.

    Such a column is text: two ids of twenty digits must not become one float.
    """
    if _fits_int64(column.type) or pa.types.is_floating(column.type):
        return None
    text = as_text(column)
    whole, number = (pc.match_substring_regex(text, _LOOKS_LIKE[name]) for name in ("integer", "float"))
    if pc.all(whole).as_py() or not pc.all(number).as_py():
        return None
    long = text.filter(pc.fill_null(pc.match_substring_regex(text, _LONG), False))
    return next((cell for cell in pc.unique(long).to_pylist() if _loses_digits(cell)), None)


def _loses_digits(digits: str) -> bool:
    return len(digits) > _LONGEST_FLOAT or int(float(digits)) != int(digits)


def _native(column: pa.ChunkedArray, known: Property) -> pa.ChunkedArray | None:
    """A column that is typed already (Parquet); None where the way over text is the right one."""
    kind = column.type
    if kind == ARROW[known.type]:
        return column
    if known.type == "integer" and _fits_int64(kind):
        return column.cast(pa.int64())
    numeric = pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind)
    return column.cast(pa.float64(), safe=False) if known.type == "float" and numeric else None


def _from_text(text: pa.ChunkedArray, known: Property, faults: Faults) -> pa.ChunkedArray:
    plain = _plain(text, known.type)
    if plain is not None:
        return plain
    fits = pc.fill_null(pc.match_substring_regex(text, _FITS[known.type]), True)
    if known.type == "date":
        fits = _real_days(text, fits)
    rows = rows_where(pc.invert(fits))
    if len(rows):
        _refuse(rows, cells_at(text, rows), known, faults)
        text = pc.if_else(fits, text, pa.scalar(None, pa.string()))
    return _cast(text, known.type)


def _plain(text: pa.ChunkedArray, kind: PropertyType) -> pa.ChunkedArray | None:
    """The values of a column that Arrow reads as it stands; None where a cell may be none that we take, or is another.

    Without letters Arrow reads numbers as we do, but for long ones; it knows days that no calendar has, before 1800.
    """
    if kind == "boolean" or byte_range(text)[1] > ord("9"):
        return None
    lengths = pc.min_max(pc.binary_length(text)).as_py()
    if kind == "integer" and (lengths["max"] or 0) > _LONGEST_INTEGER:
        return None
    if kind == "date" and (lengths["min"] or _DAY, lengths["max"] or _DAY) != (_DAY, _DAY):
        return None
    try:
        values = text.cast(ARROW[kind])
    except pa.ArrowInvalid:
        return None
    return None if kind == "date" and pc.any(pc.less(values, FIRST_DAY)).as_py() else values


def _cast(text: pa.ChunkedArray, kind: PropertyType) -> pa.ChunkedArray:
    if kind == "boolean":
        true = pc.is_in(pc.utf8_lower(text), value_set=pa.array(TRUE))
        return pc.if_else(pc.is_null(text), pa.scalar(None, pa.bool_()), true)
    if kind == "date":
        return pc.utf8_slice_codeunits(text, 0, 10).cast(pa.date32())
    # Arrow reads neither a plus sign nor, in an integer, a point
    pattern = r"^\+|\.0*$" if kind == "integer" else r"^\+"
    if pc.any(pc.match_substring_regex(text, pattern)).as_py():
        text = pc.replace_substring_regex(text, pattern, "")
    return text.cast(ARROW[kind])


def _finite(values: pa.ChunkedArray, known: Property, faults: Faults) -> pa.ChunkedArray:
    finite = pc.is_finite(values)
    rows = rows_where(pc.invert(finite))
    _refuse_infinite(rows, cells_at(values, rows), known, faults)
    return pc.if_else(finite, values, pa.scalar(None, pa.float64())) if len(rows) else values


def _refuse(rows: Rows, cells: pa.Array, known: Property, faults: Faults) -> None:
    if known.type in {"integer", "float"}:
        infinite = pc.match_substring_regex(cells, _NOT_FINITE).to_numpy(zero_copy_only=False)
        _refuse_infinite(rows[infinite], cells.filter(pa.array(infinite)), known, faults)
        rows, cells = rows[~infinite], cells.filter(pa.array(~infinite))
    code, expected = _EXPECTED[known.type]
    hint = partial(cell_hint, known=known)
    faults.add(code, rows, row_texts(tr(expected), cell=quoted(cells)), column=known.name, values=cells, hint=hint)


def _refuse_infinite(rows: Rows, cells: pa.Array, known: Property, faults: Faults) -> None:
    reasons = row_texts(tr("{cell} is not a finite number"), cell=quoted(cells))
    faults.add("not_finite", rows, reasons, column=known.name, values=cells, hint=tr(BLANK))


def _real_days(text: pa.ChunkedArray, fits: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without the days that no calendar has (2023-02-30); looked up once per distinct text."""
    wrong = [day for day in pc.unique(text.filter(fits)).to_pylist() if day is not None and not _is_day(day[:10])]
    return pc.and_(fits, pc.invert(pc.is_in(text, value_set=pa.array(wrong, pa.string())))) if wrong else fits


def _all_days(text: pa.ChunkedArray) -> bool:
    return all(day is None or _is_day(day) for day in pc.unique(text).to_pylist())


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fits_int64(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) and kind != pa.uint64())
