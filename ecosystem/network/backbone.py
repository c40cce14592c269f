"""The backbone of a network: the edges that weigh more than chance would give them, by two published filters."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
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
    two such ends has p = 1. The program backbone for R has the same. Weights and directions count. Reference: Serrano,
    Boguñá and Vespignani (2009), Extracting the multiscale backbone of complex weighted networks.
    """
    at_source, at_target = _ends(network)
    pair = [_at_end(network, at, end) for at, end in ((at_source, network.source), (at_target, network.target))]
    p: FloatArray = np.minimum(pair[0], pair[1])
    return p


def noise_corrected(network: Network) -> NoiseCorrected:
    """The noise-corrected score of every edge (E,) and its standard deviation (E,).

    score = (c w - 1) / (c w + 1) with c = s / (a b), a the strength of the source, b that of the target, s the sum of
    the matrix: the weight over the one expected, brought between -1 and 1. Its sd follows by the delta method from a
    binomial weight whose chance per unit has a beta prior, with mean m = a b / s^2, variance v = a b (s - a) (s - b) /
    (s^4 (s - 1)), and the parameters m^2 / v (1 - m) - m and m / v (1 - m^2) - (1 - m). The second is that of the
    program of the authors; the beta distribution of this mean and variance would have (1 - m)^2 in place of 1 - m^2.
    Weights are taken as counts, directions count; without them every edge stands in both of its cells, so that s is
    twice the sum of weights. NaN where one end has all the weight of the network, or where s is at most 1. Reference:
    Coscia and Neffke (2017), Network backboning with noisy data.
    """
    at_source, at_target = _ends(network)
    a = _strength(network, at_source)[network.source]
    b = _strength(network, at_target)[network.target]
    w, s = network.weight, float(network.weight.sum()) * (1 if network.directed else 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = _chance(w, a, b, s)
        lift = s / (a * b)
        slope = 2 * (lift + w * (1 / (a * b) - s * (a + b) / (a * b) ** 2)) / (lift * w + 1) ** 2
        sd = np.sqrt(chance * (1 - chance) * s) * np.abs(slope)
        return NoiseCorrected(np.where(np.isnan(sd), np.nan, (lift * w - 1) / (lift * w + 1)), sd)


def disparity_backbone(network: Network, alpha: float) -> Network:
    """The network with all of its nodes and only the edges whose p-value of `disparity` is below `alpha`."""
    return _with_edges(network, disparity(network) < alpha)


def noise_corrected_backbone(network: Network, delta: float) -> Network:
    """The network with all of its nodes and only the edges that score above `delta` standard deviations.

    1.28, 1.64 and 2.32 are about p = 0.1, 0.05 and 0.01. An edge whose score is NaN is left out.
    """
    found = noise_corrected(network)
    return _with_edges(network, found.score > delta * found.sd)


def _chance(w: FloatArray, a: FloatArray, b: FloatArray, s: float) -> FloatArray:
    """The mean after the fact of the chance that a unit of weight is on the edge."""
    mean = a * b / s**2
    variance = a * b * (s - a) * (s - b) / (s**4 * (s - 1))
    variance = np.where(variance > 0, variance, np.nan)
    alpha = mean**2 / variance * (1 - mean) - mean + w
    beta = mean / variance * (1 - mean**2) - (1 - mean) + s - w
    chance: FloatArray = alpha / (alpha + beta)
    return chance


def _with_edges(network: Network, kept: BoolArray) -> Network:
    source, target, weight = network.source[kept], network.target[kept], network.weight[kept]
    return replace(network, source=source, target=target, weight=weight)


def _strength(network: Network, at: IntArray) -> FloatArray:
    """The weight at every node (N,) of the edges that end there."""
    weight = network.weight if network.directed else np.concatenate([network.weight, network.weight])
    # without edges bincount gives integers
    strength: FloatArray = np.bincount(at, weight, len(network)).astype(np.float64)
    return strength


def _ends(network: Network) -> tuple[IntArray, IntArray]:
    """The nodes whose edges count at a source and at a target; without directions both are all ends."""
    if network.directed:
        return network.source, network.target
    both = np.concatenate([network.source, network.target])
    return both, both


def _at_end(network: Network, at: IntArray, end: IntArray) -> FloatArray:
    degree = np.bincount(at, minlength=len(network))
    # a share of 1 may round to above 1
    rest = np.maximum(1 - network.weight / _strength(network, at)[end], 0.0)
    p: FloatArray = rest ** (degree[end] - 1)
    return p
