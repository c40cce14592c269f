"""Files written whole or not at all: beside the target first, then put in its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ecosystem.errors import UsageError, did_you_mean
from ecosystem.export.formats import object_to_json, to_csv, to_json, to_markdown, to_parquet
from ecosystem.export.workbook import workbook_bytes
from ecosystem.tables.atomic import write_bytes

SUFFIXES = (".csv", ".xlsx", ".parquet", ".json", ".md")
PICTURES = (".svg", ".png")


def write_table(path: Path, frame: pd.DataFrame, *, excel: bool = False, sheet: str = "data") -> None:
    """Write one table in the format that the suffix names.

    `excel` begins a CSV file with a byte-order mark; `sheet` names the sheet of a workbook. UsageError for another
    suffix, or for `excel` with one that is not .csv; OutputError where the file cannot be written.
    """
    suffix = check_suffix(path, SUFFIXES)
    if excel and suffix != ".csv":
        raise UsageError(f"the byte-order mark is for .csv, not for {path.name}", hint="leave out --excel")
    write_bytes(path, _content(suffix, frame, excel, sheet))


def _content(suffix: str, frame: pd.DataFrame, excel: bool, sheet: str) -> bytes:
    match suffix:
        case ".csv":
            return to_csv(frame, excel=excel).encode()
        case ".json":
            return to_json(frame).encode()
        case ".md":
            return to_markdown(frame).encode()
        case ".parquet":
            return to_parquet(frame)
        case _:
            return workbook_bytes({sheet: frame})


def write_workbook(path: Path, sheets: Mapping[str, pd.DataFrame]) -> None:
    """Write an Excel workbook with a sheet for every table; UsageError, OutputError as `write_table`."""
    check_suffix(path, (".xlsx",))
    write_bytes(path, workbook_bytes(sheets))


def write_json(path: Path, thing: object) -> None:
    """Write nested mappings, sequences and plain values as JSON, e.g. a receipt; OutputError as `write_table`."""
    write_bytes(path, object_to_json(thing).encode())


def check_suffix(path: Path, choices: tuple[str, ...]) -> str:
    """The suffix in lower case; UsageError that lists the choices where it is not one of them."""
    suffix = path.suffix.lower()
    if suffix not in choices:
        message = f"{path.name!r} does not end in a known suffix: {', '.join(choices)}"
        raise UsageError(
            message, hint=did_you_mean(suffix, choices) if suffix else f"for example {path.name}{choices[0]}"
        )
    return suffix
