"""A thousand variants in one call are what a thousand calls give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_index import small_index

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import (
    Aggregation,
    Imputation,
    Missing,
    Normalisation,
    Treatment,
    Weighting,
)
from ecosystem.index.spec import Index
from ecosystem.index.variants import Variant, evaluate_variants

RNG = np.random.default_rng(4)
LEAVES = [(f"x{at}", f"p{at // 3}", 1 / 9, -1 if at % 4 == 0 else 1) for at in range(9)]
INDEX = small_index(LEAVES, [f"r{at}" for at in range(17)])
VALUES = RNG.lognormal(size=(17, 9))
NORMALISATIONS = [Normalisation("minmax", 70, 130), Normalisation("prank"), Normalisation("zscore", mean=100, sd=10)]
METHODS: list[str] = ["weighted_sum", "amean", "gmean", "hmean", "median", "copeland", "mpi", "sum"]


def alone(index: Index, variant: Variant, values: FloatArray) -> FloatArray:
    spec = replace(
        index,
        normalisation=variant.normalisation or index.normalisation,
        aggregation=variant.aggregation or index.aggregation,
        treatment=variant.treatment or index.treatment,
        imputation=variant.imputation or index.imputation,
        weighting=variant.weighting or index.weighting,
    )
    scores = evaluate(spec, values, level="province", weights=variant.weights)
    return np.concatenate([scores.overall[:, None], scores.pillars, scores.overall_rank[:, None]], axis=1)


@pytest.mark.parametrize("rule", ["zero", "skip"])
@pytest.mark.parametrize("gaps", [False, True])
def test_variants_are_a_loop(rule: str, gaps: bool) -> None:
    values = np.where(RNG.random(VALUES.shape) < 0.05, np.nan, VALUES) if gaps else VALUES
    index = replace(INDEX, missing=Missing("zero" if rule == "zero" else "skip", 0.5))
    zeros: list[str] = ["weighted_sum", "amean", "median", "copeland", "sum"]
    methods = METHODS if rule == "skip" or not gaps else zeros
    variants = [
        Variant(RNG.dirichlet(np.ones(9)), NORMALISATIONS[0], Aggregation(method, "global")) for method in methods * 9
    ]
    variants += [Variant(normalisation=own) for own in NORMALISATIONS]
    variants += [Variant(treatment=Treatment("winsorise"), imputation=Imputation("median"))]
    found = evaluate_variants(index, values, variants, level="province")
    for at, variant in enumerate(variants):
        own = np.concatenate([found.overall[at][:, None], found.pillars[at], found.overall_rank[at][:, None]], axis=1)
        np.testing.assert_allclose(own, alone(index, variant, values), rtol=0, atol=1e-9)


def test_weighting_methods_as_variants() -> None:
    methods: list[str] = ["equal", "equal_by_pillar", "entropy", "critic", "pca", "pc1", "bod"]
    index = replace(INDEX, aggregation=Aggregation("amean", "global"))
    variants = [Variant(weighting=Weighting(method)) for method in methods]
    found = evaluate_variants(index, VALUES, variants, level="province")
    for at, variant in enumerate(variants):
        np.testing.assert_allclose(found.overall[at], alone(index, variant, VALUES)[:, 0], rtol=0, atol=1e-9)


def test_an_undefined_score_is_counted_and_not_ranked() -> None:
    variants = [Variant(), Variant(aggregation=Aggregation("gmean", "global"))]
    found = evaluate_variants(INDEX, VALUES, variants, level="province")
    assert found.undefined[0] == 0
    assert found.undefined[1] == np.isnan(found.overall[1]).sum() > 0
    assert (found.overall_rank[1][np.isnan(found.overall[1])] == 0).all()


def test_weights_and_values_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="for 9 indicators"):
        evaluate_variants(INDEX, VALUES, [Variant(np.ones(8))], level="province")
    with pytest.raises(InputError, match="must not be negative"):
        evaluate_variants(INDEX, VALUES, [Variant(-np.ones(9))], level="province")
    with pytest.raises(InputError, match="all weights are 0"):
        evaluate_variants(INDEX, VALUES, [Variant(np.zeros(9))], level="province")
    with pytest.raises(ValueError, match="17 regions"):
        evaluate_variants(INDEX, VALUES[:4], [Variant()], level="province")


def test_stacks_of_matrices_and_weights_are_one_call_of_evaluate() -> None:
    many, weights = RNG.lognormal(size=(5, 17, 9)), RNG.dirichlet(np.ones(9), 5)
    for aggregation in (Aggregation("weighted_sum", "global"), Aggregation("amean", "local")):
        index = replace(INDEX, aggregation=aggregation)
        for values, own in ((many, weights), (VALUES, weights), (many, weights[0])):
            together = evaluate(index, values, level="province", weights=own)
            for at in range(5):
                matrix = values if values.ndim == 2 else values[at]
                one = evaluate(index, matrix, level="province", weights=own if own.ndim == 1 else own[at])
                np.testing.assert_array_equal(together.overall[at], one.overall)
                np.testing.assert_array_equal(together.overall_rank[at], one.overall_rank)
                np.testing.assert_allclose(together.weighted[at], one.weighted, rtol=0, atol=1e-12)
                np.testing.assert_array_equal(together.coverage[at], one.coverage)


@given(st.permutations(range(17)), st.sampled_from(METHODS))
def test_order_of_regions_does_not_matter(order: list[int], method: str) -> None:
    variants = [Variant(normalisation=NORMALISATIONS[0], aggregation=Aggregation(method, "global"))]
    found = evaluate_variants(INDEX, VALUES, variants, level="province")
    shuffled = evaluate_variants(INDEX, VALUES[order], variants, level="province")
    np.testing.assert_allclose(shuffled.overall, found.overall[:, order], rtol=0, atol=1e-9)


@given(st.integers(0, 16), st.integers(0, 8), st.floats(0.01, 5), st.sampled_from(METHODS))
def test_doing_better_never_costs_a_score(region: int, at: int, gain: float, method: str) -> None:
    """Not for `mpi`, which punishes an uneven region (test_means), nor for weights that the data give (below)."""
    if method == "mpi":
        return
    better = VALUES.copy()
    better[region, at] = better[region, at] * (1 + gain) ** LEAVES[at][3]
    variants = [Variant(normalisation=NORMALISATIONS[0], aggregation=Aggregation(method, "global"))]
    before, after = (evaluate_variants(INDEX, values, variants, level="province") for values in (VALUES, better))
    assert after.overall[0, region] >= before.overall[0, region] - 1e-9


@pytest.mark.parametrize("method", ["entropy", "critic", "pca"])
def test_weights_from_the_data_can_make_a_gain_a_loss(method: str) -> None:
    """The law broken by name: the value that rises also shifts weight away from where the region is strong."""
    index = replace(
        INDEX,
        aggregation=Aggregation("amean", "global"),
        weighting=Weighting(method, on="scores" if method == "entropy" else None),
    )
    base = evaluate(index, VALUES, level="province").overall
    losses = []
    for region in range(17):
        for at in range(9):
            better = VALUES.copy()
            better[region, at] *= 2.0 ** LEAVES[at][3]
            losses.append(base[region] - evaluate(index, better, level="province").overall[region])
    assert max(losses) > 0.01
