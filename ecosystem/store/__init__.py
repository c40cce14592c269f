"""Where the graph is: one interface, one adapter per engine."""

from ecosystem.store.base import DEFAULT_STORE, GraphStore, LoadedDataset
from ecosystem.store.opening import open_store

__all__ = ["DEFAULT_STORE", "GraphStore", "LoadedDataset", "open_store"]
