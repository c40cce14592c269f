"""The whole ASEM chain, stage by stage, against COINr 1.1.14 to 1e-9."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from asem import GROUP, asem_index, asem_values, stage

from ecosystem.errors import InputError, UsageError
from ecosystem.index import IndexScores, evaluate
from ecosystem.index.arrays import FloatArray
from ecosystem.index.prepare import Auxiliary, denominate
from ecosystem.index.rules import Imputation, Missing, Screening
from ecosystem.index.steps.impute import impute_group_centre
from ecosystem.index.steps.treat import LOGARITHM, WINSORISED_HIGH, WINSORISED_LOW

ATOL = 1e-9


@pytest.fixture(scope="module")
def scores(shared: Path) -> IndexScores:
    values, beside = asem_values(shared)
    return evaluate(asem_index(shared), values, level="country", auxiliary=beside)


def columns(scores: IndexScores, frame: pd.DataFrame) -> FloatArray:
    return frame[[leaf.code for leaf in scores.index.leaves]].to_numpy(dtype=np.float64)


def test_raw_and_denominated(scores: IndexScores, shared: Path) -> None:
    np.testing.assert_array_equal(scores.raw, columns(scores, stage(shared, "11_raw")))
    _, beside = asem_values(shared)
    divided = denominate(scores.raw, beside.denominators, [leaf.denominator for leaf in scores.index.leaves])
    np.testing.assert_allclose(divided, columns(scores, stage(shared, "12_denominated")), rtol=1e-15, atol=ATOL)
    imputed = impute_group_centre(divided, beside.groups[GROUP])
    np.testing.assert_allclose(imputed, columns(scores, stage(shared, "13_imputed")), rtol=1e-14, atol=ATOL)


def test_treated(scores: IndexScores, shared: Path) -> None:
    expected, before = stage(shared, "15_treated"), stage(shared, "13_imputed")
    np.testing.assert_allclose(scores.prepared, columns(scores, expected), rtol=0, atol=ATOL)
    assert scores.treated is not None
    moved = ~np.isclose(columns(scores, before), columns(scores, expected), rtol=1e-12, atol=0)
    np.testing.assert_array_equal(scores.treated.points != 0, moved, "every touched point is on record, no other")
    assert set(np.unique(scores.treated.points)) <= {0, WINSORISED_HIGH, WINSORISED_LOW, LOGARITHM}
    assert scores.treated.failed.sum() == scores.treated.passed[scores.treated.failed].sum() > 5


def test_normalised(scores: IndexScores, shared: Path) -> None:
    np.testing.assert_allclose(scores.normalised, columns(scores, stage(shared, "16_normalised")), rtol=0, atol=ATOL)


@pytest.mark.parametrize("level", [2, 3, 4])
def test_aggregated(scores: IndexScores, shared: Path, level: int) -> None:
    expected = stage(shared, "17_aggregated")[[part.code for part in scores.index.at(level)]]
    np.testing.assert_allclose(scores.at(level), expected.to_numpy(dtype=np.float64), rtol=0, atol=ATOL)


def test_ranks(scores: IndexScores, shared: Path) -> None:
    expected = stage(shared, "18_results_ranks")
    np.testing.assert_array_equal(scores.overall_rank, expected["Index"])
    np.testing.assert_array_equal(scores.pillar_ranks, expected[[part.code for part in scores.index.pillars]])


def test_the_points_of_the_indicators_add_up_to_the_score(scores: IndexScores) -> None:
    np.testing.assert_allclose(scores.weighted.sum(axis=-1), scores.overall, rtol=0, atol=1e-11)
    np.testing.assert_allclose(scores.shares.sum(), 1, atol=1e-12)


def test_imputation_is_on_record_and_coverage_counts_what_was_there(scores: IndexScores) -> None:
    assert scores.missing.sum() == scores.imputed.sum() == 65
    full = ~scores.missing.any(axis=-1)
    np.testing.assert_array_equal(scores.coverage[full], 1)
    assert (scores.coverage[~full] < 1).all()


def test_what_is_skipped_leaves_its_weight_to_its_siblings(shared: Path) -> None:
    values, beside = asem_values(shared)
    index = replace(asem_index(shared), imputation=Imputation())
    scores = evaluate(index, values, level="country", auxiliary=beside)
    np.testing.assert_allclose(scores.weighted.sum(axis=-1), scores.overall, rtol=0, atol=1e-11)
    by_hand = pd.DataFrame(scores.normalised).T.groupby([leaf.parent for leaf in index.leaves], sort=False).mean().T
    np.testing.assert_allclose(
        scores.at(2), by_hand[[part.code for part in index.at(2)]].to_numpy(), rtol=0, atol=1e-11
    )


def test_missing_values_that_are_refused_are_named(shared: Path) -> None:
    values, beside = asem_values(shared)
    index = replace(asem_index(shared), imputation=Imputation(), missing=Missing("refuse", 0.5))
    with pytest.raises(InputError, match=r"65 values are missing[\s\S]*hint: impute them") as caught:
        evaluate(index, values, level="country", auxiliary=beside)
    assert len(caught.value.findings) == 65


def test_screened_regions_move_nobody(shared: Path) -> None:
    values, beside = asem_values(shared)
    index = asem_index(shared)
    screening = Screening(availability=0.95, nonzero=0.5, keep=("BRN",), drop=("CHE",))
    scores = evaluate(replace(index, screening=screening), values, level="country", auxiliary=beside)
    out = scores.excluded
    assert 0 < out.sum() < 20
    assert out[scores.regions.index("CHE")]
    assert not out[scores.regions.index("BRN")]
    assert np.isnan(scores.overall[out]).all()
    np.testing.assert_array_equal(scores.overall_rank[out], 0)
    level = index.level("country")
    kept = tuple(region for region, gone in zip(level.regions, out, strict=True) if not gone)
    smaller = replace(index, levels={"country": replace(level, regions=kept)})
    left = Auxiliary(
        {name: column[~out] for name, column in beside.denominators.items()},
        {
            name: [group for group, gone in zip(names, out, strict=True) if not gone]
            for name, names in beside.groups.items()
        },
    )
    alone = evaluate(smaller, values[~out], level="country", auxiliary=left)
    np.testing.assert_allclose(scores.overall[~out], alone.overall, rtol=0, atol=1e-11)
    np.testing.assert_array_equal(scores.overall_rank[~out], alone.overall_rank)


def test_denominators_and_groups_that_are_not_there(shared: Path) -> None:
    values, beside = asem_values(shared)
    index = asem_index(shared)
    with pytest.raises(InputError, match=r"the denominator 'Area' of .* is in no table[\s\S]*columns"):
        evaluate(index, values, level="country", auxiliary=Auxiliary(groups=beside.groups))
    with pytest.raises(UsageError, match="needs the column 'EurAsia_group'"):
        evaluate(index, values, level="country", auxiliary=Auxiliary(beside.denominators))
