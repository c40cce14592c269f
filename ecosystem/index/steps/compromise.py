"""Regions judged against the best, the worst and each other: TOPSIS, VIKOR, PROMETHEE II.

As the means of `aggregate` they take scores `(..., regions, parts)` in which more is better, weights `(..., parts)` and
the grouping, and give `(..., regions, parents)`. A score depends on who else is ranked. A part that is missing is
passed over, and the weights of the others fill its place; a region without any part of a parent is NaN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.steps.grouping import Grouping

Preference = Literal["usual", "linear"]


def topsis(parts: FloatArray, weights: FloatArray, by: Grouping) -> FloatArray:
    """D- / (D- + D+): the distance from the worst over both distances, 0 to 1; weights multiply the scores.

    D+ and D- are Euclidean distances from the best and the worst score of every part among the regions that are there.
    0 where all regions are alike in all parts. Hwang and Yoon (1981); pymcdm `TOPSIS` and scikit-criteria `TOPSIS` on
    the same normalised scores.
    """
    found = []
    for columns, own in _groups(parts, weights, by):
        weighed = columns * own[..., None, :]
        up = _distance(np.fmax.reduce(weighed, axis=-2)[..., None, :] - weighed)
        down = _distance(weighed - np.fmin.reduce(weighed, axis=-2)[..., None, :])
        score = np.where(up + down > 0, down / np.where(up + down > 0, up + down, 1.0), 0.0)
        found.append(np.where(_empty(columns), np.nan, score))
    return np.stack(found, axis=-1)


def vikor(parts: FloatArray, weights: FloatArray, by: Grouping, v: float = 0.5) -> FloatArray:
    """1 - Q, so that more is better: Q = v (S - S*) / (S- - S*) + (1 - v) (R - R*) / (R- - R*), 0 to 1.

    S is the weighted mean of the shares (best - score) / (best - worst) by which a region lags in its parts, R the
    greatest of them with its weight; * is the least and - the greatest among the regions. A part in which all are equal
    holds nobody back, and a term in which all are equal is 0. Opricovic (1998), Opricovic and Tzeng (2004); pymcdm
    `VIKOR`, whose Q is the best where it is the least.
    """
    found = []
    for columns, own in _groups(parts, weights, by):
        best = np.fmax.reduce(columns, axis=-2)[..., None, :]
        span = best - np.fmin.reduce(columns, axis=-2)[..., None, :]
        lag = np.where(
            span > 0, (best - columns) / np.where(span > 0, span, 1.0), np.where(np.isnan(columns), np.nan, 0)
        )
        weighed = np.where(np.isnan(lag), 0.0, lag) * own[..., None, :]
        whole = ((~np.isnan(columns)) * own[..., None, :]).sum(axis=-1)
        heavy = whole > 0
        share = weighed / np.where(heavy, whole, 1.0)[..., None]
        empty = _empty(columns) | ~heavy
        total, worst = (np.where(empty, np.nan, each) for each in (share.sum(axis=-1), share.max(axis=-1)))
        found.append(1 - v * _ranged(total) - (1 - v) * _ranged(worst))
    return np.stack(found, axis=-1)


def promethee(
    parts: FloatArray,
    weights: FloatArray,
    by: Grouping,
    preference: Preference = "usual",
    threshold: float | None = None,
) -> FloatArray:
    """The net flow of PROMETHEE II, -1 to 1: how far a region is preferred to the others less how far they are to it.

    A preference is the weighted mean over the parts that both regions have: `usual`, 1 for the better one whatever the
    difference; `linear`, the difference over `threshold`, at most 1 (V-shape). A flow is the mean over the n - 1
    others. Brans and Vincke (1985); pymcdm `PROMETHEE_II("usual")`, `PROMETHEE_II("vshape")`.
    """
    found = []
    for columns, own in _groups(parts, weights, by):
        empty = _empty(columns)
        net: FloatArray = np.zeros((*np.broadcast_shapes(columns.shape[:-2], own.shape[:-1]), *[columns.shape[-2]] * 2))
        whole = np.zeros_like(net)
        for at in range(columns.shape[-1]):
            ahead = columns[..., :, None, at] - columns[..., None, :, at]
            both, weight = ~np.isnan(ahead), own[..., at, None, None]
            ahead = np.sign(ahead) if preference == "usual" else np.clip(ahead / float(threshold or 1.0), -1.0, 1.0)
            net += np.where(both, ahead, 0.0) * weight
            whole += both * weight
        net = np.where(whole > 0, net / np.where(whole > 0, whole, 1.0), 0.0)
        others = np.maximum((~empty).sum(axis=-1, keepdims=True) - 1, 1)
        found.append(np.where(empty, np.nan, net.sum(axis=-1) / others))
    return np.stack(found, axis=-1)


def _groups(parts: FloatArray, weights: FloatArray, by: Grouping) -> Iterator[tuple[FloatArray, FloatArray]]:
    """The scores and the weights of the parts of every parent."""
    for parent in range(len(by.starts)):
        places = by.parts_of(parent)
        yield parts[..., places], weights[..., places]


def _empty(columns: FloatArray) -> BoolArray:
    empty: BoolArray = np.logical_and.reduce(np.isnan(columns), axis=-1)
    return empty


def _distance(off: FloatArray) -> FloatArray:
    distance: FloatArray = np.sqrt(np.where(np.isnan(off), 0.0, off * off).sum(axis=-1))
    return distance


def _ranged(values: FloatArray) -> FloatArray:
    """Values `(..., regions)` on 0 to 1 from the least to the greatest; 0 where all are equal, NaN where missing."""
    least = np.fmin.reduce(values, axis=-1)[..., None]
    span = np.fmax.reduce(values, axis=-1)[..., None] - least
    # what is equal but for the noise of a sum is equal
    wide = span > 1e-12
    return np.where(wide, (values - least) / np.where(wide, span, 1.0), values * 0.0)
