"""The first rows of a file of an export: its blocks cut short, and the line on which the last of the rows stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ecosystem.tables.form import Block


def first_rows(blocks: Iterator[Block], rows: int | None, *, headed: bool) -> Iterator[Block]:
    """The blocks up to so many rows, all of them without a number; the first record of a `headed` file is no row."""
    left = None if rows is None else rows + headed
    for block in blocks:
        if left is None or len(block.lines) <= left:
            yield block
        else:
            faults = {place: fault for place, fault in block.faults.items() if place < left}
            yield replace(block, lines=block.lines[:left], records=block.records[:left], faults=faults)
        if left is not None:
            left -= len(block.lines)
            if left <= 0:
                return


def last_line(blocks: Iterator[Block], rows: int, *, headed: bool) -> tuple[int, int]:
    """The line of the last of so many rows, 0 where there is none, and how many there are."""
    last, count = 0, -int(headed)
    for block in first_rows(blocks, rows, headed=headed):
        last = int(block.lines[-1]) if len(block.lines) else last
        count += len(block.lines)
    return last, max(count, 0)
