"""A network of a store: the edges that a network file finds in a window, and the matches behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.errors import Finding, NetworkError, UsageError, did_you_mean
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import Window
from ecosystem.messages import tr
from ecosystem.network.network import Network, coded
from ecosystem.network.network_file import NetworkFile, bind_networks, find_network, load_networks
from ecosystem.query import BoundQuery, parse
from ecosystem.query.file_check import lacking
from ecosystem.query.provenance import evidence, undated
from ecosystem.query.recompute import add_up
from ecosystem.query.tree import Item
from ecosystem.regions import level_named
from ecosystem.store import GraphStore

ENDS = ("source", "target")
SHOWN = 10
"""Edges without a weight that an error names."""


@dataclass(frozen=True, slots=True, eq=False)
class Linkage:
    """The network that a file finds in a store, and why each edge is there.

    `matches` has a row per match of the query: `source` and `target` as ids, the arguments of its aggregates, and the
    codes of all nodes and links that were matched. `edge` (matches,) is the place of each match's edge in `network`, -1
    for a self-link. `undated` is the number of matches without a year, which a flow leaves out under a window.
    """

    file: NetworkFile
    level: str
    window: Window
    network: Network
    matches: pa.Table
    edge: IntArray
    undated: int
    store: GraphStore = field(repr=False)
    _query: BoundQuery = field(repr=False)

    def behind(self, source: str, target: str) -> pd.DataFrame:
        """The matches behind the edge between two nodes, in ids; no row where there is no such edge.

        Where edges have no direction, either end may come first.
        """
        rows = self._between(source, target)
        if not self.network.directed:
            rows |= self._between(target, source)
        table = self.matches.filter(pa.array(rows))
        kinds = evidence(self._query).entity_kinds
        columns = {
            name: self.store.entities.ids(table[name], kinds[name]) if name in kinds else table[name].to_pandas()
            for name in table.column_names
        }
        return pd.DataFrame(columns)

    def links(self) -> IntArray:
        """The number of links behind each edge (E,), each counted once however many matches it is in."""
        names = [name for name in self.matches.column_names if name.startswith("link_")]
        codes = [self.matches[name].to_numpy() for name in names] or [np.arange(len(self.edge))]
        pairs = pd.DataFrame({"edge": np.tile(self.edge, len(codes)), "link": np.concatenate(codes)})
        behind = pairs[pairs["edge"] >= 0].drop_duplicates()["edge"].to_numpy()
        return np.bincount(behind, minlength=len(self.network.weight)).astype(np.int64)

    def years(self) -> tuple[FloatArray, FloatArray]:
        """The first and the last year of each edge (E,) inside the window; NaN where none is known, or has any."""
        count = len(self.network.weight)
        first, last = np.full(count, np.inf), np.full(count, -np.inf)
        if self.file.dated is not None:
            window, bound = self.window, self._query
            items = (*(item for item in bound.query.items if item.alias in ENDS), Item(self.file.dated, "year"))
            query = self.file.inside(bound, window.since, window.until).returning(items)
            arguments = self.file.arguments(self.level, window.since, window.until)
            rows = self.store.query(query, arguments).read_all()
            edge, year = _edges_of(self.network, rows), rows["year"].to_numpy().astype(np.float64)
            known = (edge >= 0) & ~np.isnan(year)
            np.minimum.at(first, edge[known], year[known])
            np.maximum.at(last, edge[known], year[known])
        return np.where(np.isinf(first), np.nan, first), np.where(np.isinf(last), np.nan, last)

    def _between(self, source: str, target: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        found = (self.matches["source"].to_numpy() == source) & (self.matches["target"].to_numpy() == target)
        return np.asarray(found, dtype=bool)


def linkage(
    store: GraphStore,
    network: NetworkFile | str,
    *,
    level: str = "province",
    since: int | None = None,
    until: int | None = None,
) -> Linkage:
    """The network that a file, or a shipped one by its id or title, finds in a store, its nodes in regions of a level.

    The nodes are those at the ends of an edge. NetworkError for a name that no network has, a file that does not fit
    the graph, a graph that lacks what it asks for, and a weight that is missing or not above 0; UsageError for a level
    whose regions overlap or that no region has.
    """
    file = find_network(network, load_networks()) if isinstance(network, str) else network
    window, level = Window(since, until), level_named(level)
    bound = bind_networks([file], store.schema)[file.id]
    reason = lacking(bound)
    if reason is not None:
        raise NetworkError(tr("there is no network {name!r} in this graph: {reason}", name=file.id, reason=reason))
    parameters = file.arguments(level, since, until)
    matches = store.query(evidence(file.inside(bound, since, until)), parameters).read_all()
    edges = add_up(bound, matches, parameters)
    _refuse_weights(file, edges)
    source, target = (edges[end].to_pylist() for end in ("source", "target"))
    nodes = sorted({*source, *target})
    places = _regions(store, level)
    regions = [places.get(node) for node in nodes]
    found = coded(nodes, regions, source, target, edges["weight"].to_numpy(), directed=file.directed)
    blank = _undated(store, file, bound, parameters)
    return Linkage(file, level, window, found, matches, _edges_of(found, matches), blank, store, bound)


def _refuse_weights(file: NetworkFile, edges: pa.Table) -> None:
    weight = edges["weight"].to_numpy()
    wrong = np.flatnonzero(~(np.isfinite(weight) & (weight > 0)))
    if not len(wrong):
        return
    hint = tr("let the query leave such edges out: WHERE t.amount_cny_m > 0")
    some = edges.take(pa.array(wrong[:SHOWN])).to_pylist()
    findings = [
        Finding(
            "error", "edge_weight", _wrong_weight(row["source"], row["target"], row["weight"]), file.file, hint=hint
        )
        for row in some
    ]
    message = tr("{count:,} edges of {name} have a weight that is not above 0", count=len(wrong), name=file.id)
    raise NetworkError(message, findings=findings)


def _wrong_weight(source: str, target: str, weight: float) -> str:
    if np.isnan(weight):
        return tr("the edge from {source} to {target} has no weight", source=source, target=target)
    return tr(
        "the edge from {source} to {target} has the weight {weight:g}", source=source, target=target, weight=weight
    )


def _regions(store: GraphStore, level: str) -> dict[str, str]:
    """The region of every located node at a level, by the node's id."""
    known = (
        store.query(parse("MATCH (r:Region) RETURN r.level AS level, count(r) AS regions"))
        .read_all()["level"]
        .to_pylist()
    )
    if level not in known:
        message = tr("no region has the level {level!r}", level=level)
        raise UsageError(message, hint=did_you_mean(level, sorted(known)))
    statement = (
        "MATCH (x)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level}) RETURN x.id AS node, r.id AS region"
    )
    rows = store.query(parse(statement), {"level": level}).read_all()
    found = dict(zip(rows["node"].to_pylist(), rows["region"].to_pylist(), strict=True))
    if len(found) < rows.num_rows:
        message = tr("regions of the level {level} overlap: a node may be in several", level=level)
        raise UsageError(message, hint=tr("choose a level on which every node is in one region"))
    return found


def _undated(store: GraphStore, file: NetworkFile, bound: BoundQuery, parameters: dict[str, object]) -> int:
    if file.dated is None:
        return 0
    rows = store.query(undated(bound, file.dated), parameters).read_all()
    return int(sum(rows["undated"].to_pylist()))


def _edges_of(network: Network, matches: pa.Table) -> IntArray:
    """The place of each match's edge (matches,), -1 for a self-link."""
    place = {node: at for at, node in enumerate(network.nodes)}
    first, second = (_places(matches[end].to_pylist(), place) for end in ("source", "target"))
    if not network.directed:
        first, second = np.minimum(first, second), np.maximum(first, second)
    count = len(network)
    # edges are sorted by their ends
    found = np.searchsorted(network.source * count + network.target, first * count + second)
    return np.where(first == second, -1, found).astype(np.int64)


def _places(ids: Sequence[str], place: dict[str, int]) -> IntArray:
    return np.array([place[one] for one in ids], dtype=np.int64)
