"""Tables out of what an import has collected: nodes, quarantine, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from ecosystem.dataset.sources.arrow_types import ARROW
from ecosystem.dataset.sources.graph import Node, Rejected
from ecosystem.errors import Finding
from ecosystem.model import PropertyType

REGION = "_region"
_FINDING_COLUMNS = ("severity", "code", "file", "row", "column", "value", "message", "hint")


def nodes_table(nodes: Mapping[str, Node], types: Mapping[str, PropertyType], *, keyless: bool) -> pa.Table:
    """The nodes of one label: `id`, `name`, `in_sample`, the properties in the order of the mapping, `_region`."""
    first = () if keyless else ("name", "in_sample")
    ordered = {name: types[name] for name in first if name in types} | dict(types)
    ordered.pop("id", None)
    columns = {"id": pa.array(nodes, pa.string())}
    for name, kind in ordered.items():
        columns[name] = pa.array([node.record.get(name) for node in nodes.values()], ARROW[kind])
    columns[REGION] = pa.array([node.region for node in nodes.values()], pa.string())
    return pa.table(columns)


def quarantine_table(rejected: Sequence[Rejected]) -> pa.Table:
    """The rows that did not load into a table: `line`, `reason`, the columns as read; `file` last if there are several.

    A row with more cells than columns has the rest in columns named by their number.
    """
    names = dict.fromkeys(name for one in rejected for name in one.columns)
    widest = max(len(one.raw) - len(one.columns) for one in rejected)
    surplus = [f"cell_{number}" for number in range(1, widest + 1)]
    rows = [
        dict(zip([*one.columns, *surplus], one.raw, strict=False))
        | {"line": one.origin.line, "reason": one.reason, "file": one.origin.file}
        for one in rejected
    ]
    several = len({one.origin.file for one in rejected}) > 1
    columns = ["line", "reason", *names, *surplus, *(["file"] if several else [])]
    return pa.table(
        {
            name: pa.array([row.get(name) for row in rows], pa.int64() if name == "line" else pa.string())
            for name in columns
        }
    )


def findings_table(findings: Sequence[Finding], sources: Sequence[str]) -> pa.Table:
    """One row per finding, the source first; blank where it is of all sources together."""
    columns = {
        name: pa.array([getattr(one, name) for one in findings], pa.int64() if name == "row" else pa.string())
        for name in _FINDING_COLUMNS
    }
    return pa.table({"source": pa.array(sources, pa.string()), **columns})
