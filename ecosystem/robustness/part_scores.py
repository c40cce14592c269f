"""The scores that weights are applied to: those of the parts at a level, where an index is a plain sum of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ecosystem.index import Index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.rules import NO_RESCALING
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.grouping import groupings_of, sum_levels
from ecosystem.index.variants import Variant, VariantScores, evaluate_variants
from ecosystem.messages import together, tr
from ecosystem.scoring import Scores

CHECKS = 12
"""Sets of weights for which sums are compared with what the engine gives."""
DIGITS = 1e-9
"""Scores that differ by no more than this part of the largest are the same."""


def part_scores(scores: Scores, level: int) -> tuple[FloatArray, str]:
    """The scores (R, n) of the parts at a level whose weighted sum, weights as shares, is the score of the index.

    And "", or, where there are no such scores, NaN and the reason in words. Found by giving each part all the weight;
    then compared with the engine for other weights, so that a rule that is no sum cannot pass for one. A last step
    counts as long as it leaves the order as it is.
    """
    index = scores.index
    nothing = np.full((len(scores.standing.regions), len(index.at(level))), np.nan)
    methods = sorted({name for above in range(level + 1, index.depth + 1) for name in _methods(index, above)})
    if not all(AGGREGATIONS.find(name).adds for name in methods):
        return nothing, tr("the scores are no weighted sums ({methods}): only draws tell", methods=together(methods))
    plain = replace(index, rescaling=NO_RESCALING)
    alone = _of(scores, plain, level, np.eye(nothing.shape[1])).overall.T
    partly = np.isnan(alone).any(axis=1) & ~np.isnan(alone).all(axis=1)
    if partly.any():
        return nothing, tr("missing values leave their weight to others, by region: only draws tell")
    weights = np.random.default_rng(0).dirichlet(np.ones(nothing.shape[1]), CHECKS)
    given, sums = _of(scores, index, level, weights), weights @ alone.T
    engine = given.overall if not index.rescales else _of(scores, plain, level, weights).overall
    if not _same(sums, engine) or (index.rescales and not _same_order(sums, given)):
        return nothing, tr("weights do not act on the scores as in a sum: only draws tell")
    return alone, ""


def evaluated(scores: Scores, level: int, weights: FloatArray) -> FloatArray:
    """The scores (draws, R) of an index with weights (draws, n) of the parts at a level, by the engine."""
    return _of(scores, scores.index, level, weights).overall


def part_shares(scores: Scores, level: int) -> FloatArray:
    """The weights (n) that the parts at a level have, as shares of their sum."""
    shares = (scores.standing.shares, *sum_levels(scores.standing.shares, groupings_of(scores.index)))[level - 1]
    whole: FloatArray = shares / shares.sum()
    return whole


def _of(scores: Scores, index: Index, level: int, weights: FloatArray) -> VariantScores:
    variants = [Variant(weights=own) for own in weights @ _within(scores, level)]
    return evaluate_variants(index, scores.standing.raw, variants, level=scores.level, auxiliary=scores.auxiliary)


def _within(scores: Scores, level: int) -> FloatArray:
    """The share (n, K) that each indicator has in the part at the level that it belongs to; equal where all are 0."""
    shares = scores.standing.shares
    owner = np.arange(len(shares))
    for by in groupings_of(scores.index)[: level - 1]:
        owner = by.parents[owner]
    member = (owner == np.arange(len(scores.index.at(level)))[:, None]).astype(np.float64)
    whole = member @ shares
    weighed = np.where(whole[:, None] > 0, member * shares, member)
    within: FloatArray = weighed / weighed.sum(axis=1, keepdims=True)
    return within


def _methods(index: Index, level: int) -> Iterator[str]:
    """The aggregations that make the scores of a level."""
    yield index.aggregation.at(level)
    yield from (row.aggregation for row in index.at(level) if row.aggregation is not None)


def _same(one: FloatArray, other: FloatArray) -> bool:
    size = max(float(np.nanmax(np.abs(other), initial=0.0)), 1e-300)
    return bool(np.allclose(one, other, rtol=0, atol=DIGITS * size, equal_nan=True))


def _same_order(sums: FloatArray, given: VariantScores) -> bool:
    """True where nobody is ahead of another by the scores after the last step and behind by the sums."""
    order = np.argsort(given.overall, axis=1)
    steps = np.diff(np.take_along_axis(sums, order, axis=1), axis=1)
    size = float(np.nanmax(np.abs(sums), initial=0.0))
    return bool((np.nan_to_num(steps) >= -DIGITS * size).all())
