"""What a dataset is once it is read: typed Arrow tables of nodes and links with integer keys, ready for any store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from ecosystem.errors import Finding
from ecosystem.regions import Regions

Progress = Callable[[str, int, int | None], None]
"""Called as `progress(what, done, total)`; `total` is None where it is not known."""


def silent(what: str, done: int, total: int | None) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A checked graph.

    `nodes[label]` has `_id` (int64, unique over all nodes), `id`, and the properties that the files had;
    `links[type]` has `_id` (int64, unique over all links), `_src`, `_dst` (int64, node keys), `_src_label`,
    `_dst_label` (dictionary-encoded strings), `id`, and properties. Only labels and types with rows are present;
    `Region`, `WITHIN` and `RegionValue` are among them. No end is an orphan, ids are unique, no number is NaN or
    infinite.
    `hash` is the SHA-256 of what was read (files and region hierarchy).
    """

    name: str
    hash: str
    nodes: Mapping[str, pa.Table]
    links: Mapping[str, pa.Table]
    regions: Regions


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
    def clean(self) -> bool:
        """True when no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def whole(self) -> bool:
        """True when every file could be read: what is wrong is in rows that can be left out."""
        return all(finding.severity != "error" or finding.row is not None for finding in self.findings)
