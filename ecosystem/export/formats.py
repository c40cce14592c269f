"""A data frame as the text of a file: CSV, Markdown, JSON; and as the bytes of a Parquet file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from ecosystem.export.cells import Cell, columns_of, csv_text, exact_text, markdown_text, plain

BYTE_ORDER_MARK = "\ufeff"


def to_csv(frame: pd.DataFrame, *, excel: bool = False) -> str:
    """The table as CSV, without its row index; `excel` puts the byte-order mark first that Excel looks for.

    A missing value is an empty cell. Numbers are not rounded.
    """
    columns = columns_of(frame)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([csv_text(name) for name, _ in columns])
    writer.writerows(zip(*([csv_text(cell) for cell in cells] for _, cells in columns), strict=True))
    return (BYTE_ORDER_MARK if excel else "") + out.getvalue()


def to_markdown(frame: pd.DataFrame) -> str:
    """The table in GitHub's Markdown, without its row index, numbers to the right and rounded for reading."""
    columns = columns_of(frame)
    rules = ["---:" if frame.iloc[:, at].dtype.kind in "iuf" else "---" for at in range(len(columns))]
    rows = zip(*([markdown_text(cell) for cell in cells] for _, cells in columns), strict=True)
    lines = [[markdown_text(name) for name, _ in columns], rules, *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def to_json(frame: pd.DataFrame) -> str:
    """The table as a JSON list of records, one line each; a missing value is null. Numbers are not rounded."""
    columns = columns_of(frame)
    names = [name for name, _ in columns]
    rows = zip(*([_json_cell(cell) for cell in cells] for _, cells in columns), strict=True)
    lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, allow_nan=False) for row in rows]
    return "[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n"


def to_parquet(frame: pd.DataFrame) -> bytes:
    """The table as a Parquet file, without its row index, types as they are."""
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def object_to_json(thing: object) -> str:
    """Nested mappings, sequences and plain values as indented JSON; NaN is null, dates are ISO, order is kept."""
    return json.dumps(_json_thing(thing), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _json_thing(thing: object) -> Any:
    if isinstance(thing, Mapping):
        return {str(key): _json_thing(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_json_thing(value) for value in thing]
    if isinstance(thing, np.ndarray):
        return _json_thing(thing.tolist())
    return _json_cell(str(thing) if isinstance(thing, PurePath) else plain(thing))


def _json_cell(cell: Cell) -> str | bool | int | float | None:
    """JSON knows no date and no infinity: both become text."""
    if isinstance(cell, dt.date) or (isinstance(cell, float) and not math.isfinite(cell)):
        return exact_text(cell)
    return cell
