"""The weights of an index at every level of its hierarchy, and the share of the whole that each indicator has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.errors import Finding, InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import Weighting
from ecosystem.index.spec import Index
from ecosystem.index.steps.aggregate import Grouping, climb, sum_parts
from ecosystem.index.steps.bod import Benefit, benefit_of_the_doubt
from ecosystem.index.steps.components import first_component_weights, pca_weights
from ecosystem.index.steps.normalise import minmax
from ecosystem.index.steps.weigh import critic_weights, entropy_weights


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
    _refuse_unweighable(index, prepared, directions)
    return from_shares(data_weights(prepared, directions, index.weighting), steps)


def _refuse_unweighable(index: Index, prepared: FloatArray, directions: FloatArray) -> None:
    """Raise InputError with every indicator whose values, taken as they are, give no weights."""
    method, on = index.weighting.method, index.weighting.on
    if not (method == "entropy" and on != "scores") and not (method == "bod" and on == "values"):
        return
    least = np.fmin.reduce(prepared.reshape(-1, prepared.shape[-1]), axis=0)
    findings = [
        Finding("error", "negative", f"{leaf.code!r} has the value {low:g}, and {method} takes ratios of values")
        for leaf, low in zip(index.leaves, least, strict=True)
        if low < 0
    ]
    if method == "bod":
        findings += [
            Finding("error", "direction", f"{leaf.code!r} is better when it is less: its weight would reward it")
            for leaf, way in zip(index.leaves, directions, strict=True)
            if way < 0
        ]
    if findings:
        hint = f'weigh min-max scores: --on scores, --weights {method}:scores, or on = "scores" in [weighting]'
        raise InputError(f"{method} cannot weigh these values as they are", hint=hint, findings=findings)


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

    `entropy` looks at the values as they are, the others at min-max scores with the directions in them: on 0 to 1, and
    `bod` on 1 to 100, since a score of 0 can bring no share; `rule.on` turns either round. `bod` gives the mean of the
    regions' shares. Regions with a missing value do not count for `pca`, `pc1` and `bod`.
    """
    if rule.method == "entropy":
        return entropy_weights(minmax(values, directions, 0.0, 1.0).values if rule.on == "scores" else values)
    if rule.method == "critic":
        return critic_weights(minmax(values, directions, 0.0, 1.0).values)
    stack = values.reshape(-1, *values.shape[-2:])
    found = np.stack([_one(matrix, directions, rule) for matrix in stack])
    return found.reshape(*values.shape[:-2], values.shape[-1])


def _one(matrix: FloatArray, directions: FloatArray, rule: Weighting) -> FloatArray:
    if rule.method == "bod":
        full = matrix[~np.isnan(matrix).any(axis=-1)]
        return doubt(full, directions, rule).common
    scores = minmax(matrix, directions, 0.0, 1.0).values
    return (pca_weights(scores) if rule.method == "pca" else first_component_weights(scores)).weights


def doubt(values: FloatArray, directions: FloatArray, rule: Weighting) -> Benefit:
    """The benefit of the doubt of `(regions, indicators)` without gaps, on what `rule.on` says.

    InputError for the values as they are where less is better of one: their weights would reward it.
    """
    if rule.on != "values":
        return benefit_of_the_doubt(minmax(values, directions, 1.0, 100.0).values, rule.lower, rule.upper)
    if (directions < 0).any():
        columns = ", ".join(str(at + 1) for at in np.flatnonzero(directions < 0))
        message = f"benefit of the doubt would reward what is better when it is less: columns {columns}"
        raise InputError(message, hint="weigh min-max scores, which have the directions in them")
    return benefit_of_the_doubt(values, rule.lower, rule.upper)


def from_shares(shares: FloatArray, steps: Sequence[Grouping]) -> Weights:
    """Weights whose parents have the sum of their parts."""
    return Weights((shares, *climb(shares, steps[:-1])), shares)


def _shares(levels: Sequence[FloatArray], steps: Sequence[Grouping]) -> FloatArray:
    """The indicators' shares of the whole: at each level the weight over the sum of the siblings', multiplied down."""
    share: FloatArray = np.ones(1)
    for own, step in zip(reversed(levels), reversed(steps), strict=True):
        share = own / sum_parts(own, step)[..., step.parents] * share[..., step.parents]
    return share
