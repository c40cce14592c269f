"""Pictures of a change: slopes of ranks between two states, and bars of what has moved one score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from small_index import small_index
from tabled_scores import tabled_scores

from ecosystem import plot
from ecosystem.export.plots.change_plots import CHANGE, write_slopes
from ecosystem.export.plots.figure_file import texts_of
from ecosystem.regions import shipped_regions
from ecosystem.robustness.change import decompose_change
from ecosystem.scoring.earlier import earlier_of_standings
from ecosystem.scoring.score_changes import score_changes

INDEX = small_index(regions=("r1", "r2", "r3", "r4"))
NOW, BEFORE = (np.random.default_rng(seed).lognormal(size=(4, 3)) for seed in (1, 2))


def test_bars_of_what_has_moved_a_score(tmp_path: Path) -> None:
    now, before = (tabled_scores(tmp_path, INDEX, values, f"{at}.csv") for at, values in enumerate((NOW, BEFORE)))
    found = decompose_change(now, before, "r2")
    texts = texts_of(plot(found, lang="en"))
    moved = found.by_indicator().query("contribution != 0")["code"]
    assert {*moved, "own values", "other regions' values", "contribution"} <= set(texts)
    assert CHANGE.write(found, tmp_path / "change.svg") == ()
    assert "own values" in (tmp_path / "change.svg").read_text(encoding="utf-8")


def test_slopes_of_ranks(tmp_path: Path) -> None:
    now, before = (
        earlier_of_standings(name, [tabled_scores(tmp_path, INDEX, values).standing])
        for name, values in (("now", NOW), ("before", BEFORE))
    )
    found = score_changes(INDEX, now, before, shipped_regions(), level="province")
    texts = texts_of(plot(found, lang="en"))
    for region, rank in found.frame[["region", "rank"]].itertuples(index=False):
        assert f"{rank}  {region}" in texts
    assert write_slopes(found, tmp_path / "slopes.png") == ()
    assert (tmp_path / "slopes.png").stat().st_size > 5000
