"""Import a source: apply a mapping to an export and merge the result into a dataset folder, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ecosystem.dataset.dataset_folder import QUARANTINE
from ecosystem.dataset.origins import ORIGINS
from ecosystem.dataset.own_model import MODEL_FILE, folder_model
from ecosystem.errors import DatasetError, Finding, OutputError
from ecosystem.imports.apply import apply_mapping
from ecosystem.imports.contents import Contents, contents
from ecosystem.imports.mapping import load_mapping
from ecosystem.imports.mapping_model import folder_base, refuse_unknown_kinds, write_model
from ecosystem.imports.merge.combine import Combined, combine
from ecosystem.imports.merge.decisions import MERGES, read_merges
from ecosystem.imports.own_regions import KEPT, TABLES, folder_regions, hierarchy_for, write_regions
from ecosystem.imports.part import ASIDE, Part, findings_table, read_part
from ecosystem.imports.place_check import check_places
from ecosystem.imports.report import ImportReport, Pair
from ecosystem.messages import tr, tr_later
from ecosystem.model import Model
from ecosystem.progress import Progress, silent
from ecosystem.regions import Regions
from ecosystem.tables.atomic import new_folder
from ecosystem.tables.words import escape_formulas
from ecosystem.tables.writer import write_table

FINDINGS = "findings.csv"
ORDER = "sources.json"


_NOTHING = tr_later("look at `keep` and `id` of the mapping")


def import_source(
    source: str,
    from_: Path,
    out: Path,
    *,
    merges: Path | None = None,
    progress: Progress = silent,
    regions: Regions | Path | None = None,
    model: Model | None = None,
) -> ImportReport:
    """Turn the export at `from_` into a part of the dataset folder `out`, as the mapping `source` says, and report.

    `source` is a name in `list_sources()` or the path of a mapping; `from_` the folder with its files, or the file
    itself where the mapping has one. `out` is missing, empty, or a folder that an import has written: then the source
    is merged with those in it; a source that is in it already is replaced. `merges` is the file with the decisions of
    the user, by default `out/merges.csv`, as the last import has left it. `regions` is the hierarchy in which places
    are looked up, or the file of one: later imports into `out` go on with it. By default it is the one of earlier
    imports, or a table of regions that lies in `out`, or the shipped one.

    `model` is by default the one of the folder; what the mapping adds to it is written into its `model.toml`.

    Beside the tables stand `origins.parquet` (where every node and link comes from), `merges.csv`, and in `import/` the
    parts of the sources, `findings.csv`, and the rows that do not load with line and reason.

    Tables that the user has put into the folder stay. Raises DatasetError where the mapping or a file as a whole cannot
    be used, OutputError where `out` cannot be written, has another hierarchy than `regions`, or holds a table of the
    user that the import would replace; then the folder is as it was.
    """
    base, settled = (model, True) if model is not None else folder_base(out)
    mapping = load_mapping(source, base, settled=settled)
    model = mapping.model
    with merged_folder(out, model, taken=_is_at(regions, out / KEPT)) as folder:
        stage = folder.path
        hierarchy = hierarchy_for(regions, out, folder.made, imported=folder.imported, model=model)
        if hierarchy.given:
            folder.own[:] = [path for path in folder.own if path.name != KEPT]
        check_places(mapping.spec, hierarchy.regions)
        decisions = _decisions(merges, out)
        part = apply_mapping(mapping, from_, stage / ASIDE / mapping.name, model, hierarchy.regions, progress)
        order = _order(stage, part.source)
        parts = [part if name == part.source else read_part(stage / ASIDE / name) for name in order]
        refuse_unknown_kinds(parts, model, out)
        write_regions(hierarchy, parts, stage)
        combined = combine(parts, decisions, stage, model, hierarchy.regions, progress)
        before = [name for name in order if name != part.source]
        findings = [*part.findings, *combined.findings, *hierarchy.findings(before)]
        _write_findings(stage, parts, combined, findings)
        write_model(stage, model)
        _write_record(stage)
    return _report(part, out, model, findings, order, combined)


def _is_at(regions: Regions | Path | None, path: Path) -> bool:
    """Whether the hierarchy that is given is the very file at a path."""
    return isinstance(regions, Path) and regions.exists() and path.exists() and regions.samefile(path)


def source_contents(folder: Path, source: str, level: str, *, model: Model | None = None) -> Contents:
    """What one source of an imported dataset holds; its sample are the nodes in regions of that level."""
    part = read_part(folder / ASIDE / source)
    model = model or folder_model(folder)
    return contents(part, model, folder_regions(folder, model), level)


def _decisions(merges: Path | None, out: Path) -> list[Pair]:
    path = out / MERGES if merges is None else merges
    return read_merges(path) if merges is not None or path.exists() else []


def _order(stage: Path, source: str) -> list[str]:
    """The sources in the order of their first import, which counts; the new one last."""
    path = stage / ASIDE / ORDER
    order: list[str] = _kept(path, list) if path.exists() else []
    if source not in order:
        order.append(source)
    path.unlink(missing_ok=True)  # it may be the very file of the old folder, which has to stay as it is
    path.write_text(json.dumps(order, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return order


def _write_findings(stage: Path, parts: Sequence[Part], combined: Combined, findings: Sequence[Finding]) -> None:
    """Write what all sources and their merge have to say, for people, who open it in a spreadsheet.

    DatasetError with the `findings` of this import where no table was written.
    """
    told = [(part.source, finding) for part in parts for finding in part.findings]
    told += [("", finding) for finding in combined.findings]
    path = stage / ASIDE / FINDINGS
    path.unlink(missing_ok=True)
    if told:
        table = findings_table([finding for _, finding in told], [source for source, _ in told])
        write_table(path, escape_formulas(table, numbers=True), mark=True)
    if not any(path.suffix == ".csv" and path.name != MERGES for path in stage.iterdir()):
        raise DatasetError(tr("no row of the export became a node"), findings=_as_errors(findings), hint=tr(_NOTHING))


def _as_errors(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that explain why nothing was imported; there are no quarantine files then to look at."""
    warnings = [finding for finding in findings if finding.severity == "warning"]
    return [replace(one, severity="error", hint=None if one.code == "quarantined" else one.hint) for one in warnings]


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


