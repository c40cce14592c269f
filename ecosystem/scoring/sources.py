"""Where the values of an index come from: the kinds of sources in one table, and the source of each indicator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

import numpy as np

from ecosystem.errors import Finding, SpecError
from ecosystem.index import Index, Indicator, Source, check_index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.value_table import ValueTable, column_of, near_columns
from ecosystem.index.prepare import SHARE_OF_TOTAL, Auxiliary
from ecosystem.index.spec import SourceKind
from ecosystem.index.steps.transform import columns_of, looks_back
from ecosystem.indicator_source import IndicatorSource, Window
from ecosystem.messages import tr
from ecosystem.metrics import Metric
from ecosystem.metrics.metric_source import metric_sources
from ecosystem.network import NetworkFile, load_networks
from ecosystem.network.network_source import network_sources, source_names
from ecosystem.scoring.column_source import Columns, ColumnSource, Years, column_values, column_years, stored_columns
from ecosystem.scoring.metric_names import MetricNames
from ecosystem.store import GraphStore


@dataclass(frozen=True, slots=True)
class Supply:
    """What values can be taken from: a store, the metrics and networks that it is asked for, a table, columns of both.

    `columns` are those of the table over those of the store, regions by their ids; None where no data are at hand, as
    when an index is checked by itself. `groups` are the columns of words that an imputation asks for.
    """

    metrics: Mapping[str, Metric]
    level: str = ""
    store: GraphStore | None = None
    table: ValueTable | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    columns: Columns | None = None
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    networks: Mapping[str, NetworkFile] = field(default_factory=load_networks)

    def column(self, name: str) -> Mapping[str, Years]:
        """The values of a column by region and year; none of one that is not there."""
        return (self.columns or {}).get(name, {})


@dataclass(frozen=True, slots=True)
class KindOfSource:
    """What the word before the colon of a source means.

    `known` gives the names that exist, None where no data are at hand to tell; `make` the sources of some of them, all
    at once, so that their faults are shown together and what they share is read once. `in_table`: a name is that of a
    column, which a table may hold.
    """

    known: Callable[[Supply], Collection[str] | None]
    make: Callable[[Collection[str], Supply], Mapping[str, IndicatorSource]]
    in_table: bool = False


def _metrics(names: Collection[str], supply: Supply) -> Mapping[str, IndicatorSource]:
    if supply.store is None:
        raise LookupError("a metric is run on a store")
    known = MetricNames(supply.metrics)
    return metric_sources({name: known[name] for name in names}, supply.store, supply.level)


def _networks(names: Collection[str], supply: Supply) -> Mapping[str, IndicatorSource]:
    if supply.store is None:
        raise LookupError("a network is found in a store")
    return network_sources(names, supply.networks, supply.store, supply.level)


def _columns(names: Collection[str], supply: Supply) -> Mapping[str, IndicatorSource]:
    return {name: ColumnSource(f"column:{name}", name, supply.column(name), supply.store) for name in names}


KINDS: dict[SourceKind, KindOfSource] = {
    "metric": KindOfSource(known=lambda supply: MetricNames(supply.metrics), make=_metrics),
    "network": KindOfSource(known=lambda supply: source_names(supply.networks), make=_networks),
    "column": KindOfSource(known=lambda supply: supply.columns, make=_columns, in_table=True),
}
"""Every kind of source that can be read: a new one is a class that is an `IndicatorSource`, and a line here."""


def known_sources(supply: Supply) -> dict[SourceKind, Collection[str]]:
    """The names that exist of each kind of source: none of a kind that cannot be read.

    A kind is left out where there are no data to tell what exists. What is scored and what is checked asks this.
    """
    found: dict[SourceKind, Collection[str]] = {}
    for kind in get_args(SourceKind):
        names = KINDS[kind].known(supply) if kind in KINDS else ()
        if names is not None:
            found[kind] = names
    return found


def exists(source: Source | None, known: Mapping[SourceKind, Collection[str]]) -> bool:
    """True where the source is surely there."""
    return source is not None and source.name in known.get(source.kind, ())


def tabled_columns(index: Index, table: ValueTable | None) -> dict[str, str]:
    """By code of an indicator the column of the table that holds it: the name of its source, else its own code."""
    if table is None:
        return {}
    found = ((leaf.code, column_of(table, *_column_names(leaf))) for leaf in index.leaves)
    return {code: column for code, column in found if column is not None}


def _column_names(leaf: Indicator) -> list[str]:
    """The columns in which an indicator may stand, the likeliest first."""
    kind = KINDS.get(leaf.source.kind) if leaf.source is not None else None
    return [leaf.source.name, leaf.code] if leaf.source and kind and kind.in_table else [leaf.code]


def supply_of(
    index: Index,
    level: str,
    store: GraphStore | None,
    table: ValueTable | None,
    ids: Mapping[str, str],
    metrics: Mapping[str, Metric],
    networks: Mapping[str, NetworkFile],
) -> Supply:
    """What an index can be scored from; `ids` gives the region id of each region of the table."""
    columns: dict[str, Mapping[str, Years]] = dict(stored_columns(store)) if store is not None else {}
    groups: dict[str, Mapping[str, str]] = {}
    if table is not None:
        for name in table.numbers:
            merged: dict[str, dict[int | None, float]] = {}
            for region, years in table.column(name).items():
                if region in ids:  # a region may be spelled otherwise in another year
                    merged.setdefault(ids[region], {}).update(years)
            columns[name] = merged
        named = {rule.group for rule in index.imputations} & {*table.numbers, *table.texts}
        for name in filter(None, named):
            groups[name] = {ids[region]: cell for region, cell in table.group(name).items() if region in ids}
    return Supply(metrics, level, store, table, ids, columns, groups, networks)


def sources_of(index: Index, supply: Supply) -> dict[str, IndicatorSource]:
    """The source of each indicator, by its code: its column of the table, else what its own source means.

    Without a store, what the table does not hold is a column without values.
    """
    tabled = tabled_columns(index, supply.table)
    names: dict[SourceKind, dict[str, None]] = {}
    for leaf in index.leaves:
        if leaf.source is not None and leaf.code not in tabled and supply.store is not None:
            names.setdefault(leaf.source.kind, {})[leaf.source.name] = None
    made = {kind: KINDS[kind].make(list(some), supply) for kind, some in names.items()}
    found: dict[str, IndicatorSource] = {}
    for leaf in index.leaves:
        if leaf.code in tabled:
            column = tabled[leaf.code]
            found[leaf.code] = ColumnSource(
                str(leaf.source), column, supply.column(column), None, supply.table, supply.ids
            )
        elif leaf.source is not None and leaf.source.kind in made:
            found[leaf.code] = made[leaf.source.kind][leaf.source.name]
        else:
            found[leaf.code] = ColumnSource(str(leaf.source), leaf.code, {})
    return found


def refuse_unknown_sources(index: Index, supply: Supply, *, partial: bool = False) -> None:
    """Raise SpecError for the indicators that come from nothing: no metric, no column of the store or of the table.

    With `partial` a column may be lacking, though not all that a table without a graph should have.
    """
    if supply.table is not None and supply.store is None:
        faults = lacking_columns(index, supply.table)
        if partial and len(faults) < len(index.leaves):
            faults = [one for one in faults if one.code != "unknown_source"]
    else:
        tabled = tabled_columns(index, supply.table)
        known = known_sources(replace(supply, columns=None) if partial else supply)
        rows = {row.row: row.code for row in index.indicators}
        faults = [
            one
            for one in check_index(index, known_sources=known)
            if one.code == "unknown_source" and (one.row is None or rows[one.row] not in tabled)
        ]
    if faults:
        hint = tr(
            "a metric is a file in cypher/metrics or --metrics, a column is in region_values.csv or --values, a "
            "measure of a network is written network:bridging(enablement)"
        )
        raise SpecError(tr("index {id} has sources that do not exist", id=index.id), hint=hint, findings=faults)


def lacking_columns(index: Index, table: ValueTable) -> list[Finding]:
    """An error for every indicator that no column of a table holds, and for a column that holds text."""
    tabled = tabled_columns(index, table)
    return [_lacking(leaf, table) for leaf in index.leaves if leaf.code not in tabled]


def _lacking(leaf: Indicator, table: ValueTable) -> Finding:
    names = _column_names(leaf)
    mixed = next((table.mixed[name] for name in names if name in table.mixed), None)
    if mixed is not None:
        return mixed
    message = tr("{file} has no column for indicator {code!r}", file=table.file, code=leaf.code)
    hint = near_columns(table, names[0])
    return Finding("error", "unknown_source", message, "indicators.csv", leaf.row, "source", None, hint)


def auxiliary(
    index: Index, regions: Sequence[str], supply: Supply, window: Window, sources: Mapping[str, IndicatorSource]
) -> Auxiliary:
    """What the index asks for beside its indicators, columns and groups, as far as it is there, for one matrix."""
    return Auxiliary(
        {name: column_values(supply.column(name), regions, window) for name in _denominators(index, supply)},
        _groups(supply, regions),
        earlier=_earlier(index, regions, window, sources),
    )


def _earlier(
    index: Index, regions: Sequence[str], window: Window, sources: Mapping[str, IndicatorSource]
) -> dict[str, FloatArray]:
    """By code of an indicator whose growth is asked for, its values (R,) as many years before as the rule says.

    Columns with years alone have them: what a removal leaves of a metric is counted for the years that are scored.
    """
    found = {}
    for leaf in index.leaves:
        back = next((rule.over for rule in leaf.own.transformation if looks_back(rule)), 0)
        now = sources[leaf.code].values(regions, window).years if back else None
        if now is not None:
            before = np.full(len(regions), np.nan)
            for year in {year for year in now if year is not None}:
                rows = [row for row, own in enumerate(now) if own == year]
                values = sources[leaf.code].values(regions, Window(year - back, year - back)).values
                before[rows] = values[rows]
            found[leaf.code] = before
    return found


def denominator_years(
    index: Index, regions: Sequence[str], supply: Supply, window: Window
) -> dict[str, Sequence[int | None]]:
    """By `denominator NAME` the year (R,) of each value that `auxiliary` gives, of the columns that have years."""
    held = {name: supply.column(name) for name in _denominators(index, supply)}
    dated = {
        name: one for name, one in held.items() if any(year is not None for years in one.values() for year in years)
    }
    return {f"denominator {name}": column_years(one, regions, window) for name, one in dated.items()}


def auxiliary_by_year(
    index: Index,
    regions: Sequence[str],
    supply: Supply,
    years: Sequence[int],
    sources: Mapping[str, IndicatorSource],
) -> Auxiliary:
    """The same for a panel: columns `(years, regions)`; a column without a year is that of all years."""
    each = [auxiliary(index, regions, supply, Window(year, year), sources) for year in years]
    columns = {name: np.stack([one.denominators[name] for one in each]) for name in each[0].denominators}
    earlier = {code: np.stack([one.earlier[code] for one in each]) for code in each[0].earlier}
    return Auxiliary(columns, each[0].groups, tuple(years), earlier=earlier)


def _denominators(index: Index, supply: Supply) -> list[str]:
    """The columns that some indicator looks at beside its own; where one is not there, all, to name the nearest."""
    known = supply.columns or {}
    named = dict.fromkeys(leaf.denominator for leaf in index.leaves if leaf.denominator)
    named |= dict.fromkeys(name for leaf in index.leaves for name in columns_of(leaf.own.transformation))
    absent = named.keys() - known.keys() - {SHARE_OF_TOTAL, *(leaf.code for leaf in index.leaves)}
    return [name for name in (known if absent else named) if name in known]


def _groups(supply: Supply, regions: Sequence[str]) -> dict[str, list[str | None]]:
    return {name: [cells.get(region) for region in regions] for name, cells in supply.groups.items()}
