"""The data of what if: the tree, the weights, the rules that are offered, and a command that is true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from report_scores import scored

from ecosystem.indicator_source import Window
from ecosystem.report import Request, make_report
from ecosystem.report.parts.whatif_data import command, whatif
from ecosystem.scoring import Scores


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    return scored(tmp_path_factory.mktemp("whatif"))


@pytest.fixture(scope="module")
def data(scores: Scores) -> dict[str, Any]:
    found = whatif(Request(scores))
    assert found is not None
    return found


def test_the_tree_and_its_weights_are_those_of_the_index(scores: Scores, data: dict[str, Any]) -> None:
    index = scores.index
    assert [[node["code"] for node in level] for level in data["tree"]] == [
        [row.code for row in index.at(level)] for level in range(1, index.depth + 1)
    ]
    np.testing.assert_array_equal(data["weights"]["shares"], scores.standing.shares)
    assert data["tree"][-1][0]["parent"] == -1


def test_the_own_rules_stand_first_and_others_differ(scores: Scores, data: dict[str, Any]) -> None:
    own = data["means"][0]
    assert own["option"] is None
    assert own["rule"]["method"] == scores.index.aggregation.method
    assert data["scales"][own["scales"][0]]["option"] is None
    pairs = [(mean["option"], data["scales"][place]["option"]) for mean in data["means"] for place in mean["scales"]]
    assert len(pairs) == len(set(pairs))
    # goalposts and targets are in no column of this index
    assert not {"goalposts", "dist2target"} & {option for _, option in pairs}
    assert {"zscore", "prank", "dist2max"} <= {option for _, option in pairs}


def test_a_geometric_mean_comes_with_a_scale_above_zero(data: dict[str, Any]) -> None:
    mean = next(mean for mean in data["means"] if mean["option"] == "gmean")
    scales = {data["scales"][place]["option"]: data["scales"][place]["rule"] for place in mean["scales"]}
    assert scales["minmax"]["lower"] == 1
    assert scales["zscore"]["mean"] == 100


def test_values_that_are_those_measured_do_not_stand_twice(data: dict[str, Any]) -> None:
    assert data["prepared"] is None


def test_methods_that_compare_every_two_regions_are_left_out_where_there_are_many(
    scores: Scores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecosystem.report.parts.whatif_data.MANY", 3)
    found = whatif(Request(scores))
    assert found is not None
    assert not found["few"]
    assert not {"copeland", "promethee"} & {mean["option"] for mean in found["means"]}


def test_the_command_names_level_years_and_files_without_their_folders(scores: Scores) -> None:
    assert command(scores) == ["ecosystem", "score", "mine", "--values", "values.csv"]
    changed = replace(scores, window=Window(2019, 2023))
    assert command(changed)[3:7] == ["--since", "2019", "--until", "2023"]


def test_a_report_has_the_part(scores: Scores) -> None:
    assert "whatif" in make_report(scores).parts
