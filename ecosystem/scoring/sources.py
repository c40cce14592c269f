"""Where the values of an index come from: metrics of a store, its region values, the columns of a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ecosystem.errors import Finding, SpecError
from ecosystem.index import Index, Indicator, check_index
from ecosystem.index.prepare import Auxiliary
from ecosystem.index.spec import SourceKind
from ecosystem.index.value_table import ValueTable, column_of, near_columns
from ecosystem.metrics import Measures, Metric, Window
from ecosystem.query.tree import Item, Match, NodePattern, Path, PropertyOf, Query
from ecosystem.scoring.result import metric_of
from ecosystem.store import GraphStore

Floats = npt.NDArray[np.float64]
Years = Mapping[int | None, float]
Columns = Mapping[str, Mapping[str, Years]]
"""Indicator -> region -> year -> value, of what no graph holds."""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the indicators of an index are taken from: `tabled` gives, by code, the column of the table that holds one.

    `columns` are those of the table over those of the store, regions by their ids; `table` is None where there is none.
    """

    table: ValueTable | None
    tabled: Mapping[str, str]
    columns: Columns
    groups: Mapping[str, Mapping[str, str]]


def tabled_columns(index: Index, table: ValueTable | None) -> dict[str, str]:
    """By code of an indicator the column of the table that holds it: the name of its source, else its own code."""
    if table is None:
        return {}
    found = {}
    for leaf in index.leaves:
        names = [leaf.source.name, leaf.code] if leaf.source and leaf.source.kind == "column" else [leaf.code]
        column = column_of(table, *names)
        if column is not None:
            found[leaf.code] = column
    return found


def gather(index: Index, store: GraphStore | None, table: ValueTable | None, ids: Mapping[str, str]) -> Sources:
    """The columns of the store and of the table; `ids` gives the region id of each region of the table."""
    columns: dict[str, Mapping[str, Years]] = dict(stored_columns(store)) if store is not None else {}
    groups: dict[str, Mapping[str, str]] = {}
    if table is not None:
        for name in table.numbers:
            columns[name] = {ids[region]: years for region, years in table.column(name).items() if region in ids}
        wanted = {index.imputation.group} & {*table.numbers, *table.texts}
        for name in filter(None, wanted):
            groups[name] = {ids[region]: cell for region, cell in table.group(name).items() if region in ids}
    return Sources(table, tabled_columns(index, table), columns, groups)


def stored_columns(store: GraphStore) -> Columns:
    """The region values of the dataset that a store holds."""
    names = ("indicator", "region", "year", "value")
    query = Query(
        (Match((Path((NodePattern("v", ("RegionValue",)),), ()),)),),
        tuple(Item(PropertyOf("v", name), name) for name in names),
    )
    found: dict[str, dict[str, dict[int | None, float]]] = {}
    for row in store.query(query).read_all().to_pylist():
        found.setdefault(row["indicator"], {}).setdefault(row["region"], {})[row["year"]] = row["value"]
    return found


def refuse_unknown_sources(
    index: Index, known: Mapping[str, Metric], sources: Sources, *, graph: bool, partial: bool = False
) -> None:
    """Raise SpecError for the indicators that come from nothing: no metric, no column of the store or of the table.

    With `partial` a column may be lacking, though not all that a table without a graph should have.
    """
    if sources.table is not None and not graph:
        faults = lacking_columns(index, sources.table)
        if partial and len(faults) < len(index.leaves):
            faults = [one for one in faults if one.code != "unknown_source"]
    else:
        loose = tuple(row for row in index.indicators if row.code not in sources.tabled)
        codes = {row.code for row in loose}
        columns: dict[SourceKind, Collection[str]] = {} if partial else {"column": sources.columns}
        found = check_index(index, known_sources={"metric": known, "network": (), **columns})
        rows = {row.row: row.code for row in index.indicators}
        faults = [one for one in found if one.code == "unknown_source" and (one.row is None or rows[one.row] in codes)]
    if faults:
        hint = "a metric is a file of cypher/metrics or --metrics, a column stands in region_values.csv or --values"
        raise SpecError(f"index {index.id} has sources that do not exist", hint=hint, findings=faults)


