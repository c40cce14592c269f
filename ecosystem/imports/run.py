"""Import a source: apply a mapping to an export and merge the result into a dataset folder, whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ecosystem.dataset.dataset_folder import QUARANTINE
from ecosystem.dataset.origins import ORIGINS
from ecosystem.errors import DatasetError, Finding
from ecosystem.imports.apply import apply_mapping
from ecosystem.imports.contents import Contents, contents
from ecosystem.imports.mapping import load_mapping
from ecosystem.imports.merge.combine import Combined, combine
from ecosystem.imports.merge.decisions import MERGES, read_merges
from ecosystem.imports.part import ASIDE, Part, findings_table, read_part
from ecosystem.imports.report import ImportReport, Pair
from ecosystem.model import Model, load_model
from ecosystem.progress import Progress, silent
from ecosystem.regions import Regions, shipped_regions
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.words import escape_formulas
from ecosystem.tables.writer import write_table

FINDINGS = "findings.csv"
ORDER = "sources.json"


_NOTHING = "look at `keep` and `id` of the mapping"


def import_source(
    source: str,
    from_: Path,
    out: Path,
    *,
    merges: Path | None = None,
    progress: Progress = silent,
    regions: Regions | None = None,
    model: Model | None = None,
) -> ImportReport:
    """Turn the export at `from_` into a part of the dataset folder `out`, as the mapping `source` says, and report.

    `source` is a name in `list_sources()` or the path of a mapping; `from_` the folder with its files, or the file
    itself where the mapping has one. `out` is missing, empty, or a folder that an import has written: then the source
    is merged with those in it; a source that is in it already is replaced. `merges` is the file with the decisions of
    the user, by default `out/merges.csv`, as the last import has left it.

    Beside the tables stand `origins.parquet` (where every node and link comes from), `merges.csv`, and in `import/` the
    parts of the sources, `findings.csv`, and the rows that do not load with line and reason.

    Raises DatasetError where the mapping or a file as a whole cannot be used, OutputError where `out` cannot be
    written; then the folder is as it was.
    """
    model, hierarchy = model or load_model(), regions or shipped_regions()
    mapping = load_mapping(source, model)
    with merged_folder(out, model) as stage:
        decisions = _decisions(merges, out)
        part = apply_mapping(mapping, from_, stage / ASIDE / mapping.name, model, hierarchy, progress)
        order = _order(stage, part.source)
        parts = [part if name == part.source else read_part(stage / ASIDE / name) for name in order]
        combined = combine(parts, decisions, stage, model, hierarchy, progress)
        findings = [*part.findings, *combined.findings]
        _write_findings(stage, parts, combined)
        if not any(path.suffix == ".csv" and path.name != MERGES for path in stage.iterdir()):
            raise DatasetError("no row of the export became a node", findings=_as_errors(findings), hint=_NOTHING)
    return _report(part, out, model, findings, order, combined)


def source_contents(folder: Path, source: str, level: str, *, model: Model | None = None) -> Contents:
    """What one source of an imported dataset holds; its sample are the nodes in regions of that level."""
    part = read_part(folder / ASIDE / source)
    return contents(part, model or load_model(), shipped_regions(), level)


def _decisions(merges: Path | None, out: Path) -> list[Pair]:
    path = out / MERGES if merges is None else merges
    return read_merges(path) if merges is not None or path.exists() else []


def _order(stage: Path, source: str) -> list[str]:
    """The sources in the order of their first import, which counts; the new one last."""
    path = stage / ASIDE / ORDER
    order: list[str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    if source not in order:
        order.append(source)
    path.unlink(missing_ok=True)  # it may be the very file of the old folder, which has to stay as it is
    path.write_text(json.dumps(order, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return order


def _write_findings(stage: Path, parts: Sequence[Part], combined: Combined) -> None:
    """Write what all sources and their merge have to say, for people, who open it in a spreadsheet."""
    told = [(part.source, finding) for part in parts for finding in part.findings]
    told += [("", finding) for finding in combined.findings]
    path = stage / ASIDE / FINDINGS
    path.unlink(missing_ok=True)
    if told:
        table = findings_table([finding for _, finding in told], [source for source, _ in told])
        write_table(path, escape_formulas(table, numbers=True), mark=True)


def _as_errors(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that explain why nothing was imported."""
    return [replace(finding, severity="error") for finding in findings if finding.severity == "warning"]


def _report(
    part: Part, out: Path, model: Model, findings: Sequence[Finding], order: Sequence[str], combined: Combined
) -> ImportReport:
    kinds = {label.name: label.table for label in model.labels.values() if label.name != "Region"}
    kinds |= {kind.name: kind.table for kind in model.link_tables}
    written = {entry.table for entry in part.entries if entry.written}
    return ImportReport(
        source=part.source,
        out=out,
        files=part.files,
        entries=part.entries,
        findings=tuple(findings),
        feeds=tuple(name for name, table in kinds.items() if table in written),
        lacks=tuple(name for name, table in kinds.items() if table not in written),
        sources=tuple(order),
        flows=combined.flows,
        pairs=combined.pairs,
    )


@contextlib.contextmanager
def merged_folder(target: Path, model: Model) -> Iterator[Path]:
    """A folder to write into, with what earlier imports keep in `target`; when the block ends well it replaces it.

    A folder that no import has written, and that is not empty, raises OutputError. What is neither a table of a dataset
    nor made by an import (notes, other files) is carried over.
    """
    merges = (target / ASIDE).is_dir()
    with new_folder(target, replace=merges) as stage:
        if merges:
            _carry_over(target, stage, model)
        else:
            (stage / ASIDE).mkdir()
        yield stage


def _carry_over(target: Path, stage: Path, model: Model) -> None:
    tables = {label.table for label in model.labels.values()} | {kind.table for kind in model.link_tables}
    made = {ORIGINS, MERGES, QUARANTINE} | {f"{table}.csv" for table in tables}
    for entry in target.iterdir():
        if entry.name in made or entry.name.endswith(".partial"):
            continue
        if entry.is_dir():
            shutil.copytree(entry, stage / entry.name, copy_function=_link)
        else:
            shutil.copy2(entry, stage / entry.name)


def _link(source: str, target: str) -> None:
    """The same file under a second name, or a copy where the disk has no such names: parts never change."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
