"""The data of how sure ranks are: those of `robustness` and `weight_space`, and pairs counted one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from report_scores import scored

from ecosystem.errors import UsageError
from ecosystem.report import Request, make_report
from ecosystem.report.parts import sure_data
from ecosystem.report.parts.sure_data import VARY, sure
from ecosystem.robustness import robustness
from ecosystem.robustness.weight_space import weight_space
from ecosystem.scoring import Scores
from ecosystem.scoring.score import rescored

DRAWS, SEED = 64, 3


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    return scored(tmp_path_factory.mktemp("sure"))


@pytest.fixture(scope="module")
def data(scores: Scores) -> dict[str, Any]:
    found = sure(Request(scores, draws=DRAWS, seed=SEED))
    assert found is not None
    return found


def test_intervals_are_those_of_robustness(scores: Scores, data: dict[str, Any]) -> None:
    frame = robustness(scores, VARY, DRAWS, SEED).regions().set_index("region").loc[list(scores.standing.regions)]
    for name, column in (("low", "rank_low"), ("high", "rank_high"), ("median", "rank_median"), ("top3", "top_3")):
        assert data[name] == frame[column].tolist()
    assert data["draws"] == DRAWS
    assert data["undefined"] == 0
    assert f"{DRAWS} draws, seed {SEED}" in data["notes"]["en"]
    assert data["command"][-4:] == ["--draws", "64", "--seed", "3"]


def test_pairs_are_counted_one_by_one(scores: Scores, data: dict[str, Any]) -> None:
    pairs = robustness(scores, VARY, DRAWS, SEED).pairs()
    never = pairs[pairs["never_swap"]]
    for place, region in enumerate(scores.standing.regions):
        assert data["below"][place] == (never["region"] == region).sum()
        assert data["above"][place] == (never["other"] == region).sum()
    order = np.argsort(scores.standing.overall_rank)
    first, second = (scores.standing.regions[at] for at in order[:2])
    row = pairs[(pairs["region"] == first) & (pairs["other"] == second)].iloc[0]
    assert data["ahead"][order[0]] == row["above_share"]
    assert data["ahead"][order[-1]] is None


def test_all_weights_are_those_of_the_weight_space(
    scores: Scores, data: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # under `skip` a gap leaves weights to others, and nothing is proved; under `zero` scores are sums
    assert not data["space"]["exact"]
    scores = rescored(scores, replace(scores.index, missing=replace(scores.index.missing, rule="zero")))
    found = weight_space(scores, draws=10 * DRAWS, seed=SEED)
    space = sure_data.space(Request(scores, draws=DRAWS, seed=SEED))
    assert space is not None
    np.testing.assert_array_equal(np.array(space["shares"]), found.found.shares)
    assert space["exact"]
    assert space["verdict"] == [None if place is None else place.verdict for place in found.places]
    # without the proofs the draws are the same
    monkeypatch.setattr(sure_data, "EXACT", 0)
    sampled = sure_data.space(Request(scores, draws=DRAWS, seed=SEED))
    assert sampled is not None
    assert sampled["shares"] == space["shares"]
    assert sampled["verdict"] == [None] * len(scores.standing.regions)
    assert not sampled["exact"]


def test_many_regions_are_not_compared_two_by_two(scores: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sure_data, "PAIRS", 2)
    found = sure(Request(scores, draws=DRAWS, seed=SEED))
    assert found is not None
    assert found["above"] is found["below"] is None


def test_without_draws_the_part_is_left_out(scores: Scores) -> None:
    assert "sure" not in make_report(scores, draws=0).parts
    assert "sure" in make_report(scores, draws=8).parts


def test_bad_draws_are_refused(scores: Scores) -> None:
    with pytest.raises(UsageError, match="there are no -1 draws"):
        make_report(scores, draws=-1)
    with pytest.raises(UsageError, match="of memory"):
        make_report(scores, draws=10**9)
    with pytest.raises(UsageError, match="is no seed"):
        make_report(scores, seed=-1)


def test_where_every_draw_is_undefined_the_part_says_why(scores: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sure_data, "VARY", ("aggregate:gmean", "weights:0.25"))
    found = sure(Request(scores, draws=8))
    assert found is not None
    assert set(found) == {"why"}
    assert found["why"]["en"].startswith("every draw is undefined")
    assert found["why"]["zh"] != found["why"]["en"]
