"""Draws of rules and weights: their laws, what is undefined, and every draw replayed digit for digit."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from study import CODES, index_of, scores_of

import ecosystem as eco
from ecosystem.errors import InputError, UsageError
from ecosystem.robustness import Robustness, robustness
from ecosystem.robustness.draw import bytes_of
from ecosystem.scoring import Scores, score

VARY = ["weights:0.25", "normalise:minmax,zscore,prank", "aggregate:amean,gmean", "treat:on,off"]


@pytest.fixture
def scores(tmp_path: Path) -> Scores:
    return scores_of(tmp_path, index_of())


def weights(found: Robustness) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return found.draws()[list(CODES)].to_numpy()


@pytest.mark.parametrize("method", ["weighted_sum", "amean", "gmean", "hmean", "median", "mpi", "copeland"])
def test_a_draw_replays_digit_for_digit(tmp_path: Path, method: str) -> None:
    """By `replay`, and by anyone: `score` on the same table with the weights of the draw from a file."""
    from ecosystem.index.files.weight_files import read_weights
    from ecosystem.index.override import override, with_weights

    index = index_of(method=method)
    scores = scores_of(tmp_path, index)
    found = robustness(scores, ["weights:0.25", "normalise:minmax,zscore,prank", "treat:on,off"], draws=40)
    sound = np.flatnonzero(found.drawn.defined)
    assert len(sound) > 10
    draws = found.draws()
    for number in sound[:12].tolist():
        again = found.replay(number).standing
        assert np.array_equal(again.overall, found.drawn.scores[number])
        assert np.array_equal(again.overall_rank, found.drawn.ranks[number])
        row = draws.iloc[number]
        file = tmp_path / "weights.csv"
        pd.DataFrame({"code": CODES, "weight": row[list(CODES)].astype(float).to_numpy()}).to_csv(file, index=False)
        treat = "winsorise" if row["treat"] == "on" else "none"
        spec = override(with_weights(index, read_weights(file), "w"), normalise=row["normalise"], treat=treat)
        alone = score(spec, values=tmp_path / "values.csv").standing
        assert np.array_equal(alone.overall, found.drawn.scores[number])


def test_weights_by_noise_are_those_of_the_index_times_a_factor(scores: Scores) -> None:
    found = weights(robustness(scores, "weights:0.25", draws=512))
    own = np.arange(1, 7) / 21
    assert (found.sum(axis=1) == 1.0).all()
    # before renormalisation each factor lies in [0.75, 1.25], so that the ratio of any two lies in [0.6, 1 / 0.6]
    ratios = (found / own)[:, :, None] / (found / own)[:, None, :]
    assert 0.6 <= ratios.min() < 0.65
    assert 1.55 < ratios.max() <= 1 / 0.6 + 1e-9
    np.testing.assert_allclose(found.mean(axis=0), own, rtol=0.01)


def test_weights_that_count_against_siblings_vary_among_siblings(tmp_path: Path) -> None:
    local = scores_of(tmp_path, index_of(local=True))
    at = np.arange(6) % 2
    one = weights(robustness(local, "weights:0.25@1", draws=64))
    pillars = np.stack([one[:, at == place].sum(axis=1) for place in (0, 1)], axis=1)
    np.testing.assert_allclose(pillars, np.tile([9 / 21, 12 / 21], (64, 1)), rtol=1e-9)
    two = weights(robustness(local, "weights:0.25@2", draws=64))
    np.testing.assert_allclose(two[:, 2] / two[:, 0], 3.0, rtol=1e-9)
    assert np.ptp(two[:, 0]) > 0.01
    both = weights(robustness(local, "weights:0.25", draws=64))
    assert np.ptp(both[:, 2] / both[:, 0]) > 0.1
    assert np.ptp(both[:, at == 0].sum(axis=1)) > 0.01


def test_the_simplex_is_uniform_and_a_concentration_draws_near(scores: Scores) -> None:
    """Mean and variance of a Dirichlet law: m, m (1 - m) / (sum of the parameters + 1) (Kotz et al. 2000, ch. 49)."""
    flat = weights(robustness(scores, "weights:dirichlet", draws=4096))
    np.testing.assert_allclose(flat.mean(axis=0), 1 / 6, rtol=0.02)
    np.testing.assert_allclose(flat.var(axis=0), (1 / 6) * (5 / 6) / 7, rtol=0.05)
    near = weights(robustness(scores, "weights:dirichlet:50", draws=4096))
    own = np.arange(1, 7) / 21
    np.testing.assert_allclose(near.mean(axis=0), own, rtol=0.02)
    np.testing.assert_allclose(near.var(axis=0), own * (1 - own) / 51, rtol=0.05)
    above = weights(robustness(scores, "weights:dirichlet@2", draws=256))
    np.testing.assert_allclose(above[:, 2] / above[:, 0], 3.0, rtol=1e-6)


def test_intervals_pairs_and_shares_by_brute_force(scores: Scores) -> None:
    found = robustness(scores, VARY, draws=300)
    ranks = pd.DataFrame(found.drawn.ranks[found.drawn.defined], columns=scores.standing.regions)
    frame = found.regions(top=(2,)).set_index("region")
    for region, row in frame.iterrows():
        own = sorted(ranks[region])
        outside = int(0.05 * len(own))
        assert (row["rank_low"], row["rank_high"]) == (own[outside], own[-1 - outside])
        assert row["rank_median"] == np.median(own)
        assert row["top_2"] == np.mean([rank <= 2 for rank in own])
    pairs = found.pairs()
    assert len(pairs) == 66
    for _, row in pairs.sample(20, random_state=1).iterrows():
        above = ranks[row["region"]] < ranks[row["other"]]
        assert row["above_share"] == above.mean()
        assert row["never_swap"] == above.all()


def test_every_alternative_is_as_likely_and_the_seed_decides(scores: Scores) -> None:
    frame = robustness(scores, VARY, draws=600).draws()
    for name, count in (("normalise", 3), ("aggregate", 2), ("treat", 2)):
        assert frame[name].value_counts().to_numpy() == pytest.approx(600 / count, abs=4)
    assert frame.equals(robustness(scores, VARY, draws=600).draws())
    assert not frame.equals(robustness(scores, VARY, draws=600, seed=2).draws())


def test_named_weights_and_files(scores: Scores, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    pd.DataFrame({"code": CODES, "weight": [1, 0, 0, 0, 0, 1]}).to_csv(file, index=False)
    found = robustness(scores, [f"weights:printed,equal,critic,{file}"], draws=64)
    frame = found.draws()
    assert frame.loc[frame["weights"] == "equal", "x0"].unique() == pytest.approx([1 / 6])
    assert frame.loc[frame["weights"] == str(file), "x5"].unique() == pytest.approx([0.5])
    for number in range(20):
        assert np.array_equal(found.replay(number).standing.overall, found.drawn.scores[number])


def test_an_undefined_draw_is_counted_and_said(scores: Scores) -> None:
    """A percentile rank of 0 has no geometric mean."""
    found = robustness(scores, ["normalise:minmax,prank", "aggregate:amean,gmean"], draws=100)
    frame = found.draws()
    lost = (frame["normalise"] == "prank") & (frame["aggregate"] == "gmean")
    assert ((frame["undefined"] != "") == lost).all()
    assert lost.sum() == 25
    assert any("25 of 100 draws are undefined" in note and "geometric mean" in note for note in found.notes())
    with pytest.raises(InputError, match="some scores are undefined"):
        found.replay(int(np.flatnonzero(lost)[0]))
    assert (found.drawn.ranks[lost] == 0).all()
    with pytest.raises(InputError, match="every draw is undefined"):
        robustness(scores, ["normalise:prank", "aggregate:gmean"], draws=10)


def test_a_region_without_a_score_has_no_interval(tmp_path: Path) -> None:
    values = np.random.default_rng(3).lognormal(size=(12, 6))
    values[4] = np.nan
    frame = robustness(scores_of(tmp_path, index_of(), values), draws=20).regions()
    assert frame.iloc[-1]["region"] == "r04"
    assert frame.iloc[-1][["rank", "rank_low", "rank_median", "top_1"]].isna().all()
    assert frame["rank_high"].max() == 11


@pytest.mark.parametrize(
    ("vary", "said", "hint"),
    [
        ("normalize:minmax", "'normalize' is nothing that can vary", "did you mean 'normalise'"),
        ("normalise:minmx,zscore", "unknown normalisation 'minmx'", "did you mean 'minmax'"),
        ("weights:equall,printed", "unknown weighting 'equall'", "did you mean 'equal'"),
        ("weights:-0.25", "cannot vary by -0.25", "above 0"),
        ("weights:0", "cannot vary by 0", "above 0"),
        ("weights:1.5", "cannot vary by 1.5", "1 at most"),
        ("weights:0.25@9", "no level '9' of weights", "1 (indicators) to 2"),
        ("weights:dirichlet:-1", "a number above 0, not '-1'", "weights:dirichlet:50"),
        ("weights", "does not say what weights may be", "NAME:ALTERNATIVE"),
        ("weights:0.1 weights:0.2", "weights is to vary twice", "one list"),
        ("treat:on,on", "the alternative 'on' twice", "as likely"),
        ("", "nothing is to vary", "weights:0.25"),
    ],
)
def test_what_cannot_vary_is_refused(scores: Scores, vary: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        robustness(scores, vary)
    assert caught.value.hint is not None
    assert hint in caught.value.hint


def test_draws_and_seeds_that_are_none_are_refused(scores: Scores) -> None:
    with pytest.raises(UsageError, match="there are no 0 draws"):
        robustness(scores, draws=0)
    with pytest.raises(UsageError, match=r"1,000,000,000 draws would take .* MB of memory") as caught:
        robustness(scores, draws=10**9)
    assert caught.value.hint is not None
    assert "is the most for 12 regions" in caught.value.hint
    with pytest.raises(UsageError, match="'one' is no seed"):
        robustness(scores, seed="one")  # type: ignore[arg-type]  # a notebook may
    with pytest.raises(UsageError, match="there is no draw 7"):
        robustness(scores, draws=5).replay(7)


def test_memory_stays_within_what_is_asked_for(tmp_path: Path) -> None:
    scores = scores_of(tmp_path, index_of(names=[f"r{at:03}" for at in range(150)]))
    robustness(scores, draws=10).regions()
    tracemalloc.start()
    found = robustness(scores, draws=4096)
    found.regions()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < bytes_of(4096, 150, 12) + 2e6


def test_a_result_shows_itself(scores: Scores) -> None:
    found = eco.robustness(scores, vary={"normalise": ["own", "zscore"], "rescale": ["none", "minmax:0,100"]}, draws=16)
    assert "how sure the ranks of 12 regions are" in repr(found)
    assert "<table>" in found._repr_html_()
