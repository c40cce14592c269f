"""The dictionary between a store's keys and the ids of the dataset, read once per label and link type."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from ecosystem.query.tree import Item, LinkPattern, Match, NodePattern, Path, PropertyOf, Query, Variable
from ecosystem.store import GraphStore


class Keys:
    """Keys to ids and back, for the labels and link types that were asked for."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._ids: dict[str, pd.Series[str]] = {}

    def ids(self, keys: pa.ChunkedArray, kinds: tuple[str, ...]) -> pd.Series[Any]:
        """The ids of a column of keys whose entities have these labels or types."""
        known = pd.concat([self._of(kind) for kind in kinds]) if kinds else pd.Series(dtype="str")
        return pd.Series(known.reindex(keys.to_numpy()).to_numpy())

    def keys(self, ids: Collection[str], kinds: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """The keys of those ids that are entities of these labels or types, sorted."""
        wanted = list(ids)
        found = [known.index[known.isin(wanted)].to_numpy(dtype=np.int64) for known in map(self._of, kinds)]
        return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)

    def _of(self, kind: str) -> pd.Series[str]:
        if kind not in self._ids:
            table = self._store.query(_all_of(kind, kind in self._store.schema.model.labels)).read_all()
            self._ids[kind] = pd.Series(table["id"].to_pandas().to_numpy(), index=table["key"].to_numpy(), dtype="str")
        return self._ids[kind]


def _all_of(kind: str, is_label: bool) -> Query:
    """`MATCH (x:Label) RETURN x AS key, x.id AS id`, or the same for a link type."""
    if is_label:
        path = Path((NodePattern("x", (kind,)),), ())
    else:
        path = Path((NodePattern(""), NodePattern("")), (LinkPattern("x", (kind,)),))
    return Query((Match((path,)),), (Item(Variable("x"), "key"), Item(PropertyOf("x", "id"), "id")))
