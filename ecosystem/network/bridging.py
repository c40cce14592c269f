"""Regional bridging centrality: how many pairs of other regions a region could connect, and what that is made of."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr_later
from ecosystem.network.flows import flow_matrix
from ecosystem.network.measure import Measure
from ecosystem.network.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Bridging:
    """The three factors of the bridging centrality of every region, each (R,).

    `intensity` is the weight of its edges to other regions; `openness`, from 0 to 1, their share of all its edges;
    `diversity`, from 0 to below 1, how evenly they spread over partner regions.
    """

    intensity: FloatArray
    openness: FloatArray
    diversity: FloatArray

    @property
    def centrality(self) -> FloatArray:
        """Intensity x openness x diversity (R,): 0 for a region that has no edge to another, and bridges nothing."""
        product: FloatArray = self.intensity * self.openness * self.diversity
        return np.where(self.intensity > 0, product, 0.0)


def bridging(network: Network) -> Bridging:
    """The bridging centrality of every region, by its factors.

    With g_rs the weight of the edges between regions r and s, and g_rr that of the edges within r, each counted once:

    - intensity: o_r = sum of g_rs over s other than r;
    - openness: o_r / (o_r + g_rr);
    - diversity: 1 - sum over s of (g_rs / o_r)^2, one less the Herfindahl index of the partners;
    - centrality: o_r^2 / (o_r + g_rr) x diversity = 2 sum over pairs s < t of g_rs g_rt / (o_r + g_rr),

    that is, twice the number of pairs of outer edges to different regions (bridging paths s - r - t) per edge of the
    region. Openness is NaN for a region without edges, diversity for one without edges to others. Weights count;
    directions do not: both ways are added up. Edges of nodes with no region do not count.

    Reference: Berge, Wanzenboeck and Scherngell (2017), Centrality of regions in R&D networks: a new measurement
    approach using the concept of bridging paths. The three factors are those that its abstract names; the formula of
    each is our reading of these names, not copied from the article, whose scale may differ by a constant.
    """
    flow = flow_matrix(network.undirected())
    inner, outer = flow.diagonal().copy(), flow
    np.fill_diagonal(outer, 0)
    intensity = outer.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        openness = intensity / (intensity + inner)
        diversity = 1 - ((outer / intensity[:, None]) ** 2).sum(axis=1)
    return Bridging(intensity, openness, diversity)


_BERGE = "Berge, Wanzenboeck and Scherngell 2017"
_NO_OUTER = tr_later("it has no edge to another region")
MEASURES = (
    Measure(
        "bridging", "region", tr_later("bridging centrality"),
        tr_later("intensity × openness × diversity: bridging paths between other regions per edge of the region"),
        bridging, _BERGE, part=attrgetter("centrality"),
    ),
    Measure(
        "bridging_intensity", "region", tr_later("bridging, intensity"),
        tr_later("the weight of its edges to other regions"), bridging, _BERGE, part=attrgetter("intensity"),
        family="bridging_factors",
    ),
    Measure(
        "bridging_openness", "region", tr_later("bridging, openness"),
        tr_later("the share of the weight of its edges that goes to other regions"), bridging, _BERGE,
        tr_later("it has no edge"), part=attrgetter("openness"), family="bridging_factors",
    ),
    Measure(
        "bridging_diversity", "region", tr_later("bridging, diversity"),
        tr_later("1 − Σ (share of each partner region)²"), bridging, _BERGE, _NO_OUTER, part=attrgetter("diversity"),
        family="bridging_factors",
    ),
)  # fmt: skip
"""What is measured of bridging."""
