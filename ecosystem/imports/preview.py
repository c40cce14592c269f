"""What the first rows of an export become: nodes, links, rows in quarantine, findings; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ecosystem.dataset.dataset_folder import QUARANTINE
from ecosystem.errors import Finding, UsageError
from ecosystem.imports.apply import apply_mapping, source_files
from ecosystem.imports.language import MappingSpec
from ecosystem.imports.link_file import FILE, LINE, read_groups
from ecosystem.imports.mapping import load_mapping
from ecosystem.imports.mapping_model import folder_base
from ecosystem.imports.own_regions import hierarchy_for, written_tables
from ecosystem.imports.part import REGION, Part
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.notebook import few_lines, html_table
from ecosystem.progress import Progress, silent
from ecosystem.regions import Regions, read_region_file, shipped_regions

NODES = ("file", "line", "type", "id", "name", "region_id", "region", "properties")
LINKS = ("file", "line", "type", "from", "from_name", "to", "to_name", "properties")
ROWS = ("file", "line", "table", "reason")
_OWN = {"id", "name", "from", "to"}


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What the first `rows` rows of each file become: a table of nodes, one of links, one of rows in quarantine."""

    source: str
    rows: int
    nodes: pd.DataFrame
    links: pd.DataFrame
    quarantine: pd.DataFrame
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        counts = tr(
            "{nodes:,} nodes, {links:,} links, {rows:,} rows in quarantine",
            nodes=len(self.nodes),
            links=len(self.links),
            rows=len(self.quarantine),
        )
        return few_lines(self._title, counts, more="nodes, links, quarantine, findings, to_pandas()")

    def _repr_html_(self) -> str:
        return html_table(self._title, self.to_pandas())

    @property
    def _title(self) -> str:
        return tr("the first {rows:,} rows of {source}", rows=self.rows, source=self.source)

    def to_pandas(self) -> pd.DataFrame:
        """All of it as one table in the order of the rows; `kind` is node, link or quarantine."""
        tables = {"node": self.nodes, "link": self.links, "quarantine": self.quarantine}
        frames = [frame.assign(kind=kind) for kind, frame in tables.items() if len(frame)]
        columns = list(dict.fromkeys(["kind", *NODES, *LINKS, *ROWS]))
        if not frames:
            return pd.DataFrame(columns=columns)
        whole = pd.concat(frames, ignore_index=True).reindex(columns=columns).astype(object)
        whole = whole.where(whole.notna(), None).sort_values(["file", "line"], kind="stable", ignore_index=True)
        return whole.astype({"line": "int64"})


def preview_source(
    source: str,
    from_: Path,
    rows: int = 20,
    *,
    out: Path | None = None,
    regions: Regions | Path | None = None,
    progress: Progress = silent,
    model: Model | None = None,
) -> ImportPreview:
    """What the first `rows` rows of each file of an export become, as the mapping `source` says; nothing is written.

    `source`, `from_` and `regions` are those of `import_source`; with `out` places are looked up in the regions of that
    folder. A file in which others are looked up is read as a whole. Nodes of one source only: nothing is merged.
    Raises what `import_source` raises for a mapping, an export or regions that cannot be used.
    """
    if rows < 1:
        raise UsageError(tr("a preview has one row at least"), hint=tr("for example --preview 20"))
    base, settled = (model, True) if model is not None or out is None else folder_base(out)
    mapping = load_mapping(source, base, settled=settled)
    model = mapping.model
    hierarchy = _hierarchy(regions, out, model)
    with TemporaryDirectory() as folder:
        limits = dict.fromkeys(mapping.spec.files.keys() - looked_up(mapping.spec), rows)
        part = apply_mapping(mapping, from_, Path(folder) / "part", model, hierarchy, progress, limits)
        files, used = source_files(mapping.spec, from_), read_files(mapping.spec)
        lines = {name: line for key in used for name, line in files[key].last_lines(rows).items()}
        return _preview(part, rows, lines, Regions([*hierarchy, *part.made]))


def _hierarchy(regions: Regions | Path | None, out: Path | None, model: Model) -> Regions:
    """The regions in which the import would look places up."""
    if out is not None:
        return hierarchy_for(regions, out, written_tables(out), imported=False, model=model).regions
    if regions is None:
        return shipped_regions()
    return regions if isinstance(regions, Regions) else read_region_file(regions, model=model)


