"""Several networks of the same organisations: how far their edges overlap, and how each node spreads over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from ecosystem.index.arrays import FloatArray, IntArray, correlations
from ecosystem.network.network import NOWHERE, Network


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """The edges that every two of L networks share (L, L), and their shares; the diagonal is a network with itself.

    `edges` is the number of edges of the network of the row, as it is compared with that of the column; `shared` the
    number of those that both have; `jaccard` their share of the edges that either has; `smaller` their share of the
    edges of the one that has fewer. NaN where there is no edge to divide by.
    """

    edges: IntArray
    shared: IntArray
    jaccard: FloatArray
    smaller: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Participation:
    """How every node spreads over L networks: degrees (L, N), their sum (N,), and the participation coefficient (N,).

    `coefficient` is 0 for a node whose edges are all in one network, and 1 for one with as many in each. NaN for a
    node without edges, and where there is only one network.
    """

    nodes: tuple[str, ...]
    degrees: IntArray
    overlapping_degree: IntArray
    coefficient: FloatArray


def aligned(networks: Sequence[Network]) -> tuple[Network, ...]:
    """The networks over the union of their nodes and of their regions, so that a place means the same in all.

    A node is in the region of the first network that gives it one. Edges, weights and directions stay.
    """
    nodes = tuple(sorted({node for net in networks for node in net.nodes}))
    regions = tuple(sorted({region for net in networks for region in net.regions}))
    node_at = {node: place for place, node in enumerate(nodes)}
    region_at = {region: place for place, region in enumerate(regions)}
    region = np.full(len(nodes), NOWHERE, dtype=np.int64)
    moves = []
    for net in networks:
        move = np.array([node_at[node] for node in net.nodes], dtype=np.int64)
        # NOWHERE is -1, the last place
        named = np.array([*(region_at[one] for one in net.regions), NOWHERE], dtype=np.int64)[net.region]
        region[move] = np.where(region[move] == NOWHERE, named, region[move])
        moves.append(move)
    return tuple(
        # nodes and their union are both sorted: the order of edges stays
        replace(net, nodes=nodes, regions=regions, region=region, source=move[net.source], target=move[net.target])
        for net, move in zip(networks, moves, strict=True)
    )


def edge_overlap(networks: Sequence[Network]) -> Overlap:
    """How many edges every two networks share, and what part of their edges these are.

    With E_k the edges of network k: |E_k and E_l| / |E_k or E_l| (Jaccard), and |E_k and E_l| / min(|E_k|, |E_l|).
    Weights do not count. Where both networks have directions an edge and its reverse are two; where one has none, the
    directions of the other are dropped. NaN where the divisor is 0. Reference: Battiston, Nicosia and Latora (2014),
    Structural measures for multiplex networks, section III.
    """
    layers = aligned(networks)
    keys = [{both: _keys(net, directed=both) for both in {False, net.directed}} for net in layers]
    size = (len(layers), len(layers))
    edges, shared = (np.zeros(size, dtype=np.int64) for _ in range(2))
    for i, j in np.ndindex(size):
        both = layers[i].directed and layers[j].directed
        one, other = keys[i][both], keys[j][both]
        shared[i, j] = len(np.intersect1d(one, other, assume_unique=True))
        edges[i, j] = len(one)
    either = edges + edges.T - shared
    return Overlap(edges, shared, _share(shared, either), _share(shared, np.minimum(edges, edges.T)))


def participation(networks: Sequence[Network]) -> Participation:
    """How evenly the edges of every node are spread over the networks.

    With k_i[a] the degree of node i in network a of L, and o_i = sum_a k_i[a], the overlapping degree:

        P_i = L / (L - 1) x (1 - sum_a (k_i[a] / o_i)^2)

    A degree is the number of other nodes that are joined to it: neither weights nor directions count, and both ways
    between two nodes are one. NaN where o_i is 0, or L is 1. Reference: Battiston, Nicosia and Latora (2014),
    Structural measures for multiplex networks, equations 9 and 11.
    """
    layers = aligned(networks)
    nodes = layers[0].nodes if layers else ()
    degrees = np.array([_degree(net) for net in layers], dtype=np.int64).reshape(len(layers), len(nodes))
    summed: IntArray = degrees.sum(axis=0)
    share = _share(degrees, summed[None, :])
    many = len(layers)
    spread = many / (many - 1) * (1 - (share**2).sum(axis=0)) if many > 1 else np.full(len(nodes), np.nan)
    return Participation(nodes, degrees, summed, spread)


def degree_correlations(networks: Sequence[Network], *, ranks: bool = False) -> FloatArray:
    """The correlation of the degrees of the nodes between every two networks (L, L), over all nodes of the union.

    Pearson's r, or with `ranks` Spearman's, where nodes with the same degree share the mean of their ranks. A node
    that a network does not have has the degree 0 in it: nodes that are in neither of two networks but in a third count
    as well. Degrees are those of `participation`. NaN for a network whose nodes all have the same degree. Reference:
    Nicosia and Latora (2015), Measuring and modeling correlations in multiplex networks.
    """
    degrees = participation(networks).degrees.astype(np.float64)
    if not degrees.size:
        return np.full((len(networks), len(networks)), np.nan)
    return correlations((rankdata(degrees, axis=1) if ranks else degrees).T)


def _keys(net: Network, *, directed: bool) -> IntArray:
    """A number for every edge, the same in all networks over the same nodes."""
    kept = net if directed else net.undirected()
    keys: IntArray = kept.source * len(net) + kept.target
    return keys


def _degree(net: Network) -> IntArray:
    ends = net.undirected()
    degree: IntArray = np.bincount(np.concatenate([ends.source, ends.target]), minlength=len(net)).astype(np.int64)
    return degree


def _share(part: IntArray, whole: IntArray) -> FloatArray:
    share: FloatArray = part / np.where(whole == 0, np.nan, whole.astype(np.float64))
    return share
