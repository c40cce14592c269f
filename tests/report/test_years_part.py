"""The part of a page on years has the numbers of `score --by-year`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ecosystem.index import read_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import draft_files, write_folder
from ecosystem.report import make_report
from ecosystem.scoring import score
from ecosystem.scoring.panel import score_panel


def test_the_numbers_are_those_of_the_panel(tmp_path: Path) -> None:
    rows = [["region", "year", "a", "b"]]
    rows += [
        [name, str(year), str(place * year % 7), str(place + year % 3)]
        for place, name in enumerate(["n", "s", "w"])
        for year in (2020, 2021, 2022)
    ]
    path = tmp_path / "values.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    write_folder(tmp_path / "mine", draft_files(read_values(path), "mine"))
    index, values = read_index(tmp_path / "mine"), read_values(path)
    panel = score_panel(index, values=values)
    report = make_report(score(index, values=values), panel=panel)
    part = report.parts["years"]
    assert part["years"] == [2020, 2021, 2022]
    order = [panel.standing.regions.index(region["id"]) for region in report.parts["core"]["regions"]]
    assert part["score"] == [[pytest.approx(value) for value in row[order]] for row in panel.standing.overall]
    assert part["rank"] == panel.standing.overall_rank[:, order].tolist()
    assert len(part["growth"]) == 3
    assert "years" not in make_report(score(index, values=values)).parts
