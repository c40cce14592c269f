"""Flows between regions: the weight of the edges from each to each, normalised, and what they say of a region."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.sparse import coo_array

from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.messages import tr_later
from ecosystem.network.measure import Measure
from ecosystem.network.network import NOWHERE, Network

Normalisation = Literal["none", "share", "association", "salton", "lq"]


@dataclass(frozen=True, slots=True, eq=False)
class Partners:
    """The k strongest partners of every region, strongest first: places `region` and `weight`, both (R, k).

    NOWHERE and 0 stand where a region has fewer than k.
    """

    region: IntArray
    weight: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Typology:
    """Share of all outgoing and of all incoming weight of every region (R,), and whether each is above the mean 1/R."""

    investor: FloatArray
    company: FloatArray
    investing: BoolArray
    invested: BoolArray


def flow_matrix(network: Network) -> FloatArray:
    """The weight of the edges (R, R) from the region of the row to that of the column.

    An edge with an end that has no region is left out. Without directions the matrix is symmetric: an edge between two
    regions stands in both of its cells, one inside a region counts once on the diagonal.
    """
    start, end = network.region[network.source], network.region[network.target]
    inside = (start != NOWHERE) & (end != NOWHERE)
    size = (len(network.regions), len(network.regions))
    flows: FloatArray = coo_array((network.weight[inside], (start[inside], end[inside])), shape=size).toarray()
    if network.directed:
        return flows
    both: FloatArray = flows + flows.T
    np.fill_diagonal(both, flows.diagonal())
    return both


def sent(network: Network, *, weighted: bool = True) -> FloatArray:
    """The weight that the nodes of every region send to those of every region (R, R), or the number of edges.

    An edge without direction is sent by both of its ends, so that one inside a region counts twice on the diagonal.
    """
    flows = flow_matrix(network if weighted else replace(network, weight=np.ones(len(network.weight))))
    return flows if network.directed else flows + np.diag(np.diag(flows))


def normalised(flows: FloatArray, how: Normalisation) -> FloatArray:
    """The flows (R, R) measured against the size of the regions; s_i. is the sum of a row, s_.j that of a column.

    `none`: as they are. `share`: s_ij / s_i. `association`: s_ij s_.. / (s_i. s_.j), the association strength or
    proximity index, observed over expected (van Eck and Waltman 2009). `salton`: s_ij / sqrt(s_i. s_.j) (Salton and
    McGill 1983). `lq`: (s_ij / s_i.) / (s_.j / s_..), the relational location quotient; on these sums it is the same
    number as `association`. NaN where a sum that divides is 0.
    """
    if how == "none":
        return flows.copy()
    row, column = flows.sum(axis=1)[:, None], flows.sum(axis=0)[None, :]
    if how == "share":
        return _over(flows, row)
    if how == "salton":
        return _over(flows, np.sqrt(row) * np.sqrt(column))
    return _over(_over(flows, row), _over(column, flows.sum()))


def balance(flows: FloatArray) -> FloatArray:
    """What goes out of every region less what comes in (R,); 0 throughout without directions, NaN without any flow."""
    out, come = flows.sum(axis=1), flows.sum(axis=0)
    return np.where(out + come > 0, out - come, np.nan)


def self_sufficiency(flows: FloatArray) -> FloatArray:
    """Share of the weight from every region (R,) that stays in it: internal / (internal + out), 0 to 1.

    NaN for a region from which nothing goes.
    """
    return _over(np.diag(flows), flows.sum(axis=1))


def top_partners(flows: FloatArray, count: int) -> Partners:
    """The strongest partners of every region by the weight from it; itself left out, ties in the order of regions."""
    other = _external(flows)
    order = np.argsort(-other, axis=1, kind="stable")[:, :count]
    weight = np.take_along_axis(other, order, axis=1)
    return Partners(np.where(weight > 0, order, NOWHERE), weight)


def region_hhi(flows: FloatArray) -> FloatArray:
    """Herfindahl-Hirschman index of every region's partners (R,): the sum of their squared shares, 1/k to 1.

    Shares are of the weight that leaves to other regions. NaN for a region from which none leaves (Hirschman 1964).
    """
    share = _over(_external(flows), _external(flows).sum(axis=1)[:, None])
    hhi: FloatArray = (share**2).sum(axis=1)
    return hhi


def region_entropy(flows: FloatArray) -> FloatArray:
    """Shannon entropy of every region's partners (R,) in nats: -sum p ln p, 0 for one partner (Shannon 1948).

    Shares are those of `region_hhi`; NaN for a region from which no weight leaves.
    """
    share = _over(_external(flows), _external(flows).sum(axis=1)[:, None])
    entropy: FloatArray = -(share * np.log(np.where(share > 0, share, 1.0))).sum(axis=1) + 0.0
    return entropy


def node_hhi(network: Network) -> FloatArray:
    """Herfindahl-Hirschman index of every node's partners (N,): the sum of the squared shares of its neighbours.

    Weights count, both directions are added up, regions do not matter. NaN for an isolate (Hirschman 1964).
    """
    row, share = _neighbour_shares(network)
    return _with_isolates(row, share**2, len(network))


def node_entropy(network: Network) -> FloatArray:
    """Shannon entropy of every node's partners (N,) in nats, over the shares of `node_hhi`; NaN for an isolate."""
    row, share = _neighbour_shares(network)
    return _with_isolates(row, -share * np.log(share), len(network))


