"""A network with what is known of its nodes and edges: what its files and pictures show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.export.graph_parts import SOURCE, TARGET, GraphParts, parts_of
from ecosystem.index import Text
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import Window
from ecosystem.messages import tr
from ecosystem.network import NOWHERE, Linkage, Network
from ecosystem.query import parse
from ecosystem.query.printer import name_text
from ecosystem.store import GraphStore

NODE = "Node"
"""The label of nodes that have none."""
_REGIONS = "MATCH (r:Region {level: $level}) RETURN r.id AS id, r.name AS zh, r.name_en AS en"

Column: TypeAlias = Sequence[object] | FloatArray | IntArray


@dataclass(frozen=True, slots=True, eq=False)
class NetworkTables:
    """A network, the names (N,) and labels (N,) of its nodes, and further columns of nodes and of edges.

    `nodes` are columns (N,), such as measures, and `edges` columns (E,), such as the number of links behind each; a
    value that is missing or undefined is null. `region_names` are by the id of a region. `dataset` says where the
    network comes from, and that it is synthetic where it is; `window` and `level` are those it was asked for.
    """

    id: str
    title: Text
    network: Network
    names: tuple[str, ...]
    labels: tuple[str, ...]
    region_names: Mapping[str, Text]
    nodes: Mapping[str, pa.Array]
    edges: Mapping[str, pa.Array]
    dataset: str
    window: Window
    level: str

    @property
    def numbers(self) -> Mapping[str, FloatArray]:
        """The columns of nodes that are numbers, as floats, NaN where a value is missing."""
        kinds = {name: column.type for name, column in self.nodes.items()}
        return {
            name: self.nodes[name].cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            for name, kind in kinds.items()
            if pa.types.is_integer(kind) or pa.types.is_floating(kind)
        }

    def region_name(self, region: str) -> Text:
        """The names of a region; its id where it has none."""
        return self.region_names.get(region, Text(region, region))

    def parts(self) -> GraphParts:
        """The network as a graph to write: a node has its region and the columns of nodes, an edge those of edges."""
        network = self.network
        named = {"id": pa.array(network.nodes, pa.string()), "name": pa.array(self.names, pa.string())}
        nodes = pa.table(_with_others(named | self._regions(), self.nodes))
        labels = pa.array(self.labels, pa.string())
        by_label = {label: nodes.filter(pc.equal(labels, label)) for label in sorted(set(self.labels))}
        ends = {key: nodes["id"].take(pa.array(at)) for key, at in ((SOURCE, network.source), (TARGET, network.target))}
        ids = pa.array([f"e{place}" for place in range(1, len(network.weight) + 1)], pa.string())
        edges = pa.table(_with_others({"id": ids} | ends | {"weight": pa.array(network.weight)}, self.edges))
        kinds = {self.id: network.directed}
        return parts_of(self.dataset or self.id, by_label, {self.id: edges}, kinds, directed=network.directed)

    def _regions(self) -> dict[str, pa.Array]:
        """Id and names of the region of every node (N,), null where it has none."""
        network = self.network
        at = pa.array(network.region, mask=network.region == NOWHERE)
        names = [self.region_name(region) for region in network.regions]
        columns = {
            "region": network.regions,
            "region_zh": [name.zh for name in names],
            "region_en": [name.en for name in names],
        }
        return {key: pa.array(values, pa.string()).take(at) for key, values in columns.items()}


def described(
    network: Network,
    name: str = "network",
    *,
    nodes: Mapping[str, Column] | None = None,
    edges: Mapping[str, Column] | None = None,
) -> NetworkTables:
    """A network that no store holds, its nodes called by their ids, with further columns of nodes and of edges."""
    labels = (NODE,) * len(network)
    title = Text(name, name)
    columns, others = _columns(nodes), _columns(edges)
    return NetworkTables(name, title, network, network.nodes, labels, {}, columns, others, "", Window(), "")


def tables_of(made: Linkage, measures: Mapping[str, Column] | None = None) -> NetworkTables:
    """A network of a store with the names of its nodes and regions, and for each edge its links and years.

    `measures` are further columns of nodes (N,).
    """
    network, file, store = made.network, made.file, made.store
    names, labels = _nodes(store, network.nodes)
    first, last = made.years()
    edges = {"links": made.links(), "first_year": _whole(first), "last_year": _whole(last)}
    rows = store.query(parse(_REGIONS), {"level": made.level}).read_all().to_pylist()
    region_names = {row["id"]: Text(row["zh"] or row["id"], row["en"] or row["zh"] or row["id"]) for row in rows}
    return NetworkTables(
        file.id,
        Text(file.title_zh, file.title_en),
        network,
        names,
        labels,
        region_names,
        _columns(measures),
        _columns(edges),
        store.dataset.name,
        made.window,
        made.level,
    )


def left_out(tables: NetworkTables, program: str) -> Iterator[str]:
    """The note on columns for which a program has no place, where it takes numbers of nodes alone."""
    lost = [*(name for name in tables.nodes if name not in tables.numbers), *tables.edges]
    if lost:
        yield tr("{program} has no place for {columns}: left out", program=program, columns=", ".join(lost))


def _nodes(store: GraphStore, ids: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of nodes, their ids where they have none, and their labels."""
    wanted = set(ids)
    found: dict[str, tuple[str, str]] = {}
    for label, properties in store.schema.nodes.items():
        if store.schema.model.labels[label].keyless:
            continue
        name = "x.name" if "name" in properties else "x.id"
        rows = store.query(parse(f"MATCH (x:{name_text(label)}) RETURN x.id AS id, {name} AS name")).read_all()
        for one, called in zip(rows["id"].to_pylist(), rows["name"].to_pylist(), strict=True):
            if one in wanted:
                found[one] = called or one, label
    pairs = [found.get(one, (one, NODE)) for one in ids]
    return tuple(name for name, _ in pairs), tuple(label for _, label in pairs)


def _with_others(own: Mapping[str, pa.Array], others: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """The columns of every network and others beside them, which get a number where they have the name of one."""
    found = dict(own)
    for name, column in others.items():
        names = (name, *(f"{name}_{number}" for number in range(2, len(own) + len(others) + 2)))
        found[next(free for free in names if free not in found)] = column
    return found


def _columns(given: Mapping[str, Column] | None) -> dict[str, pa.Array]:
    """The columns as arrays of Arrow; what is not a number is missing."""
    return {name: _column(values) for name, values in (given or {}).items()}


def _column(values: Column) -> pa.Array:
    return pa.array(values, from_pandas=True)


def _whole(years: FloatArray) -> pa.Array:
    known = ~np.isnan(years)
    return pa.array(np.where(known, years, 0).astype(np.int64), mask=~known)
