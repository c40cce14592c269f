"""Metrics run on a store: a value per region, what is missing and why, and the evidence on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.errors import MetricError, UsageError, did_you_mean
from ecosystem.indicator_source import Window
from ecosystem.messages import tr
from ecosystem.metrics.evidence import Evidence, fetch
from ecosystem.metrics.metric import Metric, find_metric, load_metrics
from ecosystem.metrics.metric_check import bind_metrics
from ecosystem.notebook import few_lines, html_table, named
from ecosystem.progress import Progress, silent
from ecosystem.query import BoundQuery
from ecosystem.query.aggregates import KNOWN, made
from ecosystem.query.currency import in_currency
from ecosystem.query.file_check import lacking
from ecosystem.query.provenance import counting_unclassed, counting_undated, evidence, unclassed, undated
from ecosystem.query.recompute import add_up, evaluate
from ecosystem.query.statement_tree import Item
from ecosystem.query.tree import Call
from ecosystem.regions import level_named
from ecosystem.store import GraphStore, made_of, regions_at


def _empty(column: str, kind: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"metric": pd.Series(dtype="str"), "region": pd.Series(dtype="str"), column: pd.Series(dtype=kind)}
    )


VALUES = _empty("value", "float64")
"""The values of no metric."""
UNDATED = _empty("undated", "int64")
"""The matches without a year, where there are none."""
UNCLASSED = _empty("unclassed", "int64")
"""The matches that no class of a metric takes, where there are none."""


@dataclass(frozen=True)
class Measures:
    """What metrics say of every region of one level.

    `values` has the columns `metric, region, value`: a count or a sum of nothing is 0, any other value of
    nothing NaN.
    `missing` gives the reason for each metric on which the dataset says nothing: NaN everywhere. `undated` has
    `metric, region, undated`: the matches without a year, which a flow leaves out under a window and a stock keeps.
    `unclassed` has `metric, region, unclassed`: the matches that no WHEN of a CASE without ELSE takes, e.g. policies
    without a category; they count nothing.
    """

    level: str
    window: Window
    metrics: Mapping[str, Metric]
    values: pd.DataFrame
    missing: Mapping[str, str]
    undated: pd.DataFrame
    unclassed: pd.DataFrame
    store: GraphStore = field(repr=False)
    _queries: Mapping[str, BoundQuery] = field(repr=False)

    def evidence(self, metric: str) -> Evidence:
        """The matches behind a metric's values."""
        if metric not in self.metrics:
            raise MetricError(
                tr("the metric {metric!r} was not measured", metric=metric), hint=did_you_mean(metric, self.metrics)
            )
        chosen = self.metrics[metric]
        query = in_window(chosen, self._queries[chosen.id], self.window)
        return fetch(chosen, query, parameters_of(chosen, self.level, self.window), self.store)

    def table(self) -> pd.DataFrame:
        """Regions down, metrics across."""
        wide = self.values.pivot(index="region", columns="metric", values="value")
        return wide.reindex(columns=list(self.metrics))[list(self.metrics)]

    def to_pandas(self) -> pd.DataFrame:
        """The values in tidy long form."""
        return self.values.copy()

    @property
    def _title(self) -> str:
        facts = {"metrics": len(self.metrics), "regions": self.values["region"].nunique(), "level": self.level}
        if self.window.given:
            return tr(
                "{metrics} metrics of {regions} regions, level {level}, years {years}", years=self.window, **facts
            )
        return tr("{metrics} metrics of {regions} regions, level {level}", **facts)

    def __repr__(self) -> str:
        missing = tr("without any value: {names}", names=named(self.missing)) if self.missing else ""
        store, more = tr("store: {url}", url=self.store.url), "table(), to_pandas(), evidence(METRIC)"
        return few_lines(self._title, tr("metrics: {names}", names=named(self.metrics)), missing, store, more=more)

    def _repr_html_(self) -> str:
        return html_table(self._title, self.table().reset_index())


def measure(
    store: GraphStore | str | Path,
    metrics: Mapping[str, Metric] | Sequence[Metric | str] | str | None = None,
    *,
    level: str = "province",
    since: int | None = None,
    until: int | None = None,
    progress: Progress = silent,
) -> Measures:
    """Run metrics on a store for every region of a level; without `metrics`, all that are shipped.

    A shipped metric may be given by its id or by its title, a level by its name, in either language; a store by its
    path or URL: it is then closed when the measures are no longer there. Raises MetricError for a name that no metric
    has, and with the faults of all metrics before any of them runs; UsageError for an unknown level.

    >>> measures = ecosystem.measure("demo/graph.duckdb", ["company_count", "enablement_links"])
    >>> int(measures.table().loc["110000", "company_count"])
    618
    """
    chosen, window = _chosen(metrics), Window(since, until)

    def measured(graph: GraphStore | None) -> Measures:
        if graph is None:
            raise UsageError(tr("metrics are run on a store"), hint=tr("give an open one, or its path"))
        return _measured(graph, chosen, level, window, progress)

    return made_of(store, measured)


