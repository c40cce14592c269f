"""Sobol' indices: functions whose indices are known, then an index of which the truth is counted out."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from SALib.test_functions import Ishigami, Sobol_G
from study import index_of, scores_of

import ecosystem as eco
from ecosystem.errors import InputError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.robustness.indices import word_on
from ecosystem.robustness.sensitivity import sensitivity
from ecosystem.robustness.sobol_indices import sobol_indices
from ecosystem.scoring import Scores

A, B = 7.0, 0.1
"""The constants of Ishigami and Homma (1990) as in SALib's `Ishigami.evaluate`."""
ISHIGAMI_FIRST = (0.3138, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
"""To four decimals; exact values below. SALib prints S1 0.31683, 0.44376, 0.01220 and ST 0.55587, 0.44190, 0.24467 on
https://salib.readthedocs.io/en/latest/user_guide/basics.html."""
G = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)
"""The constants of the g-function in SALib's `Sobol_G` (Saltelli and Sobol' 1995)."""


@pytest.fixture
def scores(tmp_path: Path) -> Scores:
    return scores_of(tmp_path, index_of())


def ishigami(points: FloatArray) -> FloatArray:
    value: FloatArray = Ishigami.evaluate(np.pi * (2 * points - 1))
    return value


def ishigami_variances() -> tuple[float, float, float, float]:
    """Of x1, of x2, of x1 with x3, of all; Ishigami and Homma (1990)."""
    one = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    two = A**2 / 8
    both = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    return one, two, both, one + two + both


def test_the_indices_of_ishigami() -> None:
    one, two, both, whole = ishigami_variances()
    first, total = np.array([one, two, 0.0]) / whole, np.array([one + both, two, both]) / whole
    np.testing.assert_allclose(first, ISHIGAMI_FIRST, atol=5e-4)
    np.testing.assert_allclose(total, ISHIGAMI_TOTAL, atol=5e-4)
    found = sobol_indices(ishigami, [("x1", 1), ("x2", 1), ("x3", 1)], 4096, seed=1)
    np.testing.assert_allclose(found.first, first, atol=0.02)
    np.testing.assert_allclose(found.total, total, atol=0.02)
    np.testing.assert_allclose(found.second[0, 2], both / whole, atol=0.03)
    np.testing.assert_allclose([found.second[0, 1], found.second[1, 2]], 0, atol=0.03)
    assert found.evaluations == 4096 * 8
    assert (np.abs(found.first - first) < 1.5 * found.first_half).all()
    assert (np.abs(found.total - total) < 1.5 * found.total_half).all()


def test_the_indices_of_the_g_function() -> None:
    """V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1, V_Ti = V_i prod_{j != i} (1 + V_j) (Saltelli et al. 2010).

    SALib has the function and its known indices as well: the second program.
    """
    a = np.array(G)
    own = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + own) - 1
    first, total = own / whole, own / (1 + own) * np.prod(1 + own) / whole
    np.testing.assert_allclose(first, Sobol_G.sensitivity_index(a), rtol=1e-12)
    np.testing.assert_allclose(total, Sobol_G.total_sensitivity_index(a), rtol=1e-12)
    found = sobol_indices(Sobol_G.evaluate, [(f"x{at}", 1) for at in range(8)], 2048, seed=1)
    np.testing.assert_allclose(found.first, first, atol=0.02)
    np.testing.assert_allclose(found.total, total, atol=0.02)


def test_several_dimensions_are_one_input() -> None:
    """x1 and x3 of Ishigami taken together have no interaction left with x2."""
    one, two, both, whole = ishigami_variances()

    def swapped(points: FloatArray) -> FloatArray:
        return ishigami(points[:, [0, 2, 1]])

    found = sobol_indices(swapped, [("x1 and x3", 2), ("x2", 1)], 4096, seed=2)
    np.testing.assert_allclose(found.first, [(one + both) / whole, two / whole], atol=0.02)
    np.testing.assert_allclose(found.total, found.first, atol=0.03)


