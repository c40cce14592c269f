"""From a URL or a path to a store."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ecosystem.errors import UsageError, mended
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.store.base import DEFAULT_STORE, GraphStore
from ecosystem.store.neo4j.address import SCHEMES, is_neo4j, parse_address

T = TypeVar("T")


def is_server(url: str) -> bool:
    """Whether a store's name, well written or not, leads to another machine: a URL, or a share of a network."""
    return is_neo4j(url.strip()) or "://" in url or url.startswith(("\\\\", "//"))


def open_store(
    url: str | Path = DEFAULT_STORE,
    *,
    create: bool = False,
    database: str | None = None,
    model: Model | None = None,
) -> GraphStore:
    """The store at a path, or at the URL of a Neo4j server; with `create` a dataset need not be there yet.

    `database` names one of the server's databases, which may stand at the end of the URL as well. User and password
    come from the environment: NEO4J_USERNAME, NEO4J_PASSWORD. A `model` must be the one
    that its dataset was read with; without one the store says it.

    Raises UsageError for a URL that makes no sense, StoreError when nothing is there, or what is there is no store,
    damaged, made with another model or by another version, or in use.

    >>> store = ecosystem.open_store("demo/graph.duckdb")
    >>> store.count()["Company"]
    2636
    >>> store.close()
    """
    text = str(url)
    # an engine is imported when a store of its kind is opened, and not before
    if is_neo4j(text):
        from ecosystem.store.neo4j.store import Neo4jStore

        return Neo4jStore.open(parse_address(text, database), model, create=create)
    if "://" in text:
        scheme = text.split("://", 1)[0]
        known = ", ".join(f"{each}://" for each in SCHEMES)
        hint = tr(
            "give a path, for example {default_store}, or the URL of a Neo4j server: {known}",
            default_store=DEFAULT_STORE,
            known=known,
        )
        raise UsageError(tr("there is no store of the kind {scheme}://", scheme=scheme), hint=hint)
    if database is not None:
        raise UsageError(
            tr("--database {database} is for a Neo4j server, and {text} is a path", database=database, text=text)
        )
    if not text.strip():
        raise UsageError(
            tr("the store has no path"), hint=tr("give one, for example {default_store}", default_store=DEFAULT_STORE)
        )
    if text != mended(text) or "\0" in text:
        raise UsageError(
            tr("the path of the store has a NUL, or is not UTF-8: {text}", text=text), hint=tr("name another file")
        )
    from ecosystem.store.duckdb.store import EmbeddedStore

    return (EmbeddedStore.create if create else EmbeddedStore.open)(Path(text), model)


def made_of(store: GraphStore | str | Path | None, make: Callable[[GraphStore | None], T]) -> T:
    """What `make` gives of a store. One that is named is opened for it, and closed when the result is no longer there.

    The result can go on asking it: an explanation reads the matches behind a score when it is asked for.
    """
    if not isinstance(store, str | Path):
        return make(store)
    opened = open_store(store)
    try:
        made = make(opened)
    except BaseException:
        opened.close()
        raise
    weakref.finalize(made, opened.close)
    return made
