"""Read a dataset folder: every table checked, every fault told, the good rows as a graph with integer keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from ecosystem.dataset.dataset import Dataset, Reading, TableCount, dataset_name, fingerprint
from ecosystem.dataset.dataset_folder import Sources, choose_source, columns_by_table, find_sources
from ecosystem.dataset.describe import suspicions
from ecosystem.dataset.faults import Faults, Place
from ecosystem.dataset.links import LinkIndex, load_closure, load_regions, read_links
from ecosystem.dataset.node_index import NodeIndex
from ecosystem.dataset.nodes import read_nodes
from ecosystem.dataset.own_model import folder_model
from ecosystem.errors import DatasetError, Finding
from ecosystem.messages import tr, tr_count
from ecosystem.model import Label, LinkType, Model
from ecosystem.progress import Progress, silent
from ecosystem.regions import Regions, read_regions, shipped_regions
from ecosystem.tables.raw import RawTable, as_text


def read_dataset(folder: str | Path, *, model: Model | None = None, progress: Progress = silent) -> Reading:
    """What is in a dataset folder: the graph of its good rows, every finding, and the rows that do not load.

    An error with a row is that row's: it is in the quarantine, and so is a link to it. An error without a row is of a
    file as a whole. `model` says which labels, link types and properties there are: without one,
    the shipped model with what a `model.toml` in the folder adds.
    Raises DatasetError when there is nothing to read: no folder, no table in it, a faulty `regions` or `model.toml`.

    >>> reading = ecosystem.read_dataset("demo/dataset")
    >>> reading.clean, len(reading.findings)
    (True, 1)
    """
    folder = Path(folder)
    model = model or folder_model(folder)
    sources, findings = find_sources(folder, model)
    if not sources:
        raise _nothing(folder, findings, model)
    reader = _Reader(model, sources, findings, progress)
    regions = reader.regions()
    nodes = reader.nodes(regions)
    links = reader.links(nodes, regions)
    findings[:] = with_followers(findings, reader.followers)
    dataset = Dataset(
        name=dataset_name(folder),
        hash=fingerprint(reader.paths, nodes.tables["Region"], model),
        nodes=nodes.tables,
        links=links.tables,
        regions=regions,
        model=model,
    )
    findings.extend(suspicions(dataset, reader.counts, model))
    return Reading(dataset, tuple(findings), tuple(reader.counts), reader.quarantine)


@dataclass(slots=True)
class _Reader:
    """One pass over the tables of a folder, in the order of the model; each is let go before the next is read."""

    model: Model
    sources: Sources
    findings: list[Finding]
    progress: Progress
    paths: list[Path] = field(default_factory=list)
    counts: list[TableCount] = field(default_factory=list)
    quarantine: dict[str, pa.Table] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    followers: Counter[Place] = field(default_factory=Counter)

    def regions(self) -> Regions:
        """The hierarchy of `regions`, or the shipped one where that table is absent or has no rows."""
        raw = self._take("regions")
        if raw is None and self.unread:
            raise DatasetError(tr("the table of regions cannot be read"), findings=self.findings)
        if raw is None or raw.read == 0:
            return shipped_regions()
        columns = [as_text(column) for column in raw.columns]
        table = pa.Table.from_arrays(columns, names=list(raw.names))
        regions, findings = read_regions(table, file=raw.file, model=self.model)
        self.findings.extend(_placed(findings, raw))
        self.findings.extend(Faults(raw).findings)
        if regions is None or raw.ragged or raw.spoiled:
            raise DatasetError(
                tr("the table of regions has faults"),
                findings=self.findings,
                hint=tr("fix them first: every other table refers to regions"),
            )
        self.counts.append(TableCount("regions", raw.read, raw.read, 0))
        return regions

    def nodes(self, regions: Regions) -> NodeIndex:
        """The nodes of all labels."""
        index = NodeIndex()
        load_regions(regions, "regions.csv", index)
        located = self.model.links["LOCATED_IN"].sources
        for label in self.model.labels.values():
            self._nodes_of(label, index, regions, located=label.name in located)
        return index

    def _nodes_of(self, label: Label, index: NodeIndex, regions: Regions, *, located: bool) -> None:
        raw = self._take(label.table)
        if raw is not None:
            faults = read_nodes(raw, label, index, regions, located=located)
            self._keep(label.table, raw, faults)
            if any(finding.code == "missing_column" for finding in faults.findings):
                self.unread[label.table] = raw.file

    def links(self, nodes: NodeIndex, regions: Regions) -> LinkIndex:
        """The links of all types."""
        unread = {label.name: self.unread.get(label.table) for label in self.model.labels.values()}
        known = {name: file for name, file in unread.items() if file is not None}
        index = LinkIndex(nodes, regions, nodes.hashes(), known, self.model)
        for link in self.model.links.values():
            if link.derived:
                load_closure(regions, link, index)
                continue
            self._links_of(link, index)
        return index

    def _links_of(self, link: LinkType, index: LinkIndex) -> None:
        raw = self._take(link.table)
        if raw is not None:
            self._keep(link.table, raw, read_links(raw, link, index))

    def _take(self, table: str) -> RawTable | None:
        """The table as it stands in its file; None where it is absent or cannot be read."""
        sources = self.sources.pop(table, None)
        if sources is None:
            return None
        pa.default_memory_pool().release_unused()  # the texts of the table before, of which the checked values are left
        total = len(columns_by_table(self.model))
        self.progress(tr("reading tables"), total - len(self.sources), total)
        chosen = choose_source(sources, self.findings)
        if chosen is None:
            self.unread[table] = sources[0].file
            return None
        path, raw = chosen
        self.paths.append(path)
        return raw

    def _keep(self, table: str, raw: RawTable, faults: Faults) -> None:
        self.findings.extend(sorted(faults.findings, key=lambda finding: finding.row or 0))
        self.followers.update(faults.followers)
        loaded = int(np.count_nonzero(faults.good))
        self.counts.append(TableCount(table, raw.read, loaded, raw.read - loaded))
        if loaded < raw.read:
            self.quarantine[table] = faults.quarantine()


def _placed(findings: Iterable[Finding], raw: RawTable) -> list[Finding]:
    """Findings of a table of text, with the lines of the file in place of the numbers of the rows."""
    lines = [1, *raw.lines_of(np.arange(raw.rows)).tolist()]
    return [finding if finding.row is None else replace(finding, row=lines[finding.row - 1]) for finding in findings]


def with_followers(findings: Iterable[Finding], followers: Counter[Place]) -> list[Finding]:
    """The findings, each of a row with the number of links that do not load because that row does not.

    Rows that no finding tells one by one have one finding for each file.
    """
    left, told = Counter(followers), list[Finding]()
    for finding in findings:
        count = left.pop((finding.file or "", finding.row or 0), 0) if finding.severity == "error" else 0
        told.append(replace(finding, message=_and_links(finding.message, count)) if count else finding)
    for file in dict.fromkeys(file for file, _ in sorted(left)):
        rows = {row: count for (name, row), count in left.items() if name == file}
        message = tr_count(
            "1 link to other rows of this table that do not load does not load either",
            "{count:,} links to other rows of this table that do not load do not load either",
            sum(rows.values()),
        )
        told.append(Finding("error", "end_set_aside", message, file, min(rows), hint=tr("fix the rows of this table")))
    return told


def _and_links(message: str, count: int) -> str:
    return tr_count(
        "{message}; 1 link to it does not load either",
        "{message}; {count:,} links to it do not load either",
        count,
        message=message,
    )


def _nothing(folder: Path, findings: list[Finding], model: Model) -> DatasetError:
    """There is no table: the folder is empty, or holds other things."""
    errors = [finding for finding in findings if finding.severity == "error"]
    others = [finding.file or "" for finding in findings if finding.severity != "error"]
    if errors:
        message = tr("{folder} has no table that can be read", folder=folder)
    elif others:
        held = ", ".join(others[:10])
        message = tr("{folder} has no table of a dataset: it holds {others}", folder=folder, others=held)
    else:
        message = tr("{folder} has no table of a dataset: it is empty", folder=folder)
    names = ", ".join(f"{table}.csv" for table in list(columns_by_table(model))[1:4])
    hint = next((finding.hint for finding in findings if finding.hint and finding.code == "unknown_file"), None)
    hint = hint or tr("tables are files named {names}, ...; `ecosystem dataset template DIR` writes them", names=names)
    return DatasetError(message, findings=findings, hint=None if errors else hint)