def test_the_shift_of_ranks_against_every_combination(scores: Scores) -> None:
    """Where only lists vary, the truth can be counted out: the variances of means over all combinations."""
    lists = {"normalise": ("minmax", "zscore", "prank"), "weights": ("printed", "equal"), "treat": ("on", "off")}
    found = sensitivity(scores, lists, draws=1024)
    shifts = np.empty((3, 2, 2))
    for place in product(range(3), range(2), range(2)):
        words = {name: [options[at]] for (name, options), at in zip(lists.items(), place, strict=True)}
        one = eco.robustness(scores, words, draws=1)
        shifts[place] = np.abs(one.drawn.ranks[0] - scores.standing.overall_rank).mean()
    whole = shifts.var()
    assert found.mean == pytest.approx(shifts.mean(), rel=0.02)
    assert found.sd**2 == pytest.approx(whole, rel=0.03)
    for at, row in enumerate(found.choices().to_dict("records")):
        others = tuple(axis for axis in range(3) if axis != at)
        assert row["first"] == pytest.approx(shifts.mean(axis=others).var() / whole, abs=0.04)
        assert row["total"] == pytest.approx(shifts.var(axis=at).mean() / whole, abs=0.04)


def test_one_region_s_score_or_rank(scores: Scores) -> None:
    vary = ["weights:0.25", "normalise:minmax,zscore"]
    score = sensitivity(scores, vary, draws=256, of="r03")
    assert score.output == "score of r03"
    # scores of minmax and of zscore are of another size: the scale explains almost everything
    assert score.choices().set_index("choice")["first"]["normalise"] > 0.9
    rank = sensitivity(scores, vary, draws=256, of="r03:rank")
    assert rank.output == "rank of r03"
    assert rank.choices().set_index("choice")["total"]["weights"] > 0.05


def test_what_no_true_index_can_be_is_marked(scores: Scores) -> None:
    """A base sample of 8 points: first-order indices above their totals, and nothing has converged."""
    marked = 0
    for seed in range(12):
        found = sensitivity(scores, ["weights:0.25", "treat:on,off", "normalise:own,prank"], draws=8, seed=seed)
        frame = found.choices()
        above = frame["first"] > frame["total"]
        assert (above == frame["mark"].str.startswith("above its total")).all()
        assert (frame["mark"][~above & (frame["first"] < 0)] == "below 0: noise of the sample").all()
        marked += int(above.sum())
        if found.indices.above_total.any():
            assert any("above its total" in note for note in found.notes())
        assert "not converged" in set(frame["convergence"])
    assert marked > 0
    assert [word_on(width) for width in (0.05, 0.2, 0.21)] == ["converged", "rough", "not converged"]


def test_the_seed_decides(scores: Scores) -> None:
    vary = ["weights:0.25", "normalise:minmax,zscore"]
    one, again, other = (sensitivity(scores, vary, draws=32, seed=seed).choices() for seed in (0, 0, 3))
    assert one.equals(again)
    assert not one.equals(other)


def test_nothing_that_moves_has_no_indices(tmp_path: Path) -> None:
    """The first region has the best of everything: its rank is 1 whatever varies."""
    values = np.random.default_rng(3).lognormal(size=(12, 6))
    values[0] = 100
    found = sensitivity(
        scores_of(tmp_path, index_of(), values), ["weights:0.25", "normalise:minmax,zscore"], draws=16, of="r00:rank"
    )
    assert found.choices()[["first", "total"]].isna().all(axis=None)
    assert any("nothing that varies moves it" in note for note in found.notes())


def test_an_undefined_part_of_the_sample_is_refused_or_counted(scores: Scores, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="points of the sample meet an undefined value"):
        sensitivity(scores, ["normalise:minmax,prank", "aggregate:amean,gmean"], draws=64)

    def function(points: FloatArray) -> FloatArray:
        return np.where(points[:, 0] > 0.999, np.nan, ishigami(points))

    found = sobol_indices(function, [("x1", 1), ("x2", 1), ("x3", 1)], 1024, seed=1)
    assert 0 < found.lost <= 4
    assert found.base + found.lost == 1024


def test_bad_requests_are_refused(scores: Scores) -> None:
    with pytest.raises(UsageError, match="there is one choice alone"):
        sensitivity(scores, "weights:0.25")
    two = ["weights:0.25", "treat:on,off"]
    with pytest.raises(UsageError, match="'r99' is no ranked region"):
        sensitivity(scores, two, of="r99")
    with pytest.raises(UsageError, match="not 'place'"):
        sensitivity(scores, two, of="r03:place")
    with pytest.raises(UsageError, match="MB of memory"):
        sensitivity(scores, two, draws=10**9)
    with pytest.raises(UsageError, match="there are no 0 draws"):
        sensitivity(scores, two, draws=0)
    with pytest.raises(UsageError, match=r"1\.5 is no seed"):
        sensitivity(scores, two, seed=1.5)  # type: ignore[arg-type]  # a notebook may
