"""Where the graph is: one interface, one adapter per engine."""

from ecosystem.store.base import DEFAULT_STORE, Change, Changes, GraphStore, LoadedDataset, SharedStore
from ecosystem.store.opening import is_server, made_of, open_store
from ecosystem.store.stored_regions import regions_at, stored_regions

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
    "regions_at",
    "stored_regions",
]
