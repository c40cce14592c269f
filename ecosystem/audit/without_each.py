"""The values of indicators without each label, source of data or year of the evidence, many variants at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ecosystem.audit.graph_variants import AuditedScores, Tell, Variants, variants
from ecosystem.audit.selection import node_labels
from ecosystem.index import Text
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import ChangedValues, IndicatorSource
from ecosystem.messages import tr
from ecosystem.metrics.metric_source import MetricSource
from ecosystem.network.network_source import NetworkSource
from ecosystem.notebook import named
from ecosystem.progress import Progress
from ecosystem.query import parse
from ecosystem.query.printer import name_text
from ecosystem.query.provenance import HIERARCHY, labels_matched, types_matched
from ecosystem.removals import NO_CODES, Members, Removals
from ecosystem.scoring.column_source import ColumnSource
from ecosystem.store import GraphStore

Queried = MetricSource | NetworkSource
PLACE = "LOCATED_IN"
"""Links that say where something is: without them nothing is anywhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Without:
    """What is left out, codes with their names, and the values (n, R, K) without each; what has to be said of it."""

    items: Mapping[str, Text]
    values: FloatArray
    said: tuple[str, ...] = ()


def without_labels(audit: AuditedScores, progress: Progress, tell: Tell) -> Without:
    """Without all nodes of each label that the indicators match."""
    store = audit.graph.store
    asked = {label for source in _queried(audit) for label in labels_matched(source.query)}
    labels = [label for label in node_labels(store) if label in asked]
    nodes = {label: store.entities.of(label).index.to_numpy() for label in labels}
    found = variants(audit, _removals(labels, nodes, {}), progress=progress, tell=tell)
    known = store.schema.model.labels
    return Without({label: Text(known[label].zh, label) for label in labels}, found.values(0, len(labels)))


def without_sources(audit: AuditedScores, progress: Progress, tell: Tell) -> Without:
    """Without each source that nodes and links name, else without each type of links; and without each table."""
    store = audit.graph.store
    said: tuple[str, ...] = ()
    nodes, links = _by_source(store)
    if not nodes and not links:
        kinds = {kind for source in _queried(audit) for kind in types_matched(source.query)}
        links = {kind: store.entities.of(kind).index.to_numpy() for kind in sorted(kinds - {*HIERARCHY, PLACE})
                 if store.schema.counts.get(kind)}  # fmt: skip
        said = (tr("no column `source`: each type of links is taken as a source"),)
    names = sorted({*nodes, *links})
    values = variants(audit, _removals(names, nodes, links), progress=progress, tell=tell).values(0, len(names))
    tables = _tables(audit)
    emptied = np.repeat(audit.scores.standing.raw[None], len(tables), axis=0)
    for place, columns in enumerate(tables.values()):
        emptied[place][:, columns] = np.nan
    known = store.schema.model.links
    items = {name: Text(known[name].zh, name) if name in known else Text(name, name) for name in names}
    return Without(items | {name: Text(name, name) for name in tables}, np.concatenate([values, emptied]), said)


def without_years(audit: AuditedScores, progress: Progress, tell: Tell) -> Without:
    """Without the matches that are dated by each year of the window, indicator by indicator."""
    dated = [_dated(source, audit) for source in audit.sources]
    window = audit.scores.window
    found_years = sorted({int(year) for one in dated for year in one.years})
    years = [year for year in found_years if (window.since or year) <= year <= (window.until or year)]
    cells: dict[int, ChangedValues] = {}
    for place, source in enumerate(audit.sources):
        progress("indicators", place, len(audit.sources))
        base = audit.scores.standing.raw[:, place]
        if not len(dated[place].years):
            continue
        if isinstance(source, ColumnSource):
            cells[place] = ChangedValues.between(base, (_column_without(source, year, audit) for year in years))
        elif (changed := source.without(dated[place].without(years), audit.graph, base, progress=progress)) is not None:
            cells[place] = changed
    found = Variants(audit, Removals(len(years), _nobody(), _nobody()), cells)
    undated = [leaf.code for place, leaf in enumerate(audit.scores.index.leaves) if place not in cells]
    said = (tr("not dated, so it stays in every year: {codes}", codes=named(undated, 8)),) if undated else ()
    return Without({str(year): Text(str(year), str(year)) for year in years}, found.values(0, len(years)), said)


