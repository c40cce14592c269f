"""The formulas of the page against Python: the same scores to 1e-9, the same ranks, the same refusals."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import absent
from page_formulas import asked, bundled
from random_indices import Drawn, drawn

from ecosystem.errors import InputError
from ecosystem.index import Index, IndexScores, evaluate, list_indices, load_index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.weight_files import written_weights
from ecosystem.index.override import override, with_weights
from ecosystem.index.spec import EVERY
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.impute import MISSING_RULES
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.rank import TIES
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.report.json_values import numbers
from ecosystem.report.page import WEB
from ecosystem.report.parts import whatif_data as whatif
from ecosystem.report.parts.whatif_data import standing_model

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def script(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None:
        absent("node is not installed")
    packages = WEB if (WEB / "node_modules").exists() else request.getfixturevalue("web")
    return bundled(packages, tmp_path_factory.mktemp("formulas"))


@dataclass(frozen=True)
class Trial:
    """An index as the page has it, and what the reader tries."""

    index: Index
    level: str
    values: FloatArray
    model: dict[str, Any]
    mean: dict[str, Any]
    scale: dict[str, Any]
    pillars: list[float] | None

    @property
    def case(self) -> dict[str, Any]:
        """What the formulas are asked."""
        return {
            "model": self.model,
            "values": self.model["prepared"] or [numbers(column) for column in self.values.T],
            "mean": self.mean,
            "scale": self.scale,
            "pillars": self.pillars,
        }

    def changed(self, line: str) -> Index:
        """The index with the options of `ecosystem score` that the page shows."""
        words = shlex.split(line)
        given = dict(zip(words[::2], words[1::2], strict=True))
        index, weights = self.index, given.pop("--weights", None)
        if weights is not None:
            index = with_weights(index, written_weights(weights), "sliders")
        return override(index, aggregate=given.pop("--aggregate", None), normalise=given.pop("--normalise", None))


def scored(index: Index, values: FloatArray, level: str) -> IndexScores | None:
    """What Python makes of values; None where it refuses."""
    try:
        return evaluate(index, values, level=level)
    except InputError:
        return None


def trials(index: Index, level: str, values: FloatArray, rng: np.random.Generator, count: int) -> Iterator[Trial]:
    """Pairs of rules that the page offers, with its own weights of the pillars or with moved ones."""
    try:
        standing = evaluate(index, values, level=level)
    except InputError:
        return
    model = standing_model(standing, standing.regions[0])
    pairs = [(mean, model["scales"][place]) for mean in model["means"] for place in mean["scales"]]
    for place in rng.permutation(len(pairs))[:count]:
        moved = np.round(rng.random(len(index.pillars)) + 0.01, 2).tolist() if rng.random() < 0.6 else None
        mean, scale = pairs[place]
        yield Trial(index, level, values, model, mean, scale, moved)


def agrees(answer: dict[str, Any], standing: IndexScores | None) -> bool:
    """Whether page and Python have the same scores and ranks, or both refuse."""
    if standing is None:
        return bool(answer["unscaled"] or answer["undefined"]["regions"])
    overall = np.array(answer["overall"], dtype=np.float64)
    same = overall.shape == standing.overall.shape and np.allclose(
        overall, standing.overall, 1e-9, 1e-9, equal_nan=True
    )
    return same and answer["rank"] == standing.overall_rank.tolist()


def turns_on_noise(trial: Trial, index: Index) -> bool:
    """Whether Python does not agree with itself once indicators stand in another order and weights differ by 1e-15.

    PROMETHEE asks which of two flows is greater, `percentile` which scores are equal, `decimals` where a half is: where
    two sums are the same but for their last digit, the answer is that of the digit.
    """
    first, rng = scored(index, trial.values, trial.level), np.random.default_rng(0)
    for _ in range(40):
        order = rng.permutation(len(index.leaves))
        rows = [index.leaves[place] for place in order] + [row for row in index.indicators if row.level > 1]
        rows = [replace(row, weight=row.weight * (1 + 1e-15 * rng.random())) for row in rows]
        again = scored(replace(index, indicators=tuple(rows)), trial.values[:, order], trial.level)
        if (first is None) != (again is None):
            return True
        if first is not None and again is not None:
            same = np.allclose(first.overall, again.overall, 1e-9, 1e-9, equal_nan=True)
            if not same or (first.overall_rank != again.overall_rank).any():
                return True
    return False


def agree(script: Path, tried: Sequence[Trial]) -> int:
    """Assert that page and Python agree on every trial; how many of them have scores."""
    answers = asked(script, [trial.case for trial in tried])["answers"]
    count, noisy = 0, 0
    for trial, answer in zip(tried, answers, strict=True):
        index = trial.changed(answer["line"])
        standing = scored(index, trial.values, trial.level)
        if not agrees(answer, standing):
            what = f"{trial.mean['rule']} {trial.scale['rule']} {trial.pillars}"
            assert turns_on_noise(trial, index), f"{what}: {answer['overall']}, {standing and standing.overall}"
            noisy += 1
        count += standing is not None
    assert noisy <= len(tried) / 50
    return count


def test_the_page_knows_every_method(script: Path) -> None:
    known = asked(script, [])["known"]
    assert set(known["normalisation"]) == set(whatif.SCALES) == set(NORMALISATIONS.by_name)
    assert set(known["aggregation"]) == set(whatif.MEANS) == set(AGGREGATIONS.by_name)
    for table in (MISSING_RULES, RESCALINGS, TIES):
        assert set(known[table.step]) == set(whatif.KNOWN[table.step]) == set(table.by_name)


def test_random_indices(script: Path) -> None:
    rng = np.random.default_rng(22)
    tried: list[Trial] = []
    for _ in range(120):
        one: Drawn = drawn(rng)
        tried += trials(one.index, "province", one.values, rng, 4)
    assert agree(script, tried) > 150


def test_many_random_indices(script: Path) -> None:
    rng = np.random.default_rng(1)
    for _ in range(10):
        tried = [
            trial
            for _ in range(200)
            for one in [drawn(rng)]
            for trial in trials(one.index, "province", one.values, rng, 6)
        ]
        assert agree(script, tried) > 300


@pytest.mark.parametrize("name", list_indices())
def test_shipped_indices_under_every_pair_of_rules(script: Path, name: str) -> None:
    index, rng = load_index(name), np.random.default_rng(7)
    level = next(iter(index.levels))
    if index.level(level).regions == (EVERY,):
        named = replace(index.level(level), regions=tuple(f"r{place}" for place in range(25)))
        index = replace(index, levels={**index.levels, level: named})
    values = np.round(rng.lognormal(2, 1.5, (len(index.level(level).regions), len(index.leaves))), 1)
    values[rng.random(values.shape) < 0.05] = np.nan
    # every pair where there are few regions; 338 regions are compared two by two in some of them
    count = 200 if len(values) < 100 else 12
    assert agree(script, list(trials(index, level, values, rng, count))) > count / 4


def test_an_unknown_normalisation_leaves_the_weights(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(whatif.SCALES, "minmax")
    rng = np.random.default_rng(3)
    one = next(one for one in iter(lambda: drawn(rng), None) if one.index.depth == 3 and len(one.values) > 5)
    tried = list(trials(one.index, "province", one.values, rng, 20))
    assert {trial.scale["option"] for trial in tried} == {None}
    assert agree(script, tried) > 5


def test_an_unknown_mean_leaves_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    one = drawn(np.random.default_rng(4))
    standing = evaluate(one.index, one.values, level="province")
    monkeypatch.delitem(whatif.MEANS, one.index.aggregation.method)
    model = standing_model(standing, "r0")
    assert list(model) == ["why"]
    assert one.index.aggregation.method in model["why"]["en"]
