"""A graph read back out of a store as a dataset, so that another engine can hold the same."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset.dataset import Dataset
from ecosystem.messages import tr
from ecosystem.progress import Progress, silent
from ecosystem.query import parse
from ecosystem.query.printer import name_text
from ecosystem.regions import read_regions
from ecosystem.store.base import GraphStore

REGION_COLUMNS = ("id", "name", "level", "code", "country", "parent", "name_en", "aliases", "members")
"""What the hierarchy is made of; coordinates and columns of a user's own are properties of the nodes alone."""


def snapshot(store: GraphStore, *, progress: Progress = silent) -> Dataset:
    """Everything that a store holds, with new integer keys in the order of labels, types and ids.

    The name and the hash are those of the dataset that was loaded.
    """
    schema = store.schema
    labels = [label for label in schema.model.labels if schema.counts.get(label)]
    kinds = [kind for kind in schema.model.links if schema.counts.get(kind)]
    total, done, first = len(labels) + len(kinds), 0, 0
    nodes: dict[str, pa.Table] = {}
    for label in labels:
        table = _nodes(store, label)
        nodes[label] = table.add_column(0, "_id", pa.array(np.arange(first, first + table.num_rows)))
        first += table.num_rows
        done += 1
        progress(tr("read back"), done, total)
    keys, ids = _keys(nodes)
    links: dict[str, pa.Table] = {}
    first = 0
    for kind in kinds:
        links[kind] = _links(store, kind, first, keys, ids)
        first += links[kind].num_rows
        done += 1
        progress(tr("read back"), done, total)
    known = [name for name in REGION_COLUMNS if name in nodes["Region"].column_names]
    text = pa.table({name: nodes["Region"][name].cast(pa.string()) for name in known})
    regions, findings = read_regions(text, file=store.url, model=schema.model)
    if regions is None:
        raise ValueError(f"regions that were loaded cannot be read back: {findings}")
    return Dataset(store.dataset.name, store.dataset.hash, nodes, links, regions, schema.model)


def _nodes(store: GraphStore, label: str) -> pa.Table:
    names = dict.fromkeys(["id", *store.schema.nodes.get(label, {})])
    return store.query(parse(f"MATCH (n:{name_text(label)}) RETURN {_columns('n', names)}")).read_all().sort_by("id")


def _columns(variable: str, names: Iterable[str]) -> str:
    """The columns of a RETURN: each property under its own name."""
    return ", ".join(f"{variable}.{name_text(name)} AS {name_text(name)}" for name in names)


def _keys(nodes: dict[str, pa.Table]) -> tuple[pa.Array, pa.DictionaryArray]:
    """The ids of all nodes in the order of their keys, and their labels."""
    ids = pa.concat_arrays([table["id"].combine_chunks() for table in nodes.values()])
    sizes = [table.num_rows for table in nodes.values()]
    codes = pa.array(np.repeat(np.arange(len(nodes), dtype=np.int32), sizes))
    return ids, pa.DictionaryArray.from_arrays(codes, pa.array(list(nodes)))


def _links(store: GraphStore, kind: str, first: int, ids: pa.Array, labels: pa.DictionaryArray) -> pa.Table:
    names = dict.fromkeys(["id", *store.schema.links.get(kind, {})])
    text = f"MATCH (a)-[t:{name_text(kind)}]->(b) RETURN a.id AS _from, b.id AS _to, {_columns('t', names)}"
    table = store.query(parse(text)).read_all().sort_by("id")
    source, target = (pc.index_in(table[name], ids).combine_chunks().cast(pa.int64()) for name in ("_from", "_to"))
    columns = {
        "_id": pa.array(np.arange(first, first + table.num_rows)),
        "_src": source,
        "_dst": target,
        "_src_label": labels.take(source),
        "_dst_label": labels.take(target),
    }
    return pa.table(columns | {name: table[name] for name in names})
