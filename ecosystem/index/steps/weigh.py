"""Weights taken from the data: entropy, CRITIC, principal components. Every function gives shares that add up to 1."""

from __future__ import annotations

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.steps.normalise import span_of


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
        message = f"entropy weights need values that are not negative; columns with one: {', '.join(map(str, columns))}"
        raise InputError(message, hint='weigh min-max scores: entropy:scores, or on = "scores" in [weighting]')
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


def correlations(values: FloatArray) -> FloatArray:
    """Pearson's r of every two columns of `(..., regions, columns)`, over the regions that have both.

    NaN for a constant column, also with itself; 1 on the diagonal elsewhere.
    """
    present = (~np.isnan(values)).astype(np.float64)
    centred = values - _mean_of_present(values)[..., None, :]
    x = np.where(present > 0, centred, 0.0)
    across = np.swapaxes(present, -1, -2)
    with np.errstate(divide="ignore", invalid="ignore"):
        count = across @ present
        first = np.swapaxes(x, -1, -2) @ present / count
        second = np.swapaxes(first, -1, -2)
        covariance = np.swapaxes(x, -1, -2) @ x / count - first * second
        square = np.swapaxes(x * x, -1, -2) @ present / count - first**2
        r = covariance / np.sqrt(square * np.swapaxes(square, -1, -2))
    flat = span_of(values).constant
    r = np.where(flat[..., :, None] | flat[..., None, :] | ~np.isfinite(r), np.nan, np.clip(r, -1.0, 1.0))
    diagonal = np.arange(values.shape[-1])
    r[..., diagonal, diagonal] = np.where(np.isnan(r[..., diagonal, diagonal]), np.nan, 1.0)
    return r


def shares(weights: FloatArray) -> FloatArray:
    """Weights over their sum; InputError where they sum to 0."""
    whole = weights.sum(axis=-1, keepdims=True)
    if not (whole > 0).all():
        hint = "all columns are constant, or all count for nothing: give weights of your own"
        raise InputError("weights that sum to zero weigh nothing", hint=hint)
    share: FloatArray = weights / whole
    return share


def _mean_of_present(values: FloatArray) -> FloatArray:
    present = ~np.isnan(values)
    mean: FloatArray = np.where(present, values, 0.0).sum(axis=-2) / np.maximum(present.sum(axis=-2), 1)
    return mean


def _sd(values: FloatArray) -> FloatArray:
    present = ~np.isnan(values)
    off = np.where(present, values - _mean_of_present(values)[..., None, :], 0.0)
    spread: FloatArray = np.sqrt((off * off).sum(axis=-2) / np.maximum(present.sum(axis=-2) - 1, 1))
    return spread
