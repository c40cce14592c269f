"""What a dataset is once it is read: typed Arrow tables of nodes and links with integer keys, ready for any store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
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
class RowPlaces:
    """Where the loaded rows of one table stand: `kind` is its label or link type, `lines` as in `lines_of`."""

    file: str
    kind: str
    lines: npt.NDArray[np.int64] | None = None

    def ids(self, dataset: Dataset) -> pa.ChunkedArray | None:
        """The ids of the rows, None where no row has been loaded."""
        table = dataset.nodes.get(self.kind, dataset.links.get(self.kind))
        return None if table is None else table["id"]

    def lines_of(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The lines of some of the loaded rows, counted from 0; the header is on line 1."""
        return rows + 2 if self.lines is None else self.lines[rows]


@dataclass(frozen=True, slots=True)
class Reading:
    """A dataset as it was found: what is good in it, every finding, and the rows that do not load.

    `quarantine[table]` has the columns `line`, `reason`, then the columns of the file as text; `places[table]` says on
    which line each loaded row stands.
    """

    dataset: Dataset
    findings: tuple[Finding, ...]
    counts: tuple[TableCount, ...]
    quarantine: Mapping[str, pa.Table]
    places: Mapping[str, RowPlaces] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """True when no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def whole(self) -> bool:
        """True when every file could be read: what is wrong is in rows that can be left out."""
        return all(finding.severity != "error" or finding.row is not None for finding in self.findings)
