"""The uncertainty of ASEM beside the one that COINr's documentation prints.

Source: COINr 1.1.14, vignette "Sensitivity Analysis" (https://bluefoxr.github.io/COINr/articles/sensitivity.html), by
the files UA_results.RDS and SA_results.RDS that it is knitted from: 1 to 5 winsorised points, min-max on 1 to 100 or
z-scores of mean 10 and sd 2, weights of levels 2 and 3 by 25 % up or down, arithmetic or geometric mean. The nominal
ranks of all 51 countries are the same. What differs in the intervals is the noise of COINr's 100 random draws: ours are
2,048 points of a Sobol' sequence, and 100 of our own scatter about them as COINr's do.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from asem import asem_index, asem_values

from ecosystem.index import Index, evaluate
from ecosystem.index.arrays import FloatArray
from ecosystem.robustness.choices import choices_of
from ecosystem.robustness.draw import Drawn, draw
from ecosystem.robustness.points import sobol_points
from ecosystem.robustness.sobol_indices import sobol_indices

VARY = (
    "treatment.points:1,2,3,4,5",
    "normalise:minmax(range=[1,100]),zscore(mean=10,sd=2)",
    "weights:0.25@2+3",
    "aggregate:amean,gmean",
)
PRINTED = {
    "AUS": (35, 35.28, 35.0, 34.00, 38.00),
    "AUT": (7, 7.00, 7.0, 5.95, 9.00),
    "BEL": (5, 5.15, 5.0, 3.00, 9.00),
    "BGD": (46, 45.46, 46.0, 41.00, 48.00),
    "BGR": (30, 27.59, 28.0, 24.00, 30.00),
    "BRN": (40, 40.07, 40.0, 37.00, 45.00),
}
"""`head(SA_res$RankStats)`: nominal, mean, median, 5 % and 95 % of the ranks."""
IN_ORDER = ("aggregate", "normalise", "weights@2+3", "treatment.points")
"""Total indices of COINr with N = 100: 0.62 (0.41 to 0.84), 0.27 (0.19 to 0.37), 0.18 (0.14 to 0.22), 0.05 (0.03 to
0.06)."""
TOTALS = ((0.41, 0.84), (0.19, 0.37), (0.14, 0.22), (0.03, 0.06))


@pytest.fixture(scope="module")
def index(shared: Path) -> Index:
    return asem_index(shared)


def drawn_at(shared: Path, index: Index, points: FloatArray) -> Drawn:
    values, auxiliary = asem_values(shared)
    return draw(index, values, choices_of(VARY, index), points, level="country", auxiliary=auxiliary)


def quantiles(ranks: FloatArray) -> FloatArray:
    """As R has them: 5 % and 95 %, interpolated."""
    found: FloatArray = np.quantile(ranks, [0.05, 0.95], axis=0)
    return found


@pytest.fixture(scope="module")
def drawn(shared: Path, index: Index) -> Drawn:
    dimensions = sum(choice.dimensions for choice in choices_of(VARY, index))
    return drawn_at(shared, index, sobol_points(dimensions, 2048, seed=1))


def test_the_intervals_of_asem_are_those_of_coinr_but_for_its_noise(shared: Path, index: Index, drawn: Drawn) -> None:
    values, auxiliary = asem_values(shared)
    countries = index.level("country").regions
    places = [countries.index(code) for code in PRINTED]
    nominal = evaluate(index, values, level="country", auxiliary=auxiliary).overall_rank[places]
    printed = np.array(list(PRINTED.values()))
    assert nominal.tolist() == printed[:, 0].tolist()
    assert not drawn.undefined
    ranks = drawn.ranks[:, places].astype(np.float64)
    ours = quantiles(ranks)
    # 100 draws of ours, taken at random a thousand times: how far a run of COINr's size lies from the whole
    rng = np.random.default_rng(1)
    few = np.stack([ranks[rng.integers(0, len(ranks), 100)] for _ in range(1000)], axis=1)
    spread = np.quantile(np.abs(quantiles(few) - ours[:, None]), 0.99, axis=1)
    assert (np.abs(ours - printed[:, 3:].T) <= np.maximum(spread, 1.0)).all()
    error = ranks.std(axis=0) / 10
    assert (np.abs(ranks.mean(axis=0) - printed[:, 1]) < 3 * error + 0.01).all()
    assert (np.abs(np.median(ranks, axis=0) - printed[:, 2]) <= 1).all()


def test_the_choices_of_asem_matter_in_the_order_of_coinr(shared: Path, index: Index) -> None:
    values, auxiliary = asem_values(shared)
    nominal = evaluate(index, values, level="country", auxiliary=auxiliary).overall_rank

    def shift(points: FloatArray) -> FloatArray:
        mean: FloatArray = np.abs(drawn_at(shared, index, points).ranks - nominal).mean(axis=1)
        return mean

    inputs = [(choice.name, choice.dimensions) for choice in choices_of(VARY, index)]
    found = sobol_indices(shift, inputs, 256, seed=1)
    totals = dict(zip(found.names, found.total.tolist(), strict=True))
    assert tuple(sorted(totals, key=lambda name: -totals[name])) == IN_ORDER
    for name, (low, high) in zip(IN_ORDER, TOTALS, strict=True):
        half = found.total_half[found.names.index(name)]
        assert low - half <= totals[name] <= high + half
