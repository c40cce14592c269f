"""How the table of a file is found and read: its format, its place in an archive or workbook, its encoding."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ecosystem.errors import DatasetError, Finding
from ecosystem.messages import tr, tr_later
from ecosystem.tables.packed import ZIP
from ecosystem.tables.text_file import first_bytes, unpacked_beginning

Format = Literal["csv", "xlsx", "parquet", "json", "jsonl", "yaml", "sqlite"]
FORMATS: Sequence[Format] = get_args(Format)

Places = npt.NDArray[np.int64]
BLOCK = 20_000
"""How many records are held at once."""
_CHARACTERS = 1 << 26
"""How many characters of records with long cells are held at once."""

Record = tuple[int, Sequence[str], str | None]
"""The line of a record, its cells, and why it cannot be read."""

_SUFFIXES: Mapping[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".parquet": "parquet",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonlines": "jsonl",
    ".geojson": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    ".db3": "sqlite",
}
_SHEETS = (".xlsx", ".xlsm")
_MARKS: Mapping[bytes, Format] = {b"PAR1": "parquet", b"SQLite format 3\0": "sqlite"}
_PROBED = 1 << 20


@dataclass(frozen=True, slots=True)
class Form:
    """What `read_blocks` has to know of a file.

    `format` None is told by the name and the first bytes. `member` is a file in a zip archive, `sheet` one of a
    workbook, `table` one of a database, `records` the key of the list in a JSON or YAML document. `rows` is the chain
    of lists of which each element is a row. `columns` are those that are wanted of nested records. `headless` is
    true where somebody else says what the columns are called.
    """

    format: Format | None = None
    member: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    skip: int = 0
    comment: str | None = None
    sheet: str | None = None
    table: str | None = None
    records: str | None = None
    rows: str | None = None
    columns: tuple[str, ...] = ()
    headless: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of a file in their order, the header among the first, and the lines on which they begin.

    `faults` says of a record, by its place in the block, why it cannot be split or read. `read` is the part of the file
    that is behind, from 0 to 1. `findings` are those of the whole file, with its first block or its last. Where there
    are `columns` there are no records: the columns that are wanted stand in their place, and no row is at fault.
    """

    lines: Sequence[int] | Places
    records: tuple[Sequence[str], ...]
    faults: Mapping[int, str]
    read: float
    findings: tuple[Finding, ...] = ()
    columns: tuple[pa.ChunkedArray, ...] | None = None


def block_of(records: Sequence[Record], read: float) -> Block:
    """The block of some records, one at least."""
    lines, cells, faults = zip(*records, strict=True)
    return Block(lines, cells, {place: fault for place, fault in enumerate(faults) if fault is not None}, read)


def pieces(records: Iterator[Record]) -> Iterator[list[Record]]:
    """The records by the block; fewer are in one where their cells are long."""
    while piece := list(islice(records, 1)):
        size = 0
        for record in islice(records, BLOCK - 1):
            piece.append(record)
            size += sum(map(len, record[1]))
            if size > _CHARACTERS:
                break
        yield piece


def format_of(path: Path, form: Form) -> Format:
    """The format in which the file is read: as the form says, else by its name, else by its first bytes.

    DatasetError where it is missing or cannot be opened.
    """
    if form.format is not None:
        return form.format
    head = first_bytes(path)
    for mark, kind in _MARKS.items():
        if head.startswith(mark):
            return kind
    suffix = _bare(path)
    if suffix in _SHEETS:
        return "xlsx" if head.startswith(ZIP) else "csv"
    return _SUFFIXES.get(suffix) or _sniffed(path, suffix, form)


def _bare(path: Path) -> str:
    """The suffix of a file, of what is packed where it is packed with gzip."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix == ".gz" else suffix


def _sniffed(path: Path, suffix: str, form: Form) -> Format:
    """JSON Lines where the first line is an object and another follows; else JSON, if the name or the text says so."""
    head = unpacked_beginning(path, _PROBED)
    text = head.decode(form.encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    first, _, rest = text.partition("\n")
    if first.startswith("{") and (rest.lstrip().startswith("{") or (not rest.strip() and suffix == ".gz")):
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            pass
        else:
            return "jsonl"
    return "json" if suffix == ".json" or text.startswith(('{"', '[{"')) else "csv"


_TAKEN: Mapping[str, tuple[Sequence[Format], str]] = {
    "delimiter": (("csv",), tr_later("delimiter is of delimited text")),
    "skip": (("csv", "xlsx"), tr_later("skip is of delimited text and of workbooks")),
    "comment": (("csv",), tr_later("comment is of delimited text")),
    "sheet": (("xlsx",), tr_later("sheet is of workbooks")),
    "table": (("sqlite",), tr_later("table is of SQLite databases")),
    "records": (("json", "yaml"), tr_later("records is of JSON and YAML documents")),
    "headless": (("csv", "xlsx"), tr_later("header is of delimited text and of workbooks")),
    "rows": (("json", "jsonl", "yaml", "parquet"), tr_later("rows is of JSON, JSON Lines, YAML and Parquet")),
}


def refuse_odd(name: str, form: Form, kind: Format) -> None:
    """Raise DatasetError where the form says what files of this format do not have."""
    for field in fields(Form):
        formats, message = _TAKEN.get(field.name, (FORMATS, ""))
        if kind not in formats and getattr(form, field.name) != field.default:
            raise DatasetError(
                tr("{file} is read as {format}: {reason}", file=name, format=kind, reason=tr(message)),
                hint=tr("leave it out, or set format = {formats}", formats="/".join(formats)),
            )


def refused(file: str, code: str, message: str, hint: str, line: int | None = None) -> DatasetError:
    """The refusal of a file as a whole."""
    finding = Finding("error", code, message, file, line, hint=hint)
    return DatasetError(tr("cannot read {file}", file=file), findings=[finding])
