"""Best and worst cases of ranks against trying out fillings: every corner, and many at random."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from small_index import small_index
from tabled_scores import tabled_scores

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import Aggregation, Imputation, Missing, Normalisation
from ecosystem.index.spec import Index
from ecosystem.robustness import missing_cases as cases
from ecosystem.robustness.missing_cases import missing_cases
from ecosystem.robustness.unknown_values import UnknownValues, unknown_values

REGIONS = tuple(f"r{at}" for at in range(6))
INDEX = small_index(regions=REGIONS)


def _gaps(seed: int, count: int = 5) -> FloatArray:
    rng = np.random.default_rng(seed)
    values = rng.lognormal(size=(6, 3))
    for cell in rng.choice(18, count, replace=False):
        values[cell // 3, cell % 3] = np.nan
    return values


def _filled(index: Index, values: FloatArray) -> IntArray:
    """The ranks (fillings, R) of every filling with the least or the greatest of the column, and of 300 between."""
    gaps = np.argwhere(np.isnan(values))
    least, greatest = np.nanmin(values, axis=0), np.nanmax(values, axis=0)
    rng = np.random.default_rng(0)
    ways = [*product((0.0, 1.0), repeat=len(gaps)), *rng.random((300, len(gaps)))]
    ranks = []
    for way in ways:
        filled = values.copy()
        for (row, column), share in zip(gaps, way, strict=True):
            filled[row, column] = least[column] + share * (greatest[column] - least[column])
        ranks.append(evaluate(index, filled, level="province").overall_rank)
    return np.array(ranks)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("method", ["weighted_sum", "amean"])
def test_exact_where_the_index_is_a_sum(tmp_path: Path, seed: int, method: str) -> None:
    index = replace(INDEX, aggregation=Aggregation(method, "global"), missing=Missing("skip", 0.5))
    values = _gaps(seed)
    found = missing_cases(tabled_scores(tmp_path, index, values))
    ranks = _filled(index, values)
    assert found.exact.all()
    assert found.why == ""
    np.testing.assert_array_equal(found.reached_best, ranks.min(axis=0))
    np.testing.assert_array_equal(found.reached_worst, ranks.max(axis=0))


@pytest.mark.parametrize("rule", [Normalisation("zscore"), Normalisation("minmax", 1.0, 100.0)])
def test_elsewhere_it_says_that_nothing_is_proved(tmp_path: Path, rule: Normalisation) -> None:
    method = "amean" if rule.method == "zscore" else "gmean"
    index = replace(INDEX, aggregation=Aggregation(method, "global"), normalisation=rule, missing=Missing("skip", 0.5))
    found = missing_cases(tabled_scores(tmp_path, index, _gaps(3)))
    assert "not proved" in found.why
    assert not found.exact.any()
    ranks = _filled(index, _gaps(3))
    # what is found can be reached, so it lies inside what is possible
    assert (found.reached_best >= ranks.min(axis=0)).all()
    assert (found.reached_worst <= ranks.max(axis=0)).all() or method == "amean"


def test_values_that_move_the_scale_stay_inside_the_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every value may lie 30 % off: minimum and maximum move. No draw of them leaves the bounds."""
    values = np.random.default_rng(11).lognormal(size=(6, 3))
    scores = tabled_scores(tmp_path, INDEX, values)
    unknown = replace(unknown_values(scores), low=values * 0.7, high=values * 1.3, most=values * 1.3)

    def wide(_: object) -> UnknownValues:
        return unknown

    monkeypatch.setattr(cases, "unknown_values", wide)
    found = missing_cases(scores)
    rng = np.random.default_rng(1)
    drawn = [values * 0.7 + rng.random((6, 3)) * values * 0.6 for _ in range(1500)]
    drawn += [np.where(rng.random((6, 3)) < 0.5, values * 0.7, values * 1.3) for _ in range(1500)]
    ranks = np.array([evaluate(INDEX, each, level="province").overall_rank for each in drawn])
    assert (found.bound_best <= ranks.min(axis=0)).all()
    assert (found.bound_worst >= ranks.max(axis=0)).all()
    assert (found.bound_best <= found.reached_best).all()
    assert (found.bound_worst >= found.reached_worst).all()


def test_what_a_score_rests_on(tmp_path: Path) -> None:
    values = np.arange(18, dtype=np.float64).reshape(6, 3)
    values[2, 0] = np.nan
    index = replace(INDEX, imputation=Imputation("median"))
    scores = tabled_scores(tmp_path, index, values)
    frame = missing_cases(scores).table().set_index("region")
    points = scores.standing.weighted
    assert frame.loc["r2", "rests_imputed"] == pytest.approx(points[2, 0] / points[2].sum())
    assert frame["rests_imputed"].drop("r2").max() == 0
    assert frame["rests_one_source"].isna().all()
    plain = missing_cases(tabled_scores(tmp_path, INDEX, values)).table().set_index("region")
    assert plain.loc["r2", "rests_missing"] == pytest.approx(0.5)


def test_nothing_unknown_and_a_column_without_values(tmp_path: Path) -> None:
    values = np.random.default_rng(2).lognormal(size=(6, 3))
    scores = tabled_scores(tmp_path, INDEX, values)
    found = missing_cases(scores)
    assert not found.unknown.any
    np.testing.assert_array_equal(found.reached_best, scores.standing.overall_rank)
    np.testing.assert_array_equal(found.bound_worst, scores.standing.overall_rank)
    values[:, 1] = np.nan
    empty = missing_cases(tabled_scores(tmp_path, INDEX, values))
    assert any("no region has a value of b" in note for note in empty.notes())
    assert empty.exact.all()
