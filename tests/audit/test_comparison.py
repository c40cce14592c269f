"""Ours beside the printed: worked out by hand on four regions; correlations against numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from printed import SCORES, TOTAL, printed_index
from tables import write_csv

from ecosystem.errors import SpecError
from ecosystem.index import load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.published.comparison import Comparison, compare_published
from ecosystem.published.published import read_published


def compared(folder: Path, values: Path) -> Comparison:
    index = load_index(str(folder))
    return compare_published(index, read_published(index, folder), values=read_values(values))


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return printed_index(tmp_path)


def test_every_number_has_ours_beside_it(mine: Path) -> None:
    cells = compared(mine, mine.parent / "values.csv").cells
    total = cells[(cells["table"] == "total.csv") & (cells["shows"] == "score")].set_index("region")
    for region in ("r2", "r3", "r4"):
        assert total.loc[region, "ours"] == pytest.approx(SCORES[region], rel=1e-12)
    assert total["difference"].tolist() == pytest.approx([10 / 3, -10.0, 0.0, np.nan], abs=1e-12, nan_ok=True)
    ranks = cells[(cells["table"] == "total.csv") & (cells["shows"] == "rank")].set_index("region")
    assert ranks["ours"].tolist() == pytest.approx([1, 3, 2, np.nan], nan_ok=True)


def test_a_rescaled_table_is_met_on_its_own_scale(mine: Path) -> None:
    """Firms are printed with the best at 1: ours are 50 x 2/3 and 50 of the index's points."""
    cells = compared(mine, mine.parent / "values.csv").cells
    firms = cells[cells["table"] == "firms.csv"].set_index("region")
    assert firms["ours"].tolist() == pytest.approx([1.0, 2 / 3], rel=1e-12)


def test_the_summary(mine: Path) -> None:
    """The order 80, 60, 56.25 against 83.3, 50, 56.25: one of three pairs is turned, so tau 1/3, rho 1 - 12/24."""
    summary = compared(mine, mine.parent / "values.csv").summary
    lines = {(line["table"], line["shows"]): line for line in summary.to_dict("records")}
    line = lines["total.csv", "score"]
    assert (line["printed"], line["compared"], line["equal"]) == (4, 3, 1)
    assert line["largest_difference"] == pytest.approx(10)
    assert (line["spearman"], line["kendall"]) == pytest.approx((0.5, 1 / 3))
    assert np.isnan(lines["firms.csv", "score"]["spearman"])  # two regions


def test_printed_from_ours_is_met_everywhere(mine: Path) -> None:
    order = sorted(SCORES, key=lambda region: -SCORES[region])
    rows = [(place, region, repr(SCORES[region])) for place, region in enumerate(order, 1)]
    write_csv(mine / "published" / "total.csv", [TOTAL[0], *rows])
    summary = compared(mine, mine.parent / "values.csv").summary
    total = summary[summary["table"] == "total.csv"]
    assert total["equal"].tolist() == [4, 4]
    assert total["kendall"].tolist() == pytest.approx([1, 1])


def test_a_column_that_is_nowhere_is_lost_with_a_reason(mine: Path, tmp_path: Path) -> None:
    values = write_csv(tmp_path / "less.csv", [("region", "firms"), ("r1", 10), ("r2", 40), ("r3", 30)])
    found = compared(mine, values)
    assert found.not_reproduced == ("papers (level region): no ranked region has a value of column:papers",)
    # the weight of papers goes to firms
    assert found.scores["region"].standing.overall.tolist() == pytest.approx([0, 100, 200 / 3])


def test_a_table_of_nothing_is_refused(mine: Path, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="sources that do not exist"):
        compared(mine, write_csv(tmp_path / "other.csv", [("region", "farms"), ("r1", 10), ("r2", 40)]))
    with pytest.raises(SpecError, match="none of the 4 regions"):
        compared(mine, write_csv(tmp_path / "other.csv", [("region", "firms", "papers"), ("x", 10, 4)]))


VALUED = """
[[table]]
file = "values.csv"
title = { zh = "数值", en = "values" }
place = { zh = "表 4", en = "table 4" }
level = "region"
code_column = "code"
values = { value = "" }

[[table]]
file = "ranks.csv"
title = { zh = "名次", en = "ranks" }
place = { zh = "表 5", en = "table 5" }
level = "region"
code_column = "code"
ranks = { from = "" }
rank_to = "to"
"""


def with_values(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    manifest = folder / "published" / "tables.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + VALUED, encoding="utf-8")
    write_csv(folder / "published" / "values.csv", [("code", "region", "value", "lower", "upper", "times"), *rows])
    ranks = [("firms", "r2", 1, 1), ("firms", "r3", 1, 2), ("firms", "r1", 1, 3), ("papers", "r1", 3, "")]
    write_csv(folder / "published" / "ranks.csv", [("code", "region", "from", "to"), *ranks])
    return folder


def test_values_are_met_to_half_a_unit_and_ranges_inside(mine: Path) -> None:
    """Ours: firms 10, 40, 30, 25 and papers 4, 1, 9, 6 of r1 to r4; the ranks of r1 are 4 and 3."""
    rows: list[tuple[object, ...]] = [
        ("firms", "r1", "9.6", "", "", ""), ("firms", "r2", "4.04", "", "", 10), ("firms", "r3", "", 25, "", ""),
        ("papers", "r3", "", "", 1, 8), ("papers", "r2", "", 2, 5, ""), ("papers", "r9", 3, "", "", ""),
    ]  # fmt: skip
    cells = compared(with_values(mine, rows), mine.parent / "values.csv").cells
    found = cells[cells["table"] == "values.csv"]
    assert found["ours"].tolist() == pytest.approx([10, 40, 30, 9, 1, np.nan], nan_ok=True)
    assert found["difference"].tolist() == pytest.approx([0.4, -0.4, 0, 1, -1, np.nan], nan_ok=True)
    assert found["reproduced"].tolist() == [False, False, True, False, False, False]
    ranks = cells[cells["table"] == "ranks.csv"]
    assert ranks["ours"].tolist() == [1, 2, 4, 3]
    assert ranks["reproduced"].tolist() == [True, True, False, True]
    near = with_values(mine, [("firms", "r2", "4.0", "", "", 10), ("firms", "r1", "10", "", "", "")])
    text = (near / "published" / "tables.toml").read_text(encoding="utf-8").replace(VALUED + VALUED, VALUED)
    (near / "published" / "tables.toml").write_text(text, encoding="utf-8")
    met = compared(near, mine.parent / "values.csv").cells
    assert met[met["table"] == "values.csv"]["reproduced"].all()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("index", "r1", "1", "", "", ""), "'index' has scores, but no values"),
        (("firms", "r1", "", "", "", ""), "values.csv:2:value: the score is blank"),
        (("firms", "r1", "", "some", "", ""), "values.csv:2:lower: 'some' is not a number"),
        (("firms", "r1", "1", "", "", "ten"), "values.csv:2:times: 'ten' is not a number"),
    ],
)
def test_values_that_cannot_be_used(mine: Path, row: tuple[object, ...], words: str) -> None:
    with pytest.raises(SpecError) as caught:
        compared(with_values(mine, [row]), mine.parent / "values.csv")
    assert words in str(caught.value)
