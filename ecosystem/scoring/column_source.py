"""A column of values as the source of an indicator: of a table, or of the region values that a dataset brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.value_table import ValueTable
from ecosystem.indicator_source import AuditedGraph, Record, RegionValues, SourceMatches, Window
from ecosystem.messages import tr, tr_later
from ecosystem.progress import Progress, silent
from ecosystem.query import parse
from ecosystem.removals import Removals
from ecosystem.store import GraphStore

Years = Mapping[int | None, float]
Columns = Mapping[str, Mapping[str, Years]]
"""Indicator -> region -> year -> value, of what no graph holds."""
_REGION_VALUES = """
MATCH (v:RegionValue) RETURN v.indicator AS indicator, v.region AS region, v.year AS year, v.value AS value
"""
_RECORDS = """
MATCH (v:RegionValue {indicator: $indicator}) WHERE v.region IN $regions
RETURN v.id AS id, v.region AS region, v.year AS year, v.value AS value
"""


@dataclass(frozen=True, slots=True, eq=False)
class ColumnSource:
    """A column of values as the source of an indicator: region values of the dataset, or a column of a table.

    `held` are the values by region id and year; `ids` gives the region id of each region of the table.
    """

    name: str
    column: str
    held: Mapping[str, Years] = field(repr=False)
    store: GraphStore | None = field(default=None, repr=False)
    table: ValueTable | None = field(default=None, repr=False)
    ids: Mapping[str, str] = field(default_factory=dict, repr=False)

    digest: ClassVar[None] = None
    origin: ClassVar[str] = "table"
    no_matches: ClassVar[str] = tr_later("a value from a table, without links behind it")
    queried_anew: ClassVar[bool] = False
    unsummed: ClassVar[str] = tr_later("a column of a table does not say whether its values add up")

    @property
    def years(self) -> frozenset[int]:
        """The years that have a value."""
        return frozenset(year for years in self.held.values() for year in years if year is not None)

    @property
    def dated(self) -> bool:
        """True where a value has a year; a column without any value has none that a window would leave alone."""
        return bool(self.years) or not self.held

    def at(self, level: str) -> ColumnSource:
        """Itself: a column may have values of regions of any level."""
        return self

    def values(self, regions: Sequence[str], window: Window) -> RegionValues:
        """The values of the latest year inside the window; those without a year where no year has one."""
        reason = tr("no ranked region has a value of {name}", name=self.name)
        years = column_years(self.held, regions, window) if self.years else None
        return RegionValues(column_values(self.held, regions, window), reason, years=years)

    def evidence(self, window: Window) -> None:
        """Nothing stands behind a column."""

    def matches(self, graph: AuditedGraph, *, links: bool = False) -> SourceMatches:
        """LookupError: there are none."""
        raise LookupError(f"{self.name}: {self.no_matches}")

    def without(
        self, removals: Removals, graph: AuditedGraph, base: FloatArray, *, progress: Progress = silent
    ) -> None:
        """None: no node or link stands behind a column."""

    def records(self, regions: Sequence[str], values: FloatArray) -> list[Record | None]:
        """The rows that give regions their values, the latest where several do; None where none does."""
        held = self._stored(regions) if self.table is None else self._rows(self.table)
        return [held.get(cell) for cell in zip(regions, values.tolist(), strict=True)]

    def _rows(self, table: ValueTable) -> dict[tuple[str | None, float], Record]:
        """The rows of a table by region and value."""
        rows = zip(table.regions, table.lines, table.numbers[self.column].tolist(), strict=True)
        return {
            (self.ids.get(unit), number): Record(self.origin, "", self.column, table.file, line)
            for unit, line, number in rows
        }

    def _stored(self, regions: Sequence[str]) -> dict[tuple[str | None, float], Record]:
        """The region values of a dataset by region and value."""
        if self.store is None:
            return {}
        parameters = {"regions": list(regions), "indicator": self.column}
        found = self.store.query(parse(_RECORDS, "region values"), parameters).read_all().to_pylist()
        held = sorted(found, key=lambda row: row["year"] or 0)
        return {(row["region"], row["value"]): Record("RegionValue", row["id"], self.column) for row in held}


def stored_columns(store: GraphStore) -> Columns:
    """The region values of the dataset that a store holds."""
    found: dict[str, dict[str, dict[int | None, float]]] = {}
    for row in store.query(parse(_REGION_VALUES)).read_all().to_pylist():
        found.setdefault(row["indicator"], {}).setdefault(row["region"], {})[row["year"]] = row["value"]
    return found


def column_values(held: Mapping[str, Years], regions: Sequence[str], window: Window) -> FloatArray:
    """The value (R,) of the latest year inside the window; one without a year where no year has one, else NaN."""
    return np.array([_latest(held.get(region, {}), window) for region in regions], dtype=np.float64)


def column_years(held: Mapping[str, Years], regions: Sequence[str], window: Window) -> tuple[int | None, ...]:
    """The year (R,) that each of these values is from; None for one without a year, and where there is none."""
    return tuple(_latest_year(held.get(region, {}), window) for region in regions)


def _latest(years: Years, window: Window) -> float:
    return years.get(_latest_year(years, window), np.nan)


def _latest_year(years: Years, window: Window) -> int | None:
    known = [year for year in years if year is not None]
    inside = [year for year in known if (window.since or year) <= year <= (window.until or year)]
    return max(inside, default=None)
