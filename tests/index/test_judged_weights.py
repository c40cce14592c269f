"""A whole index weighed by judgements: against ahpy, which composes hierarchies itself, and against what was put in."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tables import write_csv

from ecosystem.errors import InputError, UsageError
from ecosystem.export import write_workbook
from ecosystem.index import load_index
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.weight_files import read_judgement_set
from ecosystem.index.judged_weights import judged_table, judged_weights, parent_judged
from ecosystem.index.override import with_weights

CINGAI = load_index("cingai-2023")
SCALE = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9])


def leaves_of(pillar: str) -> list[str]:
    return [leaf.code for leaf in CINGAI.leaves if pillar in CINGAI.ancestors(leaf)]


def whole_numbers(weights: list[float]) -> FloatArray:
    """Judgements of whole numbers from 1 to 9 and their inverses, as near to these weights as such numbers come."""
    matrix = np.ones((len(weights), len(weights)))
    for i, j in itertools.combinations(range(len(weights)), 2):
        ratio = weights[i] / weights[j]
        near = float(SCALE[np.abs(SCALE - max(ratio, 1 / ratio)).argmin()])
        matrix[i, j] = near if ratio >= 1 else 1 / near
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


def seven() -> dict[str, tuple[tuple[str, ...], FloatArray]]:
    """CINGAI's seven: one of the pillars, six of the indicators of each."""
    rows = {part.code: part for part in CINGAI.indicators}
    groups = {CINGAI.top.code: [part.code for part in CINGAI.pillars]}
    groups |= {pillar.code: leaves_of(pillar.code) for pillar in CINGAI.pillars}
    return {
        name: (tuple(items), whole_numbers([rows[each].weight for each in items])) for name, items in groups.items()
    }


def exact() -> dict[str, tuple[tuple[str, ...], FloatArray]]:
    """Judgements without contradiction, of the printed weights."""
    rows = {part.code: part for part in CINGAI.indicators}
    found = {}
    for name, (items, _) in seven().items():
        weights = np.array([rows[each].weight for each in items])
        found[name] = (items, weights[:, None] / weights[None, :])
    return found


def test_printed_weights_come_back_from_judgements_of_them() -> None:
    """Those of the pillars to the digits; below, a printed pillar is the sum of its parts to a unit (C1)."""
    found = judged_weights(CINGAI, exact())
    assert len(found.judged) == 7
    for part in CINGAI.indicators:
        assert found.weights[part.code] == pytest.approx(part.weight, abs=1.01e-4)
    assert [each.judgement.ratio for each in found.judged] == pytest.approx([0] * 7, abs=1e-9)


def test_the_whole_hierarchy_equals_ahpy() -> None:
    import ahpy

    compared = {}
    for name, (items, matrix) in seven().items():
        pairs = {(items[i], items[j]): float(matrix[i, j]) for i, j in itertools.combinations(range(len(items)), 2)}
        compared[name] = ahpy.Compare(name, pairs, precision=8, random_index="saaty", tolerance=1e-8)
    compared[CINGAI.top.code].add_children([compared[pillar.code] for pillar in CINGAI.pillars])
    found = judged_weights(CINGAI, seven(), max_ratio=1.0)
    for code, weight in compared[CINGAI.top.code].target_weights.items():
        assert found.weights[code] == pytest.approx(weight, abs=1e-6)
    for each in found.judged:
        assert each.judgement.ratio == pytest.approx(compared[each.parent].consistency_ratio, abs=1e-5)


def test_two_parts_are_always_consistent_as_printed() -> None:
    """Table 3 prints 0.0000 for linking capability and government responsiveness, of two indicators each."""
    found = judged_weights(CINGAI, seven(), max_ratio=1.0)
    assert found.ratio_of("linking_capability") == found.ratio_of("government_responsiveness") == 0
    assert found.ratio_of("company_scale") is None


def test_weights_of_parents_go_back_into_an_index() -> None:
    found = judged_weights(CINGAI, seven(), max_ratio=1.0)
    table = judged_table(CINGAI, found)
    for column in ("weight", "share"):  # in the whole, or among the parts of a parent: the product is the same
        changed = with_weights(CINGAI, dict(zip(table["code"], table[column], strict=True)), "w.csv")
        for part in changed.indicators:
            assert part.weight == pytest.approx(found.weights[part.code], rel=1e-12)


