"""A table of pairwise judgements read from a file: the items and a square matrix, NaN where nobody judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ecosystem.dataset.raw import as_text
from ecosystem.errors import Finding, InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.table_file import Cells, read_cells

HINT = "the first row and the first column name the items, each cell is a number or a fraction such as 1/3, or blank"


def read_judgements(path: Path) -> tuple[tuple[str, ...], FloatArray]:
    """The items and their judgements `(items, items)`; InputError with every cell that is none, and for other items."""
    cells = read_cells(path)
    columns = [as_text(column).to_pylist() for column in cells.columns]
    items, findings = cells.names[1:], [one for one in cells.findings if one.severity == "error"]
    rows = tuple(cell or "" for cell in columns[0]) if columns else ()
    if not findings and rows != items:
        message = f"the rows name {', '.join(rows) or 'nothing'}, the columns {', '.join(items) or 'nothing'}"
        findings.append(
            Finding("error", "other_items", message, cells.file, 1, hint="name the same items in the same order")
        )
    if findings:
        raise InputError(f"{path} is no table of judgements", hint=HINT, findings=findings)
    matrix = np.array([[_number(cell) for cell in column] for column in columns[1:]], dtype=np.float64).T
    faults = _faults(cells, columns, matrix)
    if faults:
        raise InputError(f"{path} is no table of judgements", hint=HINT, findings=faults)
    return items, np.where(np.isinf(matrix), np.nan, matrix)


def _number(cell: str | None) -> float:
    """A number or a fraction; infinity where there is no judgement, NaN where the cell is neither."""
    if cell is None or not cell.strip():
        return math.inf
    above, slash, below = cell.partition("/")
    try:
        number = float(above) / float(below) if slash else float(above)
    except (ValueError, ZeroDivisionError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def _faults(cells: Cells, columns: Sequence[Sequence[str | None]], matrix: FloatArray) -> list[Finding]:
    found = []
    for row, column in np.argwhere(np.isnan(matrix)).tolist():
        cell = str(columns[column + 1][row])
        place = (cells.file, int(cells.lines[row]), cells.names[column + 1])
        found.append(Finding("error", "bad_judgement", f"{cell[:40]!r} is no judgement", *place, cell[:80]))
    return found
