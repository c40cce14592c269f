"""An index over its weights: shares, favourite weights and proofs against brute force on small indices."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from small_index import small_index
from tabled_scores import tabled_scores

from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import Aggregation, Missing, Normalisation, Rescaling
from ecosystem.index.spec import Index
from ecosystem.robustness.admissible_weights import AdmissibleWeights, Optimum, WeightBound, optimum
from ecosystem.robustness.first_place import first_places, lead_of_mix
from ecosystem.robustness.part_scores import part_scores
from ecosystem.robustness.weight_space import weight_space

first_place = importlib.import_module("ecosystem.robustness.first_place")
"""By its full name: `ecosystem.robustness` is the function, too."""
REGIONS = tuple(f"r{at}" for at in range(7))
LEAVES = [("a", "p", 0.3, 1), ("b", "p", 0.2, -1), ("c", "q", 0.3, 1), ("d", "s", 0.1, 1), ("e", "s", 0.1, 1)]
INDEX = small_index(LEAVES, REGIONS)
VALUES = np.random.default_rng(3).lognormal(size=(7, 5))


def _engine(index: Index, values: FloatArray, weights: FloatArray) -> FloatArray:
    """Ranks (draws, R) with weights of the three pillars, one evaluation for each draw."""
    within = np.array([[0.6, 0.4, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0.5, 0.5]])
    return np.array([evaluate(index, values, level="province", weights=own @ within).overall_rank for own in weights])


@pytest.mark.parametrize("method", ["weighted_sum", "amean", "gmean", "median", "copeland"])
def test_draws_are_evaluations_of_the_index(tmp_path: Path, method: str) -> None:
    index = replace(INDEX, aggregation=Aggregation(method, "global"), normalisation=Normalisation("minmax", 1, 100))
    found = weight_space(tabled_scores(tmp_path, index, VALUES), draws=300, top=4)
    ranks = _engine(index, VALUES, found.draws.weights)
    assert bool(found.sampled_only) == (method not in ("weighted_sum", "amean"))
    for region in range(7):
        expected = np.bincount(ranks[:, region], minlength=8)[1:]
        assert found.found.counts[region].tolist() == expected.tolist()
        first = ranks[:, region] == 1
        if first.any():
            np.testing.assert_allclose(found.found.central[region], found.draws.weights[first].mean(axis=0))
    np.testing.assert_allclose(found.found.shares[2], (ranks <= 4).mean(axis=0))
    if found.sampled_only:
        assert (found.table()["can_be_first"] == "").all()
        assert found.proofs().empty


def test_what_can_be_first_by_a_fine_grid_of_weights(tmp_path: Path) -> None:
    found = weight_space(tabled_scores(tmp_path, INDEX, VALUES), draws=100)
    steps = 100
    grid = np.array([(a, b, steps - a - b) for a in range(steps + 1) for b in range(steps + 1 - a)]) / steps
    scores = grid @ found.parts.T
    for region, place in enumerate(found.places):
        assert place is not None
        lead = (scores[:, region] - np.delete(scores, region, axis=1).max(axis=1)).max()
        assert place.margin >= lead - 1e-9
        assert place.margin == pytest.approx(lead, abs=3.0)
        np.testing.assert_allclose(
            place.weights @ found.parts[region] - (found.parts @ place.weights)[np.arange(7) != region].max(),
            place.margin, atol=1e-7,
        )  # fmt: skip
        if place.verdict == "never":
            assert sum(place.beaten_by.values()) == pytest.approx(1)
            assert lead_of_mix(found.parts, region, place.beaten_by, found.admissible) == pytest.approx(-place.margin)


@pytest.mark.parametrize("constraints", [(), (WeightBound(0, 0.1, 0.4, "a:0.1:0.4"),)])
def test_shared_corners_say_what_a_program_for_each_region_says(
    monkeypatch: pytest.MonkeyPatch, constraints: tuple[WeightBound, ...]
) -> None:
    """Of each region a program against all others, none of them left out, by scipy alone; far fewer are needed."""
    parts = np.random.default_rng(1).lognormal(size=(60, 4))
    parts[3], parts[9] = parts[4], np.nan
    admissible = AdmissibleWeights(tuple("abcd"), constraints)
    solved: list[Optimum | None] = []

    def counted(goal: FloatArray, rows: FloatArray, limits: FloatArray, weighed: int | None = None) -> Optimum | None:
        solved.append(optimum(goal, rows, limits, weighed))
        return solved[-1]

    monkeypatch.setattr(first_place, "optimum", counted)
    places = first_places(parts, admissible)
    assert len(solved) < 30
    rows, limits = admissible.inequalities
    for region, place in enumerate(places):
        assert (place is None) == (region == 9)
        if place is None:
            continue
        others = np.delete(parts, [region, 9], axis=0)
        behind = np.column_stack([others - parts[region], np.ones(len(others))])
        inside = np.column_stack([rows, np.zeros(len(rows))])
        found = linprog(
            [0.0] * 4 + [-1.0], A_ub=np.vstack([behind, inside]), b_ub=np.r_[np.zeros(len(others)), limits],
            A_eq=[[1.0] * 4 + [0.0]], b_eq=[1.0], bounds=(None, None),
        )  # fmt: skip
        lead = float(np.asarray(found.x)[-1])
        assert place.margin == pytest.approx(lead, abs=1e-9)
        assert place.verdict == ("never" if lead < -1e-8 else "shared" if lead < 1e-8 else "alone")
        if place.verdict == "never":
            assert sum(place.beaten_by.values()) == pytest.approx(1)
            assert lead_of_mix(parts, region, place.beaten_by, admissible) == pytest.approx(-place.margin, abs=1e-9)


def test_a_mix_beats_a_region_that_nobody_dominates() -> None:
    """(0.4, 0.4) is second to (1, 0) and (0, 1) in one part each, and first with no weights: half of each beats it."""
    parts = np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4], [np.nan, 1.0]])
    places = first_places(parts, AdmissibleWeights(("a", "b")))
    assert [place.verdict if place else None for place in places] == ["alone", "alone", "never", None]
    third = places[2]
    assert third is not None
    assert third.margin == pytest.approx(-0.1)
    assert third.beaten_by == pytest.approx({0: 0.5, 1: 0.5})
    np.testing.assert_allclose(third.weights, [0.5, 0.5], atol=1e-9)
    bounded = AdmissibleWeights(("a", "b"), (WeightBound(0, 0.8, 1.0, "a:0.8:1"),))
    second = first_places(parts, bounded)[1]
    assert second is not None
    assert second.verdict == "never"
    assert lead_of_mix(parts, 1, second.beaten_by, bounded) == pytest.approx(0.6)


def test_equals_share_the_first_place_and_one_region_has_it() -> None:
    free = AdmissibleWeights(("a", "b"))
    equal = first_places(np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]), free)
    assert [place.verdict for place in equal if place] == ["shared", "shared", "never"]
    assert [place.verdict for place in first_places(np.array([[1.0, 0.0]]), free) if place] == ["alone"]


def test_a_last_step_and_missing_values(tmp_path: Path) -> None:
    rescaled = replace(INDEX, rescaling=Rescaling("share_of_best"))
    own = weight_space(tabled_scores(tmp_path, rescaled, VALUES), draws=200)
    plain = weight_space(tabled_scores(tmp_path, INDEX, VALUES), draws=200)
    assert own.sampled_only == ""
    assert (own.found.counts == plain.found.counts).all()
    gaps = VALUES.copy()
    gaps[2, 2] = np.nan
    zero = tabled_scores(tmp_path, INDEX, gaps)
    assert part_scores(zero, 2)[1] == ""
    skip = replace(INDEX, aggregation=Aggregation("amean", "global"), missing=Missing("skip", 0.5))
    found = weight_space(tabled_scores(tmp_path, skip, gaps), draws=150)
    assert "missing values" in found.sampled_only
    ranks = _engine(skip, gaps, found.draws.weights)
    assert found.found.counts[2].tolist() == np.bincount(ranks[:, 2], minlength=8)[1:].tolist()


def test_sums_of_means_are_no_sums_of_parts(tmp_path: Path) -> None:
    """`sum` at two levels multiplies a pillar's weight into itself: the engine disagrees with a plain sum."""
    index = replace(INDEX, aggregation=Aggregation("sum", "global"))
    found = part_scores(tabled_scores(tmp_path, index, VALUES), 2)
    assert np.isnan(found[0]).all() == bool(found[1])


def test_tables_and_their_columns(tmp_path: Path) -> None:
    found = weight_space(tabled_scores(tmp_path, INDEX, VALUES), draws=500, weights_level="indicator", seed=9)
    tables = found.tables()
    assert list(tables)[:3] == ["weight_space", "favourite_weights", "rank_acceptability"]
    assert len(tables["weight_draws"]) == 500
    assert len(tables["favourite_weights"]) == 7 * 5
    np.testing.assert_allclose(tables["rank_acceptability"].groupby("region")["share"].sum(), 1)
    assert "admissible weights of 5 parts" in repr(found)
    np.testing.assert_allclose(found.today, [0.3, 0.2, 0.3, 0.1, 0.1])
    assert set(found.confidence[~np.isnan(found.confidence)]) == {1.0}


def test_wrong_requests(tmp_path: Path) -> None:
    scores = tabled_scores(tmp_path, INDEX, VALUES)
    for draws in (0, -5, 10**9):
        with pytest.raises(UsageError, match="draws"):
            weight_space(scores, draws=draws)
    with pytest.raises(InputError, match="no weights fulfil"):
        weight_space(scores, bounds=["p:0.7:0.9", "q:0.5:0.9"])
