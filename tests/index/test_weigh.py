"""Weights from data and judgements, against pymcdm, scikit-criteria, statsmodels, ahpy and printed tables."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymcdm import weights as pymcdm_weights
from scipy import optimize, stats
from skcriteria.preprocessing import weighters
from small_index import small_index

from ecosystem.errors import InputError
from ecosystem.index.arrays import FloatArray, correlations
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import Aggregation, Weighting
from ecosystem.index.steps.ahp import ahp
from ecosystem.index.steps.bod import benefit_of_the_doubt
from ecosystem.index.steps.data_weights import (
    critic_weights,
    entropy_weights,
    first_component_weights,
    pca_weights,
    varimax,
)
from ecosystem.index.steps.scale_formulas import minmax
from ecosystem.index.steps.weigh import bod_weights, data_weights

NAN = float("nan")
RNG = np.random.default_rng(8)
DATA = RNG.lognormal(1, 0.7, (31, 6)) + RNG.lognormal(1, 0.7, (31, 1))
SCALED = minmax(DATA, np.array([1.0, -1, 1, 1, -1, 1]), 0, 1).values


class TestEntropyAndCritic:
    def test_entropy_equals_pymcdm_and_scikit_criteria(self) -> None:
        np.testing.assert_allclose(entropy_weights(DATA), pymcdm_weights.entropy_weights(DATA), rtol=1e-10)
        np.testing.assert_allclose(entropy_weights(SCALED), weighters.entropy_weights(SCALED), rtol=1e-10)

    def test_critic_equals_pymcdm_and_scikit_criteria(self) -> None:
        np.testing.assert_allclose(
            critic_weights(minmax(DATA, np.ones(6), 0, 1).values), pymcdm_weights.critic_weights(DATA), rtol=1e-10
        )
        objectives = [1, -1, 1, 1, -1, 1]
        np.testing.assert_allclose(critic_weights(SCALED), weighters.critic_weights(DATA, objectives), rtol=1e-10)

    def test_a_constant_column_weighs_nothing(self) -> None:
        flat = SCALED.copy()
        flat[:, 2] = 0.5
        zero, gone = SCALED.copy(), SCALED.copy()
        zero[:, 2], gone[:, 2] = 0, NAN
        functions = (entropy_weights, critic_weights)
        for weights in (function(columns) for function in functions for columns in (flat, zero, gone)):
            assert weights[2] == pytest.approx(0, abs=1e-12)
            assert weights.sum() == pytest.approx(1)
        with pytest.raises(InputError, match="all weights are 0"):
            critic_weights(np.ones((5, 3)))

    def test_entropy_looks_at_the_values_or_at_the_scores(self) -> None:
        ways = np.array([1.0, -1, 1, 1, -1, 1])
        values, scores = (data_weights(DATA, ways, Weighting("entropy", on=on)) for on in ("values", "scores"))
        np.testing.assert_allclose(values, pymcdm_weights.entropy_weights(DATA), rtol=1e-10)
        np.testing.assert_allclose(scores, weighters.entropy_weights(SCALED), rtol=1e-10)
        np.testing.assert_array_equal(data_weights(DATA, ways, Weighting("entropy")), values)

    def test_entropy_of_what_is_negative_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"not negative; columns with one: 2\s[\s\S]*entropy:scores"):
            entropy_weights(DATA - np.array([0, 9, 0, 0, 0, 0.0]))

    def test_gaps_are_passed_over(self) -> None:
        gaps = SCALED.copy()
        gaps[4, 1] = gaps[7, 3] = NAN
        r = correlations(gaps)
        both = ~np.isnan(gaps[:, 1]) & ~np.isnan(gaps[:, 3])
        assert r[1, 3] == pytest.approx(stats.pearsonr(gaps[both, 1], gaps[both, 3])[0], abs=1e-12)
        for weights in (entropy_weights(gaps), critic_weights(gaps)):
            assert weights.sum() == pytest.approx(1)

    def test_a_batch_is_a_loop(self) -> None:
        many = RNG.random((4, 12, 5))
        for function in (entropy_weights, critic_weights):
            np.testing.assert_allclose(function(many), [function(one) for one in many], rtol=1e-12)


class TestComponents:
    def test_varimax_equals_statsmodels(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from statsmodels.multivariate.factor_rotation import rotate_factors
        loadings = RNG.normal(size=(9, 3))
        theirs: Any = rotate_factors(loadings, "varimax")[0]
        ours = varimax(loadings)
        order = [int(np.abs(ours.T @ theirs[:, at]).argmax()) for at in range(3)]
        np.testing.assert_allclose(np.abs(ours[:, order]), np.abs(theirs), atol=1e-4)

    def test_pca_weights_by_the_handbook(self) -> None:
        """Squared rotated loadings, as shares within a component, times what it explains."""
        found = pca_weights(SCALED)
        r = np.corrcoef(SCALED, rowvar=False)
        values, vectors = np.linalg.eigh(r)
        kept = int((values > 1).sum())
        np.testing.assert_allclose(found.eigenvalues, values[::-1], atol=1e-12)
        rotated = varimax(vectors[:, ::-1][:, :kept] * np.sqrt(values[::-1][:kept]))
        np.testing.assert_allclose((found.loadings**2).sum(axis=1), (rotated**2).sum(axis=1), atol=1e-9)
        square = rotated**2
        own = square.max(axis=1)
        np.testing.assert_allclose(found.weights, own / own.sum(), atol=1e-9)
        assert (found.weights >= 0).all()
        assert found.explained == pytest.approx(values[::-1][:kept].sum() / 6)

    def test_first_component_in_proportion_to_the_singular_vector(self) -> None:
        """COINr `get_PCA`: `prcomp(center = TRUE, scale = TRUE)$rotation[, 1]`."""
        agreeing = minmax(DATA, np.ones(6), 0, 1).values
        z = stats.zscore(agreeing, axis=0, ddof=1)
        rotation = np.linalg.svd(z, full_matrices=False)[2][0]
        rotation *= np.sign(rotation.sum())
        assert (rotation > 0).all()
        found = first_component_weights(agreeing)
        np.testing.assert_allclose(found.weights, rotation / rotation.sum(), atol=1e-12)
        assert not found.negative.any()

    def test_a_column_that_runs_against_the_rest_is_marked(self) -> None:
        turned = minmax(DATA, np.array([1.0, 1, 1, 1, 1, -1]), 0, 1).values
        found = first_component_weights(turned)
        np.testing.assert_array_equal(found.negative, [False] * 5 + [True])
        assert found.weights[5] == 0
        assert found.weights.sum() == pytest.approx(1)
        assert (pca_weights(turned).weights > 0).all()

    def test_constant_columns_and_too_few_regions(self) -> None:
        flat = SCALED.copy()
        flat[:, 0] = 1
        assert pca_weights(flat).weights[0] == 0
        with pytest.raises(InputError, match="three regions that have every value: there are 2"):
            pca_weights(SCALED[:2])
        with pytest.raises(InputError, match="every column is constant"):
            first_component_weights(np.ones((4, 2)))


DRINKS = np.array(
    [
        [1, 9, 5, 2, 1, 1, 1 / 2],
        [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
        [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
        [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3],
        [1, 9, 4, 2, 1, 2, 1 / 2],
        [1, 9, 3, 1, 1 / 2, 1, 1 / 3],
        [2, 9, 9, 3, 2, 3, 1],
    ]
)


def ask_ahpy(matrix: FloatArray, index: str = "saaty") -> Any:
    import ahpy

    size = len(matrix)
    pairs = {
        (str(i), str(j)): matrix[i, j] for i in range(size) for j in range(i + 1, size) if not np.isnan(matrix[i, j])
    }
    gaps = np.isnan(matrix).any()
    if gaps:  # it learns of an item from its pairs
        pairs |= {(str(i), str(i + 1)): matrix[i, i + 1] for i in range(size - 1)}
    return ahpy.Compare("items", pairs, precision=8, random_index=index, tolerance=1e-8)


def _alone(matrix: FloatArray) -> FloatArray:
    matrix[6, :6] = matrix[:6, 6] = NAN
    return matrix


class TestAhp:
    def test_a_printed_table(self) -> None:
        """Saaty (2008), Decision making with the analytic hierarchy process, table 2: drinks in the USA."""
        found = ahp(DRINKS)
        np.testing.assert_allclose(found.weights, [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327], atol=6e-4)
        assert found.ratio == pytest.approx(0.022, abs=1e-3)

    def test_equals_ahpy(self) -> None:
        found, theirs = ahp(DRINKS), ask_ahpy(DRINKS)
        ordered = [theirs.target_weights[str(at)] for at in range(7)]
        np.testing.assert_allclose(found.weights, ordered, atol=1e-7)
        assert found.ratio == pytest.approx(theirs.consistency_ratio, abs=1e-7)

    def test_gaps_are_filled_as_ahpy_fills_them(self) -> None:
        gaps = DRINKS.copy()
        for i, j in ((0, 3), (1, 5), (2, 6)):
            gaps[i, j] = gaps[j, i] = NAN
        found, theirs = ahp(gaps), ask_ahpy(gaps)
        assert found.gaps == 3
        ordered = [theirs.target_weights[str(at)] for at in range(7)]
        np.testing.assert_allclose(found.weights, ordered, atol=1e-4)
        for i, j in ((0, 3), (1, 5), (2, 6)):
            for factor in (0.98, 1.02):
                other = found.matrix.copy()
                other[i, j] *= factor
                other[j, i] /= factor
                assert np.linalg.eigvals(other).real.max() > found.eigenvalue, "the greatest eigenvalue is least"

    def test_consistent_judgements_give_their_weights_back(self) -> None:
        weights = np.array([0.5, 0.3, 0.15, 0.05])
        whole = weights[:, None] / weights
        found = ahp(whole)
        np.testing.assert_allclose(found.weights, weights, rtol=1e-12)
        assert found.ratio == pytest.approx(0, abs=1e-12)
        gaps = whole.copy()
        for i, j in ((0, 2), (1, 3), (0, 3)):
            gaps[i, j] = gaps[j, i] = NAN
        np.testing.assert_allclose(ahp(gaps).weights, weights, rtol=1e-6)

    def test_one_place_of_a_pair_suffices(self) -> None:
        half = np.triu(DRINKS) + np.tril(np.full((7, 7), NAN), -1)
        np.testing.assert_allclose(ahp(half).weights, ahp(DRINKS).weights, rtol=1e-12)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda m: m[:3], "is square"),
            (lambda m: _set(m, 0, 1, -9), "must be above 0"),
            (lambda m: _set(m, 0, 1, np.inf), "must be above 0"),
            (lambda m: _set(m, 0, 1, 0), "must be above 0"),
            (lambda m: _set(m, 2, 2, 3), "'3' against '3': an item counts 3 times as much as itself"),
            (lambda m: _set(m, 0, 1, 5), "one must be 1 divided by the other"),
            (_alone, "no judgement connects '7' with the first"),
        ],
    )
    def test_judgements_that_cannot_be_used(self, change: Any, words: str) -> None:
        with pytest.raises(InputError, match=words):
            ahp(change(DRINKS.copy()))

    @pytest.mark.parametrize("size", [1, 2])
    def test_one_or_two_items_cannot_disagree(self, size: int) -> None:
        found = ahp(DRINKS[:size, :size])
        assert (found.ratio, found.index) == (0, 0)
        np.testing.assert_allclose(found.weights, np.array([[1, 0], [0.9, 0.1]])[size - 1, :size])

    def test_beyond_what_is_printed_there_is_no_ratio(self) -> None:
        assert ahp(np.ones((15, 15))).ratio == pytest.approx(0, abs=1e-12)
        assert ahp(np.ones((16, 16))).ratio is None
        assert ahp(np.ones((101, 101)), "dd").ratio is None

    @pytest.mark.parametrize("size", [3, 7, 20, 23, 30])
    def test_the_other_random_indices_are_those_of_ahpy(self, size: int) -> None:
        judged = np.exp(np.random.default_rng(size).normal(size=(size, size)))
        judged = np.triu(judged, 1) + np.tril(1 / judged.T, -1) + np.eye(size)
        assert ahp(judged, "dd").ratio == pytest.approx(ask_ahpy(judged, "dd").consistency_ratio, abs=1e-7)


def _set(matrix: FloatArray, i: int, j: int, value: float) -> FloatArray:
    matrix[i, j] = value
    return matrix


class TestBenefitOfTheDoubt:
    VALUES = minmax(DATA, np.ones(6), 1, 100).values

    def test_equals_the_dual_of_envelopment_analysis(self) -> None:
        """Compind `ci_bod`: 1 / the most that every value of a region could grow inside the others' hull."""
        found = benefit_of_the_doubt(self.VALUES)
        for row, own in enumerate(self.VALUES):
            # max phi: sum(lambda y) >= phi own, sum(lambda) <= 1
            cost = np.r_[np.zeros(31), -1.0]
            grow = np.c_[-self.VALUES.T, own]
            dual = optimize.linprog(cost, np.vstack([grow, np.r_[np.ones(31), 0.0]]), np.r_[np.zeros(6), 1.0])
            assert found.scores[row] == pytest.approx(-1 / float(dual.fun or 0), rel=1e-8)

    def test_bounds_hold_and_nothing_better_is_found(self) -> None:
        """Compind `ci_bod_constr`: lower <= w x / score <= upper."""
        free, bound = benefit_of_the_doubt(self.VALUES), benefit_of_the_doubt(self.VALUES, 0.05, 0.4)
        assert ((bound.shares >= 0.05 - 1e-9) & (bound.shares <= 0.4 + 1e-9)).all()
        np.testing.assert_allclose(bound.shares.sum(axis=1), 1, rtol=1e-9)
        assert (bound.scores <= free.scores + 1e-9).all()
        assert (self.VALUES @ bound.weights.T <= 1 + 1e-9).all(), "nobody has more than 1 with another's weights"
        for row, own in enumerate(self.VALUES[:6]):
            shares = RNG.dirichlet(np.ones(6), 2000)
            shares = shares[((shares >= 0.05) & (shares <= 0.4)).all(axis=1)]
            tried = shares / own
            best = (1 / (tried @ self.VALUES.T).max(axis=1)).max()
            assert best <= bound.scores[row] + 1e-9
        assert bound.common.sum() == pytest.approx(1)

    def test_fixed_shares_leave_no_choice(self) -> None:
        found = benefit_of_the_doubt(self.VALUES, 1 / 6, 1 / 6)
        expected = [1 / (self.VALUES / own).mean(axis=1).max() for own in self.VALUES]
        np.testing.assert_allclose(found.scores, expected, rtol=1e-9)

    @pytest.mark.parametrize(
        ("values", "bounds", "words"),
        [
            (VALUES, (0.2, 1.0), "can add up to 1"),
            (VALUES, (0.0, 0.1), "can add up to 1"),
            (-VALUES, (0.0, 1.0), "neither missing nor negative"),
            (np.where(VALUES > 90, NAN, VALUES), (0.0, 1.0), "neither missing nor negative"),
            (VALUES * (VALUES > 1), (0.01, 1.0), r"a value of 0 has no share[\s\S]*range = \[1, 100\]"),
            (np.zeros((3, 2)), (0.0, 1.0), "a value of 0 has no share"),
        ],
    )
    def test_what_cannot_be_solved(self, values: FloatArray, bounds: tuple[float, float], words: str) -> None:
        with pytest.raises(InputError, match=words):
            benefit_of_the_doubt(values, *bounds)

    def test_on_the_values_as_they_are(self) -> None:
        """Compind `ci_bod` takes the columns that it is given; so does `on = "values"`."""
        rule = Weighting("bod", on="values")
        np.testing.assert_allclose(
            bod_weights(DATA, np.ones(6), rule).scores, benefit_of_the_doubt(DATA).scores, rtol=1e-12
        )
        with pytest.raises(InputError, match=r"reward more where less is better: columns 2, 5"):
            bod_weights(DATA, np.array([1.0, -1, 1, 1, -1, 1]), rule)


