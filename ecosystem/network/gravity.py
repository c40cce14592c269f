"""Gravity: the flows between regions explained by the masses of both and the distance between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import erfc

from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr_later
from ecosystem.network.flows import flow_matrix
from ecosystem.network.network import Network

ROUNDS = 200
CLOSE = 1e-12

TERMS = {
    "constant": tr_later("constant"),
    "mass_from": tr_later("log of the organisations of the region it comes from"),
    "mass_to": tr_later("log of the organisations of the region it goes to"),
    "masses": tr_later("log of the product of the organisations of both regions"),
    "distance": tr_later("log of the distance in km"),
}
"""The terms of the model in words; `masses` stands for the two others where flows have no direction."""


@dataclass(frozen=True, slots=True, eq=False)
class Gravity:
    """The coefficient (K,) of every term with its standard error, z and two-sided p; what they rest on, and how well.

    `r2` is the squared correlation of flows and fitted flows; `pairs` are the pairs of regions, `zeros` those of them
    without a flow.
    """

    terms: tuple[str, ...]
    coefficient: FloatArray
    se: FloatArray
    z: FloatArray
    p: FloatArray
    r2: float
    pairs: int
    zeros: int


def gravity(network: Network, kilometres: FloatArray) -> Gravity:
    """The gravity model of the flows between the regions of a network, with distances (R, R) in kilometres.

    The flow from i to j is expected to be exp(b0 + b1 ln m_i + b2 ln m_j + b3 ln d_ij), for all ordered pairs of
    regions; without directions every pair stands once and both masses have one coefficient. The mass of a region is the
    number of its organisations in the network: a strength would have the flow itself in it, and what is to be explained
    would explain itself. Pairs without a flow count as 0, which the logarithm of a flow could not; flows within a
    region, and pairs at distance 0 or NaN, are left out. See `poisson` for the estimate, and where it is NaN.
    """
    flows, mass = flow_matrix(network), np.bincount(network.region[network.located], minlength=len(network.regions))
    one, other = np.nonzero(~np.eye(len(mass), dtype=bool) if network.directed else np.triu(np.ones_like(flows), 1))
    far = kilometres[one, other]
    one, other, far = one[far > 0], other[far > 0], np.log(far[far > 0])
    masses = [np.log(mass[one]), np.log(mass[other])]
    sizes = {"mass_from": masses[0], "mass_to": masses[1]} if network.directed else {"masses": masses[0] + masses[1]}
    columns = {"constant": np.ones(len(far)), **sizes, "distance": far}
    return poisson(flows[one, other], columns)


def poisson(flow: FloatArray, columns: dict[str, FloatArray]) -> Gravity:
    """Poisson pseudo-maximum likelihood of flows (n,), at least 0, on named columns (n,), the constant first.

    The flow need not be a count, nor its variance equal its mean: only its mean has to be right. Standard errors are
    robust (sandwich, HC1: n / (n - K)); they take pairs to be independent, so that where flows of one region go up and
    down together they are too small. NaN throughout where the columns are collinear over the pairs with a flow, so that
    no estimate exists (Santos Silva and Tenreyro 2010); errors are NaN where n <= K. Reference: Santos Silva and
    Tenreyro (2006), The log of gravity.
    """
    x, zeros = np.column_stack(list(columns.values())), int((flow == 0).sum())
    nothing = np.full(x.shape[1], np.nan)
    if not _independent(x[flow > 0]):
        return Gravity(tuple(columns), nothing, nothing, nothing, nothing, float("nan"), len(flow), zeros)
    coefficient, fitted = _fitted(flow, x)
    se = _robust(flow, x, fitted)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = coefficient / se
        r2 = float(np.corrcoef(flow, fitted)[0, 1] ** 2)
    p: FloatArray = erfc(np.abs(z) / np.sqrt(2))
    return Gravity(tuple(columns), coefficient, se, z, p, r2, len(flow), zeros)


def _fitted(flow: FloatArray, x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Coefficients, the constant first, and fitted flows, by iteratively reweighted least squares of flows about 1."""
    scale = flow.mean()
    y = flow / scale
    mean = (y + 1) / 2
    for _ in range(ROUNDS):
        weight = np.sqrt(mean)
        working = np.log(mean) + (y - mean) / mean
        coefficient = np.linalg.lstsq(x * weight[:, None], working * weight)[0]
        before, mean = mean, np.exp(x @ coefficient)
        if (np.abs(mean - before) <= CLOSE * before).all():
            break
    coefficient[0] += np.log(scale)
    return coefficient, mean * scale


def _robust(flow: FloatArray, x: FloatArray, fitted: FloatArray) -> FloatArray:
    count, terms = x.shape
    if count <= terms:
        return np.full(terms, np.nan)
    root, scores = np.linalg.qr(x * np.sqrt(fitted)[:, None]).R, x * (flow - fitted)[:, None]
    half = np.linalg.solve(root.T @ root, scores.T)
    se: FloatArray = np.sqrt((half**2).sum(axis=1) * count / (count - terms))
    return se


def _independent(x: FloatArray) -> bool:
    size = np.sqrt((x**2).sum(axis=0))
    return bool((size > 0).all() and np.linalg.matrix_rank(x / size, tol=1e-10) == x.shape[1])
