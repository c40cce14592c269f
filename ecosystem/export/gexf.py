"""GEXF 1.3, the format of Gephi (https://gexf.net)."""

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
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'


def write_gexf(path: Path, graph: GraphParts, *, progress: Progress = silent) -> None:
    """Write a graph as GEXF; UsageError for a suffix other than .gexf, OutputError where it cannot be written.

    The id of a node or link is its id, the label of a node its name, of a link its type, its weight its `weight`. All
    links are written as directed, or all as undirected, with the attribute `directed` beside each.
    """
    check_suffix(path, (".gexf",))
    refuse_controls((part.kind, part.table["id"]) for part in (*graph.nodes, *graph.links))
    write_files({path: _pieces(graph, graph.meter(progress))})


def _pieces(graph: GraphParts, written: Callable[[int], None]) -> Iterator[bytes]:
    node_types = {NODE_TYPE: pa.string(), **graph.node_attributes}
    link_types = {LINK_TYPE: pa.string(), DIRECTED: pa.bool_(), **graph.link_attributes}
    nodes, links = ({name: str(place) for place, name in enumerate(types)} for types in (node_types, link_types))
    title = wrapped("<meta><description>", pa.array([graph.name]), "</description></meta>")[0].as_py()
    yield f'{_HEAD}{title}\n<graph mode="static" defaultedgetype="{graph.edge_type}">\n'.encode()
    yield from _declared("node", nodes, node_types)
    yield from _declared("edge", links, link_types)
    yield b"<nodes>\n"
    for part in graph.nodes:
        yield from _nodes(part, nodes, written)
    yield b"</nodes>\n<edges>\n"
    for part in graph.links:
        yield from _links(part, links, written)
    yield b"</edges>\n</graph>\n</gexf>\n"


def _declared(what: str, keys: Mapping[str, str], types: Mapping[str, pa.DataType]) -> Iterator[bytes]:
    yield f'<attributes class="{what}">\n'.encode()
    for name, key in keys.items():
        title = wrapped('title="', pa.array([name]), '"')[0].as_py()
        yield f'<attribute id="{key}" {title} type="{_TYPES[types[name]]}"/>\n'.encode()
    yield b"</attributes>\n"


def _nodes(part: GraphPart, keys: Mapping[str, str], written: Callable[[int], None]) -> Iterator[bytes]:
    kind = f'<attvalue for="{keys[NODE_TYPE]}" value="{part.kind}"/>'
    for columns in batches(part.table, written):
        shown = [wrapped(' label="', columns["name"], '"')] if "name" in columns else []
        values = [_value(keys[name], column) for name, column in columns.items() if name != "id"]
        start = wrapped('<node id="', columns["id"], '"')
        yield rows([start, *shown, f"><attvalues>{kind}", *values, "</attvalues></node>\n"])


def _links(part: GraphPart, keys: Mapping[str, str], written: Callable[[int], None]) -> Iterator[bytes]:
    kind = f'<attvalue for="{keys[LINK_TYPE]}" value="{part.kind}"/>'
    kind += f'<attvalue for="{keys[DIRECTED]}" value="{str(part.directed).lower()}"/>'
    for columns in batches(part.table, written):
        ends = [wrapped(' source="', columns[SOURCE], '"'), wrapped(' target="', columns[TARGET], '"')]
        values = [_value(keys[name], column) for name, column in columns.items() if name in keys]
        start = wrapped('<edge id="', columns["id"], '"')
        # a program that draws takes the thickness from this attribute, not from the values
        ends += [wrapped(' weight="', columns["weight"], '"')] if "weight" in columns else []
        after = f' label="{part.kind}"><attvalues>{kind}'
        yield rows([start, *ends, after, *values, "</attvalues></edge>\n"])


def _value(key: str, column: pa.Array) -> pa.Array:
    return wrapped(f'<attvalue for="{key}" value="', column, '"/>')
