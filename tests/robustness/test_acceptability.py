"""SMAA measures against the R package `smaa`, and against counting in a loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.robustness.acceptability import acceptability, smaa


def test_the_thrombolytics_example_of_the_r_package_smaa(shared: Path) -> None:
    """Heparin against enoxaparin, three criteria (van Valkenhoef; the example of `smaa` 0.3 on CRAN).

    `smaa-Ex.Rout.save` of the package prints, for 10,000 draws: first-rank acceptability 0.3504 and 0.6496; central
    weights 0.1865097, 0.2772205, 0.5362698 and 0.4073100, 0.3641477, 0.2285423; confidence factors 0.6682 and 0.8956.
    The first 2,000 of these draws are at hand: four standard errors.
    """
    folder = shared / "data" / "networks"
    measured = pd.read_csv(folder / "smaa_thrombo_meas_2000.csv")
    weights = pd.read_csv(folder / "smaa_thrombo_weights_2000.csv")[["w1", "w2", "w3"]].to_numpy()
    drugs = ["Heparin", "Enoxaparin"]
    values = np.stack(
        [measured[measured["alternative"] == drug].sort_values("draw")[["c1", "c2", "c3"]] for drug in drugs], axis=1
    )
    found, confidence = smaa(values, weights)
    error = 4 * np.sqrt(0.35 * 0.65 / 2000)
    np.testing.assert_allclose(found.indices, [[0.3504, 0.6496], [0.6496, 0.3504]], rtol=0, atol=error)
    printed = [[0.1865097, 0.2772205, 0.5362698], [0.4073100, 0.3641477, 0.2285423]]
    np.testing.assert_allclose(found.central, printed, rtol=0, atol=4 * 0.25 / np.sqrt(700))
    np.testing.assert_allclose(confidence, [0.6682, 0.8956], rtol=0, atol=error)
    # by hand, draw by draw
    ahead = np.array([value[0] @ own > value[1] @ own for value, own in zip(values, weights, strict=True)])
    assert found.counts.tolist() == [[ahead.sum(), (~ahead).sum()], [(~ahead).sum(), ahead.sum()]]
    np.testing.assert_allclose(found.central[0], weights[ahead].mean(axis=0), rtol=1e-12)


def test_eight_alternatives_and_three_criteria_by_a_fine_grid(shared: Path) -> None:
    """Shares of the triangle of weights, from draws and from all weights that are multiples of 1/300."""
    values = pd.read_csv(shared / "data" / "networks" / "smaa_8x3.csv")[["c1", "c2", "c3"]].to_numpy()
    steps = 300
    grid = np.array([(a, b, steps - a - b) for a in range(steps + 1) for b in range(steps + 1 - a)]) / steps
    exact, _ = smaa(values, grid)
    drawn, confidence = smaa(values, np.random.default_rng(5).dirichlet(np.ones(3), 20_000))
    np.testing.assert_allclose(drawn.indices, exact.indices, rtol=0, atol=0.015)
    firsts = drawn.counts[:, 0] > 200
    np.testing.assert_allclose(drawn.central[firsts], exact.central[firsts], rtol=0, atol=0.02)
    assert (confidence[firsts] == 1).all()


def test_scores_that_are_missing_and_equal_are_counted() -> None:
    weights = np.full((4, 2), 0.5)
    scores = np.array([[1.0, 1.0, 0.0], [2.0, 1.0, np.nan], [1.0, 2.0, np.nan], [0.0, 1.0, 2.0]])
    found = acceptability(weights, lambda chunk: scores[chunk], 3, tops=(1, 2))
    assert found.counts.tolist() == [[2, 1, 1], [2, 2, 0], [1, 0, 1]]
    assert found.undefined.tolist() == [0, 0, 2]
    assert found.best.tolist() == [1, 1, 1]
    assert found.worst.tolist() == [3, 2, 3]
    np.testing.assert_allclose(found.shares, [[0.5, 0.5, 0.25], [0.75, 1.0, 0.25]])
    np.testing.assert_allclose(found.errors[0, 0], np.sqrt(0.25 / 4))


def test_the_standard_error_of_walks_is_that_of_their_means() -> None:
    rng = np.random.default_rng(1)
    scores, walks = rng.random((60, 2)), np.arange(60) % 6
    found = acceptability(np.ones((60, 1)), lambda chunk: scores[chunk], 2, tops=(1,), walks=walks)
    ahead = scores[:, 0] > scores[:, 1]
    means = [ahead[walks == walk].mean() for walk in range(6)]
    np.testing.assert_allclose(found.errors[0, 0], np.std(means, ddof=1) / np.sqrt(6))
