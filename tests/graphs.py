"""Small graphs written down in Python, the datasets that they are, and the same without some of their entities."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset import Dataset
from ecosystem.model import Property, load_model
from ecosystem.regions import Region, Regions

Value = bool | int | float | str | date | None

_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}

REGIONS = Regions(
    [
        Region("CN", "中国", "country", code="CN", country="CN", name_en="China"),
        Region("US", "美国", "country", code="US", country="US", name_en="United States"),
        Region("p1", "甲省", "province", code="410000", country="CN", parent="CN"),
        Region("p2", "乙省", "province", code="420000", country="CN", parent="CN"),
        Region("c1", "甲市", "city", code="410100", country="CN", parent="p1"),
        Region("c2", "丙市", "city", code="410200", country="CN", parent="p1"),
        Region("s1", "Ohio", "province", country="US", parent="US"),
        Region("group:g", "圈", "group", members=("p2", "c1")),
    ]
)
"""Two countries, three provinces, two cities, and a circle that takes one city out of a province."""


@dataclass(frozen=True)
class Node:
    """A node; its id is one of its properties too."""

    id: str
    kind: str
    properties: Mapping[str, Value] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Link:
    """A link from one node to another, which are given by their ids."""

    id: str
    kind: str
    source: str
    target: str
    properties: Mapping[str, Value] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Graph:
    """Nodes and links, and the hierarchy that the Region nodes and WITHIN links among them come from."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    regions: Regions = REGIONS

    def without(self, ids: Collection[str]) -> Graph:
        """The graph without these nodes, the links that touch them, and these links."""
        nodes = tuple(node for node in self.nodes if node.id not in ids)
        kept = {node.id for node in nodes}
        links = (link for link in self.links if link.id not in ids and {link.source, link.target} <= kept)
        return replace(self, nodes=nodes, links=tuple(links))


def graph(nodes: Sequence[Node], links: Sequence[Link], regions: Regions = REGIONS) -> Graph:
    """A graph with the regions and their closure; defaults stand where the model has them."""
    hierarchy = [Node(row.pop("id"), "Region", row) for row in regions.table().to_pylist()]
    closure = [Link(f"within:{low}>{high}", "WITHIN", low, high) for low, high in regions.closure()]
    model = load_model()
    return Graph(
        (*hierarchy, *(replace(node, properties=_filled(node, model.labels[node.kind].properties)) for node in nodes)),
        (*closure, *(replace(link, properties=_filled(link, model.links[link.kind].properties)) for link in links)),
        regions,
    )


def dataset(source: Graph, name: str = "test") -> Dataset:
    """The graph as a store takes it: a table per label and link type, with integer keys."""
    model = load_model()
    keys = {node.id: key for key, node in enumerate(source.nodes)}
    labels = {node.id: node.kind for node in source.nodes}
    nodes = {
        label: _table([node for node in source.nodes if node.kind == label], model.labels[label].properties, keys)
        for label in dict.fromkeys(labels.values())
    }
    numbers = {link.id: number for number, link in enumerate(source.links)}
    links = {}
    for kind in dict.fromkeys(link.kind for link in source.links):
        those = [link for link in source.links if link.kind == kind]
        table = _table(those, model.links[kind].properties, numbers)
        ends = {
            "_src": pa.array([keys[link.source] for link in those], pa.int64()),
            "_dst": pa.array([keys[link.target] for link in those], pa.int64()),
            "_src_label": pa.array([labels[link.source] for link in those]).dictionary_encode(),
            "_dst_label": pa.array([labels[link.target] for link in those]).dictionary_encode(),
        }
        links[kind] = pa.table({"_id": table["_id"], **ends, **{c: table[c] for c in table.column_names[1:]}})
    return Dataset(name, "0" * 64, nodes, links, source.regions, load_model())


def dataset_without(whole: Dataset, ids: Collection[str]) -> Dataset:
    """What a reload would give without the rows of these nodes, of the links that touch them, and of these links."""
    wanted = pa.array(sorted(ids), pa.string())
    gone = [table.filter(pc.is_in(table["id"], wanted))["_id"].to_pylist() for table in whole.nodes.values()]
    keys = pa.array([key for part in gone for key in part], pa.int64())
    nodes = {label: _kept(table, pc.is_in(table["id"], wanted)) for label, table in whole.nodes.items()}
    links = {}
    for kind, table in whole.links.items():
        touches = pc.or_(pc.is_in(table["_src"], keys), pc.is_in(table["_dst"], keys))
        links[kind] = _kept(table, pc.or_(touches, pc.is_in(table["id"], wanted)))
    return replace(whole, nodes=_with_rows(nodes), links=_with_rows(links))


def _filled(entity: Node | Link, known: Mapping[str, Property]) -> dict[str, Value]:
    defaults = {name: prop.default for name, prop in known.items() if prop.default is not None}
    return {**defaults, **entity.properties, "id": entity.id}


def _table(entities: Sequence[Node | Link], known: Mapping[str, Property], keys: Mapping[str, int]) -> pa.Table:
    names = dict.fromkeys(["id", *(name for entity in entities for name in entity.properties)])
    columns = {name: [entity.properties.get(name) for entity in entities] for name in names}
    columns["id"] = [entity.id for entity in entities]
    arrays = {name: pa.array(values, _type(values, known.get(name))) for name, values in columns.items()}
    return pa.table({"_id": pa.array([keys[entity.id] for entity in entities], pa.int64()), **arrays})


def _type(values: Sequence[Value], known: Property | None) -> pa.DataType:
    """The type that the model gives, else that of the values; a column without any is text, as it is when read."""
    if known is not None:
        return _ARROW[known.type]
    return pa.array(values).type if any(value is not None for value in values) else pa.string()


def _kept(table: pa.Table, drop: pa.ChunkedArray) -> pa.Table:
    return table.filter(pc.invert(drop))


def _with_rows(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    return {name: table for name, table in tables.items() if table.num_rows}