def lacking_columns(index: Index, table: ValueTable) -> list[Finding]:
    """An error for every indicator that no column of a table holds, and for a column that holds text."""
    tabled = tabled_columns(index, table)
    return [_lacking(leaf, table) for leaf in index.leaves if leaf.code not in tabled]


def _lacking(leaf: Indicator, table: ValueTable) -> Finding:
    names = [leaf.source.name, leaf.code] if leaf.source and leaf.source.kind == "column" else [leaf.code]
    mixed = next((table.mixed[name] for name in names if name in table.mixed), None)
    if mixed is not None:
        return mixed
    message = f"indicator {leaf.code!r} is in no column of {table.file}"
    hint = near_columns(table, names[0])
    return Finding("error", "unknown_source", message, "indicators.csv", leaf.row, "source", None, hint)


def value_matrix(
    index: Index, regions: Sequence[str], measures: Measures, sources: Sources, year: int | None = None
) -> tuple[Floats, dict[str, str]]:
    """The values, regions x indicators, and the reason for each indicator that has none.

    A column gives its latest year inside the window; with a `year`, the value of that year alone, or an undated one.
    """
    table = measures.table().reindex(list(regions))
    values, missing = [], {}
    for leaf in index.leaves:
        name = metric_of(leaf)
        if name is not None and name in table and leaf.code not in sources.tabled:
            column = table[name].to_numpy(dtype=np.float64)
            reason = measures.missing.get(name, f"no region has a value of {name}")
        else:
            column = _column(held_by(leaf, sources), regions, measures.window, year)
            reason = f"no ranked region has a value of {leaf.source}"
        if np.isnan(column).all():
            missing[leaf.code] = reason
        values.append(column)
    return np.stack(values, axis=1), missing


def held_by(leaf: Indicator, sources: Sources) -> Mapping[str, Years]:
    """The values of an indicator that comes from a column, by region and year."""
    name = sources.tabled.get(leaf.code) or (leaf.source.name if leaf.source is not None else "")
    return sources.columns.get(name, {})


def auxiliary(index: Index, regions: Sequence[str], sources: Sources, window: Window) -> Auxiliary:
    """The denominators and groups that the index asks for, as far as they are there, for one matrix."""
    wanted = dict.fromkeys(leaf.denominator for leaf in index.leaves if leaf.denominator)
    denominators = {
        name: _column(sources.columns[name], regions, window, None) for name in wanted if name in sources.columns
    }
    groups = {name: [cells.get(region) for region in regions] for name, cells in sources.groups.items()}
    return Auxiliary(denominators, groups)


def auxiliary_by_year(index: Index, regions: Sequence[str], sources: Sources, years: Sequence[int]) -> Auxiliary:
    """The same for a panel: denominators `(years, regions)`; a denominator without a year is that of all years."""
    wanted = dict.fromkeys(leaf.denominator for leaf in index.leaves if leaf.denominator)
    denominators = {
        name: np.stack([_column(sources.columns[name], regions, Window(), year) for year in years])
        for name in wanted
        if name in sources.columns
    }
    groups = {name: [cells.get(region) for region in regions] for name, cells in sources.groups.items()}
    return Auxiliary(denominators, groups, tuple(years))


def _column(held: Mapping[str, Years], regions: Sequence[str], window: Window, year: int | None) -> Floats:
    if year is not None:
        return np.array([_of_year(held.get(region, {}), year) for region in regions], dtype=np.float64)
    return np.array([_latest(held.get(region, {}), window) for region in regions], dtype=np.float64)


def _of_year(years: Years, year: int) -> float:
    return years.get(year, years.get(None, np.nan))


def _latest(years: Years, window: Window) -> float:
    """The value of the latest year inside the window; one without a year where no year has one."""
    known = [year for year in years if year is not None]
    inside = [year for year in known if (window.since or year) <= year <= (window.until or year)]
    return years[max(inside)] if inside else years.get(None, np.nan)
