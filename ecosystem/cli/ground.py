"""What a score stands on: the index with its changes, the table of values, and a store where one is needed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.cli.console import DEFAULT_STORE, say
from ecosystem.errors import UsageError

if TYPE_CHECKING:
    from ecosystem.cli.asked import Asked
    from ecosystem.index import Index
    from ecosystem.index.value_table import ValueTable
    from ecosystem.store import GraphStore


def changed_index(name: str, changes: Mapping[str, str | None]) -> Index:
    """The index with the rules that the command line changes; `weights` may name a file of code and weight."""
    from ecosystem.index import load_index
    from ecosystem.index.override import override, with_weights
    from ecosystem.index.table_file import SUFFIXES
    from ecosystem.index.weights_file import read_weights

    index = load_index(name)
    given = {key: value for key, value in changes.items() if value is not None}
    weights = given.get("weights")
    if weights is not None and Path(weights).suffix.lower() in SUFFIXES:
        index = with_weights(index, read_weights(Path(weights)), weights)
        del given["weights"]
    return override(index, **given)


@contextlib.contextmanager
def ground(asked: Asked, database: str | None) -> Iterator[tuple[Index, GraphStore | None, ValueTable | None]]:
    """The index, the store and the table of a run; the store is closed afterwards. UsageError without an index."""
    if asked.index is None:
        raise UsageError("which index?", hint="for example: ecosystem score cingai-2023; see `ecosystem index list`")
    spec = changed_index(asked.index, asked.changes)
    graph, table = ground_of(spec, asked.store, database, asked.values)
    try:
        yield spec, graph, table
    finally:
        if graph is not None:
            graph.close()


def ground_of(
    index: Index, store: str, database: str | None, values: Path | None
) -> tuple[GraphStore | None, ValueTable | None]:
    """The store and the table; no store where the table has all indicators, or where there is none by default."""
    from ecosystem.index.table import read_values
    from ecosystem.scoring.sources import lacking_columns
    from ecosystem.store import open_store

    if values is None:
        return open_store(store, database=database), None
    table = read_values(values)
    for finding in table.findings:
        say(f"{finding.severity}: {finding}")
    lacking = lacking_columns(index, table)
    if not lacking or (store == DEFAULT_STORE and not Path(store).exists()):
        return None, table
    return open_store(store, database=database), table
