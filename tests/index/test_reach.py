"""The range that the rules of an index can give: by hand, and against scores of random values under every method."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from small_index import small_index

from ecosystem.errors import InputError
from ecosystem.index import Index, evaluate, list_indices, load_index
from ecosystem.index.reach import reach, reach_of_group
from ecosystem.index.spec import Aggregation, Level, Missing, Normalisation, Weighting
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.normalise import NORMALISATIONS
from ecosystem.index.steps.weigh import WEIGHTINGS

REGIONS = tuple(f"r{at}" for at in range(8))
SMALL = small_index(regions=REGIONS)
PLACE = SMALL.levels["province"]
INF = math.inf


def of(index: Index) -> dict[str, tuple[float, float]]:
    return reach(index, index.levels["province"])


def test_a_weighted_sum_by_hand() -> None:
    """Weights 0.5 and 0.2 in p, 0.3 in q, on 0 to 100: a pillar cannot pass its weight."""
    assert of(SMALL) == {
        "a": (0, 50), "b": (0, 20), "c": (0, 30), "p": (0, 70), "q": (0, 30), "top": (0, 100),
    }  # fmt: skip


def test_means_lie_on_the_scale_of_their_parts() -> None:
    means = replace(SMALL, aggregation=Aggregation("amean", "global"))
    assert of(means) == dict.fromkeys(("a", "b", "c", "p", "q", "top"), (0, 100))
    up = replace(means, normalisation=Normalisation("minmax", 1, 100), missing=Missing("skip", 0.5))
    assert of(up)["top"] == (1, 100)
    assert of(replace(up, missing=Missing("zero", 0.5)))["top"] == (0, 100)  # a missing value scores 0


def test_a_part_on_a_scale_of_its_own_counts_by_its_weight() -> None:
    """c on 0 to 1, with 0.3 of the weight: the index ends at 0.7 x 100 + 0.3."""
    (place,) = (at for at, row in enumerate(SMALL.indicators) if row.code == "c")
    rows = list(SMALL.indicators)
    rows[place] = replace(rows[place], own=replace(rows[place].own, normalisation=Normalisation("prank")))
    index = replace(SMALL, indicators=tuple(rows), aggregation=Aggregation("amean", "global"))
    assert of(index)["q"] == (0, 1)
    assert of(index)["top"] == pytest.approx((0, 70.3))


@pytest.mark.parametrize("method", ["zscore", "scaled", "none", "ampi"])
def test_what_has_no_bound_has_none(method: str) -> None:
    assert of(replace(SMALL, normalisation=NORMALISATIONS.find(method).rule()))["top"] == (-INF, INF)


def test_ranks_of_regions_that_only_a_dataset_names_have_no_upper_end() -> None:
    index = replace(SMALL, normalisation=Normalisation("rank"), aggregation=Aggregation("amean", "global"))
    assert of(index)["p"] == (0, 8)
    assert reach(index, Level("province", ("*",)))["p"] == (0, INF)


def test_a_group_is_the_sum_of_its_members() -> None:
    index = small_index(regions=REGIONS, groups=[("g", ("r1", "r2"))])
    level = index.levels["province"]
    assert reach_of_group(index, level, level.groups[0])["p"] == (0, 140)


def random_values(seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    generator = np.random.default_rng(seed)
    values = generator.gamma(1.0, 10.0, (len(REGIONS), 3)) + 1
    if seed % 2:
        values[generator.random(values.shape) < 0.2] = np.nan
    values[0] = (3.0, 2.0, 9.0)
    return values


SCALES = [
    *(NORMALISATIONS.find(name).rule() for name in NORMALISATIONS.by_name if not NORMALISATIONS.find(name).needs),
    Normalisation("minmax", 1, 100), Normalisation("goalposts", factor=10, cap=True),
    Normalisation("dist2target", cap=True),
]  # fmt: skip


@pytest.mark.parametrize("mean", AGGREGATIONS.by_name)
@pytest.mark.parametrize("missing", ["zero", "skip"])
def test_no_score_lies_outside(mean: str, missing: str) -> None:
    """Every scale under every mean, by printed weights and by those of the data."""
    posts = tuple(
        replace(row, lower=1.0, upper=30.0, target=40.0) if row.level == 1 else row for row in SMALL.indicators
    )
    tried = 0
    for scale in SCALES:
        own = replace(scale, reference="r0") if scale.method == "dist2ref" else scale
        for weighting in ("printed", "equal", "critic"):
            index = replace(
                SMALL,
                indicators=posts,
                normalisation=own,
                aggregation=Aggregation(mean, "global"),
                missing=Missing(missing, 0.5),
                weighting=Weighting(weighting),
            )
            ranges = of(index)
            for seed in range(5):
                try:
                    found = evaluate(index, random_values(seed), level="province")
                except InputError:
                    continue  # a mean of what is not above 0, a reference that is the worst
                tried += 1
                for level in range(1, index.depth + 1):
                    for place, part in enumerate(index.at(level)):
                        low, high = ranges[part.code]
                        scores = found.at(level)[:, place]
                        scores = scores[~np.isnan(scores)]
                        assert (scores >= low - 1e-9).all(), (own, weighting, part.code)
                        assert (scores <= high + 1e-9).all(), (own, weighting, part.code)
    assert tried > 20


def test_every_method_of_weights_is_fixed_or_of_the_data() -> None:
    for name in WEIGHTINGS.by_name:
        found = of(replace(SMALL, weighting=Weighting(name)))
        assert found["top"] == pytest.approx((0, 100))


@pytest.mark.parametrize("folder", list_indices(), ids=lambda folder: str(folder.name))
def test_of_the_shipped_indices(folder: object) -> None:
    index = load_index(str(folder))
    for level in index.levels.values():
        low, high = reach(index, level)[index.top.code]
        assert low == 0
        assert high == pytest.approx({"tmtpost-2024": 1, "linkage": 1}.get(index.id, 100), rel=3e-4)
