"""Pictures of admissible weights: a triangle for three parts, bars for others, regions and parts by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from small_index import flat_index
from tabled_scores import tabled_scores

from ecosystem import missing_cases, plot
from ecosystem.export.plots.figure_file import texts_of
from ecosystem.export.plots.weight_space_plots import SPACE
from ecosystem.robustness.weight_space import WeightSpace, weight_space


def _space(folder: Path, parts: int) -> WeightSpace:
    index = flat_index([1 / parts] * parts, [f"r{at}" for at in range(6)])
    values = np.random.default_rng(2).lognormal(size=(6, parts))
    return weight_space(tabled_scores(folder, index, values), draws=300)


def test_a_triangle_for_three_parts(tmp_path: Path) -> None:
    found = _space(tmp_path, 3)
    texts = texts_of(plot(found, lang="en"))
    assert {"x0", "x1", "x2"} <= set(texts)
    assert "first, %" in texts
    firsts = found.firsts(300)
    winners = {found.scores.standing.regions[row] for row in np.unique(firsts).tolist()}
    assert winners <= set(texts)
    np.testing.assert_array_equal(np.bincount(firsts, minlength=6), found.found.counts[:, 0])


def test_bars_for_more(tmp_path: Path) -> None:
    found = _space(tmp_path, 4)
    texts = texts_of(found.plot(lang="en"))
    assert {"rank 1", "rank ≤ 3", "rank ≤ 10"} <= set(texts)
    for name in ("a.svg", "a.png"):
        assert SPACE.write(found, tmp_path / name, lang="en") == ()
        assert (tmp_path / name).stat().st_size > 5000


def test_lines_from_the_best_to_the_worst_case(tmp_path: Path) -> None:
    index = flat_index([0.5, 0.5], ["r0", "r1", "r2"])
    values = np.array([[1.0, np.nan], [2.0, 3.0], [3.0, 1.0]])
    texts = texts_of(plot(missing_cases(tabled_scores(tmp_path, index, values)), lang="en"))
    assert {"r0", "r1", "r2", "rank"} <= set(texts)
