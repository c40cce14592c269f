"""The rows of tables that know their columns: of Parquet files and SQLite databases; `line` is the row's number."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
from pyarrow import parquet

from ecosystem.errors import DatasetError, did_you_mean, mended
from ecosystem.messages import either, tr, tr_later
from ecosystem.tables.form import Block, Form, Record, block_of, pieces, refused
from ecosystem.tables.nested_records import Found, Projection, record_blocks
from ecosystem.tables.packed import too_large, unpacked_limit
from ecosystem.tables.parquet_reader import unreadable_parquet
from ecosystem.tables.raw import as_text, refuse_wide
from ecosystem.tables.record_paths import plain_number
from ecosystem.tables.text_file import first_bytes

_ROWS = 1 << 14
_PER_CELL = 8
_LONGEST = 1 << 24
_MOST_CHARACTERS = 3  # a text that is stored in two bytes a character is read in up to three
_SLACK = 1 << 12
_AGAIN = tr_later("make a copy of it with `sqlite3 old.db '.backup new.db'`, or export the table as CSV")


def parquet_blocks(path: Path, form: Form) -> Iterator[Block]:
    """The blocks of a Parquet file; nested columns by dotted paths. DatasetError where it is damaged or too large."""
    first_bytes(path)
    try:
        with path.open("rb") as bare, parquet.ParquetFile(bare) as file:
            refuse_wide(path.name, len(file.schema_arrow.names))
            nested = {one.name for one in file.schema_arrow if pa.types.is_nested(one.type)}
            if form.rows is not None or any(_top(column) in nested for column in form.columns):
                columns = form.columns or tuple(file.schema_arrow.names)
                yield from _nested(path, file, form, columns)
            else:
                yield from _flat(path, file, [name for name in file.schema_arrow.names if name not in nested])
    except (pa.ArrowException, OSError, OverflowError) as err:
        raise unreadable_parquet(path, err) from err


def nested_columns(path: Path) -> Iterator[Any] | None:
    """The records of a Parquet file that has nested columns; None where it has none. DatasetError as above."""
    try:
        with path.open("rb") as bare, parquet.ParquetFile(bare) as file:
            if not any(pa.types.is_nested(one.type) for one in file.schema_arrow):
                return None
    except (pa.ArrowException, OSError, OverflowError) as err:
        raise unreadable_parquet(path, err) from err
    return _records(path)


def _records(path: Path) -> Iterator[Any]:
    try:
        with path.open("rb") as bare, parquet.ParquetFile(bare) as file:
            for batch in _batches(path, file, file.schema_arrow.names):
                yield from batch.to_pylist()
    except (pa.ArrowException, OSError, OverflowError, ValueError) as err:
        raise unreadable_parquet(path, err) from err


def _top(column: str) -> str:
    return re.split(r"[.\[]", column, maxsplit=1)[0]


def _batches(path: Path, file: parquet.ParquetFile, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Batch by batch: a file may say one long text, or nothing at all, a hundred million times."""
    limit = left = unpacked_limit()
    for batch in file.iter_batches(_ROWS, columns=list(names)):
        batch.validate(full=True)  # a text that is not UTF-8 would stop whatever looks at it later
        left -= batch.nbytes + _PER_CELL * batch.num_rows * max(len(names), 1)
        if left < 0:
            raise too_large(path.name, limit)
        yield batch


def _flat(path: Path, file: parquet.ParquetFile, names: Sequence[str]) -> Iterator[Block]:
    total, row = max(file.metadata.num_rows, 1), 0
    yield Block((0,), (tuple(name.strip() for name in names),), {}, 0.0)
    for batch in _batches(path, file, names):
        columns = [as_text(pa.chunked_array([_texts(column)])).fill_null("").to_pylist() for column in batch.columns]
        records = tuple(zip(*columns, strict=True)) if columns else ((),) * batch.num_rows
        lines = tuple(range(row + 1, row + batch.num_rows + 1))
        row += batch.num_rows
        if lines:
            yield Block(lines, records, {}, row / total)


