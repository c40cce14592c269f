"""On which line of a CSV file each row begins, line breaks inside quotes counted."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from ecosystem.dataset.encoding import Scan
from ecosystem.dataset.raw import Rows


def line_numbers(table: pa.Table, odd: Sequence[arrow_csv.InvalidRow], header: Sequence[str], found: Scan) -> Rows:
    """The line of each row of `table`, then of each odd row; the header is line 1 and blank lines are rows too."""
    total = table.num_rows + len(odd)
    if not odd and found.lines == total + 1:
        return np.arange(2, total + 2)
    odd_places = np.array([row.number - 2 for row in odd], np.int64)  # to Arrow, the header is row 1
    good_places = np.delete(np.arange(total), odd_places)
    breaks = np.zeros(total, np.int64)
    # where there are no more lines than records and a header, no line ends inside a cell
    if found.quotes and found.lines != total + 1:
        breaks[good_places] = _breaks(table)
    breaks[odd_places] = [_line_breaks(row.text) for row in odd]
    first = 2 + sum(_line_breaks(name) for name in header)
    lines = first + np.arange(total) + np.cumsum(breaks) - breaks
    return np.concatenate([lines[good_places], lines[odd_places]])


def open_quote(
    path: Path, table: pa.Table, odd: Sequence[arrow_csv.InvalidRow], header: Sequence[str], found: Scan
) -> int | None:
    """The line on which a quotation mark is opened that nothing closes; None when all are closed."""
    if found.quotes % 2 == 0 or table.num_rows + len(odd) == 0:
        return None
    line = int(line_numbers(table, odd, header, found).max())
    with path.open(encoding="utf-8-sig", newline="") as file:
        rest = "".join(itertools.islice(file, line - 1, None))
    try:
        list(csv.reader(io.StringIO(rest, newline=""), strict=True))
    except csv.Error as err:
        return line if "end of data" in str(err) or "limit" in str(err) else None
    return None


def _breaks(table: pa.Table) -> Rows:
    """How many line breaks there are inside the cells of each row."""
    breaks = np.zeros(table.num_rows, np.int64)
    for column in table.columns:
        if pc.any(pc.match_substring_regex(column, "[\r\n]")).as_py():
            breaks += pc.fill_null(pc.count_substring_regex(column, "\r\n|\r|\n"), 0).to_numpy()
    return breaks


def _line_breaks(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")
