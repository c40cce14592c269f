"""What a network file finds in a store: the edges, the matches behind each, and what its nodes are called."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.indicator_source import Window
from ecosystem.messages import in_language, tr, tr_count, tr_later
from ecosystem.network.cohesion import components
from ecosystem.network.network import NOWHERE, Network
from ecosystem.network.network_file import NetworkFile
from ecosystem.network.network_query import end_variables, region_of_nodes
from ecosystem.network.network_tables import Names
from ecosystem.notebook import one_language
from ecosystem.query import BoundQuery
from ecosystem.query.provenance import HIERARCHY, evidence
from ecosystem.query.statement_tree import Item
from ecosystem.regions import level_named
from ecosystem.store import GraphStore, stored_regions

ENDS = ("source", "target")
_REMAINDER = tr_later("{country}, elsewhere")


@dataclass(frozen=True, eq=False, repr=False)
class FoundNetwork:
    """The edges that a network file finds in a store, and why each is there.

    `isolates` says whether organisations without an edge are nodes, too. `labels` are those that a node can have.
    `query` is that of the file, bound to the graph; `removed` are the ids of what the graph is taken to be without.
    `remainders` are countries that stand for what is left of them beside their regions of the level; see `elsewhere`.

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
    isolates: bool
    labels: tuple[str, ...]
    store: GraphStore = field(repr=False)
    query: BoundQuery = field(repr=False)
    removed: frozenset[str] = frozenset()
    remainders: frozenset[str] = frozenset()

    @property
    def title(self) -> str:
        """What the network is, in the language that is spoken: its title, level, years, size and direction."""
        facts = {
            "title": self.file.title(one_language()),
            "level": self.level,
            "nodes": tr_count("{count:,} organisation", "{count:,} organisations", len(self.network)),
            "edges": tr_count("{count:,} edge", "{count:,} edges", len(self.network.weight)),
            "way": tr("with directions") if self.network.directed else tr("without directions"),
        }
        if self.window.given:
            return tr("{title}, level {level}, years {years}: {nodes}, {edges} {way}", years=self.window, **facts)
        return tr("{title}, level {level}: {nodes}, {edges} {way}", **facts)

    def names(self, lang: str | None = None) -> Names:
        """What the nodes and regions are called, regions in a language."""
        english = (lang or one_language()) == "en"
        called = {one.id: (one.name_en or one.name) if english else one.name for one in stored_regions(self.store)}
        held = [label for label in self.labels if self.store.schema.counts.get(label)]
        frames = [self.store.entities.of(label).assign(kind=label) for label in held]
        known = pd.concat(frames).set_index("id").reindex(list(self.network.nodes))
        for region in self.remainders:
            called[region] = in_language("en" if english else "zh", _REMAINDER).format(country=called[region])
        regions = [called[region] for region in self.network.regions]
        return Names(known["kind"].tolist(), known["name"].tolist(), regions)

    def at(self, level: str) -> Self:
        """The same edges with their nodes in the regions of another level."""
        level = level_named(level)
        places = region_of_nodes(self.store, level)
        return replace(
            self, level=level, network=self.network.placed([places.get(node) for node in self.network.nodes])
        )

    def elsewhere(self) -> Self:
        """The same edges where organisations without a region of the level count in their country.

        So flows have rows for what is abroad, and for what is left of the country of the regions, e.g. beside circles.
        """
        countries, net = region_of_nodes(self.store, "country"), self.network
        own = [None if at == NOWHERE else net.regions[at] for at in net.region.tolist()]
        homes = {countries.get(node) for node, region in zip(net.nodes, own, strict=True) if region is not None}
        filled = [region or countries.get(node) for node, region in zip(net.nodes, own, strict=True)]
        placed = net.placed(filled)
        left = frozenset(region for region in placed.regions if region in homes and region not in set(own))
        return replace(self, network=placed, remainders=left)

    def only(self, kept: BoolArray) -> Self:
        """Some of the nodes (N,), the edges between them, and the matches behind these."""
        left = self.network.only(kept)
        left = left.placed([None if at == NOWHERE else left.regions[at] for at in left.region.tolist()])
        here = pa.array(left.nodes, pa.string())
        inside = pc.and_(*(pc.is_in(self.matches[end], value_set=here) for end in ENDS))
        matches = self.matches.filter(inside)
        return replace(self, network=left, matches=matches, edge=edges_of(left, matches))

    def giant(self) -> Self:
        """The largest component: the most organisations that edges join, whatever their directions."""
        return self.only(components(self.network).of == 0)

    def behind(self, source: str, target: str) -> pd.DataFrame:
        """The matches behind the edge between two nodes, in ids; no row where there is no such edge.

        Where edges have no direction, either end may come first.
        """
        rows = self._between(source, target)
        if not self.network.directed:
            rows |= self._between(target, source)
        return self.decoded(np.flatnonzero(rows))

    def decoded(self, rows: IntArray) -> pd.DataFrame:
        """Some rows of the matches with ids instead of codes."""
        table = self.matches.take(pa.array(rows))
        kinds = evidence(self.query).entity_kinds
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
            window, bound = self.window, self.query
            items = (*(item for item in bound.query.items if item.alias in ENDS), Item(self.file.dated, "year"))
            query = self.file.inside(bound, window.since, window.until).returning(items)
            rows = self.store.query(query, self.arguments).read_all()
            edge, year = edges_of(self.network, rows), rows["year"].to_numpy().astype(np.float64)
            known = (edge >= 0) & ~np.isnan(year)
            np.minimum.at(first, edge[known], year[known])
            np.maximum.at(last, edge[known], year[known])
        return np.where(np.isinf(first), np.nan, first), np.where(np.isinf(last), np.nan, last)

    @property
    def arguments(self) -> dict[str, object]:
        """The values of every parameter that the query may use."""
        return self.file.arguments(self.level, self.window.since, self.window.until)

    @property
    def removable(self) -> dict[str, tuple[str, ...]]:
        """The columns of the matches that hold nodes and links outside the hierarchy, each with its labels or types."""
        kinds = evidence(self.query).entity_kinds
        columns = (name for name in self.matches.column_names if name.startswith(("node_", "link_")))
        return {name: kinds[name] for name in columns if not set(kinds[name]) <= set(HIERARCHY)}

    @property
    def ends(self) -> tuple[str, str]:
        """The columns of the matches that hold the two ends of an edge."""
        first, second = (f"node_{name.lstrip('_')}" for name in end_variables(self.query))
        return first, second

    def edge_of(self, rows: pa.Table) -> IntArray:
        """The place of the edge that the `source` and `target` of each row (rows,) are the ends of."""
        return edges_of(self.network, rows)

    def _between(self, source: str, target: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        found = (self.matches["source"].to_numpy() == source) & (self.matches["target"].to_numpy() == target)
        return np.asarray(found, dtype=bool)


def edges_of(network: Network, matches: pa.Table) -> IntArray:
    """The place of each match's edge (matches,), -1 for a self-link and for one to a node that is not there."""
    known = pd.Index(list(network.nodes))
    first, second = (known.get_indexer(pd.Index(matches[end].to_numpy())).astype(np.int64) for end in ENDS)
    there = (first >= 0) & (second >= 0) & (first != second)
    if not network.directed:
        first, second = np.minimum(first, second), np.maximum(first, second)
    count = len(network)
    # edges are sorted by their ends
    found = np.searchsorted(network.source * count + network.target, first * count + second)
    return np.where(there, found, -1).astype(np.int64)
