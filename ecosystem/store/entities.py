"""The nodes and links of an open store: from their codes to ids and names, and back.

A query returns a node or link as an integer, its code: unique over all nodes, and over all links, of one store, and the
same for as long as that store is open and not loaded anew. What a code means, only the store knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.index.arrays import IntArray
from ecosystem.query import Query, parse
from ecosystem.query.printer import name_text
from ecosystem.query.provenance import HIERARCHY

Ask = Callable[[Query], pa.RecordBatchReader]
Decode = Callable[[pa.ChunkedArray, Sequence[str]], pa.ChunkedArray]


class Entities:
    """Codes, ids and names, read from the store once per label and link type.

    `labels` are those of the model. A store that knows the ids of the codes it has given out hands in `decode`; from
    any other, all ids of a label or link type are read.
    """

    def __init__(self, ask: Ask, labels: Collection[str], decode: Decode | None = None) -> None:
        self._ask = ask
        self._labels = labels
        self._decode = decode
        self._tables: dict[str, pd.DataFrame] = {}

    def of(self, kind: str) -> pd.DataFrame:
        """Every node of a label by its code, with `id` and `name` (empty where there is none); of a link its `id`."""
        if kind not in self._tables:
            self._tables[kind] = self._read(kind)
        return self._tables[kind]

    def ids(self, codes: pa.ChunkedArray, kinds: Sequence[str]) -> pd.Series[str]:
        """The ids of nodes of these labels, or of links of these types, in the order given; NaN for a null."""
        if self._decode is not None:
            return pd.Series(self._decode(codes, kinds).to_pandas())
        tables = [self.of(kind)["id"] for kind in kinds]
        # one label or type, the common case, keeps the index that pandas has built for it
        known = tables[0] if len(tables) == 1 else pd.concat([pd.Series(dtype="str"), *tables])
        return pd.Series(known.reindex(codes.to_numpy()).to_numpy())

    def known(self, codes: IntArray, kinds: Sequence[str]) -> pd.DataFrame:
        """`kind`, `id`, `name` of nodes of these labels, or of links of these types, in the order given.

        All three are empty for a code that is none of theirs, and a link has no name.
        """
        columns = {name: np.full(len(codes), "", dtype=object) for name in ("kind", "id", "name")}
        for kind, table in ((kind, self.of(kind)) for kind in kinds):
            rows = table.index.get_indexer(pd.Index(codes))
            here = np.flatnonzero(rows >= 0)
            found = table.take(rows[here])  # first the few rows: to make objects of all names takes long
            columns["kind"][here] = kind
            for name in found.columns:
                columns[name][here] = found[name].to_numpy(dtype=object)
        return pd.DataFrame(columns, index=codes)

    def find(self, ids: Collection[str], kinds: Sequence[str]) -> IntArray:
        """The codes of those ids that are of these labels or types; no region and no WITHIN is ever among them."""
        tables = (self.of(kind) for kind in kinds if kind not in HIERARCHY)
        found = [table.index[table["id"].isin(list(ids))].to_numpy(dtype=np.int64) for table in tables]
        return np.concatenate(found) if found else np.array([], dtype=np.int64)

    def _read(self, kind: str) -> pd.DataFrame:
        if kind in self._labels:
            text = f"MATCH (x:{name_text(kind)}) RETURN x AS code, x.id AS id, x.name AS name"
        else:
            text = f"MATCH ()-[x:{name_text(kind)}]->() RETURN x AS code, x.id AS id"
        table = self._ask(parse(text)).read_all()
        columns = {name: table[name].to_pandas().fillna("") for name in table.column_names if name != "code"}
        return pd.DataFrame(columns).set_axis(pd.Index(table["code"].to_numpy()))
