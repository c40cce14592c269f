"""The cells of a data frame as plain Python values, and those values as text that is safe in every format."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.headings import file_headings
from ecosystem.tables.words import escaped

Cell = str | bool | int | float | dt.date | list["Cell"] | dict[str, "Cell"] | None
"""What stands in one place of a table; a list or a map only in a column that is typed as one, as a query's may be."""

# C0 without tab and line feed, delete, C1, halves of surrogate pairs, and two code points that XML does not know
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def columns_of(frame: pd.DataFrame) -> list[tuple[str, list[Cell]]]:
    """Every column with its heading and its cells; the row index is no column. A missing value is None."""
    columns = (frame.iloc[:, at] for at in range(frame.shape[1]))
    return [
        (name, [typed(value) if _by_arrow(column) else plain(value) for value in values_of(column)])
        for name, column in zip(names_of(frame), columns, strict=True)
    ]


def names_of(frame: pd.DataFrame) -> list[str]:
    """The headings of a table."""
    return [clean(str(name)) for name in frame.columns]


def headed(frame: pd.DataFrame, lang: str, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The table with its headings as a file in a language has them; `names` are those of the user's own columns."""
    return frame.set_axis(file_headings([str(name) for name in frame.columns], lang, names), axis=1)


def values_of(column: pd.Series) -> list[Any]:
    """The values of a column as they stand, a missing one being None.

    Not-a-number is missing as well, but in a column typed by Arrow, which knows one from the other, it is NaN.
    """
    if _by_arrow(column):
        values: list[Any] = pa.chunked_array(column.array.__arrow_array__()).to_pylist(maps_as_pydicts="strict")
        return values
    return [None if _is_missing(value) else value for value in column.tolist()]


def _by_arrow(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.ArrowDtype)


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def typed(cell: Any) -> Cell:
    """A value of a column that Arrow has typed, as a plain one: a duration, a time of day, bytes are text."""
    if cell is None or type(cell) in (float, int, bool):
        return cast("Cell", cell)
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, list):
        return [typed(item) for item in cell]
    if isinstance(cell, dict):
        return {clean(str(key)): typed(value) for key, value in cell.items()}
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        return int(cell)
    if isinstance(cell, (pa.MonthDayNano, dt.timedelta)):
        return iso_duration(cell)
    if isinstance(cell, dt.time):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.hex()
    return cell.to_pydatetime(warn=False) if isinstance(cell, pd.Timestamp) else plain(cell)


def iso_duration(duration: pa.MonthDayNano | dt.timedelta) -> str:
    """A duration in ISO 8601 as Cypher writes it, P1Y2M3DT4H5M6.5S; each part has a sign of its own."""
    if isinstance(duration, dt.timedelta):
        micros = duration // dt.timedelta(microseconds=1)
        months, days, nanos = 0, *_parts(micros * 1000, 24 * 3600 * 10**9)
    else:
        months, days, nanos = duration.months, duration.days, duration.nanoseconds
    years, months = _parts(months, 12)
    minutes, nanos = _parts(nanos, 60 * 10**9)
    hours, minutes = _parts(minutes, 60)
    sign, (whole, rest) = "-" if nanos < 0 else "", divmod(abs(nanos), 10**9)
    seconds = f"{sign}{whole}{f'.{rest:09}'.rstrip('0').rstrip('.')}S" if nanos else ""
    date = "".join(f"{number}{unit}" for number, unit in ((years, "Y"), (months, "M"), (days, "D")) if number)
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number) + seconds
    return f"P{date}" + (f"T{time}" if time else "") if date or time else "PT0S"


def _parts(number: int, unit: int) -> tuple[int, int]:
    """How many whole units a number has, and what is left; both with its sign."""
    whole, rest = divmod(abs(number), unit)
    return (-whole, -rest) if number < 0 else (whole, rest)


def plain(cell: object) -> Cell:
    """A cell as a plain value, text without control characters; None for None, NaN, NaT, NA.

    TypeError for what a table has no cell for: a list, a dict.
    """
    if isinstance(cell, str):
        return clean(str(cell))  # str: an enumeration's member is its value
    if _is_missing(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return _moment(cell)
    if isinstance(cell, (np.generic, Decimal)):
        cell = cell.item() if isinstance(cell, np.generic) else float(cell)
    if isinstance(cell, float):
        return None if math.isnan(cell) else cell
    if isinstance(cell, (bool, int, dt.date)):
        return cell
    raise TypeError(f"a table has no cell for a {type(cell).__name__}")


def clean(text: str) -> str:
    """A text without control characters; line ends as one line feed."""
    # nearly every text is printable, and this is the quick way to know it
    return text if text.isprintable() else _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def csv_text(cell: Cell) -> str:
    """A cell of a CSV file: a float as the shortest text that reads back the same, a date in ISO form.

    Text that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, CSV injection); numbers do not.
    """
    return escaped(cell) if isinstance(cell, str) else exact_text(cell)


def markdown_text(cell: Cell) -> str:
    """A cell of a Markdown table: floats rounded for the eye, to four decimals or, where small, four digits."""
    if isinstance(cell, float) and math.isfinite(cell):
        return f"{cell:.4g}" if 0 < abs(cell) < 1e-3 else f"{cell:.4f}".rstrip("0").rstrip(".")
    return exact_text(cell).replace("<", "&lt;").replace("|", "\\|").replace("\n", "<br>")


def exact_text(cell: Cell) -> str:
    """A cell as text, nothing rounded, nothing escaped; a missing value is the empty text, lists and maps are JSON."""
    if isinstance(cell, float):
        return "NaN" if math.isnan(cell) else repr(cell)
    if isinstance(cell, (list, dict)):
        return json.dumps(json_cell(cell), ensure_ascii=False)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


def json_cell(cell: Cell) -> Any:
    """A cell as JSON has it, which knows no date, no infinity and no not-a-number: they become text."""
    if isinstance(cell, list):
        return [json_cell(item) for item in cell]
    if isinstance(cell, dict):
        return {key: json_cell(value) for key, value in cell.items()}
    if isinstance(cell, dt.date) or (isinstance(cell, float) and not math.isfinite(cell)):
        return exact_text(cell)
    return cell


def _moment(moment: pd.Timestamp) -> dt.date:
    exact = moment.floor("us").to_pydatetime()
    return exact.date() if exact.tzinfo is None and exact.time() == dt.time() else exact
