"""Tables as files, whole or not at all: one record per format, found by the suffix."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.export.frame_cells import exact_text, headed, json_cell, plain, typed, values_of
from ecosystem.export.table_text import csv_pieces, json_pieces, markdown_pieces
from ecosystem.export.workbook import Cover, workbook_bytes
from ecosystem.headings import sheet_heading
from ecosystem.messages import tr
from ecosystem.tables.atomic import write_bytes, write_files
from ecosystem.tables.writer import BYTE_ORDER_MARK

Sheets = Mapping[str, pd.DataFrame]
"""Tables by name, in their order."""

PICTURES = (".svg", ".png", ".pdf")
NETWORK_PICTURES = (*PICTURES, ".html")


def to_csv(frame: pd.DataFrame, *, excel: bool = False) -> str:
    """The table as CSV, without its row index; `excel` puts the byte-order mark first that Excel looks for.

    A missing value is an empty cell. Numbers are not rounded.
    """
    return (BYTE_ORDER_MARK.decode() if excel else "") + "".join(csv_pieces(frame))


def to_markdown(frame: pd.DataFrame) -> str:
    """The table in GitHub's Markdown, without its row index, numbers to the right and rounded for reading."""
    return "".join(markdown_pieces(frame))


def to_json(frame: pd.DataFrame) -> str:
    """The table as a JSON list of records, one line each; a missing value is null. Numbers are not rounded."""
    return "".join(json_pieces(frame))


def to_parquet(frame: pd.DataFrame) -> bytes:
    """The table as a Parquet file, without its row index, types as they are; what Parquet has no type for is text."""
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for at, field in enumerate(table.schema):
        if "interval" in str(field.type):
            texts = [None if cell is None else exact_text(typed(cell)) for cell in values_of(frame.iloc[:, at])]
            table = table.set_column(at, field.name, pa.array(texts, pa.string()))
    parquet.write_table(table, sink, compression="zstd")
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
    return json_cell(str(thing) if isinstance(thing, PurePath) else plain(thing))


@dataclass(frozen=True, slots=True)
class TableFile:
    """A format of tables: `content` makes the bytes of a file of them, piece by piece.

    A format that holds one table is given one; one that holds `several` shows the names of all. `marked` says that a
    byte-order mark may stand before the content, by which Excel knows the encoding of a text; `read` that people read
    it, so that its headings are in their language.
    """

    content: Callable[[Sheets], Iterable[bytes]]
    several: bool = False
    marked: bool = False
    read: bool = False


def _texts(pieces: Callable[[pd.DataFrame], Iterable[str]]) -> Callable[[Sheets], Iterable[bytes]]:
    """The content of a format of text that holds one table, out of what makes its pieces."""
    return lambda sheets: (piece.encode() for frame in sheets.values() for piece in pieces(frame))


FORMATS: Mapping[str, TableFile] = {
    ".csv": TableFile(_texts(csv_pieces), marked=True, read=True),
    ".xlsx": TableFile(lambda sheets: [workbook_bytes(sheets)], several=True, read=True),
    ".parquet": TableFile(lambda sheets: map(to_parquet, sheets.values())),
    ".json": TableFile(_texts(json_pieces)),
    ".md": TableFile(_texts(markdown_pieces), read=True),
}
"""The formats of tables by suffix. A new one is a function above and a record here."""

SUFFIXES = tuple(FORMATS)


Names = Mapping[str, str] | None
"""Words for the columns that a user's own data give, by what programs call them."""


def write_table(
    path: Path,
    frame: pd.DataFrame,
    *,
    excel: bool = False,
    sheet: str = "data",
    lang: str = "en",
    names: Names = None,
) -> None:
    """Write one table in the format that the suffix names; where people read it, its headings in a language.

    `excel` begins a CSV file with a byte-order mark; `sheet` names the sheet of a workbook. UsageError for another
    suffix, or for `excel` with one that is not .csv; OutputError where the file cannot be written.
    """
    form = FORMATS[check_suffix(path, tuple(FORMATS))]
    if excel and not form.marked:
        raise UsageError(
            tr("the byte-order mark is for .csv, not for {name}", name=path.name), hint=tr("leave out --excel")
        )
    table = headed(frame, lang, names) if form.read else frame
    write_files({path: chain([BYTE_ORDER_MARK] if excel else [], form.content({sheet_heading(sheet, lang): table}))})


def write_workbook(
    path: Path, sheets: Sheets, cover: Cover | None = None, *, lang: str = "en", names: Names = None
) -> None:
    """Write an Excel workbook with a sheet for each table, behind a cover; UsageError, OutputError as `write_table`."""
    suffix = check_suffix(path, tuple(suffix for suffix, form in FORMATS.items() if form.several))
    tables = {sheet_heading(name, lang): headed(frame, lang, names) for name, frame in sheets.items()}
    write_files({path: FORMATS[suffix].content(tables) if cover is None else [workbook_bytes(tables, cover)]})


def write_result(
    path: Path,
    table: Callable[[], pd.DataFrame],
    sheets: Callable[[], Sheets],
    *,
    excel: bool = False,
    lang: str = "en",
    names: Names = None,
) -> None:
    """Write a result as one table, or where the format holds several as all of its sheets; errors as `write_table`."""
    if FORMATS[check_suffix(path, tuple(FORMATS))].several and not excel:
        write_workbook(path, sheets(), lang=lang, names=names)
    else:
        write_table(path, table(), excel=excel, lang=lang, names=names)


def write_json(path: Path, thing: object) -> None:
    """Write nested mappings, sequences and plain values as JSON, e.g. a receipt; OutputError as `write_table`."""
    write_bytes(path, object_to_json(thing).encode())


def check_suffix(path: Path, choices: tuple[str, ...]) -> str:
    """The suffix in lower case; UsageError that lists the choices where it is not one of them."""
    suffix = path.suffix.lower()
    if suffix not in choices:
        message = tr("{name!r} does not end in a known suffix: {choices}", name=path.name, choices=", ".join(choices))
        raise UsageError(
            message,
            hint=did_you_mean(suffix, choices)
            if suffix
            else tr("for example {name}{choices}", name=path.name, choices=choices[0]),
        )
    return suffix
