"""What a dataset is once it is read: typed Arrow tables with integer keys, and its hash and synthetic mark."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from ecosystem.errors import Finding, mended
from ecosystem.messages import tr
from ecosystem.model import Model
from ecosystem.notebook import few_lines, html_rows
from ecosystem.regions import Regions
from ecosystem.tables.packed import check_is_file

_PIECE = 1 << 22
README = "README.txt"
SYNTHETIC = "SYNTHETIC"
"""How the README of a made-up dataset begins."""
MARK = " [synthetic data, 合成数据]"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A checked graph.

    `nodes[label]` has `_id` (int64, unique over all nodes), `id`, and the properties that the files had;
    `links[type]` has `_id` (int64, unique over all links), `_src`, `_dst` (int64, node keys), `_src_label`,
    `_dst_label` (dictionary-encoded strings), `id`, and properties. Only labels and types with rows are present;
    `Region`, `WITHIN` and `RegionValue` are among them. No end is an orphan, ids are unique, no number is NaN or
    infinite.
    `hash` is the SHA-256 of what was read (files and region hierarchy), `model` what it was checked against.
    """

    name: str
    hash: str
    nodes: Mapping[str, pa.Table]
    links: Mapping[str, pa.Table]
    regions: Regions
    model: Model

    def __repr__(self) -> str:
        nodes, links = (", ".join(f"{name} {rows:,}" for name, rows in some) for some in self._counts())
        return few_lines(self._title, tr("nodes: {counts}", counts=nodes), tr("links: {counts}", counts=links))

    def _repr_html_(self) -> str:
        rows = [(tr("node"), *row) for row in self._counts()[0]] + [(tr("link"), *row) for row in self._counts()[1]]
        return html_rows(self._title, (tr("kind"), tr("name"), tr("number")), rows)

    @property
    def _title(self) -> str:
        return tr("dataset {name}", name=self.name)

    def _counts(self) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        nodes, links = ([(name, table.num_rows) for name, table in of.items()] for of in (self.nodes, self.links))
        return nodes, links


@dataclass(frozen=True, slots=True)
class TableCount:
    """Rows of one file: `read` = `loaded` + `quarantined`."""

    table: str
    read: int
    loaded: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A dataset as it was found: what is good in it, every finding, and the rows that do not load.

    `quarantine[table]` has the columns `line`, `reason`, then the columns of the file as text.
    """

    dataset: Dataset
    findings: tuple[Finding, ...]
    counts: tuple[TableCount, ...]
    quarantine: Mapping[str, pa.Table]

    @property
    def _title(self) -> str:
        loaded, aside = (sum(getattr(count, name) for count in self.counts) for name in ("loaded", "quarantined"))
        return tr(
            "dataset {name}: {loaded:,} good rows, {aside:,} in quarantine",
            name=self.dataset.name,
            loaded=loaded,
            aside=aside,
        )

    def __repr__(self) -> str:
        kinds = ("error", "warning", "info")
        errors, warnings, notes = (sum(finding.severity == kind for finding in self.findings) for kind in kinds)
        counts = {"errors": errors, "warnings": warnings, "notes": notes}
        told = tr("errors {errors:,}, warnings {warnings:,}, notes {notes:,}", **counts)
        first = [str(finding).split("\n", 1)[0] for finding in self.findings[:2]]
        return few_lines(self._title, told, *first, more="dataset, findings, counts, quarantine")

    def _repr_html_(self) -> str:
        rows = [(count.table, count.read, count.loaded, count.quarantined) for count in self.counts]
        return html_rows(self._title, (tr("table"), tr("rows read"), tr("good"), tr("in quarantine")), rows)

    @property
    def clean(self) -> bool:
        """True when no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def whole(self) -> bool:
        """True when every file could be read: what is wrong is in rows that can be left out."""
        return all(finding.severity != "error" or finding.row is not None for finding in self.findings)


def fingerprint(paths: Iterable[Path], regions: pa.Table, model: Model) -> str:
    """SHA-256 over the mark of the model, the regions (as nodes), and name, size and bytes of each file by name."""
    digest = hashlib.sha256(f"{model.mark}\0{regions.to_pylist()}\0".encode())
    for path in sorted(set(paths), key=lambda path: path.name):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    return digest.hexdigest()


def dataset_name(folder: Path) -> str:
    """The name of a dataset folder, with the mark where its README says that it is made up."""
    name = mended(folder.resolve().name)
    return name + MARK if _is_made_up(folder / README) else name


def is_marked(name: str) -> bool:
    """True for the name of a made-up dataset."""
    return name.endswith(MARK)


def folder_name(name: str) -> str:
    """The name of the folder that a dataset of this name was read from."""
    return name.removesuffix(MARK)


def _is_made_up(readme: Path) -> bool:
    try:
        check_is_file(readme)
        with readme.open("rb") as file:
            return file.read(len(SYNTHETIC)) == SYNTHETIC.encode()
    except OSError:
        return False
