"""Structural holes around every node (Burt 1992): constraint, effective size, efficiency and hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from operator import attrgetter

import numpy as np

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network
from ecosystem.network.triangles import Pairs, joined_pairs, triangles


@dataclass(frozen=True, slots=True, eq=False)
class StructuralHoles:
    """The four measures of every node (N,); NaN for an isolate, and for the hierarchy of a node with one contact."""

    constraint: FloatArray
    effective_size: FloatArray
    efficiency: FloatArray
    hierarchy: FloatArray


def structural_holes(net: Network) -> StructuralHoles:
    """Constraint, effective size, efficiency and hierarchy of every node (N,); weights count, both ways are added.

    With z_ij = a_ij + a_ji, p_ij = z_ij / sum_k z_ik, m_jq = z_jq / max_k z_jk and n_i contacts j of i:
    c_ij = (p_ij + sum_q p_iq p_qj)^2, constraint C_i = sum_j c_ij;
    effective size = sum_j (1 - sum_q p_iq m_jq), efficiency = effective size / n_i;
    hierarchy = sum_j r_ij ln r_ij / (n_i ln n_i), r_ij = c_ij / (C_i / n_i): 0 where all contacts constrain alike.
    An isolate has none of them; hierarchy is 0 / 0 with one contact. p_qj is a share of all edges of q, as in igraph,
    networkx and the whole network model of UCINET, whose ego network model leaves out the contacts that q alone has.
    Without weights and directions the effective size is n - 2 t / n, t the edges between the contacts (Borgatti 1997,
    Structural holes: unpacking Burt's redundancy measures). The hierarchy of netrics for R compares the constraints C_j
    of the contacts in place of c_ij. Burt (1992), Structural Holes, chapter 2.
    """
    both = net.undirected()
    pairs = joined_pairs(both.source, both.target, len(both))
    start, strength = pairs.start, np.tile(_of_pairs(pairs, both.weight), 2)
    contacts = np.bincount(start, minlength=len(net)).astype(np.float64)
    share = strength / np.bincount(start, strength, len(net))[start]
    each, redundancy = _through_contacts(
        pairs, share, strength / _strongest(start, strength, len(net))[start], len(net)
    )
    each = (share + each) ** 2
    constraint = np.where(contacts > 0, np.bincount(start, each, len(net)), np.nan)
    size = np.where(contacts > 0, contacts - redundancy, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = each / (constraint / contacts)[start]
        spread = np.bincount(start, ratio * np.log(ratio), len(net)) / (contacts * np.log(contacts))
        return StructuralHoles(constraint, size, size / contacts, np.where(contacts > 1, spread, np.nan))


def _through_contacts(
    pairs: Pairs, share: FloatArray, marginal: FloatArray, count: int
) -> tuple[FloatArray, FloatArray]:
    """sum_q p_iq p_qj of every way from i to j (2 M,), and sum_j sum_q p_iq m_jq of every node i (N,)."""
    indirect, redundancy = np.zeros(len(share)), np.zeros(count)
    for corners, ways in triangles(pairs):
        p, m = ({way: values[place] for way, place in ways.items()} for values in (share, marginal))
        for i, j, q in permutations(range(3)):
            indirect += np.bincount(ways[i, j], p[i, q] * p[q, j], len(indirect))
            redundancy += np.bincount(corners[i], p[i, q] * m[j, q], count)
    return indirect, redundancy


def _of_pairs(pairs: Pairs, weight: FloatArray) -> FloatArray:
    """The weight of every pair (M,), from edges that each join another."""
    of_pairs = np.empty(len(pairs.first))
    of_pairs[pairs.pair] = weight
    return of_pairs


def _strongest(start: IntArray, strength: FloatArray, count: int) -> FloatArray:
    """The greatest strength of the ways from every node (N,), 0 without any."""
    strongest = np.zeros(count)
    np.maximum.at(strongest, start, strength)
    return strongest


def _measure(name: str, title: str, meaning: str, undefined: str) -> Measure:
    return Measure(
        name, "node", title, meaning, structural_holes, "Burt 1992", undefined, part=attrgetter(name), family="holes"
    )


_ISOLATE = tr_later("it has no edge")
MEASURES = (
    _measure(
        "constraint", tr_later("constraint"),
        tr_later("Σ_j (p_ij + Σ_q p_iq p_qj)²: p_ij the share of j in the weight of its edges, both ways added up, "
                 "as in igraph and the whole network model of UCINET"), _ISOLATE,
    ),
    _measure(
        "effective_size", tr_later("effective size"),
        tr_later("Σ_j (1 − Σ_q p_iq m_jq): contacts less their redundancy, m_jq = z_jq / max z_j; without weights "
                 "n − 2t / n, t the edges between contacts"), _ISOLATE,
    ),
    _measure("efficiency", tr_later("efficiency"), tr_later("effective size / number of contacts"), _ISOLATE),
    _measure(
        "hierarchy", tr_later("hierarchy"),
        tr_later("Σ_j r_ij ln r_ij / (n ln n): r_ij = c_ij / (C_i / n), how far the constraint comes from one contact"),
        tr_later("it has at most one contact"),
    ),
)  # fmt: skip
"""Burt's measures of organisations."""
