"""Tables out of the collected graph: what stands in the files of the dataset folder, and in the quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from ecosystem.dataset.sources.graph import Graph, Record, Rejected
from ecosystem.errors import Finding
from ecosystem.model import Model, PropertyType

Types = Mapping[str, Mapping[str, PropertyType]]

_ARROW: Mapping[PropertyType, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_FINDING_COLUMNS = ("severity", "code", "file", "row", "column", "value", "message", "hint")


def dataset_tables(graph: Graph, types: Types, model: Model) -> dict[str, pa.Table]:
    """The tables of the dataset, named as in the model, those with rows only.

    Columns stand as `id`, `name`, `in_sample`, then the properties of the mapping in its order; of links `from`, `to`,
    `year` first.
    """
    tables = {}
    for label in model.labels.values():
        records: Iterable[Record] = graph.rows.get(label.name, []) if label.keyless else _with_ids(graph, label.name)
        tables[label.table] = _table(list(records), _types_of_label(label.name, types))
    for kind in model.link_tables:
        tables[kind.table] = _links(graph, kind.name, types)
    return {name: table for name, table in tables.items() if table.num_rows}


def _with_ids(graph: Graph, label: str) -> Iterable[Record]:
    return ({"id": key, **node.record} for key, node in graph.nodes.items() if node.label == label)


def _types_of_label(label: str, types: Types) -> Mapping[str, PropertyType]:
    return {key: types[label][key] for key in ("id", "name", "in_sample") if key in types.get(label, {})} | dict(
        types.get(label, {})
    )


def _links(graph: Graph, kind: str, types: Types) -> pa.Table:
    ends: dict[str, PropertyType] = {"from": "string", "to": "string"}
    if kind == "LOCATED_IN":
        located = [{"from": key, "to": node.region} for key, node in graph.nodes.items() if node.region is not None]
        return _table(located, ends)
    own = types.get(kind, {})
    year: dict[str, PropertyType] = {"year": own["year"]} if "year" in own else {}
    records = [{"from": link.source, "to": link.target, **link.record} for link in graph.links.get(kind, [])]
    return _table(records, ends | year | dict(own))


def _table(records: Sequence[Mapping[str, object]], types: Mapping[str, PropertyType]) -> pa.Table:
    return pa.table(
        {name: pa.array([record.get(name) for record in records], _ARROW[kind]) for name, kind in types.items()}
    )


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


def findings_table(findings: Sequence[Finding]) -> pa.Table:
    """One row per finding."""
    return pa.table(
        {
            name: pa.array([getattr(one, name) for one in findings], pa.int64() if name == "row" else pa.string())
            for name in _FINDING_COLUMNS
        }
    )
