"""The weights of an index at every level of its hierarchy, and the share of the whole that each indicator has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.errors import InputError
from ecosystem.index.aggregate import Grouping, climb, sum_parts
from ecosystem.index.arrays import FloatArray
from ecosystem.index.bod import benefit_of_the_doubt
from ecosystem.index.components import first_component_weights, pca_weights
from ecosystem.index.normalise import minmax
from ecosystem.index.records import Index
from ecosystem.index.rules import Weighting
from ecosystem.index.weigh import critic_weights, entropy_weights


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights of the parts `(..., n)` at level 1, 2, ... under the top, and the indicators' shares `(..., indicators)`.

    Only the proportions among siblings count, but for `weighted_sum`, where the shares themselves are the weights.
    """

    levels: tuple[FloatArray, ...]
    shares: FloatArray


def weigh(index: Index, prepared: FloatArray, steps: Sequence[Grouping], given: FloatArray | None = None) -> Weights:
    """The weights of an index: `given` shares `(..., indicators)`, or those that its spec asks for."""
    if given is not None:
        return from_shares(checked_shares(np.asarray(given, dtype=np.float64), len(index.leaves)), steps)
    method = index.weighting.method
    if method == "printed":
        levels = tuple(np.array([row.weight for row in index.at(level)]) for level in range(1, index.depth))
        summed = index.aggregation.method == "weighted_sum" and index.aggregation.weights == "global"
        return Weights(levels, levels[0] if summed else _shares(levels, steps))
    if method == "equal_by_pillar":
        levels = tuple(np.ones(len(index.at(level))) for level in range(1, index.depth))
        return Weights(levels, _shares(levels, steps))
    if method == "equal":
        return from_shares(np.full(len(index.leaves), 1 / len(index.leaves)), steps)
    directions = np.array([float(leaf.direction) for leaf in index.leaves])
    return from_shares(data_weights(prepared, directions, index.weighting), steps)


def checked_shares(shares: FloatArray, count: int) -> FloatArray:
    """Shares `(..., indicators)` as they are; InputError where one is negative or they sum to zero."""
    if shares.shape[-1:] != (count,):
        raise ValueError(f"weights of shape {shares.shape} for {count} indicators")
    if not (np.isfinite(shares).all() and (shares >= 0).all()):
        raise InputError("weights must not be negative", hint="a weight is a number from 0 up")
    if not (shares.sum(axis=-1) > 0).all():
        raise InputError("weights that sum to zero weigh nothing", hint="give at least one indicator a weight above 0")
    return shares


def data_weights(values: FloatArray, directions: FloatArray, rule: Weighting) -> FloatArray:
    """Shares `(..., indicators)` that the data give, from values `(..., regions, indicators)` before normalisation.

    All work on min-max scores with the directions in them, so units do not matter: on 0 to 1, and `bod` on 1 to 100,
    since a score of 0 can bring no share. `bod` gives the mean of the regions' shares. Regions with a missing value do
    not count for `pca`, `pc1` and `bod`.
    """
    if rule.method in {"entropy", "critic"}:
        scores = minmax(values, directions, 0.0, 1.0).values
        if rule.method == "critic":
            return critic_weights(scores)
        # a constant column scores 0 throughout: any constant has the entropy 1, and so the weight 0
        flat = ~(np.nansum(scores, axis=-2) > 0)
        return entropy_weights(np.where(flat[..., None, :], 1.0, scores))
    stack = values.reshape(-1, *values.shape[-2:])
    found = np.stack([_one(matrix, directions, rule) for matrix in stack])
    return found.reshape(*values.shape[:-2], values.shape[-1])


def _one(matrix: FloatArray, directions: FloatArray, rule: Weighting) -> FloatArray:
    if rule.method == "bod":
        full = matrix[~np.isnan(matrix).any(axis=-1)]
        scores = minmax(full, directions, 1.0, 100.0).values
        return benefit_of_the_doubt(scores, rule.lower, rule.upper).common
    scores = minmax(matrix, directions, 0.0, 1.0).values
    return (pca_weights(scores) if rule.method == "pca" else first_component_weights(scores)).weights


def from_shares(shares: FloatArray, steps: Sequence[Grouping]) -> Weights:
    """Weights whose parents have the sum of their parts."""
    return Weights((shares, *climb(shares, steps[:-1])), shares)


def _shares(levels: Sequence[FloatArray], steps: Sequence[Grouping]) -> FloatArray:
    """The indicators' shares of the whole: at each level the weight over the sum of the siblings', multiplied down."""
    share: FloatArray = np.ones(1)
    for own, step in zip(reversed(levels), reversed(steps), strict=True):
        share = own / sum_parts(own, step)[..., step.parents] * share[..., step.parents]
    return share