def _chosen(metrics: Mapping[str, Metric] | Sequence[Metric | str] | str | None) -> dict[str, Metric]:
    """The metrics by their ids, those that are named found among the shipped ones."""
    if isinstance(metrics, Mapping):
        return dict(metrics)
    shipped = load_metrics()
    if metrics is None:
        return shipped
    named = [metrics] if isinstance(metrics, str) else metrics
    found = [find_metric(metric, shipped) if isinstance(metric, str) else metric for metric in named]
    return {metric.id: metric for metric in found}


def _measured(store: GraphStore, chosen: dict[str, Metric], level: str, window: Window, progress: Progress) -> Measures:
    chosen = {name: in_currency(metric, store.schema.model) for name, metric in chosen.items()}
    queries = bind_metrics(chosen.values(), store.schema)
    level = level_named(level)
    regions = regions_at(store, level)
    values, missing, undated_rows, unclassed_rows = [VALUES], {}, [UNDATED], [UNCLASSED]
    for number, metric in enumerate(chosen.values()):
        progress(tr("metrics"), number, len(chosen))
        query = queries[metric.id]
        reason = lacking(query)
        if reason is None:
            value, without_date, without_class = measure_one(store, metric, query, level, window, regions)
            undated_rows.append(without_date)
            unclassed_rows.append(without_class)
        else:
            missing[metric.id] = reason
            value = pd.DataFrame({"metric": metric.id, "region": regions, "value": np.nan})
        values.append(value)
    progress(tr("metrics"), len(chosen), len(chosen))
    measured, without_year, left_out = (
        pd.concat(frames, ignore_index=True) for frames in (values, undated_rows, unclassed_rows)
    )
    return Measures(level, window, chosen, measured, missing, without_year, left_out, store, queries)


def in_window(metric: Metric, query: BoundQuery, window: Window) -> BoundQuery:
    """The metric's query with the window that its header asks for."""
    return metric.inside(query, window.since, window.until)


def parameters_of(metric: Metric, level: str, window: Window) -> dict[str, object]:
    """The values of every parameter that a metric may use."""
    return metric.arguments(level, window.since, window.until)


def value_of_nothing(query: BoundQuery, parameters: Mapping[str, object]) -> float:
    """What the value is where nothing matches: counts and sums are 0, a mean, a minimum or a ratio over 0 is NaN."""
    totals = {call: np.array([KNOWN[call.function].nothing]) for call in query.aggregates}
    return float(evaluate(query.value, totals, parameters, 1)[0])


def measure_one(
    store: GraphStore, metric: Metric, query: BoundQuery, level: str, window: Window, regions: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """A metric's value for every region; the number of matches without a year, and of those that no class of it takes.

    Either number is given for the regions that have any.
    """
    parameters = parameters_of(metric, level, window)
    inside, dated = in_window(metric, query, window), metric.dated
    # a flow leaves undated matches out of a window: only then are they counted apart
    apart = metric.dating == "flow" and window.given
    if dated is not None and not apart:
        inside = counting_undated(inside, dated)
    cases = unclassed(query)
    if cases:
        inside = counting_unclassed(inside, cases)
    table = totals(store, inside, parameters)
    blank = store.query(undated(query, dated), parameters).read_all() if dated is not None and apart else table
    numbers = table["value"].cast(pa.float64(), safe=False)
    found = dict(zip(table["region"].to_pylist(), numbers.to_pylist(), strict=True))
    nothing = value_of_nothing(query, parameters)
    column = np.array([found.get(region, nothing) for region in regions], dtype=np.float64)
    values = pd.DataFrame(
        # adding 0 makes a zero of -0
        {"metric": metric.id, "region": list(regions), "value": np.where(np.isfinite(column), column + 0.0, np.nan)}
    )
    return (
        values,
        _some(metric, "undated", blank, regions) if dated is not None else UNDATED,
        _some(metric, "unclassed", table, regions) if cases else UNCLASSED,
    )


def _some(metric: Metric, column: str, table: pa.Table, regions: Sequence[str]) -> pd.DataFrame:
    """A count per region out of a table, of the regions where it is not 0."""
    counts = dict(zip(table["region"].to_pylist(), table[column].cast(pa.int64()).to_pylist(), strict=True))
    some = [region for region in regions if counts.get(region)]
    return pd.DataFrame({"metric": metric.id, "region": some, column: [counts[region] for region in some]})


def totals(store: GraphStore, query: BoundQuery, parameters: Mapping[str, object]) -> pa.Table:
    """The rows of a query that groups by region: `region` and a column per aggregate, the same digits on every store.

    A store whose sums are not exact is asked for the arguments where floats are added, equal ones counted.
    """
    if store.exact_sums or not any(_rounds(call, query) for call in query.aggregates):
        return store.query(query, parameters).read_all()
    matches = evidence(query)
    given = (item for item in matches.query.items if not item.alias.startswith(("node_", "link_")))
    counted = matches.returning((*given, Item(Call("count", ()), "times")))
    rows = store.query(counted, parameters).read_all()
    return add_up(query, rows.take(np.repeat(np.arange(rows.num_rows), rows["times"].to_numpy())), parameters)


def _rounds(call: Call, query: BoundQuery) -> bool:
    """Whether the digits of an aggregate depend on how it is added up."""
    floats = call.function != "count" and query.type_of(call.arguments[0]) == "float"
    return made(call) == "spread" or (floats and made(call) != "order")
