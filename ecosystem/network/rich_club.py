"""The rich club: whether the nodes with many neighbours are joined among themselves more than degrees alone give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr
from ecosystem.network.network import Network
from ecosystem.network.nulls import rewired
from ecosystem.progress import Progress, silent

DRAWS, FEW_DRAWS, MANY_EDGES = 20, 5, 50_000
"""How many networks are rewired where nothing else is asked: fewer of one with more edges than these, of which 400,000
take five seconds a draw."""


@dataclass(frozen=True, slots=True, eq=False)
class RichClub:
    """For every k (K,), from 0 to the greatest that two nodes or more exceed: who is in the club, and how dense it is.

    `nodes` have more than k neighbours, `edges` join two of them, `coefficient` is the share of their pairs that are
    joined. `expected` is its mean over rewired networks, and `above` the share of these whose coefficient is lower.
    """

    nodes: IntArray
    edges: IntArray
    coefficient: FloatArray
    expected: FloatArray
    above: FloatArray
    draws: int

    @property
    def normalised(self) -> FloatArray:
        """The coefficient over what is expected (K,); above 1 the club is more joined than degrees alone give.

        NaN where nothing is expected, or no network was rewired.
        """
        ratio: FloatArray = self.coefficient / np.where(self.expected > 0, self.expected, np.nan)
        return ratio


def rich_club(network: Network, *, draws: int = 0, seed: int = 1, progress: Progress = silent) -> RichClub:
    """The rich-club coefficient for every number of neighbours k, against so many rewired networks.

    phi(k) = 2 E_k / (N_k (N_k - 1)), N_k the nodes with more than k neighbours and E_k the edges between them; the
    normalised one is phi(k) over its mean in networks where every node keeps its degree; networkx takes one such
    network for the mean, and netrics for R nodes with k neighbours or more. Neither weights nor directions count.
    `expected` and `above` are NaN without draws. Same seed, same draws. References: Zhou and Mondragon (2004), The
    rich-club phenomenon in the Internet topology; normalised Colizza, Flammini, Serrano and Vespignani (2006),
    Detecting rich-club ordering in complex networks.
    """
    both = network.undirected()
    degree = np.bincount(np.concatenate([both.source, both.target]), minlength=len(both))
    nodes = _above(degree)
    nodes = nodes[nodes > 1]
    edges = _edges_above(both, degree)[: len(nodes)]
    pairs = nodes * (nodes - 1) / 2
    coefficient = edges / pairs
    total, lower = np.zeros(len(nodes)), np.zeros(len(nodes))
    for done, other in enumerate(rewired(both, draws, seed) if len(both.source) else ()):
        progress(tr("draws"), done, draws)
        drawn = _edges_above(other, degree)[: len(nodes)]
        total += drawn / pairs
        lower += drawn < edges
    told = draws if draws and len(both.source) else np.nan
    return RichClub(nodes, edges, coefficient, total / told, lower / told, draws)


def usual_draws(network: Network) -> int:
    """How often a network is rewired where nothing else is asked."""
    return DRAWS if len(network.source) <= MANY_EDGES else FEW_DRAWS


def _edges_above(network: Network, degree: IntArray) -> IntArray:
    """How many edges join two nodes with more than k neighbours, for every k up to the greatest degree."""
    low: IntArray = np.minimum(degree[network.source], degree[network.target])
    return _above(low, int(degree.max(initial=0)))


def _above(values: IntArray, most: int | None = None) -> IntArray:
    """How many of the values are above k, for every k from 0 to one below the greatest."""
    many = np.bincount(values, minlength=(int(values.max(initial=0)) if most is None else most) + 1)
    above: IntArray = np.cumsum(many[::-1])[::-1][1:]
    return above
