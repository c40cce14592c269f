"""Statistics of an index against COINr's printed ones, scipy, factor_analyzer, pingouin and statsmodels."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from asem import GROUP, asem_index, asem_values, stage
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from small_index import flat_index, small_index

from ecosystem.errors import InputError, UsageError
from ecosystem.index import IndexScores, evaluate
from ecosystem.index.arrays import FloatArray
from ecosystem.index.coherence import Coherence, coherence
from ecosystem.index.prepare import Auxiliary
from ecosystem.index.statistics.components import components
from ecosystem.index.statistics.consistency import adequacy, items_of
from ecosystem.index.statistics.correlation import associate
from ecosystem.index.statistics.drop_one import drop_one
from ecosystem.index.statistics.stages import STAGES, Stage, values_at

RNG = np.random.default_rng(18)
TOGETHER = RNG.normal(size=(60, 6)) + RNG.normal(size=(60, 1))
"""Six made-up columns that go together."""


def by(frame: pd.DataFrame, *keys: str) -> Any:
    """The frame with its keys as the index."""
    return frame.set_index(list(keys) if len(keys) > 1 else keys[0])


def with_gaps(values: FloatArray) -> FloatArray:
    return np.where(RNG.random(values.shape) < 0.15, np.nan, values)


@pytest.mark.parametrize("rounded", [False, True], ids=["no ties", "ties"])
@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_correlations_equal_scipy_pair_by_pair(
    method: Literal["pearson", "spearman", "kendall"], rounded: bool
) -> None:
    judge: Any = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[method]
    values = with_gaps(TOGETHER.round(0) if rounded else TOGETHER)
    values[:, 5] = 3.0
    found = associate(values, method)
    for one in range(5):
        for other in range(one + 1, 5):
            both = ~np.isnan(values[:, [one, other]]).any(axis=1)
            r, p = judge(values[both, one], values[both, other])
            assert found.r[one, other] == pytest.approx(r, abs=1e-12)
            assert found.p[one, other] == pytest.approx(p, rel=1e-7)
            assert found.regions[one, other] == both.sum()
    assert np.isnan(found.r[5]).all()
    assert np.isnan(found.p[5]).all()


@pytest.mark.parametrize("method", ["pearson", "spearman", "kendall"])
def test_two_regions_say_nothing_of_significance(method: Literal["pearson", "spearman", "kendall"]) -> None:
    found = associate(np.array([[1.0, 5.0], [2.0, 3.0], [np.nan, 4.0]]), method)
    assert found.r[0, 1] == pytest.approx(-1)
    assert np.isnan(found.p[0, 1])
    assert np.isnan(associate(np.array([[1.0, np.nan], [np.nan, 3.0]]), method).r[0, 1])


def test_adequacy_equals_factor_analyzer() -> None:
    from factor_analyzer.factor_analyzer import calculate_bartlett_sphericity, calculate_kmo

    found = adequacy(TOGETHER)
    each, whole = calculate_kmo(TOGETHER)
    statistic, p = calculate_bartlett_sphericity(TOGETHER)
    assert found.kmo == pytest.approx(whole, rel=1e-9)
    np.testing.assert_allclose(found.each, each, rtol=1e-9)
    assert found.statistic == pytest.approx(statistic, rel=1e-9)
    assert found.p == pytest.approx(p, rel=1e-6)


def test_adequacy_says_why_there_is_none() -> None:
    repeated = np.column_stack([TOGETHER, TOGETHER[:, 0] + TOGETHER[:, 1]])
    assert adequacy(repeated).note == "a part can be computed from the others"
    assert adequacy(TOGETHER[:6]).note == "no more complete regions than parts"
    assert adequacy(np.column_stack([TOGETHER, np.ones(60)])).note == "a part is constant"
    assert adequacy(np.full((5, 3), np.nan)).note == "fewer than three complete regions"


def test_items_equal_pingouin_and_correlations_with_the_rest() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pingouin import cronbach_alpha
    scores = evaluate(flat_index([1 / 6] * 6, [f"r{at}" for at in range(60)]), TOGETHER, level="province")
    found = items_of(scores, TOGETHER)
    for at in range(6):
        rest = np.delete(TOGETHER, at, axis=1)
        assert found["alpha_without"][at] == pytest.approx(float(cronbach_alpha(pd.DataFrame(rest))[0]), rel=1e-10)
        assert found["r_rest"][at] == pytest.approx(np.corrcoef(TOGETHER[:, at], rest.sum(axis=1))[0, 1], rel=1e-10)
    assert np.isnan(
        items_of(evaluate(flat_index([0.5, 0.5], ["a", "b"]), np.eye(2), level="province"), np.eye(2))["alpha_without"]
    ).all()


def test_components_equal_statsmodels() -> None:
    from statsmodels.multivariate.pca import PCA

    found, judge = components(TOGETHER), PCA(TOGETHER, standardize=True)
    np.testing.assert_allclose(found.explained, judge.eigenvals / judge.eigenvals.sum(), rtol=1e-9)
    np.testing.assert_allclose(np.abs(found.coefficients), np.abs(judge.eigenvecs), atol=1e-9)
    for place in range(6):
        factor = ((TOGETHER - TOGETHER.mean(axis=0)) / TOGETHER.std(axis=0)) @ found.coefficients[:, place]
        loadings = [np.corrcoef(column, factor)[0, 1] for column in TOGETHER.T]
        np.testing.assert_allclose(found.loadings[:, place], loadings, atol=1e-9)
    assert components(np.full((3, 2), np.nan)).eigenvalues.size == 0


@pytest.fixture(scope="module")
def asem(shared: Path) -> tuple[IndexScores, Auxiliary]:
    values, beside = asem_values(shared)
    return evaluate(asem_index(shared), values, level="country", auxiliary=beside), beside


@pytest.fixture(scope="module")
def raw(asem: tuple[IndexScores, Auxiliary]) -> Coherence:
    return coherence(asem[0], stage="raw", auxiliary=asem[1])


def test_stages_are_those_of_coinr(asem: tuple[IndexScores, Auxiliary], shared: Path) -> None:
    scores, beside = asem
    files = {
        "denominated": "12_denominated",
        "imputed": "13_imputed",
        "treated": "15_treated",
        "normalised": "16_normalised",
    }
    codes = [leaf.code for leaf in scores.index.leaves]
    for name in STAGES:
        values = values_at(scores, name, beside)
        assert values.shape == scores.raw.shape
        if name in files:
            judge = stage(shared, files[name])[codes].to_numpy(dtype=np.float64)
            np.testing.assert_allclose(values, judge, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(values_at(scores, "weighted").sum(axis=1), scores.overall)


def test_the_levels_of_asem_correlate_as_coinr_prints(asem: tuple[IndexScores, Auxiliary]) -> None:
    """COINr, vignette "Weights": `get_corr(coin, dset = "Aggregated", Levels = c(3, 4))`."""
    found = by(coherence(asem[0]).levels, "code", "other")
    assert found.loc[("Conn", "Index"), "r"] == pytest.approx(0.9397805, abs=5e-8)
    assert found.loc[("Sust", "Index"), "r"] == pytest.approx(0.8382873, abs=5e-8)
    assert found.loc[("LPI", "Physical"), "above"]
    assert found.loc[("LPI", "Index"), "above"]
    assert not found.loc[("LPI", "Sust"), "above"]


def test_the_raw_data_of_asem_are_as_coinr_prints(raw: Coherence) -> None:
    """COINr, vignette "Analysis": `get_corr` of Environ, `get_cronbach` of P2P, `get_PCA` of Sust, all of "Raw"."""
    pairs = {frozenset(pair): r for *pair, r in raw.correlations[["code", "other", "r"]].itertuples(index=False)}
    assert pairs[frozenset({"CO2", "MatCon"})] == pytest.approx(0.7222051, abs=5e-8)
    assert pairs[frozenset({"CO2", "PrimEner"})] == pytest.approx(0.3268484, abs=5e-8)
    assert pairs[frozenset({"CO2", "Renew"})] == pytest.approx(-0.5986338, abs=5e-8)
    assert by(raw.alpha, "code").loc["P2P", "alpha"] == pytest.approx(0.05126659, abs=5e-9)
    social = raw.variance[raw.variance["code"] == "Social"]
    printed = [0.5398, 0.1408, 0.1065, 0.06905, 0.06614, 0.03589, 0.02003, 0.01445, 0.00737]
    np.testing.assert_allclose(social["explained"], printed, atol=6e-5)  # R rounds twice
    assert set(social["regions"]) == {51 - 14}
    loadings = raw.loadings
    environ = by(loadings[(loadings["parent"] == "Environ") & (loadings["component"] == 1)], "code")
    printed = [-0.581, 0.214, -0.543, -0.313, 0.473]
    own = environ.loc[["CO2", "Forest", "MatCon", "PrimEner", "Renew"], "coefficient"]
    np.testing.assert_allclose(own * np.sign(own.iloc[0] * printed[0]), printed, atol=5e-4)


def test_missing_values_of_asem_are_as_coinr_prints(asem: tuple[IndexScores, Auxiliary]) -> None:
    """COINr, vignette "Analysis": `get_data_avail(coin, dset = "Raw")`, of Bangladesh and of Australia."""
    found = by(coherence(asem[0]).missing, "region", "code")
    whole = found.loc[("BGD", "Index")]
    assert (whole["missing"], whole["zero"]) == (6, 1)
    np.testing.assert_allclose([whole["available"], whole["nonzero"]], [0.877551, 0.9767442], atol=5e-7)
    parts = [found.loc[("BGD", code), "available"] for code in ("ConEcFin", "Instit", "P2P", "Physical")]
    np.testing.assert_allclose(parts, [1, 0.8333333, 0.75, 0.875], atol=5e-8)
    assert found.loc[("AUS", "Index"), "nonzero"] == pytest.approx(0.9387755, abs=5e-8)
    grouped = coherence(asem[0], groups=asem[1].groups[GROUP]).missing
    whole_by_group = grouped[grouped["code"] == "Index"]
    assert whole_by_group["missing"].sum() == found.xs("Index", level="code")["missing"].sum()
    assert by(whole_by_group, "group")["regions"].to_dict() == {"Asia": 21, "Europe": 30}


def test_effective_weights_of_asem_are_as_coinr_prints(asem: tuple[IndexScores, Auxiliary]) -> None:
    """COINr, vignette "Weights": `get_eff_weights`; 1 in sum at every level."""
    found = by(coherence(asem[0]).weights, "code")
    assert found.loc["Goods", "effective"] == pytest.approx(0.02)
    assert found.loc["Renew", "effective"] == pytest.approx(1 / 30, abs=1e-9)
    np.testing.assert_allclose(found.groupby("level")["effective"].sum(), 1)
    assert found["variance"].sum() == pytest.approx(1)
    assert found.loc["Sust", "r_squared"] == pytest.approx(0.8382873**2, abs=1e-7)


def test_ranks_at_every_level_and_inside_groups(asem: tuple[IndexScores, Auxiliary], shared: Path) -> None:
    scores, beside = asem
    groups = beside.groups[GROUP]
    found = coherence(scores, groups=groups).ranks
    judge = stage(shared, "18_results_ranks")
    for code in ("Index", "Conn", "P2P"):
        own = by(found[found["code"] == code], "region")
        assert own["rank"].tolist() == judge[code].tolist()
        within = own.groupby("group")["score"].rank(ascending=False, method="min")
        assert own["group_rank"].tolist() == within.tolist()
    lone = coherence(scores, groups=[None, *groups[1:]]).ranks
    assert lone["group_rank"].isna().sum() == 60


def test_a_region_without_values_has_no_rank_and_no_part_in_a_correlation() -> None:
    index = small_index()
    values = np.array([[1.0, 4, 3], [2.0, 5, 1], [np.nan] * 3])
    absent = np.array([False, False, True])
    found = coherence(evaluate(index, values, level="province", absent=absent))
    assert by(found.ranks, "region").loc["r3", "rank"].isna().all()
    assert (found.correlations["regions"] == 2).all()


@given(
    arrays(
        np.float64, st.tuples(st.integers(1, 6), st.just(4)), elements=st.sampled_from([0.0, 1.0, 2.0, 5.0, np.nan])
    ),
    st.sampled_from(["pearson", "spearman", "kendall"]),
    st.sampled_from(STAGES),
)
@settings(max_examples=60)
def test_no_table_of_any_data_is_a_warning_or_an_error(
    values: FloatArray, method: Literal["pearson", "spearman", "kendall"], where: Stage
) -> None:
    leaves = (("a", "p", 0.4, 1), ("b", "p", 0.2, -1), ("c", "q", 0.2, 1), ("d", "q", 0.2, 1))
    index = small_index(leaves, [f"r{row}" for row in range(len(values))])
    found = coherence(evaluate(index, values, level="province"), stage=where, correlation=method)
    for frame in (found.levels, found.correlations):
        assert frame["r"].dropna().abs().le(1).all()
        assert frame["p"].dropna().between(0, 1).all()


def test_asem_without_each_pillar_moves_as_coinr_prints(asem: tuple[IndexScores, Auxiliary]) -> None:
    """COINr, vignette "Sensitivity": `remove_elements(coin, Level = 2, ...)$MeanAbsDiff`."""
    found = drop_one(asem[0], auxiliary=asem[1], level=2)
    printed = {
        "Physical": 1.529412, "ConEcFin": 2.627451, "Political": 2.901961, "Instit": 1.176471, "P2P": 1.686275,
        "Environ": 3.098039, "Social": 3.960784, "SusEcFin": 2.627451,
    }  # fmt: skip
    summary = by(found.summary, "code")
    assert summary["mean_move"].to_dict() == pytest.approx(printed, abs=5e-7)
    long = found.long()
    social = long[long["code"] == "Social"]
    assert social["rank_change"].abs().mean() == pytest.approx(3.960784, abs=5e-7)
    assert drop_one(asem[0], auxiliary=asem[1], level=1).ranks.shape == (51, 49)


def test_a_parent_without_its_only_part_goes_too_and_the_last_part_stays() -> None:
    leaves = (("a", "p", 0.5, 1), ("b", "p", 0.2, 1), ("c", "q", 0.3, -1))
    values = np.array([[1.0, 2, 3], [2, 1, 5], [3, 5, 1]])
    scores = evaluate(small_index(leaves), values, level="province")
    found = drop_one(scores)
    np.testing.assert_allclose(found.overall[:, 2], scores.weighted[:, :2].sum(axis=1))
    assert [part.code for part in drop_one(scores, level=2).parts] == ["p", "q"]
    with pytest.raises(UsageError, match="no parts at level 3"):
        drop_one(scores, level=3)
    alone = evaluate(flat_index([1.0], ["r1", "r2"]), np.array([[1.0], [2.0]]), level="province")
    with pytest.raises(InputError, match="without it nothing is left"):
        drop_one(alone)
