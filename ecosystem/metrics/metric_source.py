"""A metric as the source of an indicator: its values, its matches, and its values without some nodes or links."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow.compute as pc

from ecosystem.errors import UsageError
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import AuditedGraph, ChangedValues, Record, RegionValues, Window
from ecosystem.messages import tr
from ecosystem.metrics.contributions import why_no_sum
from ecosystem.metrics.evidence import Evidence, fetch
from ecosystem.metrics.matches import Matches, read_matches
from ecosystem.metrics.measure import (
    in_window,
    measure_one,
    parameters_of,
    totals,
    value_of_nothing,
)
from ecosystem.metrics.metric import Metric
from ecosystem.metrics.metric_check import bind_metrics
from ecosystem.metrics.recount import recount
from ecosystem.presence import Presence
from ecosystem.progress import Progress, silent
from ecosystem.query import BoundQuery
from ecosystem.query.currency import in_currency
from ecosystem.query.file_check import lacking
from ecosystem.query.provenance import WITHOUT, without
from ecosystem.query.traversal import walk
from ecosystem.query.tree import Binary, Not
from ecosystem.removals import Removals
from ecosystem.store import GraphStore, regions_at


@dataclass(frozen=True, slots=True, eq=False)
class MetricSource:
    """A metric on a store at one level of regions: an `IndicatorSource`.

    `query` is the metric's, checked and bound to what the store holds; `level_regions` are all regions of the level.
    """

    metric: Metric
    query: BoundQuery = field(repr=False)
    level: str
    level_regions: Sequence[str] = field(repr=False)
    store: GraphStore = field(repr=False)

    origin: None = None
    years: None = None

    @property
    def name(self) -> str:
        """The id of the metric."""
        return self.metric.id

    @property
    def digest(self) -> str:
        """The SHA-256 of the metric's text."""
        return hashlib.sha256(self.metric.text.encode()).hexdigest()

    @property
    def dated(self) -> bool:
        """True where the header says by which year a window selects."""
        return self.metric.dated is not None

    @property
    def no_matches(self) -> str | None:
        """What the dataset lacks that the metric needs; None where it has all."""
        return lacking(self.query)

    @property
    def queried_anew(self) -> bool:
        """True where matches do not tell what a removal changes."""
        return self.metric.provenance == "recompute"

    @property
    def unsummed(self) -> str | None:
        """That it is a mean, a minimum or the like, or a ratio or product of aggregates; None for counts and sums."""
        return why_no_sum(self.query, parameters_of(self.metric, self.level, Window()))

    def at(self, level: str) -> MetricSource | None:
        """The metric for the regions of another level; None for a level that no region has."""
        try:
            regions = tuple(regions_at(self.store, level))
        except UsageError:  # it names the levels that there are, and here none is asked for by a person
            return None
        return replace(self, level=level, level_regions=regions)

    def values(self, regions: Sequence[str], window: Window) -> RegionValues:
        """The values of some regions of the level, NaN for any other; and the matches without a year of all of them."""
        reason = self.no_matches
        if reason is not None:
            return RegionValues(np.full(len(regions), np.nan), reason)
        found = measure_one(self.store, self.metric, self.query, self.level, window, self.level_regions)
        measured, undated, unclassed = found
        values = measured.set_index("region")["value"].reindex(list(regions)).to_numpy(dtype=np.float64)
        reason = tr("no region has a value of {id}", id=self.metric.id)
        return RegionValues(values, reason, int(undated["undated"].sum()), unclassed=int(unclassed["unclassed"].sum()))

    def evidence(self, window: Window) -> Evidence:
        """The matches behind the values of all regions, as a table."""
        query, parameters = self._prepared(window)
        return fetch(self.metric, query, parameters, self.store)

    def _prepared(self, window: Window) -> tuple[BoundQuery, dict[str, object]]:
        """The query inside a window, and the values of its parameters."""
        return in_window(self.metric, self.query, window), parameters_of(self.metric, self.level, window)

    def matches(self, graph: AuditedGraph, *, links: bool = False) -> Matches:
        """The matches of the ranked regions as arrays, read once in an audit."""
        wide = links or self.metric.provenance == "witnessed"
        if not wide:
            # what was read with its links answers for those without
            wide = graph.has((self, True))
        return graph.once(
            (self, wide), lambda: read_matches(self.metric, *self._prepared(graph.window), graph, links=wide)
        )

    def without(
        self, removals: Removals, graph: AuditedGraph, base: FloatArray, *, progress: Progress = silent
    ) -> ChangedValues | None:
        """The values that the removals change: counted from the matches that are left, or queried for each variant.

        A monotone metric loses the matches of what is removed; a witnessed one also those whose last witness goes; any
        other is queried again. None where the dataset lacks what the metric needs.
        """
        if self.no_matches is not None:
            return None
        presence = graph.once(Presence, lambda: Presence(graph.store))
        if self.queried_anew:
            gone = presence.silent(self.query, removals, np.arange(removals.count))
            return ChangedValues.between(base, self._variants(removals, graph, progress), gone)
        matches = self.matches(graph, links=len(removals.links.codes) > 0)
        lost = matches.lost(removals)
        gone = presence.silent(self.query, removals, _suspects(matches, lost, removals.count))
        return recount(matches, lost, len(graph.regions), gone)

    def _variants(self, removals: Removals, graph: AuditedGraph, progress: Progress) -> Iterator[FloatArray]:
        """The values (R,) of each variant, one after the other, queried from the graph without its entities."""
        query, parameters = self._prepared(graph.window)
        statement, nothing = without(query), value_of_nothing(query, parameters)
        for variant in range(removals.count):
            progress(self.name, variant, removals.count)
            table = totals(self.store, statement, parameters | {WITHOUT: graph.ids(removals, variant)})
            numbers = table["value"].cast("float64", safe=False).to_pylist()
            found = dict(zip(table["region"].to_pylist(), numbers, strict=True))
            values = np.array([found.get(region, nothing) for region in graph.regions], dtype=np.float64)
            yield np.where(np.isfinite(values), values + 0.0, np.nan)
        progress(self.name, removals.count, removals.count)

    def records(self, regions: Sequence[str], values: FloatArray) -> list[Record | None]:
        """No table has a value: all are made of matches."""
        return [None] * len(regions)


def metric_sources(metrics: Mapping[str, Metric], store: GraphStore, level: str) -> dict[str, MetricSource]:
    """A source for each metric, by its id. Raises as `measure`, with the faults of all metrics together."""
    if not metrics:
        return {}
    metrics = {name: in_currency(metric, store.schema.model) for name, metric in metrics.items()}
    queries = bind_metrics(metrics.values(), store.schema)
    regions = tuple(regions_at(store, level))
    return {name: MetricSource(metric, queries[metric.id], level, regions, store) for name, metric in metrics.items()}


def _suspects(matches: Matches, lost: tuple[IntArray, IntArray], count: int) -> IntArray:
    """The variants that may lack something the metric needs: no match is left, or one with every argument null.

    A match that is left shows that all it needs is there, unless a negated condition was true of a null.
    """
    everyone = np.arange(count)
    if any(isinstance(node, Not) and isinstance(node.operand, Binary) for node in walk(matches.query.query)):
        return everyone
    variants, rows = lost
    found = np.bincount(variants, minlength=count) == len(matches)
    for column in matches.arguments:
        if column is not None:
            present = pc.is_valid(column).to_numpy()
            found |= np.bincount(variants[present[rows]], minlength=count) == present.sum()
    return np.asarray(everyone[found])
