"""A table of JSON, JSON Lines, YAML, SQLite or tab-separated text as it stands: a row for each of its flat records."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from ecosystem.errors import DatasetError, did_you_mean
from ecosystem.messages import either, tr, tr_later
from ecosystem.tables.database_rows import sqlite_tables
from ecosystem.tables.form import Form, format_of, refused
from ecosystem.tables.json_records import json_records, lists_in
from ecosystem.tables.raw import Ragged, RawTable, blank_rows, ragged_row, refuse_wide, trimmed
from ecosystem.tables.records import read_blocks
from ecosystem.tables.yaml_records import yaml_lists, yaml_records

SUFFIXES = (".json", ".jsonl", ".ndjson", ".jsonlines", ".yaml", ".yml", ".sqlite", ".sqlite3", ".db", ".tsv", ".tab")
_TABS = (".tsv", ".tab")
_DEEPEST = 16
_HINTS: Mapping[str, str] = {
    "wrong_encoding": tr_later("save it as UTF-8"),
    "not_json": tr_later(
        "name it .json where it is one document, .jsonl where every line is a record; or check it with a JSON validator"
    ),
}
_SHOWN = 5


def flat_table(path: Path, part: str | None = None) -> RawTable:
    """The table in a file as text; `part` names a table of a database, or the list of a document that has several.

    A value in an object of a record is a column with a dotted name. DatasetError where the file cannot be read, has
    several tables and none is named, or where a record has a list in it: then it is no row. A record that cannot be
    read is one of the ragged rows, with the reason.
    """
    with _hinted():
        return _read(path, part)


@contextlib.contextmanager
def _hinted() -> Iterator[None]:
    """Give what is wrong with a file a next step that does not speak of mappings."""
    try:
        yield
    except DatasetError as err:
        findings = [replace(one, hint=tr(_HINTS[one.code]) if one.code in _HINTS else one.hint) for one in err.findings]
        if not findings:
            raise
        raise DatasetError(tr("cannot read {file}", file=findings[0].file), findings=findings) from err


def _read(path: Path, part: str | None) -> RawTable:
    form = _form(path, part)
    if form.format in ("json", "jsonl", "yaml"):
        read = yaml_records if form.format == "yaml" else json_records
        form = replace(form, columns=_columns(path.name, read(path, form)))
    names: tuple[str, ...] | None = None
    lines, rows, ragged = list[int](), list[list[str]](), list[Ragged]()
    for block in read_blocks(path, form):
        for place, (line, record) in enumerate(zip(block.lines, block.records, strict=True)):
            if names is None:
                names = tuple(name.strip() for name in record)
                refuse_wide(path.name, len(names))
            elif place in block.faults or len(record) != len(names):
                ragged.append(ragged_row(int(line), record, len(names), reason=block.faults.get(place)))
            else:
                lines.append(int(line))
                rows.append(list(record))
    return _as_columns(path.name, names or (), lines, rows, tuple(ragged))


def _as_columns(
    file: str, names: tuple[str, ...], lines: list[int], rows: list[list[str]], ragged: tuple[Ragged, ...]
) -> RawTable:
    cells = zip(*rows, strict=True) if rows else ((),) * len(names)
    columns = [trimmed(pa.chunked_array([pa.array(list(column), pa.string())])) for column in cells]
    kept = np.array(lines, np.int64)
    blank = blank_rows(columns)
    if blank is not None:
        columns, kept = [column.filter(pa.array(~blank)) for column in columns], kept[~blank]
    return RawTable(file, names, tuple(columns), kept, ragged)


def _form(path: Path, part: str | None) -> Form:
    """How the file is read, and which of its tables."""
    if path.suffix.lower() in _TABS:
        form = Form(format="csv", delimiter="\t")
        names: list[str] = []
    else:
        form = replace(Form(), format=format_of(path, Form()))
        names = _tables(path, form)
    if part is not None and part not in names:
        message = tr("{name} has no table {part!r}", name=path.name, part=part)
        raise refused(path.name, "no_such_table", message, did_you_mean(part, names) if names else tr("leave it out"))
    if part is None and len(names) > 1:
        message = tr("{name} has several tables; name one", name=path.name)
        choices = either(f"{path.name}[{name}]" for name in names[:_SHOWN])
        raise refused(path.name, "several_tables", message, choices)
    return replace(form, table=part) if form.format == "sqlite" else replace(form, records=part)


def _tables(path: Path, form: Form) -> list[str]:
    """The tables of a database, or the lists of records in a document."""
    if form.format == "sqlite":
        return sqlite_tables(path)
    if form.format == "json":
        return [name for name in lists_in(path, form.encoding) if name is not None]
    return [name for name in yaml_lists(path, form.encoding) if name is not None] if form.format == "yaml" else []


def _columns(file: str, records: Iterable[Any]) -> tuple[str, ...]:
    """The columns of flat records, in the order in which they are met. DatasetError where they are not flat."""
    columns, lists = dict[str, None](), dict[str, None]()
    for record in records:
        if isinstance(record, Mapping):
            _walk(record, "", columns, lists, 0)
    if lists:
        shown = ", ".join(map(repr, list(lists)[:_SHOWN]))
        message = tr("the records are nested, and no rows of a table: {columns} hold lists", columns=shown)
        hint = tr(
            "write a record for each row; or make a dataset of it: "
            "ecosystem dataset import --new FILE.toml --from {file}",
            file=file,
        )
        raise refused(file, "nested_records", message, hint)
    if not columns:
        raise refused(file, "no_records", tr("no record with a value is in it"), tr("write a record for each row"))
    if "" in columns:
        raise refused(file, "bad_column_name", tr("a key of a record is blank"), tr("give it a name"))
    return tuple(columns)


def _walk(node: Mapping[str, Any], above: str, columns: dict[str, None], lists: dict[str, None], depth: int) -> None:
    for key, value in node.items():
        if isinstance(value, list) or depth > _DEEPEST:
            lists[f"{above}{key}"] = None
        elif isinstance(value, Mapping):
            _walk(value, f"{above}{key}.", columns, lists, depth + 1)
        else:
            columns[f"{above}{key}"] = None
