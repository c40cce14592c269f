"""A source of indicator values, whatever stands behind them: what it is asked, what it answers, and what is removed.

A metric, a column and a network measure are sources. `values` says what each region has, `matches` what stands behind
it, `without` how it changes when nodes or links are removed: nobody who asks need know which kind it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.progress import Progress, silent
from ecosystem.removals import NO_CODES, Removals
from ecosystem.store import GraphStore

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window:
    """The years that count, both ends included; None is open."""

    since: int | None = None
    until: int | None = None

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since > self.until:
            raise UsageError(
                tr("--since {since} is after --until {until}", since=self.since, until=self.until),
                hint=tr("turn them round"),
            )

    @property
    def given(self) -> bool:
        """True when at least one end is set."""
        return self.since is not None or self.until is not None

    def __str__(self) -> str:
        return f"{self.since or ''}-{self.until or ''}" if self.given else ""


@dataclass(frozen=True, slots=True, eq=False)
class RegionValues:
    """The values of regions (R,), NaN where a region has none.

    `missing` is the reason to give where no region has a value, `undated` the number of matches without a year. `years`
    (R,) is the year that each value is from, None where it has none; None as a whole where no value is of one year.
    `unclassed` is the number of matches that no class of the indicator takes, so that they count nothing.
    """

    values: FloatArray
    missing: str
    undated: int = 0
    years: Sequence[int | None] | None = None
    unclassed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class ChangedValues:
    """New values of an indicator: those cells (variant, region) that a removal touches, each once, sorted.

    `silent` are the variants in which the dataset says nothing on the indicator any more: missing everywhere.
    """

    variants: IntArray
    regions: IntArray
    values: FloatArray
    silent: IntArray

    @classmethod
    def none(cls, silent: IntArray = NO_CODES) -> ChangedValues:
        """No cell is touched."""
        return cls(NO_CODES, NO_CODES, np.array([], dtype=np.float64), silent)

    @classmethod
    def between(cls, base: FloatArray, after: Iterable[FloatArray], silent: IntArray = NO_CODES) -> ChangedValues:
        """The cells in which the values (R,) of a variant, one after the other, differ from those of `base` (R,)."""
        found = []
        for variant, values in enumerate(after):
            regions = np.flatnonzero((values != base) & ~(np.isnan(values) & np.isnan(base)))
            found.append((np.full(len(regions), variant), regions, values[regions]))
        variants, regions, changed = (
            np.concatenate([cells[part] for cells in found] or [NO_CODES]) for part in (0, 1, 2)
        )
        return cls(variants.astype(np.int64), regions.astype(np.int64), changed.astype(np.float64), silent)


@dataclass(frozen=True, slots=True)
class Record:
    """The row of a table behind a value: the kind, id and name of the entity; file and line where they are known."""

    kind: str
    id: str
    name: str
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, eq=False)
class AuditedGraph:
    """A graph as one audit sees it: the ranked regions, the window, and all that was read of it, read once."""

    store: GraphStore
    regions: tuple[str, ...]
    window: Window
    _kept: dict[Hashable, object] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """What `read` gives, which is called the first time that the key is asked for."""
        if key not in self._kept:
            self._kept[key] = read()
        return cast("T", self._kept[key])

    def has(self, key: Hashable) -> bool:
        """True where what the key stands for was read already."""
        return key in self._kept

    def ids(self, removals: Removals, variant: int) -> list[str]:
        """The ids of all that one variant is without, sorted."""
        schema = self.store.schema
        found: list[str] = []
        for members, kinds in ((removals.nodes, schema.model.labels), (removals.links, schema.model.links)):
            codes = members.only(variant)
            frames = (self.store.entities.of(kind) for kind in kinds if len(codes) and schema.counts.get(kind))
            for frame in frames:
                found += frame["id"][frame.index.isin(codes)].tolist()
        return sorted(found)


class SourceEvidence(Protocol):
    """The matches behind the values of a source as a table, for people."""

    def __len__(self) -> int: ...

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions with at least one match, sorted."""

    def frame(self, region: str | None = None) -> pd.DataFrame:
        """A row per match (of one region, if given), entities by their ids."""

    def values(self) -> dict[str, float]:
        """The value of each region with a match, recomputed from the rows."""

    def without(self, ids: Collection[str]) -> SourceEvidence:
        """The evidence as if these nodes and links were not in the graph."""


class SourceMatches(Protocol):
    """The matches behind the values of a source as arrays, for an audit."""

    def __len__(self) -> int: ...

    @property
    def regions(self) -> IntArray:
        """Of each match (rows,) the place of its region among those that are ranked."""

    @property
    def nodes(self) -> Mapping[str, IntArray]:
        """The codes (rows,) of the nodes, by their variable."""

    @property
    def links(self) -> Mapping[str, IntArray]:
        """The codes (rows,) of the links, by their variable."""

    @property
    def kinds(self) -> Mapping[str, tuple[str, ...]]:
        """The labels or link types that the entities of a variable may have."""

    @property
    def owner(self) -> str:
        """The variable of the node that a match is counted for."""

    @property
    def additive(self) -> bool:
        """True where one more match of the same kind adds its share to the value."""

    @property
    def carrier(self) -> tuple[str, bool]:
        """The variable of the one link that carries a match and True, or that of its owner and False."""

    @property
    def without_shares(self) -> str:
        """Why `shares` gives None, in words."""

    def shares(self, regions: int) -> tuple[FloatArray, float] | None:
        """What each match brings to the value of its region (rows,), and what is there without any; or None."""

    def only(self, rows: IntArray) -> SourceMatches:
        """Some of the rows."""

    def lost(self, removals: Removals) -> tuple[IntArray, IntArray]:
        """Pairs (variant, row), sorted, of the matches that are not in the variant."""


class IndicatorSource(Protocol):
    """Where the values of one indicator come from."""

    @property
    def name(self) -> str:
        """What it is called in reasons, receipts and explanations."""

    @property
    def digest(self) -> str | None:
        """The SHA-256 of its definition; None where the hash of the dataset or of the table says it all."""

    @property
    def dated(self) -> bool:
        """True where a window changes the values."""

    @property
    def years(self) -> Collection[int] | None:
        """The years that have a value of their own; None where any year can be asked for."""

    @property
    def origin(self) -> str | None:
        """What holds the values where no entity stands behind them, in a word, as `table`; None where entities do."""

    @property
    def no_matches(self) -> str | None:
        """Why no matches stand behind the values, in words; None where `matches` has them."""

    @property
    def queried_anew(self) -> bool:
        """True where `without` takes a computation of its own for each variant, which is long for many."""

    @property
    def unsummed(self) -> str | None:
        """Why the values of regions do not add up to that of what they lie in, in words; None where they do."""

    def at(self, level: str) -> IndicatorSource | None:
        """The same source for the regions of another level, as a country; None where it has no values there."""

    def values(self, regions: Sequence[str], window: Window) -> RegionValues:
        """The values of some regions in a window."""

    def evidence(self, window: Window) -> SourceEvidence | None:
        """The matches of all regions as a table; None where none stand behind the values."""

    def matches(self, graph: AuditedGraph, *, links: bool = False) -> SourceMatches:
        """The matches of the ranked regions as arrays, with their links where asked for; only without `no_matches`."""

    def without(
        self, removals: Removals, graph: AuditedGraph, base: FloatArray, *, progress: Progress = silent
    ) -> ChangedValues | None:
        """What the removals change of the values `base` (R,); None where no removal can change anything."""

    def records(self, regions: Sequence[str], values: FloatArray) -> list[Record | None]:
        """The rows of a table that give regions their values (R,); None where no table does."""
