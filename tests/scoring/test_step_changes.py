"""What denomination, imputation and treatment did to the values is on record in every output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from command import run_in
from tables import write_csv

TOP = 500
CELLS: list[list[object]] = [
    [f"r{at}", TOP if at == 9 else at + 1, "" if at == 3 else at * 2, at + 1, 7] for at in range(10)
]
ROWS: list[list[object]] = [["region", "a", "b", "people", "same"], *CELLS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`a` has an outlier; `b` is per head and lacks a value, which the median fills; `same` is constant."""
    write_csv(tmp_path / "v.csv", ROWS)
    assert run_in(tmp_path, "index", "new", "mine", "--from", "v.csv").returncode == 0
    lines = (tmp_path / "mine" / "indicators.csv").read_text(encoding="utf-8").splitlines()
    rows = [
        f"{line},{'denominator' if not at else 'people' if line.startswith('b,') else ''}"
        for at, line in enumerate(lines)
    ]
    (tmp_path / "mine" / "indicators.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


Rows = list[dict[str, Any]]


def _sheets(path: Path) -> dict[str, Rows]:
    """The rows of every sheet."""
    book = pd.read_excel(path, sheet_name=None, engine="calamine")
    return {str(name): _rows(frame) for name, frame in book.items()}


def _rows(frame: pd.DataFrame) -> Rows:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path)
    return pd.read_json(path) if path.suffix == ".json" else pd.read_parquet(path)


def _find(rows: Rows, **keys: object) -> dict[str, Any]:
    (found,) = (row for row in rows if all(row[name] == value for name, value in keys.items()))
    return found


WORDS = ("score", "mine", "--values", "v.csv", "--treat", "winsorise", "--impute", "median")
MEDIAN = float(np.median([at * 2 / (at + 1) for at in range(10) if at != 3]))


def test_the_terminal_says_what_was_changed_and_what_was_not(folder: Path) -> None:
    done = run_in(folder, *WORDS)
    assert "denominated: 9 values: r0 b 0 -> 0 (over people), r1 b 2 -> 1 (over people)" in done.stderr
    assert f"imputed: 1 value: r3 b {MEDIAN:.6g} (median)" in done.stderr
    assert (
        "treated: 2 values: r0 b 0 -> 1 (winsorised from below), r9 a 500 -> 9 (winsorised from above)" in done.stderr
    )
    assert "left as it is: it passes the test: people" in done.stderr
    assert "left as it is: constant, or fewer than four values: same" in done.stderr


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet", ".xlsx", ".md"])
def test_every_file_says_it_beside_the_value(folder: Path, suffix: str) -> None:
    path = folder / f"s{suffix}"
    done = run_in(folder, *WORDS, "--format", "json", "--out", path.name)
    run_in(folder, *WORDS, *(["--long"] if suffix in (".csv", ".md") else []), "--out", path.name)
    assert {row["region"]: row["mark"] for row in json.loads(done.stdout)}["r3"] == "imputed: b"
    if suffix == ".md":
        assert "imputed (median)" in path.read_text(encoding="utf-8")
        return
    if suffix == ".xlsx":
        book = _sheets(path)
        treated = _find(book["changes"], region="r9", code="a", step="treated")
        assert (treated["from"], treated["to"]) == (500, 9)
        assert _find(book["changes"], region="r3", code="b", step="imputed")["to"] == pytest.approx(MEDIAN)
        column = _find(book["outliers"], code="a")
        assert column["outcome"] == "treated"
        assert column["skewness_before"] > 2 > column["skewness_after"]
        rows = book["indicators"]
    else:
        rows = _rows(_read(path))
    assert _find(rows, region="r9", code="a")["change"] == "treated (winsorised from above)"
    assert _find(rows, region="r3", code="b")["change"] == "imputed (median)"
    assert _find(rows, region="r1", code="b")["change"] == "denominated (over people)"


def test_a_column_that_cannot_be_treated_says_why(tmp_path: Path) -> None:
    cells: list[list[object]] = [[f"r{at}", 5 if at == 7 else 1, at] for at in range(8)]
    rows: list[list[object]] = [["region", "a", "b"], *cells]
    write_csv(tmp_path / "v.csv", rows)
    run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    done = run_in(tmp_path, "score", "mine", "--values", "v.csv", "--treat", "winsorise")
    assert "left as it is: it has outliers, but would become constant: a" in done.stderr


def test_one_workbook_has_everything(folder: Path) -> None:
    done = run_in(folder, *WORDS, "--everything", "--out", "all.xlsx")
    assert done.returncode == 0, done.stderr
    book = _sheets(folder / "all.xlsx")
    steps = ["denominated", "imputed", "treated", "normalised", "weighted"]
    assert [name for name in book if name in steps] == steps
    assert {"scores", "changes", "outliers", "ranks", "correlations", "weights", "method"} <= set(book)
    row = {name: _find(book[name], region="r3")["b"] for name in steps}
    assert np.isnan(row["denominated"])
    assert row["imputed"] == row["treated"] == pytest.approx(MEDIAN)
    assert _find(book["treated"], region="r9")["a"] == 9
    for scored in book["scores"]:
        points = _find(book["weighted"], region=scored["region"])
        assert sum(points[code] for code in ("a", "b", "people", "same")) == pytest.approx(scored["score"])
        ranks = _find(book["ranks"], region=scored["region"])
        assert ranks["index (pillar)"] == scored["rank"]
    assert _find(book["weights"], code="a")["share"] == pytest.approx(0.25)
    assert _find(book["correlations"], code="a")["a"] == 1
    assert "插补后" in openpyxl.load_workbook(_chinese(folder)).sheetnames
    assert run_in(folder, *WORDS, "--everything", "--out", "all.csv").returncode == 2


def _chinese(folder: Path) -> Path:
    run_in(folder, *WORDS, "--everything", "--out", "zh.xlsx", "--lang", "zh")
    return folder / "zh.xlsx"


def test_a_panel_says_the_year_of_a_change(tmp_path: Path) -> None:
    rows = [
        [row[0], year, row[1], row[3]] for year in (2020, 2021) for row in ROWS[1:] if year == 2020 or row[1] != TOP
    ]
    write_csv(tmp_path / "v.csv", [["region", "year", "a", "people"], *rows, ["r9", 2021, "", 3]])
    run_in(tmp_path, "index", "new", "mine", "--from", "v.csv")
    words = (
        "score",
        "mine",
        "--values",
        "v.csv",
        "--by-year",
        "--treat",
        "winsorise",
        "--impute",
        "mean",
        "--scale",
        "mixed",
    )
    done = run_in(tmp_path, *words, "--out", "p.xlsx")
    assert "treated: 1 value: r9 2020 a 500 -> 9 (winsorised from above)" in done.stderr
    assert "imputed: 1 value: r9 2021 a 5 (mean)" in done.stderr
    book = _sheets(tmp_path / "p.xlsx")
    assert _find(book["changes"], year=2020, region="r9", step="treated")["to"] == 9
    assert {row["year"] for row in book["outliers"]} == {2020, 2021}
    assert _find(book["scores"], year=2021, region="r9", code="a")["change"] == "imputed (mean)"
