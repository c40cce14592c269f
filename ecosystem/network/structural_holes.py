"""Structural holes around every node (Burt 1992): constraint, effective size, efficiency and hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

import numpy as np
from scipy.sparse import csr_array, diags_array, vstack

from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr_later
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network

WORK = 20_000_000
"""Paths of two steps held at a time: their number grows with the square of a hub's degree, and memory with it."""


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
    An isolate has none of them; hierarchy is 0 / 0 with one contact. Burt (1992), Structural Holes, chapter 2.
    """
    both = _both_ways(net)
    contacts = np.diff(both.indptr).astype(np.float64)
    share = _scaled(both, np.asarray(both.sum(axis=1), dtype=np.float64))
    strongest = _scaled(both, both.max(axis=1).toarray().ravel() if both.nnz else np.zeros(len(net)))
    on = share.copy()
    on.data = np.ones_like(on.data)
    each = share + _along_edges(share, share, on)
    each.data = each.data**2
    redundancy: FloatArray = _along_edges(share, csr_array(strongest.T), on).sum(axis=1)
    constraint = np.where(contacts > 0, each.sum(axis=1), np.nan)
    size = np.where(contacts > 0, contacts - redundancy, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return StructuralHoles(constraint, size, size / contacts, _hierarchy(each, constraint, contacts))


def _both_ways(net: Network) -> csr_array[np.float64]:
    matrix = net.matrix()
    return csr_array(matrix + matrix.T) if net.directed else matrix


def _scaled(matrix: csr_array[np.float64], by: FloatArray) -> csr_array[np.float64]:
    """Every row over a number of its own; a row without entries stays so."""
    return csr_array(diags_array(1 / np.where(by > 0, by, 1.0)) @ matrix)


def _along_edges(
    left: csr_array[np.float64], right: csr_array[np.float64], on: csr_array[np.float64]
) -> csr_array[np.float64]:
    """The product of two matrices where there is an edge, a block of rows at a time."""
    rows = on.shape[0]
    work = np.cumsum(on @ np.diff(on.indptr))
    total = int(work[-1]) if rows else 0
    cuts = np.searchsorted(work, np.arange(WORK, total, WORK)).tolist()
    ends = sorted({0, *cuts, rows})
    blocks = [(left[a:b] @ right).multiply(on[a:b]) for a, b in pairwise(ends)]
    return csr_array(vstack(blocks)) if blocks else on


def _hierarchy(each: csr_array[np.float64], constraint: FloatArray, contacts: FloatArray) -> FloatArray:
    ratio = _scaled(each, constraint / contacts)
    ratio.data = ratio.data * np.log(ratio.data)
    hierarchy: FloatArray = np.where(contacts > 1, ratio.sum(axis=1) / (contacts * np.log(contacts)), np.nan)
    return hierarchy


def _measure(name: str, title: str, meaning: str, undefined: str) -> Measure:
    return Measure(
        name, "node", title, meaning, structural_holes, "Burt 1992", undefined, part=attrgetter(name), family="holes"
    )


_ISOLATE = tr_later("it has no edge")
MEASURES = (
    _measure(
        "constraint", tr_later("constraint"),
        tr_later("Σ_j (p_ij + Σ_q p_iq p_qj)²: p_ij the share of j in the weight of its edges"), _ISOLATE,
    ),
    _measure(
        "effective_size", tr_later("effective size"),
        tr_later("Σ_j (1 − Σ_q p_iq m_jq): contacts less their redundancy, m_jq = z_jq / max z_j"), _ISOLATE,
    ),
    _measure("efficiency", tr_later("efficiency"), tr_later("effective size / number of contacts"), _ISOLATE),
    _measure(
        "hierarchy", tr_later("hierarchy"),
        tr_later("Σ_j r_ij ln r_ij / (n ln n): r_ij = c_ij / (C_i / n), how far the constraint comes from one contact"),
        tr_later("it has at most one contact"),
    ),
)  # fmt: skip
"""Burt's measures of organisations."""
