"""Measures of a network, beside networkx on the same network; values are compared before they are timed."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

import networkx as nx
import numpy as np

from benchmarks.timing import in_turns, seconds
from ecosystem.network import Network
from ecosystem.network.brokerage import roles
from ecosystem.network.centrality import pagerank
from ecosystem.network.homophily import ei
from ecosystem.network.measures import measures_of, values_of
from ecosystem.network.nulls import label_null
from ecosystem.network.structural_holes import structural_holes

NODES, EDGES, REGIONS = 20_000, 120_000, 31
LARGE_NODES, LARGE_EDGES = 100_000, 1_000_000
DRAWS, DRAWN_BY_HAND = 499, 5
SAMPLE = 20
"""Nodes whose structural holes networkx is asked for, hubs left out: one takes it minutes, so that the time of all,
extrapolated from these, is too short."""


def measure_network(repeat: int, scale: int = 1) -> dict[str, Any]:
    """Seconds of each measure and of networkx, and of all measures of organisations but betweenness, once.

    `scale` divides the sizes, to see that it runs.
    """
    net = made_up_network(NODES // scale, EDGES // scale)
    graph = net.to_networkx()
    # the first nodes have the most edges
    sample = [net.nodes[at] for at in np.linspace(len(net) // 10, len(net) - 1, SAMPLE, dtype=int)]
    rivals: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "roles": (lambda: roles(net), lambda: roles_by_hand(graph)),
        "permutations": (lambda: label_null(net, ei, DRAWS, 1), lambda: permuted_by_hand(graph, net, DRAWN_BY_HAND)),
        "holes": (lambda: structural_holes(net), lambda: holes_of_networkx(graph, sample)),
        "pagerank": (lambda: pagerank(net), lambda: nx.pagerank(graph, weight="weight", tol=1e-10)),
    }
    compare(net, graph, sample)
    times = {
        name: in_turns({"ours": ours, "networkx": theirs}, repeat, warm=False)
        for name, (ours, theirs) in rivals.items()
    }
    large = made_up_network(LARGE_NODES // scale, LARGE_EDGES // scale)
    chosen = [one for one in measures_of("node").values() if "betweenness" not in one.id]
    return {
        "nodes": len(net),
        "edges": len(net.weight),
        "times": times,
        "extrapolated": {"permutations": DRAWS / DRAWN_BY_HAND, "holes": len(net) / SAMPLE},
        "large": {"nodes": len(large), "edges": len(large.weight), "measures": len(chosen)},
        "all_large": seconds(lambda: values_of(large, chosen)),
    }


def made_up_network(nodes: int, edges: int) -> Network:
    """A network with directions, its degrees skewed and its regions of very different sizes; the same every time."""
    rng = np.random.default_rng(1)
    chance = 1 / np.sqrt(np.arange(1, nodes + 1))
    ends = rng.choice(nodes, (2, 2 * edges), p=chance / chance.sum())
    between = ends[0] != ends[1]
    keys = rng.permutation(np.unique(ends[0][between] * nodes + ends[1][between]))[:edges]
    keys.sort()
    return Network(
        nodes=tuple(f"o{at:06}" for at in range(nodes)),
        regions=tuple(f"r{at:02}" for at in range(REGIONS)),
        region=np.minimum(rng.geometric(0.1, nodes) - 1, REGIONS - 1),
        source=keys // nodes,
        target=keys % nodes,
        weight=rng.integers(1, 10, len(keys)).astype(np.float64),
        directed=True,
    )


def compare(net: Network, graph: nx.DiGraph, sample: list[str]) -> None:
    """Stop unless both give the same."""
    at = [net.nodes.index(node) for node in sample]
    found = structural_holes(net)
    constraint, size = holes_of_networkx(graph, sample)
    np.testing.assert_allclose(found.constraint[at], [constraint[node] for node in sample], rtol=1e-9)
    np.testing.assert_allclose(found.effective_size[at], [size[node] for node in sample], rtol=1e-9)
    ranks = nx.pagerank(graph, weight="weight", tol=1e-10)
    np.testing.assert_allclose(pagerank(net), [ranks[node] for node in net.nodes], atol=1e-8)
    counts = roles_by_hand(graph)
    np.testing.assert_array_equal(roles(net).counts, [counts[node] for node in net.nodes])
    expected = label_null(net, ei, DRAWS, 1)
    drawn = permuted_by_hand(graph, net, DRAWN_BY_HAND)
    assert all(abs(one - expected.mean) < 6 * expected.sd for one in drawn)


def roles_by_hand(graph: nx.DiGraph) -> dict[str, list[int]]:
    """The five roles of Gould and Fernandez, path by path; networkx has none."""
    region = nx.get_node_attributes(graph, "region")
    found = {}
    for b in graph:
        counts = [0] * 5
        for a in graph.predecessors(b):
            beyond = graph[a]
            for c in graph.successors(b):
                if c != a and c not in beyond:
                    counts[_role(region[a], region[b], region[c])] += 1
        found[b] = counts
    return found


def _role(a: str, b: str, c: str) -> int:
    """The place of a role in `ROLES`."""
    if a == c:
        return 0 if a == b else 1
    if a == b:
        return 2
    return 3 if b == c else 4


def permuted_by_hand(graph: nx.DiGraph, net: Network, draws: int) -> list[float]:
    """The E-I index of so many permutations of the regions, edge by edge."""
    rng, regions = np.random.default_rng(1), [net.regions[at] for at in net.region.tolist()]
    found = []
    for _ in range(draws):
        region = dict(zip(net.nodes, rng.permutation(regions).tolist(), strict=True))
        inner = total = 0.0
        for a, b, weight in graph.edges(data="weight"):
            total += weight
            if region[a] == region[b]:
                inner += weight
        found.append(1 - 2 * inner / total)
    return found


def holes_of_networkx(graph: nx.DiGraph, sample: list[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Constraint and effective size of some nodes; efficiency follows, and hierarchy networkx does not have."""
    constraint = nx.constraint(graph, nodes=sample, weight="weight")
    return constraint, nx.effective_size(graph, nodes=sample, weight="weight")


if __name__ == "__main__":
    result = measure_network(3)
    for name, times in result["times"].items():
        print(name, {who: f"{median(taken):.3f} s" for who, taken in times.items()})
    print(result["extrapolated"], f"all measures of {result['large']}: {result['all_large']:.1f} s")
