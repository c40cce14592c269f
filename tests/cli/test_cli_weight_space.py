"""`ecosystem robustness --weights-space` as a user runs it: both streams, files, pictures, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from command import run_in

TABLE = "region,a,b,c\nx,9,1,2\ny,1,9,2\nz,4,4,3\nw,2,2,9\n"
SPACE = ("robustness", "mine", "--values", "table.csv", "--weights-space", "--draws", "400")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three columns, which are its pillars."""
    folder = tmp_path_factory.mktemp("weights")
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    assert run_in(folder, "index", "new", "mine", "--from", "table.csv").returncode == 0
    return folder


def test_what_is_printed_in_both_languages(home: Path) -> None:
    shown = run_in(home, *SPACE, "--lang", "en")
    assert shown.returncode == 0, shown.stderr
    assert "can be first" in shown.stdout
    assert "never" in shown.stdout
    assert "mean of the weights that make a region first" in shown.stdout
    assert "400 sets of weights of 3 parts, seed 1" in shown.stderr
    chinese = run_in(home, *SPACE, "--lang", "zh")
    assert "能否居首" in chinese.stdout
    assert "线性规划" in chinese.stderr
    numbers = run_in(home, *SPACE, "--format", "csv").stdout.splitlines()
    assert numbers[0].startswith("rank,region,region_zh,region_en,share_first,se_first")
    assert len(numbers) == 5


def test_files_a_picture_and_a_receipt(home: Path) -> None:
    done = run_in(home, *SPACE, "--out", "w.xlsx", "--plot", "w.svg", "--order", "a>=b", "--lang", "en")
    assert done.returncode == 0, done.stderr
    sheets = openpyxl.load_workbook(home / "w.xlsx").sheetnames
    assert {"weight_space", "favourite_weights", "rank_acceptability", "never_first", "weight_draws"} <= set(sheets)
    assert "<svg" in (home / "w.svg").read_text(encoding="utf-8")
    receipt = json.loads((home / "w.run.json").read_text(encoding="utf-8"))
    assert receipt["arguments"]["order"] == ["a>=b"]
    assert receipt["arguments"]["draws"] == 400
    for name in ("w.csv", "w.json", "w.parquet"):
        assert run_in(home, *SPACE, "--out", name).returncode == 0
    assert pd.read_parquet(home / "w.parquet")["share_first"].equals(pd.read_csv(home / "w.csv")["share_first"])


def test_the_same_seed_gives_the_same_digits(home: Path) -> None:
    one, same, other = (run_in(home, *SPACE, "--format", "csv", "--seed", seed).stdout for seed in ("4", "4", "5"))
    assert one == same != other


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--bound", "a:0.6:1", "--bound", "b:0.6:1"), 1, "no weights fulfil these constraints together"),
        (("--bound", "q:0.1:0.2"), 2, "'q' is no part whose weight varies here"),
        (("--bound", "a:0.1"), 2, "'a:0.1' is no bound of a weight"),
        (("--order", "a>b"), 2, "is no order of two weights"),
        (("--weights-level", "7"), 2, "no weights at level '7'"),
        (("--draws", "0"), 2, "0 draws"),
        (("--draws", "1000000000"), 2, "1,000,000,000 draws"),
        (("--seed", "x"), 2, "seed"),
    ],
)
def test_what_is_refused(home: Path, words: tuple[str, ...], code: int, says: str) -> None:
    done = run_in(home, *SPACE, *words)
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr


def test_constraints_without_the_space(home: Path) -> None:
    done = run_in(home, "robustness", "mine", "--values", "table.csv", "--order", "a>=b")
    assert done.returncode == 2
    assert "add --weights-space" in done.stderr


def test_best_and_worst_cases_of_what_is_missing(home: Path) -> None:
    (home / "gaps.csv").write_text(TABLE.replace("x,9,1,2", "x,9,,2").replace("w,2,2,9", "w,,2,9"), encoding="utf-8")
    cases = ("robustness", "mine", "--values", "gaps.csv", "--missing", "--lang", "en")
    shown = run_in(home, *cases, "--plot", "cases.svg")
    assert shown.returncode == 0, shown.stderr
    assert "for sure" in shown.stdout
    assert "2 missing values" in shown.stderr
    assert "<svg" in (home / "cases.svg").read_text(encoding="utf-8")
    assert run_in(home, *cases, "--out", "cases.xlsx").returncode == 0
    assert openpyxl.load_workbook(home / "cases.xlsx").sheetnames[:2] == ["missing_cases", "unknown_values"]
    receipt = json.loads((home / "cases.run.json").read_text(encoding="utf-8"))
    assert receipt["arguments"]["missing"] is True
    both = run_in(home, *cases, "--weights-space")
    assert both.returncode == 2
    assert "are studies of their own" in both.stderr
