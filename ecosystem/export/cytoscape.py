"""Cytoscape JSON (.cyjs), which Cytoscape, Cytoscape.js and networkx read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from ecosystem.export.described_network import DescribedNetwork
from ecosystem.export.files import check_suffix
from ecosystem.export.frame_cells import json_cell
from ecosystem.export.graph_parts import LINK_TYPE, NODE_TYPE, SOURCE, TARGET, GraphParts
from ecosystem.tables.atomic import write_files

_OWN = frozenset(
    {"shared_name", "value", "key", "interaction", "suid", "selected", "source", "target", "shared_interaction"}
)
"""Attributes that a program which reads the file has for itself."""


def write_cytoscape(
    path: Path, shown: DescribedNetwork, *, lang: str = "en"
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write a network for Cytoscape; the file, and nothing had to be changed.

    A node is known by `id`, is called `name`, and has its attributes as texts, numbers and booleans; what is missing is
    left out, a date or an infinite number is a text. `value` is the id once more, by which networkx knows a node.
    UsageError for a suffix other than .cyjs, OutputError where it cannot be written.
    """
    check_suffix(path, (".cyjs",))
    write_files({path: _pieces(shown, lang)})
    return (path,), ()


def _pieces(shown: DescribedNetwork, lang: str) -> Iterator[bytes]:
    parts = shown.parts()
    head = {
        "format_version": "1.0",
        "generated_by": "ecosystem",
        "target_cytoscapejs_version": "~3.0",
        "directed": shown.network.directed,
        "multigraph": False,
        "data": {
            "name": shown.title.to(lang),
            "shared_name": shown.id,
            "dataset": shown.dataset,
            "directed": shown.network.directed,
        },
    }
    yield f'{_json(head)[:-1]}, "elements": {{"nodes": [\n'.encode()
    yield ",\n".join(_json({"data": node}) for node in _nodes(parts)).encode()
    yield b'\n], "edges": [\n'
    yield ",\n".join(_json({"data": edge}) for edge in _edges(parts)).encode()
    yield b"\n]}}\n"


def _nodes(parts: GraphParts) -> Iterator[dict[str, Any]]:
    for part in parts.nodes:
        for row in _rows(part.table):
            one = row.pop("id")
            own = {"id": one, "value": one, "name": row.pop("name", None) or one, NODE_TYPE: part.kind}
            yield own | _others(row)


def _edges(parts: GraphParts) -> Iterator[dict[str, Any]]:
    for part in parts.links:
        for row in _rows(part.table):
            own = {"id": row.pop("id"), "source": row.pop(SOURCE), "target": row.pop(TARGET), "interaction": part.kind}
            yield own | {LINK_TYPE: part.kind} | _others(row)


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches():
        yield from batch.to_pylist()


def _others(row: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a row that it has, by names that no program has taken."""
    named = ((name + "_" if name.casefold() in _OWN else name, value) for name, value in row.items())
    return {name: json_cell(value) for name, value in named if value is not None}


def _json(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False, allow_nan=False)
