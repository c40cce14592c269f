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
from ecosystem.store import stored_regions

NODE = "Node"
"""The label of nodes that have none."""
Column: TypeAlias = Sequence[object] | FloatArray | IntArray


@dataclass(frozen=True, slots=True, eq=False)
class DescribedNetwork:
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
) -> DescribedNetwork:
    """A network that no store holds, its nodes called by their ids, with further columns of nodes and of edges."""
    labels = (NODE,) * len(network)
    title = Text(name, name)
    columns, others = _columns(nodes), _columns(edges)
    return DescribedNetwork(name, title, network, network.nodes, labels, {}, columns, others, "", Window(), "")


def describe(made: Linkage, measures: Mapping[str, Column] | None = None) -> DescribedNetwork:
    """A network of a store with the names of its nodes and regions, and for each edge its links and years.

    `measures` are further columns of nodes (N,).
    """
    network, file, store = made.network, made.file, made.store
    names = made.names("zh")
    called = [
        name if isinstance(name, str) and name else one for one, name in zip(network.nodes, names.nodes, strict=True)
    ]
    first, last = made.years()
    edges = {"links": made.links(), "first_year": _whole(first), "last_year": _whole(last)}
    regions = {one.id: Text(one.name, one.name_en or one.name) for one in stored_regions(store)}
    return DescribedNetwork(
        file.id,
        Text(file.title_zh, file.title_en),
        network,
        tuple(called),
        tuple(names.kinds),
        {region: regions[region] for region in network.regions},
        _columns(measures),
        _columns(edges),
        store.dataset.name,
        made.window,
        made.level,
    )


def left_out(shown: DescribedNetwork, program: str) -> Iterator[str]:
    """The note on columns for which a program has no place, where it takes numbers of nodes alone."""
    lost = [*(name for name in shown.nodes if name not in shown.numbers), *shown.edges]
    if lost:
        yield tr("{program} has no place for {columns}: left out", program=program, columns=", ".join(lost))


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
