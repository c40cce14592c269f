"""The shipped index: what the report prints, and what `index check` says about it."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from printed_tables import rows

from ecosystem.errors import SpecError
from ecosystem.index import Index, Indicator, check_index, evaluate, index_folder, list_indices, load_index, roll_up
from ecosystem.regions import shipped_regions
from ecosystem.resources import resource


@pytest.fixture(scope="module")
def index() -> Index:
    return load_index("cingai-2023")


def test_six_pillars_ten_dimensions_twenty_four_indicators(index: Index) -> None:
    assert Counter(row.level for row in index.indicators) == {1: 24, 2: 10, 3: 6, 4: 1}
    assert (index.depth, len(index.leaves), len(index.pillars), index.top.code) == (4, 24, 6, "competitiveness")
    assert {row.direction for row in index.indicators} == {1}
    assert Counter(row.weight_source for row in index.indicators) == {"printed": 40, "derived": 1}


@pytest.mark.parametrize(("level", "total"), [(1, 0.9998), (2, 0.9998), (3, 1.0)])
def test_printed_weights_add_up(index: Index, level: int, total: float) -> None:
    assert math.fsum(row.weight for row in index.at(level)) == pytest.approx(total, abs=1e-12)


def test_weights_are_those_of_table_2(index: Index, shared: Path) -> None:
    """Read as printed, table 2 runs through the tree from the left: pillar, dimension, indicators."""
    (report,) = (shared / "seeds").glob("003_*.txt")
    table = report.read_text(encoding="utf-8").split("评价指标体系及其权重", 1)[1].split("1.企业能力", 1)[0]
    printed = [float(number) for number in re.findall(r"\d\.\d{4}", table)]
    assert printed == [row.weight for row in below(index, index.top)][1:]
    assert len(printed) == 40
    squeezed = re.sub(r"\s", "", table)
    for row in index.indicators:
        if row.parent is not None:
            assert row.name.zh.removeprefix("AI大学").removeprefix("机构平均") in squeezed


def below(index: Index, part: Indicator) -> Iterator[Indicator]:
    yield part
    for child in (row for row in index.indicators if row.parent == part.code):
        yield from below(index, child)


def test_every_indicator_is_a_metric_of_its_own_name(index: Index) -> None:
    assert [str(leaf.source) for leaf in index.leaves] == [f"metric:{leaf.code}" for leaf in index.leaves]


def test_units_are_those_of_the_metrics(index: Index) -> None:
    for leaf in index.leaves:
        text = resource("cypher", "metrics", f"{leaf.code}.cypher").read_text(encoding="utf-8")
        assert f"// unit: {leaf.unit}\n" in text


def test_rules(index: Index) -> None:
    assert (index.normalisation.method, index.normalisation.lower, index.normalisation.upper) == ("minmax", 0, 100)
    assert (index.aggregation.method, index.aggregation.weights) == ("weighted_sum", "global")
    assert (index.missing.rule, index.missing.coverage_mark) == ("zero", 0.5)
    assert (index.ties.method, index.ties.tolerance) == ("competition", 1e-9)


def test_ranks_the_31_provincial_units_of_the_mainland(index: Index) -> None:
    """And 38 cities, those that are printed among them: the list of those that the report ranked is a gap."""
    assert list(index.levels) == ["province", "city"]
    printed = {row["region"] for row in rows("cingai-2023", "table_13_cities")}
    assert set(index.levels["city"].regions) > printed
    assert (len(printed), len(index.levels["city"].regions)) == (20, 38)
    provinces = [region.id for region in shipped_regions().at("province")]
    assert index.levels["province"].regions == tuple(code for code in provinces if code < "700000")
    assert len(index.levels["province"].regions) == 31
    assert any("City index" in gap.en for gap in index.gaps)


def test_circles_are_the_groups_of_the_hierarchy(index: Index) -> None:
    regions = shipped_regions()
    for group in index.levels["province"].groups:
        assert group.members == regions[group.id].members
        assert group.name.zh == regions[group.id].name
        assert group.name.en == regions[group.id].name_en
    assert len(index.levels["province"].groups) == 4


# part 2 (1) of the report; part 3, table 5
PRINTED = {
    "110000": 81.57, "440000": 73.56, "310000": 36.09, "330000": 29.20, "320000": 28.45, "510000": 13.68,
    "340000": 13.19, "120000": 9.80, "500000": 9.02, "130000": 6.45,
}  # fmt: skip
PRINTED_CIRCLES = {
    "group:jing-jin-ji": 97.83, "group:yangtze-delta": 106.93, "group:pearl-delta": 73.56, "group:chuan-yu": 22.70,
}  # fmt: skip


def test_circles_add_up_to_what_is_printed(index: Index) -> None:
    for group in index.levels["province"].groups:
        total = math.fsum(PRINTED[member] for member in group.members)
        assert total == pytest.approx(PRINTED_CIRCLES[group.id], abs=0.0051 * len(group.members))


def test_a_region_that_leads_in_everything_has_the_printed_weights(index: Index) -> None:
    """Beijing leads in all three indicators of capital and has 18.65 there, the whole weight of the pillar."""
    values = np.zeros((31, 24))
    values[0] = 1
    scores = evaluate(index, values, level="province")
    np.testing.assert_allclose(scores.overall[:2], [99.98, 0], atol=1e-12)
    np.testing.assert_allclose(scores.pillars[0], [43.68, 21.26, 18.65, 7.75, 5.12, 3.52], atol=1e-12)
    rolled = roll_up(scores)
    assert rolled.regions[0] == "group:jing-jin-ji"
    np.testing.assert_allclose(rolled.overall, [99.98, 0, 0, 0], atol=1e-12)
    np.testing.assert_array_equal(rolled.overall_rank, [1, 2, 2, 2])


def test_check_says_what_the_weights_add_up_to(index: Index) -> None:
    findings = check_index(index)
    assert {finding.severity for finding in findings} == {"info"}
    sums = [finding.message for finding in findings if finding.code == "weights_rounded"]
    assert len(sums) == 3
    assert "'academic_ecology' add up to 0.2126, not 0.2127" in sums[0]
    assert "'international_openness' add up to 0.0775, not 0.0776" in sums[1]
    assert "the 24 indicator weights add up to 0.9998, not 1" in sums[2]


def test_every_shipped_index_is_named_as_its_folder_and_clean() -> None:
    folders = list_indices()
    assert "cingai-2023" in [folder.name for folder in folders]
    for folder in folders:
        shipped = load_index(folder.name)
        assert shipped.id == folder.name
        assert re.fullmatch(r"[0-9a-f]{64}", shipped.hash)
        assert all(finding.severity == "info" for finding in check_index(shipped))


def test_the_hash_tells_two_specifications_apart(index: Index, tmp_path: Path) -> None:
    copy = tmp_path / "cingai-2023"
    copy.mkdir()
    for name in ("index.toml", "indicators.csv"):
        text = (index_folder("cingai-2023") / name).read_text(encoding="utf-8")
        (copy / name).write_text(text, encoding="utf-8")
    assert load_index(str(copy)).hash == index.hash
    (copy / "indicators.csv").write_text(text.replace("0.0293", "0.0294"), encoding="utf-8")
    assert load_index(str(copy)).hash != index.hash


def test_an_unknown_index_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"no index 'cingai-2032'[\s\S]*did you mean 'cingai-2023'"):
        load_index("cingai-2032")
    with pytest.raises(SpecError, match=r"index\.toml is missing"):
        load_index(str(tmp_path))


def test_indices_of_a_folder(tmp_path: Path) -> None:
    assert list_indices(tmp_path) == ()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.toml").touch()
    (tmp_path / "notes").mkdir()
    assert list_indices(tmp_path) == (tmp_path / "mine",)
    with pytest.raises(SpecError, match="there is no folder"):
        list_indices(tmp_path / "absent")
