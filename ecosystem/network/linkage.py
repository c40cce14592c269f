"""A network of a store: the edges that a network file finds in a window, and the matches behind each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from ecosystem.errors import UsageError
from ecosystem.headings import headings
from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import Window
from ecosystem.messages import in_language, tr, tr_count
from ecosystem.network.communities import communities as leiden
from ecosystem.network.core_periphery import core_periphery
from ecosystem.network.flows import Normalisation
from ecosystem.network.gravity import Gravity, gravity
from ecosystem.network.inference_tables import Filter, backbone_table, null_table
from ecosystem.network.measure import Measure
from ecosystem.network.measures import find_measures, usual_of_network
from ecosystem.network.network import Network, coded
from ecosystem.network.network_file import NetworkFile
from ecosystem.network.network_query import (
    all_of,
    bound_network,
    count_undated,
    end_labels,
    end_variables,
    refuse_weights,
    region_of_nodes,
)
from ecosystem.network.network_tables import (
    NODE_MEASURES,
    REGION_MEASURES,
    Names,
    flow_table,
    node_table,
    region_table,
    summary_table,
)
from ecosystem.network.nulls import Null
from ecosystem.network.region_points import kilometres
from ecosystem.network.rich_club import rich_club
from ecosystem.network.structure_tables import community_tables, core_tables
from ecosystem.notebook import few_lines, html_table, one_language
from ecosystem.progress import Progress, silent
from ecosystem.query import BoundQuery
from ecosystem.query.provenance import HIERARCHY, WITHOUT, evidence, without
from ecosystem.query.recompute import add_up
from ecosystem.query.tree import Item
from ecosystem.regions import level_named
from ecosystem.store import GraphStore, made_of, stored_regions

if TYPE_CHECKING:
    import igraph
    import networkx as nx

ENDS = ("source", "target")


@dataclass(frozen=True, eq=False, repr=False)
class Linkage:
    """The network that a file finds in a store, and why each edge is there.

    `nodes`, `regions`, `summary` and `flows` are tables of it; `to_igraph` and `to_networkx` hand it on. `isolates`
    says whether organisations without an edge are nodes, too. `labels` are those that a node can have. `query` is that
    of the file, bound to the graph; `removed` are the ids of what the graph is taken to be without.

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

    def nodes(self, measures: Sequence[str | Measure] = NODE_MEASURES, *, lang: str | None = None) -> pd.DataFrame:
        """A row per organisation: `id, name, kind, region, region_name` and a column per measure, highest first."""
        return node_table(self.network, self.names(lang), find_measures(measures, "node"))

    def regions(self, measures: Sequence[str | Measure] = REGION_MEASURES, *, lang: str | None = None) -> pd.DataFrame:
        """A row per region that has an organisation: `region, name, organisations` and a column per measure."""
        return region_table(self.network, self.names(lang), find_measures(measures, "region"))

    def summary(self, measures: Sequence[str | Measure] | None = None, *, lang: str | None = None) -> pd.DataFrame:
        """What the network is and what is measured of it as a whole: `key, title, value, meaning`."""
        chosen = usual_of_network().values() if measures is None else find_measures(measures, "network")
        facts: dict[str, float] = {"undated": self.undated}
        if self.isolates:
            linked = np.unique(np.concatenate([self.network.source, self.network.target]))
            facts["isolates"] = len(self.network) - len(linked)
        return summary_table(self.network, tuple(chosen), lang or one_language(), facts)

    def flows(
        self, level: str | None = None, normalise: Normalisation = "none", *, lang: str | None = None
    ) -> pd.DataFrame:
        """The weight of the edges from the region of the row to that of the column, by their names.

        `level` is another one for the same edges. See `normalised` for what the numbers can be measured against.
        """
        placed = self if level is None else self.at(level)
        return flow_table(placed.network, placed.names(lang), normalise)

    def test(
        self,
        measures: Sequence[str | Measure] = ("ei",),
        null: Null = "labels",
        *,
        draws: int = 999,
        seed: int = 1,
        lang: str | None = None,
        progress: Progress = silent,
    ) -> pd.DataFrame:
        """Measures of the network as a whole against what chance gives: a row each; see `null_table`."""
        chosen = find_measures(measures, "network")
        return null_table(self.network, chosen, null, draws, seed, lang=lang or one_language(), progress=progress)

    def backbone(self, method: Filter = "disparity", alpha: float = 0.05, *, lang: str | None = None) -> pd.DataFrame:
        """The edges that weigh more than chance gives, heaviest first; see `backbone_table`."""
        return backbone_table(self.network, self.names(lang), method, alpha)[0]

    def communities(
        self, *, runs: int | None = None, seed: int = 1, lang: str | None = None
    ) -> dict[str, pd.DataFrame]:
        """Tables of the communities by Leiden: `communities`, `summary`, `entities`, `mix`; see `community_tables`."""
        found = leiden(self.network, runs=runs, seed=seed)
        return community_tables(self.network, self.names(lang), found, lang or one_language())

    def core(self, *, draws: int = 0, seed: int = 1, lang: str | None = None) -> dict[str, pd.DataFrame]:
        """Tables of the core: `summary`, `entities`, `regions`, `k_cores`, `rich_club`; see `core_tables`."""
        club = rich_club(self.network, draws=draws, seed=seed)
        return core_tables(self.network, self.names(lang), core_periphery(self.network), club, lang or one_language())

    def gravity(self, coordinates: str | Path | None = None) -> Gravity:
        """The flows between regions by organisations and distance; `coordinates` is a table, else the store's."""
        table = None if coordinates is None else Path(coordinates)
        return gravity(self.network, kilometres(self.store, self.network, self.level, table))

    def names(self, lang: str | None = None) -> Names:
        """What the nodes and regions are called, regions in a language."""
        english = (lang or one_language()) == "en"
        called = {one.id: (one.name_en or one.name) if english else one.name for one in stored_regions(self.store)}
        held = [label for label in self.labels if self.store.schema.counts.get(label)]
        frames = [self.store.entities.of(label).assign(kind=label) for label in held]
        known = pd.concat(frames).set_index("id").reindex(list(self.network.nodes))
        regions = [called[region] for region in self.network.regions]
        return Names(known["kind"].tolist(), known["name"].tolist(), regions)

    def at(self, level: str) -> Linkage:
        """The same edges with their nodes in the regions of another level."""
        level = level_named(level)
        places = region_of_nodes(self.store, level)
        return replace(
            self, level=level, network=self.network.placed([places.get(node) for node in self.network.nodes])
        )

    def to_igraph(self) -> igraph.Graph:
        """An igraph Graph: vertices have `name` (the id) and `region`, edges have `weight`."""
        return self.network.to_igraph()

    def to_networkx(self) -> nx.Graph:
        """A networkx Graph or DiGraph: nodes are ids with `region`, edges have `weight`."""
        return self.network.to_networkx()

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

    def __repr__(self) -> str:
        weight = tr("weight: {unit}", unit=in_language(one_language(), self.file.unit, "unit"))
        store = tr("store: {url}", url=self.store.url)
        more = "nodes(), regions(), summary(), flows(), communities(), core(), behind(A, B), to_igraph(), to_networkx()"
        return few_lines(self.title, weight, store, more=more)

    def _repr_html_(self) -> str:
        table = self.summary().drop(columns="key")
        return html_table(self.title, table.rename(columns=headings(table.columns, one_language())))

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
            edge, year = _edges_of(self.network, rows), rows["year"].to_numpy().astype(np.float64)
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
        return _edges_of(self.network, rows)

    def _between(self, source: str, target: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        found = (self.matches["source"].to_numpy() == source) & (self.matches["target"].to_numpy() == target)
        return np.asarray(found, dtype=bool)


def linkage(
    store: GraphStore | str | Path,
    network: NetworkFile | str,
    *,
    level: str = "province",
    since: int | None = None,
    until: int | None = None,
    isolates: bool = False,
    removed: Collection[str] = (),
) -> Linkage:
    """The network that a file, or a shipped one by its id or title, finds in a store, its nodes in regions of a level.

    A store may be given by its path or URL: it is then closed when the network is no longer there. The nodes are those
    at the ends of an edge; with `isolates` all that carry a label which an end can have, whatever links they have.
    `removed` are ids of nodes and links that the graph is taken to be without.

    NetworkError for a name that no network has, a file that does not fit the graph, a graph that lacks what it asks
    for, and a weight that is missing or not above 0; UsageError for a level that no region has, or whose regions
    overlap.

    >>> net = ecosystem.network("demo/graph.duckdb", "enablement")
    >>> len(net.network)
    2812
    """

    def found(graph: GraphStore | None) -> Linkage:
        if graph is None:
            raise UsageError(tr("a network is found in a store"), hint=tr("give an open one, or its path"))
        return _found(graph, network, level_named(level), Window(since, until), isolates, frozenset(removed))

    return made_of(store, found)


def _found(
    store: GraphStore,
    network: NetworkFile | str,
    level: str,
    window: Window,
    isolates: bool,
    removed: frozenset[str],
) -> Linkage:
    file, bound = bound_network(store, network)
    parameters = file.arguments(level, window.since, window.until)
    inside = file.inside(bound, window.since, window.until)
    asked = evidence(without(inside) if removed else inside)
    matches = store.query(asked, {**parameters, WITHOUT: sorted(removed)} if removed else parameters).read_all()
    edges = add_up(bound, matches, parameters)
    refuse_weights(file, edges)
    source, target = (edges[end].to_pylist() for end in ("source", "target"))
    labels = end_labels(bound)
    nodes = sorted({*source, *target, *(all_of(store, labels) - removed if isolates else ())})
    places = region_of_nodes(store, level)
    regions = [places.get(node) for node in nodes]
    found = coded(nodes, regions, source, target, edges["weight"].to_numpy(), directed=file.directed)
    blank = count_undated(store, file, bound, parameters)
    return Linkage(
        file, level, window, found, matches, _edges_of(found, matches), blank, isolates, labels, store, bound, removed
    )


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
