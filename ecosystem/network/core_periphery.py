"""Core and periphery: the nodes that are densely joined among themselves, and those that are joined to them alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from operator import attrgetter

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.messages import tr_later
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class CorePeriphery:
    """Whether every node is in the `core` (N,), and how well the network fits a core and a periphery.

    `tied` is the number of nodes of the periphery that have as many neighbours as the last of the core and could stand
    in its place; `core` has the first by id. What follows does not depend on ids, but is the mean over all choices of
    those: `chance` (N,), 1 in the core, 0 in the periphery, and between for the tied; `densities` (2, 2), the shares of
    pairs that are joined, within the core, between core and periphery, and within the periphery; and `correlation`,
    Pearson's r of being joined and being in the core, over the pairs of nodes of the core and those of the periphery.
    """

    core: BoolArray
    chance: FloatArray
    correlation: float
    densities: FloatArray
    tied: int

    @property
    def size(self) -> int:
        """How many nodes the core has."""
        return int(self.core.sum())

    @property
    def within(self) -> float:
        """The density of the core; NaN for fewer than two nodes."""
        return float(self.densities[0, 0])

    @property
    def between(self) -> float:
        """The density between core and periphery; NaN where one of them is empty."""
        return float(self.densities[0, 1])

    @property
    def outside(self) -> float:
        """The density of the periphery; NaN for fewer than two nodes."""
        return float(self.densities[1, 1])


def core_periphery(network: Network) -> CorePeriphery:
    """The core that leaves the fewest pairs of its nodes not joined, and of the periphery's joined; no chance in it.

    With d_1 >= d_2 >= ... the numbers of neighbours, a core of k nodes leaves k (k - 1) / 2 + E - sum of their d of
    such pairs, E the edges, so that the first k nodes with d_k > k - 1 are the best core of all (Lip 2011; Fasino and
    Rinaldi 2020, who list the others that are as good). Of nodes with as many neighbours any may be taken.
    Pairs between core and periphery are left out of this count and of the correlation, as Borgatti and Everett (2000),
    Models of core/periphery structures, have it where nothing is expected of them; netrics for R correlates all cells
    of the matrix. Neither weights nor directions count. Without edges nobody is in the core. The correlation is NaN
    where the core or the periphery has fewer than two nodes, or all or none of their pairs are joined.

    References: Lip (2011), A fast algorithm for the discrete core/periphery bipartitioning problem; Fasino and Rinaldi
    (2020), A fast and exact greedy algorithm for the core-periphery problem.
    """
    both, count = network.undirected(), len(network)
    degree = np.bincount(np.concatenate([both.source, both.target]), minlength=count)
    order = np.argsort(-degree, kind="stable")
    size = int((degree[order] > np.arange(count)).sum())
    core = np.zeros(count, dtype=bool)
    core[order[:size]] = True
    alike = degree == degree[order[size - 1]] if size else core
    taken, many = int(core[alike].sum()), int(alike.sum())
    chance = np.where(alike, taken / max(many, 1), core)
    joined = _joined(both, chance, alike, _of_two(taken, many))
    rest = count - size
    pairs = np.array([[size * (size - 1) / 2, size * rest], [size * rest, rest * (rest - 1) / 2]])
    densities = np.divide(joined, pairs, out=np.full((2, 2), np.nan), where=pairs > 0)
    return CorePeriphery(core, chance, _phi(joined, pairs), densities, many - taken)


def _of_two(taken: int, many: int) -> tuple[float, float]:
    """The chance that two of so many nodes are both among those taken, and that neither is; 0 for a single node."""
    pairs = max(many * (many - 1), 1)
    return taken * (taken - 1) / pairs, (many - taken) * (many - taken - 1) / pairs


def _joined(both: Network, chance: FloatArray, alike: BoolArray, of_two: tuple[float, float]) -> FloatArray:
    """The mean number of edges within the core, between it and the periphery, and within the periphery (2, 2)."""
    one, two = chance[both.source], chance[both.target]
    # where two nodes wait for the same places, one that is taken leaves fewer to the other
    waiting = alike[both.source] & alike[both.target]
    within = float(np.where(waiting, of_two[0], one * two).sum())
    outside = float(np.where(waiting, of_two[1], (1 - one) * (1 - two)).sum())
    across = len(both.source) - within - outside
    return np.array([[within, across], [across, outside]], dtype=np.float64)


def _phi(joined: FloatArray, pairs: FloatArray) -> float:
    """The correlation of two yes-or-no answers about the pairs of the core and those of the periphery."""
    a, c = joined[0, 0], joined[1, 1]
    b, d = pairs[0, 0] - a, pairs[1, 1] - c
    # means over choices leave the noise of a sum where all or none are joined
    noise = 1e-12 * float(pairs.sum())
    a, b, c, d = (value if value > noise else 0.0 for value in (a, b, c, d))
    # square roots apart: the product of four numbers of pairs may be more than a float holds exactly
    spread = sqrt(a + b) * sqrt(c + d) * sqrt(a + c) * sqrt(b + d)
    return float(a * d - b * c) / spread if spread > 0 else float("nan")


_LIP, _SMALL = "Lip 2011", tr_later("core or periphery has fewer than two organisations, or all or none are joined")
MEASURES = (
    Measure(
        "core", "node", tr_later("in the core"),
        tr_later("1 in the core, 0 in the periphery: the first k by neighbours, d_k > k − 1, are the core with the "
                 "fewest pairs not joined, and fewest joined outside it; of equals, the share that has a place in it"),
        core_periphery, _LIP, weights=False, part=attrgetter("chance"),
    ),
    Measure(
        "core_size", "network", tr_later("size of the core"),
        tr_later("the number of organisations in the core, k with d_k > k − 1"),
        core_periphery, _LIP, weights=False, part=attrgetter("size"),
    ),
    Measure(
        "core_correlation", "network", tr_later("core-periphery correlation"),
        tr_later("r of being joined and being in the core, over the pairs of the core and those of the periphery, not "
                 "those between; 1 where only the core is joined, and all of it"),
        core_periphery, "Borgatti and Everett 2000", _SMALL, weights=False, part=attrgetter("correlation"),
    ),
    Measure(
        "core_density", "network", tr_later("density of the core"),
        tr_later("the share of the pairs of the core that are joined"),
        core_periphery, "Borgatti and Everett 2000", tr_later("the core has fewer than two organisations"),
        weights=False, part=attrgetter("within"),
    ),
    Measure(
        "periphery_density", "network", tr_later("density of the periphery"),
        tr_later("the share of the pairs of the periphery that are joined"),
        core_periphery, "Borgatti and Everett 2000", tr_later("the periphery has fewer than two organisations"),
        weights=False, part=attrgetter("outside"),
    ),
)  # fmt: skip
"""What is measured of core and periphery."""
