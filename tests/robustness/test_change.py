"""Why scores change between two states: parts that add up, against every order of the parts done by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from small_index import Leaf, small_index
from tabled_scores import tabled_scores

from ecosystem.errors import InputError, RegionError, UsageError
from ecosystem.index.arrays import FloatArray
from ecosystem.index.engine import evaluate
from ecosystem.index.rules import Aggregation, Missing, Normalisation, Rescaling
from ecosystem.index.spec import Index
from ecosystem.robustness.change import changes_of_all, decompose_change
from ecosystem.robustness.two_states import METHOD, OTHERS, OWN, RANKED, WEIGHTS

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

REGIONS = tuple(f"r{at}" for at in range(6))
WEIGHTS_OF = {"now": (0.3, 0.2, 0.3, 0.1, 0.1), "before": (0.1, 0.4, 0.2, 0.2, 0.1)}
SCALES = {"now": (1.0, 100.0), "before": (10.0, 100.0)}


def _index(weights: str, scale: str, method: str = "amean", regions: tuple[str, ...] = REGIONS) -> Index:
    parts = (("a", "p", 1), ("b", "p", -1), ("c", "q", 1), ("d", "s", 1), ("e", "s", 1))
    leaves: list[Leaf] = [
        (code, pillar, weight, direction)
        for (code, pillar, direction), weight in zip(parts, WEIGHTS_OF[weights], strict=True)
    ]
    return replace(
        small_index(leaves, regions),
        normalisation=Normalisation("minmax", *SCALES[scale]),
        aggregation=Aggregation(method, "global"),
        missing=Missing("skip", 0.5),
    )


def _values(seed: int, gaps: float = 0.0) -> FloatArray:
    rng = np.random.default_rng(seed)
    values = rng.lognormal(size=(len(REGIONS), 5))
    return np.where(rng.random(values.shape) < gaps, np.nan, values)


@pytest.mark.parametrize("method", ["weighted_sum", "amean", "gmean", "median"])
@pytest.mark.parametrize("seed", range(6))
def test_contributions_add_up_to_the_difference(tmp_path: Path, method: str, seed: int) -> None:
    now = tabled_scores(tmp_path, _index("now", "now", method), _values(seed, 0.05), "now.csv")
    before = tabled_scores(tmp_path, _index("before", "before", method), _values(seed + 50, 0.05), "before.csv")
    every = changes_of_all(now, before).set_index("region")
    for region in REGIONS:
        found = decompose_change(now, before, region)
        place = REGIONS.index(region)
        difference = now.standing.overall[place] - before.standing.overall[place]
        assert found.difference == difference
        assert found.parts.sum() == pytest.approx(difference, abs=1e-9)
        assert found.to_pandas()["contribution"].sum() == pytest.approx(difference, abs=1e-9)
        assert found.by_indicator()["contribution"].sum() == pytest.approx(difference, abs=1e-9)
        assert found.exact == (method in ("weighted_sum", "amean"))
        np.testing.assert_allclose(every.loc[region, list(found.states.players)], found.parts.sum(axis=1), atol=1e-9)


@pytest.mark.parametrize("method", ["amean", "gmean"])
def test_parts_are_the_mean_over_every_order_of_changing_them(tmp_path: Path, method: str) -> None:
    """Own values, the others', weights and rules switched one after the other in all 24 orders, by the engine alone."""
    tables = {"now": _values(1), "before": _values(2)}
    now = tabled_scores(tmp_path, _index("now", "now", method), tables["now"], "now.csv")
    before = tabled_scores(tmp_path, _index("before", "before", method), tables["before"], "before.csv")
    region = 3

    def scored(state: Mapping[str, str]) -> float:
        values = tables[state[OTHERS]].copy()
        values[region] = tables[state[OWN]][region]
        index = _index(state[WEIGHTS], state[METHOD], method)
        return float(evaluate(index, values, level="province").overall[region])

    names = (OWN, OTHERS, WEIGHTS, METHOD)
    expected = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        state = dict.fromkeys(names, "before")
        for name in order:
            start = scored(state)
            state[name] = "now"
            expected[name] += (scored(state) - start) / 24
    found = decompose_change(now, before, "r3")
    assert found.states.players == names
    np.testing.assert_allclose(found.parts.sum(axis=1), [expected[name] for name in names], atol=1e-10)


def test_one_column_alone_by_hand(tmp_path: Path) -> None:
    """Indicator c of r1 rises by half the span, weight 0.3 of 100 points; the maximum of a doubles and presses r1."""
    values = np.tile(np.linspace(0.0, 10.0, 6)[:, None], (1, 5))
    later = values.copy()
    later[1, 2] += 5.0
    later[5, 0] = 20.0
    index = replace(_index("now", "now", "weighted_sum"), normalisation=Normalisation("minmax", 0.0, 100.0))
    found = decompose_change(
        tabled_scores(tmp_path, index, later, "now.csv"), tabled_scores(tmp_path, index, values, "before.csv"), "r1"
    )
    frame = found.by_indicator().set_index("code")
    assert found.states.players == (OWN, OTHERS)
    assert frame.loc["c", OWN] == pytest.approx(0.3 * 50)
    assert frame.loc["a", OTHERS] == pytest.approx(0.3 * (10 - 20))
    assert frame.drop(["a", "c"])["contribution"].abs().max() == 0
    assert found.by_part()["contribution"].tolist() == pytest.approx([15.0, -3.0, 12.0])
    assert found.entities.empty


def test_regions_that_come_and_go_move_the_scale(tmp_path: Path) -> None:
    values = _values(4)
    values[5] = 100.0
    fewer = _index("now", "now", regions=REGIONS[:5])
    now = tabled_scores(tmp_path, _index("now", "now"), values, "now.csv")
    before = tabled_scores(tmp_path, fewer, values[:5], "before.csv")
    found = decompose_change(now, before, "r0")
    assert RANKED in found.states.players
    assert found.parts.sum() == pytest.approx(found.difference, abs=1e-9)
    assert abs(found.difference) > 1
    assert found.by_part().set_index("part").loc[OWN, "contribution"] == 0
    with pytest.raises(InputError, match="in only one of the two"):
        decompose_change(now, before, "r5")
    assert len(changes_of_all(now, before)) == 5


def test_a_last_step_that_shifts_and_states_without_a_difference(tmp_path: Path) -> None:
    rescaled = [replace(_index("now", "now"), rescaling=Rescaling("minmax"))] * 2
    now, before = (
        tabled_scores(tmp_path, index, _values(seed), f"{seed}.csv")
        for index, seed in zip(rescaled, (8, 9), strict=True)
    )
    found = decompose_change(now, before, "r2")
    assert found.parts.sum() == pytest.approx(found.difference, abs=1e-9)
    same = decompose_change(now, now, "r2")
    assert same.difference == 0
    assert same.by_part()["contribution"].tolist() == [0.0]
    assert same.to_pandas().empty


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    now = tabled_scores(tmp_path, _index("now", "now"), _values(1))
    other = tabled_scores(tmp_path, replace(_index("now", "now"), id="other"), _values(1))
    with pytest.raises(UsageError, match="the indices differ: small and other"):
        decompose_change(now, other, "r1")
    fewer = tabled_scores(tmp_path, small_index([("a", "p", 0.5, 1), ("c", "q", 0.5, 1)], REGIONS), _values(1)[:, :2])
    with pytest.raises(UsageError, match="the indicators differ"):
        decompose_change(now, fewer, "r1")
    with pytest.raises(RegionError):
        decompose_change(now, now, "nowhere")
