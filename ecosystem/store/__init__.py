"""Where the graph is: one interface, one adapter per engine."""

from ecosystem.store.base import DEFAULT_STORE, Change, Changes, GraphStore, LoadedDataset, SharedStore
from ecosystem.store.opening import is_server, made_of, open_store

__all__ = [
    "DEFAULT_STORE",
    "Change",
    "Changes",
    "GraphStore",
    "LoadedDataset",
    "SharedStore",
    "is_server",
    "made_of",
    "open_store",
]
