"""What an import did: rows in and out of every table, what it found, what the result can feed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from ecosystem.errors import Finding
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_table, named


@dataclass(frozen=True, slots=True)
class FileCount:
    """Rows of a source file: `rows` = `used` + `skipped` + `quarantined`.

    A row is quarantined when a table could not take it, used when a table took it, skipped when none wanted it.
    """

    file: str
    rows: int
    used: int
    skipped: int
    quarantined: int

    def __post_init__(self) -> None:
        """Raise where a row got lost: that is a fault of this package, not of the input."""
        if self.rows != self.used + self.skipped + self.quarantined or self.skipped < 0:
            raise AssertionError(f"rows of {self.file} got lost: {self}")


@dataclass(frozen=True, slots=True)
class EntryCount:
    """What one table of the mapping did: `rows` = `used` + `skipped` + `quarantined`, `made` = `written` + `repeated`.

    `entry` is the table of the mapping (nodes.company), `table` the one of the dataset that it feeds (companies). Used
    rows make records, one or several; a record of a node or link that is there already is repeated.
    """

    entry: str
    table: str
    rows: int
    used: int
    skipped: int
    quarantined: int
    made: int
    repeated: int
    written: int

    def __post_init__(self) -> None:
        """Raise where a row got lost: that is a fault of this package, not of the input."""
        odd = self.rows != self.used + self.skipped + self.quarantined or self.made != self.written + self.repeated
        if odd or min(self.skipped, self.repeated) < 0:
            raise AssertionError(f"rows of {self.entry} got lost: {self}")


@dataclass(frozen=True, slots=True)
class TableFlow:
    """What became of the records of one table of the dataset, out of all sources: `rows` = `out` + the rest.

    `rows` are the records that sources gave and the rows in quarantine, `out` the rows of the table, `merged` the
    records that are one with another, of the same source or of an earlier one.
    """

    table: str
    rows: int
    out: int
    quarantined: int
    merged: int

    def __post_init__(self) -> None:
        """Raise where a record got lost: that is a fault of this package, not of the input."""
        if self.rows != self.out + self.quarantined + self.merged or min(self.out, self.merged) < 0:
            raise AssertionError(f"records of {self.table} got lost: {self}")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two nodes that are, or may be, one organisation.

    `decision` is the user's: accept, refuse, or blank. Blank means merged for the same legal name, not merged where
    that is in another country or a near miss. `merged` says what the import did.
    """

    decision: str
    merged: str
    kind: str
    similarity: str
    name_a: str
    name_b: str
    label: str
    source_a: str
    source_b: str
    id_a: str
    id_b: str

    @property
    def key(self) -> tuple[str, str]:
        """The two ids."""
        return self.id_a, self.id_b


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `feeds` and `lacks` are the labels and link types that the source has rows for, or not.

    `files`, `entries` and `findings` are those of this source; `flows` and `sources` those of the whole dataset.
    """

    source: str
    out: Path
    files: tuple[FileCount, ...]
    entries: tuple[EntryCount, ...]
    findings: tuple[Finding, ...]
    feeds: tuple[str, ...]
    lacks: tuple[str, ...]
    sources: tuple[str, ...] = ()
    flows: tuple[TableFlow, ...] = ()
    pairs: tuple[Pair, ...] = ()

    @property
    def _title(self) -> str:
        written = sum(entry.written for entry in self.entries)
        return tr(
            "import of {source} into {folder}: {written:,} records",
            source=self.source,
            folder=self.out,
            written=written,
        )

    def __repr__(self) -> str:
        feeds = tr("has rows for: {names}", names=named(self.feeds, 8)) if self.feeds else ""
        lacks = tr("has no rows for: {names}", names=named(self.lacks, 8)) if self.lacks else ""
        return few_lines(self._title, feeds, lacks, more="files, entries, findings, to_pandas()")

    def _repr_html_(self) -> str:
        return html_table(self._title, self.to_pandas())

    def to_pandas(self) -> pd.DataFrame:
        """One row per table of the mapping, with the counts of `EntryCount`."""
        return pd.DataFrame([asdict(entry) for entry in self.entries])

    def flows_to_pandas(self) -> pd.DataFrame:
        """One row per table of the dataset, with the counts of `TableFlow`."""
        return pd.DataFrame([asdict(flow) for flow in self.flows])