def typology(flows: FloatArray) -> Typology:
    """Investor share and company share of every region, from directed flows of investment, and the quadrant.

    Investor share: of all outgoing weight; company share: of all incoming; flows inside a region count in both. NaN,
    and no quadrant, where there is no flow at all.
    """
    investor, company = _over(flows.sum(axis=1), flows.sum()), _over(flows.sum(axis=0), flows.sum())
    mean = 1 / max(len(flows), 1)
    return Typology(investor, company, investor > mean, company > mean)


def _over(part: FloatArray, whole: FloatArray | np.float64) -> FloatArray:
    """The quotient, NaN where the divisor is 0."""
    quotient: FloatArray = np.asarray(part, dtype=np.float64) / np.where(whole == 0, np.nan, whole)
    return quotient


def _external(flows: FloatArray) -> FloatArray:
    external: FloatArray = flows.copy()
    np.fill_diagonal(external, 0)
    return external


def _neighbour_shares(network: Network) -> tuple[IntArray, FloatArray]:
    """The node at one end of every edge, and the edge's share of that node's weight; every edge has two ends."""
    net = network.undirected()
    row = np.concatenate([net.source, net.target])
    weight = np.concatenate([net.weight, net.weight])
    return row, weight / np.bincount(row, weight, len(net))[row]


def _with_isolates(row: IntArray, part: FloatArray, count: int) -> FloatArray:
    # without edges bincount gives integers
    values = np.bincount(row, part, count).astype(np.float64)
    return np.where(np.bincount(row, minlength=count) > 0, values, np.nan)


_NOTHING_OUT = tr_later("nothing goes out of it")
MEASURES = (
    Measure(
        "partner_hhi", "node", tr_later("concentration of partners"),
        tr_later("Σ (share of each partner in the weight of its edges)²: 1 for one partner"), node_hhi,
        "Hirschman 1964", tr_later("it has no edge"),
    ),
    Measure(
        "partner_entropy", "node", tr_later("entropy of partners"),
        tr_later("−Σ p ln p over the shares of its partners: 0 for one partner"), node_entropy,
        "Shannon 1948", tr_later("it has no edge"),
    ),
    Measure(
        "outflow", "region", tr_later("outflow"), tr_later("the weight from it to other regions"), flow_matrix,
        "", part=lambda flows: _external(flows).sum(axis=1), directions=True, family="flows",
    ),
    Measure(
        "inflow", "region", tr_later("inflow"), tr_later("the weight from other regions to it"), flow_matrix,
        "", part=lambda flows: _external(flows).sum(axis=0), directions=True, family="flows",
    ),
    Measure(
        "internal", "region", tr_later("internal flow"), tr_later("the weight of the edges within it"), flow_matrix,
        "", part=np.diag, family="flows",
    ),
    Measure(
        "balance", "region", tr_later("balance"), tr_later("outflow − inflow; 0 undirected"), flow_matrix,
        "", tr_later("it has no edge"), part=balance, directions=True, family="flows",
    ),
    Measure(
        "self_sufficiency", "region", tr_later("self-sufficiency"),
        tr_later("internal / (internal + outflow)"), flow_matrix, "", _NOTHING_OUT, part=self_sufficiency,
        directions=True, family="flows",
    ),
    Measure(
        "partner_hhi", "region", tr_later("concentration of partners"),
        tr_later("Σ (share of each other region in its outflow)²: 1 for one partner"), flow_matrix, "Hirschman 1964",
        tr_later("nothing leaves it"), part=region_hhi, directions=True,
    ),
    Measure(
        "partner_entropy", "region", tr_later("entropy of partners"),
        tr_later("−Σ p ln p over the shares of other regions in its outflow"), flow_matrix, "Shannon 1948",
        tr_later("nothing leaves it"), part=region_entropy, directions=True,
    ),
)  # fmt: skip
"""What is measured of flows."""
