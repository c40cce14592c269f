"""The part of a dataset that one source gives, as the import keeps it: unmerged, so that every merge can be undone.

A part is a folder in `import/` of the dataset: `part.json` (counts, findings), `nodes/<table>.parquet` and
`links/<key>.parquet` with the rows that they come from, `quarantine/<table>.csv`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from ecosystem.errors import DatasetError, Finding
from ecosystem.imports.events import REPEATED
from ecosystem.imports.graph import Graph, Node, Rejected
from ecosystem.imports.report import EntryCount, FileCount
from ecosystem.messages import tr
from ecosystem.model import Model, PropertyType
from ecosystem.regions import Region
from ecosystem.tables.words import ARROW

ASIDE = "import"
"""The folder of a dataset in which an import keeps what it needs again."""
_RECORD = "part.json"
_VERSION = 1
_REGION_FIELDS = ("id", "name", "level", "country", "parent")


REGION = "_region"
_FINDING_COLUMNS = ("severity", "code", "file", "row", "column", "value", "message", "hint")


@dataclass(frozen=True, slots=True)
class Part:
    """What one source gives. `links` is link table of the mapping -> link type; `made` are regions of its own."""

    source: str
    folder: Path
    files: tuple[FileCount, ...]
    entries: tuple[EntryCount, ...]
    findings: tuple[Finding, ...]
    labels: tuple[str, ...]
    links: Mapping[str, str]
    made: tuple[Region, ...]

    def nodes(self, label: str) -> pa.Table:
        """The nodes of a label: id, properties, `_region`."""
        return parquet.read_table(self.folder / "nodes" / f"{label}.parquet")

    def origins(self, label: str) -> pa.Table:
        """The rows that tell the nodes of a label: `id`, `file`, `line`; `located` is true for what says the region."""
        return parquet.read_table(self.folder / "nodes" / f"{label}.origins.parquet")

    def link_file(self, key: str) -> Path:
        """The links of a link table."""
        return self.folder / "links" / f"{key}.parquet"

    def repeated(self, key: str) -> pa.Table | None:
        """The rows that tell links again: number of the link, file, line."""
        path = self.folder / "links" / f"{key}{REPEATED}"
        return parquet.read_table(path) if path.exists() else None


def write_nodes(folder: Path, graph: Graph, types: Mapping[str, Mapping[str, PropertyType]], model: Model) -> list[str]:
    """Write the nodes of each label that has any, with their origins; the labels."""
    (folder / "nodes").mkdir(parents=True)
    by_label: dict[str, dict[str, Node]] = {}
    for key, node in graph.nodes.items():
        by_label.setdefault(node.label, {})[key] = node
    for label, nodes in by_label.items():
        table = nodes_table(nodes, types[label], keyless=model.labels[label].keyless)
        parquet.write_table(table, folder / "nodes" / f"{label}.parquet", compression="zstd")
        parquet.write_table(_origins(nodes), folder / "nodes" / f"{label}.origins.parquet", compression="zstd")
    return [label for label in model.labels if label in by_label]


def _origins(nodes: Mapping[str, Node]) -> pa.Table:
    rows = [(key, origin, False) for key, node in nodes.items() for origin in node.origins]
    rows += [(key, node.region_origin, True) for key, node in nodes.items() if node.region_origin is not None]
    return pa.table(
        {
            "id": pa.array([key for key, _, _ in rows], pa.string()),
            "file": pa.array([origin.file for _, origin, _ in rows], pa.string()),
            "line": pa.array([origin.line for _, origin, _ in rows], pa.int64()),
            "located": pa.array([located for _, _, located in rows], pa.bool_()),
        }
    )


def write_part(part: Part) -> None:
    """Write the record of a part beside its tables."""
    record = {
        "version": _VERSION,
        "source": part.source,
        "labels": part.labels,
        "links": part.links,
        "files": [asdict(count) for count in part.files],
        "entries": [asdict(count) for count in part.entries],
        "regions": [{name: getattr(region, name) for name in _REGION_FIELDS} for region in part.made],
        "findings": [asdict(finding) for finding in part.findings],
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (part.folder / _RECORD).write_text(text + "\n", encoding="utf-8")


def _check_version(version: object) -> None:
    if version != _VERSION:
        raise ValueError(f"version {version}")


def read_part(folder: Path) -> Part:
    """The part in a folder; DatasetError where it is damaged or of another version."""
    try:
        record: Mapping[str, Any] = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        _check_version(record["version"])
        return Part(
            record["source"],
            folder,
            tuple(FileCount(**count) for count in record["files"]),
            tuple(EntryCount(**count) for count in record["entries"]),
            tuple(Finding(**finding) for finding in record["findings"]),
            tuple(record["labels"]),
            record["links"],
            tuple(Region(**region) for region in record["regions"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as err:
        hint = tr("import this source again into a new folder")
        raise DatasetError(
            tr("{folder} is not what an import has left: {reason}", folder=folder, reason=err), hint=hint
        ) from err


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


def quarantine_table(
    rejected: Sequence[Rejected], raw: Mapping[str, Mapping[tuple[str, int], Sequence[str]]]
) -> pa.Table:
    """The rows that did not load into a table: `line`, `reason`, the columns as read; `file` last if there are several.

    `raw` has the cells of each row, by the key of its file, the name and the number. A row with more cells than columns
    has the rest in columns named by their number.
    """
    names = dict.fromkeys(name for one in rejected for name in one.columns)
    cells = [raw[one.key][one.origin.file, one.number] for one in rejected]
    widest = max(len(own) - len(one.columns) for one, own in zip(rejected, cells, strict=True))
    surplus = [f"cell_{number}" for number in range(1, widest + 1)]
    rows = [
        dict(zip([*one.columns, *surplus], own, strict=False))
        | {"line": one.origin.line, "reason": one.reason, "file": one.origin.file}
        for one, own in zip(rejected, cells, strict=True)
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
