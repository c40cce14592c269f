"""What regions are active in: location quotients, the relatedness of segments, and economic complexity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ecosystem.errors import NetworkError
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.messages import tr, tr_later
from ecosystem.network.flows import normalised
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network

Likeness = Literal["proximity", "association", "cosine"]

NOISE = 1e-9
"""Singular values of a share matrix, at most 1, that differ by less are taken for equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """How much of every segment each region has: counts (R, S), and the ids of regions and segments."""

    regions: tuple[str, ...]
    segments: tuple[str, ...]
    counts: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Complexity:
    """The economic complexity index of every region, `eci` (R,), and of every segment, `pci` (S,).

    `eci` has the mean 0 and the (population) standard deviation 1 over the regions; `pci` is on the same scale, so
    that the index of a region is the mean of those of the segments it is specialised in.
    """

    eci: FloatArray
    pci: FloatArray


def activity(network: Network) -> Activity:
    """The weight of the edges from the organisations of every region to each target (R, S).

    It takes a network of two kinds of nodes whose edges lead from one to the other, such as `activity`, from companies
    to segments of the industry chain. Organisations with no region do not count; segments need none. NetworkError for
    a network without directions, or where a node is at both ends, as it is in a network of one kind.
    """
    both = np.intersect1d(network.source, network.target)
    if not network.directed or len(both):
        raise NetworkError(
            _one_kind(network, both), hint=tr("take the network activity, or another of two kinds of nodes")
        )
    targets, column = np.unique(network.target, return_inverse=True)
    row = network.region[network.source]
    inside = network.located[network.source]
    size = (len(network.regions), len(targets))
    counts = coo_array((network.weight[inside], (row[inside], column[inside])), shape=size).toarray()
    return Activity(network.regions, tuple(network.nodes[at] for at in targets.tolist()), counts)


def _one_kind(network: Network, both: IntArray) -> str:
    """Why a network does not lead from organisations to something else."""
    if not network.directed:
        return tr("relatedness needs edges from organisations to what they are active in, and these have no direction")
    return tr(
        "relatedness needs edges from organisations to what they are active in: {node} has edges to it and from it",
        node=network.nodes[both[0]],
    )


def location_quotient(counts: FloatArray) -> FloatArray:
    """The location quotient of every region and segment (R, S), or revealed comparative advantage.

    (x_rs / x_r.) / (x_.s / x_..): the share of segment s in region r over its share in all regions; 1 is as in all.
    NaN for a region that has nothing, and for a segment that nobody has. Reference: Balassa (1965), Trade
    liberalisation and revealed comparative advantage.
    """
    return normalised(counts, "lq")


def specialised(counts: FloatArray) -> BoolArray:
    """Whether the location quotient of every region and segment (R, S) is at least 1; not where it is undefined."""
    # multiplied out, integers are compared exactly
    expected = counts.sum(axis=1)[:, None] * counts.sum(axis=0)[None, :]
    special: BoolArray = (counts * counts.sum() >= expected) & (counts > 0)
    return special


def diversity(special: BoolArray) -> IntArray:
    """In how many segments every region (R,) is specialised (Hidalgo and Hausmann 2009)."""
    found: IntArray = special.sum(axis=1)
    return found


def ubiquity(special: BoolArray) -> IntArray:
    """How many regions are specialised in every segment (S,) (Hidalgo and Hausmann 2009)."""
    found: IntArray = special.sum(axis=0)
    return found


def relatedness(special: BoolArray, how: Likeness = "proximity") -> FloatArray:
    """How far regions that are specialised in one segment are so in another, of every two segments (S, S).

    With c_st the regions that are specialised in both, k_s = c_ss those in s, and R those specialised in anything:

    - `proximity`: c_st / max(k_s, k_t), the lesser of the two conditional probabilities, 0 to 1 (Hidalgo, Klinger,
      Barabasi and Hausmann 2007, The product space conditions the development of nations);
    - `association`: c_st R / (k_s k_t), observed over expected by chance, 1 as by chance (van Eck and Waltman 2009);
    - `cosine`: c_st / sqrt(k_s k_t), 0 to 1 (Salton and McGill 1983).

    Symmetric. NaN for a segment that no region is specialised in.
    """
    both = special.astype(np.float64)
    shared = both.T @ both
    each = np.where(np.diag(shared) > 0, np.diag(shared), np.nan)
    if how == "proximity":
        found: FloatArray = shared / np.maximum(each[:, None], each[None, :])
    elif how == "association":
        found = shared * float((diversity(special) > 0).sum()) / (each[:, None] * each[None, :])
    else:
        found = shared / np.sqrt(each[:, None] * each[None, :])
    return found


def relatedness_density(special: BoolArray, related: FloatArray) -> FloatArray:
    """How much of what is related to a segment each region has (R, S), from 0 to 1.

    sum over t of m_rt phi_st / sum over t of phi_st, t other than s: with a segment itself among them a region would be
    close to what it has for the only reason that it has it. py-ecomplexity and economiccomplexity for R count it.
    `related` (S, S) is that of `relatedness`. NaN for a segment that no region is specialised in, or that is related to
    none. Reference: Hidalgo, Klinger, Barabasi and Hausmann (2007).
    """
    others = np.where(np.isnan(related), 0.0, related) * (1 - np.eye(len(related)))
    total = others.sum(axis=0)
    density: FloatArray = special.astype(np.float64) @ others / np.where(total > 0, total, np.nan)
    return density


