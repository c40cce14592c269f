"""Two CSV tables, of nodes and of links, under the headings that Gephi's import of spreadsheets looks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from ecosystem.export.files import check_suffix
from ecosystem.export.graph_parts import LINK_TYPE, NODE_TYPE, SOURCE, TARGET, GraphPart, GraphParts
from ecosystem.progress import Progress, silent
from ecosystem.tables.atomic import write_files
from ecosystem.tables.words import escape_formulas
from ecosystem.tables.writer import BYTE_ORDER_MARK

_NOTHING = GraphPart("", pa.table({name: pa.array([], pa.string()) for name in ("id", SOURCE, TARGET)}))
"""A table without rows still has a header."""


def write_graph_csv(
    path: Path, graph: GraphParts, *, excel: bool = False, progress: Progress = silent
) -> tuple[Path, Path]:
    """Write `NAME.nodes.csv` and `NAME.links.csv` for the path `NAME.csv`; their paths.

    Nodes have `Id, Label, node_type`, links `Source, Target, Type, Id, Label, link_type`, then the attributes of all
    of them. `excel` begins both with a byte-order mark, and text that a spreadsheet would take for a formula with an
    apostrophe. UsageError for another suffix, OutputError where it cannot be written.
    """
    check_suffix(path, (".csv",))
    nodes, links = (path.with_suffix(f".{what}.csv") for what in ("nodes", "links"))
    node_types, link_types = graph.node_attributes, graph.link_attributes
    written = graph.meter(progress)
    write_files(
        {
            nodes: _pieces([_nodes(part, node_types) for part in graph.nodes or (_NOTHING,)], written, excel=excel),
            links: _pieces([_links(part, link_types) for part in graph.links or (_NOTHING,)], written, excel=excel),
        }
    )
    return nodes, links


def _nodes(part: GraphPart, types: Mapping[str, pa.DataType]) -> pa.Table:
    own = {
        "Id": part.table["id"],
        "Label": _column(part.table, "name", pa.string()),
        NODE_TYPE: _always(part.kind, part),
    }
    return pa.table(own | _attributes(part, types))


def _links(part: GraphPart, types: Mapping[str, pa.DataType]) -> pa.Table:
    own = {"Source": part.table[SOURCE], "Target": part.table[TARGET]}
    own |= {"Type": _always("Directed" if part.directed else "Undirected", part), "Id": part.table["id"]}
    own |= {"Label": _always(part.kind, part), LINK_TYPE: _always(part.kind, part)}
    return pa.table(own | _attributes(part, types))


def _attributes(part: GraphPart, types: Mapping[str, pa.DataType]) -> dict[str, pa.ChunkedArray]:
    return {name: _column(part.table, name, kind) for name, kind in types.items()}


def _column(table: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray:
    return table[name] if name in table.column_names else pa.chunked_array([pa.nulls(table.num_rows, kind)])


def _always(value: str, part: GraphPart) -> pa.Array:
    return pa.repeat(pa.scalar(value), part.table.num_rows)


def _pieces(tables: list[pa.Table], written: Callable[[int], None], *, excel: bool) -> Iterator[bytes]:
    """The tables under one header; the writer of Arrow quotes every text."""
    if excel:
        yield BYTE_ORDER_MARK
    for place, table in enumerate(tables):
        sink = pa.BufferOutputStream()
        csv.write_csv(escape_formulas(table) if excel else table, sink, csv.WriteOptions(include_header=place == 0))
        yield sink.getvalue().to_pybytes()
        written(table.num_rows)
