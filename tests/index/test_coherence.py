"""Coherence against pandas and pingouin; growth and paths of ranks by hand."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from asem import asem_index, asem_values

from ecosystem.index import evaluate
from ecosystem.index.coherence import coherence, cronbach
from ecosystem.index.steps.rank import compound_growth, entries, exits

NAN = float("nan")
RNG = np.random.default_rng(6)


def test_alpha_equals_pingouin() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pingouin import cronbach_alpha
    scores = RNG.normal(size=(40, 5)) + RNG.normal(size=(40, 1))
    assert cronbach(scores) == pytest.approx(float(cronbach_alpha(pd.DataFrame(scores))[0]), rel=1e-10)
    assert np.isnan(cronbach(np.ones((4, 2))))


def test_asem(shared: Path) -> None:
    values, beside = asem_values(shared)
    scores = evaluate(asem_index(shared), values, level="country", auxiliary=beside)
    found = coherence(scores)
    raw = pd.DataFrame(np.where(scores.missing, NAN, values))
    np.testing.assert_allclose(found.statistics["skewness"], raw.skew(), rtol=1e-9)
    np.testing.assert_allclose(found.statistics["kurtosis"], raw.kurt(), rtol=1e-9)
    np.testing.assert_allclose(found.statistics["median"], raw.median())
    r = pd.DataFrame(scores.normalised).corr().to_numpy()
    np.testing.assert_allclose(found.correlations["r"], r[np.triu_indices(49, 1)], atol=1e-9)
    assert len(found.alpha) == 8 + 2 + 1
    within = found.correlations[found.correlations["within"]]
    assert set(found.flags.loc[found.flags["flag"] == "redundant", "code"]) == set(
        within.loc[within["r"] > 0.9, "code"]
    )
    assert (found.statistics["outliers"] == (raw.skew().abs().ge(2) & raw.kurt().ge(3.5))).all()


def test_compound_growth() -> None:
    """COINr `CAGR`: from the first to the last known value, whatever lies between."""
    years = (2021, 2019, 2023)
    values = np.array([[NAN, 5, 4, NAN, 0], [100, 5, 2, 1, 3], [121, 5, NAN, NAN, 9.0]])
    found = compound_growth(values, years)
    np.testing.assert_allclose(found[:3], [1.21 ** (1 / 4) - 1, 0, 2**0.5 - 1], rtol=1e-12)
    assert np.isnan(found[3])
    assert found[4] == pytest.approx(3 ** (1 / 4) - 1)
    assert np.isnan(compound_growth(np.array([[0.0], [5.0]]), (1, 2)))[0]


def test_entry_and_exit() -> None:
    ranks = np.array([[1, 0, 2], [1, 2, 0], [2, 1, 3]])
    np.testing.assert_array_equal(entries(ranks), [[0, 0, 0], [0, 1, 0], [0, 0, 1]])
    np.testing.assert_array_equal(exits(ranks), [[0, 0, 0], [0, 0, 1], [0, 0, 0]])