def looked_up(spec: MappingSpec) -> set[str]:
    """The files that are not cut short, for rows of them are looked up: in a join, as an end of a link, by a name."""
    found = {join.file for file in spec.files.values() for join in file.join.values()}
    for link in spec.links.values():
        for end in (link.source, link.target):
            found |= {spec.file_of(spec.nodes[table]) for table in end.node if end.column is not None}
    found |= {spec.file_of(spec.nodes[table]) for node in spec.nodes.values() for table in node.same_as}
    return found


def read_files(spec: MappingSpec) -> tuple[str, ...]:
    """The files whose rows become nodes or links: others may stand in a mapping, and are not opened."""
    nodes, links = map(spec.file_of, spec.nodes.values()), map(spec.file_of, spec.links.values())
    return tuple(dict.fromkeys([*nodes, *links]))


def _told(table: pa.Table, file: str, line: str, lines: Mapping[str, int]) -> pa.Table:
    """The rows of a table that the first rows of the files tell."""
    last = pc.index_in(pc.cast(table[file], pa.string()), pa.array(list(lines), pa.string()))
    limit = pa.chunked_array([pa.array(lines.values(), pa.int64())]).take(last)
    return table.filter(pc.less_equal(table[line], limit))


def _preview(part: Part, rows: int, lines: Mapping[str, int], regions: Regions) -> ImportPreview:
    nodes = [row for label in part.labels for row in _nodes(part, label, lines, regions)]
    links = [row for key, kind in part.links.items() for row in _links(part, key, kind, lines)]
    told = [one for one in part.findings if one.row is None or one.row <= lines.get(one.file or "", one.row)]
    # nothing is written: there is no file of the quarantine to look into
    findings = [replace(one, hint=None) if one.code == "quarantined" else one for one in told]
    return ImportPreview(
        part.source,
        rows,
        _frame(nodes, NODES),
        _frame(links, LINKS),
        _frame(list(_quarantined(part, lines)), ROWS),
        tuple(findings),
    )


def _nodes(part: Part, label: str, lines: Mapping[str, int], regions: Regions) -> Iterator[tuple[Any, ...]]:
    """The nodes that the first rows tell, with the first row of each."""
    told: dict[str, tuple[str, int]] = {}
    for row in _told(part.origins(label), "file", "line", lines).to_pylist():
        told.setdefault(row["id"], (row["file"], row["line"]))
    nodes = part.nodes(label)
    for node in nodes.filter(pc.is_in(nodes["id"], pa.array(list(told), pa.string()))).to_pylist():
        region = node[REGION]
        called = None if region is None else str(regions[region].called)
        yield (*told[node["id"]], label, node["id"], node.get("name"), region, called, _properties(node))


def _links(part: Part, key: str, kind: str, lines: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    """The links that the first rows tell."""
    found = [link for group in read_groups(part.link_file(key)) for link in _told(group, FILE, LINE, lines).to_pylist()]
    names = _names(part, {link[end] for link in found for end in ("from", "to")})
    for link in found:
        source, target = link["from"], link["to"]
        ends = (source, names.get(source), target, names.get(target))
        yield (link[FILE], link[LINE], kind, *ends, _properties(link))


def _names(part: Part, ids: Collection[str]) -> dict[str, str | None]:
    """The names of some nodes."""
    wanted, names = pa.array(sorted(ids), pa.string()), dict[str, str | None]()
    for nodes in map(part.nodes, part.labels):
        if "name" in nodes.column_names:
            named = nodes.filter(pc.is_in(nodes["id"], wanted))
            names |= dict(zip(named["id"].to_pylist(), named["name"].to_pylist(), strict=True))
    return names


def _properties(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a node or link has besides its id, name and ends, blank cells left out."""
    return {
        name: value
        for name, value in row.items()
        if name not in _OWN and not name.startswith("_") and value is not None
    }


def _quarantined(part: Part, lines: Mapping[str, int]) -> Iterator[tuple[Any, ...]]:
    """The first rows that do not load, and why."""
    files = {(one.file, one.row): one for one in part.findings if one.code == "quarantined"}
    for path in sorted((part.folder / QUARANTINE).glob("*.csv")):
        texts = csv.ConvertOptions(strings_can_be_null=False)
        rows = csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True), convert_options=texts)
        first = next(file for file, row in files if row == rows["line"][0].as_py())
        given = rows["file"].to_pylist() if "file" in rows.column_names else [first] * rows.num_rows
        for file, line, reason in zip(given, rows["line"].to_pylist(), rows["reason"].to_pylist(), strict=True):
            if line <= lines.get(file, 0):
                yield file, line, path.stem, reason


def _frame(rows: list[tuple[Any, ...]], columns: tuple[str, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.sort_values(["file", "line"], kind="stable", ignore_index=True) if rows else frame
