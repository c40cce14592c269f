"""Weights taken from the data: entropy, CRITIC, principal components. Every function gives shares that add up to 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import BoolArray, FloatArray, correlations, mean_and_sd, span_of
from ecosystem.messages import tr

ROTATIONS = 1000
STEADY = 1e-12
"""Varimax stops after so many rotations, or when one gains no more than this share."""


def entropy_weights(values: FloatArray) -> FloatArray:
    """Shares `(..., columns)` in proportion to 1 - entropy of each column of `(..., regions, columns)`.

    With p = x / sum(x): entropy = -sum(p log p) / log(number of present values), 0 log 0 = 0. A column in which the
    regions differ little has an entropy near 1 and a weight near 0; a constant one has 0. A ratio: values must not be
    negative, InputError. Shannon (1948), Zeleny (1982); pymcdm `entropy_weights`, which takes 0 for the entropy of any
    column with a zero in it; scikit-criteria as here.
    """
    filled = np.where(np.isnan(values), 0.0, values)
    if (filled < 0).any():
        columns = np.unique(np.argwhere(filled < 0)[:, -1] + 1).tolist()
        message = tr(
            "entropy weights need values that are not negative; columns with one: {columns}",
            columns=", ".join(map(str, columns)),
        )
        raise InputError(message, hint=tr('weigh min-max scores: entropy:scores, or on = "scores" in [weighting]'))
    count = (~np.isnan(values)).sum(axis=-2)
    whole = filled.sum(axis=-2)
    share = filled / np.where(whole > 0, whole, 1.0)[..., None, :]
    entropy = -np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0).sum(axis=-2)
    spread = 1 - entropy / np.log(np.maximum(count, 2))
    flat = (count < 2) | span_of(values).constant
    return shares(np.where(flat, 0.0, np.maximum(spread, 0.0)))


def critic_weights(scores: FloatArray) -> FloatArray:
    """Shares `(..., columns)` in proportion to sd times conflict: sd_j sum_k (1 - r_jk), of normalised scores.

    Scores are min-max with the directions in them; r is Pearson's. A constant column has 0 and conflicts with nobody.
    Diakoulaki, Mavrotas and Papayannakis (1995); pymcdm `critic_weights`, scikit-criteria. A pair of columns counts
    over the regions that have both.
    """
    r = correlations(scores)
    flat = span_of(scores).constant | np.isnan(span_of(scores).minimum)
    own = np.where(flat, np.nan, _sd(scores))
    conflict = np.where(np.isnan(r), 0.0, 1 - r).sum(axis=-1)
    return shares(np.where(flat, 0.0, own * conflict))


def shares(weights: FloatArray) -> FloatArray:
    """Weights over their sum; InputError where they sum to 0."""
    whole = weights.sum(axis=-1, keepdims=True)
    if not (whole > 0).all():
        hint = tr("all columns are constant or have the weight 0: give weights of your own")
        raise InputError(tr("all weights are 0"), hint=hint)
    share: FloatArray = weights / whole
    return share


@dataclass(frozen=True, slots=True, eq=False)
class ComponentWeights:
    """Shares `(columns,)` and where they come from.

    `eigenvalues` of the correlation matrix, greatest first; `loadings` `(columns, components)` of the components that
    were kept, rotated where the method rotates; `explained`: the share of the variance that these explain together.
    `negative`: the columns whose loading on the first component was below 0 and was set to 0 (`pc1` alone).
    """

    weights: FloatArray
    eigenvalues: FloatArray
    loadings: FloatArray
    explained: float
    negative: BoolArray


def pca_weights(scores: FloatArray) -> ComponentWeights:
    """Weights of the columns of `(regions, columns)`: squared varimax loadings, weighed by what a component explains.

    The correlation matrix is decomposed; components with an eigenvalue above 1 are kept (one at the least) and rotated
    by varimax. A column's weight is its greatest squared loading, as a share of that component's squared loadings,
    times the component's share of the variance explained; together 1. Squares are never negative (Nicoletti, Scarpetta
    and Boylaud 2000; OECD/JRC 2008, step 6). Constant columns have 0. Scores have their directions in them; regions
    with a missing value do not count. InputError for fewer than three regions.
    """
    r, used = _matrix(scores)
    values, vectors = _eigen(r)
    kept = max(int((values > 1 + 1e-9).sum()), 1)
    loadings = varimax(vectors[:, :kept] * np.sqrt(values[:kept]))
    square = loadings**2
    explained = square.sum(axis=0)
    home = square.argmax(axis=1)
    own = square[np.arange(len(home)), home] / explained[home] * (explained[home] / explained.sum())
    return ComponentWeights(
        shares(_spread(own, used)),
        values,
        _spread(loadings.T, used).T,
        float(explained.sum() / len(values)),
        np.zeros(len(used), np.bool_),
    )


def first_component_weights(scores: FloatArray) -> ComponentWeights:
    """Weights of the columns of `(regions, columns)`: the first component's coefficients, as shares.

    Its sign is chosen so that the coefficients sum to more than 0. A column whose coefficient is then negative runs
    against the rest; it has the weight 0 and is marked. COINr `get_PCA` returns the coefficients with any sign and
    without a word; where all are positive, these are in proportion to its own. OECD/JRC (2008), step 6.
    """
    r, used = _matrix(scores)
    values, vectors = _eigen(r)
    first = vectors[:, 0] * (1.0 if vectors[:, 0].sum() >= 0 else -1.0)
    negative = np.zeros(len(used), np.bool_)
    negative[used] = first < 0
    explained = float(values[0] / len(values))
    loadings = _spread((first * np.sqrt(values[0]))[None, :], used).T
    return ComponentWeights(shares(_spread(np.maximum(first, 0.0), used)), values, loadings, explained, negative)


def varimax(loadings: FloatArray) -> FloatArray:
    """Loadings `(columns, components)` turned so that the squares of each component spread most (Kaiser 1958).

    Raw varimax by singular values; one component stays as it is.
    """
    rows, columns = loadings.shape
    rotation = np.eye(columns)
    reached = 0.0
    for _ in range(ROTATIONS if columns > 1 else 0):
        rotated = loadings @ rotation
        slope = loadings.T @ (rotated**3 - rotated * (rotated**2).sum(axis=0) / rows)
        left, size, right = np.linalg.svd(slope)
        rotation = left @ right
        if size.sum() <= reached * (1 + STEADY):
            break
        reached = float(size.sum())
    best: FloatArray = loadings @ rotation
    return best


def _matrix(scores: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The correlations of the columns that are not constant, over the complete regions, and which columns those are."""
    full = scores[~np.isnan(scores).any(axis=-1)]
    if len(full) < 3:
        hint = tr("impute the missing values first, or leave an indicator out")
        raise InputError(
            tr("principal components need three regions that have every value: there are {count}", count=len(full)),
            hint=hint,
        )
    used = ~span_of(full).constant
    if not used.any():
        raise InputError(
            tr("every column is constant, so there are no components"), hint=tr("give weights of your own")
        )
    return correlations(full[:, used]), used


def _eigen(r: FloatArray) -> tuple[FloatArray, FloatArray]:
    values, vectors = np.linalg.eigh(r)
    return np.maximum(values[::-1], 0.0), vectors[:, ::-1]


def _spread(own: FloatArray, used: BoolArray) -> FloatArray:
    """Values of the used columns `(..., used)` at their places among all, 0 elsewhere."""
    whole = np.zeros((*own.shape[:-1], len(used)))
    whole[..., used] = own
    return whole


def _sd(values: FloatArray) -> FloatArray:
    present = ~np.isnan(values)
    off = np.where(present, values - mean_and_sd(values)[0][..., None, :], 0.0)
    spread: FloatArray = np.sqrt((off * off).sum(axis=-2) / np.maximum(present.sum(axis=-2) - 1, 1))
    return spread
