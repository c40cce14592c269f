"""Homophily: how far the edges stay within regions, against how far they would by chance."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network


@dataclass(frozen=True, slots=True)
class Chance:
    """The E-I index of a network, and its mean and standard deviation over all permutations of the regions.

    `z` is NaN where the standard deviation is 0 or undefined.
    """

    observed: float
    mean: float
    sd: float

    @property
    def z(self) -> float:
        """How many standard deviations the observed index lies above its mean."""
        return (self.observed - self.mean) / self.sd if self.sd > 0 else float("nan")


def ei(network: Network) -> float:
    """The E-I index of the network: (E - I) / (E + I), from -1, all within regions, to 1, all between them.

    E and I are the weights of the edges between two regions and within one; each edge counts once, whatever its
    direction: both ways between two nodes are two. UCINET counts edges in place of weights. Edges of nodes with no
    region do not count. NaN where none is left. Reference: Krackhardt and Stern (1988), Informal networks and
    organizational crises.
    """
    edges = _edges(network)
    inner = float(edges.weight[edges.inner].sum())
    return _index(float(edges.weight[~edges.inner].sum()), inner)


def ei_of_regions(network: Network) -> FloatArray:
    """The E-I index of every region (R,): of the edges with at least one end in it; NaN where there is none.

    An edge within the region counts once, and so does one that leaves or enters it; sums over the rows of a symmetric
    matrix have the edges within twice. Weights count, directions do not. Reference: Krackhardt and Stern (1988).
    """
    edges, count = _edges(network), len(network.regions)
    inner = _summed(edges.one[edges.inner], edges.weight[edges.inner], count)
    outer = _at_both_ends(edges.one, edges.two, np.where(edges.inner, 0.0, edges.weight), count)
    return _indices(outer, inner)


def ei_of_nodes(network: Network) -> FloatArray:
    """The E-I index of every node (N,): of the edges at it; NaN where there is none whose ends both have a region.

    Weights count, directions do not: edges in and out are taken together, where netrics for R takes those out.
    Reference: Krackhardt and Stern (1988).
    """
    edges, count = _edges(network), len(network)
    inner = _at_both_ends(edges.source, edges.target, np.where(edges.inner, edges.weight, 0.0), count)
    outer = _at_both_ends(edges.source, edges.target, np.where(edges.inner, 0.0, edges.weight), count)
    return _indices(outer, inner)


def ei_by_chance(network: Network) -> Chance:
    """The E-I index with its exact mean and standard deviation where the regions are dealt out anew; no draws.

    The regions of the n located nodes are permuted, all n! orders alike; edges stay. With x = 1 for an edge within a
    region, the index is 1 - 2 sum(w x) / W, W = sum(w). The mean of x is p2 = sum n_r (n_r - 1) / n (n - 1); that of
    the product of two x depends on the nodes their edges share: p2 for both, p3 = sum n_r (n_r - 1) (n_r - 2) /
    n (n - 1) (n - 2) for one, p4, two pairs each within a region, for none. Hence the variance of sum(w x) is

        S2 (p2 - p2^2) + S1 (p3 - p2^2) + S0 (p4 - p2^2)

    with S2, S1 and S0 the sum of w w' over all ordered pairs of edges that share two, one and no nodes. The mean is
    the same for every network with these regions. NaN where no edge is left. Weights count, directions do not: both
    ways between two nodes are added up. Reference: Krackhardt and Stern (1988), who draw permutations; the moments
    are those of quadratic assignment, Hubert and Schultz (1976).
    """
    edges = _edges(network.undirected())
    total = float(edges.weight.sum())
    if total == 0:
        return Chance(float("nan"), float("nan"), float("nan"))
    sizes = np.bincount(network.region[network.located]).astype(np.float64)
    within, joint, apart = _moments(sizes)
    strength = _at_both_ends(edges.source, edges.target, edges.weight, len(network))
    both = float((edges.weight**2).sum())
    one = float((strength**2).sum()) - 2 * both
    none = total**2 - both - one
    square = within**2
    variance = both * (within - square) + one * (joint - square) + none * (apart - square)
    # what rounding leaves of an index that no permutation changes is not a spread
    noise = 1e-13 * total**2
    sd = 2 * variance**0.5 / total if variance > noise * min(1.0, within, 1 - within) else 0.0
    return Chance(ei(network), 1 - 2 * within, sd)


def ei_corrected(network: Network) -> float:
    """The E-I index corrected for the sizes of the regions: that of densities, (dE - dI) / (dE + dI).

    dE and dI are the weight of the edges between and within regions over the number of pairs of located nodes between
    and within regions: what the index would be, were there as many pairs of either kind. 0 where ties are as dense
    between regions as within them, whatever their sizes; -1 and 1 as for E-I. NaN where one of the two kinds has no
    pair, or there is no edge. Weights count, directions do not. The re-scaled index of UCINET is another: it places E-I
    between the least and the greatest that density and sizes allow. Reference: the dependence of E-I on group sizes is
    that of Krackhardt and Stern (1988).
    """
    edges = _edges(network)
    inner_pairs, outer_pairs = _pairs(network)
    if inner_pairs == 0 or outer_pairs == 0:
        return float("nan")
    inner = float(edges.weight[edges.inner].sum()) / inner_pairs
    return _index(float(edges.weight[~edges.inner].sum()) / outer_pairs, inner)


def yule_q(network: Network) -> float:
    """Yule's Q of being joined and being of one region, over all pairs of located nodes: (ad - bc) / (ad + bc).

    a and b are the joined pairs within and between regions, c and d those that are not joined; from -1 to 1, which is
    homophily, so that its sign is the opposite of E-I. It does not depend on the sizes of regions nor on density. NaN
    where ad + bc is 0. Neither weights nor directions count: a pair joined one way is joined. netrics for R counts the
    cells of the matrix, those of its diagonal, too. Reference: Yule (1912), On the methods of measuring association
    between two attributes; for ties, Borgatti, Everett and Johnson (2013), Analyzing Social Networks.
    """
    edges = _edges(network.undirected())
    a, b = float(edges.inner.sum()), float((~edges.inner).sum())
    inner_pairs, outer_pairs = _pairs(network)
    ad, bc = a * (outer_pairs - b), b * (inner_pairs - a)
    return (ad - bc) / (ad + bc) if ad + bc > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """The edges whose ends both have a region: their ends, the regions of these, weight, and whether they are one."""

    source: IntArray
    target: IntArray
    one: IntArray
    two: IntArray
    weight: FloatArray
    inner: BoolArray


def _edges(network: Network) -> _Edges:
    kept = network.located[network.source] & network.located[network.target]
    source, target = network.source[kept], network.target[kept]
    one, two = network.region[source], network.region[target]
    return _Edges(source, target, one, two, network.weight[kept], one == two)


def _pairs(network: Network) -> tuple[float, float]:
    """The number of pairs of located nodes within a region, and between two."""
    sizes = np.bincount(network.region[network.located]).astype(np.float64)
    count = float(sizes.sum())
    inner = float((sizes * (sizes - 1)).sum()) / 2
    return inner, count * (count - 1) / 2 - inner


def _moments(sizes: FloatArray) -> tuple[float, float, float]:
    """The chance that a pair, three nodes, and each of two pairs apart lie within one region; 0 without such nodes."""
    n = float(sizes.sum())
    two = sizes * (sizes - 1)
    three, four = two * (sizes - 2), two * (sizes - 2) * (sizes - 3)
    apart = float(two.sum()) ** 2 - float((two**2).sum()) + float(four.sum())
    return (
        float(two.sum()) / (n * (n - 1)),
        float(three.sum()) / (n * (n - 1) * (n - 2)) if n > 2 else 0.0,
        apart / (n * (n - 1) * (n - 2) * (n - 3)) if n > 3 else 0.0,
    )


def _at_both_ends(source: IntArray, target: IntArray, weight: FloatArray, count: int) -> FloatArray:
    return _summed(source, weight, count) + _summed(target, weight, count)


def _summed(at: IntArray, weight: FloatArray, count: int) -> FloatArray:
    """The weights at each of so many places, added up."""
    summed: FloatArray = np.bincount(at, weight, minlength=count).astype(np.float64)
    return summed


def _index(outer: float, inner: float) -> float:
    return (outer - inner) / (outer + inner) if outer + inner > 0 else float("nan")


def _indices(outer: FloatArray, inner: FloatArray) -> FloatArray:
    total = outer + inner
    index: FloatArray = np.divide(outer - inner, total, out=np.full(len(total), np.nan), where=total > 0)
    return index


_NO_EDGE = tr_later("no edge has both ends in a region")
_KRACKHARDT_STERN = "Krackhardt and Stern 1988"
MEASURES = (
    Measure(
        "ei", "node", tr_later("E-I index"),
        tr_later("(E − I) / (E + I): E the weight of its edges with other regions, I with its own, in and out; −1 "
                 "inward, 1 outward"),
        ei_of_nodes, _KRACKHARDT_STERN, tr_later("it has no edge whose ends both have a region"),
    ),
    Measure(
        "ei", "region", tr_later("E-I index"),
        tr_later("(E − I) / (E + I): E the weight of the edges that leave or enter it, I within, each once; −1 inward, "
                 "1 outward"),
        ei_of_regions, _KRACKHARDT_STERN, tr_later("it has no edge whose ends both have a region"),
    ),
    Measure(
        "ei", "network", tr_later("E-I index"),
        tr_later("(E − I) / (E + I): E the weight between regions, I within them; −1 all within, 1 all between; UCINET "
                 "counts edges, not weights"),
        ei, _KRACKHARDT_STERN, _NO_EDGE,
    ),
    Measure(
        "ei_expected", "network", tr_later("E-I index by chance"),
        tr_later("1 − 2 Σ n_r (n_r − 1) / n (n − 1): its mean where the n organisations change regions at random"),
        ei_by_chance, _KRACKHARDT_STERN, _NO_EDGE, part=attrgetter("mean"),
    ),
    Measure(
        "ei_z", "network", tr_later("E-I index, z"),
        tr_later("(observed − mean) / sd over all permutations of the regions, by the exact moments"),
        ei_by_chance, "Hubert and Schultz 1976", tr_later("no permutation changes the index"), part=attrgetter("z"),
    ),
    Measure(
        "ei_corrected", "network", tr_later("E-I index of densities"),
        tr_later("(dE − dI) / (dE + dI): weight between and within regions over the pairs there are; 0 whatever the "
                 "sizes where both are as dense; not the re-scaled index of UCINET"),
        ei_corrected, _KRACKHARDT_STERN, tr_later("there is no edge, or no pair within or between regions"),
    ),
    Measure(
        "yule_q", "network", tr_later("Yule's Q"),
        tr_later("(ad − bc) / (ad + bc): joined pairs within (a) and between (b) regions, not joined (c, d), "
                 "whatever the directions; 1 all joined pairs within"),
        yule_q, "Yule 1912", tr_later("ad + bc is 0"), weights=False,
    ),
)  # fmt: skip
"""What is measured of homophily."""