def complexity(special: BoolArray) -> Complexity:
    """The economic complexity of regions and segments, by the eigenvector form.

    With M the specialisations, D = diag(diversity) and U = diag(ubiquity), the index of the regions is the eigenvector
    of D^-1 M U^-1 M' to its second largest eigenvalue, that of the segments the one of U^-1 M' D^-1 M. Both come from
    the singular vectors of D^-1/2 M U^-1/2. The sign is the one for which regions with a high index are diverse: the
    correlation of `eci` with diversity is positive.

    Only the largest part is looked at, of those that share no segment: the one with the most regions. NaN for the
    regions and segments outside it, as for a region that is specialised in nothing. NaN throughout where two parts are
    the largest, or the second eigenvector is not one: fewer than two regions or segments, all regions alike, a second
    eigenvalue that is double; and where the correlation with diversity is 0, which leaves the sign open. References:
    Hidalgo and Hausmann (2009), The building blocks of economic complexity; Mealy, Farmer and Teytelboym (2019),
    Interpreting economic complexity; the common scale is that of the programs of Harvard's Growth Lab.
    economiccomplexity for R divides by the standard deviation of a sample, n - 1, and brings segments to the mean 0 by
    themselves; neither looks at the largest part alone.
    """
    rows, columns = _largest_part(special)
    eci, pci = np.full(len(rows), np.nan), np.full(len(columns), np.nan)
    kept = special[np.ix_(rows, columns)].astype(np.float64)
    second = _second_vectors(kept) if min(kept.shape) > 1 else None
    if second is None:
        return Complexity(eci, pci)
    of_regions, of_segments = second
    many = kept.sum(axis=1)
    lean = float((of_regions - of_regions.mean()) @ (many - many.mean()))
    spread = float(of_regions.std())
    if abs(lean) <= NOISE * spread * float(many.std()) * len(many) or spread == 0:
        return Complexity(eci, pci)
    sign = np.sign(lean)
    eci[rows] = sign * (of_regions - of_regions.mean()) / spread
    pci[columns] = sign * (of_segments - of_regions.mean()) / spread
    return Complexity(eci, pci)


def _largest_part(special: BoolArray) -> tuple[BoolArray, BoolArray]:
    """Which regions (R,) and segments (S,) are in the connected part with the most regions; none where two have it."""
    count = len(special)
    row, column = np.nonzero(special)
    size = count + special.shape[1]
    joined = coo_array((np.ones(len(row)), (row, count + column)), shape=(size, size))
    part = connected_components(joined.tocsr(), directed=False)[1] if size else np.zeros(0, dtype=np.int64)
    sizes = np.bincount(part[:count][diversity(special) > 0], minlength=1)
    largest = int(sizes.argmax())
    inside = (part == largest) & bool(sizes[largest] > 0 and (sizes == sizes[largest]).sum() == 1)
    return inside[:count], inside[count:]


def _second_vectors(kept: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """The second eigenvectors of regions and segments, the first the mean of the second; None where there is no one."""
    by_row, by_column = np.sqrt(kept.sum(axis=1)), np.sqrt(kept.sum(axis=0))
    scaled = kept / by_row[:, None] / by_column[None, :]
    # the first pair of singular vectors is known; without it the second is the first
    left, values, right = np.linalg.svd(scaled - np.outer(by_row, by_column) / kept.sum(), full_matrices=False)
    if values[0] <= NOISE or values[0] - values[1] <= NOISE:
        return None
    return values[0] * left[:, 0] / by_row, right[0] / by_column


def _diversity_of_regions(network: Network) -> FloatArray:
    try:
        counts = activity(network).counts
    except NetworkError:
        return np.full(len(network.regions), np.nan)
    return np.where(counts.sum(axis=1) > 0, diversity(specialised(counts)), np.nan)


def _eci_of_regions(network: Network) -> FloatArray:
    try:
        return complexity(specialised(activity(network).counts)).eci
    except NetworkError:
        return np.full(len(network.regions), np.nan)


_HIDALGO_HAUSMANN = "Hidalgo and Hausmann 2009"
_NOT_TWO_KINDS = tr_later("the edges do not lead from organisations to what they are active in, or it has none")
MEASURES = (
    Measure(
        "diversity", "region", tr_later("diversity"),
        tr_later(
            "in how many segments its location quotient, its share of them over that of all regions, is 1 or more"
        ),
        _diversity_of_regions, _HIDALGO_HAUSMANN, _NOT_TWO_KINDS, directions=True, family="complexity",
    ),
    Measure(
        "eci", "region", tr_later("economic complexity index"),
        tr_later("second eigenvector of D⁻¹ M U⁻¹ M′: M where the location quotient is 1 or more, D and U its sums "
                 "by region and segment; mean 0, sd 1 (over n, as py-ecomplexity; n − 1 in economiccomplexity for "
                 "R), the sign that goes with diversity"),
        _eci_of_regions, f"{_HIDALGO_HAUSMANN}; Mealy, Farmer and Teytelboym 2019",
        tr_later("the edges do not lead from organisations to what they are active in, it shares no segment with the "
                 "largest part of the regions, or the second eigenvector or its sign is not determined"),
        directions=True, family="complexity",
    ),
)  # fmt: skip
"""What is measured of the segments of regions."""
