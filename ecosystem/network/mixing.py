"""Mixing of regions: where the weight that each region sends goes, against what strengths or chance would give."""

from __future__ import annotations

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr_later
from ecosystem.network.flows import sent
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network


def assortativity(network: Network) -> float:
    """Newman's assortativity by region: (sum e_rr - sum a_r b_r) / (1 - sum a_r b_r); 1 is all within regions.

    e_rs is the share of the weight that runs from region r to s, a and b its sums by row and column; an edge without
    direction runs both ways. Weights and directions count; igraph and networkx count every edge as 1, netseg for R
    drops directions. Edges of nodes with no region do not count. NaN where no edge is left, or all ends are in one
    region. Reference: Newman (2003), Mixing patterns in networks.
    """
    share = _shares(network)
    expected = float(share.sum(axis=1) @ share.sum(axis=0))
    # shares of one region alone add up to 1 but for rounding
    return (float(np.trace(share)) - expected) / (1 - expected) if 1 - expected > 1e-14 else float("nan")


def modularity(network: Network) -> float:
    """The modularity of the given regions: sum over regions of e_rr - a_r b_r, with the shares of `assortativity`.

    Weights and directions count; edges of nodes with no region do not. NaN where no edge is left. References: Newman
    (2004), Analysis of weighted networks; with directions Leicht and Newman (2008).
    """
    share = _shares(network)
    return float(np.trace(share) - share.sum(axis=1) @ share.sum(axis=0))


def coleman(network: Network) -> FloatArray:
    """Coleman's homophily index of every region (R,): 0 as by chance, 1 all ties within, -1 none.

    m is the weight that the nodes of the region send, m_in the part of it that stays within, and m* = m (n_r - 1) /
    (n - 1) what would stay if each chose among the other located nodes by chance; the index is (m_in - m*) / (m - m*)
    where m_in >= m*, and (m_in - m*) / m* elsewhere. An edge without direction is sent by both ends. Weights and
    directions count; edges of nodes with no region do not. NaN where the region sends none, or is the only one.
    Reference: Coleman (1958), Relational analysis.
    """
    flow = sent(network)
    sizes = np.bincount(network.region[network.located], minlength=len(network.regions))
    out, inner = flow.sum(axis=1), np.diagonal(flow)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = out * (sizes - 1) / (sizes.sum() - 1)
        excess = inner - chance
        found: FloatArray = np.where(excess >= 0, excess / (out - chance), excess / chance)
    return np.where((out > 0) & (sizes < sizes.sum()), found, np.nan)


def _shares(network: Network) -> FloatArray:
    """The flows between regions as shares of their sum; NaN where there is none."""
    flow = sent(network)
    total = float(flow.sum())
    return flow / total if total > 0 else np.full((1, 1), np.nan)


MEASURES = (
    Measure(
        "coleman", "region", tr_later("Coleman's homophily"),
        tr_later(
            "(m_in − m*) / (m − m*), or / m* below chance: m the weight its organisations send, m_in what stays, "
            "m* = m (n_r − 1) / (n − 1) what would stay by chance; 0 as by chance, 1 all inward"
        ),
        coleman, "Coleman 1958", tr_later("it sends nothing, or is the only region"), directions=True,
    ),
    Measure(
        "assortativity", "network", tr_later("assortativity by region"),
        tr_later("(Σ e_rr − Σ a_r b_r) / (1 − Σ a_r b_r): e_rs the share of the weight from region r to s, where "
                 "igraph and networkx count edges"),
        assortativity, "Newman 2003", tr_later("all ends are in one region, or there is no edge"), directions=True,
    ),
    Measure(
        "modularity", "network", tr_later("modularity of the regions"),
        tr_later("Σ (e_rr − a_r b_r): the share of the weight within regions above what strengths would give"),
        modularity, "Newman 2004; Leicht and Newman 2008", tr_later("no edge has both ends in a region"),
        directions=True,
    ),
)  # fmt: skip
"""What is measured of mixing."""