LEAVES = (("a", "p", 0.5, 1), ("b", "p", 0.2, -1), ("c", "q", 0.3, 1), ("d", "q", 0.3, 1))
METHODS: list[str] = ["printed", "equal", "equal_by_pillar", "entropy", "critic", "pca", "pc1", "bod"]


@pytest.mark.parametrize("method", METHODS)
def test_every_way_to_weigh_gives_an_index(method: str) -> None:
    index = replace(
        small_index(LEAVES, [f"r{at}" for at in range(9)]),
        aggregation=Aggregation("amean", "local"),
        weighting=Weighting(method, on="scores" if method == "entropy" else None),
    )
    values = np.random.default_rng(2).normal(size=(9, 4)) + np.arange(9)[:, None] * [0.3, -0.3, 0.3, 0.3]
    scores = evaluate(index, values, level="province")
    assert scores.shares.sum() == pytest.approx(1)
    assert (scores.shares >= 0).all()
    np.testing.assert_allclose(scores.overall, scores.normalised @ scores.shares, rtol=1e-12)
    units = evaluate(index, values * [10.0, 0.1, 3, 1] + [5, 1, 0, -2], level="province")
    np.testing.assert_allclose(units.overall, scores.overall, rtol=0, atol=1e-6)
    batch = evaluate(index, np.stack([values, values[::-1]]), level="province")
    np.testing.assert_allclose(batch.overall[0], scores.overall, rtol=0, atol=1e-9)
    np.testing.assert_allclose(batch.overall[1], scores.overall[::-1], rtol=0, atol=1e-6)