def _texts(column: pa.Array) -> pa.Array:
    """A column without a dictionary, bytes as the texts that they should be."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    is_bytes = pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type)
    return column.cast(pa.string()) if is_bytes else column


def _nested(path: Path, file: parquet.ParquetFile, form: Form, columns: Sequence[str]) -> Iterator[Block]:
    known = file.schema_arrow.names
    wanted = dict.fromkeys(_top(one) for one in (*columns, form.rows or "") if one)
    names = [name for name in known if name in wanted]
    behind = [0]
    total = max(file.metadata.num_rows, 1)

    def found() -> Iterator[Found]:
        for batch in _batches(path, file, names):
            for record in batch.to_pylist():
                behind[0] += 1
                yield Found(behind[0], record)

    projection = Projection(columns, form.rows)
    yield from record_blocks(path.name, found(), projection, lambda: behind[0] / total)


def sqlite_tables(path: Path) -> list[str]:
    """The tables of a database that hold rows: no views, nothing virtual. DatasetError where it is none."""
    with _opened(path) as database:
        return _tables(database)


def sqlite_blocks(path: Path, form: Form) -> Iterator[Block]:
    """The blocks of a table of a SQLite database, which is only read: no view, trigger or formula of it is run.

    DatasetError where it is none or damaged, has rows in a log beside it, or has several tables and no name.
    """
    with _opened(path) as database:
        name = _chosen(path.name, _tables(database), form.table)
        stored = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden IN (0, 3) ORDER BY cid"  # without computed ones
        names = [_text(one) for (one,) in database.execute(stored, (name,))]
        refuse_wide(path.name, len(names))
        database.set_authorizer(_allowed)
        cursor = database.execute(f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(name)}")
        yield Block((0,), (tuple(map(mended, names)),), {}, 0.0)
        size, behind = path.stat().st_size, 0
        for piece in pieces(_rows(cursor, size)):
            behind += sum(len(cell) for _, cells, _ in piece for cell in cells)
            yield block_of(piece, min(behind / size, 1.0))


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not first_bytes(path):
        raise refused(path.name, "empty_file", tr("the file is empty (0 bytes)"), tr("export it again"))
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        message = tr("it has rows in {log} that are not yet in the database", log=log.name)
        raise refused(path.name, "open_database", message, tr("close the program that writes it, or make a copy"))
    try:
        address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = bytes
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            yield database
    except (sqlite3.Error, OverflowError, UnicodeError) as err:
        message = tr("the file is no SQLite database, or is damaged: {reason}", reason=err)
        raise refused(path.name, "unreadable_sqlite", message, tr(_AGAIN)) from err


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_READ = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}


def _allowed(action: int, *_: str | None) -> int:
    """What may be done while a database is read: reading, and calling nothing."""
    return sqlite3.SQLITE_OK if action in _READ else sqlite3.SQLITE_DENY


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    found = [(_text(name), _text(sql or b"")) for name, sql in rows]
    return [
        name
        for name, sql in found
        if not name.startswith("sqlite_") and sql.split()[:2] and sql.split()[1].upper() != "VIRTUAL"
    ]


def _chosen(file: str, names: Sequence[str], wanted: str | None) -> str:
    if wanted is None and len(names) == 1:
        return names[0]
    if not names:
        raise refused(file, "no_tables", tr("the database has no table"), tr("views are not read: export them as CSV"))
    if wanted is None:
        raise DatasetError(
            tr("{name} has several tables; name one", name=file),
            hint=tr("set table = {tables}", tables=either(map(repr, names))),
        )
    if wanted not in names:
        raise DatasetError(
            tr("{name} has no table {table!r}", name=file, table=wanted), hint=did_you_mean(wanted, names)
        )
    return wanted


def _rows(cursor: sqlite3.Cursor, size: int) -> Iterator[Record]:
    """The rows; sqlite3.DatabaseError where there is more in them than a file of that size holds, which is damaged."""
    left = _SLACK + _MOST_CHARACTERS * size
    for row, cells in enumerate(cursor, start=1):
        left -= 1 + sum(len(cell) for cell in cells if isinstance(cell, bytes))
        if left < 0:
            raise sqlite3.DatabaseError("its pages lead in circles")
        texts = [_text(cell) for cell in cells]
        bad = next((text for text in texts if not text.isascii() and mended(text) != text), None)
        fault = None if bad is None else tr("the row has bytes that are no text: {text}", text=mended(bad)[:40])
        yield row, texts if fault is None else [mended(text) for text in texts], fault


def _text(cell: Any) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "surrogateescape")
    if cell is None:
        return ""
    return plain_number(repr(cell)) if isinstance(cell, float) else str(cell)
