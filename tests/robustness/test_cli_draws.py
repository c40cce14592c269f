"""`ecosystem robustness` with draws and with `--sensitivity`, as a person runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from command import run_in
from study import NAMES, index_of, scores_of

from ecosystem.index import load_index
from ecosystem.index.files.write import index_files, write_folder
from ecosystem.robustness import robustness
from ecosystem.scoring import score

LINE = ("robustness", "mine", "--values", "values.csv", "--lang", "en")
VARY = ("--vary", "weights:0.25", "normalise:minmax,zscore,prank", "aggregate:amean,gmean", "--draws", "60")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an index and a table of its values."""
    index = index_of()
    scores_of(tmp_path, index)
    write_folder(tmp_path / "mine", index_files(index))
    return tmp_path


def test_intervals_are_printed_with_what_varied_and_what_is_undefined(home: Path) -> None:
    done = run_in(home, *LINE, *VARY, "--top", "3")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("small: how sure the ranks of 12 regions are")
    assert "rank, 5 %" in done.stdout
    assert "11 of 60 draws are undefined and do not count: the geometric mean needs scores above 0" in done.stderr
    assert "9 more: --top" in done.stderr
    chinese = run_in(home, *LINE[:-1], "zh", *VARY)
    assert "名次中位数" in chinese.stdout
    assert "几何平均" in chinese.stderr
    assert "标准化方法：极差标准化（minmax），标准分数（zscore）" in chinese.stderr


@pytest.mark.parametrize("name", ["r.csv", "r.json", "r.parquet", "r.md", "r.xlsx"])
def test_a_file_has_every_region_and_a_receipt(home: Path, name: str) -> None:
    done = run_in(home, *LINE, *VARY, "--seed", "4", "--out", name)
    assert done.returncode == 0, done.stderr
    readers: dict[str, Callable[[Path], pd.DataFrame]] = {
        "r.csv": pd.read_csv,
        "r.json": pd.read_json,
        "r.parquet": pd.read_parquet,
    }
    if name in readers:
        frame = readers[name](home / name)
        assert list(frame["region"].sort_values()) == list(NAMES)
        assert {"rank", "rank_low", "rank_median", "rank_high", "top_3", "draws"} <= set(frame.columns)
    receipt = json.loads((home / "r.run.json").read_text(encoding="utf-8"))
    assert (receipt["command"], receipt["file"]) == ("robustness", name)
    assert receipt["arguments"]["seed"] == 4
    assert receipt["arguments"]["vary"] == list(VARY[1:4])


def test_a_workbook_has_every_draw_and_pair(home: Path) -> None:
    assert run_in(home, *LINE, *VARY, "--out", "r.xlsx").returncode == 0
    sheets = pd.read_excel(home / "r.xlsx", sheet_name=None, engine="calamine")
    assert list(sheets) == ["regions", "region_pairs", "draws"]
    assert len(sheets["draws"]) == 60
    assert len(sheets["region_pairs"]) == 66
    assert (sheets["draws"]["undefined"].notna().sum()) == 11


def test_a_draw_of_the_file_can_be_scored_again_to_the_last_digit(home: Path) -> None:
    vary = ("--vary", "weights:0.25", "normalise:minmax,zscore", "--draws", "20")
    assert run_in(home, *LINE, *vary, "--show", "draws", "--out", "draws.csv").returncode == 0
    found = robustness(score(load_index(str(home / "mine")), values=home / "values.csv"), vary[1:3], draws=20)
    codes = [f"x{at}" for at in range(6)]
    rows = pd.read_csv(home / "draws.csv", dtype=str).head(5)
    for number, (_, row) in enumerate(rows.iterrows()):
        pd.DataFrame({"code": codes, "weight": row[codes]}).to_csv(home / "w.csv", index=False)
        words = ("score", "mine", "--values", "values.csv", "--weights", "w.csv", "--normalise", row["normalise"])
        done = run_in(home, *words, "--format", "json", "--lang", "en")
        assert done.returncode == 0, done.stderr
        alone = {each["region"]: each["score"] for each in json.loads(done.stdout)}
        assert [alone[name] for name in found.scores.standing.regions] == found.drawn.scores[number].tolist()


@pytest.mark.parametrize("table", ["pairs", "draws"])
def test_pairs_and_draws_are_printed(home: Path, table: str) -> None:
    done = run_in(home, *LINE, *VARY, "--show", table, "--top", "2")
    assert done.returncode == 0, done.stderr
    assert ("never swap" if table == "pairs" else "normalisation of the draw") in done.stdout


def test_sensitivity_is_printed_written_and_drawn(home: Path) -> None:
    vary = ("--sensitivity", "--vary", "weights:0.25", "normalise:minmax,zscore", "--draws", "32")
    done = run_in(home, *LINE, *vary, "--plot", "s.svg")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("small: what moves the mean shift of ranks")
    assert "192 draws, base sample 32" in done.stderr
    assert "normalisation" in done.stdout
    assert "标准化方法" in run_in(home, *LINE[:-1], "zh", *vary).stdout
    assert "share of the variance" in (home / "s.svg").read_text(encoding="utf-8")
    done = run_in(home, *LINE, *vary, "--of", "r03:rank", "--out", "s.xlsx")
    assert done.returncode == 0, done.stderr
    assert list(pd.read_excel(home / "s.xlsx", sheet_name=None, engine="calamine")) == ["choices", "interactions"]


def test_a_forest_is_drawn(home: Path) -> None:
    done = run_in(home, *LINE[:-1], "zh", *VARY, "--plot", "f.svg")
    assert done.returncode == 0, done.stderr
    drawn = (home / "f.svg").read_text(encoding="utf-8")
    assert "名次中位数" in drawn
    assert "r07" in drawn


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--seed", "one"), 2, "one"),
        (("--seed", "-1"), 2, "-1"),
        (("--draws", "many"), 2, "many"),
        (("--draws", "0"), 2, "there are no 0 draws"),
        (("--draws", "1000000000"), 2, "1,000,000,000 draws would take"),
        (("--vary", "weights:-0.25"), 2, "weights cannot vary by -0.25"),
        (("--vary", "normalize:minmax"), 2, "did you mean 'normalise'"),
        (("--vary", "normalise:minmx"), 2, "did you mean 'minmax'"),
        (("--sensitivity", "--show", "draws"), 2, "--show: of no use with --sensitivity"),
        (("--of", "r03"), 2, "add --sensitivity"),
        (("--sensitivity", "--vary", "weights:0.25"), 2, "there is one choice alone"),
        (("--vary", "normalise:prank", "aggregate:gmean"), 1, "every draw is undefined"),
    ],
)
def test_bad_requests_end_with_one_error(home: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = run_in(home, *LINE, *words)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert not done.stdout
