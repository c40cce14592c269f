"""A network of a store: the edges that a network file finds in a window, and the matches behind each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.headings import headings
from ecosystem.indicator_source import Window
from ecosystem.messages import in_language, tr
from ecosystem.network.communities import communities as leiden
from ecosystem.network.connectors import connector_side, connector_table, joined_regions
from ecosystem.network.contacts import contacts, ways
from ecosystem.network.core_periphery import core_periphery
from ecosystem.network.found_network import FoundNetwork, edges_of
from ecosystem.network.gravity import Gravity, gravity
from ecosystem.network.inference_tables import Filter, backbone_table, null_table
from ecosystem.network.measure import Measure
from ecosystem.network.measures import find_measures, usual_of_network
from ecosystem.network.network import coded
from ecosystem.network.network_file import NetworkFile
from ecosystem.network.network_query import (
    all_of,
    bound_network,
    count_undated,
    end_labels,
    refuse_weights,
    region_of_nodes,
)
from ecosystem.network.network_tables import (
    NODE_MEASURES,
    REGION_MEASURES,
    Against,
    flow_table,
    node_table,
    region_table,
    role_tables,
    summary_table,
    typology_table,
)
from ecosystem.network.nulls import Null
from ecosystem.network.paths import Follow
from ecosystem.network.region_points import kilometres
from ecosystem.network.rich_club import rich_club
from ecosystem.network.split_flows import classes_of, flow_rows
from ecosystem.network.structure_tables import community_tables, core_tables
from ecosystem.notebook import few_lines, html_table, one_language
from ecosystem.progress import Progress, silent
from ecosystem.query.provenance import WITHOUT, evidence, without
from ecosystem.query.recompute import add_up
from ecosystem.regions import level_named
from ecosystem.store import GraphStore, made_of

if TYPE_CHECKING:
    import igraph
    import networkx as nx


class Linkage(FoundNetwork):
    """The network that a file finds in a store, with all that is made of it.

    `nodes`, `regions`, `summary` and `flows` are tables of it; `to_igraph` and `to_networkx` hand it on. The arrays are
    in `network`, and `behind` has the links that make an edge.
    """

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
            ends = {*self.matches["source"].to_pylist(), *self.matches["target"].to_pylist()}
            facts["isolates"] = len(self.network) - len(ends)
        return summary_table(self.network, tuple(chosen), lang or one_language(), facts)

    def flows(self, level: str | None = None, normalise: Against = "none", *, lang: str | None = None) -> pd.DataFrame:
        """The weight of the edges from the region of the row to that of the column, by their names.

        `level` is another one for the same edges. See `flow_table` for what the numbers can be measured against.
        """
        placed = self if level is None else self.at(level)
        return flow_table(placed.network, placed.names(lang), normalise)

    def flow_rows(
        self, *, by_source: str | None = None, by_target: str | None = None, lang: str | None = None
    ) -> pd.DataFrame:
        """A row per flow from region to region with its shares, strongest first; see `split_flows.flow_rows`.

        `by_source` and `by_target` name a property of the organisations at either end, e.g. `layer`, to split flows by.
        `elsewhere()` of the network has flows from and to other countries, too.
        """
        split = (
            None if name is None else classes_of(self.store, self.network, self.labels, name)
            for name in (by_source, by_target)
        )
        return flow_rows(self.network, self.names(lang).regions, *split)

    def roles(self, *, lang: str | None = None) -> dict[str, pd.DataFrame]:
        """Tables of who brokers between whom: `regions`, `entities`; see `role_tables`."""
        return role_tables(self.network, self.names(lang))

    def connectors(self, *, lang: str | None = None) -> dict[str, pd.DataFrame]:
        """What joins organisations and regions, such as alliances: `connectors` and the pairs of `regions` they join.

        For a network from one kind of nodes to another, whose targets are the connectors; see `connector_table` and
        `joined_regions`. UsageError for any other.
        """
        ends = (self.matches[end].to_pylist() for end in ("source", "target"))
        side, names = connector_side(self.network, *ends), self.names(lang)
        return {
            "connectors": connector_table(self.network, names, side),
            "regions": joined_regions(self.network, names, side),
        }

    def typology(self, *, lang: str | None = None) -> pd.DataFrame:
        """What each region sends and receives of the whole, and its type; see `typology_table`."""
        return typology_table(self.network, self.names(lang), lang or one_language())

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

    def ego(
        self, name: str, depth: int = 1, follow: Follow = "all", *, lang: str | None = None
    ) -> dict[str, pd.DataFrame]:
        """Tables of the organisations around one, by its id or name: `entities`, `edges`; see `contacts`."""
        return contacts(self, name, depth, follow, lang=lang)

    def paths(
        self, name: str, other: str, most: int = 20, follow: Follow = "all", *, lang: str | None = None
    ) -> dict[str, pd.DataFrame]:
        """Tables of the shortest paths from one organisation to another: `paths`, `edges`; see `ways`."""
        return ways(self, name, other, most, follow, lang=lang)[1]

    def to_igraph(self) -> igraph.Graph:
        """An igraph Graph: vertices have `name` (the id) and `region`, edges have `weight`."""
        return self.network.to_igraph()

    def to_networkx(self) -> nx.Graph:
        """A networkx Graph or DiGraph: nodes are ids with `region`, edges have `weight`."""
        return self.network.to_networkx()

    def __repr__(self) -> str:
        weight = tr("weight: {unit}", unit=in_language(one_language(), self.file.unit, "unit"))
        store = tr("store: {url}", url=self.store.url)
        more = "nodes(), regions(), summary(), flows(), roles(), ego(NAME), behind(A, B), to_igraph(), to_networkx()"
        return few_lines(self.title, weight, store, more=more)

    def _repr_html_(self) -> str:
        table = self.summary().drop(columns="key")
        return html_table(self.title, table.rename(columns=headings(table.columns, one_language())))


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
        file, level, window, found, matches, edges_of(found, matches), blank, isolates, labels, store, bound, removed
    )
