"""What lies in a file before anybody says how it is read: sheets, tables, members, lists, their columns and rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ecosystem.tables.archive import is_archive, members, unpacked
from ecosystem.tables.database_rows import nested_columns, sqlite_tables
from ecosystem.tables.encoding import foreign_encoding, readings
from ecosystem.tables.excel_reader import open_workbook
from ecosystem.tables.form import Form, Format, format_of
from ecosystem.tables.json_records import json_records, lists_in
from ecosystem.tables.nested_records import Projection, chains_of, paths_of
from ecosystem.tables.record_paths import RecordFaultError
from ecosystem.tables.records import read_blocks
from ecosystem.tables.text_records import beginning, said_delimiter
from ecosystem.tables.yaml_records import yaml_lists, yaml_records

ROWS = 500
_PROBED = 1 << 20
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file: what tells it from the others there, the form in which it is read, its first rows.

    `columns` of nested records are paths, those of lists with `[]`; `lists` are the chains that `rows` may name. `more`
    is true where the file goes on.
    """

    name: str
    form: Form
    columns: tuple[str, ...]
    rows: tuple[Sequence[str], ...]
    lists: tuple[str, ...] = ()
    more: bool = False


def contents_of(path: Path, rows: int = ROWS) -> tuple[Table, ...]:
    """The tables in a file of any format, one of each sheet, table, list of records or member, with their first rows.

    DatasetError where the file cannot be read. Rows that are at fault are left out.
    """
    if is_archive(path):
        return tuple(table for name in members(path) for table in _of_member(path, name, rows))
    kind = format_of(path, Form())
    return tuple(_table(path, name, form, rows) for name, form in _forms(path, kind))


def _of_member(path: Path, name: str, rows: int) -> Iterator[Table]:
    with unpacked(path, name) as file:
        for table in contents_of(file, rows):
            shown = f"{name}[{table.name}]" if table.name else name
            yield replace(table, name=shown, form=replace(table.form, member=name))


def _forms(path: Path, kind: Format) -> Iterator[tuple[str, Form]]:
    form = Form(format=kind)
    if kind == "xlsx":
        yield from ((name, replace(form, sheet=name)) for name in open_workbook(path).sheet_names)
    elif kind == "sqlite":
        yield from ((name, replace(form, table=name)) for name in sqlite_tables(path))
    elif kind in ("json", "yaml"):
        names = lists_in(path, form.encoding) if kind == "json" else yaml_lists(path, form.encoding)
        yield from ((name or "", replace(form, records=name)) for name in names)
    else:
        yield "", _of_text(path, form) if kind == "csv" else form


def _of_text(path: Path, form: Form) -> Form:
    """The likeliest encoding and delimiter of a text."""
    head = beginning(path, _PROBED)
    whole = head if len(head) < _PROBED else head[: head.rfind(b"\n") + 1]
    wide = foreign_encoding(whole)
    encoding = wide.lower() if wide else next((name for name, _ in readings(whole)), "utf-8")
    first = next((line for line in whole.decode(encoding, errors="ignore").splitlines() if line.strip()), "")
    delimiter = said_delimiter(first) or max(_DELIMITERS, key=first.count)
    return replace(form, encoding=encoding, delimiter=delimiter)


def _table(path: Path, name: str, form: Form, rows: int) -> Table:
    records = _nested(path, form)
    if records is None:
        return _flat(path, name, form, rows)
    first = list(islice(records, rows + 1))
    learned = first[:rows]
    columns = tuple(paths_of(learned))
    projection = Projection(columns)
    cells = []
    for record in learned:
        try:
            cells += projection.rows_of(record)
        except RecordFaultError:
            continue
    shown = replace(form, columns=columns)
    return Table(name, shown, columns, tuple(cells), chains_of(columns), len(first) > rows)


def _nested(path: Path, form: Form) -> Iterator[object] | None:
    """The records that may have objects and lists in them; None of a file that has columns."""
    if form.format in ("json", "jsonl"):
        return json_records(path, form)
    if form.format == "yaml":
        return yaml_records(path, form)
    return nested_columns(path) if form.format == "parquet" else None


def _flat(path: Path, name: str, form: Form, rows: int) -> Table:
    found: list[Sequence[str]] = []
    header: tuple[str, ...] | None = None
    for block in read_blocks(path, form):
        for place, record in enumerate(block.records):
            if place in block.faults:
                continue
            if header is None:
                header = tuple(cell.strip() for cell in record)
            elif len(found) == rows:
                return Table(name, form, header, tuple(found), more=True)
            else:
                found.append(record)
    return Table(name, form, header or (), tuple(found))
