"""A graph in the hands of another library: networkx and igraph, with every link, property and region."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.dataset import Dataset, read_dataset
from ecosystem.errors import DatasetError, refuse_unknown
from ecosystem.export.graph_parts import DIRECTED, LINK_TYPE, NODE_TYPE, SOURCE, TARGET, GraphPart, graph_parts
from ecosystem.messages import tr
from ecosystem.store import GraphStore, open_store
from ecosystem.store.snapshot import snapshot

if TYPE_CHECKING:
    import igraph
    import networkx as nx

Graph = GraphStore | Dataset | str | Path
"""A graph to hand over: an open store, a dataset, or the path or URL of either."""

REGION, LOCATED_IN = "Region", "LOCATED_IN"
PLACE = "region"
"""The attribute of a node with the id of the region that it is located in."""


def to_networkx(
    graph: Graph, *, labels: str | Collection[str] = (), links: str | Collection[str] = ()
) -> nx.MultiDiGraph:
    """The graph of a store, a dataset, or the path of either, as a networkx MultiDiGraph; parallel links stay apart.

    A node is known by its id and has `node_type`, `region` (the id of the one that it is located in) and its
    properties, a link by its id and has `link_type`, `directed` and its properties; what is blank is left out, a date
    is a text. Links run from their first end to their second, also those that have no direction.

    With `labels` these nodes alone and the links among them, with `links` these links alone, and without labels the
    nodes at their ends alone. Without either, every node but regions, which stand in `region`, and every link but
    LOCATED_IN, which says the same: name them to have them. UsageError for a label or link type that does not exist.

    >>> graph = ecosystem.to_networkx("demo/graph.duckdb", links="ENABLES")
    >>> print(graph)
    MultiDiGraph named 'dataset [synthetic data, 合成数据]' with 2812 nodes and 9462 edges
    """
    library = import_module("networkx")
    name, nodes, edges = _parts(graph, labels, links)
    made = library.MultiDiGraph(name=name)
    for part in nodes:
        rows = _rows(part.table)
        made.add_nodes_from((row.pop("id"), {NODE_TYPE: part.kind, **_filled(row)}) for row in rows)
    for part in edges:
        kind: dict[str, Any] = {LINK_TYPE: part.kind, DIRECTED: part.directed}
        made.add_edges_from(
            (row.pop(SOURCE), row.pop(TARGET), row.pop("id"), {**kind, **_filled(row)}) for row in _rows(part.table)
        )
    return made


def to_igraph(graph: Graph, *, labels: str | Collection[str] = (), links: str | Collection[str] = ()) -> igraph.Graph:
    """The same as a directed igraph Graph, parallel links apart.

    A vertex has its id in `name`, by which igraph finds it, and its name in `label`; an edge has its id in `id`. Each
    has the attributes of `to_networkx`; what is blank is None.

    >>> graph = ecosystem.to_igraph("demo/graph.duckdb", labels="Company", links="ENABLES")
    >>> graph.vs.attributes()[:3]
    ['name', 'label', 'node_type']
    """
    library = import_module("igraph")
    name, nodes, edges = _parts(graph, labels, links)
    ids = [one for part in nodes for one in part.table["id"].to_pylist()]
    place = {one: number for number, one in enumerate(ids)}
    ends = zip(
        *([one for part in edges for one in part.table[end].to_pylist()] for end in (SOURCE, TARGET)), strict=True
    )
    # edges by number, as igraph takes a missing id of a frame for a vertex called nan
    made = library.Graph(n=len(ids), edges=[(place[one], place[other]) for one, other in ends], directed=True)
    made["name"] = name
    made.vs["name"] = ids
    made.vs["label"] = _column(nodes, "name")
    made.vs[NODE_TYPE] = [part.kind for part in nodes for _ in range(part.table.num_rows)]
    for attribute in _attributes(nodes, ("id", "name")):
        made.vs[attribute] = _column(nodes, attribute)
    made.es["id"] = _column(edges, "id")
    made.es[LINK_TYPE] = [part.kind for part in edges for _ in range(part.table.num_rows)]
    made.es[DIRECTED] = [part.directed for part in edges for _ in range(part.table.num_rows)]
    for attribute in _attributes(edges, ("id", SOURCE, TARGET)):
        made.es[attribute] = _column(edges, attribute)
    return made


def _parts(
    graph: Graph, labels: str | Collection[str], links: str | Collection[str]
) -> tuple[str, list[GraphPart], list[GraphPart]]:
    """The name of the dataset, and the nodes and links that are asked for."""
    dataset = _dataset(graph)
    labels, links = ([given] if isinstance(given, str) else list(given) for given in (labels, links))
    kinds = [kind.name for kind in dataset.model.link_tables]
    for label in labels:
        refuse_unknown(label, dataset.model.labels, tr("there is no label {name!r}", name=label))
    for link in links:
        refuse_unknown(link, kinds, tr("there is no link type {name!r}", name=link))
    parts = graph_parts(dataset)
    places = next((part.table for part in parts.links if part.kind == LOCATED_IN), None)
    edges = [part for part in parts.links if part.kind in (links or set(kinds) - {LOCATED_IN})]
    wanted = labels or [part.kind for part in parts.nodes if links or part.kind != REGION]
    nodes = [replace(part, table=_placed(part.table, places)) for part in parts.nodes if part.kind in wanted]
    if links and not labels:
        ends = pa.concat_arrays([_ids(part.table[end]) for part in edges for end in (SOURCE, TARGET)] or [_NONE])
        nodes = [replace(part, table=part.table.filter(pc.is_in(part.table["id"], ends))) for part in nodes]
    known = pa.concat_arrays([_ids(part.table["id"]) for part in nodes] or [_NONE])
    edges = [replace(part, table=_among(part.table, known)) for part in edges]
    return parts.name, [part for part in nodes if part.table.num_rows], [part for part in edges if part.table.num_rows]


_NONE = pa.array([], pa.string())


def _dataset(graph: Graph) -> Dataset:
    """The graph as a dataset; DatasetError for a folder of which a file cannot be read."""
    if isinstance(graph, Dataset):
        return graph
    if isinstance(graph, str | Path) and Path(graph).is_dir():
        reading = read_dataset(graph)
        if not reading.whole:
            raise DatasetError(tr("{folder} has errors", folder=graph), findings=reading.findings)
        return reading.dataset
    with closing(open_store(graph)) if isinstance(graph, str | Path) else nullcontext(graph) as store:
        return snapshot(store)


def _ids(column: pa.ChunkedArray) -> pa.Array:
    return pc.cast(column, pa.string()).combine_chunks()


def _placed(nodes: pa.Table, places: pa.Table | None) -> pa.Table:
    """The nodes with the region that each is located in; a property of that name has a stroke behind it then."""
    names = [f"{PLACE}_" if name == PLACE else name for name in nodes.column_names]
    if places is None:
        return nodes.rename_columns(names).append_column(PLACE, pa.nulls(nodes.num_rows, pa.string()))
    rows = pc.index_in(nodes["id"], _ids(places[SOURCE]))
    return nodes.rename_columns(names).append_column(PLACE, pc.take(_ids(places[TARGET]), rows))


def _among(links: pa.Table, ids: pa.Array) -> pa.Table:
    """The links of which both ends are among these nodes."""
    return links.filter(pc.and_(*(pc.is_in(links[end], ids) for end in (SOURCE, TARGET))))


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches():
        yield from batch.to_pylist()


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    """What of a row is not blank: the formats that networkx writes know no None."""
    return {name: value for name, value in row.items() if value is not None}


def _attributes(parts: Sequence[GraphPart], own: Collection[str]) -> list[str]:
    return [
        name for name in dict.fromkeys(name for part in parts for name in part.table.column_names) if name not in own
    ]


def _column(parts: Sequence[GraphPart], name: str) -> list[Any]:
    """The values of an attribute, None for the parts that do not have it."""
    found: list[Any] = []
    for part in parts:
        here = name in part.table.column_names
        found += part.table[name].to_pylist() if here else [None] * part.table.num_rows
    return found
