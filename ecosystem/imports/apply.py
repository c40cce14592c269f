"""Apply a mapping to an export: nodes, links and counts, as a part that can be merged with those of other sources."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ecosystem.dataset.dataset_folder import QUARANTINE
from ecosystem.errors import Finding
from ecosystem.imports.export_files import places_of, shown_place
from ecosystem.imports.graph import Graph, Tally
from ecosystem.imports.joins import SourceFile
from ecosystem.imports.language import MappingSpec
from ecosystem.imports.locations import RegionFinder
from ecosystem.imports.mapping import Mapping as SourceMapping
from ecosystem.imports.part import ASIDE, Part, quarantine_table, write_nodes, write_part
from ecosystem.imports.patterns import compiled
from ecosystem.imports.property_types import property_types
from ecosystem.imports.report import EntryCount, FileCount
from ecosystem.imports.source_links import LinkReader
from ecosystem.imports.source_nodes import NodeReader
from ecosystem.messages import tr, tr_count
from ecosystem.model import Model
from ecosystem.progress import Progress
from ecosystem.regions import Regions
from ecosystem.tables.words import escape_formulas
from ecosystem.tables.writer import write_table

_PARTS_OF_PROGRESS = 1000


@dataclass(slots=True)
class _Application:
    """A mapping on its way through an export."""

    spec: MappingSpec
    folder: Path
    model: Model
    places: RegionFinder
    files: Mapping[str, SourceFile]
    progress: Progress
    graph: Graph = field(default_factory=Graph)
    counts: list[EntryCount] = field(default_factory=list)

    def watch(self, entry: str) -> Callable[[float], None]:
        """Tells how much of its file a table has read."""
        return lambda part: self.progress(entry, int(part * _PARTS_OF_PROGRESS), _PARTS_OF_PROGRESS)

    def count(self, entry: str, table: str, tally: Tally) -> None:
        """Keep the counts of a table of the mapping."""
        self.counts.append(EntryCount(entry, table, **asdict(tally)))


def apply_mapping(
    mapping: SourceMapping,
    from_: Path,
    folder: Path,
    model: Model,
    regions: Regions,
    progress: Progress,
    limits: Mapping[str, int] | None = None,
) -> Part:
    """The part that the mapping makes of the export at `from_`, written into `folder`, which is emptied first.

    `limits` says of which files of the mapping only the first rows are read, and how many.
    DatasetError where a file of the export is missing or cannot be used as a whole.
    """
    compiled.cache_clear()  # every import has the whole time for its regular expressions
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "links").mkdir(parents=True)
    files = source_files(mapping.spec, from_, limits)
    task = _Application(mapping.spec, folder, model, RegionFinder(regions), files, progress)
    _read_tables(task)
    types = property_types(mapping.spec, model)
    labels = write_nodes(folder, task.graph, types, model)
    _write_quarantine(task, folder / QUARANTINE)
    part = Part(
        mapping.name,
        folder,
        _file_counts(task),
        tuple(task.counts),
        tuple(_findings(task, mapping.name)),
        tuple(labels),
        {key: link.type for key, link in mapping.spec.links.items()},
        tuple(task.places.made.values()),
    )
    write_part(part)
    return part


def source_files(spec: MappingSpec, from_: Path, limits: Mapping[str, int] | None = None) -> dict[str, SourceFile]:
    """The files of the mapping, by their keys; DatasetError where the export is not where it should be."""
    paths = places_of(spec, from_)
    files: dict[str, SourceFile] = {}
    readings: dict[str, object] = {}
    for key, file in spec.files.items():
        needed = tuple(dict.fromkeys(spec.columns_of(key)))
        form = file.form(needed)
        places = [(path, replace(form, member=member)) for path, member in paths[key]]
        names = [shown_place(path, from_, one) for path, one in places]
        reading = (replace(form, member=None, columns=()), file.header)
        if any(readings.setdefault(name, reading) != reading for name in names):
            names = [f"{name} ({key})" for name in names]
        files[key] = SourceFile(file, places, names, needed, spec.money, files, (limits or {}).get(key))
    return files


def _read_tables(task: _Application) -> None:
    spec, types = task.spec, property_types(task.spec, task.model)
    nodes = NodeReader(task.model, spec.money, task.places, task.graph, task.files)
    waiting = [*map(spec.file_of, spec.nodes.values()), *map(spec.file_of, spec.links.values())]
    for key, node in spec.nodes.items():
        nodes.read(key, node, task.files[spec.file_of(node)], task.watch(f"nodes.{key}"))
        _forget(task, waiting)
        task.count(f"nodes.{key}", task.model.labels[node.label].table, nodes.tables[key].tally)
        if node.region and not task.model.labels[node.label].keyless:
            task.count(f"nodes.{key}.region", task.model.links["LOCATED_IN"].table, nodes.tables[key].located)
    for key, link in spec.links.items():
        reader = LinkReader(link, task.model.links[link.type], spec.money, nodes, task.graph, types[link.type])
        reader.read(task.files[spec.file_of(link)], task.watch(f"links.{key}"))
        _forget(task, waiting)
        if not waiting:
            nodes.rows.clear()
        tally = reader.write(task.folder / "links" / f"{key}.parquet")
        task.count(f"links.{key}", reader.kind.table, tally)


def _forget(task: _Application, waiting: list[str]) -> None:
    """Let go of the rows of files that no table needs any more; `waiting` are the files of this table and the next."""
    waiting.pop(0)
    needed = {file for key in waiting for file in _with_joined(task.spec, key)}
    for key, file in task.files.items():
        if key not in needed:
            file.forget()


def _with_joined(spec: MappingSpec, key: str) -> Iterator[str]:
    """A file of the mapping and those that are joined with it."""
    yield key
    for join in spec.files[key].join.values():
        yield from _with_joined(spec, join.file)


def _write_quarantine(task: _Application, folder: Path) -> None:
    """Write the rows that did not load, for people, who open them in a spreadsheet."""
    wanted: dict[str, dict[str, list[int]]] = {}
    for one in (row for rows in task.graph.rejected.values() for row in rows):
        wanted.setdefault(one.key, {}).setdefault(one.origin.file, []).append(one.number)
    raw = {key: dict(task.files[key].raw(numbers)) for key, numbers in wanted.items()}
    for name, rows in task.graph.rejected.items():
        folder.mkdir(exist_ok=True)
        write_table(folder / f"{name}.csv", escape_formulas(quarantine_table(rows, raw), numbers=True), mark=True)


def _findings(task: _Application, source: str) -> Sequence[Finding]:
    """The notes of the mapping, then what the import met: places, events, merged nodes, rows in quarantine."""
    notes = [Finding("info", "note", note) for note in task.spec.notes]
    graph = task.graph
    files = task.files.values()
    told = dict.fromkeys(finding for file in files for whole in file.findings.values() for finding in whole)
    added = [cells for file in files for cells in file.blanked.values()]
    unread = [finding for cells in (*added, graph.blanked) for finding in cells.findings()]
    rows = [*unread, *graph.findings, *graph.merged(), *_quarantined(graph, source)]
    return [*notes, *told, *task.places.findings(), *rows]


def _quarantined(graph: Graph, source: str) -> list[Finding]:
    """One warning for each table and reason, with its first row."""
    findings = []
    for table, rejected in graph.rejected.items():
        for reason, count in Counter(one.reason for one in rejected).items():
            first = next(one.origin for one in rejected if one.reason == reason)
            message = tr_count(
                "{count} row did not load into {table}: {reason}",
                "{count} rows did not load into {table}: {reason}",
                count,
                table=table,
                reason=reason,
            )
            hint = tr("see {file}", file=f"{ASIDE}/{source}/{QUARANTINE}/{table}.csv")
            findings.append(Finding("warning", "quarantined", message, first.file, first.line, hint=hint))
    return findings


def _file_counts(task: _Application) -> tuple[FileCount, ...]:
    rows = {name: count for file in task.files.values() for name, count in file.counts.items()}
    counts = []
    for name, count in rows.items():
        used, quarantined = task.graph.outcomes.counts(name)
        counts.append(FileCount(name, count, used, count - used - quarantined, quarantined))
    return tuple(counts)
