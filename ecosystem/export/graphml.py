"""GraphML, which Gephi, igraph, networkx, yEd and Cytoscape read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from ecosystem.export.files import check_suffix
from ecosystem.export.graph_parts import DIRECTED, LINK_TYPE, NODE_TYPE, SOURCE, TARGET, GraphPart, GraphParts
from ecosystem.export.xml_text import batches, refuse_controls, rows, wrapped
from ecosystem.progress import Progress, silent
from ecosystem.tables.atomic import write_files

_TYPES = {pa.int64(): "long", pa.float64(): "double", pa.bool_(): "boolean", pa.string(): "string"}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


def write_graphml(path: Path, graph: GraphParts, *, progress: Progress = silent) -> None:
    """Write a graph as GraphML; UsageError for a suffix other than .graphml, OutputError where it cannot be written.

    The id of a node or link is its id. `label` is the name once more, since that is what Gephi shows. All links are
    written as directed, or all as undirected, with `directed` beside each. The description is the name of the dataset,
    which says so where it is synthetic.
    """
    check_suffix(path, (".graphml",))
    refuse_controls((part.kind, part.table["id"]) for part in (*graph.nodes, *graph.links))
    write_files({path: _pieces(graph, graph.meter(progress))})


def _pieces(graph: GraphParts, written: Callable[[int], None]) -> Iterator[bytes]:
    nodes = _keys("n", {NODE_TYPE: pa.string(), "label": pa.string(), **graph.node_attributes})
    links = _keys("e", {LINK_TYPE: pa.string(), DIRECTED: pa.bool_(), **graph.link_attributes})
    yield _HEAD.encode() + wrapped("<desc>", pa.array([graph.name]), "</desc>\n")[0].as_py().encode()
    yield from _declared("node", nodes, {NODE_TYPE: pa.string(), "label": pa.string(), **graph.node_attributes})
    yield from _declared("edge", links, {LINK_TYPE: pa.string(), DIRECTED: pa.bool_(), **graph.link_attributes})
    yield f'<graph edgedefault="{graph.edge_type}">\n'.encode()
    for part in graph.nodes:
        yield from _nodes(part, nodes, written)
    for part in graph.links:
        yield from _links(part, links, written)
    yield b"</graph>\n</graphml>\n"


def _keys(letter: str, attributes: Mapping[str, pa.DataType]) -> dict[str, str]:
    return {name: f"{letter}{place}" for place, name in enumerate(attributes)}


def _declared(what: str, keys: Mapping[str, str], types: Mapping[str, pa.DataType]) -> Iterator[bytes]:
    for name, key in keys.items():
        title = wrapped('attr.name="', pa.array([name]), '"')[0].as_py()
        yield f'<key id="{key}" for="{what}" {title} attr.type="{_TYPES[types[name]]}"/>\n'.encode()


def _nodes(part: GraphPart, keys: Mapping[str, str], written: Callable[[int], None]) -> Iterator[bytes]:
    for columns in batches(part.table, written):
        shown = [_data(keys["label"], columns["name"])] if "name" in columns else []
        kind = f'<data key="{keys[NODE_TYPE]}">{part.kind}</data>'
        data = [_data(keys[name], column) for name, column in columns.items() if name != "id"]
        yield rows([wrapped('<node id="', columns["id"], '">'), kind, *shown, *data, "</node>\n"])


def _links(part: GraphPart, keys: Mapping[str, str], written: Callable[[int], None]) -> Iterator[bytes]:
    kind = f'<data key="{keys[LINK_TYPE]}">{part.kind}</data>'
    kind += f'<data key="{keys[DIRECTED]}">{str(part.directed).lower()}</data>'
    for columns in batches(part.table, written):
        start = wrapped('<edge id="', columns["id"], '"')
        ends = [wrapped(' source="', columns[SOURCE], '"'), wrapped(' target="', columns[TARGET], '">')]
        data = [_data(keys[name], column) for name, column in columns.items() if name in keys]
        yield rows([start, *ends, kind, *data, "</edge>\n"])


def _data(key: str, column: pa.Array) -> pa.Array:
    return wrapped(f'<data key="{key}">', column, "</data>")