def _queried(audit: AuditedScores) -> Iterator[Queried]:
    yield from (source for source in audit.sources if isinstance(source, Queried) and source.no_matches is None)


def _nobody() -> Members:
    return Members(NO_CODES, NO_CODES)


Codes = Mapping[str, IntArray]


def _removals(names: Collection[str], nodes: Codes, links: Codes) -> Removals:
    """A variant for each name, without its nodes and links."""
    members = []
    for codes in (nodes, links):
        parts = [codes.get(name, NO_CODES) for name in names]
        places = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        members.append(Members.of(places, np.concatenate([NO_CODES, *parts])))
    return Removals(len(names), members[0], members[1])


def _by_source(store: GraphStore) -> tuple[Codes, Codes]:
    """The codes of the nodes and of the links of each source that the column `source` names."""
    schema = store.schema
    labels = [label for label in node_labels(store) if "source" in schema.nodes.get(label, {})]
    kinds = [kind for kind in schema.links if "source" in schema.links[kind] and kind not in (*HIERARCHY, PLACE)]
    return _named(store, labels, "(x:{})"), _named(store, kinds, "()-[x:{}]->()")


def _named(store: GraphStore, kinds: Collection[str], pattern: str) -> Codes:
    frames = [_read(store, pattern.format(name_text(kind)), "source") for kind in kinds]
    if not frames:
        return {}
    whole = pd.concat(frames)
    return {str(name): codes.to_numpy() for name, codes in whole.groupby("source")["code"]}


def _read(store: GraphStore, pattern: str, name: str) -> pd.DataFrame:
    """The codes of what has a property, and what it is."""
    column = name_text(name)
    text = f"MATCH {pattern} WHERE x.{column} IS NOT NULL RETURN x AS code, x.{column} AS {column}"
    frame: pd.DataFrame = store.query(parse(text)).read_all().to_pandas()
    return frame


def _tables(audit: AuditedScores) -> dict[str, list[int]]:
    """The places of the indicators that each table of values gives."""
    found: dict[str, list[int]] = {}
    for place, source in enumerate(audit.sources):
        if isinstance(source, ColumnSource):
            name = source.table.file if source.table is not None else tr("region values")
            found.setdefault(name, []).append(place)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Dated:
    """The years (n,) that date an indicator, and the nodes or the links (n,) that they are of; none of a column."""

    years: IntArray
    codes: IntArray
    of_nodes: bool = True

    def without(self, years: Collection[int]) -> Removals:
        """A variant for each of some years, without what it dates."""
        parts = [self.codes[self.years == year] for year in years]
        places = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        members = Members.of(places, np.concatenate([NO_CODES, *parts]))
        return Removals(len(parts), members, _nobody()) if self.of_nodes else Removals(len(parts), _nobody(), members)


def _dated(source: IndicatorSource, audit: AuditedScores) -> _Dated:
    """What dates an indicator, as far as its values rest on it."""
    graph = audit.graph
    if isinstance(source, ColumnSource):
        used = source.values(graph.regions, graph.window).years or ()
        return _Dated(np.array(sorted({year for year in used if year is not None}), np.int64), NO_CODES)
    if not isinstance(source, Queried) or source.no_matches is not None:
        return _Dated(NO_CODES, NO_CODES)
    dated = (source.metric if isinstance(source, MetricSource) else source.file).dated
    if dated is None:
        return _Dated(NO_CODES, NO_CODES)
    of_nodes = dated.variable in source.query.bindings.nodes
    matches = source.matches(graph, links=not of_nodes)
    matched = (matches.nodes if of_nodes else matches.links)[dated.variable]
    pattern = "(x:{})" if of_nodes else "()-[x:{}]->()"
    kinds = [kind for kind in source.query.bindings.of(dated.variable) if graph.store.schema.counts.get(kind)]
    known = pd.concat([_read(graph.store, pattern.format(name_text(kind)), dated.name) for kind in kinds])
    frame = known[known["code"].isin(np.unique(matched))]
    return _Dated(frame[dated.name].to_numpy(dtype=np.int64), frame["code"].to_numpy(dtype=np.int64), of_nodes)


def _column_without(source: ColumnSource, year: int, audit: AuditedScores) -> FloatArray:
    """The values (R,) of a column without those of a year: that of the latest other year takes their place."""
    held = {
        region: {one: value for one, value in years.items() if one != year} for region, years in source.held.items()
    }
    return replace(source, held=held).values(audit.graph.regions, audit.graph.window).values