def test_weights_of_pillars_alone_leave_the_parts_as_they_stand() -> None:
    pillars = {pillar.code: 1.0 for pillar in CINGAI.pillars}
    changed = with_weights(CINGAI, pillars, "w.csv")
    assert [pillar.weight for pillar in changed.pillars] == pytest.approx([1 / 6] * 6)
    before, after = ({leaf.code: leaf.weight for leaf in index.leaves} for index in (CINGAI, changed))
    codes = leaves_of("linking_capability")
    assert after[codes[0]] / after[codes[1]] == pytest.approx(before[codes[0]] / before[codes[1]])
    assert sum(after.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"company_capability": 1.0}, "has no weight for academic_ecology"),
        ({"pillars": 1.0}, "which is not a part of the index"),
        (dict.fromkeys([pillar.code for pillar in CINGAI.pillars], 0.0), "add up to 0"),
        ({"company_count": 1.0}, "has no weight for company_mean_valuation"),
    ],
)
def test_weights_that_cannot_be_used(weights: Mapping[str, float], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        with_weights(CINGAI, weights, "w.csv")


def test_faults_are_told_together() -> None:
    judgements = dict(seven())
    del judgements["academic_ecology"]
    with pytest.raises(InputError, match="there are no judgements of the parts of academic_ecology"):
        judged_weights(CINGAI, judgements, max_ratio=1.0)
    circle = np.array([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    judgements["capital_environment"] = (tuple(leaves_of("capital_environment")), circle)
    judgements["nobody"] = (("a", "b"), np.ones((2, 2)))
    judgements["linking_capability"] = (("alliance_count", "park_count"), np.ones((2, 2)))
    with pytest.raises(InputError) as caught:
        judged_weights(CINGAI, judgements, max_ratio=1.0)
    assert {each.code for each in caught.value.findings} == {"unknown_parent", "other_items", "inconsistent"}
    assert "capital_environment contradict each other: consistency ratio" in str(caught.value)


def test_two_matrices_for_one_thing_are_refused() -> None:
    judgements = dict(exact())
    judgements["company_scale"] = (("company_count", "company_mean_valuation"), np.ones((2, 2)))
    with pytest.raises(InputError, match="weighed by the judgements of a part above"):
        judged_weights(CINGAI, judgements)


def test_a_folder_and_a_workbook_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "judged"
    folder.mkdir()
    for name, (items, matrix) in seven().items():
        title = next(part.name.zh for part in CINGAI.indicators if part.code == name)
        cells = [[item, *row] for item, row in zip(items, matrix.tolist(), strict=True)]
        write_csv(folder / f"{title}.csv", [["item", *items], *cells])
    found = judged_weights(CINGAI, read_judgement_set(folder), max_ratio=1.0)
    assert found.weights == pytest.approx(dict(judged_weights(CINGAI, seven(), max_ratio=1.0).weights), rel=1e-9)
    sheets = {name: pd.DataFrame(matrix, columns=list(items)) for name, (items, matrix) in seven().items()}
    for name, (items, _) in seven().items():
        sheets[name].insert(0, "item", list(items))
    write_workbook(tmp_path / "judged.xlsx", sheets)
    again = judged_weights(CINGAI, read_judgement_set(tmp_path / "judged.xlsx"), max_ratio=1.0)
    assert again.weights == pytest.approx(dict(found.weights), rel=1e-9)
    (tmp_path / "judged.xlsx").unlink()
    with pytest.raises(InputError, match="there is no table in"):
        read_judgement_set(tmp_path)


def test_the_parent_of_one_matrix_is_the_lowest_that_has_these_parts() -> None:
    assert parent_judged(CINGAI, ["会议数", "alliance_count"]) == "linkers"
    assert parent_judged(CINGAI, [pillar.code for pillar in CINGAI.pillars]) == "competitiveness"
    with pytest.raises(InputError, match="no part of cingai-2023 has exactly these parts"):
        parent_judged(CINGAI, ["alliance_count", "park_count"])
