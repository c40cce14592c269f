"""Import a source: apply a mapping to the files of an export and write a dataset folder, whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ecosystem.dataset.files import QUARANTINE
from ecosystem.dataset.quarantine import escape_formulas
from ecosystem.dataset.records import Progress, silent
from ecosystem.dataset.sources.check import property_types
from ecosystem.dataset.sources.files import SourceFile, read_file
from ecosystem.dataset.sources.graph import Graph, Tally
from ecosystem.dataset.sources.links import LinkReader
from ecosystem.dataset.sources.mapping import Mapping, load_mapping
from ecosystem.dataset.sources.nodes import NodeReader
from ecosystem.dataset.sources.places import Places
from ecosystem.dataset.sources.report import EntryCount, FileCount, ImportReport
from ecosystem.dataset.sources.spec import MappingSpec
from ecosystem.dataset.sources.tables import dataset_tables, findings_table, quarantine_table
from ecosystem.dataset.staging import new_folder
from ecosystem.dataset.write import write_table
from ecosystem.errors import DatasetError, Finding
from ecosystem.model import Model, load_model
from ecosystem.regions import Regions, shipped_regions

ASIDE = "import"  # not the quarantine of the dataset: a check of the dataset would clear that away
FINDINGS = "findings.csv"


@dataclass(slots=True)
class _Import:
    """An import on its way."""

    spec: MappingSpec
    model: Model
    places: Places
    files: Table[str, SourceFile]
    graph: Graph = field(default_factory=Graph)
    counts: list[EntryCount] = field(default_factory=list)


def import_source(
    source: str, from_: Path, out: Path, *, progress: Progress = silent, regions: Regions | None = None
) -> ImportReport:
    """Turn the export at `from_` into the dataset folder `out`, as the mapping `source` says, and report what was done.

    `source` is a name in `list_sources()` or the path of a mapping; `from_` the folder with its files, or the file
    itself where the mapping has one; `out` must be missing or empty. Rows that do not load stand in
    `out/import/quarantine/<table>.csv` with line and reason, all findings in `out/import/findings.csv`.

    Raises DatasetError where the mapping or a file as a whole cannot be used, OutputError where `out` cannot be
    written; then nothing is left behind.
    """
    mapping = load_mapping(source)
    with new_folder(out) as stage:
        task = _Import(
            mapping.spec, load_model(), Places(regions or shipped_regions()), _read_files(mapping.spec, from_, progress)
        )
        _read_tables(task, progress)
        findings = _findings(task)
        written = _write(task, stage, findings, progress)
        return _report(mapping, out, task, findings, written)


def _read_files(spec: MappingSpec, from_: Path, progress: Progress) -> Table[str, SourceFile]:
    paths = _paths(spec, from_)
    files = {}
    for done, (key, path) in enumerate(paths.items()):
        progress("read files", done, len(paths))
        files[key] = read_file(spec.files[key], path, spec.columns_of(key), spec.money)
    progress("read files", len(paths), len(paths))
    return files


def _paths(spec: MappingSpec, from_: Path) -> Table[str, Path]:
    """Where each file of the mapping is."""
    if from_.is_dir():
        return {key: from_ / file.path for key, file in spec.files.items()}
    names = {file.path for file in spec.files.values()}
    if len(names) > 1:
        wanted = ", ".join(sorted(names))
        raise DatasetError(
            f"{from_} is not a folder", hint=f"the mapping takes several files ({wanted}): name their folder"
        )
    if not from_.exists() and not from_.suffix:
        raise DatasetError(f"{from_} does not exist", hint=f"name the folder that has {', '.join(names)}, or the file")
    return dict.fromkeys(spec.files, from_)


def _read_tables(task: _Import, progress: Progress) -> None:
    spec, total = task.spec, len(task.spec.nodes) + len(task.spec.links)
    nodes = NodeReader(task.model, spec.money, task.places, task.graph)
    for done, (key, node) in enumerate(spec.nodes.items()):
        progress("make tables", done, total)
        file = spec.file_of(node)
        nodes.read(key, node, task.files[file], spec.files[file].missing)
        _count(task, f"nodes.{key}", task.model.labels[node.label].table, nodes.tables[key].tally)
        if node.region:
            _count(task, f"nodes.{key}.region", task.model.links["LOCATED_IN"].table, nodes.tables[key].located)
    for done, (key, link) in enumerate(spec.links.items(), len(spec.nodes)):
        progress("make tables", done, total)
        reader = LinkReader(link, task.model.links[link.type], spec.money, nodes.tables, task.graph)
        _count(task, f"links.{key}", reader.kind.table, reader.read(task.files[spec.file_of(link)]))
    progress("make tables", total, total)


def _count(task: _Import, entry: str, table: str, tally: Tally) -> None:
    task.counts.append(EntryCount(entry, table, **asdict(tally)))


def _findings(task: _Import) -> list[Finding]:
    """The notes of the mapping, then what the import met: places, events, merged nodes, rows in quarantine."""
    notes = [Finding("info", "note", note) for note in task.spec.notes]
    return [*notes, *task.places.findings(), *task.graph.findings, *task.graph.merged(), *_quarantined(task.graph)]


def _quarantined(graph: Graph) -> list[Finding]:
    """One warning for each table and reason, with its first row."""
    findings = []
    for table, rejected in graph.rejected.items():
        for reason, count in Counter(one.reason for one in rejected).items():
            first = next(one.origin for one in rejected if one.reason == reason)
            message = f"{_rows(count)} did not load into {table}: {reason}"
            hint = f"see {ASIDE}/{QUARANTINE}/{table}.csv"
            findings.append(Finding("warning", "quarantined", message, first.file, first.line, hint=hint))
    return findings


def _rows(count: int) -> str:
    return f"{count} row" if count == 1 else f"{count} rows"


def _write(task: _Import, stage: Path, findings: Sequence[Finding], progress: Progress) -> set[str]:
    """Write dataset, quarantine and findings; the names of the tables that have rows."""
    tables = dataset_tables(task.graph, property_types(task.spec, task.model), task.model)
    if not tables:
        raise DatasetError("no row of the export became a node", findings=_as_errors(findings), hint=_NOTHING)
    aside = {f"{QUARANTINE}/{name}.csv": quarantine_table(rows) for name, rows in task.graph.rejected.items()}
    if findings:
        aside[FINDINGS] = findings_table(findings)
    total = len(tables) + len(aside)
    for done, (name, table) in enumerate(tables.items()):
        progress("write tables", done, total)
        write_table(stage / f"{name}.csv", table)
    for done, (name, table) in enumerate(aside.items(), len(tables)):
        progress("write tables", done, total)
        # for people, who open it in a spreadsheet
        path = stage / ASIDE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(path, escape_formulas(table), mark=True)
    progress("write tables", total, total)
    return set(tables)


_NOTHING = "look at `keep` and `id` of the mapping"


def _as_errors(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that explain why nothing was imported."""
    return [replace(finding, severity="error") for finding in findings if finding.severity == "warning"]


def _report(mapping: Mapping, out: Path, task: _Import, findings: Sequence[Finding], written: set[str]) -> ImportReport:
    kinds = {label.name: label.table for label in task.model.labels.values() if label.name != "Region"}
    kinds |= {kind.name: kind.table for kind in task.model.link_tables}
    return ImportReport(
        source=mapping.name,
        out=out,
        files=_file_counts(task),
        entries=tuple(task.counts),
        findings=tuple(findings),
        feeds=tuple(name for name, table in kinds.items() if table in written),
        lacks=tuple(name for name, table in kinds.items() if table not in written),
    )


def _file_counts(task: _Import) -> tuple[FileCount, ...]:
    bad = {one.origin for rejected in task.graph.rejected.values() for one in rejected}
    used = Counter(origin.file for origin in task.graph.used - bad)
    quarantined = Counter(origin.file for origin in bad)
    rows = {file.name: len(file.rows) for file in task.files.values()}
    return tuple(
        FileCount(name, count, used[name], count - used[name] - quarantined[name], quarantined[name])
        for name, count in rows.items()
    )
