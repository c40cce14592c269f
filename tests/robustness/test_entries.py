"""Any entry of an index varies: by the names of its files, with the parameters of a method, or by groups of regions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from study import index_of, scores_of

from ecosystem.errors import UsageError
from ecosystem.index.files.entries import entry_names, with_entry
from ecosystem.index.rules import Normalisation, Treatment
from ecosystem.index.spec import Group, Level, Text
from ecosystem.robustness import robustness
from ecosystem.robustness.choices import applied
from ecosystem.scoring import Scores


@pytest.fixture
def scores(tmp_path: Path) -> Scores:
    return scores_of(tmp_path, replace(index_of(), treatment=Treatment("winsorise")))


def test_every_entry_has_its_place(scores: Scores) -> None:
    names = entry_names(scores.index)
    assert {"treatment.points", "missing.rule", "screening.availability", "indicators.x0.target"} <= set(names)
    assert with_entry(scores.index, "treatment.points", "3").treatment.points == 3
    assert with_entry(scores.index, "normalisation.range", "[70, 130]").normalisation.upper == 130
    assert with_entry(scores.index, "missing.least", "0.4").missing.least == 0.4
    assert with_entry(scores.index, "ties.tolerance", "0.5").ties.tolerance == 0.5
    changed = with_entry(scores.index, "screening.availability", "0.9")
    assert changed.screening is not None
    assert changed.screening.availability == 0.9
    assert with_entry(scores.index, "indicators.x0.direction", "-1").leaves[0].direction == -1
    assert with_entry(scores.index, "aggregation.power", "2").overrides == ("aggregation.power = 2",)


def test_entries_vary_and_replay(scores: Scores) -> None:
    vary = ["treatment.points:1,2,3", "indicators.x0.direction:1,-1", "weights:0.1"]
    found = robustness(scores, vary, draws=48)
    frame = found.draws()
    assert set(frame["treatment.points"]) == {"1", "2", "3"}
    for number in range(12):
        again = found.replay(number)
        assert np.array_equal(again.standing.overall, found.drawn.scores[number])
        assert again.index.treatment.points == int(frame["treatment.points"][number])


def test_a_method_takes_its_parameters(scores: Scores) -> None:
    spec = applied(scores.index, {"normalise": "zscore(mean=10,sd=2)", "aggregate": "gmean"})
    assert spec.normalisation == Normalisation("zscore", mean=10.0, sd=2.0)
    assert spec.aggregation.method == "gmean"
    found = robustness(scores, "normalise:minmax(range=[1,100]),zscore(mean=10,sd=2) aggregate:amean,gmean", draws=20)
    assert set(found.draws()["normalise"]) == {"minmax(range=[1,100])", "zscore(mean=10,sd=2)"}
    assert not found.drawn.undefined


def test_a_group_of_regions_is_ranked_alone(tmp_path: Path) -> None:
    index = index_of()
    names = index.level("city").regions
    group = Group("group:north", Text("北", "North"), names[:5])
    grouped = replace(index, levels={"city": Level("city", names, None, (group,))})
    found = robustness(scores_of(tmp_path, grouped), {"regions": ["own", "North"]}, draws=64)
    alone = robustness(scores_of(tmp_path, grouped), {"regions": ["group:north"]}, draws=1)
    assert sorted(alone.drawn.ranks[0]) == [0] * 7 + [1, 2, 3, 4, 5]
    frame = found.regions().set_index("region")
    assert frame["draws"].to_dict() == {name: 64 if name in names[:5] else 32 for name in names}
    assert frame["rank_high"].max() == 12
    second = found.drawn.options[:, 0] == 1
    assert np.array_equal(found.drawn.ranks[second][0], alone.drawn.ranks[0])


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        ("treatment.point:1,2", "'treatment.point' is nothing that can vary"),
        ("treatment.points:0,1", r"treatment\.points cannot be 0"),
        ("treatment.points:many", r"treatment\.points cannot be many"),
        ("indicators.x0.direction:2", r"indicators\.x0\.direction cannot be 2"),
        ("normalise:zscore(10)", "does not say what '10' is"),
        ("normalise:zscore(means=10)", r"no entry 'normalisation\.means'"),
        ("regions:south", "'south' is no group"),
    ],
)
def test_entries_that_make_no_sense_are_refused(scores: Scores, vary: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        robustness(scores, vary)
