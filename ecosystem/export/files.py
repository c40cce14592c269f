"""Files written whole or not at all: beside the target first, then put in its place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from ecosystem.errors import OutputError, UsageError, did_you_mean
from ecosystem.export.formats import object_to_json, to_csv, to_json, to_markdown, to_parquet
from ecosystem.export.workbook import workbook_bytes

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


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever looks sees the old file or the new one. OutputError where it cannot be."""
    write_pieces({path: [content]})


def write_pieces(files: Mapping[Path, Iterable[bytes]]) -> None:
    """Write files piece by piece, none of them before all are whole: whoever looks sees an old file or a new one.

    OutputError where a folder is missing, a target is a folder, a device or read-only, or the disk refuses; then
    nothing is left behind and the old files are as they were.
    """
    parts: dict[Path, Path] = {}
    path = next(iter(files))
    try:
        for path, pieces in files.items():
            target = path.resolve()
            _refuse_target(target, path)
            parts[target] = target.with_name(f".{secrets.token_hex(8)}.part")
            with parts[target].open("xb") as file:
                file.writelines(pieces)
        for target, part in parts.items():
            part.replace(target)
    except OSError as err:
        raise OutputError(f"{path} cannot be written: {err.strerror or err}", hint=_hint(err)) from err
    finally:
        with contextlib.suppress(OSError):
            for part in parts.values():
                part.unlink(missing_ok=True)


def _refuse_target(target: Path, path: Path) -> None:
    if not target.parent.is_dir():
        raise OutputError(f"{path} cannot be written: there is no folder {path.parent}", hint=f"mkdir -p {path.parent}")
    if not target.exists():
        return
    if not target.is_file():
        raise OutputError(f"{path} cannot be written: it is not a file", hint="name a file")
    # to replace a file needs no right to write it: its owner's wish counts all the same
    if not os.access(target, os.W_OK) or not target.stat().st_mode & 0o222:
        raise OutputError(f"{path} cannot be written: it is read-only", hint="name another file, or chmod u+w it")


def _hint(err: OSError) -> str:
    if err.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "free some space, or name a file on another disk"
    return "name a file in a folder that you may write to"
