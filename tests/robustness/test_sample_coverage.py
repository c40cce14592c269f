"""How often intervals hold the truth: 90 % when companies are drawn, far fewer when their links are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from simulated import IDS, INDEX, drawn_companies, links_drawn, sample_of, true_scores

from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.steps.rank import competition_ranks
from ecosystem.robustness import resample
from ecosystem.scoring import score
from ecosystem.store import open_store

pytestmark = pytest.mark.long

SAMPLES, DRAWS = 200, 400


def _within(low: FloatArray, value: FloatArray, high: FloatArray) -> BoolArray:
    return (low <= value + 1e-9) & (value <= high + 1e-9)


def _ends(drawn: FloatArray) -> tuple[FloatArray, FloatArray]:
    ordered = np.sort(drawn, axis=0)
    return ordered[DRAWS // 20], ordered[-1 - DRAWS // 20]


def test_intervals_of_entities_cover_and_those_of_links_do_not(tmp_path: Path) -> None:
    generator = np.random.default_rng(20_241)
    truth = true_scores()
    ranks = competition_ranks(truth).astype(np.float64)
    held: dict[str, list[float]] = {name: [] for name in ("score", "rank", "own", "all", "links_score", "links_rank")}
    store = open_store(tmp_path / "graph.duckdb", create=True)
    for number in range(SAMPLES):
        links, patents = drawn_companies(generator)
        store.load(sample_of(links, patents))
        table = resample(score(INDEX, store), draws=DRAWS, seed=number).regions().set_index("region").loc[list(IDS)]
        bounds = [f"{name}_{end}" for name in ("score", "rank", "marginal", "simultaneous") for end in ("low", "high")]
        ends = {name: table[name].to_numpy(dtype=np.float64) for name in bounds}
        held["score"].append(float(_within(ends["score_low"], truth, ends["score_high"]).mean()))
        held["rank"].append(float(_within(ends["rank_low"], ranks, ends["rank_high"]).mean()))
        held["own"].append(float(_within(ends["marginal_low"], ranks, ends["marginal_high"]).mean()))
        held["all"].append(float(_within(ends["simultaneous_low"], ranks, ends["simultaneous_high"]).all()))
        drawn = links_drawn(links.sum(axis=1).tolist(), patents.mean(axis=1), DRAWS, generator)
        low, high = _ends(drawn)
        held["links_score"].append(float(_within(low, truth, high).mean()))
        low, high = _ends(competition_ranks(drawn).astype(np.float64))
        held["links_rank"].append(float(_within(low, ranks, high).mean()))
    store.close()
    coverage = {name: float(np.mean(shares)) for name, shares in held.items()}
    # the table of docs/robustness.md has these figures
    assert 0.85 <= coverage["score"] <= 0.95, coverage
    assert 0.85 <= coverage["rank"] <= 0.95, coverage
    assert coverage["own"] >= 0.9, coverage
    assert coverage["all"] >= 0.9, coverage
    assert coverage["links_score"] < 0.5, coverage
    assert coverage["links_rank"] < 0.6, coverage
