"""A measure of a network as the source of an indicator: its values, the links behind them, and it without some of them.

A source is written `network:bridging(enablement)`: a measure of regions, and in brackets a network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product

import numpy as np
import pyarrow as pa

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import AuditedGraph, ChangedValues, Record, RegionValues, Window
from ecosystem.messages import tr, tr_later
from ecosystem.network.linkage import Linkage, linkage
from ecosystem.network.measure import Measure
from ecosystem.network.measures import measures_of, region_values, regional
from ecosystem.network.network import Network
from ecosystem.network.network_evidence import NetworkEvidence, NetworkMatches, codes, network_matches
from ecosystem.network.network_file import NetworkFile, bind_networks
from ecosystem.presence import Presence
from ecosystem.progress import Progress, silent
from ecosystem.query import BoundQuery
from ecosystem.query.currency import in_currency
from ecosystem.query.file_check import lacking
from ecosystem.query.recompute import add_up
from ecosystem.regions.hierarchy import GROUP
from ecosystem.removals import Removals, lost_rows
from ecosystem.store import GraphStore


def source_names(networks: Collection[str]) -> list[str]:
    """Every name that a source can have: a measure of regions on one of some networks."""
    return [f"{measure}({network})" for measure, network in product(measures_of("region"), networks)]


@dataclass(frozen=True, slots=True, eq=False)
class NetworkSource:
    """A measure of regions on a network of a store at one level: an `IndicatorSource`.

    A value is computed from all edges of the network, and no edge has a share of its own in it: what a removal changes
    is computed anew, from the edges that are left. `together` are all measures that are asked for on this network: in
    an audit each variant of it is made once for all.
    """

    measure: Measure
    together: tuple[Measure, ...]
    file: NetworkFile
    query: BoundQuery = field(repr=False)
    level: str
    store: GraphStore = field(repr=False)

    origin: None = None
    years: None = None
    queried_anew: bool = True
    unsummed: str = tr_later("a measure of a network does not add up")

    @property
    def name(self) -> str:
        """The measure, and in brackets the network."""
        return f"{self.measure.id}({self.file.id})"

    @property
    def digest(self) -> str:
        """The SHA-256 of the measure's name and the network's text."""
        return hashlib.sha256(f"{self.measure.id}\n{self.file.text}".encode()).hexdigest()

    @property
    def dated(self) -> bool:
        """True where the header says by which year a window selects."""
        return self.file.dated is not None

    @property
    def no_matches(self) -> str | None:
        """What the dataset lacks that the network needs; None where it has all."""
        return lacking(self.query)

    def at(self, level: str) -> NetworkSource | None:
        """The measure for the regions of another level; None for groups, which may overlap."""
        return None if level == GROUP else replace(self, level=level)

    def values(self, regions: Sequence[str], window: Window) -> RegionValues:
        """The values of some regions, NaN for one without an organisation in the network, or where it is undefined."""
        reason = self.no_matches
        if reason is not None:
            return RegionValues(np.full(len(regions), np.nan), reason)
        found = self._linkage(window)
        values = region_values(found.network, self.measure, regions)
        return RegionValues(values, tr("no region has a value of {id}", id=self.name), found.undated)

    def evidence(self, window: Window) -> NetworkEvidence:
        """The matches behind the edges at each region, as a table."""
        return NetworkEvidence(self.measure, self._linkage(window))

    def matches(self, graph: AuditedGraph, *, links: bool = False) -> NetworkMatches:
        """The matches behind the edges at each ranked region as arrays, read once in an audit."""
        key = ("matches", self.file.id, self.level)
        return graph.once(key, lambda: network_matches(self._audited(graph), graph.regions))

    def without(
        self, removals: Removals, graph: AuditedGraph, base: FloatArray, *, progress: Progress = silent
    ) -> ChangedValues | None:
        """The values that the removals change: of every variant the measure is computed on the edges that are left."""
        if self.no_matches is not None:
            return None
        presence = graph.once(Presence, lambda: Presence(graph.store))
        gone = presence.silent(self.query, removals, np.arange(removals.count))
        key = ("variants", self.file.id, self.level, removals)
        values = graph.once(key, lambda: self._variants(removals, graph, progress))
        return ChangedValues.between(base, values[self.measure.id], gone)

    def records(self, regions: Sequence[str], values: FloatArray) -> list[Record | None]:
        """No table has a value: all are made of matches."""
        return [None] * len(regions)

    def _linkage(self, window: Window, removed: Collection[str] = ()) -> Linkage:
        return linkage(self.store, self.file, level=self.level, since=window.since, until=window.until, removed=removed)

    def _audited(self, graph: AuditedGraph) -> Linkage:
        return graph.once(("linkage", self.file.id, self.level), lambda: self._linkage(graph.window))

    def _variants(self, removals: Removals, graph: AuditedGraph, progress: Progress) -> dict[str, FloatArray]:
        """The values (variants, R) of each of the measures that are asked for together."""
        found = {one.id: np.full((removals.count, len(graph.regions)), np.nan) for one in self.together}
        networks = self._dropped if self.file.provenance == "monotone" else self._asked
        for variant, network in enumerate(networks(removals, graph)):
            progress(self.file.id, variant, removals.count)
            for name, values in regional(network, self.together, graph.regions).items():
                found[name][variant] = values
        progress(self.file.id, removals.count, removals.count)
        return found

    def _dropped(self, removals: Removals, graph: AuditedGraph) -> Iterator[Network]:
        """The network of each variant: matches in which what is removed takes part are not there."""
        found = self._audited(graph)
        nodes, links = (codes(found, kind) for kind in ("node_", "link_"))
        variants, rows = lost_rows(nodes, links, removals, len(found.edge))
        bounds = np.searchsorted(variants, np.arange(removals.count + 1))
        by_edge = np.argsort(found.edge, kind="stable")
        for first, last in pairwise(bounds.tolist()):
            lost = rows[first:last]
            yield found.network.weighing(_weights_left(found, by_edge, lost)) if len(lost) else found.network

    def _asked(self, removals: Removals, graph: AuditedGraph) -> Iterator[Network]:
        """The network of each variant, queried anew from the graph without its entities."""
        for variant in range(removals.count):
            yield self._linkage(graph.window, graph.ids(removals, variant)).network


def network_sources(
    names: Collection[str], networks: Mapping[str, NetworkFile], store: GraphStore, level: str
) -> dict[str, NetworkSource]:
    """A source for each of some names that `source_names` knows. NetworkError with the faults of all networks."""
    measures = measures_of("region")
    parted = {name: _parted(name) for name in names}
    model = store.schema.model
    files = {network: in_currency(networks[network], model) for _, network in parted.values()}
    queries = bind_networks(files.values(), store.schema)
    together = {
        network: tuple(measures[measure] for measure, other in parted.values() if other == network) for network in files
    }
    return {
        name: NetworkSource(measures[measure], together[network], files[network], queries[network], level, store)
        for name, (measure, network) in parted.items()
    }


def _parted(name: str) -> tuple[str, str]:
    measure, _, network = name.removesuffix(")").partition("(")
    return measure, network


def _weights_left(found: Linkage, by_edge: IntArray, lost: IntArray) -> FloatArray:
    """The weight of each edge (E,) without some matches: those of the edges that lose any are added up anew."""
    weight = found.network.weight.copy()
    touched = np.unique(found.edge[lost])
    touched = touched[touched >= 0]
    edges = found.edge[by_edge]
    starts, ends = np.searchsorted(edges, touched), np.searchsorted(edges, touched, side="right")
    rows = np.concatenate([by_edge[start:end] for start, end in zip(starts, ends, strict=True)] or [lost[:0]])
    kept = np.setdiff1d(rows, lost)
    weight[touched] = 0.0
    if len(kept):
        left = add_up(found.query, found.matches.take(pa.array(kept)), found.arguments)
        np.add.at(weight, found.edge_of(left), left["weight"].to_numpy())
    return weight
