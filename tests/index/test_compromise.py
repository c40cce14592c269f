"""TOPSIS, VIKOR and PROMETHEE II against pymcdm and scikit-criteria, gaps and ties by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_index import small_index

from ecosystem.index import Variant, check_index, evaluate, evaluate_variants, read_index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.write import index_files, write_folder
from ecosystem.index.rule_text import describe_rules
from ecosystem.index.rules import Aggregation, Missing, Normalisation
from ecosystem.index.steps.compromise import promethee, topsis, vikor
from ecosystem.index.steps.grouping import grouping

RNG = np.random.default_rng(44)
SCORES = RNG.uniform(0, 100, size=(12, 5))
WEIGHTS = np.array([0.3, 0.25, 0.2, 0.15, 0.1])
ONE = grouping([0] * 5, 1)
NAN = float("nan")


def scaled(values: FloatArray) -> FloatArray:
    share: FloatArray = (values - values.min(axis=0)) / np.ptp(values, axis=0)
    return share


@pytest.mark.parametrize("seed", range(10))
def test_all_three_equal_pymcdm(seed: int) -> None:
    from pymcdm.methods import PROMETHEE_II, TOPSIS, VIKOR

    rng = np.random.default_rng(seed)
    values, types = rng.uniform(0, 50, size=(9, 5)).round(seed % 3), np.ones(5)
    weights = rng.dirichlet(np.ones(5))
    judge = TOPSIS()(values, weights, types)  # normalises by min-max
    np.testing.assert_allclose(topsis(scaled(values), weights, ONE)[:, 0], judge, rtol=1e-10, atol=1e-12)
    for v in (0.0, 0.5, 0.8):
        np.testing.assert_allclose(
            1 - vikor(values, weights, ONE, v)[:, 0], VIKOR(v=v)(values, weights, types), atol=1e-10
        )
    judge = PROMETHEE_II("usual")(values, weights, types)
    np.testing.assert_allclose(promethee(values, weights, ONE)[:, 0], judge, atol=1e-12)
    judge = PROMETHEE_II("vshape", p=np.full(5, 20.0))(values, weights, types)
    np.testing.assert_allclose(promethee(values, weights, ONE, "linear", 20.0)[:, 0], judge, atol=1e-12)


def test_topsis_equals_scikit_criteria() -> None:
    from skcriteria import mkdm
    from skcriteria.agg.topsis import TOPSIS

    judge = TOPSIS().evaluate(mkdm(scaled(SCORES), [max] * 5, weights=WEIGHTS)).e_.similarity
    np.testing.assert_allclose(topsis(scaled(SCORES), WEIGHTS, ONE)[:, 0], judge, rtol=1e-10)


def test_the_example_that_pymcdm_prints() -> None:
    """Its documentation of `PROMETHEE_II` and of `VIKOR`."""
    three = grouping([0, 0, 0], 1)
    matrix = np.array([[4.0, 3, 2], [3, 2, 4], [5, 1, 3]])
    np.testing.assert_allclose(promethee(matrix, np.array([0.5, 0.3, 0.2]), three)[:, 0], [0.1, -0.3, 0.2])
    matrix = np.array([[78.0, 56, 34, 6], [4, 45, 3, 97], [18, 2, 50, 63], [9, 14, 11, 92], [85, 9, 100, 29]])
    found = vikor(matrix, np.full(4, 0.25), grouping([0] * 4, 1))[:, 0]
    np.testing.assert_allclose(1 - found, [0.5679, 0.7667, 1, 0.7493, 0], atol=5e-5)


def test_a_missing_part_is_passed_over_and_a_region_without_any_has_none() -> None:
    two = grouping([0, 0], 1)
    scores = np.array([[0.0, NAN], [10, 10], [5, 0], [NAN, NAN]])
    weights = np.array([0.5, 0.5])
    np.testing.assert_allclose(topsis(scores, weights, two)[:3, 0], [0, 1, 5 / (5 + np.sqrt(125))])
    np.testing.assert_allclose(vikor(scores, weights, two)[:3, 0], [0, 1, 1 - 0.5 * 0.75 - 0.5 * 0.5])
    np.testing.assert_allclose(promethee(scores, weights, two)[:3, 0], [-1, 1, 0])
    for method in (topsis, vikor, promethee):
        assert np.isnan(method(scores, weights, two)[3, 0])


@pytest.mark.parametrize("method", [topsis, vikor, promethee])
def test_regions_that_are_alike_score_alike(method: object) -> None:
    assert callable(method)
    found = method(np.full((3, 2), 7.0), np.array([0.5, 0.5]), grouping([0, 0], 1))
    assert len(set(found[:, 0].tolist())) == 1


@pytest.mark.parametrize("name", ["topsis", "vikor", "promethee"])
def test_an_index_takes_them_at_every_level_and_in_many_variants(name: str) -> None:
    index = replace(
        small_index((("a", "p", 0.3, 1), ("b", "p", 0.2, -1), ("c", "q", 0.5, 1)), [f"r{at}" for at in range(6)]),
        aggregation=Aggregation(name, "global"),
        normalisation=Normalisation("minmax"),
        missing=Missing("skip", 0.5),
    )
    values = RNG.random((6, 3))
    values[2, 1] = NAN
    scores = evaluate(index, values, level="province")
    assert np.isfinite(scores.overall).all()
    better = values.copy()
    better[0, 0] += 0.01
    batch = evaluate(index, np.stack([values, better]), level="province")
    np.testing.assert_allclose(batch.overall[0], scores.overall)
    weights = RNG.dirichlet(np.ones(3), size=70)
    many = evaluate_variants(index, values, [Variant(weights=own) for own in weights], level="province")
    for at in (0, 69):
        one = evaluate(index, values, level="province", weights=weights[at])
        np.testing.assert_allclose(many.overall[at], one.overall, atol=1e-10)


def test_a_parent_may_have_a_method_of_its_own(tmp_path: Path) -> None:
    """Column `aggregation` of `indicators.csv`: p by the geometric mean, q and the top by the arithmetic one."""
    leaves = (("a", "p", 0.25, 1), ("b", "p", 0.25, 1), ("c", "q", 0.25, 1), ("d", "q", 0.25, 1))
    plain = replace(
        small_index(leaves, bounds=(1.0, 100.0)),
        aggregation=Aggregation("amean", "local"),
        missing=Missing("skip", 0.5),
    )
    rows = tuple(replace(row, aggregation="gmean" if row.code == "p" else None) for row in plain.indicators)
    index = replace(plain, indicators=rows)
    values = RNG.random((3, 4))
    scores = evaluate(index, values, level="province")
    np.testing.assert_allclose(scores.pillars[:, 0], np.sqrt(scores.normalised[:, 0] * scores.normalised[:, 1]))
    np.testing.assert_allclose(scores.pillars[:, 1], scores.normalised[:, 2:].mean(axis=1))
    np.testing.assert_allclose(scores.overall, scores.pillars.mean(axis=1))
    many = evaluate_variants(index, values, [Variant()], level="province")
    np.testing.assert_allclose(many.overall[0], scores.overall)
    write_folder(tmp_path / "small", index_files(index))
    assert read_index(tmp_path / "small").indicators[4].aggregation == "gmean"
    assert "p by gmean" in dict(describe_rules(index))["aggregation"]


@pytest.mark.parametrize(
    ("code", "method", "whole", "words"),
    [
        ("p", "gmeen", "amean", "unknown aggregation 'gmeen'"),
        ("a", "gmean", "amean", "indicator 'a' has nothing under it to aggregate"),
        ("p", "gmean", "weighted_sum", "weighted_sum is for all levels, but 'p' has gmean"),
        ("p", "weighted_sum", "amean", "weighted_sum is for all levels, and not for 'p' alone"),
    ],
)
def test_a_method_of_its_own_that_does_not_work_is_refused(code: str, method: str, whole: str, words: str) -> None:
    plain = replace(small_index(), aggregation=Aggregation(whole, "local"))
    rows = tuple(replace(row, aggregation=method if row.code == code else None) for row in plain.indicators)
    findings = check_index(replace(plain, indicators=rows))
    assert words in [finding.message for finding in findings]
