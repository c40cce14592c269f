"""Weights from principal components that are never negative: squared loadings, rotated, or the first component."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.steps.normalise import span_of
from ecosystem.index.steps.weigh import correlations, shares

ROTATIONS = 1000
STEADY = 1e-12


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
    turn = np.eye(columns)
    reached = 0.0
    for _ in range(ROTATIONS if columns > 1 else 0):
        turned = loadings @ turn
        slope = loadings.T @ (turned**3 - turned * (turned**2).sum(axis=0) / rows)
        left, size, right = np.linalg.svd(slope)
        turn = left @ right
        if size.sum() <= reached * (1 + STEADY):
            break
        reached = float(size.sum())
    rotated: FloatArray = loadings @ turn
    return rotated


def _matrix(scores: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The correlations of the columns that are not constant, over the complete regions, and which columns those are."""
    full = scores[~np.isnan(scores).any(axis=-1)]
    if len(full) < 3:
        hint = "impute the missing values first, or leave an indicator out"
        raise InputError(f"principal components need three regions with every value, here are {len(full)}", hint=hint)
    used = ~span_of(full).constant
    if not used.any():
        raise InputError("every column is constant: there are no components", hint="give weights of your own")
    return correlations(full[:, used]), used


def _eigen(r: FloatArray) -> tuple[FloatArray, FloatArray]:
    values, vectors = np.linalg.eigh(r)
    return np.maximum(values[::-1], 0.0), vectors[:, ::-1]


def _spread(own: FloatArray, used: BoolArray) -> FloatArray:
    """Values of the used columns `(..., used)` at their places among all, 0 elsewhere."""
    whole = np.zeros((*own.shape[:-1], len(used)))
    whole[..., used] = own
    return whole
