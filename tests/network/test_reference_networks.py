"""Public networks of the shared data, every measure of them against igraph, networkx and slow plain versions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from itertools import combinations, permutations
from math import log
from pathlib import Path

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from statsmodels.api import GLM, OLS, add_constant, families

from ecosystem.index.arrays import FloatArray
from ecosystem.network import centrality, coded, cohesion, flows, homophily, mixing
from ecosystem.network.backbone import disparity
from ecosystem.network.brokerage import ROLES, roles
from ecosystem.network.communities import ari, communities, nmi
from ecosystem.network.distances import betweenness, distances, path_lengths
from ecosystem.network.gravity import poisson
from ecosystem.network.qap import qap, regress
from ecosystem.network.region_points import great_circles
from ecosystem.network.relatedness import complexity, diversity, specialised, ubiquity
from ecosystem.network.rich_club import rich_club
from ecosystem.network.structural_holes import structural_holes
from ecosystem.network.triads import TRIADS, triad_census

pytestmark = pytest.mark.long  # every public network, three times over

SMALL = (
    "consulting", "crunchbase_states2010", "davis", "eies_messages", "flobusiness", "flomarriage", "h2020_country2018",
    "hightech/advice", "hightech/friends", "hightech/reports", "karate", "kite", "lawfirm/advice", "lawfirm/cowork",
    "lawfirm/friends", "manufacturing", "sampson",
)  # fmt: skip
"""Networks of some tens of nodes, those of several layers one by one."""
LARGE = ("airports", "crunchbase_us2010", "h2020_coord2018")
"""Networks of hundreds and thousands, for what is quick."""

small = pytest.mark.parametrize("name", SMALL)
every = pytest.mark.parametrize("name", SMALL + LARGE)


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "data" / "networks"


class Read:
    """A network as it stands in its files, and as three programs have it; links of a node to itself are left out."""

    def __init__(self, folder: Path, name: str) -> None:
        place, _, layer = name.partition("/")
        # NA is Namibia
        nodes, edges = (
            pd.read_csv(folder / place / file, keep_default_na=False, dtype=str) for file in ("nodes.csv", "edges.csv")
        )
        if layer:
            edges = edges[edges["layer"] == layer]
        self.directed = edges["directed"].iloc[0] == "true"
        self.names = sorted(nodes["id"])
        self.group = {node: group or None for node, group in zip(nodes["id"], nodes["group"], strict=True)}
        weight = [float(one) for one in edges["weight"]]
        self.net = coded(
            list(self.group),
            list(self.group.values()),
            edges["source"].tolist(),
            edges["target"].tolist(),
            weight,
            directed=self.directed,
        )
        self.nx = nx.DiGraph() if self.directed else nx.Graph()
        self.nx.add_nodes_from(self.names)
        for one, other, w in zip(edges["source"], edges["target"], weight, strict=True):
            if one != other:
                self.nx.add_edge(one, other, weight=self.nx.get_edge_data(one, other, {"weight": 0})["weight"] + w)
        self.ig = self.in_igraph(self.nx)
        self.both = nx.Graph()
        self.both.add_nodes_from(self.names)
        for one, other, w in self.nx.edges(data="weight"):
            self.both.add_edge(one, other, weight=self.both.get_edge_data(one, other, {"weight": 0})["weight"] + w)
        self.ig_both = self.in_igraph(self.both)

    def in_igraph(self, graph: nx.Graph) -> igraph.Graph:
        place = {node: at for at, node in enumerate(self.names)}
        edges = [(place[one], place[other]) for one, other in graph.edges]
        made = igraph.Graph(n=len(self.names), edges=edges, directed=graph.is_directed())
        made.es["weight"] = [w for _, _, w in graph.edges(data="weight")]
        return made

    def in_order(self, by_node: dict[str, float]) -> FloatArray:
        return np.array([by_node[node] for node in self.names], dtype=np.float64)

    @property
    def labels(self) -> list[int]:
        known = sorted({group or "" for group in self.group.values()})
        return [known.index(self.group[node] or "") for node in self.names]

    @property
    def grouped(self) -> bool:
        return len(set(self.group.values())) > 1


@cache
def read(folder: Path, name: str) -> Read:
    return Read(folder, name)


def near(found: object, expected: object) -> None:
    one, other = (np.asarray(values, dtype=np.float64) for values in (found, expected))
    np.testing.assert_allclose(one, other, atol=1e-12, rtol=1e-12)


def test_every_network_there_is_read(folder: Path) -> None:
    there = {path.parent.name for path in folder.glob("*/edges.csv")}
    assert there == {name.partition("/")[0] for name in SMALL + LARGE}


def test_namibia_is_a_country(folder: Path) -> None:
    one = read(folder, "h2020_country2018")
    assert "NA" in one.net.nodes
    assert centrality.degrees(one.net).total[one.net.nodes.index("NA")] == one.nx.degree("NA") == 22
    grouped = read(folder, "h2020_coord2018")
    assert set(grouped.net.regions) == {group for group in grouped.group.values() if group is not None}


@every
def test_degrees_and_strengths(folder: Path, name: str) -> None:
    one = read(folder, name)
    degree, strength = centrality.degrees(one.net), centrality.strengths(one.net)
    for way, field in {"all": "total", "in": "into", "out": "out"}.items():
        near(getattr(degree, field), one.ig.degree(mode=way))
        near(getattr(strength, field), one.ig.strength(mode=way, weights="weight"))
    near(degree.total, one.in_order(dict(one.nx.degree())))
    near(strength.total, one.in_order(dict(one.nx.degree(weight="weight"))))
    if one.directed:
        near(strength.into, one.in_order(dict(one.nx.in_degree(weight="weight"))))
        near(strength.out, one.in_order(dict(one.nx.out_degree(weight="weight"))))
    own = dict.fromkeys(one.names, 0.0)
    for a, b, w in one.nx.edges(data="weight"):
        if one.group[a] == one.group[b] is not None:
            own[a] += w
            own[b] += w
    near(strength.internal, one.in_order({k: v if one.group[k] else np.nan for k, v in own.items()}))


@small
def test_betweenness_closeness_and_paths(folder: Path, name: str) -> None:
    one = read(folder, name)
    between, away = betweenness(one.net), distances(one.net)
    near(between.values, one.ig.betweenness())
    near(between.values, one.in_order(nx.betweenness_centrality(one.nx, normalized=False)))
    near(between.normalised, one.in_order(nx.betweenness_centrality(one.nx)))
    near(away.closeness, one.in_order(nx.closeness_centrality(one.nx, wf_improved=True)))
    near(away.harmonic, one.ig.harmonic_centrality(mode="in"))
    near(away.harmonic, one.in_order(nx.harmonic_centrality(one.nx)) / (len(one.names) - 1))
    # igraph compares a node with those that reach it alone, and has NaN where none does
    plain = np.nan_to_num(one.ig.closeness(mode="in", normalized=True))
    near(away.closeness, plain * away.reached / (len(one.names) - 1))
    giant = one.both.subgraph(max(nx.connected_components(one.both), key=len))
    lengths = path_lengths(one.net)
    near(lengths.mean, nx.average_shortest_path_length(giant))
    assert lengths.diameter == nx.diameter(giant)


@small
def test_distances_along_strong_edges(folder: Path, name: str) -> None:
    one = read(folder, name)
    long = one.nx.copy()
    for _, _, data in long.edges(data=True):
        data["length"] = 1 / data["weight"]
    near(distances(one.net, by_weight=True).closeness, one.in_order(nx.closeness_centrality(long, distance="length")))


@every
def test_eigenvector_centrality_and_pagerank(folder: Path, name: str) -> None:
    one = read(folder, name)
    near(centrality.pagerank(one.net), one.ig.pagerank(weights="weight"))
    near(centrality.pagerank(one.net), one.in_order(nx.pagerank(one.nx, tol=1e-14 / len(one.names), max_iter=10_000)))
    found = centrality.eigenvector(one.net)
    giant = np.flatnonzero(cohesion.components(one.net).of == 0)
    assert np.array_equal(np.flatnonzero(~np.isnan(found)), giant)
    near(found[giant], one.ig_both.induced_subgraph(giant.tolist()).eigenvector_centrality(weights="weight"))
    if name in SMALL:
        part = one.both.subgraph([one.names[at] for at in giant])
        plain = nx.eigenvector_centrality_numpy(part, weight="weight")
        expected = np.array([plain[one.names[at]] for at in giant])
        near(found[giant], expected / expected.max())


@every
def test_cores_clustering_and_components(folder: Path, name: str) -> None:
    one = read(folder, name)
    near(cohesion.core_numbers(one.net), one.in_order(nx.core_number(one.both)))
    near(cohesion.core_numbers(one.net), one.ig_both.coreness())
    local, few = cohesion.local_clustering(one.net), np.array([one.both.degree(node) < 2 for node in one.names])
    assert np.array_equal(np.isnan(local), few)
    near(local, one.ig_both.transitivity_local_undirected())
    near(np.nan_to_num(local), one.in_order(nx.clustering(one.both)))
    near(cohesion.mean_clustering(one.net), one.ig_both.transitivity_avglocal_undirected(mode="nan"))
    near(np.nan_to_num(local).mean(), nx.average_clustering(one.both))
    near(cohesion.transitivity(one.net), one.ig_both.transitivity_undirected())
    near(cohesion.transitivity(one.net), nx.transitivity(one.both))
    parts = sorted((len(part) for part in nx.connected_components(one.both)), reverse=True)
    assert cohesion.components(one.net).sizes.tolist() == parts
    if one.directed:
        strong = sorted((len(part) for part in nx.strongly_connected_components(one.nx)), reverse=True)
        assert cohesion.components(one.net, strong=True).sizes.tolist() == strong
        near(cohesion.reciprocity(one.net), nx.overall_reciprocity(one.nx))
        near(cohesion.reciprocity(one.net), one.ig.reciprocity())
    near(cohesion.density(one.net), nx.density(one.nx))
    near(cohesion.density(one.net), one.ig.density())


@every
def test_the_census_of_triads(folder: Path, name: str) -> None:
    one = read(folder, name)
    found = triad_census(one.net)
    if one.directed:
        census = one.ig.triad_census()
        near(found.counts, [getattr(census, f"t{kind}") for kind in TRIADS])
    if name in SMALL:
        expected = nx.triadic_census(one.nx if one.directed else one.nx.to_directed())
        near(found.counts, [expected[kind] for kind in TRIADS])


@every
def test_structural_holes(folder: Path, name: str) -> None:
    one = read(folder, name)
    found, alone = structural_holes(one.net), np.array([not one.both.degree(node) for node in one.names])
    expected = np.array(one.ig.constraint(weights="weight"))
    near(found.constraint[~alone], expected[~alone])
    assert np.isnan(found.constraint[alone]).all()
    if name not in SMALL:
        return
    z = nx.to_numpy_array(one.both, nodelist=one.names)
    joined, total = z > 0, np.where(alone, np.nan, z.sum(axis=1))
    p, m = z / total[:, None], z / np.where(alone, np.nan, z.max(axis=1))[:, None]
    p = np.nan_to_num(p)
    each, contacts = np.where(joined, (p + p @ p) ** 2, 0), np.where(alone, np.nan, joined.sum(axis=1))
    near(found.constraint, np.where(alone, np.nan, each.sum(axis=1)))
    near(found.effective_size, contacts - np.where(joined, p @ np.nan_to_num(m).T, 0).sum(axis=1))
    near(found.efficiency, found.effective_size / contacts)
    for at in np.flatnonzero(joined.sum(axis=1) > 1):
        ratio = each[at][joined[at]] / each[at][joined[at]].mean()
        near(found.hierarchy[at], sum(r * log(r) for r in ratio) / (len(ratio) * log(len(ratio))))


@pytest.mark.parametrize("name", ["davis", "eies_messages", "flomarriage", "hightech/reports", "karate", "sampson"])
def test_structural_holes_in_networkx(folder: Path, name: str) -> None:
    one = read(folder, name)
    found = structural_holes(one.net)
    # networkx asks whether a node has edges that go out
    asked = np.array([len(one.nx[node]) > 0 for node in one.names])
    near(found.constraint[asked], one.in_order(nx.constraint(one.nx, weight="weight"))[asked])
    sizes = nx.effective_size(one.nx, nodes=one.names, weight="weight")
    near(found.effective_size[asked], one.in_order(sizes)[asked])
    if not one.directed:
        # Borgatti (1997), Structural holes: unpacking Burt's redundancy measures: n - 2 t / n, without weights
        ones = structural_holes(replace(one.net, weight=np.ones(len(one.net.weight)))).effective_size
        near(ones[asked], one.in_order(nx.effective_size(one.nx))[asked])


@every
def test_partners_are_concentrated_as_plain_sums_say(folder: Path, name: str) -> None:
    one = read(folder, name)
    hhi, entropy = {}, {}
    for node in one.names:
        weights = [data["weight"] for data in one.both[node].values()]
        share = [w / sum(weights) for w in weights]
        hhi[node] = sum(s**2 for s in share) if share else np.nan
        entropy[node] = -sum(s * log(s) for s in share) if share else np.nan
    near(flows.node_hhi(one.net), one.in_order(hhi))
    near(flows.node_entropy(one.net), one.in_order(entropy))


@every
def test_assortativity_and_modularity_of_the_groups(folder: Path, name: str) -> None:
    one = read(folder, name)
    if not one.grouped:
        assert np.isnan([mixing.assortativity(one.net), mixing.modularity(one.net), homophily.ei(one.net)]).all()
        return
    labels, ones = one.labels, replace(one.net, weight=np.ones(len(one.net.weight)))
    near(mixing.assortativity(ones), one.ig.assortativity_nominal(labels, directed=one.directed))
    nx.set_node_attributes(one.nx, one.group, "group")
    near(mixing.assortativity(ones), nx.attribute_assortativity_coefficient(one.nx, "group"))
    near(mixing.modularity(one.net), one.ig.modularity(labels, weights="weight"))
    parts = [[node for node in one.names if one.group[node] == group] for group in set(one.group.values())]
    near(mixing.modularity(one.net), nx.community.modularity(one.nx, parts, weight="weight"))
    # unnormalised, the weighted assortativity is the modularity
    share, label = np.zeros((max(labels) + 1,) * 2), dict(zip(one.names, labels, strict=True))
    for a, b, w in one.nx.edges(data="weight"):
        x, y = label[a], label[b]
        share[x, y] += w
        share[y, x] += 0 if one.directed else w
    expected = share.sum(axis=1) @ share.sum(axis=0) / share.sum() ** 2
    near(mixing.assortativity(one.net), (np.trace(share) / share.sum() - expected) / (1 - expected))


@every
def test_ei_index_yule_and_coleman_are_plain_counts(folder: Path, name: str) -> None:
    one = read(folder, name)
    if not one.grouped:
        return
    edges = [(a, b, w, one.group[a] == one.group[b]) for a, b, w in one.nx.edges(data="weight")]
    inner, total = sum(w for *_, w, same in edges if same), sum(w for *_, w, _ in edges)
    near(homophily.ei(one.net), (total - 2 * inner) / total)
    of_node: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    of_region: defaultdict[str | None, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for a, b, w, same in edges:
        for node in (a, b):
            of_node[node][same] += w
        for region in {one.group[a], one.group[b]}:
            of_region[region][same] += w
    alone = [0.0, np.nan]
    of_nodes, of_regions = (
        [of_node.get(n, alone) for n in one.names],
        [of_region.get(r, alone) for r in one.net.regions],
    )
    near(homophily.ei_of_nodes(one.net), [(e - i) / (e + i) for e, i in of_nodes])
    near(homophily.ei_of_regions(one.net), [(e - i) / (e + i) for e, i in of_regions])
    if name in SMALL:
        pairs = [(one.group[x] == one.group[y], one.both.has_edge(x, y)) for x, y in combinations(one.names, 2)]
        a, b, c, d = (pairs.count(kind) for kind in ((True, True), (False, True), (True, False), (False, False)))
        near(homophily.yule_q(one.net), (a * d - b * c) / (a * d + b * c))
    for at, region in enumerate(one.net.regions):
        sent = [(w, same) for a, b, w, same in edges if one.group[a] == region]
        if not one.directed:
            sent += [(w, same) for a, b, w, same in edges if one.group[b] == region]
        size = sum(group == region for group in one.group.values())
        m, m_in = sum(w for w, _ in sent), sum(w for w, same in sent if same)
        chance = m * (size - 1) / (len(one.names) - 1)
        found = mixing.coleman(one.net)[at]
        if not m:
            assert np.isnan(found)
            continue
        near(found, (m_in - chance) / (m - chance) if m_in >= chance else (m_in - chance) / chance)


@small
def test_the_moments_of_the_ei_index_are_those_of_many_permutations(folder: Path, name: str) -> None:
    one = read(folder, name)
    if not one.grouped:
        return
    exact, rng, drawn = homophily.ei_by_chance(one.net), np.random.default_rng(1), []
    for _ in range(300):
        drawn.append(homophily.ei(one.net.in_regions(rng.permutation(one.net.region))))
    assert exact.mean == pytest.approx(np.mean(drawn), abs=4 * exact.sd / 300**0.5)
    assert exact.sd == pytest.approx(np.std(drawn), rel=0.2)


@small
def test_roles_are_those_of_plain_counting(folder: Path, name: str) -> None:
    one = read(folder, name)
    into = one.nx.pred if one.directed else one.nx.adj
    ways, count = one.nx.adj, np.zeros((len(one.names), len(ROLES)))
    for at, b in enumerate(one.names):
        for a in into[b]:
            for c in ways[b]:
                x, y, z = one.group[a], one.group[b], one.group[c]
                if a == c or c in ways[a] or None in {x, y, z}:
                    continue
                kind = (
                    "coordinator" if x == y == z else "consultant" if x == z else "representative" if x == y else None
                )
                kind = kind or ("gatekeeper" if y == z else "liaison")
                if one.directed or kind == "gatekeeper":
                    count[at, ROLES.index(kind)] += 1
                elif kind != "representative":
                    # an unordered pair is met from both ends
                    count[at, ROLES.index(kind)] += 0.5
    near(roles(one.net).counts, count)


@every
def test_the_disparity_filter_is_that_of_plain_loops(folder: Path, name: str) -> None:
    one = read(folder, name)
    out = one.nx.adj
    into = one.nx.pred if one.directed else one.nx.adj
    p = []
    for source, target, w in zip(one.net.source, one.net.target, one.net.weight, strict=True):
        ends = (out[one.names[source]], into[one.names[target]])
        p.append(min((1 - w / sum(d["weight"] for d in end.values())) ** (len(end) - 1) for end in ends))
    # a share of 1 may round to above 1, and 0 ** 0 is 1
    near(disparity(one.net), np.maximum(p, 0))


@small
def test_the_rich_club_is_that_of_networkx(folder: Path, name: str) -> None:
    one = read(folder, name)
    expected = nx.rich_club_coefficient(one.both, normalized=False)
    near(rich_club(one.net).coefficient, [expected[k] for k in range(len(expected))])


def test_partitions_are_compared_as_in_igraph(folder: Path) -> None:
    for name in SMALL:
        one = read(folder, name)
        labels, parts = np.array(one.labels), np.array(one.ig_both.community_multilevel(weights="weight").membership)
        near(nmi(labels, parts), igraph.compare_communities(labels, parts, method="nmi"))
        near(ari(labels, parts), igraph.compare_communities(labels, parts, method="adjusted_rand"))


def test_the_karate_club_as_it_is_printed(folder: Path) -> None:
    """The split of Zachary (1977) and the best partition of all, without weights, as igraph's cluster_optimal finds it.

    networkx has member 9 in the other faction, the club that he joined after the split: 0.3582 there.
    """
    one = read(folder, "karate")
    ones = replace(one.net, weight=np.ones(len(one.net.weight)))
    assert mixing.modularity(ones) == pytest.approx(0.3714661, abs=5e-8)
    assert communities(ones).modularity == pytest.approx(0.4197896, abs=5e-8)


def test_the_florentine_marriages_as_they_are_printed(folder: Path) -> None:
    """Padgett and Ansell (1993): how many shortest paths lie through each family, as networkx counts them.

    The effective size follows from Borgatti (1997): six contacts of the Medici, of whom one pair married: 6 - 2 / 6.
    """
    one = read(folder, "flomarriage")
    through = dict(zip(one.names, betweenness(one.net).values.tolist(), strict=True))
    printed = {"Medici": 47.5, "Guadagni": 23.17, "Albizzi": 19.33, "Salviati": 13, "Ridolfi": 10.33, "Bischeri": 9.5}
    assert {name: through[name] for name in printed} == pytest.approx(printed, abs=5e-3)
    sizes = dict(zip(one.names, structural_holes(one.net).effective_size.tolist(), strict=True))
    assert sizes["Medici"] == pytest.approx(6 - 2 / 6)
    assert sizes["Peruzzi"] == pytest.approx(3 - 4 / 3)


def of_managers(folder: Path) -> list[FloatArray]:
    """Three matrices of seven managers: who is a friend of whom, asks whom for advice, and how far apart they came."""
    rows = pd.read_csv(folder / "qap7_dyads.csv", keep_default_na=False)
    names = sorted(rows["source"].unique())
    made = np.zeros((3, len(names), len(names)))
    for source, target, *values in rows.itertuples(index=False):
        made[:, names.index(source), names.index(target)] = values
    return list(made)


def test_qap_is_the_share_of_all_orders(folder: Path) -> None:
    friends, advice, _ = of_managers(folder)
    off = ~np.eye(len(friends), dtype=bool)
    every_order = [np.array(order) for order in permutations(range(len(friends)))]
    all_r = np.array([np.corrcoef(friends[off], advice[np.ix_(o, o)][off])[0, 1] for o in every_order])
    found = qap(friends, advice, 4000, 1)
    near(found.observed, all_r[0])
    assert found.p_high == pytest.approx((all_r >= all_r[0] - 1e-12).mean(), abs=0.03)
    assert found.mean == pytest.approx(all_r.mean(), abs=0.02)
    assert found.sd == pytest.approx(all_r.std(), rel=0.05)


def test_double_semi_partialling_is_that_of_plain_regressions(folder: Path) -> None:
    friends, advice, tenure = of_managers(folder)
    off = ~np.eye(len(friends), dtype=bool)
    x = np.column_stack([advice[off], tenure[off]])
    plain = OLS(friends[off], add_constant(x)).fit()
    draws, seed = 200, 3
    found = regress(friends, [advice, tenure], draws, seed)
    near([found.intercept, *found.coefficient], plain.params)
    near(found.r2, plain.rsquared)
    for place, test in enumerate(found.tests):
        other = np.delete(x, place, axis=1)
        rest = np.zeros_like(friends)
        rest[off] = OLS(x[:, place], add_constant(other)).fit().resid
        rng, t = np.random.default_rng(seed), plain.tvalues[place + 1]
        drawn = []
        for _ in range(draws):
            order = rng.permutation(len(friends))
            moved = rest[np.ix_(order, order)][off]
            drawn.append(OLS(friends[off], add_constant(np.column_stack([moved, other]))).fit().tvalues[1])
        assert test.p_high == (1 + sum(d >= t - 1e-9 for d in drawn)) / (1 + draws)
        assert test.p_low == (1 + sum(d <= t + 1e-9 for d in drawn)) / (1 + draws)
        near(test.observed, t / (t**2 + plain.df_resid) ** 0.5)


def test_gravity_of_american_acquisitions_is_that_of_statsmodels(folder: Path) -> None:
    rows = pd.read_csv(folder / "gravity_us_states.csv", keep_default_na=False)
    columns = {name: np.log(rows[name].to_numpy(float)) for name in ("out_total", "in_total", "dist_km")}
    columns = {"constant": np.ones(len(rows)), **columns}
    flow, table = rows["flow"].to_numpy(float), np.column_stack(list(columns.values()))
    found, fit = poisson(flow, columns), GLM(flow, table, family=families.Poisson()).fit(cov_type="HC0", tol=1e-14)
    np.testing.assert_allclose(found.coefficient, fit.params, rtol=1e-8)
    np.testing.assert_allclose(found.se, fit.bse * (len(flow) / (len(flow) - 4)) ** 0.5, rtol=1e-7)
    assert (found.pairs, found.zeros) == (len(rows), int((flow == 0).sum()))


def test_distances_between_american_states(folder: Path) -> None:
    points = pd.read_csv(folder / "us_state_centres.csv", keep_default_na=False).set_index("id")
    rows = pd.read_csv(folder / "gravity_us_states.csv", keep_default_na=False)
    away = great_circles(points["lon"].to_numpy(), points["lat"].to_numpy())
    place = {state: at for at, state in enumerate(points.index)}
    one, other = (np.array([place[state] for state in rows[end]]) for end in ("source", "target"))
    near(away[one, other], rows["dist_km"])


@pytest.mark.parametrize(
    ("name", "region", "what", "much"),
    [("trade40x80", "country", "product", "value"), ("eto_country_input", "region", "activity", "count")],
)
def test_complexity_is_the_second_eigenvector(folder: Path, name: str, region: str, what: str, much: str) -> None:
    rows = pd.read_csv(folder / name / "matrix_long.csv", keep_default_na=False, dtype={what: str})
    counts = rows.pivot_table(index=region, columns=what, values=much, aggfunc="sum", fill_value=0).to_numpy(float)
    share = counts / counts.sum(axis=1, keepdims=True) / (counts.sum(axis=0) / counts.sum())
    special, found = specialised(counts), complexity(specialised(counts))
    assert np.array_equal(special, share >= 1 - 1e-12)
    kept = special.astype(float)[~np.isnan(found.eci)][:, ~np.isnan(found.pci)]
    many, common = kept.sum(axis=1), kept.sum(axis=0)
    assert np.array_equal(many, diversity(special)[~np.isnan(found.eci)])
    assert np.array_equal(common, ubiquity(special)[~np.isnan(found.pci)])
    # the vectors of the segments first, and of a region the mean of those it has, as in programs for trade
    values, vectors = np.linalg.eig((kept / common).T @ (kept / many[:, None]))
    second = np.real(vectors[:, np.argsort(np.real(values))[-2]])
    of_regions = kept @ second / many
    sign = np.sign(np.corrcoef(of_regions, many)[0, 1])
    eci, pci = (sign * (x - of_regions.mean()) / of_regions.std() for x in (of_regions, second))
    np.testing.assert_allclose(found.eci[~np.isnan(found.eci)], eci, atol=1e-9)
    np.testing.assert_allclose(found.pci[~np.isnan(found.pci)], pci, atol=1e-9)
    assert np.mean(~np.isnan(found.eci)) > 0.8
