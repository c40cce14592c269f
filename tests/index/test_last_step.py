"""The last step of an index: by hand, against the scores before it, and in an index that is written and read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_index import small_index

from ecosystem.errors import SpecError, UsageError
from ecosystem.index import Index, Variant, evaluate, evaluate_variants, load_index, other_regions, read_index, roll_up
from ecosystem.index.files.write import index_files, write_folder
from ecosystem.index.override import override
from ecosystem.index.prepare import Auxiliary
from ecosystem.index.reach import reach
from ecosystem.index.spec import Rescaling
from ecosystem.index.steps.rescale import RESCALINGS

VALUES = np.array([[0.0, 10.0, 5.0], [4.0, 0.0, 1.0], [1.0, 5.0, 3.0]])
"""On 0 to 100 and with weights: p is 20, 50, 22.5; q, where less is better, 0, 30, 15; the total 20, 80, 37.5."""
GROUPS = [("g", ("r1", "r3")), ("h", ("r3",))]


def of(rule: Rescaling, **changes: Any) -> Index:
    return replace(small_index(groups=GROUPS), rescaling=rule, **changes)


BEFORE = evaluate(small_index(groups=GROUPS), VALUES, level="province")


@pytest.mark.parametrize(
    ("rule", "total", "p"),
    [
        (Rescaling("share_of_best"), [0.25, 1, 0.46875], [0.4, 1, 0.45]),
        (Rescaling("share_of_best", best=100), [25, 100, 46.875], [40, 100, 45]),
        (Rescaling("share_of_mean"), [2000 / 45.8333333333, 8000 / 45.8333333333, 3750 / 45.8333333333], None),
        (Rescaling("minmax", lower=10, upper=70), [10, 70, 27.5], [10, 70, 15]),
        (Rescaling("percentile"), [0, 100, 50], [0, 100, 50]),
        (Rescaling(), [20, 80, 37.5], [20, 50, 22.5]),
    ],
)
def test_by_hand(rule: Rescaling, total: list[float], p: list[float] | None) -> None:
    found = evaluate(of(rule), VALUES, level="province")
    assert found.overall.tolist() == pytest.approx(total)
    if p is not None:
        assert found.pillars[:, 0].tolist() == pytest.approx(p)
    assert found.overall_rank.tolist() == BEFORE.overall_rank.tolist()
    assert found.pillar_ranks.tolist() == BEFORE.pillar_ranks.tolist()
    np.testing.assert_array_equal(found.at(1), BEFORE.at(1))  # indicators keep their points


@pytest.mark.parametrize("name", [name for name in RESCALINGS.by_name if RESCALINGS.find(name).straight])
def test_points_and_what_the_step_adds_are_the_score(name: str) -> None:
    found = evaluate(of(Rescaling(name)), VALUES, level="province")
    shift = 0.0 if found.last is None else found.last.shift
    np.testing.assert_allclose(found.weighted.sum(axis=-1) + shift, found.overall, rtol=1e-12)


def test_the_best_is_exactly_one() -> None:
    generator = np.random.default_rng(3)
    for _ in range(50):
        found = evaluate(of(Rescaling("share_of_best")), generator.random((3, 3)), level="province")
        assert found.overall.max() == 1.0


@pytest.mark.parametrize("name", ["share_of_best", "share_of_mean", "minmax"])
def test_what_is_undefined_is_missing(name: str) -> None:
    """All values equal: every score is 0, the best is no scale, and nobody is ranked."""
    found = evaluate(of(Rescaling(name)), np.ones((3, 3)), level="province")
    assert np.isnan(found.overall).all()
    assert found.overall_rank.tolist() == [0, 0, 0]
    assert found.last is not None
    assert found.last.undefined == ("p", "q", "top")
    alone = evaluate(of(Rescaling("share_of_best")), np.array([[0, 0, 1], [0, 0, 2], [0, 0, 3.0]]), level="province")
    assert alone.last is not None
    assert alone.last.undefined == ("p",)
    assert alone.overall.max() == 1


def test_groups_are_rescaled_among_themselves() -> None:
    """g is 57.5 and h 37.5 before: of the better group, h has 0.652; the region in no group is on their scale."""
    scores = evaluate(of(Rescaling("share_of_best")), VALUES, level="province")
    groups = roll_up(scores)
    assert groups.overall.tolist() == pytest.approx([1, 37.5 / 57.5])
    np.testing.assert_allclose(groups.weighted.sum(axis=-1), groups.overall)
    others = other_regions(scores)
    assert others is not None
    assert others.overall.tolist() == pytest.approx([80 / 57.5])


def test_years_of_one_scale_are_rescaled_together() -> None:
    panel = np.stack([VALUES, VALUES / 2])
    index = of(Rescaling("share_of_best"))
    together = evaluate(index, panel, level="province", auxiliary=Auxiliary(years=(2020, 2021), pooled=True))
    assert together.overall.max() == 1
    assert together.overall[1].max() < 1 or together.overall[0].max() < 1
    apart = evaluate(index, panel, level="province", auxiliary=Auxiliary(years=(2020, 2021)))
    assert apart.overall.max(axis=1).tolist() == [1, 1]


@pytest.mark.parametrize("name", RESCALINGS.by_name)
def test_variants_and_the_reach_agree(name: str) -> None:
    index = of(Rescaling(name))
    found = evaluate(index, VALUES, level="province")
    many = evaluate_variants(index, VALUES, [Variant(), Variant(weights=np.array([0.2, 0.2, 0.6]))], level="province")
    np.testing.assert_allclose(many.overall[0], found.overall)
    np.testing.assert_allclose(many.pillars[0], found.pillars)
    low, high = reach(index, index.levels["province"])["top"]
    assert low <= found.overall.min() <= found.overall.max() <= high


def test_it_is_written_and_read_again(tmp_path: Path) -> None:
    for rule in (Rescaling("share_of_best", best=10), Rescaling("minmax", lower=1, upper=5), Rescaling("percentile")):
        write_folder(tmp_path / rule.method, index_files(replace(of(rule), id=rule.method)))
        assert read_index(tmp_path / rule.method).rescaling == rule
    path = tmp_path / "percentile" / "index.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"percentile"\n', '"percentile"\nbest = 3\n', 1))
    with pytest.raises(SpecError):
        read_index(tmp_path / "percentile")


def test_it_is_changed_for_one_run() -> None:
    index = load_index("cingai-2023")
    changed = override(index, rescale="share_of_best:100")
    assert changed.rescaling == Rescaling("share_of_best", best=100)
    assert changed.overrides == ("last step: none -> share_of_best:100",)
    assert override(index, rescale="none") == index
    assert override(index, rescale="minmax:1,5").rescaling == Rescaling("minmax", lower=1, upper=5)
    for wrong in ("minmax:5,1", "share_of_best:0", "percentile:3", "best", "share_of_mean:x"):
        with pytest.raises(UsageError):
            override(index, rescale=wrong)
