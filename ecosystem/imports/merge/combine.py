"""The dataset that the parts of all sources give together: tables, origins, merges, counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from ecosystem.dataset.link_ids import hash_ids, make_link_ids
from ecosystem.dataset.origins import ORIGINS, OriginFile
from ecosystem.errors import Finding
from ecosystem.imports.merge.combine_links import LinkCounts, LinkWriter
from ecosystem.imports.merge.combine_nodes import Nodes, combine_nodes, located_table, renamed
from ecosystem.imports.merge.decisions import MERGES, write_merges
from ecosystem.imports.merge.rounds import same_rounds
from ecosystem.imports.part import REGION, Part
from ecosystem.imports.report import Pair, TableFlow
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.progress import Progress
from ecosystem.regions import Regions
from ecosystem.tables.writer import write_table

GIANT = 0.05
"""The part of all links beyond which a node is named in the report, where there are FEW links or more."""
FEW = 100
_LOCATED = "LOCATED_IN"


@dataclass(frozen=True, slots=True)
class Combined:
    """What was written: rows of every table, what merged, and what the user should know."""

    flows: tuple[TableFlow, ...]
    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]


def combine(
    parts: Sequence[Part], decisions: Sequence[Pair], folder: Path, model: Model, regions: Regions, progress: Progress
) -> Combined:
    """Write the dataset of the parts into `folder`, the first part first; the same parts give the same bytes."""
    progress(tr("merge nodes"), 0, 1)
    nodes = combine_nodes(parts, decisions, model, regions)
    progress(tr("merge nodes"), 1, 1)
    with OriginFile(folder / ORIGINS) as origins:
        for label, table in nodes.tables.items():
            write_table(folder / f"{model.labels[label].table}.csv", table)
        _write_node_origins(parts, nodes, origins, model)
        counts = {_LOCATED: _write_located(parts, nodes, folder, origins, model)}
        same = same_rounds(parts, nodes.names, model)
        degrees: dict[str, int] = {}
        step = _Steps(parts, progress)
        for kind in model.link_tables:
            if kind.name != _LOCATED:
                counts[kind.name] = LinkCounts(degrees=degrees)
                writer = LinkWriter(kind, parts, nodes.names, same, counts[kind.name])
                writer.write(folder / f"{kind.table}.csv", origins, step.add)
    if nodes.pairs:
        write_merges(folder / MERGES, nodes.pairs)
    findings = [*nodes.findings, *same.findings, *_giants(degrees, counts, nodes)]
    return Combined(tuple(_flows(parts, nodes, counts, model)), tuple(nodes.pairs), tuple(findings))


class _Steps:
    """Tells how many links have been read, of all that are read."""

    def __init__(self, parts: Sequence[Part], progress: Progress) -> None:
        self._progress = progress
        self._done = 0
        # every file is read twice: its links are numbered, then written
        self._total = 2 * sum(
            parquet.read_metadata(part.link_file(key)).num_rows for part in parts for key in part.links
        )

    def add(self, rows: int) -> None:
        self._done += rows
        self._progress(tr("merge links"), self._done, self._total)


def _write_node_origins(parts: Sequence[Part], nodes: Nodes, origins: OriginFile, model: Model) -> None:
    for part, own in zip(parts, nodes.names, strict=True):
        for label in part.labels:
            rows = part.origins(label).filter(pc.invert(pc.field("located")))
            ids = rows["id"] if model.labels[label].keyless else renamed(rows["id"], own)
            finals = [nodes.labels.get(key, label) for key in ids.to_pylist()]
            for final in dict.fromkeys(finals):
                mask = pa.array([one == final for one in finals])
                table = model.labels[final].table
                kept = rows.filter(mask)
                origins.write(table, ids.filter(mask), part.source, kept["file"], kept["line"])


def _write_located(parts: Sequence[Part], nodes: Nodes, folder: Path, origins: OriginFile, model: Model) -> LinkCounts:
    """Write where nodes are; the rows that say the region that is kept are its origins."""
    table = located_table(nodes.located)
    counts = LinkCounts(made=nodes.places, written=table.num_rows)
    if not table.num_rows:
        return counts
    kind = model.links[_LOCATED]
    ids = make_link_ids(_LOCATED, hash_ids(table["from"]), hash_ids(table["to"]), {})
    write_table(folder / f"{kind.table}.csv", table.add_column(0, "id", ids))
    links = dict(zip(table["from"].to_pylist(), ids.to_pylist(), strict=True))
    for part, own in zip(parts, nodes.names, strict=True):
        for label in part.labels:
            rows = [(links[key], part.source, file, line) for key, file, line in _located(part, label, own, nodes)]
            origins.write_rows(kind.table, rows)
    return counts


def _located(part: Part, label: str, own: Mapping[str, str], nodes: Nodes) -> Iterator[tuple[str, str, int]]:
    """Node, file and line of each row of the part that says the region that its node is in."""
    told = part.nodes(label)
    regions = dict(zip(told["id"].to_pylist(), told[REGION].to_pylist(), strict=True))
    rows = part.origins(label).filter(pc.field("located"))
    for key, file, line in zip(*(rows[name].to_pylist() for name in ("id", "file", "line")), strict=True):
        final = own.get(key, key)
        if nodes.located.get(final) == regions[key]:
            yield final, file, line


def _flows(parts: Sequence[Part], nodes: Nodes, counts: Mapping[str, LinkCounts], model: Model) -> Iterator[TableFlow]:
    """What went into each table of the dataset and what became of it."""
    for label in model.labels.values():
        if label.name in nodes.made:
            table = nodes.tables.get(label.name)
            yield _flow(parts, label.table, nodes.made[label.name], 0 if table is None else table.num_rows)
    for kind in model.link_tables:
        count = counts.get(kind.name, LinkCounts())
        flow = _flow(parts, kind.table, count.made, count.written)
        if flow.rows:
            yield flow


def _flow(parts: Sequence[Part], table: str, given: int, out: int) -> TableFlow:
    entries = [entry for part in parts for entry in part.entries if entry.table == table]
    quarantined = sum(entry.quarantined for entry in entries)
    made = sum(entry.made for entry in entries)
    repeated = sum(entry.repeated for entry in entries)
    if made - repeated != given:
        raise AssertionError(f"records of {table} got lost: {made} made, {repeated} repeated, {given} in the parts")
    return TableFlow(table, made + quarantined, out, quarantined, repeated + given - out)


def _giants(degrees: Mapping[str, int], counts: Mapping[str, LinkCounts], nodes: Nodes) -> list[Finding]:
    """The nodes that hold more than a share of all links, locations apart."""
    total = sum(count.written for kind, count in counts.items() if kind != _LOCATED)
    names: dict[str, str] = {}
    giants = [key for key, degree in degrees.items() if degree > GIANT * total] if total >= FEW else []
    for table in nodes.tables.values():
        if giants and {"id", "name"} <= set(table.column_names):
            rows = table.filter(pc.is_in(table["id"], value_set=pa.array(giants, pa.string())))
            names |= dict(zip(rows["id"].to_pylist(), rows["name"].to_pylist(), strict=True))
    return [
        Finding(
            "warning",
            "giant_node",
            tr(
                "{name} has {links:,} of {total:,} links ({share:.0%}): is it one organisation, or a word for many?",
                name=names.get(key) or key,
                links=degrees[key],
                total=total,
                share=degrees[key] / total,
            ),
            value=key,
        )
        for key in sorted(giants, key=lambda key: -degrees[key])
    ]
