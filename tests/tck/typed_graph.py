"""A created graph as the engine takes it: typed tables under a model of the graph's own, in an embedded store."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
from created import CreatedGraph
from entity_values import LinkValue, NodeValue
from vocabulary import Vocabulary

from ecosystem.dataset import Dataset
from ecosystem.model import Label, LinkType, Model, Property, PropertyType
from ecosystem.regions import Regions
from ecosystem.store import GraphStore, open_store

UNLABELLED = "Unlabelled"
"""The label of the nodes that have none."""
LINKED = "LINKED"
"""The link type of a model that would have none: with one, a link may be asked for."""
_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_OPEN = 24

Types = Mapping[str, Mapping[str, PropertyType]]


class InexpressibleError(Exception):
    """What a read-only graph with one label for a node and one type for a property cannot hold; says what that is."""


class Stores:
    """Embedded stores of graphs below a folder; equal graphs share one, and the last used ones stay open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: OrderedDict[str, GraphStore] = OrderedDict()
        self._made = 0

    def store(self, graph: CreatedGraph, words: Vocabulary, unknown: PropertyType = "string") -> GraphStore:
        """A store with this graph, whose model has what the words name too. Raises InexpressibleError.

        A property of the words that the graph has nowhere is of the type `unknown`.
        """
        key = repr((graph, words, unknown))
        if key not in self._open:
            self._made += 1
            store = open_store(self._folder / f"{self._made}.duckdb", create=True)
            store.load(dataset(graph, words, unknown))
            self._open[key] = store
        self._open.move_to_end(key)
        if len(self._open) > _OPEN:
            self._open.popitem(last=False)[1].close()
        return self._open[key]

    def close(self) -> None:
        """Close them all."""
        for store in self._open.values():
            store.close()
        self._open.clear()


def dataset(graph: CreatedGraph, words: Vocabulary, unknown: PropertyType = "string") -> Dataset:
    """The graph in tables. Raises InexpressibleError."""
    nodes: dict[str, list[NodeValue]] = {}
    for node in graph.nodes.values():
        nodes.setdefault(_label(node), []).append(node)
    links: dict[str, list[LinkValue]] = {}
    for link in graph.links.values():
        links.setdefault(link.kind, []).append(link)
    _distinct("a label or link type", [*{*nodes, *words.labels}, *{*links, *words.kinds}])
    types = {label: _types(those) for label, those in nodes.items()} | {
        kind: _types(those) for kind, those in links.items()
    }
    model = _model(nodes, links, types, words, unknown)
    keys = {key: number for number, key in enumerate(graph.nodes)}
    node_tables = {label: _table(entities, types[label]) for label, entities in nodes.items()}
    link_tables = {kind: _link_table(entities, types[kind], graph, keys) for kind, entities in links.items()}
    return Dataset("tck", "0" * 64, node_tables, link_tables, Regions([]), model)


def _label(node: NodeValue) -> str:
    if len(node.labels) > 1:
        raise InexpressibleError("a node with several labels")
    return next(iter(node.labels), UNLABELLED)


def _distinct(what: str, names: Iterable[str]) -> None:
    folded = [name.casefold() for name in names]
    if len(set(folded)) < len(folded):
        raise InexpressibleError(f"{what} that differs from another by its case alone, or has its name")
    if any(name.startswith("_") for name in folded):
        raise InexpressibleError(f"{what} that begins with _")


def _types(entities: Sequence[NodeValue | LinkValue]) -> dict[str, PropertyType]:
    """The one type of each property of a label or link type."""
    found: dict[str, PropertyType] = {}
    for entity in entities:
        for name, value in entity.properties.items():
            kind = _type(value)
            if found.setdefault(name, kind) != kind:
                raise InexpressibleError("a property with values of several types")
    _distinct("a property", found)
    return found


def _type(value: object) -> PropertyType:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float() if math.isfinite(value):
            return "float"
        case str():
            return "string"
        case date():
            return "date"
        case _:
            raise InexpressibleError(f"a property that is a {type(value).__name__}")


def _model(nodes: Iterable[str], links: Iterable[str], types: Types, words: Vocabulary, unknown: PropertyType) -> Model:
    """A model with the labels, types and properties of a graph and of a query; a link may join any two labels."""
    labels = tuple(dict.fromkeys([*nodes, *words.labels, UNLABELLED]))
    kinds = tuple(dict.fromkeys([*links, *words.kinds])) or (LINKED,)
    everywhere = {name: kind for of_owner in types.values() for name, kind in of_owner.items()}
    asked: dict[str, PropertyType] = {name: everywhere.get(name, unknown) for name in words.properties}

    def properties(owner: str) -> dict[str, Property]:
        own = types.get(owner, {})
        folded = {name.casefold() for name in own}
        more = {name: kind for name, kind in asked.items() if name.casefold() not in folded}
        every: dict[str, PropertyType] = {"id": "string", **own, **more}
        return {name: Property(name, kind) for name, kind in every.items()}

    return Model(
        version=1,
        labels={label: Label(label, label.lower(), label, label, properties(label)) for label in labels},
        links={kind: LinkType(kind, kind.lower(), kind, kind, labels, labels, properties(kind)) for kind in kinds},
    )


def _table(entities: Sequence[NodeValue | LinkValue], types: Mapping[str, PropertyType]) -> pa.Table:
    numbers = pa.array([int(entity.key[1:]) for entity in entities], pa.int64())
    columns = {
        name: pa.array([entity.properties.get(name) for entity in entities], _ARROW[kind])
        for name, kind in types.items()
    }
    return pa.table({"_id": numbers, "id": pa.array([entity.key for entity in entities], pa.string()), **columns})


def _link_table(
    links: Sequence[LinkValue], types: Mapping[str, PropertyType], graph: CreatedGraph, keys: Mapping[str, int]
) -> pa.Table:
    table = _table(links, types)
    ends = {
        "_src": pa.array([keys[link.source] for link in links], pa.int64()),
        "_dst": pa.array([keys[link.target] for link in links], pa.int64()),
        "_src_label": pa.array([_label(graph.nodes[link.source]) for link in links]).dictionary_encode(),
        "_dst_label": pa.array([_label(graph.nodes[link.target]) for link in links]).dictionary_encode(),
    }
    return pa.table({"_id": table["_id"], **ends, **{name: table[name] for name in table.column_names[1:]}})
