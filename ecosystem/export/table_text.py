"""Tables as text, some rows at a time: as values of Python they take many times the memory of a frame."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator

import pandas as pd

from ecosystem.export.frame_cells import Cell, columns_of, csv_text, json_cell, markdown_text, names_of

_ROWS = 20_000


def csv_pieces(frame: pd.DataFrame) -> Iterator[str]:
    """The table as CSV, without its row index. A missing value is an empty cell. Numbers are not rounded."""
    yield _csv([[csv_text(name) for name in names_of(frame)]])
    for columns in _pieces(frame):
        yield _csv(zip(*([csv_text(cell) for cell in cells] for cells in columns), strict=True))


def markdown_pieces(frame: pd.DataFrame) -> Iterator[str]:
    """The table in GitHub's Markdown, without its row index, numbers to the right and rounded for reading."""
    names = names_of(frame)
    rules = ["---:" if frame.iloc[:, at].dtype.kind in "iuf" else "---" for at in range(len(names))]
    yield _markdown([map(markdown_text, names), rules])
    for columns in _pieces(frame):
        yield _markdown(zip(*([markdown_text(cell) for cell in cells] for cells in columns), strict=True))


def json_pieces(frame: pd.DataFrame) -> Iterator[str]:
    """The table as a JSON list of records, one line each; a missing value is null. Numbers are not rounded."""
    names, before = names_of(frame), "[\n"
    for columns in _pieces(frame):
        rows = zip(*([json_cell(cell) for cell in cells] for cells in columns), strict=True)
        records = (dict(zip(names, row, strict=True)) for row in rows)
        yield before + ",\n".join(json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records)
        before = ",\n"
    yield "\n]\n" if len(frame) else "[]\n"


def _pieces(frame: pd.DataFrame) -> Iterator[list[list[Cell]]]:
    for first in range(0, len(frame), _ROWS):
        yield [cells for _, cells in columns_of(frame.iloc[first : first + _ROWS])]


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _markdown(rows: Iterable[Iterable[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)
