"""An index held against a loaded graph: which indicators and regions would have no value, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ecosystem.errors import Finding, MetricError, SpecError, UsageError
from ecosystem.index.spec import Index, Level, SourceKind
from ecosystem.messages import tr
from ecosystem.metrics import Metric
from ecosystem.metrics.metric_check import bind_metrics
from ecosystem.query.file_check import lacking
from ecosystem.regions import Regions
from ecosystem.scoring.column_source import stored_columns
from ecosystem.scoring.score import in_hierarchy, ranked
from ecosystem.scoring.sources import Supply, known_sources
from ecosystem.store import GraphStore, stored_regions

SHOWN = 5
"""Regions that a finding names."""


def check_store(index: Index, store: GraphStore, metrics: Mapping[str, Metric]) -> Iterator[Finding]:
    """A finding for each metric that does not fit the graph or finds nothing in it, and each level that lacks regions.

    Nothing is measured: the queries are held against the labels, links and properties that the graph has.
    """
    regions = stored_regions(store)
    where = tr("the hierarchy of {url}", url=store.url)
    for level in index.levels.values():
        yield from _regions(level, regions, where)
    for name, codes in _used(index, metrics).items():
        try:
            bound = bind_metrics([metrics[name]], store.schema)[name]
        except MetricError as err:
            yield from err.findings
            continue
        if (reason := lacking(bound)) is not None:
            message = tr("{codes}: missing for all regions: {reason}", codes=", ".join(codes), reason=reason)
            hint = tr("load a dataset that has them, or leave the indicator out")
            yield Finding("warning", "no_data", message, "indicators.csv", None, "source", f"metric:{name}", hint)


def sources_in(store: GraphStore, metrics: Mapping[str, Metric]) -> dict[SourceKind, Collection[str]]:
    """The names of each kind of source that a graph has: its metrics, and the columns of its table of region values."""
    return known_sources(Supply(metrics, store=store, columns=stored_columns(store)))


def _used(index: Index, metrics: Mapping[str, Metric]) -> dict[str, list[str]]:
    """The metrics of the index that exist, each with the codes of the indicators that need it."""
    used: dict[str, list[str]] = {}
    for leaf in index.leaves:
        source = leaf.source
        if source is not None and source.kind == "metric" and source.name in metrics:
            used.setdefault(source.name, []).append(leaf.code)
    return used


def _regions(level: Level, regions: Regions, where: str) -> Iterator[Finding]:
    """What a level ranks and the graph does not know."""
    try:
        _, absent = ranked(in_hierarchy(level, regions, where), regions, where)
    except (SpecError, UsageError) as err:
        yield Finding("error", "no_regions", err.message, "index.toml", None, level.name, None, err.hint)
        return
    if absent:
        some = ", ".join(absent[:SHOWN]) + (" ..." if len(absent) > SHOWN else "")
        message = tr("level {level}: {where} has no {regions}: not ranked", level=level.name, where=where, regions=some)
        yield Finding("warning", "not_in_store", message, "index.toml", None, level.name)
