"""A panel in which something is undefined: the year is named, and the other years have their scores."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from command import run_in
from tables import write_csv

ROWS: list[list[object]] = [
    ["region", "year", "a", "b"],
    *([region, 2020, 1 + at, 5 - at] for at, region in enumerate("ABC")),
    *([region, 2021, 2 + at, 6 + at] for at, region in enumerate("ABC")),
]


def _folder(path: Path, rows: list[list[object]]) -> Path:
    write_csv(path / "v.csv", rows)
    assert run_in(path, "index", "new", "mine", "--from", "v.csv").returncode == 0
    return path


def test_an_undefined_region_year_does_not_stop_the_others(tmp_path: Path) -> None:
    """The geometric mean of the worst, which scores 0 on 0 to 100."""
    folder = _folder(tmp_path, ROWS)
    text = (folder / "mine" / "index.toml").read_text(encoding="utf-8").replace("weighted_sum", "gmean")
    (folder / "mine" / "index.toml").write_text(text, encoding="utf-8")
    words = ("score", "mine", "--values", "v.csv", "--by-year", "--format", "json", "--out", "p.xlsx")
    done = run_in(folder, *words)
    assert done.returncode == 0, done.stderr
    assert "without a score, since it is undefined: 2 of 6 pairs of region and year" in done.stderr
    for place in ("A 2020:index", "C 2020:index"):
        assert f"{place}: the geometric mean needs scores above 0" in done.stderr
    rows = {row["region"]: row for row in json.loads(done.stdout)}
    assert rows["A"]["score_2020"] is None
    assert rows["A"]["rank_2020"] is None
    assert all(rows[region]["score_2021"] > 0 for region in "ABC")
    assert rows["B"]["rank_2020"] == 1
    method = pd.read_excel(folder / "p.xlsx", sheet_name="method", engine="calamine").set_index("key")["value"]
    assert "A 2020:index" in method["undefined scores"]


def test_where_nothing_is_defined_the_panel_is_refused(tmp_path: Path) -> None:
    rows = [ROWS[0], ["A", 2020, 1, 1], ["B", 2020, 1, 1]]
    folder = _folder(tmp_path, rows)
    done = run_in(folder, "score", "mine", "--values", "v.csv", "--by-year", "--aggregate", "gmean")
    assert done.returncode == 1
    assert "A 2020:index" in done.stderr


@pytest.mark.parametrize(
    ("changed", "options", "words"),
    [
        ((5, 2, "1e305"), (), ["B 2021:a: the value is 1e+305"]),
        ((5, 2, -4), ("--normalise", "fracmax", "--scale", "year"), ["2021: fracmax is undefined", "2021: 'a' cannot"]),
        ((5, 2, ""), ("--weights", "pca", "--scale", "year"), ["2021: principal components need three regions"]),
        ((5, 2, 2), ("--tiers", "jenks:3", "--scale", "year"), ["2020: "]),
    ],
)
def test_errors_of_a_panel_name_the_year(
    tmp_path: Path, changed: tuple[int, int, object], options: tuple[str, ...], words: list[str]
) -> None:
    row, column, cell = changed
    rows = [list(each) for each in ROWS]
    rows[row][column] = cell
    folder = _folder(tmp_path, rows)
    done = run_in(folder, "score", "mine", "--values", "v.csv", "--by-year", *options)
    assert done.returncode == 1, done.stdout
    for each in words:
        assert each in done.stderr


def test_a_missing_value_that_is_refused_names_its_year(tmp_path: Path) -> None:
    rows = [list(each) for each in ROWS]
    rows[6][3] = ""
    folder = _folder(tmp_path, rows)
    text = (folder / "mine" / "index.toml").read_text(encoding="utf-8").replace('"skip"', '"refuse"')
    (folder / "mine" / "index.toml").write_text(text, encoding="utf-8")
    done = run_in(folder, "score", "mine", "--values", "v.csv", "--by-year")
    assert "1 value is missing" in done.stderr
    assert "C 2021:b: there is no value" in done.stderr
