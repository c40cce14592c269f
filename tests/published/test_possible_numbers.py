"""Published numbers that the rules of an index cannot give are errors of `index check`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from printed import TOTAL, printed_index
from tables import write_csv

from ecosystem.index import index_folder, list_indices, load_index
from ecosystem.index.spec import Aggregation, Normalisation
from ecosystem.published.possible_numbers import check_published, published_findings
from ecosystem.published.published import read_published


@pytest.mark.parametrize("folder", list_indices(), ids=lambda folder: str(folder.name))
def test_shipped_indices_can_give_all_that_was_published(folder: Path) -> None:
    assert published_findings(load_index(folder.name), folder) == ()


def test_sums_of_shares_exclude_the_pillars_of_aitisa() -> None:
    """Of four pillars each with a quarter of the weight none can pass 25: 88.26, 86.80, 84.05 and 77.10 are printed."""
    index = load_index("aitisa-2021")
    published = read_published(index, index_folder("aitisa-2021"))
    shares = replace(index, aggregation=Aggregation("weighted_sum", "local"))
    found = list(check_published(shares, published))
    assert [each.row for each in found] == [5, 6, 7, 8, *range(2, 8)]  # and six that are said to be above 60
    assert {(each.code, each.severity, each.column) for each in found} == {("out_of_reach", "error", "score")}
    assert "88.26 is published for environment_support, where the rules give 0 to 25" in found[0].message
    assert list(check_published(replace(shares, normalisation=Normalisation("zscore")), published)) == []


def test_regions_ranks_and_levels_that_cannot_be(tmp_path: Path) -> None:
    mine = printed_index(tmp_path)
    index = load_index(str(mine))
    found = published_findings(index, mine)
    assert [each.column for each in found] == ["score", "rank"]
    assert all("'r9' is published with a number, but not ranked" in each.message for each in found)
    assert {(each.file, each.row) for each in found} == {("published/total.csv", 5)}
    write_csv(mine / "published" / "total.csv", [*TOTAL[:1], (1, "r1", 100.4), (5, "r2", 3)])
    messages = [each.message for each in published_findings(index, mine)]
    assert messages == [
        "r1: 100.4 is published for index, where the rules give 0 to 100 at most",
        "r2: 5 is not a rank among the 4 that are ranked",
    ]
    write_csv(mine / "published" / "total.csv", [*TOTAL[:1], (1, "r1", "high")])
    assert [each.code for each in published_findings(index, mine)] == ["not_a_number"]
