"""Nodes and links as integers, whatever the keys of their store, and back to their ids and names."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.index.arrays import IntArray
from ecosystem.query import parse
from ecosystem.query.printer import name_text
from ecosystem.query.provenance import HIERARCHY
from ecosystem.store import GraphStore


class Codes:
    """One integer for each node, and one for each link; a store whose keys are texts has them numbered as they come."""

    def __init__(self, store: GraphStore) -> None:
        self.store = store
        self._numbers: dict[str, int] = {}
        self._frames: dict[str, pd.DataFrame] = {}

    def of(self, keys: pa.ChunkedArray) -> IntArray:
        """The codes of a column of keys."""
        if pa.types.is_integer(keys.type):
            return np.asarray(keys.to_numpy(), dtype=np.int64)
        encoded = pa.chunked_array(keys).combine_chunks().dictionary_encode()
        encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
        numbers = [self._numbers.setdefault(key, len(self._numbers)) for key in encoded.dictionary.to_pylist()]
        return np.asarray(np.array(numbers, dtype=np.int64)[encoded.indices.to_numpy()])

    def entities(self, kind: str) -> pd.DataFrame:
        """Every node of a label, or link of a type, by its code: `kind`, `id`, `name` (empty for a link)."""
        if kind not in self._frames:
            self._frames[kind] = self._read(kind)
        return self._frames[kind]

    def known(self, codes: IntArray, kinds: Sequence[str]) -> pd.DataFrame:
        """`kind`, `id`, `name` of some nodes, or links, of these labels, or types, in the order given."""
        columns = {name: np.full(len(codes), "", dtype=object) for name in ("kind", "id", "name")}
        for frame in (self.entities(kind) for kind in kinds):
            place = frame.index.get_indexer(pd.Index(codes))
            here = np.flatnonzero(place >= 0)
            found = frame.take(place[here])  # first the few rows: to make objects of all names takes long
            for name, column in columns.items():
                column[here] = found[name].to_numpy(dtype=object)
        return pd.DataFrame(columns, index=codes)

    def find(self, ids: Collection[str], kinds: Sequence[str]) -> IntArray:
        """The codes of those ids that are of these labels or types; no region and no WITHIN is ever among them."""
        frames = (self.entities(kind) for kind in kinds if kind not in HIERARCHY)
        found = [frame.index[frame["id"].isin(list(ids))].to_numpy(dtype=np.int64) for frame in frames]
        return np.concatenate(found) if found else np.array([], dtype=np.int64)

    def _read(self, kind: str) -> pd.DataFrame:
        if kind in self.store.schema.model.labels:
            text = f"MATCH (x:{name_text(kind)}) RETURN x AS key, x.id AS id, x.name AS name"
        else:
            text = f"MATCH ()-[x:{name_text(kind)}]->() RETURN x AS key, x.id AS id"
        table = self.store.query(parse(text)).read_all()
        names = table["name"].to_pandas().fillna("") if "name" in table.column_names else ""
        columns = {"kind": kind, "id": table["id"].to_pandas(), "name": names}
        return pd.DataFrame(columns).set_axis(pd.Index(self.of(table["key"])))


def node_labels(store: GraphStore) -> tuple[str, ...]:
    """The labels of what may be taken out and is there: any but regions and their values."""
    schema = store.schema
    labels = (label for label in schema.model.labels.values() if label.name not in HIERARCHY and not label.keyless)
    return tuple(label.name for label in labels if schema.counts.get(label.name))
