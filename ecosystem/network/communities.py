"""Communities: groups of nodes that are joined among themselves more than by chance, and how they fit the regions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from operator import attrgetter

import numpy as np
from scipy.sparse import coo_array

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr, tr_later
from ecosystem.network.cohesion import by_size
from ecosystem.network.igraph_random import seeded
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network
from ecosystem.progress import Progress, silent

RUNS, FEW_RUNS, MANY_EDGES = 10, 3, 200_000
"""How often communities are looked for where nothing else is asked: less often in a network of more edges than these,
of which a million take some seconds a run."""
ROUNDS = 2
"""How often one run improves what it found, that of igraph; further rounds add little and cost as much again."""


@dataclass(frozen=True, slots=True, eq=False)
class Communities:
    """The community that every node is `of` (N,) and their `sizes` (C,), largest first; of one size, by first node.

    They are those of the run with the highest `modularity`; `modularities` (runs,) are those of all. `nmi` and `ari`
    say how alike two runs are on average, 1 where all found the same, NaN for one run. `region_nmi` and `region_ari`
    compare the communities with the regions of the nodes that have one; `mix` (C, R) counts those.
    """

    of: IntArray
    sizes: IntArray
    modularity: float
    modularities: FloatArray
    nmi: float
    ari: float
    region_nmi: float
    region_ari: float
    mix: IntArray

    @property
    def number(self) -> FloatArray:
        """The number of the community of every node (N,), from 1."""
        number: FloatArray = self.of.astype(np.float64) + 1
        return number

    @property
    def count(self) -> int:
        """How many communities have two nodes or more."""
        return int((self.sizes > 1).sum())


def communities(
    network: Network, *, runs: int | None = None, seed: int = 1, resolution: float = 1.0, progress: Progress = silent
) -> Communities:
    """The communities with the highest modularity of so many runs of the Leiden algorithm.

    Modularity is sum over communities of (w_c / W - resolution (s_c / 2 W)^2), w_c the weight within the community, s_c
    the strength of its nodes, W the weight of all edges; a higher resolution gives smaller communities. Weights count;
    directions do not, both ways being added up. A node without edges is a community of its own. Every run has a seed
    of its own, drawn from `seed`: same seed, same answer. Modularity is NaN without edges. `mix`, and the comparison
    with regions, pass over nodes with no region. References: Traag, Waltman and van Eck (2019), From Louvain to Leiden;
    modularity Newman (2004), Analysis of weighted networks.
    """
    both = network.undirected()
    found, modularities = _runs(both, usual_runs(both) if runs is None else runs, seed, resolution, progress)
    labels = [by_size(label).of for label in found]
    best = by_size(found[int(np.argmax(modularities))])
    alike = [(nmi(one, two), ari(one, two)) for one, two in combinations(labels, 2)]
    between_runs = np.mean(alike, axis=0) if alike else np.full(2, np.nan)
    at = np.flatnonzero(network.located)
    own, region = best.of[at], network.region[at]
    modularity = float(modularities.max()) if len(network.source) else float("nan")
    return Communities(
        of=best.of,
        sizes=best.sizes,
        modularity=modularity,
        modularities=modularities,
        nmi=float(between_runs[0]),
        ari=float(between_runs[1]),
        region_nmi=nmi(own, region),
        region_ari=ari(own, region),
        mix=_crossed(own, region, len(best.sizes), len(network.regions)).toarray(),
    )


def usual_runs(network: Network) -> int:
    """How often the communities of a network are looked for where nothing else is asked."""
    return RUNS if len(network.undirected().source) <= MANY_EDGES else FEW_RUNS


def nmi(one: IntArray, two: IntArray) -> float:
    """The normalised mutual information of two partitions (N,), 2 I / (H1 + H2): 1 if the same, 0 if independent.

    1 where both are a single part; NaN without nodes. Reference: Danon, Diaz-Guilera, Duch and Arenas (2005), Comparing
    community structure identification.
    """
    count = len(one)
    if not count:
        return float("nan")
    both, first, second = _counts(one, two)
    apart = _entropy(first / count) + _entropy(second / count)
    return (2 * (apart - _entropy(both / count)) / apart) if apart > 0 else 1.0


def ari(one: IntArray, two: IntArray) -> float:
    """The adjusted Rand index of two partitions (N,): 1 if the same, 0 as alike as by chance, and below.

    (S - E) / ((A + B) / 2 - E): S the pairs that both put together, A and B those that each does, E = A B over all
    pairs. 1 where both put all pairs together, or none; NaN for fewer than two nodes. Reference: Hubert and Arabie
    (1985), Comparing partitions.
    """
    count = len(one)
    if count < 2:
        return float("nan")
    together, first, second = (float((many * (many - 1.0) / 2).sum()) for many in _counts(one, two))
    expected = first * second / (count * (count - 1) / 2)
    most = (first + second) / 2
    return (together - expected) / (most - expected) if most != expected else 1.0


def _runs(
    both: Network, runs: int, seed: int, resolution: float, progress: Progress
) -> tuple[list[IntArray], FloatArray]:
    """The communities that each run finds, and their modularities."""
    graph, rng = both.to_igraph(), np.random.default_rng(seed)
    found, modularities = [], []
    for done in range(runs):
        progress(tr("runs"), done, runs)
        own = int(rng.integers(2**62))
        if not len(both.source):
            found.append(np.arange(len(both)))
            modularities.append(float("nan"))
            continue
        with seeded(own):
            made = graph.community_leiden(
                objective_function="modularity", weights="weight", resolution=resolution, n_iterations=ROUNDS
            )
        found.append(np.array(made.membership, dtype=np.int64))
        modularities.append(graph.modularity(made.membership, weights="weight", resolution=resolution))
    progress(tr("runs"), runs, runs)
    return found, np.array(modularities)


def _crossed(one: IntArray, two: IntArray, rows: int, columns: int) -> coo_array[np.int64]:
    ones = np.ones(len(one), dtype=np.int64)
    return coo_array((ones, (one, two)), shape=(rows, columns))


def _counts(one: IntArray, two: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """How many nodes are in each pair of parts that share one, and in each part of either partition."""
    width = int(two.max()) + 1
    both = np.unique(one * width + two, return_counts=True)[1]
    return both, np.bincount(one), np.bincount(two)


def _entropy(share: FloatArray) -> float:
    some = share[share > 0]
    return float(-(some * np.log(some)).sum())


_LEIDEN = "Traag, Waltman and van Eck 2019"
_EDGES = tr_later("there is no edge")
MEASURES = (
    Measure(
        "community", "node", tr_later("community"),
        tr_later("the number of its community, from 1, the largest: Leiden, the run of highest modularity"),
        communities, _LEIDEN, part=attrgetter("number"),
    ),
    Measure(
        "communities", "network", tr_later("communities"),
        tr_later("the number of communities of two organisations or more"),
        communities, _LEIDEN, part=attrgetter("count"), family="leiden",
    ),
    Measure(
        "community_modularity", "network", tr_later("modularity of the communities"),
        tr_later("Σ (w_c / W − (s_c / 2W)²): w_c the weight within a community, s_c the strength of its organisations"),
        communities, "Newman 2004", _EDGES, part=attrgetter("modularity"), family="leiden",
    ),
    Measure(
        "community_stability", "network", tr_later("stability of the communities, NMI"),
        tr_later("the mean NMI of every two runs; 1 where all find the same"),
        communities, "Danon et al. 2005", tr_later("there is no organisation"), part=attrgetter("nmi"),
        family="leiden",
    ),
    Measure(
        "community_stability_ari", "network", tr_later("stability of the communities, ARI"),
        tr_later("the mean ARI of every two runs; 1 where all find the same"),
        communities, "Hubert and Arabie 1985", tr_later("there are fewer than two organisations"),
        part=attrgetter("ari"), family="leiden",
    ),
    Measure(
        "community_region_nmi", "network", tr_later("communities and regions, NMI"),
        tr_later("2 I / (H1 + H2): 1 where communities are the regions, 0 where they do not depend on them"),
        communities, "Danon et al. 2005", tr_later("no organisation has a region"), part=attrgetter("region_nmi"),
        family="leiden",
    ),
    Measure(
        "community_region_ari", "network", tr_later("communities and regions, ARI"),
        tr_later("(S − E) / ((A + B) / 2 − E): pairs in one community and one region, against chance; 1 where "
                 "communities are the regions"),
        communities, "Hubert and Arabie 1985", tr_later("fewer than two organisations have a region"),
        part=attrgetter("region_ari"), family="leiden",
    ),
)  # fmt: skip
"""What is measured of communities."""
