"""The cells of a column of values as numbers: what is missing, what is percent, and what is neither."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ecosystem.errors import Finding
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.tables.words import is_missing

_PERCENT = re.compile(r"[%％]$")


def numbers_of(cells: Sequence[str | None]) -> tuple[FloatArray, list[int], bool]:
    """The numbers of a column, NaN where missing, the rows whose cell is none, and whether they are percents.

    Only where every cell says %: a column that says it here and there may mean 12% by 0.12 elsewhere.
    """
    given = [cell for cell in cells if cell is not None and not is_missing(cell)]
    percent = bool(given) and all(_PERCENT.search(cell) for cell in given)
    if percent:
        plain = [cell if cell is None else _PERCENT.sub("", cell).rstrip() or "%" for cell in cells]
        column, wrong = _plain_numbers(plain)
        if not wrong:
            return column, wrong, True
    return *_plain_numbers(cells), False


def _plain_numbers(cells: Sequence[str | None]) -> tuple[FloatArray, list[int]]:
    column = np.full(len(cells), np.nan)
    wrong = []
    for row, cell in enumerate(cells):
        if cell is None or is_missing(cell):
            continue
        try:
            column[row] = float(cell) if "_" not in cell else np.nan
        except ValueError:
            wrong.append(row)
            continue
        if np.isnan(column[row]):
            wrong.append(row)
    return column, wrong


def percent_note(file: str, name: str) -> Finding:
    """A note that a column was read as percents."""
    message = tr("every cell of {name!r} ends in %: 12% is read as 12", name=name)
    return Finding("info", "percent", message, file, None, name, None, tr("targets and goalposts are in percent too"))


def text_fault(
    file: str, name: str, cells: Sequence[str | None], wrong: Sequence[int], lines: Sequence[int]
) -> Finding:
    """The fault of a column of which some cells are text: the first of them, and how many there are."""
    first = wrong[0]
    message = tr("the column {name!r} holds text: {cell!r}", name=name, cell=cells[first])
    if len(wrong) > 1:
        message = tr(
            "the column {name!r} holds text: {cell!r} and {count} more",
            name=name,
            cell=cells[first],
            count=len(wrong) - 1,
        )
    hint = tr("write plain numbers: no units, no % and no commas between thousands; leave a missing value blank")
    return Finding("error", "text_column", message, file, lines[first], name, (cells[first] or "")[:80], hint)
