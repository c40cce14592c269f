"""The file with the graph of the embedded store: what is written into it, and what it is found to hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from ecosystem.dataset.dataset import Dataset
from ecosystem.dataset.own_model import model_of_text, model_text
from ecosystem.errors import StoreError
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.progress import Progress
from ecosystem.query import Schema
from ecosystem.query.dialect import DUCKDB
from ecosystem.store.base import OTHER_MODEL, LoadedDataset
from ecosystem.store.duckdb.pointer import CLOSED, RELOAD, refuse_little_memory

_NODE_COLUMNS = "_id BIGINT, id VARCHAR"
_LINK_COLUMNS = "_id BIGINT, _src BIGINT, _dst BIGINT, _src_label VARCHAR, _dst_label VARCHAR, id VARCHAR"
_MODEL_TYPES = {sql: name for name, sql in DUCKDB.types.items()}
_FOREIGN = {
    "the view": "SELECT view_name FROM system.main.duckdb_views() WHERE NOT internal",
    "the function": "SELECT function_name FROM system.main.duckdb_functions() WHERE NOT internal",
    "the schema": "SELECT schema_name FROM system.main.duckdb_schemas() WHERE NOT internal",
    "the sequence": "SELECT sequence_name FROM system.main.duckdb_sequences()",
    "the type": "SELECT type_name FROM system.main.duckdb_types() WHERE NOT internal",
    "the index": "SELECT index_name FROM system.main.duckdb_indexes()",
    "the constraint": "SELECT constraint_text FROM system.main.duckdb_constraints()",
}
_SHOWN = 5
_OWN = {"_ecosystem", "_ranges"}
_ROW_GROUP = 122_880
"""The engine stores rows in groups of so many; a table that comes in such pieces is converted by all threads."""


def build(target: Path, dataset: Dataset, progress: Progress) -> None:
    """Write a dataset into a new file: a table per label and link type, and what `read_contents` reads back."""
    model = dataset.model
    names = [*model.labels, *model.links]
    total = sum(table.num_rows for table in (*dataset.nodes.values(), *dataset.links.values()))
    done = 0
    connection = duckdb.connect(str(target), config=CLOSED)
    try:
        for name in names:
            table = dataset.nodes.get(name) if name in model.labels else dataset.links.get(name)
            columns = _NODE_COLUMNS if name in model.labels else _LINK_COLUMNS
            known = model.labels[name] if name in model.labels else model.links[name]
            _create(connection, name, table, columns, known.properties)
            done += table.num_rows if table is not None else 0
            progress(tr("load"), done, total)
        connection.execute("CREATE TABLE _ecosystem (key VARCHAR, value VARCHAR)")
        facts = {"name": dataset.name, "hash": dataset.hash, "model_version": str(model.version)}
        facts["model_hash"] = model.hash
        if text := model_text(model):
            facts["model"] = text
        connection.executemany("INSERT INTO _ecosystem VALUES (?, ?)", list(facts.items()))
        _write_ranges(connection, names)
        # closing does this too, but keeps silent when the disk is full
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


def _create(
    connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table | None, columns: str, known: Collection[str]
) -> None:
    if table is None:
        connection.execute(f"CREATE TABLE {DUCKDB.quote(name)} ({columns})")
        return
    kept = table.drop_columns(_blank(table, known))
    connection.register("_incoming", kept.to_reader(max_chunksize=_ROW_GROUP))
    connection.execute(f"CREATE TABLE {DUCKDB.quote(name)} AS FROM _incoming")
    connection.unregister("_incoming")


def _blank(table: pa.Table, known: Collection[str]) -> list[str]:
    """The properties of the model of which a table has no value: a column of nulls says no more than no column."""
    return [prop for prop in known if prop in table.column_names and 0 < table.num_rows == table[prop].null_count]


def _write_ranges(connection: duckdb.DuckDBPyConnection, names: list[str]) -> None:
    """Of each float column the smallest non-zero and the largest absolute value: what exact sums need."""
    connection.execute("CREATE TABLE _ranges (owner VARCHAR, property VARCHAR, low DOUBLE, high DOUBLE)")
    floats = [(owner, name) for owner, name, kind in _columns(connection) if kind == "float" and owner in names]
    for owner, name in floats:
        size = f"abs({DUCKDB.quote(name)})"
        connection.execute(
            f"INSERT INTO _ranges SELECT ?, ?, coalesce(min({size}) FILTER ({size} > 0), 0), coalesce(max({size}), 0) "
            f"FROM {DUCKDB.quote(owner)}",
            [owner, name],
        )


def _columns(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
    """Owner, property and type of every property column."""
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal "
        "ORDER BY table_name, column_index"
    ).fetchall()
    for owner, name, kind in rows:
        if not (owner.startswith("_") or name.startswith("_")):
            yield owner, name, _MODEL_TYPES.get(kind, "string")


def refuse_foreign(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Raise StoreError where a file has anything but plain tables: what else there is may run when it is read.

    The questions name the engine's own functions in full and call no other, since a macro may bear any name.
    """
    found = [
        f"{kind} {row[0]}" for kind, question in _FOREIGN.items() for row in connection.execute(question).fetchall()
    ]
    columns = connection.execute(
        "SELECT table_name, column_name, data_type, column_default FROM system.main.duckdb_columns() WHERE NOT internal"
    )
    found += [
        tr("column {owner}.{name}, which is of type {kind}", owner=owner, name=name, kind=kind)
        if default is None
        else tr("column {owner}.{name}, which is computed", owner=owner, name=name)
        for owner, name, kind, default in columns.fetchall()
        if default is not None or kind not in _MODEL_TYPES
    ]
    if found:
        listed = "; ".join(found[:_SHOWN])
        if len(found) > _SHOWN:
            listed = tr("{listed}; and {count} more", listed=listed, count=len(found) - _SHOWN)
        message = tr(
            "{path} is damaged, or not a store of this program: beside plain tables it has {listed}",
            path=path,
            listed=listed,
        )
        raise StoreError(
            message,
            hint=tr(
                "do not use it if you do not know where it comes from; load the dataset again: "
                "ecosystem load DIR --store {store}",
                store=path,
            ),
        )


