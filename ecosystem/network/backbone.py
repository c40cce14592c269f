"""The backbone of a network: the edges that weigh more than chance would give them, by two published filters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.network.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class NoiseCorrected:
    """Score (E,) of every edge, -1 to 1, 0 as expected, and its standard deviation (E,)."""

    score: FloatArray
    sd: FloatArray


def disparity(network: Network) -> FloatArray:
    """The disparity filter's p-value of every edge (E,): small where it takes an uneven share of a node's weight.

    p = (1 - w / s) ** (k - 1), s the strength and k the degree of an end: out at the source and in at the target of a
    directed edge. The smaller of the two ends counts. An end of degree 1 has p = 1 and keeps nothing; an edge between
    two such ends has p = 1. Weights and directions count (Serrano, Boguñá and Vespignani 2009).
    """
    at_source, at_target = _ends(network)
    pair = [_at_end(network, at, end) for at, end in ((at_source, network.source), (at_target, network.target))]
    p: FloatArray = np.minimum(pair[0], pair[1])
    return p


def noise_corrected(network: Network) -> NoiseCorrected:
    """The noise-corrected score of every edge and its standard deviation (Coscia and Neffke 2017).

    score = (c w - 1) / (c w + 1) with c = s / (a b), a the strength of the source, b that of the target, s the sum of
    the matrix; its sd follows by the delta method from a beta prior on the chance of a unit of weight to be on the
    edge. Weights are taken as counts. Without directions every edge stands in both of its cells, so s is twice the
    sum of weights. An edge is kept where score > delta sd, delta 1.28, 1.64 or 2.32 for p about 0.1, 0.05 or 0.01.
    NaN where one end has all the weight of the network, or where s is at most 1.
    """
    at_source, at_target = _ends(network)
    a = np.bincount(at_source, _weight_at(network), len(network))[network.source]
    b = np.bincount(at_target, _weight_at(network), len(network))[network.target]
    w, s = network.weight, network.weight.sum() * (1 if network.directed else 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = a * b / s**2
        spread = a * b * (s - a) * (s - b) / (s**4 * (s - 1))
        spread = np.where(spread > 0, spread, np.nan)
        alpha = mean**2 / spread * (1 - mean) - mean + w
        beta = mean / spread * (1 - mean**2) - (1 - mean) + s - w
        chance = alpha / (alpha + beta)
        lift = s / (a * b)
        slope = 2 * (lift + w * (1 / (a * b) - s * (a + b) / (a * b) ** 2)) / (lift * w + 1) ** 2
        sd = np.sqrt(chance * (1 - chance) * s) * np.abs(slope)
        return NoiseCorrected(np.where(np.isnan(sd), np.nan, (lift * w - 1) / (lift * w + 1)), sd)


def backbone(network: Network, alpha: float) -> Network:
    """The network with all of its nodes and only the edges of disparity p-value below `alpha`."""
    keep = disparity(network) < alpha
    source, target, weight = network.source[keep], network.target[keep], network.weight[keep]
    return replace(network, source=source, target=target, weight=weight)


def _ends(network: Network) -> tuple[IntArray, IntArray]:
    """The nodes whose edges count at a source and at a target; without directions both are all ends."""
    if network.directed:
        return network.source, network.target
    both = np.concatenate([network.source, network.target])
    return both, both


def _weight_at(network: Network) -> FloatArray:
    return network.weight if network.directed else np.concatenate([network.weight, network.weight])


def _at_end(network: Network, at: IntArray, end: IntArray) -> FloatArray:
    degree = np.bincount(at, minlength=len(network))
    strength = np.bincount(at, _weight_at(network), len(network))
    # a share of 1 may round to above 1
    rest = np.maximum(1 - network.weight / strength[end], 0.0)
    p: FloatArray = rest ** (degree[end] - 1)
    return p
