"""What the value of a cell may be, beyond its type: printable, of a sensible length, one of a list, within limits."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.faults import INVISIBLE, Faults, quoted, sentences
from ecosystem.dataset.hints import BLANK, cell_hint
from ecosystem.dataset.raw import cells_at, rows_where
from ecosystem.errors import nearest
from ecosystem.model import Property

LONGEST_CELL = 100_000
"""How many characters a cell may have."""

LONGEST_KEY = 500
"""How many characters an id may have."""

PLACEHOLDERS = ("nan", "null", "none", "n/a", "na", "#n/a", "<na>", "nil", "-")
"""Texts that programs and people write for a missing value, in lower case."""

FIRST_DAY, LAST_DAY = dt.date(1800, 1, 1), dt.date(2100, 12, 31)
"""The limits of a date, those of a year."""

CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
"""What no text may have."""


def check_text(text: pa.ChunkedArray, name: str, faults: Faults, *, key: bool = False) -> None:
    """Set rows aside whose text is too long or has control characters: most formats cannot hold them.

    A text may have tabs and line breaks (inside quotation marks), a key may not.
    """
    _check_length(text, name, faults, LONGEST_KEY if key else LONGEST_CELL)
    rows = rows_where(pc.match_substring_regex(text, INVISIBLE if key else CONTROLS))
    cells = cells_at(text, rows)
    reasons = sentences(quoted(cells), " has control characters")
    hint = "delete the invisible characters, for example with CLEAN() in Excel"
    faults.add("control_character", rows, reasons, column=name, values=quoted(cells), hint=hint)


def check_choices(text: pa.ChunkedArray, known: Property, faults: Faults) -> None:
    """Set rows aside whose value is none of the property's; capitals matter."""
    if not known.values:
        return
    allowed = pc.is_in(text, value_set=pa.array([*known.values, None], pa.string()))
    rows = rows_where(pc.invert(allowed))
    cells = cells_at(text, rows)
    reasons = sentences(quoted(cells), f" is none of: {', '.join(known.values)}")

    def hint(cell: str) -> str | None:
        return f"did you mean {close[0]!r}?" if (close := nearest(cell, known.values, 1)) else BLANK

    faults.add("not_allowed", rows, reasons, column=known.name, values=cells, hint=hint)


def check_placeholders(text: pa.ChunkedArray, known: Property, faults: Faults) -> None:
    """Warn of texts that stand for a missing value: they stay as they are, for a name may be "None"."""
    if known.values:
        return
    rows = rows_where(is_placeholder(text))
    if len(rows):
        message = f"cells that say NULL, N/A or the like, which is read as text: {len(rows):,}"
        faults.warn("placeholder", message, column=known.name, row=int(rows[0]), hint=BLANK)


def is_placeholder(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """True where a cell says nan, NULL, None, N/A or the like in place of being blank."""
    return pc.is_in(pc.utf8_lower(text), value_set=pa.array(PLACEHOLDERS))


def check_range(values: pa.ChunkedArray, known: Property, faults: Faults) -> None:
    """Set rows aside whose value is below the minimum or above the maximum of the property."""
    low: float | dt.date | None = FIRST_DAY if known.type == "date" else known.minimum
    high: float | dt.date | None = LAST_DAY if known.type == "date" else known.maximum
    for limit, beyond, words in ((low, pc.less, "below"), (high, pc.greater, "above")):
        if limit is None:
            continue
        rows = rows_where(beyond(values, pa.scalar(limit).cast(values.type)))
        cells = cells_at(values, rows)
        reasons = sentences(quoted(cells), f" is {words} {limit}, the limit of {known.name}")
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
        message = f"years after {this_year}: {len(rows):,}, the first is {cells_at(values, rows[:1])[0]}"
        faults.warn("future_year", message, column=known.name, row=int(rows[0]), hint="is it a slip of the pen?")


def _check_length(text: pa.ChunkedArray, name: str, faults: Faults, longest: int) -> None:
    if (pc.max(pc.binary_length(text)).as_py() or 0) <= longest:
        return
    rows = rows_where(pc.greater(pc.utf8_length(text), longest))
    cells = cells_at(text, rows)
    lengths = pc.cast(pc.utf8_length(cells), pa.string())
    reasons = sentences("the cell has ", lengths, f" characters; at most {longest:,} are read")
    hint = "is a quotation mark missing at the end of a cell?"
    faults.add("too_long", rows, reasons, column=name, values=cells, hint=hint)
