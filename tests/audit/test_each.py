"""Each organisation alone, and one after another: the same as so many knock-outs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.audit import curve, knock_out_each, knockout
from ecosystem.audit.curve import ranked_members
from ecosystem.audit.each import keeps_order, ranks
from ecosystem.audit.graph_variants import AuditedScores
from ecosystem.audit.knockout import knock_out
from ecosystem.audit.selection import Selection
from ecosystem.dataset import read_dataset
from ecosystem.index import load_index
from ecosystem.index.steps.rank import competition_ranks
from ecosystem.removals import NO_CODES
from ecosystem.scoring import Scores, score
from ecosystem.store import open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scores]:
    store = open_store(tmp_path_factory.mktemp("each") / "graph.duckdb", create=True)
    store.load(read_dataset(GOLDEN).dataset)
    yield score(load_index("cingai-2023"), store)
    store.close()


@pytest.mark.parametrize("label", ["Company", "University"])
def test_all_is_one_after_the_other(scores: Scores, label: str) -> None:
    table = knock_out_each(scores, label).table
    nodes = AuditedScores(scores).graph.store.schema.counts[label]
    assert len(table) == table["entity"].nunique() == nodes
    base = scores.standing
    for row in table.to_dict("records"):
        after = knockout(scores, [row["entity"]]).after
        change = after.overall - base.overall
        assert row["score_change"] == pytest.approx(change.min(), abs=1e-9)
        assert row["moved"] == (after.overall_rank != base.overall_rank).sum()
        assert row["total_change"] == pytest.approx(np.abs(change).sum(), abs=1e-9)
        if row["region"]:
            place = base.regions.index(row["region"])
            assert (row["rank_old"], row["rank"]) == (base.overall_rank[place], after.overall_rank[place])
        if row["overtaken_by"]:
            other = base.regions.index(row["overtaken_by"])
            assert base.overall_rank[other] > base.overall_rank[place]
            assert after.overall_rank[other] < after.overall_rank[place]
    order = list(zip(-table["moved"], -table["score_change"].abs(), strict=True))
    assert order == sorted(order)


@given(
    st.lists(st.sampled_from([0.0, 1.0, 1.0 + 5e-10, 1.0 + 3e-9, 2.0, 5.0]), min_size=2, max_size=8),
    st.lists(st.sampled_from([0.0, 1e-12, 4e-10, 1e-9, 2e-9, 5e-9, 0.7, -1.0]), min_size=8, max_size=8),
)
def test_ranks_that_are_not_sorted_anew_are_the_same(base: list[float], moves: list[float]) -> None:
    before = np.array(base)
    scores = np.stack([before, before + moves[: len(base)], before - moves[: len(base)]])
    np.testing.assert_array_equal(ranks(scores, before, 1e-9), competition_ranks(scores, 1e-9))


def test_most_orders_need_no_sorting() -> None:
    before = np.linspace(0, 100, 300)
    assert keeps_order(before + np.zeros((4, 1)), before, 1e-9).all()
    assert not keeps_order(before[::-1][None], before, 1e-9).any()


def test_a_curve_is_so_many_knock_outs(scores: Scores) -> None:
    audit = AuditedScores(scores)
    place = scores.standing.regions.index("320000")
    pool = ranked_members(audit, place)
    found = curve(scores, "320000", remove=4, random=3, seed=5)
    targeted = found.points[found.points["order"] == "targeted"]
    assert targeted["score"].iloc[0] == scores.standing.overall[place]
    for length in range(1, 5):
        after = knock_out(audit, Selection("some", pool[:length], NO_CODES)).after
        assert targeted["score"].iloc[length] == pytest.approx(after.overall[place], abs=1e-9)
    (row,) = found.table.to_dict("records")
    area = np.mean(1 - targeted["score"].iloc[1:] / scores.standing.overall[place])
    assert row["fragility_targeted"] == pytest.approx(area)
    assert {"low", "high"} <= set(found.points.columns)
    random = found.points[found.points["order"] == "random"]
    assert (random["low"] <= random["score"] + 1e-12).all()
    again = curve(scores, "320000", remove=4, random=3, seed=5)
    assert again.points.equals(found.points)
    other = curve(scores, "320000", remove=4, random=3, seed=6)
    assert not other.points.equals(found.points)


def test_curves_of_all_regions(scores: Scores) -> None:
    found = curve(scores, remove=2)
    with_members = [at for at in range(len(scores.standing.regions)) if len(ranked_members(AuditedScores(scores), at))]
    assert len(found.table) == len(with_members)
    assert found.table["fragility_targeted"].is_monotonic_decreasing
