"""Values of several years that are ranked side by side: which year each is from is said, and in every output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from tables import write_csv

from ecosystem.errors import InputError
from ecosystem.export import write_scores
from ecosystem.index import Index, read_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import draft_files, write_folder
from ecosystem.scoring import Scores, score
from ecosystem.scoring.score_tables import sheets
from ecosystem.scoring.table_check import check_table

Rows = list[list[object]]
BY_ROW: Rows = [
    ["region", "year", "a", "b"],
    ["north", 2021, 1, 3],
    ["north", 2022, 2, 4],
    ["south", 2021, 5, 5],
    ["west", 2022, 4, 9],
]
BY_CELL: Rows = [["region", "year", "a", "b"], ["north", 2019, 1, 1], ["north", 2020, 2, ""], ["south", 2018, 5, 3]]


def index_and_table(tmp_path: Path, rows: Sequence[Sequence[object]]) -> tuple[Index, Path]:
    tmp_path.mkdir(exist_ok=True)
    path = write_csv(tmp_path / "values.csv", rows)
    write_folder(tmp_path / "mine", draft_files(read_values(path), "mine"))
    return read_index(tmp_path / "mine"), path


def scored(tmp_path: Path, rows: Rows, since: int | None = None) -> Scores:
    index, path = index_and_table(tmp_path, rows)
    return score(index, values=read_values(path), since=since)


def years(scores: Scores) -> dict[tuple[str, str], object]:
    tidy = scores.to_pandas()
    leaves = tidy[tidy["level"] == 1]
    return dict(zip(zip(leaves["region"], leaves["code"], strict=True), leaves["year"], strict=True))


def test_one_year_for_each_row(tmp_path: Path) -> None:
    scores = scored(tmp_path, BY_ROW)
    assert years(scores)["north", "a"] == 2022
    assert years(scores)["south", "b"] == 2021
    first, *lines = scores.year_notes
    assert "2021, 2022" in first
    assert "the latest year that its region has" in first
    assert lines == ["  2022: north, west", "  2021: south"]
    assert scores.overall().set_index("region")["year"].to_dict() == {"north": "2022", "south": "2021", "west": "2022"}


def test_a_year_for_each_cell(tmp_path: Path) -> None:
    scores = scored(tmp_path, BY_CELL)
    assert years(scores) == {
        ("north", "a"): 2020,
        ("north", "b"): 2019,
        ("south", "a"): 2018,
        ("south", "b"): 2018,
    }
    assert scores.year_notes[1:] == ["  2020 (a); 2019 (b): north", "  2018: south"]


def test_one_year_is_said_in_one_line_and_no_year_not_at_all(tmp_path: Path) -> None:
    (note,) = scored(tmp_path, BY_ROW, since=2022).year_notes
    assert "2022" in note
    undated = scored(tmp_path / "undated", [["region", "a", "b"], ["north", 1, 2], ["south", 2, 1]])
    assert undated.year_notes == []
    assert "year" not in undated.to_pandas()


def test_a_value_without_a_year_among_others_is_named(tmp_path: Path) -> None:
    scores = scored(
        tmp_path, [["region", "year", "a", "b"], ["north", 2020, 1, 1], ["south", "", 2, 3], ["west", 2020, "", ""]]
    )
    assert scores.year_notes[1:] == ["  no year: south", "  2020: north"]


def test_the_year_of_a_denominator_counts(tmp_path: Path) -> None:
    rows: Rows = [
        ["region", "year", "a", "people"],
        ["north", 2019, "", 10],
        ["north", 2020, 1, ""],
        ["south", 2020, 2, 9],
    ]
    index, path = index_and_table(tmp_path, rows)
    parts = [replace(part, denominator="people") if part.code == "a" else part for part in index.indicators]
    scores = score(replace(index, indicators=tuple(parts)), values=read_values(path))
    assert "2019 (people, denominator people)" in " ".join(scores.year_notes)


def test_the_files_say_it(tmp_path: Path) -> None:
    scores = scored(tmp_path, BY_ROW)
    method = sheets(scores, "en")["method"].set_index("key")["value"]
    assert "2021: south" in method["years of the values"]
    write_scores(scores, tmp_path / "scores.csv")
    written = pd.read_csv(tmp_path / "scores.csv")
    assert written.loc[written["code"] == "a", "year"].tolist() == [2022, 2021, 2022]


def test_the_check_of_an_index_beside_its_table_warns(tmp_path: Path) -> None:
    index, path = index_and_table(tmp_path, BY_ROW)
    (found,) = check_table(index, path)
    assert (found.severity, found.code) == ("warning", "years_differ")
    same = write_csv(tmp_path / "same.csv", [row for row in BY_ROW if row[1] != 2021])
    assert "years_differ" not in {finding.code for finding in check_table(index, same)}


PROVINCES: Rows = [["region", "year", "a", "b"], ["北京市", 2021, 1, 1], ["四川省", 2021, 2, 4], ["上海市", 2021, 4, 4]]


def by_id(tmp_path: Path) -> Index:
    index, _ = index_and_table(tmp_path, PROVINCES)
    level = replace(index.level("region"), name="province", regions=("110000", "510000", "310000"))
    return replace(index, levels={"province": level})


def test_spellings_of_one_region_in_several_years_are_one_region(tmp_path: Path) -> None:
    index = by_id(tmp_path)
    rows = [*PROVINCES, ["Beijing", 2022, 3, 1]]
    scores = score(index, values=read_values(write_csv(tmp_path / "more.csv", rows)))
    assert dict(zip(scores.standing.regions, scores.standing.raw[:, 0].tolist(), strict=True))["110000"] == 3


def test_a_region_told_twice_under_other_names_is_refused(tmp_path: Path) -> None:
    index = by_id(tmp_path)
    path = write_csv(tmp_path / "twice.csv", [*PROVINCES, ["Beijing", 2021, 3, 1]])
    with pytest.raises(InputError, match="'Beijing' is 110000 in 2021, and so is '北京市' in line 2"):
        score(index, values=read_values(path))
    assert "region_twice" in {finding.code for finding in check_table(index, path)}