def test_equal_and_equal_by_pillar() -> None:
    index = small_index((("a", "p", 0.5, 1), ("b", "p", 0.2, 1), ("c", "q", 0.3, 1)))
    index = replace(index, aggregation=Aggregation("amean", "local"))
    values = np.array([[1.0, 5, 3], [2, 2, 2], [4, 1, 9]])
    shares = {
        method: evaluate(replace(index, weighting=Weighting(method)), values, level="province").shares
        for method in ("printed", "equal", "equal_by_pillar")
    }
    np.testing.assert_allclose(shares["printed"], [0.5, 0.2, 0.3])
    np.testing.assert_allclose(shares["equal"], [1 / 3, 1 / 3, 1 / 3])
    np.testing.assert_allclose(shares["equal_by_pillar"], [0.25, 0.25, 0.5])


@given(st.permutations(range(6)), st.permutations(range(31)))
def test_weights_follow_their_columns_whatever_the_order(columns: list[int], rows: list[int]) -> None:
    shuffled = SCALED[np.ix_(rows, columns)]
    functions: list[Callable[[FloatArray], FloatArray]] = [entropy_weights, critic_weights]
    functions.append(lambda scores: first_component_weights(scores).weights)
    for function in functions:
        np.testing.assert_allclose(function(shuffled), function(SCALED)[columns], atol=1e-9)
