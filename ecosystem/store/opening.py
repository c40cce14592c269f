"""From a URL or a path to a store."""

from __future__ import annotations

from pathlib import Path

from ecosystem.errors import UsageError
from ecosystem.store.base import DEFAULT_STORE, GraphStore


def open_store(url: str | Path = DEFAULT_STORE, *, create: bool = False) -> GraphStore:
    """The store at a path. With `create` it need not exist yet: it does after the first load.

    Raises StoreError when there is none, or when what is there is no store, damaged, of another version or in use.
    """
    text = str(url)
    if "://" in text:
        scheme = text.split("://", 1)[0]
        raise UsageError(f"there is no store of the kind {scheme}://", hint=f"give a path, for example {DEFAULT_STORE}")
    if not text.strip():
        raise UsageError("the store has no path", hint=f"give one, for example {DEFAULT_STORE}")
    # an engine is imported when a store of its kind is opened, and not before
    from ecosystem.store.embedded import EmbeddedStore

    return EmbeddedStore.create(Path(text)) if create else EmbeddedStore.open(Path(text))
