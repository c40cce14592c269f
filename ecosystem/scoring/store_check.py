"""An index held against a loaded graph: which indicators and regions would have no value, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ecosystem.errors import Finding, MetricError, NetworkError, SpecError, UsageError
from ecosystem.index.spec import Index, Level, Source, SourceKind
from ecosystem.messages import tr
from ecosystem.metrics import Metric
from ecosystem.network import NetworkFile, load_networks
from ecosystem.regions import Regions
from ecosystem.scoring.column_source import stored_columns
from ecosystem.scoring.ranked_regions import in_hierarchy, ranked
from ecosystem.scoring.sources import KINDS, Supply, exists, known_sources
from ecosystem.store import GraphStore, stored_regions

SHOWN = 5
"""Regions that a finding names."""


def check_store(
    index: Index,
    store: GraphStore,
    metrics: Mapping[str, Metric],
    networks: Mapping[str, NetworkFile] | None = None,
) -> Iterator[Finding]:
    """A finding for each metric or network that does not fit the graph or finds nothing in it, and each level that
    lacks regions.

    Nothing is measured: the queries are held against the labels, links and properties that the graph has.
    """
    regions = stored_regions(store)
    where = tr("the hierarchy of {url}", url=store.url)
    for level in index.levels.values():
        yield from _regions(level, regions, where)
    if not regions.levels:
        return
    # what is lacking is the same at every level
    supply = Supply(metrics, regions.levels[0], store, networks=load_networks() if networks is None else networks)
    for source, codes in _used(index, known_sources(supply)).items():
        try:
            reason = KINDS[source.kind].make([source.name], supply)[source.name].no_matches
        except (MetricError, NetworkError) as err:
            yield from err.findings
            continue
        if reason is not None:
            message = tr("{codes}: missing for all regions: {reason}", codes=", ".join(codes), reason=reason)
            hint = tr("load a dataset that has them, or leave the indicator out")
            yield Finding("warning", "no_data", message, "indicators.csv", None, "source", str(source), hint)


def sources_in(
    store: GraphStore, metrics: Mapping[str, Metric], networks: Mapping[str, NetworkFile] | None = None
) -> dict[SourceKind, Collection[str]]:
    """The names of each kind of source that a graph has: metrics, measures of networks, columns of region values."""
    found = load_networks() if networks is None else networks
    return known_sources(Supply(metrics, store=store, columns=stored_columns(store), networks=found))


def _used(index: Index, known: Mapping[SourceKind, Collection[str]]) -> dict[Source, list[str]]:
    """The metrics and networks of the index that exist, each with the codes of the indicators that need it."""
    used: dict[Source, list[str]] = {}
    for leaf in index.leaves:
        source = leaf.source
        if source is not None and source.kind != "column" and exists(source, known):
            used.setdefault(source, []).append(leaf.code)
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