@dataclass(frozen=True, slots=True)
class MergedFolder:
    """A folder that is written to take the place of another: `made` are the tables there that imports have written.

    `own` are the tables of the user, which are copied in the end; `imported` says whether imports have written any.
    """

    path: Path
    own: list[Path] = field(default_factory=list)
    made: Collection[str] = ()
    imported: bool = False


@contextlib.contextmanager
def merged_folder(target: Path, model: Model, *, taken: bool = False) -> Iterator[MergedFolder]:
    """A folder to write into, with what earlier imports keep in `target`; when the block ends well it replaces it.

    What no import has made (notes, tables of the user) is carried over. Raises OutputError for a folder that no import
    has written and that has more than tables of regions, for a table of an import that the user has changed, and at the
    end for a table of the user that has been written anew. `taken`: the table of regions may be changed, it is read.
    """
    imported = (target / ASIDE / ORDER).is_file()
    keeps = imported or _has_beginnings_only(target)
    with new_folder(target, replace=keeps) as stage:
        made = _made(target, model, (KEPT,) if taken else ()) if imported else set()
        own = _carry_over(target, stage, made, model) if keeps else []
        (stage / ASIDE).mkdir(exist_ok=True)
        yield MergedFolder(stage, own, made, imported)
        if replaced := [path.name for path in own if (stage / path.name).exists()]:
            raise OutputError(
                tr(
                    "{target} has {files}, which no import has written and this one would replace",
                    target=target,
                    files=", ".join(sorted(replaced)),
                ),
                hint=tr("import into a new folder, or move your table away; a mapping can import it too"),
            )
        for path in own:
            shutil.copy2(path, stage / path.name)


def _has_beginnings_only(target: Path) -> bool:
    """Whether there is a folder that holds nothing but the regions and the model with which a user begins."""
    names = [entry.name for entry in target.iterdir()] if target.is_dir() else []
    return not _BEFORE.isdisjoint(names) and all(name in _BEFORE or name.startswith(".") for name in names)


_BEFORE = {KEPT, "region_values.csv", MODEL_FILE}
"""What may lie in a folder before the first import."""


def _carry_over(target: Path, stage: Path, made: Collection[str], model: Model) -> list[Path]:
    """Bring what is not made anew into the stage; the tables of the user, which are for later."""
    tables = {label.table for label in model.labels.values()} | {kind.table for kind in model.link_tables}
    names = {f"{table}.csv" for table in tables}
    own = []
    for entry in target.iterdir():
        if entry.name in (ORIGINS, MERGES, QUARANTINE) or entry.name.endswith(".partial"):
            continue
        if entry.name in names:
            if entry.name not in made:
                own.append(entry)
        elif entry.is_dir():
            shutil.copytree(entry, stage / entry.name, copy_function=_link)
        else:
            shutil.copy2(entry, stage / entry.name)
    return own


def _made(target: Path, model: Model, may_differ: Collection[str] = ()) -> set[str]:
    """The tables in the folder that imports have written. OutputError where one of them has been changed since."""
    path = target / ASIDE / TABLES
    if not path.exists():  # of a version that kept no record
        return _implied(target, model)
    record: dict[str, str] = _kept(path, dict)
    there = [name for name in record if (target / name).exists() and name not in may_differ]
    changed = [name for name in there if _digest(target / name) != record[name]]
    if changed == [KEPT]:
        raise OutputError(
            tr("{file} has been changed since the import", file=target / KEPT),
            hint=tr("--regions {file} goes on with your changes; to discard them, delete it", file=target / KEPT),
        )
    if changed:
        raise OutputError(
            tr(
                "changes in {target} since the import would be lost: {files}",
                target=target,
                files=", ".join(changed),
            ),
            hint=tr(
                "change the export or its mapping instead, or import into a new folder; to discard the "
                "changes, delete {file}",
                file=target / changed[0],
            ),
        )
    return set(record)


def _implied(target: Path, model: Model) -> set[str]:
    """The tables that the parts in a folder make."""
    aside = target / ASIDE
    parts = [read_part(aside / str(name)) for name in _kept(aside / ORDER, list)]
    tables = {model.labels[label].table for part in parts for label in part.labels}
    tables |= {model.links[kind].table for part in parts for kind in part.links.values()}
    tables |= {entry.table for part in parts for entry in part.entries}
    return {f"{table}.csv" for table in tables} | ({KEPT} if any(part.made for part in parts) else set())


def _kept(path: Path, kind: type) -> Any:
    """What an import has kept in a file. DatasetError where that is not of this kind any more."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        kept = None
    if not isinstance(kept, kind):
        raise DatasetError(
            tr("{path} is not what an import has left", path=path),
            hint=tr("import the sources again into a new folder"),
        )
    return kept


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_record(stage: Path) -> None:
    path = stage / ASIDE / TABLES
    path.unlink(missing_ok=True)
    written = {table.name: _digest(table) for table in sorted(stage.glob("*.csv")) if table.name != MERGES}
    path.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _link(source: str, target: str) -> None:
    """The same file under a second name, or a copy where the disk has no such names: parts never change."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
