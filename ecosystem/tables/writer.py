"""Write the tables of a dataset folder: one CSV or Parquet file each, all of them or none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from ecosystem.tables.atomic import new_folder

TableFormat = Literal["csv", "parquet"]
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NO_CLOCK = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When every workbook says that it was made: the same tables give the same bytes."""

COVER = {"en": "overview", "zh": "概览", "both": "概览 overview"}
"""The first sheet of a workbook of scores: it is for people, and whoever reads tables begins with the second."""


def write_tables(folder: Path, tables: Mapping[str, pa.Table], *, format: TableFormat = "csv") -> None:  # noqa: A002 - the word of the command line
    """Write `tables` (name of a table -> its columns) as the dataset folder `folder`.

    The folder may be missing or empty; one that is not raises OutputError with a hint, and nothing is left behind by a
    failure or an interruption. CSV is UTF-8 without byte-order mark, a missing value an empty cell, a boolean
    true or false, a date ISO, a float the shortest text that reads back as the same number.
    """
    with new_folder(folder) as stage:
        for name, table in tables.items():
            write_table(stage / f"{name}.{format}", table)


def write_table(path: Path, table: pa.Table, *, mark: bool = False) -> None:
    """Write one table as CSV or Parquet, as the suffix says; `mark` begins it with the byte-order mark of Excel."""
    if path.suffix == ".parquet":
        parquet.write_table(table, path, compression="zstd")
        return
    # the writer of Arrow quotes every text of a file or none
    quoting = "needed" if needs_quotes(table) else "none"
    with path.open("wb") as file:
        if mark:
            file.write(BYTE_ORDER_MARK)
        csv.write_csv(table, file, csv.WriteOptions(quoting_style=quoting, quoting_header=quoting))


def needs_quotes(table: pa.Table) -> bool:
    """Whether a text or a name of the table can stand in a CSV file only between quotes."""
    texts = [table.column(i) for i in range(table.num_columns) if _is_text(table.schema.field(i).type)]
    return any(
        pc.any(pc.match_substring_regex(pc.cast(text, pa.large_string()), '[",\r\n]')).as_py()
        for text in [*texts, pa.array(table.column_names, pa.string())]
    )


def _is_text(kind: pa.DataType) -> bool:
    return any((pa.types.is_string(kind), pa.types.is_large_string(kind), pa.types.is_dictionary(kind)))
