"""Whether a sheet is of a size that can be read: the cell reader keeps every cell up to the last, empty ones too."""

from __future__ import annotations

import re

import numpy as np

from ecosystem.dataset.unpacking import unpacked_limit
from ecosystem.dataset.workbook_formulas import column_number
from ecosystem.dataset.workbook_parts import SheetParts

MOST_CELLS = 50_000_000
"""How many cells a sheet may reach over, from A1 to the last row and column."""

_LETTERS = re.compile(rb"""\br=["']([A-Z]{1,3})[0-9]""")
_NUMBERS = re.compile(rb"""\br=["'][A-Z]{0,3}([0-9]{1,9})["']""")
_SHARED_CELL = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<""")
_SHARED_MARK = re.compile(rb"""\bt=["']s["']""")


def size_fault(parts: SheetParts) -> str | None:
    """What is too large about a sheet, in words; None when nothing is."""
    rows, columns = _extent(parts.sheet)
    if rows * columns > MOST_CELLS:
        return f"it reaches over {rows:,} rows and {columns:,} columns; at most {MOST_CELLS:,} cells are read"
    limit = unpacked_limit()
    return f"its texts come to more than {limit // 1_000_000:,} MB" if _text_size(parts, limit) > limit else None


def _extent(sheet: bytes) -> tuple[int, int]:
    """How many rows and columns there are up to the last cell; a cell may say its place or follow the one before."""
    letters = {b"A", *_LETTERS.findall(sheet)}
    numbers = {b"1", *_NUMBERS.findall(sheet)}
    lines = sheet.split(b"row")
    widest = max(line.count(b"<c") + line.count(b":c") for line in lines)
    return max(len(lines) // 2, *map(int, numbers)), max(
        widest, *(column_number(name.decode()) + 1 for name in letters)
    )


def _text_size(parts: SheetParts, limit: int) -> int:
    """How many bytes the cells with shared texts come to; the file holds a text once, however many cells show it."""
    lengths = np.array([len(text) for text in parts.shared.split(b"</si>")], np.int64)
    longest = int(lengths.max())
    count = sum(1 for _ in _SHARED_MARK.finditer(parts.sheet)) if longest * len(parts.sheet) > limit else 0
    if count * longest <= limit:
        return count * longest
    cells = np.fromiter((int(cell[1]) for cell in _SHARED_CELL.finditer(parts.sheet)), np.int64)
    known = cells[cells < len(lengths)]
    return int(lengths[known].sum()) + (count - len(cells)) * longest
