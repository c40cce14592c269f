"""The dictionary between a store's keys and the ids of the dataset, read once per label and link type."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.query import Query, parse
from ecosystem.query.printer import name_text
from ecosystem.query.provenance import HIERARCHY
from ecosystem.store import GraphStore


class Keys:
    """Keys to ids and back, for the labels and link types that were asked for."""

    def __init__(self, store: GraphStore) -> None:
        self._store = store
        self._ids: dict[str, pd.Series[str]] = {}

    def ids(self, keys: pa.ChunkedArray, kinds: tuple[str, ...]) -> pd.Series[Any]:
        """The ids of a column of keys whose entities have these labels or types; a string is an id already."""
        if pa.types.is_string(keys.type):
            return pd.Series(keys.to_pandas())
        known = pd.concat([self._of(kind) for kind in kinds]) if kinds else pd.Series(dtype="str")
        return pd.Series(known.reindex(keys.to_numpy()).to_numpy())

    def keys(self, ids: Collection[str], kinds: tuple[str, ...], form: pa.DataType) -> pa.Array:
        """The keys, of the type `form`, of those ids that are entities of these labels or types, but no regions."""
        fixed = [kind for kind in kinds if kind in HIERARCHY]
        if pa.types.is_string(form):
            return pa.array(set(ids).difference(*map(self._of, fixed)), form)
        wanted = list(ids)
        loose = (self._of(kind) for kind in kinds if kind not in fixed)
        found = [known.index[known.isin(wanted)].to_numpy(dtype=np.int64) for known in loose]
        return pa.array(np.concatenate(found) if found else [], form)

    def _of(self, kind: str) -> pd.Series[str]:
        if kind not in self._ids:
            table = self._store.query(_all_of(kind, kind in self._store.schema.model.labels)).read_all()
            self._ids[kind] = pd.Series(table["id"].to_pandas().to_numpy(), index=table["key"].to_numpy(), dtype="str")
        return self._ids[kind]


def _all_of(kind: str, is_label: bool) -> Query:
    """The key and the id of every node of a label, or of every link of a type."""
    pattern = f"(x:{name_text(kind)})" if is_label else f"()-[x:{name_text(kind)}]->()"
    return parse(f"MATCH {pattern} RETURN x AS key, x.id AS id")
