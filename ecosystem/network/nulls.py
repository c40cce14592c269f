"""More than chance? A measure of a network against its values where regions are dealt out anew, or edges rewired."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import igraph
import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.network.homophily import ei
from ecosystem.network.igraph_random import seeded
from ecosystem.network.network import Network
from ecosystem.progress import Progress, silent

Null = Literal["labels", "rewire"]
"""What chance changes: which node is in which region, or which node is linked to which."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number against so many draws of it: their mean and sd (n - 1), z, p-values, and the interval of 95 % of them.

    `p` is two-sided, `p_high` and `p_low` are those of a number as high, and as low, as the one observed.
    """

    observed: float
    mean: float
    sd: float
    z: float
    p: float
    p_high: float
    p_low: float
    low: float
    high: float
    draws: int


def compared(observed: float, drawn: FloatArray) -> Comparison:
    """The observed number against draws of it (D,).

    p_high = (1 + number of draws at or above it) / (1 + D), p_low likewise below: the observed is one of the cases that
    chance gives, so that no p is 0; sna for R divides the draws alone by D. p is twice the smaller, at most 1. The
    interval is that of the 2.5 and 97.5 % quantiles of the draws. z is NaN where all draws are equal; all but
    `observed` are NaN where it or a draw is NaN, or where there are fewer than two draws. Reference: Phipson and Smyth
    (2010), Permutation p-values should never be zero.
    """
    count = len(drawn)
    if count < 2 or np.isnan(observed) or np.isnan(drawn).any():
        nan = float("nan")
        return Comparison(observed, nan, nan, nan, nan, nan, nan, nan, nan, count)
    # draws that equal the observed but for the noise of a sum are ties
    noise = 1e-12 * max(abs(observed), float(np.abs(drawn).max()))
    p_high = float(1 + (drawn >= observed - noise).sum()) / (1 + count)
    p_low = float(1 + (drawn <= observed + noise).sum()) / (1 + count)
    mean, sd = float(drawn.mean()), float(drawn.std(ddof=1))
    sd = sd if sd > noise else 0.0
    z = (observed - mean) / sd if sd else float("nan")
    low, high = np.quantile(drawn, [0.025, 0.975]).tolist()
    return Comparison(observed, mean, sd, z, min(1.0, 2 * min(p_high, p_low)), p_high, p_low, low, high, count)


def label_null(
    network: Network, measure: Callable[[Network], float], draws: int, seed: int, progress: Progress = silent
) -> Comparison:
    """A measure of the network against permutations of its regions: is it more than edges that ignore regions give?

    The regions of the located nodes are permuted among them, so that sizes stay; nodes with no region stay without, and
    edges stay with their weights. Same seed, same draws. Of a measure that regions do not change all draws are equal.
    The E-I index takes half the time of other measures as cheap, as no network is made for a draw; its mean and sd are
    known without any (`ei_by_chance`). Reference: Krackhardt and Stern (1988).
    """
    if measure is ei:
        return compared(ei(network), _ei_of_draws(network, draws, seed))
    rng, region, at = np.random.default_rng(seed), network.region.copy(), np.flatnonzero(network.located)
    drawn = np.full(draws, np.nan)
    for draw in range(draws):
        region[at] = rng.permutation(network.region[at])
        drawn[draw] = measure(network.in_regions(region.copy()))
        progress(tr("draws"), draw + 1, draws)
    return compared(measure(network), drawn)


def rewiring_null(
    network: Network, measure: Callable[[Network], float], draws: int, seed: int, progress: Progress = silent
) -> Comparison:
    """A measure of the network against rewired ones: is it more than the degrees of its nodes give?

    Every draw starts from the network and tries ten swaps per edge: a-b and c-d become a-d and c-b, unless that makes a
    self-link or a second edge between the same nodes. Every node keeps its degree, in and out with directions, and its
    region. Strengths are not kept: the weights are permuted over the edges. Same seed, same draws. A network with no
    other wiring of these degrees, such as a star, has draws that differ in weights alone. Reference: Maslov and Sneppen
    (2002), Specificity and stability in topology of protein networks.
    """
    drawn = np.full(draws, np.nan)
    for draw, one in enumerate(rewired(network, draws, seed)):
        drawn[draw] = measure(one)
        progress(tr("draws"), draw + 1, draws)
    return compared(measure(network), drawn)


def rewired(network: Network, draws: int, seed: int) -> Iterator[Network]:
    """So many networks with the same nodes, regions and degrees, wired and weighted at random as in `rewiring_null`."""
    rng = np.random.default_rng(seed)
    start = igraph.Graph(n=len(network), directed=network.directed)
    start.add_edges(np.column_stack([network.source, network.target]).tolist())
    for _ in range(draws):
        graph = start.copy()
        if graph.ecount() > 1:
            with seeded(int(rng.integers(2**62))):
                graph.rewire()
        yield _wired(network, np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2), rng)


def _wired(
    network: Network, ends: np.ndarray[tuple[int, int], np.dtype[np.int64]], rng: np.random.Generator
) -> Network:
    if not network.directed:
        ends = np.sort(ends, axis=1)
    source, target = ends[np.lexsort((ends[:, 1], ends[:, 0]))].T
    return replace(network, source=source, target=target, weight=rng.permutation(network.weight))


def _ei_of_draws(network: Network, draws: int, seed: int) -> FloatArray:
    """The E-I index of every draw (D,); one buffer of labels, in few bytes so that it stays in the cache."""
    kept = network.located[network.source] & network.located[network.target]
    weight = network.weight[kept]
    if not len(weight):
        return np.full(draws, np.nan)
    place = np.cumsum(network.located) - 1
    source, target = place[network.source[kept]], place[network.target[kept]]
    labels = network.region[network.located].astype(np.int16 if len(network.regions) < 2**15 else np.int64)
    rng, within = np.random.default_rng(seed), np.empty(draws)
    for draw in range(draws):
        rng.shuffle(labels)
        within[draw] = weight.compress(labels.take(source) == labels.take(target)).sum()
    drawn: FloatArray = 1 - 2 * within / weight.sum()
    return drawn