def read_contents(
    connection: duckdb.DuckDBPyConnection, path: Path, model: Model | None
) -> tuple[LoadedDataset, Schema]:
    """What a file holds; without a `model`, of the one that it keeps.

    Raises StoreError when it is not one that `build` wrote, or made with another model.
    """
    try:
        refuse_foreign(connection, path)
        facts = dict(connection.execute("SELECT key, value FROM _ecosystem").fetchall())
        dataset = LoadedDataset(facts["name"], facts["hash"], int(facts["model_version"]), facts.get("model_hash", ""))
        model = model or model_of_text(facts.get("model", ""))
        if dataset.model_hash != model.hash:
            raise StoreError(tr(OTHER_MODEL, store=path), hint=tr(RELOAD, store=path))
        _refuse_other_tables(connection, path, {*model.labels, *model.links, *_OWN})
        return dataset, _schema(connection, model)
    except (duckdb.Error, MemoryError, KeyError, ValueError) as err:
        refuse_little_memory(err, path)
        message = tr("{path} is damaged, or not a store of this program", path=path)
        raise StoreError(message, hint=tr(RELOAD, store=path)) from err


def _refuse_other_tables(connection: duckdb.DuckDBPyConnection, path: Path, own: Collection[str]) -> None:
    names = connection.execute("SELECT table_name FROM system.main.duckdb_tables() WHERE NOT internal").fetchall()
    others = sorted({name for (name,) in names} - set(own))
    if others:
        message = tr(
            "{path} is damaged, or not a store of this program: it has other tables, {others}",
            path=path,
            others=", ".join(others[:_SHOWN]),
        )
        raise StoreError(message, hint=tr(RELOAD, store=path))


def _schema(connection: duckdb.DuckDBPyConnection, model: Model) -> Schema:
    nodes: dict[str, dict[str, str]] = {}
    links: dict[str, dict[str, str]] = {}
    for owner, name, kind in _columns(connection):
        (nodes if owner in model.labels else links).setdefault(owner, {})[name] = kind
    counts = {name: _count(connection, name) for name in (*model.labels, *model.links)}
    rows = connection.execute("SELECT owner, property, low, high FROM _ranges").fetchall()
    ranges = {(owner, name): (low, high) for owner, name, low, high in rows}
    return Schema(model, nodes, links, counts, ranges)


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {DUCKDB.quote(name)}").fetchone()
    return int(found[0]) if found else 0
