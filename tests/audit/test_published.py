"""Published tables as they are read: what a faulty one says, and what is only a warning since it was printed so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from printed import FIRMS, TOTAL, printed_index
from tables import write_csv

from ecosystem.errors import InputError, SpecError
from ecosystem.index import list_indices, load_index
from ecosystem.published.published import Published, read_published


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return printed_index(tmp_path)


def read(folder: Path) -> Published:
    return read_published(load_index(str(folder)), folder)


def test_numbers_are_read_with_table_level_and_code(mine: Path) -> None:
    published = read(mine)
    assert published.levels == ("region",)
    assert [table.file for table in published.not_compared] == ["notes.csv"]
    assert not published.warnings
    found = {(each.table.file, each.region, each.code, each.shows): each.value for each in published.numbers}
    assert len(found) == len(published.numbers) == 4 + 4 + 2
    assert found["total.csv", "r3", "index", "score"] == 80
    assert found["total.csv", "r3", "index", "rank"] == 1
    assert found["firms.csv", "r3", "firms", "score"] == 0.9


@pytest.mark.parametrize(
    ("file", "rows", "words"),
    [
        ("total.csv", [*TOTAL, (5, "r3", 1)], "total.csv:6:region: region 'r3' is in row 2 already"),
        ("total.csv", [*TOTAL, (5, "", 1)], "total.csv:6:region: the region is blank"),
        ("total.csv", [*TOTAL, (5, "r1", "high")], "total.csv:6:score: 'high' is not a number"),
        ("total.csv", [*TOTAL, (5, "r1", "")], "total.csv:6:score: the score is blank"),
        ("total.csv", [*TOTAL, (5, "r1", -3)], "total.csv:6:score: the score -3 is negative"),
        ("total.csv", [*TOTAL, ("fifth", "r1", 3)], "total.csv:6:rank: 'fifth' is not a number"),
        ("total.csv", [("rank", "city", "score"), (1, "r1", 2)], "there is no column 'region'"),
        ("firms.csv", [("region", "score"), ("r1", 2)], "there is no column 'code'"),
        ("firms.csv", [*FIRMS, ("farms", "r1", 1)], "firms.csv: 'farms' is not a code of mine"),
    ],
)
def test_faults(mine: Path, file: str, rows: Sequence[Sequence[object]], words: str) -> None:
    write_csv(mine / "published" / file, rows)
    with pytest.raises(SpecError) as caught:
        read(mine)
    assert words in str(caught.value)


def test_all_faults_are_told_at_once(mine: Path) -> None:
    write_csv(mine / "published" / "total.csv", [*TOTAL, (5, "r3", -1), (6, "r1", "x")])
    write_csv(mine / "published" / "firms.csv", [*FIRMS, ("farms", "r1", 1)])
    with pytest.raises(SpecError) as caught:
        read(mine)
    codes = [finding.code for finding in caught.value.findings]
    assert codes == ["region_twice", "negative_score", "not_a_number", "unknown_code"]


def test_the_same_region_may_stand_under_another_code(mine: Path) -> None:
    write_csv(mine / "published" / "firms.csv", [*FIRMS, ("papers", "r2", 1)])
    assert sum(each.region == "r2" for each in read(mine).numbers) == 4


def test_ranks_that_do_not_follow_scores_are_a_warning(mine: Path) -> None:
    """They were printed so; equal scores may stand in either order."""
    rows = [("rank", "region", "score"), (1, "r3", 60), (2, "r2", 80), (3, "r4", 50), (4, "r1", 50)]
    write_csv(mine / "published" / "total.csv", rows)
    published = read(mine)
    assert [(each.severity, each.row, each.message) for each in published.warnings] == [
        ("warning", 2, "r3 has rank 1 and 60, which contradicts r2"),
        ("warning", 3, "r2 has rank 2 and 80, which contradicts r3"),
    ]
    assert len(published.numbers) == 10


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        (None, "has no published tables"),
        ("[[table]\n", "is not valid TOML"),
        ('[[table]]\nfile = "a.csv"\n', "table.0.title: Field required"),
        ('[[table]]\nfile = "a.csv"\nbets = 1\n', "table.0.bets: Extra inputs are not permitted"),
        (
            '[[table]]\nfile = "lost.csv"\ntitle = { zh = "a", en = "a" }\nplace = { zh = "a", en = "a" }\n',
            "names files that do not exist: lost.csv",
        ),
    ],
)
def test_manifests_that_cannot_be_used(mine: Path, manifest: str | None, words: str) -> None:
    path = mine / "published" / "tables.toml"
    if manifest is None:
        path.unlink()
    else:
        path.write_text(manifest, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read(mine)
    assert words in str(caught.value)


def test_a_table_that_is_no_table(mine: Path) -> None:
    (mine / "published" / "total.csv").write_text("rank,region,score\n1,r3\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"total\.csv"):
        read(mine)


def test_what_is_shipped_can_be_used() -> None:
    """Every table of the five reports is named in its manifest, and every file there is in the folder."""
    reports = [folder for folder in list_indices() if (folder / "published").is_dir()]
    assert len(reports) == 5
    for folder in reports:
        published = read(folder)
        files = {path.name for path in (folder / "published").glob("*.csv")}
        assert files == {each.table.file for each in published.numbers} | {each.file for each in published.not_compared}
